"""Who may switch letters off without logging in: whoever has got one of them, by the token in its link."""

from __future__ import annotations

from django.core import signing

REPORT_OF = "report:"
"""What the letters of a project's report are called, with its id behind."""

_SALT = "baton.letters.off"


def make_off_token(user_id: int, letters: str) -> str:
    """Return the token that switches such letters off for a user. It never runs out, since letters are kept."""
    return signing.Signer(salt=_SALT).sign_object([user_id, letters])


def read_off_token(token: str) -> tuple[int, str] | None:
    """Return whose letters a token switches off, and which; None where it is forged."""
    try:
        user_id, letters = signing.Signer(salt=_SALT).unsign_object(token)
    except (signing.BadSignature, ValueError):
        return None
    return user_id, letters
