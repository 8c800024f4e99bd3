"""`docs_openapi`: write docs/api/openapi.json from what the routes declare."""

from __future__ import annotations

import json

from baton.lib.paths import CHECKOUT
from baton.management.generated_page import PageCommand
from baton.surfaces.api.schema import document

PATH = CHECKOUT / "docs" / "api" / "openapi.json"


class Command(PageCommand):
    """Write the document, or with `--check` say whether it is current."""

    help = "Write docs/api/openapi.json from what the routes declare."
    path = PATH

    def render(self) -> str:
        """Return the document's text."""
        return render_document()


def render_document() -> str:
    """Return the document's text."""
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"
