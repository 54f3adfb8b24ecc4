"""Rules over rules: parents, combinations, reforms."""

from __future__ import annotations

import pytest

from scslab.base.errors import InputError
from scslab.base.months import month
from scslab.base.parameters import Parameters, count, duration, probability
from scslab.mechanisms.catalogue import catalogue as every_mechanism
from scslab.regime import apply_reforms, combine, diff, load_reform, load_regime


class Listing(Parameters):
    """A list."""

    term = duration("months on the list", allow_none=True)
    threshold = count("records that list", unit="records")


class Camera(Parameters):
    """A camera."""

    blame = probability("share blamed on another person")


class Notice(Parameters):
    """A notice."""

    told = probability("share told")


CATALOGUE = {"decide.binary_list": Listing, "observe.camera": Camera, "review.notice": Notice}


def number(value, unit, high=1000):
    return f"{{value: {value}, unit: {unit}, evidence: assumed, range: [0, {high}]}}"


BASE = f"""\
schema: 1
name: base
kind: comparator
scope: {{jurisdiction: China, ages: [18, 120]}}
warm_up_months: 60
references: {{law: {{title: The law}}}}
mechanisms:
  decide.binary_list:court:
    term: {number(24, "months")}
    threshold: {{value: 1, unit: records, evidence: documented, source: law}}
  observe.camera:
    blame: {number(0.1, "probability", 1)}
"""


def child(name, mechanisms, extra=""):
    return f"schema: 1\nname: {name}\nkind: regime\nextends: base\n{extra}mechanisms:\n{mechanisms}"


TERM = "  decide.binary_list:court:\n    term: " + number(36, "months") + "\n"
BLAME = "  observe.camera:\n    blame: " + number(0.2, "probability", 1) + "\n"
REFORM = f"""\
schema: 1
name: shorter
kind: reform
safeguard: true
claim: A shorter term means fewer person-months under measures.
price: Creditors wait.
applies_to: ['decide.binary_list:*']
set:
  'decide.binary_list:*': {{term: {number(12, "months")}}}
add:
  review.notice: {{told: {number(0.9, "probability", 1)}}}
"""


@pytest.fixture
def load(tmp_path):
    """Return a function that writes a file and loads it by name."""

    def loader(text, name, reform=False):
        (tmp_path / f"{name}.yaml").write_text(text)
        return (load_reform if reform else load_regime)(name, CATALOGUE, [tmp_path])

    return loader


@pytest.fixture
def base(load):
    return load(BASE, "base")


def term(regime):
    return regime.at(month("2016-01"))["decide.binary_list:court"].params.term


def test_child_overrides_one_parameter_and_keeps_the_rest(base, load):
    regime = load(child("long", TERM, "scope: {ages: [16, 120]}\n"), "long")
    assert term(base) == 24 and term(regime) == 36
    assert regime.at(0)["decide.binary_list:court"].params.threshold == 1
    assert regime.scope == {"jurisdiction": "China", "ages": [16, 120]} and regime.warm_up_months == 60
    assert regime.lineage == ("base",) and regime.parent.hash == base.hash
    assert [row.param for row in diff(base, regime)] == ["term"]
    again = load(regime.to_yaml(), "again")
    assert again.hash == regime.hash


def test_parent_by_relative_path_and_circle(base, load, tmp_path):
    text = child("long", TERM).replace("extends: base", "extends: base.yaml")
    (tmp_path / "long.yaml").write_text(text)
    assert term(load_regime(tmp_path / "long.yaml", CATALOGUE)) == 36
    with pytest.raises(InputError, match="extends itself"):
        load(child("round", TERM).replace("extends: base", "extends: round"), "round")
    with pytest.raises(InputError, match=r"lost.yaml:4:10.*Did you mean 'base'"):
        load(child("lost", TERM).replace("extends: base", "extends: bas"), "lost")


def test_remove_drops_a_block_of_the_parent(base, load):
    regime = load(child("dark", TERM, "remove: ['observe.*']\n"), "dark")
    assert list(regime.at(0)) == ["decide.binary_list:court"]
    with pytest.raises(InputError, match="fits no block"):
        load(child("dim", TERM, "remove: ['enforce.*']\n"), "dim")


def test_same_reference_name_keeps_both_texts(base, load):
    stated = "  decide.binary_list:court:\n    term: {value: 6, unit: months, evidence: documented, source: law}\n"
    regime = load(child("other", stated, "references: {law: {title: Another law}}\n"), "other")
    sources = {row.param: row.source for row in regime.numbers() if row.source}
    assert sources == {"term": "other.law", "threshold": "law"}
    assert regime.references["other.law"]["title"] == "Another law"


def test_combination_joins_changes_of_each(base, load):
    joined = combine([load(child("long", TERM), "long"), load(child("seen", BLAME), "seen")], CATALOGUE)
    reverse = combine([load(child("seen", BLAME), "seen"), load(child("long", TERM), "long")], CATALOGUE)
    assert joined.name == "long+seen" and term(joined) == 36
    assert joined.at(0).keys() == base.at(0).keys()
    assert joined.at(0)["observe.camera"].params.blame > base.at(0)["observe.camera"].params.blame
    assert not diff(joined, reverse)
    assert not diff(combine([base, load(child("long", TERM), "long")], CATALOGUE), load(child("long", TERM), "long"))


