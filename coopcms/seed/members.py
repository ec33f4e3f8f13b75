"""Members of the demo: who joined when, with how many shares, who subscribed more, and who left."""

import unicodedata
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from random import Random
from typing import Any

from ..content.member import Member
from ..domain import accounts, members, registers
from .agenda import Agenda
from .cast import Cast
from .framework import data

#: How many shares people take at one euro each, and how often.
_SHARES = {1: 34, 2: 8, 5: 16, 10: 18, 20: 10, 50: 7, 100: 5, 200: 1, 500: 1}
_CATEGORIES = {"consumers": 88, "employees": 6, "honorary": 6}
#: One in so many subscribes more shares later; those who left, by the order in which they came.
_EVERY, _LEFT = 11, {64: 212, 151: 97}
#: The days before that of the demo on which founders and everybody else joined.
_FOUNDING, _FIRST, _LAST = (758, 745), 740, 18


def schedule(agenda: Agenda, cast: Cast) -> None:
    """Note who joins, subscribes and leaves."""
    given = data("members.toml")
    # No two at one moment: the register numbers those by keys made at random.
    for number, row in enumerate(given["known"]):
        minutes = 15.5 + number
        agenda.add(agenda.at(row["days_ago"], minutes), partial(_join, cast, row))
        for more in row.get("more", []):
            agenda.add(agenda.at(more["days_ago"], minutes), partial(_subscribe, cast, row["login"], more["shares"]))
    for number, row in enumerate(_invented(given, {account.title for account in cast.everybody()})):
        minutes = 17 * number % 480
        agenda.add(agenda.at(row["days_ago"], minutes), partial(_join, cast, row))
        if number in _LEFT:
            agenda.add(agenda.at(_LEFT[number], minutes), partial(_leave, cast, row["login"]))
        elif number % _EVERY == 0 and row["days_ago"] > 60:
            agenda.add(
                agenda.at(row["days_ago"] // 2, minutes), partial(_subscribe, cast, row["login"], 10 + number % 5)
            )


def _invented(given: dict[str, Any], taken: set[str]) -> Iterator[dict[str, Any]]:
    """The members that nobody can log in as, in the order in which they came."""
    chance = Random("members")  # noqa: S311 - no secret
    count, founders = given["total"] - len(given["known"]), given["founders"]
    names = [f"{first} {last}" for first in given["first"] for last in given["last"]]
    chosen = [name for name in chance.sample(names, count + len(taken)) if name not in taken][:count]
    # More came lately than at the beginning: the square root thins out the first days.
    days = [_LAST + round((_FIRST - _LAST) * (1 - chance.random() ** 0.7)) for _name in chosen[founders:]]
    came = sorted((*(chance.randint(*reversed(_FOUNDING)) for _name in chosen[:founders]), *days), reverse=True)
    for number, (name, days_ago) in enumerate(zip(chosen, came, strict=True)):
        yield {
            "login": _login(name),
            "name": name,
            "days_ago": days_ago,
            "category": "founders" if number < founders else _weighed(chance, _CATEGORIES),
            "shares": _weighed(chance, _SHARES),
        }


def _weighed(chance: Random, weights: dict[Any, int]) -> Any:
    return chance.choices(list(weights), list(weights.values()))[0]


def _login(name: str) -> str:
    """A name as people write it in an address."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return plain.replace(" ", ".")


def _join(cast: Cast, row: dict[str, Any], when: datetime) -> None:
    site, login = cast.site, row["login"]
    if "name" in row:
        accounts.create(site, login, row["name"], f"{login}@exemple.example")
    account, coordinator = cast.account(login), cast.actor("coordinator")
    members.admit(site, account, coordinator, when, shares=row["shares"], category=row["category"])


def _member(cast: Cast, login: str) -> Member:
    found = members.member_of(cast.site, cast.actor(login))
    assert found is not None
    return found


def _subscribe(cast: Cast, login: str, shares: int, when: datetime) -> None:
    registers.subscribe(cast.site, _member(cast, login), shares, cast.actor("coordinator"), when)


def _leave(cast: Cast, login: str, when: datetime) -> None:
    members.leave(cast.site, _member(cast, login), cast.actor("coordinator"), when)
