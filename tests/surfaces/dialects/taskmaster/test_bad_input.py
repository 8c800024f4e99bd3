"""Hostile values for every field: a clear 400 in this dialect's form, or what was sent comes back."""

from __future__ import annotations

from typing import Any

import pytest

from baton.core.models import Event, Task, User
from tests.cast import Cast
from tests.factories import PASSWORD
from tests.surfaces.dialects.taskmaster.caller import AUTH, TASKS, TaskmasterCaller

pytestmark = pytest.mark.django_db

VALUES: tuple[Any, ...] = (
    "\0",
    "a\0b",
    "\u202e\u200d\ufeff",
    "👩‍👩‍👧",
    "x" * 10**5,
    "y" * 200_000,
    "a\nb",
    "\u2028",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    -1,
    0,
    2**31,
    2**63,
    10**20,
    1.5,
    1e308,
    True,
    False,
    [],
    ["x"],
    {},
    {"x": 1},
    [[[[]]]],
)
BODIES: tuple[bytes, ...] = (
    b"[" * 100_000,
    b'{"title":' * 2000,
    b'{"title": "\xff"}',
    b'{"title": "\\ud800", "description": ""}',
    b'{"title": NaN}',
    b'{"title": 1e999}',
    b'{"title": "a", "title": "b", "description": ""}',
    b"null",
    b"7",
    b'"title"',
    b"",
    b"{",
    b'{"title": "' + b"x" * 2_000_000 + b'"}',
)


@pytest.mark.parametrize("value", VALUES, ids=lambda value: repr(value)[:20])
@pytest.mark.parametrize("field", ["title", "description", "status_task"])
def test_fields_of_a_task(cast: Cast, field: str, value: Any) -> None:
    olga = TaskmasterCaller(cast.owner)
    answer = olga.call("POST", TASKS, {"title": "Water", "description": "", field: value})
    if answer.status == 400:
        assert list(answer.body) in ([field], ["detail"])
        assert not Task.objects.exists()
    else:
        assert answer.status == 201
        assert answer.body[field] == str(value).strip()
    task = olga.call("POST", TASKS, {"title": "Whole", "description": ""}).body
    assert olga.call("PUT", f"{TASKS}{task['id']}/", {field: value}).status in (200, 400)
    assert olga.call("GET", TASKS).status == 200


@pytest.mark.parametrize("value", VALUES, ids=lambda value: repr(value)[:20])
@pytest.mark.parametrize("field", ["username", "email", "password", "first_name", "last_name"])
def test_fields_of_an_account(db: None, field: str, value: Any) -> None:
    body = {"username": "nora", "email": "nora@example.com", "password": "123456", field: value}
    answer = TaskmasterCaller().call("POST", f"{AUTH}/register/", body)
    if answer.status == 400:
        assert list(answer.body) in ([field], ["detail"])
        assert not User.objects.exists()
    else:
        assert answer.status == 201
        assert field == "password" or answer.body[field].lower() == str(value).strip().lower()
        profile = TaskmasterCaller(User.objects.get()).call("GET", f"{AUTH}/profile/")
        assert profile.status == 200


@pytest.mark.parametrize("value", VALUES, ids=lambda value: repr(value)[:20])
@pytest.mark.parametrize(
    "path, body",
    [
        ("login", {"username": "nora", "password": "123456"}),
        ("token/verify", {"token": "x"}),
        ("token/refresh", {"refresh": "x"}),
    ],
)
def test_fields_of_a_log_in(db: None, path: str, body: dict[str, str], value: Any) -> None:
    for field in body:
        assert TaskmasterCaller().call("POST", f"{AUTH}/{path}/", {**body, field: value}).status in (400, 401)


@pytest.mark.parametrize("body", BODIES, ids=lambda body: repr(body)[:20])
def test_bodies(cast: Cast, body: bytes) -> None:
    olga = TaskmasterCaller(cast.owner)
    task = olga.call("POST", TASKS, {"title": "Water", "description": ""}).body
    before = Task.objects.values().get(), Event.objects.count()
    for method, path in (("POST", TASKS), ("PUT", f"{TASKS}{task['id']}/"), ("PATCH", f"{AUTH}/profile/")):
        answer = olga.call(method, path, body)
        if body == b"" and method != "POST":
            assert answer.status in (200, 202)
        else:
            assert answer.status == (413 if len(body) > 2**20 else 400), answer.body
            assert answer.body
    assert (Task.objects.values().get(), Event.objects.count()) == before


@pytest.mark.parametrize(
    "field", ["id", "owner", "user", "project", "project_id", "created_by", "date_created", "version", "trashed_at"]
)
def test_what_nobody_may_write_of_a_task(cast: Cast, field: str) -> None:
    olga = TaskmasterCaller(cast.owner)
    made = olga.call("POST", TASKS, {"title": "Water", "description": "", field: cast.editor.pk}).body
    before = Task.objects.values().get()
    assert before["created_by_id"] == cast.owner.pk
    answer = olga.call("PUT", f"{TASKS}{made['id']}/", {field: cast.editor.pk})
    assert (answer.status, Task.objects.values().get()) == (200, before)


@pytest.mark.parametrize(
    "field", ["id", "is_superuser", "is_staff", "is_active", "password", "token_epoch", "last_login", "is_verified"]
)
def test_what_nobody_may_write_of_an_account(cast: Cast, field: str) -> None:
    olga = TaskmasterCaller(cast.owner)
    before = User.objects.values().get(pk=cast.owner.pk)
    assert olga.call("PATCH", f"{AUTH}/profile/", {field: PASSWORD}).status == 202
    assert User.objects.values().get(pk=cast.owner.pk) == before


def test_a_broken_address_is_a_404_in_this_form(cast: Cast) -> None:
    olga = TaskmasterCaller(cast.owner)
    for path in ("x/", "api/v1/", "api/v1/tasks/%00/", "api/v1/auth/nothing/", f"api/v1/tasks/{'a' * 5000}/"):
        answer = olga.call("GET", f"/taskmaster/{path}")
        assert (answer.status, answer.body) == (404, {"detail": "Not found."})


def test_a_form_says_the_same(cast: Cast) -> None:
    olga = TaskmasterCaller(cast.owner)
    form = "application/x-www-form-urlencoded"
    assert olga.call("POST", TASKS, b"title=Water&description=", content_type=form).status == 201
    assert olga.call("POST", TASKS, b"title=%ff&description=", content_type=form).status == 400
    assert olga.call("POST", TASKS, b"title=%00&description=", content_type=form).status == 400
