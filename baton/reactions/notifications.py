"""The reaction that tells people what happens: to their inbox, and by letters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db import transaction

from baton.core.commands.notifications import Plan, notify
from baton.core.models import Event


@dataclass(frozen=True, slots=True)
class Notify:
    """Writes notifications and their letters. `plans` are the dialects' own letters, by surface.

    `wake` is called once they are committed; it may fail.
    """

    plans: Mapping[str, Plan]
    wake: Callable[[], None]

    def __call__(self, events: list[Event]) -> None:
        """Handle the events."""
        if notify(events, self.plans):
            transaction.on_commit(self.wake, robust=True)
