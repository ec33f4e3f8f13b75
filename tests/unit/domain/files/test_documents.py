"""Documents are what their bytes say; what is not accepted is named, with what to do."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopcms.domain.errors import Invalid
from coopcms.domain.files import documents, foreign, names, packages, uploads

from ....support import documents as made
from ....support import wrong_files

MOST = 10_000_000
WRONG = wrong_files.corpus()
GOOD = made.good()


def sentence_of(data, filename, *, only_pictures=False):
    with pytest.raises(Invalid) as refused:
        if only_pictures:
            uploads.picture(io.BytesIO(data), filename, 320, "image/png", MOST)
        else:
            uploads.received(io.BytesIO(data), filename, MOST)
    return refused.value.messages["upload"].interpolate()


@pytest.mark.parametrize("name", GOOD)
def test_a_good_document_is_kept_as_it_was_sent(name):
    data, filename, kind, charset = GOOD[name]
    upload = uploads.received(io.BytesIO(data), filename, MOST)
    assert (upload.shown, upload.sent) == (data, None)
    assert (upload.content_type, upload.charset) == (kind, charset)


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_is_named(name):
    data, filename, sentence, _elsewhere = WRONG[name]
    assert sentence in sentence_of(data, filename)


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_is_named_where_only_a_picture_will_do(name):
    data, filename, sentence, elsewhere = WRONG[name]
    assert (elsewhere or sentence) in sentence_of(data, filename, only_pictures=True)


@pytest.mark.parametrize("name", GOOD)
def test_a_good_document_is_no_picture(name):
    data, filename, *_rest = GOOD[name]
    assert "pas une image. Choisissez une image" in sentence_of(data, filename, only_pictures=True)


def test_every_kind_that_is_told_apart_is_in_the_corpus_and_says_what_to_do():
    kinds = {kind for kind in vars(foreign).values() if isinstance(kind, foreign.Kind)}
    said = {sentence_of(data, filename) for data, filename, *_rest in WRONG.values()}
    missing = {str(kind.sentence) for kind in kinds} - said
    # A sequence of HEIC and a wide family of videos and sounds differ by four bytes only; a measured bomb has tests of its own.
    assert missing <= {str(kind.sentence) for kind in (foreign._SEQUENCE, foreign._OLE, foreign.TOO_COMPRESSED)}
    for kind in kinds:
        assert kind.sentence.count(".") >= 1
        assert any(word in kind.sentence for word in ("nregistrez", "xportez", "mprimez", "nvoyez", "Sortez", "Donnez"))


@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"PK\x03\x04", b"%PDF-", b"BM", b"MZ", b"ID3", b"\xff\xfe", b"II*\x00", b"<svg"]),
)
def test_no_bytes_whatever_bring_the_detection_down(data, start):
    for filename in ("a.txt", "a.pdf", ""):
        try:
            assert documents.type_of(start + data, filename)
        except Invalid as refused:
            assert refused.messages["upload"]


@given(st.text(alphabet=st.characters(codec="cp1252", exclude_categories=["Cc"]), min_size=1, max_size=200))
def test_any_text_that_excel_writes_is_a_text(text):
    for charset in ("utf-8", "utf-8-sig", "utf-16"):
        assert documents.charset_of(text.encode(charset)) in ("utf-8", "utf-16")
    found = documents.charset_of(text.encode("cp1252"))
    assert found in ("utf-8", "windows-1252", "utf-16")


def test_a_protected_pdf_is_told_wherever_its_protection_is_said():
    for mark in (b"/Encrypt 12 0 R", b"/Encrypt\r\n12  0 R", b"/Encrypt<</Filter/Standard>>"):
        assert "Ce PDF est protégé" in sentence_of(made.PDF + mark, "a.pdf")
    assert (
        uploads.received(io.BytesIO(made.PDF + b"(/Encryption of data)"), "a.pdf", MOST).content_type
        == "application/pdf"
    )


def test_a_pdf_says_so_within_its_first_kilobyte():
    assert uploads.received(io.BytesIO(b"\n" * 1_019 + made.PDF), "a.pdf", MOST).content_type == "application/pdf"
    assert "n’est pas accepté" in sentence_of(b"\x01" * 1_024 + made.PDF, "a.pdf")


def test_a_part_that_stands_there_twice_is_read_by_nobody():
    one = made.docx()
    import zipfile

    stream = io.BytesIO(one)
    with zipfile.ZipFile(stream, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("word/document.xml", "<y/>")
    assert "Ce document est abîmé" in sentence_of(stream.getvalue(), "a.docx")


def test_what_unpacks_to_more_than_is_said_or_allowed_is_not_opened(monkeypatch):
    data = made.docx(extra={"word/media/a.bin": bytes(6_000_000)})
    assert "démesuré" in sentence_of(data, "a.docx")
    monkeypatch.setattr(packages, "MOST_TIMES", 10_000)
    assert uploads.received(io.BytesIO(data), "a.docx", MOST).content_type == made.WORD
    monkeypatch.setattr(packages, "MOST_BYTES", 5_000_000)
    assert "démesuré" in sentence_of(data, "a.docx")


def test_an_upload_is_read_from_its_beginning_each_time():
    stream = io.BytesIO(made.PDF)
    stream.read()
    for _time in range(2):
        assert uploads.received(stream, "a.pdf", MOST).shown == made.PDF


def test_the_name_of_a_document_ends_as_what_it_is():
    assert uploads.received(io.BytesIO(made.PDF), "facture\u202efdp.exe", MOST).filename == "facturefdp.pdf"
    assert names.safe("a.JPEG", "jpg") == "a.jpg"
