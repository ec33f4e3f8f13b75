"""What holds for every view: a permission, a token for what is posted, a renderer that is there, no writing while reading."""

import inspect

import pytest
import transaction
from pyramid.interfaces import IExceptionResponse
from pyramid.path import AssetResolver
from pyramid.security import NO_PERMISSION_REQUIRED
from ZODB.Connection import Connection

from coopcms.content import naming
from coopcms.security.permissions import P

from .. import crawl
from .. import world as worlds
from ..conftest import NOW

#: Views of ours without a permission of ours, each with its reason.
WITHOUT_PERMISSION = {
    "coopcms.views.manage.doors": "the doors of /manage lead to our log-in and say nothing else",
}
#: Modules whose views ask for Substance D's permissions: the management interface, which administrators have.
MANAGEMENT = "coopcms.views.manage"
#: Reserved names that are no view today, with the reason.
RESERVED_FOR = {
    "action": "the non-conformity of a finding",
    "files": "the folder of documents of a company",
    "manage": "the route of the management interface",
}


def module_of(view):
    """Where a view was written: decorators (of the API) keep it, functions of Pyramid's own have Pyramid's."""
    made = view["callable"]
    return getattr(made, "__module__", None) or type(made).__module__


@pytest.fixture(scope="module")
def views(application):
    """Every view that is ours, as Pyramid's introspection tells."""
    found = [entry["introspectable"] for entry in application.registry.introspector.get_category("views")]
    ours = [view for view in found if str(module_of(view)).startswith("coopcms.")]
    assert len(ours) > 40
    return ours


def shown(view):
    return f"{module_of(view)}.{getattr(view['callable'], '__name__', '')}.{view['attr'] or ''} name={view['name']!r} route={view['route_name']!r}"


def is_exception_view(view):
    context = view["context"]
    if view["exception_only"]:
        return True
    if not inspect.isclass(context):
        return bool(getattr(context, "isOrExtends", lambda other: False)(IExceptionResponse))
    return issubclass(context, Exception)


def permission_of(application, view):
    related = application.registry.introspector.related(view)
    return next((entry["value"] for entry in related if entry.category_name == "permissions"), None)


def test_every_view_states_a_permission(application, views):
    without = []
    for view in views:
        permission = permission_of(application, view)
        if is_exception_view(view) or module_of(view) in WITHOUT_PERMISSION:
            continue
        if module_of(view).startswith(MANAGEMENT):
            fine = isinstance(permission, str) and permission.startswith("sdi.")
        else:
            fine = isinstance(permission, P)
        if not fine or permission == NO_PERMISSION_REQUIRED:
            without.append((shown(view), permission))
    assert without == []


def test_the_list_of_exceptions_names_what_there_is(views):
    assert set(WITHOUT_PERMISSION) <= {module_of(view) for view in views}


def test_every_renderer_exists(application, views):
    factories = {
        f["name"]
        for entry in application.registry.introspector.get_category("renderer factories")
        if (f := entry["introspectable"])
    }
    missing = []
    for view in views:
        renderer = view.get("renderer")
        if renderer is None or not renderer.name:
            continue
        if "." in renderer.name.rsplit("/", 1)[-1]:
            spec = renderer.name if ":" in renderer.name else f"{renderer.package.__name__}:{renderer.name}"
            if not AssetResolver().resolve(spec).exists():
                missing.append((shown(view), spec))
        elif renderer.name not in factories:
            missing.append((shown(view), renderer.name))
    assert missing == []


def test_every_template_is_used():
    """A page that no view and no other template names is left over."""
    from pathlib import Path

    import coopcms

    root = Path(coopcms.__file__).parent
    code = "\n".join(
        path.read_text("utf-8")
        for path in root.rglob("*")
        if path.suffix in (".py", ".pt") and "__pycache__" not in path.parts
    )
    pages = [path for path in root.rglob("templates/**/*.pt") if "widgets" not in path.parts]
    unused = [
        str(path.relative_to(root)) for path in pages if f"/{path.name}" not in code and f'"{path.name}' not in code
    ]
    assert unused == []


def takes_posts(view):
    methods = view["request_methods"]
    return methods is None or bool(
        {"POST", "PUT", "PATCH", "DELETE"} & {methods, *(() if isinstance(methods, str) else methods)}
    )


def test_whatever_takes_a_post_checks_the_token(application, views):
    from pyramid.interfaces import IDefaultCSRFOptions

    options = application.registry.getUtility(IDefaultCSRFOptions)
    assert options.require_csrf is True
    assert {"POST", "PUT", "PATCH", "DELETE"}.isdisjoint(options.safe_methods)
    off = [
        shown(view)
        for view in views
        if takes_posts(view)
        and not is_exception_view(view)  # they answer what was refused, and change nothing
        and view["route_name"] not in ("api", "api_without_slash")
        and view.get("require_csrf") is False
        and module_of(view) not in WITHOUT_PERMISSION
    ]
    assert off == []


