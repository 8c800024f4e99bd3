from __future__ import annotations

import re
import socket
import ssl
import subprocess
import time
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from baton.adapters import smtp as adapter
from baton.adapters.mail import Letter, Verdict, send
from baton.adapters.smtp import close_idle
from tests.mail_server import HANG_UP, STALL, TRICKLE, MailServer, mail_server, send_to
from tests.receiver import speaking
from tests.threads import run_together

pytestmark = pytest.mark.any_database

PASSWORD = "h4sh & s4lt"


def letter(recipient: str = "anna@example.org", **fields: Any) -> Letter:
    values: Any = {"to": [recipient], "subject": "Müll", "text": "Hello\n", "message_id": "<1@tests>", **fields}
    return Letter(recipient, **values)


def test_a_letter_arrives_as_it_was_written(smtp: MailServer, settings: Any) -> None:
    reply = send(
        letter(to=["Anna <anna@example.org>", "ben@example.org"], html="<p>Hello</p>", headers={"X-Way": "in"})
    )
    assert (reply.verdict, reply.error) == (Verdict.SENT, "")
    [arrived] = smtp.arrived
    assert arrived.recipients == ("anna@example.org",)
    assert arrived.sender == "baton@localhost"
    found = arrived.message
    assert (arrived.subject, found["From"], found["To"]) == (
        "Müll",
        settings.DEFAULT_FROM_EMAIL,
        "Anna <anna@example.org>, ben@example.org",
    )
    assert (arrived.message_id, found["Auto-Submitted"], found["X-Way"]) == ("<1@tests>", "auto-generated", "in")
    assert (arrived.text, arrived.html) == ("Hello\n", "<p>Hello</p>")


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x1e", "\x85", "\u2028", "\u2029", "\0"])
@pytest.mark.parametrize("before", ["a", "ü"])
def test_no_line_of_a_title_becomes_a_header(smtp: MailServer, end: str, before: str) -> None:
    hostile = f"{before}{end}Bcc: eve@example.org{end}{end}body"
    send(letter(subject=hostile, headers={"X-Title": hostile}))
    [arrived] = smtp.arrived
    assert arrived.subject == arrived.message["X-Title"] == f"{before} Bcc: eve@example.org body"
    assert arrived.message["Bcc"] is None
    assert (arrived.text, arrived.recipients) == ("Hello\n", ("anna@example.org",))


@pytest.mark.parametrize(
    "subject",
    [
        "Müll",
        "ж" * 90,
        "Задача: " + "длинное слово " * 20,
        "a" * 300,
        "Task " + "word " * 60 + "end",
        "Müll " + "a" * 90,
    ],
)
def test_headers_begin_on_their_first_line(smtp: MailServer, subject: str) -> None:
    link = f"<https://tasks.example.org/letters/off/{'x' * 90}/>"
    send(letter(f"{'a' * 64}@example.org", subject=subject, headers={"List-Unsubscribe": link}))
    [arrived] = smtp.arrived
    assert arrived.subject == subject.strip()
    head = re.split("\r?\n\r?\n", arrived.content.decode("ascii", "replace"))[0].splitlines()
    assert [line for line in head if re.fullmatch(r"[\w-]+:\s*", line)] == []
    assert max(map(len, head)) <= 998
    assert arrived.message["List-Unsubscribe"] == link


def test_a_title_that_looks_encoded_is_what_it_looks_like(smtp: MailServer) -> None:
    title = "=?utf-8?q?Hello=0D=0ABcc=3A_eve=40example=2Eorg?="
    send(letter(subject=title))
    assert smtp.arrived[0].subject == title


def test_the_longest_title_keeps_lines_short(smtp: MailServer) -> None:
    send(letter(subject="ж" * 200, text="x" * 5000))
    [arrived] = smtp.arrived
    assert arrived.subject == "ж" * 200
    assert max(map(len, arrived.content.splitlines())) <= 998


@pytest.mark.parametrize(
    "stage, answer, verdict",
    [
        ("RCPT", "550 5.1.1 No such mailbox", Verdict.REFUSED),
        ("RCPT", "553 5.1.3 Bad address", Verdict.REFUSED),
        ("RCPT", "450 4.2.1 Busy", Verdict.FAILED),
        ("RCPT", "421 4.3.2 Closing", Verdict.FAILED),
        ("RCPT", "530 5.7.0 Log in first", Verdict.LOGIN_REFUSED),
        ("DATA", "552 5.3.4 Too big", Verdict.REFUSED),
        ("DATA", "554 5.7.1 Spam", Verdict.REFUSED),
        ("DATA", "451 4.7.1 Greylisted", Verdict.FAILED),
        ("DATA", "421 4.3.2 Closing", Verdict.FAILED),
        ("MAIL", "552 5.3.4 Too big", Verdict.REFUSED),
        ("MAIL", "550 5.7.1 You may not send as this", Verdict.FAILED),
        ("MAIL", "530 5.7.0 Log in first", Verdict.LOGIN_REFUSED),
        ("MAIL", "421 4.3.2 Closing", Verdict.FAILED),
        ("CONNECT", "554 5.3.2 Not today", Verdict.FAILED),
        ("CONNECT", "421 4.3.2 Not now", Verdict.FAILED),
    ],
)
def test_what_an_answer_means(smtp: MailServer, stage: str, answer: str, verdict: Verdict) -> None:
    smtp.will(stage, answer, times=1)
    reply = send(letter())
    assert (reply.verdict, reply.code) == (verdict, int(answer[:3]))
    assert reply.text == answer[4:]
    assert f"({answer[:3]})" in reply.error
    assert send(letter()).verdict is Verdict.SENT
    assert len(smtp.arrived) == 1


