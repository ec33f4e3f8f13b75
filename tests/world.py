"""A small world for tests: people in every role, and companies through the domain."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from coopcms.domain import accounts, audits, bodies, companies, nonconformities, specifications
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
BODY = {
    "title": "Bureau de contrôle",
    "accreditation_number": "5-0123",
    "accreditation_scope": "Productions agricoles",
    "accredited_until": date(2030, 12, 31),
}

PEOPLE = {
    "membre": ("Camille Roux", ("member",)),
    "certificatrice": ("Hélène Marchand", ("member", "certifier")),
    "certificateur": ("Bruno Lefèvre", ("member", "certifier")),
    "visiteuse": ("Nadia Benali", ("member",)),
    "visiteur": ("Yves Morel", ("member",)),
    "auditeur": ("Marc Vidal", ()),
    "entreprise": ("Élise Garnier", ()),
    "collegue": ("Paul Garnier", ()),
    "voisine": ("Zoé Petit", ()),
    "equipe": ("Anne Delmas", ("coordinator",)),
    "equipe2": ("Karim Haddad", ("coordinator",)),
    "admin": ("Administration", ("admin",)),
}

#: Who verifies, by level; ``certificateur`` is in no team and decides.
TEAMS = {1: ("auditeur",), 2: ("visiteuse", "visiteur", "certificatrice")}


@dataclass
class World:
    """Accounts by login, actors by login, and companies by name."""

    site: Any
    accounts: dict = field(default_factory=dict)
    actors: dict = field(default_factory=dict)

    @property
    def companies(self):
        return self.site["companies"]

    @property
    def body(self):
        return self.site["bodies"]["bureau"]


def build(site, now):
    """Everybody, an accredited body whose auditor is ``auditeur``, an empty draft, a complete draft, and one that applied.

    Staff is ``entreprise`` (and ``collegue``).
    """
    world = World(site)
    for login, (name, roles) in PEOPLE.items():
        account = accounts.create(site, login, name, f"{login}@test.example")
        account.password = _hash()
        account.epoch = 1
        for role in roles:
            accounts.give_role(site, account, role)
        world.accounts[login] = account
    _introduce(world)
    body = bodies.create(site, BODY, world.actors["equipe"], now, name="bureau")
    bodies.add_auditor(body, world.actors["auditeur"].userid)
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
        if step == "voted":
            for version in made.candidates():
                engine.fire(version, "adopt", world.actors["closing"], now)
    from coopcms.events import Changed, notify

    notify(Changed(made))
    return made


def audit(world, company, level, state, now, *, found=(), team=None, versions=None, name=None):
    """An audit that went through the verbs of the domain up to a state, "answered" being the moment before the signatures.

    ``found`` maps codes of criteria to results; all else conforms.  The company replies to the report before it is validated.
    """
    team = team or TEAMS[level]
    if company.state == "applied" and company.admissible_since() is None:
        engine.fire(company, "declare_admissible", world.actors["equipe"], now)
    accounts = [world.accounts[login] for login in team]
    made = audits.plan(
        company, level, world.actors["equipe"], now, body=world.body, team=accounts, versions=versions, name=name
    )
    staff = world.actors["entreprise"]
    steps = {
        "planned": (),
        "cancelled": (lambda: engine.fire(made, "cancel", world.actors["equipe"], now, comment="Reporté."),),
        "in_progress": (lambda: engine.fire(made, "start", world.actors[team[0]], now),),
        "answered": (lambda: answer(world, made, now, found),),
        "reported": (lambda: report(world, made, now),),
        "contested": (lambda: engine.fire(made, "contest", staff, now, comment="Ce constat est inexact."),),
        "validated": (
            lambda: audits.reply(made, "Nous avons lu ce rapport.", staff, now),
            lambda: engine.fire(made, "validate", world.actors["certificateur"], now),
        ),
    }
    aside = {"cancelled", "contested"} - {state}
    for reached, way in steps.items():
        if reached not in aside:
            for step in way:
                step()
        if reached == state:
            return made
    raise KeyError(state)


def answer(world, audit, now, found=()):
    """A finding for every criterion, by the code of the criterion or else conforming, and a verdict."""
    actor = _somebody_of(world, audit)
    for finding in audit.findings():
        result = dict(found).get(finding.criterion.code, "conforming")
        audits.file(finding, result, "" if result == "conforming" else "Vu sur place.", actor, now)
    audits.write_verdict(audit, "Ce que l’entreprise promet est tenu.", actor, now)


def report(world, audit, now):
    """The report, by an auditor at level 1, by the signature of each at level 2."""
    if audit.level == 1:
        engine.fire(audit, "report", _somebody_of(world, audit), now)
        return
    for actor in world.actors.values():
        if actor.userid in audit.unsigned():
            audits.sign(audit, actor, now)


def _somebody_of(world, audit):
    return next(actor for actor in world.actors.values() if actor.userid in audit.team)


def nonconformity(world, audit, state, now, *, deadline=None):
    """The first non-conformity of a report, brought to a state."""
    found = next(audit.nonconformities())
    staff, certifier = world.actors["entreprise"], world.actors["certificateur"]
    closer = world.actors["auditeur"] if audit.level == 1 else certifier
    day = deadline or now.date() + timedelta(days=60)
    steps = {
        "proposed": lambda: nonconformities.propose(found, "Un oubli.", "Un relevé par mois.", day, staff, now),
        "accepted": lambda: engine.fire(found, "accept_action", certifier, now),
        "proved": lambda: nonconformities.prove(found, "Les relevés sont tenus.", staff, now),
        "verified": lambda: engine.fire(found, "verify_effect", closer, now, comment="Relevés vus sur place."),
        "closed": lambda: engine.fire(found, "close", closer, now),
    }
    places = ["open", *steps]
    for step in places[places.index(found.state) + 1 : places.index(state) + 1]:
        steps[step]()
    return found


def admit(world, company, now):
    """The vote that admits a company and adopts its versions, held before the platform."""
    companies.record_earlier_vote(
        company,
        "admission",
        "adopted",
        now,
        world.actors["closing"],
        entitled=9000,
        voters=2300,
        yes=2024,
        no=276,
        source="Procès-verbal du dépouillement",
        subject=f"Admission de {company.title}",
    )
    engine.fire(company, "admit", world.actors["closing"], now)
    for version in company.candidates():
        if version.state == "frozen":
            engine.fire(version, "adopt", world.actors["closing"], now)


def certified(world, name, now):
    """A company that went the whole way to its certificate."""
    made, decider = company(world, name, now), world.actors["certificateur"]
    engine.fire(made, "apply", world.actors["entreprise"], now)
    for level in (1, 2):
        audit(world, made, level, "validated", now)
    engine.fire(made, "accept_audits", decider, now)
    admit(world, made, now)
    engine.fire(made, "certify", decider, now)
    return made


_HASHED = []


def _hash():
    """One hash for everybody: hashing is slow on purpose."""
    if not _HASHED:
        from coopcms.content.account import Account

        _HASHED.append(Account.hash_new_password(PASSWORD))
    return _HASHED[0]


def vote(world, kind, company, now, *, state="voting", **rules):
    """A proposal on a company, brought to a state before its end; for an admission the audits that it rests on are there."""
    from coopcms.domain import proposals

    if kind == "admission" and company.state == "audited" and not list(company.audits()):
        for level in (1, 2):
            audit(world, company, level, "validated", now)
    actor = world.actors["equipe"]
    versions = (
        [version for version in company.versions() if version.state == "frozen"] if kind == "specification" else ()
    )
    made = proposals.propose(
        world.site, kind, f"{kind} de {company.title}", "Le texte.", actor, now, company=company, versions=versions
    )
    if rules:
        defaults = {"days": made.days, "secret": True, "quorum": Fraction(1, 10), "majority": Fraction(1, 2)}
        proposals.set_rules(made, actor, now, **{**defaults, **rules})
    way = {"submitted": "submit", "discussion": "discuss", "voting": "open"}
    for transition in way.values():
        if made.state == state:
            break
        engine.fire(made, transition, actor, now)
    return made
