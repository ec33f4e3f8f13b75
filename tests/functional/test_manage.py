"""The management interface: who gets in, what exists there, and what it never does."""

import re
from html import unescape

import pytest
import transaction

from coopcms.domain import accounts
from coopcms.views.manage import gate, pages
from coopcms.workflows import engine
from tests.conftest import NOW
from tests.world import PASSWORD

from .managing import CANDIDATE, PAGES, REMOVED, USER, post, token

# ------------------------------------------------------------------------------------------------------------ the gate


@pytest.mark.parametrize(
    "path", ["/manage", "/manage/", "/manage/@@contents", USER, "/manage/catalogs", "/manage/@@database"]
)
@pytest.mark.parametrize("login", [None, "membre", "entreprise", "equipe"])
def test_nobody_but_administrators_gets_in(browse, path, login):
    answer = browse(login).get(path, status=403)
    assert ("/login?next=%2Fmanage" in answer.text) == (login is None)
    assert "La Suite" in answer.text
    assert 'name="password"' not in answer.text


def test_an_administrator_who_looks_as_somebody_else_is_not_one_meanwhile(admin):
    page = admin.get("/see-as")
    admin.post(
        "/see-as", {"role": "member", "csrf_token": re.search(r'csrf_token" value="([^"]+)"', page.text).group(1)}
    )
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
    assert app.get(path).location.endswith("/login?next=%2Fmanage")
    form = app.get("/login").forms["form"]
    fields = {
        "login": "admin",
        "password": PASSWORD,
        "form.submitted": "Log In",
        "csrf_token": form["csrf_token"].value,
    }
    assert app.post(path, fields).location.endswith("/login?next=%2Fmanage")
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
    (f"{USER}/@@properties/R%C3%B4les", {"save": "save"}),
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
        post(
            admin,
            f"{CANDIDATE}/@@{name}",
            form__add="1",
            verb="Allow",
            principal="system.Everyone",
            permissions="sdi.view",
        )
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
    steps = engine.available(world.companies["candidate"], accounts.actor_of(world.accounts["admin"]), NOW)
    step = next(s for s in steps if s.allowed and not s.transition.comment)
    commented = next(s for s in steps if s.allowed and s.transition.comment)
    back = post(admin, f"{CANDIDATE}/@@workflows", 303, transition=commented.transition.id).follow()
    assert "Un commentaire est nécessaire" in back.text
    back = post(admin, f"{CANDIDATE}/@@workflows", 303, transition=step.transition.id).follow()
    assert "C’est fait" in back.text
    post(admin, f"{CANDIDATE}/@@workflows", 303, transition="no-such-step")


def test_evolution_steps_are_listed_and_tried(admin):
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
    account = accounts.create(site, "zz", "Zoé </script><img src=x>", "zz@test.example")
    transaction.commit()
    page = browse("admin").get("/manage/principals/users/@@contents").text
    assert account.title not in page and "Zoé </script>" not in page
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
    answer = post(
        admin, "/manage/principals/users/@@contents", **{"form.delete": "delete", "item-modify": "entreprise"}
    )
    assert "l’historique cite la personne" in answer.text


def test_add_menus_offer_accounts_and_nothing_else(admin):
    for path in (
        "/manage/@@contents",
        "/manage/@@services",
        "/manage/companies/@@contents",
        f"{CANDIDATE}/@@contents",
        "/manage/principals/groups/@@contents",
        "/manage/catalogs/@@contents",
    ):
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


def test_the_gate_says_why(admin):
    assert issubclass(gate.Closed, Exception)
    assert "on le regarde" in post(admin, "/manage/companies/@@contents", form__delete="x").text
