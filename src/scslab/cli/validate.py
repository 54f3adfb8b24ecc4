"""The command that holds the dated rules of 2014 to 2025 against published figures, misses included."""

from __future__ import annotations

from typing import Any

from . import arguments as given

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

    from . import render

    if list_figures:
        listed = api.validate_list(*moment)
        render.print_json(listed) if json else _print_list(listed)
        return 0
    with render.Progress(quiet=json) as progress:
        found = api.validate(*moment, out=out, progress=progress, **options)
    if json:
        render.print_json(found)
    else:
        _print(found)
    return 0 if found["ok"] else 1


def _print_list(listed: list[dict[str, Any]]) -> None:
    """Print what is published, and which half it belongs to."""
    from rich.text import Text

    from . import render

    out = render.screen()
    for row in listed:
        out.print(Text(f"{row['figure']} ({row['half']}): {row['title']}, {row['dated']}"), soft_wrap=True)
        out.print(Text(f"  published {row['published']:g}, band {row['band']} {row['unit']}; {row['evidence']}: {row['source']}"), soft_wrap=True)
        for key, words in (("given", "not measurable"), ("known", "known before"), ("miss", "declared miss")):
            if row[key]:
                out.print(Text(f"  {words}: {row[key]}"), soft_wrap=True)


def _print(found: dict[str, Any]) -> None:
    """Print one line a figure, then why some are missed or have no number, then the count of verdicts by half."""
    from rich.text import Text

    from . import render

    out = render.screen()
    lines = [_line(row) for row in found["figures"]]
    if out.width >= WIDE:
        render.rows(out, lines, COLUMNS)
    else:
        for line in lines:
            out.print(Text(f"{line['figure']}: {line['found']}", style="bold"), soft_wrap=True)
            out.print(Text(f"  {line['simulated (95 %)']}; band {line['band']}, published {line['published']}"), soft_wrap=True)
            out.print(Text(f"  {line['half']}; {line['evidence']}; {line['source']}"), soft_wrap=True)
    for row in found["figures"]:
        if row["why"] or row["stale"]:
            out.print(Text(f"{row['figure']}: {row['why'] or row['stale']}"), soft_wrap=True)
    for half, verdicts in found["tally"].items():
        words = {"tune": "tuned to", "hold-out": "held out", "none": "in neither half"}[half]
        out.print(Text(f"{words}: " + ", ".join(f"{count} {name}" for name, count in verdicts.items())), soft_wrap=True)
    out.print(Text(f"{found['run']}, {found['world']}; intervals say what luck does, not what the assumptions do; synthetic, not an estimate of China"),
              soft_wrap=True)  # fmt: skip
    bad = [row["figure"] for row in found["figures"] if row["found"] == "miss" and not row["declared"]]
    if bad:
        out.print(Text(f"missed and not declared: {', '.join(bad)}", style="bold"), soft_wrap=True)


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
