"""What all threads of a process share is unchangeable, made for threads, or stands in a table with the reason why it may be shared."""

import ast
import dataclasses
import datetime
import decimal
import enum
import fractions
import functools
import importlib
import logging
import pathlib
import pkgutil
import re
import sys
import threading
import types
import typing
import zoneinfo

import pytest
from persistent import Persistent
from translationstring import TranslationString
from zope.interface import Interface

import coopcms

#: What changes, or might, and is shared all the same, with the reason.
SHARED = {
    "coopcms.api.openapi.document": "made once from constants; the views translate a copy of it, openapi-core reads it",
    "coopcms.api.validation._core": "used under the lock beside it only",
    "coopcms.content.account._HASHER": "parameters and nothing else; each hash is a call of its own",
    "BTrees.family64": "a namespace of BTree classes",
    "coopcms.notifications.letters._POLICY": "policies of the standard library refuse to be changed",
    "email.policy.SMTP": "the same",
    "pyramid.security.DENY_ALL": "a constant of Pyramid",
    "coopcms.domain.tally.TYPES": "types of ballots: methods and nothing else",
    "coopcms.notifications.letters._template": "compiled under a lock; rendering keeps everything in its own frame",
    "coopcms.scripts.*": "the command line: click only reads what the decorators declared, and a process runs one command",
    "coopcms.security.access._tables": "filled while the workflows are imported, only read afterwards",
    "coopcms.seed.verification._conforming": "read by one command in one thread, never changed",
    "coopcms.views.forms._renderer": "every widget is compiled at start; afterwards its table of templates is only read",
    "coopcms.views.kept._pieces": "touched under the lock beside it only; what it holds has locks of its own",
    "coopcms.views.manage.accounts.*": "colander.deferred: a function in a box",
    "coopcms.web.json._DECODER": "configured at import; what is read lies in the calls that read it",
    "coopcms.views.markdown.PARSER": "keeps what it works on in the state of each call; its rules are compiled at import",
    "coopcms.workflows.engine._machine": "built whole before anybody gets it; firing keeps its state in arguments",
}
#: Attributes of the registry of an application that are set after its start, with the reason.
ON_REGISTRY = {
    ("coopcms.views.throttle", "coopcms_limiter"): "under a lock",
    ("coopcms.views.manage.compiling", "manage_compiled"): "under a lock",
}

UNCHANGEABLE = (
    *(types.NoneType, bool, int, float, complex, str, bytes, range, re.Pattern, enum.Enum, types.ModuleType, type),
    *(decimal.Decimal, fractions.Fraction, datetime.date, datetime.time, datetime.timedelta, datetime.tzinfo),
    *(zoneinfo.ZoneInfo, pathlib.PurePath, TranslationString, type(Interface), type(dataclasses.MISSING)),
    *(types.FunctionType, types.BuiltinFunctionType, types.MethodType),
    *(types.GenericAlias, types.UnionType, typing.TypeVar, typing._SpecialForm, typing._GenericAlias),
)
FOR_THREADS = (threading.local, logging.Logger, type(threading.Lock()), type(threading.RLock()), threading.Semaphore)
CONTAINERS = (dict, list, set)
CHANGES = {
    *("append", "extend", "insert", "remove", "sort", "reverse", "add", "discard", "update", "pop", "popitem", "clear"),
    *("setdefault", "move_to_end", "appendleft", "popleft"),
}
CONSTANT = re.compile(r"_?[A-Z][A-Z0-9_]*")
CACHED = functools._lru_cache_wrapper
#: What a remembered function must not ask: its answer would be that of the thread, the day or the reader who came first.
OF_THE_MOMENT = {
    *("translate", "get_current_request", "get_current_registry", "request", "registry", "now", "today", "utcnow"),
    *("localizer_of", "environ", "settings"),
}


def modules():
    """Every module of the program, imported."""
    for found in pkgutil.walk_packages(coopcms.__path__, "coopcms."):
        if not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


MODULES = tuple(modules())


@functools.cache
def tree(module):
    return ast.parse(pathlib.Path(module.__file__).read_text("utf-8"))


def changed_names(trees):
    """Names whose value something changes in place: by a subscript, a method, ``del``, ``+=`` inside a function, or ``global``."""
    for each in trees:
        for node in ast.walk(each):
            if isinstance(node, ast.Global):
                yield from node.names
            elif isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
                yield name_of(node.value)
            elif isinstance(node, ast.AugAssign):
                yield name_of(node.target)
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CHANGES:
                yield name_of(node.func.value)


def name_of(node):
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


CHANGED = frozenset(changed_names(map(tree, MODULES)))


def is_safe(value):
    """Whether threads may share this value whatever they do with it."""
    if isinstance(value, (*UNCHANGEABLE, *FOR_THREADS)) or type(value).__module__ == "typing":
        return True
    if isinstance(value, (tuple, frozenset)):
        return all(map(is_safe, value))
    if isinstance(value, types.MappingProxyType):
        return all(map(is_constant, value.values()))
    if dataclasses.is_dataclass(value) and value.__dataclass_params__.frozen:
        return all(is_constant(getattr(value, each.name)) for each in dataclasses.fields(value))
    return False


def is_constant(value):
    """Whether it is safe as long as nobody changes it: a table written in the code."""
    if isinstance(value, dict):
        return type(value) is dict and all(map(is_constant, value.values()))
    if isinstance(value, CONTAINERS):
        return type(value) in CONTAINERS and all(map(is_constant, value))
    if isinstance(value, (tuple, frozenset)):
        return all(map(is_constant, value))
    return is_safe(value)


