"""The pages of votes: from the proposal to the minutes, and what each reader finds there."""

import json
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
import transaction

from coopcms.domain import companies, members, proposals, registers, specifications, voting
from coopcms.workflows import engine

from .. import world as worlds
from .auditing import days_ago, errors, main, token

PROPOSAL = "/proposals/admission-de-celle"
FORM = "form"
VOTERS = ("membre", "certificatrice", "certificateur", "visiteuse", "visiteur")


@pytest.fixture
def company(world):
    """A company whose audits are accepted, and the members of the world."""
    when = days_ago(30)
    for login in VOTERS:
        members.admit(world.site, world.accounts[login], world.actors["equipe"], when)
    registers.number_waiting(world.site, when)
    made = worlds.in_state(world, "celle", "audited", when)
    transaction.commit()
    return made


@pytest.fixture
def vote(world, company):
    """A function that makes the proposal, in a state; opened some days ago."""

    def make(state="voting", opened=3, kind="admission", **rules):
        made = worlds.vote(world, kind, company, days_ago(opened), state=state, **rules)
        transaction.commit()
        return made

    return make


@pytest.fixture
def closed(world, vote):
    """A function that makes a vote that was counted, with ballots and receipts."""

    def make(secret=True, **choices):
        made = vote(opened=20, secret=secret)
        receipts = {
            login: voting.cast(made, choice, world.actors[login], days_ago(19)) for login, choice in choices.items()
        }
        voting.close(made, datetime.now(UTC))
        transaction.commit()
        return receipts

    return make


# Proposing


def test_a_coordinator_proposes_by_plain_links_and_one_form(browse, world, company):
    browser = browse("equipe")
    page = browser.get("/proposals").click("Nouvelle proposition").click("Admission d’une entreprise").click("Celle")
    form = page.forms[FORM]
    answer = form.submit("save", status=422)
    assert errors(answer).keys() == {"Titre", "Le texte soumis au vote"}
    form = answer.forms[FORM]
    form["title"], form["text"] = "Admettre Celle ?", "Nous admettons **Celle**."
    page = form.submit("save", status=303).follow()
    assert "Brouillon" in main(page)
    assert page.html.select_one(".prose strong").get_text() == "Celle"
    transaction.begin()
    assert world.site["proposals"]["admettre-celle"].company is company
    browse("membre").get("/proposals/admettre-celle", status=403)
    assert "Admettre Celle" not in browse().get("/proposals").text


@pytest.mark.parametrize("login", [None, "membre", "entreprise", "certificateur", "admin"])
def test_nobody_else_proposes(browse, company, login):
    assert "Nouvelle proposition" not in browse(login).get("/proposals").text
    browse(login).get("/proposals/add", status=403)


def test_a_company_that_cannot_be_voted_on_is_not_offered(browse, world, company):
    worlds.in_state(world, "autre", "applied", days_ago(9))
    transaction.commit()
    page = main(browse("equipe").get("/proposals/add?kind=admission"))
    assert "Celle" in page
    assert "Autre" not in page
    assert "Aucune entreprise" in main(browse("equipe").get("/proposals/add?kind=exclusion"))


def test_a_version_is_chosen_among_the_frozen_ones(browse, company):
    browser = browse("equipe")
    form = browser.get("/proposals/add?kind=specification&company=celle").forms[FORM]
    form["title"], form["text"] = "Adopter les œufs ?", "Le texte."
    answer = form.submit("save", status=422)
    assert "Choisissez au moins une version figée." in main(answer)
    form = answer.forms[FORM]
    form["checkbox"] = True
    page = form.submit("save", status=303).follow()
    assert "Les cahiers des charges concernés" in main(page)


