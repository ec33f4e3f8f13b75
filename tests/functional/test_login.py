"""Logging in, cookies, new passwords, looking as somebody else, and the language of a page."""

import re
import time
from urllib.parse import quote

import itsdangerous.timed
import pytest
from webtest import TestApp

import coopcms
from coopcms.scripts.database import database

from .. import world as worlds
from .mails import links_in, mails  # noqa: F401 - a fixture

WRONG, NEW = "une phrase qui n’est pas la bonne", "une toute nouvelle phrase"


def log_in(app, login, password=worlds.PASSWORD, **kw):
    """Send the form of the log-in page."""
    form = app.get("/login").forms["form"]
    form["login"], form["password"] = login, password
    return form.submit("save", **kw)


def test_a_wrong_password_and_an_unknown_login_answer_alike_and_keep_the_login(browse):
    answers = {}
    for login in ("membre", "personne"):
        page = log_in(browse(), login, WRONG, status=422)
        assert page.forms["form"]["login"].value == login
        assert page.forms["form"]["password"].value == ""
        answers[login] = re.sub(r'value="[^"]*"', "", page.text)
    assert "ne vont pas ensemble" in answers["membre"]
    assert answers["membre"] == answers["personne"]


def test_the_address_serves_as_login_and_spaces_around_are_forgiven(browse):
    assert log_in(browse(), " membre@test.example ", status=303).headers["Location"].endswith("/tasks")


def test_after_ten_wrong_log_ins_an_address_waits_even_with_the_right_password(browse):
    visitor = browse()
    for number in range(10):
        log_in(visitor, f"personne{number}", WRONG, status=422)
    page = log_in(visitor, "membre", status=429)
    assert "Trop d’essais" in page.text
    assert "Réessayez plus tard" in page.text
    elsewhere = TestApp(visitor.app, extra_environ={"REMOTE_ADDR": "127.0.0.2"})
    assert log_in(elsewhere, "membre").status_int == 303


def test_after_ten_wrong_log_ins_an_account_waits_from_every_address(browse):
    app = browse().app
    for number in range(10):
        log_in(TestApp(app, extra_environ={"REMOTE_ADDR": f"127.0.1.{number}"}), "Membre", WRONG, status=422)
    log_in(TestApp(app, extra_environ={"REMOTE_ADDR": "127.0.2.1"}), "membre", status=429)
    assert log_in(TestApp(app, extra_environ={"REMOTE_ADDR": "127.0.2.1"}), "equipe").status_int == 303


def test_a_right_password_forgets_the_wrong_ones_of_that_account(browse):
    app = browse().app
    for number in range(25):
        reader = TestApp(app, extra_environ={"REMOTE_ADDR": f"127.0.1.{number}"})
        log_in(reader, "membre", WRONG, status=422) if number % 5 else log_in(reader, "membre", status=303)


def flags(response, name):
    """What a cookie is set with, without its value."""
    found = next(line for line in response.headers.getall("Set-Cookie") if line.startswith(f"{name}="))
    return {part.strip().lower() for part in found.split(";")[1:]}


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(browse):
    session = flags(log_in(browse(), "membre"), "session")
    assert {"httponly", "samesite=lax", "path=/"} <= session
    assert "secure" not in session
    language = flags(browse().get("/language?to=en"), "language")
    assert {"httponly", "samesite=lax", "path=/"} <= language
    assert "secure" not in language


def test_with_https_cookies_go_over_https_only(tmp_path):
    (tmp_path / "blobs").mkdir()
    uri = f"file://{tmp_path}/Data.fs?blobstorage_dir={tmp_path}/blobs"
    settings = {"zodbconn.uri": uri, "coopcms.var": str(tmp_path), "coopcms.clock": "outside", "coopcms.https": "true"}
    app = coopcms.main({}, **settings)
    try:
        reader = TestApp(app, extra_environ={"wsgi.url_scheme": "https"})
        page = reader.get("/login")  # the form opens a session for its token
        assert {"httponly", "samesite=lax", "secure"} <= flags(page, "session")
        assert {"httponly", "samesite=lax", "secure"} <= flags(reader.get("/language?to=en"), "language")
        assert page.headers["Strict-Transport-Security"].startswith("max-age=")
    finally:
        database(app.registry).close()


def test_reading_opens_no_session_and_a_log_in_takes_a_new_one(browse):
    visitor = browse()
    for path in ("/", "/companies", "/companies/candidate", "/framework"):
        assert "Set-Cookie" not in visitor.get(path).headers
    form = visitor.get("/login").forms["form"]
    before = form["csrf_token"].value
    log_in(visitor, "membre")
    assert visitor.get("/account").forms["profile"]["csrf_token"].value != before


def test_a_new_password_ends_the_sessions_of_the_old_one(browse):
    here, elsewhere = browse("membre"), browse("membre")
    form = here.get("/account/password").forms["password"]
    form["current"], form["password"], form["again"] = worlds.PASSWORD, NEW, NEW
    assert form.submit("save").status_int == 303
    assert here.get("/account").status_int == 200
    elsewhere.get("/account", status=403)
    log_in(browse(), "membre", status=422)
    assert log_in(browse(), "membre", NEW).status_int == 303


