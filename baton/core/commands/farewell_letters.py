"""Telling the owners of projects which old files the next clean-up takes."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from baton.core.commands.mail_queue import LetterOrder, queue_letters
from baton.core.models import Member, Role, UnwantedLetter
from baton.core.queries.attachment_farewells import list_projects_with_farewells

FILES_GOING = "files_going"


def queue_farewell_letters(day: date) -> int:
    """Write a letter to each owner of a project of which something is listed, once for a day; return how many."""
    owners = Member.objects.filter(
        project__in=list_projects_with_farewells(), role=Role.OWNER, user__is_active=True, user__email__isnull=False
    ).exclude(user__in=UnwantedLetter.objects.filter(letter=FILES_GOING).values("user"))
    orders = [
        LetterOrder(FILES_GOING, user, f"{FILES_GOING}:{project}:{day}", project_id=project)
        for user, project in owners.order_by("project", "user").values_list("user", "project")
    ]
    with transaction.atomic():
        return len(queue_letters(orders))
