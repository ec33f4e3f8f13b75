"""Log-ins, addresses and passwords are the same from every keyboard."""

import pytest
import transaction

from coopcms.content import account as accounts_module
from coopcms.domain import accounts
from coopcms.domain.errors import Invalid

PHRASE = "une phrase bien longue à taper"


@pytest.mark.parametrize("typed", ["Lea.Roux", " lea.roux ", "LEA.ROUX", "lea\u200b.roux", "ｌｅａ.roux"])
def test_a_log_in_is_found_however_it_is_typed(world, typed):
    made = accounts.create(world.site, "lea.roux", "Léa", "lea@pêche.example", PHRASE)
    assert accounts.by_login(world.site, typed) is made
    with pytest.raises(Invalid) as refused:
        accounts.create(world.site, typed, "Une autre")
    assert list(refused.value.messages) == ["login"]


@pytest.mark.parametrize(
    "typed", ["lea@pêche.example", "LEA@PÊCHE.example", "lea@pe\u0302che.example", "lea@pêche.example\u200b"]
)
def test_an_address_is_one_however_it_is_typed(world, typed):
    made = accounts.create(world.site, "lea", "Léa", "Lea@pêche.example", PHRASE)
    transaction.commit()
    assert accounts.by_login(world.site, typed) is made
    with pytest.raises(Invalid) as refused:
        accounts.create(world.site, "lea2", "Une autre", typed)
    assert list(refused.value.messages) == ["email"]


@pytest.mark.parametrize("login", ["a/b", "", "\u200b", "é", "@@x y", "x" * 81, "a\nb"])
def test_what_does_not_go_into_an_address_is_no_log_in(world, login):
    with pytest.raises(Invalid):
        accounts.create(world.site, login, "Léa")


@pytest.mark.parametrize("email", ["lea", "lea@", "a b@c.fr"])
def test_half_an_address_makes_no_account(world, email):
    with pytest.raises(Invalid) as refused:
        accounts.create(world.site, "lea", "Léa", email)
    assert list(refused.value.messages) == ["email"]


def test_an_address_with_a_slash_gets_a_log_in_that_goes_into_a_page(world):
    login = accounts.login_for(world.site, "a/b@exemple.fr")
    made = accounts.create(world.site, login, "Léa", "a/b@exemple.fr", PHRASE)
    transaction.commit()
    assert "/" not in made.__name__
    assert accounts.by_login(world.site, "a/b@exemple.fr") is made
    assert accounts.login_for(world.site, "a/b@exemple.fr") != login


def test_a_password_is_the_same_composed_or_not_and_keeps_its_spaces(world):
    made = accounts.create(world.site, "lea", "Léa", "", " mot de passe\u0301 ")
    assert made.check_password(" mot de pass\u00e9 ")
    assert not made.check_password("mot de passé")


@pytest.mark.parametrize("password", ["e\u0301" * 6, "x" * 1025, "mot de passe \udce9\udce9"])
def test_what_the_page_would_refuse_every_door_refuses(world, password):
    made = accounts.create(world.site, "lea", "Léa")
    with pytest.raises(Invalid) as refused:
        accounts.set_password(made, password)
    assert list(refused.value.messages) == ["password"]


def test_a_name_is_as_long_as_the_form_lets_it_be(world):
    with pytest.raises(Invalid) as refused:
        accounts.create(world.site, "lea", "é" * 81)
    assert list(refused.value.messages) == ["name"]


def test_a_hash_from_before_passwords_were_composed_still_opens(world):
    made = accounts.create(world.site, "lea", "Léa")
    made.password = accounts_module._HASHER.hash("mot de passe\u0301")
    assert made.check_password("mot de passe\u0301")
