"""The verification matrix in the API: only what is validated, by criterion."""

from dataclasses import fields

import pytest
import transaction

from coopcms.domain.verification import Summary
from coopcms.workflows import engine

from .. import world as worlds
from ..conftest import NOW
from . import api_fixtures
from .api_reports import AUDIT, COMPANY, READERS, report_in

api = api_fixtures.api

VERSION = f"{COMPANY}/specifications/oeufs/1"


def rows_of(told, title):
    [found] = [each for each in told["versions"] if each["version"]["title"] == title]
    return found["rows"]


def test_before_any_report_every_criterion_waits(api):
    told = api().get(f"{COMPANY}/matrix").json
    assert (told["@id"], told["@type"]) == (f"http://localhost{COMPANY}/matrix", "matrix")
    assert (told["title"], told["company"]) == ("Candidate", f"http://localhost{COMPANY}")
    assert set(told["summary"]) == {field.name for field in fields(Summary)}
    assert told["summary"]["none"] == told["summary"]["criteria"] > 5
    assert [each["version"]["title"] for each in told["versions"]] == ["Les cinq engagements", "Œufs"]
    [row] = rows_of(told, "Œufs")
    assert row["promise"] == worlds.CRITERION["requirement"]
    assert row["expected"] == worlds.CRITERION["evidence"]
    assert (row["criterion"]["code"], row["criterion"]["version"]) == ("A1", f"http://localhost{VERSION}")
    assert (row["level1"], row["level2"], row["disagree"], row["aged"]) == (None, None, False, [])


def test_both_levels_stand_beside_each_other(api, world):
    report_in(world, 2, "validated", result="minor")
    worlds.audit(world, world.companies["candidate"], 1, "validated", NOW, name="organisme")
    transaction.commit()
    told = api().get(f"{COMPANY}/matrix").json
    [row] = rows_of(told, "Œufs")
    assert row["level1"] == {
        "result": "conforming",
        "when": "2026-03-12T10:00:00Z",
        "audit": f"http://localhost{COMPANY}/audits/organisme",
        "finding": f"http://localhost{COMPANY}/audits/organisme/a1",
        "evidence": 0,
        "public": 0,
    }
    assert (row["level2"]["result"], row["level2"]["evidence"], row["level2"]["public"]) == ("minor", 4, 1)
    assert row["level2"]["audit"] == f"http://localhost{AUDIT}"
    assert row["disagree"] is True
    for cell in ("level1", "level2"):
        assert api().get(row[cell]["audit"]).json["level"] == int(cell[-1])
        assert api().get(row[cell]["finding"]).json["result"] == row[cell]["result"]
    summary = told["summary"]
    assert (summary["broken"], summary["disagreeing"], summary["none"], summary["aged"]) == (1, 1, 0, 0)
    assert summary["both"] == summary["criteria"] - 1
    assert sum(each["summary"]["criteria"] for each in told["versions"]) == summary["criteria"]


def test_a_version_has_the_same_rows_at_its_own_address(api, world):
    report_in(world, 2, "validated")
    transaction.commit()
    [row] = rows_of(api().get(f"{COMPANY}/matrix").json, "Œufs")
    told = api().get(f"{VERSION}/matrix").json
    assert (told["@id"], told["@type"], told["title"]) == (f"http://localhost{VERSION}/matrix", "matrix", "Œufs")
    assert told["rows"] == [row]
    assert told["version"] == {
        "@id": f"http://localhost{VERSION}",
        "@type": "version",
        "title": "Œufs",
        "state": "frozen",
        "number": 1,
    }
    assert (told["summary"]["criteria"], told["summary"]["broken"]) == (1, 1)


def test_what_is_old_is_marked(api, world):
    long_ago = NOW.replace(year=2024)
    company = worlds.company(world, "ancienne", long_ago)
    engine.fire(company, "apply", world.actors["entreprise"], long_ago)
    worlds.audit(world, company, 1, "validated", long_ago)
    transaction.commit()
    told = api().get("/api/v1/companies/ancienne/matrix").json
    assert told["summary"]["aged"] == told["summary"]["criteria"]
    assert {tuple(row["aged"]) for each in told["versions"] for row in each["rows"]} == {(1,)}


@pytest.mark.parametrize("state", ["in_progress", "reported", "contested", "cancelled"])
def test_nobody_finds_here_what_is_not_validated(api, world, state):
    report_in(world, 2, state, result="major")
    transaction.commit()
    for login in READERS:
        for path in (f"{COMPANY}/matrix", f"{VERSION}/matrix"):
            summary = api(login).get(path).json["summary"]
            assert summary["none"] == summary["criteria"]


def test_everybody_reads_the_same(api, world):
    report_in(world, 2, "validated")
    transaction.commit()
    for path in (f"{COMPANY}/matrix", f"{VERSION}/matrix"):
        assert len({api(login).get(path).text for login in READERS}) == 1


def test_a_draft_again_closes_the_matrix_of_its_frozen_versions(api, world):
    company = world.companies["candidate"]
    report_in(world, 2, "validated")
    engine.fire(company, "withdraw", world.actors["entreprise"], NOW, comment="Plus tard.")
    engine.fire(company, "reopen", world.actors["equipe"], NOW, comment="De retour.")
    transaction.commit()
    assert company.state == "draft"
    for login in READERS:
        status = 200 if login in ("entreprise", "equipe") else 401 if login is None else 403
        for path in (f"{COMPANY}/matrix", f"{VERSION}/matrix", AUDIT, f"{COMPANY}/audits"):
            assert api(login).get(path).status_int == status, (login, path)


def test_the_framework_has_a_matrix_at_each_company_only(api):
    assert api().get("/api/v1/framework/1/matrix").status_int == 404
    assert api().get("/api/v1/framework/matrix").status_int == 404
    assert api().get(f"{COMPANY}/matrix/more").status_int == 404
    assert api().get(f"{COMPANY}/matrix?limit=2").status_int == 400
    assert api("equipe").ask("POST", f"{COMPANY}/matrix", {}).headers["Allow"] == "GET, HEAD"


def test_drafts_and_their_versions_have_none_for_strangers(api):
    for login, status in ((None, 401), ("membre", 403), ("entreprise", 200)):
        assert api(login).get("/api/v1/companies/brouillon/matrix").status_int == status


@pytest.mark.parametrize("path", [f"{COMPANY}/matrix", f"{VERSION}/matrix"])
def test_an_entity_tag_spares_what_did_not_change(api, world, path):
    tag = api().get(path).headers["ETag"]
    assert api().get(path, If_None_Match=tag).status_int == 304
    report_in(world, 2, "validated")
    transaction.commit()
    assert api().get(path, If_None_Match=tag).status_int == 200
