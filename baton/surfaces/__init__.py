"""The ways in: each turns its wire into commands and queries of the core."""
