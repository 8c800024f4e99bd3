"""The shared HTTP kit, met through a small set of addresses of its own."""
