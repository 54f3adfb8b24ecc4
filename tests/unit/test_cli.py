"""The command line parses, calls the API and prints; it never answers bad input with a traceback."""

import json
import os
import subprocess
import sys
import types
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import scslab
from scslab.base.errors import InputError, Problem
from scslab.base.files import partial_of
from scslab.cli import main, render
from scslab.cli.errors import guarded

EFFECTS = [
    {"outcome": "listed", "with": 123.4, "without": 0, "difference": 123.4, "low": 100.2, "high": np.float64(140.0)},
    {"outcome": "speech", "group": "income_quintile", "level": 1, "with": np.nan, "without": 3, "difference": None, "low": None,
     "high": None, "note": "too few; needs about 90,000 people"},
]
SUMMARY = {"title": "A county", "with": "rongcheng-2016", "without": "ordinary law", "interval": "luck only", "effects": EFFECTS,
           "series": {"listings by month": np.arange(90)}, "notes": ["By construction: [listed]"], "folder": "demo-run",
           "report": "demo-run/report.html", "next": ["scslab life demo-run 6041"]}


class FakeApi(types.ModuleType):
    """Stands where `scslab.api` will be, and remembers what it was asked."""

    def __init__(self):
        super().__init__("scslab.api")
        self.asked = []
        self.answers = {
            "demo": types.SimpleNamespace(summary=lambda: SUMMARY), "run": types.SimpleNamespace(summary=lambda: SUMMARY),
            "resume": types.SimpleNamespace(summary=lambda: SUMMARY), "report": Path("r/report.html"), "reproduce": {"same": True},
            "diverge": {"same": False, "first": {"month": "2018-03", "mechanism": "observe.camera"}},
            "life": {"who": "Person 7", "arms": ["with", "without"], "rows": [{"month": "2018-05", "with": "listed", "without": ""}]},
            "regime_rows": [{"name": "rongcheng-2016", "title": "County ledger", "numbers": 12}], "regime_show": "schema: 1\n",
            "regime_check": {"failed": 1}, "regime_diff": [], "regime_new": Path("new.yaml"), "regime_schema": {"type": "object"},
            "world_rows": {"name": np.array(["county"]), "people": np.array([5])},
            "world_show": {"name": "county", "marginals": [{"a": 1}]},
            "world_check": {"failed": 0}, "mechanism_rows": [{"phase": 2, "name": "observe.camera"}], "mechanism_show": {"name": "x"},
            "bench": {"speed": 1.5e8},
        }

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)

        def call(*words, **options):
            options.pop("progress", None)
            self.asked.append((name, words, options))
            answer = self.answers[name]
            if isinstance(answer, BaseException):
                raise answer
            return answer

        return call


