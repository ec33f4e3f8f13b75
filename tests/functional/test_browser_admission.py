"""From an application to the place of the cooperative in the company: staff, members, certifiers and coordinators vote and decide."""

import re
import shutil
from datetime import UTC, datetime, timedelta

import pytest

from coopcms.domain import clock, members
from coopcms.domain.consistency import check

from .. import world as worlds
from .browsing import PHONE
from .storages import serving_zeo

NAME = "ferme-du-puy"
ADDRESS = f"/companies/{NAME}"
TITLE = "Admettre la ferme du Puy"
TEXT = "La ferme du Puy devient une entreprise de la coopérative, avec son cahier des charges des œufs."
VOTERS = ("membre", "certificatrice", "certificateur", "visiteuse", "visiteur")
#: What only a result says.
RESULT = ("Le résultat", "participation :", "Procès-verbal", "Suffrages exprimés", "est adoptée")


@pytest.fixture(scope="module")
def browser_place(tmp_path_factory, founded):
    """A company with a complete draft and five members, on a ZEO server: the clock of a vote is moved while the site runs."""
    folder = tmp_path_factory.mktemp("admission") / "site"
    shutil.copytree(founded / "var", folder / "var")
    with serving_zeo(folder) as place:
        with place.opened() as site:
            world, now = worlds.find(site), datetime.now(UTC) - timedelta(days=3)
            worlds.company(world, NAME, now)
            for login in VOTERS:
                members.admit(site, world.accounts[login], world.actors["equipe"], now, shares=3)
            clock.tick(site, now)
        yield place


def test_a_farm_is_admitted_by_the_members_certified_and_attached(browser_people, browser_place):
    staff, coordinator, visitor = browser_people("entreprise"), browser_people("equipe"), browser_people(**PHONE)
    deciding, of_the_team = browser_people("certificateur"), browser_people("certificatrice", **PHONE)
    applies(staff, coordinator)
    are_audited(browser_place, deciding)
    accepts_the_audits(staff, of_the_team, deciding)
    member = browser_people("membre", **PHONE)
    vote = proposes(coordinator, member, visitor)
    opens(coordinator, vote, (staff, member, deciding, visitor))
    newcomer = joins(coordinator, browser_people, browser_place)
    may_not_vote(vote, staff, coordinator, visitor, newcomer)
    first = votes(member, vote, "against")
    trackers = {"Pour": votes(member, vote, "for"), "Blanc": votes(browser_people("visiteur", **PHONE), vote, "blank")}
    other = votes(of_the_team, vote, "for")
    assert len({first, other, *trackers.values()}) == 4
    nobody_sees_a_result(vote, visitor, member, staff, coordinator)
    ends(browser_place, vote)
    is_too_late(deciding, vote)
    counts(coordinator, vote, (staff, member, deciding, visitor))
    finds_the_ballots(visitor, vote, {**trackers, None: first})
    certifies(deciding, of_the_team, staff, coordinator)
    attaches(coordinator, staff, deciding)
    reads_the_end(visitor, vote)
    with browser_place.opened() as site:
        assert not any(check(site).values())


def sends(reader, path, **fields):
    """The status of the answer to a form that the page does not offer, sent with a good token."""
    page = reader.context.request.get(f"{reader.url}/forgotten").text()
    fields["csrf_token"] = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)
    return reader.context.request.post(reader.url + path, form=fields, max_redirects=0).status


def asks(reader, path):
    """The status of the answer to an address, without going there."""
    return reader.context.request.get(reader.url + path, max_redirects=0).status


def may_not(reader, path, step):
    """The page offers no such step, and sent all the same it is refused."""
    assert f'id="{step}"' not in reader.context.request.get(f"{reader.url}{path}/workflow").text()
    assert sends(reader, f"{path}/workflow", transition=step, comment="Parce que.") == 403


def is_held_back(reader, path, step, why):
    """The page offers the step with a reason and without a button, and sent all the same it is refused."""
    reader.go(f"{path}/workflow")
    panel = reader.unfold(step)
    assert why in panel.inner_text()
    assert panel.locator("button").count() == 0
    assert sends(reader, f"{path}/workflow", transition=step, comment="Parce que.") == 409


def stands(reader, path, state):
    """The state that the page of an object says it is in."""
    reader.go(path)
    assert state in reader.read("main .page-header")


