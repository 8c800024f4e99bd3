"""Request bodies: strict JSON, and forms as strict as forms can be."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, QueryDict
from django.utils.http import parse_header_parameters
from rest_framework.parsers import BaseParser, DataAndFiles, MultiPartParser

from baton.core.errors import FieldError
from baton.surfaces.wire import strict_json
from baton.surfaces.wire.problems import pointer, printable
from baton.surfaces.wire.refusals import Refused

# What an undecodable byte of a multipart field has become by the time we see it.
REPLACEMENT = "\ufffd"


class JsonParser(BaseParser):
    """`application/json`, read by `strict_json`."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """Return the value of the body. Raises MalformedJson, UnsupportedMediaType, RequestDataTooBig."""
        _require_utf8(media_type)
        return strict_json.decode(_bounded_body(stream))


class MergePatchParser(JsonParser):
    """`application/merge-patch+json` (RFC 7396), which reads like any JSON."""

    media_type = "application/merge-patch+json"


class StrictFormParser(BaseParser):
    """`application/x-www-form-urlencoded`; undecodable bytes are refused where Django would replace them."""

    media_type = "application/x-www-form-urlencoded"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> QueryDict:
        """Return the fields. Raises Refused (400), UnsupportedMediaType, RequestDataTooBig, TooManyFieldsSent."""
        _require_utf8(media_type)
        pairs = form_pairs(_bounded_body(stream))
        refuse_unstorable(pairs)
        form = QueryDict(mutable=True)
        for name, value in pairs:
            form.appendlist(name, value)
        return form


class StrictMultiPartParser(MultiPartParser):
    """`multipart/form-data`; files stream through Django's upload handlers and their limits."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> DataAndFiles[Any, Any]:
        """Return fields and files. Raises Refused and ParseError (400), UnsupportedMediaType and the limits' errors."""
        _require_utf8(media_type)
        _require_within_limit(stream)
        try:
            parsed = super().parse(stream, media_type, parser_context)
        except (ValueError, UnicodeError) as error:
            raise Refused(400, "parse_error", f"The form can't be read: {error}.") from error
        refuse_unstorable([(name, value) for name, values in parsed.data.lists() for value in values], REPLACEMENT)
        return parsed


def form_pairs(body: bytes) -> list[tuple[str, str]]:
    """Return the names and values of a urlencoded form. Raises Refused (400) and TooManyFieldsSent."""
    limit: int | None = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    if limit is not None and body.count(b"&") >= limit:
        raise TooManyFieldsSent
    try:
        return parse_qsl(body.decode("utf-8"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        raise Refused(400, "parse_error", "The form is not UTF-8.") from None


def refuse_unstorable(pairs: Iterable[tuple[str, str]], also: str = "") -> None:
    """Raise Refused (400) that names every field with a NUL, a lone surrogate or a character of `also` in it."""
    errors = tuple(
        FieldError(pointer(printable(name)), "unstorable_text", "The text holds a NUL or is not valid UTF-8.")
        for name, value in pairs
        if not strict_json.is_storable(name + value) or any(char in name + value for char in also)
    )
    if errors:
        raise Refused(400, "parse_error", "The form holds text that can't be kept.", errors)


def _bounded_body(stream: Any) -> bytes:
    # `HttpRequest.body` compares the length with DATA_UPLOAD_MAX_MEMORY_SIZE before it reads; a bare read does not.
    body: bytes = stream.body if isinstance(stream, HttpRequest) else stream.read()
    return body


def _require_utf8(media_type: str | None) -> None:
    if not media_type or ";" not in media_type:
        return
    charset = parse_header_parameters(media_type)[1].get("charset", "utf-8")
    if charset.strip("\"'").lower() not in ("utf-8", "utf8"):
        raise Refused(415, "unsupported_media_type", "The body must be in UTF-8.")


def _require_within_limit(stream: Any) -> None:
    # Django bounds the fields of a form and leaves its files to their handlers; some servers bound nothing.
    announced = str(getattr(stream, "META", {}).get("CONTENT_LENGTH") or "0")
    if announced.isdecimal() and int(announced) > settings.BATON_MAX_UPLOAD:
        raise RequestDataTooBig


PARSERS: tuple[type[BaseParser], ...] = (JsonParser, MergePatchParser, StrictFormParser, StrictMultiPartParser)
