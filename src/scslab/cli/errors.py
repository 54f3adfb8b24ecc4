"""What a failure prints, and the exit code it ends with."""

from __future__ import annotations

import contextlib
import io
import os
import shlex
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from ..base.errors import ScslabError
from ..base.files import partial_of

BUG, INTERRUPTED, NOBODY_READS = 70, 130, 141


class Interrupted(KeyboardInterrupt):
    """Ctrl-C during a run that writes to `folder` (None when the name is not known here)."""

    def __init__(self, folder: Path | str | None) -> None:
        super().__init__()
        self.folder = folder


@contextlib.contextmanager
def resumable(folder: Path | str | None) -> Iterator[None]:
    """Remember, should Ctrl-C come, which run it interrupted."""
    try:
        yield
    except Interrupted:
        raise
    except KeyboardInterrupt as stop:
        named = next((argument for argument in stop.args if isinstance(argument, str | Path)), None)
        raise Interrupted(folder or named) from stop


def guarded(command: Callable[[], object]) -> int:
    """Call a command and turn however it ends into an exit code; messages go to standard error, one a line.

    Args:
        command: may return an exit code; anything but an integer counts as 0.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that cannot show a sign gets '?', not a traceback
    try:
        result = command()
        if sys.stdout is not None:
            sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except ScslabError as error:
        for problem in error.problems:
            say(str(problem))
        return error.exit_code
    except KeyboardInterrupt as stop:
        say(_after_interrupt(stop), prefix="")
        return INTERRUPTED
    except BrokenPipeError:
        _abandon_output()
        return NOBODY_READS
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except MemoryError:
        say("not enough memory. Try fewer --people, or --events off")
        return 1
    except OSError as error:
        _trace()
        _abandon_output()
        say(f"{error.strerror or error}" + (f": '{error.filename}'" if error.filename else ""))
        return 1
    except Exception as error:  # noqa: BLE001  (the last line of defence: say so, and hide the traceback unless asked)
        _trace()
        words = " ".join(str(error).split())
        say(f"{type(error).__name__}: {words}; this is a bug. Please report it; SCSLAB_DEBUG=1 shows where it happened")
        return BUG


def say(message: str, prefix: str = "error: ") -> None:
    """Print one message to standard error."""
    with contextlib.suppress(OSError):
        print(f"{prefix}{message}", file=sys.stderr, flush=True)


def _after_interrupt(stop: KeyboardInterrupt) -> str:
    folder = stop.folder if isinstance(stop, Interrupted) else None
    if folder is None:
        return "Interrupted. If the run had begun, continue it with: scslab resume RUN"
    if partial_of(folder).exists():
        return f"Interrupted. Continue with: scslab resume {shlex.quote(str(folder))}"
    return f"Interrupted before anything was written; '{folder}' was not made."


def _trace() -> None:
    if os.environ.get("SCSLAB_DEBUG") == "1":
        import traceback

        traceback.print_exc()


def _abandon_output() -> None:
    """Point standard output at nothing, so that the interpreter's own flush at exit stays silent."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
        os.close(nothing)
