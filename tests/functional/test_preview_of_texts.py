"""« Aperçu »: whoever writes a text sees how it will look, and nothing is saved by looking."""

import re

import pytest
import transaction

from .browsing import PHONE

TEXT = "2024. Nous **vendons** :\n- du lait\n- du beurre\n\n- 18 °C"
SHOWN = "<p>2024. Nous <strong>vendons</strong> :</p><ul><li>du lait</li><li>du beurre</li></ul><p>- 18 °C</p>"
STATEMENT = "/companies/brouillon/edit/truth"


def preview(form):
    return form.submit("preview")


def test_a_preview_shows_the_text_as_it_will_look_beside_what_was_typed(browse, world):
    staff = browse("entreprise")
    form = staff.get(STATEMENT).forms["form"]
    form["statement"] = TEXT
    page = preview(form)
    assert page.status_int == 200
    shown = page.html.select_one(".field .preview")
    assert "hidden" not in shown.attrs
    assert SHOWN in page.text
    assert page.forms["form"]["statement"].value.replace("\r\n", "\n") == TEXT
    assert page.html.select_one(".error-summary, .error") is None
    transaction.abort()
    assert world.companies["brouillon"].statement("truth") == ""


def test_what_was_previewed_is_saved_from_the_page_of_the_preview(browse, world):
    staff = browse("entreprise")
    form = staff.get(STATEMENT).forms["form"]
    form["statement"] = TEXT
    saved = preview(form).forms["form"].submit("save")
    assert saved.status_int == 303
    transaction.abort()
    assert world.companies["brouillon"].statement("truth") == TEXT
    assert SHOWN in staff.get("/companies/brouillon").text


def test_a_preview_of_an_unfinished_form_complains_about_nothing_and_loses_nothing(browse):
    form = browse("entreprise").get("/companies/brouillon/edit/verification").forms["form"]
    form["promise"], form["proof"] = "**Gras**", "x" * 7000
    page = preview(form)
    assert (page.status_int, page.html.select(".error-summary, .error")) == (200, [])
    assert "<p><strong>Gras</strong></p>" in page.text
    assert page.forms["form"]["promise"].value == "**Gras**"
    assert len(page.forms["form"]["proof"].value) == 7000
    assert page.forms["form"].submit("save", status=422).html.select(".error-summary")


def test_a_preview_does_not_hide_that_a_colleague_saved_meanwhile(browse, world):
    first, second = browse("entreprise"), browse("entreprise")
    mine = first.get(STATEMENT).forms["form"]
    theirs = second.get(STATEMENT).forms["form"]
    theirs["statement"] = "Le texte d’une collègue."
    assert theirs.submit("save").status_int == 303
    mine["statement"] = "Mon texte."
    assert preview(mine).forms["form"].submit("save", status=409)


def test_a_comment_is_previewed_and_not_said(browse, world):
    member = browse("membre")
    form = member.get("/companies/candidate/comments").forms["form"]
    form["text"] = "**Bravo** !"
    page = preview(form)
    assert "<strong>Bravo</strong> !" in page.html.select_one(".field .preview").decode()
    transaction.abort()
    assert world.companies["candidate"].comment_count == 0


def test_the_hint_says_what_is_possible_where_it_is_possible_and_nowhere_else(browse):
    staff = browse("entreprise")
    page = staff.get(STATEMENT)
    hint = page.html.find(string=re.compile("Mise en forme possible")).parent
    assert hint["id"] in page.html.find("textarea")["aria-describedby"].split()
    assert "Mise en forme possible" not in staff.get("/companies/brouillon/edit/identity").text
    assert not staff.get("/companies/brouillon/edit/identity").html.select("button[name=preview]")


def test_the_script_gets_the_text_alone_and_only_with_the_token_of_the_reader(browse):
    staff = browse("entreprise")
    token = staff.get(STATEMENT).forms["form"]["csrf_token"].value
    answer = staff.post("/preview", {"text": TEXT, "csrf_token": token})
    assert answer.text == SHOWN
    assert staff.post("/preview", {"text": "<b>x</b>"}, headers={"X-CSRF-Token": token}).text == (
        "<p>&lt;b&gt;x&lt;/b&gt;</p>"
    )
    assert staff.post("/preview", {"text": TEXT}, status="*").status_int in (400, 403)
    assert staff.post("/preview", {"text": "x" * 20_001, "csrf_token": token}, status="*").status_int == 413


@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desktop", "phone"])
def test_with_scripts_the_preview_goes_on_while_one_types(browser_people, screen):
    reader = browser_people("entreprise", **screen)
    reader.go(STATEMENT)
    window, field = reader.page, reader.page.locator("textarea[name=statement]")
    field.fill("**Gras**")
    reader.activate(window.locator("button[name=preview]"))
    shown = window.locator(".field .preview")
    shown.locator("strong").wait_for()
    assert shown.inner_html() == "<p><strong>Gras</strong></p>"
    field.fill("- du lait\n- du beurre")
    shown.locator("li").first.wait_for()
    assert shown.locator("li").all_inner_texts() == ["du lait", "du beurre"]
    reader.look()
    reader.activate(window.locator("button[name=preview]"))
    shown.wait_for(state="hidden")
    assert window.url.endswith(STATEMENT)


def test_where_the_script_gets_no_answer_the_form_is_sent_as_without_scripts(browser_people):
    reader = browser_people("entreprise")
    reader.go(STATEMENT)
    reader.page.route("**/preview", lambda route: route.fulfill(status=403, body=""))
    reader.page.locator("textarea[name=statement]").fill("**Gras**")
    with reader.page.expect_navigation():
        reader.page.locator("button[name=preview]").click()
    assert reader.page.locator(".field .preview strong").inner_text() == "Gras"
    reader.complaints.clear()  # the browser reports the 403
