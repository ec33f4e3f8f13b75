"""Votes over the API: who reads, who casts, what comes after the closing.

The application compares every answer with the OpenAPI document (``check_responses``).
"""

import hashlib
import json
from datetime import timedelta

import pytest
import rfc8785
import transaction

from coopcms.domain import members, proposals, registers, voting
from coopcms.workflows import engine

from . import api_voting
from .api_voting import LIST, OTHERS, VOTERS, ballots_in, cast, path

api, now, roll, put, close = api_voting.api, api_voting.now, api_voting.roll, api_voting.put, api_voting.close


def test_the_first_address_leads_to_the_proposals(api):
    link = api().get("/api/v1/", Accept="application/json").json["links"]["proposals"]
    assert link == f"http://localhost{LIST}"
    assert api().get(link).json == {"items": [], "next": None, "total": 0}


def test_a_proposal_tells_its_rules(api, put, now):
    proposal = put()
    told = api().get(path(proposal)).json
    assert told["@id"] == f"http://localhost{path(proposal)}"
    assert (told["@type"], told["kind"], told["state"], told["secret"]) == ("proposal", "admission", "voting", True)
    assert told["company"]["@id"] == "http://localhost/api/v1/companies/celle"
    assert [version["state"] for version in told["versions"]] == ["frozen"]
    assert told["rules"] == {
        "ballot": "for_against_blank",
        "secret": True,
        "quorum": "1/10",
        "majority": "1/2",
        "opened": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "ends": f"{proposal.ends_at:%Y-%m-%dT%H:%M:%SZ}",
    }
    assert (told["opened"], told["ends"], told["closed"]) == (told["rules"]["opened"], told["rules"]["ends"], None)
    assert told["roll"] == len(VOTERS)
    assert (told["result"], told["consequence"], told["extensions"], told["milestones"]) == (None, None, [], [])
    assert [line["transition"] for line in told["history"]] == ["create", "submit", "discuss", "open"]


def test_the_list_has_the_scalar_fields_of_what_one_may_see(api, put):
    states = ("draft", "submitted", "discussion", "voting")
    made = {state: put(state, f"firme-{state}") for state in states}
    for login in (None, "voisine", "membre", "certificatrice", "entreprise", "admin"):
        seen = api(login).get(LIST).json
        assert {item["state"] for item in seen["items"]} == {"discussion", "voting"}
        assert seen["total"] == 2
    items = api("equipe").get(LIST).json["items"]
    assert {item["state"] for item in items} == set(states)
    for item in items:
        whole = api("equipe").get(path(made[item["state"]])).json
        assert item == {name: whole[name] for name in item}
        assert {name for name, value in whole.items() if not isinstance(value, (list, dict))} - set(item) <= {
            "text",
            "changes",
            "purse",
            "producer",
            "roll",
            "result",
            "consequence",
        }


def test_what_is_in_preparation_is_for_its_author_and_coordinators(api, put):
    for state in ("draft", "submitted"):
        proposal = put(state, f"firme-{state}")
        for view in ("", "workflow", "comments", "result", "ballots.json"):
            assert api().get(path(proposal, view)).status_int == 401
            for login in ("membre", "certificatrice", "entreprise", "admin"):
                assert api(login).get(path(proposal, view)).status_int == 403
        assert api("equipe2").get(path(proposal)).json["roll"] is None
        assert cast(api("membre"), proposal).status_int == 403
        assert cast(api("equipe"), proposal).status_int == 409


def test_proposals_are_filtered_by_state(api, put):
    put("discussion", "une")
    put("voting", "autre")
    client = api()
    for query, expected in (
        ("state=voting", ["voting"]),
        ("state=discussion&state=voting", ["discussion", "voting"]),
        ("state=adopted", []),
    ):
        answer = client.get(f"{LIST}?{query}").json
        assert sorted(item["state"] for item in answer["items"]) == expected
        assert answer["total"] == len(expected)
    answer = client.get(f"{LIST}?state=nonsense")
    assert (answer.status_int, answer.json["field"]) == (400, "state")
    answer = client.get(f"{LIST}?nonsense=1")
    assert (answer.status_int, answer.json["field"]) == (400, "nonsense")


