"""Accounts, invitations, tokens."""

from datetime import timedelta

import pytest

from coopcms.content.account import Account
from coopcms.domain import accounts
from coopcms.domain.errors import Forbidden, Invalid
from coopcms.security.roles import R

from ...conftest import NOW
from ...world import PASSWORD


def test_passwords_are_hashed_with_argon2id():
    hashed = Account.hash_new_password("une longue phrase")
    assert hashed.startswith("$argon2id$")
    assert "une longue phrase" not in hashed


def test_an_account_without_a_password_lets_nobody_in(world):
    account = accounts.create(world.site, "sans", "Sans mot de passe")
    for password in ("", "None", "demo", "nobody has this password"):
        assert not account.check_password(password)
        assert accounts.authenticate(world.site, "sans", password) is None


def test_people_log_in_by_login_or_address_in_any_case(world):
    for login in ("membre", "Membre", "membre@test.example", "MEMBRE@test.example"):
        assert accounts.authenticate(world.site, login, PASSWORD) is world.accounts["membre"]
    assert accounts.authenticate(world.site, "membre", PASSWORD + "x") is None
    assert accounts.authenticate(world.site, "personne", PASSWORD) is None


def test_a_login_and_an_address_belong_to_one_account(world):
    with pytest.raises(Invalid, match="login"):
        accounts.create(world.site, "membre", "Autre")
    with pytest.raises(Invalid, match="email"):
        accounts.create(world.site, "autre", "Autre", "MEMBRE@test.example")


def test_roles_come_from_groups_and_can_be_given_and_taken(world):
    account = world.accounts["membre"]
    assert accounts.actor_of(account).roles == {R.EVERYONE, R.AUTHENTICATED, R.MEMBER}
    accounts.give_role(world.site, account, "certifier")
    assert R.CERTIFIER in accounts.actor_of(account).roles
    accounts.take_role(world.site, account, "certifier")
    assert R.CERTIFIER not in accounts.actor_of(account).roles
    with pytest.raises(Invalid):
        accounts.give_role(world.site, account, "system:clock")


@pytest.mark.parametrize("password, again", [("court", "court"), ("douze caractères", "autre chose ici")])
def test_a_short_password_or_one_typed_differently_is_refused(world, password, again):
    account = world.accounts["membre"]
    before = account.password
    with pytest.raises(Invalid):
        accounts.set_password(account, password, again)
    assert account.password == before


def test_a_token_stands_for_its_account_until_it_ends_or_the_password_changes(world):
    site, account = world.site, world.accounts["membre"]
    token = accounts.issue_token(site, account, NOW)
    assert accounts.account_of_token(site, token, NOW) is account
    assert accounts.account_of_token(site, token, NOW + timedelta(days=31)) is None
    assert accounts.account_of_token(site, token + "x", NOW) is None
    assert token not in str(list(site.tokens.items()))
    account.set_password("une autre longue phrase")
    assert accounts.account_of_token(site, token, NOW) is None
    other = accounts.issue_token(site, account, NOW)
    accounts.end_token(site, other)
    accounts.end_token(site, other)
    assert accounts.account_of_token(site, other, NOW) is None


def test_taking_up_an_invitation_makes_the_draft_once(world):
    site, coordinator = world.site, world.actors["equipe"]
    number = accounts.invite(site, "Nouvelle@exemple.example", coordinator, NOW, title="Nouvelle ferme")
    assert "nouvelle-ferme" not in site["companies"]
    company = accounts.accept_invitation(site, number, world.accounts["voisine"], NOW)
    assert company.state == "draft"
    assert list(company.staff) == [world.accounts["voisine"].__oid__]
    assert company.creator == coordinator.userid
    with pytest.raises(Forbidden):
        accounts.accept_invitation(site, number, world.accounts["voisine"], NOW)


def test_staff_invite_others_to_their_company_alone(world):
    site, staff = world.site, world.actors["entreprise"]
    company = world.companies["brouillon"]
    number = accounts.invite(site, "voisine@test.example", staff, NOW, company=company)
    assert accounts.accept_invitation(site, number, world.accounts["voisine"], NOW) is company
    assert world.accounts["voisine"].__oid__ in company.staff
    with pytest.raises(Forbidden):
        accounts.invite(site, "x@test.example", staff, NOW, title="Une autre")
    with pytest.raises(Forbidden):
        accounts.invite(site, "x@test.example", world.actors["membre"], NOW, company=company)


def test_an_invitation_ends_after_a_fortnight_and_can_be_taken_back(world):
    site, coordinator = world.site, world.actors["equipe"]
    old = accounts.invite(site, "a@test.example", coordinator, NOW, title="A")
    assert accounts.invitation(site, old, NOW + timedelta(days=15)) is None
    number = accounts.invite(site, "b@test.example", coordinator, NOW, title="B")
    with pytest.raises(Forbidden):
        accounts.revoke_invitation(site, number, world.actors["entreprise"])
    accounts.revoke_invitation(site, number, coordinator)
    assert accounts.invitation(site, number, NOW) is None
    assert accounts.forget_ended(site, NOW + timedelta(days=15)) == 1
    assert accounts.forget_ended(site, NOW + timedelta(days=15)) == 0
