"""The workflow of proposals, written out again from the tables of the domain: who may do what in which state, and every step."""

from datetime import timedelta

import pytest

from coopcms.domain import companies, members, registers, specifications, voting
from coopcms.security.access import may
from coopcms.security.permissions import P
from coopcms.workflows import WORKFLOWS, engine
from tests import matrix
from tests import world as worlds
from tests.conftest import NOW

# E everyone · M member · K certifier · S staff of the company it is about · C coordinator · P its author · R on the roll
# T the clock · Z the closing
MATRIX = matrix.read("""
permission    draft  submitted  discussion  voting  adopted  rejected  inquorate  implemented  withdrawn  cancelled
view          PC     PC         E           E       E        E         E          E            E          E
read          PC     PC         E           E       E        E         E          E            E          E
read-private  .      .          .           .       .        .         .          .            PC         .
edit          P      C          C           .       .        .         .          .            .          .
comment       .      .          MKSC        MKSC    MKSC     MKSC      MKSC       MKSC         .          .
moderate      .      .          C           C       C        C         C          C            C          C
cast          .      .          .           R       .        .         .          .            .          .
extend        .      .          .           C       .        .         .          .            .          .
count         .      .          .           C       .        .         .          .            .          .
retry         .      .          .           .       C        C         .          .            .          .
submit        P      .          .           .       .        .         .          .            .          .
send-back     .      C          .           .       .        .         .          .            .          .
discuss       .      C          .           .       .        .         .          .            .          .
open          .      .          CT          .       .        .         .          .            .          .
adopt         .      .          .           Z       .        .         .          .            .          .
reject        .      .          .           Z       .        .         .          .            .          .
lapse         .      .          .           Z       .        .         .          .            .          .
cancel        .      .          .           C       .        .         .          .            .          .
withdraw      P      P          P           .       .        .         .          .            .          .
implement     .      .          .           .       C        .         .          .            .          .
""")

STEPS = matrix.steps("""
submit: draft → submitted
send_back: submitted → draft
discuss: submitted → discussion
open: discussion → voting
adopt: voting → adopted
reject: voting → rejected
lapse: voting → inquorate
cancel: voting → cancelled
withdraw: draft, submitted, discussion → withdrawn
implement: adopted → implemented
""")

LABELS = {
    "draft": "Brouillon",
    "submitted": "Soumise",
    "discussion": "En débat",
    "voting": "Au vote",
    "adopted": "Adoptée",
    "rejected": "Rejetée",
    "inquorate": "Quorum non atteint",
    "implemented": "Mise en œuvre",
    "withdrawn": "Retirée",
    "cancelled": "Annulée",
}
COMMENTED = {"send_back", "cancel", "withdraw"}

PROPOSAL = WORKFLOWS["proposal"]

#: Who is who towards a proposal that ``equipe`` wrote, on a company of ``entreprise``; ``membre`` alone is on the roll.
ACTORS = {
    "visitor": "E",
    "membre": "EMR",
    "visiteuse": "EM",
    "certificatrice": "EMK",
    "entreprise": "ES",
    "voisine": "E",
    "equipe": "ECP",
    "equipe2": "EC",
    "admin": "EA",
    "clock": "ET",
    "closing": "EZ",
}


@pytest.fixture
def company(world):
    members.admit(world.site, world.accounts["membre"], world.actors["equipe"], NOW)
    registers.number_waiting(world.site, NOW)
    return worlds.in_state(world, "celle", "audited", NOW)


def brought(world, company, state):
    """A proposal brought to a state through its steps."""
    way = {"withdrawn": "discussion", "cancelled": "voting", "implemented": "adopted"}
    before = way.get(state, state)
    made = worlds.vote(
        world,
        "admission",
        company,
        NOW,
        state="voting" if before in ("adopted", "rejected", "inquorate") else before,
    )
    coordinator = world.actors["equipe"]
    if before in ("adopted", "rejected"):
        voting.cast(made, "for" if before == "adopted" else "against", world.actors["membre"], NOW)
    if before in ("adopted", "rejected", "inquorate"):
        voting.close(made, made.ends_at)
    if state == "implemented":
        engine.fire(made, "implement", coordinator, NOW)
    elif state == "withdrawn":
        engine.fire(made, "withdraw", coordinator, NOW, comment="Une autre suit.")
    elif state == "cancelled":
        engine.fire(made, "cancel", coordinator, NOW, comment="Le texte était faux.")
    assert made.state == state
    return made


