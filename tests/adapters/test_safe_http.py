from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

import pytest

from baton.adapters import safe_http
from baton.adapters.safe_http import LARGEST_ANSWER, Forbidden, OutgoingError, post
from tests.receiver import Receiver, Sent, receiving, speaking


@pytest.fixture(autouse=True)
def _one_address_is_allowed(settings: Any) -> None:
    settings.BATON_OUTGOING_NETWORKS = (ip_network("127.0.0.1/32"),)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def canary() -> Iterator[socket.socket]:
    """A socket that nobody may reach."""
    with socket.create_server(("127.0.0.2", 0)) as listening:
        listening.settimeout(0.2)
        yield listening


def is_untouched(canary: socket.socket) -> bool:
    try:
        canary.accept()[0].close()
    except TimeoutError:
        return True
    return False


def url_of(canary: socket.socket, scheme: str = "http") -> str:
    return f"{scheme}://127.0.0.2:{canary.getsockname()[1]}/"


def redirect(location: str, status: int = 307) -> Any:
    return lambda _sent: (status, {"Location": location}, b"")


def test_posts_and_returns_the_answer(receiver: Receiver) -> None:
    receiver.reply = lambda _sent: (418, {"X-Kind": "teapot"}, b"short and stout")
    answer = post(f"{receiver.url}?a=b", b"tea", {"Content-Type": "text/plain"})
    assert (answer.status, answer.headers["x-kind"], answer.body) == (418, "teapot", b"short and stout")
    [sent] = receiver.sent
    assert (sent.path, sent.body, sent.headers["host"]) == ("/hook?a=b", b"tea", f"127.0.0.1:{receiver.port}")


def test_a_canary_sees_who_calls_it(canary: socket.socket, settings: Any) -> None:
    """The tests below are worth something only if this one passes."""
    settings.BATON_OUTGOING_NETWORKS = (ip_network("127.0.0.0/8"),)
    with pytest.raises(OutgoingError):
        post(url_of(canary), b"", {}, seconds=0.3)
    assert not is_untouched(canary)


def test_calls_nothing_inside(canary: socket.socket) -> None:
    port = canary.getsockname()[1]
    for host in ("127.0.0.2", "127.2", "0x7f000002", "2130706434", "0177.0.0.2", "127.0.0.2.", "[::ffff:127.0.0.2]"):
        with pytest.raises(OutgoingError):
            post(f"http://{host}:{port}/", b"", {})
    assert is_untouched(canary)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_every_hop_is_checked(receiver: Receiver, canary: socket.socket, status: int) -> None:
    receiver.reply = redirect(url_of(canary), status)
    with pytest.raises(Forbidden):
        post(receiver.url, b"", {})
    assert len(receiver.sent) == 1
    assert is_untouched(canary)


def test_follows_at_most_three_redirects_with_the_same_body(receiver: Receiver) -> None:
    def reply(sent: Sent) -> Any:
        step = int(sent.path.rpartition("/")[2]) if sent.path != "/hook" else 0
        return redirect(f"/{step + 1}", 302)(sent) if step < steps else (200, {}, b"here")

    receiver.reply, steps = reply, 3
    assert post(receiver.url, b"tea", {"Webhook-Id": "evt_1"}).body == b"here"
    assert [sent.path for sent in receiver.sent] == ["/hook", "/1", "/2", "/3"]
    assert {(sent.body, sent.headers["webhook-id"]) for sent in receiver.sent} == {(b"tea", "evt_1")}
    steps = 4
    with pytest.raises(OutgoingError, match="3 redirects"):
        post(receiver.url, b"tea", {})


def test_a_303_is_an_answer(receiver: Receiver) -> None:
    receiver.reply = redirect("/other", 303)
    assert post(receiver.url, b"", {}).status == 303


