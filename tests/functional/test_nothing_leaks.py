"""Before a vote closes nothing tells how it stands: not how many voted, nor what, to nobody, in no page, answer, log or mail.

The same site goes on twice from the same open vote, with other ballots in the box. Whoever looks sees the same both times.
"""

import json
import logging
from datetime import UTC, datetime, timedelta

import pytest
import transaction
from ZODB.DB import DB
from ZODB.DemoStorage import DemoStorage
from ZODB.POSException import ConflictError

from coopcms.content.ballot_box import BallotBox
from coopcms.domain import accounts, clock, discussion, members, registers, voting
from coopcms.domain.consistency import check
from coopcms.views import identity

from .. import world as worlds
from ..conftest import FULL
from .api_fixtures import Client
from .looking import API, VOTE, answers, differences, everything, logged_in, pages
from .mails import mails  # noqa: F401 - fixture
from .managing import keeping_history, post

#: ``voisine`` became a member after the opening and is not on the roll.
ROLL = ("membre", "certificatrice", "certificateur", "visiteuse", "visiteur")
#: What is in the box, each in the order it was cast: nobody voted; one did; four did, one of them changed the ballot.
NOBODY = ()
ONE = (("membre", "for"),)
FOUR = (
    ("membre", "blank"),
    ("visiteuse", "against"),
    ("membre", "against"),
    ("visiteur", "against"),
    ("certificateur", "blank"),
)
#: Who looks, and at which two boxes: of whoever voted, both times with a ballot of their own.
LOOKING = {
    "a visitor": (None, NOBODY, FOUR),
    "a member on the roll who voted": ("membre", ONE, FOUR),
    "a member on the roll who did not": ("certificatrice", NOBODY, FOUR),
    "a member who is not on the roll": ("voisine", NOBODY, FOUR),
    "the staff of the company": ("entreprise", NOBODY, FOUR),
    "an auditor": ("auditeur", NOBODY, FOUR),
    "a coordinator, the author": ("equipe", NOBODY, FOUR),
    "another coordinator": ("equipe2", NOBODY, FOUR),
    "an administrator": ("admin", NOBODY, FOUR),
}
#: One who looks of each kind: nobody, with a ballot, with a vote to cast, with an interest, with the desk that counts.  COOPCMS_FULL=1 asks all.
SAMPLE = [
    "a visitor",
    "a member on the roll who voted",
    "a member on the roll who did not",
    "the staff of the company",
    "a coordinator, the author",
]


@pytest.fixture
def now(monkeypatch):
    """One moment for every request: pages that are made later differ in nothing else."""
    moment = datetime.now(UTC).replace(microsecond=0)

    class Stopped(datetime):
        @classmethod
        def now(cls, tz=None):
            return moment

    monkeypatch.setattr(identity, "datetime", Stopped)
    return moment


@pytest.fixture
def tokens(world):
    """A token of the API for everybody, the same in each world."""
    return {
        login: accounts.issue_token(world.site, account, datetime.now(UTC)) for login, account in world.accounts.items()
    }


@pytest.fixture
def vote(world, now, tokens):
    """An open vote, with a second one that was closed, a discussion and somebody who joined too late."""
    for login in ROLL:
        members.admit(world.site, world.accounts[login], world.actors["equipe"], now)
    registers.number_waiting(world.site, now)
    earlier = worlds.vote(
        world, "admission", worlds.in_state(world, "ancienne", "audited", now), now - timedelta(days=40)
    )
    voting.close(earlier, earlier.ends_at)
    proposal = worlds.vote(world, "admission", worlds.in_state(world, "celle", "audited", now), now)
    assert f"/proposals/{proposal.__name__}" == VOTE
    discussion.say(proposal, "Et le prix ?", world.actors["membre"], now)
    members.admit(world.site, world.accounts["voisine"], world.actors["equipe"], now)
    registers.number_waiting(world.site, now)
    transaction.commit()
    return proposal


class Ballots:
    """What was given out for ballots in any of the worlds: none of it may ever be seen."""

    def __init__(self):
        self.secrets = set()

    def note(self, proposal, accounts):
        """Trackers, pseudonyms and the key of a box."""
        box = proposal.box
        for shard in box.ballots:
            for pseudonym, (tracker, _choice) in shard.entries.items():
                self.secrets |= {pseudonym, pseudonym[:16], tracker}
        self.secrets.add(box.key.hex())

    def assert_not_in(self, text, where):
        for secret in self.secrets:
            assert secret not in text, where


@pytest.fixture
def ballots():
    return Ballots()


@pytest.fixture
def in_world(application, registry, world, vote, tokens, ballots):
    """A function that lets somebody look at a world of its own in which those ballots were cast over HTTP."""

    def look_at(cast, look):
        base = registry._zodb_databases[""]
        layer = DemoStorage(base=base.storage)
        database = registry._zodb_databases[""] = DB(layer)
        try:
            for number, (login, choice) in enumerate(cast):
                put_in(application, tokens, login, choice, by_form=number % 2 == 0, ballots=ballots)
            connection = database.open()
            try:
                site = connection.root()["app_root"]
                proposal = site["proposals"][vote.__name__]
                assert len(list(proposal.box.voters())) == len({login for login, _choice in cast})
                ballots.note(proposal, world.accounts)
                return look(site)
            finally:
                transaction.abort()
                connection.close()
        finally:
            registry._zodb_databases[""] = base
            database.close = lambda: None  # closing the layer would close the base
            layer.changes.close()

    return look_at


