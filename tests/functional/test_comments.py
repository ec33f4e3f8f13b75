"""Discussions by the real forms, as each role."""

from dataclasses import replace

import pytest
import transaction

from coopcms.domain import discussion
from coopcms.workflows import engine

from ..conftest import NOW
from ..consulting import PATH, consulted, draft

COMPANY = "/companies/candidate"
ADDRESS = f"{COMPANY}/comments"


@pytest.fixture
def company(world):
    return world.companies["candidate"]


@pytest.fixture
def moderated(registry, monkeypatch):
    monkeypatch.setattr(registry, "coopcms", replace(registry.coopcms, comments_moderated=True))


def say(app, text, address=ADDRESS, **query):
    """Fill in the form of a discussion and send it."""
    form = app.get(address, query).forms["form"]
    form["text"] = text
    return form.submit("save", status="*")


def said(world, login, text, obj=None, **given):
    key = discussion.say(obj or world.companies["candidate"], text, world.actors[login], NOW, **given)
    transaction.commit()
    return key


def button(page, key, name):
    """The form of a comment that has a certain button."""
    for form in page.forms.values():
        if form.action.endswith(f"comments/{key}") and name in form.fields:
            return form
    return None


def place(page, key):
    """What stands in the place of a comment."""
    return page.html.select_one(f"#c-{key} > article").get_text(" ", strip=True).replace("\xa0", " ")


def test_a_member_says_something_and_everybody_reads_it(browse, company):
    app = browse("membre")
    answer = say(app, "Le parcours est-il **couvert** l’hiver ?")
    assert answer.status_int == 303
    assert "#c-" in answer.headers["Location"]
    page = browse().get(ADDRESS)
    assert "<strong>couvert</strong>" in page.text
    assert "Un sociétaire" in page.text
    assert "Camille Roux" not in page.text
    assert "Camille Roux" in browse("certificatrice").get(ADDRESS).text
    assert "1 commentaire" in browse().get(COMPANY).text


@pytest.mark.parametrize("login", [None, "voisine", "admin"])
def test_others_read_and_have_no_form(browse, world, login):
    said(world, "membre", "Bonjour.")
    app = browse(login)
    page = app.get(ADDRESS)
    assert "Bonjour." in page.text
    assert "form" not in page.forms
    assert ("Connectez-vous pour commenter" in page.text) is (login is None)
    token = app.get("/forgotten").forms["form"]["csrf_token"].value
    app.post(ADDRESS, {"csrf_token": token, "text": "Moi aussi."}, status=403)
    transaction.begin()
    assert world.companies["candidate"].comment_count == 1


def test_answers_of_company_and_cooperative_have_their_mark(browse, world):
    say(browse("entreprise"), "Oui, depuis 2019.")
    say(browse("equipe"), "Nous l’avons vu.")
    page = browse().get(ADDRESS)
    marks = [mark.get_text() for mark in page.html.select(".speaks")]
    assert marks == ["Réponse de l’entreprise", "Réponse de la coopérative"]


def test_a_reply_stands_under_what_it_answers(browse, world):
    key = said(world, "membre", "Une question.")
    app = browse("entreprise")
    page = app.get(app.get(ADDRESS).html.select_one(f"#c-{key} a[href*='reply=']")["href"])
    assert "Vous répondez à ce commentaire" in page.text
    form = page.forms["form"]
    form["text"] = "Une réponse."
    assert form.submit("save").status_int == 303
    thread = browse().get(ADDRESS).html.select_one(f"#c-{key}")
    assert "Une réponse." in thread.select_one("ol li").get_text()


def test_a_double_click_says_it_once(browse, world):
    app = browse("membre")
    form = app.get(ADDRESS).forms["form"]
    form["text"] = "Une seule fois."
    first, second = form.submit("save"), form.submit("save")
    assert first.status_int == second.status_int == 303
    assert first.headers["Location"] == second.headers["Location"]
    assert browse().get(ADDRESS).text.count("Une seule fois.") == 1


@pytest.mark.parametrize("text", ["", "x" * 5001])
def test_a_bad_text_is_refused_with_a_sentence_and_stays_in_the_form(browse, company, text):
    answer = say(browse("membre"), text)
    assert answer.status_int == 422
    assert answer.forms["form"]["text"].value.strip() == text
    assert answer.html.select(".error-summary li")


