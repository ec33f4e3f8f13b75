"""Audits in the API: who reads what in which state."""

from datetime import timedelta

import pytest
import transaction

from coopcms.domain import audits
from coopcms.workflows import WORKFLOWS, engine

from .. import world as worlds
from ..conftest import NOW
from . import api_fixtures, api_reports
from .api_reports import (
    AUDIT,
    COMPANY,
    NAMED,
    READERS,
    RESERVATION,
    SECRETS,
    TEXT,
    VERDICT,
    readers_of,
    refused,
    told_of,
)

api, report = api_fixtures.api, api_reports.report

WORKFLOW = WORKFLOWS["audit"]
STATES = list(WORKFLOW.by_id)
PLANNED = {"@id", "@type", "title", "level", "state", "since", "planned_on"}


def test_an_audit_tells_everything(api, report, world):
    report(2, "validated")
    told = api("membre").get(AUDIT).json
    assert (told["@id"], told["@type"]) == (f"http://localhost{AUDIT}", "audit")
    assert (told["level"], told["state"], told["since"]) == (2, "validated", "2026-03-12T10:00:00Z")
    assert (told["company"], told["body"]) == (f"http://localhost{COMPANY}", None)
    assert told["started_at"] == told["reported_at"] == told["validated_at"] == "2026-03-12T10:00:00Z"
    assert told["valid_until"] == "2027-03-12T10:00:00Z"
    assert (told["results"]["minor"], told["results"]["unanswered"]) == (1, 0)
    assert sum(told["results"].values()) == len(told["findings"])
    assert told["verdict"] == VERDICT
    assert [(each["name"], each["duty"]) for each in told["team"]] == [
        ("Hélène Marchand", "certifier"),
        ("Nadia Benali", "member"),
        ("Yves Morel", "member"),
    ]
    assert [signature["reservation"] for signature in told["signatures"]].count(RESERVATION) == 1
    assert {signature["name"] for signature in told["signatures"]} == {each["name"] for each in told["team"]}
    assert told["replies"] == [{"text": "On y remédie.", "when": "2026-03-12T10:00:00Z", "name": "Élise Garnier"}]
    assert [line["transition"] for line in told["history"]] == ["create", "start", "report", "validate"]
    assert {link["@type"] for link in told["versions"]} == {"version"}
    assert len(told["versions"]) == 2
    [finding] = [each for each in told["findings"] if each["result"] == "minor"]
    assert (finding["text"], finding["access_refused"], finding["level"]) == (TEXT, False, 2)
    assert finding["criterion"]["code"] == "A1"
    assert finding["criterion"]["version"] == f"http://localhost{COMPANY}/specifications/oeufs/1"
    assert finding["@id"] == f"http://localhost{AUDIT}/{finding['name']}"
    assert finding["nonconformity"]["@id"] == f"{finding['@id']}/action"
    assert api().get(finding["@id"]).json["text"] == TEXT


def test_a_level_1_audit_names_its_body_and_its_auditor(api, report):
    report(1, "validated")
    told = api("membre").get(AUDIT).json
    assert told["body"] == "http://localhost/api/v1/bodies/bureau"
    assert told["team"] == [{"name": "Marc Vidal", "duty": "auditor"}]
    assert api("auditeur").get(AUDIT).json["team"][0]["name"] == "Marc Vidal"


def test_what_is_linked_can_be_read(api, report, world):
    from coopcms.domain import worksites

    site = worksites.create(
        world.companies["candidate"],
        {"title": "La ferme", "kind": "farm", "city": "Guéret"},
        world.actors["entreprise"],
        NOW,
    )
    report(2, "validated").site_ids = (site.__oid__,)
    transaction.commit()
    for login in (None, "entreprise", "equipe"):
        client, seen = api(login), set()

        def walk(value, client=client, seen=seen):
            if isinstance(value, dict):
                found = [value.get(name) for name in ("@id", "company", "body", "version")]
                for address in {each for each in found if isinstance(each, str)} - seen:
                    seen.add(address)
                    answer = client.get(address)
                    assert answer.status_int == 200, address
                    assert answer.json["@id"] == address
                    walk(answer.json)
                value = list(value.values())
            if isinstance(value, list):
                for inner in value:
                    walk(inner)

        walk(client.get(AUDIT).json)
        assert f"http://localhost{COMPANY}/sites/{site.__name__}" in seen
        assert {address.rsplit("/", 1)[1] for address in seen} >= {"candidate", "visite", "action", "oeufs"}


@pytest.mark.parametrize("level", [1, 2])
@pytest.mark.parametrize("state", STATES)
def test_each_reader_sees_what_the_state_gives(api, report, level, state):
    report(level, state)
    all_of_it, only_that_it_is = readers_of(level, state)
    for login in READERS:
        client = api(login)
        answer, listed = client.get(AUDIT), client.get(f"{COMPANY}/audits").json
        if login in all_of_it:
            assert set(answer.json) > PLANNED | {"verdict", "team", "findings", "history"}
            [item] = listed["items"]
            assert set(item) < set(answer.json)
            assert {name: answer.json[name] for name in item} == item
            assert client.get(f"{AUDIT}/workflow").status_int == 200
        elif login in only_that_it_is:
            assert set(answer.json) == PLANNED | {"history"}
            [item] = listed["items"]
            assert set(item) == PLANNED
            assert client.get(f"{AUDIT}/workflow").json["state"] == state
        else:
            assert answer.status_int == refused(login), login
            assert (listed["items"], listed["total"]) == ([], 0)
            assert client.get(f"{AUDIT}/workflow").status_int == refused(login)