def is_a_table(name, value, changed):
    """Whether a container is a constant by its name and content, and nothing in the program changes it."""
    return bool(value) and CONSTANT.fullmatch(name) is not None and name not in changed and is_constant(value)


def is_remembered_well(function):
    """Whether what a function remembers is bounded and depends on its arguments; what has none stands in the table."""
    arguments = function.__wrapped__
    if isinstance(arguments, types.FunctionType) and not arguments.__code__.co_argcount:
        return False
    return function.cache_parameters()["maxsize"] is not None


def defined(module):
    """Names that the code of a module binds at its top level, imports apart."""
    for node in tree(module).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                yield from (each.id for each in ast.walk(target) if isinstance(each, ast.Name))


def imported(module):
    """Where the names come from that a module imports: local name → full name there."""
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree(module))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def shared(module):
    """(name, value) of all that a module shares between threads and that is not safe by itself."""
    own = set(defined(module))
    for name, value in vars(module).items():
        if name.startswith("__") or (name not in own and is_ours(value)):
            continue
        if not (
            is_safe(value)
            or (isinstance(value, CONTAINERS) and (name not in own or is_a_table(name, value, CHANGED)))
            or (isinstance(value, CACHED) and (name not in own or is_remembered_well(value)))
        ):
            yield (f"{module.__name__}.{name}" if name in own else imported(module).get(name, name)), value


def is_ours(value):
    """Whether a value imported from another module of ours is looked at there."""
    return id(value) in OURS


OURS = {id(vars(module)[name]) for module in MODULES for name in defined(module) if name in vars(module)}


def in_table(name, table):
    return name in table or f"{name.rpartition('.')[0]}.*" in table


def test_module_level_objects_are_safe_for_threads_or_have_a_reason():
    wrong = {name: type(value) for module in MODULES for name, value in shared(module) if not in_table(name, SHARED)}
    assert not wrong, "freeze it, keep it per thread, put it under a lock – or give the reason in SHARED"


def test_every_reason_is_for_something_that_is_there():
    there = {name for module in MODULES for name, _value in shared(module)}
    there |= {f"{name.rpartition('.')[0]}.*" for name in there}
    assert set(SHARED) <= there


def test_containers_of_classes_are_never_changed():
    wrong = []
    for module in MODULES:
        for owner in vars(module).values():
            if not isinstance(owner, type) or owner.__module__ != module.__name__ or issubclass(owner, enum.Enum):
                continue
            wrong += [
                f"{module.__name__}.{owner.__name__}.{name}"
                for name, value in vars(owner).items()
                if not name.startswith("_")
                and isinstance(value, CONTAINERS)
                and (name in CHANGED or not is_constant(value))
            ]
    assert not wrong


def test_what_functions_remember_depends_on_their_arguments_alone():
    wrong = []
    for module in MODULES:
        persistent = {
            name for name, value in vars(module).items() if isinstance(value, type) and issubclass(value, Persistent)
        }
        for node in ast.walk(tree(module)):
            if not isinstance(node, ast.FunctionDef) or not any("cache" in ast.unparse(d) for d in node.decorator_list):
                continue
            arguments = {each.arg for each in node.args.args}
            asked = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)} - arguments
            asked |= {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)} - {"translate"}
            annotated = {name_of(n) for each in node.args.args if each.annotation for n in ast.walk(each.annotation)}
            if asked & OF_THE_MOMENT or annotated & persistent:
                wrong.append((module.__name__, node.name, sorted(asked & OF_THE_MOMENT | annotated & persistent)))
    assert not wrong


def test_nothing_is_rebound_while_the_site_runs():
    assert [(m.__name__, n.names) for m in MODULES for n in ast.walk(tree(m)) if isinstance(n, ast.Global)] == []


def test_an_application_is_changed_at_its_start_or_for_a_reason():
    found = set()
    for module in MODULES:
        for function in ast.walk(tree(module)):
            if not isinstance(function, ast.FunctionDef) or function.name in ("includeme", "main", "build"):
                continue
            for node in ast.walk(function):
                for target in node.targets if isinstance(node, ast.Assign) else ():
                    if isinstance(target, ast.Attribute) and name_of(target.value) == "registry":
                        found.add((module.__name__, target.attr))
    assert found == set(ON_REGISTRY)


# The rules themselves.

FOUND = """
import collections, functools, weakref, threading
from snowballstemmer.french_stemmer import FrenchStemmer
_cache = {}
_CACHE = {}
SEEN = {"a": 1}
STACK = [object()]
NAMES = {"a": [1]}
_stemmer = FrenchStemmer()
COUNTS = collections.Counter(a=1)
_weak = weakref.WeakKeyDictionary()
PAIR = ([1], 2)

@functools.cache
def unbounded(text): return text

@functools.lru_cache
def one(): return []

def remember(key): SEEN[key] = 1
def extend(): NAMES.update(b=[2])
"""


def test_what_is_not_safe_is_found(tmp_path, monkeypatch):
    pytest.importorskip("snowballstemmer")
    (tmp_path / "unsafe.py").write_text(FOUND)
    monkeypatch.syspath_prepend(str(tmp_path))
    module = importlib.import_module("unsafe")
    monkeypatch.setattr(sys.modules[__name__], "CHANGED", CHANGED | set(changed_names([tree(module)])))
    assert {name.partition(".")[2] for name, _value in shared(module)} == {
        *("_cache", "_CACHE", "SEEN", "STACK", "NAMES", "_stemmer", "COUNTS", "_weak", "PAIR", "unbounded", "one")
    }
