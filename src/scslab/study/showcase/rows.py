"""A row of the showcase as its file says it: arms, expected effects, the arm that must change nothing. Every problem at its line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from importlib.resources import files
from itertools import takewhile
from pathlib import Path
from typing import Any

from ...base.errors import InputError, Problem, nearest
from ...base.strict_yaml import MAX_BYTES, Node, parse, read
from ...measure.cells import DIMENSIONS
from ...measure.outcomes import BY_NAME, windows, years
from ...mechanisms.catalogue import catalogue
from ...regime import list_reforms, list_regimes
from ...regime.clauses import GRADES
from ...regime.inline import read_inline
from ...regime.library import is_path
from ...regime.overlay import Reform
from ...regime.values import Reader
from ...world import list_worlds
from ..job import BOUNDS, COUNTERFACTUALS
from ..prepare import COMPARATOR, DEFAULTS
from ..validate import load_moments

KNOWN = tuple(f"S{number}" for number in range(1, 31))
"""The systems of the articles; a row without a file is not built yet."""

TOP = (
    "row", "title", "shows", "world", "people", "months", "warm_up", "warm_up_under", "seeds", "seed", "start", "counterfactual", "arms", "effects", "null",
    "surprise", "notes",
)  # fmt: skip
NEEDED = ("row", "title", "shows", "world", "people", "months", "seeds", "arms", "effects", "null")
ARM = ("regimes", "reforms", "set")
FIGURE = ("figure", "of")
EFFECT = ("outcome", "of", "against", "expect", "value", "values", "within", "window", "by", "group", "grade", "why")
NULL = ("of", "against", "outcomes")
FOLDER = files("scslab.study.showcase") / "rows"
CONTRASTS, LEVELS = ("up", "down", "zero"), ("above", "below", "between")


@dataclass(frozen=True)
class ArmSpec:
    """One arm: regimes combined, reforms laid over them together, then numbers set."""

    name: str
    regimes: tuple[str, ...]
    reforms: tuple[str, ...] = ()
    overrides: tuple[Reform, ...] = ()
    set_text: Mapping[str, Any] = field(default_factory=dict)
    where: str = ""


@dataclass(frozen=True)
class Expected:
    """What one outcome should do, and why.

    Args:
        of, against: arms; without `against` it is the level of one arm.
        expect: the sign of `of` minus `against` (up, down, zero), or where the level lies (above, below, between).
        limits: the level's bounds, or how far from zero still counts as zero.
        window: months looked at, as `outcomes.window_of` reads them; by, group: one group instead of everybody.
        grade: how well the direction is known.
    """

    outcome: str
    of: str
    against: str
    expect: str
    grade: str
    why: str
    limits: tuple[float, ...] = ()
    window: str = "all"
    by: str = ""
    group: str = "all"
    where: str = ""

    @property
    def is_contrast(self) -> bool:
        """Tell whether two arms are compared."""
        return bool(self.against)


@dataclass(frozen=True)
class Null:
    """Two arms that must count exactly the same: what is switched on does nothing with its number at zero."""

    of: str
    against: str
    outcomes: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """One row: the comparison that shows what a system does."""

    name: str
    title: str
    shows: str
    world: str
    people: int
    months: int
    seeds: int
    seed: int
    start: str
    warm_up: int | None
    warm_up_under: str
    arms: tuple[ArmSpec, ...]
    effects: tuple[Expected, ...]
    nulls: tuple[Null, ...]
    surprise: str = ""
    notes: str = ""
    counterfactual: str = ""
    file: str = ""

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Name every outcome that the row looks at, once."""
        return tuple(dict.fromkeys([e.outcome for e in self.effects] + [name for null in self.nulls for name in null.outcomes]))


def row_names() -> list[str]:
    """Name the rows that have a file, in the order of their numbers."""
    found = [entry.name.removesuffix(".yaml") for entry in FOLDER.iterdir() if entry.name.endswith(".yaml")]
    return sorted(found, key=by_number)


def by_number(name: str) -> tuple[int, str]:
    """Order rows by number: S2 before S10, S6 before S6b."""
    digits = "".join(takewhile(str.isdigit, name[1:]))
    return int(digits or 0), name


def load_row(name_or_path: str | Path) -> Row:
    """Read a row.

    Args:
        name_or_path: a name (`S12`) or the path of a YAML file.

    Raises:
        InputError: with every problem of the file at its file:line:column.

    Example:
        >>> load_row("my-row.yaml").title  # doctest: +SKIP
        'Denunciation'
    """
    name, folder = str(name_or_path), None
    if isinstance(name_or_path, Path) or is_path(name):
        folder, shown = Path(name).parent, name
        root = read(Path(name), shown)
    else:
        if name not in row_names():
            built = name in KNOWN
            raise InputError(Problem(f"row {name} is not built" if built else f"there is no row '{name}'", fix="" if built else nearest(name, KNOWN)))
        shown = f"rows/{name}.yaml"
        root = parse((FOLDER / f"{name}.yaml").read_bytes()[: MAX_BYTES + 1], shown)
    reader = Reader(shown)
    row = _Rows(reader, folder).row(root)
    if folder is None and row is not None and row.name != name:
        reader.problem(root, f"the file is called {name}.yaml but the row '{row.name}'", fix="Make them agree")
    if reader.problems or row is None:
        raise InputError(*dict.fromkeys(reader.problems))
    return row


