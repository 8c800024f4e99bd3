"""What is left of hostile file names."""

from __future__ import annotations

import pytest

from baton.lib.file_names import clean_file_name


@pytest.mark.parametrize(
    "raw,shown",
    {
        "plain": ("report.pdf", "report.pdf"),
        "Unicode stays": ("Отчёт за 2026 год 📈.xlsx", "Отчёт за 2026 год 📈.xlsx"),
        "a family stays one": ("👨\u200d👩\u200d👧.png", "👨\u200d👩\u200d👧.png"),
        "composed": ("e\u0301te.txt", "éte.txt"),
        "up the tree": ("../../etc/passwd", "passwd"),
        "absolute": ("/etc/shadow", "shadow"),
        "Windows' way": ("C:\\Windows\\..\\evil.exe", "evil.exe"),
        "NUL": ("a\0b.txt", "ab.txt"),
        "lines": ("a\r\nSet-Cookie: x.txt", "a Set-Cookie: x.txt"),
        "right to left": ("invoice\u202egpj.exe", "invoicegpj.exe"),
        "marks of direction": ("\u200f\u2066a\u2069.txt", "a.txt"),
        "lone surrogate": ("a\ud800.txt", "a.txt"),
        "dots and spaces": ("  a.txt. . ", "a.txt"),
        "nothing but dots": ("..", "file"),
        "nothing": ("", "file"),
        "a folder": ("folder/", "file"),
        "hidden": (".htaccess", ".htaccess"),
    }.values(),
)
def test_shows_what_is_harmless(raw: str, shown: str) -> None:
    assert clean_file_name(raw) == shown
    assert clean_file_name(shown) == shown


def test_shortens_the_stem_not_the_extension() -> None:
    assert clean_file_name("я" * 300 + ".docx") == "я" * 250 + ".docx"
    assert clean_file_name("a" * 300) == "a" * 255
    assert clean_file_name("." + "a" * 300) == "." + "a" * 254
