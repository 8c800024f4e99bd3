"""Charts from numbers, as SVG that stands in a page: no script, no style sheet, every value there as text too.

Colours are told apart in print and by people who don't see them: lines differ by dashes and markers, bars by labels.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

INK, PALE, GRID = "#1f2933", "#52606d", "#d9e2ec"
_FONT = 'font-family="system-ui, -apple-system, Segoe UI, sans-serif" font-size="13"'
_MOST_LABELS = 8


@dataclass(frozen=True, slots=True)
class Bar:
    """One value and what it is called."""

    label: str
    value: int
    colour: str


@dataclass(frozen=True, slots=True)
class Line:
    """A value for each label of a chart."""

    name: str
    values: Sequence[int]
    colour: str
    is_dashed: bool = False


@dataclass(frozen=True, slots=True)
class _Frame:
    """The field that values are drawn in, and what its upper edge stands for."""

    left: float
    top: float
    width: float
    height: float
    most: int

    def x(self, place: float) -> float:
        return self.left + place * self.width

    def y(self, value: float) -> float:
        return self.top + self.height * (1 - value / self.most)


def bar_chart(ident: str, title: str, bars: Sequence[Bar]) -> str:
    """Return lying bars, one below the other. `ident` is the drawing's own id in its page."""
    width, row, left, right = 560, 34, 150, 60
    most = max((bar.value for bar in bars), default=0) or 1
    parts = []
    for number, bar in enumerate(bars):
        length = (width - left - right) * bar.value / most
        middle = number * row + row / 2
        parts += [
            _text(left - 10, middle + 5, bar.label, anchor="end"),
            _block(left, middle - 11, length, 22, bar.colour),
            _text(left + length + 8, middle + 5, str(bar.value), weight="600"),
        ]
    return _drawing(ident, title, _listed(bars), width, row * len(bars), parts)


def column_chart(ident: str, title: str, bars: Sequence[Bar]) -> str:
    """Return standing bars, side by side: a histogram where the labels are ranges."""
    width, height = 560, 230
    most, step = _scale(bar.value for bar in bars)
    frame = _Frame(40, 22, width - 50, height - 56, most)
    parts = _grid(frame, step)
    room = 1 / max(len(bars), 1)
    for number, bar in enumerate(bars):
        middle, top = frame.x((number + 0.5) * room), frame.y(bar.value)
        half = frame.width * room * 0.36
        parts += [
            _block(middle - half, top, 2 * half, frame.y(0) - top, bar.colour),
            _text(middle, frame.y(0) + 20, bar.label, anchor="middle"),
        ]
        if bar.value:
            parts.append(_text(middle, top - 6, str(bar.value), anchor="middle", weight="600"))
    return _drawing(ident, title, _listed(bars), width, height, parts)


def line_chart(ident: str, title: str, labels: Sequence[str], lines: Sequence[Line]) -> str:
    """Return lines over the same labels, of which as many are written as there is room for."""
    width, height = 900, 250
    most, step = _scale(value for line in lines for value in line.values)
    frame = _Frame(44, 40, width - 88, height - 74, most)
    places = [number / max(len(labels) - 1, 1) if len(labels) > 1 else 0.5 for number in range(len(labels))]
    parts = _grid(frame, step)
    every = -(-len(labels) // _MOST_LABELS) or 1
    for place, label in list(zip(places, labels, strict=True))[::every]:
        parts.append(_text(frame.x(place), frame.y(0) + 22, label, anchor="middle"))
    for number, line in enumerate(lines):
        parts += [*_legend(line, frame.left + number * 160), *_line(frame, places, line)]
    told = [
        f"{label}: " + ", ".join(f"{line.name} {line.values[number]}" for line in lines)
        for number, label in enumerate(labels)
    ]
    return _drawing(ident, title, "; ".join(told), width, height, parts)


def _line(frame: _Frame, places: Sequence[float], line: Line) -> list[str]:
    points = [(frame.x(place), frame.y(value)) for place, value in zip(places, line.values, strict=True)]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return [
        f'<polyline points="{path}" fill="none" stroke="{line.colour}" stroke-width="2.5"{_dashes(line)}/>',
        *(_marker(line, x, y) for x, y in points),
    ]


def _legend(line: Line, x: float) -> list[str]:
    return [
        f'<line x1="{x:g}" y1="14" x2="{x + 30:g}" y2="14" stroke="{line.colour}" stroke-width="2.5"{_dashes(line)}/>',
        _marker(line, x + 15, 14),
        _text(x + 38, 19, line.name),
    ]


def _marker(line: Line, x: float, y: float) -> str:
    if line.is_dashed:
        return _block(x - 3, y - 3, 6, 6, line.colour)
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.2" fill="{line.colour}"/>'


def _dashes(line: Line) -> str:
    return ' stroke-dasharray="7 4"' if line.is_dashed else ""


def _grid(frame: _Frame, step: int) -> list[str]:
    parts = []
    for value in range(0, frame.most + 1, step):
        y = frame.y(value)
        parts += [
            f'<line x1="{frame.left:g}" y1="{y:.1f}" x2="{frame.x(1):g}" y2="{y:.1f}" stroke="{GRID}"/>',
            _text(frame.left - 8, y + 4, str(value), anchor="end", colour=PALE),
        ]
    return parts


def _scale(values: Iterable[int]) -> tuple[int, int]:
    """Return a round number that no value exceeds, and the distance of the grid's lines: whole numbers, both."""
    most = max(values, default=0) or 1
    step = next(step for power in range(20) for step in (10**power, 2 * 10**power, 5 * 10**power) if 4 * step >= most)
    return -(-most // step) * step, step


def _listed(bars: Sequence[Bar]) -> str:
    return ", ".join(f"{bar.label}: {bar.value}" for bar in bars)


def _block(x: float, y: float, width: float, height: float, colour: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{colour}"/>'


def _text(x: float, y: float, text: str, *, anchor: str = "start", weight: str = "400", colour: str = INK) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}" fill="{colour}"'
    return f"<text {place}>{escape(text)}</text>"


def _drawing(ident: str, title: str, description: str, width: float, height: float, parts: Iterable[str]) -> str:
    ident = escape(ident)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" '
        f'aria-labelledby="{ident}-title {ident}-text" {_FONT}>'
        f'<title id="{ident}-title">{escape(title)}</title><desc id="{ident}-text">{escape(description)}</desc>'
        f"{''.join(parts)}</svg>"
    )
