"""The description by the ODD protocol: complete, from declarations, for any configuration; what is said of world columns is what worlds hold."""

from __future__ import annotations

import pytest

from scslab.cli import main
from scslab.study.odd import CONCEPTS, odd, table
from scslab.world import build_world
from scslab.world.columns import COLUMNS, NETWORKS

SECTIONS = (
    "1. Purpose and patterns", "2. Entities, state variables and scales", "3. Process overview and scheduling", "4. Design concepts", "5. Initialisation",
    "6. Input data", "7. Submodels",
)  # fmt: skip
ELEVEN = (
    "Basic principles", "Emergence", "Adaptation", "Objectives", "Learning", "Prediction", "Sensing", "Interaction", "Stochasticity", "Collectives",
    "Observation",
)  # fmt: skip


@pytest.mark.parametrize("name", ["county", "china-2020"])
def test_every_column_and_network_of_a_world_is_declared(name):
    world = build_world(name, people=400, seed=1)
    assert {column: str(array.dtype) for column, array in world.columns.items()} == {column: dtype for column, (dtype, _) in COLUMNS.items()}
    assert {*world.networks} | {"partners"} == {*NETWORKS} and all(words for _, words in COLUMNS.values())


def test_the_protocol_is_complete_and_of_this_configuration():
    text = odd(["german-register"], "china-2020")
    assert [line[3:] for line in text.splitlines() if line.startswith("## ")] == list(SECTIONS)
    assert tuple(name for name, _ in CONCEPTS) == ELEVEN and all(f"**{name}.**" in text for name in ELEVEN)
    assert "### decide.local_list" in text and "| register | term |" in text and "s 882e" in text  # the rule, its number, its source
    assert "### decide.ledger" not in text and "persons.score" not in text  # these rules keep no ledger
    assert "China as the census of 2020 counted it" in text


def test_numbers_come_with_unit_evidence_and_source_or_range():
    text = odd(["court-list"])
    line = next(line for line in text.splitlines() if line.startswith("| court | term | 2017-05"))
    for words in ("evasion: 24", "months", "documented", "spc2017", "art. 2 (2017)"):
        assert words in line
    assert "| observe.court_feed | false_ability | 2000-01, 2024-01 |" in text  # a dated value under input data


def test_a_table_of_nothing_says_so():
    assert table([]) == "(none)\n"


def test_the_command_prints_and_writes_and_says_what_is_wrong(tmp_path, capsys):
    assert main(["odd", "none", "--world", "ring"]) == 0
    assert capsys.readouterr().out.startswith("# ODD: none on ring")
    out = tmp_path / "odd.md"
    assert main(["odd", "none", "--out", str(out)]) == 0 and out.read_text(encoding="utf-8").startswith("# ODD: none on county")
    assert main(["odd", "none", "--out", str(out)]) == 2
    assert "exists already" in capsys.readouterr().err
    for given, words in ((["odd"], "no regime is named"), (["odd", "court-lst"], "court-list"), (["odd", "none", "--world", "contry"], "county")):
        assert main(given) == 2
        assert words in capsys.readouterr().err
