"""The verification matrix as people see it: what agrees, what does not, how old it is, and the figures in words."""

import pytest
import transaction

from coopcms.domain import specifications
from coopcms.workflows import engine

from .. import world as worlds
from .auditing import COMPANY, days_ago, main

CODES = ("A1", "A2", "A3", "A4", "A5")
MATRIX = f"{COMPANY}/matrix"
OWN = f"{COMPANY}/specifications/oeufs/1/matrix"


@pytest.fixture
def version(world):
    """The one version of a company, with five criteria."""
    when, staff = days_ago(900), world.actors["entreprise"]
    company = worlds.company(world, "celle", when)
    [version] = company.versions()
    engine.fire(version, "back_to_draft", staff, when, comment="Il manque des critères.")
    for code in CODES[1:]:
        given = {**worlds.CRITERION, "code": code, "title": f"Critère {code}", "requirement": f"Promesse {code}. " * 40}
        specifications.add_criterion(version, given, staff, when)
    engine.fire(version, "freeze", staff, when)
    engine.fire(company, "apply", staff, when)
    engine.fire(company, "declare_admissible", world.actors["equipe"], when)
    transaction.commit()
    return version


def verify(world, version, level, when, **found):
    worlds.audit(
        world,
        world.companies["celle"],
        level,
        "validated",
        when,
        versions=[version],
        found=[(code.upper(), result) for code, result in found.items()],
        name=f"{level}-{when:%Y-%m-%d}",
    )
    transaction.commit()


def rows(page):
    """The text of each row by the code of its criterion."""
    found = {}
    for row in page.html.select(".verification tbody tr"):
        found[row.find("a").get_text()] = " ".join(row.get_text(" ").split())
    return found


def legend(page):
    return [" ".join(li.get_text(" ").split()) for li in page.html.select(".matrix-bar .legend li")]


def test_nothing_is_verified_of_a_new_candidate_and_each_row_says_so(browse, version):
    page = browse().get(OWN)
    assert list(rows(page)) == list(CODES)
    assert all(row.count("pas encore vérifié") == 2 for row in rows(page).values())
    assert legend(page)[-1] == "pas encore vérifiés : 5"
    assert "contredisent" not in main(page)


def test_what_both_levels_found_stands_in_words_beside_the_signs(browse, world, version):
    verify(world, version, 1, days_ago(30), a2="minor", a3="major", a4="not_applicable", a5="observation")
    verify(world, version, 2, days_ago(20), a2="conforming", a3="major", a4="conforming", a5="not_checked")
    page = browse().get(OWN)
    found = rows(page)
    assert found["A1"].count("Conforme") == 2
    assert "contredisent" not in found["A1"]
    assert "Les deux niveaux se contredisent" in found["A2"]
    assert "Non-conformité mineure" in found["A2"]
    assert found["A3"].count("Non-conformité majeure") == 2
    assert "contredisent" not in found["A3"]
    assert "Sans objet" in found["A4"]
    assert "Observation" in found["A5"]
    assert "Non vérifié" in found["A5"]
    assert legend(page) == [
        "tenus aux deux niveaux : 1",
        "tenus à un seul niveau : 2",
        "avec un écart : 2",
        "pas encore vérifiés : 0",
    ]
    assert "Critères sur lesquels les deux niveaux se contredisent : 1" in main(page)
    assert "5 critères" in page.html.select_one(".matrix-bar figcaption").get_text()


def test_each_part_of_the_bar_has_its_figure_in_the_text_below(browse, world, version):
    verify(world, version, 1, days_ago(30), a2="minor", a4="not_checked")
    verify(world, version, 2, days_ago(20), a2="minor", a3="not_checked", a4="not_checked")
    for page in (browse().get(OWN), browse().get(COMPANY)):
        bar = page.html.select_one(".matrix-bar svg")
        assert bar["aria-hidden"] == "true"
        parts = {part["class"][0]: float(part["width"]) for part in bar.find_all("rect")}
        told = {item["class"][0]: int(item.find("b").get_text()) for item in page.html.select(".matrix-bar .legend li")}
        assert {kind for kind, count in told.items() if count} == set(parts)
        assert sum(told.values()) >= 5
        whole = sum(width + 2 for width in parts.values())
        assert whole == pytest.approx(640, abs=1)
        for kind, width in parts.items():
            assert (width + 2) / whole == pytest.approx(told[kind] / sum(told.values()), abs=0.01)