def test_the_comment_one_answers_may_be_gone(browse, world):
    key = said(world, "membre", "Une question.")
    app = browse("certificatrice")
    form = app.get(ADDRESS, {"reply": key}).forms["form"]
    form["text"] = "Réponse."
    form["in_reply_to"].force_value("0" * 16)
    answer = form.submit("save", status=422)
    assert "n’est plus là" in answer.text
    assert answer.forms["form"]["text"].value.strip() == "Réponse."
    assert answer.forms["form"].submit("save").status_int == 303


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[clic](javascript:alert(1))",
        "[clic](data:text/html;base64,PHNjcmlwdD4=)",
        "![image](https://ailleurs.example/x.png)",
        "<a href='https://x.example' onclick='alert(1)'>x</a>",
        "```\n</code><script>alert(1)</script>\n```",
        '[clic](https://x.example "t\\" onmouseover=alert(1) x=\\"")',
    ],
)
def test_markdown_of_members_runs_and_loads_nothing(browse, world, text):
    key = said(world, "membre", text)
    shown = browse().get(ADDRESS).html.select_one(f"#c-{key} .prose")
    assert not shown.select("script, img, iframe, style")
    for element in shown.find_all(True):
        assert not [name for name in element.attrs if name.startswith("on") or name == "style"]
        assert element.get("href", "https:").startswith("https:")


def test_links_of_members_lend_nothing_to_where_they_lead(browse, world):
    key = said(world, "membre", "[voir](https://x.example/)")
    link = browse().get(ADDRESS).html.select_one(f"#c-{key} .prose a")
    assert set(link["rel"]) == {"nofollow", "noopener", "ugc"}


def test_a_coordinator_hides_with_a_reason_and_the_text_is_gone(browse, world):
    key = said(world, "membre", "Propos blessants.")
    team = browse("equipe")
    form = button(team.get(f"{ADDRESS}?hide={key}"), key, "hide")
    answer = form.submit("hide", status=422)
    assert "Dites pourquoi" in answer.text
    form["reason"] = "Attaque une personne."
    assert form.submit("hide").status_int == 303
    for login in (None, "membre", "entreprise", "admin"):
        page = browse(login).get(ADDRESS)
        assert "Propos blessants" not in page.text
        assert "Commentaire masqué Attaque une personne." in place(page, key)
    assert "Propos blessants" in team.get(ADDRESS).text
    assert button(team.get(ADDRESS), key, "publish").submit("publish").status_int == 303
    assert "Propos blessants" in browse().get(ADDRESS).text


@pytest.mark.parametrize("login", [None, "membre", "certificatrice", "entreprise", "admin"])
@pytest.mark.parametrize("act", ["hide", "publish", "withdraw"])
def test_what_one_may_not_do_has_no_button_and_is_refused(browse, world, login, act):
    key = said(world, "equipe", "Bonjour.")
    app = browse(login)
    page = app.get(ADDRESS)
    assert button(page, key, act) is None
    token = app.get("/forgotten").forms["form"]["csrf_token"].value
    app.post(f"{ADDRESS}/{key}", {"csrf_token": token, act: "1", "reason": "Non."}, status=403)
    transaction.begin()
    assert world.companies["candidate"].discussion.get(key).state == "published"


def test_a_reported_comment_comes_to_the_coordinators(browse, world):
    key = said(world, "membre", "Bonjour.")
    app = browse("certificatrice")
    form = button(app.get(ADDRESS), key, "report")
    assert form.submit("report").status_int == 303
    page = app.get(ADDRESS)
    assert button(page, key, "report") is None
    assert "Vous l’avez signalé." in place(page, key)
    team = browse("equipe")
    tasks = team.get("/tasks")
    assert "Commentaire signalé" in tasks.text.replace("\xa0", " ")
    link = tasks.html.find("a", href=lambda href: href.endswith(key))["href"]
    page = team.get(link).follow()
    assert "signalé (1)" in place(page, key)
    assert "signalé" not in place(browse("membre").get(ADDRESS), key)
    assert button(page, key, "publish").submit("publish").status_int == 303
    assert "Commentaire signalé" not in team.get("/tasks").text.replace("\xa0", " ")


def test_visitors_and_authors_have_no_button_to_report(browse, world):
    key = said(world, "membre", "Bonjour.")
    assert button(browse().get(ADDRESS), key, "report") is None
    assert button(browse("membre").get(ADDRESS), key, "report") is None


def test_an_author_takes_a_comment_back(browse, world):
    key = said(world, "membre", "Je retire cela.")
    app = browse("membre")
    assert button(app.get(ADDRESS), key, "withdraw").submit("withdraw").status_int == 303
    page = browse().get(ADDRESS)
    assert "Je retire cela." not in page.text
    assert "retiré par son auteur" in place(page, key)
    assert button(browse("equipe").get(ADDRESS), key, "publish") is None


