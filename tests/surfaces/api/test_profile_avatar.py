"""The avatar: taken as a form's file, made anew, shown to everybody."""

from __future__ import annotations

import json
import resource
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from baton.core.models import Event, User
from tests.cast import Cast
from tests.factories import make_task
from tests.files.forms import Sender, form
from tests.stores import files_in, picture, pixel_bomb
from tests.traces import nothing_changes

PROFILE = "/api/auth/profile/"
pytestmark = pytest.mark.usefixtures("store")


@pytest.fixture
def editor(cast: Cast) -> Sender:
    return Sender(cast.editor)


def send(sender: Sender, content: bytes, fields: dict[str, str] | None = None, **headers: Any) -> Any:
    return sender.send(PROFILE, form(("avatar", "me.png", content), fields=fields), "PATCH", **headers)


def patch(sender: Sender, method: str = "PATCH", **fields: Any) -> Any:
    return sender.client.generic(method, PROFILE, json.dumps(fields), "application/json", **sender.credential)


def loaded(url: str) -> Any:
    return Client().get(url.removeprefix("https://tasks.example"))


def test_is_made_anew_and_shown_everywhere(cast: Cast, editor: Sender, settings: Any) -> None:
    settings.BATON_BASE_URL = "https://tasks.example"
    task = make_task(cast.editor, cast.project, assignees=[cast.editor.pk])

    answer = send(editor, picture("JPEG", (900, 300)), {"name": "Edgar"})
    assert answer.status_code == 200
    url = answer.json()["avatar"]
    assert answer.json()["name"] == "Edgar"
    assert answer.headers["ETag"] == '"2"'
    assert url.startswith("https://tasks.example/media/avatars/")
    shown = loaded(url)
    assert (shown.status_code, shown.headers["Content-Type"]) == (200, "image/webp")
    assert shown.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert Image.open(BytesIO(shown.content)).size == (256, 256)

    seen = Sender(cast.owner).get(f"/api/tasks/{task.pk}/").json()
    assert [seen["assigned_to"]["avatar"], seen["assignees"][0]["avatar"], seen["created_by"]["avatar"]] == [url] * 3
    members = Sender(cast.owner).get(f"/api/projects/{cast.project.pk}/").json()["members"]
    assert [member["avatar"] for member in members if member["id"] == cast.editor.pk] == [url]
    event = Event.objects.get(verb="user.profile_changed")
    assert event.changes == {"name": ["", "Edgar"], "avatar": [None, User.objects.get(pk=cast.editor.pk).avatar]}


@pytest.mark.django_db(transaction=True)
def test_a_new_one_replaces_the_old_file_and_null_clears(cast: Cast, editor: Sender, store: Path) -> None:
    first = send(editor, picture()).json()["avatar"]
    second = send(editor, picture("GIF")).json()["avatar"]
    assert first != second
    assert len(files_in(store)) == 1
    assert Client().get(f"/media/{User.objects.get(pk=cast.editor.pk).avatar}").status_code == 200
    assert patch(editor, avatar=None).json()["avatar"] is None
    assert files_in(store) == set()
    send(editor, picture())
    assert editor.send(PROFILE, form(fields={"avatar": ""}), "PATCH").json()["avatar"] is None
    assert files_in(store) == set()


def test_what_is_shown_can_be_sent_back(editor: Sender, store: Path) -> None:
    shown = send(editor, picture()).json()
    with nothing_changes():
        assert patch(editor, "PUT", **shown).json() == shown
        assert patch(editor, avatar=shown["avatar"]).json() == shown
        assert patch(editor, avatar="https://elsewhere.example/x.png").json() == shown
    assert patch(editor, "PUT", username="edgar").json()["avatar"] == shown["avatar"]


@pytest.mark.parametrize(
    "make,code",
    [(lambda: b"words", "invalid_image"), (lambda: b"", "invalid_image"), (pixel_bomb, "too_many_pixels")],
    ids=["words", "nothing", "bomb"],
)
def test_what_is_no_picture_changes_nothing(editor: Sender, store: Path, make: Callable[[], bytes], code: str) -> None:
    content = make()
    send(editor, picture())
    kept, before = files_in(store), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with nothing_changes():
        answer = send(editor, content, {"name": "Edgar", "timezone": "Mars/Base"})
    assert answer.status_code == 400
    errors = {error["pointer"]: error["code"] for error in answer.json()["errors"]}
    assert errors == {"/avatar": code, "/timezone": "invalid_choice"}
    assert files_in(store) == kept
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


def test_a_stale_tag_or_a_bad_name_keeps_the_old_one(editor: Sender, store: Path) -> None:
    send(editor, picture())
    kept = files_in(store)
    with nothing_changes():
        assert send(editor, picture("GIF"), HTTP_IF_MATCH='"1"').status_code == 412
        assert send(editor, picture("GIF"), {"username": ""}).status_code == 400
    assert files_in(store) == kept


@pytest.mark.parametrize("size", [5 * 2**20 + 1, 6 * 2**20])
def test_more_than_five_megabytes_are_refused(editor: Sender, store: Path, size: int) -> None:
    with nothing_changes():
        answer = send(editor, b"x" * size)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (413, "/avatar")
    assert files_in(store) == set()


@pytest.mark.parametrize("name", ["0" * 32 + ".webp", "x.webp", "..%2F..%2Fsecret_key", "0" * 32, "0" * 32 + ".png"])
@pytest.mark.django_db
def test_other_names_lead_nowhere(name: str) -> None:
    assert Client().get(f"/media/avatars/{name}").status_code == 404
