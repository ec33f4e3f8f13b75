"""A workflow as a picture: an SVG without script, states as boxes, transitions as numbered arrows.

It is readable by itself and in print, and takes its colours from the style sheet where there is one.  The numbers are those of
:func:`legend`; where things stand is decided in :mod:`.layout`.
"""

from collections.abc import Callable, Iterator
from xml.sax.saxutils import escape

from .layout import Arrow, Layout, Point, label_width, lay_out
from .model import FORMER, SAME, Transition, Workflow

CORNER = 7  #: the radius of a bend
LINE = 'fill="none" stroke="currentColor" stroke-width="1.5"'

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


def legend(workflow: Workflow, translate: Callable[[str], str] = str) -> list[tuple[int, Transition]]:
    """The numbers of the arrows and their transitions, in the order they are written."""
    return list(enumerate(workflow.transitions, 1))


def describe(workflow: Workflow, current: str | None = None, translate: Callable[[str], str] = str) -> str:
    """The picture in words: the current state, then every number with what it stands for."""
    names = {state.id: translate(state.title) for state in workflow.states} | {SAME: "=", FORMER: "↩"}
    told = [
        f"{number}. {translate(t.title)} : {', '.join(names[s] for s in t.sources)} → {names[t.target]}"
        for number, t in legend(workflow)
    ]
    return "; ".join(told if current is None else [f"{names[current]} ●", *told])


def svg(
    workflow: Workflow,
    current: str | None = None,
    translate: Callable[[str], str] = str,
    title: str | None = None,
) -> str:
    """The picture, with the current state marked by a heavier frame and in words for those who do not see it.

    :raises ValueError: the places of the states (``State.at``) leave no way for a transition
    """
    layout = lay_out(workflow)
    name = f"wf-{workflow.name}"
    lines = [part for arrow in layout.arrows for part in _line(layout, arrow)]
    return "".join(
        (
            f'<svg class="wf" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {layout.width:g} {layout.height:g}" ',
            f'role="img" aria-labelledby="{name}-title {name}-desc" font-family="system-ui,sans-serif" ',
            'font-size="11.5" font-weight="600">',
            f'<title id="{name}-title">{escape(title or translate(workflow.title))}</title>',
            f'<desc id="{name}-desc">{escape(describe(workflow, current, translate))}</desc>',
            *_start(layout, workflow.initial),
            *dict.fromkeys(lines),  # many lines share an arrow head
            *dict.fromkeys(_number(arrow) for arrow in layout.arrows),
            *(_box(layout, s.id, translate(s.title), s.id == current) for s in workflow.states),
            "</svg>",
        )
    )


def _start(layout: Layout, state: str) -> Iterator[str]:
    """The dot everything begins at."""
    left, top, width, _height = layout.boxes[state]
    x = left + width / 2
    yield f'<circle class="wf-start" cx="{x:g}" cy="{top - 20:g}" r="4.5" fill="currentColor"/>'
    yield f'<path class="wf-edge" d="M{x:g} {top - 16:g}V{top - 5:g}" {LINE}/>'
    yield _head((x, top), (0, 1))


def _line(layout: Layout, arrow: Arrow) -> Iterator[str]:
    """A line with rounded bends, and its head."""
    link, points = arrow.link, arrow.points
    ends = f'data-from="{link.source}" data-to="{link.target}"'
    kind = 'class="wf-edge wf-former" stroke-dasharray="4 3"' if link.former else 'class="wf-edge"'
    if link.source == link.target:
        (x, y), (_x, y2) = points
        side = 1 if arrow.label[0] > x else -1
        out = x + side * 17
        path = f"M{x:g} {y:g}H{out:g}A5 5 0 0 {(side + 1) // 2} {out:g} {y2:g}H{x + side * 5:g}"
        direction = (-side, 0)
    else:
        (x, y), (x2, y2) = points[-2:]
        direction = (_sign(x2 - x), _sign(y2 - y))
        path = _rounded((*points[:-1], (x2 - 5 * direction[0], y2 - 5 * direction[1])))
    yield f'<path {kind} {ends} d="{path}" {LINE}/>'
    yield _head(points[-1], direction)


def _sign(length: float) -> int:
    return (length > 0) - (length < 0)


def _rounded(points: tuple[Point, ...]) -> str:
    """A line through points with its corners rounded."""
    path = f"M{points[0][0]:g} {points[0][1]:g}"
    for (x0, y0), (x, y), (x2, y2) in zip(points, points[1:], points[2:], strict=False):
        radius = min(CORNER, (abs(x - x0) + abs(y - y0)) / 2, (abs(x2 - x) + abs(y2 - y)) / 2)
        before = (x - radius * _sign(x - x0), y - radius * _sign(y - y0))
        after = (x + radius * _sign(x2 - x), y + radius * _sign(y2 - y))
        path += f"L{before[0]:g} {before[1]:g}Q{x:g} {y:g} {after[0]:g} {after[1]:g}"
    return f"{path}L{points[-1][0]:g} {points[-1][1]:g}"


def _head(tip: Point, direction: tuple[int, int]) -> str:
    """The head of an arrow, its tip on the box."""
    (x, y), (dx, dy) = tip, direction
    corners = f"l{-7 * dx - 4 * dy} {-7 * dy - 4 * dx}l{8 * dy} {8 * dx}z"
    return f'<path class="wf-head" d="M{x:g} {y:g}{corners}" fill="currentColor"/>'


def _number(arrow: Arrow) -> str:
    """The numbers of an arrow, on its line where it leaves its box."""
    x, y = arrow.label
    width = label_width(arrow.link.numbers)
    text = "·".join(map(str, arrow.link.numbers))
    return (
        f'<g class="wf-number"><rect x="{x - width / 2:g}" y="{y - 7.5:g}" width="{width:g}" height="15" rx="7.5" '
        f'fill="#fff"/><text x="{x:g}" y="{y + 3.4:g}" text-anchor="middle" font-size="9.5" fill="currentColor">{text}</text></g>'
    )


def _box(layout: Layout, state: str, title: str, current: bool) -> str:
    """A state: its box and its name on as many lines as it needs."""
    left, top, width, height = layout.boxes[state]
    x, lines = left + width / 2, _wrapped(title, int((width - 6) / 6.6))
    first = top + height / 2 + 4 - 6.5 * (len(lines) - 1)
    texts = "".join(
        f'<text x="{x:g}" y="{first + 13 * n:g}" text-anchor="middle" fill="currentColor">{escape(line)}</text>'
        for n, line in enumerate(lines)
    )
    kind, stroke = ("wf-state wf-current", 3.5) if current else ("wf-state", 1.5)
    return (
        f'<g class="{kind}" data-state="{state}"><rect x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}" '
        f'rx="6" fill="none" stroke="currentColor" stroke-width="{stroke}"/>{texts}</g>'
    )


def _wrapped(title: str, length: int) -> list[str]:
    """A name broken between words where it is too long for its box."""
    lines: list[str] = []
    for word in title.split():
        if lines and len(lines[-1]) + 1 + len(word) <= length:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
