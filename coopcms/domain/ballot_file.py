"""The published file of a vote: made at the closing, recounted by whoever wants to, from the file alone.

JSON with exact fractions as text ("1/10"), ballots in the order of their trackers, and a SHA-256 over the canonical form
(RFC 8785) of everything but the hash itself.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import rfc8785

from .tally import TYPES, WrongChoice, decide

FORMAT = "coopcms-ballots-1"
#: What a file holds, besides the ballots and the hash.
_FIELDS = {"format", "proposal", "rules", "result", "ballots", "sha256"}
_RULES = {"ballot", "secret", "quorum", "majority", "opened", "ends"}
_RESULT = {"state", "counts", "roll", "turnout", "quorum_needed"}
_PROPOSAL = {"path", "title", "kind"}
#: An exact fraction as ``str(Fraction)`` writes it, of a size that is counted with at once: "1e999999999" would be one, too.
_FRACTION = re.compile(r"(0|[1-9][0-9]{0,17})(/[1-9][0-9]{0,17})?")

#: A time in UTC, as the rules write it.
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


def make(
    proposal: dict[str, str], rules: dict[str, Any], ballots: list[tuple[str, Any]], roll: int, turnout: int
) -> dict[str, Any]:
    """The file of a vote that ended; ``ballots`` are (tracker, choice) pairs."""
    listed = [{"tracker": tracker, "choice": choice} for tracker, choice in sorted(ballots)]
    outcome = decide(
        rules["ballot"],
        (ballot["choice"] for ballot in listed),
        roll=roll,
        turnout=turnout,
        quorum=Fraction(rules["quorum"]),
        majority=Fraction(rules["majority"]),
    )
    content = {
        "format": FORMAT,
        "proposal": proposal,
        "rules": rules,
        "result": {
            "state": outcome.state,
            "counts": outcome.counts,
            "roll": outcome.roll,
            "turnout": outcome.turnout,
            "quorum_needed": outcome.quorum_needed,
        },
        "ballots": listed,
    }
    return {**content, "sha256": digest(content)}


def digest(content: dict[str, Any]) -> str:
    """The SHA-256 of the canonical JSON, without the hash, in hexadecimal."""
    return hashlib.sha256(rfc8785.dumps({k: v for k, v in content.items() if k != "sha256"})).hexdigest()


def read(text: bytes) -> Any:
    """What a file says.

    :raises ValueError: it is no JSON, or one of its objects says something twice, of which readers take one or the other
    """

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise ValueError("a name stands twice")
        return found

    try:
        return json.loads(text, object_pairs_hook=once)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def problems(content: Any) -> Iterator[str]:
    """Everything in which a file does not agree with itself, each in a sentence; none means that it verifies."""
    shape = list(_shape(content))
    if shape:
        yield from shape
        return
    try:
        if digest(content) != content["sha256"]:
            yield "The hash is not that of the content: something was changed after the file was made."
    except (rfc8785.CanonicalizationError, ValueError, RecursionError) as error:
        yield f"The content has no canonical form: {error}."
        return
    trackers = [ballot["tracker"] for ballot in content["ballots"]]
    if len(set(trackers)) != len(trackers):
        yield "A tracker stands twice: a ballot was counted twice."
    if trackers != sorted(trackers):
        yield "The ballots are not in the order of their trackers."
    yield from _count(content)


def _count(content: dict[str, Any]) -> Iterator[str]:
    """Count again, and compare."""
    rules, result, ballots = content["rules"], content["result"], content["ballots"]
    if len(ballots) != result["turnout"]:
        yield f"There are {len(ballots)} ballots for a turnout of {result['turnout']}."
    if result["turnout"] > result["roll"]:
        yield "More voted than were on the roll."
    try:
        outcome = decide(
            rules["ballot"],
            (ballot["choice"] for ballot in ballots),
            roll=result["roll"],
            turnout=result["turnout"],
            quorum=Fraction(rules["quorum"]),
            majority=Fraction(rules["majority"]),
        )
    except WrongChoice as error:
        yield f"A ballot says {ascii(error.args[0])}, which this vote does not know."
        return
    for name in ("state", "counts", "quorum_needed"):
        if result[name] != getattr(outcome, name):
            yield f"The file says {name} {ascii(result[name])}; counted again it is {getattr(outcome, name)!r}."


def _shape(content: Any) -> Iterator[str]:
    """What makes it no file of ours at all."""
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        yield "This is not a file of ballots."
        return
    if set(content) != _FIELDS:
        yield f"Fields are missing or unknown: {', '.join(map(ascii, sorted(set(content) ^ _FIELDS)))}."
        return
    proposal, rules, result, ballots = content["proposal"], content["rules"], content["result"], content["ballots"]
    if not _is_record(proposal, _PROPOSAL) or not all(isinstance(value, str) for value in proposal.values()):
        yield "The proposal cannot be read."
    if not _is_record(rules, _RULES) or rules["ballot"] not in list(TYPES) or type(rules["secret"]) is not bool:
        yield "The rules of the vote cannot be read."
    elif not all(_is_fraction(rules[name]) for name in ("quorum", "majority")):
        yield "Quorum or majority is no fraction from 0 to 1."
    elif not all(isinstance(rules[name], str) and _MOMENT.fullmatch(rules[name]) for name in ("opened", "ends")):
        yield "Opening or end of the vote is no time in UTC."
    if not _is_record(result, _RESULT) or not isinstance(result["counts"], dict):
        yield "The result cannot be read."
    elif not all(
        map(_is_count, (result["roll"], result["turnout"], result["quorum_needed"], *result["counts"].values()))
    ):
        yield "The numbers of the result cannot be read."
    if not isinstance(ballots, list) or not all(
        _is_record(ballot, {"tracker", "choice"}) and isinstance(ballot["tracker"], str) for ballot in ballots
    ):
        yield "The ballots cannot be read."


def _is_record(value: Any, names: set[str]) -> bool:
    return isinstance(value, dict) and set(value) == names


def _is_count(value: Any) -> bool:
    return type(value) is int and value >= 0  # True and 1.0 equal 1, and are no counts


def _is_fraction(text: Any) -> bool:
    return isinstance(text, str) and _FRACTION.fullmatch(text) is not None and Fraction(text) <= 1
