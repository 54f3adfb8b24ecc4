"""What is sensed on networks and phones, taken down, hidden, praised."""

from __future__ import annotations

from ..engine.declare import Store, table
from .tables import TRUTH

VPN_USERS = Store("vpn_users", {"since": "int16"}, {}, "Persons whose posts and searches networks cannot see")
TAKEDOWNS = table("takedowns", {}, TRUTH, "What a person wrote is taken down.", event="what the person wrote is taken down")
PRAISES = table("praises", {"sincere": "uint8", "rewarded": "uint8"}, {}, "A person praises authorities where others see it; sincere or for the reward.")
VPN_FOUND = table("vpn_found", {}, {}, "A hidden connection is found and cut.", event="is found to hide a connection")
