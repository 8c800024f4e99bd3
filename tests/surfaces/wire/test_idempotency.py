"""A POST that is sent again happens once, in the real database."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.client import encode_multipart
from django.utils import timezone

from baton.core.models import IdempotencyKey, Session, User
from baton.surfaces.wire import idempotency

Check = Callable[..., dict[str, Any]]
pytestmark = pytest.mark.django_db(transaction=True)


def _post(session: Session, key: str, name: str = "new", path: str = "/api/users/") -> Any:
    headers = {"x-session": str(session.pk), "idempotency-key": key}
    body = json.dumps({"name": name})
    return Client(raise_request_exception=False).post(path, body, content_type="application/json", headers=headers)


def _made(name: str = "new") -> int:
    return User.objects.filter(username__startswith=name).count()


def test_second_try_gets_the_first_answer(ana: Session) -> None:
    first, second = _post(ana, "k"), _post(ana, "k")
    assert first.status_code == second.status_code == 201
    assert first.content == second.content
    assert _made() == 1
    assert "Idempotency-Replayed" not in first
    assert second["Idempotency-Replayed"] == "true"
    for name in ("Content-Type", "ETag", "Location"):
        assert second[name] == first[name]
    assert first["X-Request-Id"] != second["X-Request-Id"]
    assert first.cookies
    assert not second.cookies


def test_other_request_with_the_key_is_refused(ana: Session, problem_of: Check) -> None:
    _post(ana, "k")
    problem_of(_post(ana, "k", "new2"), 422, "idempotency_mismatch")
    problem_of(_post(ana, "k", path="/api/users-hot/"), 422, "idempotency_mismatch")
    problem_of(_post(ana, "k", path="/api/users/?a=1"), 422, "idempotency_mismatch")
    assert _made() == 1


def test_keys_belong_to_people(ana: Session, ben: Session) -> None:
    assert _post(ana, "k", "new1").status_code == _post(ben, "k", "new2").status_code == 201
    assert _made() == 2


@pytest.mark.parametrize("name", ["refused", "raises", "streamed"])
def test_refusal_is_rolled_back_and_not_kept(ana: Session, name: str) -> None:
    assert _post(ana, "k", name).status_code >= 400
    assert (_made(name), IdempotencyKey.objects.count()) == (0, 0)
    assert _post(ana, "k", "new").status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 256, "é", "a\tb", "a\x00", "\x7f"])
def test_bad_key(ana: Session, problem_of: Check, key: str) -> None:
    problem_of(_post(ana, key), 400, "invalid_idempotency_key")
    assert _made() == 0


def test_longest_key(ana: Session) -> None:
    assert _post(ana, "~" * 255).status_code == 201
    assert _post(ana, "~" * 255)["Idempotency-Replayed"] == "true"


def test_key_is_forgotten_after_a_day(ana: Session) -> None:
    _post(ana, "k", "new1")
    almost, over = timedelta(hours=23, minutes=59), timedelta(hours=24, seconds=1)
    IdempotencyKey.objects.update(created_at=timezone.now() - almost)
    assert _post(ana, "k", "new1")["Idempotency-Replayed"] == "true"
    IdempotencyKey.objects.update(created_at=timezone.now() - over)
    assert _post(ana, "k", "new2").status_code == 201
    assert (_made(), IdempotencyKey.objects.count()) == (2, 1)


@pytest.mark.parametrize("path", ["/api/users/", "/api/users-hot/"])
def test_dead_credential_gets_no_replay(ana: Session, problem_of: Check, path: str) -> None:
    _post(ana, "k", path=path)
    Session.objects.update(ended_at=timezone.now())
    problem_of(_post(ana, "k", path=path), 401, "dead_credential")


def test_view_with_secrets_keeps_nothing(ana: Session) -> None:
    assert _post(ana, "k", "new1", "/api/users-secret/").status_code == 201
    assert _post(ana, "k", "new2", "/api/users-secret/").status_code == 201
    assert IdempotencyKey.objects.count() == 0


def test_upload_is_compared_by_its_parts(ana: Session, client: Client, problem_of: Check) -> None:
    def send(text: bytes, boundary: str) -> Any:
        part = SimpleUploadedFile("a.txt", text)
        headers = {"x-session": str(ana.pk), "idempotency-key": "k"}
        body = encode_multipart(boundary, {"name": "new", "file": part})
        media_type = f"multipart/form-data; boundary={boundary}"
        return client.post("/api/upload/", body, content_type=media_type, headers=headers)

    assert send(b"hello", "one").json()["read"] == "hello"
    assert send(b"hello", "two")["Idempotency-Replayed"] == "true"
    problem_of(send(b"other", "three"), 422, "idempotency_mismatch")
    assert _made() == 1


def test_twenty_at_once_make_one(ana: Session) -> None:
    barrier = Barrier(20)

    def send(_number: int) -> Any:
        try:
            barrier.wait(10)
            return _post(ana, "k")
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(send, range(20)))
    assert _made() == 1
    firsts = [a for a in answers if a.status_code == 201 and "Idempotency-Replayed" not in a]
    replays = [a for a in answers if "Idempotency-Replayed" in a]
    in_flight = [a for a in answers if a.status_code == 409]
    assert (len(firsts), len(replays) + len(in_flight)) == (1, 19)
    assert {a.content for a in replays} <= {firsts[0].content}
    assert all(json.loads(a.content)["code"] == "idempotency_in_flight" and a["Retry-After"] for a in in_flight)


def test_second_while_the_first_runs(ana: Session, problem_of: Check) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("On SQLite the second waits for the first.")

    def send() -> Any:
        try:
            return _post(ana, "k")
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            idempotency._lock(ana.user_id, "k")
            problem_of(pool.submit(send).result(), 409, "idempotency_in_flight")
        assert pool.submit(send).result().status_code == 201
