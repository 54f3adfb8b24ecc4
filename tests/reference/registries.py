"""Files of agencies, what officials forge and backups restore, good names that travel, tokens, and agencies that act on each other's lists."""

from __future__ import annotations

from scslab.mechanisms.kinds import BASIS, FAULT, GROUND, KIND, MEASURE, SENSOR
from scslab.mechanisms.tables_registry import BY, WHOSE

from .arithmetic import NEVER, cut_money
from .cycle import Row, Step, first_of_each, step
from .observe import MISLINKED
from .reports import somebody_of_the_place

OFFICIAL, LOW_28, LIST_BITS = 1, 2**28 - 1, 10


@step("observe.agency_files")
def agency_files(s: Step) -> None:
    p, rows = s.p, {table: s.rows(table) for table in ("acts", "debts", "shocks")}
    for row in rows[p.source]:
        if s.happens("file", p.filed[row.kind], row):
            s.emit("files", row, sensor=SENSOR.code(p.sensor), true_actor=row.subject, fault=0)


@step("observe.insiders")
def insiders(s: Step) -> None:
    p, exposed = s.p, s.shelf("exposed_officials")
    for found in s.rows("exposures"):
        if s.persons["role"][found.true_actor] & OFFICIAL:
            exposed.put(found, subject=found.true_actor)
    own, kin = int(p.whose[WHOSE.code("own")]), int(p.whose[WHOSE.code("kin")])
    for row in s.occasions("favour"):
        i = row.subject
        if not s.living(i) or s.lasting("crooked", i) >= p.crooked or exposed.find(i) is not None:
            continue
        word = s.word("whose", row)
        if word < own:
            whose, who = "own", i
        elif word < own + kin:
            whose, who = "kin", relative(s, row)
        else:
            whose, who = "donor", donor(s, i)
        if who >= 0:
            truth = {"subject": who, "kind": KIND.code(p.kind), "true_actor": i, "fault": FAULT.code("tampered")}
            s.emit("observations", row, sensor=SENSOR.code("insider"), **truth)
            s.emit("alterations", row, by=BY.code("favour"), whose=WHOSE.code(whose), erased=0, **truth)


def relative(s: Step, row: Row) -> int:
    """Choose the living adult relative with the lowest word."""
    near = [j for j, _ in s.ties("kin", row.subject) if s.living(j)]
    return min(near, key=lambda j: s.word("relative", j << 28 | (row.id & LOW_28)), default=-1)


def donor(s: Step, i: int) -> int:
    """Choose the lasting donor: the first fit of eight persons of the place."""
    place = s.persons["place"][i]
    first = s.world["places"]["start"][place]
    for trial in range(8):
        who = s.pick("donor", first, s.world["places"]["start"][place + 1] - first, i << 4 | trial, i, lasting=True)
        if who >= 0 and s.persons["quintile"][who] == 4 and s.living(who):
            return who
    return -1


@step("record.agency")
def agency(s: Step) -> None:
    p = s.p
    for seen in s.rows("observations"):
        if s.happens("file", p.filed[seen.kind], seen):
            is_wrong = s.happens("namesake", p.namesake, seen)
            named = somebody_of_the_place(s, "victim", seen.subject, seen) if is_wrong else seen.subject
            if named >= 0:
                s.emit("records", seen, subject=named, due=s.month + int(p.delay), fault=MISLINKED if is_wrong else seen.fault)


@step("record.backup")
def backup(s: Step) -> None:
    store = s.shelf("lost_records")
    for erased in s.rows("erased_records"):
        store.put(erased, erased.id & LOW_28)
    for lost in s.each("lost_records"):
        if s.happens("restore", s.p.restored, lost):
            store.drop(lost)
            s.emit("observations", lost)


@step("record.accounts")
def accounts(s: Step) -> None:
    p, store = s.p, s.shelf("account_holders")
    for record in first_of_each(s.rows("records")):
        i = record.subject
        if store.find(i) is None and s.living(i, int(p.age_min)) and s.lasting("join", i) < p.joins:
            store.put(record, since=s.month)


