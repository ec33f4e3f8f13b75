"""The ``coopcms`` command.

Exit status: 0 done, 1 refused or the site is running (with a sentence), 2 usage or configuration.
"""

import json
import logging
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import click

from .. import settings as own


class Refused(click.ClickException):
    """Something that was not done; exit status 1."""

    exit_code = 1

    def show(self, file: Any = None) -> None:
        """One sentence on standard error."""
        click.echo(f"coopcms: {self.message}", err=True)


class Misconfigured(Refused):
    """The configuration cannot be used; exit status 2."""

    exit_code = 2


def in_one_line(error: Exception) -> str:
    """What a library says, as the end of a sentence."""
    words = " ".join(str(error).split())
    return words if words.endswith((".", "?", "!")) else f"{words}."


class Configuration:
    """The configuration file of a command, opened when the command needs it."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def given(self, **changes: str) -> dict[str, str]:
        """What the file says for the application.

        :raises Misconfigured: it is not there or cannot be read
        """
        from configparser import Error as ParserError

        from plaster import PlasterError, get_loader

        if not self.file.is_file():
            raise Misconfigured(f"The configuration file “{self.file}” does not exist; name another one with -c.")
        try:
            found = get_loader(str(self.file.resolve()), protocols=["wsgi"]).get_wsgi_app_settings("main")
        except (PlasterError, ParserError, LookupError, ImportError, ValueError, OSError) as error:
            raise Misconfigured(f"The configuration file “{self.file}” cannot be read: {in_one_line(error)}") from error
        return {**found, **changes}

    def application(self, *, clock: bool = False) -> Any:
        """The application, whose database is closed when the command ends; the clock runs in it only where the site is served.

        :raises Refused: the database cannot be used now: the site is running, the disk is full, the server does not answer
        :raises Misconfigured: a setting is not usable
        """
        from .. import main as make
        from .database import Misplaced, Unavailable, database

        given = self.given() if clock else self.given(**{"coopcms.clock": "outside"})
        try:
            made = make({}, **given)
        except SystemExit as exit:
            cause, reason = exit.__cause__, str(exit.code).removeprefix("coopcms: ")
            refused = isinstance(cause, Unavailable) and not isinstance(cause, Misplaced)
            raise (Refused if refused else Misconfigured)(reason) from exit
        # Closing writes the index of a FileStorage: without it the next start reads the whole file.
        click.get_current_context().call_on_close(lambda: database(made.registry).close())
        return made

    def site(self) -> Any:
        """A context manager with the site in a transaction."""
        from .database import site_of

        return site_of(self.application().registry)

    def write(self, work: Callable[[Any], Any]) -> Any:
        """Do work on the site in a transaction, again when the running site wrote the same at that moment."""
        from .heartbeat import retried

        return retried(self.application().registry, work)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-c",
    "--config",
    "file",
    default="development.ini",
    show_default=True,
    type=click.Path(path_type=Path),
    help="The configuration file.",
)
@click.pass_context
def cli(context: click.Context, file: Path) -> None:
    """The web platform of a consumers' cooperative."""
    # What goes wrong is one sentence here, without what libraries write into a log; `serve` sets up the log of the file.
    logging.getLogger().addHandler(logging.NullHandler())
    context.obj = Configuration(file)


@cli.command()
@click.option("--demo", is_flag=True, help="Fill an empty database with the demo content first.")
@click.option(
    "--port", type=click.IntRange(1, 65535), help="Listen on this port of 127.0.0.1 instead of the configured one."
)
@click.pass_obj
def serve(configuration: Configuration, demo: bool, port: int | None) -> None:
    """Serve the site until it is stopped."""
    from .serving import serve as run

    run(configuration, demo=demo, port=port)


