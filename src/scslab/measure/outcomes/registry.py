"""Outcomes of the files themselves: what a master database matches, who alters files, what favours bring, who sees them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from .declare import PER_10000, STOCK, Outcome

PER_100_FILES = "per 100 files"


def _gain(sums: Mapping[str, np.ndarray], followed: np.ndarray) -> np.ndarray:
    """Give the mean gain of those ranked, 0 where nobody was."""
    return sums["rank_gained"] / np.maximum(sums["ranked"], 1)


OUTCOMES: tuple[Outcome, ...] = (
    Outcome("matches_true", "files matched to the right person", PER_10000, ("matches.right",), "level"),
    Outcome("matches_false", "files matched to somebody else", PER_10000, ("matches.wrong",), "level",
            note="the deciding error rates are assumed: read it as a curve over them"),
    Outcome("match_error", "wrong among matched files", "per 100 matched", ("matches.wrong",), "level", "ratio",
            ("matches.wrong", "matches.right"), 100.0),
    Outcome("unmatched", "files matched to nobody", PER_100_FILES, ("matches.none",), "level", "ratio", ("matches",), 100.0),
    Outcome("in_sight", "persons with a record in the master database", STOCK, ("first_in_sight",), "level", "ever",
            note="records that are no praise, matched rightly or not"),
    Outcome("ported", "movers whose good record followed them", PER_10000, ("ported",), "level"),
    Outcome("altered", "files altered", PER_10000, ("altered",), "level", by_construction=True, note="persons on whom a record was forged"),
    Outcome("erased", "records erased", PER_10000, ("alterations.erased",), "level", by_construction=True),
    Outcome("forged_listings", "listings on forged records", PER_10000, ("forged_listings",), "level"),
    Outcome("forged_stock", "with a forged record or listing", STOCK, ("forged_stock",), "level", "stock"),
    Outcome("forged_listed", "on a list for a forged record", "person-months per 10,000 person-years", ("forged_listed",), "level"),
    Outcome("recovery_time", "altered until clean, as far as followed", "months per altered file", ("forged_stock", "altered"), "level", "ratio",
            ("altered",), 1.0, events=("altered",), note="files not yet clean count up to the window's end, so a long recovery is understated"),
    Outcome("recovered_share", "altered files that became clean", "per 100 altered", ("recovered",), "level", "ratio", ("altered",), 100.0),
    Outcome("audit_errors", "true records that audits deleted", "per 100 found", ("audit_finds_sound",), "level", "ratio", ("audit_finds",), 100.0,
            note="the price of an audit that errs"),
    Outcome("favours_found", "favoured whose file an audit cleared", "per 100 favoured", ("recovered.favour",), "level", "ratio",
            ("first_favoured",), 100.0),
    Outcome("rank_gained", "ranks gained by the favoured", "thousandths of the ladder", ("rank_gained", "ranked"), "level", "formula",
            per=1.0, events=("ranked",), formula=_gain,
            note="against the same persons' score without unsound records, each December; 0 where nobody is favoured"),
    Outcome("praised_favoured", "favoured among the praised", "per 100 praised", ("praised_favoured",), "level", "ratio", ("praised_seen",), 100.0),
    Outcome("seen_snooping", "attributes seen by snooping", "attributes x parties per person and year", ("disclosed.snooping",), "level", per=1.0),
    Outcome("seen_leak", "attributes seen through leaks", "attributes x parties per person and year", ("disclosed.leak",), "level", per=1.0),
    Outcome("seen_sharing", "attributes shared between agencies", "attributes x parties per person and year", ("disclosed.sharing",), "level", per=1.0),
    Outcome("attributes_held", "attributes on a file", "per file looked at", ("attributes_seen.snooping", "attributes_seen.leak"), "level", "ratio",
            ("file_views.snooping", "file_views.leak"), 1.0, events=("file_views.snooping", "file_views.leak"),
            note="files snooped in or leaked, drawn without regard to what is on them"),
    Outcome("file_seen", "persons whose file was snooped in or leaked", STOCK, ("first_file_seen",), "level", "ever"),
)  # fmt: skip
