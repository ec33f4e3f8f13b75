"""A request that met another writer is played again as if it had just come."""

from typing import Any

from pyramid_retry import IBeforeRetry

_START = "coopcms.start"
#: What pyramid_retry itself counts with.
_COUNTING = "retry."


def remember(environ: dict[str, Any]) -> None:
    """Keep what a request begins with; to be called once its body can be rewound."""
    environ[_START] = dict(environ)


def begin_again(event: IBeforeRetry) -> None:
    """Put ``environ`` and the body back to how they were before the attempt that failed."""
    environ = event.environ
    start = environ.get(_START)
    if start is None:
        return
    for name in [name for name in environ if name not in start and name != _START]:
        if not name.startswith(_COUNTING):
            del environ[name]
    environ.update(start)
    environ["wsgi.input"].seek(0)


def includeme(config: Any) -> None:
    """Before each further attempt."""
    config.add_subscriber(begin_again, IBeforeRetry)
