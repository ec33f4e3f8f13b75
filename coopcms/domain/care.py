"""Verbs of coordinators on dossiers they look after: assigning, noting, writing from a letter."""

import hashlib
import re
import secrets
from datetime import datetime
from typing import Any

from BTrees import family64

from ..catalog.queries import coordinators
from ..content.care import Care, LetterTemplate, Note
from ..content.checks import too_long
from ..content.company import Company
from ..i18n import _
from ..security.permissions import P
from ..security.principals import Actor
from ..text import one_line, prose, says_something
from .companies import progress
from .errors import Invalid, Stale
from .permission import require

LONGEST_NOTE = 4000
#: What stands in braces in a letter.
BLANKS = ("company", "state", "missing", "link")
#: Not ``str.format``: who writes a letter does not walk through our objects.
_BLANK = re.compile(r"\{([^{}\n]*)\}")


def care_of(company: Company) -> Care | None:
    """What is kept beside a dossier, None where nothing is."""
    found: Care | None = company.care
    return found


def _opened(company: Company) -> Care:
    if company.care is None:
        company.care = Care()
    return company.care  # type: ignore[no-any-return]


def assign(company: Company, userid: int | None, actor: Actor) -> None:
    """Say which coordinator looks after a dossier; None: nobody any more.

    :raises Invalid: this is no coordinator
    """
    require(P.CARE, company, actor)
    site = company.__parent__.__parent__
    if userid is not None and userid not in {account.__oid__ for account in coordinators(site)}:
        raise Invalid(assignee=_("Choisissez quelqu’un de l’équipe de la coopérative."))
    if company.care is None and userid is None:
        return
    care = _opened(company)
    if care.assignee != userid:
        care.assignee = userid


def note(company: Company, text: str, actor: Actor, now: datetime) -> str:
    """Write a note and return its key.  Sent twice within a day it is written once.

    :raises Invalid: there is no text, or it is too long
    """
    require(P.CARE, company, actor)
    text = prose(text)
    if not text:
        raise Invalid(note=_("Écrivez votre note avant de l’enregistrer."))
    if len(text) > LONGEST_NOTE:
        raise Invalid(note=too_long(len(text), LONGEST_NOTE))
    key = hashlib.sha256(repr((actor.userid, text, now.date())).encode()).hexdigest()[:16]
    care = _opened(company)
    if key not in care.notes:
        care.notes[key] = Note(text, actor.userid, now)
    return key


def strike(company: Company, key: str, actor: Actor) -> None:
    """Remove a note.

    :raises KeyError: there is none of that key
    """
    require(P.CARE, company, actor)
    del _opened(company).notes[key]


def notes(company: Company, actor: Actor) -> list[tuple[str, Note]]:
    """The notes, newest first."""
    require(P.CARE, company, actor)
    found = [] if company.care is None else list(company.care.notes.items())
    return sorted(found, key=lambda pair: pair[1].when, reverse=True)


# Letters


def letters(site: Any) -> dict[str, LetterTemplate]:
    """Every template by its key: those the site begins with, until somebody changed them."""
    # Made anew each time: an object that threads shared would belong to the first connection that stores it.
    first = {key: LetterTemplate(*texts) for key, texts in FIRST.items()}
    return {**first, **{key: letter for key, letter in (site.letters or {}).items() if letter is not None}}


def save_letter(
    site: Any, key: str | None, title: str, subject: str, text: str, actor: Actor, *, revision: int | None = None
) -> str:
    """Change a letter, or make one, and return its key.

    :raises Invalid: something is missing, or a brace is none of the blanks there are
    :raises Stale: somebody changed it since that revision
    """
    require(P.SEE_BOARD, site, actor)
    wrong = {
        name: _("Écrivez ce champ : la lettre en a besoin.")
        for name, value in (("title", title), ("subject", subject), ("text", text))
        if not says_something(value)
    }
    for name, value in (("subject", subject), ("text", text)):
        if set(_BLANK.findall(value)) - set(BLANKS):
            wrong[name] = _("Entre accolades, seuls {company}, {state}, {missing} et {link} sont remplis.")
    if wrong:
        raise Invalid(**wrong)
    known = letters(site).get(key) if key else None
    if known is not None and revision is not None and revision != known.revision:
        raise Stale(known)
    if site.letters is None:
        site.letters = family64.OO.BTree()
    letter = LetterTemplate(one_line(title), one_line(subject), prose(text))
    letter.revision = 1 if known is None else known.revision + 1
    key = key if known is not None and key else secrets.token_hex(4)
    site.letters[key] = letter
    return key


def written(
    letter: LetterTemplate, company: Company, state: str, link: str, now: datetime, say: Any
) -> tuple[str, str]:
    """Subject and text of a letter about a company; ``say`` translates, ``state`` is in words."""
    missing = [f"– {say(one.sentence)}" for one in progress(company, now).missing]
    blanks = {"company": company.title, "state": state, "link": link, "missing": "\n".join(missing)}
    subject, text = (_BLANK.sub(lambda m: blanks.get(m[1], m[0]), each) for each in (letter.subject, letter.text))
    return subject, text


#: Letters a site begins with – title, subject, text; content, in the language of the site.
FIRST = {
    "reminder": (
        "Relancer un dossier commencé",
        "Votre dossier {company} : où en êtes-vous ?",
        "Bonjour,\n\nVotre dossier « {company} » est commencé. Avant de déposer la candidature, il reste :\n\n{missing}\n\n"
        "Tout s’enregistre section par section ; nous pouvons aussi le remplir avec vous, au téléphone :\n{link}\n\n"
        "Bien à vous,\nL’équipe de la coopérative",
    ),
    "returned": (
        "Demander une pièce",
        "{company} : une pièce nous manque",
        "Bonjour,\n\nNous examinons votre dossier « {company} » (étape : {state}). Il nous manque encore :\n\n– …\n\n"
        "Vous pouvez la déposer ici ; vous choisissez qui la voit :\n{link}\n\nBien à vous,\nL’équipe de la coopérative",
    ),
    "visit": (
        "Annoncer une visite",
        "{company} : la visite des sociétaires",
        "Bonjour,\n\nDes sociétaires viendront vérifier sur place ce que promet « {company} ». Ils suivent la grille de "
        "contrôle, que vous pouvez lire ici :\n{link}\n\nMerci de prévoir une demi-journée et quelqu’un qui connaît les lieux.\n\n"
        "Bien à vous,\nL’équipe de la coopérative",
    ),
}