@step("decide.token_bank")
def token_bank(s: Step) -> None:
    p, store = s.p, s.shelf("tokens")
    deeds = [r for r in s.rows("records") if p.per_record[r.kind] > 0 and s.shelf("account_holders").find(r.subject) is not None]
    spent = s.rows("redemptions")
    for i in sorted({row.subject for row in (*deeds, *spent)}):
        mine = [row for row in deeds if row.subject == i]
        held = store.find(i)
        balance, earned = (held.balance, held.earned) if held is not None else (0, 0)
        gained, paid = sum(int(p.per_record[row.kind]) for row in mine), sum(row.points for row in spent if row.subject == i)
        balance, earned = max(balance - paid, 0) + gained, earned + gained
        last = (mine or [row for row in spent if row.subject == i])[-1]
        store.put(last, balance=cut_money(balance), earned=cut_money(earned))
        if gained and earned >= p.model and s.shelf("listings").find(i, s.label) is None:
            s.emit("entries", last, kind=0, list=s.label, until=NEVER)


@step("review.first_inquiry")
def first_inquiry(s: Step) -> None:
    found_out = s.shelf("found_out")
    for refusal in first_of_each([r for r in s.rows("refusals") if r.basis == BASIS.code("own")]):
        if s.happens("ask", s.p.asks, refusal):
            for listing in s.shelf("listings").of(refusal.subject):
                known = found_out.find(refusal.subject, listing.list)
                if known is None or known.entry != listing.id:
                    found_out.put(refusal, listing.list, entry=listing.id)
                    s.emit("inquiries", refusal, kind=listing.kind, carry=listing, list=listing.list, entry=listing.id)


@step("enforce.portability")
def portability(s: Step) -> None:
    p, done = s.p, set()
    mask = sum(1 << int(perk) for perk in p.perks)
    for record in s.rows("national_records"):
        i = record.subject
        move = s.persons["move_month"][i]
        if not s.month < move < NEVER or move - s.month > p.valid or s.persons["move_place"][i] == s.persons["place"][i]:
            continue
        if s.happens("grant", p.granted, record) and i not in done:
            done.add(i)
            s.emit("ported", record, due=move)
            s.emit("impositions", record, list=s.label, mask=mask, spill=0, due=move)
            s.emit("impositions", record, list=s.label, mask=0, spill=0, due=move + int(p.valid))


@step("enforce.joint")
def joint(s: Step) -> None:
    p, store, gone = s.p, s.shelf("joint_actions"), set()
    new, ends, memos = s.rows("listings"), s.rows("listing_ends"), s.rows("memos")
    for listing in new if p.delay else []:
        s.emit("memos", listing, due=s.month + int(p.delay))

    def let_go(row: Row, action: Row) -> None:
        gone.add(id(action))
        store.drop(action)
        s.emit("impositions", row, list=action.list, mask=0, spill=0, carry=action)

    for action in s.each("joint_actions"):
        i = action.subject
        if action.until <= s.month or s.persons["death_month"][i] <= s.month or s.word("lift", i << 31 | s.salt(action.list)) < p.lifted:
            let_go(action, action)
    wrong = [GROUND.code(name) for name in ("overturned", "corrected")]
    later = []
    for end in ends:
        for action in store.of(end.subject):
            if action.list & (2**LIST_BITS - 1) != end.list or id(action) in gone:
                continue
            chance = p.hears_of_error if end.ground in wrong else 0 if action.own_term else p.hears_of_end
            if s.word("hear", end.subject << 31 | s.salt(action.list)) < chance:
                let_go(end, action)
            elif not action.own_term:
                later.append(action)
    for action in later:
        action.columns["until"] = min(action.until, min(s.month + int(p.lateness), NEVER))
    act_upon(s, memos if p.delay else new)


def act_upon(s: Step, heard: list[Row]) -> None:
    """Let each agency with a memorandum decide upon the listings that it heard of and that are in force."""
    p, store = s.p, s.shelf("joint_actions")
    acts, terms = dict(zip(*p.acts, strict=True)), dict(zip(*p.own_term, strict=True))
    for number, agency in enumerate(p.agencies[: int(p.breadth)], 1):
        lists = [s.code(name.partition(".")[0]) for name in p.memoranda if name.partition(".")[2] == agency]
        for row in heard:
            if row.list not in lists or s.shelf("listings").find(row.subject, row.list) is None or s.word("act", row, number) >= acts.get(agency, 0):
                continue
            mask, term, packed = 0, int(terms.get(agency, 0)), row.list + (number << LIST_BITS)
            for name, share in zip(*p.measures, strict=True):
                measure = MEASURE.code(name.partition(".")[2])
                if name.partition(".")[0] == agency and s.word("carry_out", row, (number << 8) + measure) < share:
                    mask |= 1 << measure
            store.put(row, packed, list=packed, until=min(s.month + term, NEVER) if term else NEVER, own_term=term > 0)
            s.emit("impositions", row, list=packed, mask=mask, spill=0)