@pytest.mark.parametrize("level", [1, 2])
@pytest.mark.parametrize("state", [state for state in STATES if state != "validated"])
def test_nothing_leaks_before_the_report_is_validated(api, report, level, state):
    audit = report(level, state)
    finding = told_of(audit).__name__ if audit.sequence else "a1"
    pieces = list(told_of(audit).evidence) if audit.sequence else []
    below = ("", "/workflow", f"/{finding}", f"/{finding}/action", *(f"/{finding}/{piece}" for piece in pieces))
    addresses = (
        *(AUDIT + view for view in below),
        f"{AUDIT}/{finding}/action/workflow",
        f"{COMPANY}/audits",
        f"{COMPANY}/audits?level={level}&state={state}",
        f"{COMPANY}/matrix",
        f"{COMPANY}/specifications/oeufs/1/matrix",
        f"{COMPANY}/certificates",
        f"{COMPANY}/workflow",
        COMPANY,
        "/api/v1/companies",
    )
    below = (*below, "/nowhere", f"/{finding}/nowhere", f"/{finding}/action/nowhere")
    all_of_it, _only = readers_of(level, state)
    for login in set(READERS) - all_of_it:
        client = api(login)
        everything = "\n".join(client.get(address).text for address in addresses)
        for secret in SECRETS:
            assert secret not in everything, (login, secret)
        if login != "entreprise":
            assert "audits/visite" not in everything
        for view in below[2:]:
            for method in ("GET", "HEAD", "PUT"):
                assert client.app.request(
                    AUDIT + view, method=method, headers=client.headers, status="*"
                ).status_int == refused(login), (method, view)
        matrix = client.get(f"{COMPANY}/matrix").json
        assert matrix["summary"]["none"] == matrix["summary"]["criteria"]


@pytest.mark.parametrize("level", [1, 2])
def test_names_are_for_those_who_may_see_names(api, report, world, level):
    report(level, "validated")
    names = {world.accounts[login].title for login in worlds.PEOPLE} - {"Administration"}
    named = NAMED | ({"auditeur"} if level == 1 else set())
    for login in READERS:
        told = api(login).get(AUDIT)
        shown = {name for name in names if name in told.text}
        assert bool(shown) == (login in named), login
        signed = told.json["signatures"]
        assert len(signed) == len(worlds.TEAMS[level])
        assert all((signature["name"] is not None) == (login in named) for signature in signed)


def test_an_erased_account_is_a_former_member(api, report, world):
    report(2, "validated")
    world.accounts["visiteur"].erased = True
    transaction.commit()
    told = api("membre").get(AUDIT)
    assert "Yves Morel" not in told.text
    assert "ancien sociétaire" in {each["name"] for each in told.json["team"]}


def test_evidence_is_shown_as_far_as_its_visibility_goes(api, report):
    audit = report(2, "validated")
    finding = told_of(audit)
    everybody = {"public"}
    seen = {
        **dict.fromkeys((None, "auditeur", "voisine", "admin"), everybody),
        "membre": {"public", "members"},
        **dict.fromkeys(
            ("certificateur", "certificatrice", "visiteuse", "entreprise", "equipe"), {"public", "members", "verifiers"}
        ),
    }
    for login in READERS:
        client = api(login)
        told = client.get(f"{AUDIT}/{finding.__name__}").json
        assert {piece["visibility"] for piece in told["evidence"]} == seen[login], login
        for key, piece in finding.evidence.items():
            answer = client.get(f"{AUDIT}/{finding.__name__}/{key}")
            allowed = piece.visibility in seen[login]
            assert answer.status_int == (200 if allowed else refused(login))
    assert told["evidence"][0]["download"].startswith("http://localhost/companies/candidate/audits/visite/")


def test_a_criterion_without_a_finding_yet_says_so(api, world):
    worlds.audit(world, world.companies["candidate"], 2, "in_progress", NOW, name="visite")
    transaction.commit()
    told = api("visiteuse").get(AUDIT).json
    assert {finding["result"] for finding in told["findings"]} == {None}
    assert told["results"]["unanswered"] == len(told["findings"])
    assert (told["verdict"], told["signatures"], told["reported_at"]) == ("", [], None)


def test_a_missing_signature_tells_why(api, world):
    audit = worlds.audit(world, world.companies["candidate"], 2, "answered", NOW, name="visite")
    for login in ("visiteuse", "certificatrice"):
        audits.sign(audit, world.actors[login], NOW)
    later = NOW + timedelta(days=15)
    audits.record_unsigned(audit, world.actors["visiteur"].userid, "Injoignable.", world.actors["equipe"], later)
    transaction.commit()
    [missing] = [each for each in api("equipe").get(AUDIT).json["signatures"] if each["missing"]]
    assert (missing["name"], missing["missing"]) == ("Yves Morel", "Injoignable.")


