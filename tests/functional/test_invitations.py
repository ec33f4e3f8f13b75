"""Invitations by mail: to make the draft of a company, and into its team."""

import time

import itsdangerous.timed
import transaction

from .. import world as worlds
from .mails import links_in, mails  # noqa: F401 - a fixture

NEW = "une phrase rien qu’à moi"
MARTHE = "marthe@moulin.example"


def invite(coordinator, email=MARTHE, title="Moulin de Marthe"):
    """Send the form of the invitation."""
    form = coordinator.get("/companies/invite").forms["form"]
    form["title"], form["email"] = title, email
    assert form.submit("save").status_int == 303


def accept(visitor, link, **kw):
    """Make an account by the link."""
    form = visitor.get(link).forms["form"]
    form["name"], form["password"], form["again"] = "Marthe Meunier", NEW, NEW
    return form.submit("save", **kw)


def test_who_is_invited_makes_an_account_and_finds_the_draft_of_the_company(browse, mails, world):  # noqa: F811
    before = set(world.companies)
    invite(browse("equipe"))
    (mail,) = mails()
    assert mail["To"] == MARTHE
    assert "Moulin de Marthe" in mail["Subject"]
    assert "Anne Delmas" in mail.get_body().get_content()
    (link,) = links_in(mail)
    transaction.abort()
    assert set(world.companies) == before, "nothing exists before the link is followed"
    visitor = browse()
    arrived = accept(visitor, link)
    assert arrived.status_int == 303
    assert arrived.headers["Location"].endswith("/edit")
    page = arrived.follow()
    assert "Moulin de Marthe" in page.text
    transaction.abort()
    (name,) = set(world.companies) - before
    company = world.companies[name]
    assert (company.state, company.title) == ("draft", "Moulin de Marthe")
    staff = [account for account in world.site["principals"]["users"].values() if account.__oid__ in company.staff]
    assert [(account.title, account.email) for account in staff] == [("Marthe Meunier", MARTHE)]
    browse().get(f"/companies/{name}", status=403)
    # The address is the login from now on.
    form = browse().get("/login").forms["form"]
    form["login"], form["password"] = MARTHE, NEW
    assert form.submit("save").status_int == 303


def test_an_address_with_a_slash_can_be_invited_and_logs_in(browse, mails, world):  # noqa: F811
    address = "marthe/moulin@moulin.example"
    invite(browse("equipe"), email=address)
    (mail,) = mails()
    assert mail["To"] == address
    assert accept(browse(), *links_in(mail)).status_int == 303
    form = browse().get("/login").forms["form"]
    form["login"], form["password"] = address.upper(), NEW
    assert form.submit("save").status_int == 303


def test_a_password_that_is_too_short_makes_neither_account_nor_company(browse, mails, world):  # noqa: F811
    before = set(world.companies)
    invite(browse("equipe"))
    (link,) = links_in(mails()[0])
    visitor = browse()
    form = visitor.get(link).forms["form"]
    form["name"], form["password"], form["again"] = "Marthe Meunier", "court", "court"
    page = form.submit("save", status=422)
    assert page.forms["form"]["name"].value == "Marthe Meunier"
    transaction.abort()
    assert set(world.companies) == before
    assert MARTHE not in world.site["principals"]["users"]
    assert accept(visitor, link).status_int == 303


def test_a_link_that_was_used_is_refused(browse, mails, world):  # noqa: F811
    invite(browse("equipe"))
    (link,) = links_in(mails()[0])
    assert accept(browse(), link).status_int == 303
    transaction.abort()
    made = set(world.companies)
    for reader in (browse(), browse("membre")):
        assert "ne fonctionne plus" in reader.get(link, status=403).text
    transaction.abort()
    assert set(world.companies) == made


def test_an_invitation_that_was_taken_back_is_refused(browse, mails):  # noqa: F811
    coordinator = browse("equipe")
    invite(coordinator)
    (link,) = links_in(mails()[0])
    page = coordinator.get("/companies/invite")
    assert MARTHE in page.text
    form = next(form for form in page.forms.values() if "revoke" in form.fields)
    assert form.submit("revoke").status_int == 303
    assert MARTHE not in coordinator.get("/companies/invite").text
    assert "ne fonctionne plus" in browse().get(link, status=403).text


def test_an_invitation_that_was_taken_back_while_its_form_was_open_is_refused(browse, mails, world):  # noqa: F811
    coordinator, visitor = browse("equipe"), browse()
    invite(coordinator)
    (link,) = links_in(mails()[0])
    form = visitor.get(link).forms["form"]
    page = coordinator.get("/companies/invite")
    next(form for form in page.forms.values() if "revoke" in form.fields).submit("revoke")
    form["name"], form["password"], form["again"] = "Marthe Meunier", NEW, NEW
    assert "ne fonctionne plus" in form.submit("save", status=403).text
    transaction.abort()
    assert MARTHE not in world.site["principals"]["users"]


def test_an_invitation_ends_after_fourteen_days(browse, mails, monkeypatch):  # noqa: F811
    with monkeypatch.context() as past:
        days = 14 * 24 * 3600 + 60
        past.setattr(itsdangerous.timed.TimestampSigner, "get_timestamp", lambda self: int(time.time()) - days)
        invite(browse("equipe"))
    (link,) = links_in(mails()[0])
    assert "ne fonctionne plus" in browse().get(link, status=403).text


def test_staff_invite_a_colleague_who_has_an_account_already(browse, mails, world):  # noqa: F811
    staff = browse("entreprise")
    form = staff.get("/companies/brouillon/staff").forms["form"]
    form["email"] = "voisine@test.example"
    assert form.submit("save").status_int == 303
    (link,) = links_in(mails()[0])
    visitor = browse()
    page = visitor.get(link)
    assert "form" not in page.forms, "no second account for the same address"
    login = visitor.get(page.html.select_one("main .actions a")["href"]).forms["form"]
    login["login"], login["password"] = "voisine", worlds.PASSWORD
    page = login.submit("save").follow()
    assert page.request.path == link
    form = next(form for form in page.forms.values() if form.action.endswith(link))
    assert form.submit().headers["Location"].endswith("/companies/brouillon/edit")
    transaction.abort()
    assert world.accounts["voisine"].__oid__ in world.companies["brouillon"].staff


def test_only_coordinators_invite_companies_and_only_staff_invite_into_their_own(browse):
    for login in (None, "membre", "certificatrice", "entreprise", "admin"):
        browse(login).get("/companies/invite", status=403)
    for login in (None, "membre", "voisine"):
        browse(login).get("/companies/brouillon/staff", status=403)
