"""Change one operator at a time in kernels, ledger and rules, and see whether the small tests of the file notice.

    python scripts/mutants.py --sample 300 --seed 1     so many, drawn from all; those that the log has are not run again
    python scripts/mutants.py --sample 20 --file src/scslab/engine/kernels.py
    python scripts/mutants.py --list                    how many there are, by file

A mutant swaps < and <=, > and >=, == and !=, + and -, and/or, & and |, min and max, or moves a whole number by one. Tests run without the compiler; where
those of a rule (which is never compiled) take long so, or notice nothing, they and those of the reference run once more with compiled kernels.
Survivors are listed: each is a missing test, or changes nothing that anybody can see (`tests/mutants.yaml` says why for those looked at).
The log is `.soak/mutants.jsonl`.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
import time
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import yaml

sys.path.insert(0, str(Path(__file__).resolve().parent))

from seeded import ROOT, Copy, Result, key_of, log_path, read_log, write_log

RULES = ("src/scslab/mechanisms/decide", "src/scslab/mechanisms/review")
OTHERS = ("src/scslab/engine/kernels.py", "src/scslab/mechanisms/scores.py", "src/scslab/mechanisms/listing.py")
"""What is mutated: kernels, the ledger's arithmetic, and the rules."""

TESTS = {
    "src/scslab/engine/kernels.py": (
        "tests/unit/test_kernels.py", "tests/unit/test_edges.py", "tests/unit/test_engine.py", "tests/unit/test_lookups.py", "tests/unit/test_association.py",
    ),
    "src/scslab/mechanisms/scores.py": ("tests/unit/test_points.py", "tests/unit/test_institutions.py", "tests/unit/test_ledgers.py"),
    "src/scslab/mechanisms/listing.py": ("tests/unit/test_institutions.py", "tests/unit/test_institutions_review.py"),
    "src/scslab/mechanisms/decide/ledger.py": ("tests/unit/test_points.py", "tests/unit/test_institutions.py", "tests/unit/test_ledgers.py"),
    "src/scslab/mechanisms/decide/hours.py": ("tests/unit/test_points.py",),
    "src/scslab/mechanisms/decide/network_list.py": ("tests/unit/test_edges.py",),
    "src/scslab/mechanisms/decide/peer_standing.py": ("tests/unit/test_peers.py",),
    "src/scslab/mechanisms/decide/star_average.py": ("tests/unit/test_peers.py",),
    "src/scslab/mechanisms/review/firm_register.py": ("tests/unit/test_firms.py",),
    "src/scslab/mechanisms/review/register.py": ("tests/unit/test_institutions.py", "tests/unit/test_institutions_review.py"),
}
REFERENCE = ("tests/reference/test_reference.py",)
"""Asked where the small tests of a rule notice nothing."""
LARGE = ("test_bad_input", "test_cli", "test_regime", "test_showcase", "test_store", "test_worlds", "test_benchmarks", "test_docs", "test_recorders_join")
"""Tests that run whole regimes: too slow without the compiler, and they tell less."""
MOST = 4
KERNELS = 150.0
"""Seconds after which the tests of a kernel are stopped: they take thirty, unless the kernel loops for ever."""
FIRST_LOOK = 40.0
"""Seconds for which the tests of a rule are run without the compiler; most mutants are caught within five."""

SWAPS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==", "+": "-", "-": "+", "&": "|", "|": "&", "and": "or", "or": "and"}
CALLS = {"min": "max", "max": "min", "minimum": "maximum", "maximum": "minimum"}
SIGNS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=", ast.Add: "+", ast.Sub: "-", ast.BitAnd: "&", ast.BitOr: "|",
         ast.And: "and", ast.Or: "or"}  # fmt: skip


@cache
def source(file: str) -> bytes:
    """Read a file once: mutants are places in it, and somebody may work on the tree meanwhile."""
    return (ROOT / file).read_bytes()


@dataclass(frozen=True)
class Mutant:
    """One change: bytes first..last of a file become `new`."""

    file: str
    line: int
    first: int
    last: int
    old: str
    new: str

    @property
    def words(self) -> str:
        """Name it."""
        return f"{self.file}:{self.line} {self.old} -> {self.new}"

    @property
    def key(self) -> str:
        """Name it by the function it stands in, so that it is found again when other parts of the file move."""
        text = source(self.file)
        return key_of(self.file, text[max(self.first - 120, 0) : self.last + 120].decode(errors="replace"), self.old, self.new)

    def text(self) -> str:
        """Give the changed file."""
        data = source(self.file)
        return (data[: self.first] + self.new.encode() + data[self.last :]).decode()