@pytest.mark.parametrize(
    ("field", "value", "title", "sentence"),
    [
        ("days", "0", "Durée du vote", "de 1 à 90 jours"),
        ("days", "91", "Durée du vote", "de 1 à 90 jours"),
        ("days", "quinze", "Durée du vote", "un nombre"),
        ("quorum", "101", "Quorum", "de 0 à 100"),
        ("quorum", "dix", "Quorum", "pour cent ou une fraction"),
        ("quorum", "1/0", "Quorum", "pour cent ou une fraction"),
        ("quorum", "1e99999999", "Quorum", "pour cent ou une fraction"),
        ("quorum", "-5", "Quorum", "de 0 à 100"),
        ("majority", "49,9", "Majorité", "au moins la moitié"),
        ("majority", "100", "Majorité", "au moins la moitié"),
        ("date", "2020-01-01", "Ouverture", "passée"),
    ],
)
def test_rules_that_make_no_vote_are_refused_beside_the_field(browse, vote, field, value, title, sentence):
    vote("discussion")
    form = browse("equipe").get(f"{PROPOSAL}/set-rules").forms[FORM]
    form[field] = value
    answer = form.submit("save", status=422)
    assert errors(answer).keys() == {title}
    assert sentence in errors(answer)[title]
    assert answer.forms[FORM][field].value == value


def test_everything_that_is_wrong_with_the_rules_is_said_at_once(browse, vote):
    vote("discussion")
    form = browse("equipe").get(f"{PROPOSAL}/set-rules").forms[FORM]
    form["days"], form["quorum"], form["majority"], form["date"] = "beaucoup", "120", "1/3", "2020-01-01"
    answer = form.submit("save", status=422)
    assert errors(answer).keys() == {"Durée du vote", "Quorum", "Majorité", "Ouverture"}


def test_the_rules_stand_in_plain_words(browse, vote):
    vote("discussion")
    form = browse("equipe").get(f"{PROPOSAL}/set-rules").forms[FORM]
    form["days"], form["quorum"], form["majority"] = "10", "33,3", "66,67"
    page = main(form.submit("save", status=303).follow())
    for told in ("10 jours", "33,3 %", "66,67 %", "compterait 5 personnes", "soit 2 personnes", "cinq cents"):
        assert told in page, told


# Voting


def test_a_member_votes_gets_a_receipt_once_and_may_change_the_vote(browse, vote):
    made, browser = vote(), browse("membre")
    page = browser.get(PROPOSAL).click("^Voter$")
    form = (
        page.forms[-1] if isinstance(page.forms, list) else next(f for f in page.forms.values() if "choice" in f.fields)
    )
    form["choice"] = "for"
    page = form.submit(status=200)
    assert "Votre bulletin dit : Pour" in main(page)
    transaction.begin()
    assert not list(made.box.contents()), "nothing is cast before it is confirmed"
    receipt = page.forms["confirm"].submit("confirm", status=303).follow()
    tracker = receipt.html.select_one(".tracker code").get_text()
    assert len(tracker) == 29
    assert "le récépissé" in main(receipt).lower() or "Votre récépissé" in main(receipt)
    browser.get(f"{PROPOSAL}/receipt", status=303)
    page = browser.get(PROPOSAL)
    assert "Vous avez voté" in main(page)
    assert tracker not in page.text
    page = page.click("Changer mon vote")
    assert "Vous avez déjà voté" in main(page)
    assert not page.html.select("input[checked]"), "what was voted is not shown"
    form = next(f for f in page.forms.values() if "choice" in f.fields)
    form["choice"] = "blank"
    form.submit(status=200).forms["confirm"].submit("confirm", status=303)
    transaction.begin()
    assert [choice for _tracker, choice in made.box.contents()] == ["blank"]


def test_who_has_two_minutes_reads_three_points_before_voting(browse, vote):
    vote("discussion")
    coordinator = browse("equipe")
    assert "n’est pas complet" in main(coordinator.get(PROPOSAL))
    form = coordinator.get(f"{PROPOSAL}/edit").forms[FORM]
    form["changes"], form["purse"], form["producer"] = "Un pot de plus.", "Dix centimes.", "<b>Un juste prix.</b>"
    form.submit("save", status=303)
    assert "n’est pas complet" not in main(coordinator.get(PROPOSAL))
    form = next(
        f
        for f in coordinator.get(f"{PROPOSAL}/workflow").forms.values()
        if f.fields.get("transition", [None])[0] is not None and f["transition"].value == "open"
    )
    form.submit(status=303)
    for page in (browse("membre").get(f"{PROPOSAL}/vote"), browse().get(PROPOSAL)):
        points = page.html.select_one(".brief").get_text()
        assert all(words in points for words in ("Pour mon porte-monnaie", "Dix centimes.", "<b>Un juste prix.</b>"))


