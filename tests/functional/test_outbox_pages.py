"""The outbox as coordinators see it, and the mails one takes."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
import transaction

from coopcms.content.outbox import STATES
from coopcms.domain import outbox
from coopcms.notifications.letters import MASK
from coopcms.workflows import engine

from .. import world as worlds
from ..conftest import NOW
from ..posting import Refused, Scripted, Unclear, deliver, delivered_by, letters, mailings
from ..unit.notifications.conftest import roll, vote  # noqa: F401 - fixtures
from .mails import links_in, mails  # noqa: F401 - fixture

ENTREPRISE, COLLEGUE = "entreprise@test.example", "collegue@test.example"


@pytest.fixture
def troubled(world, registry, monkeypatch):
    """One letter that was refused, one that is unclear."""
    engine.fire(world.companies["candidate"], "declare_admissible", world.actors["equipe"], NOW)
    deliver(
        registry,
        NOW,
        Scripted({ENTREPRISE: [Refused("550 5.1.1 <nobody>")], COLLEGUE: [Unclear("timed out")]}),
        monkeypatch,
    )


def rows(page):
    return page.html.select("ul.worklist > li")


def row_of(page, words):
    return next(row for row in rows(page) if words in row.text)


def press(app, page, words, button):
    """Press a button of the message that has these words."""
    digest = row_of(page, words).select_one("input[name=letter]")["value"]
    form = next(f for f in page.forms.values() if "letter" in f.fields and f["letter"].value == digest)
    return form.submit(button)


@pytest.mark.parametrize("login", [None, "membre", "certificatrice", "entreprise", "admin"])
def test_nobody_but_coordinators_sees_it(browse, login):
    app = browse(login)
    assert app.get("/outbox", status="*").status_int in (303, 403)
    assert "/outbox" not in app.get("/").text


def test_coordinators_find_it_at_the_foot_of_each_page_and_learn_what_it_is_for(browse):
    app = browse("equipe")
    page = app.get("/companies").click("Boîte d’envoi")
    assert page.request.path == "/outbox"
    assert "Aucun message pour le moment" in page.text
    assert page.html.select_one(".empty a")["href"] == "/companies/invite"


def test_each_message_shows_whom_what_and_how_it_went(browse, troubled):
    page = browse("equipe").get("/outbox")
    assert len(rows(page)) == 2
    refused = row_of(page, ENTREPRISE)
    assert "Élise Garnier" in refused.text
    assert "Candidature recevable" in refused.h3.text
    assert "Refusé" in refused.select_one(".state").text
    assert refused.select_one("code").text == "550 5.1.1 <nobody>"
    assert "Un organisme accrédité" in refused.select_one("pre").text
    assert "Incertain" in row_of(page, COLLEGUE).text
    assert "arriver deux fois" in row_of(page, COLLEGUE).text
    assert "attendent votre décision" in page.text


@pytest.mark.parametrize("state", STATES)
def test_it_is_filtered_by_state(browse, troubled, state):
    page = browse("equipe").get("/outbox", {"state": state})
    assert len(rows(page)) == (1 if state in ("failed", "unclear") else 0)
    assert page.html.select_one("option[selected]")["value"] == state


def test_what_was_refused_is_sent_again_when_a_person_says_so(browse, world, registry, troubled, monkeypatch):
    app = browse("equipe")
    answer = press(app, app.get("/outbox?state=failed"), ENTREPRISE, "again")
    assert answer.headers["Location"].endswith("/outbox?state=failed")
    assert "part de nouveau" in answer.follow().text
    server = Scripted()
    assert deliver(registry, NOW + timedelta(hours=1), server, monkeypatch) == 1
    assert server.addresses == [ENTREPRISE]
    letter = next(letter for letter in letters(world.site, "sent"))
    assert letter.decided_by == world.actors["equipe"].userid


def test_what_is_given_up_never_leaves(browse, world, registry, troubled, monkeypatch):
    app = browse("equipe")
    answer = press(app, app.get("/outbox"), COLLEGUE, "give_up").follow()
    assert "est abandonné" in answer.text
    assert not row_of(answer, COLLEGUE).select("form")
    server = Scripted()
    assert deliver(registry, NOW + timedelta(days=30), server, monkeypatch) == 0


def test_a_button_pressed_on_an_old_page_says_that_things_moved(browse, troubled):
    app = browse("equipe")
    old = app.get("/outbox")
    press(app, old, COLLEGUE, "give_up")
    answer = press(app, old, COLLEGUE, "again").follow()
    assert "a changé d’état entre-temps" in answer.text
    token = old.html.select_one("input[name=csrf_token]")["value"]
    for gone in ("", "zz", "0" * 32):
        sent = {"csrf_token": token, "letter": gone, "of": gone, "again": "1"}
        assert "n’est plus dans la boîte" in app.post("/outbox", sent).follow().text


def test_nobody_else_decides(browse, troubled):
    token = browse("equipe").get("/outbox").html.select_one("input[name=csrf_token]")["value"]
    app = browse("membre")
    own = app.get("/account").html.select_one("input[name=csrf_token]")["value"]
    assert own != token
    app.post("/outbox", {"csrf_token": own, "letter": "0" * 32, "again": "1"}, status=403)


def test_the_key_of_an_invitation_is_shown_to_nobody_and_forgotten_once_sent(browse, world, mails):  # noqa: F811
    app = browse("equipe")
    form = app.get("/companies/invite").forms["form"]
    form["title"], form["email"] = "Moulin de Marthe", "marthe@moulin.example"
    form.submit("save")
    (mail,) = mails()
    (link,) = links_in(mail)
    page = app.get("/outbox")
    row = row_of(page, "marthe@moulin.example")
    assert "Envoyé" in row.text
    assert MASK in row.select_one("pre").text
    assert link.rsplit("/", 1)[-1] not in page.text
    transaction.begin()
    (letter,) = letters(world.site)
    assert link not in repr(letter.__getstate__())


def test_an_invitation_that_waits_hides_its_key_as_well(browse, world, registry, monkeypatch):
    app = browse("equipe")
    with delivered_by(Scripted({"marthe@moulin.example": [Refused("550 no")]}), monkeypatch):
        form = app.get("/companies/invite").forms["form"]
        form["title"], form["email"] = "Moulin de Marthe", "marthe@moulin.example"
        form.submit("save")
    transaction.begin()
    (letter,) = letters(world.site, "failed")
    key = letter.path.rsplit("/", 1)[-1]
    assert len(key) > 20
    page = app.get("/outbox")
    assert key not in page.text
    assert f"/invitation/{MASK}" in page.text


def test_a_refused_form_leaves_no_mail(browse, world, mails):  # noqa: F811
    form = browse("equipe").get("/companies/invite").forms["form"]
    form["title"], form["email"] = "", "marthe@moulin.example"
    assert "aria-invalid" in form.submit("save").text
    transaction.begin()
    assert letters(world.site) == []
    assert mails() == []


def test_a_mailing_is_one_entry_that_opens(browse, world, registry, vote, monkeypatch):  # noqa: F811
    deliver(registry, NOW, Scripted({"membre@test.example": [Refused("550 full")]}), monkeypatch)
    app = browse("equipe")
    page = app.get("/outbox")
    (mailing,) = mailings(world.site)
    row = row_of(page, "à toute la liste électorale")
    assert "5" in row.text
    assert "Envoyé : 4" in " ".join(row.text.replace("\N{NO-BREAK SPACE}", " ").split())
    assert "membre@test.example" not in page.text
    inside = app.get(row.select_one("a")["href"])
    assert len(rows(inside)) == 5
    found = app.get("/outbox?state=failed")
    assert "membre@test.example" in found.text
    assert "part de nouveau" in press(app, found, "membre@test.example", "again").follow().text


def test_it_is_read_a_page_at_a_time_newest_first(browse, world):
    for number in range(60):
        outbox.post(
            world.site,
            "admissible",
            ("test", number),
            NOW + timedelta(minutes=number),
            account=world.accounts["entreprise"],
            facts={"company": f"Maison {number:02}"},
            path="/",
        )
    transaction.commit()
    app, seen = browse("equipe"), []
    page = app.get("/outbox")
    while True:
        seen += [row.h3.text for row in rows(page)]
        following = page.html.select_one("nav.pager a")
        assert len(page.body) < 100_000
        if following is None:
            break
        page = app.get(following["href"])
    names = [title.rsplit(" ", 1)[-1] for title in seen]
    assert names == [f"{number:02}" for number in reversed(range(60))]
    assert app.get("/outbox?from=nonsense&state=x&mailing=y").status_int == 200


def test_who_looks_with_the_eyes_of_a_coordinator_does_not_see_it(browse, troubled):
    app = browse("admin")
    token = app.get("/see-as").html.select_one("input[name=csrf_token]")["value"]
    app.post("/see-as", {"csrf_token": token, "role": "coordinator"}, status=303)
    assert "Vous voyez le site comme" in app.get("/").text
    app.get("/outbox", status=403)
    assert "/outbox" not in app.get("/").text


# --- one's own choices -----------------------------------------------------------------------------------------------------------


def test_mails_that_are_not_needed_are_switched_off_in_the_account(browse, world):
    app = browse("membre")
    form = app.get("/account/mail").forms["mail"]
    assert [form[group].checked for group in ("votes", "results", "bodies")] == [True] * 3
    form["votes"] = False
    answer = form.submit("save")
    assert answer.headers["Location"].endswith("/account/mail")
    transaction.begin()
    assert world.accounts["membre"].mail_off == ("votes",)
    form = app.get("/account/mail").forms["mail"]
    assert [form[group].checked for group in ("votes", "results", "bodies")] == [False, True, True]
    form["votes"] = True
    form.submit("save")
    transaction.begin()
    assert world.accounts["membre"].mail_off == ()


def test_the_other_forms_of_the_account_change_no_choice(browse, world):
    world.accounts["membre"].mail_off = ("votes",)
    transaction.commit()
    form = browse("membre").get("/account").forms["profile"]
    form["name"] = "Camille R."
    form.submit("save")
    transaction.begin()
    assert (world.accounts["membre"].title, world.accounts["membre"].mail_off) == ("Camille R.", ("votes",))


def test_links_in_mails_lead_to_pages_that_their_readers_may_see(browse, world, registry, monkeypatch):
    """Each mail of the way of a company, its link followed by who got it."""
    worlds.certified(world, "celle", NOW)
    company = world.companies["candidate"]
    engine.fire(company, "declare_admissible", world.actors["equipe"], NOW)
    worlds.audit(world, company, 1, "reported", NOW, found={"A1": "minor"})
    server = Scripted()
    deliver(registry, NOW, server, monkeypatch)
    logins = {account.email: login for login, account in world.accounts.items()}
    seen = set()
    for to, message in server.taken:
        text = SimpleNamespace(get_body=lambda wanted, message=message: message.get_body(wanted))
        (link, *_rest) = [
            path
            for line in text.get_body(("plain",)).get_content().splitlines()
            if line.startswith("http://127.0.0.1:6543/")
            for path in [line.removeprefix("http://127.0.0.1:6543")]
        ]
        if (logins[to], link) not in seen:
            seen.add((logins[to], link))
            browse(logins[to]).get(link, status=200)
    assert len(seen) > 5
