"""What the benchmark measures besides the demo content: a dossier that was audited many times."""

from datetime import datetime, timedelta
from typing import Any

from ..domain import accounts, audits, companies, specifications
from ..security.principals import Actor
from ..workflows import engine

CRITERIA = 200
AUDITS = 30
SLUG = "grande-grille"


def audited_company(site: Any, now: datetime) -> Any:
    """A company with one specification of 200 criteria, visited 30 times; every report validated, the newest a week ago."""
    users = site["principals"]["users"]
    people = {
        login: accounts.actor_of(users[login]) for login in ("equipe", "membre", "certificatrice", "certificateur")
    }
    coordinator, begun = people["equipe"], now - timedelta(days=30 * AUDITS + 60)
    company = companies.create(site, "Grande grille", coordinator, begun, name=SLUG)
    account = accounts.create(site, SLUG, "Grande grille")
    staff = accounts.actor_of(account)
    companies.add_staff(company, account.__oid__)
    version = specifications.create(company, "Grande grille", "", staff, begun, name="grille")
    for number in range(CRITERIA):
        specifications.add_criterion(version, _criterion(number), staff, begun)
    engine.fire(version, "freeze", staff, begun)
    company.state = "applied"  # what an application asks for is not what is measured
    engine.fire(company, "declare_admissible", coordinator, begun)
    team = [users["membre"], users["certificatrice"], users["visiteuse"]]
    for number in range(AUDITS):
        when = now - timedelta(days=30 * (AUDITS - number) + 37)
        audit = audits.plan(company, 2, coordinator, when, team=team, versions=[version], name=f"visit-{number}")
        _visit(audit, number, [accounts.actor_of(account) for account in team], when)
        audits.reply(audit, "Nous avons lu le rapport.", staff, when)
        engine.fire(audit, "validate", people["certificateur"], when)
    return company


def _visit(audit: Any, number: int, team: list[Actor], when: datetime) -> None:
    engine.fire(audit, "start", team[0], when)
    for place, finding in enumerate(audit.findings()):
        result = ("conforming", "conforming", "observation", "minor")[(place + number) % 4]
        audits.file(finding, result, "" if result == "conforming" else "Vu sur place.", team[0], when)
    audits.write_verdict(audit, "La plupart des critères sont tenus.", team[0], when)
    for actor in team:
        audits.sign(audit, actor, when)


def _criterion(number: int) -> dict[str, str]:
    return {
        "code": f"G{number}",
        "title": f"Critère {number}",
        "requirement": "Ce qui est promis est tenu toute l’année, dans chaque atelier et pour chaque lot livré.",
        "domain": "fabrication",
        "criterion_class": ("core", "major", "development")[number % 3],
        "check_method": "both",
        "evidence": "Registres, factures et constats sur place.",
        "how_to_check": "Choisir trois lots au hasard et remonter jusqu’aux fournisseurs.",
    }