def test_a_ballot_without_an_answer_says_so_and_is_not_cast(browse, vote):
    made, browser = vote(), browse("membre")
    answer = browser.post(f"{PROPOSAL}/vote", {"csrf_token": token(browser)}, status=422)
    assert "Choisissez l’une des réponses" in main(answer)
    browser.post(f"{PROPOSAL}/vote", {"csrf_token": token(browser), "choice": "peut-être"}, status=422)
    browser.post(f"{PROPOSAL}/vote", {"choice": "for"}, status=400)
    transaction.begin()
    assert list(made.box.contents()) == []


@pytest.mark.parametrize("login", [None, "equipe", "entreprise", "admin", "auditeur"])
def test_who_is_not_on_the_roll_finds_no_ballot(browse, vote, login):
    vote()
    browser = browse(login)
    page = browser.get(PROPOSAL)
    assert f"{PROPOSAL}/vote" not in page.text
    browser.get(f"{PROPOSAL}/vote", status=403)
    browser.post(f"{PROPOSAL}/vote", {"csrf_token": token(browser), "choice": "for"}, status=403)


@pytest.mark.parametrize("login", [None, "membre"])
def test_the_address_of_a_ballot_that_is_none_leads_to_the_proposal(browse, vote, login):
    vote("discussion")
    page = browse(login).get(f"{PROPOSAL}/vote", status=303).follow()
    assert page.request.path == PROPOSAL
    assert "Ce vote n’est pas ouvert." in page.text


def test_after_the_end_there_is_no_ballot_and_nothing_is_taken(browse, vote):
    made, browser = vote(opened=20), browse("membre")
    page = browser.get(PROPOSAL)
    assert "terminé, le dépouillement vient" in main(page)
    answer = browser.post(f"{PROPOSAL}/vote", {"csrf_token": token(browser), "choice": "for"}, status=409)
    assert "votre bulletin n’a pas été pris" in main(answer)
    transaction.begin()
    assert list(made.box.contents()) == []


@pytest.mark.parametrize("login", [None, "membre", "visiteur", "entreprise", "equipe", "admin"])
def test_before_the_closing_there_is_neither_result_nor_minutes(browse, world, vote, login):
    made = vote(opened=20)
    voting.cast(made, "for", world.actors["membre"], days_ago(19))
    transaction.commit()
    browser = browse(login)
    for page in ("minutes", "ballots.json"):
        browser.get(f"{PROPOSAL}/{page}", status=404)


# Around the vote


def test_the_end_is_moved_later_with_a_reason_that_everybody_reads(browse, vote):
    made = vote()
    form = browse("equipe").get(f"{PROPOSAL}/extend").forms[FORM]
    form["date"], form["reason"] = made.ends_at.date().isoformat(), "Une panne."
    answer = form.submit("save", status=422)
    assert errors(answer).keys() == {"Nouvelle fin"}
    form = answer.forms[FORM]
    assert form["reason"].value == "Une panne."
    form["date"] = (made.ends_at + timedelta(days=2)).date().isoformat()
    form.submit("save", status=303)
    assert "Une panne." in main(browse().get(PROPOSAL))


def test_a_coordinator_counts_once_the_end_is_past(browse, world, vote):
    made, browser = vote(opened=20), browse("equipe")
    voting.cast(made, "for", world.actors["membre"], days_ago(19))
    transaction.commit()
    browse("membre").post(f"{PROPOSAL}/count", {"csrf_token": token(browse("membre"))}, status=403)
    page = browser.get(PROPOSAL)
    form = next(f for f in page.forms.values() if f.action.endswith("/count"))
    page = form.submit(status=303).follow()
    assert "La proposition est adoptée." in main(page)
    transaction.begin()
    assert made.company.state == "voted"


