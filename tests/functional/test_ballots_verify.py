"""``coopcms ballots verify``: what was published is counted again, and whatever was done to it is found out."""

import copy
import json
import subprocess

import pytest
import rfc8785
import transaction
from click.testing import CliRunner
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from coopcms.domain import ballot_file, members, registers, voting
from coopcms.scripts import cli

from .. import world as worlds
from ..conftest import NOW, PATIENCE
from .serving import COMMAND, environment

CAST = {"membre": "for", "certificatrice": "for", "visiteuse": "against", "visiteur": "blank"}
ROLL = (*CAST, "certificateur")


@pytest.fixture
def closed(world):
    """A vote that was held and closed: four of five voted, two of them for."""
    for login in ROLL:
        members.admit(world.site, world.accounts[login], world.actors["equipe"], NOW)
    registers.number_waiting(world.site, NOW)
    proposal = worlds.vote(world, "admission", worlds.in_state(world, "celle", "audited", NOW), NOW)
    for login, choice in CAST.items():
        voting.cast(proposal, choice, world.actors[login], NOW)
    voting.close(proposal, proposal.ends_at)
    return proposal


@pytest.fixture
def published(closed):
    return json.loads(closed.published.text)


@pytest.fixture
def verify(tmp_path):
    """A function that runs the command on bytes, on text or on a value: (status, output)."""

    def run(content, *options):
        file = tmp_path / "ballots.json"
        text = content if isinstance(content, (str, bytes)) else json.dumps(content)
        file.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
        answer = CliRunner().invoke(cli, ["ballots", "verify", str(file), *options])
        assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
        assert "Traceback" not in answer.output
        return answer.exit_code, answer.output

    return run


def sealed_again(content):
    """The file with the hash that its content has now."""
    return {**content, "sha256": ballot_file.digest(content)}


# --- what is as it was published ----------------------------------------------------------------------------------------------


def test_a_published_file_verifies_with_the_hash_that_the_minutes_show(closed, verify, browse):
    transaction.commit()
    app = browse()
    address = f"/proposals/{closed.__name__}"
    file = app.get(f"{address}/ballots.json").body
    assert file == app.get(f"/api/v1{address}/ballots.json").body == closed.published.text
    status, output = verify(file)
    assert status == 0
    assert "adopted (against 1, blank 1, for 2; 4 of 5)" in output
    hash = json.loads(file)["sha256"]
    assert hash in output
    assert hash in app.get(f"{address}/minutes").text
    assert hash == app.get(f"/api/v1{address}/result").json["sha256"]


def test_the_file_is_canonical_json_and_says_so_to_programs(closed, published, verify):
    assert closed.published.text == rfc8785.dumps(published)
    status, output = verify(published, "--json")
    assert (status, json.loads(output)) == (0, {"ok": True, "problems": []})


def test_white_space_and_the_order_of_names_change_nothing(published, verify):
    assert verify(json.dumps(dict(reversed(published.items())), indent=4))[0] == 0


def test_a_vote_nobody_took_part_in_verifies(world, closed, verify):
    other = worlds.vote(world, "admission", worlds.in_state(world, "autre", "audited", NOW), NOW)
    voting.close(other, other.ends_at)
    status, output = verify(other.published.text)
    assert status == 0
    assert "inquorate (against 0, blank 0, for 0; 0 of 5)" in output


def test_the_command_needs_no_configuration_and_no_database(closed, tmp_path):
    file = tmp_path / "ballots.json"
    file.write_bytes(closed.published.text)
    run = [COMMAND, "-c", "nothing-here.ini", "ballots", "verify"]
    for name, status in (("ballots.json", 0), ("missing.json", 1), (".", 1)):
        answer = subprocess.run(
            [*run, name], capture_output=True, text=True, cwd=tmp_path, env=environment(), timeout=PATIENCE, check=False
        )
        assert answer.returncode == status, answer.stderr
        assert "Traceback" not in answer.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ballots.json"]


