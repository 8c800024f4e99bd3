"""Typed variables: where a value comes from, and what a bad one says."""

from __future__ import annotations

from pathlib import Path

import pytest

from baton.lib.env import BadVariable, Environment
from baton.lib.env_types import choice, flag, integer, seconds, secret, server_url, web_address, words

PORT = integer("BATON_PORT", 8000, "A port.", "PORT", least=1, most=65535)
KEY = secret("BATON_KEY", "A key.", "KEY")


def test_the_first_source_wins_and_the_own_name_wins_in_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / ".env"
    file.write_text("# ours\nBATON_PORT=7000\nexport KEY='from $FILE'\n")
    monkeypatch.setenv("PORT", "9000")
    monkeypatch.delenv("BATON_PORT", raising=False)
    environment = Environment.of_process(file, tmp_path / "absent")
    assert environment.read(PORT) == 9000
    assert environment.read(KEY) == "from $FILE"
    monkeypatch.setenv("BATON_PORT", "9001")
    assert environment.read(PORT) == 9001
    monkeypatch.setenv("BATON_PORT", " ")
    monkeypatch.setenv("PORT", "")
    assert environment.read(PORT) == 7000


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("hush\n")
    assert Environment({"KEY_FILE": str(tmp_path / "key")}).read(KEY) == "hush"
    with pytest.raises(BadVariable, match="KEY_FILE names a file that can't be read"):
        Environment({"KEY_FILE": str(tmp_path / "absent")}).read(KEY)
    (tmp_path / "empty").write_text("")
    with pytest.raises(BadVariable, match="empty file"):
        Environment({"BATON_KEY_FILE": str(tmp_path / "empty")}).read(KEY)
    # Only secrets: a number in a file is a typing error, not a wish.
    assert Environment({"BATON_PORT_FILE": str(tmp_path / "key")}).read(PORT) == 8000


@pytest.mark.parametrize(
    "variable, text, complaint",
    [
        (PORT, "abc", "BATON_X must be a whole number (it is 'abc')."),
        (PORT, "0", "BATON_X must be between 1 and 65535 (it is '0')."),
        (PORT, "1" + "0" * 20, "between 1 and 65535"),
        (flag("BATON_X", "", default=False), "perhaps", "must be 1 or 0"),
        (seconds("BATON_X", 1, ""), "nan", "between 0 and 86400 seconds"),
        (seconds("BATON_X", 1, ""), "soon", "must be a number of seconds"),
        (choice("BATON_X", "a", "", "a", "b"), "c", "must be one of a, b"),
        (web_address("BATON_X", "", default_text=""), "tasks.example.com", "must be an address such as"),
        (web_address("BATON_X", "", default_text=""), "https://x.example/path", "must be an address such as"),
        (server_url("BATON_X", "", schemes=("redis",)), "http://u:hush@h", "must start with one of redis://"),
        (server_url("BATON_X", "", schemes=("redis",)), "redis://u:hush@h:port", "is not a URL"),
    ],
)
def test_a_bad_value_is_named_in_one_line(variable: object, text: str, complaint: str) -> None:
    name = "BATON_PORT" if variable is PORT else "BATON_X"
    with pytest.raises(BadVariable) as caught:
        Environment({name: text}).read(variable)  # type: ignore[arg-type]
    said = str(caught.value)
    assert complaint.replace("BATON_X", name) in said
    assert said.startswith(name)
    assert "\n" not in said
    assert "hush" not in said


def test_words_and_flags() -> None:
    assert Environment({"X": "a, b,,c "}).read(words("X", (), "")) == ("a", "b", "c")
    for text, value in {"1": True, "True": True, "yes": True, "0": False, "False": False, "off": False}.items():
        assert Environment({"X": text}).read(flag("X", "", default=not value)) is value
    assert Environment({"X": "https://x.example/"}).read(web_address("X", "", default_text="")) == "https://x.example"
