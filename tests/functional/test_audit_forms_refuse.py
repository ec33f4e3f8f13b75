"""The forms of an audit refuse whoever has another role, whoever forges them, and what cannot be."""

import json
from datetime import date, timedelta

import pytest
import transaction

from coopcms.domain import bodies, companies, nonconformities

from .. import world as worlds
from . import audit_forms
from .audit_forms import AUDIT, FORM, choose, day, plan_of
from .auditing import COMPANY, READERS, days_ago, errors, main, neighbours, newcomer, token

audit, company = audit_forms.audit, audit_forms.company


SENT = {
    "title": "Pris",
    "text": "Un texte assez long pour être gardé.",
    "__texts__": "text",
    "result": "conforming",
    "reservation": "",
    "reason": "Parce que",
    "cause": "Une cause",
    "action": "Une action",
    "__formid__": "form",
}
#: form → (address, the state of the audit, who may send it)
FORMS = {
    "plan one": (f"{COMPANY}/audits/plan?level=2", "planned", {"coordinator"}),
    "change the plan": (f"{AUDIT}/plan", "planned", {"coordinator"}),
    "file": (f"{AUDIT}/a1/file", "answered", {"team"}),
    "verdict": (f"{AUDIT}/verdict", "answered", {"team"}),
    "sign": (f"{AUDIT}/sign", "answered", {"team"}),
    "unsigned": (f"{AUDIT}/unsigned", "answered", {"coordinator"}),
    "reply": (f"{AUDIT}/reply", "reported", {"staff"}),
    "propose": (f"{AUDIT}/a1/action/propose", "reported", {"staff"}),
    "prove": (f"{AUDIT}/a1/action/prove", "accepted", {"staff"}),
    "in force": (f"{COMPANY}/specifications/oeufs/1/in-force", "adopted", {"coordinator"}),
}


def _prepare(world, audit, state):
    """The audit for a form; a minor non-conformity, so that there is something to correct."""
    neighbours(world, days_ago(9))
    base = {"accepted": "reported", "adopted": "validated"}.get(state, state)
    made = audit(base, found=[("A1", "minor")])
    if state == "accepted":
        worlds.nonconformity(world, made, "accepted", days_ago(2))
    if state == "adopted":
        [version] = world.companies["celle"].versions()
        version.state = "adopted"
    transaction.commit()


def stored(company):
    """Everything that lies below a company, as text."""
    transaction.begin()
    company._p_jar.sync()
    found = []
    for made in company.audits():
        signatures = {userid: dict(each) for userid, each in made.signatures.items()}
        found.append(
            (made.state, plan_of(made), made.verdict.text, signatures, [dict(r) for r in made.replies.values()])
        )
        for finding in made.findings():
            found.append((finding.result, finding.text, finding.revision, sorted(finding.evidence)))
            one = finding.nonconformity
            if one is not None:
                found.append((one.state, one.cause, one.action, sorted(one.documents), len(one.proofs)))
    found += [(version.state, version.in_force_on) for version in company.versions()]
    return json.dumps(found, default=str)


@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_refused_to_whoever_has_another_role_and_nothing_changes(browse, world, company, audit, form):
    address, state, permitted = FORMS[form]
    _prepare(world, audit, state)
    before = stored(company)
    for reader, login in READERS.items():
        if reader in permitted:
            assert browse(login).get(address, status="*").status_int in (200, 303)
            continue
        browser = browse(login)
        browser.get(address, status=403)
        browser.post(address, {**SENT, "csrf_token": token(browser)}, status=403)
        browser.post(address, {**SENT, "csrf_token": token(browser), "remove": "x"}, status=403)
    assert stored(company) == before


