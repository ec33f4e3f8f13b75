"""What people of the demo say about companies, texts, criteria and reports, and the amendments that members propose."""

from datetime import datetime
from functools import partial
from typing import Any
from zlib import crc32

from ..domain import amendments, discussion
from .agenda import Agenda
from .cast import Cast


def schedule(agenda: Agenda, cast: Cast, given: dict[str, Any]) -> None:
    """Note what a file of ``data/discussions`` tells."""
    for row in given.get("comments", []):
        # People write before work, at noon and in the evening; which it was, the text decides.
        minutes = crc32(row["text"].encode()) % 660 - 120
        agenda.add(agenda.at(row["days_ago"], minutes), partial(_say, agenda, cast, row))
        for login in row.get("reported_by", []):
            agenda.add(agenda.at(row["reported"]), partial(_report, agenda, cast, row, login))
        if "hidden" in row:
            agenda.add(agenda.at(row["hidden"]["days_ago"]), partial(_hide, agenda, cast, row))
    for row in given.get("amendments", []):
        agenda.add(agenda.at(row["days_ago"]), partial(_amend, agenda, cast, row))
        for decision in ("accepted", "refused"):
            if decision in row:
                agenda.add(agenda.at(row[decision]["days_ago"]), partial(_decide, agenda, cast, row, decision))


def _place(agenda: Agenda, path: str) -> Any:
    """What a path of the data names: an audit by its name there, a criterion by its code after ``#``."""
    path, _sign, code = path.partition("#")
    found = agenda.made.get(path)
    if found is None:
        found = agenda.site
        for name in path.split("/"):
            found = found[name]
    return found if not code else next(c for _key, c in found.ordered() if c.code == code)


def _slug(path: str) -> str:
    """The company a path lies in."""
    return path.split("/")[1]


def _say(agenda: Agenda, cast: Cast, row: dict[str, Any], when: datetime) -> None:
    answered = agenda.made[f"comment/{row['reply_to']}"] if "reply_to" in row else None
    actor = cast.actor(row["by"], row.get("company") or _slug(row["on"]))
    key = discussion.say(_place(agenda, row["on"]), row["text"], actor, when, in_reply_to=answered)
    if "id" in row:
        agenda.made[f"comment/{row['id']}"] = key


def _report(agenda: Agenda, cast: Cast, row: dict[str, Any], login: str, when: datetime) -> None:
    discussion.report(_place(agenda, row["on"]), agenda.made[f"comment/{row['id']}"], cast.actor(login), when)


def _hide(agenda: Agenda, cast: Cast, row: dict[str, Any], when: datetime) -> None:
    key, hidden = agenda.made[f"comment/{row['id']}"], row["hidden"]
    discussion.hide(_place(agenda, row["on"]), key, hidden["reason"], cast.actor(hidden["by"]), when)


def _amend(agenda: Agenda, cast: Cast, row: dict[str, Any], when: datetime) -> None:
    key = amendments.propose(_place(agenda, row["on"]), row["values"], row["reason"], cast.actor(row["by"]), when)
    agenda.made[f"amendment/{row['on']}/{row['by']}"] = key


def _decide(agenda: Agenda, cast: Cast, row: dict[str, Any], decision: str, when: datetime) -> None:
    criterion, staff = _place(agenda, row["on"]), cast.staff[_slug(row["on"])]
    key, answer = agenda.made[f"amendment/{row['on']}/{row['by']}"], row[decision]["answer"]
    if decision == "accepted":
        amendments.accept(criterion, key, staff, when, answer=answer)
    else:
        amendments.refuse(criterion, key, answer, staff, when)
