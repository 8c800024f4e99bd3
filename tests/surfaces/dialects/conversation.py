"""Recorded conversations: what a client sends and what must come back, to the letter.

A file `conversations/*.http` in a dialect's folder of tests is one conversation, played from an empty database:

    @user olga secret123                  an account (name, password, and `key=value` for more of it)
    @setting BATON_STRICT_PASSWORDS true  a setting of Django's, for the whole conversation
    @at 2030-01-31T10:00:00Z              the time from here on

    ### 4 A task is created
    POST /api/taskcreation/
    Authorization: Token <token>
    Content-Type: application/json

    {"name": "Water", "due_date": "2030-02-01"}
    >>> 201
    Content-Type: application/json
    {"task 'Water' created successfully. Task id":<int:task>}

An exchange begins with `###`, the row of the sheet (a word; several with `+` between) and what happens. Paths stand
below the dialect's prefix, those with a `!` in front (`!/api/tasks/`) at the root. `@client NAME` before the request
line speaks with a cookie jar of that name. Behind `>>>` stand the status, headers that matter (`!Name` must be absent,
`Name: ~text` holds the text), and the body to the letter: indentation and line ends count for nothing, so that a long
one may be broken, and `~text` lines say only what must be in it. Without any body lines the body must be empty; `*`
stands for any.

`<int>`, `<uuid>`, `<hex40>`, `<jwt>`, `<time>`, `<date>`, `<text>` stand for any value of the kind, `<kind:name>` also
remembers it, and `<name>` stands for what was remembered. `<cookie:name>` is the value of a cookie. A form or multipart
body is written as `name=value` lines (multipart: `name=@file.txt:content` for a file).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from time_machine import travel

KINDS = {
    "int": r"-?[0-9]+",
    "uuid": r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    "hex40": r"[0-9a-f]{40}",
    "jwt": r"[\w-]+\.[\w-]+\.[\w-]+",
    "time": r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})?",
    "date": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "text": r'[^"]*',
}
_PLACEHOLDER = re.compile(r"<(\w+)(?::(\w+))?>")


@dataclass
class Exchange:
    """One request and what must come back."""

    rows: tuple[str, ...]
    title: str
    directives: list[list[str]]
    method: str = ""
    path: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: list[str] = field(default_factory=list)
    status: int = 0
    wanted_headers: dict[str, str] = field(default_factory=dict)
    wanted_body: list[str] = field(default_factory=list)


def read_conversation(path: Path) -> tuple[list[list[str]], list[Exchange]]:
    """Return the directives in front of the first exchange, and the exchanges."""
    head, *parts = re.split(r"^### ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return list(_directives(head.splitlines())), [_exchange(part, path) for part in parts]


def play(path: Path, prefix: str) -> None:
    """Hold the conversation with the dialect below the prefix, and assert everything that must come back."""
    directives, exchanges = read_conversation(path)
    Conversation(prefix).hold(directives, exchanges)


class Conversation:
    """A conversation under way: the clients and what was remembered."""

    def __init__(self, prefix: str, *, host: str = "testserver") -> None:
        self.prefix = prefix.rstrip("/")
        self.host = host
        self.known: dict[str, str] = {"root": f"http://{host}{self.prefix}"}
        self._clients: dict[str, Client] = {}
        self._settings: list[Any] = []
        self._travel: Any = None

    def hold(self, directives: list[list[str]], exchanges: list[Exchange]) -> None:
        """Run everything in order."""
        try:
            for directive in directives:
                self._obey(directive)
            for exchange in exchanges:
                self.exchange(exchange)
        finally:
            self._stop_travelling()
            for setting in reversed(self._settings):
                setting.disable()

    def exchange(self, exchange: Exchange) -> None:
        """Send the request and compare."""
        client = self._client("")
        for directive in exchange.directives:
            if directive[0] == "client":
                client = self._client(directive[1])
            else:
                self._obey(directive)
        headers = {name: self._fill(value, client) for name, value in exchange.headers.items()}
        content_type = headers.pop("Content-Type", "")
        body, content_type = self._body(exchange.body, content_type, client)
        extra: Any = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
        path = self._fill(exchange.path, client)
        path = path.removeprefix("!") if path.startswith("!") else self.prefix + path
        response = client.generic(exchange.method, path, body, content_type, **extra)
        self._compare(exchange, response)

    def _compare(self, exchange: Exchange, response: Any) -> None:
        text = b"".join(response) if response.streaming else response.content
        said = text.decode("utf-8", "backslashreplace")
        where = f"{exchange.title}: {exchange.method} {exchange.path}\n{response.status_code} {said[:2000]}"
        assert response.status_code == exchange.status, f"{where}\nwanted {exchange.status}"
        for name, wanted in exchange.wanted_headers.items():
            if name.startswith("!"):
                assert name[1:] not in response.headers, f"{where}\n{name[1:]} must be absent"
                continue
            value = response.headers.get(name)
            assert value is not None, f"{where}\nheader {name} is missing"
            if wanted.startswith("~"):
                assert wanted[1:] in value, f"{where}\n{name}: {value}"
            else:
                self._match(wanted, value, f"{where}\n{name}: {value}")
        if exchange.wanted_body == ["*"]:
            return
        pieces = [line[1:].strip() for line in exchange.wanted_body if line.startswith("~")]
        for piece in pieces:
            pattern, names = self._pattern(piece)
            found = re.search(pattern, said)
            assert found, f"{where}\n{piece!r} is not in it"
            self._remember(found, names)
        if not pieces:
            self._match("".join(exchange.wanted_body), said, where)

    def _match(self, wanted: str, said: str, where: str) -> None:
        pattern, names = self._pattern(wanted)
        found = re.fullmatch(pattern, said, re.DOTALL)
        assert found, f"{where}\nwanted {wanted}"
        self._remember(found, names)

    def _remember(self, found: re.Match[str], names: dict[str, str]) -> None:
        self.known |= {name: found[group] for group, name in names.items()}

    def _pattern(self, wanted: str) -> tuple[str, dict[str, str]]:
        """Return the regular expression of a text with placeholders, and its groups' names."""
        pattern, end = "", 0
        names: dict[str, str] = {}
        for place in _PLACEHOLDER.finditer(wanted):
            pattern += re.escape(wanted[end : place.start()])
            kind, name = place[1], place[2]
            if kind in KINDS and name:
                names[f"g{len(names)}"] = name
                pattern += f"(?P<g{len(names) - 1}>{KINDS[kind]})"
            elif kind in KINDS:
                pattern += KINDS[kind]
            else:
                pattern += re.escape(self.known.get(kind, place[0]))
            end = place.end()
        return pattern + re.escape(wanted[end:]), names

    def _fill(self, text: str, client: Client) -> str:
        def value(place: re.Match[str]) -> str:
            if place[1] == "cookie":
                return client.cookies[place[2]].value
            return self.known.get(place[1], place[0])

        return _PLACEHOLDER.sub(value, text)

    def _body(self, lines: list[str], content_type: str, client: Client) -> tuple[bytes, str]:
        filled = [self._fill(line, client) for line in lines]
        if content_type == "multipart/form-data":
            return encode_multipart(BOUNDARY, dict(_part(line) for line in filled)), MULTIPART_CONTENT
        joiner = "&" if content_type.startswith("application/x-www-form-urlencoded") else "\n"
        return joiner.join(filled).encode(), content_type

    def _client(self, name: str) -> Client:
        if name not in self._clients:
            self._clients[name] = Client(enforce_csrf_checks=True, raise_request_exception=False, SERVER_NAME=self.host)
        return self._clients[name]

    def _obey(self, directive: list[str]) -> None:
        # Imported when it is needed: who only reads conversations has no models.
        from tests.factories import make_user_with

        match directive:
            case ["user", name, password, *more]:
                user = make_user_with(name, password, **dict(word.split("=", 1) for word in more))
                self.known |= {f"{name}_id": str(user.pk), f"{name}_uuid": str(user.uuid)}
            case ["setting", name, value]:
                words = {"true": True, "false": False}
                setting = override_settings(**{name: words.get(value, value)})
                setting.enable()
                self._settings.append(setting)
            case ["at", moment]:
                self._stop_travelling()
                self._travel = travel(moment.replace("Z", "+00:00"), tick=False)
                self._travel.start()
            case _:
                raise ValueError(f"nobody knows the directive {directive}")

    def _stop_travelling(self) -> None:
        if self._travel is not None:
            self._travel.stop()
            self._travel = None


