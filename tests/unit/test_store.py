"""Run folders: tables round-trip with the same bytes, manifests say what is wrong, SQL reads and cannot write."""

import dataclasses
import errno
import json
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scslab.base import files
from scslab.base.errors import InputError, ScslabError
from scslab.store import (
    Arm,
    Manifest,
    citation,
    open_run,
    read_manifest,
    read_table,
    write_arm,
    write_events,
    write_manifest,
    write_outcomes,
    write_people,
    write_table,
)
from scslab.store.folder import RunFolder

MANIFEST = Manifest(
    package_hash="ab" * 32, world="county", world_hash="cd" * 32, world_year=2016, people=20_000, world_seeds=[1, 2], luck_seeds=[1, 2],
    arms=[Arm("rongcheng-2016", ["rongcheng-2016"], ["notice"], "11"), Arm("ordinary-law", ["ordinary-law"], [], "22")],
    start="2018-01", warm_up=84, months=60, estimand="introduction", start_stock="none", events="panel",
    digests={"0/ordinary-law": "aa", "0/rongcheng-2016": "bb"}, parameters={"assumed": 3}, command="scslab run rongcheng-2016",
    python_call='scslab.run("rongcheng-2016")', created="2026-01-01T00:00:00+00:00",
)


@pytest.fixture
def run(tmp_path):
    with files.new_folder(tmp_path / "run") as folder:
        write_manifest(folder, MANIFEST)
        write_outcomes(folder, {
            "arm": np.array(["a", "b"]), "seed": np.array([0, 0], np.int32), "month": np.array(["2018-01", "2018-01"]),
            "group": np.array(["all", "all"]), "level": np.array(["", ""]), "outcome": np.array(["listed", "listed"]),
            "value": np.array([2.0, np.nan])})
        write_people(folder, {"person": np.arange(3)})
        write_events(folder, 0, {"subject": np.array([2, 1, 2]), "month": np.array([5, 9, 4], np.int16), "rule": np.array(["x", "y", "z"])})
        write_events(folder, 1, {"subject": np.array([7]), "month": np.array([1], np.int16), "rule": np.array(["w"])})
        write_arm(folder, "ordinary-law", "schema: 1\n")
    return tmp_path / "run"


@pytest.mark.parametrize("kind", ["?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f4", "f8"])
def test_numbers_round_trip_with_their_type(tmp_path, kind):
    values = np.array([0, 1, 1, 0]).astype(kind)
    write_table(tmp_path / "t.parquet", {"v": values, "strided": np.arange(8)[::2], "swapped": np.arange(4, dtype=">i4")})
    table = read_table(tmp_path / "t.parquet")
    assert table["v"].dtype == values.dtype and np.array_equal(table["v"], values)
    assert table["strided"].tolist() == [0, 2, 4, 6] and table["swapped"].tolist() == [0, 1, 2, 3]


@settings(max_examples=12, deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=6), max_size=8))
def test_text_round_trips(tmp_path_factory, words):
    path = tmp_path_factory.mktemp("t") / "t.parquet"
    write_table(path, {"it's \"odd\"": np.array(words, dtype=object), "n": np.arange(len(words))})
    table = read_table(path)
    assert list(table) == ["it's \"odd\"", "n"] and table["it's \"odd\""].tolist() == words


def test_extremes_survive(tmp_path):
    big = np.array([np.iinfo(np.int64).min, np.iinfo(np.int64).max])
    floats = np.array([np.inf, np.nan])
    write_table(tmp_path / "t.parquet", {"big": big, "unsigned": np.array([0, 2**64 - 1], np.uint64), "f": floats})
    table = read_table(tmp_path / "t.parquet")
    assert np.array_equal(table["big"], big) and table["unsigned"][1] == 2**64 - 1
    assert np.array_equal(table["f"], floats, equal_nan=True)


def test_the_same_columns_give_the_same_bytes_in_any_process(tmp_path):
    code = ("import sys, numpy as np; from scslab.store import write_table; n = np.arange(200_000);"
            "write_table(sys.argv[1], {'a': n, 'b': np.array(['x', 'yy', 'z'])[n % 3], 'c': n / 7})")
    for name, salt in (("1", "1"), ("2", "2")):
        subprocess.run([sys.executable, "-c", code, str(tmp_path / name)], check=True, env={**os.environ, "PYTHONHASHSEED": salt})
    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes()


