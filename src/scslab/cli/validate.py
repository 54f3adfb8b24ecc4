"""The command that holds the dated rules of 2014 to 2025 against published figures, misses included."""

from __future__ import annotations

from typing import Any

from . import arguments as given
from . import render

COLUMNS = ("figure", "half", "published", "band", "simulated (95 %)", "found", "evidence", "source")
WIDE = 120
"""From this many columns on, figures are printed as a table."""


def validate(
    *moment: str, people: given.People = None, seeds: given.Seeds = None, threads: given.Threads = None, out: given.Out = None,
    list_figures: given.ListRows = False, json: given.Json = False,
) -> int:  # fmt: skip
    """Compare china-2014-2025 with published figures (all, or those named): band, simulated value, pass or miss.

    Ends with 1 on a miss that the file of figures does not declare. An interval that reaches into the band is open, not a miss.

    Args:
        moment: Figures (court-stock-2021) or families of them (court-stock); see --list.
    """
    check = given.Check()
    for name in moment:
        check.filled("MOMENT", name)
    check.filled("--out", out)
    options = {"people": check.whole("--people", people), "seeds": check.whole("--seeds", seeds), "threads": check.whole("--threads", threads)}
    check.done()
    from scslab import api

    if list_figures:
        render.show(api.validate_list(*moment), json, _tell_list)
        return 0
    with render.Progress(quiet=json) as progress:
        found = api.validate(*moment, out=out, progress=progress, **options)
    render.show(found, json, _tell)
    return 0 if found["ok"] else 1


def _tell_list(out: render.Screen, listed: list[dict[str, Any]]) -> None:
    """Print what is published, and which half it belongs to."""
    for row in listed:
        render.say(out, f"{row['figure']} ({row['half']}): {row['title']}, {row['dated']}")
        render.say(out, f"  published {row['published']:g}, band {row['band']} {row['unit']}; {row['evidence']}: {row['source']}")
        for key, words in (("given", "not measurable"), ("known", "known before"), ("miss", "declared miss")):
            if row[key]:
                render.say(out, f"  {words}: {row[key]}")


def _tell(out: render.Screen, found: dict[str, Any]) -> None:
    """Print one line a figure, then why some are missed or have no number, then the count of verdicts by half."""
    lines = [_line(row) for row in found["figures"]]
    if out.width >= WIDE:
        render.rows(out, lines, COLUMNS)
    else:
        for line in lines:
            render.say(out, f"{line['figure']}: {line['found']}", style="bold")
            render.say(out, f"  {line['simulated (95 %)']}; band {line['band']}, published {line['published']}")
            render.say(out, f"  {line['half']}; {line['evidence']}; {line['source']}")
    for row in found["figures"]:
        if row["why"] or row["stale"]:
            render.say(out, f"{row['figure']}: {row['why'] or row['stale']}")
    for half, verdicts in found["tally"].items():
        words = {"tune": "tuned to", "hold-out": "held out", "none": "in neither half"}[half]
        render.say(out, f"{words}: " + ", ".join(f"{count} {name}" for name, count in verdicts.items()))
    meant = "intervals say what luck does, not what the assumptions do; synthetic, not an estimate of China"
    render.say(out, f"{found['run']}, {found['world']}; {meant}")
    bad = [row["figure"] for row in found["figures"] if row["found"] == "miss" and not row["declared"]]
    if bad:
        render.say(out, f"missed and not declared: {', '.join(bad)}", style="bold")


def _line(row: dict[str, Any]) -> dict[str, str]:
    """Write a row as the table shows it."""
    interval = "" if row["low"] is None else f" ({_digits(row['low'])} to {_digits(row['high'])})"
    declared = " (declared)" if row["declared"] else ""
    unsure = ", interval reaches out" if row["found"] == "pass" and not row["settled"] else ""
    return {
        "figure": row["figure"], "half": row["half"], "published": f"{row['published']:g} ({row['dated']})",
        "band": f"{row['band'][0]:g} to {row['band'][1]:g}", "simulated (95 %)": f"{_digits(row['value'])}{interval} {row['unit']}",
        "found": row["found"] + declared + unsure, "evidence": row["evidence"], "source": " ".join(row["facts"]),
    }  # fmt: skip


def _digits(value: float | None) -> str:
    """Write three digits, as the published figures have.

    Example:
        >>> _digits(0.2164), _digits(12.34), _digits(None)
        ('0.216', '12.3', '-')
    """
    return "-" if value is None else f"{value:.3g}"
