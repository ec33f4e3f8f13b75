"""Whatever people do, in whatever order: what holds of texts, audits, non-conformities and certificates."""

from contextlib import suppress
from datetime import timedelta

import pytest
import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from pyramid.threadlocal import manager
from ZODB.DB import DB
from ZODB.DemoStorage import DemoStorage

from coopcms.content.audit import NEED_TEXT, RESULTS
from coopcms.domain import audits, clock, criteria, nonconformities, specifications
from coopcms.domain.errors import Forbidden, Invalid, Stale
from coopcms.workflows import engine
from tests import world as worlds
from tests.conftest import NOW

#: States in which things come to their end.
FINAL = {
    "company": set(),
    "specification": {"superseded", "withdrawn"},
    "audit": {"validated", "cancelled"},
    "nonconformity": {"closed"},
}
REFUSALS = (engine.Refused, Forbidden, Invalid, Stale)

STARTS = ("applied", "audited", "voted", "certified")
#: What somebody takes a step on, the more often the more it moves.
KINDS = ("audits", "audits", "nonconformities", "companies", "versions")

somewhere = st.integers(0, 999)  #: one of those there are, whatever their number


def one_of(found, place):
    """One of what there is, or None."""
    found = list(found)
    return found[place % len(found)] if found else None


def lines(obj):
    return [tuple(sorted((name, str(value)) for name, value in entry.items())) for entry in obj.history.values()]


def open_majors(company):
    """The major findings of reports that stand and whose non-conformity is not closed."""
    return [
        finding
        for audit in company.audits()
        if audit.state in ("reported", "contested", "validated")
        for finding in audit.findings()
        if finding.result == "major" and (finding.nonconformity is None or finding.nonconformity.state != "closed")
    ]


