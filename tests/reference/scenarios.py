"""Random small scenarios as plain data: a world of 20 to 200 persons, some mechanisms, their parameters. The same number gives the same scenario."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, islice
from random import Random
from typing import Any

from scslab.base.parameters import Parameters
from scslab.engine.declare import REGISTRY
from scslab.mechanisms.catalogue import load_all

from . import numbers, systems

load_all()
Scenario = dict[str, Any]

CORE = tuple("""
    conduct.applications conduct.customs conduct.dating conduct.encounters conduct.expression conduct.firm_breaches conduct.games conduct.home conduct.kindness
    conduct.misfortune conduct.offence conduct.payment conduct.public_calls conduct.school_choice conduct.searches conduct.sectors conduct.service
    conduct.steady conduct.temptation conduct.town conduct.traffic conduct.walking
    observe.agency observe.camera observe.court_feed observe.false_capture observe.nomination observe.platform_log observe.police observe.police:village
    observe.self_report observe.tampering
    record.enrolment record.local record.merits record.national
    decide.agency_list:agency decide.binary_list:court decide.hours decide.ledger decide.licence_points:licence decide.local_list:limits
    decide.merit_list:praised decide.penalties decide.redlist:star decide.strikes:strikes decide.takedown
    review.amnesty:limits review.appeal_body:first review.appeal_body:higher review.audit review.context:limits review.correction
    review.credit_repair:limits review.deaths review.discretion:vague review.grace review.human_review:agency review.inquiry review.memory
    review.notice:court review.notice:limits review.objection:court review.objection:limits review.propagation:limits review.register
    review.repair:court review.repair:limits review.score_reset:limits review.unable:court
    enforce.book enforce.closer_look enforce.grade_measures:grade enforce.household enforce.kin enforce.measures:court enforce.measures:licence
    enforce.measures:limits enforce.measures:star enforce.public_display enforce.seizure
    respond.awareness respond.caution:watched respond.cheap_deeds respond.crowding_out respond.deterrence respond.displacement:watched
    respond.experience respond.forbidden respond.habit:watched respond.hiring_screen respond.investing respond.membership respond.motives respond.news
    respond.norm_enforcement respond.opinions respond.paid_volunteering respond.payment_under_pressure respond.performing
    respond.platform_choice:sesame respond.practice respond.repair_volunteering respond.reputation respond.rewarded_praise respond.risk
    respond.salience respond.score_gaming respond.score_market respond.self_censorship respond.shame_payment respond.shunning respond.staff_screening
    respond.stigma respond.tie_sorting respond.visible_surveillance respond.vpn
    outcome.compliance outcome.consumer_loss outcome.credit outcome.dating outcome.debts outcome.doors outcome.firm_market outcome.firm_survival
    outcome.hardship outcome.leaks outcome.loan_terms outcome.norm_learning outcome.platform_credit:sesame outcome.privacy outcome.public_jobs
    outcome.repayment outcome.retraining outcome.school outcome.score_ladder outcome.snooping outcome.strain outcome.strained_debtors outcome.survey
    outcome.ties outcome.travel outcome.trust outcome.work
