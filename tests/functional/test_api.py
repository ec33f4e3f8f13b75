"""The JSON API as a whole: its document, its page, sessions, addresses and methods.

The application compares every answer with the OpenAPI document (``check_responses``).
"""

from datetime import UTC, datetime, timedelta

import pytest
import transaction

from coopcms.api import validation
from coopcms.api.openapi import document
from coopcms.domain import accounts

from .. import world as worlds
from . import api_fixtures

api = api_fixtures.api

CANDIDATE = "/api/v1/companies/candidate"
DRAFT = "/api/v1/companies/brouillon"


def test_the_openapi_document_is_valid(api):
    from openapi_spec_validator import OpenAPIV31SpecValidator

    OpenAPIV31SpecValidator(document()).validate()
    served = api().get("/api/v1/openapi.json").json
    OpenAPIV31SpecValidator(served).validate()
    assert served["openapi"].startswith("3.1")
    assert served["servers"] == [{"url": "http://localhost/api/v1"}]


def test_the_document_is_in_the_language_of_the_reader(api):
    texts = {
        language: api()
        .get("/api/v1/openapi.json", Accept_Language=language)
        .json["paths"]["/session"]["post"]["summary"]
        for language in ("fr", "en")
    }
    assert "jeton" in texts["fr"]


def test_every_view_of_the_api_is_described(application):
    described = {
        (path.rsplit("/", 1)[-1], method.upper())
        for path, operations in document()["paths"].items()
        for method in operations
        if method != "parameters"
    }
    names = {name for name, _method in described}
    for entry in application.registry.introspector.get_category("views"):
        view = entry["introspectable"]
        if view["route_name"] == "api" and view["name"]:
            methods = view["request_methods"]
            for method in [methods] if isinstance(methods, str) else methods:
                assert view["name"] in names
                assert method == "HEAD" or (view["name"], method) in described


def test_an_answer_that_the_document_does_not_describe_is_found_out(application, api):
    from pyramid.request import Request
    from pyramid.response import Response

    request = Request.blank(CANDIDATE)
    request.registry = application.registry
    good = api().get(CANDIDATE).json
    validation.check(request, Response(json=good))
    for wrong in ({**good, "state": "nowhere"}, {**good, "secret": 1}, {"title": "x"}):
        with pytest.raises(validation.WrongAnswer):
            validation.check(request, Response(json=wrong))
    request = Request.blank("/api/v1/nowhere")
    with pytest.raises(validation.WrongAnswer):
        validation.check(request, Response(json={}))


