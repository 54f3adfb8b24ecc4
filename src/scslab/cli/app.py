"""The commands put together, and the messages of a command line that does not parse."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from cyclopts import App, CycloptsError, UnknownCommandError

from .. import __version__
from ..base.errors import InputError, Problem, nearest
from . import contract, library, replicate, runs, showcase, tools, validate, verify
from .render import screen


def build() -> App:
    """Put the application together."""
    words = "Simulate social credit systems on synthetic people, and measure what they do to a society."
    app = App(name="scslab", version=__version__, help=words, help_format="plaintext", console=screen(), result_action="return_value",
              suppress_keyboard_interrupt=False)
    for place, command in enumerate((runs.demo, runs.run, runs.life, runs.report, runs.resume, runs.reproduce, runs.diverge, showcase.showcase)):
        app.command(command, sort_key=place)
    for name, words, commands in library.GROUPS:
        group = App(name=name, help=words, sort_key=10)
        for command_name, command in commands.items():
            group.command(command, name=command_name)
        app.command(group)
    for command in (verify.verify, replicate.replicate, contract.contract, validate.validate, tools.odd, tools.bench, tools.cite):
        app.command(command, sort_key=20)
    return app


def dispatch(tokens: Sequence[str]) -> object:
    """Parse a command line and call its command.

    Raises:
        InputError: the command line does not parse; the nearest command or option is offered.
    """
    try:
        return build()(list(tokens), print_error=False, exit_on_error=False)
    except CycloptsError as error:
        raise InputError(_explained(error, tokens)) from error


def _explained(error: CycloptsError, tokens: Sequence[str]) -> Problem:
    if isinstance(error, UnknownCommandError) and tokens and tokens[0].startswith("-"):
        return Problem(f"there is no option '{tokens[0]}'", fix=nearest(tokens[0], ["--help", "--version"]))
    words = " ".join(str(error).split()).replace('"', "'")
    extra = re.fullmatch(r"Unused Tokens: (\[.*\])\.?", " ".join(str(error).split()))
    if extra:
        surplus = " ".join(ast.literal_eval(extra[1]))
        words = f"unexpected argument '{surplus}'"
    what, _, fix = words.partition(". ")
    needs = re.fullmatch(r"Command '(.+)' parameter (\S+) requires an argument\.?", what)
    if needs:
        what = f"'{needs[2]}' needs a value" if needs[2].startswith("-") else f"'scslab {needs[1]}' needs {needs[2]}"
    groups = {name for name, *_ in library.GROUPS}
    command = " ".join(tokens[: 2 if tokens and tokens[0] in groups else 1])
    return Problem(what[:1].lower() + what[1:].rstrip("."), fix=fix or f"See `scslab {command} --help`")
