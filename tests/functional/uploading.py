"""Every form that takes a file: where it stands, who sends it, what else is typed there, and where the file ends up."""

from dataclasses import dataclass
from typing import Any

import transaction
from webtest import Upload

from coopcms.domain import worksites
from coopcms.workflows import engine

from .. import world as worlds
from .auditing import COMPANY, days_ago


@dataclass(frozen=True)
class Form:
    """``typed`` is what else is filled in; ``where`` finds the folder or object that holds what was sent."""

    name: str
    path: str
    form: str
    login: str
    label: str
    where: Any
    pictures_only: bool = False
    typed: tuple = ()
    button: str = "save"


AUDIT, OTHER = f"{COMPANY}/audits/celui-ci", f"{COMPANY}/audits/rendu"
TITLE = (("title", "Le parcours nord"),)
FORMS = (
    Form("document", f"{COMPANY}/files/add", "form", "entreprise", "Document", lambda c: c["files"], typed=TITLE),
    Form("logo", f"{COMPANY}/files/logo", "form", "entreprise", "Logo", lambda c: c, pictures_only=True),
    Form(
        "photo",
        f"{COMPANY}/sites/lieu/edit",
        "form",
        "entreprise",
        "Photo",
        lambda c: c["sites"]["lieu"],
        pictures_only=True,
    ),
    Form(
        "evidence",
        f"{AUDIT}/a1",
        "form",
        "visiteuse",
        "Photo ou document",
        lambda c: c["audits"]["celui-ci"]["a1"].evidence,
        typed=TITLE,
        button="attach",
    ),
    Form(
        "proof",
        f"{OTHER}/a1/action/prove",
        "form",
        "entreprise",
        "Photo ou document",
        lambda c: c["audits"]["rendu"]["a1"].nonconformity.documents,
        typed=TITLE,
        button="attach",
    ),
)


def settle(world):
    """A company with a site, an audit under way, and a report whose non-conformity waits for its proof."""
    when = days_ago(20)
    company = worlds.company(world, "celle", when)
    staff = world.actors["entreprise"]
    [version] = company.versions()
    engine.fire(company, "apply", staff, when)
    worksites.create(company, {"title": "Lieu", "kind": "farm", "city": "Guéret"}, staff, when, name="lieu")
    reported = worlds.audit(
        world, company, 2, "reported", days_ago(5), found={"A1": "minor"}, versions=[version], name="rendu"
    )
    worlds.nonconformity(world, reported, "accepted", days_ago(4))
    worlds.audit(world, company, 2, "in_progress", days_ago(3), versions=[version], name="celui-ci")
    transaction.commit()
    return company


def send(browser, form, data, filename, *, status="*", **headers):
    """Send a file by a form, with what else is typed there: the answer."""
    page = browser.get(form.path, headers=headers)
    filled = page.forms[form.form]
    for name, text in form.typed:
        filled[name] = text
    filled["upload"] = Upload(filename, data, "application/octet-stream")
    return filled.submit(form.button, status=status, headers=headers)


def sent(form, company):
    """The one file that a form has kept."""
    transaction.begin()
    place = form.where(company)
    if form.pictures_only:
        return place.logo if form.name == "logo" else place.photo
    return next(iter(place.values()), None)


def clear(form, company):
    """Take away what a form has kept, for the next one."""
    transaction.begin()
    place = form.where(company)
    if form.name == "logo":
        place.logo = None
    elif form.name == "photo":
        place.photo = None
    else:
        for key in list(place.keys()):
            if form.name == "document":
                place.remove(key)
            else:
                del place[key]
    transaction.commit()