def applies(staff, coordinator):
    assert sends(coordinator, f"{ADDRESS}/workflow", transition="apply") == 403
    staff.go(f"{ADDRESS}/workflow")
    assert staff.fire("apply") == 200
    may_not(staff, ADDRESS, "declare_admissible")
    coordinator.go(f"{ADDRESS}/workflow")
    assert coordinator.fire("declare_admissible") == 200


def are_audited(place, certifier):
    """The work of the two teams, which a test of its own does in browsers."""
    is_held_back(certifier, ADDRESS, "accept_audits", "ni audit d’un organisme accrédité ni visite")
    with place.opened() as site:
        world, now = worlds.find(site), datetime.now(UTC)
        for level in (1, 2):
            worlds.audit(world, site["companies"][NAME], level, "validated", now)


def accepts_the_audits(staff, of_the_team, certifier):
    may_not(staff, ADDRESS, "accept_audits")
    is_held_back(of_the_team, ADDRESS, "accept_audits", "Vous avez participé à un audit de cette entreprise")
    certifier.go(f"{ADDRESS}/workflow")
    assert certifier.fire("accept_audits", "Les deux niveaux concordent.") == 200
    stands(certifier, ADDRESS, "Audits acceptés")


def proposes(coordinator, member, visitor):
    assert asks(member, "/proposals/add?kind=admission") == 403
    coordinator.go("/proposals")
    coordinator.press("Nouvelle proposition")
    coordinator.press("Admission d’une entreprise")
    coordinator.press_on(coordinator.page.locator(f"main a[href$='company={NAME}']"))
    coordinator.fill(title="", text=TEXT)
    assert coordinator.save() == 422
    assert coordinator.page.locator("[name=text]").input_value() == TEXT
    coordinator.fill(title=TITLE, description="Une ferme de plus pour nos œufs.")
    assert coordinator.save() == 200
    vote = coordinator.page.url.removeprefix(coordinator.url)
    for step, state in (("submit", "Soumise"), ("discuss", "En débat")):
        for reader in (member, visitor):
            assert asks(reader, vote) == 403, "nobody else sees it in preparation"
            assert TITLE not in reader.read_page("/proposals")
        coordinator.go(f"{vote}/workflow")
        assert coordinator.fire(step) == 200
        stands(coordinator, vote, state)
    assert TEXT in visitor.read_page(vote)
    return vote


def opens(coordinator, vote, others):
    for reader in others:
        may_not(reader, vote, "open")
        assert asks(reader, f"{vote}/vote") == 303, "there is no ballot yet"
        assert sends(reader, f"{vote}/vote", choice="for") == 403
    coordinator.go(f"{vote}/workflow")
    assert coordinator.fire("open") == 200
    stands(coordinator, vote, "Au vote")
    assert asks(coordinator, f"{vote}/edit") == 403, "the text is frozen"
    assert asks(coordinator, f"{vote}/set-rules") == 403, "the rules are frozen"


def joins(coordinator, browser_people, place):
    """Somebody who is a member from now on, with a line in the register."""
    coordinator.go("/members/add")
    coordinator.fill(account="voisine", shares="500")
    assert coordinator.save() == 200
    assert place.run("tick").returncode == 0
    assert worlds.PEOPLE["voisine"][0] in coordinator.read_page("/members")
    return browser_people("voisine")


def may_not_vote(vote, *readers):
    for reader in readers:
        reader.go(vote)
        assert not reader.page.locator(f"main a[href$='{vote}/vote']").count()
        assert asks(reader, f"{vote}/vote") == 403
        assert sends(reader, f"{vote}/vote", choice="against") == 403
    assert "compte 5 personnes" in readers[0].read_page(f"{vote}/rules")


def votes(reader, vote, choice):
    """Cast a ballot by the page: the tracker of the receipt, which is shown once."""
    reader.go("/tasks")
    again = not reader.page.locator(f".worklist a[href='{vote}/vote']").count()
    reader.go(vote)
    assert reader.press("Changer mon vote" if again else "Voter") == 200
    assert ("Vous avez déjà voté" in reader.read()) is again
    assert sends(reader, f"{vote}/vote", choice="maybe") == 422
    reader.activate(reader.page.locator(f"label[for=choice-{choice}]"))
    assert reader.press("Relire mon bulletin") == 200
    assert "Il n’est pas encore déposé" in reader.read()
    assert reader.press("Confirmer et déposer") == 200
    assert "Votre vote est enregistré" in reader.read("h1")
    tracker = reader.read(".tracker")
    assert re.fullmatch(r"([2-9a-z]{5}-){4}[2-9a-z]{5}", tracker)
    assert tracker not in reader.read_page(f"{vote}/receipt"), "a receipt is shown once"
    assert "Vous avez voté" in reader.read()
    return tracker