def test_where_comments_are_moderated_a_member_waits_and_sees_it(browse, world, moderated):
    app = browse("membre")
    answer = say(app, "Une question.")
    assert "après relecture" in answer.follow().text
    key = answer.headers["Location"].rsplit("#c-", 1)[-1]
    assert "en attente de relecture" in place(app.get(ADDRESS), key)
    for login in (None, "certificatrice", "entreprise"):
        other = browse(login)
        assert "Une question." not in other.get(ADDRESS).text
        other.get(f"{ADDRESS}/{key}", status=404)
    team = browse("equipe")
    assert "Commentaire à relire" in team.get("/tasks").text.replace("\xa0", " ")
    assert button(team.get(ADDRESS), key, "publish").submit("publish").status_int == 303
    assert "Une question." in browse().get(ADDRESS).text


def test_an_erased_account_is_a_former_member(browse, world):
    said(world, "membre", "Bonjour.")
    world.accounts["membre"].erased = True
    transaction.commit()
    page = browse("certificatrice").get(ADDRESS)
    assert "Camille Roux" not in page.text
    assert "ancien sociétaire" in page.text


def test_somebody_who_writes_too_much_waits_and_keeps_the_text(browse, world, registry, monkeypatch):
    monkeypatch.setattr(registry, "coopcms", replace(registry.coopcms, forms_per_hour=2))
    app = browse("membre")
    for number in range(2):
        assert say(app, f"Numéro {number}").status_int == 303
    answer = say(app, "Numéro 3")
    assert answer.status_int == 429
    assert answer.forms["form"]["text"].value.strip() == "Numéro 3"
    assert say(browse("certificatrice"), "Moi pas.").status_int == 303


def test_a_closed_dossier_closes_its_discussions(browse, world, company):
    version, [key] = consulted(world)
    for obj in (company, version, version[key]):
        said(world, "membre", "Bonjour.", obj)
    engine.fire(company, "decline", world.actors["equipe"], NOW, comment="Non.")
    transaction.commit()
    for login in (None, "membre", "certificatrice", "admin"):
        app = browse(login)
        for address in (ADDRESS, f"{PATH}/comments", f"{PATH}/{key}", f"{PATH}/{key}/comments"):
            assert "Bonjour." not in app.get(address, status=403).text
        assert "comments" not in app.get(COMPANY).text
    assert "Bonjour." in browse("entreprise").get(ADDRESS).text
    assert "form" not in browse("entreprise").get(ADDRESS).forms


def test_a_draft_has_no_discussion(browse, world):
    _version, [key] = draft(world)
    transaction.commit()
    for address in (f"{PATH}/comments", f"{PATH}/{key}/comments"):
        browse("membre").get(address, status=403)
        assert "form" not in browse("entreprise").get(address).forms


@pytest.mark.parametrize("key", ["0" * 16, "nonsense", "%C3%A9", "0" * 16 + "/more"])
def test_a_comment_that_is_not_there_is_404(browse, world, key):
    app = browse("membre")
    app.get(f"{ADDRESS}/{key}", status=404)
    token = app.get("/forgotten").forms["form"]["csrf_token"].value
    app.post(f"{ADDRESS}/{key}", {"csrf_token": token, "report": "1"}, status=404)


def test_something_that_is_no_act_is_400(browse, world):
    key = said(world, "membre", "Bonjour.")
    app = browse("certificatrice")
    token = app.get("/forgotten").forms["form"]["csrf_token"].value
    app.post(f"{ADDRESS}/{key}", {"csrf_token": token}, status=400)


def test_a_long_discussion_has_pages_and_a_comment_leads_to_its_own(browse, world):
    company, member = world.companies["candidate"], world.actors["membre"]
    keys = [discussion.say(company, f"Numéro {n:02}", member, NOW.replace(minute=n)) for n in range(35)]
    transaction.commit()
    page = browse().get(ADDRESS)
    assert "Numéro 29" in page.text
    assert "Numéro 30" not in page.text
    second = browse().get(page.html.select(".pager a")[-1]["href"])
    assert "Numéro 30" in second.text
    assert browse().get(f"{ADDRESS}/{keys[34]}").headers["Location"].endswith(f"?page=2#c-{keys[34]}")
    for wrong in ("0", "-1", "99", "x", "²"):
        browse().get(ADDRESS, {"page": wrong}, status=200)


def test_english_readers_read_english_around_what_was_said(browse, world):
    key = said(world, "entreprise", "Oui.")
    app = browse()
    app.get("/language?to=en")
    assert "Réponse" not in place(app.get(ADDRESS), key)
