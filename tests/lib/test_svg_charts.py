"""Charts are well-formed, say their values as text, and hold nothing but what was drawn."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest

from baton.lib.svg_charts import Bar, Line, bar_chart, column_chart, line_chart

SVG = "{http://www.w3.org/2000/svg}"
NASTY = "<script>alert('1')</script>&\"\N{SNOWMAN}"
EVERY_KIND: list[Callable[[str, int], str]] = [
    lambda label, value: bar_chart("c", label, [Bar(label, value, "#000"), Bar("b", 0, "#111")]),
    lambda label, value: column_chart("c", label, [Bar(label, value, "#000"), Bar("b", 0, "#111")]),
    lambda label, value: line_chart("c", label, [label, "b"], [Line(label, [value, 0], "#000")]),
]


def texts_of(drawing: str) -> list[str]:
    return [text.text or "" for text in ET.fromstring(drawing).iter(f"{SVG}text")]


@pytest.mark.parametrize("draw", EVERY_KIND, ids=("lying", "standing", "line"))
@pytest.mark.parametrize("value", [0, 1, 7, 1234])
def test_it_is_well_formed_and_tells_its_values(draw: Callable[[str, int], str], value: int) -> None:
    drawn = ET.fromstring(draw("Review", value))
    assert drawn.get("role") == "img"
    told = {part.get("id"): part.text or "" for part in drawn if part.tag in (f"{SVG}title", f"{SVG}desc")}
    assert (drawn.get("aria-labelledby") or "").split() == list(told)
    assert told["c-title"] == "Review"
    assert "Review" in told["c-text"]
    assert str(value) in told["c-text"]


@pytest.mark.parametrize("draw", EVERY_KIND, ids=("lying", "standing", "line"))
def test_texts_stay_texts(draw: Callable[[str, int], str]) -> None:
    drawing = draw(NASTY, 3)
    assert "<script" not in drawing
    assert NASTY in texts_of(drawing)
    names = {part.tag.removeprefix(SVG) for part in ET.fromstring(drawing).iter()}
    assert names <= {"svg", "title", "desc", "rect", "text", "line", "polyline", "circle"}


def test_bars_are_as_long_as_their_values() -> None:
    drawn = ET.fromstring(bar_chart("c", "t", [Bar("a", 10, "#000"), Bar("b", 5, "#000")]))
    long, short = (float(bar.get("width") or 0) for bar in drawn.iter(f"{SVG}rect"))
    assert long == pytest.approx(2 * short)
    assert {"10", "5"} <= set(texts_of(bar_chart("c", "t", [Bar("a", 10, "#000"), Bar("b", 5, "#000")])))


@pytest.mark.parametrize("most, ticks", [(0, ["0", "1"]), (3, ["0", "1", "2", "3"]), (41, ["0", "20", "40", "60"])])
def test_the_grid_has_whole_numbers(most: int, ticks: list[str]) -> None:
    assert [text for text in texts_of(line_chart("c", "t", ["", ""], [Line("", [0, most], "#000")])) if text] == ticks


@pytest.mark.parametrize("points", [0, 1, 2, 62, 261])
def test_labels_have_room(points: int) -> None:
    labels = [f"day {number}" for number in range(points)]
    drawing = line_chart("c", "t", labels, [Line("made", [1] * points, "#000", is_dashed=True)])
    written = [text for text in texts_of(drawing) if text.startswith("day ")]
    assert len(written) <= 8
    assert written[:1] == labels[:1]