@pytest.mark.parametrize(("columns", "word"), [
    ({"a": np.arange(2), "b": np.arange(3)}, "different lengths"),
    ({"a": np.array([1, None], dtype=object)}, "'a'"),
    ({"a": np.zeros((2, 2))}, "2 dimensions"),
    ({"a": np.array(["2018"], dtype="M8[Y]")}, "datetime64"),
    ({"a": np.ma.array([1, 2], mask=[0, 1])}, "missing entries"),
    ({}, "without columns"),
])
def test_columns_that_cannot_be_kept_are_refused(tmp_path, columns, word):
    with pytest.raises(InputError, match=word):
        write_table(tmp_path / "t.parquet", columns)
    assert not list(tmp_path.iterdir())


def test_a_run_opens_and_answers(run):
    folder = open_run(run)
    assert folder.manifest == MANIFEST
    assert folder.tables == ["outcomes", "people", "events"]
    assert np.isnan(folder.table("outcomes")["value"][1])
    events = folder.table("events")
    assert events["seed"].tolist() == [0, 0, 0, 1]
    assert events["subject"].tolist() == [1, 2, 2, 7] and events["month"].tolist() == [9, 4, 5, 1]
    assert folder.events_of(2)["rule"].tolist() == ["z", "x"]
    assert folder.sql("select count(*) n, max(rule) r from events")["n"].tolist() == [4]
    assert folder.arm_yaml("ordinary-law") == "schema: 1\n"
    assert sorted(p.name for p in run.parent.iterdir()) == ["run"]


@pytest.mark.parametrize(("query", "word"), [
    ("drop view events", "one SELECT"),
    ("select 1; select 2", "one SELECT"),
    ("copy events to 'x.csv'", "one SELECT"),
    ("select * from evnts", "Tables here"),
    ("select nothing from events", "query failed"),
    ("select * from read_csv('/etc/passwd')", "query failed"),
    ("selec", "query failed"),
])
def test_sql_reads_this_run_and_nothing_else(run, query, word):
    with pytest.raises(InputError, match=word):
        open_run(run).sql(query)


def test_what_is_not_there_is_named(run):
    folder = open_run(run)
    for call, word in ((lambda: folder.table("event"), "events"), (lambda: folder.events_of(1, 5), "seed index 5"),
                       (lambda: folder.arm_yaml("ordinary"), "ordinary-law"), (lambda: folder.arm_yaml("rongcheng-2016"), "damaged")):
        with pytest.raises(InputError, match=word):
            call()
    (run / "people.parquet").unlink()
    with pytest.raises(InputError, match="holds no people"):
        RunFolder(run).table("people")


@pytest.mark.parametrize("damage", [b"", b"PAR1", b"not parquet at all"])
def test_a_damaged_table_is_called_damaged(run, damage):
    (run / "outcomes.parquet").write_bytes(damage)
    with pytest.raises(InputError, match="damaged"):
        open_run(run).table("outcomes")
    with pytest.raises(InputError, match="damaged"):
        open_run(run).sql("select * from outcomes")


@pytest.mark.parametrize(("change", "word"), [
    ({"schema": 99}, "newer scslab"), ({"people": "many"}, "'people' is \"many\", not a whole number"),
    ({"people": True}, "not a whole number"), ({"arms": [{"name": "a"}]}, r"arms\[0\].hash"),
    ({"luck_seeds": [1]}, "differ in length"), ({"months": None}, "months"),
])
def test_a_wrong_manifest_says_where(run, change, word):
    (run / "run.json").write_text(json.dumps({**MANIFEST.to_dict(), **change}))
    with pytest.raises(InputError, match=word):
        open_run(run)


def test_all_problems_of_a_manifest_come_at_once(run):
    document = {key: value for key, value in MANIFEST.to_dict().items() if key not in ("people", "months", "arms")}
    (run / "run.json").write_text(json.dumps(document))
    with pytest.raises(InputError) as caught:
        read_manifest(run)
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize("content", ["", "{", "[]", "null", "[" * 100_000, "\ud800".encode("utf-8", "surrogatepass")])
def test_a_manifest_that_is_none_is_refused(run, content):
    (run / "run.json").write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError, match=r"run\.json"):
        open_run(run)


def test_missing_and_foreign_folders(tmp_path):
    with pytest.raises(InputError, match="no folder"):
        open_run(tmp_path / "absent")
    with pytest.raises(InputError, match="not a run folder"):
        open_run(tmp_path)


def test_later_fields_of_this_schema_are_let_be(run):
    (run / "run.json").write_text(json.dumps({**MANIFEST.to_dict(), "mood": "fine"}))
    assert open_run(run).manifest == MANIFEST