@cli.command()
@click.option("--at", "at", type=click.DateTime(["%Y-%m-%d"]), help="The reference day of the content (today).")
@click.pass_obj
def demo(configuration: Configuration, at: datetime | None) -> None:
    """Fill an empty database with the demo content, in one transaction."""
    from ..seed.demo import NotEmpty, fill

    day = at.date() if at else date.today()
    try:
        counts = configuration.write(lambda site: fill(site, datetime.combine(day, time(12), UTC)))
    except NotEmpty as refused:
        raise Refused(str(refused)) from refused
    click.echo(f"Filled with {counts['companies']} companies and {counts['accounts']} accounts, as of {day}.")


@cli.group()
def user() -> None:
    """Accounts: add one, give it a role, set its password."""


@user.command("add")
@click.argument("login")
@click.option("--name", default="", help="The name people see.")
@click.option("--email", default="", help="The address for mail.")
@click.option(
    "--role", "roles", multiple=True, help="member, certifier, coordinator or admin; several times for several."
)
@click.password_option(help="Asked for when not given.")
@click.pass_obj
def user_add(
    configuration: Configuration, login: str, name: str, email: str, roles: tuple[str, ...], password: str
) -> None:
    """Add an account."""
    from ..domain import accounts

    def add(site: Any) -> str:
        account = accounts.create(site, login, name or login, email)
        accounts.set_password(account, password)
        for role in roles:
            accounts.give_role(site, account, role)
        return str(account.__name__)

    with _Refusing():
        click.echo(f"Added {configuration.write(add)}.")


@user.command("role")
@click.argument("login")
@click.argument("role")
@click.option("--take", is_flag=True, help="Take the role instead of giving it.")
@click.pass_obj
def user_role(configuration: Configuration, login: str, role: str, take: bool) -> None:
    """Give an account a role, or take it."""
    from ..domain import accounts

    change = accounts.take_role if take else accounts.give_role
    with _Refusing():
        configuration.write(lambda site: change(site, _account(site, login), role))
    click.echo(f"{login} {'is no longer' if take else 'is now'} {role}.")


@user.command("password")
@click.argument("login")
@click.password_option(help="Asked for when not given.")
@click.pass_obj
def user_password(configuration: Configuration, login: str, password: str) -> None:
    """Set the password of an account; its sessions and tokens end."""
    from ..domain import accounts

    with _Refusing():
        configuration.write(lambda site: accounts.set_password(_account(site, login), password))
    click.echo(f"The password of {login} is changed.")


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@click.pass_obj
def tick(configuration: Configuration, as_json: bool) -> None:
    """Do what the clock does: whatever is due, and the deferred indexes.  Doing it twice does it once."""
    from .heartbeat import Missed, beat

    missed: list[str] = []
    try:
        done = beat(configuration.application().registry, datetime.now(UTC))
    except Missed as some:
        done, missed = some.done, some.names
    if as_json:
        click.echo(json.dumps(done))
    else:
        for name, count in done.items():
            click.echo(f"{count:6} {name}")
    if missed:
        raise Refused(f"Failed, as the log says: {', '.join(missed)}.")


@cli.group()
def ballots() -> None:
    """Published ballots of a vote."""


@ballots.command("verify")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def ballots_verify(file: Path, as_json: bool) -> None:
    """Count the ballots of FILE again, without database or configuration, and compare with its result."""
    from ..domain.ballot_file import problems, read

    try:
        content = read(file.read_bytes())
    except FileNotFoundError as error:
        raise Refused(f"The file “{file}” does not exist.") from error
    except ValueError as error:
        raise Refused(f"The file “{file}” is no JSON.") from error
    found = list(problems(content))
    if as_json:
        click.echo(json.dumps({"ok": not found, "problems": found}, ensure_ascii=False))
    elif found:
        for problem in found:
            click.echo(f"OFF {problem}")
    else:
        result = content["result"]
        counts = ", ".join(f"{choice} {count}" for choice, count in result["counts"].items())
        # The file may come from anybody: nothing in its title moves the cursor, or writes a line of its own.
        title = "".join(letter if letter.isprintable() else "?" for letter in content["proposal"]["title"])
        click.echo(f"ok  {title}: {result['state']} ({counts}; {result['turnout']} of {result['roll']})")
        click.echo(f"    sha256 {content['sha256']}: compare it with the one in the minutes")
    if found:
        raise SystemExit(1)


