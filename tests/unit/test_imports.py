"""Importing is cheap, and what the package says of itself agrees with itself."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import scslab

ROOT = Path(__file__).parents[2]
HEAVY = {"numba", "duckdb", "scipy", "pandas"}


def _loaded_after(code: str) -> set[str]:
    script = f"{code}\nimport json, sys; print(json.dumps([n for n in sys.modules if '.' not in n]))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_importing_loads_nothing_heavy():
    assert not _loaded_after("import scslab; scslab.__version__; dir(scslab)") & (HEAVY | {"numpy"})


def test_store_loads_the_database_only_when_used():
    assert not _loaded_after("import scslab.store") & HEAVY


@pytest.mark.parametrize("words", [["--help"], ["run", "--help"], ["run", "--people", "1"], ["--version"], ["cite"]])
def test_the_command_line_is_parsed_before_anything_heavy_loads(words):
    assert not _loaded_after(f"from scslab.cli import main\nmain({words!r})") & HEAVY


def test_public_names():
    assert {"run", "load_regime", "list_regimes", "list_reforms", "list_worlds", "open_run", "Pair", "InputError", "__version__"} == set(scslab.__all__)
    with pytest.raises(AttributeError, match="punish"):
        scslab.punish  # noqa: B018


def test_the_version_is_one():
    assert f"version: {scslab.__version__}\n" in (ROOT / "CITATION.cff").read_text()
    assert f"## {scslab.__version__} " in (ROOT / "CHANGELOG.md").read_text()


def test_the_lock_names_the_public_index_and_no_machine():
    lock = (ROOT / "uv.lock").read_text()
    assert set(re.findall(r'registry = "([^"]*)"', lock)) == {"https://pypi.org/simple"}
    assert set(re.findall(r'url = "(https?://[^/"]*)', lock)) == {"https://files.pythonhosted.org"}
    assert "file:" not in lock


def test_code_with_bounds_checks_has_a_cache_of_its_own(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    """Numba does not tell checked code from unchecked in its cache: what was compiled without checks would never be checked."""
    import os

    from scslab.base import jit

    places = []
    for checks in ("0", "1"):
        monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
        monkeypatch.setenv("NUMBA_BOUNDSCHECK", checks)
        jit._use_cache_folder()
        places.append(os.environ["NUMBA_CACHE_DIR"])
    assert places[1] == places[0] + "-checked"
