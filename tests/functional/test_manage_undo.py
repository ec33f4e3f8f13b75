"""Undoing in the management interface: what was done there to accounts, and nothing else."""

import re

import pytest
import transaction

from coopcms.domain import accounts, companies, journal
from coopcms.views.manage import undo
from coopcms.workflows import engine
from tests import world as worlds
from tests.conftest import NOW
from tests.world import PASSWORD

from .managing import CANDIDATE, GROUP, NEW_PASSWORD, USER, change_password, keeping_history, post

# ----------------------------------------------------------------------------------------------------------- undoing


def test_undo_is_not_offered_where_the_database_cannot(admin):
    assert "ne sait rien annuler" in admin.get("/manage/@@undo").text
    form = admin.get(f"{GROUP}/@@properties").forms["deform"]
    form["description"] = "Ceux qui ont une part"
    assert "undohash" not in form.submit("save").follow().text


class TestUndo:
    """On a database that keeps what was before."""

    @pytest.fixture
    def registry(self, application, settings, tmp_path):
        with keeping_history(application, tmp_path) as registry:
            yield registry

    @pytest.fixture
    def world(self, registry, site):
        made = worlds.build(site, NOW)
        transaction.commit()
        return made

    def describe(self, app, sentence):
        form = app.get(f"{GROUP}/@@properties").forms["deform"]
        form["description"] = sentence
        return form.submit("save").follow()

    def offered(self, app):
        return re.findall(r'name="transaction" id="t(\w+)"', app.get("/manage/@@undo").text)

    def group(self, site):
        site._p_jar.sync()
        return site["principals"]["groups"]["members"]

    def test_the_button_beside_a_message_is_a_form_that_undoes(self, admin, site):
        page = self.describe(admin, "Ceux qui ont une part")
        form = next(f for f in page.forms.values() if "undohash" in f.fields)
        assert form.method == "post"
        back = form.submit().follow()
        back = back.follow() if back.status_int == 303 else back
        assert "Annulé" in back.text
        assert self.group(site).description == ""
        assert [line["what"] for line in journal.lines(site)] == ["undo"]

    def test_somebody_elses_button_does_nothing(self, browse, admin, site, world):
        accounts.give_role(site, world.accounts["equipe"], "admin")
        transaction.commit()
        page = self.describe(admin, "Ceux qui ont une part")
        number = next(f for f in page.forms.values() if "undohash" in f.fields)["undohash"].value
        post(browse("equipe"), "/manage/@@undo_recent", 303, undohash=number)
        assert self.group(site).description == "Ceux qui ont une part"

    def test_what_was_done_here_is_listed_and_undone(self, admin, site):
        self.describe(admin, "Ceux qui ont une part")
        (tid,) = self.offered(admin)
        assert "Annulé" in post(admin, "/manage/@@undo_multiple", 303, transaction=tid).follow().text
        assert self.group(site).description == ""
        assert self.offered(admin) == []

    def test_roles_that_were_given_are_taken_back(self, admin, site):
        form = admin.get(f"{GROUP}/@@properties").forms["deform"]
        form["enter"] = "voisine"
        form.submit("save")
        (tid,) = self.offered(admin)
        post(admin, "/manage/@@undo_multiple", 303, transaction=tid)
        site._p_jar.sync()
        assert not site["principals"]["users"]["voisine"].roles()

    def test_an_edited_account_is_put_back(self, admin, site):
        form = admin.get(f"{USER}/@@properties/Compte").forms["deform"]
        form["title"], form["email"] = "Autre", "autre@test.example"
        form.submit("save")
        (tid,) = self.offered(admin)
        post(admin, "/manage/@@undo_multiple", 303, transaction=tid)
        site._p_jar.sync()
        assert site["principals"]["users"]["membre"].title == "Camille Roux"
        assert accounts.by_login(site, "membre@test.example") is not None

    def test_what_was_written_since_is_not_lost(self, admin, site):
        self.describe(admin, "Ceux qui ont une part")
        (first,) = self.offered(admin)
        self.describe(admin, "Toutes celles qui ont une part")
        answer = post(admin, "/manage/@@undo_multiple", 303, transaction=first).follow()
        assert "ne peut pas être annulé" in answer.text
        assert self.group(site).description == "Toutes celles qui ont une part"

    def test_nothing_of_the_site_is_offered_nor_undone_by_hand(self, browse, admin, site, world, registry):
        """A history, a dossier, a register line, an account, a password, a log-in token: each written and then asked back."""
        accounts.give_role(site, world.accounts["admin"], "coordinator")
        transaction.commit()
        admin = browse("admin")
        step = next(
            s
            for s in engine.available(world.companies["candidate"], accounts.actor_of(world.accounts["admin"]), NOW)
            if s.allowed and not s.transition.comment
        )
        post(admin, f"{CANDIDATE}/@@workflows", 303, transition=step.transition.id)
        form = admin.get("/manage/principals/users/@@add_user").forms["deform"]
        form["name"], form["title"], form["email"] = "nouvelle", "N", "n@test.example"
        form.submit("add")
        change_password(admin, "membre", PASSWORD, NEW_PASSWORD)
        site._p_jar.sync()
        journal.write(site, "line", world.actors["admin"], NOW)
        transaction.get().note("/manage a description that anybody can give")
        transaction.get().setExtendedInfo(undo.MARK, "forged")
        transaction.commit()
        companies.add_staff(world.companies["candidate"], world.accounts["voisine"].__oid__)
        world.companies["candidate"].history[99] = {"transition": "forged", "when": NOW}
        transaction.get().note("/manage")
        transaction.get().setExtendedInfo(undo.MARK, "forged")
        transaction.commit()
        assert self.offered(admin) == []
        database = registry._zodb_databases[""]
        for entry in database.undoLog(0, -20):
            answer = post(admin, "/manage/@@undo_multiple", 303, transaction=undo._tid(entry["id"]).hex()).follow()
            assert "ne peut pas être annulé" in answer.text
        post(admin, "/manage/@@undo_recent", 303, undohash="forged")
        site._p_jar.sync()
        assert "nouvelle" in site["principals"]["users"]
        assert world.companies["candidate"].history[99]

    def test_each_record_decides(self, site, world, registry):
        """Whatever its description says, a transaction with one record that is not on the list stays."""
        storage = registry._zodb_databases[""].storage

        def commit():
            transaction.commit()
            return undo.is_harmless(storage, storage.lastTransaction())

        world.accounts["membre"].title = "X"
        assert commit()
        world.companies["candidate"].title = "X"
        assert not commit()
        world.companies["candidate"].history[98] = {"transition": "x", "when": NOW}
        assert not commit()
        journal.write(site, "x", world.actors["admin"], NOW)
        assert not commit()
        accounts.issue_token(site, world.accounts["membre"], NOW)
        assert not commit()
        accounts.create(site, "encore", "Encore", "encore@test.example")
        assert not commit()
        site.title = "La Suite ensemble"
        assert commit()
        assert not undo.is_harmless(storage, b"\0" * 8)
