"""The command line: it parses, calls `scslab.api`, and prints. It knows no numbers.

| file | holds |
|---|---|
| `app.py` | the commands, put together |
| `arguments.py` | every option: its help, its bounds, its message |
| `errors.py` | what a failure prints, and its exit code |
| `runs.py`, `showcase.py`, `verify.py`, `contract.py`, `library.py`, `tools.py` | the commands |
| `render.py` | tables, sparklines, progress, JSON |

Exit codes: 0 well; 1 failed, or a comparison that differs; 2 usage or input; 70 a bug of ours; 130 interrupted; 141 nobody reads
the output.
The engine is imported inside the commands, so that `scslab --help` stays quick.
"""

from __future__ import annotations

from collections.abc import Sequence


def main(tokens: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code; nothing a user types ends in a traceback.

    Args:
        tokens: the words after `scslab`; those of the process by default.

    Example:
        >>> main(["--version"])
        0.1.0
        0
    """
    import sys

    from .errors import guarded

    words = list(sys.argv[1:] if tokens is None else tokens)
    if words == ["--version"]:
        return guarded(_print_version)

    def command() -> object:
        from .app import dispatch

        return dispatch(words)

    return guarded(command)


def _print_version() -> None:
    from .. import __version__

    print(__version__)
