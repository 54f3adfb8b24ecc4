"""Write the docs pages that follow from declarations: the plan of a month, mechanisms, regimes, the showcase. Run it after changing either.

Usage: python scripts/make_docs.py [FOLDER]
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from scslab.api import list_reforms, list_regimes, load_regime, mechanism_rows
from scslab.base.months import month
from scslab.engine.declare import PHASES, REGISTRY
from scslab.engine.plan import build_plan
from scslab.mechanisms.catalogue import catalogue
from scslab.regime import combine, load_reform, rule_rows
from scslab.study.credibility import credibility
from scslab.study.mechanisms import declared, parameter_rows, uses
from scslab.study.odd import odd
from scslab.study.published.page import introduction, sections
from scslab.study.replicate import RegimeSchedule
from scslab.study.showcase import load_row, row_names
from scslab.study.showcase.judge import expected_words
from scslab.study.unseen import without_unseen

NOT_ENCODED = {
    "Russia": "named in the source articles (a plan to make records of successes and failures digital). No parameters were found, so there is no regime.",
}
"""Regimes that are named and not encoded, and why."""
MADE = "<!-- made by scripts/make_docs.py; do not edit -->\n"


def table(rows: list[dict[str, object]], columns: list[str]) -> str:
    """Write rows as a Markdown table."""
    def cell(value: object) -> str:
        return " ".join(str(value).split()).replace("|", "\\|")

    head = "| " + " | ".join(columns) + " |\n|" + " --- |" * len(columns) + "\n"
    return head + "".join("| " + " | ".join(cell(row.get(c, "")) for c in columns) + " |\n" for row in rows)


def month_page() -> str:
    """Write the plan of a month of the demonstration's rules."""
    known = catalogue()
    regime = combine([load_regime("rongcheng-2016"), load_regime("court-list")], known)
    plan = build_plan(RegimeSchedule(without_unseen([regime])[0]).at(month("2018-01"))).table()
    text = f"{MADE}# A month, step by step\n\nThe plan of January 2018 under rongcheng-2016 + court-list, in the order in which it runs. "
    text += "`scslab regime show NAME` prints that of any regime.\n\n"
    return text + table(plan, ["phase", "mechanism", "woken by", "does", "emits", "writes"])


def mechanisms_page() -> str:
    """Write every mechanism: what it reads, writes, draws and emits, its parameters, and the rules that use it with what evidence."""
    catalogue()
    used = uses()
    text = f"{MADE}# Mechanisms\n\n`scslab mechanism show NAME` prints one of these sections.\n\n"
    text += table(mechanism_rows(), ["phase", "mechanism", "woken by", "does"])
    for row in mechanism_rows():
        made = REGISTRY[row["mechanism"]]
        text += f"\n## {made.name}\n\n{' '.join(made.doc.split())}\n\n"
        text += "".join(f"- {name}: {words}\n" for name, words in declared(made).items() if words)
        parameters = parameter_rows(made)
        if parameters:
            text += "\n" + table(parameters, list(parameters[0]))
        if used.get(made.name):
            text += "\nUsed by:\n\n" + table(used[made.name], ["rules", "as", "held", "status", "evidence"])
    return text


def listed(value: object, depth: int = 0) -> str:
    """Write a text, a list of them, or a table of them as an indented Markdown list."""
    if isinstance(value, dict):
        return "".join("  " * depth + f"- {key}:{below(child, depth)}" for key, child in value.items())
    items = value if isinstance(value, list | tuple) else [value]
    return "".join("  " * depth + f"- {' '.join(str(item).split())}\n" for item in items)


def below(value: object, depth: int) -> str:
    """Write what follows a name: on the same line where it is one text."""
    if isinstance(value, dict | list | tuple):
        return "\n" + listed(value, depth + 1)
    return " " + " ".join(str(value).split()) + "\n"


def regimes_page() -> str:
    """Write what each regime holds, how its rules stand, what is documented, disputed and myth, and what each reform costs."""
    text = f"{MADE}# Regimes and reforms\n"
    for name in list_regimes():
        regime = load_regime(name)
        counts = ", ".join(f"{n} {grade}" for grade, n in regime.evidence_counts().items() if n)
        scope = ", ".join(f"{k}: {', '.join(map(str, v)) if isinstance(v, list) else v}" for k, v in dict(regime.scope).items() if v)
        text += f"\n## {name}\n\n{regime.title}. {scope}\n\nNumbers: {counts}.\n"
        own = [row for row in rule_rows(regime) if regime.kind != "society"]
        if own:
            text += "\nRules it states itself, and how they stand:\n\n" + table([row._asdict() for row in own], ["rule", "held", "status", "note"])
        if regime.about:
            text += "\n" + listed(dict(regime.about))
        inherited = regime.parent.references if regime.parent else {}
        rows = [{"source": k, "title": r.get("title", ""), "address": r.get("url", "")} for k, r in regime.references.items() if inherited.get(k) != r]
        if rows:
            text += "\n" + table(rows, ["source", "title", "address"])
    text += "\n# Named, not encoded\n\n" + "".join(f"- {name}: {why}\n" for name, why in NOT_ENCODED.items())
    text += "\n# Reforms\n\n"
    reforms = [load_reform(name, catalogue()) for name in list_reforms()]
    return text + table([{"reform": r.name, "title": r.title, "price": r.price, "applies to": ", ".join(r.applies_to)} for r in reforms],
                        ["reform", "title", "price", "applies to"])


