"""The operations that are compared, one a file."""
