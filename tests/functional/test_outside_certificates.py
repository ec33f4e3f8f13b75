"""Certificates of others: declared by the company, read by everybody, renewals confirmed by certifiers."""

import io
from datetime import UTC, datetime, timedelta

import pytest
import transaction

from coopcms.content.calendar import day_in_paris
from coopcms.domain import companies, files, outside

from .. import world as worlds
from ..conftest import NOW

PAGE = "/companies/candidate/outside-certificates"
TODAY = day_in_paris(datetime.now(UTC))
PAST, SOON, LATER = TODAY - timedelta(days=20), TODAY + timedelta(days=20), TODAY + timedelta(days=400)


def declare(world, valid_until=SOON, company="candidate", **changes):
    values = {"name": "Agriculture biologique", "issuer": "Ecocert", "number": "FR-1", "file": "", **changes}
    found = world.companies[company]
    key = outside.declare(found, {**values, "valid_until": valid_until}, world.actors["entreprise"], NOW)
    transaction.commit()
    return key


def submit(world, key, days=400):
    staff = world.actors["entreprise"]
    now = datetime.now(UTC)
    outside.submit_renewal(world.companies["candidate"], key, TODAY + timedelta(days=days), "Attestation.", staff, now)
    transaction.commit()


def words(page):
    return " ".join(page.html.select_one("main").get_text().split())


def stored(world, key):
    transaction.begin()
    return world.companies["candidate"].outside_certificates[key]


def test_staff_declare_a_certificate_and_everybody_reads_it_at_once(browse, world):
    form = browse("entreprise").get(f"{PAGE}/add").forms["form"]
    form["name"], form["issuer"], form["number"], form["date"] = "MSC", "Bureau Veritas", "MSC-7", LATER.isoformat()
    assert form.submit("save").headers["Location"].endswith(PAGE)
    for path in (PAGE, "/companies/candidate"):
        told = words(browse().get(path))
        assert "MSC" in told and "Bureau Veritas" in told
        assert "valable jusqu’au" in told and "déclaré par l’entreprise" in told
        assert "échu" not in told


def test_a_lapsed_certificate_is_said_as_plainly(browse, world):
    declare(world, PAST)
    for path in (PAGE, "/companies/candidate"):
        page = browse().get(path)
        assert "échu depuis le" in words(page)
        assert page.html.select_one("main .due.late")


@pytest.mark.parametrize("day, lapsed", [(TODAY - timedelta(days=1), True), (TODAY, False)])
def test_the_last_day_still_counts(browse, world, day, lapsed):
    declare(world, day)
    assert ("échu depuis" in words(browse().get(PAGE))) is lapsed


