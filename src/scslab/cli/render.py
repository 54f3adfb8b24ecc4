"""Plain data to a terminal: tables, sparklines, progress, JSON. Narrow terminals get lists instead of tables."""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

BLOCKS = "▁▂▃▄▅▆▇█"
NARROW = 72
"""Below this many columns, effects are printed as a list."""

Row = Mapping[str, Any]


class Screen(Console):
    """A console that lets a closed pipe be noticed by whoever asked for the output."""

    def on_broken_pipe(self) -> None:
        """Let the error through; `errors.guarded` ends quietly."""
        raise BrokenPipeError


def screen() -> Screen:
    """Open standard output for printing; tables take what width there is."""
    return Screen(highlight=False, soft_wrap=False)


def print_json(document: Any) -> None:
    """Print one JSON document; NumPy values become plain, what is no number becomes null."""
    print(json.dumps(plain(document), indent=2, ensure_ascii=False, allow_nan=False))


def show(value: Any, as_json: bool, tell: Callable[[Screen, Any], None]) -> None:
    """Print a value as one JSON document, or let `tell` put it on the terminal."""
    print_json(value) if as_json else tell(screen(), value)


def say(out: Console, words: str, style: str = "") -> None:
    """Print a sentence, which the terminal may break where it likes; brackets in it are no markup."""
    out.print(Text(words, style=style), soft_wrap=True)