@pytest.mark.parametrize("csrf", [None, "", "forged"])
@pytest.mark.parametrize("form", FORMS)
def test_a_form_without_the_token_of_the_session_changes_nothing(browse, world, company, audit, form, csrf):
    address, state, [reader] = FORMS[form]
    _prepare(world, audit, state)
    before = stored(company)
    sent = SENT if csrf is None else {**SENT, "csrf_token": csrf}
    browse(READERS[reader]).post(address, sent, status=400)
    assert stored(company) == before


@pytest.mark.parametrize("form", FORMS)
def test_a_form_with_nothing_in_it_is_answered_with_sentences(browse, world, company, audit, form):
    """Also what no browser sends: no field at all, and fields in the shape of others."""
    address, state, [reader] = FORMS[form]
    _prepare(world, audit, state)
    browser = browse(READERS[reader])
    csrf = token(browser)
    nonsense = [
        [],
        [("text", "\x00"), ("result", "\x00")],
        [("__start__", "upload:mapping"), ("upload", "x"), ("__end__", "upload:mapping")],
        [("__start__", "team:sequence"), ("checkbox", "x"), ("__end__", "team:sequence")],
        [("__start__", "planned_on:mapping"), ("date", "0000-99-99"), ("__end__", "planned_on:mapping")],
        [("__end__", "nothing")],
        [("revision", "x"), ("person", "x"), ("visibility", "x")],
    ]
    for fields in nonsense:
        answer = browser.post(address, [("csrf_token", csrf), *fields], status="*")
        assert answer.status_int in (200, 303, 400, 403, 409, 422), fields
        csrf = token(browser)


def test_an_auditor_of_the_body_who_is_not_in_the_team_reads_and_does_not_write(browse, world, company, audit):
    colleague = newcomer(world, "consoeur", "Irène Blanc")
    bodies.add_auditor(world.body, colleague.__oid__)
    audit("answered", level=1)
    browser = browse("consoeur")
    assert "Marc Vidal" in main(browser.get(AUDIT))
    for view in ("verdict", "a1/file", "sign"):
        browser.post(f"{AUDIT}/{view}", {**SENT, "csrf_token": token(browser)}, status=403)


def test_who_came_into_conflict_since_is_told_when_signing(browse, world, company, audit):
    audit("answered")
    companies.declare_interest(company, "Mon frère y travaille.", world.actors["visiteuse"], days_ago(1))
    transaction.commit()
    answer = browse("visiteuse").get(f"{AUDIT}/sign").forms[FORM].submit("save", status=409)
    assert "Vous avez déclaré un intérêt dans cette entreprise" in main(answer)


def test_who_came_into_conflict_since_files_no_more_and_keeps_the_text(browse, world, company, audit):
    audit("in_progress")
    form = browse("visiteuse").get(f"{AUDIT}/a1").forms[FORM]
    companies.declare_interest(company, "Mon frère y travaille.", world.actors["visiteuse"], days_ago(1))
    transaction.commit()
    choose(form, "Votre constat", "minor")
    form["text"] = "Une trappe sur deux était fermée."
    answer = form.submit("save", status=409)
    assert "Vous avez déclaré un intérêt dans cette entreprise" in main(answer)
    assert answer.html.find("textarea").get_text() == "Une trappe sur deux était fermée."


def test_the_day_of_an_adopted_version_is_set_taken_away_and_never_past(browse, world, company, audit):
    _prepare(world, audit, "adopted")
    address, browser = FORMS["in force"][0], browse("equipe")
    [version] = company.versions()
    form = browser.get(address).forms[FORM]
    day(form, date(2020, 1, 1))
    answer = form.submit("save", status=422)
    assert "Cette date est passée" in errors(answer)["En vigueur à partir du"]
    assert answer.forms[FORM]["date"].value == "2020-01-01"
    soon = date.today() + timedelta(days=30)
    for value, kept in ((soon, soon), ("", None)):
        form = browser.get(address).forms[FORM]
        day(form, value)
        form.submit("save", status=303)
        transaction.begin()
        assert version.in_force_on == kept
    assert nonconformities.LONGEST_MONTHS == 12
