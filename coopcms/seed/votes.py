"""The votes of the demo: what was proposed and by whom, who voted, and what was done of it since."""

from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from functools import partial
from random import Random
from typing import Any

from ..content.proposal import BRIEF, DAYS, MAJORITY, QUORUM
from ..domain import accounts, proposals, voting
from ..security.principals import Actor
from ..workflows import engine
from .agenda import Agenda
from .cast import Cast
from .dossiers import day_of
from .framework import data

#: The steps up to the opening, with the minutes of the day at which they are taken; where a row does not name the day, it is
#: that of the step before.
_WAY = {"submitted": ("submit", 20), "discussed": ("discuss", 75), "opened": ("open", 120)}


def schedule(agenda: Agenda, cast: Cast) -> None:
    """Note what ``data/votes.toml`` tells."""
    for row in data("votes.toml")["votes"]:
        _Vote(agenda, cast, row).schedule()


class _Vote:
    """One vote of the data; each method is a step of it."""

    def __init__(self, agenda: Agenda, cast: Cast, given: dict[str, Any]) -> None:
        self.agenda, self.cast, self.given = agenda, cast, given

    @property
    def proposal(self) -> Any:
        return self.cast.site["proposals"][self.given["name"]]

    @property
    def author(self) -> Actor:
        return self.cast.actor(self.given.get("by", "coordinator"))

    def schedule(self) -> None:
        """Note what the data says of this vote."""
        given, agenda = self.given, self.agenda
        agenda.add(agenda.at(given["proposed"]), self._propose)
        for days_ago, transition, minutes in self._way():
            agenda.add(agenda.at(days_ago, minutes), partial(self._fire, transition, {}))
        if "ballots" in given:
            # A ballot keeps no time: all are cast at one moment in the course of the vote.
            agenda.add(agenda.at(given["opened"], 240), self._cast)
        for step, transition in (("cancelled", "cancel"), ("withdrawn", "withdraw")):
            if step in given:
                agenda.add(agenda.at(given[step]["days_ago"], 95), partial(self._fire, transition, given[step]))
        if "milestones" in given:
            ended = given["opened"] - given.get("days", DAYS)
            agenda.add(agenda.at(ended - 2, 40), self._plan)
            for number, milestone in enumerate(given["milestones"]):
                if "done" in milestone:
                    agenda.add(agenda.at(milestone["done"], 50), partial(self._tick_off, number))
        if "implemented" in given:
            agenda.add(agenda.at(given["implemented"], 30), partial(self._fire, "implement", {}))

    def _way(self) -> Iterator[tuple[int, str, int]]:
        """Days, transitions and minutes of the steps that were taken."""
        taken = [step for step in _WAY if step in self.given]
        days_ago = self.given["proposed"]
        for step in list(_WAY)[: list(_WAY).index(taken[-1]) + 1 if taken else 0]:
            days_ago = self.given.get(step, days_ago)
            yield (days_ago, *_WAY[step])

    def _propose(self, when: datetime) -> None:
        given, company = self.given, self.cast.site["companies"][self.given["company"]]
        named = [path.split("/") for path in given.get("versions", [])]
        made = proposals.propose(
            self.cast.site,
            given["kind"],
            given["title"],
            given["text"],
            self.author,
            when,
            company=company,
            versions=[company["specifications"][name][number] for name, number in named],
            description=given["description"],
            brief={name: given.get(name, "") for name in BRIEF},
            name=given["name"],
        )
        proposals.set_rules(
            made,
            self.author,
            when,
            days=given.get("days", DAYS),
            secret=given.get("secret", True),
            quorum=Fraction(given.get("quorum", QUORUM)),
            majority=Fraction(given.get("majority", MAJORITY)),
            opens_on=day_of(self.agenda, given["opens_on"]) if "opens_on" in given else None,
        )

    def _fire(self, transition: str, step: dict[str, Any], when: datetime) -> None:
        engine.fire(self.proposal, transition, self.author, when, comment=step.get("comment", ""))

    def _cast(self, when: datetime) -> None:
        """As many ballots of each kind as the data says, by members drawn from the roll."""
        choices = [choice for choice, count in self.given["ballots"].items() for _number in range(count)]
        chance = Random(self.given["name"])  # noqa: S311 - no secret
        chance.shuffle(choices)
        for actor, choice in zip(self._voters(chance, len(choices)), choices, strict=True):
            voting.cast(self.proposal, choice, actor, when)

    def _voters(self, chance: Random, count: int) -> list[Actor]:
        """Members on the roll: those who always vote here, and others drawn, in the order of their numbers."""
        given, roll = self.given, self.proposal.roll
        entitled = [
            account
            for oid in self.cast.site["members"].numbers.values()
            if oid in roll and (account := accounts.by_id(self.cast.site, oid)) is not None
        ]
        named = [account for account in entitled if account.__name__ in given.get("always", [])]
        apart = {*given.get("always", []), *given.get("never", [])}
        others = [account for account in entitled if account.__name__ not in apart]
        return [accounts.actor_of(account) for account in (*named, *chance.sample(others, count - len(named)))]

    def _plan(self, when: datetime) -> None:
        for milestone in self.given["milestones"]:
            proposals.follow(self.proposal, set(), milestone["title"], self.author, when)

    def _tick_off(self, number: int, when: datetime) -> None:
        done = {place for place, milestone in enumerate(self.proposal.milestones) if milestone["done"]}
        proposals.follow(self.proposal, done | {number}, "", self.author, when)
