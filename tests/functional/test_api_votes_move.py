"""Votes over the API: who moves a proposal on, what holds it back, and its discussion."""

from datetime import UTC, datetime

import transaction

from coopcms.domain import discussion

from .. import world as worlds
from . import api_voting
from .api_voting import VOTERS, cast, path

api, now, roll, put, close = api_voting.api, api_voting.now, api_voting.roll, api_voting.put, api_voting.close


def test_coordinators_move_a_proposal_on_and_nobody_else(api, put, now):
    proposal = put("draft")
    for login in ("membre", "certificatrice", "entreprise", "admin"):
        assert api(login).fire(path(proposal), "submit").status_int == 403
    client = api("equipe")
    assert client.fire(path(proposal), "submit").json["state"] == "submitted"
    for step, state in (("discuss", "discussion"), ("open", "voting")):
        for login in ("membre", "certificatrice", "entreprise", "admin"):
            assert api(login).fire(path(proposal), step).status_int == 403
        assert client.fire(path(proposal), step).json["state"] == state
    told = api().get(path(proposal)).json
    assert told["roll"] == len(VOTERS)
    assert told["ends"] is not None
    assert cast(api("membre"), proposal).status_int == 201


def test_no_person_says_how_a_vote_ended(api, put):
    proposal = put()
    for login in ("equipe", "admin", "membre", "certificateur"):
        assert [step["id"] for step in api(login).get(path(proposal, "workflow")).json["transitions"]] == (
            ["cancel"] if login == "equipe" else []
        )
        for step in ("adopt", "reject", "lapse"):
            assert api(login).fire(path(proposal), step).status_int == 403


def test_a_second_vote_on_the_same_admission_says_what_is_open(api, world, put, now):
    first = put()
    second = worlds.vote(world, "admission", world.companies["celle"], now, state="discussion")
    transaction.commit()
    answer = api("equipe").fire(path(second), "open")
    assert answer.status_int == 409
    assert [point["@id"] for point in answer.json["missing"]] == [f"http://localhost{path(first)}"]


def test_cancelling_takes_a_reason_and_destroys_the_ballots(api, put):
    proposal = put()
    cast(api("membre"), proposal)
    assert api("equipe").fire(path(proposal), "cancel").status_int == 422
    assert api("equipe").fire(path(proposal), "cancel", comment="Le texte était faux.").json["state"] == "cancelled"
    proposal._p_jar.sync()
    assert proposal.box is None
    for view in ("result", "ballots.json"):
        assert api("equipe").get(path(proposal, view)).status_int == 404
    assert api().get(path(proposal)).json["history"][-1]["comment"] == "Le texte était faux."


def test_members_discuss_a_proposal_also_while_it_is_voted_on(api, world, put):
    proposal = put()
    answer = api("membre").post(path(proposal, "comments"), {"text": "Et le prix ?"})
    assert answer.status_int == 201
    assert api().get(answer.headers["Location"]).json["text"] == "Et le prix ?"
    assert api().get(path(proposal, "comments")).json["total"] == 1
    assert api("voisine").post(path(proposal, "comments"), {"text": "Moi aussi"}).status_int == 403
    assert api().post(path(proposal, "comments"), {"text": "Moi aussi"}).status_int == 401
    discussion.say(proposal, "Voici.", world.actors["equipe"], datetime.now(UTC), in_reply_to=answer.json["id"])
    transaction.commit()
    assert [c["official"] for c in api().get(path(proposal, "comments")).json["items"]] == [None, "cooperative"]


def test_there_is_nothing_below_a_proposal_but_what_is_described(api, put):
    proposal = put()
    for view in ("vote", "receipt", "minutes", "rules", "extend", "box", "roll", "turnout", "ballot/more", "result/x"):
        for login in (None, "membre", "equipe", "admin"):
            assert api(login).get(path(proposal, view)).status_int == 404
