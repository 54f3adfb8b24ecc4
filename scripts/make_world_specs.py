"""Write the world specs `china-2020.yaml` and `county.yaml` from the table of published marginals.

Run: python scripts/make_world_specs.py population.csv src/scslab/world/specs
Published numbers keep their P-number; numbers nobody publishes are written here once, graded `assumed`, with a range.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

GRADES = {"high": "documented", "medium": "reported", "low": "assumed"}
AGES = [f"{a}-{a + 4}" for a in range(0, 80, 5)] + ["80+"]
# Provincial minority shares in per cent, as remembered from census abstracts; only the national total is in the table.
MINORITY = {
    "Beijing": 4.8, "Tianjin": 3.3, "Hebei": 4.3, "Shanxi": 0.3, "Inner Mongolia": 21.3, "Liaoning": 15.1, "Jilin": 8.7,
    "Heilongjiang": 3.5, "Shanghai": 1.6, "Jiangsu": 0.7, "Zhejiang": 3.4, "Anhui": 0.7, "Fujian": 2.7, "Jiangxi": 0.5,
    "Shandong": 0.9, "Henan": 1.2, "Hubei": 4.8, "Hunan": 10.1, "Guangdong": 3.8, "Guangxi": 37.5, "Hainan": 15.7,
    "Chongqing": 6.8, "Sichuan": 6.8, "Guizhou": 36.4, "Yunnan": 33.1, "Tibet": 87.8, "Shaanxi": 0.6, "Gansu": 10.6,
    "Qinghai": 49.5, "Ningxia": 35.9, "Xinjiang": 57.8,
}  # fmt: skip
# Yearly rates per 1,000 persons, 2014 on: value, grade, source (or low, high), note. None of them but those with a P-number is in the
# table; they were looked up in the press copies named. "later" holds for every year after the last.
RATES: dict[str, dict[str, tuple[float, str, str, str]]] = {
    "births": {
        "2014": (12.37, "estimated", "12.2 13.9", "16.87 million births, NBS's first release (wwwpo15.cn/minsu/61015.html); since revised upwards"),
        "2015": (12.07, "estimated", "11.9 12.2", "16.55 million births, NBS's first release (wwwpo15.cn/minsu/61015.html)"),
        "2016": (12.95, "estimated", "12.7 13.7", "17.86 million births, NBS's first release (wwwpo15.cn/minsu/61015.html); since revised upwards"),
        "2017": (12.43, "reported", "NBS, in f99ss.com/shehui/62351.html", ""),
        "2018": (10.94, "reported", "NBS, in m.mnw.cn/news/china/2117181.html", ""),
        "2019": (10.48, "reported", "NBS communique of 2019, in m.baobei360.com/articles/detail-171731.html", ""),
        "2020": (8.52, "reported", "NBS, in kjkxun.com/biz/67746.html", ""),
        "2021": (7.52, "reported", "NBS, in kjkxun.com/biz/67746.html", ""),
        "2022": (6.77, "reported", "NBS, in belt.china.org.cn/2023-01/17/content_85064381.htm", ""),
        "2023": (6.39, "reported", "NBS, in news.am/eng/news/802555.html", ""),
        "2024": (6.77, "estimated", "6.7 6.8", "9.54 million births, NBS, in indianclarity.com, over the mean population"),
        "2025": (5.63, "reported", "NBS, in qazinform.com, 2026-01-19", ""),
        "later": (5.6, "assumed", "4.5 6.5", "stays where it fell to, although fewer women come of age"),
    },
    "deaths": {
        "2014": (7.16, "assumed", "7.0 7.3", "from memory, unverified"),
        "2015": (7.11, "assumed", "7.0 7.3", "from memory, unverified"),
        "2016": (7.09, "assumed", "7.0 7.3", "from memory, unverified"),
        "2017": (7.11, "reported", "NBS, in f99ss.com/shehui/62351.html", ""),
        "2018": (7.13, "reported", "NBS, in m.mnw.cn/news/china/2117181.html", ""),
        "2019": (7.14, "reported", "NBS communique of 2019, in m.baobei360.com/articles/detail-171731.html", ""),
        "2020": (7.07, "reported", "NBS, in kjkxun.com/biz/67746.html", ""),
        "2021": (7.18, "reported", "NBS, in kjkxun.com/biz/67746.html", ""),
        "2022": (7.37, "reported", "NBS, in belt.china.org.cn/2023-01/17/content_85064381.htm", ""),
        "2023": (7.87, "reported", "NBS, in news.am/eng/news/802555.html", ""),
        "2024": (7.76, "reported", "NBS, in meneame.net", ""),
        "2025": (8.04, "reported", "NBS, in indianclarity.com", ""),
    },
    "weddings": {
        "2014": (9.6, "reported", "Ministry of Civil Affairs, bulletin of 2014, in taiwan.cri.cn/2015-6-11", ""),
        "2015": (9.0, "estimated", "8.8 9.1", "12.247 million couples, in blob.wenxiaobai.com, over the mean population"),
        "2016": (8.3, "estimated", "8.1 8.4", "11.428 million couples, in blob.wenxiaobai.com, over the mean population"),
        "2017": (7.7, "reported", "Ministry of Civil Affairs, bulletin of 2017, in m.shadafang.com", ""),
        "2018": (7.3, "estimated", "7.1 7.4", "10.139 million couples, in blob.wenxiaobai.com, over the mean population"),
        "2019": (6.6, "estimated", "6.5 6.7", "9.273 million couples, in blob.wenxiaobai.com, over the mean population"),
        "2020": (5.77, "estimated", "5.7 5.8", "P369 over P001"),
        "2021": (5.4, "reported", "Ministry of Civil Affairs, bulletin of 2021, in dzb.jinbaonet.com, 2023-04-23", ""),
        "2022": (4.8, "reported", "Ministry of Civil Affairs, bulletin of 2022, in qdxin.com.cn/ent/2023/315413.html", ""),
        "2023": (5.4, "reported", "Ministry of Civil Affairs, bulletin of 2024, in 163.com/dy/article/K5PK7ALM05568W0A.html", ""),
        "2024": (4.3, "reported", "Ministry of Civil Affairs, bulletin of 2024, in 163.com/dy/article/K5PK7ALM05568W0A.html", ""),
        "2025": (4.81, "estimated", "4.7 4.9", "6.763 million couples, in aastocks.com, over the mean population"),
        "later": (4.6, "assumed", "3.5 5.5", ""),
    },
    "divorces": {
        "2014": (2.67, "reported", "NBS, in hbzqbyyxgs.com/news/652694.html", ""),
        "2015": (2.79, "reported", "NBS, in hbzqbyyxgs.com/news/652694.html", ""),
        "2016": (3.02, "reported", "NBS, in hbzqbyyxgs.com/news/652694.html", ""),
        "2017": (3.15, "reported", "NBS, in hbzqbyyxgs.com/news/652694.html", ""),
        "2018": (3.2, "documented", "P375", ""),
        "2019": (3.36, "reported", "NBS, in hbzqbyyxgs.com/news/652694.html", ""),
        "2020": (3.09, "documented", "P372", ""),
        "2021": (2.01, "reported", "NBS, in hbzqbyyxgs.com/news/652694.html", ""),
        "2022": (2.04, "reported", "NBS, in hbzqbyyxgs.com/news/652694.html", ""),
        "2023": (2.6, "assumed", "2.3 2.8", "from memory, unverified; 2.593 million registered, courts come on top"),
        "2024": (2.5, "reported", "Ministry of Civil Affairs, bulletin of 2024, in 163.com/dy/article/K5PK7ALM05568W0A.html", ""),
        "2025": (2.6, "estimated", "2.4 2.8", "2.743 million registered, in aastocks.com, and as many in court as in 2024, over the mean population"),
        "later": (2.6, "assumed", "2.0 3.3", ""),
    },
}  # fmt: skip
PROVINCE_FIELDS = {
    "population": "population", "urban_share": "urban share (resident population)",
    "sex_ratio": "sex ratio (males per 100 females)", "share_0_14": "share aged 0-14", "share_15_59": "share aged 15-59",
    "share_60_plus": "share aged 60+", "share_65_plus": "share aged 65+", "schooling_years": "mean years of schooling, age 15+",
}  # fmt: skip


class Writer:
    """Collect YAML lines; one number a line."""

    def __init__(self, table: list[dict[str, str]]) -> None:
        self.by_id = {row["id"]: row for row in table}
        self.table = table
        self.lines: list[str] = []

    def line(self, depth: int, text: str) -> None:
        """Add one line at a depth."""
        self.lines.append("  " * depth + text)

    def published(self, depth: int, key: str, code: str, borrowed: bool = False, to: str = "") -> None:
        """Add one number of the table, graded by its confidence; `borrowed` = a national figure used for one county."""
        row = self.by_id[code]
        value, grade = row["value"], GRADES[row["confidence"]]
        extra = ""
        if borrowed:
            grade = "assumed"
        if grade == "assumed":
            extra = f", range: [{low_high(float(value), 0.8)}, {low_high(float(value), 1.2)}]"
        text = row["source"].replace('"', "'")
        note = ", note: the figure for the whole country" if borrowed else (f", note: {to}" if to else "")
        self.line(depth, f'"{key}": {{value: {value}, unit: "{row["unit"]}", year: {row["year"]}, evidence: {grade}, '
                         f'source: {code}, text: "{text}"{extra}{note}}}')  # fmt: skip

    def assumed(self, depth: int, key: str, value: float, low: float, high: float, unit: str, why: str = "") -> None:
        """Add one number that nobody publishes."""
        note = f', note: "{why}"' if why else ""
        self.line(depth, f'"{key}": {{value: {value}, unit: "{unit}", year: 2020, evidence: assumed, range: [{low}, {high}]{note}}}')

    def shares(self, depth: int, key: str, values: dict[str, float], unit: str = "share", spread: float = 0.3) -> None:
        """Add a table of assumed shares, each with a range of plus or minus `spread`."""
        self.line(depth, f'"{key}":')
        for name, value in values.items():
            top = value * (1 + spread)
            self.assumed(depth + 1, name, value, round(value * (1 - spread), 5), round(min(top, 1.0) if unit == "share" else top, 5), unit)


def low_high(value: float, factor: float) -> str:
    """Print a bound with four figures."""
    return f"{value * factor:.6g}"


def provinces(out: Writer, names: list[str], county: bool) -> None:
    """Write the provinces' published figures."""
    out.line(0, "provinces:")
    for name in names:
        out.line(1, f'"{name}":')
        for field, quantity in PROVINCE_FIELDS.items():
            row = next(r for r in out.table if r["geography"] == name and r["quantity"] == quantity)
            out.published(2, field, row["id"], to="the province's figure stands for the county" if county else "")
        share = MINORITY[name]
        out.assumed(2, "minority_share", share, round(share * 0.7, 2), round(min(share * 1.3, 95), 2), "percent",
                    "from memory; scaled to the national total")  # fmt: skip


