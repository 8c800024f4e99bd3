"""The admin's site."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponseBase
from django.urls import path
from django.utils import translation

from baton.core.models import User
from baton.surfaces.admin.written_mail import has_mail, show_letter, show_letters

View = Callable[..., HttpResponseBase]


class BatonSite(AdminSite):
    """Baton's admin: it speaks the language of whoever is signed in."""

    site_header = "Baton"
    site_title = "Baton"
    index_title = "Administration"
    index_template = "baton_admin/index.html"

    def get_urls(self) -> list[Any]:
        """Add the pages of the mail that was written to files."""
        return [
            path("mail/", self.admin_view(partial(show_letters, self)), name="mail"),
            path("mail/<str:name>/", self.admin_view(partial(show_letter, self)), name="letter"),
            *super().get_urls(),
        ]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Add whether there is mail to look at."""
        return {**super().each_context(request), "has_mail": has_mail(request)}

    def admin_view(self, view: View, cacheable: bool = False) -> View:  # type: ignore[override]  # noqa: FBT001, FBT002 - Django's signature
        """Return the view behind the log-in, in the user's language."""

        @wraps(view)
        def in_own_language(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if isinstance(request.user, User):
                # Not `override`: the page is rendered after the view has returned. The next request chooses anew.
                translation.activate(request.user.language)
                request.LANGUAGE_CODE = translation.get_language()
            return view(request, *args, **kwargs)

        return super().admin_view(in_own_language, cacheable)
