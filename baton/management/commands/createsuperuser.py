"""`createsuperuser`: Django's command, whose accounts are like all others."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.management.commands import createsuperuser

from baton.core.actor import Actor
from baton.core.commands.account_upkeep import ensure_inbox
from baton.core.models import Project, User


class Command(createsuperuser.Command):
    """Django's command makes a row past the commands of the core; here it gets what an account has beside its row."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the superuser, and the inbox of everybody who has none: also where an earlier run was cut off."""
        super().handle(*args, **options)
        inboxes = Project.objects.filter(is_inbox=True)
        for user in User.objects.exclude(pk__in=inboxes.values("owner")):
            ensure_inbox(Actor(user.pk, surface="command"), user.pk)