# --- what was tampered with ---------------------------------------------------------------------------------------------------


def remove(content):
    del content["ballots"][1]


def alter(content):
    ballot = content["ballots"][0]
    ballot["choice"] = "against" if ballot["choice"] != "against" else "for"


def double(content):
    content["ballots"].insert(1, dict(content["ballots"][0]))


def double_in_the_place_of_another(content):
    content["ballots"][1] = dict(content["ballots"][0])


def reorder(content):
    content["ballots"].reverse()


def add(content):
    content["ballots"].append({"tracker": "zzzzz-zzzzz-zzzzz-zzzzz-zzzzz", "choice": "for"})


def invent_a_choice(content):
    content["ballots"][0]["choice"] = "perhaps"


def more_counted(content):
    content["result"]["counts"]["for"] += 1


def counts_of_something_else(content):
    content["result"]["counts"]["maybe"] = 0


def a_count_left_out(content):
    del content["result"]["counts"]["blank"]


def another_outcome(content):
    content["result"]["state"] = "rejected"


def less_turnout(content):
    content["result"]["turnout"] -= 1


def more_turnout(content):
    content["result"]["turnout"] += 1


def a_roll_smaller_than_the_turnout(content):
    content["result"]["roll"] = 3


def another_quorum_needed(content):
    content["result"]["quorum_needed"] += 1


def a_roll_that_takes_more_voters(content):
    content["result"]["roll"] = 500


def a_quorum_that_was_missed(content):
    content["rules"]["quorum"] = "1"


def a_majority_that_was_missed(content):
    content["rules"]["majority"] = "9/10"


def votes_that_are_true(content):
    content["result"]["counts"]["against"] = True


#: Each makes a file that cannot be right, whoever seals it anew.
FOUND_BY_COUNTING = (
    remove,
    alter,
    double,
    double_in_the_place_of_another,
    reorder,
    add,
    invent_a_choice,
    more_counted,
    counts_of_something_else,
    a_count_left_out,
    another_outcome,
    less_turnout,
    more_turnout,
    a_roll_smaller_than_the_turnout,
    another_quorum_needed,
    a_roll_that_takes_more_voters,
    a_quorum_that_was_missed,
    a_majority_that_was_missed,
    votes_that_are_true,
)


@pytest.mark.parametrize("tamper", FOUND_BY_COUNTING, ids=lambda tamper: tamper.__name__)
def test_whatever_was_done_is_found_with_the_old_hash_and_with_a_new_one(published, verify, tamper):
    tamper(published)
    status, output = verify(published)
    assert status == 1
    if tamper is not votes_that_are_true:  # which is refused before anything is counted
        assert "The hash is not that of the content" in output
    status, output = verify(sealed_again(published))
    assert status == 1
    assert output.startswith("OFF ")
    assert "The hash is not" not in output


def test_every_ballot_counts(published, verify):
    """Taken out or turned round, whichever it is, and the file sealed anew."""
    for place, ballot in enumerate(published["ballots"]):
        without = copy.deepcopy(published)
        del without["ballots"][place]
        assert verify(sealed_again(without))[0] == 1
        for choice in {"for", "against", "blank"} - {ballot["choice"]}:
            turned = copy.deepcopy(published)
            turned["ballots"][place]["choice"] = choice
            assert verify(sealed_again(turned))[0] == 1


def made_anew(published, **changes):
    """A file that somebody made throughout: with other ballots or figures, and a result and a hash that fit them."""
    ballots = changes.get("ballots", [(b["tracker"], b["choice"]) for b in published["ballots"]])
    rules = {**published["rules"], **changes.get("rules", {})}
    proposal = {**published["proposal"], **changes.get("proposal", {})}
    return ballot_file.make(proposal, rules, ballots, changes.get("roll", published["result"]["roll"]), len(ballots))


def without_the_first(published):
    return made_anew(published, ballots=[(b["tracker"], b["choice"]) for b in published["ballots"][1:]])


