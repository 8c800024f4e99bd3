"""Real servers for the tests: on free loopback ports, with data in a temporary folder, gone when the tests are."""
