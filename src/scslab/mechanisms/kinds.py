"""The shared vocabulary of mechanisms: kinds of acts, sensors, causes, faults, measures, grounds. Codes are fixed by position."""

from __future__ import annotations

from ..base.parameters import Domain

KIND = Domain(
    "kind",
    (
        "none", "traffic_violation", "drunk_driving", "hit_and_run", "jaywalking", "not_yielding", "littering", "missed_payment",
        "unperformed_judgment", "volunteering", "donation", "heroic_act", "critical_post", "petition", "worship", "assembly", "offence",
        "refusal_to_perform", "evasion", "breach_of_limits", "false_claim",
        "illness", "job_loss", "loan_application", "school_application", "post_application", "air_trip", "rail_trip",
        "off_leash_dog", "unsorted_rubbish", "fare_evasion", "train_noise", "elder_neglect", "benefit_fraud", "unpaid_bill", "counterfeiting",
        "birth_plan_violation", "party_warning", "gaming", "game_cheating", "blood_donation", "lost_property", "litter_collected",
        "stem_cell_donation", "media_praise", "investment_award", "national_award", "passing", "displaced", "market_offer", "helper_offer",
        "platform_offer", "tie_review", "dating_wish", "encounter",
        "sector_matter", "tax_evasion", "smuggling", "pollution", "unsafe_food", "wage_arrears", "market_abuse", "unruly_flight",
        "train_smoking", "tourist_misconduct", "overloading", "power_theft", "research_fraud", "charity_fraud", "hospital_disturbance",
        "nomination",
        "firm_filing", "firm_tax", "firm_pollution", "firm_goods", "firm_counterfeit", "firm_wages", "firm_report", "firm_debt",
        "firm_month", "firm_rumour", "firm_tender", "firm_loan", "firm_exit", "dismissal",
        "breach", "inside_job", "favour", "snooping", "leak",
        "association",
        "grudge", "scan", "sensitive_search", "vpn_use", "vpn_offer", "praise", "custom",
        "pretext_claim", "news_of_harm",
        "public_call", "norm_breach", "contagion", "contagion_start",
    ),
)  # fmt: skip
"""What a person may do. New kinds are appended, never inserted: codes are part of every id."""

PROTECTED = ("critical_post", "petition", "worship", "assembly")
"""Protected conduct: constitution of the PRC art. 35, 36, 41; UDHR 18-20."""

GOOD_DEEDS = (
    "volunteering", "donation", "heroic_act", "blood_donation", "lost_property", "litter_collected", "stem_cell_donation", "media_praise",
    "investment_award", "national_award",
)  # fmt: skip

PRAISED = (*GOOD_DEEDS, "nomination")
"""Kinds of records that put a person on a list of the praised."""

SECTORS = (
    "tax_evasion", "smuggling", "pollution", "unsafe_food", "wage_arrears", "market_abuse", "unruly_flight", "train_smoking",
    "tourist_misconduct", "overloading", "power_theft", "research_fraud", "charity_fraud", "hospital_disturbance",
)  # fmt: skip
"""Breaches of the rules of a trade or place, each the business of one agency; `sector_matter` is the occasion for any of them."""

CATALOGUE = (
    "off_leash_dog", "unsorted_rubbish", "fare_evasion", "train_noise", "elder_neglect", "benefit_fraud", "unpaid_bill", "counterfeiting",
    "birth_plan_violation", "party_warning", "gaming", "game_cheating", "blood_donation", "lost_property", "litter_collected",
    "stem_cell_donation", "media_praise", "investment_award", "national_award",
)  # fmt: skip
"""Everyday conduct that only some ledgers look at: it is left out of runs in which no sensor of any arm does."""

LAWFUL_ON_DEMAND = ("custom", "sensitive_search")
"""Lawful conduct that only some rules look at; left out of runs in which no sensor of any arm does."""

FIRM_BREACHES = ("firm_filing", "firm_tax", "firm_pollution", "firm_goods", "firm_counterfeit", "firm_wages", "firm_report", "firm_debt")
"""Breaches of firms: a late filing, tax not paid, pollution, unsafe goods, counterfeits, wages not paid, no annual report, a judgment not performed."""

CAUSE = Domain("cause", ("none", "will", "negligence", "illness", "job_loss", "disaster", "pretext"))
"""Why an act happened, or a debt arose (truth); pretext = claimed on another ground, because of protected conduct."""

EXCUSED = ("illness", "job_loss", "disaster")

FAULT = Domain("fault", ("sound", "fabricated", "misattributed", "mislinked", "stale", "tampered", "grudge"))
"""What is wrong with an observation or record (truth): fabricated, tampered, grudge = no act behind it; misattributed, mislinked = somebody else's act."""

UNSOUND_FAULTS = FAULT.names[1:]
"""Faults that a look at the file may find."""

SENSOR = Domain("sensor", ("none", "police", "camera", "court", "platform", "self_report", "informer", "inspection", "bank", "hospital", "insider"))

SETTING = Domain("setting", ("rural", "urban"))
"""Index of `places.urban`."""

RELATION = Domain("relation", ("partner", "parent", "child", "sibling"))

BASIS = Domain("basis", ("own", "kin", "associate", "firm"))

MEASURE = Domain(
    "measure",
    (
        "air", "high_speed_rail", "hotel", "property", "credit", "private_school", "public_job", "shaming", "honours", "close_review",
        "fast_lane", "deposit_free", "heating_discount", "cash_reward", "licence_suspended",
        "soft_sleeper", "tours", "exit_ban", "luxury", "car", "insurance_price", "loan_price", "deposit_demanded", "officer_post", "promotion",
        "trade_licence", "procurement", "subsidies", "securities", "customs_checks", "inspections", "tax_checks", "school_place",
        "hospital_place", "internet_speed",
        "cheaper_loan", "cheaper_insurance", "fewer_inspections", "procurement_points", "hospital_no_deposit", "health_check",
        "transit_discount", "scenic_discount", "visa_lane", "school_priority", "tax_relief", "publicity",
    ),
)  # fmt: skip
"""Restrictions and perks that a listing or grade can bring; bit positions in masks."""

PERKS = (
    "fast_lane", "deposit_free", "heating_discount", "cash_reward", "cheaper_loan", "cheaper_insurance", "fewer_inspections",
    "procurement_points", "hospital_no_deposit", "health_check", "transit_discount", "scenic_discount", "visa_lane", "school_priority",
    "tax_relief", "publicity",
)  # fmt: skip

GROUND = Domain(
    "ground",
    (
        "none", "term_over", "performed", "settlement", "unable", "early_deletion", "overturned", "corrected", "repaired", "amnesty",
        "rule_ended", "died", "below_cut", "misconduct",
        "restored", "erased",
    ),
)  # fmt: skip
"""Why a listing or record ends."""

PAYMENT = Domain("payment", ("voluntary", "under_pressure", "seized", "by_kin", "by_new_debt"))

CHANNEL = Domain("channel", ("notice", "refusal", "inquiry", "end"))
"""How a person learns of a listing."""

QUINTILE = Domain("quintile", ("lowest", "second", "middle", "fourth", "highest"))
"""Index of `persons.quintile`."""

STAGE = Domain("stage", ("overdue", "judged"))
"""How far the recovery of a debt has come."""

TRUST = Domain("trust channel", ("own_sanction", "kin_sanction", "wrongful", "notice", "perk", "shaming", "denounced", "suspicion", "news"))
"""What may move a person's trust in institutions and in others."""
