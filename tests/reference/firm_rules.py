"""What institutions know of firms and do about it: complaints, inspectors, the registry, ratings, lists, and what follows from these."""

from __future__ import annotations

from scslab.mechanisms.firms import SECTOR, STANDING
from scslab.mechanisms.kinds import FAULT, FIRM_BREACHES, GROUND, KIND, SENSOR

from .arithmetic import CERTAIN, NEVER, WHOLE, places_this_month, thinned
from .cycle import Row, Step, modifier, step
from .firms import breach_of, in_business, size_of

FABRICATED, MISLINKED, INSPECTION = FAULT.code("fabricated"), FAULT.code("mislinked"), SENSOR.code("inspection")
UNRATED, FOUND_ONE = 255, 256


def kind_of(breach: int) -> int:
    return KIND.code(FIRM_BREACHES[breach])


@step("observe.firm_reports")
def firm_reports(s: Step) -> None:
    p, sensor = s.p, SENSOR.code(s.p.sensor)
    for held in s.each("open_breaches"):
        if in_business(s, held.subject) and s.happens("light", p.comes_to_light[breach_of(held.kind)], held):
            s.emit("firm_findings", held, sensor=sensor, true_firm=held.subject, fault=0)
    for row in s.occasions("firm_rumour") if len(p.false_kinds) else ():
        if in_business(s, row.subject):
            kind = kind_of(int(p.false_kinds[s.word("which", row) * len(p.false_kinds) >> 31]))
            s.emit("firm_findings", row, kind=kind, sensor=sensor, true_firm=row.subject, fault=FABRICATED, since=s.month)


