"""Files that wait for the next sending of their form: for a day, a few, for their sender."""

import io
import os
import time
from types import SimpleNamespace

import pytest

from coopcms.web.held_uploads import HELD, MOST, HeldUploads, folder, forget, forget_all

UID = "ABCDEFGHI{}"


@pytest.fixture
def store(tmp_path):
    def of(account):
        registry = SimpleNamespace(coopcms=SimpleNamespace(var=tmp_path))
        holder = None if account is None else SimpleNamespace(__oid__=account)
        return HeldUploads(SimpleNamespace(account=holder, registry=registry))

    return of


def upload(number=0, data=b"bytes"):
    return {
        "uid": UID.format(number),
        "fp": io.BytesIO(data),
        "filename": "bail signé.pdf",
        "mimetype": "application/pdf",
        "size": len(data),
    }


def test_a_file_waits_for_its_sender_and_nobody_else(store):
    store(1).hold(upload())
    found = store(1).get(UID.format(0))
    assert (found["fp"].read(), found["filename"]) == (b"bytes", "bail signé.pdf")
    assert store(2).get(UID.format(0)) is None
    assert store(None).get(UID.format(0)) is None


def test_a_file_that_was_read_is_held_from_its_beginning(store):
    one = upload()
    one["fp"].read()
    store(1).hold(one)
    assert store(1).get(UID.format(0))["fp"].read() == b"bytes"


@pytest.mark.parametrize("uid", ["../../secret", "ABCDEFGHI", "abcdefghij", "", "ABCDEFGHI0/..", "ABCDEFGHIÉ"])
def test_a_number_that_nobody_was_given_finds_nothing(store, uid):
    store(1).hold(upload() | {"uid": uid})
    assert store(1).get(uid) is None


def test_only_the_newest_few_wait(store, tmp_path):
    for number in range(MOST + 1):
        store(1).hold(upload() | {"uid": f"ABCDEFGH{number:02d}"})
        file = folder(tmp_path) / "1" / f"ABCDEFGH{number:02d}"
        os.utime(file, (0, time.time() - 100 + number))
    waiting = [n for n in range(MOST + 1) if store(1).get(f"ABCDEFGH{n:02d}") is not None]
    assert waiting == list(range(1, MOST + 1))


def test_after_a_day_it_is_gone(store, tmp_path):
    store(1).hold(upload())
    place = folder(tmp_path) / "1"
    assert forget(place) == 0
    os.utime(place / UID.format(0), (0, time.time() - HELD - 1))
    assert forget(place) == 1
    assert list(place.iterdir()) == []


def test_the_clock_looks_after_those_who_did_not_come_back(store, tmp_path):
    assert forget_all(tmp_path) == 0
    for account in (1, 2):
        store(account).hold(upload())
        os.utime(folder(tmp_path) / str(account) / UID.format(0), (0, time.time() - HELD - 1))
    assert forget_all(tmp_path) == 2


def test_a_visitor_leaves_nothing(store, tmp_path):
    store(None).hold(upload())
    assert not folder(tmp_path).exists()
