"""The demo content: every state is there, everybody finds something to do, nothing disagrees, and a day always gives the same."""

import contextlib
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import transaction
from pyramid.threadlocal import manager
from ZODB.DB import DB
from ZODB.DemoStorage import DemoStorage

from coopcms.content.audit import RESULTS
from coopcms.content.member import CATEGORIES
from coopcms.content.proposal import KINDS
from coopcms.domain import accounts, amendments, clock, members, registers, suggestions, verification, voting, worklist
from coopcms.domain.consistency import check
from coopcms.domain.criteria import differences
from coopcms.seed.cast import ACCOUNTS
from coopcms.seed.demo import fill
from coopcms.workflows import WORKFLOWS

DAY = datetime(2026, 3, 12, 12, 0, tzinfo=UTC)


@contextlib.contextmanager
def filled(application, day=DAY):
    """A site with the demo content of a day, in a database of its own."""
    registry = application.registry
    layer = DemoStorage(base=registry._zodb_databases[""].storage)
    database = DB(layer)
    connection = database.open()
    manager.push({"registry": registry, "request": None})
    site = connection.root()["app_root"]
    fill(site, day)
    transaction.commit()
    yield site
    transaction.abort()
    manager.pop()
    connection.close()
    layer.changes.close()


@pytest.fixture(scope="module")
def site(application):
    with filled(application) as made:
        yield made


@pytest.fixture
def companies(site):
    return list(site["companies"].values())


@pytest.fixture
def audits(companies):
    return [audit for company in companies for audit in company.audits()]


@pytest.fixture
def nonconformities(audits):
    return [one for audit in audits for one in audit.nonconformities()]


def versions_of(companies):
    return [version for company in companies for version in company.versions()]


def states(objects):
    return Counter(obj.state for obj in objects)


def every(workflow):
    return {state.id for state in WORKFLOWS[workflow].states}


def test_companies_stand_everywhere_on_the_way(companies):
    found = states(companies)
    assert set(found) == every("company")
    assert len(companies) >= 14
    assert found["audited"] >= 2
    assert found["certified"] >= 2


def test_audits_are_in_every_state_at_both_levels(audits):
    assert set(states(audits)) == every("audit")
    assert {audit.level for audit in audits} == {1, 2}
    assert len({audit.__parent__.__parent__.__name__ for audit in audits if audit.state != "cancelled"}) >= 7


def test_reports_open_with_a_verdict_and_answer_every_criterion(audits):
    given = [audit for audit in audits if audit.report_stands]
    assert len(given) >= 14
    for audit in given:
        assert audit.verdict.text
        assert not audit.unanswered()
        assert all(finding.text for finding in audit.findings())
    found = Counter(finding.result for audit in given for finding in audit.findings())
    assert set(found) == set(RESULTS)
    assert found["conforming"] > sum(found.values()) / 2
    assert sum(finding.access_refused for audit in given for finding in audit.findings()) == 1


def test_a_visit_under_way_is_half_filled_by_two(site):
    (audit,) = site["companies"]["agence-ricochet"].audits()
    authors = {finding.found_by for finding in audit.findings() if finding.is_answered}
    assert len(authors) == 2
    assert 0 < len(audit.unanswered()) < len(audit.sequence)
    assert not audit.signatures


def test_signatures_with_reservation_and_missing_ones(audits):
    signatures = [signature for audit in audits for signature in audit.signatures.values()]
    assert any(signature["reservation"] for signature in signatures)
    assert any(signature["missing"] for signature in signatures)


def test_non_conformities_are_in_every_state_and_one_is_overdue(nonconformities):
    assert set(states(nonconformities)) == every("nonconformity")
    overdue = [one for one in nonconformities if one.is_overdue(DAY)]
    assert [one.state for one in overdue] == ["accepted"]
    assert {entry["transition"] for one in nonconformities for entry in one.history.values()} == {
        "create",
        *(transition.id for transition in WORKFLOWS["nonconformity"].transitions),
    }


def test_coordinators_look_after_dossiers_and_fill_one_in_with_its_company(site):
    looked_after = [c for c in site["companies"].values() if c.care is not None and c.care.assignee is not None]
    assert len({company.care.assignee for company in looked_after}) == 2
    assert all(company.care.notes for company in looked_after)
    [offered] = [c for c in site["companies"].values() if suggestions.waiting(c)]
    assert offered.state == "draft"


def test_versions_are_in_every_state(companies):
    assert set(states(versions_of(companies))) == every("specification")


