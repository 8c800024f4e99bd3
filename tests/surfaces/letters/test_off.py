"""Letters are switched off by their links: by a button on a page, or by a mail program, and never by looking."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from baton.core.models import NotificationSetting, UnwantedLetter, User
from baton.core.models.notification import Kind, Mode
from baton.reactions.letters.headers import off_headers
from baton.reactions.letters.links import off_link
from tests.cast import Cast
from tests.factories import make_task
from tests.reactions.letters.posted import letters_to, post
from tests.told import Log
from tests.traces import nothing_changes

pytestmark = pytest.mark.django_db


def path_of(user: User, letters: str) -> str:
    return re.sub("^https?://[^/]+", "", off_link(user.pk, letters))


def modes_of(user: User) -> dict[str, str]:
    return dict(NotificationSetting.objects.filter(user=user, project=None).values_list("kind", "mode"))


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_looking_changes_nothing(cast: Cast, method: str) -> None:
    with nothing_changes():
        answer = getattr(Client(), method)(path_of(cast.editor, Kind.COMMENTED))
    assert answer.status_code in (200, 204)


def test_the_page_asks_and_its_button_does_it(cast: Cast) -> None:
    browser = Client(enforce_csrf_checks=True)
    path = path_of(cast.editor, Kind.COMMENTED)
    page = browser.get(path)
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "letters about comments" in page.content.decode()
    assert '<form method="post">' in page.content.decode()
    done = browser.post(path)
    assert (done.status_code, modes_of(cast.editor)) == (200, {Kind.COMMENTED: Mode.OFF})
    assert "You will get no more letters about comments." in done.content.decode()
    assert "<form" not in done.content.decode()


def test_a_mail_program_does_it_with_what_the_letter_says(cast: Cast) -> None:
    log = Log()
    make_task(cast.owner, cast.project, assignees=[cast.editor.pk])
    log.tell()
    (message,) = post()
    address = message["List-Unsubscribe"].strip(" <>")
    field, value = message["List-Unsubscribe-Post"].split("=")
    answer = Client(enforce_csrf_checks=True).post(re.sub("^https?://[^/]+", "", address), {field: value})
    assert answer.status_code == 200
    make_task(cast.owner, cast.project, assignees=[cast.editor.pk])
    log.tell()
    assert len(letters_to(cast.editor)) == 1


@pytest.mark.parametrize(
    "letters, words",
    [
        (Mode.DAILY.value, "daily digests"),
        ("report:7", "weekly reports of this project"),
        ("issues_assigned", "letters of this kind"),
    ],
)
def test_the_page_says_which_letters(cast: Cast, letters: str, words: str) -> None:
    assert words in Client().get(path_of(cast.editor, letters)).content.decode()


def test_twice_is_once(cast: Cast) -> None:
    path = path_of(cast.editor, "issues_assigned")
    for _ in range(2):
        assert Client().post(path).status_code == 200
    assert UnwantedLetter.objects.get().user == cast.editor


@pytest.mark.parametrize("body, media_type", [("{", "application/json"), ("\x00", "text/plain"), ("", "image/png")])
def test_it_does_not_matter_what_is_sent(cast: Cast, body: str, media_type: str) -> None:
    answer = Client().generic("POST", path_of(cast.editor, Kind.OVERDUE), body, media_type)
    assert (answer.status_code, modes_of(cast.editor)) == (200, {Kind.OVERDUE: Mode.OFF})


def test_people_are_spoken_to_in_their_language(cast: Cast) -> None:
    User.objects.filter(pk=cast.editor.pk).update(language="ru")
    for method, words in (("get", "Больше не писать?"), ("post", "Больше не будут приходить письма о комментариях.")):
        page = getattr(Client(), method)(path_of(cast.editor, Kind.COMMENTED), headers={"accept-language": "en"})
        assert words in page.content.decode()
        assert page.headers["Content-Language"] == "ru"


def test_the_page_keeps_to_itself(cast: Cast) -> None:
    page = Client().get(path_of(cast.editor, Kind.COMMENTED))
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_forged_address_is_none(cast: Cast, method: str) -> None:
    path = path_of(cast.editor, Kind.COMMENTED)
    other = path_of(cast.owner, Kind.COMMENTED)
    payload, signature = path.removesuffix("/").rsplit(":", 1)
    forged = [
        path[:-2] + "x/",
        f"{other.rsplit(':', 1)[0]}:{signature}/",
        f"{payload}/",
        "/letters/off/x/",
        "/letters/off/%00/",
        f"/letters/off/{'x' * 4000}/",
    ]
    with nothing_changes():
        for one in forged:
            assert getattr(Client(), method)(one).status_code == 404


def test_a_closed_account_is_left_alone(cast: Cast) -> None:
    User.objects.filter(pk=cast.editor.pk).update(is_active=False)
    with nothing_changes():
        assert Client().post(path_of(cast.editor, Kind.COMMENTED)).status_code == 200


def test_other_methods_are_refused(cast: Cast) -> None:
    assert Client().delete(path_of(cast.editor, Kind.COMMENTED)).status_code == 405


def test_the_header_is_an_address_in_brackets(cast: Cast) -> None:
    assert off_headers("https://x.example/off/")["List-Unsubscribe"] == "<https://x.example/off/>"
