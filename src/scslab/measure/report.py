"""The report of a run: one HTML file that opens offline, from plain data. It computes nothing and asks nobody for anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from .charts import legend, line_chart, nice, signed, whisker
from .worlds import RANGE, is_worlds

LIMIT = 1_000_000
"""Bytes that a report may have."""

BANNER = "Synthetic people only: a laboratory experiment, not an estimate of China or of any real place. Nothing here is scaled up."

ALWAYS = (
    "Wrongful by the regime's own rules and wrongful by the rights yardstick are two numbers, never summed.",
    "Rates of sensor error that decide how many listings are wrong are not identified by any data: read them as curves.",
)
"""What every report says below, whatever was found."""

FIRST = (
    "There is no national citizen score; most entries on the national list are court debts. "
    "Protected conduct means speech, petition, religion, assembly and association (constitution of the PRC 35, 36, 41; UDHR 18-20)."
)
"""What every report says above the fold."""

STYLE = """
:root{color-scheme:light}*{box-sizing:border-box}
body{margin:0;background:#fff;color:#1a1a1a;font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans SC",sans-serif}
main{max-width:60rem;margin:0 auto;padding:0 1rem 4rem}
.banner{background:#fff3c4;border-bottom:3px solid #8a6d00;padding:.6rem 1rem;font-weight:600}
h1{font-size:1.6rem;line-height:1.25;margin:1.2rem 0 .4rem}h2{font-size:1.2rem;margin:2rem 0 .5rem;border-bottom:1px solid #bbb}
h3{font-size:1rem;margin:1rem 0 .3rem}
.wrap{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.92rem}
caption{text-align:left;color:#333;padding:.3rem 0}
th,td{text-align:left;padding:.35rem .5rem;border-bottom:1px solid #ddd;vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}td.n{white-space:nowrap}td .note{white-space:normal}
th[scope=row]{min-width:11rem}
th[scope=row]{font-weight:600;min-width:14rem}thead th.n{white-space:normal;min-width:5rem}.unit,.note{color:#444;font-size:.85rem;font-weight:400}
.mark{border:1px solid #555;border-radius:3px;padding:0 .25rem;font-size:.75rem;white-space:nowrap}
.documented{background:#dcefe7}.reported{background:#e2ecf7}.estimated,.assumed,.invented{background:#fff;border-style:dashed}
svg{width:100%;height:auto;display:block}svg text{font:12px system-ui,sans-serif;fill:#333}svg text.name{font-weight:600;fill:inherit}
svg .grid{stroke:#ccc;stroke-width:1}svg.whisker{width:7.5rem;margin-left:auto}
pre{background:#f4f4f4;border:1px solid #ccc;padding:.7rem;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere;font-size:.85rem}
dl{display:grid;grid-template-columns:minmax(7rem,max-content) 1fr;gap:.2rem 1rem}dt{font-weight:600}dd{margin:0;overflow-wrap:anywhere}
details{margin:.6rem 0}summary{cursor:pointer;font-weight:600}
a{color:#005a8c}@media print{.banner{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
ul.legend{list-style:none;padding:0;margin:.3rem 0;display:flex;flex-wrap:wrap;gap:.2rem 1.2rem}
ul.legend svg{display:inline;width:2.6rem;height:.8rem}
@media (max-width:40rem){svg text{font-size:20px}svg text.name{display:none}body{font-size:15px}dl{grid-template-columns:1fr}
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}table,caption,tbody,tr,td,th[scope=row]{display:block}
tr{border-bottom:2px solid #bbb;padding:.4rem 0}td,th{border:0;padding:.1rem 0}
td{display:flex;justify-content:space-between;gap:1rem;text-align:right}td:before{content:attr(data-label);color:#444;text-align:left}
td:empty{display:none}td.n{white-space:normal}}
"""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class ReportData:
    """What a report shows; every text is escaped.

    Args:
        title: one sentence that says what was compared.
        with_name, without_name: the arms of the headline.
        scope: where and when the rules held, what has ended; `facts`: people, months, seeds, window, estimand... by name.
        evidence: numbers by grade (`documented`, ...); deciding: the assumed number that moves the headline most.
        effects: rows of `effects.effects` for everybody; by_group: rows by dimension.
        months: names; series: monthly values by arm; series_unit.
        reforms: rows of name, words, effect, low, high, price.
        plan: rows of the plan; numbers: rows of instance, param, key, value, unit, evidence, source, range.
        missed: calibration moments missed; caveats: further ones. tornado: rows of `worlds.tornado`, with words.
        tables: further tables as (title, caption, heads, rows of text).
        lives: HTML-free rows of a random affected life: month, words, truth, source; life_command: how to read all of it.
        command, python: how to get the same numbers; digest; cite: BibTeX.
    """

    title: str
    with_name: str
    without_name: str
    command: str
    digest: str
    scope: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    evidence: Mapping[str, int] = field(default_factory=dict)
    deciding: str = ""
    tornado: Sequence[Row] = ()
    interval: str = "luck only"
    window: str = "last 12 months"
    effects: Sequence[Row] = ()
    by_group: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    tables: Sequence[tuple[str, str, Sequence[str], Sequence[Sequence[str]]]] = ()
    months: Sequence[str] = ()
    series: Mapping[str, Sequence[float]] = field(default_factory=dict)
    series_title: str = "On a list"
    series_unit: str = "people on a list, per 10,000"
    reforms: Sequence[Row] = ()
    plan: Sequence[Row] = ()
    numbers: Sequence[Row] = ()
    missed: Sequence[str] = ()
    caveats: Sequence[str] = ()
    lives: Sequence[Row] = ()
    life_command: str = ""
    python: str = ""
    cite: str = ""
    version: str = ""


def report(data: ReportData) -> str:
    """Write the report.

    Returns:
        A whole HTML document without any request to elsewhere.

    Raises:
        ValueError: when it would exceed a megabyte.
    """
    body = "".join(
        (
            _head(data), _above(data), _effects(data), _tornado(data), _series(data), _groups(data), _tables(data), _reforms(data), _life(data), _caveats(data),
            _numbers(data), _plan(data), _again(data),
        )
    )  # fmt: skip
    document = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'unsafe-inline\'">'
        f"<title>{escape(data.title)}</title><style>{STYLE}</style></head><body>"
        f'<div class="banner" role="note">{escape(BANNER)}</div><main>{body}</main></body></html>\n'
    )
    if len(document.encode()) > LIMIT:
        raise ValueError(f"the report has {len(document.encode()):,} bytes, more than {LIMIT:,}: show fewer numbers or plan rows")
    return document


def table(rows: Sequence[Sequence[str]], heads: Sequence[str], caption: str = "", numeric: Sequence[int] = ()) -> str:
    """Write a table from cells of HTML; the first cell of each row is its header."""
    mark = lambda i: ' class="n"' if i in numeric else ""  # noqa: E731
    head = "".join(f'<th scope="col"{mark(i)}>{escape(name)}</th>' for i, name in enumerate(heads))
    lines = []
    for cells in rows:
        rest = "".join(f'<td{mark(i)} data-label="{escape(heads[i])}">{cell}</td>' for i, cell in enumerate(cells) if i)
        lines.append(f'<tr><th scope="row">{cells[0]}</th>{rest}</tr>')
    words = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f'<div class="wrap" tabindex="0"><table>{words}<thead><tr>{head}</tr></thead><tbody>{"".join(lines)}</tbody></table></div>'


def _head(data: ReportData) -> str:
    return f"<h1>{escape(data.title)}</h1><p>{escape(data.with_name)} compared with <strong>{escape(data.without_name)}</strong>.</p>"


def _above(data: ReportData) -> str:
    """What stands above the fold: comparator, scope, evidence, interval."""
    counts = ", ".join(f"{count} {grade}" for grade, count in data.evidence.items() if count)
    over = f": each redraws assumptions, structure, people and luck; the range is the {RANGE}" if is_worlds(data.interval) else ""
    facts = {
        "Compared with": data.without_name, "Where and when": data.scope, **data.facts, "Numbers behind it": counts,
        "Moves the headline most": data.deciding or "not ranked in this run (see --worlds)",
        "Interval": data.interval + (": seeds redraw people and luck; assumptions are not varied" if data.interval == "luck only" else over),
        "Bear in mind": FIRST,
        "By construction": ", ".join(str(row["words"]) for row in data.effects if row.get("by_construction")),
    }  # fmt: skip
    return "<dl>" + "".join(f"<dt>{escape(name)}</dt><dd>{escape(str(value))}</dd>" for name, value in facts.items() if value) + "</dl>"


def _cells(row: Row, first: str, reach: float = 0.0) -> list[str]:
    if row.get("difference") is None:
        value = "" if row.get("with") is None else nice(float(row["with"]))
        return [first, value, "", "", f'<span class="note">{escape(str(row.get("note") or ""))}</span>']
    value, interval, drawn = float(row["difference"]), _interval(row) or escape(str(row.get("label", ""))), ""
    if _interval(row) and reach:
        drawn = whisker(float(row["low"]), value, float(row["high"]), reach)
    return [first, nice(float(row["with"])), nice(float(row["without"])), signed(value), f"<span>{interval}{drawn}</span>"]


def _interval(row: Row) -> str:
    low, high = row.get("low"), row.get("high")
    worlds = f", {escape(str(row['in_worlds']))}" if row.get("in_worlds") else ""
    unclear = '<br><span class="note">no longer clear after adjustment</span>' if row.get("clear") == "not after adjustment" else ""
    return "" if low is None or high is None else f"{signed(float(low))} to {signed(float(high))}{worlds}{unclear}"


def _band(data: ReportData) -> str:
    return f"{RANGE} ({data.interval})" if is_worlds(data.interval) else f"95 % ({data.interval})"


def _tornado(data: ReportData) -> str:
    """Which inputs move the primary outcomes most; with the median difference in the lower and the upper half of its draws."""
    if not data.tornado:
        return ""
    rows = []
    for row in data.tornado:
        clear = "more than chance" if row["clear"] else f"within chance (below {row['chance']:.2f})"
        first = f"{escape(str(row['words']))} {row['rank']}: {escape(str(row['input']))}"
        rows.append([first, f"{row['correlation']:+.2f}", signed(row["when_low"]), signed(row["when_high"]), clear])
    heads = ("outcome and input", "rank correlation", "difference, lower half of draws", "upper half", "beyond chance?")
    caption = "Rank correlation over worlds between an input's draw and the difference; medians in the lower and upper half of its draws."
    return f"<h2>What moves it most</h2>{table(rows, heads, caption, (1, 2, 3))}"


def _effects(data: ReportData) -> str:
    rows = []
    for row in data.effects:
        said = (("primary", row.get("primary")), ("by construction", row.get("by_construction")))
        marks = " ".join(f'<span class="mark">{word}</span>' for word, yes in said if yes)
        words = str(row.get("about") or "") if row.get("about") != row.get("note") else ""
        about = f'<br><span class="unit">{escape(str(row.get("unit", "")))}. {escape(words)}</span>'
        reach = max((abs(float(row[end])) for end in ("low", "high") if row.get(end) is not None), default=0.0)
        rows.append(_cells(row, f"{escape(str(row.get('words', row['outcome'])))} {marks}{about}", reach))
    heads = ("outcome", data.with_name, data.without_name, "difference", _band(data))
    caption = f"With minus without, {data.window}. Each whisker has its own scale around zero. Where an interval leaves out zero "
    caption += "but Holm's adjustment for the other secondary outcomes takes the clarity away, the row says so."
    return f"<h2>What changed</h2>{table(rows, heads, caption, (1, 2, 3, 4))}"


def _series(data: ReportData) -> str:
    if not data.series or not data.months:
        return ""
    chart = line_chart(data.series, data.months, data.series_title, data.series_unit)
    rows = [[escape(month), *(nice(float(values[i])) for values in data.series.values())] for i, month in enumerate(data.months)]
    shown = table(rows, ("month", *data.series), "", range(1, len(data.series) + 1))
    return f"<h2>{escape(data.series_title)}</h2>{chart}{legend(data.series)}<details><summary>Show as table</summary>{shown}</details>"


def _groups(data: ReportData) -> str:
    made = []
    for by, rows in data.by_group.items():
        cells = [_cells(row, f"{escape(str(row.get('words', row['outcome'])))}: {escape(str(row['group']))}") for row in rows]
        heads = ("outcome and group", "with", "without", "difference", _band(data))
        name = escape({"urban": "town or village", "hukou": "hukou (household registration)"}.get(by, by.replace("_", " ")))
        made.append(f"<details><summary>By {name}</summary>{table(cells, heads, 'Whole run. Groups are fixed at the fork.', (1, 2, 3, 4))}</details>")
    return "<h2>Who bears it</h2>" + "".join(made) if made else ""


def _tables(data: ReportData) -> str:
    """Write further tables, each under a heading of its own; a column of numbers stands to the right."""
    made = []
    for title, caption, heads, rows in data.tables:
        numeric = [i for i in range(1, len(heads)) if not any(sign.isalpha() for cells in rows for sign in cells[i].replace(" to ", ""))]
        made.append(f"<h2>{escape(title)}</h2>{table([[escape(cell) for cell in cells] for cells in rows], heads, caption, numeric)}")
    return "".join(made)


def _reforms(data: ReportData) -> str:
    if not data.reforms:
        return ""
    rows = []
    for row in data.reforms:
        effect = signed(float(row["effect"])) if row.get("effect") is not None else ""
        name, words, price = (escape(str(row.get(key) or "")) for key in ("name", "words", "price"))
        rows.append([name, words, effect, _interval(row), price])
    band = _band(data) if is_worlds(data.interval) else "95 %"
    return f"<h2>Reforms and their price</h2>{table(rows, ('reform', 'what it moves', 'effect', band, 'price'), '', (2, 3))}"


def _life(data: ReportData) -> str:
    if not data.lives:
        return ""
    rows = [[escape(str(row.get(name, ""))) for name in ("month", "words", "truth", "source")] for row in data.lives]
    words = "One made-up person, drawn at random among those affected; never the worst life. What the ledger of the run kept of it"
    words += f"; `{data.life_command}` tells all of it, in all worlds." if data.life_command else "."
    return f"<h2>One life</h2>{table(rows, ('month', 'what happened', 'true?', 'rule'), words)}"


def _caveats(data: ReportData) -> str:
    missed = [f"Calibration moment missed: {text}" for text in data.missed]
    lines = "".join(f"<li>{escape(text)}</li>" for text in (*data.caveats, *ALWAYS, *missed))
    return f"<h2>What this does not show</h2><ul>{lines}</ul>"


def _numbers(data: ReportData) -> str:
    if not data.numbers:
        return ""
    rows = []
    for row in data.numbers:
        grade = escape(str(row.get("evidence", "")))
        name = " ".join(str(row.get(key, "")) for key in ("instance", "param", "key")).strip()
        value, span = f"{row.get('value')} {row.get('unit', '')}", row.get("range")
        shown = f"{span[0]} to {span[1]}" if span else ""
        cells = (name, str(row.get("month", "")), value, shown, str(row.get("source", "")))
        first, date, number, bounds, source = map(escape, cells)
        rows.append([first, date, number, f'<span class="mark {grade}">{grade}</span>', bounds, source])
    shown = table(rows, ("number", "from", "value", "evidence", "range", "source"), "Dashed grades are not documented.")
    return f"<h2>The numbers behind it</h2><details><summary>{len(rows)} numbers with grade and source</summary>{shown}</details>"


def _plan(data: ReportData) -> str:
    if not data.plan:
        return ""
    names = [name for name in ("phase", "mechanism", "woken by", "does") if name in data.plan[0]]
    rows = [[escape(str(row.get(name, ""))) for name in names] for row in data.plan]
    return f"<h2>A month, step by step</h2><details><summary>{len(rows)} mechanisms</summary>{table(rows, names)}</details>"


def _again(data: ReportData) -> str:
    blocks = [("Command", data.command), ("Python", data.python), ("Cite", data.cite)]
    shown = "".join(f"<h3>{name}</h3><pre>{escape(text)}</pre>" for name, text in blocks if text)
    version = f" scslab {escape(data.version)}." if data.version else ""
    return f"<h2>The same numbers again</h2>{shown}<p class=\"note\">Digest {escape(data.digest)}.{version}</p>"
