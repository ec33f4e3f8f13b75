"""Saying something, reporting, hiding, publishing, taking back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from coopcms.content.discussion import Discussion
from coopcms.domain import discussion, worklist
from coopcms.domain.errors import Forbidden, Invalid
from coopcms.workflows import engine

from ...conftest import NOW
from ...consulting import consulted, draft


@pytest.fixture
def company(world):
    return world.companies["candidate"]


@pytest.fixture
def member(world):
    return world.actors["membre"]


@pytest.fixture
def moderator(world):
    return world.actors["equipe"]


@pytest.fixture
def moderated(registry, monkeypatch):
    """Comments of members wait for a coordinator."""
    monkeypatch.setattr(registry, "coopcms", replace(registry.coopcms, comments_moderated=True))


def said(obj, actor, text="Bonjour.", **given):
    return discussion.say(obj, text, actor, given.pop("now", NOW), **given)


def texts(obj, actor):
    return [one.text for one in discussion.shown(obj, actor)]


@pytest.mark.parametrize("login", ["membre", "certificatrice", "entreprise", "equipe"])
def test_whoever_is_involved_says_something_on_companies_versions_and_criteria(world, company, login):
    version, [key] = consulted(world)
    for obj in (company, version, version[key], world.site["framework"]["1"]):
        # Staff of a company is nobody to the cooperative's own framework.
        if login == "entreprise" and obj is world.site["framework"]["1"]:
            with pytest.raises(Forbidden):
                said(obj, world.actors[login])
            continue
        said(obj, world.actors[login])
        assert texts(obj, world.actors["visitor"]) == ["Bonjour."]
        assert obj.comment_count == 1


@pytest.mark.parametrize("login", ["visitor", "voisine", "admin", "clock"])
def test_others_say_nothing(world, company, login):
    with pytest.raises(Forbidden):
        said(company, world.actors[login])


def test_nothing_is_said_on_drafts_and_in_closed_dossiers(world, company, member):
    version, [key] = draft(world)
    for obj in (version, version[key], world.companies["brouillon"]):
        for login in ("membre", "entreprise", "equipe"):
            with pytest.raises(Forbidden):
                said(obj, world.actors[login])
    engine.fire(version, "consult", world.actors["entreprise"], NOW)
    engine.fire(company, "decline", world.actors["equipe"], NOW, comment="Non.")
    for obj in (company, version, version[key]):
        with pytest.raises(Forbidden):
            said(obj, member)


def test_a_form_sent_twice_says_it_once(company, member):
    key = "0123456789abcdef"
    assert said(company, member, key=key) == said(company, member, key=key) == key
    assert texts(company, member) == ["Bonjour."]
    assert company.comment_count == 1


def test_another_text_under_a_key_that_was_used_is_not_lost(company, member):
    """Who goes back, writes something else and sends the form again still sees its old key."""
    key = said(company, member, key="0123456789abcdef")
    other = said(company, member, "Autre.", key=key)
    assert other == said(company, member, "Autre.", key=key) != key
    assert sorted(texts(company, member)) == ["Autre.", "Bonjour."]


def test_one_key_on_two_objects_waits_for_a_moderator_twice(world, company, member):
    other, key = next(company.versions()), "0123456789abcdef"
    for obj in (company, other):
        said(obj, member, key=key)
        discussion.report(obj, key, world.actors["certificatrice"], NOW)
    coordinator = world.actors["equipe"]
    assert [(o, k) for o, k, _why, _when in discussion.waiting(world.site, coordinator)] in (
        [(company, key), (other, key)],
        [(other, key), (company, key)],
    )
    discussion.hide(company, key, "Hors sujet.", coordinator, NOW)
    assert [o for o, _key, _why, _when in discussion.waiting(world.site, coordinator)] == [other]


def test_the_key_of_somebody_else_is_not_taken(world, company, member):
    key = said(company, member, key="0123456789abcdef")
    other = said(company, world.actors["certificatrice"], "Autre.", key=key)
    assert other != key
    assert sorted(texts(company, member)) == ["Autre.", "Bonjour."]


@pytest.mark.parametrize("key", ["", "x", "../../etc", "0123456789ABCDEF", "0" * 17, "é" * 16])
def test_a_key_that_is_none_is_made_anew(company, member, key):
    assert said(company, member, key=key) != key
    assert texts(company, member) == ["Bonjour."]


@pytest.mark.parametrize("text", ["", "  \r\n ", "x" * 5001])
def test_nothing_and_too_much_are_refused(company, member, text):
    with pytest.raises(Invalid) as refused:
        said(company, member, text)
    assert "text" in refused.value.messages
    assert company.comment_count == 0


def test_5000_characters_are_not_too_much_however_lines_end(company, member):
    said(company, member, "x\r\n" * 2500)
    assert company.comment_count == 1


def test_a_reply_to_a_reply_stands_under_the_same_beginning_oldest_first(world, company, member):
    hours = [NOW + timedelta(hours=n) for n in range(5)]
    first = said(company, member, "1", now=hours[0])
    second = said(company, member, "2", now=hours[1])
    reply = said(company, world.actors["entreprise"], "1.1", now=hours[2], in_reply_to=first)
    said(company, member, "1.1.1", now=hours[4], in_reply_to=reply)
    said(company, member, "2.1", now=hours[3], in_reply_to=second)
    told = [(one.text, [r.text for r in one.replies]) for one in discussion.threads(company, member)]
    assert told == [("1", ["1.1", "1.1.1"]), ("2", ["2.1"])]


def test_one_answers_only_what_is_there(world, company, member, moderated):
    waits = said(company, member)
    for key in ("0123456789abcdef", "nonsense", waits):
        with pytest.raises(Invalid) as refused:
            said(company, world.actors["equipe"], in_reply_to=key)
        assert "in_reply_to" in refused.value.messages


@pytest.mark.parametrize(
    ("login", "official"),
    [("membre", ""), ("certificatrice", ""), ("entreprise", "company"), ("equipe", "cooperative")],
)
def test_answers_of_the_company_and_of_the_cooperative_are_marked(world, company, login, official):
    key = said(company, world.actors[login])
    assert company.discussion.get(key).official == official


def test_a_coordinator_answers_for_the_cooperative_on_its_framework(world):
    version = world.site["framework"]["1"]
    assert version.discussion.get(said(version, world.actors["equipe"])).official == "cooperative"


# --- moderation -----------------------------------------------------------------------------------------------------------------


def test_a_hidden_comment_leaves_its_place_and_its_reason_and_no_text(world, company, member, moderator):
    key = said(company, member, "Insulte.")
    discussion.hide(company, key, "Attaque une personne.", moderator, NOW)
    for login in ("visitor", "membre", "certificatrice", "entreprise", "admin"):
        [one] = discussion.shown(company, world.actors[login])
        assert (one.text, one.reason) == (None, "Attaque une personne."), login
    [one] = discussion.shown(company, world.actors["equipe2"])
    assert one.text == "Insulte."
    assert company.comment_count == 0
    discussion.publish(company, key, moderator, NOW)
    assert texts(company, member) == ["Insulte."]
    assert company.comment_count == 1


@pytest.mark.parametrize("login", ["visitor", "membre", "certificatrice", "entreprise", "admin"])
def test_only_coordinators_moderate(world, company, member, login):
    key = said(company, member)
    with pytest.raises(Forbidden):
        discussion.hide(company, key, "Pour voir.", world.actors[login], NOW)
    with pytest.raises(Forbidden):
        discussion.publish(company, key, world.actors[login], NOW)


def test_hiding_takes_a_reason(company, member, moderator):
    key = said(company, member)
    with pytest.raises(Invalid) as refused:
        discussion.hide(company, key, "  ", moderator, NOW)
    assert "reason" in refused.value.messages
    assert texts(company, member) == ["Bonjour."]


def test_an_author_takes_a_comment_back_for_good(world, company, member, moderator):
    key = said(company, member)
    for login in ("visitor", "certificatrice", "entreprise", "equipe"):
        with pytest.raises(Forbidden):
            discussion.withdraw(company, key, world.actors[login], NOW)
    discussion.withdraw(company, key, member, NOW)
    [one] = discussion.shown(company, member)
    assert (one.text, str(one.reason)) == (None, "retiré par son auteur")
    for again in (
        lambda: discussion.publish(company, key, moderator, NOW),
        lambda: discussion.hide(company, key, "Trop tard.", moderator, NOW),
    ):
        with pytest.raises(Invalid):
            again()
    assert company.comment_count == 0


def test_an_author_does_not_take_back_what_was_hidden(company, member, moderator):
    key = said(company, member)
    discussion.hide(company, key, "Hors sujet.", moderator, NOW)
    discussion.withdraw(company, key, member, NOW)
    [one] = discussion.shown(company, member)
    assert one.reason == "Hors sujet."


def test_members_wait_to_be_read_where_the_setting_says_so(world, company, member, moderator, moderated):
    key = said(company, member)
    assert texts(company, member) == ["Bonjour."]
    assert texts(company, moderator) == ["Bonjour."]
    for login in ("visitor", "certificatrice", "entreprise", "admin"):
        assert texts(company, world.actors[login]) == []
        with pytest.raises(KeyError):
            discussion.found(company, key, world.actors[login])
    assert company.comment_count == 0
    assert [entry[1:3] for entry in discussion.waiting(world.site, moderator)] == [(key, "pending")]
    discussion.publish(company, key, moderator, NOW)
    assert texts(company, world.actors["visitor"]) == ["Bonjour."]
    assert discussion.waiting(world.site, moderator) == []


@pytest.mark.parametrize("login", ["certificatrice", "entreprise", "equipe"])
def test_staff_coordinators_and_certifiers_do_not_wait(world, company, moderated, login):
    said(company, world.actors[login])
    assert texts(company, world.actors["visitor"]) == ["Bonjour."]


# --- reports ------------------------------------------------------------------------------------------------------------------


def test_each_person_reports_a_comment_once_and_coordinators_see_it(world, company, member, moderator):
    key = said(company, member)
    for login in ("certificatrice", "certificatrice", "voisine"):
        discussion.report(company, key, world.actors[login], NOW)
    assert len(company.discussion.get(key).reports) == 2
    assert [entry[:3] for entry in discussion.waiting(world.site, moderator)] == [(company, key, "reported")]
    assert discussion.waiting(world.site, world.actors["membre"]) == []
    [task] = [task for task in worklist.tasks(world.site, moderator, NOW) if task.view == f"comments/{key}"]
    assert task.target is company


@pytest.mark.parametrize("settle", ["hide", "publish"])
def test_what_a_coordinator_looked_at_waits_no_more_and_can_be_reported_by_others(
    world, company, member, moderator, settle
):
    key = said(company, member)
    discussion.report(company, key, world.actors["certificatrice"], NOW)
    if settle == "hide":
        discussion.hide(company, key, "Hors sujet.", moderator, NOW)
        discussion.publish(company, key, moderator, NOW)
    else:
        discussion.publish(company, key, moderator, NOW)
    assert discussion.waiting(world.site, moderator) == []
    discussion.report(company, key, world.actors["certificatrice"], NOW)
    assert discussion.waiting(world.site, moderator) == []
    discussion.report(company, key, world.actors["certificateur"], NOW)
    assert len(discussion.waiting(world.site, moderator)) == 1


def test_visitors_report_nothing_and_a_closed_dossier_is_not_reported(world, company, member):
    key = said(company, member)
    with pytest.raises(Forbidden):
        discussion.report(company, key, world.actors["visitor"], NOW)
    engine.fire(company, "decline", world.actors["equipe"], NOW, comment="Non.")
    with pytest.raises(Forbidden):
        discussion.report(company, key, world.actors["certificatrice"], NOW)


def test_whoever_looks_with_other_eyes_says_and_reports_nothing(company, member):
    key = said(company, member)
    eyes = replace(member, reading=True)
    for write in (
        lambda: said(company, eyes),
        lambda: discussion.report(company, key, eyes, NOW),
        lambda: discussion.withdraw(company, key, eyes, NOW),
    ):
        with pytest.raises(Forbidden):
            write()


def test_the_list_of_a_moderator_has_an_end(world, company, member, moderator):
    for _number in range(6):
        discussion.report(company, said(company, member), world.actors["certificatrice"], NOW)
    assert len(discussion.waiting(world.site, moderator, most=4)) == 4


# --- how it is kept -------------------------------------------------------------------------------------------------------------


def test_the_count_does_not_load_the_comments(company, member):
    for number in range(40):
        said(company, member, str(number))
    assert company.comment_count == 40
    assert 10 < len(company.discussion.shards) <= 16
    assert sum(len(shard) for shard in company.discussion.shards.values()) == 40


def test_a_discussion_is_opened_once(company):
    before = company.discussion
    company.open_discussion()
    assert company.discussion is before
    assert isinstance(before, Discussion)


def test_two_who_write_at_once_do_not_meet(registry, world, company, member):
    """In different shards, as nearly always; both commits go through without a retry."""
    import transaction

    said(company, member, key="0" * 16)
    said(company, member, key="1" * 16)
    transaction.commit()
    database = registry._zodb_databases[""]
    managers = [transaction.TransactionManager() for _n in range(2)]
    for place, manager in enumerate(managers):
        site = database.open(manager).root()["app_root"]
        said(site["companies"]["candidate"], member, key=f"{place}{'a' * 15}")
    for manager in managers:
        manager.commit()
    transaction.begin()
    assert company.comment_count == 4
