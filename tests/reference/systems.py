"""Systems of mechanisms beside the core of the scenarios: those of one come together, so that what one emits wakes another. And how to draw their numbers."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

SYSTEMS: dict[str, tuple[str, ...]] = {title: tuple(members.split()) for title, members in {
    "reports": "observe.witnesses observe.grudges observe.false_tips observe.tip_line respond.mistrust",
    "machines": "observe.custom_rule observe.screening observe.net_sensor observe.camera_network observe.pretext respond.stopped",
    "islands": "observe.agency_files record.agency:bureau record.backup record.master observe.insiders enforce.portability:newcomer "
               "outcome.file_sharing",
    "tokens": "record.accounts decide.token_bank:model respond.redeeming",
    "joint": "enforce.joint review.first_inquiry",
    "lending by score": "observe.credit_query decide.credit_score",
    "scores by others": "decide.network_list:near decide.score_spill decide.fading_score record.small_change observe.credit_signals",
    "peers": "observe.peer_ratings observe.star_ratings decide.peer_standing decide.star_average enforce.rating_access:door",
    "platforms": "observe.platform_data:sesame observe.platform_marks:sesame observe.platform_marks:penguin record.joint_bureau record.platform_files "
                 "decide.platform_score:sesame enforce.perks:sesame respond.platform_display:sesame",
    "places": "observe.units observe.patrols decide.signal_cut decide.admission",
    "firms": "observe.firm_reports observe.inspection record.firm_registry decide.firm_rating:graded decide.firm_list:bad_firms review.firm_register "
             "review.firm_repair enforce.firm_measures:graded enforce.firm_measures:bad_firms "
             "respond.firm_deterrence respond.partner_churn",
    "contagion": "enforce.contagion:ill",
}.items()}  # fmt: skip
"""Instances by system."""

INSTEAD = {"decide.ledger": "decide.network_score"}
"""What stands where another, which owns the same, is off."""

LABELS: tuple[str, ...] = ("bureau", "newcomer", "model", "near", "ill", "door", "penguin", "graded", "bad_firms", "officers")
"""Labels that only these instances use."""

MISCONDUCT = ("traffic_violation", "jaywalking", "littering", "missed_payment", "critical_post", "custom", "off_leash_dog")
PROTECTED = ("critical_post", "petition", "worship", "assembly")

BREACHES = ("firm_filing", "firm_tax", "firm_pollution", "firm_goods", "firm_counterfeit", "firm_wages", "firm_report", "firm_debt")
AGENCIES = ("customs", "tax", "transport")
DEEDS = ("volunteering", "donation", "blood_donation", "litter_collected")


def few(rng: Random) -> float:
    """Give a share that is seldom none: of what must come together before anything happens."""
    return rng.choice((1, 1, 1, round(rng.uniform(0.3, 1), 3)))


SPECIAL: dict[str, Callable[[Random], Any]] = {
    "decide.credit_score.bands": lambda rng: {"poor": 0, "fair": 500, "good": 650},
    "decide.credit_score.base": lambda rng: rng.choice((400, 600)),
    "decide.credit_score.capacity": lambda rng: rng.choice((0, 150)),
    "decide.credit_score.character": lambda rng: rng.choice((50, 200.5)),
    "decide.credit_score.cut": lambda rng: rng.choice((300, 550, 900)),
    "decide.credit_score.high": lambda rng: 850,
    "decide.credit_score.low": lambda rng: 300,
    "decide.credit_score.prices": lambda rng: {"poor": 24, "fair": 12.5, "good": rng.choice((6, 8))},
    "decide.network_list.cut": lambda rng: rng.choice((985, 995, 1000)),
    "decide.network_list.recovery": lambda rng: rng.choice((0, 1, 2.5)),
    "decide.network_list.start": lambda rng: 1000,
    "decide.network_score.error": lambda rng: rng.choice((0.05, 0.2, 0.5)),
    "decide.network_score.mixing": lambda rng: rng.choice((0.1, 0.4, 1)),
    "decide.network_score.scale": lambda rng: rng.choice((10, 100)),
    "decide.score_spill": lambda rng: {
        "form": rng.choice(("shared", "added")), "near": rng.choice(("kin", "friends", "household")), "weight": rng.choice((0, 0.1, 0.333)),
        "fine": rng.random() < 0.2,
    },
    "decide.platform_score.high": lambda rng: 950,
    "decide.platform_score.low": lambda rng: 350,
    "decide.platform_score.lists": lambda rng: rng.choice(([], ["court"], ["limits", "licence"])),
    "decide.platform_score.new": lambda rng: rng.choice((0, 0.5)),
    "enforce.perks.thresholds": lambda rng: {"hotel.deposit_free": rng.choice((350, 600)), "bank.cheaper_loan": rng.choice((500, 700)), "rail.fast_lane": 650},
    "enforce.perks.worth": lambda rng: {"hotel.deposit_free": 30, "bank.cheaper_loan": rng.choice((0, 200)), "rail.fast_lane": 5},
    "enforce.rating_access.asks": lambda rng: {"air": rng.choice((3.5, 4.2)), "credit": rng.choice((0, 4)), "hotel": 4},
    "observe.platform_data.noise": lambda rng: rng.choice((0, 20)),
    "observe.star_ratings.charm": lambda rng: rng.choice((0, 0.5)),
    "observe.star_ratings.below": lambda rng: rng.choice((0, 3, 4)),
    "observe.star_ratings.highest": lambda rng: 5,
    "observe.star_ratings.lowest": lambda rng: rng.choice((0, 1)),
    "observe.star_ratings.mean": lambda rng: rng.choice((3, 4.5)),
    "observe.star_ratings.refused": lambda rng: rng.choice((0, 1)),
    "observe.star_ratings.spread": lambda rng: rng.choice((0, 0.5, 2)),
    "observe.star_ratings.stigma": lambda rng: rng.choice((0, 0.5)),
    "record.joint_bureau.platforms": lambda rng: ["penguin", "sesame"],
    "record.platform_files.memory": lambda rng: rng.choice((1, 6, 60)),
    "decide.admission.cut": lambda rng: rng.choice((550, 600, 700)),
    "observe.patrols.found": lambda rng: {"others": rng.choice((1, 2.8))},
    "observe.patrols.start": lambda rng: {"others": rng.choice((0, 5)), "first": 7},
    "observe.patrols.reported": lambda rng: rng.choice((0, 0.3, 1)),
    "observe.patrols.sites": lambda rng: rng.choice((0, 1, 2, 2)),
    "observe.units.every": lambda rng: rng.choice((0, 1, 2)),
    "observe.units.explore": lambda rng: rng.choice((0, 0.3)),
    "observe.units.rates": lambda rng: {"others": rng.choice((0.5, 6)), "first": rng.choice((0, 3, 14))},
    "observe.units.response": lambda rng: rng.choice((0, 0.05, 0.5)),
    "observe.units.sites": lambda rng: rng.choice((0, 1, 2, 2)),
    "observe.units.units": lambda rng: rng.choice((0, 1, 6, 14)),
    "decide.firm_list.grades": lambda rng: rng.choice(([], ["lowest"], ["lowest", "low"])),
    "decide.firm_list.kinds": lambda rng: sorted(rng.sample(BREACHES, 4)),
    "decide.firm_list.officer_list": lambda rng: "officers",
    "decide.firm_list.officers": lambda rng: rng.choice((0, 1, 1)),
    "decide.firm_list.rating": lambda rng: rng.choice(("", "graded", "graded")),
    "decide.firm_rating.bad": lambda rng: rng.choice((["lowest"], ["lowest", "low"])),
    "decide.firm_rating.grades": lambda rng: {"D": 0, "C": 60, "B": 80, "A": 95},
    "decide.firm_rating.month": lambda rng: rng.randint(1, 12),
    "decide.firm_rating.officer_lists": lambda rng: rng.choice(([], ["court", "limits", "officers"])),
    "decide.firm_rating.partner_lists": lambda rng: rng.choice(([], ["bad_firms"])),
    "decide.firm_rating.sectors": lambda rng: rng.choice(([], ["trade", "manufacturing", "other"])),
    "decide.firm_rating.sizes": lambda rng: rng.choice(([], ["micro", "small", "large"])),
    "decide.firm_rating.start": lambda rng: 100,
    "observe.firm_reports.false_kinds": lambda rng: sorted(rng.sample(BREACHES, 3)),
    "observe.inspection.kinds": lambda rng: sorted(rng.sample(BREACHES, 5)),
    "observe.inspection.start": lambda rng: rng.choice((0, 1, 5)),
    "observe.inspection.visits": lambda rng: rng.choice((0, 3000, 9000)),
    "review.firm_repair.lists": lambda rng: ["bad_firms"],
    "enforce.contagion.background": lambda rng: rng.choice((0, 0.01)),
    "enforce.contagion.from_man": lambda rng: {"others": rng.choice((0, 0.05)), "friend_woman": 0.2, "brother": 1},
    "enforce.contagion.from_woman": lambda rng: {"others": 0.02, "partner": rng.choice((0.5, 1)), "daughter": 0.3},
    "enforce.contagion.start_age_below": lambda rng: rng.choice((35, 60)),
    "enforce.contagion.start_month": lambda rng: rng.choice((None, *range(195, 265, 5))),
    "enforce.contagion.start_share": lambda rng: rng.choice((0.1, 0.3)),
    "enforce.contagion.strangers": lambda rng: rng.choice((0, 0.05, 0.3, 5.5)),
    "enforce.contagion.term": lambda rng: rng.choice((0.4, 2.5, 6)),
    "enforce.contagion.term_shape": lambda rng: rng.choice((0, 1.25, 3)),
    "enforce.contagion.age_min": lambda rng: rng.choice((15, 18)),
    "record.small_change.spread": lambda rng: rng.choice((0, 0.02, 2)),
    "decide.token_bank.model": lambda rng: rng.choice((5, 30, 200)),
    "decide.token_bank.per_record": lambda rng: {kind: rng.choice((1, 12.5, 30)) for kind in rng.sample(DEEDS, 3)},
    "enforce.joint.acts": lambda rng: {agency: few(rng) for agency in rng.sample(AGENCIES, 2)},
    "enforce.joint.agencies": lambda rng: list(AGENCIES),
    "enforce.joint.breadth": lambda rng: rng.choice((0, 1, 2, 3, 3)),
    "enforce.joint.measures": lambda rng: {f"{rng.choice(AGENCIES)}.{measure}": few(rng) for measure in ("air", "credit", "hotel", "shaming", "tax_checks")},
    "enforce.joint.memoranda": lambda rng: sorted(f"{name}.{rng.choice(AGENCIES)}" for name in ("court", "limits", "licence", "strikes", "vague")),
    "enforce.joint.own_term": lambda rng: rng.choice(({"tax": 0}, {"tax": 3}, {"tax": 1, "transport": 2})),
    "enforce.portability.kinds": lambda rng: list(DEEDS),
    "enforce.portability.valid": lambda rng: rng.choice((2, 6, 24)),
    "observe.agency_files.filed": lambda rng: {"others": few(rng)},
    "observe.agency_files.kinds": lambda rng: [*sorted(rng.sample(MISCONDUCT[:3], 2)), "missed_payment", "illness", "job_loss", *DEEDS[:2]],
    "observe.insiders.crooked": few,
    "observe.insiders.kind": lambda rng: rng.choice(DEEDS),
    "observe.insiders.whose": lambda rng: rng.choice(({"own": 1, "kin": 0, "donor": 0}, {"own": 0.25, "kin": 0.5, "donor": 0.25})),
    "record.accounts.age_min": lambda rng: rng.choice((0, 18, 40)),
    "record.accounts.kinds": lambda rng: list(DEEDS),
    "record.agency.filed": lambda rng: {"others": few(rng)},
    "record.master.agrees": lambda rng: {field: rng.choice((1, 0.9, 0.5)) for field in ("name", "birth", "sex", "place")},
    "record.master.by_chance": lambda rng: {field: rng.choice((0, 0.01, 0.25, 0.5)) for field in ("name", "birth", "sex", "place")},
    "record.master.integration": few,
    "record.master.kinds": lambda rng: [*MISCONDUCT, *DEEDS, "unperformed_judgment", "illness"],
    "record.master.link": lambda rng: rng.choice((-20, 0, 2, 6)),
    "record.master.names": lambda rng: rng.choice((1, 3, 20)),
    "observe.camera_network.false_matches": lambda rng: rng.choice((0, 10**6, 10**8)),
    "observe.camera_network.named_as": lambda rng: rng.choice(MISCONDUCT),
    "observe.camera_network.scans": lambda rng: {"rural": rng.choice((0, 1, 7)), "urban": rng.choice((1, 3, 60))},
    "observe.camera_network.watched": lambda rng: ["jaywalking", "littering", "missed_payment", "unperformed_judgment", "none", "fare_evasion"],
    "observe.custom_rule.named_as": lambda rng: rng.choice(MISCONDUCT),
    "observe.false_tips.chance": lambda rng: rng.choice((0, 0.05, 0.3)),
    "observe.false_tips.named_as": lambda rng: rng.choice(MISCONDUCT),
    "observe.net_sensor.present": lambda rng: rng.choice(([], list(MISCONDUCT), list(PROTECTED))),
    "observe.pretext.high": lambda rng: {"suit": 9000, "fine": rng.choice((200, 8000))},
    "observe.pretext.kinds": lambda rng: sorted(rng.sample(PROTECTED, 3)),
    "observe.pretext.low": lambda rng: {"suit": 100, "fine": rng.choice((0, 200))},
    "observe.screening.named_as": lambda rng: rng.choice(MISCONDUCT),
    "observe.tip_line.needed": lambda rng: rng.choice((0, 1, 2, 2, 3)),
    "observe.witnesses.witnesses": lambda rng: rng.choice((0, 1, 3)),
}
"""How to draw a plain value of a parameter, by mechanism and name."""
