"""The `baton` command: its groups, and how what goes wrong becomes a line and an exit code."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from baton.client.cli import log_in, projects, tasks, watch
from baton.client.cli.printing import complain
from baton.client.cli.refusals import EXIT_CODES, Mistake, lines_of
from baton.client.errors import BatonError

SERVER = (
    "Running a server: baton serve, worker, migrate, demo, createsuperuser. "
    "[bold]baton help[/bold] lists all; they take Django's options."
)
CODES = (
    "Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 not logged in, 4 no answer. "
    "BATON_URL and BATON_TOKEN (an API token) stand above what baton login stored."
)


class Commands(TyperGroup):
    """Turns every refusal into one or two lines on stderr and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command. Raises typer.Exit."""
        try:
            return super().invoke(ctx)
        except (BatonError, Mistake) as error:
            for line in lines_of(error):
                complain(line)
            code = next(EXIT_CODES[kind] for kind in type(error).__mro__ if kind in EXIT_CODES)
            raise typer.Exit(code) from None


app = typer.Typer(
    name="baton",
    cls=Commands,
    help="Work with the tasks of a Baton server, or run one.",
    epilog=f"{SERVER}\n\n{CODES}",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(value: bool) -> None:  # noqa: FBT001  (Typer calls it)
    if value:
        from baton import __version__

        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _all(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and end.")
    ] = False,
) -> None:
    pass


app.command("login")(log_in.login)
app.command("logout")(log_in.logout)
app.command("whoami")(log_in.whoami)
app.command("watch")(watch.watch)
app.add_typer(projects.app, name="project")
app.add_typer(tasks.app, name="task")