def all_against(published):
    return made_anew(published, ballots=[(b["tracker"], "against") for b in published["ballots"]])


def one_more(published):
    ballots = [(b["tracker"], b["choice"]) for b in published["ballots"]]
    return made_anew(published, ballots=[*ballots, ("zzzzz-zzzzz-zzzzz-zzzzz-zzzzz", "against")])


def other_trackers(published):
    return made_anew(published, ballots=[(f"tracker-{n}", b["choice"]) for n, b in enumerate(published["ballots"])])


def two_choices_swapped(published):
    """The counts stay, only who said what changes: of two voters each finds the other's choice under the own tracker."""
    ballots = [(b["tracker"], b["choice"]) for b in published["ballots"]]
    other = next(n for n, (_tracker, choice) in enumerate(ballots) if choice != ballots[0][1])
    ballots[0], ballots[other] = (ballots[0][0], ballots[other][1]), (ballots[other][0], ballots[0][1])
    return made_anew(published, ballots=ballots)


def a_larger_roll(published):
    return made_anew(published, roll=5000)


def another_majority(published):
    return made_anew(published, rules={"majority": "9/10"})


def a_later_end(published):
    return made_anew(published, rules={"ends": "2030-01-01T00:00:00Z"})


def another_proposal(published):
    return made_anew(published, proposal={"title": "Tout autre chose"})


@pytest.mark.parametrize(
    "forge",
    [
        without_the_first,
        all_against,
        one_more,
        other_trackers,
        two_choices_swapped,
        a_larger_roll,
        another_majority,
        a_later_end,
        another_proposal,
    ],
    ids=lambda forge: forge.__name__,
)
def test_only_the_hash_in_the_minutes_tells_a_file_that_was_made_anew_throughout(closed, published, verify, forge):
    """It agrees with itself, as any file of another vote does: the command says which hash to compare, and it differs."""
    forged = forge(published)
    status, output = verify(forged)
    assert status == 0
    assert forged["sha256"] in output
    assert "compare it with the one in the minutes" in output
    assert forged["sha256"] != closed.result["sha256"] == published["sha256"]


# --- what is no such file at all ----------------------------------------------------------------------------------------------

#: Texts that are no published ballots, each with what the command says.
NONSENSE = {
    "nothing": ("", "is no JSON"),
    "no JSON": ("{", "is no JSON"),
    "a page": ("<!doctype html><p>", "is no JSON"),
    "bytes": (b"\xff\xfe\x00\x01\xd8", "is no JSON"),
    "half a letter": (b'{"format": "\xc3"}', "is no JSON"),
    "nested lists": ("[" * 200_000, "is no JSON"),
    "nested lists that end": ("[" * 200_000 + "]" * 200_000, "is no JSON"),
    "nested objects": ('{"a":' * 200_000, "is no JSON"),
    "a number with a hundred thousand figures": ("9" * 100_000, "is no JSON"),
    "a name twice": ('{"format": "coopcms-ballots-1", "format": "x"}', "is no JSON"),
    "null": ("null", "OFF This is not a file of ballots."),
    "a list": ("[]", "OFF This is not a file of ballots."),
    "another format": ('{"format": "coopcms-ballots-2"}', "OFF This is not a file of ballots."),
    "a format of another type": ('{"format": ["coopcms-ballots-1"]}', "OFF This is not a file of ballots."),
    "only the format": ('{"format": "coopcms-ballots-1"}', "OFF Fields are missing or unknown"),
    "half a surrogate pair": ('{"format": "coopcms-ballots-1", "\\ud800": 1}', "OFF Fields are missing or unknown"),
}


@pytest.mark.parametrize("name", NONSENSE)
def test_what_is_no_file_of_ballots_is_refused_in_a_sentence(verify, name):
    text, said = NONSENSE[name]
    status, output = verify(text)
    assert status == 1
    assert said in output
    assert "\ud800" not in output