def test_another_answer_of_the_name_server_changes_nothing(receiver: Receiver, canary: socket.socket) -> None:
    answers = iter([["127.0.0.1"], ["127.0.0.2"], ["127.0.0.2"]])
    asked = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return next(answers)

    assert post(f"http://rebind.example:{receiver.port}/", b"", {}, resolve=resolve).status == 204
    assert asked == ["rebind.example"]
    assert receiver.sent[0].headers["host"] == f"rebind.example:{receiver.port}"
    with pytest.raises(Forbidden):
        post(f"http://rebind.example:{canary.getsockname()[1]}/", b"", {}, resolve=resolve)
    assert is_untouched(canary)


def test_a_name_with_a_public_and_an_inner_address_is_refused(receiver: Receiver, canary: socket.socket) -> None:
    with pytest.raises(Forbidden):
        post(f"http://two.example:{receiver.port}/", b"", {}, resolve=lambda *_: ["127.0.0.1", "127.0.0.2"])
    assert receiver.sent == []


def test_no_proxy_of_the_environment_is_used(
    receiver: Receiver, canary: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, url_of(canary))
    assert post(receiver.url, b"", {}).status == 204
    assert is_untouched(canary)


def test_https_only(receiver: Receiver, settings: Any) -> None:
    settings.BATON_OUTGOING_HTTPS_ONLY = True
    with pytest.raises(Forbidden):
        post(receiver.url, b"", {})
    assert receiver.sent == []


def test_reads_64_kb_of_an_answer(receiver: Receiver) -> None:
    receiver.reply = lambda _sent: (200, {}, b"x" * 10_000_000)
    assert len(post(receiver.url, b"", {}).body) == LARGEST_ANSWER


def trickle(connected: socket.socket) -> None:
    connected.recv(65536)
    connected.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n")
    for _ in range(10_000):
        connected.sendall(b"x")
        time.sleep(0.02)


def trickle_headers(connected: socket.socket) -> None:
    connected.recv(65536)
    connected.sendall(b"HTTP/1.1 200 OK\r\n")
    for _ in range(10_000):
        connected.sendall(b"X-A: b\r\n")
        time.sleep(0.02)


def read_nothing(connected: socket.socket) -> None:
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    time.sleep(3)


@pytest.mark.parametrize("speak", [trickle, trickle_headers, read_nothing, lambda _connected: time.sleep(3)])
def test_nobody_keeps_it_waiting(speak: Any) -> None:
    with speaking(speak) as port:
        began = time.monotonic()
        with pytest.raises(OutgoingError, match=r"within 0\.5 seconds|in time"):
            post(f"http://127.0.0.1:{port}/", b"x" * 20_000_000, {}, seconds=0.5)
        assert time.monotonic() - began < 1.5


def test_a_slow_name_server_is_not_waited_for() -> None:
    began = time.monotonic()
    with pytest.raises(OutgoingError, match="in time"):
        post("http://slow.example/", b"", {}, seconds=0.2, resolve=_slowly)
    assert time.monotonic() - began < 0.9


def endless_headers(connected: socket.socket) -> None:
    connected.recv(65536)
    connected.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connected.sendall(b"X-A: " + b"b" * 1000 + b"\r\n")


def test_headers_are_bounded() -> None:
    with speaking(endless_headers) as port, pytest.raises(OutgoingError):
        post(f"http://127.0.0.1:{port}/", b"", {}, seconds=5)


def test_what_does_not_answer_is_an_outgoing_error() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(OutgoingError, match="connection failed"):
            post(f"http://127.0.0.1:{unused.getsockname()[1]}/", b"", {})
    with speaking(lambda connected: connected.sendall(b"SSH-2.0-x\r\n")) as port:
        for scheme in ("http", "https"):
            with pytest.raises(OutgoingError):
                post(f"{scheme}://127.0.0.1:{port}/", b"", {})
    with pytest.raises(OutgoingError, match="looked up"):
        post("http://nobody.example/", b"", {}, resolve=_no_such_host)


def _slowly(host: str, port: int) -> list[str]:
    time.sleep(1)
    return ["127.0.0.1"]


def _no_such_host(host: str, port: int) -> list[str]:
    raise OSError("no such host")


def test_ten_seconds_are_the_rule() -> None:
    assert safe_http.SECONDS == 10
