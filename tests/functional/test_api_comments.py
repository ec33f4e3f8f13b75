"""``<object>/comments`` of the API: what is said, to whom, and saying something."""

from dataclasses import replace
from datetime import timedelta

import pytest
import transaction

from coopcms.domain import discussion
from coopcms.workflows import engine

from ..conftest import NOW
from ..consulting import PATH, consulted, draft
from . import api_fixtures
from .api_reports import report_in

api = api_fixtures.api

COMMENTS = "/api/v1/companies/candidate/comments"


def said(world, login, text, *, hours=0, obj=None, **given):
    obj = obj or world.companies["candidate"]
    key = discussion.say(obj, text, world.actors[login], NOW + timedelta(hours=hours), **given)
    transaction.commit()
    return key


def test_everybody_reads_what_is_said_oldest_first_and_members_by_whom(api, world):
    first = said(world, "membre", "Une **question**.")
    said(world, "entreprise", "Une réponse.", hours=1, in_reply_to=first)
    items = api().get(COMMENTS).json["items"]
    assert [item["text"] for item in items] == ["Une **question**.", "Une réponse."]
    assert [item["author"] for item in items] == [None, None]
    assert [item["official"] for item in items] == [None, "company"]
    assert [item["in_reply_to"] for item in items] == [None, first]
    assert (items[0]["id"], items[0]["when"], items[0]["state"]) == (first, "2026-03-12T10:00:00Z", "published")
    assert [item["author"] for item in api("certificatrice").get(COMMENTS).json["items"]] == [
        "Camille Roux",
        "Élise Garnier",
    ]


def test_a_list_of_comments_is_read_page_by_page(api, world):
    for number in range(5):
        # Keys are numbers of 64 bits without a sign; the highest one is a cursor, too.
        said(world, "membre", str(number), hours=number, key=f"{'f' * 15}{number}")
    address, texts = f"{COMMENTS}?limit=2", []
    for _page in range(3):
        page = api().get(address).json
        texts += [item["text"] for item in page["items"]]
        assert page["total"] == 5
        address = page["next"]
    assert address is None
    assert texts == ["0", "1", "2", "3", "4"]
    for wrong in ("cursor=nonsense", "limit=0", "unknown=1"):
        assert api().get(f"{COMMENTS}?{wrong}").status_int == 400


@pytest.mark.parametrize("blank", ["\u200b", "\u2800", "\u3164\u00ad", "\u00a0\n"], ids=ascii)
def test_a_comment_in_which_nothing_is_to_be_seen_is_none(api, blank):
    assert api("membre").post(COMMENTS, {"text": blank}).status_int == 422


@pytest.mark.parametrize("end", ["\r\n", "\n", "e\u0301"], ids=ascii)
def test_a_comment_is_counted_and_stored_as_in_the_form(api, end):
    text = "x" * 4999 + end + ("" if end.strip() else "y")
    fits = api("membre").post(COMMENTS, {"text": text[: len(text) - 1] if not end.strip() else text})
    assert fits.status_int == 201
    assert "\r" not in fits.json["text"]
    assert len(fits.json["text"]) <= 5000
    assert api("membre").post(COMMENTS, {"text": "x" * 5001}).status_int == 422


def test_a_comment_has_an_address_of_its_own(api, world):
    key = said(world, "membre", "Bonjour.")
    [item] = api().get(COMMENTS).json["items"]
    assert item["@id"].endswith(f"{COMMENTS}/{key}")
    assert api().get(item["@id"]).json == item
    for wrong in ("0" * 16, "nonsense", f"{key}/more"):
        assert api().get(f"{COMMENTS}/{wrong}").status_int == 404


@pytest.mark.parametrize(
    ("login", "official"),
    [("membre", None), ("certificatrice", None), ("entreprise", "company"), ("equipe", "cooperative")],
)
def test_saying_something_is_201_with_its_address(api, login, official):
    client = api(login)
    answer = client.post(COMMENTS, {"text": "Bonjour."})
    assert answer.status_int == 201
    assert answer.json["official"] == official
    again = client.get(answer.headers["Location"])
    assert again.json == answer.json
    reply = client.post(COMMENTS, {"text": "Et encore.", "in_reply_to": answer.json["id"]})
    assert reply.json["in_reply_to"] == answer.json["id"]


