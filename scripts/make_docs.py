"""Write the docs pages that follow from declarations: the plan of a month, mechanisms, regimes. Run it after changing either.

Usage: python scripts/make_docs.py [FOLDER]
"""

from __future__ import annotations

import sys
from pathlib import Path

from scslab.api import list_reforms, list_regimes, load_regime, mechanism_rows
from scslab.base.months import month
from scslab.engine.plan import build_plan
from scslab.mechanisms.catalogue import catalogue
from scslab.regime import combine, load_reform
from scslab.study.replicate import RegimeSchedule
from scslab.study.unseen import without_unseen

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
    """Write the list of mechanisms with their parameters."""
    text = f"{MADE}# Mechanisms\n\n" + table(mechanism_rows(), ["phase", "mechanism", "woken by", "does"])
    for name, params in catalogue().items():
        rows = [{k: str(v) for k, v in row.items()} for row in params.describe()]
        if rows:
            text += f"\n## {name}\n\n" + table(rows, list(rows[0]))
    return text


def regimes_page() -> str:
    """Write what each regime holds, what is documented, disputed and myth, and what each reform costs."""
    text = f"{MADE}# Regimes and reforms\n"
    for name in list_regimes():
        regime = load_regime(name)
        counts = ", ".join(f"{n} {grade}" for grade, n in regime.evidence_counts().items() if n)
        scope = ", ".join(f"{k}: {v}" for k, v in dict(regime.scope).items() if v)
        text += f"\n## {name}\n\n{regime.title}. {scope}\n\nNumbers: {counts}.\n\n"
        text += "".join(f"- **{k}**: {' '.join(str(v).split())}\n" for k, v in dict(regime.about).items())
        if regime.references:
            rows = [{"source": key, "title": ref.get("title", ""), "address": ref.get("url", "")} for key, ref in regime.references.items()]
            text += "\n" + table(rows, ["source", "title", "address"])
    text += "\n# Reforms\n\n"
    reforms = [load_reform(name, catalogue()) for name in list_reforms()]
    return text + table([{"reform": r.name, "title": r.title, "price": r.price, "applies to": ", ".join(r.applies_to)} for r in reforms],
                        ["reform", "title", "price", "applies to"])


PAGES = {"month.md": month_page, "mechanisms.md": mechanisms_page, "regimes.md": regimes_page}

if __name__ == "__main__":
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent / "docs")
    for file, page in PAGES.items():
        (folder / file).write_text(page(), encoding="utf-8")
        print(f"wrote {folder / file}")
