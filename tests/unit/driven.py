"""A made society whose mailboxes are filled by hand: what tests that run some mechanisms for some months share."""

from __future__ import annotations

from collections import defaultdict
from types import SimpleNamespace

import numpy as np

from scslab.engine.declare import DOER, REGISTRY, TABLES
from scslab.engine.loop import Simulation
from scslab.engine.plan import Block
from scslab.engine.rows import RowSet, empty_rows, pack_ids
from scslab.measure.recorders import paired_blocks
from scslab.mechanisms.kinds import KIND


class Driven:
    """An arm of a society under blocks by name, and every row that its mechanisms wrote; `since`: the month from which months of rows count."""

    since = 0

    def begin(self, society, blocks, start, months, paired=False):
        made = {}
        for name, plain in blocks.items():
            params = REGISTRY[name.partition(":")[0]].params
            made[name] = Block(name.partition(":")[0], params.compile(plain) if params else None)
        if paired:  # the recorders that evaluate these rules a second time
            made |= paired_blocks(made)
        schedule = SimpleNamespace(at=lambda month: made, change_months=lambda a, b: set())
        self.rows = defaultdict(list)
        self.simulation = Simulation(society, start, months, keep=self._keep)
        self.arm = self.simulation.add("arm", schedule)

    def _keep(self, arm, made, month, instance):
        rows = made.rows() if hasattr(made, "rows") else made
        for i in range(len(rows)):
            self.rows[rows.table].append(SimpleNamespace(month=month - self.since, **{name: int(column[i]) for name, column in rows.data.items()}))

    def put(self, table, subject, kind="none", **columns):
        """Deliver rows of this month."""
        subject = np.atleast_1d(subject)
        data = {name: np.zeros(len(subject), column.dtype) for name, column in empty_rows(TABLES[table]).data.items()}
        data["subject"] = subject.astype(np.int64)
        data["kind"][:] = KIND.code(kind)
        data["id"] = pack_ids(subject, self.simulation.month, data["kind"], np.arange(len(subject)))
        for doer in (name for name, dtype in TABLES[table].truth.items() if dtype == DOER):
            data[doer][:] = subject
        for name, value in columns.items():
            data[name][:] = value
        for consumer in self.arm.consumers.get(table, ()):
            consumer.deliver(RowSet(table, data), self.simulation.month)
        return self

    def run(self, months=1):
        """Advance."""
        self.simulation.run(self.simulation.month + months)
        return self
