from __future__ import annotations

import re
import stat
from io import StringIO
from pathlib import Path
from time import perf_counter

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from baton.core.commands.sessions import check_login
from baton.core.models import Comment, Delegation, Event, Member, Project, Status, Task, User
from baton.core.models.delegation import DelegationState
from baton.management import demo
from tests.factories import make_user


@pytest.fixture(autouse=True)
def _own_data(settings: Settings, tmp_path: Path) -> None:
    settings.BATON_DATA = tmp_path / "data"


def run_demo() -> str:
    out = StringIO()
    call_command("demo", stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_the_team_is_there_and_can_log_in(settings: Settings) -> None:
    said = run_demo()
    found = re.search(r"Log in as grace, .* or mei with the password (\S+)", said)
    assert found
    for user in User.objects.all():
        assert check_login(user.username, found[1], "net") == user
    kept = settings.BATON_DATA / "demo_login"
    assert found[1] in kept.read_text()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


@pytest.mark.django_db
def test_it_shows_what_baton_can() -> None:
    demo.load()
    assert User.objects.count() == 5
    assert set(User.objects.values_list("language", flat=True)) == {"en", "ru"}
    assert Project.objects.filter(is_inbox=False).count() == 3
    assert Task.objects.count() >= 35
    assert set(Task.objects.values_list("status", flat=True)) == set(Status.values)
    assert set(Delegation.objects.values_list("state", flat=True)) == set(DelegationState.values)
    assert Task.objects.filter(delegated=True).exists()
    assert Task.objects.filter(assignees_count__gt=1).exists()
    assert Task.objects.filter(parent__isnull=False, labels_count__gt=0, due_at__isnull=False).exists()
    assert Comment.objects.count() >= 10
    assert set(Member.objects.values_list("role", flat=True)) == {"owner", "editor", "viewer"}


@pytest.mark.django_db
def test_each_task_has_its_history() -> None:
    demo.load()
    told = set(Event.objects.filter(verb="task.created").values_list("task_id", flat=True))
    assert told == set(Task.objects.values_list("pk", flat=True))
    assert set(Event.objects.values_list("surface", flat=True)) == {"demo"}


@pytest.mark.django_db
def test_each_database_gets_its_own_password() -> None:
    first = demo.load()
    Event.objects.all().delete()
    for model in (Comment, Delegation, Task, Project, User):
        model.objects.all().delete()
    assert demo.load() != first


@pytest.mark.django_db
def test_it_keeps_out_of_other_peoples_data() -> None:
    make_user("olga")
    with pytest.raises(CommandError, match="only goes into an empty one"):
        run_demo()
    assert list(User.objects.values_list("username", flat=True)) == ["olga"]
    assert Project.objects.filter(is_inbox=False).count() == 0


@pytest.mark.django_db
def test_twice_is_refused() -> None:
    run_demo()
    tasks = Task.objects.count()
    with pytest.raises(CommandError, match="holds accounts"):
        run_demo()
    assert Task.objects.count() == tasks


@pytest.mark.django_db
def test_a_failure_half_way_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(demo, "_hand_on", fail)
    with pytest.raises(RuntimeError):
        demo.load()
    assert not User.objects.exists()
    assert not Project.objects.exists()


@pytest.mark.django_db
def test_passwords_are_hashed_once(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    begin = perf_counter()
    demo.load()
    assert perf_counter() - begin < 5
    assert len(set(User.objects.values_list("password", flat=True))) == 1
