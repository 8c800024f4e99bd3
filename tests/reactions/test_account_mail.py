from __future__ import annotations

import re
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

from baton.core.commands.accounts import change_password
from baton.core.commands.invitations import invite, withdraw_invitation
from baton.core.commands.members import change_role
from baton.core.commands.password_reset import request_password_reset
from baton.core.commands.webhook_upkeep import pause_by_system, pause_webhook, resume_webhook
from baton.core.commands.webhooks import create_webhook
from baton.core.models import Attempt, Delivery, Event, Role, User
from baton.core.models.webhook import PauseReason
from baton.reactions.account_mail import QueueAccountLetters
from baton.reactions.letters.account import plain
from tests.factories import NOBODY, PASSWORD, actor_of, add_member, make_project, make_user
from tests.post import mail_deliveries, post, post_account_letters

pytestmark = pytest.mark.django_db


def letter_to(user: User, letter: str) -> Any:
    """Return the letter as it was sent, the only one of its name."""
    post_account_letters()
    [sent] = [row for row in mail_deliveries() if (row.recipient, row.letter) == (user.pk, letter)]
    assert sent.state == "delivered", sent.last_error
    [message] = [found for found in mail.outbox if found.extra_headers["Message-ID"] == sent.message_id]
    return message


def queue() -> None:
    QueueAccountLetters(lambda: None)(list(Event.objects.order_by("pk")))


def states_of(letter: str) -> list[tuple[str, str]]:
    return [(row.state, row.last_error) for row in mail_deliveries() if row.letter == letter]


def letter_for(language: str = "en", **fields: Any) -> Any:
    user = make_user("anna", language=language, **fields)
    request_password_reset(NOBODY, str(user.email), "net")
    return letter_to(user, "reset_password")


def test_people_are_written_to_in_their_language() -> None:
    letter = letter_for("ru")
    assert letter.subject == "Новый пароль"
    assert "Здравствуйте, anna!" in letter.body
    assert letter.from_email == settings.DEFAULT_FROM_EMAIL


def test_a_letter_has_one_name_however_often_it_is_tried() -> None:
    letter = letter_for()
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"
    names = {row.message_id for row in mail_deliveries()}
    assert len(names) == 2  # it, and the one that verifies the address
    assert post_account_letters() == []
    Delivery.objects.update(state="waiting", finished_at=None)
    post()
    assert {message.extra_headers["Message-ID"] for message in mail.outbox} == names


def test_who_needs_it_no_more_is_not_written_to() -> None:
    user = make_user("anna")
    request_password_reset(NOBODY, str(user.email), "net")
    queue()
    User.objects.update(is_verified=True, is_active=False)
    assert post_account_letters() == []
    assert states_of("reset_password") == [("cancelled", "They have no account any more, or a closed one.")]
    User.objects.update(is_active=True)
    Delivery.objects.update(state="waiting", finished_at=None)
    assert [letter.subject for letter in post_account_letters()] == ["Set a new password"]
    assert states_of("verify_email") == [("cancelled", "The address is verified.")]


def test_nobody_is_asked_for_without_an_address() -> None:
    make_user("nina", email=None)
    request_password_reset(NOBODY, "nobody@example.org", "net")
    assert post_account_letters() == mail_deliveries() == []


def test_who_came_with_an_older_system_gets_no_letter() -> None:
    make_user("anna")
    Event.objects.update(surface="import")
    assert post_account_letters() == mail_deliveries() == []


def test_a_letter_that_is_a_day_late_is_not_sent() -> None:
    make_user("anna")
    queue()
    Event.objects.update(at=timezone.now() - timedelta(days=1))
    assert post_account_letters() == []
    [(state, reason)] = states_of("verify_email")
    assert state == "cancelled"
    assert "late" in reason


def test_nor_is_its_delivery_written() -> None:
    make_user("anna")
    Event.objects.update(at=timezone.now() - timedelta(days=1))
    assert post_account_letters() == mail_deliveries() == []


def test_a_changed_password_is_told() -> None:
    anna = make_user("anna", language="ru")
    change_password(actor_of(anna), PASSWORD, "a lantern in fog", "net")
    letter = letter_to(anna, "password_changed")
    assert letter.subject == "Ваш пароль изменён"
    assert "a lantern" not in letter.body
    assert f"{settings.BATON_BASE_URL}/api/auth/password-reset/" in letter.body


