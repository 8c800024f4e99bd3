from __future__ import annotations

import pytest
from django.utils import timezone

from baton.core.models import Event, Session
from tests.factories import make_user
from tests.surfaces.api.caller import Caller, pointers

pytestmark = pytest.mark.django_db

SESSIONS = "auth/sessions/"


def test_lists_ones_own_open_sessions_newest_first() -> None:
    user = make_user()
    Caller(make_user())
    here, ended, expired = Caller(user), Caller(user), Caller(user)
    ids = list(Session.objects.filter(user=user).order_by("pk").values_list("pk", flat=True))
    Session.objects.filter(pk=ids[1]).update(ended_at=timezone.now())
    Session.objects.filter(pk=ids[2]).update(expires_at=timezone.now())
    Caller(user)
    answer = here.get(f"{SESSIONS}?count=true")
    assert answer.status_code == 200
    assert [(row["id"], row["current"]) for row in answer.json()["results"]] == [(ids[2] + 1, False), (ids[0], True)]
    assert answer.json()["count"] == 2
    keys = ["id", "audience", "user_agent", "address", "created_at", "used_at", "expires_at", "current"]
    assert list(answer.json()["results"][0]) == keys
    assert ended.get(SESSIONS).status_code == 401
    del expired


def test_pages() -> None:
    user = make_user()
    here = Caller(user)
    for _ in range(4):
        Caller(user)
    seen: list[int] = []
    url = f"{SESSIONS}?page_size=2&ordering=created_at"
    while url:
        body = here.get(url).json()
        seen += [row["id"] for row in body["results"]]
        url = body["next"]
    assert seen == list(Session.objects.order_by("pk").values_list("pk", flat=True))
    assert pointers(here.get(f"{SESSIONS}?user=1")) == {"?user": "unknown_parameter"}


def test_ends_one_of_them_at_once() -> None:
    user = make_user()
    here, elsewhere = Caller(user), Caller(user)
    there = Session.objects.latest("pk").pk
    assert here.delete(f"{SESSIONS}{there}/").status_code == 204
    assert elsewhere.get(SESSIONS).status_code == 401
    assert here.get(SESSIONS).status_code == 200
    assert here.delete(f"{SESSIONS}{there}/").status_code == 404
    assert Event.objects.get(verb="session.ended").data == {"session": there, "reason": "logout"}


@pytest.mark.parametrize("position", ["foreign", "absent"])
def test_a_session_that_is_not_ones_own_does_not_exist(position: str) -> None:
    make_user_session = Caller(make_user())
    foreign = Session.objects.latest("pk").pk
    caller = Caller(make_user())
    session_id = foreign if position == "foreign" else 10**15
    answer = caller.delete(f"{SESSIONS}{session_id}/")
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"
    assert make_user_session.get(SESSIONS).status_code == 200
