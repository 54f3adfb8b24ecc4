"""The master database and the files it takes in: each mechanism against a small hand calculation, and closed forms."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from scslab.mechanisms.kinds import FAULT, GROUND, SENSOR
from scslab.mechanisms.linkage import Names, log2_ratio, weights
from scslab.mechanisms.tables_registry import MATCH

START = 240
Town = None


@pytest.fixture(autouse=True)
def _town(any_town):
    global Town
    Town = any_town


PLAIN = {
    "kinds": ["drunk_driving", "missed_payment", "illness"], "integration": 1, "delay": 0, "retention": None, "refresh": None, "keyed": 1, "key_wrong": 0,
    "key_taken": 0, "names": 1000, "agrees": 1, "by_chance": {"name": 0.001, "birth": 0.01, "sex": 0.5, "place": 0.5}, "link": 4,
    "propagates": 0, "propagation": 0,
}  # fmt: skip
LOCAL = {"record.local": {"admission": 1, "delay": 0, "retention": 60}}


def town(people=40, other=(), **changes):
    plain = {**PLAIN, **changes}
    return Town(people, {"record.master": plain, **dict(other)}, **{k: plain.pop(k) for k in [k for k in plain if "__" in k or k in ("places", "spans")]})


# ------------------------------------------------------------------ weights


@pytest.mark.parametrize("top, bottom", [(3, 1), (1, 3), (95, 1), (5, 99), (2**31 - 1, 2**31), (7, 7)])
def test_logarithms_are_exact_to_the_last_place(top, bottom):
    bits = log2_ratio(top, bottom)
    power = Fraction(top, bottom) ** 1024
    assert Fraction(2) ** bits <= power < Fraction(2) ** (bits + 1)


def test_certain_fields_decide():
    agree, differ = weights((1 << 31,), (0,))
    assert agree[0] > 40 << 10 and differ[0] < -(40 << 10)


M, U, LINK = (0.95, 0.9, 0.85, 0.98), (0.01, 0.05, 0.1, 0.003), 10


def by_hand(m, u, link):
    """Sum over the sixteen patterns of agreement: chance to miss a true pair, chance to link a false one."""
    missed = false = 0.0
    for pattern in product((True, False), repeat=4):
        weight = sum(np.log2(a / b) if hit else np.log2((1 - a) / (1 - b)) for hit, a, b in zip(pattern, m, u, strict=True))
        true_pair = np.prod([a if hit else 1 - a for hit, a in zip(pattern, m, strict=True)])
        false_pair = np.prod([b if hit else 1 - b for hit, b in zip(pattern, u, strict=True)])
        missed += true_pair * (weight < link)
        false += false_pair * (weight >= link)
    return missed, false


FUZZY = {**PLAIN, "keyed": 0, "names": 100, "compared": "everybody", "link": LINK,
         "agrees": dict(zip(("name", "birth", "sex", "place"), M, strict=True)),
         "by_chance": dict(zip(("name", "birth", "sex", "place"), U, strict=True))}  # fmt: skip


def test_true_pairs_are_missed_as_often_as_the_closed_form_says():
    missed, _ = by_hand(M, U, LINK)
    assert missed == pytest.approx(0.04548, abs=1e-6)
    people, each = 333, 60  # everybody has a place and a month of birth alone, so hardly anybody else's entry fits
    alone = {"persons__birth_month": np.arange(-400, people - 400).astype(np.int16), "persons__sex": (np.arange(people) % 10).astype(np.uint8)}
    made = Town(people, {"record.master": FUZZY}, places=people, **alone).put("files", np.repeat(np.arange(people), each), "missed_payment").run()
    lost = np.mean([match != MATCH.code("right") for (match,) in made.all("matches", "match")])
    assert abs(lost - missed) < 4 * np.sqrt(missed * (1 - missed) / (people * each))


def test_false_pairs_link_as_often_as_the_closed_form_says():
    _, false = by_hand(M, U, LINK)
    assert false == pytest.approx(1.92e-5, abs=1e-7)
    people, files = 6000, 4000
    rng = np.random.default_rng(6)
    place = np.sort(rng.integers(0, 333, people))
    death = np.full(people, 32767, np.int16)
    gone = rng.permutation(people)[:files]
    death[gone] = START  # the files are about the dead, who are in no register: every link is a false one
    columns = {
        "persons__place": place.astype(np.uint16), "places__start": np.searchsorted(place, np.arange(334)).astype(np.int32),
        "persons__birth_month": rng.integers(-240, -220, people).astype(np.int16), "persons__sex": rng.integers(0, 10, people).astype(np.uint8),
    }  # fmt: skip
    made = Town(people, {"record.master": FUZZY}, places=333, persons__death_month=death, **columns)
    made.put("files", gone, "missed_payment").run()
    wrong = sum(match == MATCH.code("wrong") for (match,) in made.all("matches", "match"))
    pairs = files * (people - files)
    assert abs(wrong / pairs - false) < 4 * np.sqrt(false / pairs)


@pytest.mark.parametrize("people, names", [(20_000, 100_000), (20_000, 4000)])
def test_closed_form_of_name_collisions(people, names):
    held = Names((np.uint64(3), np.uint64(4)), people, names)
    shared = np.bincount(held.of, minlength=names)[held.of] > 1
    expected = 1 - (1 - 1 / names) ** (people - 1)
    assert abs(shared.mean() - expected) < 4 * np.sqrt(2 * expected * (1 - expected) / people) + 4 / people
    count = np.bincount(held.of)
    colliding = (count * (count - 1) // 2).sum()
    mean = people * (people - 1) / (2 * names)
    assert abs(colliding - mean) < 4 * np.sqrt(mean)
    row, person = held.borne_by(np.array([held.of[7], names + 5]))
    assert set(person[row == 0]) == set(np.flatnonzero(held.of == held.of[7])) and not (row == 1).any()


# ------------------------------------------------------------------ islands and matching


def test_share_of_persons_in_sight_follows_integration():
    agencies, held, joined, people = 12, 0.08, 0.2, 20_000
    plain = {**PLAIN, "joined": "record", "integration": joined}
    made = Town(people, {"record.master": plain, "measure.matching": {}}, places=1)
    rng = np.random.default_rng(1)
    for _ in range(agencies):
        made.put("files", np.flatnonzero(rng.random(people) < held), "missed_payment").run()
    expected = 1 - (1 - joined * held) ** agencies
    assert expected == pytest.approx(0.1759734949)
    assert abs(made.tally("first_in_sight") / people - expected) < 4 * np.sqrt(expected * (1 - expected) / people)


@pytest.mark.parametrize("integration, joined", [(0, 0), (1, 40)])
def test_islands_keep_to_themselves_or_join(integration, joined):
    made = town(integration=integration).put("files", np.arange(40), "illness").run()
    assert len(made.all("matches", "subject")) == joined == len(made.all("national_records", "subject"))


def test_more_integration_only_adds_islands():
    seen = []
    for integration in (0.25, 0.5, 0.75):
        made = town(people=60, places=20, integration=integration)
        for sensor in ("bank", "court", "hospital"):
            made.put("files", np.arange(60), "illness", sensor=SENSOR.code(sensor)).run()
        islands = {(s // 3, sensor) for s, sensor in made.all("matches", "subject", "sensor")}
        rows = made.all("matches", "subject", "sensor")
        assert all(sum((s // 3, t) == island for s, t in rows) == 3 for island in islands)  # a whole island or nothing
        seen.append(islands)
    assert seen[0] < seen[1] < seen[2] and 20 < len(seen[1]) < 40


def test_an_island_that_is_joined_stays_joined():
    made = town(people=60, places=20, integration=0.5)
    for _ in range(4):
        made.put("files", np.arange(60), "illness").run()
    seen = made.all("matches", "month", "subject")
    by_month = [{who for month, who in seen if month == m} for m in range(4)]
    assert 10 < len(by_month[0]) < 50 and all(found == by_month[0] for found in by_month)


def test_a_common_key_finds_everybody_and_a_taken_key_somebody_else():
    made = town().put("files", np.arange(40), "illness").run()
    assert {m for (m,) in made.all("matches", "match")} == {MATCH.code("right")}
    made = town(key_wrong=1, key_taken=1).put("files", np.arange(40), "illness").run()
    rows = made.all("national_records", "subject", "true_actor", "fault")
    assert len(rows) == 40 and all(s != actor and fault == FAULT.code("mislinked") for s, actor, fault in rows)


def test_without_a_key_the_fields_decide_and_namesakes_suffer():
    lonely = town(keyed=0, names=1_000_000).put("files", np.arange(40), "illness").run()
    assert {m for (m,) in lonely.all("matches", "match")} == {MATCH.code("right")}
    alike = town(keyed=0, names=1, by_chance={"name": 0.9, "birth": 0.9, "sex": 0.9, "place": 0.9}, link=0).put("files", np.arange(40), "illness").run()
    assert {m for (m,) in alike.all("matches", "match")} == {MATCH.code("right"), MATCH.code("wrong")}
    strict = town(keyed=0, link=60).put("files", np.arange(40), "illness").run()
    assert {m for (m,) in strict.all("matches", "match")} == {MATCH.code("none")} and strict.all("national_records", "subject") == []


@pytest.mark.parametrize("spans", [1, 4])
def test_copies_of_data_that_differ_in_whom_they_are_about_stand_side_by_side(spans, monkeypatch):
    """Rows alike in month, kind and ordinal, about many persons, are matched to the few who live; each leaves a copy, whoever it is about."""
    monkeypatch.setattr("scslab.engine.loop.THREAD_ROWS", 0)
    living = np.where(np.arange(40) % 20 == 7, 32767, START).astype(np.int16)
    alike = {"keyed": 0, "names": 1, "by_chance": 0.9, "link": -1000, "agrees": 0.5, "persons__death_month": living}
    made = town(spans=spans, other=LOCAL, **alike).put("files", np.arange(40), "illness").put("observations", np.arange(40), "illness").run()
    copies = made.arm.stores["national_copies"].data
    assert set(copies["subject"]) == {7, 27} and len(copies["subject"]) == 80
    assert sorted(np.where(copies["record"] < 0, ~copies["record"], copies["record"]) >> 28) == sorted([*range(40)] * 2)


def test_no_order_about_a_record_ends_the_copy_of_a_file_of_its_number():
    made = town(propagates=1, other=LOCAL).put("files", [3], "illness").put("observations", [3], "illness").run()
    number = made.arm.stores["records_held"].data["id"][0]
    assert sorted(made.arm.stores["national_copies"].data["record"]) == [~number, number]
    made.put("record_orders", [3], "illness", record=number, ground=GROUND.code("corrected")).run(3)
    assert made.arm.stores["national_copies"].data["record"].tolist() == [~number]


def test_files_wait_for_their_agency():
    made = town(delay={"hospital": 3}).put("files", [1], "illness", sensor=SENSOR.code("hospital")).put("files", [2], "illness").run(5)
    assert sorted(made.all("national_records", "month", "subject")) == [(0, 1), (0, 2)]
    listed = {"kinds": ["illness"], "term": 24, "age_min": 18, "extension": 0, "longest": None, "relist_bar": 0, "grace": 0}
    made = town(delay={"hospital": 3}, other={"decide.binary_list:platform": listed, "review.register": {}})
    made.put("files", [1], "illness", sensor=SENSOR.code("hospital")).put("files", [2], "illness").run(5)
    assert sorted(made.all("listings", "month", "subject")) == [(0, 2), (3, 1)]


def test_copies_are_forgotten_and_sent_out_again():
    made = town(retention=10, refresh=6).put("files", [1], "illness").run(24)
    months = [month for (month,) in made.all("national_records", "month")]
    assert months == [0, 6]  # month 240 + 6 is a renewal; at 12 the copy is ten months old and gone
    assert len(made.arm.stores["national_copies"]) == 0


LISTED = {
    "decide.binary_list:platform": {"kinds": ["drunk_driving"], "term": None, "age_min": 18, "extension": 0, "longest": None, "relist_bar": 0, "grace": 0},
    "review.register": {}, **LOCAL,
}  # fmt: skip


def corrected(propagates, down, months=4, **changes):
    """A record is deleted at its source in the third month."""
    made = town(propagates=propagates, other={**LISTED, "review.propagation:platform": {"fed_by": "master", "down": down, "up": 0, "delay": 0}}, **changes)
    made.put("observations", [3], "drunk_driving").run(2)
    observation = made.arm.stores["records_held"].data["id"][0]
    return made.put("record_orders", [3], "drunk_driving", record=observation, ground=GROUND.code("corrected")).run(months)


@pytest.mark.parametrize("propagates, down, copies, listed", [(0, 0, 1, 1), (1, 0, 0, 1), (0, 1, 1, 1), (1, 1, 0, 0)])
def test_a_correction_travels_as_far_as_it_is_passed_on(propagates, down, copies, listed):
    made = corrected(propagates, down)
    assert len(made.arm.stores["records_held"]) == 0
    assert len(made.arm.stores["national_copies"]) == copies and len(made.arm.stores["listings"]) == listed


def test_a_copy_matched_to_somebody_else_is_found_by_its_record():
    made = corrected(1, 1, key_wrong=1, key_taken=1)
    assert len(made.arm.stores["national_copies"]) == 0 and len(made.arm.stores["listings"]) == 0
    assert len(made.all("listings", "subject")) == 1 and made.all("listings", "subject") != [(3,)]


@pytest.mark.parametrize("up, again", [(0, 1), (1, 0)])
def test_an_undone_listing_comes_back_with_the_data_unless_the_copy_is_told(up, again):
    made = town(refresh=6, other={**LISTED, "review.propagation:platform": {"fed_by": "master", "down": 0, "up": up, "delay": 0}})
    made.put("observations", [3], "drunk_driving").run(2)
    made.put("removals", [3], "drunk_driving", list=1, ground=GROUND.code("overturned"), entry=0).run(8)
    assert len(made.arm.stores["listings"]) == again == len(made.arm.stores["national_copies"])


def test_another_record_of_the_kind_keeps_the_listing():
    made = town(propagates=1, other={**LISTED, "review.propagation:platform": {"fed_by": "master", "down": 1, "up": 0, "delay": 0}})
    made.put("observations", [3, 3], "drunk_driving").run(2)
    observation = made.arm.stores["records_held"].data["id"][0]
    made.put("record_orders", [3], "drunk_driving", record=observation, ground=GROUND.code("corrected")).run(3)
    assert len(made.arm.stores["national_copies"]) == 1 == len(made.arm.stores["listings"])


@pytest.mark.parametrize("changes", [{}, {"key_wrong": 1, "key_taken": 1}])
def test_a_copy_named_by_several_orders_ends_once_by_the_first(changes):
    made = town(propagates=1, other=LISTED, **changes)
    made.put("observations", [3], "drunk_driving").run(2)
    observation = made.arm.stores["records_held"].data["id"][0]
    holder = int(made.arm.stores["national_copies"].data["subject"][0])
    grounds = GROUND.codes(("corrected", "restored"))
    made.put("record_orders", [3, 3], "drunk_driving", record=[observation] * 2, ground=grounds)
    made.put("copy_orders", [holder], "drunk_driving", ground=GROUND.code("overturned")).run(3)
    assert made.all("copy_ends", "subject", "ground") == [(holder, grounds[0])]
    assert len(made.arm.stores["national_copies"]) == 0


def test_what_an_intruder_erases_is_still_in_the_copies():
    made = town(propagates=1, other=LISTED)
    made.put("observations", [3], "drunk_driving").run(2)
    observation = made.arm.stores["records_held"].data["id"][0]
    made.put("record_orders", [3], "drunk_driving", record=observation, ground=GROUND.code("erased")).run(2)
    assert len(made.arm.stores["records_held"]) == 0 and len(made.arm.stores["national_copies"]) == 1


def test_good_records_travel_with_those_who_move():
    move, place = np.full(40, 32767, np.int16), np.zeros(40, np.uint16)
    move[[1, 2]], place[[1, 2]] = START + 3, 1
    port = {"kinds": ["volunteering"], "perks": ["fast_lane"], "granted": 1, "valid": 6}
    other = {"enforce.portability:perks": port, "enforce.book": {}, "measure.matching": {}}
    made = town(kinds=["volunteering"], other=other, persons__move_month=move, persons__move_place=place)
    made.put("files", [1, 5], "volunteering").run(12)  # person 2 moves without a record, person 5 stays
    assert made.all("measures", "month", "subject") == [(3, 1)] and made.all("measure_ends", "month", "subject") == [(9, 1)]
    assert made.tally("ported") == 1
    apart = town(kinds=["volunteering"], integration=0, other=other, persons__move_month=move, persons__move_place=place)
    assert apart.put("files", [1], "volunteering").run(12).all("measures", "subject") == []


def test_agencies_file_what_they_see():
    banks = {"kinds": ["missed_payment"], "source": "debts", "sensor": "bank", "filed": {"missed_payment": 1}}
    made = Town(10, {"observe.agency_files:bank": banks}).put("debts", [1], "missed_payment", amount=500).put("acts", [2], "missed_payment").run()
    assert made.all("files", "subject", "sensor", "amount", "true_actor") == [(1, SENSOR.code("bank"), 500, 1)]


def test_spans_and_one_more_person_change_nothing(monkeypatch):
    monkeypatch.setattr("scslab.engine.loop.THREAD_ROWS", 0)
    fuzzy = {"keyed": 0, "names": 5, "agrees": 0.8, "link": 2, "key_wrong": 0.5}
    rows = [sorted(town(people=60, spans=spans, **fuzzy).put("files", np.arange(60), "illness").run().all("matches", "subject", "match")) for spans in (1, 3)]
    assert rows[0] == rows[1]
    one = town(people=40, places=1, keyed=1, key_wrong=1, key_taken=1).put("files", np.arange(40), "illness").run()
    more = town(people=41, places=1, keyed=1, key_wrong=1, key_taken=1).put("files", np.arange(40), "illness").run()
    mine, theirs = (dict(t.all("national_records", "true_actor", "subject")) for t in (one, more))
    assert sum(mine[who] != theirs[who] for who in mine) <= 3 and {theirs[w] for w in mine if mine[w] != theirs[w]} <= {40}


def test_birthdays():
    drawn = [Names((np.uint64(i), np.uint64(9)), 2000, 1_000_000) for i in range(300)]
    share = np.mean([len(np.unique(names.of)) < 2000 for names in drawn])
    expected = 1 - np.prod(1 - np.arange(2000) / 1e6)
    assert expected == pytest.approx(0.8647098662) and abs(share - expected) < 4 * np.sqrt(expected * (1 - expected) / 300)


@pytest.mark.parametrize("retention, held, stands, ends", [(None, False, 0, 0), (None, True, 1, 0), (6, False, 0, 1)])
def test_records_kept_for_ever_stand_on_file_where_the_rules_say_so(retention, held, stands, ends):
    made = Town(10, {"record.local": {"admission": 1, "delay": 0, "retention": retention, "held": held}})
    made.put("observations", [4], "drunk_driving").run(9)
    assert len(made.arm.stores["records_held"]) == stands and len(made.all("record_ends", "subject")) == ends
    assert made.all("records", "subject") == [(4,)]