def test_the_states_are_those_of_the_domain_with_their_french_labels():
    assert {state.id: str(state.title) for state in PROPOSAL.states} == LABELS
    assert PROPOSAL.initial == "draft"
    assert set(MATRIX) == set(LABELS)


@pytest.mark.parametrize("state", MATRIX)
def test_each_state_grants_exactly_what_the_matrix_says(state):
    data = {p.value: matrix.letters(PROPOSAL.roles(state, p)) for p in P}
    expected = {p.value: "".join(sorted(MATRIX[state].get(p.value, ""))) for p in P}
    assert data == expected


@pytest.mark.parametrize("state", MATRIX)
def test_each_actor_may_exactly_what_the_matrix_says_on_a_real_proposal(world, company, state):
    proposal = brought(world, company, state)
    wrong = []
    for login, roles in ACTORS.items():
        for permission in P:
            expected = bool(set(MATRIX[state].get(permission.value, "")) & set(roles))
            if may(permission, proposal, world.actors[login]) is not expected:
                wrong.append(f"{login} {'should' if expected else 'should not'} {permission.value}")
    assert wrong == []


def test_what_was_withdrawn_before_the_discussion_stays_its_authors(world, company):
    proposal = worlds.vote(world, "admission", company, NOW, state="submitted")
    engine.fire(proposal, "withdraw", world.actors["equipe"], NOW, comment="Trop tôt.")
    readers = {login for login in ACTORS if may(P.READ, proposal, world.actors[login])}
    assert readers == {"equipe", "equipe2"}


def test_the_steps_are_those_of_the_domain():
    data = {t.id: (t.sources, t.target) for t in PROPOSAL.transitions}
    assert data == STEPS
    assert {t.id for t in PROPOSAL.transitions if t.comment} == COMMENTED


# What holds a step back


def held(proposal, id, actor, now=NOW, **kw):
    """The sentences and places that hold a step back."""
    with pytest.raises(engine.GuardRefused) as caught:
        engine.fire(proposal, id, actor, now, **kw)
    return [(m.sentence.interpolate(), m.target, m.view) for m in caught.value.missing]


def test_a_vote_on_admission_waits_for_the_audits(world, company):
    other = worlds.in_state(world, "autre", "applied", NOW)
    proposal = worlds.vote(world, "admission", other, NOW, state="discussion")
    [(sentence, target, view)] = held(proposal, "open", world.actors["equipe"])
    assert "audits" in sentence
    assert (target, view) == (other, "workflow")


@pytest.mark.parametrize("kind", ["admission", "exclusion", "specification"])
def test_of_two_votes_on_the_same_one_is_open(world, kind, company):
    if kind == "exclusion":
        company = worlds.in_state(world, "certifiee", "certified", NOW)
    first = worlds.vote(world, kind, company, NOW)
    second = worlds.vote(world, kind, company, NOW, state="discussion")
    [(sentence, target, _view)] = held(second, "open", world.actors["equipe"])
    assert sentence.startswith("Un autre vote")
    assert target is first
    engine.fire(first, "cancel", world.actors["equipe"], NOW, comment="Une erreur.")
    engine.fire(second, "open", world.actors["equipe"], NOW)


def test_a_vote_on_a_version_waits_until_it_is_frozen(world, company):
    proposal = worlds.vote(world, "specification", company, NOW, state="discussion")
    [version] = company.versions()
    engine.fire(version, "back_to_draft", world.actors["entreprise"], NOW, comment="Une faute.")
    [(sentence, target, _view)] = held(proposal, "open", world.actors["equipe"])
    assert "n’est pas figée" in sentence
    assert target is version


