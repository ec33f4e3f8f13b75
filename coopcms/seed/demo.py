"""The demo content: built through the domain, with its dates in the past, the same for a given day."""

from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

from ..domain import outbox
from . import care, discussions, dossiers, members, verification, votes
from .agenda import Agenda, Progress, as_they_are
from .cast import ACCOUNTS as ACCOUNTS
from .cast import PASSWORD as PASSWORD
from .cast import Demo as Demo
from .cast import introduce
from .framework import data, found_framework

#: Days before that of the demo at which its cooperative was founded: before its first company and its first body.
_FOUNDED = 760


class NotEmpty(Exception):
    """The database has content already; the message says so."""


def fill(site: Any, day: datetime, progress: Progress = as_they_are) -> dict[str, int]:
    """Fill an empty site, as seen at noon of a day (aware, UTC); in the running transaction.

    What the content tells happened at hours of its days, before and after votes were counted: at another hour it does not go
    together.

    :raises NotEmpty: the site has content or accounts
    """
    if len(site["companies"]) or len(site["principals"]["users"]):
        raise NotEmpty("The database has content already; the demo content is only for an empty one.")
    day = day.replace(hour=12, minute=0, second=0, microsecond=0)
    site.is_demo = True
    site["framework"].remove("1")
    found_framework(site, day - timedelta(days=_FOUNDED))
    cast = introduce(site, day)
    agenda = Agenda(site, day)
    members.schedule(agenda, cast)
    companies = _names("companies")
    for name in companies:
        dossiers.schedule(agenda, cast, data(f"companies/{name}"))
    for name in _names("verification"):
        verification.schedule(agenda, cast, data(f"verification/{name}"))
    votes.schedule(agenda, cast)
    for name in _names("discussions"):
        discussions.schedule(agenda, cast, data(f"discussions/{name}"))
    care.schedule(agenda, cast)
    agenda.run(progress)
    outbox.forget_everything(site)
    return {
        "companies": len(companies),
        "members": len(site["members"].standing),
        "proposals": len(site["proposals"]),
        "accounts": len(site["principals"]["users"]),
    }


def _names(folder: str) -> list[str]:
    """The files of a folder of the data, in an order that does not change."""
    return sorted(f.name for f in (files(__package__) / "data" / folder).iterdir() if f.name.endswith(".toml"))
