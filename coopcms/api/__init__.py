"""``/api/v1``: the same tree with the same permissions, in JSON.

``base`` is what every view of it has; ``openapi``, ``operations``, ``paths_…`` and ``schemas…`` are the document, which
``validation`` compares with what comes in and goes out; the other modules are the views, a concern each.
"""

from typing import Any

from pyramid.tweens import EXCVIEW


def includeme(config: Any) -> None:
    """The route of the API; its views say for themselves that bearer tokens need no CSRF token."""
    config.add_route("api", "/api/v1/*traverse", factory=lambda request: request.site)
    config.add_route("api_without_slash", "/api/v1")
    config.add_renderer("canonical", "coopcms.api.rendering.factory")
    if config.registry.coopcms.check_responses:
        # Below the transaction: what was answered wrongly is not written either.
        config.add_tween("coopcms.api.validation.responses_factory", over=EXCVIEW, under="pyramid_tm.tm_tween_factory")
