"""Telling other threads and processes something at once: that the log has grown, or who watches what.

It may get lost, and whoever listens has to come to the same end without it, only later.
"""

from __future__ import annotations

from enum import StrEnum


class Channel(StrEnum):
    """What is announced."""

    LOG = "baton_log"
    """The log has grown. It says nothing more: a wake-up."""
    PRESENCE = "baton_presence"
    """Who watches what in one process."""
