"""The letters of a server without SMTP."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from baton.adapters.mail import Letter, send
from baton.core.models import User
from tests.cast import Cast
from tests.factories import make_user
from tests.surfaces.admin.world import make_root, sign_in

LIST = "/admin/mail/"


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.EMAIL_BACKEND = "baton.adapters.mail_folder.FolderBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    return tmp_path / "mail"


@pytest.fixture
def browser(cast: Cast) -> Client:
    return sign_in(make_root(cast))


def write(subject: str = "Müll", text: str = "Hello\n", html: str = "") -> str:
    send(Letter("anna@example.org", ("Anna <anna@example.org>",), subject, text, "<1@tests>", html))
    return subject


def only(folder: Path) -> str:
    [path] = folder.iterdir()
    return f"{LIST}{path.name}/"


def test_the_newest_stands_first(browser: Client, folder: Path) -> None:
    assert "There are no letters" in browser.get(LIST).text
    subjects = [write(f"Letter {number}") for number in range(3)]
    page = browser.get(LIST).text
    assert sorted(subjects, key=page.index) == subjects[::-1]
    assert "Anna &lt;anna@example.org&gt;" in page
    assert reverse("admin:mail") in browser.get(reverse("admin:index")).text


def test_it_has_pages(browser: Client, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("baton.surfaces.admin.written_mail.PAGE", 2)
    for number in range(3):
        write(f"Letter {number}")
    first = browser.get(LIST)
    assert [letter.subject for letter in first.context["letters"]] == ["Letter 2", "Letter 1"]
    second = browser.get(LIST, {"before": first.context["older"]})
    assert [letter.subject for letter in second.context["letters"]] == ["Letter 0"]
    assert second.context["older"] == ""


def test_a_letter_is_shown_whole_and_can_do_nothing(browser: Client, folder: Path) -> None:
    write("<b>Müll</b>", "Hello <i>you</i>\n", '<p onclick="x()">Hello</p><script>alert("1")</script>')
    page = browser.get(only(folder)).text
    assert "&lt;b&gt;Müll&lt;/b&gt;" in page
    assert "Hello &lt;i&gt;you&lt;/i&gt;" in page
    assert "auto-generated" in page
    assert '<iframe title="HTML" sandbox ' in page
    assert "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    "name",
    [
        "..%2Fsecret_key",
        "..",
        "%2Fetc%2Fpasswd",
        "20261121-000000-../../x.eml",
        "20261121-000000-0.eml%00",
        "x.eml",
        ".",
    ],
)
def test_nothing_but_letters_is_read(browser: Client, folder: Path, name: str) -> None:
    write()
    (folder.parent / "secret_key").write_text("hush")
    assert browser.get(f"{LIST}{name}/").status_code in (302, 404)


def test_links_lead_nowhere(browser: Client, folder: Path) -> None:
    write()
    (folder.parent / "secret_key").write_text("hush")
    (folder / "20990101-000000-abc.eml").symlink_to(folder.parent / "secret_key")
    assert browser.get(f"{LIST}20990101-000000-abc.eml/").status_code == 404
    assert len(browser.get(LIST).context["letters"]) == 1


def test_a_broken_file_hides_no_other(browser: Client, folder: Path) -> None:
    write()
    (folder / "20990101-000000-abc.eml").write_bytes(
        b"Subject: =?x-no?b?gg==?=\nContent-Type: text/plain; charset=no\n\n\xff"
    )
    (folder / "20990101-000000-abd.eml").write_bytes(b"")
    assert len(browser.get(LIST).context["letters"]) == 3
    assert browser.get(f"{LIST}20990101-000000-abc.eml/").status_code == 200


@pytest.mark.parametrize("person", ["staff", "user", "nobody"])
def test_who_could_not_open_the_accounts_reads_none_of_their_letters(cast: Cast, folder: Path, person: str) -> None:
    write()
    user = make_user("staffan")
    User.objects.filter(pk=user.pk).update(is_staff=person == "staff")
    browser = Client() if person == "nobody" else sign_in(User.objects.get(pk=user.pk))
    for path in (LIST, only(folder)):
        answer = browser.get(path)
        assert answer.status_code == (403 if person == "staff" else 302)
        assert "Müll" not in answer.text
    if person == "staff":
        assert "mail/" not in browser.get(reverse("admin:index")).text


def test_with_a_server_there_is_no_such_page(browser: Client, folder: Path, settings: Any) -> None:
    write()
    settings.EMAIL_HOST = "mail.example"
    assert browser.get(LIST).status_code == browser.get(only(folder)).status_code == 404
    assert "admin/mail" not in browser.get(reverse("admin:index")).text
