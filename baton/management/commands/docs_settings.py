"""`docs_settings`: write docs/settings.md from the declared variables."""

from __future__ import annotations

from typing import Any

from baton.lib.env import Variable
from baton.lib.paths import CHECKOUT
from baton.lib.variables import all_variables
from baton.management.generated_page import PageCommand

PATH = CHECKOUT / "docs" / "settings.md"

_HEAD = """\
# Settings

Made by `python manage.py docs_settings` from `baton/lib/variables.py`; don't edit.

A variable is looked for in the process environment, then in a `.env` file of the working folder, of the checkout and of
the data folder; an empty one counts as not set. In each place its first name comes before the others. A *secret* may
also be given as a file: `NAME_FILE=/run/secrets/name`. A bad value stops the start with one line that names it.

| variable | takes | default | what it does |
|---|---|---|---|
"""


class Command(PageCommand):
    """Write the page, or with `--check` say whether it is current."""

    help = "Write docs/settings.md from the declared variables."
    path = PATH

    def render(self) -> str:
        """Return the page's text."""
        return render_page()


def render_page() -> str:
    """Return the page's text."""
    return _HEAD + "".join(f"{_render_row(variable)}\n" for variable in all_variables())


def _render_row(variable: Variable[Any]) -> str:
    names = "<br>".join(f"`{name}`" for name in variable.names)
    secret = "" if variable.kind == "secret" or not variable.secret else ", secret"
    return f"| {names} | {variable.kind}{secret} | {_render_default(variable)} | {variable.help} |"


def _render_default(variable: Variable[Any]) -> str:
    text = str(variable.default) if variable.default_text is None else variable.default_text
    if not text:
        return "none"
    # A sentence speaks for itself; a value is set as the code it is.
    return text if "`" in text or "the " in text else f"`{text}`"
