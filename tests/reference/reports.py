"""Reports by neighbours, friends and machines: who tells on whom, what the office believes, what tests and networks of sensors say."""

from __future__ import annotations

from scslab.mechanisms.kinds import CAUSE, FAULT, KIND, SENSOR
from scslab.mechanisms.tables_pretext import WAY
from scslab.mechanisms.tables_reports import MOTIVE

from .arithmetic import between, thinned
from .cycle import Row, Step, first_of_each, step
from .observe import FABRICATED, MISATTRIBUTED, setting
from .ties import friends_now

GRUDGE, INFORMER, MEMBER = FAULT.code("grudge"), SENSOR.code("informer"), 8


def somebody_of_the_place(s: Step, draw: str, i: int, key: Row | int) -> int:
    """Choose another person of somebody's place by the word of a row or number; -1 where there is none."""
    place = s.persons["place"][i]
    first = s.world["places"]["start"][place]
    return s.pick(draw, first, s.world["places"]["start"][place + 1] - first, key, i)


@step("observe.witnesses")
def witnesses(s: Step) -> None:
    p = s.p
    by_neighbours, by_friends = thinned(int(p.tells), p.pull), thinned(int(p.friend_tells), p.pull)
    for act in s.rows("acts"):
        i, reporters = act.subject, []
        for trial in range(int(p.witnesses)):
            if s.word("tell", act, trial) < by_neighbours:
                reporters.append(somebody_of_the_place(s, "neighbour", i, act.id ^ (trial << 56)))
        reporters += [friend for friend in friends_now(s, i) if s.word("friend", friend << 31 | i) < by_friends]
        for reporter in sorted(who for who in reporters if who >= 0 and s.living(who)):
            pair = reporter << 31 | i
            is_wrong = s.word("mistake", pair) < p.mistakes
            named = somebody_of_the_place(s, "victim", i, pair) if is_wrong else i
            if named >= 0 and named != reporter:
                told = {"reporter": reporter, "motive": MOTIVE.code("witness"), "true_actor": i, "fault": MISATTRIBUTED if is_wrong else 0}
                s.emit("tips", act, subject=named, **told)


@step("observe.grudges")
def grudges(s: Step) -> None:
    p = s.p
    for row in s.occasions("grudge"):
        who = row.subject
        if not s.living(who) or not len(p.kinds) or not s.happens("report", thinned(int(p.reports), p.pull), row):
            continue
        victim = somebody_of_the_place(s, "victim", who, row)
        if victim >= 0 and s.living(victim):
            kind = int(p.kinds[between(s.word("kind", row), 0, len(p.kinds) - 1)])
            s.emit("tips", row, subject=victim, kind=kind, reporter=who, motive=MOTIVE.code("grudge"), true_actor=victim, fault=GRUDGE, cause=0)


@step("observe.false_tips")
def false_tips(s: Step) -> None:
    p, guilty = s.p, {act.subject for act in s.rows("acts")}
    for i in range(s.people):
        if i in guilty or not s.living(i):
            continue
        for friend in sorted(friends_now(s, i)):
            if s.living(friend) and s.word("tell", friend << 31 | i) < p.chance:
                accused = {"reporter": friend, "motive": MOTIVE.code("grudge"), "true_actor": i, "fault": GRUDGE, "cause": 0}
                s.emit("tips", s.announced(i), kind=KIND.code(p.named_as), **accused)


@step("observe.tip_line")
def tip_line(s: Step) -> None:
    p, store = s.p, s.shelf("tips_waiting")
    for held in s.each("tips_waiting"):
        if s.month - held.columns["month"] >= max(int(p.window), 1):
            store.drop(held)
    too_old = {id(store.held[key]) for key in store.drops}
    new: dict[int, list[Row]] = {}
    for tip in s.rows("tips"):
        new.setdefault(tip.subject, []).append(tip)
    for i, tips in new.items():
        both = [(held, tips[0]) for held in store.of(i) if id(held) not in too_old] + [(tip, tip) for tip in tips]  # a report, and the row that stands for it
        for kind in sorted({tip.kind for tip, _ in both}):
            case = [(tip, row) for tip, row in both if tip.kind == kind]
            if len({tip.reporter for tip, _ in case}) >= max(int(p.needed), 1):
                decide(s, case)
                for tip, _ in case:
                    if tip not in tips:
                        store.drop(tip)
            else:
                for tip, _ in case:
                    if tip in tips:
                        store.put(tip, tip.reporter, month=s.month)


def decide(s: Step, case: list[tuple[Row, Row]]) -> None:
    """Believe or drop a case: what its first sound report says is true of it, if it has one."""

    def is_wrong(tip: Row) -> bool:
        return tip.fault != 0 or tip.true_actor != tip.subject

    p = s.p
    best = next((tip for tip, _ in case if not is_wrong(tip)), case[0][0])
    newest = max((row for _, row in case), key=lambda row: row.id)
    dropped = s.happens("look", p.look_drops_wrong if is_wrong(best) else p.look_drops_right, newest)
    if not dropped:
        s.emit("observations", newest, kind=best.kind, carry=best, sensor=INFORMER, amount=0)
        for number, (tip, _) in enumerate(case):
            first = number == 0
            s.emit("upheld_tips", newest, kind=best.kind, carry=best, reporter=tip.reporter, first=first, reward=p.reward if first else 0)
    elif is_wrong(best):
        for tip, row in case:
            if s.happens("charge", p.slander, row):
                s.emit("penalties", row, subject=tip.reporter, kind=KIND.code("false_claim"), amount=p.fine, points=0)