def put_in(application, tokens, login, choice, *, by_form, ballots):
    """Cast a ballot as people do or as programs do, and remember the receipt."""
    if by_form:
        app = logged_in(application, login)
        form = next(form for form in app.get(f"{VOTE}/vote").forms.values() if "choice" in form.fields)
        form["choice"] = choice
        page = form.submit().forms["confirm"].submit("confirm").follow(status=200)
        given = [code.text for code in page.html.select(".receipt code")]
        assert len(given) == 2
        assert app.get(f"{VOTE}/receipt").status_int == 303, "shown once"
    else:
        answer = Client(application, tokens[login]).post(f"{API}/ballot", {"choice": choice})
        assert answer.status_int == 201
        given = [answer.json["tracker"], answer.json["receipt"]]
    ballots.secrets.update(given)


# --- pages and answers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", LOOKING if FULL else SAMPLE)
def test_nothing_that_can_be_looked_at_differs_with_the_ballots(application, tokens, in_world, ballots, who):
    login, first, second = LOOKING[who]
    one, other = (in_world(cast, lambda site: everything(application, tokens, login, site)) for cast in (first, second))
    assert {("page", VOTE), ("page", "/"), ("API", API), ("API", "/api/v1/proposals")} <= set(one)
    assert len(one) > 60
    assert list(differences(one, other)) == []
    for found in (one, other):
        for key, (status, text, _headers) in found.items():
            assert status < 500, key
            ballots.assert_not_in(text, key)
        for view in ("result", "ballots.json"):
            assert found["API", f"{API}/{view}"][0] == 404
        for view in ("minutes", "ballots.json"):
            assert found["page", f"{VOTE}/{view}"][0] in (403, 404)
    assert ("Vous avez voté" in one["page", VOTE][1]) is (login == "membre")


def test_an_own_ballot_is_told_to_its_voter_alone(application, tokens, in_world):
    """That somebody voted is seen by themselves, and changes nothing for others; not even what the ballot said is shown again."""
    before, after = (
        in_world(cast, lambda site: everything(application, tokens, "membre", site)) for cast in (NOBODY, ONE)
    )
    changed = {key for key, _lines in differences(before, after)}
    assert changed <= {("page", path) for path in ("/", "/tasks", "/proposals", VOTE, f"{VOTE}/vote")}
    assert ("page", VOTE) in changed
    for choice in ("against", "blank"):
        other = in_world((("membre", choice),), lambda site: everything(application, tokens, "membre", site))
        assert list(differences(after, other)) == []


# --- entity tags --------------------------------------------------------------------------------------------------------------


def test_entity_tags_do_not_move_when_somebody_else_votes(application, tokens, vote, ballots):
    addresses = ("/api/v1/proposals", API, f"{API}/workflow", f"{API}/comments", "/api/v1/companies/celle")
    clients = {login: Client(application, tokens.get(login)) for login in (None, "membre", "equipe", "admin")}
    put_in(application, tokens, "membre", "for", by_form=False, ballots=ballots)
    tags = {(login, path): client.get(path).headers["ETag"] for login, client in clients.items() for path in addresses}
    for login, choice in FOUR[1:]:
        put_in(application, tokens, login, choice, by_form=False, ballots=ballots)
        for (reader, path), tag in tags.items():
            answer = clients[reader].get(path, If_None_Match=tag)
            assert (answer.status_int, answer.headers["ETag"]) == (304, tag)


def test_an_own_ballot_moves_no_entity_tag_either(application, tokens, vote, ballots):
    client = Client(application, tokens["membre"])
    tag = client.get(API).headers["ETag"]
    put_in(application, tokens, "membre", "for", by_form=True, ballots=ballots)
    assert client.get(API).headers["ETag"] == tag


# --- logs, mails, commands ----------------------------------------------------------------------------------------------------


@pytest.fixture
def logs(caplog):
    """All loggers at their most talkative."""
    names = [name for name, logger in logging.root.manager.loggerDict.items() if isinstance(logger, logging.Logger)]
    caplog.set_level(logging.DEBUG)
    for name in names:
        caplog.set_level(logging.DEBUG, logger=name)
    return caplog


def test_neither_logs_nor_mails_tell_of_a_ballot(application, tokens, in_world, ballots, logs, mails, world):  # noqa: F811
    logs.clear()
    mails()
    for cast in (ONE, FOUR):
        in_world(cast, lambda site: None)
    ballots.assert_not_in(logs.text, "the log")
    told = [record for record in logs.records if record.levelno >= logging.INFO]
    assert [record.getMessage() for record in told] == []
    for record in logs.records:
        for word in (VOTE, "ballot", "turnout", "receipt"):
            assert word not in record.getMessage(), record.name
    assert mails() == []


