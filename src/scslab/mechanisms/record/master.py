"""The master database: takes in files of agencies and regions, as far as they are joined, and matches each to a person.

An island is one agency's files in one region. A joined island passes its files on; those that carry the common key (the
identity number; for matters of a firm the unified code) are matched by it, unless it is written wrongly, the others by what
else is written on them: name, date of birth, sex, place (`linkage`). What fits nobody well enough stays out. `record.national`
is the short form: one stream, a share matched to nobody and a share to somebody else.

A copy lasts until its retention is over, or until a correction at its source reaches it. A copy that no correction reached is
sent out again with the next renewal of the data.
"""

from __future__ import annotations

import numpy as np

from ...base.luck import ONE
from ...base.months import NEVER
from ...base.parameters import Parameters, choice, count, duration, names, probability, share, weight
from ...engine.declare import Each, Rows, Store, mechanism
from ...engine.rows import SUBJECT_SHIFT
from ..common import between, copy_key, first_rows, lasting
from ..kinds import FAULT, GROUND, KIND, SENSOR
from ..linkage import BITS, FIELD, best_links, everybody, names_of, namesakes, telling, weights
from ..tables import TRUTH
from ..tables_registry import MATCH

MISLINKED, ERASED = FAULT.code("mislinked"), GROUND.code("erased")
RIGHT, WRONG, NONE = (MATCH.code(name) for name in MATCH.names)
LOW_BITS = SUBJECT_SHIFT
NAME, BIRTH, SEX, PLACE = (FIELD.code(name) for name in FIELD.names)
WRONG_BIRTH = 120
"""A wrong date of birth is off by 1 to this many months, either way."""

COPIES = Store(
    "national_copies",
    {"kind": "uint8", "sensor": "uint8", "amount": "int32", "until": "int16", "record": "int64"},
    TRUTH,
    "Copies in the master database; record = the observation that a copy is of, or -1 less the file",
    sub_bits=LOW_BITS,
)


class Params(Parameters):
    kinds = names("kinds of records and files that are taken in", KIND, codes=True)
    integration = share("share of islands joined: 0 = every agency and region keeps to itself, 1 = all are joined")
    joined = choice("what is joined at a time: the whole file of an agency in a region, or one record", ("island", "record"), default="island")
    region = choice("what a region is", ("place", "province"), default="place")
    delay = duration("months from the agency's file to the copy, by agency", by=SENSOR, partial=0)
    retention = duration("months a copy is kept; null = for ever", allow_none=True)
    refresh = duration("months between renewals, in which every copy is sent out again; null = never", allow_none=True)
    keyed = share("share of files that carry the common key, by agency", by=SENSOR, partial=1, errorless=ONE)
    key_wrong = probability("share of keys written wrongly", errorless=0)
    key_taken = probability("share of wrong keys that are another person's key, so that no check digit stops them", errorless=0)
    names = count("different names in the society, equally common: people divided by it share a name", unit="names")
    compared = choice("with whom a file without a key is compared", ("namesakes", "everybody"), default="namesakes")
    agrees = share("share of files on which a field is written as in the register", by=FIELD)
    by_chance = share("share of pairs of different persons who agree in a field, as the weights take it", by=FIELD)
    link = weight("least weight at which a file is linked to a person", unit="bits")
    propagates = probability("share of corrections at the source that reach the copy")
    propagation = duration("months that takes")