def nobody_sees_a_result(vote, *readers):
    for reader in readers:
        words = " ".join(reader.read_page(vote).split())
        assert not [word for word in RESULT if word in words]
        for path in (f"{vote}/minutes", f"{vote}/ballots.json", f"/api/v1{vote}/result", f"/api/v1{vote}/ballots.json"):
            assert asks(reader, path) == 404
        sends(reader, f"{vote}/count")
        stands(reader, vote, "Au vote")
    for step in ("adopt", "reject", "lapse"):
        may_not(readers[-1], vote, step)
    may_not(readers[-1], ADDRESS, "admit")


def ends(place, vote):
    """Let the end of the vote be past."""
    with place.opened() as site:
        site["proposals"][vote.rpartition("/")[2]].ends_at = datetime.now(UTC) - timedelta(minutes=1)


def is_too_late(member, vote):
    assert "Ce vote est terminé" in member.read_page(f"{vote}/vote")
    assert not member.page.locator("[name=choice]").count()
    assert sends(member, f"{vote}/vote", choice="against") == 409


def counts(coordinator, vote, others):
    for reader in others:
        reader.go(vote)
        assert not reader.page.get_by_role("button", name="Dépouiller").count()
        assert sends(reader, f"{vote}/count") == 403
    coordinator.go("/tasks")
    coordinator.press_on(coordinator.page.locator(f".worklist a[href='{vote}']").first)
    assert coordinator.press("Dépouiller maintenant") == 200
    assert "La proposition est adoptée" in coordinator.read(".verdict")
    stands(coordinator, ADDRESS, "Admise par le vote")
    stands(coordinator, f"{ADDRESS}/specifications/oeufs/1", "Adoptée")


def finds_the_ballots(visitor, vote, trackers):
    visitor.go(vote)
    visitor.press("Procès-verbal")
    words = " ".join(visitor.read().split())
    assert "Inscrits 5" in words
    assert "Votants 3 (60 %)" in words
    assert not [name for name, _roles in worlds.PEOPLE.values() if name in words]
    for says, tracker in trackers.items():
        visitor.page.locator("[name=tracker]").fill(tracker)
        assert visitor.press("Chercher") == 200
        expected = f"Le bulletin {tracker} dit : {says}" if says else "Aucun bulletin ne porte ce code"
        assert expected in " ".join(visitor.read(".notice[role=status]").split())
    published = visitor.context.request.get(f"{visitor.url}{vote}/ballots.json").json()
    assert {trackers["Pour"], trackers["Blanc"]} < {ballot["tracker"] for ballot in published["ballots"]}
    assert published["result"]["counts"] == {"for": 2, "against": 0, "blank": 1}


def certifies(certifier, of_the_team, staff, coordinator):
    for reader in (staff, coordinator):
        may_not(reader, ADDRESS, "certify")
    is_held_back(of_the_team, ADDRESS, "certify", "Vous avez participé à un audit de cette entreprise")
    certifier.go("/tasks")
    certifier.press_on(certifier.page.locator(f".worklist a[href='{ADDRESS}/workflow']").first)
    assert certifier.fire("certify", "Vérifiée à deux niveaux, admise par les sociétaires.") == 200
    stands(certifier, ADDRESS, "Certifiée")


def attaches(coordinator, *others):
    for reader in others:
        may_not(reader, ADDRESS, "partner")
        assert asks(reader, f"{ADDRESS}/link") == 403
    is_held_back(coordinator, ADDRESS, "partner", "lien structurel")
    coordinator.go(ADDRESS)
    coordinator.press("Le lien structurel")
    assert coordinator.save() == 422
    assert "Indiquez au moins un lien" in coordinator.read("#form")
    coordinator.fill(stake="2,5", seat="Camille Roux")
    coordinator.page.locator("#form input[type=date]").first.fill("2029-06-30")
    assert coordinator.save() == 200
    coordinator.go(f"{ADDRESS}/workflow")
    assert coordinator.fire("partner") == 200


def reads_the_end(visitor, vote):
    stands(visitor, ADDRESS, "Rattachée")
    assert "2,5 %" in " ".join(visitor.read().split())
    assert "Rattachée" in visitor.read("ol.timeline li[aria-current=step]")
    stands(visitor, vote, "Adoptée")
    assert TITLE in visitor.read_page("/proposals")
