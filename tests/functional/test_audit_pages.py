"""Who finds what of an audit, in which state, on every page that shows some of it."""

import pytest
import transaction

from coopcms.workflows import engine

from .. import crawl
from .. import world as worlds
from .auditing import (
    COMPANY,
    OF_THE_PLAN,
    OF_THE_REPORT,
    PIECES,
    READERS,
    STATES,
    VISIBILITIES,
    applied,
    days_ago,
    in_every_state,
    main,
    neighbours,
    word,
)

#: What a reader finds: "." nothing, "p" that there is an audit, "r" the report with the pieces for everybody, "m" with those for
#: members, "v" with those for verifiers as well.
TABLES = {
    2: """
reader         planned  in_progress  reported  contested  validated  cancelled
visitor        .        .            .         .          r          .
member         .        .            .         .          m          .
certifier      v        v            v         v          v          v
team           v        v            v         v          v          v
auditor        .        .            .         .          r          .
other_auditor  .        .            .         .          r          .
staff          p        p            v         v          v          p
neighbour      .        .            .         .          r          .
coordinator    v        v            v         v          v          v
admin          .        .            .         .          r          .
""",
    1: """
reader         planned  in_progress  reported  contested  validated  cancelled
visitor        .        .            .         .          r          .
member         .        .            .         .          m          .
certifier      v        v            v         v          v          v
team           .        .            .         .          m          .
auditor        v        v            v         v          v          v
other_auditor  .        .            .         .          r          .
staff          p        p            v         v          v          p
neighbour      .        .            .         .          r          .
coordinator    v        v            v         v          v          v
admin          .        .            .         .          r          .
""",
}


def read(table):
    (_corner, *states), *rows = (line.split() for line in table.strip().splitlines())
    return {(row[0], state): cell for row in rows for state, cell in zip(states, row[1:], strict=True)}


EXPECTED = {level: read(table) for level, table in TABLES.items()}
READABLE = {"p": (), "r": ("public",), "m": ("members", "public"), "v": VISIBILITIES}
EVERY_WORD = {word(what, state): (what, state) for what in (*OF_THE_PLAN, *OF_THE_REPORT, *PIECES) for state in STATES}


def said(level, state):
    """What there is to be told of an audit in a state at all."""
    if state == "planned":
        return set(OF_THE_PLAN)
    early = {"finding", "verdict", *(f"evidence-{visibility}" for visibility in VISIBILITIES)}
    signed = {"reservation"} if level == 2 else set()
    if state in ("in_progress", "cancelled"):
        return {*OF_THE_PLAN, *early} | signed
    return ({*OF_THE_PLAN, *OF_THE_REPORT, *PIECES} - {"reservation"}) | signed


def told(level, reader):
    """The words a reader is to find on the site, and no others."""
    found = set()
    for state in STATES:
        cell = EXPECTED[level][reader, state]
        if cell == ".":
            continue
        seen = set(OF_THE_PLAN)
        if cell != "p":
            seen |= {*OF_THE_REPORT} | {f"{kind}-{v}" for kind in ("evidence", "document") for v in READABLE[cell]}
        found |= {word(what, state) for what in seen & said(level, state)}
    return found


@pytest.fixture
def audited(world):
    """A function that makes a company with an audit in each state."""

    def make(level):
        when = days_ago(3)
        neighbours(world, when)
        company, version = applied(world, "celle", when)
        made = in_every_state(world, company, version, level, when)
        transaction.commit()
        return made

    return make


@pytest.mark.parametrize("level", [1, 2])
def test_whoever_follows_every_link_finds_what_is_meant_for_them_and_nothing_else(browse, audited, level):
    audited(level)
    skipped = (*crawl.SKIPPED, "/framework", "/companies/candidate", "/companies/complete", "/companies/brouillon")
    for reader, login in READERS.items():
        found, wanting = set(), []
        for path, response in crawl.walk(browse(login), ("/", "/tasks", "/companies", COMPANY), skipped):
            found |= {word for word in EVERY_WORD if word in response.text}
            if response.status_int >= 400 and path != "/tasks":
                wanting.append((response.status_int, path))
        assert found - told(level, reader) == set(), f"{reader} finds what is not for them"
        assert told(level, reader) - found == set(), f"{reader} does not find this"
        assert wanting == [], f"links that {reader} cannot follow"


def addresses(made, level):
    """Every address of an audit, its finding, its action and their pieces, by what reading it takes: "p", or the visibility."""
    base = f"{COMPANY}/audits/{made.__name__}"
    yield base, "p"
    yield f"{base}/workflow", "p"
    yield f"{base}/access", "p"
    yield f"{base}/diagram.svg", "p"
    for finding in made.findings():
        yield f"{base}/{finding.__name__}", "public"
        for evidence in finding.evidence.values():
            for view in ("", "/download", "/picture"):
                yield f"{base}/{finding.__name__}/{evidence.__name__}{view}", evidence.visibility
        if finding.nonconformity is None:
            continue
        yield f"{base}/{finding.__name__}/action", "public"
        yield f"{base}/{finding.__name__}/action/workflow", "public"
        for document in finding.nonconformity.documents.values():
            for view in ("", "/download", "/picture"):
                yield f"{base}/{finding.__name__}/action/{document.__name__}{view}", document.visibility


@pytest.mark.parametrize("level", [1, 2])
def test_an_address_that_one_knows_opens_for_the_same_readers(browse, audited, level):
    made = audited(level)
    for reader, login in READERS.items():
        browser = browse(login)
        for state in STATES:
            cell = EXPECTED[level][reader, state]
            for address, needed in addresses(made[state], level):
                permitted = cell != "." if needed == "p" else cell != "." and needed in READABLE[cell]
                answer = browser.get(address, status="*")
                who = f"{reader}, {state}: {address}"
                assert answer.status_int in ((200, 303) if permitted else (403,)), who
                assert permitted or not any(word in answer.text for word in EVERY_WORD), who