def test_combination_refuses_conflicts_and_strangers(base, load):
    long = load(child("long", TERM), "long")
    short = load(child("short", TERM.replace("36", "6")), "short")
    with pytest.raises(InputError, match=r"term: long and short state different things"):
        combine([long, short], CATALOGUE)
    gone = load(child("gone", BLAME, "remove: ['decide.*']\n"), "gone")
    with pytest.raises(InputError, match="different things"):
        combine([long, gone], CATALOGUE)
    load(BASE.replace("name: base", "name: basis"), "basis")
    stranger = load(child("odd", BLAME).replace("extends: base", "extends: basis"), "odd")
    with pytest.raises(InputError, match="share one parent"):
        combine([long, stranger], CATALOGUE)


def test_regimes_of_one_ancestor_combine_however_far_it_is(base, load):
    load(child("long", TERM), "long")
    grandchild = load(child("late", BLAME).replace("extends: base", "extends: long"), "late")
    short = load(child("short", TERM.replace("36", "6")), "short")
    other = load(child("other", BLAME), "other")
    assert combine([grandchild, other], CATALOGUE).parent.name == "base"
    assert combine([grandchild, load(child("long", TERM), "long")], CATALOGUE).clauses == grandchild.clauses
    with pytest.raises(InputError, match="term: late and short"):
        combine([grandchild, short], CATALOGUE)


def test_society_joins_any_regime(base, load):
    society = load(
        "schema: 1\nname: people\nkind: society\nmechanisms:\n  review.notice: {told: " + number(0.5, "probability", 1) + "}\n", "people"
    )
    joined = combine([load(child("long", TERM), "long"), society], CATALOGUE)
    assert set(joined.at(0)) == {"decide.binary_list:court", "observe.camera", "review.notice"}
    assert joined.kind == "regime"


def test_reform_sets_and_adds_and_leaves_the_baseline(base, load):
    before = base.hash
    reform = load(REFORM, "shorter", reform=True)
    reformed = apply_reforms(base, [reform])
    assert term(reformed) == 12 and "review.notice" in reformed.at(0)
    assert (reformed.name, reformed.reforms) == ("base+shorter", ("shorter",))
    assert base.hash == before and term(base) == 24
    assert apply_reforms(reformed, [reform]).at(0).keys() == reformed.at(0).keys()
    assert load(reformed.to_yaml(), "dumped").hash == reformed.hash


def test_reform_that_finds_nothing_says_why(load):
    bare = load("schema: 1\nname: bare\nkind: regime\nmechanisms:\n" + BLAME, "bare")
    with pytest.raises(InputError) as caught:
        apply_reforms(bare, [load(REFORM, "shorter", reform=True)])
    text = str(caught.value)
    assert "reform shorter does not apply to bare because bare has none of decide.binary_list:*" in text
    assert "observe.camera" in text


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("safeguard: true\n", "", "safeguard: true"),
        ("safeguard: true", "safeguard: false", "safeguard: true"),
        ("'decide.binary_list:*': {term", "'decide.binary_list:*': {trem", "Did you mean 'term'?"),
        ("'decide.binary_list:*': {term", "'decide.binry_list:*': {term", "Did you mean 'decide.binary_list'?"),
        ("claim:", "clam:", "Did you mean 'claim'?"),
        ("unit: months", "unit: weeks", "measured in: months"),
        ("kind: reform", "kind: regime", "unknown key"),
    ],
)
def test_bad_reforms_are_refused(old, new, words, load):
    assert old in REFORM
    with pytest.raises(InputError) as caught:
        load(REFORM.replace(old, new, 1), "shorter", reform=True)
    assert words in str(caught.value)


def test_reform_does_not_replace_a_block_that_is_there(base, load):
    text = REFORM.replace("review.notice: {told: ", "observe.camera: {blame: ")
    with pytest.raises(InputError, match="already has"):
        apply_reforms(base, [load(text, "shorter", reform=True)])


def test_regime_and_reform_are_not_confused(base, load, tmp_path):
    load(REFORM, "shorter", reform=True)
    with pytest.raises(InputError, match="is a reform, not a regime"):
        load_regime("shorter", CATALOGUE, [tmp_path])


def test_regimes_with_nearer_rules_in_common_combine_with_a_third():
    known = every_mechanism()
    loaded = {name: load_regime(name, known) for name in ("court-list", "corporate-2018", "risk-inspection", "firm-law")}
    made = combine([loaded[name] for name in ("corporate-2018", "court-list", "risk-inspection")], known)
    assert made.name == "corporate-2018+court-list+risk-inspection" and made.parent is not None and made.parent.name == "ordinary-law"
    risk, law = (loaded[name].clauses["observe.inspection"].params["prediction"] for name in ("risk-inspection", "firm-law"))
    assert made.clauses["observe.inspection"].params["prediction"] == risk != law
    assert {*loaded["corporate-2018"].clauses, *loaded["court-list"].clauses} == made.clauses.keys()
