"""``coopcms serve``: the application behind waitress."""

import errno
import gc
import logging
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from plaster import get_loader
from waitress.server import create_server

from ..catalog.draining import drain
from ..seed.demo import ACCOUNTS, NotEmpty, fill
from ..settings import PREFIX, Settings
from ..web.incoming import MEGABYTE, most_bytes
from . import channel
from .database import site_of
from .heartbeat import retried


def serve(configuration: Any, *, demo: bool, port: int | None) -> None:
    """Serve until interrupted.

    :raises click.ClickException: the port is taken
    """
    from . import Misconfigured, Refused, in_one_line

    loader = (
        get_loader(str(Path(configuration.file).resolve()), protocols=["wsgi"])
        if configuration.file.is_file()
        else None
    )
    application = configuration.application(clock=True)
    assert loader is not None  # application() refused already
    try:
        loader.setup_logging({})
    except Exception as error:
        raise Misconfigured(
            f"The logging part of “{configuration.file}” cannot be used: {in_one_line(error)}"
        ) from error
    options = {k: v for k, v in loader.get_settings("server:main").items() if k not in ("use", "here", "__file__")}
    if port is not None:
        options["listen"] = f"127.0.0.1:{port}"
    filled = False
    if demo:
        try:
            noon = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
            retried(application.registry, lambda site: fill(site, noon))
            filled = True
        except NotEmpty:
            pass
        retried(application.registry, drain)
    options.setdefault("max_request_body_size", str(most_bytes(application.registry.coopcms) + MEGABYTE))
    try:
        _check_limit(int(options["max_request_body_size"]), application.registry.coopcms)
        server = create_server(application, **options)
        channel.use(server)
    except OSError as error:
        if error.errno in (errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL):
            raise Refused(
                f"{options.get('listen')} cannot be listened on: {error.strerror}. Take another port."
            ) from error
        raise
    except (ValueError, TypeError) as error:
        raise Misconfigured(
            f"The part [server:main] of “{configuration.file}” cannot be used: {in_one_line(error)}"
        ) from error
    address = options.get("listen", "127.0.0.1:8080").split()[0]
    click.echo(f"The site is at http://{address}")
    with site_of(application.registry) as site:
        if getattr(site, "is_demo", False):
            click.echo(("Demo content was made. " if filled else "Demo content. ") + "Accounts, password “demo”:")
            for login, who in ACCOUNTS.items():
                click.echo(f"  {login:14} {who.purpose}")
    click.echo("Stop with Ctrl-C.")
    # A page makes some thousand short-lived objects: Python would look for cycles among all of them several times a page.
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
    # As systemd and containers stop a service: requests are answered to the end and the database is closed.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    logging.getLogger("waitress").setLevel(logging.ERROR)
    try:
        server.run()
    finally:
        server.close()


def _check_limit(most: int, settings: Settings) -> None:
    """The web server must let through what the site takes, or its own bare answer comes before the page that explains.

    :raises ValueError: with a sentence
    """
    if most < most_bytes(settings):
        raise ValueError(
            f"max_request_body_size must be {most_bytes(settings)} or more with {PREFIX}upload_megabytes = "
            f"{settings.upload_megabytes}"
        )
