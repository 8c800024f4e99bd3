"""What is told when a command fails, and with which exit code it ends."""

from __future__ import annotations

from collections.abc import Iterator

from baton.client.errors import BatonError, NotLoggedIn, Refused, Unreachable


class Mistake(Exception):
    """What the person typed can't be done; one line says why."""


class Stranger(Mistake):
    """Nobody is logged in."""


EXIT_CODES: dict[type[Exception], int] = {BatonError: 1, Mistake: 1, NotLoggedIn: 3, Stranger: 3, Unreachable: 4}


def lines_of(error: BatonError | Mistake) -> Iterator[str]:
    """Yield what to tell: what was refused, then each bad field by its name."""
    if not isinstance(error, Refused):
        yield str(error)
        return
    is_server_fault = error.status >= 500 and error.request_id
    yield error.detail + (f" (request {error.request_id})" if is_server_fault else "")
    if error.errors:
        yield "  " + " ".join(f"{each.pointer.lstrip('/?') or 'input'}: {each.detail}" for each in error.errors)
    if error.status == 401:
        yield "  Log in: baton login"
