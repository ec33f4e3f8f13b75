"""Verbs on companies."""

import pytest

from coopcms.domain import companies
from coopcms.domain.errors import Forbidden, Invalid, Stale
from coopcms.domain.timeline import milestones, verdict
from coopcms.workflows import engine

from ... import world as worlds
from ...conftest import NOW


def test_only_coordinators_make_companies(world):
    for login in ("membre", "certificatrice", "entreprise", "admin", "visitor"):
        with pytest.raises(Forbidden):
            companies.create(world.site, "Nouvelle", world.actors[login], NOW)
    made = companies.create(world.site, "Nouvelle ferme", world.actors["equipe"], NOW)
    assert made.__name__ == "nouvelle-ferme"
    assert made.state == "draft"
    assert [entry["transition"] for entry in made.history.values()] == ["create"]


def test_two_companies_of_one_name_get_two_addresses_and_reserved_words_none(world):
    names = [
        companies.create(world.site, title, world.actors["equipe"], NOW).__name__
        for title in ("Lait", "Lait", "Invite")
    ]
    assert names == ["lait", "lait-2", "invite-2"]


def test_a_section_is_saved_with_its_revision_and_author(world):
    company, staff = world.companies["brouillon"], world.actors["entreprise"]
    assert companies.save_section(company, "truth", {"statement": "Nous disons vrai."}, staff, NOW, against=1) == 1
    record = company.sections["truth"]
    assert (record.values, record.modified, record.modified_by, record.against) == (
        {"statement": "Nous disons vrai."},
        NOW,
        staff.userid,
        1,
    )


def test_saving_nothing_new_changes_nothing(world):
    company, staff = world.companies["complete"], world.actors["entreprise"]
    before = company.sections["truth"].revision
    companies.save_section(company, "truth", dict(company.sections["truth"].values), staff, NOW, revision=0)
    assert company.sections["truth"].revision == before


def test_who_saves_over_somebody_is_told_and_loses_nothing(world):
    company = world.companies["brouillon"]
    companies.save_section(company, "truth", {"statement": "Le premier."}, world.actors["entreprise"], NOW, revision=0)
    with pytest.raises(Stale) as stale:
        companies.save_section(company, "truth", {"statement": "Le second."}, world.actors["collegue"], NOW, revision=0)
    assert stale.value.current.values == {"statement": "Le premier."}
    companies.save_section(company, "truth", {"statement": "Le second."}, world.actors["collegue"], NOW, revision=1)
    assert company.statement("truth") == "Le second."


def test_sections_are_records_of_their_own(world):
    company, staff = world.companies["brouillon"], world.actors["entreprise"]
    import transaction

    transaction.commit()
    companies.save_section(company, "truth", {"statement": "Un."}, staff, NOW)
    changed = {id(obj) for obj in company._p_jar._registered_objects}
    assert id(company.sections["truth"]) in changed
    assert id(company) not in changed
    assert id(company.sections["fairness"]) not in changed


def test_promises_do_not_move_once_the_company_applied(world):
    with pytest.raises(Forbidden):
        companies.save_section(
            world.companies["candidate"], "truth", {"statement": "Autre."}, world.actors["entreprise"], NOW
        )


def test_the_last_contact_of_a_company_that_applied_stays(world):
    company, staff = world.companies["candidate"], world.actors["entreprise"]
    key = next(iter(company.contacts))
    with pytest.raises(Invalid):
        companies.remove_contact(company, key, staff)
    companies.add_contact(company, {**worlds.CONTACT, "name": "Autre"}, staff)
    companies.remove_contact(company, key, staff)
    assert [contact["name"] for contact in company.contacts.values()] == ["Autre"]


def test_the_last_member_of_the_staff_stays(world):
    company, staff = world.companies["brouillon"], world.actors["entreprise"]
    companies.remove_staff(company, world.actors["collegue"].userid, staff)
    with pytest.raises(Invalid):
        companies.remove_staff(company, staff.userid, staff)
    assert list(company.staff) == [staff.userid]


def test_a_stand_in_is_named_only_where_every_coordinator_is_in_conflict(world):
    company, admin = world.companies["candidate"], world.actors["admin"]
    with pytest.raises(Invalid, match="account"):
        companies.name_stand_in(world.site, company, world.accounts["membre"], admin)
    for login in ("equipe", "equipe2"):
        companies.declare_interest(company, "Ma sœur y travaille.", world.actors[login], NOW)
    with pytest.raises(Forbidden):
        companies.name_stand_in(world.site, company, world.accounts["membre"], world.actors["equipe"])
    with pytest.raises(Invalid):
        companies.name_stand_in(world.site, company, world.accounts["entreprise"], admin)
    companies.name_stand_in(world.site, company, world.accounts["membre"], admin)
    engine.fire(company, "declare_admissible", world.actors["membre"], NOW)
    assert company.admissible_since() == NOW
    # For this dossier alone.
    other = worlds.in_state(world, "autre", "applied", NOW)
    with pytest.raises(engine.NotPermitted):
        engine.fire(other, "declare_admissible", world.actors["membre"], NOW)


def test_an_interest_that_ended_is_struck_by_an_administrator_never_by_oneself(world):
    company, member = world.companies["candidate"], world.actors["membre"]
    companies.declare_interest(company, "Cliente.", member, NOW)
    for login in ("membre", "equipe", "certificatrice", "entreprise"):
        with pytest.raises(Forbidden):
            companies.end_interest(world.site, company, member.userid, world.actors[login], NOW)
    companies.end_interest(world.site, company, member.userid, world.actors["admin"], NOW)
    assert member.userid not in company.interests
    assert [line["what"] for line in world.site.journal.values()] == ["interest-ended"]


def test_progress_grows_from_nothing_to_all_and_lists_what_an_application_needs(world):
    empty, full = (companies.progress(world.companies[name], NOW) for name in ("brouillon", "complete"))
    assert empty.share < 10
    assert len(empty.missing) == 8
    assert empty.sections["identity"] == "begun"
    assert full.missing == ()
    assert 40 < full.share < 100  # the eight parts are still empty
    company, staff = world.companies["complete"], world.actors["entreprise"]
    for part in ("products", "verification", "impact", "decisions", "sales", "value", "communication", "structure"):
        companies.save_section(company, part, {"promise": "a", "proof": "b", "public": "c"}, staff, NOW)
    assert companies.progress(company, NOW).share == 100


@pytest.mark.parametrize(
    "state, stages",
    [
        ("applied", ["current", "next", "next", "next", "next"]),
        ("voted", ["done", "done", "current", "next", "next"]),
        ("partnered", ["done", "done", "done", "done", "current"]),
        ("suspended", ["done", "done", "done", "done", "next"]),
        ("declined", ["done", "next", "next", "next", "next"]),
    ],
)
def test_the_timeline_says_what_is_done_and_what_comes(world, state, stages):
    found = milestones(worlds.in_state(world, f"une-{state}", state, NOW))
    assert [step.stage for step in found] == stages
    assert all((step.when is None) == (step.stage == "next") for step in found)


def test_the_timeline_begins_anew_after_a_return(world):
    company = world.companies["candidate"]
    engine.fire(company, "return_to_company", world.actors["equipe"], NOW, comment="Il manque une preuve.")
    assert [step.stage for step in milestones(company)] == ["next"] * 5


def test_the_verdict_does_not_claim_a_verification_that_was_not_made(world):
    lines = [str(sentence) for _heading, sentence in verdict(world.companies["candidate"])]
    assert "Rien n’est encore vérifié sur place" in lines[1]