@mechanism(
    "record.master",
    on=(Rows("records", kinds="kinds"), Rows("files", kinds="kinds"), Rows("record_orders"), Rows("copy_orders"), Each("national_copies")),
    params=Params,
    reads=("persons.birth_month", "persons.death_month", "persons.sex", "persons.place", "places.start", "places.province"),
    owns=(COPIES,),
    draws=("island", "join", "keyed", "key", "taken", "victim", "names", "name", "birth", "sex", "place", "tie", "pass_on"),
    emits=("national_records", "matches", "copy_ends"),
    lagged=("national_copies",),
)
def master(batch, cols, p, luck):
    """The master database takes in what joined islands hold, matches it, keeps copies, and hears of some corrections.

    Records first, then files. One of a joined island is taken in: lasting word `island`, by 256 x region + agency, below integration (or the row's word
    `join`). Its number is that of the observation behind the record, or -1 less that of the file (no order names a file); the copy stands under the low 28
    bits of number + 0x9E3779B1 x ((number >> 28) - its person). The key is there if `keyed` is below keyed, wrong if `key` is below key_wrong, then
    another's if `taken` is below key_taken: somebody else of the world (word `victim`), nobody unless alive. Without a right key the fields decide. Each is
    written as in the register if the word of its name is below agrees, else wrongly, by that word's ordinal 1: the name moved on by 1..names-1, the birth
    by 1 to 120 months down or, in the upper half of 1..240, up; the other sex; the place moved on by 1..places-1. A person's name is the lasting word
    `names` spread over 0..names-1. Living persons (those of the written name, or all) weigh log2(m/u) for each field that agrees, log2((1-m)/(1-u)) for one
    that differs, rounded down to 1/1024 bit; the highest weight of at least `link` wins, then the lowest word `tie` by (person << 28) + low 28 bits of the
    id. What an order deletes at its source, other than an erasure, leaves the copies of that number on the same person, or matched wrongly on anybody, if
    `pass_on`, by the number, is below propagates: at once, and told after `propagation`. An order to the database deletes all of a kind on a person. A copy
    ends once, by the first order. Copies whose time is over go untold; in months that `refresh` divides the others are sent out again.
    """
    made = _take_in(batch.records, batch.records.parent, cols, p, luck) + _take_in(batch.files, ~batch.files.id, cols, p, luck)
    gone = []
    for rows, find in ((batch.record_orders, _of_record), (batch.copy_orders, _of_kind)):
        if len(rows):
            parent, at = find(rows, cols.stores.national_copies, p, luck)
            if gone:  # a correction at the source and an order to the database in one month
                parent, at = parent[~np.isin(at, gone[0])], at[~np.isin(at, gone[0])]
            due = cols.month + (p.propagation if rows is batch.record_orders else 0)
            gone.append(at)
            copies = cols.stores.national_copies
            columns = {"kind": copies.kind[at], "ground": rows.ground[parent], "carry": (copies, at), "due": due}
            made.append(rows.emit("copy_ends", subject=copies.subject[at], parent=parent, **columns))
    return made + _age(batch.national_copies, np.concatenate(gone) if gone else np.empty(0, np.int64), cols, p)


def _take_in(rows, record, cols, p, luck):
    """Match what joined islands pass on, and keep a copy."""
    at = _joined(rows, cols, p, luck) if len(rows) else np.empty(0, np.int64)
    if not len(at):
        return []
    linked, own = _linked(rows, at, cols, p, luck), rows.subject[at]
    match = np.where(linked < 0, NONE, np.where(linked == own, RIGHT, WRONG))
    made = [rows.emit("matches", subject=np.where(linked < 0, own, linked), parent=at, match=match)]
    kept = np.flatnonzero(linked >= 0)
    at, linked = at[kept], linked[kept]
    fault = np.where(match[kept] == WRONG, MISLINKED, rows.fault[at])
    due = cols.month + p.delay[rows.sensor[at]]
    until = np.minimum(due + p.retention, NEVER)
    number = record[at]
    cols.stores.national_copies.put(rows, at, sub=copy_key(number, linked), subject=linked, until=until, record=number, fault=fault)
    return [*made, rows.emit("national_records", subject=linked, parent=at, due=due, fault=fault)]


def _joined(rows, cols, p, luck):
    """List the rows that come from joined islands; an island's word lasts, so more integration only adds islands."""
    if p.joined == "record":
        return np.flatnonzero(luck.of(rows).below("join", p.integration))
    region = cols.persons.place[rows.subject].astype(np.int64)
    region = cols.places.province[region].astype(np.int64) if p.region == "province" else region
    return np.flatnonzero(lasting(luck, "island", region << 8 | rows.sensor) < p.integration)


def _linked(rows, at, cols, p, luck):
    """Give the person each file is matched to, -1 for nobody: by the key where it serves, else by the fields."""
    mine, linked = luck.of(rows), rows.subject[at].copy()
    keyed = mine.below("keyed", p.keyed[rows.sensor[at]], at)
    wrong = keyed & mine.below("key", p.key_wrong, at)
    taken = wrong & mine.below("taken", p.key_taken, at)
    hit = np.flatnonzero(taken)
    if len(hit):
        everywhere = np.zeros(len(hit), np.int64)
        victim = cols.pick(everywhere, everywhere + cols.people, luck.key("victim"), rows.id[at[hit]], linked[hit])
        linked[hit] = np.where((victim >= 0) & _alive(cols, victim), victim, -1)
    hit = np.flatnonzero(~keyed | (wrong & ~taken))
    if len(hit):
        linked[hit] = _by_fields(rows, at[hit], cols, p, luck)
    return linked


