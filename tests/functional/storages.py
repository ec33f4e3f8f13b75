"""Real storages, a PostgreSQL and ZEO servers, and sites on them by the configuration files of ``etc/``."""

import contextlib
import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import pytest

from ..conftest import PATIENCE, missing
from .serving import Place, environment, free_port

ETC = Path(__file__).parents[2] / "etc"
RUNZEO = str(Path(sys.executable).with_name("runzeo"))
#: Whose the databases are.  The password has what a connection string, an ini file and a configuration of ZODB give a meaning to.
USER, PASSWORD = "coopcms", "mot de passe 'secret' $HOME #1 %(here)s @/?"
#: Who runs PostgreSQL where the tests run as root, which it refuses; Debian makes the account with the package.
ACCOUNT = "postgres"


@dataclass
class Configured(Place):
    """A site by a configuration file of ``etc/``, in which only addresses are others; the folders lie as they do in the house."""

    name: str = ""  #: of the file, without its ending
    addresses: dict = None  #: what is replaced by what, in the files of that name

    def __post_init__(self):
        self.ini.parent.mkdir(parents=True, exist_ok=True)
        self.var.mkdir(exist_ok=True)
        for file in ETC.glob(f"{self.name}.*"):
            (self.ini.parent / file.name).write_text(self.text(file))

    def change(self, name, value):
        """Give a setting another value."""
        self.changes[name] = value
        self.__post_init__()

    @property
    def ini(self):
        """The configuration file."""
        return self.folder / "etc" / f"{self.name}.ini"

    def text(self, file):
        """A file of ``etc/`` with the addresses of the test, and with the changes that it makes."""
        text = file.read_text()
        replaced = dict(self.addresses)
        if file.suffix == ".ini":
            replaced["listen = 127.0.0.1:6543"] = f"listen = 127.0.0.1:{self.port}"
            changes = "".join(f"{name} = {value}\n" for name, value in self.changes.items())
            replaced["use = egg:coopcms\n"] = "use = egg:coopcms\n" + changes
        for old, new in replaced.items():
            assert file.suffix != ".ini" or text.count(old) == 1, f"{file.name} does not say “{old}”"
            text = text.replace(old, new)
        return text


class PostgreSQL:
    """A cluster of databases in a folder of its own, run by this process."""

    def __init__(self, programs):
        self.programs = programs
        self.port = free_port()
        self._numbers = itertools.count(1)
        # Not under the folder of pytest, into which nobody else may look; and the path of a socket must be short.
        self.folder = Path(tempfile.mkdtemp(prefix="coopcms-"))
        self.account = {}
        if os.geteuid() == 0:
            owner = pwd.getpwnam(ACCOUNT)
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
            self.account = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}

    def start(self):
        """Make the cluster and start it."""
        secret = self.folder / "password"
        secret.write_text(PASSWORD)
        made = self._run("initdb", "--no-sync", "--encoding=UTF8", "--locale=C", f"--username={USER}", "--auth=scram-sha-256",
                         f"--pwfile={secret}", f"--pgdata={self.folder / 'data'}", stdout=subprocess.PIPE)  # fmt: skip
        said = made.communicate()[0].decode()
        assert made.returncode == 0, said
        # It is thrown away: what a power cut would do to it is nobody's worry.
        quick = [f"--{name}=off" for name in ("fsync", "synchronous_commit", "full_page_writes")]
        with (self.folder / "log").open("wb") as log:
            self.process = self._run("postgres", "-D", str(self.folder / "data"), "-k", str(self.folder),
                                     "-h", "127.0.0.1", "-p", str(self.port), *quick, stdout=log)  # fmt: skip
        for _attempt in range(20 * PATIENCE):
            with contextlib.suppress(psycopg2.OperationalError):
                return self.ask("SELECT 1")
            assert self.process.poll() is None, (self.folder / "log").read_text()
            time.sleep(0.05)
        raise AssertionError((self.folder / "log").read_text())

    def _run(self, program, *arguments, stdout):
        return subprocess.Popen(
            [str(self.programs / program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.STDOUT,
            env={**environment(), "LC_ALL": "C"},
            cwd=self.folder,
            **self.account,
        )

    def stop(self):
        """End it, whoever is connected; it is thrown away, so it need not write down what it holds."""
        with contextlib.suppress(AttributeError):
            self.process.send_signal(signal.SIGQUIT)
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def ask(self, sentence, database="postgres"):
        """What the server answers to a sentence of SQL, as rows."""
        connection = psycopg2.connect(self.dsn(database))
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(sentence)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def create(self):
        """A new, empty database: its name."""
        name = f"coopcms_{next(self._numbers)}"
        self.ask(f"CREATE DATABASE {name}")
        return name

    def dsn(self, database, password=PASSWORD):
        """How to connect to a database."""
        quoted = password.replace("\\", "\\\\").replace("'", "\\'")
        return f"host=127.0.0.1 port={self.port} dbname={database} user={USER} password='{quoted}'"

    def place(self, folder, **changes):
        """A site on a new database, by ``etc/postgresql.ini``."""
        surroundings = {"COOPCMS_DSN": self.dsn(self.create()), "COOPCMS_BLOBS": str(folder / "blob-cache")}
        return Configured(folder, changes, surroundings=surroundings, name="postgresql", addresses={})


@contextlib.contextmanager
def serving_zeo(folder, **changes):
    """A site on a new storage of a ZEO server that runs meanwhile, by ``etc/zeo.ini`` and ``etc/zeo.conf``."""
    port = free_port()
    place = Configured(folder, changes, name="zeo", addresses={"127.0.0.1:9675": f"127.0.0.1:{port}"})
    with (folder / "zeo.log").open("wb") as log:
        process = subprocess.Popen(
            [RUNZEO, "-C", str(place.ini.with_suffix(".conf"))],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=environment(),
            cwd=folder,
        )
    try:
        for _attempt in range(20 * PATIENCE):
            assert process.poll() is None, (folder / "zeo.log").read_text()
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port)).close()
                break
            time.sleep(0.05)
        yield place
    finally:
        process.terminate()
        process.wait(PATIENCE)


def programs():
    """Where the programs of PostgreSQL lie: the newest that Debian installed, or what the path says."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    found += [Path(path) for path in [shutil.which("postgres")] if path]
    return next((path.parent for path in reversed(found) if (path.parent / "initdb").exists()), None)


@pytest.fixture(scope="session")
def postgresql():
    """A PostgreSQL for the whole session; each test makes databases of its own in it."""
    folder = programs()
    if folder is None:
        missing("PostgreSQL", "apt-get install postgresql")
    cluster = PostgreSQL(folder)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture
def on_postgresql(request, tmp_path, warm):
    """A site on an empty database of PostgreSQL, not running."""
    folder = tmp_path / "postgresql"
    shutil.copytree(warm, folder / "var")
    return request.getfixturevalue("postgresql").place(folder)


@pytest.fixture
def on_zeo(tmp_path, warm):
    """A site on an empty storage of a ZEO server, itself not running."""
    folder = tmp_path / "zeo"
    shutil.copytree(warm, folder / "var")
    with serving_zeo(folder) as place:
        yield place


@pytest.fixture(params=["on_postgresql", "on_zeo"])
def shared(request):
    """A site on each storage that several processes can open, empty and not running."""
    return request.getfixturevalue(request.param)