def population(out: Writer, county: bool) -> None:
    """Write ages, places, households and hukou."""
    out.line(0, "ages:")
    for sex, first in (("male", 11), ("female", 12)):
        out.line(1, f"{sex}:")
        for position, band in enumerate(AGES):
            out.published(2, band, f"P{first + 2 * position:03d}", borrowed=county)
    out.shares(0, "oldest", {"80-84": 0.60, "85-89": 0.27, "90-94": 0.10, "95-99": 0.025, "100-104": 0.005})
    out.line(0, "places:")
    size = 1000 if county else 2000
    out.assumed(1, "people_per_place", size, 500, 40000, "persons", "a village or residential community and its surroundings")
    out.line(0, "households:")
    for key, code in (("family_households", "P330"), ("family_persons", "P332"), ("collective_households", "P334"),
                      ("collective_persons", "P335")):  # fmt: skip
        out.published(1, key, code, borrowed=county)
    out.line(1, "sizes:")
    for size in range(1, 8):
        out.published(2, str(size), f"P{336 + size}", borrowed=county)
    out.shares(1, "collective_sizes", {"2": 0.10, "3": 0.20, "4": 0.30, "5": 0.23, "6": 0.17})
    out.line(1, "compositions:")
    for key, values in {
        "1": {"single": 1.0},
        "2": {"couple": 0.76, "parent-child": 0.16, "siblings": 0.08},
        "3": {"couple-child": 0.80, "parent-child-child": 0.10, "couple-elder": 0.10},
        "4": {"couple-child-child": 0.66, "couple-child-elder": 0.24, "couple-elder-elder": 0.10},
        "5": {"couple-child-child-elder": 0.45, "couple-child-elder-elder": 0.30, "couple-child-child-child": 0.25},
        "6": {"couple-child-child-elder-elder": 0.75, "couple-child-child-child-elder": 0.25},
        "7": {"couple-child-child-child-elder-elder": 0.70, "couple-child-child-child-child-elder-elder": 0.30},
    }.items():
        out.shares(2, key, values)
    out.line(0, "hukou:")
    out.published(1, "urban_hukou_share", "P302", borrowed=county)
    out.published(1, "floating_persons", "P305", borrowed=county)
    out.published(1, "population", "P001", borrowed=county)
    out.assumed(1, "urban_hukou_in_rural_places", 3, 1, 8, "percent")
    out.assumed(1, "migrants_in_rural_places", 8, 3, 15, "percent")
    out.assumed(1, "rural_hukou_among_urban_migrants", 65, 50, 80, "percent")


