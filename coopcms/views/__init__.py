"""The pages: one class per type of content, a method per page."""

from typing import Any


def includeme(config: Any) -> None:
    """Everything that pages need from Pyramid."""
    from pyramid.session import SignedCookieSessionFactory

    settings = config.registry.coopcms
    config.include(".identity")
    config.include(".language")
    config.include(".translating")
    config.include(".rendering")
    config.include(".security")
    config.include(".lastresort")
    config.include(".forms")
    config.include(".manage")
    config.set_session_factory(
        SignedCookieSessionFactory(
            settings.secret,
            cookie_name="session",
            httponly=True,
            samesite="Lax",
            secure=settings.https,
            timeout=settings.session_hours * 3600,
            reissue_time=600,
        )
    )
    config.set_root_factory(lambda request: request.site)
