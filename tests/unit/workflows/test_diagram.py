"""The pictures of the workflows."""

import re
from dataclasses import replace
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest

from coopcms.workflows import WORKFLOWS, diagram
from coopcms.workflows.layout import Layout, label_width, lay_out
from coopcms.workflows.reach import targets

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(params=list(WORKFLOWS.values()), ids=lambda workflow: workflow.name)
def workflow(request):
    return request.param


@pytest.fixture
def layout(workflow) -> Layout:
    return lay_out(workflow)


def parsed(workflow, **options):
    return ElementTree.fromstring(diagram.svg(workflow, **options))


def marked(picture, kind):
    return [element for element in picture.iter() if kind in (element.get("class") or "").split()]


def overlap(one, other, within=0.0):
    """Whether two boxes (left, top, width, height) share more than their borders."""
    (a, b, w, h), (c, d, v, g) = one, other
    return a < c + v - within and c < a + w - within and b < d + g - within and d < b + h - within


def labels(layout):
    return {
        arrow: (arrow.label[0] - (w := label_width(arrow.link.numbers)) / 2, arrow.label[1] - 7.5, w, 15)
        for arrow in layout.arrows
    }


def pieces(arrow):
    """The straight pieces of an arrow as flat boxes."""
    for (x, y), (x2, y2) in pairwise(arrow.points):
        yield min(x, x2), min(y, y2), abs(x2 - x), abs(y2 - y)


def crosses(piece, box):
    x, y, w, h = piece
    left, top, width, height = box
    return left < x + w and x < left + width and top < y + h and y < top + height


def test_every_state_has_one_box(workflow):
    found = [group.get("data-state") for group in marked(parsed(workflow), "wf-state")]
    assert sorted(found) == sorted(state.id for state in workflow.states)


def test_every_transition_has_a_line_from_each_source_to_each_state_it_may_lead_to(workflow):
    drawn = {(line.get("data-from"), line.get("data-to")) for line in marked(parsed(workflow), "wf-edge")}
    expected = {(s, to) for t in workflow.transitions for s in t.sources for to in targets(workflow, t, s)}
    assert drawn - {(None, None)} == expected


def test_every_transition_has_its_number_on_an_arrow_and_in_the_legend(workflow):
    texts = [t.text for g in marked(parsed(workflow), "wf-number") for t in g.iter(f"{SVG}text")]
    on_arrows = {int(number) for text in texts for number in text.split("·")}
    assert on_arrows == {number for number, _transition in diagram.legend(workflow)}
    assert [t for _number, t in diagram.legend(workflow)] == list(workflow.transitions)


def test_two_transitions_of_one_name_have_two_numbers(workflow):
    twice = replace(workflow, transitions=(*workflow.transitions, workflow.transitions[0]))
    last = len(twice.transitions)
    assert any(f"1·{last}" == text.text for text in parsed(twice).iter(f"{SVG}text"))


def test_the_picture_is_told_in_words(workflow):
    words = parsed(workflow).find(f"{SVG}desc").text
    for number, transition in diagram.legend(workflow):
        assert f"{number}. {transition.title}" in words


def test_its_name_and_words_are_referred_to_by_ids_of_their_own(workflow):
    picture = parsed(workflow, title="Ici")
    ids = [picture.find(f"{SVG}{part}").get("id") for part in ("title", "desc")]
    assert picture.get("role") == "img"
    assert picture.get("aria-labelledby").split() == ids
    assert all(workflow.name in id for id in ids)
    assert picture.find(f"{SVG}title").text == "Ici"


def test_the_current_state_is_marked_once_in_the_picture_and_in_words(workflow):
    for state in workflow.states:
        picture = parsed(workflow, current=state.id)
        assert [group.get("data-state") for group in marked(picture, "wf-current")] == [state.id]
        assert picture.find(f"{SVG}desc").text.startswith(f"{state.title} ●")


def test_the_current_state_has_a_heavier_frame_without_any_style_sheet(workflow):
    frames = {
        group.get("data-state"): float(group.find(f"{SVG}rect").get("stroke-width"))
        for group in marked(parsed(workflow, current=workflow.initial), "wf-state")
    }
    current = frames.pop(workflow.initial)
    assert all(current > 2 * other for other in frames.values())


