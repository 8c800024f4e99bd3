"""The outside world: mail, files, pictures, Redis, the bus, HTTP. Here the core gets what it needs of it."""
