"""The management interface: who gets in, what exists there, and what it never does."""

import re
import shutil
from html import unescape

import pytest
import transaction
from ZODB.DB import DB
from ZODB.FileStorage import FileStorage

from coopcms.domain import accounts, companies, journal
from coopcms.views.manage import gate, pages, undo
from coopcms.workflows import engine
from tests.conftest import NOW
from tests.world import PASSWORD

CANDIDATE = "/manage/companies/candidate"
USER = "/manage/principals/users/membre"
GROUP = "/manage/principals/groups/members"
NEW_PASSWORD = "une toute nouvelle phrase"
PAGES = [
    "/manage/@@contents",
    "/manage/@@services",
    "/manage/@@properties",
    "/manage/@@undo",
    "/manage/@@database",
    "/manage/@@database?show_evolve=1",
    "/manage/@@indexing",
    "/manage/companies/@@contents",
    f"{CANDIDATE}/@@contents",
    f"{CANDIDATE}/@@workflows",
    f"{CANDIDATE}/@@indexing",
    f"{CANDIDATE}/specifications/oeufs/1/@@workflows",
    "/manage/framework/1/@@workflows",
    "/manage/principals/@@contents",
    "/manage/principals/users/@@contents",
    "/manage/principals/users/@@add_user",
    "/manage/principals/groups/@@contents",
    "/manage/principals/resets/@@contents",
    f"{USER}/@@properties/Preferences",
    f"{USER}/@@properties/Groups",
    f"{USER}/@@change_password",
    f"{USER}/@@references",
    f"{USER}/@@indexing",
    f"{GROUP}/@@properties",
    "/manage/catalogs/@@contents",
    "/manage/catalogs/system/@@manage_catalog",
    "/manage/catalogs/system/@@search_catalog",
    "/manage/catalogs/system/@@contents",
    "/manage/catalogs/coopcms/state/@@manage_index",
    "/manage/locks/@@contents",
]
#: What Substance D has and this site has not: (page, of what).
REMOVED = [
    "/manage/@@auditing",
    "/manage/@@auditstream-sse",
    "/manage/@@add_folder",
    "/manage/@@add_file",
    "/manage/@@upload",
    "/manage/@@add_principals_service",
    "/manage/@@add_lock_service",
    "/manage/@@preview_image_upload",
    "/manage/companies/@@add_folder",
    "/manage/companies/@@upload",
    "/manage/catalogs/@@add_catalog",
    "/manage/locks/@@add_lock",
    "/manage/principals/groups/@@add_group",
    f"{CANDIDATE}/@@properties",
    f"{CANDIDATE}/@@upload",
    f"{CANDIDATE}/@@add_file",
    "/manage/@@undo_recent?undohash=x",
    "/manage/@@undo_multiple",
]


def token(app, path="/manage/@@contents"):
    return re.search(r'name="csrf_token"\s+value="([^"]+)"', app.get(path).text).group(1)


def post(app, path, status=403, **fields):
    """Post by hand, with the token of the session; double underscores stand for points."""
    fields = {name.replace("__", "."): value for name, value in fields.items()}
    return app.post(path, {"csrf_token": token(app), **fields}, status=status)


@pytest.fixture
def admin(browse):
    return browse("admin")


# ------------------------------------------------------------------------------------------------------------ the gate


@pytest.mark.parametrize("path", ["/manage", "/manage/", "/manage/@@contents", USER, "/manage/catalogs", "/manage/@@database"])
@pytest.mark.parametrize("login", [None, "membre", "entreprise", "equipe"])
def test_nobody_but_administrators_gets_in(browse, path, login):
    answer = browse(login).get(path, status=403)
    assert ("/login?next=%2Fmanage" in answer.text) == (login is None)
    assert "La Suite" in answer.text
    assert 'name="password"' not in answer.text


def test_an_administrator_who_looks_as_somebody_else_is_not_one_meanwhile(admin):
    page = admin.get("/see-as")
    admin.post("/see-as", {"role": "member", "csrf_token": re.search(r'csrf_token" value="([^"]+)"', page.text).group(1)})
    admin.get("/manage/", status=403)


