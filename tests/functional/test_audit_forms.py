"""The forms of an audit: planning, finding, verdict, signatures, reply."""

from datetime import date

import pytest
import transaction

from coopcms.domain import audits, bodies, companies, worksites
from coopcms.workflows import engine

from .. import world as worlds
from . import audit_forms
from .audit_forms import AUDIT, FORM, checks, choose, day, plan_of, tick, ticked
from .auditing import COMPANY, days_ago, errors, main, neighbours, token

audit, company = audit_forms.audit, audit_forms.company


# Planning


def test_planning_asks_for_the_level_then_the_body_by_plain_links(browse, world, company):
    lapsed = {**worlds.BODY, "title": "Contrôle d’hier", "accredited_until": date(2020, 12, 31)}
    bodies.create(world.site, lapsed, world.actors["equipe"], days_ago(9), name="hier")
    transaction.commit()
    browser = browse("equipe")
    page = browser.get(f"{COMPANY}/audits").click("Prévoir un audit")
    assert FORM not in page.forms
    page = page.click("Niveau 1")
    rows = {" ".join(row.get_text(" ").split()) for row in page.html.select("main .worklist li")}
    assert "Contrôle d’hier accréditation échue" in rows
    assert worlds.BODY["title"] in rows, "and nothing is said of an accreditation that runs"
    assert FORM not in page.forms
    page = page.click(worlds.BODY["title"])
    assert ticked(page.forms[FORM], "team") == []
    assert worlds.PEOPLE["auditeur"][0] in main(page)
    for query in ("?level=9", "?level=", "?level=1&body=nulle-part", "?body=hier"):
        assert FORM not in browser.get(f"{COMPANY}/audits/plan{query}").forms, query


def test_an_audit_of_level_1_is_planned(browse, world, company):
    worksites.create(company, {"title": "Le poulailler", "kind": "farm"}, world.actors["entreprise"], days_ago(9))
    transaction.commit()
    form = browse("equipe").get(f"{COMPANY}/audits/plan?level=1&body=bureau").forms[FORM]
    assert len(ticked(form, "versions")) == 2, "the framework and the frozen version are proposed"
    tick(form, "team", worlds.PEOPLE["auditeur"][0])
    tick(form, "sites", "Le poulailler")
    day(form, date(2030, 5, 17))
    form["purpose"] = "Première vérification"
    page = form.submit("save", status=303).follow()
    assert "C’est prévu." in page.text
    transaction.begin()
    [made] = company.audits()
    assert (made.level, made.state, made.planned_on) == (1, "planned", date(2030, 5, 17))
    assert (made.title, made.purpose) == ("Audit de Bureau de contrôle", "Première vérification")
    assert list(made.team) == [world.accounts["auditeur"].__oid__]
    assert len(made.versions) == 2
    assert [site.title for site in made.sites] == ["Le poulailler"]
    for told in ("17 mai 2030", "Le poulailler", "Marc Vidal", "Première vérification", "Bureau de contrôle"):
        assert told in main(page), told


def visit(browser, visitors, certifiers=(worlds.PEOPLE["certificatrice"][0],), when=date(2030, 5, 17)):
    form = browser.get(f"{COMPANY}/audits/plan?level=2").forms[FORM]
    form["title"], form["purpose"] = "La visite de mai", "Après une plainte"
    tick(form, "certifiers", *certifiers)
    tick(form, "versions", "Œufs (1)")
    form["visitors"] = visitors
    day(form, when)
    return form


