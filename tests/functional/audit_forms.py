"""What the tests of the forms of an audit share: the company, the audit, and the fields of our forms."""

from datetime import date

import pytest
import transaction

from coopcms.domain import specifications
from coopcms.workflows import engine

from .. import world as worlds
from .auditing import COMPANY, days_ago

FORM = "form"
AUDIT = f"{COMPANY}/audits/celui-ci"


@pytest.fixture
def company(world):
    """A company whose application is admissible; its one version has two criteria."""
    when = days_ago(20)
    made = worlds.company(world, "celle", when)
    [version] = made.versions()
    engine.fire(version, "back_to_draft", world.actors["entreprise"], when, comment="Un critère manque.")
    second = {**worlds.CRITERION, "code": "A2", "title": "Accès au parcours"}
    specifications.add_criterion(version, second, world.actors["entreprise"], when)
    engine.fire(version, "freeze", world.actors["entreprise"], when)
    engine.fire(made, "apply", world.actors["entreprise"], when)
    engine.fire(made, "declare_admissible", world.actors["equipe"], when)
    transaction.commit()
    return made


@pytest.fixture
def audit(world, company):
    """A function that makes an audit of the company's own version in a state."""

    def make(state, level=2, when=None, **kw):
        versions = list(company.versions())
        made = worlds.audit(world, company, level, state, when or days_ago(3), versions=versions, name="celui-ci", **kw)
        transaction.commit()
        return made

    return make


def press(form, name, value="1", status=303):
    """Send a form by a button that stands elsewhere on its page."""
    fields = [*form.submit_fields(), (name, value)]
    return form.response.test_app.post(form.action, fields, status=status)


def removals(page):
    """The buttons that take away a piece, by their words: each belongs to the form of the page."""
    buttons = page.html.select("button[form=form][name=remove]")
    return {" ".join(button.get_text().split()): button["value"] for button in buttons}


def checks(form, name):
    """The boxes of a list of choices: deform gives them all one name, between two marks that name the list."""
    fields = [field for field, _name in zip(*_fields(form), strict=True)]
    names = [name for _field, name in zip(*_fields(form), strict=True)]
    first = next(i for i, f in enumerate(fields) if names[i] == "__start__" and f._value.startswith(f"{name}:sequence"))
    found = []
    for field, its in zip(fields[first + 1 :], names[first + 1 :], strict=True):
        if its == "__end__":
            return found
        found.append(field)
    raise AssertionError(name)


def _fields(form):
    pairs = [(field, name) for name, field in form.field_order]
    return [field for field, _name in pairs], [name for _field, name in pairs]


def tick(form, name, *labels):
    """Tick the boxes that have these words, and no others."""
    for box in checks(form, name):
        label = form.html.find("label", attrs={"for": box.id}).get_text(strip=True)
        box.checked = label in labels


def ticked(form, name):
    return [
        form.html.find("label", attrs={"for": box.id}).get_text(strip=True) for box in checks(form, name) if box.checked
    ]


def choose(form, title, value):
    """Choose one of several: deform names radio buttons by the id of their field."""
    fieldset = next(
        f for f in form.html.find_all("fieldset") if (legend := f.find("legend")) and title in legend.get_text()
    )
    form[fieldset.find("input", type="radio")["name"]] = value


def day(form, value):
    form["date"] = value.isoformat() if isinstance(value, date) else value


def plan_of(made):
    return {
        "title": made.title,
        "planned_on": made.planned_on,
        "purpose": made.purpose,
        "team": set(made.team),
        "sites": made.site_ids,
        "versions": made.version_ids,
        "body": made.body_id,
    }
