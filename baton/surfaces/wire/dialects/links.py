"""Absolute links that hold wherever the dialect is mounted."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import get_script_prefix
from rest_framework.request import Request

from baton.surfaces.wire.dialects.dialect import Dialect


def root_of(request: HttpRequest | Request, dialect: Dialect) -> str:
    """Return the path that the dialect's own paths follow, without a slash at its end.

    That is its prefix where the request came by it, and nothing on a host where the dialect stands at the root.
    """
    script = get_script_prefix().rstrip("/")
    return script + (dialect.prefix.rstrip("/") if request.path_info.startswith(dialect.prefix) else "")


def absolute(request: HttpRequest | Request, dialect: Dialect, path: str) -> str:
    """Return the address of one of the dialect's own paths, such as `/api/tasks/7/`."""
    address: str = request.build_absolute_uri(root_of(request, dialect) + path)
    return address
