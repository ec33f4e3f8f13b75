"""Counting: pure functions over choices, exact, without database.

A vote is decided in two steps: did enough of the roll vote (quorum on turnout), and did enough of the valid votes cast say yes
(majority; blanks are no valid votes cast).  A tie, or no valid vote, is not passed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from ..i18n import _

CHOICES = ("for", "against", "blank")


class WrongChoice(ValueError):
    """A choice that this type of ballot does not know."""


class BallotType(Protocol):
    """What a type of ballot can do; casting and sealing are the box's."""

    def validate(self, choice: Any) -> Any:
        """The choice as it is stored.

        :raises WrongChoice: it is none
        """

    def tally(self, choices: Iterable[Any]) -> dict[str, int]:
        """The counts."""

    def is_passed(self, counts: dict[str, int], majority: Fraction) -> bool:
        """Whether the counts pass."""

    def explain(self, counts: dict[str, int], majority: Fraction) -> Any:
        """Why they pass, or why not, in a sentence for people."""


class ForAgainstBlank:
    """For, against or blank."""

    def validate(self, choice: Any) -> str:
        """One of the three words."""
        if choice not in CHOICES:
            raise WrongChoice(choice)
        return str(choice)

    def tally(self, choices: Iterable[Any]) -> dict[str, int]:
        """How many of each."""
        counts = dict.fromkeys(CHOICES, 0)
        for choice in choices:
            counts[self.validate(choice)] += 1
        return counts

    def is_passed(self, counts: dict[str, int], majority: Fraction) -> bool:
        """More than the majority of the valid votes cast said yes."""
        valid = counts["for"] + counts["against"]
        return valid > 0 and Fraction(counts["for"], valid) > majority

    def explain(self, counts: dict[str, int], majority: Fraction) -> Any:
        """How many of the valid votes cast said yes, beside the majority asked for."""
        valid = counts["for"] + counts["against"]
        named = {"yes": counts["for"], "valid": valid}
        if valid == 0:
            return _("Aucun suffrage exprimé : la proposition n’est pas adoptée.")
        if self.is_passed(counts, majority):
            return _(
                "${yes} pour sur ${valid} suffrages exprimés : c’est plus que la majorité demandée.", mapping=named
            )
        if Fraction(counts["for"], valid) == majority:
            return _(
                "${yes} pour sur ${valid} suffrages exprimés : c’est tout juste la majorité, et il fallait la dépasser.",
                mapping=named,
            )
        return _("${yes} pour sur ${valid} suffrages exprimés : c’est moins que la majorité demandée.", mapping=named)


TYPES: dict[str, BallotType] = {"for_against_blank": ForAgainstBlank()}


@dataclass(frozen=True)
class Outcome:
    """How a vote ended, all in whole numbers and exact fractions."""

    state: str  #: "adopted", "rejected" or "inquorate"
    counts: dict[str, int]
    roll: int
    turnout: int
    quorum_needed: int  #: voters it took

    @property
    def valid(self) -> int:
        """Valid votes cast: blanks are none."""
        return sum(count for choice, count in self.counts.items() if choice != "blank")


def quorum_needed(roll: int, quorum: Fraction) -> int:
    """How many must vote: the share of the roll, rounded up, and one at least.

    >>> quorum_needed(301, Fraction(1, 10))
    31
    """
    exact = roll * quorum
    return max(1, -((-exact.numerator) // exact.denominator))


def decide(
    ballot: str, choices: Iterable[Any], *, roll: int, turnout: int, quorum: Fraction, majority: Fraction
) -> Outcome:
    """Count, and say how the vote ended.

    >>> decide("for_against_blank", ["for", "blank"], roll=20, turnout=2, quorum=Fraction(1, 10), majority=Fraction(1, 2)).state
    'adopted'
    """
    kind = TYPES[ballot]
    counts = kind.tally(choices)
    needed = quorum_needed(roll, quorum)
    state = "inquorate" if turnout < needed else "adopted" if kind.is_passed(counts, majority) else "rejected"
    return Outcome(state, counts, roll, turnout, needed)