def test_proposals_come_page_by_page_each_once(api, put):
    names = sorted(put("discussion", f"firme{number}").__name__ for number in range(5))
    seen, address = [], f"{LIST}?state=discussion&limit=2"
    while address:
        answer = api().get(address).json
        assert answer["total"] == 5
        assert len(answer["items"]) <= 2
        seen += [item["@id"].rsplit("/", 1)[1] for item in answer["items"]]
        address = answer["next"]
    assert seen == names
    assert api().get(f"{LIST}?cursor=nonsense").status_int == 400


def test_the_end_that_was_moved_is_told_with_its_reason(api, world, put, now):
    proposal = put()
    former = proposal.ends_at
    proposals.extend(proposal, former + timedelta(days=2), "Panne du site.", world.actors["equipe"], now)
    transaction.commit()
    (told,) = api().get(path(proposal)).json["extensions"]
    assert (told["from"], told["reason"]) == (f"{former:%Y-%m-%dT%H:%M:%SZ}", "Panne du site.")
    assert set(told) == {"from", "to", "reason", "when"}


def test_a_company_one_may_not_see_is_not_named(api, world, put):
    proposal = put()
    company = world.companies["celle"]
    company.state = "draft"
    transaction.commit()
    assert api().get(path(proposal)).json["company"] is None
    assert api("equipe").get(path(proposal)).json["company"]["title"] == "Celle"


# --- casting ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("choice", ["for", "against", "blank"])
@pytest.mark.parametrize("login", VOTERS)
def test_whoever_is_on_the_roll_casts_a_ballot_and_gets_a_receipt(api, put, login, choice):
    proposal = put()
    answer = cast(api(login), proposal, choice)
    assert answer.status_int == 201
    assert set(answer.json) == {"receipt", "tracker"}
    assert answer.headers["Location"] == f"http://localhost{path(proposal)}"
    assert answer.headers["Cache-Control"] == "no-store"
    assert ballots_in(proposal) == [choice]
    assert answer.json["receipt"] == voting.seal(proposal, answer.json["tracker"])


@pytest.mark.parametrize("login", OTHERS)
def test_whoever_is_not_on_the_roll_is_403(api, put, login):
    proposal = put()
    answer = cast(api(login), proposal)
    assert (answer.status_int, answer.json["title"]) == (403, "Vous n’êtes pas sur la liste électorale")
    assert ballots_in(proposal) == []