def test_one_refused_recipient_hurts_nobody_else(smtp: MailServer) -> None:
    smtp.will("RCPT", "550 No such mailbox", address="ben@example.org")
    names = ("anna", "ben", "carl")
    verdicts = [send(letter(f"{name}@example.org")).verdict for name in names]
    assert verdicts == [Verdict.SENT, Verdict.REFUSED, Verdict.SENT]
    assert [found.recipients[0] for found in smtp.arrived] == ["anna@example.org", "carl@example.org"]
    assert smtp.connections == 1


@pytest.mark.parametrize("recipient", ["", "anna@example.org\r\nRCPT TO:<eve@example.org>"])
def test_what_is_no_address_is_sent_nothing(smtp: MailServer, recipient: str) -> None:
    reply = send(letter(recipient, to=["anna@example.org"]))
    assert (reply.verdict, smtp.stages) == (Verdict.REFUSED, [])


def test_connection_refused(settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    send_to(settings, MailServer(port=port))
    reply = send(letter())
    assert (reply.verdict, reply.code) == (Verdict.FAILED, None)
    assert "refused" in reply.error


def test_the_name_server_knows_nothing_or_is_silent(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: Any, **_more: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    def stall(*_args: Any, **_more: Any) -> Any:
        time.sleep(2)
        return []

    send_to(settings, MailServer(port=1, host="mail.example"), EMAIL_TIMEOUT=0.3)
    monkeypatch.setattr(socket, "getaddrinfo", fail)
    reply = send(letter())
    assert reply.verdict is Verdict.FAILED
    assert "not known" in reply.error
    monkeypatch.setattr(socket, "getaddrinfo", stall)
    began = time.monotonic()
    assert send(letter()).verdict is Verdict.FAILED
    assert time.monotonic() - began < 1.5


@pytest.mark.parametrize("stage, what", [("CONNECT", STALL), ("RCPT", TRICKLE), ("DATA", STALL), ("DATA", TRICKLE)])
def test_no_server_keeps_a_letter_waiting_for_long(smtp: MailServer, settings: Any, stage: str, what: str) -> None:
    settings.EMAIL_TIMEOUT = 0.7
    smtp.will(stage, what)
    began = time.monotonic()
    reply = send(letter())
    assert 0.6 < time.monotonic() - began < 1.5
    assert (reply.verdict, reply.code) == (Verdict.FAILED, None)
    assert "within 0.7 seconds" in reply.error
    smtp.forgive()
    assert send(letter()).verdict is Verdict.SENT


def test_nor_one_that_takes_in_no_bytes(settings: Any) -> None:
    def speak(connected: socket.socket) -> None:
        for answer in (b"220 hi\r\n", b"250 hi\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go on\r\n"):
            connected.sendall(answer)
            if not answer.startswith(b"354"):
                connected.recv(1000)
        time.sleep(3)

    with speaking(speak) as port:
        send_to(settings, MailServer(port=port), EMAIL_TIMEOUT=0.7)
        began = time.monotonic()
        reply = send(letter(text="x" * 30_000_000))
        assert reply.verdict is Verdict.FAILED
        # Beside the deadline, thirty megabytes take their time to be written.
        assert time.monotonic() - began < 5


def test_what_is_no_smtp_is_a_failure(settings: Any) -> None:
    with speaking(lambda connected: connected.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as port:
        send_to(settings, MailServer(port=port))
        reply = send(letter())
    assert (reply.verdict, reply.code) == (Verdict.FAILED, None)


def test_letters_share_a_connection(smtp: MailServer) -> None:
    assert {send(letter()).verdict for _ in range(20)} == {Verdict.SENT}
    assert (len(smtp.arrived), smtp.connections) == (20, 1)


def test_threads_never_share_one_at_a_time(smtp: MailServer) -> None:
    def send_some(number: int) -> None:
        for index in range(25):
            assert send(letter(f"u{number}-{index}@example.org")).verdict is Verdict.SENT

    run_together(*(lambda number=number: send_some(number) for number in range(4)))
    assert len({found.recipients for found in smtp.arrived}) == 100
    assert smtp.connections <= 4


@pytest.mark.parametrize("how", [HANG_UP, "421 4.4.2 Idle for too long"])
def test_a_connection_that_the_server_dropped_is_opened_again_at_no_cost(smtp: MailServer, how: str) -> None:
    send(letter())
    smtp.will("MAIL", how, times=1)
    assert send(letter()).verdict is Verdict.SENT
    assert (len(smtp.arrived), smtp.connections) == (2, 2)


def test_once(smtp: MailServer) -> None:
    send(letter())
    smtp.will("MAIL", HANG_UP)
    assert send(letter()).verdict is Verdict.FAILED
    assert smtp.connections == 2


def test_a_letter_that_had_begun_is_not_sent_again(smtp: MailServer) -> None:
    send(letter())
    smtp.will("DATA", HANG_UP, times=1)
    assert send(letter()).verdict is Verdict.FAILED
    assert smtp.stages.count("DATA") == 2


def test_connections_that_nobody_uses_are_closed(smtp: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "IDLE_SECONDS", 0.2)
    monkeypatch.setattr(adapter, "_idle", adapter._Idle())
    send(letter())
    time.sleep(0.6)
    send(letter())
    assert smtp.connections == 2


def test_another_server_gets_a_connection_of_its_own(smtp: MailServer, settings: Any) -> None:
    send(letter())
    with mail_server() as other:
        send_to(settings, other)
        send(letter())
        close_idle()
    assert (len(smtp.arrived), len(other.arrived)) == (1, 1)


def test_logs_in(smtp: MailServer, settings: Any) -> None:
    send_to(settings, smtp, EMAIL_HOST_USER="joe", EMAIL_HOST_PASSWORD=PASSWORD)
    assert send(letter()).verdict is Verdict.SENT
    [given] = smtp.logins
    assert (given.login, given.password) == (b"joe", PASSWORD.encode())


def test_a_refused_log_in_gives_the_password_away_to_nobody(smtp: MailServer, settings: Any) -> None:
    send_to(settings, smtp, EMAIL_HOST_USER="joe", EMAIL_HOST_PASSWORD=PASSWORD)
    plain = b64encode(f"\0joe\0{PASSWORD}".encode()).decode()
    alone = b64encode(PASSWORD.encode()).decode()
    smtp.will("AUTH", f"535 5.7.8 I was told {plain}, which is {alone} or {PASSWORD}")
    reply = send(letter())
    assert (reply.verdict, reply.code) == (Verdict.LOGIN_REFUSED, 535)
    assert reply.text.startswith("5.7.8 I was told …")
    assert not any(secret.rstrip("=") in repr(reply) for secret in (PASSWORD, plain, alone))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if which("openssl") is None:
        pytest.skip("no openssl to make a certificate with")
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject]
    subprocess.run([*made, "-keyout", path, "-out", path.with_suffix(".crt")], check=True, capture_output=True)
    path.write_text(path.read_text() + path.with_suffix(".crt").read_text())
    return path


class TestTls:
    @pytest.fixture
    def trusted(self, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ssl.SSLContext]:
        """Give a server's context whose certificate is believed."""
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_suffix(".crt")))
        adapter._trust.cache_clear()
        yield self.context(certificate)
        close_idle()
        adapter._trust.cache_clear()

    @staticmethod
    def context(certificate: Path) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        return context

    @pytest.mark.parametrize("way", ["tls", "starttls"])
    def test_letters_are_encrypted_and_waits_still_end(self, way: str, trusted: ssl.SSLContext, settings: Any) -> None:
        with mail_server(tls=trusted, is_starttls=way == "starttls") as server:
            send_to(settings, server, EMAIL_USE_SSL=way == "tls", EMAIL_USE_TLS=way == "starttls")
            assert send(letter(text="x" * 300_000)).verdict is Verdict.SENT
            assert send(letter()).verdict is Verdict.SENT
            settings.EMAIL_TIMEOUT = 0.7
            server.will("DATA", TRICKLE, times=1)
            began = time.monotonic()
            assert send(letter()).verdict is Verdict.FAILED
            assert time.monotonic() - began < 1.5

    @pytest.mark.parametrize("way", ["tls", "starttls"])
    def test_a_server_that_nobody_vouches_for_gets_nothing(self, way: str, certificate: Path, settings: Any) -> None:
        adapter._trust.cache_clear()
        with mail_server(tls=self.context(certificate), is_starttls=way == "starttls") as server:
            send_to(settings, server, EMAIL_USE_SSL=way == "tls", EMAIL_USE_TLS=way == "starttls")
            reply = send(letter())
        assert (reply.verdict, server.stages.count("MAIL")) == (Verdict.FAILED, 0)
        assert "certificate" in reply.error

    def test_nothing_goes_unencrypted_that_should_not(self, smtp: MailServer, settings: Any) -> None:
        settings.EMAIL_USE_TLS = True
        assert send(letter()).verdict is Verdict.FAILED
        assert "MAIL" not in smtp.stages
