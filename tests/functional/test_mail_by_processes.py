"""The command that delivers mail, as processes over one database: two at once, and one that is killed in the middle."""

import dataclasses
import json
import os
import signal
import subprocess
import threading
from collections import Counter

import pytest
from aiosmtpd.controller import Controller

from coopcms.workflows import engine

from .. import world as worlds
from ..conftest import PATIENCE
from ..posting import letters
from .serving import COMMAND, free_port
from .storages import on_zeo  # noqa: F401 - fixture

PEOPLE = 12


class Postbox:
    """Counts what it takes; ``meanwhile`` is called with each mail before it is answered."""

    def __init__(self):
        self.taken = []
        self.meanwhile = lambda: None

    async def handle_DATA(self, server, session, envelope):
        self.taken.extend(envelope.rcpt_tos)
        self.meanwhile()
        return "250 taken"


@pytest.fixture
def postbox():
    box = Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    box.port = controller.port
    yield box
    controller.stop()


def to_staff(site, now):
    """A company with a dozen people, each of whom is to be told something."""
    world = worlds.build(site, now)
    company = world.companies["candidate"]
    from coopcms.domain import accounts, companies

    for number in range(PEOPLE - len(company.staff)):
        account = accounts.create(site, f"staff{number}", f"N° {number}", f"staff{number}@test.example")
        companies.add_staff(company, account.__oid__)
    engine.fire(company, "declare_admissible", world.actors["equipe"], now)


def mailing(place, postbox):
    """The place with this mail server."""
    server = {
        "coopcms.mail_host": "127.0.0.1",
        "coopcms.mail_port": str(postbox.port),
        "coopcms.url": "https://coop.example",
    }
    return dataclasses.replace(place, changes=place.changes | server)


def ticking(place):
    return subprocess.Popen(
        [COMMAND, "-c", str(place.ini), "tick", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=place.environment,
    )


def test_two_processes_at_once_send_each_mail_once(on_zeo, postbox):  # noqa: F811
    place = mailing(on_zeo, postbox)
    place.prepare(to_staff)
    processes = [ticking(place) for _ in range(2)]
    answers = [process.communicate(timeout=PATIENCE) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], answers
    sent = [json.loads(out)["mails sent"] for out, _err in answers]
    assert sum(sent) == PEOPLE
    assert set(Counter(postbox.taken).values()) == {1}
    assert len(postbox.taken) == PEOPLE


def test_a_process_that_is_killed_with_a_mail_in_its_hands_does_not_have_it_sent_again(place, postbox):
    running, killed = [], threading.Event()
    folder = place.folder / "var"
    for file in folder.glob("Data.fs*"):
        file.unlink()
    place = mailing(place, postbox)
    place.prepare(to_staff)

    def kill():
        if len(postbox.taken) == 3 and not killed.is_set():
            os.kill(running[0].pid, signal.SIGKILL)
            killed.set()

    postbox.meanwhile = kill
    running.append(ticking(place))
    running[0].communicate(timeout=PATIENCE)
    assert killed.is_set()
    assert running[0].returncode == -signal.SIGKILL
    answer = place.run("tick", "--json")
    assert json.loads(answer.stdout)["mails sent"] == PEOPLE - 3
    assert set(Counter(postbox.taken).values()) == {1}
    assert len(postbox.taken) == PEOPLE
    with place.opened() as site:
        (held,) = letters(site, "sending")
        assert held.to == postbox.taken[2]