def kin(out: Writer) -> None:
    """Write ties inside and outside the household."""
    out.line(0, "kin:")
    out.assumed(1, "partner_gap", 24, 12, 36, "months", "husband's age less wife's")
    out.assumed(1, "partner_gap_spread", 36, 24, 60, "months")
    out.assumed(1, "mother_gap", 312, 288, 348, "months", "mother's age at a birth")
    out.assumed(1, "mother_gap_spread", 52, 40, 70, "months")
    out.assumed(1, "sibling_gap", 42, 30, 60, "months")
    out.assumed(1, "single_parents_female", 0.78, 0.65, 0.9, "share")
    out.assumed(1, "spouses_apart", 0.55, 0.3, 0.75, "share", "of those of 26 to 65 without a partner at home who look for one elsewhere")
    out.shares(1, "at_home", {"0-14": 1.0, "15-17": 0.8, "18-24": 0.5, "25-29": 0.35, "30-39": 0.2, "40-104": 0.04})
    out.shares(1, "in_collective", {"0-14": 0.01, "15-17": 0.35, "18-24": 0.5, "25-29": 0.2, "30-49": 0.07, "50-104": 0.03})
    out.shares(1, "paired_without_children",
               {"0-19": 0.0, "20-29": 0.25, "30-39": 0.4, "40-49": 0.6, "50-59": 0.85, "60-69": 0.8, "70-79": 0.6, "80-104": 0.25})
    out.shares(1, "children_ever", {"0-49": 1.5, "50-64": 1.8, "65-104": 2.8}, "children", 0.25)
    out.assumed(1, "parents_elsewhere", 0.75, 0.5, 0.95, "share", "of adults without parents at home, who look for living parents")
    out.assumed(1, "far", 0.25, 0.1, 0.4, "share", "of those, whose parents live in another part of the country")


