"""Errors as part of the product: what is wrong, where, why, and what to do about it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, in the user's terms.

    Args:
        what: what is wrong, naming the offending text.
        where: `file:line:column`, an option, or empty.
        why: the rule that is broken, if it is not obvious.
        fix: what to do about it.
    """

    what: str
    where: str = ""
    why: str = ""
    fix: str = ""

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        if self.why:
            text += f"; {self.why}"
        return f"{text}. {self.fix}" if self.fix else text


class ScslabError(Exception):
    """Any failure that is explained to the user; `exit_code` is what the command line returns."""

    exit_code = 1

    def __init__(self, *problems: Problem | str) -> None:
        self.problems = [p if isinstance(p, Problem) else Problem(p) for p in problems]
        super().__init__("\n".join(str(p) for p in self.problems))


class InputError(ScslabError):
    """Bad usage or bad input; exit code 2."""

    exit_code = 2


def nearest(name: str, options: Iterable[str]) -> str:
    """Suggest the valid name closest to a misspelt one.

    Returns:
        "Did you mean 'x'?" or a list of what exists, or an empty string when nothing does.

    Example:
        >>> nearest("rongchen-2016", ["rongcheng-2016", "court-list"])
        "Did you mean 'rongcheng-2016'?"
    """
    known = sorted(options)
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    if close:
        return f"Did you mean '{close[0]}'?"
    shown = ", ".join(known[:12]) + (", ..." if len(known) > 12 else "")
    return f"Known: {shown}" if known else ""
