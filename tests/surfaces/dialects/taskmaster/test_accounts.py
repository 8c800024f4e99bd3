"""Tokens, guessing, and who may have an account."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import jwt
import pytest
from django.conf import settings
from django.test import override_settings

from baton.core.actor import SYSTEM
from baton.core.commands.account_upkeep import deactivate_user
from baton.core.commands.accounts import change_password, change_profile
from baton.core.models import Event, Session, User
from baton.surfaces.wire import tokens
from tests.caller import Answer, Caller
from tests.cast import Cast
from tests.factories import PASSWORD, actor_of, bearer, make_user
from tests.surfaces.dialects.taskmaster.caller import AUTH, TASKS, TaskmasterCaller, tokens_of

pytestmark = pytest.mark.django_db

BAD = {
    "detail": "Given token not valid for any token type",
    "code": "token_not_valid",
    "messages": [
        {"token_class": "AccessToken", "token_type": "access", "message": "Token is invalid or expired"},
    ],
}


def register(**fields: object) -> Answer:
    body = {"username": "nora", "email": "nora@example.com", "password": "123456", **fields}
    return TaskmasterCaller().call("POST", f"{AUTH}/register/", body)


def test_what_a_token_says(cast: Cast) -> None:
    for kind, token in tokens_of(cast.owner).items():
        assert jwt.get_unverified_header(token)["alg"] == "HS256"
        claims = jwt.decode(token, options={"verify_signature": False})
        assert {"token_type", "exp", "iat", "jti", "user_id"} <= claims.keys()
        assert (claims["token_type"], claims["user_id"]) == (kind, str(cast.owner.uuid))
        assert claims["exp"] - claims["iat"] == {"access": 7, "refresh": 14}[kind] * 24 * 3600
        assert UUID(claims["jti"]).version == 4


def test_every_token_is_another() -> None:
    user = make_user()
    first, second = tokens_of(user), tokens_of(user)
    assert len({*first.values(), *second.values()}) == 4


def test_a_token_of_this_dialect_opens_nothing_else(cast: Cast) -> None:
    caller = TaskmasterCaller()
    for token in tokens_of(cast.owner).values():
        answer = caller._client.get("/api/tasks/", HTTP_AUTHORIZATION=f"Bearer {token}")
        assert answer.status_code == 401
        answer = caller._client.post("/api/auth/refresh/", {"refresh": token}, "application/json")
        assert answer.status_code == 401


def test_no_other_token_opens_this_dialect(cast: Cast) -> None:
    for path in (TASKS, f"{AUTH}/profile/"):
        answer = TaskmasterCaller().call("GET", path, **bearer(cast.owner))
        assert (answer.status, answer.body) == (401, BAD)


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "native"},
        {"iss": "somebody"},
        {"token_type": "sliding"},
        {"exp": 2**40},
        {"exp": "soon"},
        {"exp": None},
        {"iat": 2**33, "exp": 2**33 + 60},
        {"epoch": -1},
        {"epoch": 5},
        {"sid": 10**6},
        {"uid": "x"},
        {"is_superuser": True},
    ],
)
def test_claims_that_are_not_ours(cast: Cast, changes: dict[str, object]) -> None:
    token = tokens_of(cast.owner)["access"]
    claims = {**jwt.decode(token, options={"verify_signature": False}), **changes}
    forged = jwt.encode({name: value for name, value in claims.items() if value is not None}, tokens._key(), "HS256")
    for method, path in (("GET", TASKS), ("GET", f"{AUTH}/profile/"), ("POST", TASKS)):
        answer = TaskmasterCaller().call(method, path, HTTP_AUTHORIZATION=f"Bearer {forged}")
        assert (answer.status, answer.body["code"]) == (401, "token_not_valid")


@pytest.mark.parametrize("algorithm, key", [("none", None), ("HS256", settings.SECRET_KEY), ("HS256", "0" * 64)])
def test_signatures_that_are_not_ours(cast: Cast, algorithm: str, key: str | None) -> None:
    claims = jwt.decode(tokens_of(cast.owner)["access"], options={"verify_signature": False})
    forged = jwt.encode(claims, key, algorithm)
    answer = TaskmasterCaller().call("GET", TASKS, HTTP_AUTHORIZATION=f"Bearer {forged}")
    assert (answer.status, answer.body) == (401, BAD)


@pytest.mark.parametrize("way", ["password", "inactive", "session"])
def test_dead_credentials(cast: Cast, way: str) -> None:
    olga = TaskmasterCaller(cast.owner)
    assert olga.call("GET", TASKS).status == 200
    match way:
        case "password":
            change_password(actor_of(cast.owner), PASSWORD, PASSWORD + "!", "127.0.0.1")
        case "inactive":
            deactivate_user(SYSTEM, cast.owner.pk)
        case "session":
            Session.objects.update(ended_at=datetime.now(UTC))
    for method, path in (("GET", TASKS), ("POST", TASKS), ("GET", f"{AUTH}/profile/"), ("POST", f"{AUTH}/logout/")):
        answer = olga.call(method, path)
        assert (answer.status, answer.body) == (401, BAD)
    for path, key in (("verify", "token"), ("refresh", "refresh")):
        answer = TaskmasterCaller().call("POST", f"{AUTH}/token/{path}/", {key: olga.tokens["refresh"]})
        assert (answer.status, answer.body["detail"]) == (401, "Token is invalid or expired")


def test_a_stale_token_is_in_nobodys_way_at_a_log_in(cast: Cast) -> None:
    body = {"username": cast.owner.username, "password": PASSWORD}
    answer = TaskmasterCaller().call("POST", f"{AUTH}/login/", body, HTTP_AUTHORIZATION="Bearer x.y.z")
    assert answer.status == 200


def test_refreshing_keeps_the_session_alive(cast: Cast) -> None:
    olga = TaskmasterCaller(cast.owner)
    Session.objects.update(expires_at=datetime.now(UTC) + timedelta(minutes=1))
    answer = TaskmasterCaller().call("POST", f"{AUTH}/token/refresh/", {"refresh": olga.tokens["refresh"]})
    assert list(answer.body) == ["access", "refresh"]
    assert Session.objects.get().expires_at > datetime.now(UTC) + timedelta(days=13)
    assert Session.objects.count() == 1


def test_only_failures_are_counted() -> None:
    for number in range(30):
        fields = {"username": f"nora{number}", "email": f"nora{number}@example.com"}
        assert register(**fields).status == 201
        body = {"username": fields["username"], "password": "123456"}
        assert TaskmasterCaller().call("POST", f"{AUTH}/login/", body).status == 200


def test_guessing_has_an_end(cast: Cast) -> None:
    for path, body in (
        ("login", {"username": cast.owner.username, "password": "wrong guess"}),
        ("login", {"username": "nobody at all", "password": "wrong guess"}),
    ):
        answers = [TaskmasterCaller().call("POST", f"{AUTH}/{path}/", body) for _ in range(11)]
        assert [answer.status for answer in answers] == [401] * 10 + [429]
        assert int(answers[-1].headers["Retry-After"]) > 0
        assert answers[-1].body["detail"].startswith("Request was throttled.")


def test_guessing_the_old_password_has_an_end(cast: Cast) -> None:
    body = {"old_password": "wrong guess", "new_password_1": "123456", "new_password_2": "123456"}
    olga = TaskmasterCaller(cast.owner)
    statuses = [olga.call("POST", f"{AUTH}/profile/password/", body).status for _ in range(11)]
    assert statuses == [400] * 10 + [429]


@pytest.mark.parametrize("rule", ["closed", "invited"])
def test_registration_may_be_closed(rule: str) -> None:
    with override_settings(BATON_REGISTRATION=rule):
        answer = register()
    assert (answer.status, list(answer.body)) == (403, ["detail"])
    assert not User.objects.exists()


@override_settings(BATON_STRICT_PASSWORDS=True)
def test_passwords_may_be_strict(cast: Cast) -> None:
    answer = register()
    assert (answer.status, list(answer.body)) == (400, ["password"])
    body = {"old_password": PASSWORD, "new_password_1": "123456", "new_password_2": "123456"}
    answer = TaskmasterCaller(cast.owner).call("POST", f"{AUTH}/profile/password/", body)
    assert (answer.status, list(answer.body)) == (400, ["new_password_1"])


@override_settings(BATON_REQUIRE_VERIFIED_EMAIL=True)
def test_addresses_may_have_to_be_verified() -> None:
    answer = register()
    assert answer.status == 201
    assert "tokens" not in answer.body
    body = {"username": "nora", "password": "123456"}
    answer = TaskmasterCaller().call("POST", f"{AUTH}/login/", body)
    assert (answer.status, answer.body) == (403, {"detail": "Verify your e-mail address first."})


def test_an_account_from_elsewhere_can_be_sent_back(cast: Cast) -> None:
    """Its name has characters that this dialect would refuse, it has no address, and one name instead of two."""
    user = make_user("Odd.Name@home", email=None, name="Maria Luisa da Silva")
    caller = TaskmasterCaller(user)
    shown = caller.call("GET", f"{AUTH}/profile/").body
    assert (shown["username"], shown["email"]) == ("Odd.Name@home", None)
    assert (shown["first_name"], shown["last_name"]) == ("Maria", "Luisa da Silva")
    answer = caller.call("PATCH", f"{AUTH}/profile/", shown)
    assert (answer.status, answer.body) == (202, shown)
    assert not Event.objects.filter(verb="user.profile_changed").exists()


def test_names_are_the_account_s_everywhere(cast: Cast) -> None:
    caller = TaskmasterCaller(cast.owner)
    long = {"first_name": "x" * 255, "last_name": "y" * 255}
    assert caller.call("PATCH", f"{AUTH}/profile/", long).body["last_name"] == "y" * 255
    caller.call("PATCH", f"{AUTH}/profile/", {"first_name": "Olga Maria", "last_name": "Berg"})
    cast.owner.refresh_from_db()
    assert cast.owner.name == "Olga Maria Berg"
    change_profile(actor_of(cast.owner), {"name": "Olga"})
    shown = caller.call("GET", f"{AUTH}/profile/").body
    assert (shown["first_name"], shown["last_name"]) == ("Olga", None)


def test_a_session_of_this_dialect_is_listed_and_can_be_ended_elsewhere(cast: Cast) -> None:
    olga = TaskmasterCaller(cast.owner)
    session = Session.objects.get(audience="taskmaster")
    assert Caller(cast.owner).delete(f"/api/auth/sessions/{session.pk}/").status == 204
    assert olga.call("GET", TASKS).status == 401
