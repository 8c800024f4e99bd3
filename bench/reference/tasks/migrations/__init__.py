"""The reference's tables."""
