from __future__ import annotations

from typing import Any

import pytest

from baton.core.commands.webhook_upkeep import ping_webhook
from baton.core.models import Attempt, Webhook
from baton.lib.signing_secrets import secret_of
from tests.cast import Cast
from tests.core.commands.scenarios import make_full_task
from tests.factories import actor_of
from tests.surfaces.api.caller import Caller, pointers
from tests.surfaces.api.test_api_tokens import robot
from tests.traces import let_the_log_settle, nothing_changes

HOOKS = "webhooks/"
URL = "https://example.com/hooks/s3cret-path"


def make(caller: Caller, **fields: Any) -> Any:
    answer = caller.post(HOOKS, {"url": URL, **fields})
    assert answer.status_code == 201, answer.content
    return answer


def test_shows_the_secret_once(cast: Cast) -> None:
    caller = Caller(cast.owner)
    answer = make(caller, project=cast.project.pk, verbs=["task.created"])
    body = answer.json()
    secret = body.pop("secret")
    assert secret == secret_of(Webhook.objects.get().seed)
    assert list(body) == [
        "id", "project", "user", "url", "verbs", "projects", "is_active", "paused_at", "paused_reason",
        "failing_since", "is_behind", "created_at", "updated_at", "version",
    ]  # fmt: skip
    assert (body["project"], body["is_active"], body["user"]["username"]) == (cast.project.pk, True, "olga")
    listed, shown = caller.get(f"{HOOKS}?count=true"), caller.get(answer.headers["Location"])
    assert (listed.json()["results"], listed.json()["count"], shown.json()) == ([body], 1, body)
    assert shown.headers["ETag"] == answer.headers["ETag"] == '"1"'
    rotated = caller.post(f"{HOOKS}{body['id']}/rotate-secret/").json()
    assert rotated["secret"] != secret
    for later in (listed, shown, caller.get(f"{HOOKS}{body['id']}/")):
        assert b"whsec" not in later.content
        assert Webhook.objects.get().seed.encode() not in later.content


@pytest.mark.django_db(transaction=True)
def test_readers_learn_nothing_of_it(cast: Cast) -> None:
    """E08: neither the secret nor the path of the address, by no route that shows what happened."""
    make_full_task(cast)
    owner, viewer = Caller(cast.owner), Caller(cast.viewer)
    made = make(owner, project=cast.project.pk).json()
    owner.patch(f"{HOOKS}{made['id']}/", {"url": f"{URL}-2"})
    owner.post(f"{HOOKS}{made['id']}/ping/")
    let_the_log_settle()
    assert viewer.get(HOOKS).json()["results"] == []
    for path in ("", "deliveries/"):
        assert viewer.get(f"{HOOKS}{made['id']}/{path}").status_code == 404
    events = viewer.get(f"events/?project={cast.project.pk}&page_size=200")
    exported = owner.get(f"projects/{cast.project.pk}/export/")
    assert b"webhook.created" in events.content
    body = b"".join(exported.streaming_content) if exported.streaming else exported.content
    for content in (events.content, body):
        assert b"s3cret" not in content
        assert made["secret"].encode() not in content


def test_merge_patch_tags_and_replacing(cast: Cast) -> None:
    caller = Caller(cast.owner)
    path = make(caller, verbs=["task.created"]).headers["Location"]
    changed = caller.patch(path, {"verbs": ["comment.added"]}, HTTP_IF_MATCH='"1"')
    assert (changed.json()["verbs"], changed.json()["url"], changed.headers["ETag"]) == (["comment.added"], URL, '"2"')
    with nothing_changes():
        assert caller.patch(path, {"verbs": []}, HTTP_IF_MATCH='"1"').status_code == 412
        assert caller.get(path, HTTP_IF_NONE_MATCH='"2"').status_code == 304
        assert caller.put(path, {}).status_code == 400
    assert caller.put(path, {**changed.json(), "url": "https://example.org/"}).json()["verbs"] == ["comment.added"]
    assert caller.put(path, {"url": "https://example.org/"}).json()["verbs"] == []
    assert caller.delete(path, HTTP_IF_MATCH='"1"').status_code == 412
    assert caller.delete(path).status_code == 204
    assert caller.get(path).status_code == 404


