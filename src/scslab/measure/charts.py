"""Charts as inline SVG: lines by month told apart by colour, dash and a direct label; intervals as dots with whiskers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from itertools import pairwise

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#8a6d00", "#000000")
"""Okabe and Ito's hues, safe for colour-blind readers, in an order of contrast on white."""
DASHES = ("", "7 4", "2 3", "9 3 2 3", "1 4", "12 4", "4 2")
WIDTH, HEIGHT = 720, 300
LEFT, RIGHT, TOP, BOTTOM = 52, 180, 16, 40


def nice(value: float) -> str:
    """Write a number as a reader wants it: no more than three significant digits below a thousand.

    Example:
        >>> nice(1234.5), nice(0.01234), nice(12.3456), nice(0)
        ('1,234', '0.0123', '12.3', '0')
    """
    if value == 0:
        return "0"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    text = f"{value:.3g}"
    return text if "e" not in text else f"{value:.6f}".rstrip("0").rstrip(".")


def signed(value: float) -> str:
    """Write a difference with its sign (a true minus).

    Example:
        >>> signed(-2.5), signed(0.0), signed(3)
        ('−2.5', '0', '+3')
    """
    return ("+" if value > 0 else "−" if value < 0 else "") + nice(abs(value))


def ticks(top: float) -> list[float]:
    """Choose round tick marks from 0 to at least `top`.

    Example:
        >>> ticks(43)
        [0.0, 10.0, 20.0, 30.0, 40.0, 50.0]
    """
    if top <= 0:
        return [0.0, 1.0]
    power = 10.0 ** (len(f"{int(top)}") - 1 if top >= 1 else -next(k for k in range(1, 12) if top * 10**k >= 1))
    step = next(power * k for k in (0.2, 0.5, 1, 2, 5) if top / (power * k) <= 6)
    count = int(-(-top // step))
    return [round(step * k, 10) for k in range(count + 1)]


def line_chart(series: Mapping[str, Sequence[float]], months: Sequence[str], title: str, unit: str) -> str:
    """Draw monthly values of each arm; the same numbers belong in a table beside it.

    Args:
        series: values by name, one per month; months: their names; unit: of the vertical axis.
    """
    marks = ticks(max((max(values, default=0) for values in series.values()), default=0))
    wide, high = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    x = lambda i: LEFT + wide * i / max(len(months) - 1, 1)  # noqa: E731
    y = lambda v: TOP + high * (1 - v / marks[-1])  # noqa: E731
    parts = [f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}"><title>{escape(title)}</title>']
    for mark in marks:
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(mark):.1f}" y2="{y(mark):.1f}" class="grid"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y(mark) + 4:.1f}" text-anchor="end">{nice(mark)}</text>')
    every = max(len(months) // 5, 1)
    for i in range(0, len(months), every):
        parts.append(f'<text x="{x(i):.1f}" y="{HEIGHT - 18}" text-anchor="middle">{escape(months[i])}</text>')
    parts.append(f'<text x="{LEFT}" y="{HEIGHT - 2}" class="unit">{escape(unit)}</text>')
    ends = _apart([y(values[-1]) for values in series.values() if len(values)])
    for k, (name, values) in enumerate((n, v) for n, v in series.items() if len(v)):
        colour, dash = COLOURS[k % len(COLOURS)], DASHES[k % len(DASHES)]
        points = " ".join(f"{x(i):.1f},{y(v):.1f}" for i, v in enumerate(values))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>')
        parts.append(f'<text x="{WIDTH - RIGHT + 6}" y="{ends[k] + 4:.1f}" fill="{colour}" class="name">{escape(_short(name))}</text>')
    return "".join([*parts, "</svg>"])


def legend(series: Mapping[str, Sequence[float]]) -> str:
    """Name the lines of `line_chart` in whole, with a sample of colour and dash."""
    items = []
    for k, name in enumerate(name for name, values in series.items() if len(values)):
        stroke = f'stroke="{COLOURS[k % len(COLOURS)]}" stroke-width="3" stroke-dasharray="{DASHES[k % len(DASHES)]}"'
        sample = f'<svg viewBox="0 0 40 8" aria-hidden="true"><line x1="0" x2="40" y1="4" y2="4" {stroke}/></svg>'
        items.append(f"<li>{sample} {escape(name)}</li>")
    return f'<ul class="legend">{"".join(items)}</ul>'


def _short(name: str, most: int = 22) -> str:
    return name if len(name) <= most else name[: most - 1] + "…"


def _apart(heights: list[float], least: float = 15) -> list[float]:
    """Move labels apart so that none covers another, in the order of their heights."""
    order = sorted(range(len(heights)), key=heights.__getitem__)
    moved = list(heights)
    for before, after in pairwise(order):
        moved[after] = max(moved[after], moved[before] + least)
    return moved


def whisker(low: float, value: float, high: float, reach: float) -> str:
    """Draw a difference with its interval around zero, for a table cell; `reach` is the half-width of the scale."""
    x = lambda v: 60 + 56 * max(-1.0, min(1.0, v / reach)) if reach else 60  # noqa: E731
    return (
        f'<svg viewBox="0 0 120 16" class="whisker" aria-hidden="true"><line x1="60" x2="60" y1="1" y2="15" class="grid"/>'
        f'<line x1="{x(low):.1f}" x2="{x(high):.1f}" y1="8" y2="8" stroke="#333" stroke-width="2"/>'
        f'<circle cx="{x(value):.1f}" cy="8" r="3.5" fill="#0072b2"/></svg>'
    )
