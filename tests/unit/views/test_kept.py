"""Pieces of pages that are remembered: never one of another content, another database or another time."""

import sys

import pytest
import transaction
from BTrees import family64
from persistent.mapping import PersistentMapping
from ZODB.DB import DB
from ZODB.MappingStorage import MappingStorage

from coopcms.views import kept as kept_module
from coopcms.views.kept import Pieces, kept, records

from ...support.threads import together


class Counted:
    """Makes a piece, and counts how often."""

    def __init__(self):
        self.count = 0

    def __call__(self):
        self.count += 1
        return f"piece {self.count}"


@pytest.fixture
def make():
    return Counted()


def database():
    """A database with an object "thing" and a tree."""
    made = DB(MappingStorage())
    with made.transaction() as connection:
        root = connection.root()
        root["thing"] = PersistentMapping(text="a")
        root["tree"] = family64.IO.BTree({number: {"actor": number} for number in range(500)})
        root["small"] = family64.IO.BTree({0: {"actor": 1}})
    return made


@pytest.fixture
def root():
    made = database()
    manager = transaction.TransactionManager()
    connection = made.open(manager)
    yield connection.root()
    manager.abort()
    connection.close()
    made.close()


def commit(root):
    root._p_jar.transaction_manager.commit()


def test_a_piece_is_made_once_until_what_it_rests_on_changes(root, make):
    thing = root["thing"]
    assert kept(("k",), [thing], make) == kept(("k",), [thing], make) == "piece 1"
    assert kept(("other",), [thing], make) == "piece 2"
    thing["text"] = "b"
    commit(root)
    assert kept(("k",), [thing], make) == "piece 3"


def test_nothing_is_remembered_of_a_transaction_that_writes_or_has_a_savepoint(root, make):
    thing = root["thing"]
    root["small"][1] = {"actor": 2}
    kept(("k",), [thing], make)
    root._p_jar.transaction_manager.savepoint()
    kept(("k",), [thing], make)
    root._p_jar.transaction_manager.abort()
    assert kept(("k",), [thing], make) == "piece 3"
    assert kept(("k",), [thing], make) == "piece 3"


def test_what_rests_on_nothing_stored_is_made_each_time(make):
    assert kept(("k",), [None], make) == "piece 1"
    assert kept(("k",), [PersistentMapping()], make) == "piece 2"


def test_a_database_never_gets_the_piece_of_another(make):
    pieces = []
    for _number in range(2):
        made = database()
        thing = made.open().root()["thing"]
        thing._p_activate()
        thing._p_serial = b"\0" * 7 + b"\1"  # as two databases at one moment
        pieces.append(kept(("k",), [thing], make))
        pieces.append(made)  # alive, so that no address is given twice
    assert pieces[0] != pieces[2]


def test_a_database_that_is_gone_takes_its_pieces_with_it(make):
    import gc

    made = database()
    connection = made.open()
    kept(("k",), [connection.root()["thing"]], make)
    known = len(kept_module._pieces)
    connection.close()
    made.close()
    del made, connection
    gc.collect()
    assert len(kept_module._pieces) < known


@pytest.mark.parametrize("key", [0, 250, 499])
def test_a_tree_is_known_by_each_of_its_records(root, make, key):
    tree = root["tree"]
    assert len(list(records(tree))) > 5
    assert kept(("k",), records(tree), make) == kept(("k",), records(tree), make)
    tree[key] = {"actor": "another"}  # the same number of lines, the same keys
    commit(root)
    assert kept(("k",), records(tree), make) == "piece 2"


def test_a_small_tree_is_one_record(root, make):
    tree = root["small"]
    assert list(records(tree)) == [tree]
    kept(("k",), records(tree), make)
    tree[0] = {"actor": 2}
    commit(root)
    assert kept(("k",), records(tree), make) == "piece 2"
    assert list(records(family64.IO.BTree()))


def test_pieces_weigh_no_more_than_they_may_and_the_oldest_go_first():
    pieces = Pieces(most=10_000)
    for number in range(100):
        pieces.put(number, "x" * 1000)
        pieces.get(0)
    assert pieces.weight <= 10_000
    assert 5 < len(pieces) < 10
    assert pieces.get(0)
    assert pieces.get(1) is None
    pieces.put("huge", "x" * 20_000)
    assert pieces.get("huge") is None


def test_a_piece_put_again_weighs_once():
    pieces = Pieces()
    for _time in range(10):
        pieces.put("k", ("x" * 100, "y" * 100))
    assert len(pieces) == 1
    assert pieces.weight < 1000 + sys.getsizeof("k")


def test_threads_that_remember_at_once_keep_the_count_of_the_weight():
    pieces = Pieces(most=50_000)

    def work():
        for number in range(3000):
            pieces.put(number % 97, "x" * (number % 701))
            pieces.get(number % 89)

    assert together(8, work) == [None] * 8
    left = [pieces._pieces[key][1] for key in list(pieces._pieces)]
    assert pieces.weight == sum(left) <= 50_000
