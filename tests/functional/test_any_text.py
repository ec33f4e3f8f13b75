"""Any text, into every field of every form: no error of ours, nothing invisible is stored, and what is taken is stored as prepared."""

import random
import zlib

import pytest
import transaction

from coopcms import text

from .opening import forms_of
from .pages_of_the_site import PAGES
from .test_sent_twice import plausible
from .test_wrong_input import buttons_of, texts_of

#: Invisible signs, blanks, line ends, directions and emoji, as people paste them.
SIGNS = "\u200b\u200c\u200d\u00ad\ufeff\u2060\u202e\u2066\u2069\u061c\u2800\u3164\u00a0\u202f\u0301\u0300\ufe0f\x00\x07\x1b\x7f\x85\r\n\t\u2028\ufdd0"
LETTERS = "aéÉœ’'«»-1٣²ß漢👩🏽‍🌾❤️🏴 "
SAMPLES = {
    "composed in pieces": "E\u0301levage du haut, 2e\u0300me lot",
    "pasted": "Éle\u200bvage\u00ad \u202edu\u2066 haut\x07\u2060\ufeff",
    "ends of lines": "Un\r\ndeux\rtrois\u2028quatre\x85cinq",
    "emoji": "Bravo 👩🏽‍🌾 ❤️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿\u3164",
    "nothing to see": "\u200b\u2800\u3164\u00ad\u00a0\u202e",
}


def drawn(name):
    """A text of a page's own, the same each time."""
    chance = random.Random(zlib.crc32(name.encode()))  # noqa: S311 - a test that can be repeated
    return "".join(chance.choice(SIGNS + LETTERS) for _ in range(40))


def strings(value, seen):
    """Every text that lies in the state of a stored object."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from strings(key, seen)
            yield from strings(each, seen)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for each in value:
            yield from strings(each, seen)
    elif type(value).__module__.startswith("coopcms") and not hasattr(value, "_p_oid") and id(value) not in seen:
        seen.add(id(value))
        yield from strings(vars(value), seen)


def written(demo):
    """Every text in the records that were written since everything was as it was."""
    connection = demo.registry._zodb_databases[""].open(transaction.TransactionManager())
    for oid in list(demo.changed()):
        obj = connection.get(oid)
        obj._p_activate()
        state = obj.__getstate__() if hasattr(obj, "__getstate__") else vars(obj)
        yield from strings(state, set())
    connection.close()


def is_prepared(stored):
    return stored in (text.prose(stored), text.one_line(stored))


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_nothing_invisible_is_stored_and_what_is_taken_is_stored_as_it_is_prepared(page, demo):
    wrong = {}
    demo.renew()
    shown = demo.browser(page.login).get(demo.found[page.name], status="*")
    if shown.content_type != "text/html" or not shown.body:
        return
    for place, form in forms_of(shown):
        if not texts_of(form):
            continue
        for kind, sample in {**SAMPLES, "drawn": drawn(page.name)}.items():
            demo.renew()
            app = demo.browser(page.login)
            filled = plausible(app.get(demo.found[page.name], status="*").forms[place], page)
            filled.action = filled.action or demo.found[page.name]
            # The last field that holds words: the others stay plausible, so that the form is taken where it can be.
            names = [n for n in texts_of(filled) if filled.fields[n][0].attrs.get("type") in (None, "text")]
            if not names:
                continue
            filled.fields[names[-1]][0].force_value(sample)
            buttons = buttons_of(filled)
            button = next(iter(buttons))
            answer = filled.submit(button and button[0], status="*", expect_errors=True)
            if answer.status_int >= 500:
                wrong[place, kind] = answer.status
            if answer.status_int not in (302, 303):
                continue
            stored = list(written(demo))
            unseen = [ascii(each) for each in stored if not is_prepared(each)]
            expected = {text.prose(sample), text.one_line(sample)}
            if unseen:
                wrong[place, kind] = f"stored: {unseen[:3]}"
            elif len(buttons) > 1 or not stored or not text.says_something(sample):
                continue  # another button may be the one that takes the words
            elif not any(e in each for e in expected for each in stored):
                wrong[place, kind, names[-1]] = "is not stored as it is prepared"
    assert wrong == {}, (demo.found[page.name], *wrong.items())
