"""A version in consultation, for tests of criteria, amendments and discussions."""

from coopcms.domain import specifications
from coopcms.workflows import engine

from .conftest import NOW
from .world import CRITERION

#: Where the version is, and the address of its pages.
PATH = "/companies/candidate/specifications/miel/1"


def draft(world, *codes):
    """A draft of the company ``candidate`` with a criterion for each code; and the keys."""
    staff = world.actors["entreprise"]
    version = specifications.create(world.companies["candidate"], "Miel", "Notre miel.", staff, NOW, name="miel")
    keys = [
        specifications.add_criterion(version, {**CRITERION, "code": code, "title": f"Titre {code}"}, staff, NOW)
        for code in codes or ("A1",)
    ]
    return version, keys


def consulted(world, *codes):
    """The same in consultation."""
    version, keys = draft(world, *codes)
    engine.fire(version, "consult", world.actors["entreprise"], NOW)
    return version, keys
