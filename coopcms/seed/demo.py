"""The demo content: built through the domain, with its dates in the past, the same for a given day."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

from ..content.dossier import SECTIONS, schema_of
from ..domain import accounts, companies, specifications
from ..security.principals import Actor
from ..workflows import engine
from ..workflows.dossier import COMMITMENTS
from .framework import data

PASSWORD = "demo"  # noqa: S105 - written on the log-in page of every demo


class NotEmpty(Exception):
    """The database has content already; the message says so."""


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
    "partenaire": Demo("Marc Vasseur", (), "staff of another company", "laiterie-des-monts"),
    "auditeur": Demo("Nadia Benali", (), "auditor of an accredited body"),
    "visiteuse": Demo("Sophie Kermarrec", ("member",), "a member who visits"),
    "visiteur": Demo("Julien Picard", ("member",), "another member who visits"),
    "equipe": Demo("Anne Delmas", ("coordinator",), "a coordinator (équipe de la coopérative)"),
    "admin": Demo("Administration", ("admin",), "an administrator (/manage)"),
}


def fill(
    site: Any, day: datetime, progress: Callable[[Iterable[Any]], Iterable[Any]] = lambda items: items
) -> dict[str, int]:
    """Fill an empty site, as seen on a day (aware, UTC); in the running transaction.

    :raises NotEmpty: the site has content or accounts
    """
    if len(site["companies"]) or len(site["principals"]["users"]):
        raise NotEmpty("The database has content already; the demo content is only for an empty one.")
    site.is_demo = True
    for login, who in ACCOUNTS.items():
        account = accounts.create(site, login, who.name, f"{login}@exemple.example")
        account.set_password(PASSWORD)
        for role in who.roles:
            accounts.give_role(site, account, role)
    second = accounts.create(site, "equipe2", "Karim Haddad", "equipe2@exemple.example")
    accounts.give_role(site, second, "coordinator")
    users = site["principals"]["users"]
    people = {
        "coordinator": accounts.actor_of(users["equipe"]),
        "coordinator2": accounts.actor_of(second),
    }
    names = sorted(f.name for f in (files(__package__) / "data" / "companies").iterdir() if f.name.endswith(".toml"))
    for name in progress(names):
        _company(site, data(f"companies/{name}"), people, day)
    return {"companies": len(names), "accounts": len(users)}


def _company(site: Any, given: dict[str, Any], people: dict[str, Actor], day: datetime) -> None:
    events = given.get("events", [])
    born = day - timedelta(days=max((event["days_ago"] for event in events), default=20) + 45)
    company = companies.create(site, given["title"], people["coordinator"], born, name=given["slug"])
    company.is_demo = True
    company.sources = tuple((source["figure"], source["source"]) for source in given.get("sources", []))
    staff = _staff(site, given)
    assert staff.userid is not None
    companies.add_staff(company, staff.userid)
    _sections(company, given, staff, born + timedelta(days=5))
    for contact in given.get("contacts", []):
        companies.add_contact(company, contact, staff)
    for number, specification in enumerate(given.get("specifications", [])):
        _specification(company, specification, staff, born + timedelta(days=10 + number))
    for number, event in enumerate(events):
        actor = people.get(event["by"], staff)
        # Working hours, in the order they are written, whatever falls on one day.
        when = day - timedelta(days=event["days_ago"]) - timedelta(hours=3) + timedelta(minutes=7 * number)
        engine.fire(company, event["transition"], actor, when, comment=event.get("comment", ""))


def _staff(site: Any, given: dict[str, Any]) -> Actor:
    """The demo account of the company, or one that nobody can log in to."""
    users = site["principals"]["users"]
    for login, who in ACCOUNTS.items():
        if who.company == given["slug"]:
            return accounts.actor_of(users[login])
    contact = next(iter(given.get("contacts", [])), {"name": given["title"], "email": ""})
    account = accounts.create(site, given["slug"], contact["name"], f"{given['slug']}@entreprise.example")
    return accounts.actor_of(account)


def _sections(company: Any, given: dict[str, Any], staff: Actor, when: datetime) -> None:
    identity = {"title": given["title"], **given["identity"]}
    filled: dict[str, dict[str, Any]] = {"identity": identity}
    filled |= {c: {"statement": text} for c, text in given.get("statements", {}).items()}
    filled |= given.get("parts", {})
    for section in SECTIONS:
        if section not in filled:
            continue
        # Through the schema: the demo holds nothing that a form would refuse.
        values = schema_of(section).deserialize({k: v for k, v in filled[section].items() if v not in ("", [])})
        if "link_kinds" in values:
            values["link_kinds"] = sorted(values["link_kinds"])
        against = 1 if section in COMMITMENTS else None
        companies.save_section(company, section, values, staff, when, against=against)


def _specification(company: Any, given: dict[str, Any], staff: Actor, when: datetime) -> None:
    version = specifications.create(company, given["title"], given["description"], staff, when, name=given["slug"])
    for criterion in given["criteria"]:
        specifications.add_criterion(version, {k: criterion.get(k, "") for k in specifications.FIELDS}, staff, when)
    if given.get("frozen"):
        engine.fire(version, "freeze", staff, when + timedelta(days=8))
