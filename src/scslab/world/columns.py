"""What each column of a world means, in one place: the page of the description protocol is made from it, and a test holds built worlds against it."""

from __future__ import annotations

COLUMNS: dict[str, tuple[str, str]] = {
    "persons.birth_month": ("int16", "months since 2000-01; births before the start and within the horizon of 20 years are dated at synthesis"),
    "persons.death_month": ("int16", "months since 2000-01; 32767 = beyond the horizon"),
    "persons.wed_month": ("int16", "month of the one wedding within the horizon; 32767 = never"),
    "persons.wed_partner": ("int32", "whom; -1 = nobody"),
    "persons.divorce_month": ("int16", "month of the one divorce; 32767 = never"),
    "persons.move_month": ("int16", "month of the one move, with the household or alone; 32767 = never"),
    "persons.move_place": ("uint16", "where to, index into places"),
    "persons.sex": ("uint8", "0 female, 1 male"),
    "persons.place": ("uint16", "index into places, at the start"),
    "persons.household": ("int32", "index into households, at the start"),
    "persons.education": ("uint8", "reached after school: 0 none, 1 primary, 2 junior secondary, 3 senior secondary, 4 tertiary"),
    "persons.status": ("uint8", "after school: 1 employee, 2 self-employed, 3 farmer, 4 public sector, 5 unemployed, 6 not in labour force, 7 retired"),
    "persons.role": ("uint8", "bits: 1 official, 2 officer of a firm, 4 licensed driver (minors: from 18 on), 8 minority label, 16 moves alone"),
    "persons.hukou": ("uint8", "0 urban local, 1 rural local, 2 urban migrant, 3 rural migrant"),
    "persons.firm": ("int32", "index into firms, at the start; -1 = none"),
    "persons.income": ("int32", "own yearly income after school, yuan"),
    "persons.quintile": ("uint8", "0 to 4 by equivalised household income at the start"),
    "persons.conscientiousness": ("uint8", "lasting propensity, quantile 0 to 255"),
    "persons.means": ("uint8", "liquid buffer, quantile 0 to 255, correlated with income"),
    "persons.outspokenness": ("uint8", "lasting propensity, quantile 0 to 255"),
    "persons.prosociality": ("uint8", "lasting propensity, quantile 0 to 255"),
    "persons.boldness": ("uint8", "lasting propensity, quantile 0 to 255"),
    "households.start": ("int32", "first person of each household; persons of a household are contiguous"),
    "households.income": ("int32", "disposable income per head and year, yuan"),
    "households.kind": ("uint8", "kind of household of the spec; 0 is a family"),
    "places.start": ("int32", "first person of each place"),
    "places.urban": ("uint8", "0 rural, 1 urban"),
    "places.province": ("uint8", "index into the provinces of the spec"),
    "firms.size": ("int32", "persons who work there"),
    "firms.sector": ("uint8", "0 trade, 1 manufacturing, 2 business services, 3 other"),
    "firms.ownership": ("uint8", "0 private, 1 state, 2 foreign, 3 other"),
    "firms.officer": ("int32", "the person who heads it; -1 = none"),
    "firms.place": ("uint16", "index into places"),
}
"""Columns of every world with people: dtype and meaning."""

NETWORKS: dict[str, str] = {
    "kin": "ties of family with the relation of the target to the source: 0 partner, 1 parent, 2 child, 3 sibling; symmetric",
    "friends": "friendships; symmetric",
    "partners": "business partners of firms, symmetric; made when a mechanism first walks it, no part of the digest",
}
"""Networks, and what a tie means."""
