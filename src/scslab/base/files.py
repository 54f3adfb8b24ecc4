"""Files that are whole or absent: written under a temporary name in the same folder, synced, renamed.

Nothing is overwritten unless asked, and what the operating system refuses is said in the user's words.
"""

from __future__ import annotations

import atexit
import contextlib
import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from .errors import InputError, Problem, ScslabError

MANIFEST = "run.json"
"""The file that marks a folder as ours: `--replace` removes no folder without it."""

_WORDS: dict[int, tuple[str, str]] = {
    errno.ENOSPC: ("the disk is full", "Free some space or choose another folder"),
    errno.EDQUOT: ("the disk quota is used up", "Free some space or choose another folder"),
    errno.EFBIG: ("the file is larger than is allowed here", "Choose another folder"),
    errno.EROFS: ("the file system is read-only", "Choose a folder that can be written"),
    errno.EACCES: ("permission denied", "Choose a folder you may use"),
    errno.EPERM: ("permission denied", "Choose a folder you may use"),
    errno.ENOENT: ("it does not exist, or a folder above it does not", "Check the name"),
    errno.ENOTDIR: ("part of the path is a file, not a folder", "Check the name"),
    errno.EISDIR: ("it is a folder", "Name a file"),
    errno.ENAMETOOLONG: ("the name is too long", "Choose a shorter one"),
}

_ASKED = frozenset({errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG})
"""What is wrong with the name that was given, not with the machine: bad input."""

_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS})
"""What can befall any writer in a folder under construction, whatever it was doing."""


@contextlib.contextmanager
def explained(action: str, path: Path | str, only: frozenset[int] | None = None) -> Iterator[None]:
    """Turn an `OSError` into a `ScslabError` that says what could not be done, and what to do about it.

    Args:
        action: the verb of the sentence "cannot ACTION 'path'".
        path: what it was done to.
        only: error numbers to explain; others pass unchanged, as a closed pipe always does.
    """
    try:
        yield
    except OSError as error:
        if isinstance(error, BrokenPipeError) or (only is not None and error.errno not in only):
            raise
        why, fix = _WORDS.get(error.errno or 0, (error.strerror or str(error), ""))
        kind = InputError if error.errno in _ASKED else ScslabError
        raise kind(Problem(f"cannot {action} '{path}'", why=why, fix=fix)) from error


@contextlib.contextmanager
def replacing(path: Path | str) -> Iterator[Path]:
    """Give a temporary name beside `path`; when the block ends well, sync it and rename it to `path`.

    Raises:
        InputError: the folder is missing, or `path` is a folder, a device or a pipe.
        ScslabError: the folder is read-only, or the disk is full; `path` then holds what it held before.
    """
    path = Path(path)
    if path.exists() and not path.is_file():
        what = "a folder" if path.is_dir() else "no ordinary file"
        raise InputError(Problem(f"cannot write '{path}'", why=f"it is {what}", fix="Name a file"))
    temporary = path.parent / f".{path.name}.{os.getpid()}.tmp"
    try:
        with explained("write", path):
            yield temporary
            _sync(temporary)
            os.replace(temporary, path)
            _sync(path.parent)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def write_bytes(path: Path | str, data: bytes) -> None:
    """Write a whole file or nothing."""
    with replacing(path) as temporary:
        temporary.write_bytes(data)


def write_text(path: Path | str, text: str) -> None:
    """Write a whole UTF-8 file or nothing; line ends stay as they are."""
    write_bytes(path, text.encode())


def partial_of(path: Path | str) -> Path:
    """Name the sibling folder in which `path` is built.

    Example:
        >>> partial_of("results/demo-run").name
        '.demo-run.partial'
    """
    path = Path(path)
    return path.parent / f".{path.name}.partial"


@contextlib.contextmanager
def new_folder(path: Path | str, replace: bool = False, keep_partial: bool = False) -> Iterator[Path]:
    """Build a folder under a partial name; when the block ends well, sync it and rename it to `path`.

    Args:
        path: the folder to make. Missing parents are made.
        replace: remove what stands there first, if it is a run folder or empty.
        keep_partial: leave the partial folder behind when the block fails, so that a run can be resumed from it.

    Raises:
        InputError: the folder exists and `replace` is false, or is not ours to remove; or an unfinished one waits beside it.
        ScslabError: the place is read-only or full.
    """
    path = _target(path)
    partial = partial_of(path)
    begin_folder(path, replace)
    try:
        with explained("write into", path, only=_DISK):
            yield partial
        finish_folder(path, replace)
    except BaseException:
        if not keep_partial:
            shutil.rmtree(partial, ignore_errors=True)
        raise


