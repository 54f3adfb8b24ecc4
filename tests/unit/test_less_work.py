"""Ways of doing less work give what the plain ways give: candidates of a file, merged columns, joined masks, chances that only fall."""

from __future__ import annotations

import numpy as np
import pytest

from scslab.base.luck import threshold
from scslab.engine import kernels
from scslab.engine.access import Cols
from scslab.mechanisms.common import masks
from scslab.mechanisms.linkage import BITS, FIELD, Names, best_links, namesakes, telling, weights

AGREES, CHANCE = (0.97, 0.93, 0.99, 0.8), (0.0005, 0.0015, 0.5, 0.05)


@pytest.mark.small_world
@pytest.mark.parametrize("bits, fields", [(8, ("birth", "place")), (13, ("birth",)), (2, ())])
def test_candidates_who_agree_somewhere_are_linked_as_all_namesakes_are(bits, fields):
    rng, people, files = np.random.default_rng(bits), 3000, 400
    names = Names((np.uint64(1), np.uint64(2)), people, 40)
    held = {
        "name": names.of, "birth": rng.integers(0, 30, people).astype(np.int16), "sex": rng.integers(0, 2, people).astype(np.uint8),
        "place": rng.integers(0, 8, people).astype(np.uint16),
    }  # fmt: skip
    who = rng.integers(0, people, files)
    written = {name: np.where(rng.random(files) < 0.7, held[name][who], held[name][rng.integers(0, people, files)]).astype(np.int64) for name in FIELD.names}
    tables, least = weights(tuple(map(threshold, AGREES)), tuple(map(threshold, CHANCE))), bits << BITS
    assert telling(tables, least) == fields
    tie = lambda row, person: (person * 7919 + row) % 5  # noqa: E731  (few words, so that there are ties)
    plain = best_links(written, held, [names.borne_by(written["name"])], tables, least, tie)
    fewer = list(namesakes(names, written, held, telling(tables, least)))
    assert best_links(written, held, fewer, tables, least, tie).tolist() == plain.tolist()
    assert (plain >= 0).sum() > files // 4
    if fields:
        pairs = fewer[0][0] * people + fewer[0][1]
        assert len(np.unique(pairs)) == len(pairs) < len(names.borne_by(written["name"])[0]) // 2


def test_an_order_of_bearers_is_made_anew_for_another_register():
    names = Names((np.uint64(1), np.uint64(2)), 200, 3)
    for birth in (np.arange(200) % 5, np.arange(200) // 50):
        row, person = names.borne_by(np.array([1]), "birth", birth.astype(np.int16), np.array([2]))
        assert person.tolist() == np.flatnonzero((names.of == 1) & (birth == 2)).tolist() and not row.any()


@pytest.mark.small_world
def test_merged_columns_are_those_of_a_sort():
    rng = np.random.default_rng(5)
    for _ in range(200):
        old, fresh = np.unique(rng.integers(0, 40, rng.integers(0, 25))), np.unique(rng.integers(0, 40, rng.integers(0, 12)))
        keep = ~np.isin(old, fresh) & (rng.random(len(old)) < 0.6)
        order = rng.permutation(len(fresh))
        new = np.empty(len(fresh), np.int64)
        new[order] = fresh
        out = np.empty(int(keep.sum()) + len(fresh), np.int64)
        assert kernels.merge_rows(old, np.flatnonzero(~keep), new, order, np.searchsorted(old, fresh), out) == len(out)
        assert out.tolist() == sorted([*old[keep].tolist(), *fresh.tolist()])


class _Burdens:
    subject, mask = np.array([2, 2, 5, 9, 9, 9]), np.array([1, 4, 2, 8, 8, 16])

    def __len__(self):
        return len(self.subject)

    def of(self, subjects):
        pairs = [(i, at) for i, who in enumerate(subjects) for at in np.flatnonzero(self.subject == who)]
        return tuple(np.array(pairs, np.int64).reshape(-1, 2).T)


@pytest.mark.parametrize("asked, found", [([2, 5, 9], [5, 2, 24]), ([9, 1, 2, 12], [24, 0, 5, 0]), ([5], [2]), ([], [])])
def test_masks_are_joined_alike_for_few_and_many(asked, found):
    assert masks(_Burdens(), np.array(asked, np.int64)).tolist() == found


def test_a_modifier_that_says_it_only_lowers_must():
    cols = Cols({}, {}, {}, {}, "", 3)
    cols._modifiers["conduct.theft"] = [lambda subjects: np.full(len(subjects), 1 << 17)]
    assert not cols.only_lowered("conduct.theft") and cols.only_lowered("conduct.fraud")
    assert cols.moved("conduct.theft", np.arange(2)).tolist() == [1 << 17] * 2
    cols._lowered = frozenset(("conduct.theft",))
    assert cols.only_lowered("conduct.theft")
    with pytest.raises(ValueError, match="only lowers"):
        cols.moved("conduct.theft", np.arange(2))
