"""The persons, places and ties of a scenario, drawn from its number: tables as dictionaries of lists, networks as lists of (neighbour, relation) by person."""

from __future__ import annotations

from random import Random
from typing import Any


def world(given: dict[str, Any]) -> dict[str, Any]:
    """Make the persons, places and ties of a scenario: tables as dictionaries of lists, networks as lists of (neighbour, relation) by person."""
    people, start, end = given["people"], given["start"], given["start"] + given["months"]
    made, n_places = Random(f"places {given['world_seed']}"), 1 + given["world_seed"] % 5
    born_later = max(1, people // 12)
    settled = people - born_later
    cuts = sorted(made.sample(range(1, settled), min(n_places, settled - 1) - 1)) if n_places > 1 else []
    places = {"start": [0, *cuts, settled], "urban": [made.randint(0, 1) for _ in range(len(cuts) + 1)]}
    persons: dict[str, list[int]] = {}
    place_of = [sum(i >= cut for cut in cuts) if i < settled else made.randrange(len(cuts) + 1) for i in range(people)]
    rows = [one_person(Random(f"person {given['world_seed']} {i}"), start, end, i >= settled) for i in range(people)]
    for name in rows[0]:
        persons[name] = [row[name] for row in rows]
    persons["place"] = place_of
    persons["household"] = households(made, people, settled)
    persons["wed_partner"] = [made.randrange(people) if month < 32767 else -1 for month in persons["wed_month"]]
    movers = [Random(f"move {given['world_seed']} {i}") for i in range(people)]
    persons["move_month"] = [rng.choice((32767, rng.randint(start, end + 6))) for rng in movers]
    persons["move_place"] = [rng.randrange(len(cuts) + 1) for rng in movers]
    places["province"] = [place % 2 for place in range(len(cuts) + 1)]
    home = [sum(h < number for h in persons["household"][:settled]) for number in range(max(persons["household"]) + 2)]
    ties = {"kin": kin(made, persons), "friends": friends(made, people)}
    rng = Random(f"firms {given['world_seed']}")
    n_firms = 1 + people // 8
    persons["firm"] = [rng.randrange(-1, n_firms) for _ in range(people)]
    ties["partners"] = friends(rng, n_firms)
    started = begin(Random(f"begin {given['world_seed']}"), people)
    tables = {"persons": persons, "places": places, "households": {"start": home}, "firms": firms(rng, n_firms, settled, persons["place"])}
    return {**tables, **ties, "begin": started}


def firms(rng: Random, number: int, settled: int, place: list[int]) -> dict[str, list[int]]:
    """Make firms of all sizes and kinds; few have no officer."""
    officers = [rng.choice((-1, *[rng.randrange(settled) for _ in range(5)])) for _ in range(number)]
    return {
        "size": [rng.choice((1, 9, 10, 99, 100, 1500)) for _ in officers], "sector": [rng.randrange(4) for _ in officers],
        "ownership": [rng.randrange(4) for _ in officers], "officer": officers, "place": [place[max(i, 0)] for i in officers],
    }  # fmt: skip


def begin(rng: Random, people: int) -> dict[str, list[int]]:
    """Give columns of the state other values than their initial ones before the first month."""
    held = {"persons.true_score": (55_000, 62_000, 70_000), "persons.loan_score": (20_000, 45_000, 60_000, 80_000), "persons.effort_cost": (-9, 0, 3000, 9**5)}
    return {name: [rng.choice(values) for _ in range(people)] for name, values in held.items()}


def one_person(rng: Random, start: int, end: int, is_unborn: bool) -> dict[str, int]:
    born = rng.randint(start, end) if is_unborn else start - 12 * rng.choice((2, 5, 6, 11, 12, 15, 17, 18, 25, 30, 34, 40, 50, 65, 80)) - rng.randint(0, 11)
    return {
        "birth_month": born, "death_month": rng.randint(start, end) if rng.random() < 0.08 else 32767, "sex": rng.randint(0, 1),
        "education": rng.randint(0, 4), "status": rng.randint(1, 7), "role": rng.choice((0, 4, 4, 4, 5, 6, 9, 12)), "quintile": rng.randint(0, 4),
        "income": rng.choice((0, 6000, 30_000, 90_001)),
        **{trait: rng.choice((0, 255, rng.randint(0, 255), rng.randint(0, 255)))
           for trait in ("conscientiousness", "means", "outspokenness", "prosociality", "boldness")},
        "rate": rng.choice((0, rng.randrange(2**28), rng.randrange(2**31), 2**31 - 1)),
        **family(rng, start, end),
    }  # fmt: skip


def family(rng: Random, start: int, end: int) -> dict[str, int]:
    """Date a wedding and a divorce, each or neither, in either order; whom one weds is chosen later."""
    return {name: rng.randint(start, end) if rng.random() < 0.3 else 32767 for name in ("wed_month", "divorce_month")}


def households(rng: Random, people: int, settled: int) -> list[int]:
    """Put the settled into households of one to five neighbours, and the unborn into any of them."""
    found: list[int] = []
    number = 0
    while len(found) < settled:
        found += [number] * rng.randint(1, 5)
        number += 1
    found = found[:settled]
    return found + [rng.randint(0, found[-1]) for _ in range(people - settled)]


def kin(rng: Random, persons: dict[str, list[int]]) -> list[list[tuple[int, int]]]:
    """Tie persons as partners, parents and children, siblings (0, 1 and 2, 3: what the other is to the one)."""
    people = len(persons["household"])
    ties: dict[tuple[int, int], int] = {}
    for i in range(people):
        for _ in range(rng.choice((0, 1, 1, 2))):
            j = rng.randrange(people) if rng.random() < 0.4 else min(people - 1, max(0, i + rng.randint(-3, 3)))
            relation = rng.choice((0, 1, 2, 3))
            if i != j and (i, j) not in ties:
                ties[i, j], ties[j, i] = relation, {0: 0, 1: 2, 2: 1, 3: 3}[relation]
    return by_person(people, ties)


def friends(rng: Random, people: int) -> list[list[tuple[int, int]]]:
    ties: dict[tuple[int, int], int] = {}
    for _ in range(people):
        i, j = rng.randrange(people), rng.randrange(people)
        if i != j:
            ties[i, j] = ties[j, i] = 0
    return by_person(people, ties)


def by_person(people: int, ties: dict[tuple[int, int], int]) -> list[list[tuple[int, int]]]:
    found: list[list[tuple[int, int]]] = [[] for _ in range(people)]
    for (i, j), relation in sorted(ties.items()):
        found[i].append((j, relation))
    return found
