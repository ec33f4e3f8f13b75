"""A report that says things only some may read, for the tests of the API."""

import io

import pytest
import transaction

from coopcms.domain import audits, companies
from coopcms.workflows import engine

from .. import world as worlds
from ..conftest import NOW

COMPANY = "/api/v1/companies/candidate"
AUDIT = f"{COMPANY}/audits/visite"

#: Everybody who reads: ``certificateur`` is in no team, ``voisine`` staff of another company.
READERS = (
    None,
    "membre",
    "certificateur",
    "certificatrice",
    "visiteuse",
    "auditeur",
    "entreprise",
    "voisine",
    "equipe",
    "admin",
)
#: Who verifies or watches over it, by level.
VERIFIERS = {
    1: {"auditeur", "certificateur", "certificatrice", "equipe"},
    2: {"visiteuse", "certificateur", "certificatrice", "equipe"},
}
#: Who sees the names of people once the report is public; the auditor where the audit is the body's.
NAMED = {"membre", "certificateur", "certificatrice", "visiteuse", "entreprise", "equipe", "admin"}

TEXT, VERDICT, RESERVATION, REPLY = "Sept poules au mètre.", "Un verdict à lire.", "Trop peu de temps.", "On y remédie."
VISIBILITIES = ("public", "members", "verifiers", "private")
#: What nobody may know who may not read the report.
SECRETS = (TEXT, VERDICT, RESERVATION, REPLY, *(f"Photo {visibility}" for visibility in VISIBILITIES))


def report_in(world, level, state, now=NOW, *, result="minor", name="visite", company=None):
    """An audit with findings, evidence, a verdict and a signature, brought to a state by the verbs of the domain."""
    company = world.companies["candidate"] if company is None else company
    neighbours, neighbour = world.companies["complete"], world.actors["voisine"]
    companies.add_staff(neighbours, neighbour.userid)
    made = worlds.audit(world, company, level, "planned" if state == "planned" else "in_progress", now, name=name)
    if state == "planned":
        return made
    first = world.actors[worlds.TEAMS[level][0]]
    worlds.answer(world, made, now)
    finding = told_of(made)
    audits.file(finding, result, TEXT, first, now)
    for visibility in VISIBILITIES:
        audits.add_evidence(
            finding, io.BytesIO(b"vu"), "vu.txt", f"Photo {visibility}", visibility, first, now, most_bytes=100
        )
    audits.write_verdict(made, VERDICT, first, now)
    if level == 2:
        audits.sign(made, first, now, reservation=RESERVATION)
    if state == "cancelled":
        engine.fire(made, "cancel", world.actors["equipe"], now, comment="Reporté.")
    if state in ("in_progress", "cancelled"):
        return made
    worlds.report(world, made, now)
    if state == "contested":
        engine.fire(made, "contest", world.actors["entreprise"], now, comment="C’est inexact.")
    if state in ("contested", "validated"):
        audits.reply(made, REPLY, world.actors["entreprise"], now)
    if state == "validated":
        engine.fire(made, "validate", world.actors["certificateur"], now)
    return made


def told_of(audit):
    """The finding on the criterion of the company's own specification."""
    return next(finding for finding in audit.findings() if finding.criterion.code == worlds.CRITERION["code"])


def readers_of(level, state):
    """Who reads all of an audit in a state, and who only knows of it."""
    if state == "validated":
        return set(READERS), set()
    if state in ("reported", "contested"):
        return VERIFIERS[level] | {"entreprise"}, set()
    return VERIFIERS[level], {"entreprise"}


@pytest.fixture
def report(world):
    """A function that makes the audit ``visite`` of the candidate and commits it."""

    def make(level, state, now=NOW, **given):
        made = report_in(world, level, state, now, **given)
        transaction.commit()
        return made

    return make


def refused(login):
    """The status of an answer to whoever lacks the role: 401 without log-in."""
    return 401 if login is None else 403
