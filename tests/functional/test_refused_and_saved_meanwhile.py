"""A form that came back with errors still rests on what its reader saw."""

import pytest
import transaction

from coopcms.domain import worksites

from .audit_forms import FORM
from .auditing import days_ago
from .test_worksites import sites  # noqa: F401 - a fixture

EDIT = "/companies/celle/sites/lieu-public/edit"


@pytest.mark.parametrize("first", ["a field is wrong", "a preview"])
def test_what_a_colleague_saved_before_the_second_try_is_still_noticed(browse, sites, world, first):  # noqa: F811
    company = sites("applied")
    form = browse("entreprise").get(EDIT).forms[FORM]
    form["description"] = "Le mien."
    if first == "a field is wrong":
        form["title"] = ""
        form = form.submit("save", status=422).forms[FORM]
        form["title"] = "Lieu public"
    else:
        form = form.submit("preview", status=200).forms[FORM]
    transaction.begin()
    site = company["sites"]["lieu-public"]
    values = {name: getattr(site, name) for name in worksites.FIELDS}
    worksites.change(site, {**values, "description": "Le sien."}, world.actors["collegue"], days_ago(0))
    transaction.commit()
    answer = form.submit("save", status=409)
    assert "Le sien." in answer.text
    assert "Le mien." in answer.forms[FORM]["description"].value
