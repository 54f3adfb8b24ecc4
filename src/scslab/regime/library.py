"""Finding and loading regime and reform files: the library shipped with the package, and the user's own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from scslab.base.errors import InputError, Problem, nearest
from scslab.base.periods import PERIODS, in_period
from scslab.base.strict_yaml import MAX_BYTES, Node, parse, read

from .clauses import Catalogue
from .model import Regime
from .overlay import Reform, adopt, check_clauses, combine, freeze, lay_over, matches
from .read import Draft, read_draft
from .values import Reader

_KEPT: dict[tuple[str, frozenset[Any]], Regime] = {}
"""Regimes of the library, once read: they are immutable, and many extend the same parents."""

_UNQUOTED_HALF_OPEN = re.compile(rb"^[ \t]*in_force:[ \t]*\[[^\]\n]*\)", re.MULTILINE)


def _index(folder: str, search: Sequence[str | Path]) -> dict[str, Any]:
    """Return the files of a kind by bare name: the library's, then those of the search folders."""
    found: dict[str, Any] = {}

    def walk(place: Any) -> None:
        if place.is_dir():
            for entry in sorted(place.iterdir(), key=lambda entry: entry.name):
                if entry.is_dir():
                    walk(entry)
                elif entry.name.endswith(".yaml"):
                    found[entry.name.removesuffix(".yaml")] = entry

    walk(files("scslab.regime") / folder)
    for path in search:
        for entry in sorted(Path(path).glob("*.yaml")) if Path(path).is_dir() else ():
            found[entry.stem] = entry
    return found


def is_path(name: str) -> bool:
    """Tell a path from a bare name: it ends in .yaml or holds a separator."""
    return name.endswith((".yaml", ".yml")) or "/" in name or "\\" in name


def list_regimes(search: Sequence[str | Path] = ()) -> list[str]:
    """List the names of regimes, comparators and societies in the library and in search folders."""
    return sorted(_index("library", search))


def list_reforms(search: Sequence[str | Path] = ()) -> list[str]:
    """List the names of reforms in the library and in search folders."""
    return sorted(_index("reforms", search))


def _open(name_or_path: str | Path, folder: str, search: Sequence[str | Path], where: str) -> tuple[Node, str, Path | None, bool]:
    """Read a file by name or path: its root, shown name, folder, and whether the library holds it."""
    name = str(name_or_path)
    if isinstance(name_or_path, Path) or is_path(name):
        path = Path(name_or_path)
        return _hinted(path), name, path.parent, False
    known = _index(folder, search)
    if name not in known:
        what, other = ("reform", "library") if folder == "reforms" else ("regime", "reforms")
        if name in _index(other, search):
            fix = f"Name it before the options: scslab run {name}" if what == "reform" else f"Lay it over a regime: --reform {name}"
            raise InputError(Problem(f"'{name}' is a {'regime' if what == 'reform' else 'reform'}, not a {what}", where, fix=fix))
        raise InputError(Problem(f"there is no {what} called '{name}'", where, fix=nearest(name, known) or "A path ends in .yaml"))
    found = known[name]
    if isinstance(found, Path) and any(found.parent == Path(path) for path in search):
        return _hinted(found), str(found), found.parent, False
    shown = f"{folder}/{found.name}"
    return parse(found.read_bytes()[: MAX_BYTES + 1], shown), shown, None, True


def _hinted(path: Path) -> Node:
    """Read a file; a half-open range written without quotes gets a hint of its own."""
    try:
        return read(path, str(path))
    except InputError as error:
        try:
            raw = path.read_bytes()[:MAX_BYTES]
        except (OSError, ValueError):
            raise error from None
        match = _UNQUOTED_HALF_OPEN.search(raw)
        if match is None:
            raise
        line = raw.count(b"\n", 0, match.end()) + 1
        hint = Problem("a range closed by ')' needs quotes", f"{path}:{line}", fix='Write in_force: [2014-01, null] or "[2014-01, null)"')
        raise InputError(hint, *error.problems) from None