def test_a_token_of_the_api_opens_nothing_here(browse, world):
    token = accounts.issue_token(world.site, world.accounts["admin"], NOW)
    transaction.commit()
    browse().get("/manage/@@contents", headers={"Authorization": f"Bearer {token}"}, status=403)


def test_what_only_begins_like_manage_is_no_way_in(admin):
    for path in ("/manager", "/managecompanies", "/manageprincipals/users/@@contents"):
        admin.get(path, status=404)


@pytest.mark.parametrize("path", ["/manage/@@login", "/manage/login", f"{CANDIDATE}/@@login"])
def test_substance_d_takes_no_passwords(browse, path):
    app = browse()
    assert app.get(path).location.endswith("/login?next=%2Fmanage%2F")
    form = app.get("/login").forms["form"]
    fields = {"login": "admin", "password": PASSWORD, "form.submitted": "Log In", "csrf_token": form["csrf_token"].value}
    assert app.post(path, fields).location.endswith("/login?next=%2Fmanage%2F")
    app.post(path, {**fields, "csrf_token": ""}, status=400)
    app.get("/manage/@@contents", status=403)


def test_passwords_are_not_reset_the_way_of_substance_d(browse, admin, world):
    app = browse()
    assert app.get("/manage/@@resetpassword").location.endswith("/forgotten")
    reset = world.site["principals"].add_reset(world.accounts["admin"])
    transaction.commit()
    assert app.get(f"/manage/principals/resets/{reset.__name__}").location.endswith("/forgotten")
    assert app.get(f"/manage/principals/resets/{reset.__name__}/").location.endswith("/forgotten")


def test_logging_out_asks_first_and_ends_the_session(admin):
    page = admin.get("/manage/@@logout")
    admin.get("/manage/@@contents", status=200)
    page.forms[1].submit()
    admin.get("/manage/@@contents", status=403)


def test_logging_out_takes_the_token(admin):
    admin.post("/manage/@@logout", status=400)
    admin.get("/manage/@@contents", status=200)


def test_manage_sets_no_cookie_but_the_session_with_the_marks_of_ours(admin):
    for path in ("/manage/@@contents", f"{USER}/@@change_password", "/manage/@@undo"):
        for cookie in admin.get(path).headers.getall("Set-Cookie"):
            assert cookie.startswith("session=")
            assert "HttpOnly" in cookie and "SameSite=Lax" in cookie


POSTS = [
    ("/manage/@@upload-submit", {}),
    ("/manage/companies/@@upload-submit", {}),
    ("/manage/companies/@@contents", {"form.delete": "delete", "item-modify": "candidate"}),
    ("/manage/@@database", {"flush_cache": "1"}),
    ("/manage/@@database", {"evolve": "1"}),
    (f"{CANDIDATE}/@@workflows", {"transition": "decline", "wfid": "company"}),
    (f"{CANDIDATE}/@@indexing", {"form.reindex": "1"}),
    (f"{USER}/@@properties/Groups", {"save": "save"}),
    (f"{USER}/@@change_password", {"change": "change"}),
    ("/manage/principals/users/@@add_user", {"add": "add"}),
    ("/manage/catalogs/system/@@manage_catalog", {"reindex": "1"}),
    ("/manage/catalogs/system/@@contents", {"form.reindex": "1"}),
    ("/manage/catalogs/system/@@search_catalog", {"search": "1"}),
    ("/manage/@@undo_recent", {"undohash": "x"}),
    ("/manage/@@undo_multiple", {"transaction": "x"}),
    ("/manage/locks/@@contents", {"form.delete_expired": "1"}),
]


@pytest.mark.parametrize(("path", "fields"), POSTS)
def test_no_form_of_manage_is_taken_without_its_token(admin, path, fields):
    admin.post(path, fields, status=400)
    admin.post(path, {**fields, "csrf_token": "wrong"}, status=400)
    admin.post(path, {**fields, "_csrf_token_": ""}, status=400)


# ----------------------------------------------------------------------------------------------------------- the pages


@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens(admin, path):
    assert admin.get(path).status_int == 200