@pytest.fixture
def api(monkeypatch):
    fake = FakeApi()
    monkeypatch.setitem(sys.modules, "scslab.api", fake)
    monkeypatch.setattr(scslab, "api", fake, raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    return fake


@pytest.mark.parametrize(("line", "call", "code"), [
    ("demo --out x --replace", ("demo", (), {"out": "x", "replace": True}), 0),
    ("run a b --reform n --reform m --people 20_000 --seed 0", ("run", ("a", "b"), {"reforms": ["n", "m"], "people": 20000, "seed": 0}), 0),
    ("run a --start 2018-01 --warm-up 84 --against none --worlds 64 --events full --threads 2",
     ("run", ("a",), {"start": "2018-01", "warm_up": 84, "against": "none", "worlds": 64, "events": "full", "threads": 2}), 0),
    ("run a --months 12 --seeds 8 --world county --out o",
     ("run", ("a",), {"months": 12, "seeds": 8, "world": "county", "out": "o"}), 0),
    ("life r 7", ("life", ("r", 7), {"seed_index": 0}), 0),
    ("report r --out f.html", ("report", ("r",), {"out": "f.html"}), 0),
    ("resume r", ("resume", ("r",), {}), 0),
    ("reproduce r", ("reproduce", ("r",), {}), 0),
    ("diverge a b", ("diverge", ("a", "b"), {}), 1),
    ("regime list", ("regime_rows", (), {}), 0),
    ("regime show x", ("regime_show", ("x",), {}), 0),
    ("regime check f", ("regime_check", ("f",), {}), 1),
    ("regime diff a b", ("regime_diff", ("a", "b"), {}), 0),
    ("regime new f", ("regime_new", ("f",), {}), 0),
    ("regime schema", ("regime_schema", (), {}), 0),
    ("world list", ("world_rows", (), {}), 0),
    ("world show county", ("world_show", ("county",), {}), 0),
    ("world check county --people 1,000 --seed 3", ("world_check", ("county",), {"people": 1000, "seed": 3}), 0),
    ("mechanism list", ("mechanism_rows", (), {}), 0),
    ("mechanism show observe.camera", ("mechanism_show", ("observe.camera",), {}), 0),
    ("bench --profile --quick", ("bench", (), {"profile": True, "quick": True}), 0),
])
def test_every_command_calls_its_function(api, capsys, line, call, code):
    assert main(line.split()) == code
    assert api.asked == [call]
    printed = capsys.readouterr()
    assert printed.out.strip() and not printed.err


@pytest.mark.parametrize("line", [
    "demo", "run a", "life r 7", "bench", "resume r", "reproduce r", "diverge a b", "regime list", "regime show x", "regime check f",
    "regime diff a b", "world list", "world show county", "world check county", "mechanism list", "mechanism show observe.camera",
])
def test_json_is_one_document_and_nothing_else(api, capsys, line):
    assert main([*line.split(), "--json"]) in (0, 1)
    printed = capsys.readouterr()
    json.loads(printed.out)  # one document, or this raises
    assert printed.out.strip() and not printed.err
    assert "NaN" not in printed.out


@pytest.mark.parametrize(("line", "words"), [
    ("rnu", ["rnu", "run"]), ("run a --peple 3", ["--peple", "--people"]), ("regime shw x", ["shw", "show"]), ("--versoin", ["--version"]),
    ("run", ["no regime"]), ("life r", ["PERSON"]), ("regime show", ["NAME"]), ("regime show a b", ["'b'"]),
    ("run a --people", ["--people"]),
    ("run a --people 99", ["--people", "100"]), ("run a --people 100000001", ["too large"]), ("run a --people 1.5", ["whole number"]),
    ("run a --people 1e5", ["whole number"]), ("run a --people ١٠٠٠", ["whole number"]), ("run a --months 0", ["--months"]),
    ("run a --months 601", ["600"]), ("run a --seeds 1001", ["--seeds"]), ("run a --seed -1", ["--seed", "too small"]),
    ("run a --seed 9223372036854775808", ["too large"]), ("run a --threads 65", ["64"]), ("run a --worlds 0", ["--worlds"]),
    ("run a --start 2018", ["YYYY-MM"]), ("run a --start 2018-13", ["YYYY-MM"]), ("run a --events ful", ["full"]),
    ("life r x", ["PERSON"]), ("life r 1 --seed-index -1", ["--seed-index"]), ("run a --json=3", ["--json"]),
    ("run a --people 200 --people 300", ["--people"]), ("world check county --people 5", ["--people"]), ("run a -q", ["-q"]),
])
def test_bad_usage_is_named_and_exits_2(api, capsys, line, words):
    assert main(line.split()) == 2
    printed = capsys.readouterr()
    assert not api.asked and not printed.out and "Traceback" not in printed.err
    assert all(word in printed.err for word in words), printed.err


def test_bounds_themselves_are_allowed(api, capsys):
    assert main("run a --people 100 --months 600 --seeds 1000 --seed 9223372036854775807 --threads 64 --warm-up 0".split()) == 0
    assert main("run a --people 100000000 --months 1 --seeds 1 --seed 0 --threads 1".split()) == 0


def test_everything_wrong_is_said_at_once(api, capsys):
    assert main(["run", "a", "--people", "5", "--months", "x", "--out", " "]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 3


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(["run", "life", "regime", "show", "--people", "--json", "--", "-", "cite", "@x", "--out="]),
                          st.text(max_size=8)), max_size=5))
def test_no_command_line_is_answered_with_a_bug(words):
    fake = FakeApi()
    before = sys.modules.get("scslab.api"), scslab.__dict__.get("api")
    sys.modules["scslab.api"], scslab.__dict__["api"] = fake, fake
    try:
        assert main(words) in (0, 1, 2)
    finally:
        for holder, key, old in ((sys.modules, "scslab.api", before[0]), (scslab.__dict__, "api", before[1])):
            if old is None:
                del holder[key]
            else:
                holder[key] = old


def test_errors_of_the_api_keep_their_words_and_code(api, capsys):
    api.answers["run"] = InputError(Problem("'rongchen' is no regime", fix="Did you mean 'rongcheng-2016'?"), "and another thing")
    assert main(["run", "rongchen"]) == 2
    err = capsys.readouterr().err.splitlines()
    assert err == ["error: 'rongchen' is no regime. Did you mean 'rongcheng-2016'?", "error: and another thing"]