def test_a_visit_is_planned_by_logins_and_addresses(browse, world, company):
    form = visit(browse("equipe"), "visiteuse\n\n  visiteur@test.example \r\nvisiteuse\n")
    assert form.submit("save").status_int == 303
    transaction.begin()
    [made] = company.audits()
    assert set(made.team) == {world.accounts[login].__oid__ for login in worlds.TEAMS[2]}
    assert [version.title for version in made.versions] == ["Œufs"]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("personne", "« personne » n’est l’identifiant ou l’adresse de personne."),
        ("collegue", "Paul Garnier a un lien avec l’entreprise et ne peut pas la vérifier."),
        ("membre", "Camille Roux a un lien avec l’entreprise et ne peut pas la vérifier."),
        ("auditeur", "Marc Vidal n’est pas sociétaire."),
        ("<b>visiteuse</b>", "« <b>visiteuse</b> » n’est l’identifiant ou l’adresse de personne."),
        ("x" * 2001, "2000"),
    ],
)
def test_who_cannot_visit_is_named_beside_the_field_and_the_rest_of_the_form_stays(
    browse, world, company, line, sentence
):
    companies.declare_interest(company, "J’y achète en gros.", world.actors["membre"], days_ago(9))
    transaction.commit()
    answer = visit(browse("equipe"), f"visiteur\n{line}").submit("save", status=422)
    assert sentence in errors(answer)["Autres sociétaires"]
    form = answer.forms[FORM]
    assert (form["title"].value, form["purpose"].value) == ("La visite de mai", "Après une plainte")
    assert form["visitors"].value.replace("\r", "") == f"visiteur\n{line}"
    assert form["date"].value == "2030-05-17"
    assert ticked(form, "certifiers") == [worlds.PEOPLE["certificatrice"][0]]
    assert ticked(form, "versions") == ["Œufs (1)"]
    assert list(company.audits()) == []


@pytest.mark.parametrize("day_", ["", "2030-02-31", "demain"])
def test_a_plan_has_a_day_that_exists(browse, company, day_):
    answer = visit(browse("equipe"), "visiteuse", when=day_).submit("save", status=422)
    assert errors(answer).keys() == {"Jour prévu"}
    assert answer.forms[FORM]["visitors"].value == "visiteuse"


def test_a_title_that_is_too_long_is_refused_beside_its_field(browse, company):
    form = visit(browse("equipe"), "visiteuse")
    form["title"] = "x" * 121
    assert errors(form.submit("save", status=422)).keys() == {"Titre"}


def test_an_auditor_of_another_body_cannot_be_put_in_by_a_request_of_ones_own(browse, world, company):
    neighbours(world, days_ago(9))
    transaction.commit()
    form = browse("equipe").get(f"{COMPANY}/audits/plan?level=1&body=bureau").forms[FORM]
    day(form, date(2030, 5, 17))
    [box] = checks(form, "team")
    box.checked, box._value = True, str(world.accounts["autre"].__oid__)
    assert errors(form.submit("save", status=422)).keys() == {"Auditeurs"}
    assert list(company.audits()) == []


def test_nothing_is_planned_before_the_application_is_admissible_and_the_page_says_so(browse, world):
    browser = browse("equipe")
    page = browser.get("/companies/candidate/audits")
    assert "Déclarez d’abord la candidature recevable" in main(page)
    assert "Prévoir un audit" not in main(page)
    for level in ("2", "1&body=bureau"):
        form = browser.get(f"/companies/candidate/audits/plan?level={level}").forms[FORM]
        day(form, date(2030, 5, 17))
        form["purpose"] = "Trop tôt"
        answer = form.submit("save", status=422)
        assert "Déclarez d’abord la candidature recevable" in main(answer)
        assert answer.forms[FORM]["purpose"].value == "Trop tôt"
    assert list(world.companies["candidate"].audits()) == []


@pytest.mark.parametrize("level", [1, 2])
def test_whoever_changes_a_plan_finds_what_was_chosen_and_saves_it_unchanged(browse, world, company, level):
    place = worksites.create(
        company, {"title": "Le poulailler", "kind": "farm"}, world.actors["entreprise"], days_ago(9)
    )
    team = [world.accounts[login] for login in worlds.TEAMS[level]]
    details = {"title": "En mai", "planned_on": date(2030, 5, 17), "purpose": "Suivi", "sites": [place], "team": team}
    versions = list(company.versions())
    made = audits.plan(
        company,
        level,
        world.actors["equipe"],
        days_ago(3),
        body=world.body if level == 1 else None,
        versions=versions,
        name="celui-ci",
        **details,
    )
    transaction.commit()
    before = plan_of(made)
    page = browse("equipe").get(AUDIT).click("Changer ce qui est prévu")
    form = page.forms[FORM]
    assert ticked(form, "sites") == ["Le poulailler"]
    assert ticked(form, "versions") == ["Œufs (1)"]
    if level == 2:
        assert ticked(form, "certifiers") == [worlds.PEOPLE["certificatrice"][0]]
        assert sorted(form["visitors"].value.split()) == ["visiteur", "visiteuse"]
    assert form.submit("save").status_int == 303
    transaction.begin()
    assert plan_of(made) == before
    form["purpose"] = "Contrôle inopiné"
    assert form.submit("save").status_int == 303
    transaction.begin()
    assert plan_of(made) == {**before, "purpose": "Contrôle inopiné"}


