"""Verbs on the sites of a company."""

import io
from datetime import timedelta

import pytest
from PIL import Image

from coopcms.domain import audits, files, worksites
from coopcms.domain.consistency import check
from coopcms.domain.errors import Forbidden, Invalid
from coopcms.security.access import may
from coopcms.security.permissions import P

from ... import world as worlds
from ...conftest import NOW

FARM = {
    "title": "Ferme du Haut",
    "kind": "farm",
    "description": "Deux bâtiments et leur parcours.",
    "street": "4 chemin du Haut",
    "postcode": "23400",
    "city": "Bourganeuf",
    "region": "Nouvelle-Aquitaine",
    "visibility_of_address": "verifiers",
}


def make(world, company="candidate", **changes):
    return worksites.create(world.companies[company], {**FARM, **changes}, world.actors["entreprise"], NOW)


def test_only_staff_make_change_and_remove_sites(world):
    site = make(world)
    for login in ("visitor", "membre", "certificatrice", "equipe", "voisine", "admin"):
        actor = world.actors[login]
        with pytest.raises(Forbidden):
            worksites.create(world.companies["candidate"], FARM, actor, NOW)
        with pytest.raises(Forbidden):
            worksites.change(site, {**FARM, "title": "Pris"}, actor, NOW)
        with pytest.raises(Forbidden):
            worksites.remove(site, actor)
    assert (site.__name__, site.title, len(world.companies["candidate"]["sites"])) == (
        "ferme-du-haut",
        FARM["title"],
        1,
    )


def test_a_site_is_changed_and_says_when(world):
    site, later = make(world), NOW + timedelta(days=1)
    worksites.change(site, {**FARM, "city": "Guéret"}, world.actors["collegue"], later)
    assert (site.city, site.created, site.modified, site.revision) == ("Guéret", NOW, later, 1)


@pytest.mark.parametrize("state", ["draft", "applied", "partnered", "suspended", "declined", "withdrawn"])
def test_staff_keep_sites_up_to_date_in_every_state(world, state):
    company = worlds.in_state(world, "une", state, NOW)
    site = worksites.create(company, FARM, world.actors["entreprise"], NOW)
    worksites.change(site, {**FARM, "title": "Autre"}, world.actors["entreprise"], NOW)
    worksites.remove(site, world.actors["entreprise"])
    assert len(company["sites"]) == 0


def test_a_site_that_an_audit_names_stays(world):
    site, other = make(world), make(world, title="Atelier")
    made = worlds.audit(world, world.companies["candidate"], 2, "planned", NOW)
    assert made.site_ids == ()
    team = [world.accounts[login] for login in worlds.TEAMS[2]]
    audits.change_plan(made, world.actors["equipe"], NOW, title="Visite", planned_on=None, team=team, sites=[site])
    with pytest.raises(Invalid) as refused:
        worksites.remove(site, world.actors["entreprise"])
    assert refused.value.messages["site"].mapping == {"audit": "Visite"}
    worksites.remove(other, world.actors["entreprise"])
    assert list(world.companies["candidate"].worksites()) == [site]


def test_a_photo_does_not_say_where_it_was_taken(world):
    site, staff = make(world), world.actors["entreprise"]
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (46.0, 0.0, 30.0)}
    exif[0x010F] = "Appareil"
    upload = io.BytesIO()
    Image.new("RGB", (2000, 1000), "green").save(upload, "JPEG", exif=exif)
    assert b"Appareil" in upload.getvalue()
    upload.seek(0)
    files.set_photo(site, upload, "ferme.jpg", staff, NOW, most_bytes=1_000_000)
    with site.photo.open() as stream:
        kept = stream.read()
    assert b"Exif" not in kept and b"Appareil" not in kept
    assert Image.open(io.BytesIO(kept)).size == (1280, 640)
    assert site.photo.content_type == "image/jpeg"
    files.remove_photo(site, staff)
    assert site.photo is None


def test_a_photo_is_a_picture_and_comes_from_staff(world):
    site = make(world)
    with pytest.raises(Invalid):
        files.set_photo(site, io.BytesIO(b"%PDF-1"), "a.jpg", world.actors["entreprise"], NOW, most_bytes=1000)
    for verb in (
        lambda actor: files.set_photo(site, io.BytesIO(b"x"), "a.jpg", actor, NOW, most_bytes=1000),
        lambda actor: files.remove_photo(site, actor),
    ):
        with pytest.raises(Forbidden):
            verb(world.actors["equipe"])


def test_a_changed_photo_is_found_by_the_check(world):
    site = make(world)
    upload = io.BytesIO()
    Image.new("RGB", (20, 10)).save(upload, "PNG")
    upload.seek(0)
    files.set_photo(site, upload, "a.png", world.actors["entreprise"], NOW, most_bytes=10_000)
    assert check(world.site)["blobs"] == []
    with site.photo.blob.open("w") as stream:
        stream.write(b"other")
    assert len(check(world.site)["blobs"]) == 1


def test_a_closed_company_does_not_even_tell_that_it_has_sites(world):
    company = worlds.in_state(world, "fermee", "declined", NOW)
    site = worksites.create(company, {**FARM, "visibility_of_address": "public"}, world.actors["entreprise"], NOW)
    for login in ("visitor", "membre", "certificatrice", "voisine", "admin"):
        actor = world.actors[login]
        assert not {p for p in (P.VIEW, P.READ, site.address_permission) if may(p, site, actor)}, login
    for login in ("entreprise", "equipe"):
        assert may(P.VIEW, site, world.actors[login])
