"""A text that nobody verified at both levels is neither admitted nor certified."""

from datetime import timedelta

import pytest

from coopcms.domain import clock, enforcement, members, registers, specifications, voting
from coopcms.workflows import engine

from ... import world as worlds
from ...conftest import NOW


@pytest.fixture
def voters(world):
    members.admit(world.site, world.accounts["membre"], world.actors["equipe"], NOW)
    registers.number_waiting(world.site, NOW)


def add_version(world, company, now):
    """A second specification of a company, frozen."""
    staff = world.actors["entreprise"]
    version = specifications.create(company, "Poules réformées", "Que deviennent-elles ?", staff, now)
    specifications.add_criterion(version, worlds.CRITERION, staff, now)
    engine.fire(version, "freeze", staff, now)
    return version


def adopt(world, company, version, now):
    """By a vote of its own."""
    proposal = worlds.vote(world, "specification", company, now)
    voting.cast(proposal, "for", world.actors["membre"], now)
    voting.close_due(world.site, proposal.ends_at)
    assert version.state == "adopted"


def refused(obj, id, actor, now):
    with pytest.raises(engine.GuardRefused) as refusal:
        engine.fire(obj, id, actor, now)
    return [str(missing.sentence) for missing in refusal.value.missing]


def audited(world):
    company = worlds.company(world, "celle", NOW)
    engine.fire(company, "apply", world.actors["entreprise"], NOW)
    for level in (1, 2):
        worlds.audit(world, company, level, "validated", NOW)
    engine.fire(company, "accept_audits", world.actors["certificateur"], NOW)
    return company


def test_no_admission_is_voted_on_a_text_frozen_since_the_audits_were_accepted(world, voters):
    company = audited(world)
    add_version(world, company, NOW)
    proposal = worlds.vote(world, "admission", company, NOW, state="discussion")
    assert refused(proposal, "open", world.actors["equipe"], NOW) == [
        "« ${version} » : ni audit d’un organisme accrédité ni visite de sociétaires n’est validé."
    ]
    worlds.audit(world, company, 1, "validated", NOW)
    assert len(refused(proposal, "open", world.actors["equipe"], NOW)) == 1
    worlds.audit(world, company, 2, "validated", NOW)
    engine.fire(proposal, "open", world.actors["equipe"], NOW)


def test_a_certificate_leaves_out_an_adopted_text_that_nobody_verified(world, voters):
    company = audited(world)
    worlds.admit(world, company, NOW)
    unseen = add_version(world, company, NOW)
    adopt(world, company, unseen, NOW)
    engine.fire(company, "certify", world.actors["certificateur"], NOW + timedelta(days=20))
    assert [title for _path, title, _number in company.current_certificate().scope][-1] == "Œufs"
    assert unseen.title not in [title for _path, title, _number in company.current_certificate().scope]
    assert unseen.state == "adopted", "it waits"


def test_a_new_version_comes_into_force_on_its_day_and_into_a_certificate_once_it_was_verified(world, voters):
    """The certificate in hand goes on speaking of the former version; the next one asks for audits of the new one."""
    company = audited(world)
    worlds.admit(world, company, NOW)
    certifier, later = world.actors["certificateur"], NOW + timedelta(days=30)
    engine.fire(company, "certify", certifier, NOW)
    [former] = company.versions()
    version = specifications.revise(former.__parent__, world.actors["entreprise"], NOW)
    engine.fire(version, "freeze", world.actors["entreprise"], NOW)
    adopt(world, company, version, NOW)
    enforcement.set_date(version, later.date(), world.actors["equipe"], NOW)
    assert clock.tick(world.site, later)["versions in force"] == 1
    assert (former.state, version.state) == ("superseded", "in_force")
    assert company.current_certificate().scope[-1][2] == 1
    for level in (1, 2):
        assert "Aucun cahier des charges adopté n’est vérifié aux deux niveaux." in refused(
            company, "renew", certifier, later
        )
        worlds.audit(world, company, level, "validated", later)
    engine.fire(company, "renew", certifier, later)
    assert company.current_certificate().scope[-1][2] == 2


def test_nobody_certifies_a_company_none_of_whose_texts_was_adopted(world):
    company = audited(world)
    worlds.admit(world, company, NOW)
    [version] = company.versions()
    engine.fire(version, "withdraw", world.actors["entreprise"], NOW, comment="Une erreur.")
    assert "Aucun cahier des charges adopté n’est vérifié aux deux niveaux." in refused(
        company, "certify", world.actors["certificateur"], NOW
    )
    assert company.state == "voted"


def test_the_framework_comes_into_force_without_a_company(world):
    staff = world.actors["equipe"]
    framework = world.site["framework"]
    version = specifications.revise(framework, staff, NOW)
    engine.fire(version, "freeze", staff, NOW)
    engine.fire(version, "adopt", world.actors["closing"], NOW)
    engine.fire(version, "put_in_force", staff, NOW)
    assert framework.current() is version