@pytest.mark.parametrize("state", ["in_progress", "reported", "validated", "cancelled"])
def test_what_has_begun_is_not_planned_any_more(browse, audit, state):
    made = audit(state)
    before, browser = plan_of(made), browse("equipe")
    browser.get(f"{AUDIT}/plan", status=403)
    assert f"{AUDIT}/plan" not in browser.get(AUDIT).text
    browser.post(f"{AUDIT}/plan", {"csrf_token": token(browser), "title": "Autre"}, status=403)
    transaction.begin()
    assert plan_of(made) == before


# Finding


def finding_form(browser, name="a1"):
    return browser.get(f"{AUDIT}/{name}").forms[FORM]


def test_a_finding_is_filed_and_leads_to_the_next_criterion_and_at_the_end_to_the_report(browse, audit):
    made, browser = audit("in_progress"), browse("visiteuse")
    form = finding_form(browser)
    choose(form, "Votre constat", "minor")
    form["text"] = "Une trappe sur deux était fermée."
    answer = form.submit("save", status=303)
    assert answer.headers["Location"].endswith("/celui-ci/a2")
    page = answer.follow()
    assert "A1" in page.html.select_one(".notice.success, [role=status]").get_text()
    form = page.forms[FORM]
    choose(form, "Votre constat", "conforming")
    answer = form.submit("save", status=303)
    assert answer.headers["Location"].endswith("/celui-ci")
    assert "2 sur 2" in main(answer.follow())
    transaction.begin()
    assert [(f.result, f.text) for f in made.findings()] == [
        ("minor", "Une trappe sur deux était fermée."),
        ("conforming", ""),
    ]
    assert form.html.find(string="(pour candidater)") is None


@pytest.mark.parametrize(
    ("result", "text", "wrong", "sentence"),
    [
        (None, "Vu de loin, sous la pluie.", "Votre constat", "Choisissez un constat."),
        ("minor", "  ", "Ce que vous avez vu", "Dites ce que vous avez constaté"),
        ("major", "", "Ce que vous avez vu", "Dites ce que vous avez constaté"),
        ("observation", "", "Ce que vous avez vu", "Dites ce que vous avez observé."),
        ("not_applicable", "", "Ce que vous avez vu", "sans objet"),
        ("not_checked", "", "Ce que vous avez vu", "pas été vérifié"),
        ("minor", "x" * 5001, "Ce que vous avez vu", "5000"),
    ],
)
def test_a_finding_that_lacks_something_says_what_beside_the_field(browse, audit, result, text, wrong, sentence):
    made = audit("in_progress")
    form = finding_form(browse("visiteur"))
    if result:
        choose(form, "Votre constat", result)
    form["text"] = text
    answer = form.submit("save", status=422)
    assert sentence in errors(answer)[wrong]
    assert len(errors(answer)) == 1
    kept = answer.forms[FORM]
    assert kept["text"].value.strip() == text.strip()
    if result:
        assert answer.html.select_one(f"input[type=radio][value={result}]").has_attr("checked")
    transaction.begin()
    assert [f.result for f in made.findings()] == ["", ""]


def test_a_result_that_is_none_of_those_offered_is_refused_with_a_sentence(browse, audit):
    audit("in_progress")
    form = finding_form(browse("visiteur"))
    fieldset = form.html.find("fieldset")
    form[fieldset.find("input", type="radio")["name"]].force_value("excellent")
    assert errors(form.submit("save", status=422)).keys() == {"Votre constat"}


def test_access_that_is_refused_is_filed_as_a_major_non_conformity(browse, audit):
    made, browser = audit("in_progress"), browse("visiteuse")
    form = finding_form(browser)
    form["access_refused"] = True
    answer = form.submit("save", status=422)
    assert errors(answer).keys() == {"Ce que vous avez vu"}
    assert answer.forms[FORM]["access_refused"].checked
    answer.forms[FORM]["text"] = "Le portail était fermé, personne n’a ouvert."
    answer.forms[FORM].submit("save", status=303)
    page = main(browser.get(f"{AUDIT}/a1"))
    assert "Non-conformité majeure" in page
    assert "accès refusé" in page
    transaction.begin()
    assert next(made.findings()).is_major