""".split())
INSTANCES = (*CORE, *(instance for members in systems.SYSTEMS.values() for instance in members))
"""What covering arrays hold; beside these `systems.INSTEAD`."""

LABELS = {label: code for code, label in enumerate(
    ("court", "limits", "licence", "star", "grade", "first", "higher", "village", "vague", "strikes", "praised", "agency", "watched", "sesame",
     *systems.LABELS), start=1,
)}  # fmt: skip

ACTS = (
    "traffic_violation", "drunk_driving", "hit_and_run", "jaywalking", "not_yielding", "littering", "missed_payment", "volunteering", "donation",
    "heroic_act", "critical_post", "petition", "worship", "assembly", "off_leash_dog", "fare_evasion", "train_noise", "elder_neglect", "unpaid_bill",
    "counterfeiting", "birth_plan_violation", "blood_donation", "litter_collected", "media_praise", "custom", "displaced", "nomination",
)  # fmt: skip
COURT = ("unperformed_judgment", "refusal_to_perform", "evasion", "breach_of_limits")
GRADES = ("D", "C", "B", "A")
MEASURES = ("air", "high_speed_rail", "credit", "private_school", "public_job", "shaming", "fast_lane", "cash_reward", "hotel", "loan_price", "cheaper_loan")


def some(rng: Random, among: tuple[str, ...], least: int = 1) -> list[str]:
    return sorted(rng.sample(among, rng.randint(min(least, len(among)), len(among))))


def chance(rng: Random) -> float:
    """Give a probability; certainty and impossibility often, for they are where rules meet."""
    return rng.choice((0, 1, 1, 1, round(rng.uniform(0.2, 1), 3), round(rng.uniform(0.5, 1), 3), round(rng.random(), 6)))


PLAIN: dict[str, Callable[[Random], Any]] = {
    "probability": chance,
    "share": chance,
    "yearly rate": lambda rng: rng.choice((1, 3, 6, 12, 24)),
    "points": lambda rng: rng.choice((0, 1, 5, 12.5, 30)),
    "duration": lambda rng: rng.choice((0, 0, 1, 1, 2, 3, 6)),
    "sum": lambda rng: rng.choice((0, 50, 500, 8000)),
    "factor": lambda rng: rng.choice((0, 0.25, 0.5, 1, 1.5, 3)),
    "weight": lambda rng: rng.choice((0, 0.1, 0.3, 0.5, 1)),
    "count": lambda rng: rng.choice((0, 1, 2, 5)),
}

SPEECH = (
    {"form": "flat", "tolerance": 0.2, "severity": 0.3, "surveillance": 0.3, "boldest": 1},
    {"form": "proportional", "tolerance": 0.1, "severity": 1, "surveillance": 0.3, "boldest": 0.9},
    {"form": "proportional", "tolerance": 0.3, "severity": 0.7, "surveillance": 1, "boldest": 0.5},
    {"form": "flat", "tolerance": 0.5, "severity": 0, "surveillance": 0.5, "boldest": 1},
)
"""Few settings, because the package tabulates each in exact fractions, which takes a second."""

SPECIAL: dict[str, Callable[[Random], Any]] = {
    "conduct.payment.dues": lambda rng: rng.choice((6, 12, 24)),
    "observe.court_feed.months_to_suit": lambda rng: rng.choice((0, 1, 1, 2)),
    "observe.court_feed.suit": lambda rng: rng.choice((1, 1, 0.8)),
    "observe.court_feed.grace": lambda rng: rng.choice((0, 0, 1)),
    "observe.court_feed.reported": lambda rng: rng.choice((1, 1, 0.7)),
    "record.local.admission": lambda rng: {k: rng.choice((1, 1, 0.8, chance(rng))) for k in (*some(rng, ACTS, 4), *COURT)},
    "record.local.delay": lambda rng: rng.choice((0, 0, 1, 2)),
    "record.national.kinds": lambda rng: list(COURT),
    "record.national.delay": lambda rng: rng.choice((0, 0, 1, 2)),
    "record.national.miss": lambda rng: rng.choice((0, 0.1, 0.5)),
    "record.national.mislink": lambda rng: rng.choice((0, 0.2, 0.6, 1)),
    "decide.binary_list.kinds": lambda rng: some(rng, COURT, 3),
    "decide.binary_list.age_min": lambda rng: rng.choice((0, 18, 30)),
    "review.notice.told": lambda rng: rng.choice((1, 0.7, 0.3)),
    "review.objection.access": lambda rng: rng.choice((1, 0.7)),
    "outcome.repayment.pays": lambda rng: {"others": rng.choice((0, 0.1, 0.3)), "will": {"overdue": 0.05, "judged": chance(rng)}, "illness": 0.2},
    "outcome.trust.weights": lambda rng: {"others": rng.choice((0, -0.5, 1)), "perk": 1, "notice": rng.choice((0, -1))},
    "decide.ledger.start": lambda rng: 1000,
    "decide.ledger.floor": lambda rng: rng.choice((0, 900, 980)),
    "decide.ledger.cap": lambda rng: rng.choice((1020, 1100, 2000)),
    "decide.ledger.per_record": lambda rng: {k: rng.choice((-50, -20, -5, -0.5, 5, 12.5, 40)) for k in some(rng, (*ACTS, *COURT), 4)},
    "decide.ledger.recovery": lambda rng: rng.choice((0, 0, 1, 2.5)),
    "decide.ledger.grades": lambda rng: {"D": 0, "C": 950, "B": 990, "A": rng.choice((1000, 1010, 1040))},
    "decide.ledger.override_grade": lambda rng: rng.choice(GRADES),
    "decide.ledger.override_kinds": lambda rng: rng.choice(([], some(rng, (*ACTS, *COURT)))),
    "decide.licence_points.full": lambda rng: rng.choice((3, 12, 24)),
    "decide.licence_points.cycle": lambda rng: rng.choice((1, 5, 12)),
    "decide.redlist.start": lambda rng: 1000,
    "decide.redlist.recovery": lambda rng: rng.choice((0, 1, 2.5)),
    "decide.redlist.cut": lambda rng: rng.choice((1005, 1012.5, 1050)),
    "respond.repair_volunteering.recovery": lambda rng: rng.choice((0, 1, 2.5)),
    "enforce.grade_measures.grades": lambda rng: list(GRADES),
    "enforce.grade_measures.execution": lambda rng: {f"{rng.choice(GRADES)}.{m}": chance(rng) for m in some(rng, MEASURES)},
    "enforce.measures.execution": lambda rng: {m: chance(rng) for m in some(rng, MEASURES)},
    "enforce.measures.spill": lambda rng: {m: chance(rng) for m in some(rng, MEASURES)},
    "review.appeal_body.capacity": lambda rng: rng.choice((0, 20, 150, 500, 10_000)),
    "review.appeal_body.next_body": lambda rng: rng.choice(("", "higher")),
    "review.objection.body": lambda rng: rng.choice(("first", "higher")),
    "record.enrolment.age_min": lambda rng: rng.choice((0, 18, 40)),
    "conduct.payment.months_low": lambda rng: 1,
    "conduct.payment.months_high": lambda rng: 5,
    "conduct.misfortune.cost_high": lambda rng: 9000,
    "conduct.service.hours_high": lambda rng: 6,
    "conduct.service.gift_high": lambda rng: 8001,
    "outcome.debts.write_off": lambda rng: rng.choice((None, 4, 9)),
    "outcome.credit.loans": lambda rng: rng.choice((100, 700, 3000)),
    "outcome.public_jobs.posts": lambda rng: rng.choice((50, 300)),
    "outcome.school.places": lambda rng: rng.choice((50, 200)),
    "respond.self_censorship": lambda rng: dict(rng.choice(SPEECH), kinds=some(rng, ("critical_post", "petition", "worship", "assembly"))),
    "respond.deterrence.strength": lambda rng: rng.choice((0, 0.5, 2, 6)),
    "respond.payment_under_pressure.orders": lambda rng: rng.choice(([], ["limits"], ["limits", "nowhere"])),
    "observe.agency.sensor": lambda rng: rng.choice(("inspection", "hospital")),
    "observe.false_capture.chance": lambda rng: rng.choice((0, 0.1, 0.4)),
    "observe.false_capture.named_as": lambda rng: rng.choice(ACTS),
    "observe.tampering.outside": lambda rng: rng.choice((0, 0.05, 0.3)),
    "observe.tampering.sensor": lambda rng: rng.choice(("police", "court")),
    "decide.hours.tiers": lambda rng: {"first": 0, "later": rng.choice((1, 7))},
    "decide.hours.hours_per_point": lambda rng: {"first": rng.choice((1, 2)), "later": rng.choice((3, 5))},
    "decide.merit_list.adverse": lambda rng: rng.choice(([], ["limits"], ["court", "limits", "licence"])),
    "decide.strikes.strikes": lambda rng: rng.choice((0, 1, 2, 3)),
    "review.amnesty.every": lambda rng: rng.choice((1, 1, 1, 2)),
    "review.amnesty.oldest": lambda rng: rng.choice((0, 0, 0, 0, 1, 1, 2)),
    "review.audit.audited": lambda rng: rng.choice((0, 0.1, 0.5)),
    "review.context.causes": lambda rng: rng.choice((["illness", "job_loss"], ["will"])),
    "review.discretion.age_min": lambda rng: rng.choice((0, 18)),
    "review.unable.searched": lambda rng: rng.choice((1, 0.8)),
    "review.unable.finds": lambda rng: rng.choice((1, 0.8)),
    "review.unable.false_finds": lambda rng: rng.choice((0, 0.5, 1)),
    "review.repair.deleted": lambda rng: {k: rng.choice((1, 1, 0.5)) for k in COURT},
    "review.score_reset.score": lambda rng: rng.choice((960, 1000, 1010)),
    "respond.cheap_deeds.wanted": lambda rng: rng.choice((-10, 0, 50)),
    "respond.displacement.kind": lambda rng: rng.choice(ACTS[:6]),
    "observe.police.sensor": lambda rng: rng.choice(("police", "inspection")),
    "observe.self_report.claimed_as": lambda rng: "volunteering",
    **numbers.SPECIAL,
    **systems.SPECIAL,
}


def kinds_for(mechanism: str) -> tuple[str, ...]:
    """Name the kinds that can come to a mechanism in these scenarios."""
    if mechanism.startswith(("conduct.", "observe.", "respond.")):
        return ACTS
    return COURT if mechanism in ("decide.binary_list", "record.national", "review.repair", "review.unable") else (*ACTS, *COURT)


def apart(rng: Random) -> bool:
    """Draw a yes or no without moving the draws that follow, so that the other numbers of a scenario stay."""
    return Random(f"{rng.getstate()[1][:4]}").random() < 0.4


SPECIAL.update({f"observe.{name}.where_kept": apart for name in ("camera", "police", "self_report")})


def drawn(rng: Random, mechanism: str, name: str, parameter: Any) -> Any:
    """Draw a plain value of one declared parameter."""
    if f"{mechanism}.{name}" in SPECIAL:
        return SPECIAL[f"{mechanism}.{name}"](rng)
    if parameter.kind == "choice":
        return rng.choice(parameter.options)
    if parameter.kind == "flag":
        return rng.random() < 0.5
    if parameter.kind == "names":
        among = {"kind": kinds_for(mechanism), "measure": MEASURES}[parameter.domain.name]
        return some(rng, among, 0 if mechanism == "enforce.kin" else max(1, len(among) // 2))

    def number() -> Any:
        return None if parameter.allow_none and rng.random() < 0.3 else PLAIN[parameter.kind](rng)

    def table(domains: tuple[Any, ...]) -> Any:
        if not domains:
            return number()
        names = {"kind": kinds_for(mechanism), "measure": MEASURES}.get(domains[0].name, domains[0].names)
        keys = some(rng, names, 3) if domains[0].name in ("kind", "measure") else [*some(rng, names), "others"]
        return {key: table(domains[1:]) for key in {**dict.fromkeys(keys), **(dict.fromkeys(COURT) if COURT[0] in names else {})}}

    return table(parameter.by)


def rules(number: int, instances: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """Draw the parameters of each instance, which the other instances of the scenario do not move."""
    made: dict[str, dict[str, Any]] = {}
    for instance in instances:
        rng = Random(f"rules {number} {instance}")
        params: type[Parameters] | None = REGISTRY[instance.partition(":")[0]].params
        fields = params.fields() if params is not None else {}
        if instance in SPECIAL:
            made[instance] = SPECIAL[instance](rng)
            continue
        made[instance] = {n: drawn(rng, instance.partition(":")[0], n, f) for n, f in fields.items() if hasattr(f, "kind") and n != "everybody"}
    if "review.appeal_body:higher" in made:
        made["review.appeal_body:higher"]["next_body"] = ""
    return made


ARRAY = 12
"""Rows of the covering array: with twelve, 462 mechanisms find room."""


def covering_word(number: int) -> tuple[bool, ...]:
    """Give the n-th of the words that hold six of twelve, the first always: any two of them show all four pairs (Katona 1973; Kleitman, Spencer 1973)."""
    chosen = next(islice(combinations(range(1, ARRAY), ARRAY // 2 - 1), number, None))
    return tuple(row == 0 or row in chosen for row in range(ARRAY))


def instances_of(number: int) -> tuple[str, ...]:
    """List the mechanisms of a scenario, and those that stand in for one that is off."""
    chosen = chosen_for(number)
    return chosen + tuple(other for name, other in systems.INSTEAD.items() if name not in chosen)


def chosen_for(number: int) -> tuple[str, ...]:
    """Choose the mechanisms of a scenario: every fourth from a covering array of strength two, the others nearly all of the core, and of some systems."""
    if number % 4 == 0:
        order = list(range(len(INSTANCES)))
        Random(f"array {number // (4 * ARRAY)}").shuffle(order)
        row = number // 4 % ARRAY
        return tuple(name for name, at in zip(INSTANCES, order, strict=True) if covering_word(at)[row])
    off = Random(f"mechanisms {number}").choice((0.0, 0.03, 0.08, 0.15))
    some_systems = (name for title, members in systems.SYSTEMS.items() if Random(f"system {number} {title}").random() < 0.35 for name in members)
    return tuple(name for name in (*CORE, *some_systems) if Random(f"mechanisms {number} {name}").random() >= off)


def scenario(number: int) -> Scenario:
    """Make the scenario of a number."""
    rng = Random(f"scenario {number}")
    start, draws = rng.randint(190, 260), 3 if number < 50 else 1 + number % 3  # the first fifty run in continuous integration: they are small
    months, people = (min(rng.randint(low, high) for _ in range(draws)) for low, high in ((3, 24), (20, 200)))
    return {
        "number": number, "start": start, "months": months, "seed": rng.randint(1, 10**6), "people": people, "world_seed": rng.randint(1, 10**6),
        "rules": rules(number, instances_of(number)),
    }  # fmt: skip
