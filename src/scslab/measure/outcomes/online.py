"""Outcomes about sensing of networks and phones: what the never sanctioned hold back, takedown, hiding, praise."""

from __future__ import annotations

from .declare import MONTHS, PER_10000, Outcome

WITHIN = "the same persons in all arms: neither they nor close kin were sanctioned in any arm; read with far_share and with the effect on everybody"

OUTCOMES = (
    Outcome("speech_far", "protected acts of people never near a sanction", "acts per 1,000 of them, warm-up and run", ("speech_far",), form="ratio",
            denominator=("far_people",), per=1000.0, headline=False, note=WITHIN),
    Outcome("speech_everybody", "protected acts of everybody, counted in the same way", "acts per 1,000 adults, warm-up and run",
            ("speech_adults",), form="ratio", denominator=("far_adults",), per=1000.0, headline=False, note="beside speech_far"),
    Outcome("far_share", "adults never near a sanction in any arm", "per 100 adults", ("far_people",), form="ratio", denominator=("far_adults",), per=100.0,
            headline=False, note="the size of the stratum of speech_far"),
    Outcome("searches", "sensitive searches", "acts per 1,000 person-years", ("acts.sensitive_search",), per=1000.0),
    Outcome("takedowns", "posts taken down", PER_10000, ("takedowns",), "level", by_construction=True),
    Outcome("hidden", "months with a hidden connection", MONTHS, ("vpn_months",), "level"),
    Outcome("hidden_found", "hidden connections found", PER_10000, ("vpn_found",), "level", by_construction=True),
    Outcome("praise", "praise stated", "acts per 1,000 person-years", ("praise",), per=1000.0),
    Outcome("praise_meant", "praise that is meant", "per 100 stated", ("praise_meant",), "level", "ratio", ("praise",), 100.0,
            note="sincere approval itself is the same in every arm"),
)  # fmt: skip