def education(out: Writer, county: bool) -> None:
    """Write education by age (of those under 18: what they will reach) and its totals."""
    out.line(0, "education:")
    out.line(1, "totals:")
    for key, code in (("tertiary", "P323"), ("senior", "P324"), ("junior", "P325"), ("primary", "P326")):
        out.published(2, key, code, borrowed=county)
    out.line(1, "bands:")
    for band, values in {
        "0-17": (0.002, 0.01, 0.2, 0.268, 0.52), "18-24": (0.003, 0.02, 0.26, 0.25, 0.467),
        "25-34": (0.004, 0.06, 0.39, 0.2, 0.346), "35-44": (0.008, 0.12, 0.5, 0.17, 0.202),
        "45-54": (0.02, 0.24, 0.52, 0.13, 0.09), "55-64": (0.05, 0.35, 0.4, 0.16, 0.04), "65-74": (0.12, 0.48, 0.27, 0.09, 0.04),
        "75-104": (0.3, 0.47, 0.14, 0.06, 0.03),
    }.items():  # fmt: skip
        out.shares(2, band, dict(zip(("none", "primary", "junior", "senior", "tertiary"), values, strict=True)))
    out.assumed(1, "urban_tilt", 1.35, 1.1, 1.8, "odds per level")


def work(out: Writer, county: bool) -> None:
    """Write employment, firms, officials and drivers."""
    out.line(0, "work:")
    for key, code in (("employed", "P407"), ("in_entities", "P408"), ("self_employed", "P409"), ("unemployment", "P403"),
                      ("enterprises", "P411"), ("micro", "P421"), ("small", "P422"), ("medium", "P423"),
                      ("private_share", "P418"), ("state_owned", "P419"), ("foreign", "P420")):  # fmt: skip
        out.published(1, key, code, borrowed=county)
    out.assumed(1, "large", 36000, 20000, 60000, "entities", "about 0.2 per cent of enterprises")
    out.assumed(1, "public_sector", 57000000, 45000000, 75000000, "persons", "departments and institutions")
    out.assumed(1, "officials", 7200000, 6000000, 12000000, "persons", "civil servants")
    out.shares(1, "mean_size", {"micro": 5.0, "small": 32.0, "medium": 260.0, "large": 1900.0}, "persons")
    out.line(1, "sectors:")
    for key, code in (("trade", "P415"), ("manufacturing", "P416"), ("business_services", "P417")):
        out.published(2, key, code, borrowed=county)
    out.line(1, "bands:")
    names = ("employee", "self_employed", "farmer", "public", "unemployed", "not_in_labour_force", "retired")
    for band, values in {
        "urban-female-16-24": (0.6, 0.1, 0.025, 0.025, 0.125, 0.125, 0),
        "urban-male-16-24": (0.6667, 0.119, 0.0238, 0.0238, 0.119, 0.0476, 0),
        "urban-female-25-49": (0.48, 0.16, 0.04, 0.07, 0.04, 0.21, 0),
        "urban-male-25-49": (0.6, 0.18, 0.04, 0.09, 0.04, 0.05, 0),
        "urban-female-50-59": (0.2, 0.1, 0.06, 0.02, 0.02, 0.2, 0.4),
        "urban-male-50-59": (0.5, 0.16, 0.07, 0.1, 0.03, 0.08, 0.06),
        "urban-female-60-104": (0.02, 0.03, 0.06, 0, 0, 0.09, 0.8),
        "urban-male-60-104": (0.05, 0.05, 0.08, 0.01, 0, 0.06, 0.75),
        "rural-female-16-24": (0.4, 0.1, 0.24, 0.01, 0.04, 0.21, 0),
        "rural-male-16-24": (0.5, 0.1154, 0.25, 0.0096, 0.0385, 0.0865, 0),
        "rural-female-25-49": (0.22, 0.11, 0.42, 0.03, 0.01, 0.21, 0),
        "rural-male-25-49": (0.32, 0.13, 0.44, 0.03, 0.01, 0.07, 0),
        "rural-female-50-59": (0.08, 0.08, 0.62, 0.01, 0, 0.2, 0.01),
        "rural-male-50-59": (0.18, 0.1, 0.6, 0.03, 0, 0.08, 0.01),
        "rural-female-60-104": (0.01, 0.02, 0.4, 0, 0, 0.17, 0.4),
        "rural-male-60-104": (0.02, 0.04, 0.5, 0, 0, 0.09, 0.35),
    }.items():  # fmt: skip
        out.shares(2, band, dict(zip(names, values, strict=True)))
    out.line(0, "drivers:")
    for key, code in (("licensed", "P451"), ("share_female", "P452"), ("share_26_50", "P453")):
        out.published(1, key, code, borrowed=county)
    out.assumed(1, "share_18_25", 10, 6, 14, "percent")


