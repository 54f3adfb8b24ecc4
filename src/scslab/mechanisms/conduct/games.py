"""Video games: long hours, which are lawful, and cheating, which breaks the rules of the game. Some ledgers are said to deduct for either."""

from __future__ import annotations

from ...base.parameters import Parameters, probability, yearly_rate
from ...engine.declare import Occasions, mechanism
from ..common import ALIVE, over_14, shares
from ..everyday import acts_of

TRAIT = "persons.conscientiousness"
KINDS = ("gaming", "game_cheating")


class Params(Parameters):
    evenings = yearly_rate("occasions to play for so long that a platform could call it excessive")
    gaming = probability("share of those occasions that the least conscientious person takes")
    matches = yearly_rate("occasions to cheat in a game so that its provider notices")
    game_cheating = probability("share of those occasions that the least conscientious person takes")


@mechanism(
    "conduct.games",
    on=(
        Occasions("gaming", rate="evenings", trait=TRAIT, share=lambda p: shares(p.gaming, "falling"), able=over_14),
        Occasions("game_cheating", rate="matches", trait=TRAIT, share=lambda p: shares(p.game_cheating, "falling", 2), able=over_14),
    ),
    params=Params,
    reads=ALIVE,
    draws=("act",),
    emits=("acts",),
    quantities=tuple(f"conduct.{kind}" for kind in KINDS),
)
def games(batch, cols, p, luck):
    """Some play for long hours, a few cheat.

    From 14 on. The occasion is met with its rate x the share x falling conscientiousness (squared for cheating). Who meets it acts; where
    `conduct.KIND` is below 1, only if the word `act` is below it. The cause is will.
    """
    return acts_of(batch, cols, luck, KINDS)
