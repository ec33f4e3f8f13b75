"""Every form of the site, sent twice as by a double click: what it does is done once, and nobody is shown an error for it."""

import contextlib
import io
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import transaction
from PIL import Image
from playwright.sync_api import Error
from webtest import Upload
from ZODB.POSException import POSKeyError, ReadConflictError

from .opening import Eyes, forms_of
from .pages_of_the_site import PAGES, addresses
from .test_wrong_input import buttons_of, texts_of

#: What a field is filled with where its name says more than its type.
VALUES = {
    "password": "une phrase assez longue pour cela",
    "again": "une phrase assez longue pour cela",
    "login": "membre",
    "email": "quelqu-un@exemple.example",
    "name": "Quelqu’un",
    "siret": "73282932000074",
    "postcode": "23400",
    "code": "Z9",
    "quorum": "10",
    "majority": "50",
}
#: Types of fields that hold words.
WORDS = (None, "text")
#: What fields of a type are filled with.
TYPES = {"number": "3", "email": "quelqu-un@exemple.example", "url": "https://exemple.example"}

#: Classes that say nothing of their own: parts of a collection, and the note of what the catalog still has to index.
INSIDE = ("Bucket", "Set", "ActionsQueue")

#: What a page says where the first sending has removed the place, or taken the step.
DONE_ALREADY = {"Ce n’est plus là", "Ce n’est pas possible, ou plus maintenant"}


def picture():
    """A small photo."""
    made = io.BytesIO()
    Image.new("RGB", (40, 30), (90, 120, 60)).save(made, "PNG")
    return Upload("photo.png", made.getvalue())


def plausible(form, page):
    """Fill what is empty with something that might be meant."""
    for name, fields in form.fields.items():
        for field in fields:
            kind = field.attrs.get("type")
            if kind == "file":
                field.value = picture()
            elif name in texts_of(form) and not field.value:
                day = datetime.now(UTC).date() + timedelta(days=20)
                field.value = (
                    day.isoformat() if kind == "date" else VALUES.get(name, TYPES.get(kind, "Une phrase simple."))
                )
            elif field.tag == "select" and not field.value:
                chosen = [value for value, _selected, _text in field.options if value]
                field.value = chosen[0] if chosen else ""
            elif kind == "radio" and field.value is None:
                field.value = field.options[0][0]
    if "current" in form.fields:
        form["current"] = "demo"
    boxes = [field for fields in form.fields.values() for field in fields if field.attrs.get("type") == "checkbox"]
    if boxes and not any(box.checked for box in boxes):
        boxes[0].checked = True
    return form


def sizes(connection, oid):
    """The class of a record and how much lies in it, None where there is none."""
    try:
        obj = connection.get(oid)
        return type(obj).__name__, len(obj) if hasattr(type(obj), "__len__") else 1
    except (POSKeyError, ReadConflictError):  # the second: it came later than the connection
        return None


@contextlib.contextmanager
def growth(demo, found):
    """Count what comes and goes while something is sent: records that are new, collections that grew or shrank, by class."""
    database = demo.registry._zodb_databases[""]
    before = database.open(transaction.TransactionManager())
    before.sync()
    yield
    after = database.open(transaction.TransactionManager())
    for oid in list(demo.changed()):
        old, new = sizes(before, oid), sizes(after, oid)
        if new is not None and old != new and not new[0].endswith(INSIDE):
            found[new[0]] += new[1] - (old[1] if old else 0)
    for connection in (before, after):
        connection.close()


def sent(form, button):
    """Send a form as the button does it."""
    if button is None:
        return form.submit(status="*", expect_errors=True)
    return form.submit(button[0], value=button[1], status="*", expect_errors=True)


def is_error(response):
    """Whether somebody sees one of the pages that only speak of errors, but for those that say it is done already."""
    if response.status_int < 400:
        return False
    return response.content_type != "text/html" or (
        response.html.select_one("main .error-page") is not None
        and response.html.h1.get_text(" ", strip=True) not in DONE_ALREADY
    )


@pytest.fixture(scope="module")
def taken():
    """How many forms took what was sent, by page: many, or these tests would test little."""
    return Counter()


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_what_is_sent_twice_is_done_once(page, demo, taken):
    demo.renew()
    wrong = {}
    shown = demo.browser(page.login).get(demo.found[page.name], status="*")
    if shown.content_type != "text/html" or not shown.body:
        return
    for place, form in forms_of(shown):
        for button in buttons_of(form):
            demo.renew()
            app = demo.browser(page.login)
            shown = app.get(demo.found[page.name], status="*")
            filled = plausible(shown.forms[place], page)
            filled.action = filled.action or demo.found[page.name]
            once, twice = Counter(), Counter()
            with growth(demo, once):
                first = sent(filled, button)
            if first.status_int != 303:
                continue
            taken[page.name] += 1
            with growth(demo, twice):
                second = sent(filled, button)
            if any(twice.values()):
                wrong[(place, button)] = f"done twice: {dict(twice)} after {dict(once)}, answered {second.status}"
            elif is_error(second):
                wrong[(place, button)] = f"answers {second.status}: {second.html.h1.get_text(' ', strip=True)}"
    assert not wrong, (demo.found[page.name], *wrong.items())