def load_regime(name_or_path: str | Path, catalogue: Catalogue, search: Sequence[str | Path] = (), _seen: tuple[str, ...] = ()) -> Regime:
    """Load a regime with its parent merged in, checked whole.

    Args:
        name_or_path: a bare name (search folders, then library) or a path.
        catalogue: parameters by mechanism name.
        search: further folders for bare names.

    Returns:
        The immutable regime.

    Raises:
        InputError: with every problem of the file at its file:line:column.

    Example:
        >>> from scslab.mechanisms.catalogue import catalogue
        >>> load_regime("ordinary-law", catalogue()).kind
        'comparator'
    """
    kept = None if isinstance(name_or_path, Path) or is_path(name_or_path) or search else (name_or_path, frozenset(catalogue.items()))
    if kept in _KEPT:
        return _KEPT[kept]
    root, file, folder, in_library = _open(name_or_path, "library", search, "")
    reader = Reader(file)
    parent = _parent(root, reader, catalogue, search, folder, (*_seen, file))
    period = _period_of(root, parent)
    catalogue = {name: in_period(parameters, period) for name, parameters in catalogue.items()} if period != "month" else catalogue
    draft = read_draft(root, reader, catalogue, parent.references if parent else ())
    if draft.kind == "reform":
        reader.problem(root, f"'{draft.name}' is a reform, not a regime", fix=f"Lay it over a regime: --reform {file}")
        raise InputError(*reader.problems)
    if in_library and draft.name and f"{draft.name}.yaml" != file.rpartition("/")[2]:
        reader.problem(root, f"the file is called {file.rpartition('/')[2]} but the regime '{draft.name}'", fix="Make them agree")
    regime = _resolve(draft, parent, reader, catalogue)
    if reader.problems:
        raise InputError(*_in_order(reader.problems))
    if kept is not None:
        _KEPT[kept] = regime
    return regime


def _period_of(root: Node, parent: Regime | None) -> str:
    """Give the period a document states, else its parent's; one that does not exist is told where the head is read."""
    node = root.value.get("period") if isinstance(root.value, dict) else None
    if node is None:
        return parent.period if parent else "month"
    return node.value if node.value in tuple(PERIODS) else "month"


def _in_order(problems: Iterable[Problem]) -> list[Problem]:
    def place(problem: Problem) -> tuple[int, ...]:
        return tuple(int(part) for part in problem.where.split(":")[-2:] if part.isdigit())

    return sorted(dict.fromkeys(problems), key=place)


def _parent(
    root: Node, reader: Reader, catalogue: Catalogue, search: Sequence[str | Path], folder: Path | None, seen: tuple[str, ...]
) -> Regime | None:
    """Load the parent a document names, if any; of several, their combination."""
    node = root.value.get("extends") if isinstance(root.value, dict) else None
    if node is None or node.value is None:
        return None
    if isinstance(node.value, list) and node.value:
        parents = [_named_parent(child, reader, catalogue, search, folder, seen) for child in node.value]
        try:
            return combine(parents, catalogue)
        except InputError as error:
            where = node.where(reader.file)
            raise InputError(*(Problem(p.what, where, p.why, p.fix) for p in error.problems)) from None
    return _named_parent(node, reader, catalogue, search, folder, seen)


def _named_parent(
    node: Node, reader: Reader, catalogue: Catalogue, search: Sequence[str | Path], folder: Path | None, seen: tuple[str, ...]
) -> Regime:
    where = node.where(reader.file)
    if not isinstance(node.value, str):
        raise InputError(Problem("extends must be the name or path of a regime, or a list of them", where))
    name: str | Path = node.value
    if is_path(node.value) and folder is not None:
        name = folder / node.value
    inside = [*search, folder] if folder is not None else list(search)
    try:
        _, file, _, _ = _open(name, "library", inside, where)
        if file in seen or len(seen) > 8:
            raise InputError(Problem(f"'{node.value}' extends itself", where, "through " + ", ".join(seen), "Break the circle"))
        return load_regime(name, catalogue, inside, seen)
    except InputError as error:
        own = [problem for problem in error.problems if problem.where == where]
        raise InputError(*own, *(p for p in error.problems if p not in own)) from None


