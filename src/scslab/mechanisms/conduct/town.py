"""Small misconduct in town that some ledgers deduct points for: dogs off the leash, unsorted rubbish, fare evasion, noise on trains."""

from __future__ import annotations

from ...base.parameters import Parameters, probability, yearly_rate
from ...engine.declare import Occasions, mechanism
from ..common import ALIVE, over_14, shares
from ..everyday import acts_of

TRAIT = "persons.conscientiousness"
KINDS = ("off_leash_dog", "unsorted_rubbish", "fare_evasion", "train_noise")


class Params(Parameters):
    dog_walks = yearly_rate("occasions to walk a dog off the leash in a way that could be recorded, per person, with a dog or not")
    off_leash_dog = probability("share of those occasions at which the least conscientious person does")
    collections = yearly_rate("occasions to hand over rubbish unsorted in a way that could be recorded")
    unsorted_rubbish = probability("share of those occasions at which the least conscientious person does")
    gates = yearly_rate("occasions to ride without paying")
    fare_evasion = probability("share of those occasions at which the least conscientious person does")
    train_rides = yearly_rate("occasions to be loud or smoke on a train so that others complain")
    train_noise = probability("share of those occasions at which the least conscientious person does")


@mechanism(
    "conduct.town",
    on=(
        Occasions("off_leash_dog", rate="dog_walks", trait=TRAIT, share=lambda p: shares(p.off_leash_dog, "falling"), able=over_14),
        Occasions("unsorted_rubbish", rate="collections", trait=TRAIT, share=lambda p: shares(p.unsorted_rubbish, "falling"), able=over_14),
        Occasions("fare_evasion", rate="gates", trait=TRAIT, share=lambda p: shares(p.fare_evasion, "falling", 2), able=over_14),
        Occasions("train_noise", rate="train_rides", trait=TRAIT, share=lambda p: shares(p.train_noise, "falling", 2), able=over_14),
    ),
    params=Params,
    reads=ALIVE,
    draws=("act",),
    emits=("acts",),
    quantities=tuple(f"conduct.{kind}" for kind in KINDS),
)
def town(batch, cols, p, luck):
    """People let dogs run, mix their rubbish, ride without paying, are loud on trains: the less conscientious more often.

    From 14 on. The occasion is met with its rate x the share x falling conscientiousness (squared for fares and trains). Who meets it acts; where
    `conduct.KIND` is below 1, only if the word `act` is below it. The cause is will.
    """
    return acts_of(batch, cols, luck, KINDS)