@pytest.mark.parametrize("state", ["declined", "withdrawn"])
def test_a_closed_company_closes_its_audits(api, report, world, state):
    audit = report(2, "validated")
    if state == "declined":
        engine.fire(world.companies["candidate"], "decline", world.actors["equipe"], NOW, comment="Hors du champ.")
    else:
        engine.fire(world.companies["candidate"], "withdraw", world.actors["entreprise"], NOW, comment="Non.")
    transaction.commit()
    finding = f"{AUDIT}/{told_of(audit).__name__}"
    version = f"{COMPANY}/specifications/oeufs/1"
    paths = (
        f"{COMPANY}/audits",
        AUDIT,
        f"{AUDIT}/workflow",
        finding,
        f"{finding}/action",
        f"{finding}/action/workflow",
        f"{COMPANY}/matrix",
        f"{version}/matrix",
    )
    for login in READERS:
        open_to = login in ("entreprise", "equipe")
        for path in paths:
            assert api(login).get(path).status_int == (200 if open_to else refused(login)), (login, path)
        assert ("links" in api(login).get(COMPANY).json) == open_to


def test_a_company_without_audits_has_an_empty_list(api):
    assert api().get(f"{COMPANY}/audits").json == {"items": [], "next": None, "total": 0}
    assert api("entreprise").ask("POST", f"{COMPANY}/audits", {}).headers["Allow"] == "GET, HEAD"
    assert api().get("/api/v1/companies/brouillon/audits").status_int == 401
    assert api("membre").get("/api/v1/companies/brouillon/audits").status_int == 403


def test_the_list_is_filtered_by_state_and_level(api, report):
    for name, level, state in (
        ("a", 1, "validated"),
        ("b", 2, "validated"),
        ("c", 2, "planned"),
        ("d", 1, "cancelled"),
    ):
        report(level, state, name=name)
    client = api("equipe")

    def names(query):
        told = client.get(f"{COMPANY}/audits?{query}").json
        assert told["total"] == len(told["items"])
        return "".join(item["@id"].rsplit("/", 1)[1] for item in told["items"])

    assert names("") == "abcd"
    assert names("state=validated") == "ab"
    assert names("state=planned&state=cancelled") == "cd"
    assert names("level=1") == "ad"
    assert names("level=1&level=2") == "abcd"
    assert names("level=2&state=validated") == "b"
    assert [item["level"] for item in api().get(f"{COMPANY}/audits").json["items"]] == [1, 2]


def test_pages_follow_each_other(api, world):
    for number in range(5):
        worlds.audit(world, world.companies["candidate"], 2, "planned", NOW, name=f"v{number}")
    transaction.commit()
    client, address, pages = api("equipe"), f"{COMPANY}/audits?limit=2&level=2", []
    while address:
        pages.append(client.get(address).json)
        address = pages[-1]["next"]
    assert [len(page["items"]) for page in pages] == [2, 2, 1]
    assert {page["total"] for page in pages} == {5}
    names = [item["@id"].rsplit("/", 1)[1] for page in pages for item in page["items"]]
    assert names == [f"v{number}" for number in range(5)]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("state=applied", "state"),
        ("state=planned&state=nowhere", "state"),
        ("level=3", "level"),
        ("level=one", "level"),
        ("level=1&level=x", "level"),
        ("level=", "level"),
        ("sector=eggs", "sector"),
        ("limit=0", "limit"),
        ("cursor=nonsense", "cursor"),
    ],
)
def test_a_parameter_that_cannot_be_is_400_and_named(api, query, field):
    answer = api().get(f"{COMPANY}/audits?{query}")
    assert (answer.status_int, answer.json["field"].split(".")[0]) == (400, field)


def test_a_parameter_of_one_audit_is_400(api, report):
    report(2, "validated")
    assert api().get(f"{AUDIT}?level=2").status_int == 400


@pytest.mark.parametrize("path", ["", "/workflow", "/a1", "/a1/action"])
def test_an_entity_tag_spares_what_did_not_change(api, report, world, path):
    audit = report(2, "reported")
    client = api("equipe")
    path = AUDIT + path.replace("a1", told_of(audit).__name__)
    tag = client.get(path).headers["ETag"]
    again = client.get(path, If_None_Match=tag)
    assert (again.status_int, again.body) == (304, b"")
    assert api("entreprise").get(path).headers["ETag"]
    worlds.nonconformity(world, audit, "proposed", NOW)
    engine.fire(audit, "resume", world.actors["certificateur"], NOW, comment="À revoir.")
    transaction.commit()
    assert client.get(path, If_None_Match=tag).status_int == 200


def test_what_is_not_there_is_404(api, report):
    report(2, "validated", result="conforming")
    for path in (
        "nowhere",
        "nowhere/workflow",
        "visite/nowhere",
        "visite/a1/action",
        "visite/a1/nowhere",
        "visite/matrix",
    ):
        assert api("equipe").get(f"{COMPANY}/audits/{path}").status_int == 404, path
