"""A workflow as a picture: an SVG without script, states as boxes, transitions as numbered arrows.

The states stand on a grid of three columns (``State.at``): the way in the middle, what leaves it at the sides. Arrows run at
right angles; many that lead to one state share a rail. The numbers are those of :func:`legend`.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from xml.sax.saxutils import escape

from .model import FORMER, SAME, State, Transition, Workflow
from .reach import targets

WIDTH = 360
COLUMNS = (46, 192, 314)  #: centres
BOX = (88, 40)  #: width, height
PITCH = 84  #: from row to row
TOP = 34
RAIL = 3  #: sources from which on arrows to one state share a rail

#: For pictures that stand alone; the site's own style sheet says the same.
STYLE = """
.wf{color:#10201d;font:600 11.5px system-ui,sans-serif}
.wf rect{fill:#fff;stroke:#4b5a57;stroke-width:1.5}
.wf .wf-current rect{fill:#ffe9a8;stroke:#10201d;stroke-width:3.5}
.wf text{fill:currentColor;text-anchor:middle}
.wf path{fill:none;stroke:#4b5a57;stroke-width:1.5}
.wf .wf-former{stroke-dasharray:4 3}
.wf .wf-head{fill:#4b5a57;stroke:none}
.wf .wf-number rect{fill:#e9efee;stroke:none}
.wf .wf-number text{font-size:9.5px;font-weight:700}
@media (prefers-color-scheme:dark){
.wf{color:#eef3f2}
.wf rect{fill:#172220;stroke:#9fb0ac}
.wf .wf-current rect{fill:#4a3c00;stroke:#ffe9a8}
.wf path{stroke:#9fb0ac}
.wf .wf-head{fill:#9fb0ac}
.wf .wf-number rect{fill:#2b3a37}
}
""".replace("\n", "")


@dataclass(frozen=True)
class _Edge:
    source: State
    target: State
    numbers: tuple[int, ...]
    former: bool

    @property
    def loop(self) -> bool:
        return self.source is self.target


def legend(workflow: Workflow, translate: Callable[[str], str] = str) -> list[tuple[int, Transition]]:
    """The numbers of the arrows and their transitions, in the order they are written."""
    return list(enumerate(workflow.transitions, 1))


def svg(
    workflow: Workflow, current: str | None = None, translate: Callable[[str], str] = str, title: str | None = None
) -> str:
    """The picture, with the current state marked by a heavier frame and in words for those who do not see it."""
    edges = _edges(workflow)
    rows = max(state.at[1] for state in workflow.states)
    height = TOP + rows * PITCH + BOX[1] + 12
    name = f"wf-{workflow.name}"
    names = {state.id: translate(state.title) for state in workflow.states}
    told = [
        f"{number}. {translate(t.title)} : {', '.join(names[s] for s in t.sources)} → {_target_name(t, names)}"
        for number, t in legend(workflow)
    ]
    if current is not None:
        told.insert(0, names[current] + " ●")
    parts = [
        f'<svg class="wf" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc">',
        f'<title id="{name}-title">{escape(title or translate(workflow.title))}</title>',
        f'<desc id="{name}-desc">{escape("; ".join(told))}</desc>',
        *_arrows(workflow, edges),
        *(_box(state, names[state.id], state.id == current) for state in workflow.states),
        "</svg>",
    ]
    return "".join(parts)


def _target_name(transition: Transition, names: dict[str, str]) -> str:
    return {SAME: "=", FORMER: "↩"}.get(transition.target) or names[transition.target]


def _edges(workflow: Workflow) -> list[_Edge]:
    """One arrow for each pair of states, with the numbers of all transitions between them."""
    numbers: dict[tuple[str, str], list[int]] = defaultdict(list)
    former: dict[tuple[str, str], bool] = defaultdict(lambda: True)
    for number, transition in legend(workflow):
        for source in transition.sources:
            for target in targets(workflow, transition, source):
                if number not in numbers[source, target]:
                    numbers[source, target].append(number)
                former[source, target] &= transition.target == FORMER
    return [
        _Edge(workflow.state(s), workflow.state(t), tuple(found), former[s, t]) for (s, t), found in numbers.items()
    ]


def centre(state: State) -> tuple[int, int]:
    """The centre of the box of a state."""
    column, row = state.at
    return COLUMNS[column], TOP + row * PITCH + BOX[1] // 2


def _arrows(workflow: Workflow, edges: list[_Edge]) -> list[str]:
    """Every arrow with its number."""
    pairs = {(edge.source.id, edge.target.id) for edge in edges}
    arriving: dict[str, int] = defaultdict(int)
    for edge in edges:
        if edge.target.at[0] != 1 and not edge.loop:
            arriving[edge.target.id] += 1
    used: dict[tuple[str, str], int] = defaultdict(int)
    bows = 0
    drawn = []
    for edge in edges:
        double = (edge.target.id, edge.source.id) in pairs
        if edge.loop:
            drawn.append(_loop(edge))
        elif edge.source.at[0] == edge.target.at[0]:
            if abs(edge.source.at[1] - edge.target.at[1]) == 1:
                drawn.append(_step(edge, double))
            else:
                drawn.append(_bow(edge, bows))
                bows += 1
        elif arriving[edge.target.id] >= RAIL and _railed(workflow, edges, edge.target):
            drawn.append(_on_rail(edge))
        else:
            drawn.append(_aside(edge, double, used))
    return drawn


def _railed(workflow: Workflow, edges: list[_Edge], target: State) -> bool:
    """Whether three states or more of the middle column, above and below it, lead to a state at the side."""
    rows = {e.source.at[1] for e in edges if e.target is target and e.source.at[0] == 1 and not e.loop}
    return len(rows) >= RAIL and min(rows) < target.at[1] < max(rows)


def _path(points: str, edge: _Edge, head: tuple[float, float, str] | None, label: tuple[float, float]) -> str:
    """A line, its head (x, y, direction) and its numbers."""
    kind = ' class="wf-former"' if edge.former else ""
    found = f'<path d="{points}"{kind}/>'
    if head is not None:
        x, y, direction = head
        dx, dy = {"right": (-7, 0), "left": (7, 0), "down": (0, -7), "up": (0, 7)}[direction]
        if dx:
            found += f'<path class="wf-head" d="M{x:g} {y:g}l{dx} -4v8z"/>'
        else:
            found += f'<path class="wf-head" d="M{x:g} {y:g}l-4 {dy}h8z"/>'
    return found + _number(edge.numbers, *label)


def _number(numbers: tuple[int, ...], x: float, y: float) -> str:
    text = "·".join(map(str, numbers))
    width = max(15, 5.6 * len(text) + 6)
    return (
        f'<g class="wf-number"><rect x="{x - width / 2:g}" y="{y - 7.5:g}" width="{width:g}" height="15" rx="7.5"/>'
        f'<text x="{x:g}" y="{y + 3.4:g}">{text}</text></g>'
    )


def _step(edge: _Edge, double: bool) -> str:
    """From a box to the one below or above it."""
    x, y1 = centre(edge.source)
    y2 = centre(edge.target)[1]
    down = y2 > y1
    x += (-16 if down else 16) if double else 0
    begin, end = (y1 + BOX[1] / 2, y2 - BOX[1] / 2) if down else (y1 - BOX[1] / 2, y2 + BOX[1] / 2)
    return _path(f"M{x} {begin:g}V{end:g}", edge, (x, end, "down" if down else "up"), (x, begin + 0.3 * (end - begin)))


def _bow(edge: _Edge, number: int) -> str:
    """Between boxes of one column that are further apart: around those between them, at the left."""
    x, y1 = centre(edge.source)
    y2 = centre(edge.target)[1]
    left = x - BOX[0] / 2
    out = left - 22 - 26 * number
    # One way around encloses the other.
    begin, end = y1 - 6, y2 + 6
    return _path(f"M{left:g} {begin:g}H{out:g}V{end:g}H{left:g}", edge, (left, end, "right"), (out, (begin + end) / 2))


def _loop(edge: _Edge) -> str:
    """A transition that leads back to its state: a small arc at the upper right corner."""
    x, y = centre(edge.source)
    right, top = x + BOX[0] / 2, y - BOX[1] / 2
    line = f"M{right - 22:g} {top:g}c0 -22 44 -20 {22 + 7:g} {8:g}"
    return _path(line + "h-1", edge, (right, top + 8, "left"), (right + 10, top - 12))


def _on_rail(edge: _Edge) -> str:
    """To a state at the side that many lead to: out of the box, along the rail, into the state."""
    x1, y1 = centre(edge.source)
    x2, y2 = centre(edge.target)
    side = -1 if x2 < COLUMNS[1] else 1
    inner = x2 - side * BOX[0] / 2
    rail = inner - side * 12
    direction = "left" if side < 0 else "right"
    if edge.source.at[0] == 1:
        begin = x1 + side * BOX[0] / 2
        label = ((begin + rail) / 2, y1 - (10 if y1 != y2 else 12))
        return _path(f"M{begin:g} {y1}H{rail:g}V{y2}H{inner:g}", edge, (inner, y2, direction), label)
    # From the other side: through the channel between two rows.
    channel = y1 + (PITCH / 2 if y1 < y2 else -PITCH / 2)
    begin = x1 - 30
    edge_of_box = y1 + (BOX[1] / 2 if y1 < y2 else -BOX[1] / 2)
    return _path(
        f"M{begin:g} {edge_of_box:g}V{channel:g}H{rail:g}V{y2}H{inner:g}",
        edge,
        (inner, y2, direction),
        (COLUMNS[1] + side * 44, channel),
    )


def _aside(edge: _Edge, double: bool, used: dict[tuple[str, str], int]) -> str:
    """Between the middle column and a state at the side."""
    x1, y1 = centre(edge.source)
    x2, y2 = centre(edge.target)
    out = edge.source.at[0] == 1  # leaves the middle
    side = 1 if (x2 if out else x1) > COLUMNS[1] else -1
    middle = COLUMNS[1] + side * BOX[0] / 2
    outer_x, outer_y, inner_y = (x2, y2, y1) if out else (x1, y1, y2)
    if y1 == y2:
        shift = (-5 if out else 9) if double else 0
        outer = outer_x - side * BOX[0] / 2
        begin, end = (middle, outer) if out else (outer, middle)
        direction = "right" if end > begin else "left"
        y = y1 + shift
        return _path(f"M{begin:g} {y}H{end:g}", edge, (end, y, direction), ((begin + end) / 2, y + (-9 if out else 10)))
    below = inner_y > outer_y
    place = used[edge.target.id if out else edge.source.id, "below" if below else "above"]
    used[edge.target.id if out else edge.source.id, "below" if below else "above"] += 1
    x = outer_x + side * (-6 + 18 * place)
    edge_y = outer_y + (BOX[1] / 2 if below else -BOX[1] / 2)
    y = inner_y + (4 if not out and double else -4 if double else 0)
    label = (middle + side * 20, y - 9 if out or not double else y + 10)
    if out:
        return _path(f"M{middle:g} {y:g}H{x:g}V{edge_y:g}", edge, (x, edge_y, "up" if below else "down"), label)
    direction = "left" if side > 0 else "right"
    return _path(f"M{x:g} {edge_y:g}V{y:g}H{middle:g}", edge, (middle, y, direction), label)


def _box(state: State, title: str, current: bool) -> str:
    """A state: its box and its name on one line or two."""
    x, y = centre(state)
    lines = _lines(title)
    first = y + 4 - 6.5 * (len(lines) - 1)
    texts = "".join(f'<text x="{x}" y="{first + 13 * n:g}">{escape(line)}</text>' for n, line in enumerate(lines))
    kind = "wf-state wf-current" if current else "wf-state"
    return (
        f'<g class="{kind}" data-state="{state.id}"><rect x="{x - BOX[0] // 2}" y="{y - BOX[1] // 2}" '
        f'width="{BOX[0]}" height="{BOX[1]}" rx="6"/>{texts}</g>'
    )


def _lines(title: str) -> list[str]:
    """A name broken where it is too long for its box."""
    lines: list[str] = []
    for word in title.split():
        if lines and len(lines[-1]) + len(word) < 12:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
