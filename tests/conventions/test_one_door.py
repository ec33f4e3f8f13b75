"""Text, numbers, days and files come in by one door each: nothing of the program reads them in another way."""

import ast

import colander
import pytest

from coopcms.content.fields import Text

from .test_layers import modules

#: Types of colander that would read in their own way: only ``content/fields.py`` says how a field reads.
READS = {
    name
    for name in dir(colander)
    if isinstance(getattr(colander, name), type)
    and issubclass(getattr(colander, name), colander.SchemaType)
    and name not in ("Mapping", "Sequence", "SchemaType", "Schema")
}
#: Modules in which emptiness is asked of something else than what people type.
NOT_TYPED = {
    "catalog/queries.py": "a folded query, of which words are looked for",
    "content/french.py": "folded words",
    "domain/files/colours.py": "the profile of a picture",
    "domain/files/names.py": "a name that passed the door",
    "notifications/words.py": "parts of a text that is stored already",
    "settings.py": "the file of the secret",
    "views/markdown.py": "lines of a text that is stored already",
    "web/formdata.py": "headers of parts",
    "web/incoming.py": "headers of requests",
    "web/json.py": "bytes, before they are text",
}


def calls(tree, names):
    return [
        f"line {node.lineno}: {ast.unparse(node)[:60]}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names
    ]


def test_no_schema_reads_by_a_type_of_its_own():
    found = {
        name: uses
        for name, tree in modules()
        if name != "content/fields.py"
        and (
            uses := [
                f"line {n.lineno}: colander.{n.attr}"
                for n in ast.walk(tree)
                if isinstance(n, ast.Attribute)
                and isinstance(n.value, ast.Name)
                and n.value.id == "colander"
                and n.attr in READS
            ]
        )
    }
    assert found == {}


def emptiness(tree):
    """Where a stripped text is asked whether there is anything in it."""
    asked = []
    for node in ast.walk(tree):
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            asked.append(node.operand)
        elif isinstance(node, (ast.If, ast.IfExp, ast.While)):
            asked.append(node.test)
        elif isinstance(node, ast.BoolOp):
            asked += node.values
        elif isinstance(node, ast.comprehension):
            asked += node.ifs
        elif isinstance(node, ast.Compare):
            asked += [node.left, *node.comparators]
    return calls(ast.Module([ast.Expr(each) for each in asked if isinstance(each, ast.Call)], []), {"strip"})


def test_whether_a_text_says_something_is_asked_in_one_way():
    """« strip » takes a zero-width space, a Hangul filler or an empty Braille cell for words."""
    found = {name: uses for name, tree in modules() if name not in NOT_TYPED and (uses := emptiness(tree))}
    assert found == {}


def test_each_exception_is_still_one():
    assert set(NOT_TYPED) <= {name for name, tree in modules() if emptiness(tree)}


def test_no_text_is_taken_for_a_number_or_a_day_by_hand():
    readers = {"isdigit", "isnumeric", "isdecimal", "fromisoformat", "strptime"}
    allowed = {"views/outside.py": "the moment that our own page brought along"}
    found = {name: uses for name, tree in modules() if name not in allowed and (uses := calls(tree, readers))}
    assert found == {}


def schemas():
    """Every schema of a form that a module of content or views holds, by its name."""
    import importlib

    for name, _tree in modules():
        if not name.startswith(("content/", "views/")) or name.endswith("__init__.py"):
            continue
        module = importlib.import_module("coopcms." + name.removesuffix(".py").replace("/", "."))
        for attribute, value in vars(module).items():
            if isinstance(value, type) and issubclass(value, colander.Schema) and value.__module__ == module.__name__:
                yield f"{name}:{attribute}", value()


@pytest.mark.parametrize(("name", "schema"), schemas(), ids=lambda value: value if isinstance(value, str) else "")
def test_every_text_of_a_form_has_a_bound(name, schema):
    without = [
        node.name
        for node in schema
        if type(node.typ) is Text and not getattr(node, "longest", None) and not hasattr(node.widget, "values")
    ]
    assert without == []
