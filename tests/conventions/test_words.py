"""Words are compared, ordered and looked for in one way (``content/french.py``)."""

import ast

from .test_layers import modules

#: Modules that touch the form of letters for another reason.
MAY_NORMALISE = {
    "content/french.py": "the one way",
    "domain/files/names.py": "leaves out of the name of a file what older systems have no sign for",
    "i18n.py": "reads the direction of letters",
    "text.py": "what is typed, before it is words: composed letters, folded log-ins and codes",
    "seed/members.py": "invents addresses of mail from names",
    "seed/pictures.py": "draws with letters that have no accents",
}
TITLES = {"title", "name", "city"}


def test_titles_are_ordered_by_their_sort_key():
    wrong = []
    for name, tree in modules():
        for call in ast.walk(tree):
            if not isinstance(call, ast.Call) or getattr(call.func, "id", getattr(call.func, "attr", "")) not in (
                "sorted",
                "sort",
            ):
                continue
            keys = [
                word.value.body for word in call.keywords if word.arg == "key" and isinstance(word.value, ast.Lambda)
            ]
            parts = [part for key in keys for part in (key.elts if isinstance(key, ast.Tuple) else [key])]
            wrong += [(name, call.lineno) for part in parts if isinstance(part, ast.Attribute) and part.attr in TITLES]
    assert not wrong


def test_no_other_module_folds_letters_by_itself():
    found = {
        name
        for name, tree in modules()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Import) and any(alias.name == "unicodedata" for alias in node.names))
        or (isinstance(node, ast.Attribute) and node.attr == "casefold")
    }
    assert found == set(MAY_NORMALISE)
