"""Who the command line is, and where."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from baton.client.blocking import Client
from baton.client.cli import login_file
from baton.client.cli.refusals import Mistake, Stranger

DEFAULT_URL = "http://127.0.0.1:8000"

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def open_client() -> Client:
    """Return a client for who is logged in. Raises Stranger, Mistake.

    A stored credential goes only to the server that gave it: BATON_URL beside it needs BATON_TOKEN.
    """
    stored = login_file.load()
    url = chosen_url(stored)
    if token := os.environ.get("BATON_TOKEN"):
        return client_for(url, token=token)
    if stored is None or stored.url != url:
        raise Stranger(f"You are not logged in at {url}. Log in: baton login --url {url}")
    if stored.token is not None:
        return client_for(url, token=stored.token)
    return client_for(url, tokens=login_file.FileTokens(url))


def client_for(url: str, *, token: str | None = None, tokens: login_file.FileTokens | None = None) -> Client:
    """Return a client. Raises Mistake for an address that is none."""
    try:
        return Client(url, token=token, tokens=tokens)
    except ValueError as error:
        raise Mistake(str(error)) from None


def chosen_url(stored: login_file.StoredLogIn | None) -> str:
    """Return the server's address: BATON_URL, else where one is logged in, else the one of `bin/run`."""
    return tidy(os.environ.get("BATON_URL") or (stored.url if stored else DEFAULT_URL))


def tidy(url: str) -> str:
    """Return one spelling of an address."""
    return url.strip().rstrip("/")


def read_text(text: str) -> str:
    """Return the text, or what stands on stdin where it is `-`."""
    return sys.stdin.read().strip() if text == "-" else text
