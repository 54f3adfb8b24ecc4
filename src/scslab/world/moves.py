"""Moves to another place: of whole households, of young adults who leave home, of those who wed and of husbands who part.

A person moves once at most, and one's own move counts before the household's. `persons.household` stays that of the start, because a
household is a range of person ids that every arm shares; who has left it is told by the bit `MOVES_ALONE` and the month of the move.
"""

from __future__ import annotations

import numpy as np

from scslab.base.luck import ONE

from .model import MOVES_ALONE
from .people import Draft
from .rates import FAR, HORIZON
from .slots import FEMALE

_ADULT, _SETTLED = 216, 360


def date_moves(draft: Draft, death: np.ndarray, wed: np.ndarray, divorce: np.ndarray) -> np.ndarray:
    """Date moves; adds `persons.move_place` and sets the bit of those who move alone.

    Args:
        death, wed, divorce: int16, months from the start.

    Returns:
        int16, months from the start, `FAR` where none.
    """
    month, place = move_households(draft)
    own = np.full(draft.people, FAR, np.int16)
    leave_home(draft, death, wed, own, place)
    move_together(draft, wed, month, own, place)
    move_apart(draft, wed, divorce, own, place)
    alone = own != FAR
    draft.columns["persons.move_place"] = place
    draft.columns["persons.role"] |= alone.astype(np.uint8) * np.uint8(MOVES_ALONE)
    return np.where(alone, own, month)


def destination(draft: Draft, person: np.ndarray, near: np.ndarray, word: np.ndarray) -> np.ndarray:
    """Choose the place of a random person of the province, or of anywhere; uint16."""
    place = draft.columns["persons.place"]
    province = draft.columns["places.province"][place[person]]
    within = near < int(draft.spec.value("demography.moves_within_province") * ONE)
    low = np.where(within, draft.province_start[province], 0)
    high = np.where(within, draft.province_start[province + 1], draft.people)
    return place[low + (word.astype(np.int64) * (high - low) >> 31)]


def move_households(draft: Draft) -> tuple[np.ndarray, np.ndarray]:
    """Move some households once; per person, months from the start (`FAR` where none) and the place moved to."""
    start, size = draft.columns["households.start"][:-1], np.diff(draft.columns["households.start"])
    words = draft.four("world/moves", len(start))
    moves = np.flatnonzero(words[0] < int(min(HORIZON // 12 * draft.spec.value("demography.moves"), 1.0) * ONE))
    to = destination(draft, start[moves], words[1, moves], words[2, moves])
    place = draft.columns["persons.place"][start]
    real = to != place[moves]
    month = np.full(len(start), FAR, np.int16)
    month[moves[real]] = 1 + words[3, moves[real]] % HORIZON
    place[moves[real]] = to[real]
    return np.repeat(month, size), np.repeat(place, size)


def leave_home(draft: Draft, death: np.ndarray, wed: np.ndarray, own: np.ndarray, place: np.ndarray) -> None:
    """Let children leave their parents from 18 to 29, year by year with the same chance, as long as they have no partner."""
    household, age = draft.columns["persons.household"], draft.age
    child = np.flatnonzero((age < _SETTLED) & (draft.partner < 0) & ((draft.mother >= 0) | (draft.father >= 0)))
    home = household[child]
    child = child[(household[draft.mother[child]] == home) & (draft.mother[child] >= 0)
                  | (household[draft.father[child]] == home) & (draft.father[child] >= 0)]  # fmt: skip
    words, stays = draft.four("world/leaving home", len(child)), 1 - draft.spec.value("demography.leaves_home")
    years = (_SETTLED - _ADULT) // 12
    gone = np.empty(years)
    still = 1.0
    for y in range(years):
        still *= stays
        gone[y] = 1 - still
    wait = np.searchsorted((gone * ONE).astype(np.int64), words[0], side="right")
    at = np.maximum(_ADULT - age[child].astype(np.int64), 0) + 12 * wait + 1 + words[1] % 12
    goes = (wait < years) & (at <= HORIZON) & (at + age[child] < _SETTLED) & (at < death[child]) & (at < wed[child])
    own[child[goes]] = at[goes]
    place[child[goes]] = destination(draft, child[goes], words[2, goes], words[3, goes])


def move_together(draft: Draft, wed: np.ndarray, month: np.ndarray, own: np.ndarray, place: np.ndarray) -> None:
    """Move brides to where the groom lives at the wedding; where the bride has left home before, the groom moves to her."""
    columns = draft.columns
    bride = np.flatnonzero((wed != FAR) & (columns["persons.sex"] == FEMALE))
    groom = columns["persons.wed_partner"][bride].astype(np.int64)
    stayed = own[bride] == FAR
    follows, leads = np.where(stayed, bride, groom), np.where(stayed, groom, bride)
    able = own[follows] == FAR
    follows, leads, when = follows[able], leads[able], wed[bride[able]]
    left = np.where(own[leads] != FAR, own[leads], month[leads])
    place[follows] = np.where(left < when, place[leads], columns["persons.place"][leads])
    own[follows] = when


def move_apart(draft: Draft, wed: np.ndarray, divorce: np.ndarray, own: np.ndarray, place: np.ndarray) -> None:
    """Let husbands leave the household when the marriage of the start ends in divorce."""
    household, partner = draft.columns["persons.household"], draft.partner
    man = np.flatnonzero((divorce != FAR) & (partner >= 0) & (draft.columns["persons.sex"] != FEMALE) & (own == FAR))
    man = man[(household[man] == household[partner[man]]) & (divorce[man] < wed[man])]
    words = draft.four("world/parting", len(man))
    own[man] = divorce[man]
    place[man] = destination(draft, man, words[0], words[1])
