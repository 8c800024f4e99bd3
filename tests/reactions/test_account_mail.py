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
from baton.core.commands.members import change_role
from baton.core.commands.password_reset import request_password_reset
from baton.core.commands.webhook_upkeep import pause_by_system, pause_webhook, resume_webhook
from baton.core.commands.webhooks import create_webhook
from baton.core.models import Event, Role, User
from baton.core.models.webhook import PauseReason
from baton.reactions.account_mail import AccountMail, plain, send_letter
from baton.reactions.follow import Reaction, follow
from tests.factories import NOBODY, actor_of, add_member, make_project, make_user
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
    with override_settings(EMAIL_BACKEND="baton.adapters.mail_folder.FolderBackend", EMAIL_FILE_PATH=folder):
        user = make_user("anna", language="ru")
        request_password_reset(NOBODY, str(user.email), "net")
        send_letter(newest())
    (path,) = folder.iterdir()
    assert path.suffix == ".eml"
    assert path.stat().st_mode & 0o777 == 0o600
    message = message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=policy.default)
    assert (message["To"], message["Subject"]) == ("anna@example.org", "Новый пароль")
    assert "/api/auth/password-reset/confirm/" in message.get_body(("plain",)).get_content()  # type: ignore[union-attr]


@pytest.mark.parametrize("reason, words", [("gone", "410"), ("failing", "for days"), ("owner_left", "no owner")])
def test_a_webhook_that_pauses_by_itself_is_told_of(reason: str, words: str) -> None:
    anna = make_user("anna")
    hook, _ = create_webhook(actor_of(anna), {"url": "https://example.com/s3cret"}, project_id=make_project(anna).pk)
    pause_by_system(hook.pk, PauseReason(reason))
    assert send_letter(newest())
    letter = mail.outbox[-1]
    assert (letter.to, letter.subject) == (["anna@example.org"], "A webhook is paused")
    assert words in letter.body
    assert f"/api/webhooks/{hook.pk}/resume/" in letter.body
    assert "https://example.com at" in letter.body
    assert "s3cret" not in letter.body


def test_it_is_written_in_russian() -> None:
    anna = make_user("anna", language="ru")
    hook, _ = create_webhook(actor_of(anna), {"url": "https://example.com/"})
    pause_by_system(hook.pk, PauseReason.FAILING)
    assert send_letter(newest())
    assert mail.outbox[-1].subject == "Вебхук приостановлен"


def test_the_projects_owner_hears_when_nobody_answers_for_its_webhook() -> None:
    anna, ben = make_user("anna"), make_user("ben")
    project = make_project(anna)
    add_member(project, ben, Role.OWNER)
    hook, _ = create_webhook(actor_of(ben), {"url": "https://example.com/"}, project_id=project.pk)
    change_role(actor_of(anna), project.pk, ben.pk, Role.EDITOR)
    pause_by_system(hook.pk, PauseReason.OWNER_LEFT)
    assert send_letter(newest())
    assert mail.outbox[-1].to == ["anna@example.org"]


def test_no_letter_of_a_pause_by_hand_or_one_that_is_over() -> None:
    anna = make_user("anna")
    hook, _ = create_webhook(actor_of(anna), {"url": "https://example.com/"})
    pause_webhook(actor_of(anna), hook.pk)
    assert not send_letter(newest())
    resume_webhook(actor_of(anna), hook.pk)
    pause_by_system(hook.pk, PauseReason.GONE)
    paused = newest()
    resume_webhook(actor_of(anna), hook.pk)
    assert not send_letter(paused)
