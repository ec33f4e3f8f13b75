"""``coopcms check`` finds what is off."""

import io

import pytest
import transaction
from substanced.util import find_catalog

from coopcms.domain import clock, files, specifications
from coopcms.domain.consistency import check
from coopcms.domain.errors import Invalid, Stale
from coopcms.workflows import engine

from ...conftest import NOW
from ...world import CRITERION


def test_a_site_made_through_the_domain_agrees_with_itself(world):
    transaction.commit()
    assert check(world.site) == {
        "catalog": [],
        "search": [],
        "states": [],
        "relations": [],
        "blobs": [],
        "verification": [],
        "registers": [],
        "results": [],
    }


def broken_index(world):
    world.companies["candidate"].state = "certified"
    find_catalog(world.site, "coopcms")


def missing_from_the_catalog(world):
    find_catalog(world.site, "coopcms").unindex_resource(world.companies["candidate"])


def unknown_state(world):
    world.companies["candidate"].state = "nirvana"


def gap_in_the_history(world):
    history = world.companies["candidate"].history
    del history[history.maxKey()]


def unknown_staff(world):
    world.companies["candidate"].staff.insert(12345)


def unknown_auditor(world):
    world.body.auditors.insert(12345)


def body_missing_from_the_catalog(world):
    find_catalog(world.site, "coopcms").unindex_resource(world.body)


def changed_bytes(world):
    company = world.companies["candidate"]
    file = files.add(
        company, io.BytesIO(b"%PDF-1"), "a.pdf", "", "public", world.actors["entreprise"], NOW, most_bytes=99
    )
    with file.blob.open("w") as stream:
        stream.write(b"%PDF-2")


@pytest.mark.parametrize(
    "damage, name",
    [
        (broken_index, "catalog"),
        (missing_from_the_catalog, "catalog"),
        (unknown_state, "states"),
        (gap_in_the_history, "states"),
        (unknown_staff, "relations"),
        (unknown_auditor, "relations"),
        (body_missing_from_the_catalog, "catalog"),
        (changed_bytes, "blobs"),
    ],
)
def test_each_damage_is_found_by_its_check(world, damage, name):
    damage(world)
    assert check(world.site)[name]


def test_the_clock_does_what_is_due_once(world):
    engine_before = [company.state for company in world.companies.values()]
    assert set(clock.tick(world.site, NOW).values()) == {0}
    assert [company.state for company in world.companies.values()] == engine_before


def test_criteria_keep_their_order_and_their_codes_apart(world):
    staff = world.actors["entreprise"]
    version = specifications.create(world.companies["brouillon"], "Lait", "", staff, NOW)
    keys = [
        specifications.add_criterion(version, {**CRITERION, "code": code}, staff, NOW) for code in ("A1", "A2", "A3")
    ]
    specifications.reorder(version, [keys[0], keys[2], keys[1]], staff, NOW)
    assert [criterion.code for _key, criterion in version.ordered()] == ["A1", "A3", "A2"]
    with pytest.raises(Invalid):
        specifications.add_criterion(version, {**CRITERION, "code": "a2"}, staff, NOW)
    specifications.remove_criterion(version, keys[0], staff, NOW)
    assert [criterion.code for _key, criterion in version.ordered()] == ["A3", "A2"]


def test_who_changes_a_criterion_over_somebody_is_told(world):
    staff, colleague = world.actors["entreprise"], world.actors["collegue"]
    version = specifications.create(world.companies["brouillon"], "Lait", "", staff, NOW)
    key = specifications.add_criterion(version, CRITERION, staff, NOW)
    specifications.change_criterion(version, key, {**CRITERION, "title": "Un"}, staff, NOW, revision=1)
    with pytest.raises(Stale):
        specifications.change_criterion(version, key, {**CRITERION, "title": "Deux"}, colleague, NOW, revision=1)
    assert version.criteria[key].title == "Un"


def test_a_frozen_version_does_not_move(world):
    from coopcms.domain.errors import Forbidden

    version = next(world.companies["complete"].versions())
    assert version.state == "frozen"
    with pytest.raises(Forbidden):
        specifications.add_criterion(version, {**CRITERION, "code": "Z9"}, world.actors["entreprise"], NOW)
    engine.fire(version, "back_to_draft", world.actors["entreprise"], NOW, comment="Une coquille.")
    specifications.add_criterion(version, {**CRITERION, "code": "Z9"}, world.actors["entreprise"], NOW)
