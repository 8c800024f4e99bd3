"""A task's history as Chromium draws it.

`KEEP_PICTURES=docs/images python -m pytest tests/browser` makes the picture of the documentation anew.
"""

from __future__ import annotations

import os
from pathlib import Path

from django.urls import reverse
from PIL import Image
from pytest_django.live_server_helper import LiveServer

from baton.core.commands.comments import add_comment
from baton.core.commands.task_delegation import answer_delegation
from baton.core.commands.task_status import change_status
from baton.core.models import Delegation
from tests.browser.drawing import SIZE, draw, needs_chromium
from tests.cast import Cast
from tests.core.commands.scenarios import make_full_task
from tests.factories import actor_of
from tests.surfaces.admin.world import make_root, sign_in


@needs_chromium
def test_a_tasks_history_is_drawn(live_server: LiveServer, cast: Cast, tmp_path: Path) -> None:
    task = make_full_task(cast)
    answer_delegation(actor_of(cast.newcomer), Delegation.objects.get(task=task).pk, "accepted", "Gladly.")
    change_status(actor_of(cast.newcomer), task.pk, "in_progress")
    add_comment(actor_of(cast.newcomer), task.pk, "The tap is fixed.")
    change_status(actor_of(cast.newcomer), task.pk, "done")
    page = sign_in(make_root(cast)).get(reverse("admin:core_task_history", args=[task.pk])).text

    picture = draw(page, live_server.url, tmp_path)

    with Image.open(picture) as drawn:
        assert drawn.size == SIZE
        colours = drawn.convert("RGB").getcolors(maxcolors=2**24) or []
    # With its style sheets the page has a coloured header; without them it would be black on white.
    most = sorted(colours, reverse=True)[:8]
    assert any(max(colour) - min(colour) > 40 for _, colour in most if isinstance(colour, tuple))
    if folder := os.environ.get("KEEP_PICTURES"):
        with Image.open(picture) as drawn:
            drawn.quantize(64).save(Path(folder) / "admin-history.png", optimize=True)