def test_of_two_visitors_at_one_criterion_the_second_sees_both_texts_and_decides(browse, audit):
    made = audit("in_progress")
    first, second = (finding_form(browse(login)) for login in ("visiteuse", "visiteur"))
    choose(first, "Votre constat", "minor")
    first["text"] = "Trois abreuvoirs à sec."
    first.submit("save", status=303)
    choose(second, "Votre constat", "observation")
    second["text"] = "Les abreuvoirs ont été remplis devant nous."
    answer = second.submit("save", status=409)
    shown = main(answer)
    for told in ("Trois abreuvoirs à sec.", "Non-conformité mineure", "Observation", "remplis devant nous"):
        assert told in shown, told
    again = answer.forms[FORM]
    assert again["text"].value == "Les abreuvoirs ont été remplis devant nous."
    transaction.begin()
    assert next(made.findings()).text == "Trois abreuvoirs à sec."
    again["text"] = "Trois abreuvoirs à sec, remplis devant nous."
    again.submit("save", status=303)
    transaction.begin()
    assert next(made.findings()).text == "Trois abreuvoirs à sec, remplis devant nous."
    assert next(made.findings()).result == "observation"


@pytest.mark.parametrize("chosen", [None, "major"])
def test_that_access_was_refused_may_be_all_in_which_two_differ(browse, audit, chosen):
    audit("in_progress")
    first, second = (finding_form(browse(login)) for login in ("visiteuse", "visiteur"))
    choose(first, "Votre constat", "major")
    first["text"] = "Le portail était fermé."
    first.submit("save", status=303)
    if chosen:
        choose(second, "Votre constat", chosen)
    second["access_refused"] = True
    second["text"] = "Le portail était fermé."
    answer = second.submit("save", status=409)
    assert "Accès refusé Votre texte oui Le texte enregistré non" in main(answer)
    answer.forms[FORM].submit("save", status=303)


@pytest.mark.parametrize("revision", ["99", "-1", "x", "", "1e3", "9" * 400])
def test_a_revision_that_nobody_had_is_no_error_of_ours(browse, audit, revision):
    audit("in_progress")
    form = finding_form(browse("visiteuse"))
    choose(form, "Votre constat", "conforming")
    form["revision"].force_value(revision)
    assert form.submit("save", status="*").status_int in (303, 409, 422)


def test_a_finding_of_a_report_that_was_given_meanwhile_is_handed_back_to_be_copied(browse, audit, world):
    """Nothing typed is lost, not even where there is no form any more."""
    made = audit("answered", level=1)
    form = finding_form(browse("auditeur"))
    engine.fire(made, "report", world.actors["auditeur"], days_ago(1))
    transaction.commit()
    choose(form, "Votre constat", "minor")
    form["text"] = "Une trappe sur deux était fermée."
    answer = form.submit("save", status=403)
    assert answer.html.find("textarea").get_text() == "Une trappe sur deux était fermée."


# Verdict


def test_a_verdict_is_written_and_a_colleague_who_wrote_meanwhile_is_shown(browse, audit):
    made = audit("in_progress")
    first, second = (browse(login).get(f"{AUDIT}/verdict").forms[FORM] for login in ("visiteuse", "visiteur"))
    first["text"] = "Tout est tenu, sauf l’abri."
    assert "Tout est tenu, sauf l’abri." in main(first.submit("save", status=303).follow())
    second["text"] = "Presque tout est tenu."
    answer = second.submit("save", status=409)
    assert "Tout est tenu, sauf l’abri." in main(answer)
    assert answer.forms[FORM]["text"].value == "Presque tout est tenu."
    answer.forms[FORM].submit("save", status=303)
    transaction.begin()
    assert made.verdict.text == "Presque tout est tenu."


@pytest.mark.parametrize("text", ["", "   ", "x" * 5001])
def test_a_verdict_says_something_and_not_too_much(browse, audit, text):
    audit("in_progress")
    form = browse("visiteuse").get(f"{AUDIT}/verdict").forms[FORM]
    form["text"] = text
    answer = form.submit("save", status=422)
    assert errors(answer).keys() == {"Le verdict en mots simples"}
    assert answer.forms[FORM]["text"].value.strip() == text.strip()


# Signatures


