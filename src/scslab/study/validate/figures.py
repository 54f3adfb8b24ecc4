"""Published figures as `moments.yaml` says them: outcome, dates, band, half, evidence, source; every problem at its line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path

from ...base.errors import InputError, Problem, nearest
from ...base.months import month_text
from ...base.strict_yaml import MAX_BYTES, Node, parse, read
from ...measure.outcomes import BY_NAME
from ...regime import list_regimes
from ...regime.clauses import GRADES
from ...regime.values import Reader
from ...world import list_worlds
from ..job import BOUNDS

FOLDER = files("scslab.study.validate")
FIGURES = "moments.yaml"
HALVES = ("tune", "hold-out", "none")
"""Which half of the split a figure belongs to: tuned to, held out, or in neither."""

TOP = ("schema", "name", "title", "regimes", "split", "run", "moments")
SPLIT = ("rule", "before", "warning", "tuning")
RUN = ("world", "people", "seeds", "start", "months", "warm_up", "warm_up_under")
MOMENT = ("moment", "title", "half", "outcome", "given", "unit", "evidence", "source", "known", "note", "points")
POINT = ("name", "outcome", "from", "to", "published", "band", "miss")


@dataclass(frozen=True)
class Figure:
    """One published figure of one date.

    Args:
        moment: the family of figures it belongs to; half: 'tune', 'hold-out' or 'none'.
        start, end: first and last month that it covers, months since 2000-01.
        published: the figure; band: what passes, both ends included.
        outcome: what measures it; '' where it is `given`: why the rules hold it as a number, so that nothing can be measured.
        known: where a number of the model was chosen earlier with the figure in view.
        miss: why it is missed; declared, so that the command does not end with 1.
    """

    name: str
    moment: str
    title: str
    half: str
    outcome: str
    unit: str
    evidence: str
    source: str
    start: int
    end: int
    published: float
    band: tuple[float, float]
    given: str = ""
    known: str = ""
    note: str = ""
    miss: str = ""

    @property
    def dated(self) -> str:
        """Write the months covered.

        Example:
            >>> load_moments().figures[0].dated
            '2021-12'
        """
        return month_text(self.start) + (f" to {month_text(self.end)}" if self.end > self.start else "")

    @property
    def facts(self) -> tuple[str, ...]:
        """Name the facts behind the figure, as the evidence numbers them."""
        return tuple(dict.fromkeys(re.findall(r"F\d{3}", self.source)))

    def window(self, start: int) -> str:
        """Name its months in a run that starts in a month, for `measure.outcomes.window_of`."""
        return f"months {self.start - start + 1}-{self.end - start + 1}"


@dataclass(frozen=True)
class Moments:
    """A file of figures: the rules they are held against, the run that does it, the split and how it was made."""

    name: str
    title: str
    regimes: tuple[str, ...]
    split: Mapping[str, str]
    world: str
    people: int
    seeds: int
    start: str
    months: int
    warm_up: int
    warm_up_under: str
    figures: tuple[Figure, ...]
    file: str

    def chosen(self, names: Sequence[str] = ()) -> tuple[Figure, ...]:
        """Give the figures named, each by itself or by its moment; all without names.

        Raises:
            InputError: a name that is neither.
        """
        known = {figure.name for figure in self.figures} | {figure.moment for figure in self.figures}
        wrong = [Problem(f"there is no figure '{name}'", "MOMENT", fix=nearest(name, known)) for name in dict.fromkeys(names) if name not in known]
        if wrong:
            raise InputError(*wrong)
        return tuple(figure for figure in self.figures if not names or {figure.name, figure.moment} & {*names})


def load_moments(path: str | Path | None = None) -> Moments:
    """Read the published figures.

    Args:
        path: a file of one's own; default those of the package.

    Raises:
        InputError: with every problem of the file at its line.

    Example:
        >>> load_moments().name
        'china-2014-2025'
    """
    return _own() if path is None else _read(read(Path(path), str(path)), str(path))


@cache
def _own() -> Moments:
    """Read the package's own figures, once."""
    return _read(parse((FOLDER / FIGURES).read_bytes()[: MAX_BYTES + 1], FIGURES), FIGURES)


def _read(root: Node, shown: str) -> Moments:
    reader = Reader(shown)
    made = _Figures(reader).read(root)
    if reader.problems or made is None:
        raise InputError(*dict.fromkeys(reader.problems))
    return made


