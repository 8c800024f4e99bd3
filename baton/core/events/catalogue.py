"""Every event that Baton records: docs/events.md is made from it."""

from __future__ import annotations

# Importing a noun enters its facts.
from baton.core.events.fact import CATALOGUE, Fact
from baton.core.events.facts import accounts, comments, deliveries, files, projects, reports, tasks, webhooks

__all__ = [
    "CATALOGUE",
    "Fact",
    "accounts",
    "comments",
    "deliveries",
    "files",
    "projects",
    "reports",
    "tasks",
    "webhooks",
]
