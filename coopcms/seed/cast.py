"""The people and bodies of the demo."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from ..content.account import Account
from ..domain import accounts, bodies
from ..security.principals import CLOSING, Actor
from .framework import data

PASSWORD = "demo"  # noqa: S105 - written on the log-in page of every demo


@dataclass(frozen=True)
class Demo:
    """An account of the demo: the name people see, its roles everywhere, and what it is good for."""

    name: str
    roles: tuple[str, ...]
    purpose: str
    company: str = ""


ACCOUNTS = {
    "membre": Demo("Camille Roux", ("member",), "a member (sociétaire)"),
    "certificatrice": Demo("Hélène Marchand", ("member", "certifier"), "a consumer certifier"),
    "certificateur": Demo("Bruno Lefèvre", ("member", "certifier"), "a second consumer certifier"),
    "entreprise": Demo("Élise Garnier", (), "staff of a company that applied", "ferme-des-trois-chenes"),
    "partenaire": Demo("Marc Vasseur", (), "staff of a company that is attached", "laiterie-des-monts"),
    "auditeur": Demo("Nadia Benali", (), "auditor of an accredited body"),
    "visiteuse": Demo("Sophie Kermarrec", ("member",), "a member who visits"),
    "visiteur": Demo("Julien Picard", ("member",), "another member who visits"),
    "equipe": Demo("Anne Delmas", ("coordinator",), "a coordinator (équipe de la coopérative)"),
    "admin": Demo("Administration", ("admin",), "an administrator (/manage)"),
}

#: What the company files call the coordinators.
_COORDINATORS = {"coordinator": "equipe", "coordinator2": "equipe2"}


@dataclass
class Cast:
    """Accounts by login, bodies by name, the staff of each company by its name."""

    site: Any
    staff: dict[str, Actor] = field(default_factory=dict)
    _actors: dict[str, Actor] = field(default_factory=dict)

    def account(self, login: str) -> Any:
        """An account."""
        return self.site["principals"]["users"][_COORDINATORS.get(login, login)]

    def everybody(self) -> Iterator[Any]:
        """Every account there is."""
        return iter(self.site["principals"]["users"].values())

    def actor(self, who: str, company: str = "") -> Actor:
        """Somebody by login, ``staff`` of a company, a coordinator or the closing of a vote."""
        if who == "staff":
            return self.staff[company]
        if who == "closing":
            return CLOSING
        if who not in self._actors:
            self._actors[who] = accounts.actor_of(self.account(who))
        return self._actors[who]


def introduce(site: Any, day: datetime) -> Cast:
    """Make the accounts of the demo, other people without a password, and the accredited bodies."""
    # One hash for all, as the password is the same and no secret: hashing is slow on purpose.
    hashed = Account.hash_new_password(PASSWORD)
    for login, who in ACCOUNTS.items():
        account = _make(site, login, who.name, who.roles)
        account.password, account.epoch = hashed, 1
    given = data("people.toml")
    for person in given["people"]:
        _make(site, person["login"], person["name"], person.get("roles", ()))
    cast = Cast(site)
    for row in given["bodies"]:
        values = {name: row[name] for name in bodies.FIELDS if name in row}
        values["accredited_until"] = (day + timedelta(days=row["accredited_days"])).date()
        body = bodies.create(
            site, values, cast.actor("coordinator"), day - timedelta(days=row["days_ago"]), name=row["name"]
        )
        for login in row["auditors"]:
            bodies.add_auditor(body, cast.account(login).__oid__)
    return cast


def _make(site: Any, login: str, name: str, roles: Any) -> Any:
    account = accounts.create(site, login, name, f"{login}@exemple.example")
    for role in roles:
        accounts.give_role(site, account, role)
    return account


def staff_of(cast: Cast, given: dict[str, Any]) -> Actor:
    """Staff of a company: its demo account, or one that nobody can log in to."""
    for login, who in ACCOUNTS.items():
        if who.company == given["slug"]:
            return cast.actor(login)
    contact = next(iter(given.get("contacts", [])), {"name": given["title"]})
    account = accounts.create(cast.site, given["slug"], contact["name"], f"{given['slug']}@entreprise.example")
    return accounts.actor_of(account)