def begin_folder(path: Path | str, replace: bool = False) -> Path:
    """Make the empty partial folder of `path`; missing parents are made.

    Raises:
        InputError, ScslabError: see `new_folder`.
    """
    check_new_folder(path, replace)
    partial = partial_of(_target(path))
    with explained("create the folder", path):
        partial.parent.mkdir(parents=True, exist_ok=True)
        if replace and partial.exists():
            shutil.rmtree(partial)
        partial.mkdir()
    return partial


def check_new_folder(path: Path | str, replace: bool = False) -> None:
    """Refuse a folder that `new_folder` would refuse; worth calling before the work starts.

    Raises:
        InputError: see `new_folder`.
    """
    said, path = path, _target(path)
    with explained("use", said):
        partial_of(path).exists()  # a name that is too long fails here
        above = next((folder for folder in path.parents if folder.exists()), path)
    if not above.is_dir():
        raise InputError(Problem(f"cannot create the folder '{said}'", why=f"'{above.name}' is not a folder", fix="Choose another --out"))
    if path.exists() or path.is_symlink():
        if not path.is_dir():
            raise InputError(Problem(f"'{said}' exists and is not a folder", fix="Choose another --out"))
        if not replace:
            raise InputError(Problem(f"'{said}' exists already", why="results are never overwritten unless asked",
                                     fix="Choose another --out, or add --replace"))
        if path in (Path.cwd(), *Path.cwd().parents):
            raise InputError(Problem(f"'{said}' is the folder you are in", why="it will not be removed", fix="Choose another --out"))
        with explained("read", said):
            foreign = not (path / MANIFEST).is_file() and any(path.iterdir())
        if foreign:
            raise InputError(Problem(f"'{said}' is not a run folder", why=f"it holds no {MANIFEST}, so --replace will not remove it",
                                     fix="Choose another --out"))
    if partial_of(path).exists() and not replace:
        raise InputError(Problem(f"an unfinished '{path.name}' stands in '{partial_of(path)}'", why="it may still be running",
                                 fix=f"Continue it with `scslab resume {said}`, or add --replace to start again"))


def finish_folder(path: Path | str, replace: bool = False) -> None:
    """Sync the partial folder of `path` and rename it to `path`; the last act of a new or a resumed run.

    Raises:
        InputError: something stands at `path` and `replace` is false.
        ScslabError: the place is read-only or full.
    """
    path = _target(path)
    partial, old = partial_of(path), path.parent / f".{path.name}.{os.getpid()}.old"
    if path.exists() and not replace:
        raise InputError(Problem(f"'{path}' exists already", why="it appeared while the run was under way", fix="Add --replace"))
    with explained("finish", path):
        for folder, _, names in os.walk(partial):
            for name in names:
                _sync(Path(folder) / name)
            _sync(Path(folder))
        if path.exists():
            os.rename(path, old)
        try:
            os.rename(partial, path)
        except OSError:
            if old.exists():
                os.rename(old, path)
            raise
        _sync(path.parent)
    shutil.rmtree(old, ignore_errors=True)


@cache
def cache_dir() -> Path:
    """Find the folder for compiled kernels and synthesised worlds, and make it.

    `SCSLAB_CACHE` comes first, then `XDG_CACHE_HOME/scslab`, then `~/.cache/scslab`. Where none can be written, a private
    temporary folder serves this process only, so that a read-only home slows things down and breaks nothing.

    Raises:
        ScslabError: `SCSLAB_CACHE` is set and cannot be written.
    """
    chosen = os.environ.get("SCSLAB_CACHE")
    if chosen:
        folder = Path(chosen).expanduser().absolute()
        with explained("use the cache folder (SCSLAB_CACHE)", folder):
            _writable(folder)
        return folder
    base = os.environ.get("XDG_CACHE_HOME", "")
    try:
        folder = (Path(base) if Path(base).is_absolute() else Path.home() / ".cache") / "scslab"
        _writable(folder)
        return folder
    except (OSError, RuntimeError):  # no home, or one that cannot be written
        private = tempfile.mkdtemp(prefix="scslab-")
        atexit.register(shutil.rmtree, private, ignore_errors=True)
        return Path(private)


def _writable(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder):
        pass


def _target(path: Path | str) -> Path:
    """Make a path absolute, and follow it where it is a link, so that siblings and names mean what they say."""
    with explained("use", path):
        resolved = Path(path).expanduser().resolve()
    if not resolved.name:
        raise InputError(Problem(f"'{path}' cannot be a run folder", fix="Choose another --out"))
    return resolved


def _sync(path: Path) -> None:
    """Ask the disk to keep a file or folder; systems that cannot sync a folder are let be."""
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0)
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(handle)
