"""Names of files fit any header and any disk, and hide nothing."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopcms.domain.files import names
from coopcms.text import one_line

TEXTS = st.text(max_size=300) | st.text(
    alphabet=st.sampled_from('aé./\\:\u202e\u200b\u0301\U0001f468\u200d\x00\n\r;"%*?<>|con .'), max_size=300
)


@given(TEXTS, st.sampled_from(["pdf", "jpg", "webp"]))
def test_any_name_becomes_one_that_any_disk_takes(text, ending):
    found = names.safe(text, ending)
    stem = found[: -len(ending) - 1]
    assert found.endswith(f".{ending}")
    assert len(stem) > 0
    assert len(found) <= names.LONGEST_NAME
    assert len(found.encode()) <= 255
    assert not any(unicodedata.category(c).startswith("C") for c in found)
    assert not set(found) & set('<>:"/\\|?*')
    assert stem == stem.strip(" .")
    assert stem.split(".")[0].strip().lower() not in {"con", "prn", "aux", "nul", "com1", "lpt9"}
    assert names.safe(found, ending) == found, "it is the same when it is served"


@given(TEXTS, TEXTS)
def test_any_title_is_one_that_the_form_takes_again(text, filename):
    found = names.title(text, filename)
    assert 0 < len(found) <= names.LONGEST_TITLE
    assert found == one_line(found)
    assert names.title(found, "") == found


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("bail.pdf", "bail.pdf"),
        ("C:\\photos\\été.exe", "été.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("rapport v1.2", "rapport v1.2.pdf"),
        ("rapport v1.2.docx", "rapport v1.2.pdf"),
        ("con", "_con.pdf"),
        ("COM1.txt", "_COM1.pdf"),
        ("conseil.pdf", "conseil.pdf"),
        ("", "document.pdf"),
        (".pdf", "document.pdf"),
        ("...", "document.pdf"),
        ("a" * 5_000, "a" * 96 + ".pdf"),
        ("facture\u202efdp.exe", "facturefdp.pdf"),
        ("e\u0301te\u0301.pdf", "été.pdf"),
        ("ligne\r\nSet-Cookie: a=b", "ligne Set-Cookie_ a=b.pdf"),
    ],
)
def test_names_as_people_and_others_write_them(sent, kept):
    assert names.safe(sent, "pdf") == kept


def test_a_cut_never_parts_a_letter_from_its_accent():
    cut = names.safe("x\u0323\u0302" * 80, "pdf").removesuffix(".pdf")
    assert cut.endswith("x\u0323\u0302")
