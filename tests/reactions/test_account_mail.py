from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test.utils import override_settings
from django.utils import timezone

from baton.core.commands.invitations import invite
from baton.core.commands.password_reset import request_password_reset
from baton.core.models import Event, User
from baton.reactions.account_mail import AccountMail, plain, send_letter
from baton.reactions.follow import Reaction, follow
from tests.factories import NOBODY, actor_of, make_project, make_user
from tests.traces import let_the_log_settle

pytestmark = pytest.mark.django_db


def newest() -> int:
    return Event.objects.order_by("-pk").values_list("pk", flat=True)[0]


def letter_for(language: str = "en", **fields: Any) -> Any:
    user = make_user("anna", language=language, **fields)
    request_password_reset(NOBODY, str(user.email), "net")
    assert send_letter(newest())
    return mail.outbox[-1]


def test_people_are_written_to_in_their_language() -> None:
    letter = letter_for("ru")
    assert letter.subject == "Новый пароль"
    assert "Здравствуйте, anna!" in letter.body
    assert letter.from_email == settings.DEFAULT_FROM_EMAIL


def test_a_repetition_can_be_told() -> None:
    letter = letter_for()
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"
    assert send_letter(newest())
    assert len(mail.outbox) == 2
    assert {message.extra_headers["Message-ID"] for message in mail.outbox} == {f"<event-{newest()}@127.0.0.1>"}


def test_who_needs_it_no_more_is_not_written_to() -> None:
    user = make_user("anna")
    registered = Event.objects.get(verb="user.registered").pk
    request_password_reset(NOBODY, str(user.email), "net")
    User.objects.update(is_verified=True)
    assert not send_letter(registered)
    User.objects.update(is_active=False)
    assert not send_letter(newest())
    assert not send_letter(10**9)
    assert mail.outbox == []


def test_a_letter_that_is_a_day_late_is_not_sent() -> None:
    make_user("anna")
    Event.objects.update(at=timezone.now() - timedelta(days=1))
    assert not send_letter(Event.objects.get(verb="user.registered").pk)


@pytest.mark.parametrize(
    "name, shown",
    [
        ("Anna Karenina", "Anna Karenina"),
        ("Anna O’Neil-Šmidt (ops)", "Anna O’Neil-Šmidt (ops)"),
        ("Win at http://evil.example/x?y", "Win at http evil example x y"),
        ("a\r\nBcc: x@example.org", "a Bcc x example org"),
        ("\u202egnp.exe", "gnp exe"),
        ("<b>x</b>", "b x b"),
        ("x" * 200, "x" * 60),
    ],
)
def test_names_are_plain(name: str, shown: str) -> None:
    assert plain(name) == shown


def test_a_stranger_gets_no_address_but_ours() -> None:
    owner = make_user("olga", name="Visit www.evil.example")
    project = make_project(owner, "http://evil.example/ free")
    invite(actor_of(owner), project.pk, "new@example.org", "editor")
    assert send_letter(newest())
    body = mail.outbox[-1].body
    assert "evil.example" not in body
    assert body.count("://") == 1
    assert f"POST to {settings.BATON_BASE_URL}/api/invitations/accept/" in body


@pytest.mark.django_db(transaction=True)
def test_each_event_is_handed_over_and_again_where_that_failed() -> None:
    make_user("anna")
    handed: list[int] = []

    def hand_over(event_id: int) -> None:
        handed.append(event_id)
        if len(handed) == 1:
            raise ConnectionError

    let_the_log_settle()
    reaction = Reaction("account_mail_in_test", AccountMail(hand_over))
    with pytest.raises(ConnectionError):
        follow(reaction)
    while follow(reaction):
        pass
    registered = Event.objects.get(verb="user.registered").pk
    assert handed == [registered, registered]


def test_without_a_server_letters_are_files_for_their_owner(tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    with override_settings(EMAIL_BACKEND="baton.adapters.mail.FolderBackend", EMAIL_FILE_PATH=folder):
        user = make_user("anna", language="ru")
        request_password_reset(NOBODY, str(user.email), "net")
        send_letter(newest())
    (path,) = folder.iterdir()
    assert path.suffix == ".eml"
    assert path.stat().st_mode & 0o777 == 0o600
    message = message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=policy.default)
    assert (message["To"], message["Subject"]) == ("anna@example.org", "Новый пароль")
    assert "/api/auth/password-reset/confirm/" in message.get_content()
