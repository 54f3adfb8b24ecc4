"""Outcomes about cameras that compare passers-by with a watch-list."""

from __future__ import annotations

from .declare import MONTHS, PER_10000, Outcome

BASE_RATE = "driven by how few are watched; no data identify false matches of street cameras: read it as a curve over them"

OUTCOMES = (
    Outcome("alert_precision", "alerts on somebody who is on the watch-list", "per 100 alerts", ("alerts_right",), "level", "ratio", ("alerts",), 100.0,
            events=("alerts",), note=BASE_RATE),
    Outcome("stop_precision", "stops of somebody who is on the watch-list", "per 100 stops", ("stops_right",), "level", "ratio", ("stops",), 100.0,
            events=("stops",), note=BASE_RATE),
    Outcome("stopped_wrongly", "stopped for somebody else", PER_10000, ("stops_wrong",), "level", note=BASE_RATE),
    Outcome("stopped_rightly", "watched persons found", PER_10000, ("stops_right",), "level"),
    Outcome("evasion", "months spent avoiding cameras", MONTHS, ("evasion_months",), "level"),
    Outcome("evasion_cost", "what avoiding cameras costs", "yuan per 10,000 person-years", ("evasion_yuan",), "level", events=("evasion_months",),
            note="assumed"),
)  # fmt: skip
