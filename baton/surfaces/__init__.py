"""The ways in. Surfaces do not know each other; all may use `wire`."""