def test_the_api_alone_takes_no_cookie_and_no_token(views):
    assert [
        shown(view) for view in views if view["route_name"] == "api" and view.get("require_csrf") is not False
    ] == []


def content_view_names(views):
    return {
        view["name"]
        for view in views
        if view["name"]
        and view["route_name"] in (None, "api")
        and not is_exception_view(view)
        and not module_of(view).startswith(MANAGEMENT)
    }


def test_names_of_views_are_no_names_of_objects(views):
    assert content_view_names(views) - naming.RESERVED == set()


def test_no_name_is_reserved_without_a_reason(views):
    assert naming.RESERVED - content_view_names(views) - set(RESERVED_FOR) == set()
    assert set(RESERVED_FOR) - naming.RESERVED == set(), "a reason for a name that is not reserved"
    assert set(RESERVED_FOR) & content_view_names(views) == set(), "a view by now: the reason can go"


# --- what happens when they are asked -------------------------------------------------------------------------------------------


@pytest.fixture
def wide_world(world, site):
    for name, state in (
        ("laiterie", "certified"),
        ("verger", "suspended"),
        ("moulin", "declined"),
        ("brasserie", "partnered"),
    ):
        worlds.in_state(world, name, state, NOW)
    transaction.commit()
    return world


@pytest.fixture
def written(monkeypatch):
    """Every object that is modified while the test runs, by class: a write that is not committed is seen too."""
    objects, register = [], Connection.register

    def recording(self, obj):
        objects.append(f"{type(obj).__module__}.{type(obj).__name__}")
        return register(self, obj)

    monkeypatch.setattr(Connection, "register", recording)
    return objects


#: Somebody in every role, and somebody with an account and no role.
LOGINS = [None, "voisine", "membre", "certificatrice", "entreprise", "equipe", "admin"]


@pytest.mark.slow
@pytest.mark.parametrize("login", LOGINS)
def test_looking_at_pages_writes_nothing(browse, wide_world, registry, written, login):
    """Every page that links lead to; none is broken, and no link leads nowhere or to what is refused."""
    app = browse(login)
    storage = registry._zodb_databases[""].storage
    before, seen = storage.lastTransaction(), 0
    written.clear()
    wrong = {}
    for path, response in crawl.walk(app):
        seen += 1
        if written or storage.lastTransaction() != before:
            wrong[path] = sorted(set(written))
            written.clear()
            before = storage.lastTransaction()
        if response.status_int >= 500 or (response.status_int >= 400 and path not in crawl.UNLINKED):
            wrong[path] = response.status
        assert "Traceback" not in response.text if response.content_type.startswith("text/") else True
    assert wrong == {}
    assert seen > 20


@pytest.mark.slow
def test_the_management_interface_writes_nothing_while_it_is_looked_at(browse, wide_world, registry, written):
    app = browse("admin")
    storage = registry._zodb_databases[""].storage
    before = storage.lastTransaction()
    written.clear()
    wrong, seen = {}, 0
    skipped = tuple(prefix for prefix in crawl.SKIPPED if prefix != "/manage")
    for path, response in crawl.walk(
        app, start=("/manage/",), skipped=(*skipped, "/companies", "/framework", "/access", "/see-as"), most=150
    ):
        seen += 1
        if written or storage.lastTransaction() != before:
            wrong[path] = sorted(set(written))
            written.clear()
            before = storage.lastTransaction()
        if response.status_int >= 500:
            wrong[path] = response.status
    assert wrong == {}
    assert seen > 10


@pytest.mark.slow
@pytest.mark.parametrize("login", [None, "entreprise", "equipe", "admin"])
def test_a_post_without_the_token_changes_nothing(browse, wide_world, registry, login):
    """Each form of each page, sent from elsewhere."""
    app = browse(login)
    storage = registry._zodb_databases[""].storage
    targets = {}
    for path, response in crawl.walk(app):
        if response.content_type != "text/html" or not response.body:
            continue
        for form in response.html.select('form[method="post" i]'):
            assert form.select_one("input[name=csrf_token]"), f"{path}: a form without a token"
            names = [field["name"] for field in form.select("[name]") if field["name"] != "csrf_token"]
            targets.setdefault((form.get("action") or path).replace("http://localhost", ""), names)
    assert targets
    before = storage.lastTransaction()
    for target, names in targets.items():
        for token in ({}, {"csrf_token": "x" * 40}):
            answer = app.post(target, {**dict.fromkeys(names, "1"), **token}, status="*")
            assert answer.status_int == 400, (target, answer.status)
    assert storage.lastTransaction() == before
