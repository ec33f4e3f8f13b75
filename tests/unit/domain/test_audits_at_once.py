"""Two of a team work at once, each over a connection of their own: nothing is lost, and nobody signs what they did not read."""

import io

import pytest
import transaction
from pyramid.traversal import find_root
from ZODB.POSException import ConflictError

from coopcms.domain import audits
from coopcms.workflows import engine

from ... import world as worlds
from ...conftest import NOW
from ...desks import Desk


def the_audit(world):
    return next(world.companies["candidate"].audits())


@pytest.fixture
def meet(world, registry):
    """A function that lets two people work at once on an audit of ``candidate`` in a state."""
    desks = []

    def open_for(state, one, other, *, level=2, signed=()):
        audit = worlds.audit(world, world.companies["candidate"], level, state, NOW)
        for login in signed:
            audits.sign(audit, world.actors[login], NOW)
        transaction.commit()
        desks.extend(Desk(registry, login, the_audit) for login in (one, other))
        for desk in desks:
            desk.read()
        return desks

    yield open_for
    for desk in desks:
        desk.close()


@pytest.fixture
def stored(registry):
    """A function that gives the audit as it is stored now."""
    opened = []

    def look():
        connection = registry._zodb_databases[""].open(transaction.TransactionManager())
        opened.append(connection)
        return next(connection.root()["app_root"]["companies"]["candidate"].audits())

    yield look
    for connection in opened:
        connection.close()


def first(audit):
    return next(audit.findings())


def file_at(place, result="conforming", text=""):
    def work(audit, actor):
        audits.file(list(audit.findings())[place], result, text, actor, NOW)

    return work


def sign(audit, actor):
    return audits.sign(audit, actor, NOW)


def change_a_finding(audit, actor):
    audits.file(first(audit), "minor", "Trop petit.", actor, NOW)


def change_the_verdict(audit, actor):
    audits.write_verdict(audit, "Presque tout est tenu.", actor, NOW)


def add_a_photo(audit, actor):
    audits.add_evidence(first(audit), io.BytesIO(b"%PDF-1"), "a.pdf", "", "public", actor, NOW, most_bytes=99)


CHANGES = pytest.mark.parametrize("change", [change_a_finding, change_the_verdict, add_a_photo])


def test_two_visitors_file_at_different_criteria_at_once(meet, stored):
    one, other = meet("in_progress", "visiteuse", "visiteur")
    for place in range(0, 16, 2):
        one.do(file_at(place))
        other.do(file_at(place + 1, "minor", "Trop petit."))
    one.save()
    other.save()
    assert [finding.result for finding in stored().findings()] == ["conforming", "minor"] * 8 + [""]


def test_two_visitors_at_one_criterion_are_not_both_right(meet, stored):
    one, other = meet("in_progress", "visiteuse", "visiteur")
    one.do(file_at(0, "minor", "Trop petit."))
    other.do(file_at(0, "major", "Bien trop petit."))
    one.save()
    with pytest.raises(ConflictError):
        other.save()
    assert first(stored()).result == "minor"


def test_a_photo_and_another_finding_are_both_saved(meet, stored):
    one, other = meet("in_progress", "visiteuse", "visiteur")
    one.do(add_a_photo)
    other.do(file_at(1))
    one.save()
    other.save()
    assert len(first(stored()).evidence) == 1


@pytest.mark.parametrize("signed", [("certificatrice",), ()])
def test_of_two_who_sign_at_once_one_tries_again_and_the_report_is_given_once(meet, stored, signed):
    one, other = meet("answered", "visiteuse", "visiteur", signed=signed)
    assert one.do(sign) is other.do(sign) is False, "each of them thinks somebody is still missing"
    one.save()
    with pytest.raises(ConflictError):
        other.save()
    assert other.do(sign) is bool(signed), "tried again, the last one sees that it is the last"
    other.save()
    audit = stored()
    assert len(audit.signatures) == 2 + len(signed)
    assert [entry["transition"] for entry in audit.history.values()].count("report") == len(signed)
    assert audit.state == ("reported" if signed else "in_progress")


def test_the_last_signature_and_a_record_that_it_is_missing_give_one_report(meet, stored, world):
    one, other = meet("answered", "visiteur", "equipe", signed=("visiteuse", "certificatrice"))
    absent, later = world.actors["visiteur"].userid, NOW.replace(month=4)
    assert one.do(sign)
    assert other.do(lambda audit, actor: audits.record_unsigned(audit, absent, "Parti.", actor, later))
    one.save()
    with pytest.raises(ConflictError):
        other.save()
    assert [entry["transition"] for entry in stored().history.values()].count("report") == 1
    assert not stored().signatures[absent]["missing"]


@CHANGES
def test_who_signs_while_somebody_changes_does_not_sign_what_changed(meet, stored, change):
    one, other = meet("answered", "visiteuse", "visiteur")
    one.do(change)
    other.do(sign)
    one.save()
    with pytest.raises(ConflictError):
        other.save()
    assert not stored().signatures


@CHANGES
def test_who_changes_while_somebody_signs_clears_that_signature(meet, stored, change):
    one, other = meet("answered", "visiteuse", "visiteur")
    one.do(sign)
    other.do(change)
    one.save()
    with pytest.raises(ConflictError):
        other.save()
    other.do(change)
    other.save()
    assert not stored().signatures


@CHANGES
def test_who_changes_while_the_report_is_given_does_not_change_it(meet, stored, change):
    one, other = meet("answered", "visiteuse", "visiteur", signed=("visiteur", "certificatrice"))
    assert one.do(sign)
    other.do(change)
    one.save()
    with pytest.raises(ConflictError):
        other.save()
    assert (stored().state, first(stored()).result) == ("reported", "conforming")


@CHANGES
def test_the_last_signature_given_while_somebody_changes_gives_no_report(meet, stored, change):
    one, other = meet("answered", "visiteuse", "visiteur", signed=("visiteuse", "certificatrice"))
    one.do(change)
    assert other.do(sign)
    one.save()
    with pytest.raises(ConflictError):
        other.save()
    assert stored().state == "in_progress"
    assert not stored().signatures


def test_a_report_of_level_1_is_not_given_on_findings_that_change_meanwhile(meet, stored):
    one, other = meet("answered", "auditeur", "auditeur", level=1)
    one.do(change_a_finding)
    other.do(lambda audit, actor: engine.fire(audit, "report", actor, NOW))
    one.save()
    with pytest.raises(ConflictError):
        other.save()
    assert stored().state == "in_progress"


def test_two_certificates_made_at_once_have_two_numbers(world, meet):
    for name in ("une", "deux"):
        company = worlds.in_state(world, name, "voted", NOW)
        for level in (1, 2):
            worlds.audit(world, company, level, "validated", NOW)
    one, other = meet("planned", "certificateur", "certificateur")

    def certify(name):
        return lambda audit, actor: engine.fire(find_root(audit)["companies"][name], "certify", actor, NOW)

    def numbers_of(name):
        return lambda audit, _actor: [c.number for c in find_root(audit)["companies"][name].certificates()]

    one.do(certify("une"))
    other.do(certify("deux"))
    one.save()
    with pytest.raises(ConflictError):
        other.save()
    other.do(certify("deux"))
    other.save()
    made = [other.do(numbers_of(name)) for name in ("une", "deux")]
    assert made == [["2026-0001"], ["2026-0002"]]
