"""Cameras that compare every passer-by with a watch-list: simulated, error-prone alerts on synthetic persons; nothing here knows a face.

A scan is compared with each entry of the watch-list, so false alerts grow with scans and with the list: P = 1 - (1 - f)^(list x scans). The
watch-list holds entries from everywhere; those of them who live here are the listed of some kinds. Some of these avoid cameras, at a cost.
A camera raises at most one alert on a person in a month.
"""

from __future__ import annotations

import numpy as np

from ...base.luck import ONE
from ...base.parameters import FACTOR_ONE, Parameters, choice, count, factor, names, probability, share, yuan
from ...engine.declare import Each, Occasions, mechanism
from ..common import ALIVE, SEX, among, first_rows, lasting, living, over_14
from ..kinds import FAULT, KIND, SENSOR, SETTING
from ..tables_alerts import at_least_one

CAMERA, SOUND, MISATTRIBUTED = SENSOR.code("camera"), FAULT.code("sound"), FAULT.code("misattributed")
YOUNGEST = 14
COMPARISONS = 1_000_000_000


class Params(Parameters):
    scans = count("times a month that a person's face is compared, by fixed cameras", by=SETTING, unit="scans")
    drones = count("times a month that it is compared by drones besides", by=SETTING, unit="scans")
    watch_list = count("entries that each scan is compared with", unit="entries")
    false_matches = count("false matches per 1,000,000,000 comparisons, for the group with the fewest", unit="matches")
    error = factor("multiplies false matches, by group; documented for women against men", by=SEX)
    watched = names("kinds of listings whose persons are on the watch-list", KIND, codes=True)
    sensitivity = probability("chance that a scan of somebody on the watch-list raises an alert")
    evades = share("share of those on the watch-list who avoid cameras")
    unavoidable = count("scans a month that they cannot avoid", by=SETTING, unit="scans")
    evasion_cost = yuan("what avoiding cameras costs in a month: detours, cash, doors not used")
    look_drops_wrong = probability("share of wrong alerts that a human look drops (0 = no look)")
    look_drops_right = probability("share of right alerts that it drops by mistake")
    filed = probability("share of wrong stops that end up on the file of the person stopped", errorless=0)
    named_as = choice("kind of record that this is", KIND.names)

    @classmethod
    def compile(cls, plain):
        """Compile, and compute exactly the monthly chances of a false alert by setting and sex, and of a right one by setting and evasion."""
        made = super().compile(plain)
        total = made.scans + made.drones
        wrong = np.zeros((len(SETTING), len(SEX)), np.int64)
        right = np.zeros((len(SETTING), 2), np.int64)
        for setting, scans in enumerate(total.tolist()):
            for sex, more in enumerate(made.error.tolist()):
                wrong[setting, sex] = at_least_one(int(made.false_matches) * more, COMPARISONS * FACTOR_ONE, int(made.watch_list) * scans)
            for evades, seen in enumerate((scans, min(scans, int(made.unavoidable[setting])))):
                right[setting, evades] = at_least_one(int(made.sensitivity), ONE, seen)
        made.__dict__.update(wrong=wrong, right=right, most=int(wrong.max()))
        return made


@mechanism(
    "observe.camera_network",
    on=(Occasions("scan", rate="most", able=over_14), Each("listings")),
    params=Params,
    reads=(*ALIVE, "persons.sex", "persons.place", "places.urban"),
    draws=("hit", "evade", "look", "file"),
    emits=("alerts", "observations", "evasions"),
    lagged=("listings",),
)
def camera_network(batch, cols, p, luck):
    """Cameras raise alerts on some of the watched, and on passers-by taken for somebody watched.

    Watched is who has a listing of a watched kind and is 14 or older; the first listing counts. Who is not watched, from 14 on, is taken for somebody else
    if the word of the occasion is below the chance by setting and sex; a look (word `look`) stops the alert, and of those not stopped some are filed (word
    `file`). The watched avoid cameras if the lasting word `evade` is below evades, at a cost wherever there are scans; they are seen if this month's word
    `hit`, by person, is below the chance by setting and evasion, and the alert is dropped if `look`, by person, is below look_drops_right.
    """
    passers, listed = batch.scan, batch.listings
    on_list = np.flatnonzero(among(listed.kind, p.watched)) if len(listed) else np.empty(0, np.int64)
    on_list = on_list[living(cols, listed.subject[on_list], YOUNGEST)] if len(on_list) else on_list
    watched = listed.subject[on_list] if len(on_list) else np.empty(0, np.int64)
    return _wrong(passers, watched, cols, p, luck) + (_right(listed, on_list[first_rows(watched)], cols, p, luck) if len(on_list) else [])


def _setting(cols, who):
    return cols.places.urban[cols.persons.place[who]]


def _wrong(passers, watched, cols, p, luck):
    """Take some passers-by for somebody else."""
    if not len(passers):
        return []
    at = np.flatnonzero(~np.isin(passers.subject, watched))
    who = passers.subject[at]
    chance = p.wrong[_setting(cols, who), cols.persons.sex[who]]
    at = at[passers.word[at] < chance]  # the word that screened them, so that one group's chance moves nobody of another
    who = passers.subject[at]
    stopped = ~luck.of(passers).below("look", p.look_drops_wrong, at)
    truth = {"true_actor": who, "fault": MISATTRIBUTED}
    filed = np.flatnonzero(stopped)
    filed = filed[luck.of(passers).below("file", p.filed, at[filed])]
    who, kind = who[filed], KIND.code(p.named_as)
    return [
        passers.emit("alerts", parent=at, kind=0, stopped=stopped, **truth),
        passers.emit("observations", parent=at[filed], kind=kind, sensor=CAMERA, true_actor=who, fault=MISATTRIBUTED),
    ]


def _right(listed, at, cols, p, luck):
    """Find those of the watched who do not manage to avoid cameras."""
    who, setting = listed.subject[at], _setting(cols, listed.subject[at])
    evades = lasting(luck, "evade", who) < p.evades
    chance = p.right[setting, evades.astype(np.int64)]
    hit = at[luck.at("hit", who) < chance]
    stopped = ~(luck.at("look", listed.subject[hit]) < p.look_drops_right)
    hides = evades & ((p.scans + p.drones)[setting] > 0)
    return [
        listed.emit("alerts", parent=hit, stopped=stopped, true_actor=listed.subject[hit], fault=SOUND),
        listed.emit("evasions", parent=at[hides], kind=0, amount=p.evasion_cost),
    ]