def test_without_a_current_state_none_is_marked(workflow):
    assert "wf-current" not in diagram.svg(workflow)


def test_boxes_stand_apart_and_inside_the_picture(layout):
    for one, other in combinations(layout.boxes.values(), 2):
        assert not overlap(one, other)
    for x, y, w, h in layout.boxes.values():
        assert 0 <= x < x + w <= layout.width
        assert 0 <= y < y + h <= layout.height


def test_the_picture_fits_a_phone(layout):
    assert layout.width < 390


def test_a_name_fits_its_box(workflow, layout):
    for state in workflow.states:
        _x, _y, width, height = layout.boxes[state.id]
        lines = diagram._wrapped(str(state.title), int((width - 6) / 6.6))
        assert max(map(len, lines)) * 6.6 <= width
        assert 13 * len(lines) < height


def test_no_line_runs_through_a_state(layout):
    for arrow in layout.arrows:
        for piece in pieces(arrow):
            for state, box in layout.boxes.items():
                assert not crosses(piece, box), (arrow.link, state)


def test_lines_to_different_states_never_run_on_top_of_each_other(layout):
    for one, other in combinations(layout.arrows, 2):
        if one.link.into == other.link.into and one.link.target == other.link.target:
            continue
        if one.link.former and other.link.former and one.link.source == other.link.source:
            continue
        for x, y, w, h in pieces(one):
            for x2, y2, w2, h2 in pieces(other):
                along = min(x + w, x2 + w2) - max(x, x2) > 0 and y == y2 and not h and not h2
                up = min(y + h, y2 + h2) - max(y, y2) > 0 and x == x2 and not w and not w2
                assert not along, (one.link, other.link)
                assert not up, (one.link, other.link)


def test_numbers_hide_neither_states_nor_each_other_nor_lines_of_others(layout):
    places = labels(layout)
    for (one, box), (other, box2) in combinations(places.items(), 2):
        if one.label != other.label:  # the ways back to a former state leave together
            assert not overlap(box, box2), (one.link, other.link)
    for arrow, box in places.items():
        assert not any(overlap(box, state) for state in layout.boxes.values()), arrow.link
        for other in layout.arrows:
            if (other.link.source, other.link.out) != (arrow.link.source, arrow.link.out):
                assert not any(crosses(piece, box) for piece in pieces(other)), (arrow.link, other.link)


def test_everything_is_inside_the_picture(layout):
    for x, y, w, h in [*labels(layout).values(), *(piece for arrow in layout.arrows for piece in pieces(arrow))]:
        assert 0 < x <= x + w < layout.width
        assert 0 < y <= y + h < layout.height


def test_the_ways_back_to_a_former_state_are_dashed():
    dashed = {(e.get("data-from"), e.get("data-to")) for e in marked(parsed(WORKFLOWS["company"]), "wf-former")}
    assert dashed == {("suspended", "certified"), ("suspended", "partnered")}


# A non-conformity goes from neighbour to neighbour: a row holds all of it.
@pytest.mark.parametrize(
    "workflow", [WORKFLOWS[name] for name in ("company", "specification", "audit")], ids=lambda workflow: workflow.name
)
def test_states_that_leave_no_way_for_a_transition_are_refused(workflow):
    row = replace(workflow, states=tuple(replace(state, at=(n, 0)) for n, state in enumerate(workflow.states)))
    with pytest.raises(ValueError, match="give the states other places"):
        diagram.svg(row)


def test_a_picture_carries_no_script_and_no_style_of_its_own(workflow):
    text = diagram.svg(workflow)
    assert "<script" not in text
    assert "<style" not in text
    assert not re.search(r"\sstyle=|\son\w+=", text)


def test_a_picture_is_the_same_each_time(workflow):
    assert diagram.svg(workflow) == diagram.svg(workflow)


def test_names_are_translated_and_escaped(workflow):
    text = diagram.svg(workflow, translate=lambda term: f"<{term}>")
    assert "&lt;" in text
    ElementTree.fromstring(text)