class Verification(RuleBasedStateMachine):
    """Two companies, everybody there is, and time that goes on; a step that is refused changes nothing."""

    registry = grounds = None  #: of the running test

    def __init__(self):
        super().__init__()
        self.now = NOW
        self.known = {}  # object → the lines of its history
        self.said = {}  # criterion → what its history says
        self.issued = {}  # certificate → what it says

    @initialize(start=st.sampled_from(STARTS))
    def begin(self, start):
        self.layer = DemoStorage(base=self.grounds[start])
        self.connection = DB(self.layer).open()
        manager.push({"registry": self.registry, "request": None})
        self.site = self.connection.root()["app_root"]
        self.world = worlds.find(self.site)

    def teardown(self):
        transaction.abort()
        manager.pop()
        self.connection.close()
        self.layer.changes.close()

    # What there is

    @property
    def companies(self):
        return [self.world.companies["candidate"], self.world.companies["autre"]]

    @property
    def specifications(self):
        return [self.site["framework"], *(s for company in self.companies for s in company.specifications())]

    @property
    def versions(self):
        return [version for specification in self.specifications for version in specification.versions()]

    @property
    def audits(self):
        return [audit for company in self.companies for audit in company.audits()]

    @property
    def nonconformities(self):
        return [f.nonconformity for audit in self.audits for f in audit.findings() if f.nonconformity is not None]

    @property
    def under_way(self):
        return [audit for audit in self.audits if audit.state not in FINAL["audit"]]

    @property
    def moving(self):
        return [*self.companies, *self.versions, *self.audits, *self.nonconformities]

    def of_team(self, audit, place):
        return one_of([a for _login, a in sorted(self.world.actors.items()) if a.userid in audit.team], place)

    def attempt(self, do, *given, **named):
        with suppress(*REFUSALS):
            do(*given, **named)

    # What people do

    @rule(kind=st.sampled_from(KINDS), place=somewhere, who=somewhere)
    def somebody_takes_a_step(self, kind, place, who):
        people = sorted(self.world.actors.items())
        obj = one_of([o for o in getattr(self, kind) if o.state not in FINAL[o.workflow_name]], place)
        steps = [] if obj is None else [(a, s) for _l, a in people for s in engine.available(obj, a, self.now)]
        # What ends something is taken seldom, or nothing would go far.
        allowed = [(a, s.transition.id) for a, s in steps if s.allowed and (not s.transition.danger or who % 8 == 7)]
        if not allowed:
            return
        # Which step first, then who: or whoever has many would do everything.
        id = one_of(sorted({id for _actor, id in allowed}), who)
        actor = one_of([actor for actor, other in allowed if other == id], place)
        engine.fire(obj, id, actor, self.now, comment="Parce que.")
        if id in ("accept_audits", "certify", "renew", "reinstate"):
            assert open_majors(obj) == [], f"{id} with an open major non-conformity"

    @precondition(lambda self: any(company.state == "audited" for company in self.companies))
    @rule()
    def a_vote_admits(self):
        worlds.admit(self.world, next(c for c in self.companies if c.state == "audited"), self.now)

    @rule(place=somewhere, key=somewhere, what=st.sampled_from(["add", "change", "remove"]))
    def a_text_is_written(self, place, key, what):
        specification = one_of(self.specifications, place)
        pen = self.world.actors["equipe" if specification is self.site["framework"] else "entreprise"]
        version = specification.versions()[-1]
        if version.state != "draft":
            self.attempt(specifications.revise, specification, pen, self.now)
            return
        found = one_of([key for key, _criterion in version.ordered()], key)
        if what == "add":
            values = worlds.CRITERION | {"code": f"B{key}"}
            self.attempt(specifications.add_criterion, version, values, pen, self.now)
        elif found is not None and what == "change":
            values = {name: getattr(version.criteria[found], name) for name in criteria.FIELDS}
            values["requirement"] += f" Et {key}."
            self.attempt(specifications.change_criterion, version, found, values, pen, self.now)
        elif found is not None:
            self.attempt(specifications.remove_criterion, version, found, pen, self.now)

    @precondition(lambda self: len(self.under_way) < 3)
    @rule(place=somewhere, level=st.sampled_from([1, 2]), all_texts=st.booleans())
    def an_audit_is_planned(self, place, level, all_texts):
        company = one_of(self.companies, place)
        team = [self.world.accounts[login] for login in worlds.TEAMS[level]]
        given = {"body": self.world.body, "team": team, "versions": None if all_texts else company.candidates()}
        self.attempt(audits.plan, company, level, self.world.actors["equipe"], self.now, **given)

    @precondition(lambda self: self.under_way)
    @rule(place=somewhere, finding=somewhere, result=st.sampled_from(["conforming", "minor", "major"]))
    def an_audit_goes_on(self, place, finding, result):
        audit = one_of(self.under_way, place)
        if audit.state == "planned":
            self.attempt(engine.fire, audit, "start", self.of_team(audit, finding), self.now)
        elif audit.unanswered():
            codes = [f.criterion.code for f in audit.findings()]
            self.attempt(worlds.answer, self.world, audit, self.now, {one_of(codes, finding): result})
        elif audit.state == "in_progress" and audit.level == 2 and finding % 2:
            self.attempt(audits.sign, audit, self.of_team(audit, finding), self.now)
        elif audit.state == "in_progress":
            self.attempt(worlds.report, self.world, audit, self.now)
        else:
            self.attempt(audits.reply, audit, "Nous avons lu.", self.world.actors["entreprise"], self.now)

    @precondition(lambda self: any(audit.state == "in_progress" for audit in self.audits))
    @rule(place=somewhere, finding=somewhere, result=st.sampled_from([*RESULTS]), text=st.sampled_from(["", "Vu."]))
    def a_finding_is_filed(self, place, finding, result, text):
        audit = one_of([a for a in self.audits if a.state == "in_progress"], place)
        found, actor = one_of(audit.findings(), finding), self.of_team(audit, finding)
        self.attempt(audits.file, found, result, text, actor, self.now)

    @precondition(lambda self: any(audit.signatures for audit in self.under_way))
    @rule(place=somewhere, who=somewhere)
    def a_signature_is_recorded_as_missing(self, place, who):
        audit = one_of([audit for audit in self.under_way if audit.signatures], place)
        absent = self.of_team(audit, who).userid
        self.attempt(audits.record_unsigned, audit, absent, "Absent.", self.world.actors["equipe"], self.now)

    @precondition(lambda self: any(n.state in ("open", "accepted") for n in self.nonconformities))
    @rule(place=somewhere, days=st.integers(0, 90))
    def the_company_mends(self, place, days):
        found = one_of([n for n in self.nonconformities if n.state in ("open", "accepted")], place)
        staff = self.world.actors["entreprise"]
        if found.state == "open":
            day = self.now.date() + timedelta(days=days)
            self.attempt(nonconformities.propose, found, "Un oubli.", "Un relevé.", day, staff, self.now)
        else:
            self.attempt(nonconformities.prove, found, "C’est fait.", staff, self.now)

    @rule(days=st.sampled_from([0, 1, 15, 31, 100, 366]))
    def time_goes_on(self, days):
        self.now += timedelta(days=days)
        clock.tick(self.site, self.now)

    # What holds after each step

    @invariant()
    def one_version_of_a_text_is_in_force_at_most(self):
        for specification in self.specifications:
            assert [v.state for v in specification.versions()].count("in_force") <= 1

    @invariant()
    def what_was_said_of_a_criterion_stays(self):
        for place, specification in enumerate(self.specifications):
            for version in specification.versions():
                for key in (*version.criteria, *version.removed):
                    now = [(e.version.number, e.what, e.when, e.by) for e in criteria.history_of(specification, key)]
                    self.said.setdefault((place, key), [])
                    assert [event for event in self.said[place, key] if event not in now] == []
                    assert len(now) >= len(self.said[place, key])
                    self.said[place, key] = now
        for place, key in self.said:
            assert criteria.history_of(self.specifications[place], key), "a criterion that was there has no history"

    @invariant()
    def no_line_of_a_history_changes_or_disappears(self):
        for obj in self.moving:
            now, before = lines(obj), self.known.get(obj, [])
            assert now[: len(before)] == before
            assert now, "the history tells how it began"
            self.known[obj] = now
        assert set(self.known) <= set(self.moving), "nothing that has a history is gone"

    @invariant()
    def the_last_line_of_a_history_tells_the_state(self):
        for obj in self.moving:
            assert engine.last_entry(obj)["to"] == obj.state

    @invariant()
    def a_validated_report_answers_every_criterion(self):
        for audit in self.audits:
            if audit.state == "validated":
                wanted = {(v.__oid__, key) for v in audit.versions for key in v.criteria}
                assert {(f.version_id, f.key) for f in audit.findings()} >= wanted
                assert all(f.result in RESULTS and (f.text or f.result not in NEED_TEXT) for f in audit.findings())
                assert audit.verdict.text
                assert audit.level == 1 or set(audit.team) <= set(audit.signatures)
                assert audit.valid_until is not None

    @invariant()
    def whatever_is_found_in_a_report_that_stands_is_followed_up(self):
        for audit in self.audits:
            if audit.state in ("reported", "contested", "validated"):
                assert all(f.nonconformity is not None for f in audit.findings() if f.result in ("minor", "major"))

    @invariant()
    def somebody_leaves_every_state_but_the_last_ones(self):
        people = self.world.actors.values()
        for obj in self.moving:
            if obj.state not in FINAL[obj.workflow_name]:
                assert any(engine.available(obj, actor, self.now) for actor in people), (obj, obj.state)

    @invariant()
    def no_certificate_changes_and_no_number_comes_twice(self):
        found = [certificate for company in self.companies for certificate in company.certificates()]
        numbers = [certificate.number for certificate in found]
        assert len(numbers) == len(set(numbers))
        for certificate in found:
            says = (certificate.number, certificate.start, certificate.end, certificate.scope, certificate.audits)
            assert self.issued.setdefault(certificate, says) == says
        assert set(self.issued) <= set(found)

    @invariant()
    def whoever_is_certified_was_verified_by_an_accredited_body(self):
        for company in self.companies:
            if company.state in ("certified", "partnered", "suspended"):
                assert any(audit.level == 1 and audit.state == "validated" for audit in company.audits())