@step("observe.inspection")
def inspection(s: Step) -> None:
    p, found = s.p, s.cycle.state["firms.found"]
    for told in s.rows("firm_findings"):
        if told.sensor != INSPECTION:
            found[told.subject] += int(p.reports) * FOUND_ONE >> 16
    rows = {row.subject: row for row in s.occasions("firm_month")}
    firms = [firm for firm in rows if in_business(s, firm)]
    plain = [thinned(int(p.by_ownership[s.world["firms"]["ownership"][firm]]), s.factor("firm.inspection", firm)) for firm in firms]
    unit, ratio = model(s)
    weighed = [weight * ratio[unit[firm]] >> 16 for weight, firm in zip(plain, firms, strict=True)]
    visited = []
    for number in range(places_this_month(p.visits, len(firms), s.word("round", 0))):
        chosen = by_weight(s.word("visit", number), plain if s.word("override", number) < p.override else weighed)
        if chosen >= 0:
            visited.append(firms[chosen])
    least = min((ratio[unit[firm]] for firm in firms), default=1 << 40)
    for firm in sorted(set(visited)):
        kinds = look(s, rows[firm])
        x = ratio[unit[firm]]
        kept = CERTAIN - (int(p.correction) * (CERTAIN - (least * CERTAIN // x if x > least else CERTAIN)) >> 31)
        for kind in kinds:
            if s.word("accept", rows[firm].id + kind) < kept:
                found[firm] += FOUND_ONE
        for number in range(visited.count(firm)):
            s.emit("firm_visits", rows[firm], found=0 if number else len(kinds))


def model(s: Step) -> tuple[list[int], dict[int, int]]:
    """Give each firm's unit, and by unit the weight of each of its firms: its share of findings over its share of firms."""
    p, places, number = s.p, len(s.world["places"]["urban"]), len(s.world["firms"]["size"])
    by_district = [s.world["firms"]["place"][firm] * min(16, places) // places for firm in range(number)]
    unit = by_district if p.unit == "district" else s.world["firms"]["sector"]
    units = range(16 if p.unit == "district" else len(SECTOR.names))
    size = {u: sum(unit[firm] == u and in_business(s, firm) for firm in range(number)) for u in units}
    counts = {u: int(p.start) * FOUND_ONE + (int(p.head_start) * FOUND_ONE if u == 0 else 0) for u in units}
    for firm in range(number):
        counts[unit[firm]] += s.cycle.state["firms.found"][firm]
    counts = {u: count if size[u] else 0 for u, count in counts.items()}
    total, n = sum(counts.values()), sum(size.values())
    if not p.prediction or not total:
        return unit, dict.fromkeys(units, WHOLE)
    like = {u: counts[u] * n * WHOLE // (total * size[u]) if size[u] else 0 for u in units}
    return unit, {u: ((CERTAIN - int(p.prediction)) * WHOLE + int(p.prediction) * like[u]) >> 31 for u in units}


def by_weight(word: int, weights: list[int]) -> int:
    """Choose a position by a word, in proportion to weights; -1 where all are none."""
    shift = max(sum(weights).bit_length() - 32, 0)
    weights = [weight >> shift for weight in weights]
    reach, upto = word * sum(weights) >> 31, 0
    for position, weight in enumerate(weights):
        upto += weight
        if reach < upto:
            return position
    return -1


def look(s: Step, row: Row) -> list[int]:
    """Look for breaches at a visited firm; give the kinds of those said to be found."""
    p, firm, sought = s.p, row.subject, {int(breach) for breach in s.p.kinds}
    held, kinds = s.shelf("open_breaches"), []
    for breach in held.of(firm):
        if breach_of(breach.kind) in sought and s.word("see", breach.id) < p.sensitivity[breach_of(breach.kind)]:
            kinds.append(breach.kind)
            s.emit("firm_findings", row, kind=breach.kind, since=breach.since, cause=breach.cause, true_firm=firm, fault=0, sensor=INSPECTION)
    if len(p.kinds) and s.happens("false", p.false_find, row):
        breach = int(p.kinds[s.word("which", row) * len(p.kinds) >> 31])
        if held.find(firm, breach) is None:
            kinds.append(kind_of(breach))
            s.emit("firm_findings", row, kind=kind_of(breach), since=s.month, cause=0, true_firm=firm, fault=FABRICATED, sensor=INSPECTION)
    return kinds


@step("record.firm_registry")
def firm_registry(s: Step) -> None:
    p, held, seen = s.p, s.shelf("firm_records_held"), set()
    for old in s.each("firm_records_held"):
        if old.until <= s.month:
            held.drop(old)
    since = s.month + int(p.delay)
    for row in s.rows("firm_findings"):
        if row.id >> 8 in seen:
            continue
        seen.add(row.id >> 8)
        if not s.happens("admit", p.admission[breach_of(row.kind)], row):
            continue
        is_wrong = s.happens("mislink", p.mislink, row)
        firm = s.pick("other", 0, len(s.world["firms"]["size"]), row, row.subject) if is_wrong else row.subject
        if firm >= 0:
            fault = MISLINKED if is_wrong else row.fault
            held.put(row, (row.id + 0x9E3779B1 * (row.subject - firm)) % 2**28, firm, since=since, until=min(since + int(p.retention), NEVER), fault=fault)
            s.emit("firm_records", row, subject=firm, fault=fault, due=since)


@step("decide.firm_list")
def firm_list(s: Step) -> None:
    p, sought, best = s.p, {int(breach) for breach in s.p.kinds}, {}

    def until(row: Row) -> int:
        return min(s.month + int(p.term[breach_of(row.kind)]), NEVER)

    records, grades = s.rows("firm_records"), s.rows("firm_grades")
    for row in records:
        firm = row.subject
        is_new = in_business(s, firm) and s.shelf("firm_listings").find(firm, s.label) is None
        if is_new and breach_of(row.kind) in sought and (firm not in best or until(row) > until(best[firm])):
            best[firm] = row
    for firm, row in best.items():
        officer = s.world["firms"]["officer"][firm]
        is_named = bool(p.officers) and officer >= 0 and s.persons["death_month"][officer] > s.month
        s.emit("firm_entries", row, list=s.label, until=until(row), officer=is_named)
        if is_named:
            s.emit("entries", row, subject=officer, list=s.code(p.officer_list), until=min(s.month + int(p.officer_term), NEVER), true_actor=officer)
    for row in grades:
        if p.rating and row.rating == s.code(p.rating):
            if row.grade in {int(grade) for grade in p.grades}:
                s.emit("firm_entries", row, kind=0, list=s.label, until=NEVER)
            else:
                s.emit("firm_removals", row, kind=0, list=s.label, ground=GROUND.code("below_cut"))


@step("decide.firm_rating")
def firm_rating(s: Step) -> None:
    p, lost = s.p, {}
    if s.month % 12 != p.month - 1:
        return
    rows = [row for row in s.occasions("firm_month") if is_rated(s, row.subject)]
    rated = {row.subject for row in rows}
    for record in s.each("firm_records_held"):
        points = int(p.per_record[breach_of(record.kind)])
        if record.subject in rated and points > 0 and s.month - p.window < record.since <= s.month:
            lost[record.subject] = lost.get(record.subject, 0) + points
            s.emit("firm_postings", record, rating=s.label, points=points)
    for row in rows:
        firm = row.subject
        linked = lost_for_others(s, firm)
        score = int(p.start) - lost.get(firm, 0) - linked
        cuts, held = [int(cut) for cut in p.grades[1]], s.shelf("firm_ratings").find(firm, s.label)
        grade, previous = max(sum(score >= cut for cut in cuts) - 1, 0), UNRATED if held is None else held.grade
        if grade != previous:
            needed = 0 if held is None else cuts[previous]
            s.emit("firm_grades", row, rating=s.label, grade=grade, previous=previous, score=score, linked=linked, needed=needed)


def is_rated(s: Step, firm: int) -> bool:
    sectors, sizes = {int(code) for code in s.p.sectors}, {int(code) for code in s.p.sizes}
    return in_business(s, firm) and (not sectors or s.world["firms"]["sector"][firm] in sectors) and (not sizes or size_of(s, firm) in sizes)


def lost_for_others(s: Step, firm: int) -> int:
    """Add up what a firm loses for partners that stand badly or are listed, and for an officer on a list of persons."""
    p, bad = s.p, 0
    for partner in partners(s, firm) if p.partner else ():
        rating = s.shelf("firm_ratings").find(partner, s.label)
        is_listed = any(s.shelf("firm_listings").find(partner, s.code(name)) is not None for name in p.partner_lists)
        bad += is_listed or (rating is not None and rating.grade in {int(grade) for grade in p.bad})
    lost, officer = min(int(p.partner) * bad, int(p.partner_most)), s.world["firms"]["officer"][firm]
    is_stained = officer >= 0 and any(s.shelf("listings").find(officer, s.code(name)) is not None for name in p.officer_lists)
    return lost + (int(p.officer) if p.officer and is_stained else 0)


def partners(s: Step, firm: int) -> list[int]:
    """List the partners in business: those a firm began with, those found since, without those lost."""
    found = {other for other, _ in s.ties("partners", firm)} | {tie.partner for tie in s.shelf("new_ties").of(firm)}
    return [other for other in sorted(found) if in_business(s, other) and s.shelf("cut_ties").find(firm, other) is None]


@step("review.firm_register")
def firm_register(s: Step) -> None:
    ratings, store, gone, entered = s.shelf("firm_ratings"), s.shelf("firm_listings"), set(), set()
    for row in s.rows("firm_grades"):
        ratings.put(row, row.rating, since=s.month)
    for table, rows in (("firm_removals", s.rows("firm_removals")), ("firm_expiries", s.rows("firm_expiries"))):
        for row in rows:
            key, held = (row.subject, row.list), store.find(row.subject, row.list)
            if held is None or key in gone or (table == "firm_expiries" and held.until > s.month):
                continue
            gone.add(key)
            store.drop(held)
            ground = GROUND.code("term_over") if table == "firm_expiries" else row.ground
            s.emit("firm_listing_ends", row, kind=held.kind, carry=held, ground=ground, list=held.list, since=held.since)
    for row in s.rows("firm_entries"):
        key = (row.subject, row.list)
        if key in entered or (store.find(*key) is not None and key not in gone):
            continue
        entered.add(key)
        store.put(row, row.list, since=s.month)
        s.emit("firm_listings", row)
        if row.until < NEVER:
            s.emit("firm_expiries", row, due=row.until)


@step("review.firm_repair")
def firm_repair(s: Step) -> None:
    p, lists = s.p, [s.code(name) for name in s.p.lists]
    for listing in s.each("firm_listings"):
        is_clean = all(record.since <= s.month - p.clean for record in s.shelf("firm_records_held").of(listing.subject))
        if listing.list in lists and s.month - listing.since >= p.wait and is_clean and s.happens("ask", p.asks, listing):
            s.emit("firm_removals", listing, kind=0, ground=GROUND.code("repaired"))


@modifier("enforce.firm_measures")
def firm_measures(s: Step, quantity: str, firm: int) -> int:
    rating = s.shelf("firm_ratings").find(firm, s.label)
    if s.shelf("firm_listings").find(firm, s.label) is not None:
        standing = STANDING.code("listed")
    elif rating is not None:
        standing = rating.grade
    else:
        return WHOLE
    factor = int(getattr(s.p, quantity.partition(".")[2])[standing])
    return WHOLE + ((factor - WHOLE) * int(s.p.carried_out) >> 31)
