"""Documents that show what was done about a non-conformity, and the whole way to its closing."""

import io

import pytest

from coopcms.domain import audits, nonconformities
from coopcms.domain.errors import Forbidden, Invalid
from coopcms.security.access import may
from coopcms.security.permissions import P
from coopcms.workflows import engine

from ... import world as worlds
from ...conftest import NOW


@pytest.fixture(params=[1, 2], ids=["level 1", "level 2"])
def audit(request, world):
    return worlds.audit(world, world.companies["candidate"], request.param, "validated", NOW, found={"A1": "minor"})


def document(found, actor, visibility="public", title="Relevé"):
    return nonconformities.add_document(
        found, io.BytesIO(b"%PDF-1"), "releve.pdf", title, visibility, actor, NOW, most_bytes=99
    )


def test_the_whole_way_is_written_down_with_who_went_it(world, audit):
    found = worlds.nonconformity(world, audit, "closed", NOW)
    judge = "local:auditor" if audit.level == 1 else "role:certifier"
    assert [(entry["transition"], entry["role"]) for entry in found.history.values()][1:] == [
        ("propose_action", "local:staff"),
        ("accept_action", "role:certifier"),
        ("submit_proof", "local:staff"),
        ("verify_effect", judge),
        ("close", judge),
    ]
    assert found.finding.is_closed
    assert found.finding.result == "minor", "the finding stays what it was"


def test_documents_come_with_the_proof_and_stay(world, audit):
    staff, found = world.actors["entreprise"], worlds.nonconformity(world, audit, "accepted", NOW)
    kept = document(found, staff)
    assert found[kept.__name__] is kept
    nonconformities.remove_document(found, document(found, staff, title="Un autre").__name__, staff, NOW)
    nonconformities.prove(found, "Les relevés sont tenus.", staff, NOW)
    with pytest.raises(Forbidden):
        nonconformities.remove_document(found, kept.__name__, staff, NOW)
    with pytest.raises(Forbidden):
        document(found, staff)
    assert list(found.documents) == [kept.__name__]


@pytest.mark.parametrize(
    ("visibility", "readers"),
    [
        ("public", {"visitor", "voisine", "membre", "certificateur", "entreprise", "equipe"}),
        ("members", {"membre", "certificateur", "entreprise", "equipe"}),
        ("verifiers", {"certificateur", "entreprise", "equipe"}),
    ],
)
def test_a_document_is_read_by_those_it_is_marked_for(world, audit, visibility, readers):
    found = worlds.nonconformity(world, audit, "accepted", NOW)
    kept = document(found, world.actors["entreprise"], visibility)
    people = ("visitor", "voisine", "membre", "certificateur", "entreprise", "equipe")
    assert {login for login in people if may(P.READ, kept, world.actors[login])} == readers


@pytest.mark.parametrize("login", ["certificateur", "equipe", "auditeur", "voisine", "visiteuse"])
def test_nobody_but_staff_brings_documents(world, audit, login):
    with pytest.raises(Forbidden):
        document(worlds.nonconformity(world, audit, "accepted", NOW), world.actors[login])


def test_there_is_a_limit_to_documents(world, audit):
    found = worlds.nonconformity(world, audit, "accepted", NOW)
    for number in range(audits.MOST_EVIDENCE):
        document(found, world.actors["entreprise"], title=f"Relevé {number}")
    document(found, world.actors["entreprise"], title="Relevé 0")  # sent twice: it is there
    with pytest.raises(Invalid) as caught:
        document(found, world.actors["entreprise"])
    assert list(caught.value.messages) == ["upload"]


def test_a_document_that_is_none_is_not_taken(world, audit):
    found = worlds.nonconformity(world, audit, "accepted", NOW)
    with pytest.raises(Invalid):
        nonconformities.add_document(
            found, io.BytesIO(b""), "vide.pdf", "", "public", world.actors["entreprise"], NOW, most_bytes=99
        )


def test_refused_proofs_are_kept_beside_the_new_one(world, audit):
    found, staff = worlds.nonconformity(world, audit, "proved", NOW), world.actors["entreprise"]
    judge = world.actors["auditeur" if audit.level == 1 else "certificateur"]
    engine.fire(found, "refuse_proof", judge, NOW, comment="Illisible.")
    nonconformities.prove(found, "Voici les relevés, lisibles.", staff, NOW)
    assert [proof["text"] for proof in found.proofs.values()] == [
        "Les relevés sont tenus.",
        "Voici les relevés, lisibles.",
    ]
