"""A page has one form to fill in: what is put into a second one would be lost with the button of the first."""

import pytest

from .opening import forms_of
from .pages_of_the_site import PAGES
from .test_wrong_input import choices_of, texts_of

#: Pages with several, by the view: why none of them loses anything that is meant.
ALTERNATIVES = {
    "workflow": "each step is another decision; who takes one leaves the others",
}


def filled_in(form):
    """Whether anybody fills in this form, rather than pressing its button."""
    files = [
        name for name, fields in form.fields.items() for field in fields if field.attrs.get("type") == "file" and name
    ]
    return bool(files or texts_of(form) or choices_of(form))


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_no_page_has_two_forms_to_fill_in(page, demo):
    demo.renew()
    shown = demo.browser(page.login).get(demo.found[page.name], status="*")
    if shown.content_type != "text/html" or not shown.body:
        return
    several = [form.id or form.action for _place, form in forms_of(shown) if filled_in(form)]
    if page.view not in ALTERNATIVES:
        assert len(several) <= 1, several


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_forms_are_answered_on_their_page_and_not_in_bubbles_of_the_browser(page, demo):
    demo.renew()
    shown = demo.browser(page.login).get(demo.found[page.name], status="*")
    if shown.content_type != "text/html" or not shown.body:
        return
    for place, form in forms_of(shown):
        if filled_in(form):
            assert shown.html.find_all("form")[place].has_attr("novalidate"), form.action