def test_saying_something_takes_a_log_in_and_a_role(api, world):
    assert api().post(COMMENTS, {"text": "Bonjour."}).status_int == 401
    for login in ("voisine", "admin"):
        assert api(login).post(COMMENTS, {"text": "Bonjour."}).status_int == 403
    transaction.begin()
    assert world.companies["candidate"].comment_count == 0


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "text"),
        ({"text": ""}, "text"),
        ({"text": "  "}, "text"),
        ({"text": "x" * 5001}, "text"),
        ({"text": 3}, "text"),
        ({"text": "Oui.", "in_reply_to": "0" * 16}, "in_reply_to"),
        ({"text": "Oui.", "in_reply_to": "é"}, "in_reply_to"),
        ({"text": "Oui.", "state": "published"}, "state"),
        ({"text": "Oui.", "official": "company"}, "official"),
    ],
)
def test_what_cannot_be_said_is_422_and_named(api, world, body, field):
    answer = api("membre").post(COMMENTS, body)
    assert (answer.status_int, answer.json["field"]) == (422, field)
    transaction.begin()
    assert world.companies["candidate"].comment_count == 0


def test_a_hidden_text_never_leaves_for_non_moderators(api, world):
    key = said(world, "membre", "Propos blessants.")
    discussion.hide(world.companies["candidate"], key, "Attaque une personne.", world.actors["equipe"], NOW)
    transaction.commit()
    for login in (None, "membre", "certificatrice", "entreprise", "voisine", "admin"):
        client = api(login)
        for answer in (client.get(COMMENTS), client.get(f"{COMMENTS}/{key}")):
            assert "blessants" not in answer.text, login
            item = answer.json.get("items", [answer.json])[0]
            assert (item["text"], item["state"], item["reason"]) == (None, "hidden", "Attaque une personne.")
    assert api("equipe").get(f"{COMMENTS}/{key}").json["text"] == "Propos blessants."


def test_a_comment_that_waits_is_there_for_its_author_and_moderators(api, world, registry, monkeypatch):
    monkeypatch.setattr(registry, "coopcms", replace(registry.coopcms, comments_moderated=True))
    answer = api("membre").post(COMMENTS, {"text": "Une question."})
    assert (answer.status_int, answer.json["state"]) == (201, "pending")
    for login in ("membre", "equipe"):
        assert api(login).get(COMMENTS).json["total"] == 1
    for login in (None, "certificatrice", "entreprise", "admin"):
        assert api(login).get(COMMENTS).json["total"] == 0
        assert api(login).get(answer.headers["Location"]).status_int == 404


def test_versions_criteria_and_the_framework_are_discussed_too(api, world):
    _version, [key] = consulted(world)
    transaction.commit()
    for path in (PATH, f"{PATH}/{key}", "/framework/1", "/framework/1/01"):
        client = api("membre")
        assert client.post(f"/api/v1{path}/comments", {"text": "Bonjour."}).status_int == 201
        assert api().get(f"/api/v1{path}/comments").json["total"] == 1


def test_a_validated_report_is_discussed_and_one_that_is_being_written_is_not(api, world):
    for name, state in (("lue", "validated"), ("ecrite", "in_progress")):
        report_in(world, 2, state, name=name, company=world.companies["candidate"])
    path = "/api/v1/companies/candidate/audits/{}/comments"
    assert api("membre").post(path.format("lue"), {"text": "Bonjour."}).status_int == 201
    assert api().get(path.format("lue")).json["total"] == 1
    assert api("membre").post(path.format("ecrite"), {"text": "Bonjour."}).status_int == 403


def test_drafts_and_closed_dossiers_tell_nothing(api, world):
    version, [key] = draft(world)
    transaction.commit()
    for path in (PATH, f"{PATH}/{key}", "/companies/brouillon"):
        for login in (None, "membre", "certificatrice", "admin"):
            assert api(login).get(f"/api/v1{path}/comments").status_int == (401 if login is None else 403)
            assert api(login).post(f"/api/v1{path}/comments", {"text": "x"}).status_int == (
                401 if login is None else 403
            )
    engine.fire(version, "consult", world.actors["entreprise"], NOW)
    one = said(world, "membre", "Bonjour.", obj=version[key])
    engine.fire(world.companies["candidate"], "decline", world.actors["equipe"], NOW, comment="Non.")
    transaction.commit()
    for login in ("membre", "certificatrice", "admin"):
        for path in (f"{PATH}/{key}/comments", f"{PATH}/{key}/comments/{one}", f"{PATH}/comments"):
            assert api(login).get(f"/api/v1{path}").status_int == 403
        assert api(login).post(f"/api/v1{PATH}/{key}/comments", {"text": "x"}).status_int == 403


def test_who_says_too_much_waits(api, registry, monkeypatch):
    monkeypatch.setattr(registry, "coopcms", replace(registry.coopcms, forms_per_hour=2))
    client = api("membre")
    assert [client.post(COMMENTS, {"text": str(n)}).status_int for n in range(3)] == [201, 201, 429]
    assert api("certificatrice").post(COMMENTS, {"text": "Moi pas."}).status_int == 201


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_nothing_else_is_done_with_a_discussion(api, method):
    answer = api("equipe").ask(method, COMMENTS)
    assert answer.status_int == 405
    assert answer.headers["Allow"] == "GET, HEAD, POST"
