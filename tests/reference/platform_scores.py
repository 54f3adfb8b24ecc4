"""Platforms: what they read of their members, what they learn of bad debts, how they score, and what merchants give for it."""

from __future__ import annotations

from scslab.mechanisms.kinds import FAULT, MEASURE

from .arithmetic import CERTAIN, NEVER, WHOLE, between
from .cycle import Row, Step, step
from .reports import somebody_of_the_place
from .ties import friends_now

MISLINKED = FAULT.code("mislinked")
AT_WORK = (1, 2, 3, 4)


@step("observe.platform_data")
def platform_data(s: Step) -> None:
    p = s.p
    for member in s.each("memberships"):
        i = member.subject
        if member.list != s.label or (s.month - member.since - 1) % 12:
            continue
        taste = int(p.taste[s.persons["sex"][i]][s.age_band(i)]) * 255 // CERTAIN
        own, schooled = s.persons["conscientiousness"][i], min(s.persons["education"][i], 4) * 255 // 4
        works = 255 if s.persons["status"][i] in AT_WORK else 0
        true = {
            "capacity": s.persons["means"][i],
            "behaviour": (own * int(p.accuracy) + taste * (CERTAIN - int(p.accuracy))) // CERTAIN,
            "identity": (schooled * int(p.schooling) + works * (CERTAIN - int(p.schooling))) // CERTAIN,
            "loyalty": int(p.spends[s.persons["quintile"][i]]) * 255 // CERTAIN,
        }
        read = {name: max(0, min(value + between(s.word(name, member), -int(p.noise), int(p.noise)), 255)) for name, value in true.items()}
        s.emit("platform_data", member, list=s.label, **read)


@step("observe.platform_marks")
def platform_marks(s: Step) -> None:
    p = s.p
    for debt in s.rows("debts"):
        i = debt.subject
        if s.shelf("memberships").find(i, s.label) is None or not s.happens("see", p.sees, debt):
            continue
        is_wrong = s.happens("mislink", p.mislinked, debt)
        named = somebody_of_the_place(s, "victim", i, debt) if is_wrong else i
        if named >= 0:
            s.emit("platform_marks", debt, subject=named, list=s.label, true_actor=i, fault=MISLINKED if is_wrong else 0)


@step("record.joint_bureau")
def joint_bureau(s: Step) -> None:
    p, members = s.p, [s.code(name) for name in s.p.platforms]
    marks = s.rows("platform_marks")
    for code in members:
        number = s.salt(code)
        for mark in marks:
            if mark.list == code or mark.list not in members or s.word("share", mark, number) >= p.shared:
                continue
            is_wrong = s.word("mismatch", mark, number) < p.mismatch
            named = somebody_of_the_place(s, "victim", mark.subject, mark.id ^ (number << 28)) if is_wrong else mark.subject
            if named >= 0:
                s.emit("shared_marks", mark, subject=named, list=code, fault=MISLINKED if is_wrong else mark.fault)


@step("record.platform_files")
def platform_files(s: Step) -> None:
    store, until = s.shelf("platform_files"), min(s.month + int(s.p.memory), NEVER)
    for held in s.each_every("platform_files", 12):
        if held.until <= s.month:
            store.drop(held)
    told, own = s.rows("shared_marks"), s.rows("platform_marks")
    for rows in (told, own):
        done = set()
        for row in rows:
            if (row.subject, row.list) not in done:
                done.add((row.subject, row.list))
                store.put(row, row.list, until=until)


@step("decide.platform_score")
def platform_score(s: Step) -> None:
    p, total = s.p, max(sum(int(weight) for weight in s.p.weights), 1)
    for member in s.each("memberships"):
        if member.list != s.label or member.since >= s.month - 1:
            continue
        reach = sum(int(weight) * value // CERTAIN for weight, value in zip(p.weights, factors(s, member), strict=True)) * CERTAIN // total
        score = int(p.low) + (int(p.high) - int(p.low)) * reach // WHOLE
        for name in p.lists:
            score -= int(p.listed) if s.shelf("listings").find(member.subject, s.code(name)) is not None else 0
        score = (max(score, int(p.low)) + 50) // 100 * 100
        if score != member.score:
            s.emit("platform_scores", member, list=s.label, score=score)


def factors(s: Step, member: Row) -> tuple[int, ...]:
    """Give history, capacity, behaviour, identity and relationships, over 2^16."""
    p = s.p
    months = min(s.month - member.since, int(p.full_after))
    history = int(p.new) + (CERTAIN - int(p.new)) * months // max(int(p.full_after), 1)
    file = s.shelf("platform_files").find(member.subject, s.label)
    if file is not None and file.until > s.month:
        history = min(history, int(p.marked))
    read = {name: member.columns[name] * WHOLE // 255 for name in ("capacity", "behaviour", "identity", "loyalty")}
    behaviour = (read["behaviour"] * (CERTAIN - int(p.loyalty)) + read["loyalty"] * int(p.loyalty)) // CERTAIN
    return history * WHOLE // CERTAIN, read["capacity"], behaviour, read["identity"], relationships(s, member.subject)


def relationships(s: Step, i: int) -> int:
    """Average the scores of friends who have one, on the platform's scale."""
    p, scores = s.p, []
    for j in friends_now(s, i, shown=True):
        held = s.shelf("memberships").find(j, s.label)
        if held is not None and held.score:
            scores.append(held.score)
    if not scores or not p.weights[4]:
        return int(p.alone) * WHOLE // CERTAIN
    return (sum(scores) - len(scores) * int(p.low)) * WHOLE // max(len(scores) * (int(p.high) - int(p.low)), 1)


@step("enforce.perks")
def perks(s: Step) -> None:
    p = s.p
    for table in ("platform_scores", "platform_exits"):
        for row in s.rows(table):
            mask = worth = 0
            if table == "platform_scores":
                for name, cut, value in zip(*p.thresholds, p.worth[1], strict=True):
                    if row.score >= cut:
                        mask |= 1 << MEASURE.code(name.partition(".")[2])
                        worth += int(value)
                s.emit("platform_worth", row, list=s.label, worth=worth, full=sum(int(value) for value in p.worth[1]))
            held = s.shelf("burdens").find(row.subject, s.label)
            if mask != (held.mask if held is not None else 0):
                s.emit("impositions", row, list=s.label, mask=mask, spill=0)
