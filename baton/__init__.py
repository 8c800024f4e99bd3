"""Baton: a self-hosted task server."""

__version__ = "0.1.0"