def _part(line: str) -> tuple[str, Any]:
    name, _, value = line.partition("=")
    if not value.startswith("@"):
        return name, value
    file_name, _, content = value[1:].partition(":")
    return name, SimpleUploadedFile(file_name, content.encode())


def _directives(lines: list[str]) -> Iterator[list[str]]:
    for line in lines:
        if line.startswith("@"):
            yield line[1:].split()
        elif line.strip() and not line.startswith("#"):
            raise ValueError(f"not a directive: {line}")


def _exchange(text: str, path: Path) -> Exchange:
    title, _, rest = text.partition("\n")
    asked, arrow, answered = rest.partition(">>> ")
    if not arrow:
        raise ValueError(f"{path.name}: {title} has no answer")
    row, _, _ = title.partition(" ")
    lines = asked.splitlines()
    first = next(index for index, line in enumerate(lines) if line.strip() and not line.startswith("@"))
    exchange = Exchange(tuple(row.split("+")), f"{path.name}: {title}", list(_directives(lines[:first])))
    exchange.method, _, exchange.path = lines[first].strip().partition(" ")
    exchange.headers, exchange.body = _headers_and_body(lines[first + 1 :])
    status, *wanted = answered.splitlines()
    exchange.status = int(status)
    exchange.wanted_headers, exchange.wanted_body = _headers_and_body(wanted)
    return exchange


def _headers_and_body(lines: list[str]) -> tuple[dict[str, str], list[str]]:
    headers: dict[str, str] = {}
    index = 0
    while index < len(lines) and (found := re.fullmatch(r"(!?[A-Z][\w-]*)(?:: (.*))?", lines[index].strip())):
        if found[2] is None and not found[1].startswith("!"):
            break
        headers[found[1]] = found[2] or ""
        index += 1
    return headers, [line.strip() for line in lines[index:] if line.strip()]
