"""Request bodies: forms and nothing else, as `await request.post()` of aiohttp read them."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from baton.surfaces.dialects.taskapi.errors import INCORRECT_DATA, Incorrect
from baton.surfaces.wire.parsers import StrictFormParser, StrictMultiPartParser
from baton.surfaces.wire.views import FirstParserThatReads


class NoForm(BaseParser):
    """Any other body. The original passed over it; here it is refused, so that no update is lost without a word."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """Raise Incorrect."""
        raise Incorrect(INCORRECT_DATA)


PARSERS = (StrictFormParser, StrictMultiPartParser, NoForm)


class FormOrNoForm(FirstParserThatReads):
    """Has `NoForm` read what is no form."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        """Return the parser of the body's media type, the last one for all that have none."""
        return super().select_parser(request, parsers) or parsers[-1]


def read_form(request: Request) -> dict[str, str]:
    """Return the fields of the form, of repeated ones the first; none without a body. Raises Incorrect for a file."""
    form = request.data
    if not isinstance(form, QueryDict):
        return {}
    fields = {name: values[0] for name, values in form.lists() if values}
    if not all(isinstance(value, str) for value in fields.values()):
        raise Incorrect(INCORRECT_DATA)
    return fields
