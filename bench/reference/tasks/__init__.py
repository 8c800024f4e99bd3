"""The reference's one app."""