@pytest.mark.parametrize(
    "field, value, sentence",
    [
        ("name", "", "Donnez le nom du certificat."),
        ("name", "x" * 121, "trop long"),
        ("issuer", " ", "Dites quel organisme l’a délivré."),
        ("number", "7" * 61, "trop long"),
        ("date", "", "Indiquez le dernier jour de validité."),
        ("date", "31/11/2026", "Écrivez une date qui existe"),
        ("date", "2026-02-30", "Écrivez une date qui existe"),
        ("date", "9999-01-01", "trop lointaine"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(browse, world, field, value, sentence):
    form = browse("entreprise").get(f"{PAGE}/add").forms["form"]
    form["name"], form["issuer"], form["date"] = "MSC", "Bureau Veritas", LATER.isoformat()
    form[field] = value
    page = form.submit("save", status=422)
    assert sentence in page.html.select_one(".error-summary").text
    assert page.forms["form"][field].value == value.strip()
    transaction.begin()
    assert not world.companies["candidate"].outside_certificates


def test_the_document_is_shown_to_whom_it_is_visible(browse, world):
    company, staff = world.companies["candidate"], world.actors["entreprise"]
    for visibility in ("public", "members"):
        files.add(company, io.BytesIO(b"%PDF-1"), "a.pdf", f"Pièce {visibility}", visibility, staff, NOW, most_bytes=99)
        declare(world, name=visibility, file=f"piece-{visibility}")
    public, member = words(browse().get(PAGE)), words(browse("membre").get(PAGE))
    assert "Pièce public" in public and "Pièce members" not in public
    assert "Pièce members" in member
    form = browse("entreprise").get(f"{PAGE}/add").forms["form"]
    assert {option[0] for option in form["file"].options} == {"", "piece-public", "piece-members"}
    form["name"], form["issuer"], form["date"] = "MSC", "X", LATER.isoformat()
    form["file"].force_value("elsewhere")
    form.submit("save", status=422)
    files.remove(company["files"]["piece-public"], staff)
    transaction.commit()
    assert "Pièce public" not in words(browse().get(PAGE))


def test_a_later_date_is_a_renewal_and_no_correction(browse, world):
    key = declare(world)
    form = browse("entreprise").get(f"{PAGE}/{key}/change").forms["form"]
    assert form["date"].value == SOON.isoformat()
    form["date"] = LATER.isoformat()
    assert "est un renouvellement" in form.submit("save", status=422).text
    form["date"], form["number"] = TODAY.isoformat(), "FR-2"
    assert form.submit("save").status_int == 303
    assert (stored(world, key).valid_until, stored(world, key).number) == (TODAY, "FR-2")
    assert "Auparavant :" in words(browse().get(PAGE)) and "FR-1" in words(browse().get(PAGE))


@pytest.mark.parametrize("until", [PAST, SOON], ids=["after it lapsed", "before it lapses"])
def test_a_renewal_goes_from_staff_to_a_certifier(browse, world, until):
    key = declare(world, until)
    form = browse("entreprise").get(f"{PAGE}/{key}/renew").forms["form"]
    form["date"], form["text"] = LATER.isoformat(), "Attestation 2027 déposée."
    assert form.submit("save").status_int == 303
    assert "Attestation 2027 déposée." in words(browse().get(PAGE))
    assert stored(world, key).valid_until == until
    certifier = browse("certificatrice")
    assert f"{PAGE}/{key}/decide" in certifier.get(PAGE).text
    page = certifier.get(f"{PAGE}/{key}/decide")
    assert "Attestation 2027 déposée." in page.text
    done = next(f for f in page.forms.values() if "confirm" in f.fields).submit("confirm").follow()
    assert "confirmé" in done.text
    assert (stored(world, key).valid_until, stored(world, key).renewal) == (LATER, None)
    told = words(browse().get(PAGE))
    assert "confirmé par un certificateur" in told and "échu" not in told
    assert "Hélène Marchand" not in told
    assert "Hélène Marchand" in words(browse("membre").get(PAGE))


@pytest.mark.parametrize(
    "day, text, sentence",
    [
        (SOON, "Vu.", "plus tardive"),
        (PAST, "Vu.", "plus tardive"),
        (LATER, "", "Dites ce qui montre le renouvellement"),
        (LATER, "x" * 2001, "trop long"),
    ],
)
def test_a_renewal_that_renews_nothing_is_refused(browse, world, day, text, sentence):
    key = declare(world)
    form = browse("entreprise").get(f"{PAGE}/{key}/renew").forms["form"]
    form["date"], form["text"] = day.isoformat(), text
    assert sentence in form.submit("save", status=422).html.select_one(".error-summary").text
    assert stored(world, key).renewal is None


def test_a_certifier_refuses_with_a_reason_that_everybody_reads(browse, world):
    key = declare(world, PAST)
    submit(world, key)
    form = browse("certificatrice").get(f"{PAGE}/{key}/decide").forms["form"]
    form.submit("save", status=422)
    form["reason"] = "Le numéro ne correspond à rien."
    assert form.submit("save").status_int == 303
    told = words(browse().get(PAGE))
    assert "Le numéro ne correspond à rien." in told and "échu depuis" in told
    assert "à confirmer" not in told


def test_a_certifier_in_conflict_reads_why_before_and_after_trying(browse, world):
    key = declare(world)
    submit(world, key)
    browser = browse("certificatrice")
    form = browser.get(f"{PAGE}/{key}/decide").forms["form"]
    companies.declare_interest(world.companies["candidate"], "Ma sœur.", world.actors["certificatrice"], NOW)
    transaction.commit()
    form["reason"] = "Non."
    assert "déclaré un intérêt" in form.submit("save", status=422).text
    page = browser.get(f"{PAGE}/{key}/decide")
    assert "déclaré un intérêt" in page.text
    assert "form" not in page.forms and not any("confirm" in f.fields for f in page.forms.values())
    csrf = browser.get("/forgotten").forms["form"]["csrf_token"].value
    seen = stored(world, key).renewal["when"].isoformat()
    sent = {"csrf_token": csrf, "confirm": "1", "seen": seen}
    assert "déclaré un intérêt" in browser.post(f"{PAGE}/{key}/decide", sent).follow().text
    assert stored(world, key).renewal is not None


@pytest.mark.parametrize("seen", ["", "nonsense", "2020-01-01T00:00:00", "2020-01-01T00:00:00+00:00"])
def test_who_saw_another_renewal_decides_nothing(browse, world, seen):
    key = declare(world)
    submit(world, key)
    browser = browse("certificatrice")
    csrf = browser.get("/forgotten").forms["form"]["csrf_token"].value
    answer = browser.post(f"{PAGE}/{key}/decide", {"csrf_token": csrf, "confirm": "1", "seen": seen})
    assert "entre-temps" in answer.follow().text
    assert stored(world, key).renewal is not None


def test_where_nothing_waits_there_is_nothing_to_decide(browse, world):
    key = declare(world)
    assert "Aucun renouvellement" in browse("certificatrice").get(f"{PAGE}/{key}/decide").follow().text


@pytest.mark.parametrize("path", ["x", "add/x", "x/y/z", "0123456789abcdef/change", "change"])
def test_where_there_is_no_certificate_the_answer_is_404(browse, world, path):
    declare(world)
    browse("entreprise").get(f"{PAGE}/{path}", status=404)


def test_each_form_is_for_those_who_may(browse, world):
    key = declare(world)
    submit(world, key)
    staff, certifiers = ("add", f"{key}/change", f"{key}/renew"), (f"{key}/decide",)
    for login in (None, "membre", "certificatrice", "entreprise", "equipe", "voisine", "admin"):
        browser = browse(login)
        csrf = browser.get("/forgotten").forms["form"]["csrf_token"].value
        for paths, who in ((staff, "entreprise"), (certifiers, "certificatrice")):
            for path in paths:
                if login != who:
                    browser.get(f"{PAGE}/{path}", status=403)
                    browser.post(f"{PAGE}/{path}", {"csrf_token": csrf, "confirm": "1", "name": "X"}, status=403)
    assert stored(world, key).renewal is not None
    assert len(world.companies["candidate"].outside_certificates) == 1


def test_a_draft_keeps_its_certificates_to_itself(browse, world):
    declare(world, company="brouillon")
    for login in (None, "membre", "certificatrice", "voisine", "admin"):
        browse(login).get("/companies/brouillon/outside-certificates", status=403)
    assert "Ecocert" in browse("equipe").get("/companies/brouillon/outside-certificates").text


def test_what_a_company_calls_its_certificate_is_text(browse, world):
    declare(world, name="<b>Bio</b>", issuer='"><script>alert(1)</script>')
    for path in (PAGE, "/companies/candidate"):
        assert "<script>alert" not in browse().get(path).text
        assert "<b>Bio" not in browse().get(path).text
        assert "&lt;b&gt;Bio" in browse().get(path).text


def test_the_pages_speak_english_too(browse, world):
    key = declare(world, PAST, name="Organic", issuer="Ecocert")
    submit(world, key)
    visitor = browse()
    for path in (PAGE, "/companies/candidate"):
        told = words(visitor.get(path, headers={"Accept-Language": "en"}))
        assert "lapsed on" in told and "declared by the company" in told and "renewal submitted" in told
        assert not {"échu", "déclaré", "renouvellement"} & set(told.split())


# --- votes held before the platform ----------------------------------------------------------------------------------------------


def test_votes_held_before_the_platform_stand_on_the_dossier_with_their_source(browse, world):
    assert "Votes tenus avant la plateforme" not in browse().get("/companies/candidate").text
    figures = {
        "entitled": 9000,
        "voters": 2300,
        "yes": 2024,
        "no": 276,
        "source": "site public",
        "subject": "Le beurre",
    }
    companies.record_earlier_vote(
        world.companies["candidate"],
        "admission",
        "adopted",
        datetime(2019, 7, 10, tzinfo=UTC),
        world.actors["closing"],
        **figures,
    )
    transaction.commit()
    table = browse().get("/companies/candidate").html.select_one("table")
    cells = [" ".join(cell.get_text(" ").split()) for cell in table.select("tbody th, tbody td")]
    assert cells == ["Le beurre Adopté", "10 juillet 2019", "9 000", "2 300 (25,6 %)", "2 024", "276", "site public"]


def test_a_closed_dossier_shows_neither_votes_nor_certificates(browse, world):
    company = worlds.in_state(world, "fermee", "withdrawn", NOW)
    declare(world, company="fermee")
    company.earlier_votes = ({"kind": "admission", "result": "adopted", "when": NOW},)
    transaction.commit()
    page = browse().get("/companies/fermee").text
    assert "Votes tenus" not in page and "Ecocert" not in page
