"""The letters that people get: what is to be sent, and what a mail program reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

from django.conf import settings
from django.core import mail
from django.db.models import F
from django.test import override_settings

from baton.adapters.mail import Letter
from baton.core.models import Delivery, User
from baton.core.models.delivery import Channel
from baton.reactions.deliver import deliver_due
from baton.reactions.letters.composing import Answer, compose


def letters_to(user: User) -> list[Delivery]:
    """Return the letters to somebody, the oldest first."""
    return list(Delivery.objects.filter(channel=Channel.MAIL, recipient=user.pk).order_by("pk"))


def the_letter_to(user: User) -> Letter:
    """Return what stands in the only letter to somebody."""
    answer = the_answer_for(user)
    assert isinstance(answer, Letter), answer
    return answer


def the_answer_for(user: User) -> Answer:
    """Return the only letter to somebody, or why there is nothing to send."""
    (delivery,) = letters_to(user)
    return compose(delivery)


def post(after: timedelta = timedelta()) -> list[EmailMessage]:
    """Let time pass, send what is due, and return what has come, as a mail program reads it."""
    if after:
        # SQLite writes a difference more finely than its clock, and so what is due this millisecond as due in the next.
        Delivery.objects.update(next_try_at=F("next_try_at") - after - timedelta(milliseconds=1))
    mail.outbox.clear()
    deliver_due(5, wake_another=lambda: None)
    return [
        BytesParser(_class=EmailMessage, policy=default).parsebytes(one.message().as_bytes()) for one in mail.outbox
    ]


def text_of(message: EmailMessage) -> str:
    """Return the plain text, with the line ends of the letter."""
    part = message.get_body(("plain",))
    assert part is not None
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode().replace("\r\n", "\n")


class Missing(str):
    """What a template that names something unknown is given: it raises."""

    __slots__ = ()

    def __contains__(self, key: object) -> bool:
        return key == "%s"

    def __mod__(self, name: Any) -> str:
        raise AssertionError(f"a letter names {name}, which it does not have")


@contextmanager
def strict_templates() -> Iterator[None]:
    """Have templates raise for what they name and are not given."""
    (engine,) = settings.TEMPLATES
    options = {**engine["OPTIONS"], "string_if_invalid": Missing("x")}
    with override_settings(TEMPLATES=[{**engine, "OPTIONS": options}]):
        yield
