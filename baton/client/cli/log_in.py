"""`baton login`, `baton logout`, `baton whoami`."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Annotated
from urllib.parse import urlsplit

import typer

from baton.client.cli import login_file
from baton.client.cli.login_file import StoredLogIn
from baton.client.cli.printing import complain, harmless, print_json, say
from baton.client.cli.refusals import Mistake
from baton.client.cli.session import AsJson, chosen_url, client_for, open_client, tidy
from baton.client.errors import NotLoggedIn
from baton.client.shapes import Profile


def login(
    url: Annotated[str, typer.Option(help="The server; BATON_URL or the last one if not given.")] = "",
    token_stdin: Annotated[bool, typer.Option("--token-stdin", help="Read an API token from stdin.")] = False,
) -> None:
    """Log in with a name or e-mail address and a password, or with an API token."""
    server = tidy(url) if url else chosen_url(login_file.load())
    _warn_of_plain_http(server)
    stored = _with_token(server) if token_stdin else _with_password(server)
    login_file.save(stored)
    if os.environ.get("BATON_TOKEN"):
        complain("BATON_TOKEN is set and stands above this log-in.")


def logout() -> None:
    """End the session and forget it here."""
    stored = login_file.load()
    if stored is None:
        say("You were not logged in.")
        return
    if stored.tokens is not None:
        client = client_for(stored.url, tokens=login_file.FileTokens(stored.url))
        with client, suppress(NotLoggedIn):  # it may have ended already
            client.log_out()
    login_file.forget()
    if stored.token is not None:
        say("Forgotten here. The API token still works until it is revoked.")
    else:
        say(f"Logged out of {stored.url}.")


def whoami(json: AsJson = False) -> None:
    """Show who is logged in, and where."""
    with open_client() as client:
        profile = client.get_profile()
    if json:
        print_json(profile)
    else:
        say(f"{_named(profile)} at {chosen_url(login_file.load())}")


def _with_password(server: str) -> StoredLogIn:
    login = typer.prompt("E-mail or username")
    password = typer.prompt("Password", hide_input=True)
    with client_for(server) as client:
        tokens = client.log_in(login, password)
        say(f"Logged in at {server} as {_named(client.get_profile())}.", "green")
    return StoredLogIn(server, tokens=tokens)


def _with_token(server: str) -> StoredLogIn:
    token = sys.stdin.readline().strip()
    if not token:
        raise Mistake("There was no token on stdin.")
    with client_for(server, token=token) as client:
        next(client.list_projects(page_size=1), None)
    say(f"Logged in at {server} with an API token.", "green")
    return StoredLogIn(server, token=token)


def _warn_of_plain_http(server: str) -> None:
    parts = urlsplit(server)
    if parts.scheme == "http" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
        complain(f"{server} is not encrypted: others on the way can read the password.")


def _named(profile: Profile) -> str:
    return harmless(f"{profile.name or profile.username} ({profile.username})")
