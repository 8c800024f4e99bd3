"""The admin's site."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

from baton.core.models import User

View = Callable[..., HttpResponseBase]


class BatonSite(AdminSite):
    """Baton's admin: it speaks the language of whoever is signed in."""

    site_header = "Baton"
    site_title = "Baton"
    index_title = "Administration"

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
