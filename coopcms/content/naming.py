"""Names of objects in addresses."""

from collections.abc import Container, Iterator

from slugify import slugify

#: Last words of addresses that are pages or parts of the API: no object is called like one.  A test compares this with the
#: views there are.
RESERVED = frozenset(
    {
        "access",
        "account",
        "add",
        "add-criterion",
        "ballot",
        "ballots.json",
        "comments",
        "contacts",
        "diagram.svg",
        "download",
        "edit",
        "edit-criterion",
        "files",
        "forgotten",
        "interests",
        "invitation",
        "invite",
        "language",
        "login",
        "logo",
        "logout",
        "manage",
        "openapi.json",
        "reset",
        "result",
        "see-as",
        "session",
        "staff",
        "stand-in",
        "tasks",
        "workflow",
    }
)

_LONGEST = 60


def candidates(title: str) -> Iterator[str]:
    """Names for a title, the plain one first, then numbered ones."""
    plain = slugify(title, max_length=_LONGEST, word_boundary=True, replacements=(("’", "-"), ("'", "-"))) or "x"
    if plain not in RESERVED:
        yield plain
    number = 2
    while True:
        yield f"{plain}-{number}"
        number += 1


def free_name(folder: Container[str], title: str) -> str:
    """The first name for a title that the folder does not hold yet."""
    return next(name for name in candidates(title) if name not in folder)
