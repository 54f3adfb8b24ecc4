"""What a new user gets wrong: every refusal is one line a problem, in their words, with the nearest name and exit code 2."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from scslab.base import files
from scslab.base.errors import InputError, Problem
from scslab.cli import main
from scslab.store import Manifest, write_manifest
from scslab.store.manifest import Arm
from scslab.study.estimate import duration, size
from scslab.study.parallel import Stop, WorkerLost
from scslab.study.prepare import make_job


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")


def refused(capsys, line, *words, code=2):
    """Run a command line that must be refused, and return what it said."""
    assert main(line.split() if isinstance(line, str) else line) == code
    printed = capsys.readouterr()
    assert not printed.out and "Traceback" not in printed.err and "bug" not in printed.err
    assert all(text.startswith("error: ") for text in printed.err.splitlines()), printed.err
    assert all(word in printed.err for word in words), printed.err
    return printed.err.splitlines()


@pytest.mark.parametrize(("line", "words"), [
    ("run cort-list", ["Did you mean 'court-list'?"]), ("run court-list --reform notic", ["Did you mean 'notice'?"]),
    ("run court-list --world cuonty", ["Did you mean 'county'?"]), ("run court-list --against ordinary-lwa", ["'ordinary-law'"]),
    ("mechanism show observe.camra", ["'observe.camera'"]), ("world show chna-2020", ["'china-2020'"]),
    ("regime check court-lsit", ["Did you mean 'court-list'?"]), ("regime diff court-list court-lst", ["'court-list'"]),
    ("run notice", ["is a reform", "--reform notice"]), ("run court-list --reform court-list", ["is a regime"]),
    ("run court-list court-list", ["named twice"]), ("run court-list --against court-list", ["two arms"]),
    ("run court-list --reform notice --reform notice", ["two arms"]), ("run rongcheng-2016 court-list-2013 court-list-2020", ["state different things"]),
    ("run court-list --seeds 2 --worlds 2", ["--worlds"]), ("run court-list --start 1999-12", ["--start", "2000-01"]),
])
def test_a_wrong_name_or_combination_is_one_line(capsys, line, words):
    assert len(refused(capsys, line, *words)) == 1


@pytest.mark.parametrize(("line", "words"), [
    ("run court-list --people 100000000 --threads 1", ["GB of memory", "people fit"]),
    ("run court-list --people 300000 --events full", ["--events full", "200,000"]),
])
def test_what_does_not_fit_is_refused_with_a_size_that_does(capsys, line, words, monkeypatch):
    monkeypatch.setattr("scslab.study.estimate.available_memory", lambda: 8 << 30)
    refused(capsys, line, *words)
    assert not list(Path().iterdir())


def test_sizes_and_times_are_said_in_units_that_fit():
    assert [size(3e9), size(4e6)] == ["3.0 GB", "4 MB"]
    assert [duration(9), duration(1500), duration(12_000)] == ["9 s", "25 min", "3.3 h"]


@pytest.mark.parametrize(("out", "words"), [
    ("file", ["'file' exists and is not a folder"]), ("file/x", ["'file/x'", "not a folder"]), ("there", ["'there' exists already", "--replace"]),
    ("there --replace", ["not a run folder"]), (".", ["'.' exists"]), ("/", ["cannot be a run folder"]), ("a" * 300, ["too long"]),
    ("a" * 250, ["too long"]),
])
def test_a_folder_that_cannot_be_made_is_refused_before_anything_is_said(capsys, out, words):
    Path("file").write_text("")
    Path("there").mkdir()
    Path("there/mine").write_text("")
    assert len(refused(capsys, f"run court-list --people 500 --months 1 --seeds 1 --out {out}", *words)) == 1
    assert sorted(path.name for path in Path().rglob("*")) == ["file", "mine", "there"]


def test_a_device_is_never_replaced_by_a_file(tmp_path):
    import os

    if not hasattr(os, "mkfifo"):
        pytest.skip("no pipes here")
    os.mkfifo(tmp_path / "pipe")
    for name in ("pipe", "."):
        with pytest.raises(InputError, match="cannot write"):
            files.write_text(tmp_path / name, "x")
    assert (tmp_path / "pipe").is_fifo()


RULES = "schema: 1\nname: mine\nkind: regime\nextends: ordinary-law\n"


@pytest.mark.parametrize(("content", "words"), [
    (b"", ["mine.yaml:1:1"]), (b"- a\n", ["mine.yaml:1:1"]), (b"name: a\n# caf\xe9\n", ["mine.yaml:2:6", "UTF-8"]),
    ("name: a".encode("utf-16"), ["mine.yaml:1:1", "UTF-8"]), (b"x" * 2_000_000, ["larger than"]), (b"x: " + b"[" * 100 + b"]" * 100, ["nested"]),
    (b"name: a\nname: b\n", ["mine.yaml:2:1", "stated twice"]), (b"notes: &a x\ntitle: *a\n", ["mine.yaml:1:8", "mine.yaml:2:8"]),
    (b"name: !!python/name:os.system x\n", ["mine.yaml:1:7", "tag"]), (b"name: [\n", ["mine.yaml:2:1", "not YAML"]),
    (RULES.encode() + b"scope: {from: 2020-01, until: 2016-01}\n", ["mine.yaml:5:31", "not after"]),
    (RULES.replace("ordinary-law", "ordinary-lwa").encode(), ["mine.yaml:4:10", "'ordinary-law'"]),
    (RULES.encode() + b"mechansims: {}\n", ["mine.yaml:5:1", "Did you mean 'mechanisms'?"]),
])
def test_a_bad_file_is_refused_alike_by_check_and_run(capsys, content, words):
    Path("mine.yaml").write_bytes(content)
    said = refused(capsys, "regime check mine.yaml", *words)
    assert refused(capsys, "run mine.yaml --people 500", *words) == said
    assert [path.name for path in Path().iterdir()] == ["mine.yaml"]


def test_all_problems_of_a_file_are_said_at_once(capsys):
    Path("mine.yaml").write_text(RULES + """mechanisms:
  observe.camra: {}
  observe.camera:
    sensitivty: {value: 0.3, unit: probability, evidence: assumed, range: [0, 1]}
    sensitivity: {value: 0.3, unit: months, evidence: assumed, range: [0, 1]}
    misattribution: {value: 1.5, unit: probability, evidence: documented, source: nosuch}
    coverage: {value: {rurl: 0.1, urban: 0.5}, unit: probability, evidence: assumed, range: [0, 1]}