def test_a_finding_older_than_a_year_says_so_in_words_and_at_which_level(browse, world, version):
    verify(world, version, 1, days_ago(500))
    verify(world, version, 2, days_ago(30))
    page = browse().get(OWN)
    for row in page.html.select("table.verification tbody tr"):
        aged = [cell["data-label"] for cell in row.find_all("td") if "constat de plus d’un an" in cell.get_text(" ")]
        assert aged == ["Niveau 1"]
    assert "Critères dont un constat a plus d’un an : 5" in main(page)


def test_the_newest_report_of_a_level_speaks(browse, world, version):
    verify(world, version, 2, days_ago(200), a1="major")
    verify(world, version, 2, days_ago(20))
    found = rows(browse().get(OWN))
    assert "Conforme" in found["A1"]
    assert "majeure" not in found["A1"]


def test_cells_carry_their_headings_for_narrow_screens(browse, world, version):
    verify(world, version, 1, days_ago(30))
    page = browse().get(MATRIX)
    for table in page.html.select("table.verification"):
        assert "stacked" in table["class"]
        heads = [th.get_text(strip=True) for th in table.select("thead th")]
        for row in table.select("tbody tr"):
            assert row.find("th")["scope"] == "row"
            assert [td["data-label"] for td in row.find_all("td")] == heads[1:]
    for table in browse().get(f"{COMPANY}/audits/1-{days_ago(30):%Y-%m-%d}").html.select("table.findings"):
        heads = [th.get_text(strip=True) for th in table.select("thead th")]
        for row in table.select("tbody tr"):
            assert [td["data-label"] for td in row.find_all("td")] == heads[1:]


def test_every_link_of_the_matrix_opens_also_at_criteria_of_the_framework(browse, world, version):
    worlds.audit(world, world.companies["celle"], 1, "validated", days_ago(30))
    transaction.commit()
    browser = browse()
    page = browser.get(MATRIX)
    links = {a["href"] for a in page.html.select("main a")}
    assert len(page.html.select("table.verification")) == 2
    assert any("/framework/" in link for link in links)
    for link in links:
        browser.get(link, status=200)


def test_the_page_of_a_criterion_of_the_framework_tells_what_was_found_at_this_company(browse, world, version):
    made = worlds.audit(world, world.companies["celle"], 1, "validated", days_ago(30))
    transaction.commit()
    finding = next(f for f in made.findings() if f.version is not version)
    address = f"/framework/1/{finding.key}"
    assert f'/audits/{made.__name__}/{finding.__name__}"' in browse().get(f"{address}?company=celle").text
    assert made.__name__ not in browse().get(address).text
    browse().get(f"{address}?company=nulle-part", status=200)


def test_a_long_promise_is_cut_at_a_word_and_the_page_of_the_criterion_has_all_of_it(browse, version):
    page = browse().get(OWN)
    cell = page.html.select(".verification tbody tr")[1].select_one("[data-label=Promesse]").get_text()
    assert len(cell) <= 221
    assert cell.endswith("…")


def test_the_framework_has_no_matrix_of_its_own(browse):
    browse().get("/framework/1/matrix", status=404)


def test_a_matrix_of_several_hundred_criteria_is_one_page_that_a_phone_can_hold(browse, world, version):
    engine.fire(version, "back_to_draft", world.actors["equipe"], days_ago(5), comment="Encore des critères.")
    for number in range(200):
        given = {**worlds.CRITERION, "code": f"B{number}", "title": f"Critère {number}"}
        specifications.add_criterion(version, given, world.actors["entreprise"], days_ago(5))
    engine.fire(version, "freeze", world.actors["entreprise"], days_ago(5))
    transaction.commit()
    page = browse().get(OWN)
    assert len(rows(page)) == 205
    assert len(page.body) < 250_000


def test_the_legend_reads_as_english_in_english(browse, world, version):
    verify(world, version, 1, days_ago(30))
    browser = browse()
    browser.set_cookie("language", "en")
    for path in (OWN, COMPANY):
        words = " ".join(" ".join(li.get_text().split()) for li in browser.get(path).html.select(".legend li"))
        assert " :" not in words, words
