"""The house keeps its order: layers, style, types, and what no layer may know."""

import ast
import pickletools
import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
import transaction

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "coopcms"
BIN = Path(sys.executable).parent
#: Rooms that do not know the web.
INNER = ("content", "workflows", "domain", "catalog")
#: Rooms above which nothing reads the clock: ``now`` is an argument.
WITHOUT_CLOCK = (
    *INNER,
    "notifications",
    "subscribers",
    "security",
    "evolve",
    "seed",
    "events.py",
    "i18n.py",
    "settings.py",
)
WEB = re.compile(r"pyramid\.(request|response|view|renderers|httpexceptions)(\.|$)|webob(\.|$)")
#: Modules that fill in an interface of Substance D which has a request argument.
MAY_NAME_REQUEST = {
    "workflows/substance.py",  # IWorkflow
    "content/account.py",  # User.email_password_reset, which is switched off
}
#: (module, function) that read the clock below the views, with the reason.
MAY_READ_CLOCK = {
    ("workflows/substance.py", "initialize"): "Substance D adds content without saying when",
    ("workflows/substance.py", "transition"): "Substance D fires without a request from its scripts",
}
CLOCKS = {"now", "utcnow", "today", "time", "time_ns", "monotonic", "perf_counter", "localtime", "gmtime"}
STORAGES = re.compile(r"FileStorage|RelStorage|relstorage|\bZEO\b|ClientStorage|MappingStorage|psycopg2?|sqlite3")
#: Files that stand for several lines of thought; each with its reason.  None today.
MAY_BE_LONG: dict[str, str] = {}


def modules(*rooms):
    """(name below coopcms/, syntax tree) of each module of these rooms, of all without any."""
    for path in sorted(PACKAGE.rglob("*.py")):
        name = str(path.relative_to(PACKAGE))
        if not rooms or name.split("/")[0] in rooms:
            yield name, ast.parse(path.read_text("utf-8"), filename=str(path))


def run(*command):
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail(done.stdout[-6000:] + done.stderr[-2000:], pytrace=False)


def test_a_layer_imports_only_what_lies_below_it():
    run(BIN / "lint-imports", "--no-cache")


def test_style():
    run(BIN / "ruff", "check", "--no-cache", "--output-format", "concise", ".")


def test_format():
    run(BIN / "ruff", "format", "--check", "--no-cache", ".")


def test_types(tmp_path):
    # A cache of its own: one that several runs wrote at once has told of errors that there are not.
    run(BIN / "mypy", "--no-pretty", "--cache-dir", tmp_path)


def imported(tree, name):
    """Absolute names of what a module imports, at its top and inside functions."""
    package = ["coopcms", *name.split("/")[:-1]]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            prefix = ".".join([*base, *([node.module] if node.module else [])])
            yield prefix
            yield from (f"{prefix}.{alias.name}" for alias in node.names)


def test_content_workflows_domain_and_catalog_do_not_know_the_web():
    assert {(name, what) for name, tree in modules(*INNER) for what in imported(tree, name) if WEB.match(what)} == set()


def test_no_inner_function_takes_a_request():
    found = set()
    for name, tree in modules(*INNER):
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
                a = node.args
                every = [*a.posonlyargs, *a.args, *a.kwonlyargs, *filter(None, (a.vararg, a.kwarg))]
                if any(argument.arg == "request" for argument in every):
                    found.add(name)
            elif isinstance(node, ast.Name) and node.id in ("get_current_request", "get_current_registry"):
                found.add(name)
    assert found - MAY_NAME_REQUEST == set()
    assert found >= MAY_NAME_REQUEST, "allowed for nothing"


def clock_readings(tree):
    """(function, call) of each call that asks what time it is."""
    times = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "time"
        for alias in node.names
    }

    def walk(node, function):
        for child in ast.iter_child_nodes(node):
            inside = child.name if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)) else function
            if isinstance(child, ast.Call):
                called = child.func
                if isinstance(called, ast.Attribute) and called.attr in CLOCKS:
                    owner = ast.unparse(called.value).split(".")[-1]
                    if owner in ("datetime", "date", "time", "dt"):
                        yield inside, ast.unparse(called)
                elif isinstance(called, ast.Name) and called.id in times & CLOCKS:
                    yield inside, called.id
            yield from walk(child, inside)

    return walk(tree, "")


