"""What the database and the disk may say: out of reach, too busy, full, or beaten to it by another request."""

from __future__ import annotations

import errno
import sqlite3

import structlog
from django.db import DatabaseError, DataError, IntegrityError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request

from baton.adapters import storage
from baton.surfaces.wire.problems import problem

RETRY_AFTER = "2"
DATABASE_OUT = "The database is out of reach or too busy; try again shortly."

# SQLite calls a faulty statement an "operational" error as well; that one is ours and stays a 500.
_SQLITE_FAULTY_STATEMENT = sqlite3.SQLITE_ERROR
_SQLITE_TAKEN = {
    sqlite3.SQLITE_CONSTRAINT_UNIQUE,
    sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY,
    sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY,
}
_POSTGRESQL_TAKEN = {"23505", "23503", "23P01"}

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}

log = structlog.get_logger(__name__)


def answer(request: HttpRequest | Request, exc: Exception) -> HttpResponse | None:
    """Return the problem document of an error that is nobody's bug; None for every other exception."""
    match exc:
        case OSError() if exc.errno in _NO_ROOM:
            return _full(request, exc)
        case storage.Unreachable():
            return _unavailable(request, exc, "The store of files is out of reach; try again shortly.")
        case DatabaseError() | InterfaceError():
            return _database(request, exc)
    return None


def _database(request: HttpRequest | Request, exc: Exception) -> HttpResponse | None:
    match exc:
        case OperationalError() if not _is_faulty_statement(exc):
            return _unavailable(request, exc, DATABASE_OUT)
        case InterfaceError():
            return _unavailable(request, exc, DATABASE_OUT)
        case IntegrityError() if _is_taken(exc):
            # Two requests at once; a command that can name the field refuses before it comes to this.
            log.warning("integrity_conflict", exc_info=exc)
            return problem(request, 409, "conflict", "Another request changed this at the same moment; try again.")
        case DataError():
            log.warning("value_refused_by_database", exc_info=exc)
            return problem(request, 400, "out_of_range", "A value is too large to be kept.")
    return None


def _full(request: HttpRequest | Request, exc: OSError) -> HttpResponse:
    log.error("disk_full", error=str(exc))
    response = problem(request, 507, "insufficient_storage", "The server has no room left for this file.")
    response._has_been_logged = True  # type: ignore[attr-defined]  # else Django logs the status once more
    return response


def _unavailable(request: HttpRequest | Request, exc: Exception, detail: str) -> HttpResponse:
    log.warning("unavailable", kind=type(exc).__name__, error=str(exc).strip())
    response = problem(request, 503, "unavailable", detail, headers={"Retry-After": RETRY_AFTER})
    response._has_been_logged = True  # type: ignore[attr-defined]  # else Django logs the status once more
    return response


def _is_faulty_statement(exc: OperationalError) -> bool:
    return _sqlite_code(exc) & 0xFF == _SQLITE_FAULTY_STATEMENT


def _is_taken(exc: IntegrityError) -> bool:
    return _sqlite_code(exc) in _SQLITE_TAKEN or getattr(exc.__cause__, "sqlstate", None) in _POSTGRESQL_TAKEN


def _sqlite_code(exc: Exception) -> int:
    return getattr(exc.__cause__, "sqlite_errorcode", None) or 0
