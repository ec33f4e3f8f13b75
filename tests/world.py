"""A small world for tests: people in every role, and companies through the domain."""

from dataclasses import dataclass, field
from typing import Any

from coopcms.domain import accounts, companies, specifications
from coopcms.security.principals import CLOCK, CLOSING, VISITOR
from coopcms.workflows import engine

PASSWORD = "une phrase pour les tests"

IDENTITY = {
    "title": "Ferme des Bruyères",
    "legal_name": "SCEA des Bruyères",
    "legal_form": "SCEA",
    "siret": "73282932000074",
    "street": "4 chemin des Bruyères",
    "postcode": "23400",
    "city": "Bourganeuf",
    "region": "Nouvelle-Aquitaine",
    "sector": "eggs",
    "origin": "joined",
    "founded": 1998,
    "headcount": 4,
    "website": "https://bruyeres.example",
    "summary": "Des œufs de poules qui sortent.",
}
CRITERION = {
    "code": "A1",
    "title": "Surface par poule",
    "requirement": "Chaque poule dispose de 5 m² de parcours.",
    "domain": "bien-être",
    "criterion_class": "core",
    "check_method": "on_site",
    "evidence": "Plan du parcours",
    "how_to_check": "Mesurer le parcours.",
}
CONTACT = {
    "name": "Léa Roche",
    "role": "gérante",
    "email": "lea@bruyeres.example",
    "phone": "",
    "visibility": "verifiers",
}
STATEMENTS = ("transparency", "fairness", "sharing", "truth", "association")

PEOPLE = {
    "membre": ("Camille Roux", ("member",)),
    "certificatrice": ("Hélène Marchand", ("member", "certifier")),
    "certificateur": ("Bruno Lefèvre", ("member", "certifier")),
    "entreprise": ("Élise Garnier", ()),
    "collegue": ("Paul Garnier", ()),
    "voisine": ("Zoé Petit", ()),
    "equipe": ("Anne Delmas", ("coordinator",)),
    "equipe2": ("Karim Haddad", ("coordinator",)),
    "admin": ("Administration", ("admin",)),
}


@dataclass
class World:
    """Accounts by login, actors by login, and companies by name."""

    site: Any
    accounts: dict = field(default_factory=dict)
    actors: dict = field(default_factory=dict)

    @property
    def companies(self):
        return self.site["companies"]


def build(site, now):
    """Everybody, an empty draft, a complete draft, and one that applied; staff is ``entreprise`` (and ``collegue``)."""
    world = World(site)
    for login, (name, roles) in PEOPLE.items():
        account = accounts.create(site, login, name, f"{login}@test.example")
        account.password = _hash()
        account.epoch = 1
        for role in roles:
            accounts.give_role(site, account, role)
        world.accounts[login] = account
    _introduce(world)
    company(world, "brouillon", now, complete=False)
    company(world, "complete", now)
    engine.fire(company(world, "candidate", now), "apply", world.actors["entreprise"], now)
    return world


def find(site):
    """The world that :func:`build` made in this site."""
    world = World(site, {login: site["principals"]["users"][login] for login in PEOPLE})
    _introduce(world)
    return world


def _introduce(world):
    for login, account in world.accounts.items():
        world.actors[login] = accounts.actor_of(account)
    world.actors |= {"visitor": VISITOR, "clock": CLOCK, "closing": CLOSING}


def company(world, name, now, *, complete=True):
    """A company whose staff is ``entreprise`` and ``collegue``; complete, it lacks nothing for an application."""
    made = companies.create(world.site, IDENTITY["title"], world.actors["equipe"], now, name=name)
    staff = world.actors["entreprise"]
    companies.add_staff(made, staff.userid)
    companies.add_staff(made, world.actors["collegue"].userid)
    if complete:
        companies.save_section(made, "identity", {**IDENTITY, "title": name.capitalize()}, staff, now)
        for statement in STATEMENTS:
            companies.save_section(made, statement, {"statement": f"Notre engagement : {statement}."}, staff, now)
        companies.add_contact(made, CONTACT, staff)
        version = specifications.create(made, "Œufs", "Nos œufs.", staff, now)
        specifications.add_criterion(version, CRITERION, staff, now)
        engine.fire(version, "freeze", staff, now)
    return made


def in_state(world, name, state, now):
    """A complete company put into a state, with a history that leads there."""
    made = company(world, name, now)
    way = {
        "draft": [],
        "applied": ["applied"],
        "audited": ["applied", "audited"],
        "voted": ["applied", "audited", "voted"],
        "certified": ["applied", "audited", "voted", "certified"],
        "partnered": ["applied", "audited", "voted", "certified", "partnered"],
        "suspended": ["applied", "audited", "voted", "certified", "suspended"],
        "declined": ["applied", "declined"],
        "withdrawn": ["applied", "withdrawn"],
    }[state]
    by = {
        "applied": ("apply", "entreprise"),
        "declined": ("decline", "equipe"),
        "withdrawn": ("withdraw", "entreprise"),
    }
    for step in way:
        transition, login = by.get(step, (step, "certificatrice"))
        made.history[made.history.maxKey() + 1] = {
            "transition": transition,
            "from": made.state,
            "to": step,
            "when": now,
            "actor": world.actors[login].userid,
            "role": "system.Everyone",
            "comment": "",
            "relied_on": (),
        }
        made.state = step
    from coopcms.events import Changed, notify

    notify(Changed(made))
    return made


_HASHED = []


def _hash():
    """One hash for everybody: hashing is slow on purpose."""
    if not _HASHED:
        from coopcms.content.account import Account

        _HASHED.append(Account.hash_new_password(PASSWORD))
    return _HASHED[0]