def test_without_log_in_it_is_401_before_anything_else(api, put):
    proposal = put()
    for body in ({"choice": "for"}, {"choice": "perhaps"}, {}, "{"):
        answer = api().post(path(proposal, "ballot"), body)
        assert (answer.status_int, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert cast(api(token="long gone"), proposal).status_int == 401
    assert ballots_in(proposal) == []


def test_whoever_joins_after_the_opening_is_not_on_this_roll(api, world, put, now):
    proposal = put()
    members.admit(world.site, world.accounts["voisine"], world.actors["equipe"], now)
    registers.number_waiting(world.site, now)
    transaction.commit()
    assert cast(api("voisine"), proposal).status_int == 403


def test_whoever_leaves_after_the_opening_keeps_the_voice(api, world, put, now):
    proposal = put()
    members.leave(world.site, members.member_of(world.site, world.actors["membre"]), world.actors["equipe"], now)
    registers.number_waiting(world.site, now)
    transaction.commit()
    assert cast(api("membre"), proposal).status_int == 201


def test_a_second_ballot_replaces_the_first_and_only_its_tracker_is_published(api, put, close):
    proposal, client = put(), api("membre")
    receipts = [cast(client, proposal, choice).json for choice in ("for", "against", "against", "blank")]
    assert ballots_in(proposal) == ["blank"]
    assert len({receipt["tracker"] for receipt in receipts}) == 4
    close(proposal)
    told = client.get(path(proposal, "ballots.json")).json
    assert told["ballots"] == [{"tracker": receipts[-1]["tracker"], "choice": "blank"}]
    assert told["result"]["turnout"] == 1


WRONG = [
    ({"choice": "perhaps"}, "choice"),
    ({"choice": ""}, "choice"),
    ({"choice": "FOR"}, "choice"),
    ({"choice": None}, "choice"),
    ({"choice": True}, "choice"),
    ({"choice": 1}, "choice"),
    ({"choice": ["for"]}, "choice"),
    ({"choice": {"for": 1}}, "choice"),
    ({}, "choice"),
    ({"choice": "for", "voter": 7}, "voter"),
    ({"choice": "for", "tracker": "mine"}, "tracker"),
]


@pytest.mark.parametrize(("body", "field"), WRONG, ids=lambda value: json.dumps(value)[:30])
def test_a_wrong_choice_is_422_and_names_the_field(api, put, body, field):
    proposal = put()
    answer = api("membre").post(path(proposal, "ballot"), body)
    assert (answer.status_int, answer.json["field"]) == (422, field)
    assert ballots_in(proposal) == []


@pytest.mark.parametrize(
    ("body", "status"), [("", 400), ("{", 400), ("[" * 100_000, 400), ('"for"', 422), ("[]", 422), ("null", 422)]
)
def test_a_body_that_is_no_ballot_is_refused(api, put, body, status):
    proposal = put()
    assert api("membre").post(path(proposal, "ballot"), body).status_int == status
    assert ballots_in(proposal) == []


def test_a_form_is_no_ballot(api, put):
    proposal = put()
    answer = api("membre").post(
        path(proposal, "ballot"), "choice=for", content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_int == 415
    assert ballots_in(proposal) == []


def test_a_wrong_ballot_leaves_the_one_that_was_cast(api, put):
    proposal, client = put(), api("membre")
    cast(client, proposal, "against")
    cast(client, proposal, "perhaps")
    assert ballots_in(proposal) == ["against"]


@pytest.mark.parametrize("state", ["discussion", "cancelled", "withdrawn"])
def test_a_vote_that_is_not_open_is_409(api, world, put, now, state):
    proposal = put("voting" if state == "cancelled" else "discussion")
    if state in ("cancelled", "withdrawn"):
        step = "cancel" if state == "cancelled" else "withdraw"
        engine.fire(proposal, step, world.actors["equipe"], now, comment="Erreur dans le texte.")
        transaction.commit()
    assert proposal.state == state
    for login in ("membre", "voisine", "equipe"):
        answer = cast(api(login), proposal)
        assert (answer.status_int, answer.json["detail"]) == (409, "Le vote n’est pas ouvert.")


def test_after_the_end_it_is_409_whatever_the_state_says(api, put, close, now):
    proposal, client = put(), api("membre")
    assert cast(client, proposal, "for").status_int == 201
    proposal._p_jar.sync()
    proposal.ends_at = now - timedelta(seconds=1)
    transaction.commit()
    answer = cast(client, proposal, "against")
    assert (answer.status_int, answer.json["detail"]) == (
        409,
        "Le vote est terminé\N{NO-BREAK SPACE}: votre bulletin n’a pas été pris.",
    )
    assert client.get(path(proposal)).json["state"] == "voting"
    assert ballots_in(proposal) == ["for"]
    assert client.get(path(proposal, "result")).status_int == 404
    close(proposal)
    assert proposal.state == "adopted"
    assert cast(client, proposal, "against").status_int == 409
    assert client.get(path(proposal, "result")).json["counts"] == {"for": 1, "against": 0, "blank": 0}


def test_a_cookie_alone_changes_nothing(browse, put):
    proposal = put()
    app = browse("membre")
    assert app.get(path(proposal).removeprefix("/api/v1") + "/vote", status=200)
    csrf = app.get(path(proposal).removeprefix("/api/v1") + "/vote").html.select_one("input[name=csrf_token]")["value"]
    for headers in ({}, {"X-CSRF-Token": csrf}):
        answer = app.post_json(path(proposal, "ballot"), {"choice": "for"}, headers=headers, status=401)
        assert answer.content_type == "application/problem+json"
    app.post_json(path(proposal, "comments"), {"text": "Bonjour"}, status=401)
    app.post_json(path(proposal, "workflow"), {"transition": "cancel", "comment": "x"}, status=401)
    assert ballots_in(proposal) == []
    assert proposal.state == "voting"


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_a_ballot_is_only_posted(api, put, method):
    """No address gives back what somebody cast, not even to themselves."""
    proposal, client = put(), api("membre")
    cast(client, proposal)
    answer = client.ask(method, path(proposal, "ballot"), None if method == "GET" else {})
    assert (answer.status_int, answer.headers["Allow"]) == (405, "POST")


@pytest.mark.parametrize("view", ["", "result", "ballots.json"])
def test_what_is_read_takes_no_writing(api, put, view):
    answer = api("equipe").post(path(put(), view), {"title": "x"})
    assert (answer.status_int, answer.headers["Allow"]) == (405, "GET, HEAD")


# --- after the closing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("login", [None, *VOTERS[:2], *OTHERS])
def test_before_the_closing_result_and_ballots_are_404_for_everybody(api, put, close, login):
    proposal = put()
    cast(api("membre"), proposal)
    client = api(login)
    for view in ("result", "ballots.json"):
        assert client.get(path(proposal, view)).status_int == 404
    close(proposal)
    for view in ("result", "ballots.json"):
        assert client.get(path(proposal, view)).status_int == 200


def test_after_the_closing_everybody_counts_again(api, world, put, close):
    proposal = put()
    cast_now = dict(zip(VOTERS, ("for", "for", "against", "blank"), strict=False))
    trackers = {cast(api(login), proposal, choice).json["tracker"]: choice for login, choice in cast_now.items()}
    close(proposal)
    client = api()
    result = client.get(path(proposal, "result")).json
    assert {name: result[name] for name in result if name != "sha256"} == {
        "state": "adopted",
        "counts": {"for": 2, "against": 1, "blank": 1},
        "roll": 5,
        "turnout": 4,
        "quorum_needed": 1,
    }
    file = client.get(path(proposal, "ballots.json"))
    assert {ballot["tracker"]: ballot["choice"] for ballot in file.json["ballots"]} == trackers
    assert file.body == rfc8785.dumps(file.json)
    bare = {name: value for name, value in file.json.items() if name != "sha256"}
    assert hashlib.sha256(rfc8785.dumps(bare)).hexdigest() == file.json["sha256"] == result["sha256"]
    told = client.get(path(proposal)).json
    assert told["result"] == result
    assert told["closed"] == told["ends"]
    assert told["consequence"] == {"done": True, "reason": ""}
    assert told["history"][-1]["transition"] == "adopt"
    assert (told["history"][-1]["role"], told["history"][-1]["actor"]) == ("closing", None)
    assert client.get("/api/v1/companies/celle").json["state"] == "voted"


def test_a_result_that_cannot_take_effect_stands_with_its_reason(api, world, put, close, now):
    proposal = put()
    cast(api("membre"), proposal)
    engine.fire(world.companies["celle"], "withdraw", world.actors["entreprise"], now, comment="Nous renonçons.")
    transaction.commit()
    close(proposal)
    told = api().get(path(proposal)).json
    assert told["result"]["state"] == "adopted"
    assert told["consequence"]["done"] is False
    assert told["consequence"]["reason"]


def test_no_answer_joins_voter_and_ballot(api, world, put, close):
    """Neither of a secret vote nor, over the API, of a public one."""
    for secret, company in ((True, "celle"), (False, "autre")):
        proposal = put(company=company, secret=secret)
        for login in VOTERS:
            cast(api(login), proposal)
        close(proposal)
        for view in ("", "result", "ballots.json", "workflow", "comments"):
            text = api("membre").get(path(proposal, view)).text
            for login in VOTERS:
                assert world.accounts[login].title not in text
                assert str(world.accounts[login].__oid__) not in text


# --- workflow and comments -------------------------------------------------------------------------------------------------------