def test_many_forms_were_sent(taken):
    assert sum(taken.values()) > 60, taken


#: Forms with something in them already that one person alone changes, or that make something new each time.
OF_ONE = {
    "account": "one's own name",
    "suggest-section": "replaces one's own suggestion",
    "letter": "a letter each time",
}


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_who_saves_a_form_second_sees_what_was_saved_meanwhile(page, demo):
    demo.renew()
    app = demo.browser(page.login)
    shown = app.get(demo.found[page.name], status="*")
    if page.name in OF_ONE or shown.content_type != "text/html" or not shown.body:
        return
    for place, form in forms_of(shown):
        written = [
            n for n in texts_of(form) if form.fields[n][0].value and form.fields[n][0].attrs.get("type") in WORDS
        ]
        if not written:
            continue
        demo.renew()
        one, other = (app.get(demo.found[page.name]).forms[place] for _tab in range(2))
        for tab, text in ((one, "le premier"), (other, "le second")):
            tab.action = tab.action or demo.found[page.name]
            tab[written[-1]] = f"{tab[written[-1]].value} {text}"
        if sent(one, ("save", "save")).status_int != 303:
            continue  # this field takes no words
        answer = sent(other, ("save", "save"))
        assert answer.status_int == 409
        assert "premier" in answer.html.main.get_text()
        again = answer.forms[place]
        assert "le second" in again[written[-1]].value
        again.action = again.action or demo.found[page.name]
        assert sent(again, ("save", "save")).status_int == 303, "sent again, it is a decision"
        assert "le second" in app.get(demo.found[page.name]).forms[place][written[-1]].value


# --- by hand -------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=[True, False], ids=["with scripts", "without"])
def hands(request, browser, demo_site, demo_place):
    made = Eyes(
        browser,
        demo_site.url,
        addresses(demo_place.folder),
        viewport={"width": 1280, "height": 900},
        java_script_enabled=request.param,
    )
    made.mark = "Alpha" if request.param else "Bravo"
    yield made
    made.close()


@pytest.mark.parametrize(
    ("name", "fields", "where"),
    [
        ("contact-add", {"name": "{} Double", "email": "{}@exemple.example"}, "main tbody tr"),
        ("specification-add", {"title": "{} deux fois"}, "main h2"),
        ("staff", {"email": "{}.double@exemple.example"}, "main tbody tr"),
        ("proposal-comments", {"text": "{} le dit une fois."}, "main .comments > li"),
        (
            "body-add",
            {"title": "{} deux fois", "accreditation_number": "5-0999", "accreditation_scope": "Œufs"},
            "main h3, main h2",
        ),
    ],
)
def test_a_double_click_sends_once(name, fields, where, hands):
    page = next(page for page in PAGES if page.name == name)
    window, _answer = hands.open(page)
    for field, words in fields.items():
        window.locator(f"main form [name='{field}']").first.fill(words.format(hands.mark))
    for day in window.locator("main form input[type=date]").all():
        day.fill("2031-05-04")
    # Without scripts the second click ends the navigation that the first one began: the answer to the last one is waited for.
    with window.expect_response(lambda response: response.request.method == "POST"):
        window.locator("main #formsave").last.dblclick(no_wait_after=True)
    window.wait_for_load_state("networkidle")
    go_at_last(window, hands.url + hands.found[name].removesuffix("/add"))
    assert window.locator(where, has_text=hands.mark).count() == 1


def go_at_last(window, url):
    """Go to a page, again where the answer to what was sent before comes in between."""
    while True:
        try:
            return window.goto(url)
        except Error as error:
            if "interrupted by another navigation" not in str(error):
                raise


def test_a_form_that_was_sent_is_sent_again_from_the_page_before_it_without_a_second_of_it(hands):
    page, place = (next(page for page in PAGES if page.name == one) for one in ("contact-add", "contacts"))
    window, _answer = hands.open(page)
    for _time in range(2):
        window.locator("main form [name=name]").fill(f"{hands.mark} Retour")
        window.locator("main form [name=email]").fill("retour@exemple.example")
        with window.expect_navigation():
            window.locator("main #formsave").click()
        window.go_back(wait_until="commit")  # a page kept in memory never loads
        window.locator("main #formsave").wait_for()
    window, _answer = hands.open(place)
    assert window.locator("main tbody tr", has_text=f"{hands.mark} Retour").count() == 1


def test_the_same_form_in_two_tabs_loses_neither_text(hands):
    page = next(page for page in PAGES if page.name == "version-edit")
    one, _answer = hands.open(page)
    one.reload()
    other = one.context.new_page()
    other.goto(one.url)
    for tab, text in ((one, "premier"), (other, "second")):
        tab.locator("main form [name=description]").fill(f"{hands.mark} {text}")
    with one.expect_navigation():
        one.locator("main #formsave").click()
    with other.expect_navigation() as came:
        other.locator("main #formsave").click()
    assert came.value.status == 409
    shown = other.locator("main").inner_text()
    assert f"{hands.mark} premier" in shown
    assert other.locator("main form [name=description]").input_value() == f"{hands.mark} second"
    other.close()