class _Figures:
    """Reads one file, noting problems."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def read(self, root: Node) -> Moments | None:
        reader = self.reader
        top = reader.mapping(root, "a file of published figures")
        if not top:
            return None
        self.known(top, TOP, "the file", root, TOP)
        if (schema := top.get("schema")) is not None and schema.value != 1:
            reader.problem(schema, "this version reads schema 1")
        run = reader.mapping(top.get("run"), "run")
        self.known(run, RUN, "run", top.get("run"), RUN)
        numbers = {key: reader.whole(run.get(key), key, *BOUNDS[key]) or 0 for key in ("people", "seeds", "months", "warm_up")}
        start = reader.month(run.get("start"), "start") or 0
        split = reader.mapping(top.get("split"), "split")
        self.known(split, SPLIT, "split", top.get("split"), SPLIT)
        figures = tuple(self.figures(top.get("moments"), start, start + numbers["months"]))
        for name in _twice(figure.name for figure in figures):
            reader.problem(top["moments"], f"the figure '{name}' is there twice")
        return Moments(
            reader.text(top.get("name"), "name"), reader.text(top.get("title"), "title"),
            tuple(self.named(node, "regime", list_regimes()) for node in _items(top.get("regimes"))),
            {key: reader.text(node, key) for key, node in split.items()}, reader.text(run.get("world"), "world", tuple(list_worlds())),
            start=month_text(start), warm_up_under=self.named(run.get("warm_up_under"), "regime", list_regimes()), figures=figures, file=reader.file,
            **numbers,
        )  # fmt: skip

    def figures(self, node: Node | None, first: int, after: int) -> Iterable[Figure]:
        reader = self.reader
        for item in _items(node):
            entries = reader.mapping(item, "a moment")
            self.known(entries, MOMENT, "the moment", item, ("moment", "title", "half", "unit", "evidence", "source", "points"))
            shared = {key: reader.text(entries.get(key), key) for key in ("moment", "title", "given", "unit", "source", "known", "note")}
            shared |= {"half": reader.text(entries.get("half"), "half", HALVES), "evidence": reader.text(entries.get("evidence"), "evidence", GRADES)}
            for point in _items(entries.get("points")):
                made = reader.mapping(point, "a point")
                self.known(made, POINT, "the point", point, ("name", "from", "to", "published", "band"))
                start, end = (reader.month(made.get(key), key) for key in ("from", "to"))
                if start is None or end is None or not first <= start <= end < after:
                    reader.problem(point, "the months of a figure lie within the run, the first before the last")
                    continue
                outcome = reader.text(made.get("outcome") or entries.get("outcome"), "outcome", tuple(BY_NAME))
                band = self.numbers(made.get("band"), "band", 2)
                published = self.numbers(made.get("published"), "published", 1)
                if bool(outcome) == bool(shared["given"]):
                    reader.problem(point, "a figure has an outcome, or is given by the rules", fix="Write outcome: NAME, or given: WHY")
                if not band or not published:
                    continue
                yield Figure(reader.text(made.get("name"), "name"), outcome=outcome, start=start, end=end, published=published[0],
                             band=(band[0], band[1]), miss=reader.text(made.get("miss"), "miss"), **shared)  # fmt: skip

    def known(self, entries: Mapping[str, Node], allowed: Sequence[str], what: str, node: Node | None, needed: Sequence[str]) -> None:
        self.reader.known(entries, allowed, what)
        for key in needed:
            if key not in entries:
                self.reader.problem(node, f"{what} has no '{key}'")

    def numbers(self, node: Node | None, what: str, count: int) -> tuple[float, ...]:
        """Read one number, or a low and a high one."""
        items = _items(node)
        values = [float(item.value) for item in items if isinstance(item.value, (int, Decimal)) and not isinstance(item.value, bool)]
        if len(values) != count or len(items) != count or values != sorted(values):
            self.reader.problem(node, f"{what} must be " + ("[low, high]" if count == 2 else "a number"))
            return ()
        return tuple(values)

    def named(self, node: Node | None, what: str, known: Sequence[str]) -> str:
        name = self.reader.text(node, what)
        if name and name not in known:
            self.reader.problem(node, f"there is no {what} called '{name}'", fix=nearest(name, known))
        return name


def _items(node: Node | None) -> list[Node]:
    return [] if node is None else node.value if isinstance(node.value, list) else [node]


def _twice(names: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    return [name for name in names if name in seen or seen.add(name)]


__all__ = ["FIGURES", "HALVES", "Figure", "Moments", "load_moments"]
