"""What waits for somebody in the verification of companies: each task leads to its form, and is gone once it is done."""

import pytest
import transaction

from coopcms.domain import audits, companies, nonconformities
from coopcms.workflows import engine

from .. import world as worlds
from .audit_forms import FORM
from .auditing import COMPANY, applied, days_ago, main, neighbours

PEOPLE = (
    "membre",
    "certificateur",
    "certificatrice",
    "visiteuse",
    "visiteur",
    "auditeur",
    "entreprise",
    "voisine",
    "equipe",
    "admin",
)


@pytest.fixture
def company(world):
    """A company whose application is admissible."""
    neighbours(world, days_ago(60))
    made, _version = applied(world, "celle", days_ago(50))
    transaction.commit()
    return made


@pytest.fixture
def audit(world, company):
    """A function that makes an audit of a level in a state."""

    def make(level, state, when=None, **kw):
        versions = list(company.versions())
        made = worlds.audit(
            world, company, level, state, when or days_ago(3), versions=versions, name=f"niveau-{level}", **kw
        )
        transaction.commit()
        return made

    return make


def tasks(browse, login, of="Celle : "):
    """The tasks somebody has at the company, as {what to do: its address}."""
    page = browse(login).get("/tasks")
    found = {}
    for link in page.html.select(".worklist h3 a"):
        title = " ".join(link.get_text().split())
        if title.startswith(of):
            found[title.removeprefix(of)] = link["href"]
    return found


def everybody(browse, *, but=()):
    """Who has which tasks at the company, without those that are about other things."""
    found = {}
    for login in PEOPLE:
        mine = {title: link for title, link in tasks(browse, login).items() if not any(b in title for b in but)}
        if mine:
            found[login] = mine
    return found


PLAN = {
    "prévoir l’audit de niveau 1": f"{COMPANY}/audits/plan?level=1",
    "prévoir l’audit de niveau 2": f"{COMPANY}/audits/plan?level=2",
}


def test_an_admissible_candidate_waits_for_two_audits_to_be_planned(browse, world, company, audit):
    assert everybody(browse) == {"equipe": PLAN}
    browser = browse("equipe")
    for link in PLAN.values():
        assert "Quel niveau ?" not in main(browser.get(link))
    audit(1, "planned")
    assert list(tasks(browse, "equipe")) == ["prévoir l’audit de niveau 2"]
    audit(2, "planned")
    assert tasks(browse, "equipe") == {}
    engine.fire(company["audits"]["niveau-2"], "cancel", world.actors["equipe"], days_ago(1), comment="Reporté.")
    transaction.commit()
    assert list(tasks(browse, "equipe")) == ["prévoir l’audit de niveau 2"]


VISIT, AUDIT = f"{COMPANY}/audits/niveau-2", f"{COMPANY}/audits/niveau-1"
TEAM = ("certificatrice", "visiteur", "visiteuse")


def test_a_visit_leads_its_team_from_the_start_to_the_signatures_and_nobody_else(browse, world, audit):
    made = audit(2, "planned")
    title = "« Visite de vérification »"
    assert everybody(browse, but=["prévoir"]) == {login: {f"commencer {title}": VISIT} for login in TEAM}
    engine.fire(made, "start", world.actors["visiteuse"], days_ago(2))
    transaction.commit()
    filing = {f"faire les constats de {title}, 1 à remplir": VISIT}
    assert everybody(browse, but=["prévoir"]) == dict.fromkeys(TEAM, filing)
    audits.file(next(made.findings()), "conforming", "", world.actors["visiteur"], days_ago(2))
    transaction.commit()
    verdict = {f"écrire le verdict de {title}": f"{VISIT}/verdict"}
    assert everybody(browse, but=["prévoir"]) == dict.fromkeys(TEAM, verdict)
    audits.write_verdict(made, "Tout est tenu.", world.actors["visiteur"], days_ago(2))
    transaction.commit()
    waiting = set(TEAM)
    for login in TEAM:
        assert everybody(browse, but=["prévoir"]) == dict.fromkeys(
            waiting, {f"signer le rapport de {title}": f"{VISIT}/sign"}
        )
        form = browse(login).get(tasks(browse, login)[f"signer le rapport de {title}"]).forms[FORM]
        form.submit("save", status=303)
        waiting.discard(login)
    assert set(everybody(browse, but=["prévoir"])) == {"entreprise"}


def test_an_auditor_is_led_to_the_report(browse, world, audit):
    made = audit(1, "answered")
    assert everybody(browse, but=["prévoir"]) == {
        "auditeur": {"rendre le rapport de « Audit de Bureau de contrôle »": f"{AUDIT}/workflow"}
    }
    page = browse("auditeur").get(f"{AUDIT}/workflow")
    form = next(f for f in page.forms.values() if "transition" in f.fields and f["transition"].value == "report")
    form.submit(status=303)
    transaction.begin()
    assert made.state == "reported"
    assert "auditeur" not in everybody(browse)


