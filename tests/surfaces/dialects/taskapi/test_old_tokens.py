"""Tokens that the original signed, after an import from its database."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings

from baton.core.commands.account_upkeep import withdraw_dialect_token
from baton.core.commands.accounts import change_password
from baton.core.commands.all_sessions import log_out_everywhere
from baton.core.commands.sessions import check_login
from baton.core.models import DialectToken, User
from tests.factories import actor_of, make_user
from tests.management.importers.old_databases import Table, kinds, old_database
from tests.surfaces.dialects.taskapi.client import FormClient

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

SECRET = "short secret"
SALT = "pepper"
FORGED = (401, "401: Invalid authorization token, Signature verification failed")
OVER = (401, "401: Invalid authorization token, Signature has expired")


def old_token(login: str, secret: str = SECRET, alg: str = "HS256", **more: object) -> str:
    """Return a token byte for byte as PyJWT 1.7.1 made it for the original."""
    said = {"username": login, "scopes": [f"username:{login}"], **more}
    parts = [_part(json.dumps(part, separators=(",", ":"))) for part in ({"typ": "JWT", "alg": alg}, said)]
    signed = hmac.new(secret.encode(), ".".join(parts).encode(), hashlib.sha256).digest()
    return ".".join([*parts, "" if alg == "none" else _part(signed)])


def _part(said: str | bytes) -> str:
    raw = said.encode() if isinstance(said, str) else said
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@pytest.fixture(params=kinds())
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    digest = hashlib.md5(f"secret{SALT}".encode()).hexdigest()
    tables: dict[str, Table] = {
        "user": ("id integer, login varchar(50), password varchar(255)", [(71, "olga", digest), (72, "иван", digest)]),
        "task": (
            "id integer, name varchar(50), description text, status varchar(20), completion_at date, user_id integer",
            [(7, "Hers", "Text", "new", None, 71), (8, "His", "Text", "new", None, 72)],
        ),
        "log": ("id integer, date timestamp, log varchar(200), task_id integer", []),
    }
    with old_database(request.param, tables, tmp_path) as url, override_settings(BATON_TASKAPI_OLD_SECRET=SECRET):
        yield url


@pytest.fixture
def imported(url: str) -> str:
    call_command("import_from", "taskapi", url, "--salt", SALT)
    return url


def ask(token: str) -> tuple[int, object]:
    return FormClient(token=token).ask("GET", "/task")


@pytest.mark.usefixtures("imported")
@pytest.mark.parametrize("login,task", [("olga", "Hers"), ("иван", "His")])
def test_a_token_of_the_original_opens_its_users_tasks(login: str, task: str) -> None:
    status, tasks = ask(old_token(login))

    assert status == 200
    assert isinstance(tasks, list)
    assert [said["name"] for said in tasks] == [task]
    client = FormClient(token=old_token(login))
    assert client.ask("POST", "/task", name="x", description="x", status="new")[0] == 201


def test_whoever_is_called_otherwise_here_still_holds_their_token(url: str) -> None:
    here = make_user("olga")
    call_command("import_from", "taskapi", url)

    FormClient(token=old_token("olga")).ask("POST", "/task", name="New", description="x", status="new")
    assert {said["name"] for said in FormClient(User.objects.get(pk=71)).ask("GET", "/task")[1]} == {"Hers", "New"}
    assert FormClient(here).ask("GET", "/task") == (200, [])


def test_a_new_password_ends_it_for_good(imported: str) -> None:
    user = check_login("olga", "secret", "network")
    assert user is not None
    assert ask(old_token("olga"))[0] == 200  # an ordinary hash of the same password is no new password

    change_password(actor_of(user), "secret", "another battery of horses", "network")

    assert ask(old_token("olga")) == OVER
    call_command("import_from", "taskapi", imported, "--salt", SALT)
    assert ask(old_token("olga")) == OVER
    assert ask(old_token("иван"))[0] == 200


@pytest.mark.usefixtures("imported")
def test_logging_out_everywhere_ends_it() -> None:
    log_out_everywhere(actor_of(User.objects.get(username="olga")))

    assert ask(old_token("olga")) == OVER


@pytest.mark.usefixtures("imported")
def test_a_closed_account_and_a_withdrawal_end_it() -> None:
    staff = make_user()
    User.objects.filter(pk=staff.pk).update(is_staff=True, is_superuser=True)
    withdraw_dialect_token(actor_of(staff), DialectToken.objects.get(user=71).pk)
    User.objects.filter(pk=72).update(is_active=False)

    assert ask(old_token("olga")) == OVER
    assert ask(old_token("иван")) == OVER


@pytest.mark.usefixtures("imported")
@pytest.mark.parametrize(
    "token",
    [
        old_token("olga", "another secret"),
        old_token("olga", ""),
        old_token("olga", alg="none"),
        old_token("olga", alg="HS512"),
        old_token("olga")[:-2],
        old_token("olga", exp=99999999999),
        old_token("olga", scopes=["username:иван"]),
        old_token("olga", scopes="username:olga"),
        old_token("olga", username=71),
        old_token("\ud800"),
    ],
)
def test_what_the_original_did_not_sign_so_is_refused(token: str) -> None:
    status, said = ask(token)

    assert status == 401
    assert str(said).startswith("401: Invalid authorization token, ")
    assert ask(old_token("olga", "another secret")) == FORGED


@pytest.mark.usefixtures("imported")
def test_it_is_for_nobody_who_did_not_come_from_there() -> None:
    make_user("maria")

    assert ask(old_token("maria")) == OVER
    assert ask(old_token("Olga")) == OVER
    assert ask(old_token("signed for olga")) == OVER


@pytest.mark.usefixtures("imported")
def test_without_the_secret_none_is_taken() -> None:
    with override_settings(BATON_TASKAPI_OLD_SECRET=""):
        assert ask(old_token("olga")) == FORGED
        assert ask(old_token("olga", "")) == FORGED


def test_of_an_installation_with_a_name_of_its_own_none_is_taken(url: str) -> None:
    call_command("import_from", "taskapi", url, "--source", "branch")

    assert ask(old_token("olga")) == OVER


@pytest.mark.usefixtures("imported")
def test_it_opens_nothing_but_this_dialect() -> None:
    for path in ("/issuetracker/api/issue/", "/tasktable/api/tasks/", "/api/tasks/"):
        for scheme in ("Bearer", "Token"):
            headers = {"HTTP_AUTHORIZATION": f"{scheme} {old_token('olga')}"}
            assert FormClient(None, **headers).ask("GET", path, prefix="")[0] in (401, 403)
