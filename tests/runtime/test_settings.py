"""Django's settings as a process sees them, and the page that lists the variables."""

from __future__ import annotations

import ast
import json
import re
import secrets
from pathlib import Path
from typing import Any

from baton.lib.variables import all_variables
from tests.runtime.serving import CHECKOUT, run_manage

KEY = secrets.token_urlsafe(40)
# It knows nothing of the server, nor of its settings.
CLIENT = CHECKOUT / "baton" / "client"


def read_settings(cwd: Path, *names: str, **variables: str) -> dict[str, Any]:
    """Return Django settings of a fresh process."""
    code = f"import json; from django.conf import settings as s; print(json.dumps([getattr(s, n) for n in {names!r}]))"
    done = run_manage(
        "shell", "--no-imports", "-c", code, cwd=cwd, BATON_DATA=str(cwd), BATON_SECRET_KEY=KEY, **variables
    )
    assert done.returncode == 0, done.stderr
    return dict(zip(names, json.loads(done.stdout), strict=True))


def test_refuses_to_start_without_a_secret(tmp_path: Path) -> None:
    refused = run_manage("check", cwd=tmp_path, BATON_DATA=str(tmp_path / "data"))
    assert refused.returncode == 1
    assert refused.stderr.startswith("baton: BATON_SECRET_KEY is not set")
    assert refused.stderr.strip().count("\n") == 0
    assert run_manage("check", cwd=tmp_path, BATON_DATA=str(tmp_path / "data"), DEBUG="1").returncode == 0


def test_a_bad_setting_is_one_line_that_names_it(tmp_path: Path) -> None:
    for name, value in {
        "BATON_PORT": "many",
        "DEBUG": "perhaps",
        "REDIS_URL": "http://x",
        "DATABASE_URL": "mysql://x/y",
    }.items():
        refused = run_manage("check", cwd=tmp_path, BATON_DATA=str(tmp_path), BATON_SECRET_KEY=KEY, **{name: value})
        assert refused.returncode == 1
        assert refused.stderr.startswith(f"baton: {name} ")
        assert refused.stderr.strip().count("\n") == 0


def test_the_originals_names_are_understood(tmp_path: Path) -> None:
    found = read_settings(
        tmp_path,
        *(
            "DEBUG",
            "ALLOWED_HOSTS",
            "EMAIL_HOST",
            "EMAIL_PORT",
            "EMAIL_HOST_USER",
            "EMAIL_HOST_PASSWORD",
            "EMAIL_BACKEND",
        ),
        *("DATABASES", "CACHES", "BATON_BROKER_URL", "SESSION_COOKIE_SECURE", "SECRET_KEY"),
        DEBUG="False",
        ALLOWED_HOSTS="a.example,b.example",
        DATABASE_URL="postgres://u:p%40ss@db.example:5433/tasks?sslmode=require",
        REDIS_URL="valkey://cache.example:6379/2",
        CELERY_BROKER_URL="amqp://mq.example",
        EMAIL_HOST="mail.example",
        EMAIL_PORT="587",
        EMAIL_HOST_USER="me",
        EMAIL_HOST_PASSWORD="hush",
        BATON_BASE_URL="https://tasks.example",
    )
    assert found["DEBUG"] is False
    assert {"a.example", "b.example", "tasks.example", "localhost"} <= set(found["ALLOWED_HOSTS"])
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == ("mail.example", 587)
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("me", "hush")
    assert found["EMAIL_BACKEND"].endswith("smtp.EmailBackend")
    assert found["SESSION_COOKIE_SECURE"] is True
    assert found["BATON_BROKER_URL"] == "amqp://mq.example"
    assert found["CACHES"]["default"]["LOCATION"] == "redis://cache.example:6379/2"
    database = found["DATABASES"]["default"]
    assert (database["NAME"], database["HOST"], database["PORT"]) == ("tasks", "db.example", 5433)
    assert (database["USER"], database["PASSWORD"]) == ("u", "p@ss")
    assert database["OPTIONS"]["sslmode"] == "require"
    assert "-c idle_in_transaction_session_timeout=60000 -c random_page_cost=1.1" in database["OPTIONS"]["options"]


def test_a_env_file_is_read_from_the_working_folder(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("EMAIL_HOST=mail.example\nBATON_PORT=8123\n")
    found = read_settings(tmp_path, "EMAIL_HOST", "BATON_BASE_URL", "DATABASES", BATON_SQLITE_SYNCHRONOUS="normal")
    assert (found["EMAIL_HOST"], found["BATON_BASE_URL"]) == ("mail.example", "http://127.0.0.1:8123")
    options = found["DATABASES"]["default"]["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=NORMAL" in options["init_command"]


def test_the_page_of_settings_is_current(tmp_path: Path) -> None:
    done = run_manage("docs_settings", "--check", cwd=tmp_path, BATON_DATA=str(tmp_path), BATON_SECRET_KEY=KEY)
    assert done.returncode == 0, done.stderr


def test_every_variable_is_declared() -> None:
    declared = {name for variable in all_variables() for name in variable.names}
    assert len(declared) == sum(len(variable.names) for variable in all_variables()), "a name is declared twice"
    places = [
        *(place for place in (CHECKOUT / "baton").rglob("*.py") if not place.is_relative_to(CLIENT)),
        *(CHECKOUT / "deploy").rglob("*"),
        CHECKOUT / "bin" / "run",
        CHECKOUT / ".env.example",
    ]
    for place in places:
        if not place.is_file():
            continue
        used = set(re.findall(r"\bBATON_[A-Z0-9_]*[A-Z0-9]\b", place.read_text(encoding="utf-8")))
        used = {name.removesuffix("_FILE") for name in used}
        assert used <= declared, f"{place} names {used - declared}: declare them in baton/lib/variables.py"


def test_every_variable_of_the_client_is_in_its_guide() -> None:
    guide = (CHECKOUT / "docs" / "client.md").read_text(encoding="utf-8")
    for place in CLIENT.rglob("*.py"):
        for name in re.findall(r"\bBATON_[A-Z]+\b", place.read_text(encoding="utf-8")):
            assert f"`{name}`" in guide, f"{place} names {name}: tell of it in docs/client.md"


def test_only_the_environment_module_reads_the_environment() -> None:
    # `__main__` asks for what a shell puts there when it completes a word.
    allowed = {"lib/env.py", "lib/start_up.py", "__main__.py"}
    for place in (CHECKOUT / "baton").rglob("*.py"):
        if str(place.relative_to(CHECKOUT / "baton")) in allowed or place.is_relative_to(CLIENT):
            continue
        for node in ast.walk(ast.parse(place.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Attribute)
                and node.attr in {"environ", "getenv"}
                and not _names_settings(place, node)
            ):
                raise AssertionError(f"{place}:{node.lineno} reads the environment: declare a variable instead")


def _names_settings(place: Path, node: ast.Attribute) -> bool:
    """Is this the one line by which Django is told where its settings are?"""
    return "DJANGO_SETTINGS_MODULE" in place.read_text(encoding="utf-8").splitlines()[node.lineno - 1]
