"""Mail over a real SMTP server: taken, refused, taken later, cut off, and with nobody there."""

import email
import email.policy
import shutil
import socket
import ssl
import subprocess
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
import transaction
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from coopcms.notifications import delivery, transport
from coopcms.workflows import engine

from ..conftest import NOW, PATIENCE, missing
from ..posting import letters
from .mails import links_in
from .serving import free_port

ENTREPRISE, COLLEGUE = "entreprise@test.example", "collegue@test.example"


class Postbox:
    """What a server does with mail; ``answers`` maps an address to what it is answered first."""

    def __init__(self):
        self.mails = []
        self.answers = {}
        self.connections = 0
        self.arrived = threading.Event()

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.answers.get(address):
            return self.answers[address].pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.answers.get("DATA"):
            return self.answers["DATA"].pop(0)
        self.mails.append((envelope.rcpt_tos, envelope.content, bool(session.ssl), session.auth_data))
        self.arrived.set()
        return "250 taken"

    @property
    def addresses(self):
        return sorted(to for rcpt, *_rest in self.mails for to in rcpt)

    def opened(self, number=0):
        return email.message_from_bytes(self.mails[number][1], policy=email.policy.default)


@pytest.fixture
def postbox():
    return Postbox()


@pytest.fixture
def server(postbox):
    controller = Controller(postbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller.port
    controller.stop()


@pytest.fixture
def by(registry, monkeypatch):
    """A function that names the server of the site."""

    def set_up(port, **more):
        changed = {"mail_host": "127.0.0.1", "mail_port": port, "url": "http://localhost", **more}
        monkeypatch.setattr(registry, "coopcms", replace(registry.coopcms, **changed))

    return set_up


@pytest.fixture
def two(world):
    engine.fire(world.companies["candidate"], "declare_admissible", world.actors["equipe"], NOW)
    transaction.commit()


def deliver(registry, minutes=0):
    sent = delivery.deliver(registry, NOW + timedelta(minutes=minutes))
    transaction.begin()
    return sent


def test_a_mail_arrives_whole_over_one_connection(registry, world, two, postbox, server, by):
    world.accounts["entreprise"].title = ".Élise"  # a line that begins with a dot
    transaction.commit()
    by(server)
    assert deliver(registry) == 2
    assert postbox.addresses == [COLLEGUE, ENTREPRISE]
    assert postbox.connections == 1
    for number in (0, 1):
        mail = postbox.opened(number)
        assert mail.get_content_type() == "multipart/alternative"
        text = mail.get_body(("plain",)).get_content()
        assert "http://localhost/companies/candidate" in text
        assert "recevable" in mail["Subject"]
        assert mail.get_body(("html",)).get_content().rstrip().endswith("</html>")
        assert mail.defects == []


def test_lines_that_begin_with_a_dot_stay_as_they_are(registry, world, postbox, server, by):
    company = world.companies["candidate"]
    comment = "Avant.\n.\n.. deux\n.fin"
    engine.fire(company, "return_to_company", world.actors["equipe"], NOW, comment=comment)
    transaction.commit()
    by(server)
    assert deliver(registry) == 2
    text = postbox.opened().get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert "> Avant.\n> .\n> .. deux\n> .fin" in text
    data = transport._dotted(b"a\n.\nb\r\n..c\n")
    assert data == b"a\r\n..\r\nb\r\n...c\r\n.\r\n"


def test_a_refusal_is_final_and_shown_with_what_the_server_said(registry, world, two, postbox, server, by):
    by(server)
    postbox.answers = {ENTREPRISE: ["550 5.1.1 nobody of that name"]}
    assert deliver(registry) == 1
    assert deliver(registry, 600) == 0
    (letter,) = letters(world.site, "failed")
    assert (letter.to, letter.said) == (ENTREPRISE, "550 5.1.1 nobody of that name")
    assert postbox.addresses == [COLLEGUE]


@pytest.mark.parametrize("place", [ENTREPRISE, "DATA"])
def test_a_server_that_is_busy_is_asked_again(registry, world, two, postbox, server, by, place):
    by(server)
    postbox.answers = {place: ["451 4.3.0 try again later"]}
    assert deliver(registry) == 1
    (letter,) = letters(world.site, "waiting")
    assert letter.said == "451 4.3.0 try again later"
    assert deliver(registry) == 0, "not yet"
    assert deliver(registry, 2) == 1
    assert postbox.addresses == [COLLEGUE, ENTREPRISE]


def test_a_content_that_is_refused_is_not_sent_again(registry, world, two, postbox, server, by):
    by(server)
    postbox.answers = {"DATA": ["554 5.7.1 looks like spam"]}
    assert deliver(registry) == 1
    assert deliver(registry, 600) == 0
    assert letters(world.site, "failed")[0].said == "554 5.7.1 looks like spam"


def test_a_dead_server_loses_nothing(registry, world, two, postbox, by):
    port = free_port()
    by(port)
    assert deliver(registry) == 0
    (tried,) = [letter for letter in letters(world.site, "waiting") if letter.attempts]
    assert "refused" in tried.said.lower()
    controller = Controller(postbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        assert deliver(registry, 10) == 2
    finally:
        controller.stop()
    assert postbox.addresses == [COLLEGUE, ENTREPRISE]


class Cut(threading.Thread):
    """A server that hangs up: ``after`` the greeting, the "RCPT", or the content, which it may have kept."""

    def __init__(self, after):
        super().__init__(daemon=True)
        self.after = after
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.start()

    def run(self):
        while True:
            try:
                connection, _address = self.listening.accept()
            except OSError:
                return
            with connection, connection.makefile("rwb") as stream:
                self.talk(stream)

    def talk(self, stream):
        def say(line):
            stream.write(line + b"\r\n")
            stream.flush()

        say(b"220 here")
        if self.after == "greeting":
            return
        for line in stream:
            word = line.split()[0].upper()
            if word == b"DATA":
                say(b"354 go on")
                for content in stream:
                    if content == b".\r\n":
                        return
            say(b"250 fine")
            if word == b"RCPT" and self.after == "RCPT":
                return


@pytest.mark.parametrize("after, state", [("greeting", "waiting"), ("RCPT", "waiting"), ("content", "unclear")])
def test_a_connection_that_breaks_is_only_unclear_once_the_content_was_handed_over(
    registry, world, two, by, after, state
):
    cut = Cut(after)
    try:
        by(cut.port)
        assert deliver(registry) == 0
        tried = [letter for letter in letters(world.site) if letter.attempts]
        assert {letter.state for letter in tried} == {state}
        assert all(letter.said for letter in tried)
    finally:
        cut.listening.close()


def test_a_server_that_does_not_answer_is_not_waited_for_long(registry, world, two, by, monkeypatch):
    monkeypatch.setattr(transport, "PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        by(silent.getsockname()[1])
        assert deliver(registry) == 0
    (tried,) = [letter for letter in letters(world.site, "waiting") if letter.attempts]
    assert "timed out" in tried.said


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Key and certificate for 127.0.0.1, in one file, that this test alone trusts."""
    program = shutil.which("openssl")
    if program is None:
        missing("The program openssl", "apt-get install openssl")
    folder = tmp_path_factory.mktemp("tls")
    key, made, both = (folder / name for name in ("key", "made", "both"))
    subprocess.run(
        [program, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
        + ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(made)],
        check=True,
        capture_output=True,
    )
    both.write_bytes(key.read_bytes() + made.read_bytes())
    return both


class Guarded(Controller):
    """A server that talks of nothing before STARTTLS and a log-in."""

    def __init__(self, postbox, file):
        self.tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.tls.load_cert_chain(file)
        super().__init__(postbox, hostname="127.0.0.1", port=free_port())

    def factory(self):
        def check(server, session, envelope, mechanism, data):
            known = (data.login, data.password) == (b"coop", b"geheim")
            return AuthResult(success=known, handled=known, auth_data=data.login)

        return SMTP(
            self.handler,
            tls_context=self.tls,
            require_starttls=True,
            auth_required=True,
            authenticator=check,
        )


@pytest.mark.parametrize("password, sent", [("geheim", 2), ("wrong", 0)])
def test_with_tls_and_a_log_in(registry, world, two, postbox, by, certificate, monkeypatch, password, sent):
    trusting = ssl.create_default_context
    guarded = Guarded(postbox, certificate)
    guarded.start()
    monkeypatch.setattr(ssl, "create_default_context", lambda: trusting(cafile=certificate))
    try:
        port = guarded.port
        by(port, mail_tls="starttls", mail_user="coop", mail_password=password)
        assert deliver(registry) == sent
    finally:
        guarded.stop()
    assert len(postbox.mails) == sent
    assert all(encrypted and who == b"coop" for _to, _content, encrypted, who in postbox.mails)
    if not sent:
        (tried,) = [letter for letter in letters(world.site, "waiting") if letter.attempts]
        assert tried.said.startswith("535")
        assert "geheim" not in tried.said + password


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(registry, world, two, postbox, by, certificate):
    guarded = Guarded(postbox, certificate)
    guarded.start()
    try:
        by(guarded.port, mail_tls="starttls", mail_user="coop", mail_password="geheim")
        assert deliver(registry) == 0
    finally:
        guarded.stop()
    assert "certificate" in next(letter.said for letter in letters(world.site) if letter.attempts).lower()


def test_an_invitation_leaves_right_after_the_commit(browse, registry, world, postbox, server, by):
    by(server)
    form = browse("equipe").get("/companies/invite").forms["form"]
    form["title"], form["email"] = "Moulin de Marthe", "marthe@moulin.example"
    assert form.submit("save").status_int == 303
    assert postbox.arrived.wait(PATIENCE)
    (link,) = links_in(postbox.opened())
    assert browse().get(link, status=200)