@pytest.mark.parametrize(("level", "closer"), [(1, "auditeur"), (2, "certificateur")])
def test_a_report_with_a_non_conformity_goes_from_one_to_the_next(browse, world, audit, level, closer):
    made = audit(level, "reported", found=[("A1", "minor")])
    base = f"{COMPANY}/audits/{made.__name__}"
    title, what = f"« {made.title} »", "« A1 – Surface par poule »"
    others = ["prévoir"]
    one = next(made.nonconformities())
    now = days_ago(1)

    def waiting():
        transaction.commit()
        found = everybody(browse, but=others)
        for login, mine in found.items():
            browser = browse(login)
            for link in mine.values():
                browser.get(link, status=200)
        return found

    staff = {
        f"répondre au rapport {title}": f"{base}/reply",
        f"proposer une action pour {what}": f"{base}/a1/action/propose",
    }
    assert waiting() == {"entreprise": staff}
    audits.reply(made, "Nous corrigeons.", world.actors["entreprise"], now)
    nonconformities.propose(
        one, "Un oubli.", "Un relevé par mois.", days_ago(-60).date(), world.actors["entreprise"], now
    )
    validating = {f"valider le rapport {title}": f"{base}/workflow"}
    examining = {f"examiner l’action proposée pour {what}": f"{base}/a1/action/workflow"}
    both = {**validating, **examining}
    # A certifier of the team does not judge its report, but may look at the action.
    expected = {"certificateur": both, "certificatrice": both if level == 1 else examining}
    assert waiting() == expected
    engine.fire(made, "validate", world.actors["certificateur"], now)
    engine.fire(one, "accept_action", world.actors["certificateur"], now)
    proving = {f"apporter la preuve pour {what}": f"{base}/a1/action/prove"}
    assert waiting() == {"entreprise": proving}
    nonconformities.prove(one, "C’est fait.", world.actors["entreprise"], now)
    checking = {f"vérifier l’effet de l’action pour {what}": f"{base}/a1/action/workflow"}
    assert waiting() == {closer: checking}
    engine.fire(one, "verify_effect", world.actors[closer], now, comment="Vu.")
    assert waiting() == {closer: {f"lever {what}": f"{base}/a1/action/workflow"}}
    engine.fire(one, "close", world.actors[closer], now)
    assert waiting() == {}


def test_whoever_is_in_conflict_has_no_task_of_the_cooperative_at_that_company(browse, world, company, audit):
    made = audit(2, "reported")
    audits.reply(made, "Merci.", world.actors["entreprise"], days_ago(1))
    transaction.commit()
    assert tasks(browse, "certificateur")
    companies.declare_interest(company, "Ma sœur y travaille.", world.actors["certificateur"], days_ago(1))
    transaction.commit()
    assert tasks(browse, "certificateur") == {}


def test_a_missing_signature_reaches_the_coordinators_when_it_may_be_recorded(browse, world, audit):
    made = audit(2, "answered", when=days_ago(30))
    missing = {"une signature manque à « Visite de vérification »": f"{VISIT}/unsigned"}

    def waiting():
        transaction.commit()
        return {title: link for title, link in tasks(browse, "equipe").items() if "prévoir" not in title}

    audits.sign(made, world.actors["visiteuse"], days_ago(20))
    assert waiting() == {}, "one signature is not enough"
    audits.sign(made, world.actors["certificatrice"], days_ago(20))
    assert waiting() == missing
    browse("equipe").get(f"{VISIT}/unsigned", status=200)
    audits.record_unsigned(
        made, world.accounts["visiteur"].__oid__, "Injoignable.", world.actors["equipe"], days_ago(1)
    )
    assert waiting() == {}


@pytest.mark.parametrize("state", ["planned", "in_progress", "answered", "reported"])
@pytest.mark.parametrize("how", ["withdraw", "decline", "return_to_company"])
def test_no_task_leads_to_what_is_closed(browse, world, company, audit, state, how):
    """A dossier that was closed, or went back to the company, closes its audits: nobody is sent to a page that refuses them."""
    audit(2, state, **({"found": [("A1", "major")]} if state == "reported" else {}))
    actor = world.actors["entreprise" if how == "withdraw" else "equipe"]
    engine.fire(company, how, actor, days_ago(1), comment="C’est ainsi.")
    transaction.commit()
    for login in PEOPLE:
        browser = browse(login)
        for title, link in tasks(browse, login).items():
            assert browser.get(link, status="*").status_int == 200, f"{login}: {title}"
    for login in ("visiteuse", "auditeur", "certificateur"):
        assert tasks(browse, login) == {}


def test_a_certificate_that_ends_soon_asks_for_an_audit_until_one_is_planned(browse, world):
    company = worlds.certified(world, "celle", days_ago(340))
    transaction.commit()
    title = "l’attestation se termine bientôt, prévoir un audit"
    number = company.current_certificate().number

    def waiting():
        return {
            login: {t: link for t, link in tasks(browse, login).items() if t == title}
            for login in ("equipe", "entreprise", "certificateur", "membre")
            if title in tasks(browse, login)
        }

    assert waiting() == {
        "equipe": {title: f"{COMPANY}/audits/plan"},
        "entreprise": {title: f"{COMPANY}/certificates/{number}"},
    }
    made = worlds.audit(world, company, 1, "planned", days_ago(2))
    transaction.commit()
    assert waiting() == {}
    engine.fire(made, "cancel", world.actors["equipe"], days_ago(1), comment="Reporté.")
    transaction.commit()
    assert set(waiting()) == {"equipe", "entreprise"}


def test_a_certificate_that_ended_says_so(browse, world):
    worlds.certified(world, "celle", days_ago(400))
    transaction.commit()
    assert "l’attestation est échue, prévoir un audit" in tasks(browse, "equipe")
    words = main(browse("equipe").get("/tasks"))
    assert "en retard" in words


def test_a_certificate_with_much_time_left_asks_for_nothing(browse, world):
    worlds.certified(world, "celle", days_ago(30))
    transaction.commit()
    assert not [title for title in tasks(browse, "equipe") if "attestation" in title]
