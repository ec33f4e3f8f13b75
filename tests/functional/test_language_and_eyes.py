"""In which language a page comes, and whose eyes it is made for."""

import pytest
import transaction

from .. import world as worlds
from .mails import mails  # noqa: F401 - a fixture
from .test_login import forgot


def language(app, path="/", **headers):
    """The language that a page says it is in."""
    return app.get(path, headers=headers).html.html["lang"]


@pytest.mark.parametrize(
    ("accepted", "shown"),
    [
        (None, "fr"),
        ("", "fr"),
        ("fr-FR,fr;q=0.9,en;q=0.8", "fr"),
        ("en-GB,en;q=0.9", "en"),
        ("de-DE,en;q=0.5", "en"),
        ("de-DE,de;q=0.9", "fr"),
        ("en;q=0.3,fr;q=0.7", "fr"),
        ("nonsense;;q=x", "fr"),
    ],
)
def test_a_page_comes_in_the_language_that_the_browser_asks_for_else_in_french(browse, accepted, shown):
    headers = {} if accepted is None else {"Accept-Language": accepted}
    assert language(browse(), **headers) == shown


def test_the_language_of_the_account_goes_before_that_of_the_browser(browse):
    member = browse("membre")
    form = member.get("/account").forms["profile"]
    form[next(name for name, field in form.fields.items() if field[0].__class__.__name__ == "Radio")] = "en"
    assert form.submit("save").status_int == 303
    assert language(member, **{"Accept-Language": "fr"}) == "en"
    assert language(browse(), **{"Accept-Language": "fr"}) == "fr"


def test_the_language_chosen_with_the_link_goes_before_everything(browse):
    member = browse("membre")
    answer = member.get("/language?to=en&next=/companies%3Ftext%3Dlait", headers={"Accept-Language": "fr"})
    assert answer.headers["Location"].endswith("/companies?text=lait")
    assert language(member, **{"Accept-Language": "fr"}) == "en"
    assert language(member, "/tasks", **{"Accept-Language": "fr"}) == "en"
    member.get("/language?to=xx")
    assert language(member) == "en"
    member.get("/language?to=fr")
    assert language(member, **{"Accept-Language": "en"}) == "fr"


def test_whoever_chose_a_language_with_the_link_may_still_change_it_in_the_account(browse):
    member = browse("membre")
    member.get("/language?to=fr")
    form = member.get("/account").forms["profile"]
    form[next(name for name, field in form.fields.items() if field[0].__class__.__name__ == "Radio")] = "en"
    form.submit("save")
    assert language(member) == "en"


def test_pages_say_to_caches_that_they_depend_on_language_and_reader(browse):
    answer = browse().get("/companies")
    assert {"Accept-Language", "Cookie"} <= {name.strip() for name in answer.headers["Vary"].split(",")}
    assert "private" in answer.headers["Cache-Control"]


def test_a_mail_comes_in_the_language_of_the_account_that_gets_it(browse, mails, world):  # noqa: F811
    world.accounts["membre"].language = "en"
    transaction.commit()
    visitor = browse()
    visitor.get("/", headers={"Accept-Language": "fr"})
    forgot(visitor, "membre")
    (mail,) = mails()
    assert "Choisir un nouveau mot de passe" not in mail["Subject"]
    assert "Bonjour" not in mail.get_body().get_content()


def look_as(app, role):
    """Press a button of the page that lends eyes."""
    form = next(form for form in app.get("/see-as").forms.values() if form.action.endswith("/see-as"))
    return app.post("/see-as", {"role": role, "csrf_token": form["csrf_token"].value})


def test_administrators_read_as_a_role_reads_and_nothing_else(browse):
    admin = browse("admin")
    admin.get("/companies/brouillon", status=403)
    look_as(admin, "coordinator")
    page = admin.get("/companies/brouillon")
    assert "Rien ne peut être enregistré" in page.text
    admin.get("/manage/", status=(302, 403, 404))
    admin.get("/account", status=403)
    look = admin.get("/").forms
    stop = next(form for form in look.values() if form.action.endswith("/see-as"))
    stop.submit()
    admin.get("/companies/brouillon", status=403)
    look_as(admin, "visitor")
    admin.get("/tasks", status=403)


def test_whoever_looks_with_the_eyes_of_a_role_writes_nothing(browse, world):
    admin = browse("admin")
    look_as(admin, "coordinator")
    token = admin.get("/").html.find("input", {"name": "csrf_token"})["value"]
    sent = {
        "/companies/candidate/workflow": {"transition": "declare_admissible", "from": "applied"},
        "/companies/invite": {"title": "Une autre", "email": "autre@test.example", "save": "save"},
        "/companies/brouillon/staff": {"email": "autre@test.example", "save": "save"},
        "/companies/brouillon/edit/truth": {"statement": "Rien que la vérité.", "save": "save"},
        "/companies/candidate/interests": {"text": "Ma cousine y travaille.", "save": "save"},
        "/account": {"__formid__": "profile", "name": "Quelqu’un d’autre", "language": "fr", "save": "save"},
    }
    for path, values in sent.items():
        answer = admin.post(path, {**values, "csrf_token": token}, status="*")
        assert answer.status_int in (403, 409), path
    transaction.abort()
    assert world.companies["candidate"].admissible_since() is None
    assert not world.companies["candidate"].interests
    assert not list(world.site.invitations)
    assert world.companies["brouillon"].statement("truth") == ""
    assert world.accounts["admin"].title == worlds.PEOPLE["admin"][0]


def test_every_look_with_the_eyes_of_a_role_stands_in_the_journal(browse, world):
    admin = browse("admin")
    look_as(admin, "certifier")
    page = admin.get("/companies")
    next(form for form in page.forms.values() if form.action.endswith("/see-as")).submit()
    transaction.abort()
    lines = list(world.site.journal.values())
    assert [(line["what"], line["role"]) for line in lines] == [("see-as", "certifier"), ("see-as-stop", "certifier")]
    assert {line["actor"] for line in lines} == {world.accounts["admin"].__oid__}
    assert "certifier" in admin.get("/see-as").text


def test_nobody_but_administrators_borrows_eyes(browse, world):
    for login in ("equipe", "membre"):
        reader = browse(login)
        reader.get("/see-as", status=403)
        token = reader.get("/account").forms["profile"]["csrf_token"].value
        reader.post("/see-as", {"role": "admin", "csrf_token": token}, status=403)
        reader.get("/manage/", status=(302, 403, 404))
    transaction.abort()
    assert not list(world.site.journal)
