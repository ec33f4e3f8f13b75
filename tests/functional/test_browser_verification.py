"""From a consultation to accepted audits: staff, members, an auditor, three visitors in three browsers, certifiers."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest

from .. import world as worlds
from .browsing import PHONE
from .serving import Place

ADDRESS = "/companies/ferme-du-puy"
REQUIREMENT = "Chaque poule dispose de 6 m² de parcours, haies comprises."
VISITORS = ("visiteuse", "visiteur", "certificatrice")


@pytest.fixture(scope="module")
def browser_place(tmp_path_factory, founded):
    """A complete company whose specification is still a draft."""
    folder = tmp_path_factory.mktemp("verification") / "site"
    shutil.copytree(founded / "var", folder / "var")
    place = Place(folder)
    with place.opened() as site:
        world = worlds.find(site)
        company = worlds.company(world, "ferme-du-puy", datetime.now(UTC) - timedelta(days=3))
        version = next(iter(company.versions()))
        from coopcms.workflows import engine

        engine.fire(
            version,
            "back_to_draft",
            world.actors["entreprise"],
            datetime.now(UTC),
            comment="À ouvrir à la consultation.",
        )
    return place


def test_a_farm_is_verified_at_two_levels_and_its_audits_are_accepted(browser_people):
    staff, member = browser_people("entreprise"), browser_people("membre", **PHONE)
    text = f"{ADDRESS}/specifications/oeufs/1"
    consults(staff, text)
    amends(member, text)
    takes_the_amendment(staff, text)
    freezes_and_applies(staff, text)
    coordinator = browser_people("equipe")
    declares_admissible(coordinator)
    first = plans_the_audit(coordinator)
    second = plans_the_visit(coordinator)
    auditor = browser_people("auditeur")
    audits_alone(auditor, first)
    visitors = [browser_people(login, **PHONE) for login in VISITORS]
    visit_together(visitors, second)
    certifier = browser_people("certificateur")
    is_refused_for_now(certifier)
    replies(staff, first, second)
    action = corrects(staff, certifier, visitors[2], second)
    assert "Levée" in staff.read_page(action)
    for audit in (first, second):
        certifier.go(f"{audit}/workflow")
        assert certifier.fire("validate") == 200
        assert "Validé" in certifier.read("main .page-header")
    certifier.go(f"{ADDRESS}/workflow")
    assert certifier.fire("accept_audits", "Les deux niveaux concordent, l’écart est levé.") == 200
    visitor = browser_people(**PHONE)
    reads_what_is_verified(visitor, second)


def consults(staff, text):
    staff.go(f"{text}/workflow")
    assert staff.fire("consult") == 200


def amends(member, text):
    member.go(text)
    member.press_on(member.page.locator("main a", has_text=worlds.CRITERION["title"]).first)
    member.press("Proposer un amendement")
    member.fill(requirement=REQUIREMENT, reason="Sans haies, les poules ne sortent pas.")
    assert member.save() == 200
    assert "Sans haies" in member.read()


def takes_the_amendment(staff, text):
    staff.go(text)
    staff.press_on(staff.page.locator("main a", has_text=worlds.CRITERION["title"]).first)
    assert "Sans haies" in staff.read()
    staff.press("Proposé par")
    assert staff.press("Accepter l’amendement") == 200
    staff.press("Retour au critère")
    assert REQUIREMENT in staff.read()


def freezes_and_applies(staff, text):
    staff.go(f"{text}/workflow")
    assert staff.fire("freeze") == 200
    staff.go(f"{ADDRESS}/workflow")
    assert staff.fire("apply") == 200


def declares_admissible(coordinator):
    coordinator.go(f"{ADDRESS}/workflow")
    assert coordinator.fire("declare_admissible") == 200


def plans_the_audit(coordinator):
    coordinator.go(f"{ADDRESS}/audits")
    coordinator.press("Prévoir un audit")
    coordinator.press("Niveau 1")
    coordinator.press(worlds.BODY["title"])
    coordinator.page.locator("#form").get_by_label(worlds.PEOPLE["auditeur"][0]).check()
    coordinator.page.locator("#form input[type=date]").fill(f"{datetime.now(UTC):%Y-%m-%d}")
    assert coordinator.save() == 200
    assert "Prévu" in coordinator.read("main .page-header")
    return coordinator.page.url.removeprefix(coordinator.url)


def plans_the_visit(coordinator):
    coordinator.go(f"{ADDRESS}/audits/plan?level=2")
    coordinator.page.locator("#form input[type=date]").fill(f"{datetime.now(UTC):%Y-%m-%d}")
    coordinator.page.locator("#form").get_by_label(worlds.PEOPLE["certificatrice"][0]).check()
    coordinator.fill(visitors="visiteuse\ncollegue")
    assert coordinator.save() == 422, "a colleague of the company is no visitor"
    assert "lien avec l’entreprise" in coordinator.read("#form")
    coordinator.fill(visitors="visiteuse\nvisiteur@test.example")
    assert coordinator.save() == 200
    return coordinator.page.url.removeprefix(coordinator.url)


def audits_alone(auditor, audit):
    auditor.go("/tasks")
    auditor.press_on(auditor.page.locator(f".worklist a[href='{audit}']").first)
    auditor.go(f"{audit}/workflow")
    assert auditor.fire("start") == 200
    auditor.press("Commencer les constats")
    while auditor.page.locator("#form input[value=conforming]").count():
        auditor.fill(result="conforming")
        assert auditor.save() == 200
    auditor.press("Écrire le verdict")
    auditor.fill(text="Tout ce que nous avons contrôlé est conforme.")
    assert auditor.save() == 200
    auditor.press("Étapes possibles")
    assert auditor.fire("report") == 200
    assert "Rendu" in auditor.read("main .page-header")


def visit_together(visitors, audit):
    """Each files a third of the criteria, all at once; the last signature reports."""
    visitors[0].go(f"{audit}/workflow")
    assert visitors[0].fire("start") == 200
    names = visitors[0].page.evaluate(
        "[...document.querySelectorAll('.findings th[scope=row] a')].map(a => a.getAttribute('href'))"
    )
    assert len(names) > 10
    for place, name in enumerate(names):
        visitor = visitors[place % 3]
        visitor.go(name)
        if name.endswith("/a1"):
            visitor.fill(result="major")
            assert visitor.save() == 422
            assert "Dites ce que vous avez constaté" in visitor.read("#form")
            assert visitor.page.locator("#form input[value=major]").is_checked()
            visitor.fill(text="Nous avons mesuré 3,9 m² par poule.")
        else:
            visitor.fill(result="conforming")
        assert visitor.save() == 200
    visitors[1].go(f"{audit}/verdict")
    visitors[1].fill(text="Une ferme ouverte ; le parcours est trop petit.")
    assert visitors[1].save() == 200
    for place, visitor in enumerate(visitors):
        visitor.go(f"{audit}/sign")
        visitor.fill(reservation="Je n’ai pas vu le second bâtiment." if place == 1 else "")
        assert visitor.save() == 200
    assert "Rendu" in visitors[2].read("main .page-header")


def is_refused_for_now(certifier):
    certifier.go(f"{ADDRESS}/workflow")
    panel = certifier.unfold("accept_audits")
    assert "ni audit d’un organisme accrédité ni visite" in panel.inner_text()
    assert panel.locator("button").count() == 0


def replies(staff, *audits):
    for audit in audits:
        staff.go("/tasks")
        staff.press_on(staff.page.locator(f".worklist a[href='{audit}/reply']").first)
        staff.fill(text="Merci de ces constats ; nous agrandissons le parcours.")
        assert staff.save() == 200


def corrects(staff, certifier, from_the_team, audit):
    action = f"{audit}/a1/action"
    staff.go(f"{action}/propose")
    soon = datetime.now(UTC) + timedelta(days=30)
    staff.page.locator("#form input[type=date]").fill(f"{soon:%Y-%m-%d}")
    staff.fill(cause="Un enclos condamné depuis l’hiver.", action="Nous rouvrons l’enclos nord.")
    assert staff.save() == 200
    certifier.go(f"{action}/workflow")
    assert certifier.fire("accept_action") == 200
    staff.go(f"{action}/prove")
    staff.page.locator("#form input[type=file]").set_input_files(
        {"name": "plan.txt", "mimeType": "text/plain", "buffer": b"Enclos nord : 0,4 ha."}
    )
    staff.page.locator("#form [name=title]").fill("Plan de l’enclos nord")
    staff.press_on(staff.page.locator("#formattach"))
    assert "Plan de l’enclos nord" in staff.read()
    staff.fill(text="L’enclos nord est rouvert depuis lundi.")
    assert staff.save() == 200
    from_the_team.go(f"{action}/workflow")
    assert "quelqu’un d’autre" in from_the_team.unfold("verify_effect").inner_text()
    certifier.go(f"{action}/workflow")
    assert certifier.fire("verify_effect", "Mesuré sur place : 6,2 m² par poule.") == 200
    certifier.go(f"{action}/workflow")
    assert certifier.fire("close") == 200
    return action


def reads_what_is_verified(visitor, visit):
    visitor.go(ADDRESS)
    assert "Audits acceptés" in visitor.read("main .page-header")
    visitor.press("Critère par critère")
    row = visitor.page.locator(".verification tr", has_text=worlds.CRITERION["title"])
    assert "Les deux niveaux se contredisent" in row.inner_text()
    assert "Non-conformité majeure" in row.inner_text()
    visitor.go(visit)
    words = visitor.read()
    assert "3,9 m² par poule" in words
    assert "avec réserve" in words
    assert worlds.PEOPLE["visiteuse"][0] not in words, "names are for members"
    assert "Plan de l’enclos nord" not in visitor.read_page(f"{visit}/a1/action"), "a document for verifiers"
