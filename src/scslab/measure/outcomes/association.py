"""Guilt by association: who is restricted for whose sake, scores that follow others', children and school."""

from __future__ import annotations

from .declare import MONTHS, Outcome

DEGREES = {
    "partner": "for the partner's sake", "parent": "for a parent's sake", "child": "for a child's sake", "sibling": "for a sibling's sake",
    "friend": "for a friend's sake",
}  # fmt: skip

OUTCOMES: tuple[Outcome, ...] = (
    *(Outcome(f"no_own_act_{name}", f"restricted without own act, {words}", MONTHS, (f"no_own_act_months.{name}",), "level", headline=False)
      for name, words in DEGREES.items()),
    Outcome("associated_scores", "scores moved for somebody else's record", "per 10,000 person-years", ("association_points",), "level", by_construction=True),
    Outcome("associated_falls", "grades lowered for somebody else's record", "per 10,000 person-years", ("association_falls",), "level"),
    Outcome("school_barred", "school applications refused, of children with a parent on a list", "per 100 such applications",
            ("school_refused.parent_listed",), "level", "ratio", ("school_asked.parent_listed",), 100.0, minors=True),
    Outcome("school_barred_others", "school applications refused, of other children", "per 100 such applications", ("school_refused.no_parent_listed",),
            "level", "ratio", ("school_asked.no_parent_listed",), 100.0, minors=True),
    Outcome("school_again", "refused children who had been refused in an earlier year", "per 100 refused", ("school_refused_again",), "level", "ratio",
            ("school_refused", "school_doors_shut"), 100.0, minors=True),
    Outcome("school_years_lost", "years of schooling that hang on refused places", "years per 10,000 child-years", ("school_years_lost",), "level", minors=True,
            events=("school_refused",)),
    Outcome("child_barred", "children barred from schools for a parent's sake", "child-months per 10,000 child-years", ("child_barred_months",), "level",
            minors=True),
)  # fmt: skip
