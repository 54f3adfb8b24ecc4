"""The outcomes of every run: listings, errors, burden, debts, speech, loans, trust. Systems of their own have modules of their own."""

from __future__ import annotations

from .declare import MONTHS, PER_10000, STOCK, Outcome

OWN_RULES = tuple(f"listings_started.{c}" for c in ("W1", "W2", "W4a")) + ("listings_stale.W3a",)
RIGHTS = tuple(f"listings_started.{c}" for c in ("W4b", "W5a", "W5b")) + ("listings_stale.W3b",)
FIRST_TIME = "persons alive whose first listing or lowest grade lies in the measured months; complete cohorts"
WANT = "in want: lost work and found none, or owes a debt that illness or loss of work left; means and quintiles themselves are fixed at the fork"
NO_IDENTIFIED = "no data identify the deciding error rate: read it as a curve over that rate"

OUTCOMES: tuple[Outcome, ...] = (
    Outcome("listed", "listings that start", PER_10000, ("listings_started",), "level", primary=True, by_construction=True,
            note="entries in own name; persons, entries and blocked attempts are never mixed"),
    Outcome("wrongly_listed", "listed wrongly by the regime's own rules", PER_10000, OWN_RULES, "level", note=NO_IDENTIFIED),
    Outcome("blameless_reached", "blameless but reached", PER_10000, ("first_blameless",), "level", primary=True,
            note="persons, first time: excused, lawful or without own act (W4b, W5, W6)"),
    Outcome("burden", "burden: measures x months", "measure-months per 10,000 person-years", ("burden_weight",), primary=True,
            events=("burden_months",), note="each measure weighs one; the second weight set is burden_yuan"),
    Outcome("judgments_performed", "judgments performed within 24 months", "per 100 judgments", ("performed_able", "performed_unable"),
            form="within", denominator=("judgments",), per=100.0, primary=True, months=24),
    Outcome("speech", "critical speech, petitions, worship", "acts per 1,000 person-years", ("speech",), per=1000.0, primary=True,
            note="acts seen or unseen; how much people hold back is assumed"),
    Outcome("listed_stock", "on a list", STOCK, ("listed_stock",), "level", "stock"),
    Outcome("ever_listed", "ever listed", STOCK, ("first_listed",), "level", "ever"),
    Outcome("wrong_share", "wrong among listings, own rules", "per 100 listings", OWN_RULES, "level", "ratio", ("listings_started",), 100.0,
            note=NO_IDENTIFIED),
    Outcome("wrong_by_rights", "listed against the rights yardstick", PER_10000, RIGHTS, "level",
            note="protected: constitution of the PRC 35, 36, 41; UDHR 18-20; never summed with the own rules' errors"),
    Outcome("grades_lowered", "grades lowered", PER_10000, ("grades_lowered",), "level", by_construction=True),
    Outcome("grades_wrong", "wrong among lowered grades", "per 100 lowered", ("grades_lowered_wrongly",), "level", "ratio",
            ("grades_lowered",), 100.0, note="the grade falls only with unsound records (W1, W2, W3a); " + NO_IDENTIFIED),
    Outcome("children_reached", "children under a measure on a parent", "person-months per 10,000 child-years", ("burden_kin_months",), "level", minors=True,
            by_construction=True, note="under 18 at the fork; every other outcome is about adults"),
    Outcome("no_own_act", "restricted without own act", MONTHS, ("no_own_act_months",), "level"),
    Outcome("burden_yuan", "burden, weighted in yuan", "yuan per person-year", ("burden_yuan",), per=1.0,
            events=("burden_months",), note="weights are assumed"),
    Outcome("burden_protected", "burden rooted in protected conduct", MONTHS, ("burden_protected_months",)),
    Outcome("unaware", "months on a list unawares", MONTHS, ("unaware_months",), "level"),
    Outcome("after_misfortune", "sanctioned within a year of illness or job loss", "per 100 struck", ("shocks_sanctioned",), form="ratio",
            denominator=("shocks_followed",), per=100.0, note="not compared with the same persons without it; `--counterfactual misfortune` does that"),
    Outcome("performed_able", "judgments performed by able debtors", "per 100 judgments", ("performed_able",), form="within",
            denominator=("judgments.able",), per=100.0, months=24),
    Outcome("performed_unable", "judgments performed by debtors struck by misfortune", "per 100 judgments", ("performed_unable",),
            form="within", denominator=("judgments.unable",), per=100.0, months=24),
    Outcome("recovered", "paid per 100 yuan newly overdue", "yuan per 100 yuan", ("paid_yuan",), form="ratio",
            denominator=("overdue_yuan",), per=100.0, events=("judgments",)),
    Outcome("paid_by_others", "paid by kin or by new debt", "per 100 yuan paid", ("paid_yuan.by_kin", "paid_yuan.by_new_debt"),
            form="ratio", denominator=("paid_yuan",), per=100.0, events=("judgments",)),
    *(Outcome(f"stuck_{m}", f"on a list or in the lowest grade {m} months after first coming there", "per 100", (f"stuck.after{m}",), "level",
              "ratio", (f"stuck_seen.after{m}",), 100.0, months=m, note=FIRST_TIME + ("; needs 120 months" if m == 60 else "")) for m in (12, 36, 60)),
    *(Outcome(f"stuck_{m}_net", f"the same, less those of them in want in the comparator arm, {m} months after", "per 100",
              (f"stuck.after{m}", f"-stuck_want.after{m}"), "contrast", "ratio", (f"stuck_seen.after{m}",), 100.0, events=(f"stuck.after{m}",),
              months=m, note=WANT) for m in (12, 36, 60)),
    Outcome("acts_watched", "acts of watched kinds", "acts per 1,000 person-years", ("acts@watched",), per=1000.0),
    Outcome("acts_unwatched", "acts of unwatched kinds", "acts per 1,000 person-years", ("acts@unwatched",), per=1000.0),
    Outcome("volunteering", "volunteering", "acts per 1,000 person-years", ("acts.volunteering",), per=1000.0),
    Outcome("loans", "loans granted", "per 100 applicants", ("loans",), form="ratio", denominator=("loan_applications",), per=100.0,
            note="the lender's budget is fixed: a refused loan goes to somebody else"),
    Outcome("thin_loans", "loans to people without a credit file", "per 100 such applicants", ("thin_loans",), form="ratio",
            denominator=("thin_applications",), per=100.0),
    Outcome("refusals", "refusals by a measure", PER_10000, ("refusals",), "level", by_construction=True,
            note="blocked attempts, not persons"),
    Outcome("gains", "places gained because somebody was refused", PER_10000, ("gains",), "level", by_construction=True),
    Outcome("jobs_lost", "jobs lost", PER_10000, ("jobs_lost",)),
    Outcome("trust", "trust moved: sign and rank only", "index", ("trust",), per=1 / 65_536, events=("burden_months",),
            note="assumed weights; never a level"),
    Outcome("disclosures", "attributes shown to others", "per person and year", ("disclosures",), per=1.0,
            events=("records",)),
    Outcome("appeals_granted", "appeals granted", "per 100 decided", ("decisions_granted",), "level", "ratio", ("decisions",), 100.0),
    Outcome("freed_though_sound", "freed on appeal though the record was sound", "per 100 granted", ("decisions_granted_sound",),
            "level", "ratio", ("decisions_granted",), 100.0, note="the price of an appeal that errs"),
)  # fmt: skip