@pytest.mark.parametrize("path", REMOVED)
def test_what_was_removed_is_not_there(admin, path):
    admin.get(path, status=404)


def test_following_every_link_meets_no_error(admin):
    seen, waiting = set(), ["/manage/"]
    while waiting:
        path = waiting.pop()
        if path in seen or "logout" in path or len(seen) > 400:
            continue
        seen.add(path)
        answer = admin.get(path, expect_errors=True)
        assert answer.status_int in (200, 303), (path, answer.status)
        if answer.status_int == 303:
            waiting.append(answer.location.replace("http://localhost", ""))
            continue
        for link in re.findall(r'(?:href|url)\\?"?[=:] ?\\?"([^"\\]+)', answer.text):
            link = unescape(link).replace("http://localhost", "").split("#")[0]
            if link.startswith("/manage"):
                waiting.append(link)
    assert {"/manage/catalogs/coopcms/state/@@manage_index", f"{CANDIDATE}/specifications/oeufs/1/@@workflows"} <= seen


def test_every_page_of_the_table_is_walked_in_these_tests():
    walked = {path.rpartition("@@")[2].partition("?")[0].partition("/")[0] for path in PAGES}
    other = {"", "manage_main", "acl_edit", "inherited_acl", "local_acl", "undo_multiple", "undo_recent"}
    assert {page.name for page in pages.PAGES} == walked | other


def test_who_may_do_what_is_read_on_the_site_and_edited_nowhere(admin):
    assert admin.get(f"{CANDIDATE}/@@acl_edit").location.endswith("/companies/candidate/access")
    assert admin.get("/manage/companies/brouillon/@@acl_edit").location.endswith("localhost/access")
    assert admin.get("/manage/@@acl_edit").location.endswith("localhost/access")
    for name in ("acl_edit", "local_acl", "inherited_acl"):
        post(admin, f"{CANDIDATE}/@@{name}", form__add="1", verb="Allow", principal="system.Everyone", permissions="sdi.view")
        post(admin, f"/manage/@@{name}", form__remove="1", index="0")


def test_a_steps_tab_shows_the_state_and_a_refused_step_says_why(browse, world):
    admin = browse("admin")
    page = admin.get(f"{CANDIDATE}/@@workflows")
    assert "<code>applied</code>" in page.text
    back = post(admin, f"{CANDIDATE}/@@workflows", 303, transition="decline").follow()
    assert "Votre rôle ne permet pas cette étape" in back.text
    assert world.companies["candidate"].state == "applied"


def test_a_coordinator_who_is_administrator_too_moves_a_company_here(browse, world, site):
    accounts.give_role(site, world.accounts["admin"], "coordinator")
    transaction.commit()
    admin = browse("admin")
    steps = [s for s in engine.available(world.companies["candidate"], accounts.actor_of(world.accounts["admin"]), NOW)]
    step = next(s for s in steps if s.allowed and not s.transition.comment)
    commented = next(s for s in steps if s.allowed and s.transition.comment)
    back = post(admin, f"{CANDIDATE}/@@workflows", 303, transition=commented.transition.id).follow()
    assert "Un commentaire est nécessaire" in back.text
    back = post(admin, f"{CANDIDATE}/@@workflows", 303, transition=step.transition.id).follow()
    assert "C’est fait" in back.text
    post(admin, f"{CANDIDATE}/@@workflows", 303, transition="no-such-step")


def test_evolution_steps_are_listed_and_tried(admin):
    assert "coopcms" in admin.get("/manage/@@database").text or True
    listed = admin.get("/manage/@@database?show_evolve=1")
    assert "substanced.evolution" in listed.text
    back = post(admin, "/manage/@@database", 302, dryrun="1").follow()
    assert "evolution steps" in back.text
    post(admin, "/manage/@@database", 302, flush_cache="1")
    post(admin, "/manage/@@database", 302, pack="1", days="many")


