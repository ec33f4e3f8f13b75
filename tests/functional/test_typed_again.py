"""What was typed into a form that is refused as a whole is shown to be copied; a password never is."""

import pytest

from .audit_forms import FORM
from .auditing import token

PHRASE = "une phrase bien longue et bien secrète"
WORDS = "Une trappe sur deux était fermée ce matin."
COMMENTS = "/companies/candidate/comments"


def other_session(browser):
    """A session that ended, as it is when the cookie has gone."""
    browser.reset()
    return browser


@pytest.mark.parametrize("path", ["/account/password", "/login", "/reset/x", "/invitation/x"])
def test_no_password_is_shown_again_whatever_the_session(browse, path):
    browser = browse("membre")
    for csrf in ("", "x" * 40, token(browser)):
        for texts in ("", "password,again,current,name", "current"):
            sent = {"csrf_token": csrf, "current": PHRASE, "password": PHRASE, "again": PHRASE, "__texts__": texts}
            answer = other_session(browse("membre") if csrf != "" else browse()).post(path, sent, status="*")
            assert PHRASE not in answer.text


def test_a_comment_is_shown_again_when_the_session_has_ended(browse):
    browser = browse("membre")
    form = browser.get(COMMENTS).forms[FORM]
    form["text"] = WORDS
    form["csrf_token"].force_value("x" * 40)
    answer = form.submit("save", status=400)
    assert WORDS in answer.text
    other_session(browser)
    assert WORDS in form.submit("save", status="*").text


def test_hidden_fields_are_nobodys_words(browse):
    form = browse("membre").get(COMMENTS).forms[FORM]
    form["text"] = "Oui."
    form["csrf_token"].force_value("x" * 40)
    assert "<textarea" not in form.submit("save", status=400).text
