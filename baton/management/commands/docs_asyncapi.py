"""`docs_asyncapi`: write docs/api/asyncapi.json from the messages of the live stream."""

from __future__ import annotations

import json

from baton.lib.paths import CHECKOUT
from baton.management.generated_page import PageCommand
from baton.surfaces.stream.asyncapi import build_document

PATH = CHECKOUT / "docs" / "api" / "asyncapi.json"


class Command(PageCommand):
    """Write the document, or with `--check` say whether it is current."""

    help = "Write docs/api/asyncapi.json from the messages of the live stream."
    path = PATH

    def render(self) -> str:
        """Return the document's text."""
        return render_document()


def render_document() -> str:
    """Return the document's text."""
    return json.dumps(build_document(), indent=2, ensure_ascii=False) + "\n"