""")
    said = refused(capsys, "regime check mine.yaml", "'observe.camera'?", "'sensitivity'?", "'rural'?", "unit 'months'", "'nosuch'")
    assert len(said) == 6 and all(":" in text.split()[1] for text in said)


def test_values_dated_after_the_start_are_refused_with_both_dates(capsys):
    Path("mine.yaml").write_text(RULES + """mechanisms:
  observe.camera:
    sensitivity: {values: {2025-01: 0.3}, unit: probability, evidence: assumed, range: [0, 1]}
""")
    refused(capsys, "run mine.yaml --people 500 --months 6", "mine.yaml:7:18", "2018-01", "2025-01")


def test_a_file_of_the_wrong_kind_says_where_it_belongs(capsys):
    Path("fix.yaml").write_text("schema: 1\nname: fix\nkind: reform\nsafeguard: true\ntitle: t\nclaim: c\nprice: p\nremove: ['enforce.kin']\n")
    refused(capsys, "run fix.yaml", "--reform fix.yaml")
    refused(capsys, "run court-list --against none --reform absent.yaml", "absent.yaml")
    Path("fix.yaml").write_text(Path("fix.yaml").read_text().replace("enforce.kin", "enforce.nothing"))
    refused(capsys, "run court-list --reform fix.yaml", "does not apply to court-list", "enforce.nothing")


def test_the_skeleton_can_be_checked_as_written_and_names_no_other_suffix(capsys):
    assert main(["regime", "new", "mine.yaml"]) == 0 and main(["regime", "check", "mine.yaml"]) == 0
    assert "0.35" in Path("mine.yaml").read_text()
    capsys.readouterr()
    refused(capsys, "regime new mine.yaml", "exists already")
    refused(capsys, "regime new mine.txt", "mine.yaml")
    refused(capsys, "regime new nowhere/mine.yaml", "nowhere/mine.yaml", "does not exist")


@pytest.fixture(scope="module")
def job():
    """A job that is never run."""
    return make_job(["court-list"], people=500, months=2, seeds=1)[0]


@pytest.fixture
def copy(job, tmp_path):
    """What a finished run holds beside its tables, to be damaged."""
    folder = Path("copy")
    folder.mkdir()
    arms = [Arm(a.name, a.regimes, a.reforms, a.hash) for a in job.arms]
    write_manifest(folder, Manifest("p", job.world, "w", 2020, 500, [1], [1], arms, "2018-01", 60, 2, "introduction", "s", "panel", {"0/x": "d"}, {}, "c", "p",
                                    1.0, []))  # fmt: skip
    files.write_text(folder / "job.json", job.to_json())
    return folder


@pytest.mark.parametrize("line", ["life {} 5", "report {}", "reproduce {}", "diverge {} {}"])
@pytest.mark.parametrize("damage", ["nothing there", "empty", "no JSON", "a list", "a key gone"])
def test_a_run_that_cannot_be_read_is_named(capsys, copy, line, damage):
    manifest = copy / "run.json"
    if damage == "nothing there":
        copy.rename("moved")
    elif damage == "empty":
        manifest.write_bytes(b"")
    elif damage == "no JSON":
        manifest.write_text(manifest.read_text()[:100])
    elif damage == "a list":
        manifest.write_text("[]")
    else:
        plain = json.loads(manifest.read_text())
        plain.pop("digests")
        manifest.write_text(json.dumps(plain))
    refused(capsys, line.format(copy, copy), "copy")


@pytest.mark.parametrize("line", ["life copy 5", "reproduce copy"])
@pytest.mark.parametrize("damage", ["gone", "no JSON", "a list", "a key more", "other rules", "broken rules"])
def test_a_run_whose_job_was_changed_is_refused(capsys, copy, line, damage):
    path = copy / "job.json"
    plain = json.loads(path.read_text())
    if damage == "gone":
        path.unlink()
    elif damage == "no JSON":
        path.write_text("{")
    elif damage == "a list":
        path.write_text("[1]")
    elif damage == "a key more":
        path.write_text(json.dumps({**plain, "colour": "red"}))
    else:
        yaml = plain["arms"][1]["yaml"]
        plain["arms"][1]["yaml"] = re.sub(r"value: [0-9.]+", "value: 0.123", yaml, count=1) if damage == "other rules" else yaml[:-40] + "["
        path.write_text(json.dumps(plain))
    refused(capsys, line, "court-list" if "rules" in damage else "job.json")


def test_a_script_without_a_guard_is_not_run_again_by_its_workers(tmp_path):
    import subprocess
    import sys

    script = tmp_path / "script.py"
    script.write_text(
        "import multiprocessing\n"
        "from scslab.study.parallel import _script_left_alone\n"
        "print('once', flush=True)\n"
        "with _script_left_alone():\n"
        "    process = multiprocessing.get_context('spawn').Process(target=print, args=('worker',))\n"
        "    process.start()\n"
        "process.join()\n"
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["once", "worker"] and not done.stderr


@pytest.mark.parametrize(("failure", "code", "words"), [
    (KeyboardInterrupt(), 130, "Interrupted. Continue with: scslab resume court-list-run"),
    (WorkerLost(Problem("a worker process ended before its work")), 1, "Continue with `scslab resume court-list-run`"),
])
def test_a_run_that_stops_half_way_says_how_to_go_on(capsys, monkeypatch, failure, code, words):
    def stop(*_):
        raise failure

    monkeypatch.setattr("scslab.study.run.replicates", stop)
    assert main("run court-list --people 500 --months 1 --seeds 1 --json".split()) == code
    printed = capsys.readouterr()
    assert not printed.out and words in printed.err and len(printed.err.splitlines()) == 1
    refused(capsys, "run court-list --people 500 --months 1 --seeds 1 --out court-list-run", "scslab resume court-list-run")
    assert [path.name for path in Path().iterdir()] == [".court-list-run.partial"]


def test_ctrl_c_is_passed_on_to_workers_and_a_second_one_interrupts():
    import signal

    told = []
    stop = Stop(lambda: told.append(1))
    with pytest.raises(KeyboardInterrupt), stop.listening():
        signal.raise_signal(signal.SIGINT)
        assert stop() and told == [1]
        signal.raise_signal(signal.SIGINT)


@pytest.mark.parametrize("failure", [SyntaxError("invalid\nsyntax"), ZeroDivisionError("division"), ImportError("nothing there")])
def test_a_foreign_package_that_does_not_load_is_named(monkeypatch, failure):
    from scslab.base.errors import ScslabError
    from scslab.mechanisms import catalogue

    class Entry:
        name, value = "acme", "acme.drone"

        def load(self):
            raise failure

    monkeypatch.setattr(catalogue.importlib.metadata, "entry_points", lambda group: [Entry()])
    with pytest.raises(ScslabError, match=r"^acme\.drone: mechanisms of 'acme' do not load; [^\n]+$"):
        catalogue.load_all.__wrapped__()