def income_and_friends(out: Writer, county: bool) -> None:
    """Write income, traits and friends."""
    out.line(0, "income:")
    out.line(1, "quintiles:")
    for quintile in range(5):
        out.published(2, str(quintile), f"P{380 + quintile}", borrowed=county)
    out.published(1, "gini", "P385", borrowed=county)
    out.published(1, "urban", "P398", borrowed=county)
    out.published(1, "rural", "P399", borrowed=county)
    out.assumed(1, "lowest", 1200, 0, 3000, "yuan")
    out.assumed(1, "urban_effect", 1.15, 0.5, 2, "standard deviations of luck", "chosen so that the urban-rural ratio comes out")
    out.assumed(1, "education_effect", 0.45, 0.2, 0.9, "standard deviations of luck per level")
    out.line(0, "minority:")
    out.published(1, "persons", "P322", borrowed=county)
    out.line(0, "traits:")
    out.assumed(1, "means_follow_income", 0.6, 0.3, 0.8, "share", "of persons whose buffer has the rank of their income")
    out.line(0, "friends:")
    out.shares(1, "started", {"0": 0.14, "1": 0.22, "2": 0.23, "3": 0.17, "4": 0.11, "5": 0.06, "6": 0.04, "8": 0.03})
    out.assumed(1, "same_place", 0.6, 0.4, 0.8, "share", "of ties between persons of one place and similar age")
    out.assumed(1, "same_education", 0.25, 0.1, 0.4, "share", "of ties between persons of similar education and age nearby")
    out.assumed(1, "least_age", 6, 3, 12, "years")
    out.assumed(1, "reach", 12, 4, 40, "persons", "how far down the ordered list a friend is sought; sets clustering")


