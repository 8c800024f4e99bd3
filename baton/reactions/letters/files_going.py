"""The letter about old files that the next clean-up takes."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils import translation

from baton.adapters.mail import Letter
from baton.core.commands.farewell_letters import FILES_GOING
from baton.core.models import AttachmentFarewell, Delivery
from baton.core.policies.roles import is_owner
from baton.core.queries.attachment_farewells import list_farewells
from baton.reactions.letters.composing import Composer, Unsent
from baton.reactions.letters.headers import list_headers, off_headers
from baton.reactions.letters.links import off_link, project_link
from baton.reactions.letters.readers import Reader, in_waking_hours, to_reader, unless_unwanted
from baton.reactions.letters.rendering import render, spoken

MOST_NAMED = 100

NOT_THEIRS = Unsent("The project is gone, or not theirs any more.")
NONE_LEFT = Unsent("No file of the project is listed any more.")


def compose_files_going(delivery: Delivery, reader: Reader) -> Letter | Unsent:
    """Write which files are listed at this moment, if the reader still owns the project."""
    project_id = delivery.project_id or 0
    project = reader.find_projects([project_id]).get(project_id)
    if project is None or not is_owner(reader.eyes, project_id):
        return NOT_THEIRS
    farewells = list_farewells(project_id)
    if not farewells:
        return NONE_LEFT
    off = off_link(reader.user.pk, FILES_GOING)
    context = {
        "project": project,
        "lines": [_line(farewell, reader) for farewell in farewells[:MOST_NAMED]],
        "others": len(farewells) - min(len(farewells), MOST_NAMED),
        "days": settings.BATON_ATTACHMENT_RETENTION_DAYS,
        "button_url": project_link(project_id),
        "off_url": off,
    }
    said = render(FILES_GOING, reader.user.language, context)
    headers = {**list_headers(project), **off_headers(off)}
    return Letter(reader.address, (reader.address,), said.subject, said.text, delivery.message_id, said.html, headers)


FILES: Mapping[str, Composer] = {FILES_GOING: to_reader(unless_unwanted(in_waking_hours(compose_files_going)))}
"""Its composer."""


def _line(farewell: AttachmentFarewell, reader: Reader) -> str:
    file = farewell.attachment
    with translation.override(spoken(reader.user.language)):
        size = filesizeformat(file.size)
    return f"{file.task.project.key}-{file.task.number}: {file.name} ({size})"