def test_a_version_that_waits_for_its_day(companies):
    (waiting,) = [v for v in versions_of(companies) if v.state == "adopted"]
    assert waiting.in_force_on > DAY.date()


def test_versions_compared_show_something(site):
    old, new = site["companies"]["moulin-de-grandval"]["specifications"]["farine-de-menage"].versions()
    assert (old.state, new.state) == ("superseded", "in_force")
    found = differences(old, new)
    assert found.added
    assert found.removed
    assert found.changed


def test_levels_agree_mostly_and_disagree_in_places(site):
    company = site["companies"]["beurrerie-de-la-selune"]
    rows = [row for version in company.to_be_audited() for row in verification.rows(company, version, DAY)]
    told = verification.summary(rows)
    assert told.disagreeing
    assert told.both > told.criteria / 2
    assert not told.aged


def test_findings_of_one_company_are_old(site):
    company = site["companies"]["laiterie-des-monts"]
    (version,) = company["specifications"]["lait-de-consommation"].versions()
    rows = list(verification.rows(company, version, DAY))
    assert all(row.aged == (1, 2) for row in rows)


def test_certificates_run_end_soon_ended_and_are_suspended_or_withdrawn(site):
    found = {
        slug: company.current_certificate()
        for slug, company in site["companies"].items()
        if company.current_certificate() is not None
    }
    assert {certificate.status(DAY) for certificate in found.values()} == {"valid", "ended", "suspended", "withdrawn"}
    assert found["laiterie-des-monts"].days_left(DAY) in (25, 26)
    assert found["huilerie-des-vieux-chaumes"].days_left(DAY) < 0
    # Numbered in the order of the decisions, as in any register.
    numbers = sorted(found.values(), key=lambda certificate: certificate.created)
    assert [int(certificate.number[-4:]) for certificate in numbers] == list(range(1, len(numbers) + 1))


def test_the_clock_suspended_and_spared(site):
    suspended, spared = site["companies"]["vergers-de-fiumorbu"], site["companies"]["huilerie-des-vieux-chaumes"]
    last = suspended.history[suspended.history.maxKey()]
    assert (last["transition"], last["role"], suspended.overdue(DAY)) == ("suspend", "system:clock", ["action"])
    assert (spared.state, spared.overdue(DAY)) == ("certified", [])


def test_bodies_one_accredited_one_no_more(site):
    found = {name: body.is_accredited_on(DAY.date()) for name, body in site["bodies"].items()}
    assert sorted(found.values()) == [False, True]
    assert site["principals"]["users"]["auditeur"].__oid__ in site["bodies"]["calade-controle"].auditors


def test_sites_of_every_kind(companies):
    assert sum(2 <= len(list(company.worksites())) <= 4 for company in companies) >= 8
    assert {site.kind for company in companies for site in company.worksites()} == {
        "plant",
        "farm",
        "boat",
        "shop",
        "office",
        "other",
    }


def discussed(site):
    for company in [*site["companies"].values(), None]:
        versions = company.versions() if company is not None else site["framework"].versions()
        yield from () if company is None else (company, *company.audits())
        for version in versions:
            yield version
            yield from (criterion for _key, criterion in version.ordered())


def comments_of(site):
    return [
        comment
        for obj in discussed(site)
        if obj.discussion is not None
        for _key, comment in sorted(obj.discussion.items(), key=lambda item: item[1].when)
    ]


def test_people_talk(site):
    found = comments_of(site)
    assert 25 <= len(found) <= 45
    assert {"company", "cooperative"} <= {comment.official for comment in found}
    (hidden,) = [comment for comment in found if comment.state == "hidden"]
    assert hidden.hidden_reason
    assert any(len(comment.reports) for comment in found)
    assert [entry["why"] for entry in site.moderation.values()] == ["reported"]


def test_amendments_are_proposed_accepted_and_refused(companies):
    found = [
        amendment
        for version in versions_of(companies)
        for _key, criterion in version.ordered()
        for _name, amendment in amendments.in_order(criterion)
    ]
    assert {amendment.state for amendment in found} == {"proposed", "accepted", "refused"}


def test_evidence_is_drawn_or_written(audits):
    found = [
        evidence
        for audit in audits
        for finding in audit.findings()
        for evidence in (
            *finding.evidence.values(),
            *(finding.nonconformity.documents.values() if finding.nonconformity is not None else ()),
        )
    ]
    assert {evidence.content_type for evidence in found} >= {"image/jpeg", "text/csv", "text/plain"}
    assert {evidence.visibility for evidence in found} >= {"public", "members", "verifiers"}


