"""A page of docs/ that a command makes from the code, and a test holds against it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError, CommandParser

from baton.lib.paths import CHECKOUT


class PageCommand(BaseCommand):
    """Writes the page at `path`, or with `--check` says whether it is current. A subclass says `path` and `render`."""

    path: ClassVar[Path]
    requires_system_checks: list[str] = []  # noqa: RUF012  (as Django declares it)

    def render(self) -> str:
        """Return the page's text."""
        raise NotImplementedError

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the option."""
        parser.add_argument("--check", action="store_true", help="change nothing; fail if the page is not current")

    def handle(self, *_args: Any, check: bool, **_options: Any) -> None:
        """Write or compare."""
        page = self.render()
        if not check:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.write_text(page, encoding="utf-8")
        elif not self.path.is_file() or self.path.read_text(encoding="utf-8") != page:
            command = type(self).__module__.rpartition(".")[2]
            raise CommandError(f"{_shown(self.path)} is not current: run `python manage.py {command}`.")


def _shown(path: Path) -> Path:
    return path.relative_to(CHECKOUT) if path.is_relative_to(CHECKOUT) else path
