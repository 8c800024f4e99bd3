"""Answers in JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from django.http import HttpResponse
from django.utils.functional import Promise

JSON = "application/json"


def json_response(data: object, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """Return `data` as a JSON answer. It takes what msgspec takes: Structs, dicts, lists, UUIDs, dates, `msgspec.Raw`.

    Times go out as RFC 3339 in UTC with a `Z`, and with six digits of fraction unless the fraction is zero. `data`
    must hold aware times in UTC, as the database hands them back; nothing is converted here, since lists pass by.
    """
    return HttpResponse(encode(data), content_type=JSON, status=status, headers=headers)


def no_content(headers: Mapping[str, str] | None = None) -> HttpResponse:
    """Return an answer that says only that it was done (204)."""
    response = HttpResponse(status=204, headers=headers)
    del response.headers["Content-Type"]
    return response


def _as_plain(value: Any) -> Any:
    # DRF's error texts are a subclass of str, and Django's translations are lazy; msgspec takes neither.
    if isinstance(value, (str, Promise)):
        return str(value)
    raise NotImplementedError(f"Can't encode {type(value).__name__} as JSON.")


encode = msgspec.json.Encoder(enc_hook=_as_plain).encode
