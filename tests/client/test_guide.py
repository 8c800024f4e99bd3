"""The examples of docs/client.md do what they say."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from baton.client import Client, NotLoggedIn
from tests.architecture.tree import CHECKOUT
from tests.client.conftest import BRISK, Somebody, address_of
from tests.runtime.serving import Served, clean_environment

GUIDE = (CHECKOUT / "docs" / "client.md").read_text(encoding="utf-8")
PASSWORD = "correct horse battery"
PRINTED = ["Water the plants", "0\n", "somebody was faster", "task.created"]


def examples(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


@pytest.fixture
def nora(server: Served) -> str:
    """Register the guide's person, unless an earlier test has."""
    account = {"username": "nora", "email": "nora@example.org", "password": PASSWORD, "password_confirm": PASSWORD}
    with Client(address_of(server), patience=BRISK) as client:
        if not has_nora(client):
            client.request("POST", "/api/auth/register/", json=account)
    return "nora"


def has_nora(client: Client) -> bool:
    try:
        client.log_in("nora", PASSWORD)
    except NotLoggedIn:
        return False
    return True


@pytest.mark.parametrize("number", range(len(PRINTED)))
def test_python(somebody: Somebody, nora: str, number: int, capsys: pytest.CaptureFixture[str]) -> None:
    somebody.client.create_task(somebody.project.id, "There before")
    names = {"url": somebody.url, "tokens": somebody.tokens, "project_id": somebody.project.id}

    exec(compile(examples("python")[number], "docs/client.md", "exec"), names)

    assert PRINTED[number] in capsys.readouterr().out


def test_every_example_is_run() -> None:
    assert len(examples("python")) == len(PRINTED)
    assert len(examples("sh")) == 1


def test_shell(somebody: Somebody, nora: str, home: Path) -> None:
    key = f"G{somebody.username[1:9].upper()}"
    script = examples("sh")[0].replace("GRD", key)
    command = home / "baton"
    command.write_text(f'#!/bin/sh\nPYTHONPATH="{CHECKOUT}" exec "{sys.executable}" -m baton "$@"\n')
    command.chmod(0o755)
    # The password is asked for on a terminal; here an API token is read instead.
    with Client(somebody.url, patience=BRISK) as client:
        client.log_in(nora, PASSWORD)
        made = client.request("POST", "/api/auth/tokens/", json={"name": key, "scopes": ["read", "write", "admin"]})
    script = script.replace("--url $URL", f"--url {somebody.url} --token-stdin <<<{made['secret']}")
    here = clean_environment(PATH=f"{home}:/usr/bin:/bin", XDG_CONFIG_HOME=str(home / "config"))

    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=home,
        env=here,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{key}-1 is done." in done.stdout
    assert "The ones on the balcony too." in done.stdout
