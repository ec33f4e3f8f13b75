"""The web platform of a consumers' cooperative."""

import warnings
from typing import Any

# Pyramid and the zope packages still import it at every start; the lock keeps the setuptools that has it.
warnings.filterwarnings("ignore", message="pkg_resources is deprecated")
warnings.filterwarnings("ignore", message="Parameters to load are deprecated")

from pyramid.config import Configurator  # noqa: E402

from . import settings as own  # noqa: E402


class SubstanceConfigurator(Configurator):
    """Scans what Pyramid 2.1 does not look at by itself: the decorators of Substance D."""

    def scan(self, package: Any = None, categories: Any = ("pyramid", "substanced"), **kw: Any) -> None:
        """See :meth:`pyramid.config.Configurator.scan`."""
        super().scan(package, categories=categories, **kw)


def main(global_config: dict[str, str], **given: str) -> Any:
    """The WSGI application of a configuration file; one sentence and an exit when it cannot be."""
    from .scripts.database import Unavailable, opened
    from .scripts.heartbeat import start

    try:
        settings = own.read(given)
        application = opened(given.get("zodbconn.uri", ""), lambda: _application(settings, given))
    except (own.WrongSetting, Unavailable) as reason:
        # pserve prints a traceback for everything but this.
        raise SystemExit(f"coopcms: {reason}") from reason
    start(application.registry)
    return application


def _application(settings: own.Settings, given: dict[str, str]) -> Any:
    """The application by its settings, with a site in its database."""
    from .scripts.database import found_site
    from .views.compiling import compile_pages, use_cache

    config = SubstanceConfigurator(settings={**own.for_libraries(settings), **given})
    config.registry.coopcms = settings
    use_cache(settings.var / "cache" / "templates")
    with config:
        config.hook_zca()
        config.include("coopcms.web")  # before the policy of retries is made, which asks for a function of it
        config.include("coopcms.views.substance")
        for room in ("catalog", "workflows", "evolve", "views", "api"):
            config.include(f"coopcms.{room}")
        for room in ("content", "catalog", "subscribers", "views", "api"):
            config.scan(f"coopcms.{room}")
    application = config.make_wsgi_app()
    compile_pages(application.registry)
    found_site(application.registry)
    return application