def test_nothing_below_the_views_reads_the_clock():
    found = {(name, function) for name, tree in modules(*WITHOUT_CLOCK) for function, _call in clock_readings(tree)}
    assert found - set(MAY_READ_CLOCK) == set()
    assert set(MAY_READ_CLOCK) - found == set(), "allowed for nothing"


@pytest.mark.parametrize("code", ["datetime.now(UTC)", "datetime.datetime.utcnow()", "date.today()", "time.time()"])
def test_the_clock_check_sees_clocks(code):
    assert [function for function, _call in clock_readings(ast.parse(f"def f():\n    return {code}"))] == ["f"]


def without_docstrings(tree):
    for node in ast.walk(tree):
        if (
            isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
            and ast.get_docstring(node) is not None
        ):
            node.body = node.body[1:] or [ast.Pass()]
    return tree


def test_no_module_outside_scripts_names_a_storage():
    """The configuration file alone decides; what stands in docstrings explains."""
    found = {
        (name, match.group())
        for name, tree in modules()
        if not name.startswith("scripts/")
        for match in STORAGES.finditer(ast.unparse(without_docstrings(tree)))
    }
    assert found == set()


def test_no_module_is_a_crowded_room():
    """Over 300 lines is a question, over 500 a defect; tests included."""
    lengths = {
        str(path.relative_to(ROOT)): path.read_text("utf-8").count("\n")
        for folder in (PACKAGE, ROOT / "tests")
        for path in folder.rglob("*.py")
    }
    assert {name: lines for name, lines in lengths.items() if lines >= 500 and name not in MAY_BE_LONG} == {}


# --- what is in the database ----------------------------------------------------------------------------------------------------

STORED = re.compile(
    r"(coopcms\.content|substanced|BTrees|ZODB|hypatia|persistent)(\.|$)|"
    # what pickles of plain values are made with
    r"(builtins|__builtin__|copy_reg|copyreg|datetime|zodbpickle)$"
)

#: Substance D's own objects keep these: what marks them as folders and services, and the deny-all that ends their ACL.
STORED_BY_SUBSTANCE_D = {
    ("zope.interface", "Interface"),
    ("zope.interface.declarations", "Provides"),
    ("pyramid.security", "AllPermissionsList"),
}


def stored_classes(data):
    """``module.name`` of every class that a record of the database names."""
    stream, found = BytesIO(data), set()
    for _pickle in range(2):  # the class of the object, then its state
        recent = []
        for opcode, argument, _position in pickletools.genops(stream):
            if opcode.name == "GLOBAL":
                found.add(tuple(argument.split(" ")))
            elif opcode.name == "STACK_GLOBAL":
                found.add(tuple(recent[-2:]))
            elif isinstance(argument, str):
                recent.append(argument)
    return found


def test_only_our_content_and_the_libraries_s_classes_are_stored(registry, world):
    """The whole of a small world, with every kind of object the domain makes; an old record with a class of another room could
    not be loaded any more when that room is rebuilt."""
    transaction.commit()
    found, records = set(), 0
    for stored in registry._zodb_databases[""].storage.iterator():
        for record in stored:
            if record.data:
                records += 1
                found |= stored_classes(record.data)
    assert records > 200
    assert ("coopcms.content.company", "Company") in found
    assert {(module, name) for module, name in found if not STORED.match(module)} - STORED_BY_SUBSTANCE_D == set()


def test_the_database_check_sees_enumerations_and_foreign_classes():
    import pickle

    from coopcms.security.roles import R

    data = pickle.dumps("class", protocol=3) + pickle.dumps({"role": R.MEMBER}, protocol=3)
    assert {module for module, _name in stored_classes(data)} >= {"coopcms.security.roles"}
