"""Pages as people ask for them."""

import pytest

PUBLIC = [
    "/",
    "/companies",
    "/companies/candidate",
    "/companies/candidate/workflow",
    "/companies/candidate/access",
    "/companies/candidate/specifications",
    "/companies/candidate/specifications/oeufs",
    "/companies/candidate/specifications/oeufs/1",
    "/companies/candidate/files",
    "/companies/candidate/sites",
    "/companies/candidate/outside-certificates",
    "/bodies",
    "/bodies/bureau",
    "/framework",
    "/framework/1",
    "/framework/1/workflow",
    "/login",
    "/forgotten",
    "/access",
    "/companies/candidate/diagram.svg",
]
STAFF = [
    "/companies/brouillon",
    "/companies/brouillon/edit",
    "/companies/brouillon/edit/identity",
    "/companies/brouillon/edit/transparency",
    "/companies/brouillon/edit/structure",
    "/companies/brouillon/contacts",
    "/companies/brouillon/contacts/add",
    "/companies/brouillon/staff",
    "/companies/brouillon/files",
    "/companies/brouillon/files/add",
    "/companies/brouillon/files/logo",
    "/companies/brouillon/sites",
    "/companies/brouillon/sites/add",
    "/companies/brouillon/outside-certificates",
    "/companies/brouillon/outside-certificates/add",
    "/companies/brouillon/specifications/add",
    "/companies/brouillon/workflow",
    "/tasks",
    "/account",
]


@pytest.mark.parametrize("path", PUBLIC)
def test_everybody_reads_what_is_public(browse, path):
    answer = browse().get(path)
    assert answer.status_int == 200
    assert len(answer.body) < 62_000


@pytest.mark.parametrize("path", STAFF)
def test_staff_open_every_page_of_their_dossier(browse, path):
    assert browse("entreprise").get(path).status_int == 200


@pytest.mark.parametrize("path", [p for p in STAFF if p.startswith("/companies/brouillon")])
def test_a_draft_is_closed_to_the_public_and_to_members(browse, path):
    browse().get(path, status=403)
    browse("membre").get(path, status=403)


@pytest.mark.parametrize(
    "path",
    [
        "/companies/invite",
        "/tasks",
        "/companies/candidate/interests",
        "/bodies/add",
        "/bodies/bureau/edit",
        "/bodies/bureau/auditors",
    ],
)
def test_coordinators_open_their_pages(browse, path):
    assert browse("equipe").get(path).status_int == 200


@pytest.mark.parametrize("path", ["/see-as", "/companies/candidate/stand-in", "/manage/"])
def test_administrators_open_their_pages(browse, path):
    assert browse("admin").get(path).status_int in (200, 302, 303)
