"""The `baton` command as people and scripts meet it."""

from __future__ import annotations

import json
import os
import re
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner, Result

from baton.__main__ import FOR_PEOPLE
from baton.client.cli import login_file
from baton.client.cli.app import app
from baton.client.cli.printing import harmless
from tests.client.conftest import PASSWORD, Somebody, register
from tests.runtime.serving import CHECKOUT, clean_environment, free_port

pytestmark = pytest.mark.usefixtures("home")


def baton(*arguments: str, stdin: str = "") -> Result:
    """Run the command in this process."""
    return CliRunner(env={"COLUMNS": "120"}).invoke(app, list(arguments), input=stdin, prog_name="baton")


def run(*arguments: str, stdin: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a process."""
    return subprocess.run(
        [sys.executable, "-m", "baton", *arguments],
        cwd=CHECKOUT,
        env=clean_environment(**variables),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def logged_in(somebody: Somebody, home: Path) -> Somebody:
    """Give somebody who has logged in here."""
    done = baton("login", "--url", somebody.url, stdin=f"{somebody.username}\n{PASSWORD}\n")
    assert done.exit_code == 0, done.output
    assert PASSWORD not in done.output
    return somebody


def shown(*arguments: str, stdin: str = "") -> Any:
    """Return what a command prints as JSON."""
    done = baton(*arguments, "--json", stdin=stdin)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_the_log_in_is_its_owners_alone(logged_in: Somebody, home: Path) -> None:
    stored = home / "config" / "baton" / "login.json"

    assert stat.S_IMODE(stored.stat().st_mode) == 0o600
    assert stat.S_IMODE(stored.parent.stat().st_mode) == 0o700
    assert shown("whoami")["username"] == logged_in.username
    assert baton("logout").exit_code == 0
    assert not stored.exists()
    done = baton("whoami")
    assert (done.exit_code, done.stdout) == (3, "")
    assert "baton login" in done.stderr


def test_a_wrong_password_stores_nothing(somebody: Somebody, home: Path) -> None:
    done = baton("login", "--url", somebody.url, stdin=f"{somebody.username}\nwrong\n")

    assert done.exit_code == 3
    assert "No active account" in done.stderr
    assert login_file.load() is None


def test_an_api_token_comes_over_stdin_or_the_environment(somebody: Somebody, home: Path) -> None:
    made = somebody.client.request("POST", "/api/auth/tokens/", json={"name": "cli", "scopes": ["read", "write"]})
    refused = run("login", "--url", somebody.url, "--token-stdin", stdin="bat_wrong\n")
    assert (refused.returncode, login_file.load()) == (3, None)
    done = run("login", "--url", somebody.url, "--token-stdin", stdin=f"{made['secret']}\n")
    assert done.returncode == 0, done.stderr
    assert somebody.project.key in run("project", "list").stdout
    login_file.forget()
    done = run("project", "list", BATON_URL=somebody.url, BATON_TOKEN=made["secret"])
    assert somebody.project.key in done.stdout


def test_a_credential_goes_to_no_other_server(logged_in: Somebody) -> None:
    done = run("whoami", BATON_URL="http://127.0.0.1:9")

    assert done.returncode == 3
    assert "not logged in at http://127.0.0.1:9" in done.stderr


def test_two_commands_renew_the_tokens_once(logged_in: Somebody) -> None:
    stored = login_file.load()
    assert stored is not None
    assert stored.tokens is not None
    stored.tokens = type(stored.tokens)(access="run out", refresh=stored.tokens.refresh)
    login_file.save(stored)
    codes: list[int] = []
    threads = [threading.Thread(target=lambda: codes.append(run("whoami").returncode)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert codes == [0, 0, 0]
    assert run("whoami").returncode == 0


def test_work_on_a_task(logged_in: Somebody) -> None:
    key = logged_in.project.key
    long_text = "First line.\nSecond line."
    added = ("task", "add", "Check the lamp", "-p", key.lower(), "-d", "-", "--priority", "high")
    task = shown(*added, "--assign", "me", "--label", "light", "--due", "2030-01-02", stdin=long_text)
    assert (task["description"], task["labels"]) == (long_text, ["light"])
    name = task["key"]
    assert task["assigned_to"]["username"] == logged_in.username
    assert task["due_date"].startswith(("2030-01-01", "2030-01-02"))

    assert baton("task", "comment", name, "-", stdin="The wick\nis worn.").exit_code == 0
    assert baton("task", "done", name.lower()).stdout == f"{name} is done.\n"
    card = baton("task", "show", name).stdout
    assert re.search(r"status:\s+done", card)
    assert "Second line." in card
    assert "The wick\nis worn." in card
    assert shown("task", "show", str(task["id"]))["comments"][0]["text"] == "The wick\nis worn."
    assert shown("task", "assign", name, "--nobody")["assignees"] == []


def test_handing_on(logged_in: Somebody, somebody: Somebody) -> None:
    other = register(logged_in.url)
    logged_in.client.add_member(logged_in.project.id, other.username)
    task = shown("task", "add", "Lamp", "-p", logged_in.project.key, "--assign", "me")

    assert shown("task", "delegate", task["key"], other.username.upper(), "--note", "Please.")["note"] == "Please."
    assert [each["id"] for each in shown("task", "list", "--waiting")] == [task["id"]]
    assert baton("task", "delegate", task["key"], "nobody-here").exit_code == 1
    other.client.close()


def test_lists_are_narrowed_and_go_through_pipes(logged_in: Somebody) -> None:
    key = logged_in.project.key
    for number in range(3):
        logged_in.client.create_task(logged_in.project.id, f"Lamp\t{number}", priority="low" if number else "high")

    listed = baton("task", "list", "--project", key, "--order", "created_at").stdout
    assert listed.splitlines() == [
        f"{key}-1\ttodo\thigh\t\t\tLamp 0",
        f"{key}-2\ttodo\tlow\t\t\tLamp 1",
        f"{key}-3\ttodo\tlow\t\t\tLamp 2",
    ]
    assert len(shown("task", "list", "-p", key, "--priority", "low", "--limit", "1")) == 1
    assert len(shown("task", "list", "--project", key, "--priority", "low", "--priority", "high")) == 3
    assert shown("task", "list", "--mine") == []
    assert key in baton("project", "list").stdout


@pytest.mark.parametrize(
    "arguments,code,said",
    [
        (("task", "list", "--status", "perhaps"), 1, "status: Must be one of"),
        (("task", "list", "--mine", "--assigned-to", "none"), 2, "two things"),
        (("task", "list", "--limit", "0"), 2, "--limit"),
        (("task", "show", "NONE-1"), 1, "There is no task NONE-1"),
        (("task", "show", "what?"), 1, "key: Must be a task's key"),
        (("task", "show", "999999999"), 1, "no such thing"),
        (("task", "add", "x", "-p", "NONE"), 1, "There is no project NONE"),
        (("task", "add", "x"), 2, "--project"),
        (("task", "assign", "X-1"), 2, "--nobody"),
        (("project", "add", "x", "--key", "a b"), 1, "key: A key is"),
        (("watch", "--after", "not-a-cursor"), 1, "Not a cursor"),
        (("watch", "--after", "99999999-99999999"), 1, "can't be resumed"),
        (("perhaps",), 2, "No such command"),
    ],
)
def test_what_is_refused_is_said_in_a_line_or_two(
    logged_in: Somebody, arguments: tuple[str, ...], code: int, said: str
) -> None:
    done = baton(*arguments)

    assert done.exit_code == code, done.output
    assert said in re.sub(r"[\s│]+", " ", done.stderr)
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    if code == 1:
        assert len(done.stderr.splitlines()) <= 2


def test_no_server_is_exit_code_4() -> None:
    done = run("whoami", BATON_URL=f"http://127.0.0.1:{free_port()}", BATON_TOKEN="bat_x")

    assert done.returncode == 4
    assert done.stderr.count("\n") == 1


def test_a_broken_file_is_a_line(home: Path) -> None:
    (home / "config" / "baton").mkdir(parents=True)
    (home / "config" / "baton" / "login.json").write_text("{")

    done = run("whoami")

    assert done.returncode == 1
    assert "Log in again" in done.stderr
    assert done.stderr.count("\n") == 1


def test_watching_prints_each_event_once(logged_in: Somebody) -> None:
    watching = subprocess.Popen(
        [sys.executable, "-m", "baton", "watch", "--json", "--after", "0-0", "-p", logged_in.project.key],
        cwd=CHECKOUT,
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell that ran the tests in the background has them ignore it, and what they start.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  (takes no lock)
    )
    assert watching.stdout is not None
    events = [json.loads(watching.stdout.readline())]
    logged_in.client.create_task(logged_in.project.id, "Seen at once")
    started = time.monotonic()
    events.append(json.loads(watching.stdout.readline()))
    assert time.monotonic() - started < 10
    watching.send_signal(signal.SIGINT)
    _, complaints = watching.communicate(timeout=20)

    assert [event["verb"] for event in events] == ["project.created", "task.created"]
    assert (watching.returncode, complaints) == (130, "")


def test_other_peoples_text_does_not_steer_the_terminal(logged_in: Somebody) -> None:
    task = logged_in.client.create_task(logged_in.project.id, "Red \x1b[31malert\x07")

    for arguments in (("task", "list"), ("task", "show", task.key)):
        assert "\x1b" not in baton(*arguments).stdout
    assert harmless("a\tb\nc\x9bd") == "a b c\ufffdd"


def test_no_color(logged_in: Somebody) -> None:
    plain = CliRunner(env={"FORCE_COLOR": "1", "NO_COLOR": "1", "TERM": "xterm"})
    colourful = CliRunner(env={"FORCE_COLOR": "1", "TERM": "xterm"})

    assert "\x1b[32m" not in plain.invoke(app, ["project", "add", "One"]).stdout
    assert "\x1b[32m" in colourful.invoke(app, ["project", "add", "Two"]).stdout


def test_completion() -> None:
    words = {"_BATON_COMPLETE": "complete_bash", "COMP_WORDS": "baton task d", "COMP_CWORD": "2"}

    assert run(**words).stdout.split() == ["done", "delegate"]
    # Whatever shell the tests were started by, if any.
    asked = run("--show-completion", "bash", _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert "_BATON_COMPLETE=complete_bash" in asked.stdout


def test_help_shows_both_sides() -> None:
    done = run("--help")
    text = re.sub(r"\s+", " ", done.stdout)

    assert done.returncode == 0
    assert set(FOR_PEOPLE) <= set(text.split())
    assert "baton serve" in text
    assert "createsuperuser" in run("help", BATON_DEBUG="1").stdout
    assert run("--version").stdout.strip() == "0.1.0"


def test_the_first_words_are_those_of_the_command_line() -> None:
    assert set(get_command(app).commands) == FOR_PEOPLE  # type: ignore[attr-defined]  # a group


def test_each_side_loads_only_its_own() -> None:
    script = "import sys; import {0}; print(sorted({{'django', 'typer', 'httpx2'}} & set(sys.modules)))"
    for module, loaded in (
        ("baton.client", "['httpx2']"),
        ("baton.client.cli.app", "['httpx2', 'typer']"),
        ("baton.__main__", "[]"),
    ):
        done = subprocess.run(
            [sys.executable, "-c", script.format(module)], cwd=CHECKOUT, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == loaded, module


def test_the_environment_of_these_tests_is_empty(home: Path) -> None:
    # Else a log-in of whoever runs the tests would be used, or overwritten.
    assert str(login_file.path()).startswith(str(home))
    assert "BATON_TOKEN" not in os.environ