def showcase_page() -> str:
    """Write what each row of the showcase compares and expects."""
    text = f"{MADE}# The showcase\n\n`scslab showcase` runs every row; what is expected was written down before the first run.\n"
    for name in row_names():
        row = load_row(name)
        before = "as the comparator states" if row.warm_up is None else f"{row.warm_up}"
        text += f"\n## {name}: {row.title}\n\nShows: {row.shows}. World {row.world}, {row.people:,} people, {row.months} months from {row.start} "
        text += f"(warm-up under {row.warm_up_under}, months: {before}), {row.seeds} seeds. `scslab showcase {name}`\n\n"
        arms = [{"arm": arm.name, "rules": " + ".join(arm.regimes), "reforms": ", ".join(arm.reforms), "set": setting(arm.set_text)} for arm in row.arms]
        text += table(arms, ["arm", "rules", "reforms", "set"]) + "\n"
        expected = [
            {"outcome": e.outcome + (f", {e.group}" if e.by else ""), "arms": f"{e.of} - {e.against}" if e.against else e.of, "expected": expected_words(e),
             "evidence": e.grade, "why": e.why} for e in row.effects
        ]  # fmt: skip
        text += table(expected, ["outcome", "arms", "expected", "evidence", "why"])
        nulls = "; ".join(f"{null.of} and {null.against} in {', '.join(null.outcomes)}" for null in row.nulls)
        text += f"\nMust count exactly the same: {nulls}.\n"
        text += f"\nNot as expected: {' '.join(row.surprise.split())}\n" if row.surprise else ""
    return text


def replications_page() -> str:
    """Write each published model: equations, source, how the lab expresses it, what it must give, and every deviation with its cause."""
    text = MADE + introduction()
    for model, targets in sections():
        text += f"\n## {model.name}: {model.title}\n\n{model.source}. `scslab replicate {model.name}`\n\n" + listed(model.equations)
        text += f"\nIn the lab: {' '.join(model.expressed.split())}\n\n"
        text += table(targets, [c for c in targets[0] if any(row[c] for row in targets)])
        deviations = [{"deviation": one.what, "cause": one.cause} for one in model.deviations]
        text += "\n" + (table(deviations, ["deviation", "cause"]) if deviations else "No deviations are known.\n")
    return text


def odd_page() -> str:
    """Write the description of the model by the ODD protocol, under the demonstration's rules."""
    text = odd(["rongcheng-2016", "court-list"], "county")
    head, _, rest = text.partition("\n")
    return f"{MADE}{head}\n{rest}"


def setting(stated: object) -> str:
    """Write numbers set in an arm on one line."""
    if isinstance(stated, dict):
        return ", ".join(f"{key}: {{{setting(value)}}}" if isinstance(value, dict) else f"{key} {setting(value)}" for key, value in stated.items())
    return ", ".join(map(str, stated)) if isinstance(stated, list) else "never" if stated is None else str(stated)


COVERED = "## What the reference covers"
"""From this heading on, the page of differences is made; what stands before is written by hand."""


def differences_page() -> str:
    """Write which mechanisms the independent reference covers, as its source enters them, below what is written by hand."""
    catalogue()
    root = Path(__file__).parent.parent
    written = (root / "docs" / "differences.md").read_text(encoding="utf-8").split(COVERED)[0]
    sources = (path.read_text(encoding="utf-8") for path in (root / "tests" / "reference").glob("*.py"))
    covered = {name for text in sources for name in re.findall(r'^@(?:step|modifier)\("([a-z_.]+)"\)', text, re.MULTILINE)}
    rows = []
    for phase in PHASES[:-1]:
        names = sorted(name for name, made in REGISTRY.items() if made.phase == phase)
        have, lack = ([name.partition(".")[2] for name in names if (name in covered) == wanted] for wanted in (True, False))
        rows.append({"phase": phase, "covered": f"{len(have)}: {', '.join(have)}", "not yet": f"{len(lack)}: {', '.join(lack)}"})
    total = sum(made.phase != PHASES[-1] for made in REGISTRY.values())
    text = f"{written}{COVERED}\n\n{len(covered & set(REGISTRY))} of {total} mechanisms (made by scripts/make_docs.py). Recorders (`measure.*`) are left out: "
    return text + "they change nothing, which tests of their own show.\n\n" + table(rows, ["phase", "covered", "not yet"])


def credibility_page() -> str:
    """Write what is checked, against what, how far, and what is known to fail."""
    return MADE + credibility(Path(__file__).parent.parent)


PAGES = {
    "differences.md": differences_page, "month.md": month_page, "mechanisms.md": mechanisms_page, "regimes.md": regimes_page,
    "replications.md": replications_page, "showcase.md": showcase_page, "odd.md": odd_page, "credibility.md": credibility_page,
}  # fmt: skip

if __name__ == "__main__":
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent / "docs")
    for file, page in PAGES.items():
        (folder / file).write_text(page(), encoding="utf-8")
        print(f"wrote {folder / file}")