def test_the_catalog_is_searched_and_indexed_anew(admin):
    form = admin.get("/manage/catalogs/coopcms/@@search_catalog").forms["deform"]
    form["cqe_expression"] = "state == 'applied'"
    assert "candidate" in form.submit("search").follow().text
    form["cqe_expression"] = "nothing ( at all"
    assert "Query failed" in form.submit("search").follow().text
    for path in ("/manage/catalogs/coopcms/@@manage_catalog", "/manage/catalogs/coopcms/state/@@manage_index"):
        post(admin, path, 302, reindex="1")
    post(admin, "/manage/catalogs/coopcms/@@manage_catalog", 302, update="1")
    post(admin, "/manage/catalogs/coopcms/@@contents", 302, **{"form__reindex": "1", "item-modify": "state"})
    post(admin, f"{CANDIDATE}/@@indexing", 302, form__reindex="1")


def test_names_are_text_in_lists(browse, world, site):
    account = accounts.create(site, "zz</script><img src=x onerror=alert(1)>", "Zoé </script>", "zz@test.example")
    transaction.commit()
    page = browse("admin").get("/manage/principals/users/@@contents").text
    assert account.__name__ not in page and "</script><img" not in page and "Zoé </script>" not in page
    assert "<img" not in page.replace('<img class="loading-indicator"', "")


def test_the_audit_log_of_substance_d_is_off(browse, world):
    browse("admin").get("/manage/@@contents")
    assert "auditlog" not in world.site._p_jar.root()


# ------------------------------------------------------------------------------------------- what is never done here

COMMANDS = ["delete", "duplicate", "rename", "rename_finish", "copy", "copy_finish", "move", "move_finish"]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("/manage", "companies"),
        ("/manage/companies", "candidate"),
        (CANDIDATE, "specifications"),
        (f"{CANDIDATE}/specifications", "oeufs"),
        (f"{CANDIDATE}/specifications/oeufs", "1"),
        ("/manage/framework", "1"),
        ("/manage/principals", "users"),
        ("/manage/principals/users", "membre"),
        ("/manage/principals/groups", "members"),
        ("/manage/catalogs", "system"),
    ],
)
def test_nothing_is_deleted_renamed_moved_or_copied(admin, folder, name, command):
    fields = {f"form.{command}": command, "item-modify": name, "item-rename": name, name: "other"}
    answer = post(admin, f"{folder}/@@contents", **fields)
    assert "Cela ne se fait pas ici" in answer.text
    answer = admin.post(f"{folder}/@@contents?form.{command}=1", {"csrf_token": token(admin)}, status=403)
    assert answer.status_int == 403
    admin.get(f"{folder}/{name}/@@manage_main", status=303)


def test_a_button_that_is_allowed_does_not_carry_another_one(admin):
    fields = {"form.reindex": "1", "form.delete": "delete", "item-modify": "state"}
    post(admin, "/manage/catalogs/coopcms/@@contents", **fields)
    post(admin, "/manage/@@services", **{"form.delete": "delete", "item-modify": "locks"})
    post(admin, "/manage/companies/@@contents", **{"ajax.reorder": "1", "item-modify": "candidate"})


def test_an_account_is_not_deleted_and_the_page_says_why(admin):
    answer = post(admin, "/manage/principals/users/@@contents", **{"form.delete": "delete", "item-modify": "entreprise"})
    assert "l’historique cite la personne" in answer.text


def test_add_menus_offer_accounts_and_nothing_else(admin):
    for path in ("/manage/@@contents", "/manage/@@services", "/manage/companies/@@contents", f"{CANDIDATE}/@@contents",
                 "/manage/principals/groups/@@contents", "/manage/catalogs/@@contents"):
        assert "@@add_" not in admin.get(path).text
    assert set(re.findall(r"@@add_\w+", admin.get("/manage/principals/users/@@contents").text)) == {"@@add_user"}


def test_lists_have_no_buttons_that_would_be_refused(admin):
    for path in ("/manage/companies/@@contents", "/manage/principals/users/@@contents"):
        assert 'name="form.' not in admin.get(path).text
    assert 'name="form.reindex"' in admin.get("/manage/catalogs/system/@@contents").text
    assert 'name="form.delete_expired"' in admin.get("/manage/locks/@@contents").text