def _by_fields(rows, at, cols, p, luck):
    """Match files without a serviceable key by name, birth, sex and place, each written wrongly now and then."""
    names, who, mine = names_of(luck.key("names"), cols.people, p.names), rows.subject[at], luck.of(rows)
    places = len(cols.places.start) - 1
    birth, place = cols.persons.birth_month[who].astype(np.int64), cols.persons.place[who].astype(np.int64)
    off = between(mine.words("birth", at, 1), 1, 2 * WRONG_BIRTH)
    other = {
        "name": (names.of[who] + between(mine.words("name", at, 1), 1, max(p.names - 1, 1))) % max(p.names, 1),
        "birth": birth + np.where(off > WRONG_BIRTH, off - WRONG_BIRTH, -off),
        "sex": cols.persons.sex[who].astype(np.int64) ^ 1,
        "place": (place + between(mine.words("place", at, 1), 1, max(places - 1, 1))) % places,
    }
    true = {"name": names.of[who], "birth": birth, "sex": cols.persons.sex[who], "place": place}
    written = {field: np.where(mine.below(field, p.agrees[FIELD.code(field)], at), true[field], other[field]) for field in FIELD.names}
    held = {"name": names.of, "birth": cols.persons.birth_month, "sex": cols.persons.sex, "place": cols.persons.place}
    tables, least = weights(tuple(p.agrees.tolist()), tuple(p.by_chance.tolist())), p.link >> (16 - BITS)
    pairs = namesakes(names, written, held, telling(tables, least)) if p.compared == "namesakes" else everybody(len(at), cols.people)
    here = ((row[live], person[live]) for row, person in pairs for live in [_alive(cols, person)])
    low = rows.id[at] & ((1 << LOW_BITS) - 1)
    return best_links(written, held, here, tables, least, lambda row, person: luck.at("tie", person << LOW_BITS | low[row]))


def _alive(cols, person):
    return (cols.persons.birth_month[person] <= cols.month) & (cols.persons.death_month[person] > cols.month)


def _of_record(orders, copies, p, luck):
    """Find the copies of records that an order deletes at their source, and that the order reaches; an erasure tells nobody. A copy ends once, by the first."""
    told = np.flatnonzero(orders.ground != ERASED)
    if not len(told) or not len(copies):
        return told[:0], told[:0]
    at = copies.find(orders.subject[told], copy_key(orders.record[told], orders.subject[told]))
    there = np.flatnonzero(at >= 0)
    there = there[copies.record[at[there]] == orders.record[told[there]]]
    strayed = np.flatnonzero(copies.fault == MISLINKED)  # a copy that was matched to somebody else is found by the number of its record
    by_record = told[np.argsort(orders.record[told], kind="stable")]
    place = by_record[np.minimum(np.searchsorted(orders.record[by_record], copies.record[strayed]), len(told) - 1)]
    same = orders.record[place] == copies.record[strayed]
    parent, at = np.concatenate([told[there], place[same]]), np.concatenate([at[there], strayed[same]])
    order = np.lexsort((parent, at))
    order = order[first_rows(at[order])]
    order = order[luck.at("pass_on", copies.record[at[order]]) < p.propagates]
    return parent[order], at[order]


def _of_kind(orders, copies, p, luck):
    """Find the copies of a kind on the subjects of orders."""
    parent, at = copies.of(orders.subject)
    same = copies.kind[at] == orders.kind[parent]
    at, first = np.unique(at[same], return_index=True)
    return parent[same][first], at


def _age(held, gone, cols, p):
    """Drop copies that are deleted or too old, and send the others out again where the data are renewed this month."""
    copies = cols.stores.national_copies
    ends = held.until <= cols.month if len(held) else np.empty(0, bool)
    drops = np.union1d(gone, held.at[ends]) if ends.any() else gone
    if len(drops):
        copies.drop(drops)
    if not len(held) or p.refresh >= NEVER or cols.month % max(p.refresh, 1):
        return []
    return [held.emit("national_records", parent=np.flatnonzero(~ends & ~np.isin(held.at, gone)))]