def test_nobody_counts_before_the_end(browse, vote):
    made, browser = vote(), browse("equipe")
    assert "Dépouiller" not in main(browser.get(PROPOSAL))
    browser.post(f"{PROPOSAL}/count", {"csrf_token": token(browser)}, status=303)
    transaction.begin()
    assert made.state == "voting"


def test_the_minutes_say_everything_and_find_ones_ballot(browse, closed):
    receipts = closed(membre="for", visiteuse="for", visiteur="against", certificateur="blank")
    page = browse().get(f"{PROPOSAL}/minutes")
    for told in (
        "2 pour sur 3 suffrages exprimés",
        "80 %",
        "66,67 %",
        "33,33 %",
        ", atteint",
        "La décision a pris effet",
    ):
        assert told in main(page), told
    form = next(f for f in page.forms.values() if "tracker" in f.fields)
    form["tracker"] = f" {receipts['visiteur'].tracker.upper()} "
    assert "dit : Contre" in main(form.submit())
    form["tracker"] = "22222-22222-22222-22222-22222"
    assert "Aucun bulletin ne porte ce code" in main(form.submit())


def test_the_ballots_are_for_everybody_and_in_no_order_that_tells(browse, closed):
    receipts = closed(membre="for", visiteuse="against")
    answer = browse().get(f"{PROPOSAL}/ballots.json")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    trackers = [ballot["tracker"] for ballot in json.loads(answer.body)["ballots"]]
    assert trackers == sorted(receipt.tracker for receipt in receipts.values())


@pytest.mark.parametrize(("login", "shown"), [(None, False), ("entreprise", False), ("membre", True)])
def test_of_a_public_vote_members_read_who_voted_what(browse, closed, login, shown):
    closed(secret=False, visiteuse="against")
    page = main(browse(login).get(f"{PROPOSAL}/minutes"))
    assert ("Nadia Benali" in page) is shown


def test_what_could_not_take_effect_says_why_and_is_tried_again(browse, world, vote):
    made = vote(opened=20)
    voting.cast(made, "for", world.actors["membre"], days_ago(19))
    [version] = made.versions
    engine.fire(version, "withdraw", world.actors["entreprise"], days_ago(18), comment="Erreur.")
    voting.close(made, datetime.now(UTC))
    transaction.commit()
    page = browse("equipe").get(PROPOSAL)
    assert "n’est plus dans un état qui le permet" in main(page)
    form = next(f for f in page.forms.values() if f.action.endswith("/retry"))
    assert "ne peut toujours pas prendre effet" in form.submit(status=303).follow().text
    version.state = "frozen"
    transaction.commit()
    form.submit(status=303)
    transaction.begin()
    assert made.company.state == "voted"


def test_what_was_decided_is_followed_until_it_is_done(browse, world, vote, closed):
    closed(membre="for")
    browser = browse("equipe")
    page = browser.get(f"{PROPOSAL}/milestones")
    form = next(f for f in page.forms.values() if "new" in f.fields)
    form["new"] = "Prévenir les magasins"
    form.submit(status=303)
    assert "Prévenir les magasins" in main(browse().get(PROPOSAL))
    assert "Une étape n’est pas faite" in main(browser.get(f"{PROPOSAL}/workflow"))


def test_a_follow_up_that_somebody_saved_meanwhile_is_shown_and_kept(browse, vote, closed):
    closed(membre="for")

    def form(browser):
        page = browser.get(f"{PROPOSAL}/milestones")
        return next(f for f in page.forms.values() if "new" in f.fields)

    one, other = form(browse("equipe")), form(browse("equipe2"))
    one["new"], other["new"] = "Prévenir les magasins", "Signer"
    one.submit(status=303)
    answer = other.submit(status=409)
    assert "pendant que vous l’aviez ouvert" in main(answer)
    again = next(f for f in answer.forms.values() if "new" in f.fields)
    assert again["new"].value == "Signer"
    again.submit(status=303)
    assert "Prévenir les magasins" in main(browse().get(PROPOSAL))
    assert "Signer" in main(browse().get(PROPOSAL))


# What else the pages say


