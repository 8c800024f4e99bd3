"""What comes in, of any type."""

from __future__ import annotations

from typing import Any

from rest_framework.parsers import BaseParser

from baton.surfaces.wire.parsers import JsonParser, StrictFormParser, StrictMultiPartParser
from baton.surfaces.wire.refusals import Refused

NO_FILE_NAME = "Missing filename. Request should include a Content-Disposition header with a filename parameter."


class AnyFile(BaseParser):
    """Every other type was taken for a file by the original, which refused it where it had no name, and else lost it.

    So an unknown type is a 400 here and never a 415.
    """

    media_type = "*/*"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        """Return no fields, unread. Raises Refused (400) for a file without a name."""
        if "filename" not in stream.META.get("HTTP_CONTENT_DISPOSITION", ""):
            raise Refused(400, "missing_filename", NO_FILE_NAME)
        return {}


PARSERS: tuple[type[BaseParser], ...] = (JsonParser, StrictFormParser, StrictMultiPartParser, AnyFile)
