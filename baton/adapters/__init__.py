"""The outside world: mail, files, pictures, Redis, the bus, HTTP. The core says what it needs; here is how it is got."""