def test_a_folder_is_not_overwritten_unless_asked(run):
    with pytest.raises(InputError, match="--replace"), files.new_folder(run):
        pass
    with files.new_folder(run, replace=True) as folder:
        (folder / "run.json").write_text("{}")
    assert [p.name for p in run.iterdir()] == ["run.json"]
    assert [p.name for p in run.parent.iterdir()] == ["run"]


def test_replace_removes_run_folders_only(tmp_path, monkeypatch):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "mine.txt").write_text("keep")
    (tmp_path / "file").write_text("keep")
    for name, word in (("letters", "not a run folder"), ("file", "not a folder")):
        with pytest.raises(InputError, match=word), files.new_folder(tmp_path / name, replace=True):
            pass
    (tmp_path / "letters" / "run.json").write_text("{}")
    monkeypatch.chdir(tmp_path / "letters")
    with pytest.raises(InputError, match="the folder you are in"), files.new_folder(".", replace=True):
        pass
    assert (tmp_path / "letters" / "mine.txt").read_text() == "keep"


def test_a_failed_folder_leaves_nothing_or_what_can_be_resumed(tmp_path):
    with pytest.raises(KeyboardInterrupt), files.new_folder(tmp_path / "deep" / "run"):
        raise KeyboardInterrupt
    assert not list((tmp_path / "deep").iterdir())
    with pytest.raises(KeyboardInterrupt), files.new_folder(tmp_path / "run", keep_partial=True) as folder:
        (folder / "checkpoint").write_text("1")
        raise KeyboardInterrupt
    assert files.partial_of(tmp_path / "run").is_dir() and not (tmp_path / "run").exists()
    with pytest.raises(InputError, match="scslab resume"), files.new_folder(tmp_path / "run"):
        pass
    files.finish_folder(tmp_path / "run")
    assert (tmp_path / "run" / "checkpoint").read_text() == "1"


@pytest.mark.parametrize(("number", "word"), [(errno.ENOSPC, "disk is full"), (errno.EROFS, "read-only"), (errno.EACCES, "permission")])
def test_a_disk_that_refuses_is_explained_and_the_old_file_kept(tmp_path, monkeypatch, number, word):
    target = tmp_path / "t.json"
    files.write_text(target, "old")

    def refuse(*_):
        raise OSError(number, "refused")

    monkeypatch.setattr(files.os, "replace", refuse)
    with pytest.raises(ScslabError, match=word):
        files.write_text(target, "new")
    monkeypatch.setattr(files.os, "rename", refuse)
    with pytest.raises(ScslabError, match=word), files.new_folder(tmp_path / "run") as folder:
        (folder / "run.json").write_text("{}")
    assert [p.name for p in tmp_path.iterdir()] == ["t.json"] and target.read_text() == "old"


def test_writing_below_a_file_or_into_nowhere_is_explained(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ScslabError, match=r"not a folder|exists"), files.new_folder(tmp_path / "file" / "run"):
        pass
    with pytest.raises(ScslabError, match=r"does not exist|cannot"):
        write_table(tmp_path / "absent" / "t.parquet", {"a": np.arange(1)})


def test_the_cache_folder_follows_the_environment(tmp_path, monkeypatch):
    find = files.cache_dir.__wrapped__
    monkeypatch.setenv("SCSLAB_CACHE", str(tmp_path / "mine"))
    assert find() == tmp_path / "mine" and find().is_dir()
    monkeypatch.delenv("SCSLAB_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert find() == tmp_path / "xdg" / "scslab"
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert find().is_dir()
    monkeypatch.setenv("SCSLAB_CACHE", str(tmp_path / "file"))
    with pytest.raises(ScslabError, match="SCSLAB_CACHE"):
        find()


@pytest.mark.parametrize("name", ["", "../x", ".hidden", "a/b"])
def test_an_arm_stays_in_its_folder(tmp_path, name):
    with pytest.raises(InputError, match="arm"):
        write_arm(tmp_path, name, "")


def test_outcomes_have_their_columns(tmp_path):
    with pytest.raises(InputError, match="value"):
        write_outcomes(tmp_path, {"arm": np.array(["a"]), "mood": np.array([1])})
    with pytest.raises(InputError, match="subject"):
        write_events(tmp_path, 0, {"month": np.array([1])})


def test_a_citation_names_the_run():
    assert "rongcheng-2016 against ordinary-law" in citation("0.1.0", MANIFEST)
    assert citation("0.1.0", MANIFEST) != citation("0.1.0", dataclasses.replace(MANIFEST, digests={}))
