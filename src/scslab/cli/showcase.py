"""The command that shows every system: what it does, beside what was expected before any run."""

from __future__ import annotations

from typing import Any

from . import arguments as given
from . import render

COLUMNS = ("command", "measured", "effect (95 %)", "expected", "found", "evidence", "null arm")
WIDE = 120
"""From this many columns on, rows are printed as a table."""


def showcase(
    *row: str, seeds: given.Seeds = None, threads: given.Threads = None, list_rows: given.ListRows = False, json: given.Json = False
) -> int:
    """Run rows of the showcase (S1 to S30, or YAML files; all by default): measured effects beside the expected ones.

    Ends with 1 when an arm that must change nothing changes something, or a finding is not as expected and nothing explains it.
    """
    check = given.Check()
    for name in row:
        check.filled("ROW", name)
    options = {"seeds": check.whole("--seeds", seeds), "threads": check.whole("--threads", threads)}
    check.done()
    from scslab import api

    if list_rows:
        render.show(api.showcase_list(), json, render.rows)
        return 0
    with render.Progress(quiet=json) as progress:
        found = api.showcase(*row, progress=progress, **{name: value for name, value in options.items() if value is not None})
    render.show(found, json, _tell)
    return 0 if all(one["ok"] for one in found) else 1


def _tell(out: render.Screen, found: list[dict[str, Any]]) -> None:
    """Print one line an effect, then what surprises and what does not hold."""
    lines = [line for one in found for line in _lines(one)]
    if out.width >= WIDE:
        render.rows(out, lines)
    else:
        for before, line in zip([None, *lines], lines, strict=False):
            head = not before or before["row"] != line["row"]
            render.say(out, _sentence(line, head))
    for one in found:
        if one["surprise"]:
            which = ", ".join(one["surprised"]) or "nothing any more"
            render.say(out, f"{one['row']}: not as expected: {which}. {one['surprise']}")
        if one.get("problem"):
            render.say(out, one["problem"], style="bold")
        for effect in one["effects"]:
            if effect["value"] is None:
                render.say(out, f"{one['row']}: {effect['words']}: {effect['note']}", style="italic")


def _lines(found: dict[str, Any]) -> list[dict[str, str]]:
    """Give the lines of a row: command, what is measured, the effect with its 95 % interval and unit, expected, found, evidence, null arm."""
    if not found["built"]:
        return [{"row": found["row"], **dict.fromkeys(COLUMNS, ""), "measured": "not built"}]
    null = ", ".join("0" if one["exact"] else "differs: " + ", ".join(one["differs"]) for one in found["nulls"])
    lines = []
    for effect in found["effects"]:
        signed = bool(effect["against"])
        arms = f"{effect['of']} - {effect['against']}" if signed else effect["of"]
        low, high = (render.number(effect[end], signed=signed) for end in ("low", "high"))
        interval = "" if effect["low"] is None else f" ({low} to {high})"
        values = (
            found["command"], f"{effect['words']}: {arms}", f"{render.number(effect['value'], signed=signed)}{interval} {effect['unit']}", effect["expected"],
            effect["found"] + ("" if effect["as_expected"] else " (!)"), effect["grade"], null,
        )  # fmt: skip
        lines.append({"row": found["row"], **dict(zip(COLUMNS, values, strict=True))})
    return lines


def _sentence(line: dict[str, str], head: bool) -> str:
    """Write a line where the terminal is too narrow for a table; the first of a row begins with its command."""
    if not line["command"]:
        return f"{line['row']}  {line['measured']}"
    first = f"{line['row']}  {line['command']}  null arm {line['null arm']}\n" if head else ""
    return first + (
        f"  {line['measured']}: {line['effect (95 %)']}\n    expected {line['expected']}, found {line['found']}; evidence {line['evidence']}"
    )
