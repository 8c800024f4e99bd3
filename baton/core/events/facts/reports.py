"""What happens to reports."""

from __future__ import annotations

from typing import ClassVar

from baton.core.events.fact import Fact


class ReportSubscribed(Fact):
    """Somebody gets a project's report every week from now on."""

    verb: ClassVar[str] = "report.subscribed"
    project: int


class ReportUnsubscribed(Fact):
    """Somebody no longer gets a project's report."""

    verb: ClassVar[str] = "report.unsubscribed"
    project: int
