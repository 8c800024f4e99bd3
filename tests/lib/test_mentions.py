"""Whom a text names."""

from __future__ import annotations

import pytest

from baton.lib.mentions import MOST, mentions_in


@pytest.mark.parametrize(
    "text, expected",
    [
        ("", []),
        ("@anna", [("anna",)]),
        ("Ask @Anna, please", [("anna",)]),
        ("Ask @anna. Then go.", [("anna.", "anna")]),
        ("(@anna.smith+x@home-2)", [("anna.smith+x@home-2",)]),
        ("@Ärger @ＡＮＮＡ", [("ärger",), ("anna",)]),
        ("anna@example.org is an address", []),
        ("x.@anna +@anna", []),
        ("@ anna, @, @!", []),
        ("@... nobody", [("...",)]),
        ("@anna and @ANNA", [("anna",)]),
        ("line\n@anna\n@bert", [("anna",), ("bert",)]),
        ("/@anna \"@bert\" '@carl' <@dora>", [("anna",), ("bert",), ("carl",), ("dora",)]),
    ],
)
def test_names(text: str, expected: list[tuple[str, ...]]) -> None:
    assert mentions_in(text) == expected


def test_who_names_everybody_names_so_many() -> None:
    assert len(mentions_in(" ".join(f"@user{number}" for number in range(500)))) == MOST
