"""A name that people give stands apart from the sentence of ours around it: a Hebrew one would turn what stands beside it."""

import re
from pathlib import Path

import pytest

import coopcms

TEMPLATES = sorted(Path(coopcms.__file__).parent.rglob("*.pt"))
#: An element whose content is filled into a translated sentence.
FILLED = re.compile(
    r'<(?P<tag>[\w:]+)\b(?P<attributes>[^<>]*\bi18n:name="[^"]*"[^<>]*)>(?P<content>.*?)</(?P=tag)>', re.DOTALL
)
#: What people give names and texts to, as templates write it.
GIVEN = re.compile(
    r"\.(title|name|filename|code|issuer|email|accreditation_number)\b|\bname_of\("
    r"|\['(name|title|email|author|text|subject|reason|missing|reservation|about)'\]|\bone\.number\b|\bfilename\b"
)
#: Titles that are ours.
OURS = re.compile(r"\b(state_title|ROLES|TITLES|KINDS|STATES)\b")


def bare_names(template):
    """The expressions in sentences of a template that hold somebody's words and nothing keeps apart."""
    for filled in FILLED.finditer(template):
        if filled["tag"] == "bdi":
            continue
        rest = re.sub(r"<bdi>.*?</bdi>", "", filled["content"], flags=re.DOTALL)
        yield from (
            expression
            for expression in re.findall(r"\$\{([^{}]*)\}", rest)
            if GIVEN.search(expression) and not OURS.search(expression) and "isolated(" not in expression
        )


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_names_inside_the_sentences_of_a_template_stand_in_bdi(file):
    assert list(bare_names(file.read_text())) == []


def test_the_check_sees_a_bare_name():
    sentence = '<p i18n:translate="">Chez {}</p>'
    bare = ('<b i18n:name="x">${company.title}</b>', '<tal:n i18n:name="x">${name_of(one)}</tal:n>')
    apart = ('<bdi i18n:name="x">${company.title}</bdi>', '<b i18n:name="x"><bdi>${company.title}</bdi></b>')
    ours = ('<b i18n:name="x">${state_title(company)}</b>', '<tal:d i18n:name="x">${day(when)}</tal:d>')
    assert all(list(bare_names(sentence.format(one))) for one in bare)
    assert not any(list(bare_names(sentence.format(one))) for one in (*apart, *ours))
