"""The outside world: mail, storage, push, bus, http. The core says what it needs; here is how it is got."""