def test_a_proof_is_stored_nowhere() -> None:
    anna = make_user("anna")
    request_password_reset(NOBODY, "anna@example.org", "net")
    letter = letter_to(anna, "reset_password")
    [proof] = re.findall(r"^\S{40,}$", letter.body, re.MULTILINE)
    stored = [str(row) for model in (Delivery, Attempt, Event) for row in model.objects.values()]
    assert not any(proof in row for row in stored)


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
    letter = next(found for found in post_account_letters() if found.to == ["new@example.org"])
    assert "evil.example" not in letter.body
    assert letter.body.count("://") == 1
    assert f"POST to {settings.BATON_BASE_URL}/api/invitations/accept/" in letter.body
    assert [(row.recipient, row.project_id) for row in mail_deliveries() if row.letter == "invitation"] == [
        (0, project.pk)
    ]


def test_who_has_an_account_is_invited_in_their_language() -> None:
    owner, anna = make_user("olga"), make_user("anna", language="ru")
    invitation = invite(actor_of(owner), make_project(owner).pk, "Anna@example.org", "editor")
    assert letter_to(anna, "invitation").subject == "Приглашение в проект"
    Delivery.objects.update(state="waiting", finished_at=None)
    withdraw_invitation(actor_of(owner), invitation.project_id, invitation.pk)
    post()
    assert states_of("invitation") == [("cancelled", "The invitation is over.")]


def test_a_worker_is_woken_once_the_letters_are_written(
    django_capture_on_commit_callbacks: Any,
) -> None:
    make_user("anna")
    woken: list[bool] = []
    with django_capture_on_commit_callbacks(execute=True):
        QueueAccountLetters(lambda: woken.append(True))(list(Event.objects.all()))
        assert woken == []
    assert woken == [True]


def test_without_a_server_letters_are_files_for_their_owner(tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    with override_settings(EMAIL_BACKEND="baton.adapters.mail_folder.FolderBackend", EMAIL_FILE_PATH=folder):
        user = make_user("anna", language="ru")
        User.objects.update(is_verified=True)
        request_password_reset(NOBODY, str(user.email), "net")
        post_account_letters()
    (path,) = folder.iterdir()
    assert path.suffix == ".eml"
    assert path.stat().st_mode & 0o777 == 0o600
    message = message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=policy.default)
    assert (message["To"], message["Subject"]) == ("anna@example.org", "Новый пароль")
    body = message.get_body(("plain",))
    assert body is not None
    assert "/api/auth/password-reset/confirm/" in body.get_content()


@pytest.mark.parametrize("reason, words", [("gone", "410"), ("failing", "for days"), ("owner_left", "no owner")])
def test_a_webhook_that_pauses_by_itself_is_told_of(reason: str, words: str) -> None:
    anna = make_user("anna")
    hook, _ = create_webhook(actor_of(anna), {"url": "https://example.com/s3cret"}, project_id=make_project(anna).pk)
    pause_by_system(hook.pk, PauseReason(reason))
    letter = letter_to(anna, "webhook_paused")
    assert (letter.to, letter.subject) == (["anna@example.org"], "A webhook is paused")
    assert words in letter.body
    assert f"/api/webhooks/{hook.pk}/resume/" in letter.body
    assert "https://example.com at" in letter.body
    assert "s3cret" not in letter.body


def test_it_is_written_in_russian() -> None:
    anna = make_user("anna", language="ru")
    hook, _ = create_webhook(actor_of(anna), {"url": "https://example.com/"})
    pause_by_system(hook.pk, PauseReason.FAILING)
    assert letter_to(anna, "webhook_paused").subject == "Вебхук приостановлен"


def test_the_projects_owner_hears_when_nobody_answers_for_its_webhook() -> None:
    anna, ben = make_user("anna"), make_user("ben")
    project = make_project(anna)
    add_member(project, ben, Role.OWNER)
    hook, _ = create_webhook(actor_of(ben), {"url": "https://example.com/"}, project_id=project.pk)
    change_role(actor_of(anna), project.pk, ben.pk, Role.EDITOR)
    pause_by_system(hook.pk, PauseReason.OWNER_LEFT)
    assert letter_to(anna, "webhook_paused").to == ["anna@example.org"]


def test_no_letter_of_a_pause_by_hand_or_one_that_is_over() -> None:
    anna = make_user("anna")
    hook, _ = create_webhook(actor_of(anna), {"url": "https://example.com/"})
    pause_webhook(actor_of(anna), hook.pk)
    resume_webhook(actor_of(anna), hook.pk)
    pause_by_system(hook.pk, PauseReason.GONE)
    queue()
    resume_webhook(actor_of(anna), hook.pk)
    post_account_letters()
    assert states_of("webhook_paused") == [("cancelled", "The webhook is gone, or goes on.")]
