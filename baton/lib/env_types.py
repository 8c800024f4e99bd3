"""The types a variable may have: each function makes a declaration (see `baton.lib.env.Variable`)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from baton.lib.env import Variable
from baton.lib.hosts import is_host
from baton.lib.networks import Network

_WORDS = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


def text(name: str, default: str, help: str, *aliases: str, default_text: str | None = None) -> Variable[str]:
    """Declare a text."""
    return Variable(name, str, default, "text", help, aliases, default_text=default_text)


def secret(name: str, help: str, *aliases: str, default_text: str | None = None) -> Variable[str]:
    """Declare a secret text, empty where it isn't set; `NAME_FILE` may name a file that holds it."""
    return Variable(name, str, "", "secret", help, aliases, secret=True, default_text=default_text)


def flag(name: str, help: str, *aliases: str, default: bool) -> Variable[bool]:
    """Declare a yes or no."""
    return Variable(name, _parse_flag, default, "yes or no", help, aliases, default_text="1" if default else "0")


def integer(name: str, default: int, help: str, *aliases: str, least: int = 0, most: int = 2**31 - 1) -> Variable[int]:
    """Declare a whole number between `least` and `most`."""

    def parse(value: str) -> int:
        try:
            number = int(value)
        except ValueError:
            raise ValueError("must be a whole number") from None
        if not least <= number <= most:
            raise ValueError(f"must be between {least} and {most}")
        return number

    return Variable(name, parse, default, f"number, {least} to {most}", help, aliases)


def seconds(name: str, default: float, help: str, *, least: float = 0.0, most: float = 86400.0) -> Variable[float]:
    """Declare a length of time in seconds."""

    def parse(value: str) -> float:
        try:
            number = float(value)
        except ValueError:
            raise ValueError("must be a number of seconds") from None
        # Written so that NaN fails too.
        if not (least <= number <= most):
            raise ValueError(f"must be between {least:g} and {most:g} seconds")
        return number

    return Variable(name, parse, default, f"seconds, {least:g} to {most:g}", help, default_text=f"{default:g}")


def choice(name: str, default: str, help: str, *choices: str) -> Variable[str]:
    """Declare one of some words, told apart without regard to case."""

    def parse(value: str) -> str:
        if value.lower() not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return value.lower()

    return Variable(name, parse, default, " · ".join(choices), help)


def time_zone(name: str, default: str, help: str) -> Variable[str]:
    """Declare a name of the IANA time zone database."""

    def parse(value: str) -> str:
        try:
            return ZoneInfo(value).key
        except (ValueError, OSError):  # which has the missing name among its kinds
            raise ValueError("must be a time zone, such as Europe/Berlin") from None

    return Variable(name, parse, default, "time zone", help)


def time_of_day(name: str, default: time, help: str) -> Variable[time]:
    """Declare a time of day, in UTC."""

    def parse(value: str) -> time:
        try:
            return datetime.strptime(value, "%H:%M").time()  # noqa: DTZ007  # no day, so no zone
        except ValueError:
            raise ValueError("must be a time of day, such as 03:20") from None

    return Variable(name, parse, default, "time of day, UTC", help, default_text=default.strftime("%H:%M"))


def words(name: str, default: tuple[str, ...], help: str, *aliases: str) -> Variable[tuple[str, ...]]:
    """Declare a list of words, separated by commas."""

    def parse(value: str) -> tuple[str, ...]:
        return tuple(word.strip() for word in value.split(",") if word.strip())

    return Variable(name, parse, default, "words, comma between", help, aliases, default_text=",".join(default))


def choices(name: str, help: str, *choices: str) -> Variable[tuple[str, ...]]:
    """Declare some of a few words, separated by commas; all of them where it isn't set, none for `none`."""

    def parse(value: str) -> tuple[str, ...]:
        given = {word.strip().lower() for word in value.split(",") if word.strip()}
        if given == {"none"}:
            return ()
        if not given <= set(choices):
            raise ValueError(f"must be some of {', '.join(choices)}, or none")
        return tuple(word for word in choices if word in given)

    return Variable(name, parse, choices, f"some of {' · '.join(choices)}", help, default_text=",".join(choices))


def hosts(name: str, help: str, *, choices: tuple[str, ...]) -> Variable[dict[str, str]]:
    """Declare what each of some hosts, `name` or `name:port`, is for: one of `choices`."""

    def parse(value: str) -> dict[str, str]:
        found = {}
        for entry in filter(None, (word.strip().lower() for word in value.split(","))):
            host, _, meant = (part.strip() for part in entry.partition("="))
            if meant not in choices or not is_host(host):
                raise ValueError(f"must be host=name or host:port=name, the name one of {', '.join(choices)}")
            found[host] = meant
        return found

    return Variable(name, parse, {}, "host=name, comma between", help, default_text="")


def networks(name: str, help: str) -> Variable[tuple[Network, ...]]:
    """Declare a list of IP addresses and networks, such as `10.0.0.0/8`, separated by commas."""

    def parse(value: str) -> tuple[Network, ...]:
        try:
            return tuple(ip_network(word.strip()) for word in value.split(",") if word.strip())
        except ValueError:
            raise ValueError("must be IP addresses or networks such as 10.0.0.0/8, with commas between") from None

    return Variable(name, parse, (), "addresses and networks, comma between", help, default_text="")


def folder(name: str, help: str, *, default_text: str) -> Variable[Path | None]:
    """Declare a folder; a relative one is taken from where the process was started."""

    def parse(value: str) -> Path | None:
        path = Path(value).expanduser().resolve()
        if path.exists() and not path.is_dir():
            raise ValueError("must be a folder")
        return path

    return Variable(name, parse, None, "folder", help, default_text=default_text)


def web_address(name: str, help: str, *, default_text: str) -> Variable[str]:
    """Declare an http or https address without a path, given back without a slash at its end."""

    def parse(value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"} or parts.query:
            raise ValueError("must be an address such as https://tasks.example.com")
        return value.rstrip("/")

    return Variable(name, parse, "", "address", help, default_text=default_text)


def server_url(name: str, help: str, *aliases: str, schemes: tuple[str, ...]) -> Variable[str]:
    """Declare the URL of a server; it may hold a password, so it is a secret."""
    return Variable(name, _url_parser(schemes), "", f"URL ({', '.join(schemes)})", help, aliases, secret=True)


def _url_parser(schemes: tuple[str, ...]) -> Callable[[str], str]:
    def parse(value: str) -> str:
        try:
            parts = urlsplit(value)
            parts.port  # noqa: B018  (reading it is what checks it)
        except ValueError:
            raise ValueError("is not a URL") from None
        if parts.scheme not in schemes:
            raise ValueError(f"must start with one of {', '.join(f'{scheme}://' for scheme in schemes)}")
        return value

    return parse


def _parse_flag(value: str) -> bool:
    try:
        return _WORDS[value.lower()]
    except KeyError:
        raise ValueError("must be 1 or 0 (yes/no, true/false and on/off are understood too)") from None
