"""Plant faults one at a time in a copy of the tree, and see whether the tests named for each notice.

    python scripts/faults.py              every fault that has not been caught yet
    python scripts/faults.py NAME ...     some of them, whatever the log says
    python scripts/faults.py --fresh      all again
    python scripts/faults.py --list       the faults

The faults stand in `tests/faults.yaml`: a name, what is wrong, a file, the exact text and the faulty one, and the tests that must fail. A fault that
survives is a missing test. Exits with 1 where one does. The log is `.soak/faults.jsonl`.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parent))

from seeded import ROOT, Copy, Result, key_of, log_path, read_log, write_log

FAULTS = ROOT / "tests" / "faults.yaml"


@dataclass(frozen=True)
class Fault:
    """A fault that somebody could make.

    Args:
        name: of the fault; wrong: what it does, in words; file: that has it, under the tree.
        old, new: the text, which the file has once, and what stands there instead.
        tests: files or node ids that must notice; jit: whether they run compiled.
    """

    name: str
    wrong: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]
    jit: bool = True

    @property
    def key(self) -> str:
        """Name the fault by its text."""
        return key_of(self.file, self.old, self.new, *self.tests)

    def text(self) -> str:
        """Give the faulty file.

        Raises:
            ValueError: the file has the old text more or less than once.
        """
        text = (ROOT / self.file).read_text(encoding="utf-8")
        if text.count(self.old) != 1:
            raise ValueError(f"{self.name}: {self.file} has the old text {text.count(self.old)} times, not once; mend tests/faults.yaml")
        return text.replace(self.old, self.new)


def load(path: Path = FAULTS) -> list[Fault]:
    """Read the faults."""
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [Fault(**{**row, "tests": tuple(row["tests"])}) for row in rows]


def plant(fault: Fault, copy: Copy) -> Result:
    """Run the tests of a fault against it, and log how it went."""
    with copy.changed(fault.file, fault.text()):
        found = copy.run(fault.tests, fault.jit)
    write_log(log_path("faults"), {"key": fault.key, "name": fault.name, "result": found.result, "by": found.by, "seconds": found.seconds})
    return found


def main() -> int:
    """Plant what the command line asks for."""
    parser = argparse.ArgumentParser(description="Plant faults one at a time in a copy of the tree, and see whether the tests notice.")
    parser.add_argument("names", nargs="*", help="faults; default all that have not been caught yet")
    parser.add_argument("--fresh", action="store_true", help="run those that have been caught too")
    parser.add_argument("--list", action="store_true", help="only list the faults")
    asked, faults = parser.parse_args(), load()
    unknown = sorted(set(asked.names) - {fault.name for fault in faults})
    if unknown:
        print(f"There is no fault '{unknown[0]}'. See python scripts/faults.py --list", file=sys.stderr)
        return 2
    if asked.list:
        for fault in faults:
            print(f"{fault.name:<32}{fault.wrong}  ({fault.file})")
        return 0
    done = {} if asked.fresh or asked.names else read_log(log_path("faults"))
    copy, results = Copy("faults"), {}
    for fault in faults if not asked.names else [fault for fault in faults if fault.name in asked.names]:
        line = done.get(fault.key)
        found = Result(line["result"], line["by"], line["seconds"]) if line and line["result"] == "caught" else plant(fault, copy)
        results[fault.name] = found
        print(f"{fault.name:<32}{found.result:<10}{found.seconds:7.1f} s  {found.by}", flush=True)
    caught = sum(found.caught for found in results.values())
    print(f"{caught} of {len(results)} faults caught")
    return 0 if caught == len(results) else 1


if __name__ == "__main__":
    sys.exit(main())