@step("observe.custom_rule")
def custom_rule(s: Step) -> None:
    p = s.p
    for act in s.rows("acts"):
        i = act.subject
        if not s.persons["role"][i] & MEMBER or not s.happens("report", thinned(int(p.reported), p.pull), act):
            continue
        is_wrong = s.happens("mistake", p.mistakes, act)
        named = somebody_of_the_place(s, "victim", i, act) if is_wrong else i
        if named >= 0:
            told = {"subject": named, "true_actor": i, "fault": MISATTRIBUTED if is_wrong else 0}
            s.emit("observations", act, sensor=INFORMER, **told)
            s.emit("custom_reports", act, false=is_wrong, **told)
    for row in s.occasions("grudge"):
        if s.living(row.subject, 14):
            told = {"kind": KIND.code(p.named_as), "true_actor": row.subject, "fault": GRUDGE}
            s.emit("observations", row, sensor=INFORMER, **told)
            s.emit("custom_reports", row, false=1, **told)


@step("observe.screening")
def screening(s: Step) -> None:
    p, sensor, acts = s.p, SENSOR.code(s.p.sensor), s.rows("acts")
    for act in first_of_each(acts):
        if s.happens("hit", p.true_positives, act):
            s.emit("observations", act, sensor=sensor, true_actor=act.subject, fault=0)
    guilty = {act.subject for act in acts}
    for i in range(s.people):
        row = s.announced(i)
        if i not in guilty and s.living(i) and s.happens("alarm", p.false_positives, row):
            s.emit("observations", row, kind=KIND.code(p.named_as), sensor=sensor, true_actor=i, fault=FABRICATED)


@step("observe.net_sensor")
def net_sensor(s: Step) -> None:
    p, present, platform = s.p, {int(kind) for kind in s.p.present}, SENSOR.code("platform")
    for act in s.rows("acts"):
        i = act.subject
        is_hidden = act.kind not in present and s.shelf("vpn_users").find(i) is not None
        if is_hidden or not s.happens("see", p.seen[act.kind], act):
            continue
        s.emit("observations", act, sensor=platform, true_actor=i, fault=0)
        for trial in range(int(p.bystanders) if act.kind in present else 0):
            if s.word("name", act, trial) < p.taken_in:
                named = somebody_of_the_place(s, "by", i, act.id ^ (trial << 56))
                if named >= 0 and s.living(named, 14):
                    s.emit("observations", act, subject=named, sensor=platform, true_actor=i, fault=MISATTRIBUTED)


@step("observe.camera_network")
def camera_network(s: Step) -> None:
    p, kinds = s.p, {int(kind) for kind in s.p.watched}
    watched = list(first_of_each([row for row in s.each("listings") if row.kind in kinds and s.living(row.subject, 14)]))
    on_list = {row.subject for row in watched}
    for row in s.occasions("scan"):
        i = row.subject
        if i in on_list or not s.living(i, 14) or row.word >= p.wrong[setting(s, i)][s.persons["sex"][i]]:
            continue
        stopped = not s.happens("look", p.look_drops_wrong, row)
        truth = {"true_actor": i, "fault": MISATTRIBUTED}
        s.emit("alerts", row, kind=0, stopped=stopped, **truth)
        if stopped and s.happens("file", p.filed, row):
            s.emit("observations", row, kind=KIND.code(p.named_as), sensor=SENSOR.code("camera"), **truth)
    for listing in watched:
        i = listing.subject
        place, evades = setting(s, i), s.lasting("evade", i) < p.evades
        if s.word("hit", i) < p.right[place][int(evades)]:
            s.emit("alerts", listing, stopped=s.word("look", i) >= p.look_drops_right, true_actor=i, fault=0)
        if evades and p.scans[place] + p.drones[place] > 0:
            s.emit("evasions", listing, kind=0, amount=p.evasion_cost)


@step("observe.pretext")
def pretext(s: Step) -> None:
    p = s.p
    for claim in s.rows("debts"):
        s.emit("judgments", claim, kind=KIND.code("missed_payment"), able=1, due=s.month + 1)
    for seen in s.rows("observations"):
        if not s.living(seen.subject) or not s.happens("answer", p.answered, seen):
            continue
        way = WAY.code("suit" if s.happens("way", p.sued, seen) else "fine")
        stands = s.happens("stand", p.stands[way], seen)
        amount = between(s.word("size", seen), p.low[way], p.high[way])
        s.emit("pretexts", seen, way=way, stands=stands, amount=amount)
        if stands:
            s.emit("debts", seen, kind=KIND.code("pretext_claim"), amount=amount, cause=CAUSE.code("pretext"), due=s.month + int(p.delay))