def _resolve(draft: Draft, parent: Regime | None, reader: Reader, catalogue: Catalogue) -> Regime:
    fields = draft.fields
    old = parent.clauses if parent else {}
    period = fields.get("period") or (parent.period if parent else "month")
    if parent is not None and parent.period != period:
        reader.problem(None, f"the period is a {period}, that of '{parent.name}' a {parent.period}", "lengths of time would change their meaning")
    for pattern in draft.remove:
        if not any(matches(name, pattern) for name in old):
            reader.problem(None, f"remove: '{pattern}' fits no block of the parent", fix=nearest(pattern, old))
    kept = {name: clause for name, clause in old.items() if not any(matches(name, pattern) for pattern in draft.remove)}
    references, own = adopt(parent.references if parent else {}, draft.references, draft.clauses, draft.name)
    clauses = lay_over(kept, own)
    reader.problems += check_clauses({name: clauses[name] for name in own}, catalogue, reader.failed)
    if fields.get("as_of") is not None and not reader.problems:
        clauses, found = freeze(clauses, fields["as_of"])
        reader.problems += found
    inherited = (parent.name, *parent.lineage) if parent else ()
    warm_up = fields.get("warm_up_months")
    return Regime(
        name=draft.name,
        kind=draft.kind,
        catalogue=catalogue,
        title=fields.get("title", ""),
        clauses=clauses,
        references=references,
        scope={**(parent.scope if parent else {}), **fields.get("scope", {})},
        about=fields.get("about", {}),
        notes=fields.get("notes", ""),
        status=fields.get("status", ""),
        estimand=fields.get("estimand") or (parent.estimand if parent else ""),
        warm_up_months=warm_up if warm_up is not None else (parent.warm_up_months if parent else None),
        as_of=fields.get("as_of") if fields.get("as_of") is not None else (parent.as_of if parent else None),
        period=period,
        cases=fields.get("cases", ()),
        lineage=(*fields.get("lineage", ()), *inherited),
        reforms=fields.get("reforms", ()),
        file=reader.file,
        parent=parent,
    )


def load_reform(name_or_path: str | Path, catalogue: Catalogue, search: Sequence[str | Path] = ()) -> Reform:
    """Load a reform: a short overlay that adds safeguards to a regime.

    Args:
        name_or_path: a bare name (search folders, then the shipped reforms) or a path.
        catalogue: parameters by mechanism name.
        search: further folders for bare names.

    Raises:
        InputError: with every problem of the file.
    """
    root, file, _, _ = _open(name_or_path, "reforms", search, "")
    reader = Reader(file)
    draft = read_draft(root, reader, catalogue)
    if draft.kind and draft.kind != "reform":
        reader.problem(root, f"'{draft.name}' is a {draft.kind}, not a reform")
    elif draft.kind and not (draft.patches or draft.clauses or draft.remove) and not reader.problems:
        reader.problem(root, "a reform must set, add or remove something")
    reader.problems += check_clauses(draft.clauses, catalogue, reader.failed)
    if reader.problems:
        raise InputError(*_in_order(reader.problems))
    fields = draft.fields
    kept = {key: fields[key] for key in ("title", "claim", "price", "about", "notes", "status")}
    return Reform(
        name=draft.name, applies_to=draft.applies_to, patches=draft.patches, add=draft.clauses, remove=draft.remove,
        references=draft.references, file=file, **kept,
    )  # fmt: skip


def check_file(path: str | Path, catalogue: Catalogue, search: Sequence[str | Path] = ()) -> list[Problem]:
    """List every problem of a regime or reform file; none means it loads.

    Example:
        >>> from pathlib import Path; from tempfile import TemporaryDirectory
        >>> from scslab.mechanisms.catalogue import catalogue
        >>> with TemporaryDirectory() as folder:
        ...     file = Path(folder) / "my-regime.yaml"
        ...     _ = file.write_text("schema: 1\\nname: my-regime\\nkind: regim\\n")
        ...     print([problem.fix for problem in check_file(file, catalogue())][:1])
        ["Did you mean 'regime'?"]
    """
    path = Path(path)
    try:
        root = _hinted(path)
        kind = root.value.get("kind") if isinstance(root.value, dict) else None
        if kind is not None and kind.value == "reform":
            load_reform(path, catalogue, search)
        else:
            load_regime(path, catalogue, search)
    except InputError as error:
        return list(error.problems)
    return []