def test_a_cast_that_is_tried_again_says_nothing_in_the_log(application, tokens, vote, ballots, logs, monkeypatch):
    """How often casts meet grows with how many there are, and the record they meet in is one of the shards."""
    put, refused = BallotBox.put, []

    def meeting(box, *given):
        if len(refused) < 3:
            refused.append(given)
            shard, _pseudonym = box._ballot(given[0])
            raise ConflictError(object=shard)
        put(box, *given)

    monkeypatch.setattr(BallotBox, "put", meeting)
    for by_form in (True, False):
        refused.clear()
        logs.clear()
        put_in(application, tokens, "membre", "for", by_form=by_form, ballots=ballots)
        assert len(refused) == 3
        ballots.assert_not_in(logs.text, "the log")
        for record in logs.records:
            assert "Shard" not in record.getMessage(), record.name
            if record.levelno >= logging.INFO:
                assert VOTE not in record.getMessage(), record.name


def test_the_clock_and_the_check_say_the_same_whatever_was_cast(in_world, now):
    def look(site):
        return check(site), clock.tick(site, now + timedelta(days=1))

    assert in_world(NOBODY, look) == in_world(FOUR, look)


def test_mails_that_the_clock_sends_tell_nothing(in_world, now, mails):  # noqa: F811
    def look(site):
        clock.tick(site, now + timedelta(days=1))
        transaction.commit()
        return [(mail["To"], mail["Subject"], mail.get_body().get_content()) for mail in mails()]

    assert in_world(NOBODY, look) == in_world(FOUR, look)


# --- after the closing --------------------------------------------------------------------------------------------------------


def test_after_the_closing_the_result_is_there_for_everybody(application, tokens, in_world, vote):
    def look(site):
        proposal = site["proposals"][vote.__name__]
        voting.close(proposal, proposal.ends_at)
        transaction.commit()
        return {
            login: (pages(application, login), answers(application, tokens.get(login)))
            for login in (None, "membre", "admin")
        }

    for seen, served in in_world(FOUR, look).values():
        result = json.loads(served[f"{API}/result"][1])
        assert (result["turnout"], result["counts"]) == (4, {"for": 0, "against": 3, "blank": 1})
        assert served[f"{API}/ballots.json"][0] == seen[f"{VOTE}/ballots.json"][0] == 200
        assert result["sha256"] in seen[f"{VOTE}/minutes"][1]
        assert "participation" in seen[VOTE][1]


def test_a_vote_that_ended_and_was_not_counted_yet_tells_nothing(application, tokens, in_world, vote):
    """Between the end and the closing there are a few seconds, or as long as the clock stands still."""

    def look(site):
        site["proposals"][vote.__name__].ends_at = site["proposals"][vote.__name__].opened_at + timedelta(seconds=-1)
        transaction.commit()
        return everything(application, tokens, "equipe", site)

    one, other = in_world(NOBODY, look), in_world(FOUR, look)
    assert list(differences(one, other)) == []
    assert one["API", f"{API}/result"][0] == 404


# --- the database, from within the site ---------------------------------------------------------------------------------------


class TestTransactions:
    """On a database that keeps what was before."""

    @pytest.fixture
    def registry(self, application, settings, tmp_path):
        with keeping_history(application, tmp_path) as registry:
            yield registry

    @pytest.fixture
    def world(self, registry, site):
        made = worlds.build(site, datetime.now(UTC))
        transaction.commit()
        return made

    @pytest.mark.parametrize("by_form", [True, False], ids=["form", "API"])
    def test_the_transaction_of_a_cast_carries_neither_user_nor_description(
        self, application, registry, tokens, vote, ballots, by_form
    ):
        storage = registry._zodb_databases[""].storage
        for login in ("membre", "membre", "visiteuse"):
            before = storage.lastTransaction()
            put_in(application, tokens, login, "for", by_form=by_form, ballots=ballots)
            written = [(e.user, e.description, e.extension) for e in storage.iterator() if e.tid > before]
            # Before it, by form, comes the log-in.
            assert len(written) == (2 if by_form else 1)
            assert written[-1] == (b"", b"", {})
        vote._p_jar.sync()
        assert len(list(vote.box.voters())) == 2

    def test_a_cast_is_neither_offered_nor_undone_by_hand(self, application, registry, tokens, vote, ballots):
        database = registry._zodb_databases[""]
        admin = logged_in(application, "admin")
        before = database.storage.lastTransaction()
        for login, choice in FOUR:
            put_in(application, tokens, login, choice, by_form=False, ballots=ballots)
        casts = [entry.tid for entry in database.storage.iterator() if entry.tid > before]
        assert len(casts) == len(FOUR)
        page = admin.get("/manage/@@undo").text
        for tid in casts:
            assert tid.hex() not in page
            answer = post(admin, "/manage/@@undo_multiple", 303, transaction=tid.hex()).follow()
            assert "ne peut pas être annulé" in answer.text
        vote._p_jar.sync()
        assert sorted(choice for _tracker, choice in vote.box.contents()) == ["against", "against", "against", "blank"]
