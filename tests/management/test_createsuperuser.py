"""`createsuperuser`: an account like all others, whichever way its owner comes in."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from baton.core.models import Event, Project, Session, User
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)


def create(username: str = "root") -> None:
    call_command("createsuperuser", interactive=False, username=username, email=f"{username}@example.org", verbosity=0)


def test_it_has_an_inbox_and_a_history() -> None:
    make_user("olga")
    create()
    root = User.objects.get(username="root")
    assert root.is_superuser
    inbox = Project.objects.get(owner=root)
    assert inbox.is_inbox
    told = Event.objects.filter(actor=root).order_by("pk").values_list("verb", "surface")
    assert list(told) == [("user.registered", "command"), ("project.created", "command")]
    assert Project.objects.filter(is_inbox=True).count() == 2, "nobody got a second one"


def test_it_logs_in_at_the_api_and_at_the_admin() -> None:
    create()
    given = {"username": "root", "password": PASSWORD}
    tokens = Client().post("/api/auth/login/", given, content_type="application/json")
    headers = {"Authorization": f"Bearer {tokens.json()['access']}"}
    projects = Client().get("/api/projects/", headers=headers)
    assert [project["name"] for project in projects.json()["results"]] == ["Inbox"]
    assert Client().post(reverse("admin:login"), given).status_code == 302
    assert Session.objects.count() == 1


def test_twice_is_refused_and_an_earlier_run_that_was_cut_off_is_made_good() -> None:
    create()
    with pytest.raises(CommandError):
        create()
    cut_off = User.objects.create_superuser("half", "half@example.org", PASSWORD)
    create("whole")
    assert Project.objects.filter(owner=cut_off, is_inbox=True).count() == 1
