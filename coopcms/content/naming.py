"""Names of objects in addresses."""

from collections.abc import Container, Iterator

from slugify import slugify

from .french import fold

#: Last words of addresses that are pages or parts of the API: no object is called like one.  A test compares this with the
#: views there are.
RESERVED = frozenset(
    {
        "access",
        "account",
        "action",
        "add",
        "add-criterion",
        "amend",
        "amendments",
        "auditors",
        "audits",
        "ballot",
        "ballots.json",
        "board",
        "calendar",
        "card.png",
        "care",
        "certificates",
        "comments",
        "compare",
        "contacts",
        "count",
        "deadlines.ics",
        "diagram.svg",
        "download",
        "edit",
        "edit-criterion",
        "extend",
        "file",
        "files",
        "forgotten",
        "icon.png",
        "in-force",
        "interests",
        "invitation",
        "invite",
        "journey",
        "language",
        "leave",
        "letter",
        "letters",
        "link",
        "login",
        "logo",
        "logout",
        "manage",
        "matrix",
        "milestones",
        "minutes",
        "nonconformities",
        "openapi.json",
        "order",
        "original",
        "outbox",
        "outside-certificates",
        "photo",
        "picture",
        "plan",
        "preview",
        "propose",
        "prove",
        "receipt",
        "reply",
        "reset",
        "result",
        "retry",
        "revise",
        "rules",
        "see-as",
        "session",
        "set-rules",
        "sign",
        "staff",
        "stand-in",
        "suggest",
        "suggestion",
        "tasks",
        "unsigned",
        "verdict",
        "vote",
        "workflow",
    }
)

_LONGEST = 60


def candidates(title: str) -> Iterator[str]:
    """Names for a title, the plain one first, then numbered ones.

    >>> next(candidates("L’Œuf de l‘Étang"))
    'l-oeuf-de-l-etang'
    """
    plain = slugify(fold(title), max_length=_LONGEST, word_boundary=True, replacements=(("'", "-"),)) or "x"
    if plain not in RESERVED:
        yield plain
    number = 2
    while True:
        yield f"{plain}-{number}"
        number += 1


def free_name(folder: Container[str], title: str) -> str:
    """The first name for a title that the folder does not hold yet."""
    return next(name for name in candidates(title) if name not in folder)