def test_nobody_signs_before_everything_is_there_and_the_page_leads_to_what_is_missing(browse, audit):
    audit("in_progress")
    browser = browse("visiteuse")
    form = browser.get(f"{AUDIT}/sign").forms[FORM]
    form["reservation"] = "Je n’ai pas vu la cave."
    answer = form.submit("save", status=409)
    assert "2 critères n’ont pas encore de constat." in main(answer)
    assert "Le verdict en mots simples n’est pas encore écrit." in main(answer)
    assert answer.forms[FORM]["reservation"].value == "Je n’ai pas vu la cave."
    links = [a["href"] for a in answer.html.select(".missing a")]
    assert len(links) == 2
    for link in links:
        browser.get(link, status=200)


def test_each_of_the_team_signs_once_and_the_last_signature_gives_the_report(browse, audit):
    made = audit("answered")
    for place, login in enumerate(worlds.TEAMS[2]):
        browser = browse(login)
        form = browser.get(AUDIT).click("Signer le rapport").forms[FORM]
        form["reservation"] = "Trop peu de temps." if place == 1 else ""
        page = form.submit("save", status=303).follow()
        last = place == 2
        assert ("le rapport est rendu." in page.text) is last
        assert "Signer le rapport" not in main(page)
        if not last:
            page = browser.get(f"{AUDIT}/sign")
            assert "Vous avez signé." in main(page)
            assert FORM not in page.forms
            again = form.submit("save", status=422)
            assert "Vous avez signé." in main(again)
    transaction.begin()
    assert made.state == "reported"
    assert sorted(s["reservation"] for s in made.signatures.values()) == ["", "", "Trop peu de temps."]


def test_whoever_changes_a_finding_is_told_before_signing_that_all_sign_again(browse, audit, world):
    made = audit("answered")
    audits.sign(made, world.actors["visiteur"], days_ago(2))
    transaction.commit()
    browser = browse("visiteuse")
    assert "vous signerez à nouveau" in main(browser.get(f"{AUDIT}/sign"))
    form = finding_form(browser)
    choose(form, "Votre constat", "minor")
    form["text"] = "Une trappe fermée."
    form.submit("save", status=303)
    transaction.begin()
    assert len(made.signatures) == 0
    assert "Signer le rapport" in main(browse("visiteur").get(AUDIT))


def test_a_missing_signature_is_recorded_with_its_reason_and_gives_the_report(browse, audit, world):
    made = audit("answered", when=days_ago(18))
    for login in ("visiteuse", "certificatrice"):
        audits.sign(made, world.actors[login], days_ago(16))
    transaction.commit()
    browser = browse("equipe")
    form = browser.get(AUDIT).click("Constater une signature manquante").forms[FORM]
    answer = form.submit("save", status=422)
    assert errors(answer).keys() == {"La personne qui n’a pas signé", "Motif"}
    form = answer.forms[FORM]
    choose(form, "La personne qui n’a pas signé", str(world.accounts["visiteur"].__oid__))
    form["reason"] = "Hospitalisé, injoignable."
    page = form.submit("save", status=303).follow()
    assert "Hospitalisé, injoignable." in main(page)
    transaction.begin()
    assert made.state == "reported"


def test_a_missing_signature_is_not_recorded_too_early_and_the_reason_stays_in_the_form(browse, audit, world):
    made = audit("answered")
    audits.sign(made, world.actors["visiteuse"], days_ago(2))
    transaction.commit()
    form = browse("equipe").get(f"{AUDIT}/unsigned").forms[FORM]
    choose(form, "La personne qui n’a pas signé", str(world.accounts["visiteur"].__oid__))
    form["reason"] = "Hospitalisé, injoignable."
    answer = form.submit("save", status=422)
    assert "14 jours après la première signature" in errors(answer)["La personne qui n’a pas signé"]
    assert answer.forms[FORM]["reason"].value == "Hospitalisé, injoignable."


# Reply


def test_the_company_replies_and_its_words_are_never_code(browse, audit):
    audit("reported")
    browser = browse("entreprise")
    form = browser.get(AUDIT).click("Répondre au rapport").forms[FORM]
    answer = form.submit("save", status=422)
    assert errors(answer).keys() == {"Votre réponse"}
    form = answer.forms[FORM]
    form["text"] = "Merci. **Nous agrandissons** l’abri. <script>alert(1)</script>"
    page = form.submit("save", status=303).follow()
    assert "<strong>Nous agrandissons</strong>" in page.text
    assert "<script>alert(1)" not in page.text
    assert "Réponse de l’entreprise" in main(page)