@ballots.command("receipt")
@click.argument("proposal")
@click.argument("tracker")
@click.argument("seal")
@click.pass_obj
def ballots_receipt(configuration: Configuration, proposal: str, tracker: str, seal: str) -> None:
    """Say whether this site gave the receipt with TRACKER and SEAL for the vote on PROPOSAL, its name in the address."""
    from ..domain.voting import was_given

    def look(site: Any) -> bool:
        found = site["proposals"].get(proposal)
        if found is None:
            raise Refused(f"There is no proposal “{proposal}”.")
        return was_given(found, tracker, seal)

    if not configuration.write(look):
        raise Refused("This site did not give that receipt: tracker and seal do not belong together.")
    click.echo("ok  this site gave that receipt; a later ballot of the same voter has another one")


@cli.command()
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.pass_obj
def evolve(configuration: Configuration, dry_run: bool) -> None:
    """Bring stored data to what this version expects."""
    from substanced.evolution import EvolutionManager

    registry = configuration.application().registry
    from .database import site_of

    with site_of(registry) as site:
        manager = EvolutionManager(site, registry)
        waiting = [name for name, _function in manager.get_unfinished_steps()]
        for name in waiting:
            click.echo(("would run " if dry_run else "runs ") + name)
        if not dry_run:
            manager.out = lambda message: None
            manager.evolve()
    click.echo("Nothing to do." if not waiting else "Done." if not dry_run else f"{len(waiting)} steps wait.")


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@click.pass_obj
def check(configuration: Configuration, as_json: bool) -> None:
    """Check that catalog, histories, relations and blobs agree; exit status 1 when anything is off."""
    from ..domain.consistency import check as run

    with configuration.site() as site:
        results = run(site)
    if as_json:
        click.echo(
            json.dumps(
                {"checks": [{"name": n, "ok": not p, "problems": p} for n, p in results.items()]}, ensure_ascii=False
            )
        )
    else:
        for name, problems in results.items():
            click.echo(f"{'ok ' if not problems else 'OFF'} {name}")
            for problem in problems:
                click.echo(f"    {problem}")
    if any(results.values()):
        raise SystemExit(1)


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@click.option("--seconds", default=3.0, show_default=True, help="How long each figure is measured.")
def bench(as_json: bool, seconds: float) -> None:
    """Measure what the pages cost, each beside its bound; a site of its own is made for it and removed."""
    from .benchmark import run

    figures = []
    for figure in run(seconds):
        figures.append(figure)
        if not as_json:
            click.echo(str(figure))
    if as_json:
        click.echo(json.dumps([figure.as_dict() for figure in figures]))


def _account(site: Any, login: str) -> Any:
    from ..domain import accounts

    account = accounts.by_login(site, login)
    if account is None:
        raise Refused(f"There is no account “{login}”.")
    return account


class _Refusing:
    """Turn what the domain refuses into one sentence."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        from ..domain.errors import Invalid

        if isinstance(error, Invalid):
            raise Refused(" ".join(str(m.interpolate()) for m in error.messages.values())) from error  # type: ignore[attr-defined]


def main() -> None:
    """Run the command; nothing ends in a traceback that a sentence can say."""
    from ZODB.POSException import ConflictError

    from .database import Unavailable, sentence

    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("coopcms: stopped.", err=True)
        sys.exit(1)
    except click.UsageError as error:
        error.show()
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except own.WrongSetting as error:
        click.echo(f"coopcms: {error}", err=True)
        sys.exit(2)
    except Unavailable as error:
        click.echo(f"coopcms: {error}", err=True)
        sys.exit(1)
    except ConflictError:
        click.echo("coopcms: The running site wrote the same again and again. Try again in a moment.", err=True)
        sys.exit(1)
    except OSError as error:
        click.echo(f"coopcms: {sentence(error)}", err=True)
        sys.exit(1)
