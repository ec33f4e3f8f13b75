"""Members and the share register: one number each, append-only, the capital its sum."""

from datetime import timedelta

import pytest

from coopcms.domain import accounts, members, registers
from coopcms.domain.errors import Forbidden, Invalid

from ...conftest import NOW


@pytest.fixture
def admit(world):
    def do(login, shares=1, **kw):
        return members.admit(world.site, world.accounts[login], world.actors["equipe"], NOW, shares=shares, **kw)

    return do


def agree(site):
    return list(registers.problems(site)) == []


def test_a_member_is_in_good_standing_once_the_shares_are_numbered(world, admit):
    member = admit("membre", 12)
    assert not member.in_good_standing
    assert members.in_good_standing(world.site) == 0
    assert registers.number_waiting(world.site, NOW) == 1
    assert (member.shares, members.in_good_standing(world.site)) == (12, 1)
    assert agree(world.site)


def test_numbers_of_lines_follow_the_order_of_the_requests_without_a_gap(world, admit):
    people = [admit(login) for login in ("membre", "visiteur", "visiteuse")]
    registers.number_waiting(world.site, NOW)
    for days, member in enumerate(people):
        registers.subscribe(world.site, member, 2, world.actors["equipe"], NOW + timedelta(days=9 - days))
    registers.number_waiting(world.site, NOW + timedelta(days=10))
    lines = world.site.share_register.lines
    assert list(lines) == [1, 2, 3, 4, 5, 6]
    assert [lines[number]["holder"] for number in (4, 5, 6)] == [3, 2, 1]
    assert registers.capital(world.site) == 9
    assert agree(world.site)


def test_a_request_that_is_sent_twice_becomes_one_line(world, admit):
    member, key = admit("membre"), "ab" * 16
    for _time in range(2):
        registers.subscribe(world.site, member, 5, world.actors["equipe"], NOW, key=key)
    registers.number_waiting(world.site, NOW)
    registers.subscribe(world.site, member, 5, world.actors["equipe"], NOW, key=key)
    assert registers.number_waiting(world.site, NOW) == 0
    assert member.shares == 6


def test_a_tick_more_changes_nothing(world, admit):
    admit("membre")
    assert [registers.number_waiting(world.site, NOW) for _time in range(3)] == [1, 0, 0]


def test_who_leaves_is_paid_back_and_votes_no_more(world, admit):
    member = admit("membre", 30)
    registers.number_waiting(world.site, NOW)
    members.leave(world.site, member, world.actors["equipe"], NOW)
    assert members.in_good_standing(world.site) == 0
    registers.number_waiting(world.site, NOW)
    assert (member.shares, registers.capital(world.site)) == (0, 0)
    assert [line["shares"] for line in world.site.share_register.lines.values()] == [30, -30]
    assert "member" not in {role.value for role in accounts.actor_of(world.accounts["membre"]).roles}
    with pytest.raises(Invalid):
        members.leave(world.site, member, world.actors["equipe"], NOW)
    assert agree(world.site)


@pytest.mark.parametrize(
    ("shares", "category", "field"),
    [(0, "consumers", "shares"), (100_001, "consumers", "shares"), (1, "x", "category")],
)
def test_what_makes_no_member_changes_nothing(world, admit, shares, category, field):
    with pytest.raises(Invalid) as caught:
        admit("membre", shares, category=category)
    assert list(caught.value.messages) == [field]
    assert (len(world.site["members"]), list(world.site.share_register.waiting())) == (0, [])


def test_nobody_is_a_member_twice(world, admit):
    admit("membre")
    with pytest.raises(Invalid):
        admit("membre")


def test_more_is_not_paid_back_than_there_is(world, admit):
    member = admit("membre", 3)
    registers.number_waiting(world.site, NOW)
    coordinator = world.actors["equipe"]
    registers.withdraw(world.site, member, 2, coordinator, NOW)
    with pytest.raises(Invalid):
        registers.withdraw(world.site, member, 2, coordinator, NOW)


@pytest.mark.parametrize("login", ["membre", "entreprise", "certificateur", "admin", "visitor", "clock"])
def test_only_coordinators_admit(world, login):
    with pytest.raises(Forbidden):
        members.admit(world.site, world.accounts["visiteur"], world.actors[login], NOW)


@pytest.mark.parametrize("change", ["gap", "balance", "standing"])
def test_a_register_that_was_tampered_with_is_found(world, admit, change):
    member = admit("membre", 3)
    admit("visiteur")
    registers.number_waiting(world.site, NOW)
    if change == "gap":
        del world.site.share_register.lines[1]
    elif change == "balance":
        member.shares = 4
    else:
        world.site["members"].standing.clear()
    assert not agree(world.site)


# Leaving and coming back


def test_who_leaves_gives_back_the_shares_that_wait_for_their_number_too(world, admit):
    member = admit("membre", 3)
    registers.number_waiting(world.site, NOW)
    for _time in range(9):  # of one moment, in whatever order their random keys have
        registers.subscribe(world.site, member, 4, world.actors["equipe"], NOW)
    members.leave(world.site, member, world.actors["equipe"], NOW)
    registers.number_waiting(world.site, NOW)
    assert (member.shares, registers.capital(world.site)) == (0, 0)
    assert agree(world.site)


def test_who_leaves_before_the_first_line_holds_nothing(world, admit):
    member = admit("membre", 3)
    members.leave(world.site, member, world.actors["equipe"], NOW)
    registers.number_waiting(world.site, NOW)
    assert member.shares == 0
    assert agree(world.site)


def test_a_member_who_left_and_still_holds_shares_is_reported(world, admit):
    member = admit("membre", 3)
    registers.number_waiting(world.site, NOW)
    member.left = NOW
    world.site["members"].note(member)
    assert list(registers.problems(world.site)) == ["member 1 left and still holds shares"]


def test_who_left_comes_back_under_a_new_number(world, admit):
    first = admit("membre", 3)
    registers.number_waiting(world.site, NOW)
    members.leave(world.site, first, world.actors["equipe"], NOW)
    second = admit("membre", 1)
    assert (first.number, second.number) == (1, 2)
    registers.number_waiting(world.site, NOW)
    assert (first.shares, second.shares, members.in_good_standing(world.site)) == (0, 1, 1)
    assert members.member_of(world.site, world.actors["membre"]) is second
    assert agree(world.site)


def test_a_member_is_called_as_the_account_is(world, admit):
    member = admit("membre")
    world.accounts["membre"].title = "Camille Roux-Perrin"
    assert member.title == "Camille Roux-Perrin"
