"""`/letters/off/{token}/`: no more such letters, by a click or by a mail program's own button (RFC 8058)."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from rest_framework.request import Request

from baton.core.actor import Actor
from baton.core.commands.letter_choices import unsubscribe
from baton.core.policies.letter_choices import read_off_token
from baton.core.queries.users import find_language
from baton.reactions.letters.rendering import spoken
from baton.reactions.letters.words import words_of
from baton.surfaces.wire.request_ids import request_id_of
from baton.surfaces.wire.views import Access, BatonView

SURFACE = "letters"
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'",
    # The address is all that it takes to switch letters off.
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


class Off(BatonView):
    """`GET` a page with a button, and nothing else, since programs that look for viruses follow links; `POST` does it.

    The token in the address is what lets its bearer do it: there is no log-in, and so no CSRF to guard against.
    """

    access = Access.PUBLIC
    authentication_classes = ()
    idempotent = False
    is_described = False

    def get(self, request: Request, token: str) -> HttpResponse:
        """Ask whether it is meant."""
        user_id, letters = self._read(token)
        return self._show(request, user_id, letters, is_off=False)

    def post(self, request: Request, token: str) -> HttpResponse:
        """Switch the letters off, as often as one likes."""
        user_id, letters = self._read(token)
        unsubscribe(Actor(user_id, surface=SURFACE, request_id=request_id_of(request), is_live=True), letters)
        return self._show(request, user_id, letters, is_off=True)

    def _read(self, token: str) -> tuple[int, str]:
        """Return whose letters, and which. Raises Http404 for a forged token."""
        said = read_off_token(token)
        if said is None:
            raise Http404
        return said

    def _show(self, request: Request, user_id: int, letters: str, *, is_off: bool) -> HttpResponse:
        language = spoken(find_language(user_id))
        words = words_of(language)
        named = words.letters.get(letters.partition(":")[0], words.these)
        context = {"language": language, "letters": named, "is_off": is_off}
        page = render(request._request, f"letter_pages/off.{language}.html", context)
        for name, value in {**_HEADERS, "Content-Language": language}.items():
            page.headers[name] = value
        return page
