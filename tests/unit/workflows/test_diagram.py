"""The pictures of the workflows."""

import re
from xml.etree import ElementTree

import pytest

from coopcms.workflows import WORKFLOWS, diagram

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(params=list(WORKFLOWS.values()), ids=lambda workflow: workflow.name)
def workflow(request):
    return request.param


def parsed(workflow, **options):
    return ElementTree.fromstring(diagram.svg(workflow, **options))


def test_every_state_has_one_box(workflow):
    found = [group.get("data-state") for group in parsed(workflow).iter(f"{SVG}g") if group.get("data-state")]
    assert sorted(found) == sorted(state.id for state in workflow.states)


def test_every_transition_has_its_number_on_an_arrow_and_in_the_legend(workflow):
    texts = [t.text for g in parsed(workflow).iter(f"{SVG}g") if g.get("class") == "wf-number" for t in g.iter(f"{SVG}text")]
    on_arrows = {int(number) for text in texts for number in text.split("·")}
    assert on_arrows == {number for number, _transition in diagram.legend(workflow)}
    assert [t for _number, t in diagram.legend(workflow)] == list(workflow.transitions)


def test_the_current_state_is_marked_once_in_the_picture_and_in_words(workflow):
    for state in workflow.states:
        picture = parsed(workflow, current=state.id)
        marked = [g for g in picture.iter(f"{SVG}g") if "wf-current" in (g.get("class") or "")]
        assert [g.get("data-state") for g in marked] == [state.id]
        assert picture.find(f"{SVG}desc").text.startswith(f"{state.title} ●")


def test_without_a_current_state_none_is_marked(workflow):
    assert "wf-current" not in diagram.svg(workflow)


def test_boxes_stand_apart_and_inside_the_picture(workflow):
    width, height = diagram.BOX
    places = [diagram.centre(state) for state in workflow.states]
    for n, (x, y) in enumerate(places):
        assert width / 2 <= x <= diagram.WIDTH - width / 2
        for a, b in places[n + 1 :]:
            assert abs(a - x) >= width or abs(b - y) >= height


def test_no_number_hides_the_name_of_a_state(workflow):
    width, height = diagram.BOX
    boxes = [diagram.centre(state) for state in workflow.states]
    for group in parsed(workflow).iter(f"{SVG}g"):
        if group.get("class") == "wf-number":
            text = group.find(f"{SVG}text")
            x, y = float(text.get("x")), float(text.get("y")) - 3.4
            assert not any(abs(a - x) < width / 2 - 12 and abs(b - y) < height / 2 for a, b in boxes), text.text


def test_a_picture_carries_no_script_and_no_style_of_its_own(workflow):
    text = diagram.svg(workflow)
    assert "<script" not in text
    assert not re.search(r"\sstyle=|\son\w+=", text)


def test_names_are_translated_and_escaped(workflow):
    text = diagram.svg(workflow, translate=lambda term: f"<{term}>")
    assert "&lt;" in text
    ElementTree.fromstring(text)