def test_the_one_vote_of_before_the_platform_has_its_real_figures(companies):
    ((name, butter),) = [(company.__name__, vote) for company in companies for vote in company.earlier_votes]
    assert name == "beurrerie-de-la-selune"
    assert (butter["entitled"], butter["voters"], butter["yes"]) == (9000, 2300, 2024)
    assert butter["when"].year == 2019
    assert "démonstration" in butter["source"]


def test_companies_left_for_different_reasons(companies):
    last = {company.__name__: company.history[company.history.maxKey()] for company in companies if company.is_closed}
    assert {entry["transition"] for entry in last.values()} == {"decline", "refuse", "withdraw", "end", "exclude"}


def test_the_partner_of_the_demo_account_has_its_link(site):
    company = site["companies"]["laiterie-des-monts"]
    assert company.state == "partnered"
    assert site["principals"]["users"]["partenaire"].__oid__ in company.staff
    assert company.link["seat"]
    assert {day < DAY.date() for day, _text in company.link["programme"]} == {True, False}


def test_three_hundred_members_hold_from_one_share_to_five_hundred(site):
    people = list(site["members"].values())
    assert members.in_good_standing(site) == 300
    assert [member.number for member in people if member.left is not None and not member.shares]
    assert len({member.title for member in people}) == len(people) == 302
    held = [member.shares for member in people if member.left is None]
    assert (min(held), max(held)) == (1, 500)
    assert {member.category for member in people} == set(CATEGORIES)
    assert {accounts.by_id(site, member.account_id).__name__ for member in people} >= {
        "membre",
        "certificatrice",
        "certificateur",
        "visiteuse",
        "visiteur",
    }


def test_the_share_register_tells_two_years(site):
    lines = list(site.share_register.lines.values())
    assert [line["number"] for line in lines] == list(range(1, len(lines) + 1))
    assert registers.capital(site) == sum(member.shares for member in site["members"].values())
    assert Counter(line["kind"] for line in lines)["withdrawal"] == 2
    assert len(lines) > 320
    assert all(line["when"] <= line["recorded"] < DAY for line in lines)
    assert lines[-1]["when"] - lines[0]["when"] > timedelta(days=700)


def test_proposals_are_in_every_state(site):
    found = list(site["proposals"].values())
    assert set(states(found)) == every("proposal")
    assert {proposal.kind for proposal in found} == set(KINDS)
    assert {proposal.secret for proposal in found if proposal.is_decided} == {True, False}
    assert all(proposal.consequence["done"] for proposal in found if proposal.state in ("adopted", "rejected"))


def test_open_votes_end_within_days_and_wait_for_the_member(site):
    found = [proposal for proposal in site["proposals"].values() if proposal.state == "voting"]
    assert {proposal.kind for proposal in found} == {"admission", "specification"}
    member = accounts.actor_of(site["principals"]["users"]["membre"])
    assert all(member.userid in proposal.roll for proposal in found)
    assert {voting.has_voted(proposal, member) for proposal in found} == {True, False}
    assert all(timedelta(days=2) < proposal.ends_at - DAY < timedelta(days=10) for proposal in found)


def test_proposals_are_talked_about(site):
    found = {proposal.__name__: len(list(proposal.discussion.items())) for proposal in site["proposals"].values()}
    assert found["admission-elevage-de-la-vialatte"] >= 5
    assert sum(1 for count in found.values() if count) >= 5


@pytest.mark.parametrize("login", [login for login in ACCOUNTS if login != "admin"])
def test_everybody_finds_something_to_do(site, login):
    actor = accounts.actor_of(site["principals"]["users"][login])
    assert worklist.tasks(site, actor, DAY)


def test_nobody_without_a_demo_account_can_log_in(site):
    users = site["principals"]["users"]
    assert {login for login in users if users[login].password is not None} == set(ACCOUNTS)
    assert all(users[login].check_password("demo") for login in ACCOUNTS)


def test_what_everybody_reads_names_no_account(site, companies, audits):
    names = [account.title for account in site["principals"]["users"].values() if " " in account.title]
    texts = [audit.verdict.text for audit in audits]
    texts += [finding.text for audit in audits for finding in audit.findings()]
    texts += [s[key] for audit in audits for s in audit.signatures.values() for key in ("reservation", "missing")]
    told = [*companies, *audits, *versions_of(companies), *(n for audit in audits for n in audit.nonconformities())]
    told += site["proposals"].values()
    texts += [proposal.text for proposal in site["proposals"].values()]
    texts += [entry["comment"] for obj in told for entry in obj.history.values()]
    assert not [(name, text) for name in names for text in texts if name in text]