@pytest.fixture
def grounds(registry, _inhabited):
    """What an example begins with, by the state of ``candidate``: made once, and written over by none."""
    made = {}
    for start in STARTS:
        made[start] = DemoStorage(base=_inhabited)
        connection = DB(made[start]).open()
        manager.push({"registry": registry, "request": None})
        world = worlds.find(connection.root()["app_root"])
        worlds.certified(world, "autre", NOW)
        company, decider = world.companies["candidate"], world.actors["certificateur"]
        if start != "applied":
            worlds.audit(world, company, 1, "validated", NOW)
            visit = worlds.audit(world, company, 2, "validated", NOW, found={"A1": "minor"})
            worlds.nonconformity(world, visit, "accepted", NOW)
            engine.fire(company, "accept_audits", decider, NOW)
        if start in ("voted", "certified"):
            worlds.admit(world, company, NOW)
        if start == "certified":
            engine.fire(company, "certify", decider, NOW)
        if start in ("applied", "certified"):
            worlds.audit(world, company, 2, "reported", NOW, found={"A1": "major"})
        transaction.commit()
        manager.pop()
        connection.close()
    return made


def test_whatever_people_do_the_promises_hold(registry, grounds, pytestconfig):
    examples, steps = (600, 80) if pytestconfig.getoption("--full-size") else (40, 40)
    machine = type("Verification", (Verification,), {"registry": registry, "grounds": grounds})
    given = {"max_examples": examples, "stateful_step_count": steps}
    run_state_machine_as_test(machine, settings=settings(**given))