def test_ballots_that_stand_twice_in_a_file_are_refused(published, verify):
    """Programs would take one list or the other."""
    text = json.dumps(published)
    assert verify(text[:-1] + ', "ballots": ' + json.dumps(published["ballots"]) + "}")[0] == 1


def places(value, here=()):
    """The way to every value inside a value."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield (*here, name)
            yield from places(inner, (*here, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield (*here, number)
            yield from places(inner, (*here, number))


def at(content, way):
    """What lies at the end of a way."""
    for name in way:
        content = content[name]
    return content


#: Of these, and of trackers, a file may say what it likes: only the hash in the minutes holds them.
FREE = {("proposal", "path"), ("proposal", "title"), ("proposal", "kind")}


def deep():
    made = []
    for _level in range(400):
        made = [made]
    return made


WRONG_TYPES = (
    None,
    True,
    -1,
    1.5,
    10**30,
    1e300,
    "",
    "1e999999999",
    "1/0",
    "\ud800",
    [],
    {},
    [[]],
    {"for": {}},
    deep(),
)


@pytest.mark.parametrize("wrong", WRONG_TYPES, ids=lambda wrong: ascii(wrong)[:20])
def test_a_value_of_a_wrong_type_is_refused_wherever_it_stands(published, verify, wrong):
    for way in places(published):
        if (isinstance(wrong, str) and (way in FREE or way[-1] == "tracker")) or at(published, way) is wrong:
            continue
        for seal in (lambda content: content, sealed_again)[: 1 if way == ("sha256",) else 2]:
            content = copy.deepcopy(published)
            at(content, way[:-1])[way[-1]] = wrong
            try:
                content = seal(content)
            except (ValueError, RecursionError):
                continue  # what has no canonical form has no hash
            assert verify(content)[0] == 1, way


def test_a_name_left_out_or_added_is_refused_wherever_it_stands(published, verify):
    for way in [way for way in places(published) if isinstance(way[-1], str)]:
        content = copy.deepcopy(published)
        del at(content, way[:-1])[way[-1]]
        assert verify(sealed_again(content) if way != ("sha256",) else content)[0] == 1, way
        content = copy.deepcopy(published)
        at(content, way[:-1])["more"] = 1
        assert verify(sealed_again(content))[0] == 1, way


def test_a_title_writes_no_line_of_its_own(published, verify):
    forged = made_anew(published, proposal={"title": "Oui\nok  autre chose: adopted\x1b[2J"})
    status, output = verify(forged)
    assert status == 0
    assert len(output.splitlines()) == 2
    assert "\x1b" not in output


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["1/2", "for", "1e9"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
BASE = ballot_file.make(
    {"path": "/proposals/x", "title": "X", "kind": "admission"},
    {
        "ballot": "for_against_blank",
        "secret": True,
        "quorum": "1/10",
        "majority": "1/2",
        "opened": "2026-03-12T10:00:00Z",
        "ends": "2026-03-27T19:00:00Z",
    },
    [("aaaaa", "for"), ("bbbbb", "against"), ("ccccc", "for")],
    roll=5,
    turnout=3,
)


@effort(max_examples=400)
@given(way=st.sampled_from([()] + list(places(BASE))), value=values)
def test_no_value_anywhere_gives_anything_but_sentences(way, value):
    content = copy.deepcopy(BASE)
    if not way:
        content = value
    else:
        at(content, way[:-1])[way[-1]] = value
    found = list(ballot_file.problems(content))
    assert all(isinstance(problem, str) and problem.isprintable() for problem in found)
    if json.dumps(content) != json.dumps(BASE):
        assert found


def test_one_ballot_among_many_is_found():
    ballots = [(f"t{number:06}", ("for", "against", "blank")[number % 3]) for number in range(30_000)]
    content = ballot_file.make(BASE["proposal"], BASE["rules"], ballots, roll=100_000, turnout=len(ballots))
    assert list(ballot_file.problems(content)) == []
    content["ballots"][777]["choice"] = "blank"
    (problem,) = ballot_file.problems(sealed_again(content))
    assert "'for': 9999" in problem
