"""Some firms, some mechanisms, and rows put into mailboxes by hand: what tests about firms share."""

from __future__ import annotations

import numpy as np
from driven import Driven

from scslab.engine.arm import Society
from scslab.engine.loop import make_spans
from scslab.mechanisms.catalogue import load_all
from scslab.mechanisms.firms import BREACH
from scslab.mechanisms.kinds import RELATION
from scslab.world.model import Network

START = 216  # January 2018
LABELS = {"tax": 1, "serious": 2, "red": 3, "officers": 4, "court": 5}
QUIET = dict.fromkeys(BREACH.names, 0)
BREACHES = {**QUIET, "by_sector": 1, "by_size": 1, "by_officer": 0, "wilful": 0, "ends": 0}
VISITS = {
    "visits": 10_000, "kinds": ["firm_goods"], "sensitivity": {"firm_goods": 1}, "false_find": 0, "by_ownership": 1, "prediction": 0, "start": 1,
    "head_start": 0, "reports": 0, "correction": 0, "override": 0,
}  # fmt: skip
REGISTRY_PARAMS = {"admission": 1, "delay": 0, "mislink": 0, "retention": 60}
RATING = {
    "month": 1, "start": 90, "per_record": {"firm_filing": 5, "firm_tax": 30}, "window": 12, "grades": {"D": 0, "C": 40, "B": 70, "A": 90},
    "partner": 0, "partner_most": 0, "officer": 0,
}  # fmt: skip
LIST = {"term": 24, "officers": 0, "officer_term": 12}
REGISTER = {"review.firm_register": {}}


class Firms(Driven):
    """Some firms with ten persons each, the first of whom is the officer; mechanisms by name; rows put into mailboxes by hand."""

    since = START

    def __init__(self, blocks, firms=6, ties=(), kin=(), seed=7, months=60, size=10, sector=0, places=2, arms=("arm",)):
        load_all()
        people = firms * 10
        columns = {
            "persons.birth_month": np.full(people, START - 480, np.int16), "persons.death_month": np.full(people, 32767, np.int16),
            "persons.status": np.ones(people, np.uint8), "persons.education": np.full(people, 2, np.uint8),
            "persons.conscientiousness": np.zeros(people, np.uint8),
            "persons.firm": np.repeat(np.arange(firms), 10).astype(np.int32), "firms.size": np.broadcast_to(np.asarray(size, np.int32), firms).copy(),
            "firms.sector": np.broadcast_to(np.asarray(sector, np.uint8), firms).copy(), "firms.ownership": np.zeros(firms, np.uint8),
            "firms.officer": (np.arange(firms) * 10).astype(np.int32), "firms.place": (np.arange(firms) * places // firms).astype(np.uint16),
            "places.start": (np.arange(places + 1) * people // places).astype(np.int32),
        }  # fmt: skip
        networks = {"partners": _network([(a, b, "sibling") for a, b in ties], firms), "kin": _network(kin, people)}
        spans = make_spans(people, None, 1)
        society = Society(columns, networks, {"persons": people, "places": places, "firms": firms}, spans, np.zeros(people, np.uint16), 2, seed, LABELS)
        self.begin(society, blocks, START, months)

    def grades(self):
        """Give the grade of each firm."""
        held = self.arm.stores["firm_ratings"].data
        return dict(zip(held["subject"].tolist(), held["grade"].tolist(), strict=True))

    def on(self, label):
        """List the firms on a list."""
        held = self.arm.stores["firm_listings"].data
        return held["subject"][held["list"] == LABELS[label]].tolist()


def _network(ties, size):
    """A network of (a, b, relation of b to a), made symmetric where no relation is meant."""
    edges = sorted((a, b, RELATION.code(r)) for a, b, r in ties)
    offsets = np.searchsorted([a for a, _, _ in edges], np.arange(size + 1)).astype(np.int32)
    return Network("csr", offsets, np.array([b for _, b, _ in edges], np.int32), np.array([r for *_, r in edges], np.uint8))


def both(*pairs):
    return [(a, b) for a, b in pairs] + [(b, a) for a, b in pairs]
