"""What the coordinators of the demo keep beside dossiers: who looks after them, notes, texts they proposed."""

from datetime import datetime
from functools import partial
from typing import Any

from ..domain import care, suggestions
from .agenda import Agenda
from .cast import Cast
from .framework import data


def schedule(agenda: Agenda, cast: Cast) -> None:
    """Note what ``data/care.toml`` tells."""
    for row in data("care.toml")["dossiers"]:
        agenda.add(agenda.at(row["days_ago"], 200), partial(_look_after, cast, row))


def _look_after(cast: Cast, row: dict[str, Any], when: datetime) -> None:
    company, actor = cast.site["companies"][row["company"]], cast.actor(row["by"])
    care.assign(company, actor.userid, actor)
    care.note(company, row["note"], actor, when)
    if "section" in row:
        text = {"statement": row["statement"]}
        suggestions.suggest(company, row["section"], text, row["message"], actor, when)