def plain(value: Any) -> Any:
    """Turn NumPy, paths and dataclasses into what JSON knows."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in (sorted(value) if isinstance(value, set | frozenset) else value)]
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, bool | int | str):
        return value
    if hasattr(value, "to_dict"):
        return plain(value.to_dict())
    return str(value)


def rows_of(table: Any) -> list[Row]:
    """Take rows from a list of mappings, or from columns of one length."""
    if isinstance(table, Mapping):
        return [dict(zip(table, values)) for values in zip(*(plain(column) for column in table.values()))]
    return list(table)


def number(value: Any, signed: bool = False) -> str:
    """Write a number as a reader wants it.

    Example:
        >>> number(12345.6), number(0.01234), number(-2.5, signed=True), number(None)
        ('12,346', '0.0123', '-2.5', '-')
    """
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return "-"
    if isinstance(value, str):
        return value
    value = float(value)
    size = abs(value)
    sign = "+" if signed and value > 0 else ""
    if size == int(size) or size >= 100:
        return f"{sign}{value:,.0f}"
    return sign + (f"{value:,.1f}" if size >= 1 else f"{value:.3g}")


def sparkline(values: Iterable[float], width: int = 60) -> str:
    """Draw values as a line of blocks, means of equal spans when there are more than `width`.

    Example:
        >>> sparkline([0, 1, 2, 3])
        '▁▃▆█'
    """
    points = [0.0 if not math.isfinite(float(value)) else float(value) for value in values]
    if len(points) > width > 0:
        edges = [round(index * len(points) / width) for index in range(width + 1)]
        points = [sum(points[a:b]) / (b - a) for a, b in pairwise(edges)]
    if not points:
        return ""
    low, high = min(points), max(points)
    if high == low:
        return BLOCKS[0] * len(points)
    return "".join(BLOCKS[round((point - low) / (high - low) * 7)] for point in points)


def effects(out: Console, document: Row) -> None:
    """Print a table of effects, differences with their interval; a list where the terminal is narrow.

    Args:
        document: `effects` (rows of outcome, with, without, difference, low, high, perhaps unit and note), `with`, `without`, `interval`.
    """
    names = (str(document.get("with", "with")), str(document.get("without", "without")))
    label = str(document.get("band") or f"95 % ({document.get('interval', 'luck only')})")
    rows = rows_of(document.get("effects", []))
    if out.width < NARROW:
        for row in rows:
            out.print(Text(_name(row), style="bold"))
            note = row.get("note") or f"{label} {_interval(row)}"
            out.print(Text(f"  {number(row.get('with'))} with, {number(row.get('without'))} without"))
            out.print(Text(f"  difference {number(row.get('difference'), signed=True)}; {note}"))
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column(str(document.get("per", "outcome")), overflow="fold")
    for name in (*names, "difference", label):
        table.add_column(name, justify="right", overflow="fold")
    for row in rows:
        table.add_row(*map(Text, (_name(row), number(row.get("with")), number(row.get("without")),
                                  number(row.get("difference"), signed=True), str(row.get("note") or _interval(row)))))
    out.print(table)


def _name(row: Row) -> str:
    group = str(row.get("group") or "all")
    level = str(row.get("level") or "")
    unit = f" ({row['unit']})" if row.get("unit") else ""
    return str(row.get("outcome", "")) + unit + ("" if group == "all" else f", {group} {level}".rstrip())


def _interval(row: Row) -> str:
    if row.get("low") is None or row.get("high") is None:
        return "-"
    worlds = f", {row['in_worlds']}" if row.get("in_worlds") else ""
    unclear = f"; {row['clear']}" if row.get("clear") == "not after adjustment" else ""
    return f"{number(row['low'], signed=True)} to {number(row['high'], signed=True)}{worlds}{unclear}"


TABLES = (
    ("difference_by_window", "Difference while the rules are new, and later"),
    ("speech_by_nearness", "Protected conduct per 1,000 adults over the run, by who was sanctioned in any world (same persons in all)"),
    ("unaware", "How long listings stay unknown to their subjects, whole run"),
    ("poor_and_rich", "Poorest and richest fifth, standardised by age and sex, whole run: exposure per person, bias per breach"),
    ("reforms_against_the_regime", "What each reform changes, against the regime without it"),
    ("reform_prices", "The price of each reform, whole run and all seeds"),
    ("against_the_law_better_enforced", "Against the second comparator: the same sensors and publicity, statutory penalties only"),
)
"""Tables of a summary below its effects."""


def summary(out: Console, document: Row) -> None:
    """Print what a run found: effects, sparklines, where it was saved, what to try next (banner and title came before the run).

    Args:
        document: as `effects`; also `title`, `series` (name to values), `notes`, `folder`, `report`, `next` (commands).
    """
    effects(out, document)
    for key, title in TABLES:
        if document.get(key):
            rows(out, document[key], title=title)
    for name, values in dict(document.get("series") or {}).items():
        values = [float(value) for value in plain(values)]
        line = sparkline(values, max(10, min(60, out.width - len(name) - 2))) if _shows_blocks(out) else ""
        if values:
            out.print(Text(f"{name}  {line or f'from {number(values[0])} to {number(values[-1])}'}"))
    for note in document.get("notes") or ():
        out.print(Text(str(note), style="italic"))
    if document.get("folder"):
        out.print(Text(f"Saved {document['folder']}" + (f"    open {document['report']}" if document.get("report") else "")))
    if document.get("next"):
        out.print(Text("Next:  " + "  |  ".join(map(str, document["next"]))))


def _shows_blocks(out: Console) -> bool:
    return out.encoding.lower().replace("-", "").startswith("utf")


def rows(out: Console, table: Any, columns: Sequence[str] | None = None, title: str = "") -> None:
    """Print rows as a table; a record a paragraph where the terminal is narrow.

    Args:
        table: rows, or columns of one length.
        columns: which to show, in order; all by default.
    """
    found = rows_of(table)
    if title:
        out.print(Text(title, style="bold"))
    if not found:
        out.print(Text("(none)"))
        return
    shown = list(columns or found[0])
    if out.width < NARROW and len(shown) > 2:
        for row in found:
            out.print(Text(_cell(row.get(shown[0])), style="bold"))
            for name in shown[1:]:
                out.print(Text(f"  {name.replace('_', ' ')}: {_cell(row.get(name))}"))
        return
    view = Table(box=None, header_style="bold", pad_edge=False)
    whole = _unbroken(found, shown, out.width)
    for name in shown:
        right = all(isinstance(row.get(name), int | float) and not isinstance(row.get(name), bool) for row in found)
        view.add_column(name.replace("_", " "), justify="right" if right else "left", overflow="fold", no_wrap=name in whole)
    for row in found:
        view.add_row(*(Text(_cell(row.get(name))) for name in shown))
    out.print(view)


def _unbroken(found: Sequence[Row], shown: Sequence[str], width: int) -> set[str]:
    """Choose columns of names and numbers, which are copied and compared, to stay unbroken, as far as the others keep enough room."""
    cells = {name: [_cell(row.get(name)) for row in found] for name in shown}
    sizes = {name: max(map(len, (name, *column))) + 2 for name, column in cells.items()}
    kept: set[str] = set()
    for name in shown:
        rest = sum(min(sizes[other], 12) for other in shown if other not in kept | {name})
        if not any(" " in cell for cell in cells[name]) and sum(sizes[other] for other in kept | {name}) + rest <= width:
            kept.add(name)
    return kept


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, list | tuple):
        cells = [_cell(item) for item in value]
        return (" " if cells and all(cell.endswith(".") for cell in cells) else ", ").join(cells)
    return "" if value is None else str(value)


def document(out: Console, value: Any) -> None:
    """Print text as it is, rows as a table, and a mapping as its scalars followed by its tables."""
    if isinstance(value, str):
        say(out, value.rstrip("\n"))
        return
    if not isinstance(value, Mapping):
        rows(out, value)
        return
    scalars = {key: item for key, item in value.items() if not _is_table(item)}
    width = max((len(str(key)) for key in scalars), default=0)
    for key, item in scalars.items():
        out.print(Text(f"{str(key).replace('_', ' '):<{width}}  {_cell(item)}"))
    for key, item in value.items():
        if _is_table(item):
            if isinstance(item, Mapping):
                item = [{"name": name, "value": _cell(entry)} for name, entry in item.items()]
            rows(out, item, title=str(key).replace("_", " "))


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, list) and bool(value) and isinstance(value[0], Mapping))


def life(out: Console, document: Row) -> None:
    """Print twin lives: one person, the same luck; each event with the worlds it happens in, what led to it, and its rule.

    Args:
        document: `who`, `arms` (names), `rows` (month, and for each arm its text; perhaps because and rule), `notes`.
    """
    out.print(Text(str(document.get("who", "A made-up person")), style="bold"))
    arms = [str(arm) for arm in document.get("arms", [])]
    letters = {arm: LETTERS[i % len(LETTERS)] for i, arm in enumerate(arms)}
    out.print(Text("   ".join((*(f"{letter} = {arm}" for arm, letter in letters.items()), f"{SAME} = the same in all"))))
    found, rules, before = rows_of(document.get("rows", [])), {}, ""
    if not found:
        out.print(Text("(nothing happens in these months)"))
    for row in found:
        told: dict[str, str] = {}
        for arm in arms:
            if row.get(arm):
                told[str(row[arm])] = told.get(str(row[arm]), "") + letters[arm]
        month = str(row.get("month", ""))
        for words, where in told.items():
            mark = SAME if len(where) == len(arms) else where
            _hanging(out, f"{month if month != before else '':<8} {mark:<{len(arms)}} ", words, "bold")
            before = month
        rule = str(row.get("rule") or "")
        number = rules.setdefault(rule, len(rules) + 1) if rule else 0
        why = ". ".join(filter(None, (str(row.get("because") or ""), f"Rule [{number}]" if number else "")))
        if why:
            _hanging(out, " " * (len(arms) + 10), why)
    if rules:
        out.print(Text("Rules", style="bold"))
    for rule, number in rules.items():
        _hanging(out, f"{f'[{number}]':<5} ", rule)
    for note in document.get("notes") or ("The twin is a device for seeing the mechanism; only averages are claims.",):
        out.print(Text(str(note), style="italic"))


LETTERS, SAME = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "="
"""How a life marks the worlds that an event happens in."""


def _hanging(out: Console, head: str, text: str, style: str = "") -> None:
    """Print text to the right of a head, its further lines under its first."""
    lines = Text(text, style=style).wrap(out, max(out.width - len(head), 24))
    for i, line in enumerate(lines):
        line.rstrip()
        out.print(Text(head if i == 0 else " " * len(head)) + line, soft_wrap=True)


class Progress:
    """One line on standard error that says how far a run is; silent where nobody watches.

    Call it as `progress(done, total, note)`; it repaints ten times a second at most. `progress.say(text)` prints a line that stays.
    """

    def __init__(self, quiet: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        self._watched = not quiet and sys.stderr is not None and sys.stderr.isatty()
        self._quiet, self._clock = quiet, clock
        self._begun, self._painted, self._length = clock(), -1.0, 0

    def __call__(self, done: float, total: float, note: str = "") -> None:
        """Repaint the line."""
        now = self._clock()
        if not self._watched or (now - self._painted < 0.1 and done < total):
            return
        self._painted = now
        share = min(1.0, done / total) if total else 1.0
        left = (now - self._begun) * (1 - share) / share if share else math.inf
        ending = f"{left:.0f} s left" if math.isfinite(left) and share < 1 else ""
        self._paint(f"[{'#' * round(24 * share):<24}] {share:4.0%} {note} {ending}".rstrip())

    def say(self, text: str) -> None:
        """Print a line that stays, unless JSON was asked for."""
        if not self._quiet and sys.stderr is not None:
            self._paint("")
            print(text, file=sys.stderr, flush=True)

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self._paint("")

    def _paint(self, text: str) -> None:
        if self._watched:
            print("\r" + text.ljust(self._length), end="" if text else "\r", file=sys.stderr, flush=True)
            self._length = len(text)