class Finder(ast.NodeVisitor):
    """Collects the mutants of a file: of what its functions do, not of what they declare or say."""

    def __init__(self, file: str, data: bytes) -> None:
        self.file, self.data, self.found, self.depth = file, data, [], 0
        lines = data.splitlines(keepends=True)
        self.starts = np.append(0, np.cumsum([len(line) for line in lines])).tolist()

    def at(self, line: int, column: int) -> int:
        """Give the byte of a place."""
        return self.starts[line - 1] + column

    def add(self, line: int, first: int, last: int, new: str) -> None:
        """Note a mutant."""
        self.found.append(Mutant(self.file, line, first, last, self.data[first:last].decode(), new))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Look at the body of a function only: neither its decorators nor its defaults."""
        self.depth += 1
        for statement in node.body:
            self.visit(statement)
        self.depth -= 1

    def visit_Raise(self, node: ast.Raise) -> None:
        """Leave out what is said of errors."""

    def visit_Assert(self, node: ast.Assert) -> None:
        """Leave out what never happens."""

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """Leave out texts."""

    def between(self, left: ast.expr, right: ast.expr, operator: ast.AST) -> None:
        """Swap the operator between two operands."""
        sign = SIGNS.get(type(operator))
        if sign is None or not self.depth:
            return
        assert left.end_lineno is not None and left.end_col_offset is not None
        first, last = self.at(left.end_lineno, left.end_col_offset), self.at(right.lineno, right.col_offset)
        match = re.search(rb"(?<![<>=!])" + re.escape(sign.encode()) + rb"(?![<>=])", self.data[first:last])
        if match:
            self.add(right.lineno, first + match.start(), first + match.end(), SWAPS[sign])

    def visit_Compare(self, node: ast.Compare) -> None:
        """Swap comparisons."""
        for left, operator, right in zip([node.left, *node.comparators], node.ops, node.comparators, strict=False):
            self.between(left, right, operator)
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        """Swap plus and minus, and masks."""
        self.between(node.left, node.right, node.op)
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        """Swap and, or."""
        for left, right in zip(node.values, node.values[1:], strict=False):
            self.between(left, right, node.op)
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        """Swap what is added or masked in place."""
        sign = SIGNS.get(type(node.op))
        if sign is not None and self.depth:
            assert node.target.end_lineno is not None and node.target.end_col_offset is not None
            first, last = self.at(node.target.end_lineno, node.target.end_col_offset), self.at(node.value.lineno, node.value.col_offset)
            place = self.data[first:last].find(sign.encode() + b"=")
            if place >= 0:
                self.add(node.lineno, first + place, first + place + len(sign), SWAPS[sign])
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        """Swap min, max."""
        name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else ""
        if self.depth and name in CALLS:
            assert node.func.end_lineno is not None and node.func.end_col_offset is not None
            last = self.at(node.func.end_lineno, node.func.end_col_offset)
            if self.data[last - len(name) : last].decode() == name:  # not np.maximum.at
                self.add(node.lineno, last - len(name), last, CALLS[name])
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        """Move whole numbers by one; the constants of the luck are too large to be looked at."""
        if self.depth and isinstance(node.value, int) and not isinstance(node.value, bool) and node.value < 1 << 16:
            assert node.end_lineno is not None and node.end_col_offset is not None
            first, last = self.at(node.lineno, node.col_offset), self.at(node.end_lineno, node.end_col_offset)
            self.add(node.lineno, first, last, str(node.value + 1))


def mutants_of(file: str) -> list[Mutant]:
    """List the mutants of a file."""
    data = source(file)
    finder = Finder(file, data)
    finder.visit(ast.parse(data))
    return finder.found


def files() -> list[str]:
    """List the files that are mutated."""
    rules = [path.relative_to(ROOT).as_posix() for folder in RULES for path in sorted((ROOT / folder).glob("*.py"))]
    return [*OTHERS, *rules]


@cache
def tests_of(file: str) -> tuple[str, ...]:
    """Name the small tests that cover a file: those that name its mechanism most often, but for the large ones."""
    if file in TESTS:
        return TESTS[file]
    path = Path(file)
    name, counts = f"{path.parent.name}.{path.stem}", {}
    for test in sorted((ROOT / "tests" / "unit").glob("test_*.py")):
        if not test.stem.startswith(LARGE):
            counts[f"tests/unit/{test.name}"] = len(re.findall(rf"{re.escape(name)}\b|\b{path.stem}\b", test.read_text(encoding="utf-8")))
    best = sorted((test for test, count in counts.items() if count), key=lambda test: (-counts[test], test))
    return tuple(best[:MOST])


def sample(mutants: list[Mutant], size: int, seed: int) -> list[Mutant]:
    """Draw some mutants, each by its own key, so that a change of one file does not draw others of all: a log would be of little use then."""
    return sorted(mutants, key=lambda mutant: key_of(str(seed), mutant.key))[:size]


def looked_at() -> dict[str, str]:
    """Give why survivors that were looked at change nothing, by file, old text, new text and line of code."""
    rows = yaml.safe_load((ROOT / "tests" / "mutants.yaml").read_text(encoding="utf-8")) or []
    return {f"{row['file']} {row['code']} {row['old']} -> {row['new']}": row["why"] for row in rows}


def code_of(mutant: Mutant) -> str:
    """Give a mutant as `looked_at` names it."""
    line = source(mutant.file).decode().splitlines()[mutant.line - 1].strip()
    return f"{mutant.file} {line} {mutant.old} -> {mutant.new}"


def try_out(mutant: Mutant, copy: Copy) -> Result:
    """Run the tests of a mutant, and log how it went."""
    tests = tests_of(mutant.file)
    kernel, began = mutant.file in OTHERS[:1], time.monotonic()
    with copy.changed(mutant.file, mutant.text()):
        found = copy.run(tests, jit=False, limit=KERNELS if kernel else FIRST_LOOK) if tests else Result("survived", "", 0.0)
        if found.result in ("too long", "survived") and tests and not kernel:  # rules are no kernels: further looks may be compiled, at all their tests
            found = copy.run(tests)
        if found.result == "survived" and not kernel:
            found = copy.run(REFERENCE)
    found = replace(found, seconds=round(time.monotonic() - began, 1))
    line = {"key": mutant.key, "mutant": mutant.words, "result": found.result, "by": found.by, "seconds": found.seconds}
    write_log(log_path("mutants"), line)
    return found


def main() -> int:
    """Try out what the command line asks for; 1 where fewer than 90 of 100 are caught."""
    parser = argparse.ArgumentParser(description="Change one operator at a time and see whether the small tests of the file notice.")
    parser.add_argument("--sample", type=int, default=20, help="how many, drawn from all")
    parser.add_argument("--seed", type=int, default=1, help="of the draw")
    parser.add_argument("--file", default="", help="only of this file")
    parser.add_argument("--list", action="store_true", help="only count them, by file")
    asked = parser.parse_args()
    if asked.file and asked.file not in files():
        print(f"'{asked.file}' is not mutated. See python scripts/mutants.py --list", file=sys.stderr)
        return 2
    chosen = [asked.file] if asked.file else files()
    if asked.list:
        for file in chosen:
            print(f"{len(mutants_of(file)):>5}  {file}  {' '.join(tests_of(file))}")
        return 0
    done, copy = read_log(log_path("mutants")), Copy("mutants")
    score = [run_one(mutant, done, copy) for mutant in sample([m for file in chosen for m in mutants_of(file)], asked.sample, asked.seed)]
    counted = [caught for caught in score if caught is not None]
    print(f"{sum(counted)} of {len(counted)} mutants caught ({100 * sum(counted) / max(len(counted), 1):.0f} %); "
          f"{len(score) - len(counted)} left out: they change nothing, leave no program, or take too long")  # fmt: skip
    return 0 if sum(counted) >= 0.9 * len(counted) else 1


def run_one(mutant: Mutant, done: dict[str, dict[str, object]], copy: Copy) -> bool | None:
    """Try out a mutant, or take it from the log: caught, survived, or (None) not to be counted."""
    line = done.get(mutant.key)
    found = Result(str(line["result"]), str(line["by"]), float(str(line["seconds"]))) if line else try_out(mutant, copy)
    why = looked_at().get(code_of(mutant), "") if not found.caught else ""
    print(f"{found.result:<10}{found.seconds:7.1f} s  {mutant.words}  {why or found.by}", flush=True)
    return None if why or found.result in ("broken", "too long") else found.caught


if __name__ == "__main__":
    sys.exit(main())