def test_a_version_that_is_voted_on_does_not_go_back_to_draft(world, company):
    proposal = worlds.vote(world, "admission", company, NOW)
    [version] = company.versions()
    for audit in company.audits():
        audit.state = "cancelled"  # each would hold it as well
    [(_sentence, target, _view)] = held(version, "back_to_draft", world.actors["entreprise"], comment="Une faute.")
    assert target is proposal


def test_the_exclusion_of_a_candidate_is_not_voted(world, company):
    proposal = worlds.vote(world, "exclusion", company, NOW, state="discussion")
    [(sentence, _target, _view)] = held(proposal, "open", world.actors["equipe"])
    assert "ni certifiée" in sentence


def test_a_vote_needs_somebody_on_the_roll(world, company):
    members.leave(world.site, members.member_of(world.site, world.actors["membre"]), world.actors["equipe"], NOW)
    proposal = worlds.vote(world, "admission", company, NOW, state="discussion")
    [(sentence, _target, _view)] = held(proposal, "open", world.actors["equipe"])
    assert "liste électorale" in sentence


@pytest.mark.parametrize("step", ["discuss", "send_back", "open", "cancel"])
def test_who_is_in_conflict_brings_no_vote_on_the_company_further(world, company, step):
    state = {"discuss": "submitted", "send_back": "submitted", "open": "discussion", "cancel": "voting"}[step]
    proposal = worlds.vote(world, "admission", company, NOW, state=state)
    companies.declare_interest(company, "Ma sœur y travaille.", world.actors["equipe2"], NOW)
    [(sentence, target, view)] = held(proposal, step, world.actors["equipe2"], comment="Voilà.")
    assert "intérêt" in sentence
    assert (target, view) == (company, "interests")
    engine.fire(proposal, step, world.actors["equipe"], NOW, comment="Voilà.")


@pytest.mark.parametrize("step", ["adopt", "reject", "lapse"])
def test_nothing_is_closed_before_the_end(world, company, step):
    proposal = worlds.vote(world, "admission", company, NOW)
    [(sentence, _target, _view)] = held(
        proposal, step, world.actors["closing"], proposal.ends_at - timedelta(seconds=1)
    )
    assert "n’est pas terminé" in sentence


def test_an_unfinished_text_is_not_submitted(world, company):
    proposal = worlds.vote(world, "admission", company, NOW, state="draft")
    proposal.text = ""
    [(sentence, _target, view)] = held(proposal, "submit", world.actors["equipe"])
    assert "titre ou le texte" in sentence
    assert view == "edit"


def test_what_is_not_done_is_not_recorded_as_carried_out(world, company):
    from coopcms.domain import proposals

    proposal = brought(world, company, "adopted")
    coordinator = world.actors["equipe"]
    proposals.follow(proposal, set(), "Prévenir les magasins", coordinator, NOW)
    [(sentence, _target, view)] = held(proposal, "implement", coordinator)
    assert "Prévenir les magasins" in sentence
    assert view == "milestones"
    proposals.follow(proposal, {0}, "", coordinator, NOW)
    engine.fire(proposal, "implement", coordinator, NOW)


def test_every_state_but_the_final_ones_can_be_left_by_somebody(world, company):
    final = {"rejected", "inquorate", "implemented", "withdrawn", "cancelled"}
    assert {s.id for s in PROPOSAL.states if not PROPOSAL.leaving(s.id)} == final


def test_a_further_version_is_voted_on_its_own(world, company):
    """A version of a company that is certified: adopted by its own vote, in force by its day."""
    certified = worlds.certified(world, "certifiee", NOW)
    staff = world.actors["entreprise"]
    newer = specifications.revise(next(certified.specifications()), staff, NOW)
    engine.fire(newer, "freeze", staff, NOW)
    proposal = worlds.vote(world, "specification", certified, NOW)
    assert proposal.versions == [newer]
    voting.cast(proposal, "for", world.actors["membre"], NOW)
    voting.close(proposal, proposal.ends_at)
    assert newer.state == "adopted"
    assert certified.state == "certified"