@pytest.mark.parametrize("level", [1, 2])
def test_parts_and_marks_of_a_picture_are_refused_like_the_picture(browse, audited, level):
    made = audited(level)["reported"]
    [finding] = made.findings()
    piece = next(e for e in finding.evidence.values() if e.visibility == "public")
    address = f"{COMPANY}/audits/{made.__name__}/{finding.__name__}/{piece.__name__}/download"
    mark = browse("equipe").get(address).headers["ETag"]
    for login in (None, "membre"):
        browser = browse(login)
        browser.get(address, headers={"Range": "bytes=0-3"}, status=403)
        browser.get(address, headers={"If-None-Match": mark}, status=403)


def test_what_was_verified_speaks_once_the_report_is_validated(browse, audited):
    """The dossier, the matrix and the page of the criterion count validated reports alone, also for whoever reads the others."""
    made = audited(2)
    [finding] = made["validated"].findings()
    link = f"{COMPANY}/audits/{made['validated'].__name__}/{finding.__name__}"
    for login in (None, "certificateur", "entreprise", "equipe"):
        browser = browse(login)
        matrix = browser.get(f"{COMPANY}/matrix")
        assert [a["href"] for a in matrix.html.select(".verification td a")] == [link]
        page = browser.get(f"{COMPANY}/specifications/oeufs/1/{finding.key}")
        seen = [w for w in EVERY_WORD if w in page.text]
        assert seen == [word(what, "validated") for what in ("title", "finding")]


@pytest.mark.parametrize("state", ["declined", "withdrawn"])
@pytest.mark.parametrize("reader", READERS)
def test_a_closed_dossier_closes_its_audits_as_well(browse, world, audited, reader, state):
    made = audited(2)["validated"]
    [finding] = made.findings()
    company = world.companies["celle"]
    if state == "declined":
        engine.fire(company, "decline", world.actors["equipe"], days_ago(1), comment="Les comptes manquent.")
    else:
        engine.fire(company, "withdraw", world.actors["entreprise"], days_ago(1), comment="Nous renonçons.")
    transaction.commit()
    browser, permitted = browse(READERS[reader]), reader in ("staff", "coordinator")
    pages = ["audits", "matrix", "nonconformities", f"audits/{made.__name__}"]
    pages += [f"audits/{made.__name__}/{finding.__name__}", f"audits/{made.__name__}/{finding.__name__}/action"]
    pages += [f"audits/{made.__name__}/{finding.__name__}/{key}/download" for key in finding.evidence]
    for page in pages:
        answer = browser.get(f"{COMPANY}/{page}", status=200 if permitted else 403)
        assert permitted or "kumquat" not in answer.text
    assert permitted or "kumquat" not in browser.get(COMPANY).text
    assert "kumquat" not in browser.get("/companies").text


@pytest.mark.parametrize("level", [1, 2])
def test_names_stand_in_a_report_for_members_and_not_for_the_public(browse, audited, level):
    address = f"{COMPANY}/audits/{audited(level)['validated'].__name__}"
    names = [worlds.PEOPLE[login][0] for login in (*worlds.TEAMS[level], "entreprise", "certificateur")]
    for reader in ("visitor", "neighbour", "other_auditor"):
        page = main(browse(READERS[reader]).get(address))
        if reader == "visitor":
            assert not [name for name in names if name in page], reader
    for reader in ("member", "certifier", "staff", "coordinator"):
        page = main(browse(READERS[reader]).get(address))
        assert [name for name in names if name not in page] == [], reader
    duty = "auditeur de l’organisme" if level == 1 else "consommateur certificateur"
    assert duty in main(browse().get(address))


def test_a_missing_signature_and_a_reservation_are_told_with_their_reasons(browse, world):
    from coopcms.domain import audits

    company, version = applied(world, "celle", days_ago(40))
    made = worlds.audit(world, company, 2, "answered", days_ago(39), versions=[version])
    audits.sign(made, world.actors["visiteuse"], days_ago(30), reservation="Je n’ai pas vu la cave.")
    audits.sign(made, world.actors["certificatrice"], days_ago(30))
    left = world.accounts["visiteur"].__oid__
    audits.record_unsigned(made, left, "Parti à l’étranger.", world.actors["equipe"], days_ago(10))
    transaction.commit()
    page = main(browse("entreprise").get(f"{COMPANY}/audits/{made.__name__}"))
    assert "avec réserve : Je n’ai pas vu la cave." in page
    assert "non signé : Parti à l’étranger." in page


def test_an_empty_list_says_what_comes_and_offers_nothing_to_the_public(browse, world):
    applied(world, "celle", days_ago(3))
    transaction.commit()
    page = browse().get(f"{COMPANY}/audits")
    assert "Aucun rapport public" in main(page)
    assert "Prévoir un audit" not in main(page)
    assert "Prévoir un audit" in main(browse("equipe").get(f"{COMPANY}/audits"))


def test_whoever_does_not_know_what_is_not_public_learns_nothing_from_an_address_that_does_not_exist(browse, audited):
    audited(2)
    browse().get(f"{COMPANY}/audits/rien", status=404)
    browse().get(f"{COMPANY}/audits/2-validated/rien", status=404)
    browse().get(f"{COMPANY}/audits/2-validated/rien/action", status=404)
    for below in ("a1", "rien", "a1/action"):
        assert "Connectez-vous" in main(browse().get(f"{COMPANY}/audits/2-planned/{below}", status=403)), below