def test_a_bug_is_one_line_unless_asked(api, capsys, monkeypatch):
    api.answers["run"] = ZeroDivisionError("division\nby zero")
    monkeypatch.delenv("SCSLAB_DEBUG", raising=False)
    assert main(["run", "a"]) == 70
    err = capsys.readouterr().err
    assert len(err.splitlines()) == 1 and "this is a bug" in err
    monkeypatch.setenv("SCSLAB_DEBUG", "1")
    assert main(["run", "a"]) == 70
    assert "Traceback" in capsys.readouterr().err


def test_interrupts_say_how_to_resume(api, capsys, tmp_path):
    api.answers["run"] = KeyboardInterrupt()
    out = tmp_path / "my run"
    assert main(["run", "a", "--out", str(out)]) == 130
    assert "was not made" in capsys.readouterr().err
    partial_of(out).mkdir()
    assert main(["run", "a", "--out", str(out)]) == 130
    assert f"scslab resume '{out}'" in capsys.readouterr().err
    assert main(["run", "a"]) == 130
    assert "scslab resume RUN" in capsys.readouterr().err


@pytest.mark.parametrize(("error", "code", "word"), [
    (MemoryError(), 1, "--people"), (OSError(28, "No space left on device"), 1, "No space"), (SystemExit(3), 3, ""),
    (BrokenPipeError(), 141, ""),
])
def test_other_endings(capfd, monkeypatch, error, code, word):
    def fail():
        raise error

    monkeypatch.setattr("scslab.cli.errors._abandon_output", lambda: None)
    assert guarded(fail) == code
    err = capfd.readouterr().err
    assert word in err and bool(err) == bool(word)


@pytest.mark.parametrize("width", [20, 39, 60, 80, 200])
def test_tables_fit_the_terminal(api, capsys, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    assert main(["run", "a"]) == 0
    out = capsys.readouterr().out
    assert all(len(line) <= width for line in out.splitlines())
    assert "[listed]" in " ".join(out.split()) or width < 40
    assert "too" in out and "95" in out


def test_numbers_and_sparklines():
    assert [render.number(x) for x in (0, 5, 1234567, 0.5, float("inf"), np.int64(3), np.float32(2.5))] == \
        ["0", "5", "1,234,567", "0.5", "-", "3", "2.5"]
    assert render.sparkline([]) == "" and render.sparkline([2, 2]) == "▁▁" and len(render.sparkline(range(1000), 60)) == 60
    assert render.sparkline([float("nan"), 1]) == "▁█"


def test_progress_is_silent_unless_watched(capsys, monkeypatch):
    with render.Progress() as progress:
        progress(1, 2, "x")
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with render.Progress(clock=iter([0.0, 1.0, 1.05, 2.0]).__next__) as progress:
        progress(1, 4, "2018-03")
        progress(2, 4)
        progress(4, 4)
    printed = capsys.readouterr()
    assert not printed.out and "25% 2018-03 3 s left" in printed.err and "100%" in printed.err and "50%" not in printed.err


def _shell(line, **environment):
    env = {**os.environ, "PY": sys.executable, "COLUMNS": "80", **environment}
    return subprocess.run(["bash", "-c", line], capture_output=True, text=True, env=env, check=False)


RUN = '"$PY" -c "import sys; from scslab.cli import main; sys.exit(main())"'


def test_a_closed_pipe_is_silent():
    done = _shell(f"set -o pipefail; {RUN} run --help | true")
    assert done.returncode in (0, 141) and not done.stderr


def test_a_full_disk_behind_standard_output_is_said():
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    done = _shell(f"{RUN} cite > /dev/full")
    assert done.returncode == 1 and "No space left" in done.stderr and "Traceback" not in done.stderr and "Exception" not in done.stderr


def test_a_terminal_without_unicode_is_served():
    done = _shell(f"{RUN} run --help", PYTHONIOENCODING="ascii")
    assert done.returncode == 0 and "--people" in done.stdout and not done.stderr


def test_help_loads_nothing_heavy():
    code = "import sys; from scslab.cli import main; sys.argv = ['scslab', '--help']\ntry: main()\nexcept SystemExit: pass\n"
    done = _shell(f'{sys.executable} -c "{code}print(sorted({{\'numba\', \'numpy\', \'duckdb\'}} & set(sys.modules)))"')
    assert done.returncode == 0 and done.stdout.rstrip().endswith("[]")
