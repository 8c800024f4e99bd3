"""The letters of a server without SMTP: what would have been sent, newest first."""

from __future__ import annotations

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from baton.adapters.mail_folder import find_letter, is_used, list_letters
from baton.core.models import User

PAGE = 50


def can_read_mail(request: HttpRequest) -> bool:
    """May the user read everybody's letters? They carry codes that open accounts, so only who may open those anyway."""
    return isinstance(request.user, User) and request.user.is_active and request.user.is_superuser


def has_mail(request: HttpRequest) -> bool:
    """Is there a page of letters for the user?"""
    return is_used() and can_read_mail(request)


def show_letters(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Show the letters in the folder."""
    _require(request)
    letters = list_letters(PAGE + 1, before=request.GET.get("before", ""))
    shown = letters[:PAGE]
    older = shown[-1].name if len(letters) > PAGE else ""
    return _render(site, request, "mail.html", title="Mail", letters=shown, older=older)


def show_letter(site: AdminSite, request: HttpRequest, name: str) -> HttpResponse:
    """Show one letter: its headers, its text, and its HTML in a frame that may do nothing."""
    _require(request)
    letter = find_letter(name)
    if letter is None:
        raise Http404
    return _render(site, request, "letter.html", title=letter.subject or "Letter", letter=letter)


def _require(request: HttpRequest) -> None:
    """Raise PermissionDenied for who may not read them, Http404 where there are none."""
    if not can_read_mail(request):
        raise PermissionDenied
    if not is_used():
        raise Http404


def _render(site: AdminSite, request: HttpRequest, template: str, **context: object) -> HttpResponse:
    request.current_app = site.name
    return TemplateResponse(request, f"baton_admin/{template}", {**site.each_context(request), **context})
