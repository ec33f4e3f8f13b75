"""Accounts and roles in the management interface."""

import pytest
import transaction

from coopcms.domain import accounts, journal
from tests.world import PASSWORD

from .managing import GROUP, NEW_PASSWORD, USER, change_password, post

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
    form = admin.get(f"{USER}/@@properties/Compte").forms["deform"]
    assert form["name"].value == "membre"
    form["name"], form["title"], form["email"], form["language"] = "camille", "Camille R.", "camille@test.example", "en"
    assert form.submit("save").status_int == 302
    site._p_jar.sync()
    account = accounts.by_login(site, "camille@test.example")
    assert (account.__name__, account.title, account.language) == ("camille", "Camille R.", "en")
    assert accounts.by_login(site, "membre@test.example") is None


def test_roles_are_given_and_taken_on_the_account(site, world, admin):
    page = admin.get(f"{USER}/@@properties/R%C3%B4les")
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
    form = admin.get("/manage/principals/users/admin/@@properties/R%C3%B4les").forms["deform"]
    for box in form.fields["checkbox"]:
        box.checked = False
    assert "Il doit rester au moins une personne" in form.submit("save").text
    form = admin.get("/manage/principals/groups/admins/@@properties").forms["deform"]
    form["leave"] = "admin"
    assert "Il doit rester au moins une personne" in form.submit("save").text
    admin.get("/manage/@@contents", status=200)


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