def test_openapi_core_is_not_loaded_before_there_is_something_to_check():
    import subprocess
    import sys

    code = "import coopcms, pkgutil, importlib, coopcms.api as a, sys\n" + (
        "[importlib.import_module(f'coopcms.api.{m.name}') for m in pkgutil.iter_modules(a.__path__)]\n"
        "sys.exit('openapi_core' in sys.modules or 'jsonschema' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=False).returncode == 0


def test_the_documentation_is_a_page_with_every_path(api):
    page = api().get("/api/v1/")
    assert page.content_type == "text/html"
    for path in document()["paths"]:
        assert f"<code>{path}</code>" in page.text
    assert "curl http://localhost/api/v1/companies" in page.text
    assert api().get("/api/v1").headers["Location"] == "http://localhost/api/v1/"


def test_programs_get_links_instead_of_the_page(api):
    answer = api().get("/api/v1/", Accept="application/json")
    assert answer.json["@type"] == "site"
    for link in answer.json["links"].values():
        assert api().get(link).status_int in (200, 405)


def test_a_log_in_gives_a_token_that_works_until_it_is_deleted(api):
    client = api()
    answer = client.post("/api/v1/session", {"login": "membre", "password": worlds.PASSWORD})
    assert answer.status_int == 201
    assert list(answer.json) == ["token"]
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    headers = {"Authorization": f"Bearer {answer.json['token']}"}
    history = client.ask("GET", f"{CANDIDATE}/workflow", headers=headers).json["history"]
    assert history[0]["actor"] == "Anne Delmas"
    assert client.ask("DELETE", "/api/v1/session", headers=headers).status_int == 204
    assert client.ask("DELETE", "/api/v1/session", headers=headers).status_int == 401
    assert client.ask("GET", CANDIDATE, headers=headers).status_int == 401


@pytest.mark.parametrize("login", ["membre", "personne", "\x00x", "x@y.example"])
def test_a_wrong_log_in_is_401_whether_the_account_exists_or_not(api, login):
    answer = api().post("/api/v1/session", {"login": login, "password": "not this one"})
    assert answer.status_int == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json["detail"] == "Cet identifiant et ce mot de passe ne vont pas ensemble."


def test_too_many_wrong_log_ins_are_429_even_with_the_right_password(api, registry):
    client = api()
    for _attempt in range(registry.coopcms.logins_per_quarter):
        client.post("/api/v1/session", {"login": "membre", "password": "wrong"})
    answer = client.post("/api/v1/session", {"login": "membre", "password": worlds.PASSWORD})
    assert answer.status_int == 429
    assert int(answer.headers["Retry-After"]) == 900


def test_an_old_token_does_not_keep_anybody_from_logging_in_again(api):
    client = api(token="long gone")
    assert client.post("/api/v1/session", {"login": "membre", "password": worlds.PASSWORD}).status_int == 201


def test_a_token_ends_by_itself_and_with_a_new_password(api, world, site):
    account = world.accounts["membre"]
    old = accounts.issue_token(site, account, datetime.now(UTC) - timedelta(days=31))
    other = accounts.issue_token(site, account, datetime.now(UTC))
    transaction.commit()
    assert api(token=old).get(CANDIDATE).status_int == 401
    assert api(token=other).get(CANDIDATE).status_int == 200
    account.set_password("une autre phrase, bien longue")
    transaction.commit()
    assert api(token=other).get(CANDIDATE).status_int == 401


def test_a_cookie_alone_changes_nothing(browse, registry):
    app = browse("equipe")
    assert app.get(DRAFT.removeprefix("/api/v1"), status=200)
    assert app.get(DRAFT, status=401)
    for csrf in ({}, {"X-CSRF-Token": "x"}):
        answer = app.post_json(f"{CANDIDATE}/workflow", {"transition": "declare_admissible"}, headers=csrf, status=401)
        assert answer.content_type == "application/problem+json"
    app.delete("/api/v1/session", status=401)
    history = app.get(f"{CANDIDATE}/workflow").json["history"]
    assert [line["transition"] for line in history] == ["create", "apply"]
    assert {line["actor"] for line in history} == {None}


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/companies/nowhere",
        "/companies/candidate/workflow/more",
        "/companies/candidate/edit",
        "/companies/candidate/staff",
        "/companies/candidate/audits/nowhere",
        "/companies/candidate/certificates/2026-0001",
        "/framework/1/matrix",
        "/companies/session",
        "/principals",
        "/principals/users/admin",
        "/catalogs",
        "/locks",
        "/login",
        "/framework/9",
        "/manage",
    ],
)
def test_where_there_is_nothing_the_answer_is_404(api, path):
    for login in (None, "admin"):
        assert api(login).get(f"/api/v1{path}").status_int == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    "path", [CANDIDATE, "/api/v1/companies", "/api/v1/framework", f"{CANDIDATE}/files", "/api/v1/"]
)
def test_a_method_that_is_not_there_is_405_with_those_that_are_and_401_without_log_in(api, path, method):
    answer = api("entreprise").ask(method, path, {})
    assert (answer.status_int, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert "GET, HEAD" in answer.json["detail"]
    answer = api().ask(method, path, {})
    assert (answer.status_int, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_allow_names_every_method_of_an_address(api):
    assert api("equipe").ask("PUT", f"{CANDIDATE}/workflow", {}).headers["Allow"] == "GET, HEAD, POST"
    assert api().get("/api/v1/session").headers["Allow"] == "DELETE, POST"


def test_head_is_get_without_the_body(api):
    answer = api().ask("HEAD", CANDIDATE)
    assert (answer.status_int, answer.body) == (200, b"")
    assert answer.headers["ETag"] == api().get(CANDIDATE).headers["ETag"]


def test_a_write_without_log_in_is_401_before_anything_else(api):
    for path in (f"{CANDIDATE}/workflow", f"{DRAFT}/workflow"):
        for body in ({"transition": "apply"}, {}, "{"):
            assert api().post(path, body).status_int == 401
