"""Audits whose texts are words that stand nowhere else on the site, and what the tests of their pages share."""

import io
from datetime import UTC, datetime, timedelta

from PIL import Image

from coopcms.domain import accounts, audits, bodies, companies, nonconformities
from coopcms.workflows import engine

from .. import world as worlds

COMPANY = "/companies/celle"
STATES = ("planned", "in_progress", "reported", "contested", "validated", "cancelled")
VISIBILITIES = ("verifiers", "members", "public")

#: Who reads: the name in the tables, and the login.
READERS = {
    "visitor": None,
    "member": "membre",
    "certifier": "certificateur",
    "team": "visiteuse",
    "auditor": "auditeur",
    "other_auditor": "autre",  # of another body
    "staff": "entreprise",
    "neighbour": "voisine",  # staff of another company
    "coordinator": "equipe",
    "admin": "admin",
}


def days_ago(days):
    """A moment before now: pages look at the clock."""
    return datetime.now(UTC) - timedelta(days=days)


def newcomer(world, login, name, *roles):
    """A further account that can log in."""
    account = accounts.create(world.site, login, name, f"{login}@test.example")
    account.password, account.epoch = worlds._hash(), 1
    for role in roles:
        accounts.give_role(world.site, account, role)
    world.accounts[login] = account
    world.actors[login] = accounts.actor_of(account)
    return account


def neighbours(world, when):
    """Another company with its staff, and another body with its auditor."""
    other = companies.create(world.site, "Voisinage", world.actors["equipe"], when, name="voisinage")
    companies.add_staff(other, world.actors["voisine"].userid)
    body = bodies.create(
        world.site, {**worlds.BODY, "title": "Contrôle d’à côté"}, world.actors["equipe"], when, name="autre"
    )
    bodies.add_auditor(body, newcomer(world, "autre", "Odile Faure").__oid__)


def applied(world, name, when):
    """A company with an admissible application, and the version of its specification."""
    company = worlds.company(world, name, when)
    engine.fire(company, "apply", world.actors["entreprise"], when)
    engine.fire(company, "declare_admissible", world.actors["equipe"], when)
    return company, next(iter(company.versions()))


def word(what, state):
    """A word that tells of one thing of the audit in one state."""
    return f"kumquat-{what}-{state}-"


#: What whoever may see that there is an audit reads of it, then what stands in its report.
OF_THE_PLAN = ("title", "purpose")
OF_THE_REPORT = ("finding", "verdict", "reservation", "reply", "cause", "action", "proof")
PIECES = tuple(f"{kind}-{visibility}" for kind in ("evidence", "document") for visibility in VISIBILITIES)


def in_every_state(world, company, version, level, when):
    """An audit in each state, told of by :func:`word`; by state."""
    return {state: _told(world, company, version, level, state, when) for state in STATES}


def _told(world, company, version, level, state, when):
    said = {what: word(what, state) for what in (*OF_THE_PLAN, *OF_THE_REPORT, *PIECES)}
    team = [world.accounts[login] for login in worlds.TEAMS[level]]
    first = world.actors[worlds.TEAMS[level][0]]
    made = audits.plan(
        company,
        level,
        world.actors["equipe"],
        when,
        title=said["title"],
        purpose=said["purpose"],
        planned_on=when.date(),
        body=world.body,
        team=team,
        versions=[version],
        name=f"{level}-{state}".replace("_", "-"),
    )
    if state == "planned":
        return made
    engine.fire(made, "start", first, when)
    [finding] = made.findings()
    audits.file(finding, "major", said["finding"], first, when)
    for visibility in VISIBILITIES:
        piece = said[f"evidence-{visibility}"]
        audits.add_evidence(
            finding, io.BytesIO(piece.encode()), f"{piece}.txt", piece, visibility, first, when, most_bytes=1000
        )
    audits.write_verdict(made, said["verdict"], first, when)
    if level == 2:
        audits.sign(made, first, when, reservation=said["reservation"])
    if state == "cancelled":
        engine.fire(made, "cancel", world.actors["equipe"], when, comment="Reporté.")
    if state in ("in_progress", "cancelled"):
        return made
    worlds.report(world, made, when)
    staff, certifier = world.actors["entreprise"], world.actors["certificateur"]
    audits.reply(made, said["reply"], staff, when)
    action = finding.nonconformity
    nonconformities.propose(action, said["cause"], said["action"], when.date() + timedelta(days=60), staff, when)
    engine.fire(action, "accept_action", certifier, when)
    for visibility in VISIBILITIES:
        piece = said[f"document-{visibility}"]
        nonconformities.add_document(
            action, io.BytesIO(piece.encode()), f"{piece}.txt", piece, visibility, staff, when, most_bytes=1000
        )
    nonconformities.prove(action, said["proof"], staff, when)
    if state == "contested":
        engine.fire(made, "contest", staff, when, comment="Ce constat est inexact.")
    elif state == "validated":
        engine.fire(made, "validate", certifier, when)
    return made


def token(browser):
    """The CSRF token of a session, from a page everybody has."""
    return browser.get("/forgotten").forms["form"]["csrf_token"].value


def errors(page):
    """The sentences beside fields, by the title of the field."""
    found = {}
    for field in page.html.select(".field.invalid"):
        label = field.select_one("label, legend")
        found[" ".join(label.get_text().split()).split(" (")[0]] = " ".join(
            " ".join(error.get_text().split()) for error in field.select(".error")
        )
    return found


def main(page):
    """The words of the page itself, without its frame; words marked as changed stand in their sentence."""
    words = page.html.find("main")
    for mark in words.find_all(["ins", "del"]):
        mark.unwrap()
    words.smooth()
    return " ".join(words.get_text(" ").split())


def picture(kind="JPEG", size=(400, 300), **options):
    """The bytes of a picture."""
    stream = io.BytesIO()
    Image.new("RGB", size, "green").save(stream, kind, **options)
    return stream.getvalue()
