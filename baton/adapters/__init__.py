"""The outside world: mail, Redis. Nothing here knows the product."""
