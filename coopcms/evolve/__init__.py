"""Dated, idempotent steps that bring stored data to what this version expects."""

from typing import Any

from .discussions import criteria_become_pages
from .outbox import mail_has_a_place
from .outside import outside_certificates_have_a_place
from .places import bodies_and_sites_have_places
from .verification import audits_have_a_place
from .votes import votes_have_a_place
from .y2026_12_addresses import addresses_are_found_folded
from .y2026_12_search import texts_are_indexed_anew


def includeme(config: Any) -> None:
    """Register the steps, oldest first: ``config.add_evolution_step(function)`` for each module of this package."""
    config.add_evolution_step(criteria_become_pages)
    config.add_evolution_step(bodies_and_sites_have_places)
    config.add_evolution_step(outside_certificates_have_a_place)
    config.add_evolution_step(audits_have_a_place)
    config.add_evolution_step(votes_have_a_place)
    config.add_evolution_step(mail_has_a_place)
    config.add_evolution_step(texts_are_indexed_anew)
    config.add_evolution_step(addresses_are_found_folded)