def test_a_new_password_needs_the_present_one(browse):
    member = browse("membre")
    form = member.get("/account/password").forms["password"]
    form["current"], form["password"], form["again"] = WRONG, NEW, NEW
    assert "pas votre mot de passe actuel" in form.submit("save", status=422).text
    assert log_in(browse(), "membre").status_int == 303


def test_whoever_logs_out_is_out(browse):
    member = browse("membre")
    page = member.get("/tasks")
    out = next(form for form in page.forms.values() if form.action.endswith("/logout"))
    assert out.submit().status_int == 303
    member.get("/tasks", status=403)
    member.get("/logout", status=(403, 404, 405))


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
     "evil.example", "///evil.example", "/\t/evil.example", "http:evil.example", " //evil.example", "/\r\nX-Evil: 1"],
)  # fmt: skip
def test_a_log_in_leads_nowhere_but_to_this_site(browse, wanted):
    for start in (f"/login?next={quote(wanted)}", f"/language?to=fr&next={quote(wanted)}"):
        visitor = browse()
        answer = visitor.get(start)
        if start.startswith("/login"):
            form = answer.forms["form"]
            form["login"], form["password"] = "membre", worlds.PASSWORD
            answer = form.submit("save")
        assert answer.status_int == 303
        assert re.fullmatch(r"http://localhost(:80)?/[^/\\]?.*", answer.headers["Location"])
        assert "evil" not in answer.headers["Location"].split("?")[0]
        assert "X-Evil" not in answer.headers


def test_a_log_in_leads_back_to_the_page_that_asked_for_it(browse):
    visitor = browse()
    page = visitor.get("/companies/brouillon/edit", status=403)
    form = page.click("Continuer").forms["form"]
    form["login"], form["password"] = "entreprise", worlds.PASSWORD
    assert form.submit("save").headers["Location"].endswith("/companies/brouillon/edit")


def forgot(app, login, **kw):
    """Ask for a link to a new password."""
    form = app.get("/forgotten").forms["form"]
    form["login"] = login
    return form.submit("save", **kw)


def test_whoever_forgot_their_password_gets_a_link_that_works_once(browse, mails):  # noqa: F811
    member, visitor = browse("membre"), browse()
    forgot(visitor, "membre@test.example", status=303)
    (mail,) = mails()
    assert mail["To"] == "membre@test.example"
    (link,) = links_in(mail)
    form = visitor.get(link).forms["form"]
    form["password"], form["again"] = "court", "court"
    assert "12 caractères" in form.submit("save", status=422).text
    form = visitor.get(link).forms["form"]
    form["password"], form["again"] = NEW, NEW
    assert form.submit("save").status_int == 303
    assert visitor.get("/account").status_int == 200
    member.get("/account", status=403)
    assert "ne fonctionne plus" in browse().get(link, status=403).text
    assert log_in(browse(), "membre", NEW).status_int == 303


def test_a_link_to_a_new_password_ends_after_an_hour_and_cannot_be_forged(browse, mails, monkeypatch):  # noqa: F811
    visitor = browse()
    with monkeypatch.context() as past:
        past.setattr(itsdangerous.timed.TimestampSigner, "get_timestamp", lambda self: int(time.time()) - 3700)
        forgot(visitor, "equipe")
    (link,) = links_in(mails()[0])
    assert "ne fonctionne plus" in visitor.get(link, status=403).text
    forgot(visitor, "membre")
    (link,) = links_in(mails()[0])
    visitor.get(link, status=200)
    for forged in (
        # Not the last character: some of its bits are of no byte.
        link[:-2] + ("A" if link[-2] != "A" else "B") + link[-1],
        link.rsplit("/", 1)[0],
        link.replace("/reset/", "/invitation/"),
    ):
        visitor.get(forged, status=403)


def test_asking_for_a_new_password_tells_nobody_whether_an_account_exists(browse, mails):  # noqa: F811
    pages = []
    for login in ("membre", "personne", "personne@test.example"):
        visitor = browse()
        page = forgot(visitor, login, status=303).follow()
        pages.append(re.sub(r'value="[^"]*"', "", page.text))
    assert "Si ce compte existe" in pages[0]
    assert len(set(pages)) == 1
    assert [mail["To"] for mail in mails()] == ["membre@test.example"]


def test_too_many_requests_for_new_passwords_from_one_address_wait(browse, mails):  # noqa: F811
    visitor = browse()
    for _number in range(30):
        forgot(visitor, "personne", status=303)
    assert "Trop d’essais" in forgot(visitor, "membre", status=429).text
    assert not mails()


def test_a_copied_cookie_opens_nothing_after_the_log_out(browse):
    mine = browse("membre")
    cookie = mine.cookies["session"]
    form = next(f for f in mine.get("/account").forms.values() if f.action == "/logout")
    assert form.submit().status_int == 303
    thief = browse()
    thief.set_cookie("session", cookie)
    thief.get("/account", status=403)


def test_logging_out_here_leaves_one_in_elsewhere(browse):
    phone, desk = browse("membre"), browse("membre")
    next(f for f in phone.get("/account").forms.values() if f.action == "/logout").submit()
    phone.get("/account", status=403)
    desk.get("/account", status=200)
