"""`docs_asyncapi`: write docs/api/asyncapi.json from the messages of the live stream."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from baton.lib.paths import CHECKOUT
from baton.surfaces.stream.asyncapi import build_document

PATH = CHECKOUT / "docs" / "api" / "asyncapi.json"


class Command(BaseCommand):
    """Write the document, or with `--check` say whether it is current."""

    help = "Write docs/api/asyncapi.json from the messages of the live stream."
    requires_system_checks: list[str] = []  # noqa: RUF012  (as Django declares it)

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the option."""
        parser.add_argument("--check", action="store_true", help="change nothing; fail if the document is not current")

    def handle(self, *_args: Any, check: bool, **_options: Any) -> None:
        """Write or compare."""
        text = render_document()
        if not check:
            PATH.parent.mkdir(parents=True, exist_ok=True)
            PATH.write_text(text, encoding="utf-8")
        elif not PATH.is_file() or PATH.read_text(encoding="utf-8") != text:
            raise CommandError("docs/api/asyncapi.json is not current: run `python manage.py docs_asyncapi`.")


def render_document() -> str:
    """Return the document's text."""
    return json.dumps(build_document(), indent=2, ensure_ascii=False) + "\n"