def test_the_home_page_and_the_tasks_lead_to_an_open_vote(browse, vote):
    vote()
    assert PROPOSAL in browse().get("/").text
    page = browse("membre").get("/tasks")
    assert "Voter : admission de Celle" in main(page)
    assert "Voter" not in main(browse("entreprise").get("/tasks"))


def test_dates_of_a_vote_are_dates_of_paris(browse, vote):
    made = vote()
    assert isinstance(made.ends_at.date(), date)
    assert "20:00" in main(browse().get(PROPOSAL)) or "20 h" in main(browse().get(PROPOSAL))


def test_a_proposal_that_is_rewritten_keeps_what_was_typed(browse, vote):
    vote("discussion")
    form = browse("equipe").get(f"{PROPOSAL}/edit").forms[FORM]
    form["title"], form["description"] = "", "Une phrase."
    answer = form.submit("save", status=422)
    assert errors(answer) == {"Titre": "Donnez un titre."}
    assert answer.forms[FORM]["description"].value == "Une phrase."


@pytest.mark.parametrize("view", ["edit", "set-rules"])
def test_what_a_colleague_saved_meanwhile_is_shown_beside(browse, vote, view):
    vote("discussion")
    name = {"edit": "title", "set-rules": "days"}[view]
    one, other = (browse(login).get(f"{PROPOSAL}/{view}").forms[FORM] for login in ("equipe", "equipe2"))
    one[name], other[name] = "21", "28"
    one.submit("save", status=303)
    answer = other.submit("save", status=409)
    assert "Quelqu’un a enregistré" in main(answer)
    assert "21" in main(answer)
    assert answer.forms[FORM][name].value == "28"
    answer.forms[FORM].submit("save", status=303)
    assert browse("equipe").get(f"{PROPOSAL}/{view}").forms[FORM][name].value == "28"


@pytest.mark.parametrize("view", ["edit", "set-rules"])
def test_a_coordinator_in_conflict_is_told_so(browse, world, company, vote, view):
    vote("discussion")
    companies.declare_interest(company, "Ma sœur y travaille.", world.actors["equipe"], days_ago(1))
    transaction.commit()
    form = browse("equipe").get(f"{PROPOSAL}/{view}").forms[FORM]
    assert "un intérêt dans cette entreprise" in main(form.submit("save", status=409))


def test_a_majority_of_two_thirds_stays_one(browse, vote):
    made = vote("discussion", majority=Fraction(2, 3))
    form = browse("equipe").get(f"{PROPOSAL}/set-rules").forms[FORM]
    assert form["majority"].value == "2/3"
    form.submit("save", status=303)
    transaction.begin()
    assert made.majority == (2, 3)


def test_a_version_of_the_framework_is_voted_on_without_a_company(browse, world, company):
    coordinator, when = world.actors["equipe"], days_ago(9)
    version = specifications.revise(world.site["framework"], coordinator, when)
    engine.fire(version, "freeze", coordinator, when)
    transaction.commit()
    browser = browse("equipe")
    form = browser.get("/proposals/add?kind=specification").click("Le référentiel de la coopérative").forms[FORM]
    form["title"], form["text"], form["checkbox"] = "Adopter le référentiel ?", "Le texte.", True
    place = form.submit("save", status=303).location
    [proposal] = [p for p in world.site["proposals"].values() if transaction.begin() or p.company_id is None]
    for step in ("submit", "discuss", "open"):
        engine.fire(proposal, step, coordinator, when)
    voting.cast(proposal, "for", world.actors["membre"], when)
    voting.close(proposal, proposal.ends_at)
    transaction.commit()
    assert version.state == "adopted"
    for path in ("", "/rules", "/minutes", "/workflow", "/comments"):
        browse().get(f"{place}{path}")
    browse("equipe").get("/tasks")


def test_nothing_of_a_proposal_is_code(browse, world, vote):
    made = vote("discussion")
    proposals.rewrite(made, "<b>x</b>", "<i>y</i>", "<script>z</script>", world.actors["equipe"], days_ago(1))
    transaction.commit()
    page = browse().get(PROPOSAL).text
    for code in ("<b>x</b>", "<i>y</i>", "<script>z"):
        assert code not in page