class _Rows:
    """Reads one row, noting problems."""

    def __init__(self, reader: Reader, folder: Path | None) -> None:
        self.reader, self.folder = reader, folder

    def row(self, root: Node) -> Row | None:
        reader = self.reader
        top = reader.mapping(root, "a row of the showcase")
        if not top:
            return None
        reader.known(top, TOP, "the row")
        for key in NEEDED:
            if key not in top:
                reader.problem(root, f"'{key}' is missing")
        numbers = {key: reader.whole(top.get(key), key, *BOUNDS[key]) for key in ("people", "months", "warm_up", "seeds", "seed")}
        months = numbers["months"] or int(DEFAULTS["months"])
        arms = self.arms(top.get("arms"))
        names = tuple(arm.name for arm in arms)
        worlds = tuple(list_worlds())
        start, under = top.get("start"), top.get("warm_up_under")
        first = reader.month(start, "start")
        effects = self.effects(top.get("effects"), names, months, first)
        return Row(
            name=reader.text(top.get("row"), "row"), title=reader.text(top.get("title"), "title"), shows=reader.text(top.get("shows"), "shows"),
            world=reader.text(top.get("world"), "world", worlds), people=numbers["people"] or int(DEFAULTS["people"]), months=months,
            seeds=numbers["seeds"] or int(DEFAULTS["seeds"]), seed=int(DEFAULTS["seed"]) if numbers["seed"] is None else numbers["seed"],
            start=str(DEFAULTS["start"]) if start is None else str(start.value), warm_up=numbers["warm_up"],
            warm_up_under=COMPARATOR if under is None else self.named(under, "regime", list_regimes()),
            arms=arms, effects=effects, nulls=self.nulls(top.get("null"), names, effects),
            surprise=reader.text(top.get("surprise"), "surprise"), notes=reader.text(top.get("notes"), "notes"),
            counterfactual=reader.text(top.get("counterfactual"), "counterfactual", COUNTERFACTUALS), file=reader.file,
        )  # fmt: skip

    def arms(self, node: Node | None) -> tuple[ArmSpec, ...]:
        reader, known, found = self.reader, catalogue(), []
        for name, child in reader.mapping(node, "arms").items():
            entries = reader.mapping(child, f"arm {name}")
            reader.known(entries, ARM, f"arm {name}")
            regimes = self.all_named(entries.get("regimes"), "regime", list_regimes())
            if not regimes:
                reader.problem(child, f"arm {name} names no regime", fix="Write regimes: [ordinary-law]")
            reforms = self.all_named(entries.get("reforms"), "reform", list_reforms())
            stated = entries.get("set")
            overrides = tuple(read_inline(reader, stated, known)) if stated is not None else ()
            text = stated.to_python() if stated is not None else {}
            found.append(ArmSpec(name, regimes, reforms, overrides, text if isinstance(text, dict) else {}, child.where(reader.file)))
        if node is not None and len(found) < 2:
            reader.problem(node, "a row needs two arms or more", why="what is shown is a difference")
        return tuple(found)

    def effects(self, node: Node | None, arms: tuple[str, ...], months: int, first: int | None) -> tuple[Expected, ...]:
        items = node.value if node is not None and isinstance(node.value, list) else []
        if node is not None and not items:
            self.reader.problem(node, "effects must be a list of expected effects")
        published = [isinstance(item.value, dict) and "figure" in item.value for item in items]
        return tuple(self.figure(i, arms, months, first) if known else self.effect(i, arms, months) for i, known in zip(items, published, strict=True))

    def figure(self, node: Node, arms: tuple[str, ...], months: int, first: int | None) -> Expected:
        """Read a level that is held against a published figure: its outcome, months, band and source stand with the figures, once."""
        reader, known = self.reader, {figure.name: figure for figure in load_moments().figures}
        entries = reader.mapping(node, "an effect")
        reader.known(entries, FIGURE, "an effect held against a published figure")
        name, arm = reader.text(entries.get("figure"), "figure", tuple(known)), self.arm(entries.get("of"), arms)
        if not arm:
            reader.problem(node, "the effect has no 'of'")
        figure = known.get(name, next(iter(known.values())))
        if first is None or figure.start < first or figure.end >= first + months or not figure.outcome:
            fix = "Let the row run in those months" if figure.outcome else ""
            reader.problem(node, f"the row cannot show the figure '{name}'", f"it is of {figure.dated}", fix)
            return Expected("listed", arm, "", "between", figure.evidence, figure.source, figure.band)
        window = figure.window(first)
        return Expected(figure.outcome, arm, "", "between", figure.evidence, figure.source, figure.band, window, where=node.where(reader.file))

    def effect(self, node: Node, arms: tuple[str, ...], months: int) -> Expected:
        reader = self.reader
        entries = reader.mapping(node, "an effect")
        reader.known(entries, EFFECT, "the effect")
        for key in ("outcome", "of", "expect", "grade", "why"):
            if key not in entries and isinstance(node.value, dict):
                reader.problem(node, f"the effect has no '{key}'")
        outcome = reader.text(entries.get("outcome"), "outcome", tuple(BY_NAME))
        against = self.arm(entries.get("against"), arms)
        expect = reader.text(entries.get("expect"), "expect", CONTRASTS if against else LEVELS)
        by = reader.text(entries.get("by"), "by", tuple(DIMENSIONS))
        group = reader.text(entries.get("group"), "group", DIMENSIONS[by] if by else ())
        if bool(by) != bool(group):
            reader.problem(node, "a group needs by and group", fix="For example by: income_quintile, group: 1 (poorest)")
        window = reader.text(entries.get("window"), "window", tuple(windows(months) | years(months))) or "all"
        return Expected(
            outcome, self.arm(entries.get("of"), arms), against, expect, reader.text(entries.get("grade"), "grade", GRADES),
            reader.text(entries.get("why"), "why"), self.limits(entries, expect, node), window, by, group or "all", node.where(reader.file),
        )  # fmt: skip

    def limits(self, entries: Mapping[str, Node], expect: str, node: Node) -> tuple[float, ...]:
        """Read the bounds of a level, or of what counts as zero."""
        reader = self.reader
        wanted = {"above": "value", "below": "value", "between": "values", "zero": "within"}.get(expect, "")
        for key in ("value", "values", "within"):
            if key in entries and key != wanted:
                reader.problem(entries[key], f"'{key}' does not go with expect: {expect}", fix=f"It takes '{wanted}'" if wanted else "It takes no number")
        if not wanted or wanted not in entries:
            if wanted and wanted != "within":
                reader.problem(node, f"expect: {expect} needs '{wanted}'")
            return ()
        given = entries[wanted]
        items = given.value if isinstance(given.value, list) else [given]
        numbers = [item.value for item in items if isinstance(item.value, (int, Decimal)) and not isinstance(item.value, bool)]
        if len(numbers) != len(items) or len(numbers) != (2 if wanted == "values" else 1) or numbers != sorted(numbers):
            reader.problem(given, f"{wanted} is " + ("[low, high]" if wanted == "values" else "a number"))
        if wanted == "within" and numbers and numbers[0] < 0:
            reader.problem(given, "within is how far from zero still counts as zero", fix="Give a number of 0 or more")
        return tuple(float(number) for number in numbers)

    def nulls(self, node: Node | None, arms: tuple[str, ...], effects: Iterable[Expected]) -> tuple[Null, ...]:
        reader, found = self.reader, []
        listed = tuple(dict.fromkeys(e.outcome for e in effects if e.is_contrast)) or tuple(dict.fromkeys(e.outcome for e in effects))
        for item in () if node is None else node.value if isinstance(node.value, list) else [node]:
            entries = reader.mapping(item, "null")
            reader.known(entries, NULL, "null")
            more = entries.get("outcomes")
            nodes = () if more is None else more.value if isinstance(more.value, list) else [more]
            named = tuple(reader.text(n, "outcome", tuple(BY_NAME)) for n in nodes)
            of, against = self.arm(entries.get("of"), arms), self.arm(entries.get("against"), arms)
            if not of or not against or of == against:
                reader.problem(item, "null names two arms that must count the same", fix="Write null: {of: null, against: without}")
            found.append(Null(of, against, tuple(dict.fromkeys((*listed, *named)))))
        return tuple(found)

    def arm(self, node: Node | None, arms: tuple[str, ...]) -> str:
        """Read the name of an arm; a bare null names the arm called null."""
        if node is None:
            return ""
        name = "null" if node.value is None else self.reader.text(node, "arm")
        if name and name not in arms:
            self.reader.problem(node, f"there is no arm '{name}'", fix=nearest(name, arms))
        return name

    def named(self, node: Node, what: str, known: Iterable[str]) -> str:
        """Read the name, or the path beside the row's file, of a regime or reform."""
        name = self.reader.text(node, what)
        if is_path(name) and self.folder is not None:
            return str(self.folder / name)
        if name and name not in known:
            self.reader.problem(node, f"there is no {what} called '{name}'", fix=nearest(name, known))
        return name

    def all_named(self, node: Node | None, what: str, known: Iterable[str]) -> tuple[str, ...]:
        items = () if node is None else node.value if isinstance(node.value, list) else [node]
        return tuple(self.named(item, what, known) for item in items)