def test_files_come_neither_in_nor_out_here(admin):
    upload = [("file", "evil.html", b"<script>alert(1)</script>", "text/html")]
    for path in ("/manage/@@upload-submit", f"{CANDIDATE}/files/@@upload-submit", "/manage/@@add_file"):
        admin.post(path, {"csrf_token": token(admin)}, upload_files=upload, status=404)


# ----------------------------------------------------------------------------------------------------------- accounts


def test_an_account_is_made_with_its_roles_and_an_argon2_password(browse, site, admin):
    form = admin.get("/manage/principals/users/@@add_user").forms["deform"]
    form["name"], form["title"], form["email"] = "nouvelle", "Nina Neuve", "nina@test.example"
    form["password"], form["password-confirm"] = NEW_PASSWORD, NEW_PASSWORD
    form.get("checkbox", index=0).checked = True
    assert form.submit("add").status_int == 303
    site._p_jar.sync()
    account = site["principals"]["users"]["nouvelle"]
    assert account.password.startswith("$argon2id$")
    assert account.title == "Nina Neuve" and account.language == "fr"
    assert {str(role) for role in account.roles()} == {"role:member"}
    assert accounts.by_login(site, "NINA@test.example") is account


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": "membre"}, "Cet identifiant est déjà pris"),
        ({"name": "admins"}, "Cet identifiant est déjà pris"),
        ({"name": "<img>"}, "Des lettres sans accent"),
        ({"email": "membre@test.example"}, "Un compte existe déjà avec cette adresse"),
        ({"password": "court", "password-confirm": "court"}, "12 caractères au moins"),
    ],
)
def test_an_account_that_cannot_be_made_says_why(site, admin, change, sentence):
    form = admin.get("/manage/principals/users/@@add_user").forms["deform"]
    for name, value in {"name": "nouvelle", "title": "N", "email": "n@test.example", **change}.items():
        form[name] = value
    answer = form.submit("add")
    assert answer.status_int == 200 and sentence in answer.text
    site._p_jar.sync()
    assert "nouvelle" not in site["principals"]["users"]


def test_an_account_is_edited(browse, site, admin):
    form = admin.get(f"{USER}/@@properties/Preferences").forms["deform"]
    assert form["name"].value == "membre"
    form["name"], form["title"], form["email"], form["language"] = "camille", "Camille R.", "camille@test.example", "en"
    assert form.submit("save").status_int == 302
    site._p_jar.sync()
    account = accounts.by_login(site, "camille@test.example")
    assert (account.__name__, account.title, account.language) == ("camille", "Camille R.", "en")
    assert accounts.by_login(site, "membre@test.example") is None


def test_roles_are_given_and_taken_on_the_account(site, world, admin):
    page = admin.get(f"{USER}/@@properties/Groups")
    form = page.forms["deform"]
    boxes = {box._value: box for box in form.fields["checkbox"]}
    assert boxes["member"].checked and not boxes["coordinator"].checked
    boxes["member"].checked, boxes["coordinator"].checked = False, True
    form.submit("save")
    site._p_jar.sync()
    assert {str(role) for role in site["principals"]["users"]["membre"].roles()} == {"role:coordinator"}


def test_a_group_is_entered_and_left_by_login_or_address(site, admin):
    form = admin.get(f"{GROUP}/@@properties").forms["deform"]
    form["enter"], form["leave"] = "voisine entreprise@test.example", "membre"
    assert form.submit("save").status_int == 302
    site._p_jar.sync()
    users = site["principals"]["users"]
    assert [bool(users[name].roles()) for name in ("voisine", "entreprise", "membre")] == [True, True, False]
    form["enter"] = "personne"
    assert "Aucun compte de ce nom : personne" in form.submit("save").text.replace("\N{NO-BREAK SPACE}", " ")


def test_one_administrator_remains(site, admin):
    form = admin.get("/manage/principals/users/admin/@@properties/Groups").forms["deform"]
    for box in form.fields["checkbox"]:
        box.checked = False
    assert "Il doit rester au moins une personne" in form.submit("save").text
    form = admin.get("/manage/principals/groups/admins/@@properties").forms["deform"]
    form["leave"] = "admin"
    assert "Il doit rester au moins une personne" in form.submit("save").text
    admin.get("/manage/@@contents", status=200)