def test_nothing_disagrees(site):
    assert not any(check(site).values()), check(site)


@pytest.mark.parametrize("hours", [-11, 0, 10])
def test_the_clock_finds_nothing_left_to_do_on_that_day(site, hours):
    done = clock.tick(site, DAY + timedelta(hours=hours))
    transaction.abort()
    assert not any(done.values()), done


def test_nothing_happens_after_that_day(site, companies, audits, nonconformities):
    told = [*companies, *audits, *nonconformities, *versions_of(companies), *site["proposals"].values()]
    assert max(entry["when"] for obj in told for entry in obj.history.values()) < DAY


def lines(obj, names):
    """A history as people read it."""
    return [
        (e["transition"], e["from"], e["to"], e["when"], names.get(e["actor"]), e["role"], e["comment"])
        for e in obj.history.values()
    ]


def readable(site):
    """Everything of the demo that people read, without the keys and ids made at random."""
    names = {account.__oid__: login for login, account in site["principals"]["users"].items()}
    told = {}
    for slug, company in site["companies"].items():
        told[slug] = (
            [section.values for _name, section in sorted(company.sections.items())],
            sorted(map(repr, company.contacts.values())),
            sorted(names[userid] for userid in (*company.staff, *company.interests)),
            lines(company, names),
            company.earlier_votes,
            company.link and {k: names.get(v, v) if k == "recorded_by" else v for k, v in company.link.items()},
            [(c.number, c.title, c.start, c.end, c.scope, c.audits) for c in company.certificates()],
            [(s.__name__, s.title, s.kind, s.photo and s.photo.sha256) for s in company.worksites()],
            sorted(
                (c.name, c.valid_until, c.renewal and c.renewal["text"]) for c in company.outside_certificates.values()
            ),
        )
        for version in company.versions():
            told[slug, version.__parent__.__name__, version.__name__] = (
                lines(version, names),
                [
                    (c.code, c.title, c.requirement, c.criterion_class, c.evidence, [names[a] for a in c.amended_by])
                    for _key, c in version.ordered()
                ],
                [
                    (a.state, a.reason, a.answer, a.when, names[a.author])
                    for _key, c in version.ordered()
                    for _name, a in amendments.in_order(c)
                ],
            )
        for audit in company.audits():
            told[slug, audit.__name__] = (
                audit.title,
                audit.purpose,
                audit.verdict.text,
                sorted(names[userid] for userid in audit.team),
                lines(audit, names),
                sorted((names[userid], s["when"], s["reservation"]) for userid, s in audit.signatures.items()),
                [(reply["text"], reply["when"]) for reply in audit.replies.values()],
                [(f.criterion.code, f.result, f.text, names.get(f.found_by), f.found_at) for f in audit.findings()],
                sorted(e.sha256 for f in audit.findings() for e in f.evidence.values()),
                [(n.cause, n.action, n.deadline, lines(n, names)) for n in audit.nonconformities()],
            )
    for name, proposal in site["proposals"].items():
        told["vote", name] = (
            lines(proposal, names),
            (proposal.title, proposal.description, proposal.text, proposal.rules(), proposal.opens_on),
            proposal.result and {k: v for k, v in proposal.result.items() if k != "sha256"},
            sorted(names[userid] for userid in proposal.roll),
            sorted((names[userid], choice) for userid, choice in (proposal.voices or {}).items()),
            proposal.milestones,
            sorted((c.text, c.when, names[c.author]) for _key, c in proposal.discussion.items()),
        )
    told["members"] = [
        (member.number, names[member.account_id], member.category, member.joined, member.left, member.shares)
        for member in sorted(site["members"].values(), key=lambda each: each.number)
    ]
    told["register"] = [{k: v for k, v in line.items() if k != "key"} for line in site.share_register.lines.values()]
    told["comments"] = [(c.text, c.when, names[c.author], c.state, c.official) for c in comments_of(site)]
    return told


def test_a_day_always_gives_the_same(application, site):
    told = readable(site)
    with filled(application) as other:
        again = readable(other)
    assert told.keys() == again.keys()
    for key in told:
        assert told[key] == again[key], key


@pytest.mark.parametrize("day", [datetime(2028, 2, 29, 12, tzinfo=UTC), datetime(2026, 10, 25, 12, tzinfo=UTC)])
def test_other_days_are_as_sound(application, day):
    with filled(application, day) as other:
        assert not any(check(other).values())
        assert not any(clock.tick(other, day).values())
        assert set(states(other["companies"].values())) == every("company")
        assert set(states(other["proposals"].values())) == every("proposal")