def test_what_can_be_done(cast: Cast) -> None:
    caller = Caller(cast.owner)
    path = make(caller, project=cast.project.pk).headers["Location"]
    paused = caller.post(f"{path}pause/").json()
    assert (paused["is_active"], paused["paused_reason"]) == (False, "by_hand")
    resumed = caller.post(f"{path}resume/").json()
    assert (resumed["is_active"], resumed["paused_reason"], resumed["is_behind"]) == (True, None, True)
    assert caller.post(f"{path}replay/", {"after": "0-0"}).status_code == 200
    with nothing_changes():
        assert pointers(caller.post(f"{path}replay/", {"after": "7-999999999"})) == {"/after": "invalid_cursor"}
        assert pointers(caller.post(f"{path}replay/", {"after": "x"})) == {"/after": "invalid_cursor"}
        assert pointers(caller.post(f"{path}replay/", {"after": 7})) == {"/after": "invalid"}
        assert pointers(caller.post(f"{path}replay/", {})) == {"/after": "required"}
    pinged = caller.post(f"{path}ping/")
    assert pinged.status_code == 202
    assert (pinged.json()["verb"], pinged.json()["state"], pinged.json()["attempts"]) == (
        "webhook.pinged",
        "waiting",
        [],
    )
    assert caller.get(pinged.headers["Location"]).json() == pinged.json()


def test_the_log_of_deliveries(cast: Cast) -> None:
    caller = Caller(cast.owner)
    made = make(caller, project=cast.project.pk).json()
    other = make(caller, project=cast.project.pk).json()
    rows = [ping_webhook(actor_of(cast.owner), made["id"]) for _ in range(5)]
    Attempt.objects.create(
        delivery=rows[4], at=rows[4].created_at, status=500, answer="no", error="It said no.", duration_ms=12
    )
    path = f"{HOOKS}{made['id']}/deliveries/"
    first = caller.get(f"{path}?page_size=2&count=true").json()
    assert ([row["id"] for row in first["results"]], first["count"]) == ([rows[4].pk, rows[3].pk], 5)
    [attempt] = first["results"][0]["attempts"]
    assert (attempt["status"], attempt["answer"], attempt["error"], attempt["duration_ms"]) == (
        500,
        "no",
        "It said no.",
        12,
    )
    second = caller.get(first["next"]).json()
    assert [row["id"] for row in second["results"]] == [rows[2].pk, rows[1].pk]
    assert [row["id"] for row in caller.get(second["previous"]).json()["results"]] == [rows[4].pk, rows[3].pk]
    oldest = caller.get(f"{path}?ordering=created_at&state=waiting").json()["results"]
    assert [row["id"] for row in oldest] == [row.pk for row in rows]
    assert caller.get(f"{path}?state=dead").json()["results"] == []
    assert caller.get(f"{path}?state=eaten").status_code == 400
    assert caller.get(f"{HOOKS}{other['id']}/deliveries/").json()["results"] == []
    assert caller.get(f"{HOOKS}{other['id']}/deliveries/{rows[0].pk}/").status_code == 404


def test_bad_input_names_its_fields(cast: Cast) -> None:
    caller, editor = Caller(cast.owner), Caller(cast.editor)
    with nothing_changes():
        answer = caller.post(HOOKS, {"url": "http://127.0.0.1/", "verbs": ["task.eaten"], "projects": [999_999]})
        assert pointers(answer) == {
            "/url": "forbidden",
            "/verbs/0": "invalid_choice",
            "/projects/0": "not_found",
        }
        assert pointers(caller.post(HOOKS, {"verbs": [7], "secret": "x"})) == {
            "/url": "required",
            "/verbs/0": "invalid",
            "/secret": "unknown_field",
        }
        unseen = caller.post(HOOKS, {"url": URL, "project": 999_999})
        assert (unseen.status_code, pointers(unseen)) == (404, {"/project": "not_found"})
        assert editor.post(HOOKS, {"url": URL, "project": cast.project.pk}).status_code == 403


@pytest.mark.parametrize("scope, status", [("read", 403), ("write", 403), ("admin", 201)])
def test_a_token_needs_the_scope_admin(cast: Cast, scope: str, status: int) -> None:
    caller = robot(cast.owner, scope, project_id=cast.project.pk)
    assert caller.post(HOOKS, {"url": URL, "project": cast.project.pk}).status_code == status
    assert caller.get(HOOKS).status_code == (200 if status == 201 else 403)


def test_a_token_for_one_project_finds_its_webhooks_only(cast: Cast) -> None:
    owner = Caller(cast.owner)
    own, of_project = make(owner).json(), make(owner, project=cast.project.pk).json()
    caller = robot(cast.owner, "admin", project_id=cast.project.pk)
    assert [found["id"] for found in caller.get(HOOKS).json()["results"]] == [of_project["id"]]
    assert caller.get(f"{HOOKS}{own['id']}/").status_code == 404
    assert caller.post(HOOKS, {"url": URL}).status_code == 403
