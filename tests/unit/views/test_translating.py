"""Messages are looked up once for each language of each application, and never mixed up."""

from types import SimpleNamespace

import pytest
from translationstring import TranslationString

from coopcms.i18n import DOMAIN
from coopcms.views import translating
from coopcms.views.translating import translate

from ...support.threads import together


class Localizer:
    """Counts what it is asked; says in which language, domain and context."""

    def __init__(self, name):
        self.name, self.asked = name, 0

    def translate(self, message):
        self.asked += 1
        return f"{self.name}/{message.domain}/{message.context}: {message}, ${{count}}"


@pytest.fixture
def reading(monkeypatch):
    """Let a reader of some application read: ``reading(localizer)``."""
    current = SimpleNamespace()
    monkeypatch.setattr(translating, "get_current_request", lambda: current)

    def read(localizer):
        current.localizer, current.locale_name = localizer, "fr"

    return read


def test_two_applications_of_one_language_have_their_own_words(reading):
    one, other = Localizer("one"), Localizer("other")
    for localizer in (one, other, one, other):
        reading(localizer)
        said = translate("Bonjour", DOMAIN, {"count": 3})
        assert said == f"{localizer.name}/{DOMAIN}/None: Bonjour, 3"
    assert (one.asked, other.asked) == (1, 1)


def test_one_text_in_two_domains_and_contexts_is_two_messages(reading):
    reading(Localizer("one"))
    said = {
        translate(TranslationString("Nom", domain=domain, context=context))
        for domain in (DOMAIN, "deform")
        for context in (None, "menu")
    }
    assert len(said) == 4


def test_texts_that_are_no_messages_of_ours_are_not_remembered(reading):
    localizer = Localizer("one")
    reading(localizer)
    before = translating._looked_up.cache_info().currsize
    for number in range(50):
        translate(f"texte {number}", "autre")
    assert translating._looked_up.cache_info().currsize == before
    assert localizer.asked == 50


def test_threads_that_read_in_two_languages_get_their_own(monkeypatch):
    import threading

    current = threading.local()
    monkeypatch.setattr(translating, "get_current_request", lambda: current.request)
    localizers = [Localizer("fr"), Localizer("en")]

    def work():
        wrong = 0
        for number in range(3000):
            localizer = localizers[number % 2]
            current.request = SimpleNamespace(localizer=localizer, locale_name=localizer.name)
            wrong += not translate(f"message {number % 50}", DOMAIN).startswith(f"{localizer.name}/")
        return wrong

    assert together(8, work) == [0] * 8
