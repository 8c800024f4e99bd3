"""`Idempotency-Key`: a POST that is sent again gets its first answer (draft-ietf-httpapi-idempotency-key-header-07).

The change, its event and the kept answer commit in one transaction, so after a crash either all are there or none.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.request import Request

from baton.core.models import IdempotencyKey
from baton.surfaces.wire.refusals import Refused

KEPT_FOR = timedelta(hours=24)
REPLAYED = "Idempotency-Replayed"

# Headers that belong to the answer; the others (request id, cookies, dates) belong to one exchange.
KEPT_HEADERS = ("Content-Type", "ETag", "Location", "Link", "Cache-Control", "Vary")

_ACCEPTABLE = re.compile(r"[\x20-\x7e]{1,255}").fullmatch


def once(request: Request, user_id: int, act: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Return what `act` answers, or the kept answer of the same request under the same key.

    `act` runs inside a transaction together with the keeping of its answer; an exception or an answer of 400 and above
    rolls all of it back and is not kept, so the client may mend its request and use the key again. A second request
    while the first runs is refused (409) on PostgreSQL; on SQLite, with one writer at a time, it waits and is answered
    from the kept one. Raises Refused: 400 bad key, 409 in flight, 422 used for another request.
    """
    key = _key(request)
    fingerprint = _fingerprint(request)
    with transaction.atomic():
        _lock(user_id, key)
        kept = _find(user_id, key)
        if kept is not None:
            return _replay(kept, fingerprint)
        response = act()
        if response.status_code >= 400:
            transaction.set_rollback(True)
            return response
        _keep(user_id, key, fingerprint, response)
        return response


def _key(request: Request) -> str:
    key = str(request.META["HTTP_IDEMPOTENCY_KEY"])
    if not _ACCEPTABLE(key):
        raise Refused(400, "invalid_idempotency_key", "Idempotency-Key must be 1 to 255 printable ASCII characters.")
    return key


def _fingerprint(request: Request) -> str:
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type.startswith("multipart/"):
        _add_form(digest, request)
    else:
        digest.update(request.body)
    return digest.hexdigest()


def _add_form(digest: hashlib._Hash, request: Request) -> None:
    # A client draws a new boundary for every try, so the parts are compared and not the bytes between.
    for name, values in request.POST.lists():
        digest.update(repr((name, values)).encode())
    for name, files in request.FILES.lists():
        for file in files:
            digest.update(repr((name, file.name, file.content_type, file.size)).encode())
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)


def _lock(user_id: int, key: str) -> None:
    # SQLite began the transaction as a writer (BEGIN IMMEDIATE), so it is alone already.
    if connection.vendor != "postgresql":
        return
    number = hashlib.blake2b(f"idempotency:{user_id}:{key}".encode(), digest_size=8).digest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [int.from_bytes(number, "big", signed=True)])
        (is_ours,) = cursor.fetchone()
    if not is_ours:
        detail = "A request with this key is still running; try again shortly."
        raise Refused(409, "idempotency_in_flight", detail, Retry_After="1")


def _find(user_id: int, key: str) -> IdempotencyKey | None:
    kept = IdempotencyKey.objects.filter(user_id=user_id, key=key).first()
    if kept is not None and kept.created_at <= timezone.now() - KEPT_FOR:
        kept.delete()
        return None
    return kept


def _replay(kept: IdempotencyKey, fingerprint: str) -> HttpResponse:
    if kept.fingerprint != fingerprint:
        raise Refused(422, "idempotency_mismatch", "This key was used for another request; take a new one.")
    response = HttpResponse(bytes(kept.body), status=kept.status)
    del response.headers["Content-Type"]
    for name, value in kept.headers.items():
        response.headers[name] = value
    response.headers[REPLAYED] = "true"
    return response


def _keep(user_id: int, key: str, fingerprint: str, response: HttpResponseBase) -> None:
    if not isinstance(response, HttpResponse):
        raise TypeError("A streamed answer can't be kept; set `idempotent = False` on the view.")
    IdempotencyKey.objects.create(
        user_id=user_id,
        key=key,
        fingerprint=fingerprint,
        status=response.status_code,
        headers={name: response.headers[name] for name in KEPT_HEADERS if name in response.headers},
        body=response.content,
    )