def demography(out: Writer, county: bool) -> None:
    """Write deaths, births, weddings, divorces and moves."""
    out.line(0, "demography:")
    ages = ("0-0", "1-4", "5-14", "15-24", "25-34", "35-44", "45-54", "55-59", "60-64", "65-69", "70-74", "75-79", "80-84", "85-89",
            "90-94", "95-124")  # fmt: skip
    male = (6, 0.5, 0.3, 0.5, 0.8, 1.6, 3.8, 7.5, 12, 19, 33, 57, 95, 155, 235, 350)
    female = (5, 0.4, 0.2, 0.2, 0.3, 0.7, 1.7, 3.4, 5.8, 10.5, 20, 38, 70, 125, 205, 330)
    for key, values in (("deaths_male", male), ("deaths_female", female)):
        out.shares(1, key, dict(zip(ages, values, strict=True)), "per 1,000 persons and year, before scaling to the year's deaths", 0.25)
    out.line(1, '"births_in_marriage":')
    for band, value in {"15-19": 150.0, "20-24": 270.0, "25-29": 235.0, "30-34": 125.0, "35-39": 50.0, "40-44": 10.0, "45-49": 1.0}.items():
        out.assumed(2, band, value, round(value * 0.7, 3), round(value * 1.3, 3), "per 1,000 wives and year", "scaled to each year's births")
    out.shares(1, "births_by_children", {"0": 1.45, "1": 0.62, "2": 0.22, "3": 0.05}, "factor")
    out.published(1, "sex_ratio_at_birth", "P006")
    out.published(1, "marriage_age_men", "P376")
    out.published(1, "marriage_age_women", "P377")
    out.shares(1, "weddings_by_age", {"20-24": 0.5, "25-29": 1.0, "30-34": 0.8, "35-39": 0.4, "40-49": 0.15, "50-59": 0.03}, "factor")
    out.shares(1, "divorces_by_age", {"20-24": 0.7, "25-29": 1.0, "30-34": 1.25, "35-39": 1.15, "40-49": 0.9, "50-59": 0.35}, "factor")
    out.assumed(1, "moves", 0.02, 0.01, 0.05, "share of households a year", "to another place; one move in the horizon")
    out.assumed(1, "moves_within_province", 0.67, 0.5, 0.8, "share")
    out.assumed(1, "leaves_home", 0.06, 0.02, 0.12, "chance a year", "of persons of 18 to 29 who live with a parent and have no partner")
    for name, years in RATES.items():
        rates(out, name, years, county)


def rates(out: Writer, name: str, years: dict[str, tuple[float, str, str, str]], county: bool) -> None:
    """Write a table of yearly rates per 1,000 persons; for one county the country's rates are an assumption."""
    out.line(1, f'"{name}":')
    for year, (value, grade, words, note) in years.items():
        ranged = grade in ("estimated", "assumed")
        low, high = words.split() if ranged else (f"{value * 0.75:.3g}", f"{value * 1.25:.3g}")
        source = "" if grade == "assumed" else f', source: "{note if ranged else words}"'
        if county:
            grade, ranged, note = "assumed", True, "the figure for the whole country"
        text = f", range: [{low}, {high}]" if ranged else ""
        more = f', note: "{note}"' if note and grade == "assumed" else ""
        when = year if year.isdigit() else "2026"
        out.line(2, f'"{year}": {{value: {value}, unit: "per 1,000 persons and year", year: {when}, evidence: {grade}{source}{text}{more}}}')


def write(table: list[dict[str, str]], county: bool) -> str:
    """Write one spec."""
    out = Writer(table)
    names = ["Shandong"] if county else [r["geography"] for r in table if r["quantity"] == "population" and r["geography"] != "China"]
    out.line(0, "# Generated by scripts/make_world_specs.py from population.csv; change the script, not this file.")
    out.line(0, "schema: 1")
    out.line(0, "name: county" if county else "name: china-2020")
    out.line(0, "title: One county of Rongcheng's kind, Shandong" if county else "title: China as the census of 2020 counted it")
    out.line(0, "kind: society\nstart: 2020-11")
    out.line(0, "match_country: false" if county else "match_country: true")
    provinces(out, names, county)
    population(out, county)
    kin(out)
    education(out, county)
    work(out, county)
    income_and_friends(out, county)
    demography(out, county)
    return "\n".join(out.lines) + "\n"


def main() -> None:
    """Write both specs into a folder."""
    with open(sys.argv[1], encoding="utf-8", newline="") as handle:
        table = list(csv.DictReader(handle))
    folder = Path(sys.argv[2])
    for county, name in ((False, "china-2020"), (True, "county")):
        (folder / f"{name}.yaml").write_text(write(table, county), encoding="utf-8")


if __name__ == "__main__":
    main()
