"""What comes in is read in one place each: bodies, numbers, redirects; and every part of the way lets the same size through."""

import ast
import configparser
import re
from pathlib import Path

import pytest

from coopcms import settings
from coopcms.web import incoming

from .test_layers import PACKAGE, ROOT, modules

INIS = ("development.ini", *(f"etc/{name}.ini" for name in ("production", "zeo", "postgresql")))
#: Where the body and the form of a request are read, and nowhere else.
READERS = {"web/json.py", "web/formdata.py", "web/incoming.py", "web/request.py"}
BODY = {"json_body", "json", "body", "text", "body_file", "body_file_raw", "body_file_seekable"}
REDIRECTS = {"HTTPSeeOther", "HTTPFound", "HTTPMovedPermanently", "HTTPTemporaryRedirect", "HTTPPermanentRedirect"}
PARAMETERS = {"GET", "POST", "params"}


def nodes(*kinds):
    """(module, node) of every node of these kinds."""
    for name, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, kinds):
                yield name, node


def is_request(node):
    """Whether an expression is the request, as a name or an attribute."""
    return (isinstance(node, ast.Name) and node.id == "request") or (
        isinstance(node, ast.Attribute) and node.attr == "request"
    )


def test_the_body_of_a_request_is_read_in_one_place():
    found = {
        (name, node.attr)
        for name, node in nodes(ast.Attribute)
        if node.attr in BODY and is_request(node.value) and name not in READERS
    }
    assert found == set()


def test_nobody_asks_a_text_whether_it_is_a_number():
    """ "²".isdigit() is true; ``web.readable`` and colander read numbers."""
    asking = {"isdigit", "isnumeric", "isdecimal"}
    assert {(name, node.attr) for name, node in nodes(ast.Attribute) if node.attr in asking} == set()


def reads_parameters(node):
    return any(isinstance(each, ast.Attribute) and each.attr in PARAMETERS for each in ast.walk(node))


def test_no_number_is_made_of_what_was_sent():
    found = {
        (name, ast.unparse(node))
        for name, node in nodes(ast.Call)
        if isinstance(node.func, ast.Name)
        and node.func.id in ("int", "float", "Decimal")
        and any(map(reads_parameters, node.args))
    }
    assert found == set()


def test_parameters_are_read_by_readers():
    """``.get`` and ``[…]`` of parameters give a file where a text was meant, and ``getall`` a mixture."""
    #: Compared with what is known, or handed on as it is.
    allowed = {("web/addresses.py", "get"), ("views/security.py", "get"), ("api/lists.py", "get")}
    found = set()
    for name, node in nodes(ast.Call, ast.Subscript):
        holder = node.func if isinstance(node, ast.Call) else node
        target = holder.value if isinstance(holder, (ast.Attribute, ast.Subscript)) else None
        if not (isinstance(target, ast.Attribute) and target.attr in PARAMETERS and is_request(target.value)):
            continue
        what = holder.attr if isinstance(holder, ast.Attribute) else "[]"
        if (
            what in ("get", "[]", "getall", "getone", "mixed")
            and (name, what) not in allowed
            and not compared(node, name)
        ):
            found.add((name, ast.unparse(node)))
    assert found == set()


def compared(node, name):
    """Whether the value is only compared with a constant of ours: ``request.POST.get("__formid__") == FORM``."""
    tree = dict(modules())[name]
    return any(isinstance(each, ast.Compare) and node_in(node, each) for each in ast.walk(tree))


def node_in(node, within):
    return any(ast.dump(each) == ast.dump(node) for each in (within.left, *within.comparators))


def test_redirects_are_made_in_one_place():
    found = {
        name
        for name, node in nodes(ast.Call)
        if isinstance(node.func, (ast.Name, ast.Attribute))
        and (node.func.id if isinstance(node.func, ast.Name) else node.func.attr) in REDIRECTS
    }
    assert found == set(), "use coopcms.web.addresses.redirect"


def test_the_web_room_knows_neither_pages_nor_the_api():
    source = "\n".join(path.read_text("utf-8") for path in (PACKAGE / "web").rglob("*.py"))
    assert not re.search(r"from \.\.(views|api)|coopcms\.(views|api)\b", source)


def most_of(ini):
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(ROOT / ini)
    return parser


@pytest.mark.parametrize("ini", INIS)
def test_each_part_of_the_way_lets_the_same_size_through(ini, monkeypatch, tmp_path):
    """The site says what is too large; what stands before it must not be quicker with a bare answer."""
    parser = most_of(ini)
    given = {name: value for name, value in parser["app:main"].items() if name.startswith(settings.PREFIX)}
    site = settings.read({**given, "coopcms.var": str(tmp_path)})
    server = int(parser["server:main"]["max_request_body_size"])
    nginx = re.search(r"client_max_body_size (\d+)m;", (ROOT / "etc" / "nginx.conf").read_text())
    assert incoming.most_bytes(site) == site.upload_bytes + 1_000_000
    assert incoming.most_bytes(site) <= server <= int(nginx.group(1)) * 1024**2
    assert server <= 2 * incoming.most_bytes(site), "no more than needed"


def test_every_ini_file_is_compared():
    assert {str(path.relative_to(ROOT)) for path in [*ROOT.glob("*.ini"), *Path(ROOT, "etc").glob("*.ini")]} == set(
        INIS
    )
