"""A form that came back with errors still rests on what its reader saw."""

import transaction

from coopcms.domain import worksites

from .audit_forms import FORM
from .auditing import days_ago
from .test_worksites import sites  # noqa: F401 - a fixture

EDIT = "/companies/celle/sites/lieu-public/edit"


def test_what_a_colleague_saved_before_the_second_try_is_still_noticed(browse, sites, world):  # noqa: F811
    company = sites("applied")
    form = browse("entreprise").get(EDIT).forms[FORM]
    form["description"] = "Le mien."
    form["title"] = ""
    form = form.submit("save", status=422).forms[FORM]
    form["title"] = "Lieu public"
    transaction.begin()
    site = company["sites"]["lieu-public"]
    values = {name: getattr(site, name) for name in worksites.FIELDS}
    worksites.change(site, {**values, "description": "Le sien."}, world.actors["collegue"], days_ago(0))
    transaction.commit()
    answer = form.submit("save", status=409)
    assert "Le sien." in answer.text
    assert "Le mien." in answer.forms[FORM]["description"].value
