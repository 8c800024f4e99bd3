from __future__ import annotations

import pytest
import structlog

from baton.core.events import log
from baton.core.events.log import START
from baton.reactions.log_line import write_lines
from tests.cast import Cast
from tests.factories import make_task


@pytest.mark.django_db(transaction=True)
def test_a_line_has_the_ids_and_none_of_the_words(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project, "The merger with Initech", description="a secret plan")
    events = log.read(START, 100)
    with structlog.testing.capture_logs() as lines:
        write_lines(events)
    assert [line["verb"] for line in lines] == [event.verb for event in events]
    assert lines[-1] == {
        "event": "event.recorded",
        "log_level": "info",
        "verb": "task.created",
        "cursor": f"{events[-1].transaction}-{events[-1].pk}",
        "project": cast.project.pk,
        "task": task.pk,
        "user": None,
        "actor": cast.owner.pk,
        "surface": "api",
        "request_id": "",
    }
    everything = str(lines)
    assert not any(word in everything for word in ("Initech", "secret", "olga", "example.org", cast.project.name))