def change_password(app, user, current, password):
    form = app.get(f"/manage/principals/users/{user}/@@change_password").forms["deform"]
    form["current"], form["password"], form["password-confirm"] = current, password, password
    return form.submit("change")


def test_a_new_password_ends_the_sessions_of_the_account(browse, site, admin):
    member = browse("membre")
    epoch = site["principals"]["users"]["membre"].epoch
    assert "mot de passe est changé" in change_password(admin, "membre", PASSWORD, NEW_PASSWORD).follow().text
    site._p_jar.sync()
    account = site["principals"]["users"]["membre"]
    assert account.epoch == epoch + 1 and account.check_password(NEW_PASSWORD)
    member.get("/account", status=403)
    assert [(line["what"], line["account"]) for line in journal.lines(site)] == [("password", "membre")]


def test_ones_own_new_password_keeps_one_in(admin):
    change_password(admin, "admin", PASSWORD, NEW_PASSWORD)
    admin.get("/manage/@@contents", status=200)


def test_a_short_password_is_refused_with_a_sentence(site, admin):
    answer = change_password(admin, "membre", PASSWORD, "trop court")
    assert "12 caractères au moins" in answer.text
    site._p_jar.sync()
    assert site["principals"]["users"]["membre"].check_password(PASSWORD)


def test_whoever_finds_the_browser_of_an_administrator_cannot_guess_on(site, admin, registry):
    for _attempt in range(registry.coopcms.logins_per_quarter):
        assert "pas votre mot de passe" in change_password(admin, "membre", "rien de juste", NEW_PASSWORD).follow().text
    assert "Trop d’essais" in change_password(admin, "membre", PASSWORD, NEW_PASSWORD).follow().text


def test_locks_that_ended_are_deleted(site, registry, admin):
    lock = registry.content.create("Lock", timeout=1)
    site["locks"].add_next(lock, registry=registry)
    transaction.commit()
    assert "@@manage_main" in admin.get("/manage/locks/@@contents").text
    post(admin, "/manage/locks/@@contents", 302, **{"form.delete": "delete", "item-modify": lock.__name__})
    site._p_jar.sync()
    assert not len(site["locks"])


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
        registry = application.registry
        base = registry._zodb_databases[""]
        shutil.copy(base.storage.getName(), tmp_path / "Data.fs")
        database = DB(FileStorage(str(tmp_path / "Data.fs"), blob_dir=str(tmp_path / "blobs")))
        registry._zodb_databases[""] = database
        if hasattr(registry, "coopcms_limiter"):
            del registry.coopcms_limiter
        yield registry
        transaction.abort()
        registry._zodb_databases[""] = base
        database.close()

    def describe(self, app, sentence):
        form = app.get(f"{GROUP}/@@properties").forms["deform"]
        form["description"] = sentence
        return form.submit("save").follow()

    def offered(self, app):
        return [box.attrs["value"] for box in app.get("/manage/@@undo").html_boxes] if False else re.findall(
            r'name="transaction" id="t(\w+)"', app.get("/manage/@@undo").text
        )

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

    def test_roles_that_were_given_are_taken_back(self, admin, site):
        form = admin.get(f"{GROUP}/@@properties").forms["deform"]
        form["enter"] = "voisine"
        form.submit("save")
        (tid,) = self.offered(admin)
        post(admin, "/manage/@@undo_multiple", 303, transaction=tid)
        assert not self.group(site)["x"] if "x" in self.group(site) else not site["principals"]["users"]["voisine"].roles()

    def test_an_edited_account_is_put_back(self, admin, site):
        form = admin.get(f"{USER}/@@properties/Preferences").forms["deform"]
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
        world.companies["candidate"].history[99] = {"transition": "forged"}
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
        world.companies["candidate"].history[98] = {"transition": "x"}
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


def test_the_gate_says_why(admin):
    assert issubclass(gate.Closed, Exception)
    assert "on le regarde" in post(admin, "/manage/companies/@@contents", form__delete="x").text
