"""Where the boxes and arrows of a workflow's picture stand: plain geometry, lengths in pixels of a small phone.

Neighbours on the grid (``State.at``) are joined straight.  Everything else leaves its box at the side and bends into a *lane*
between the columns.  All that leads to one state from one side shares a lane and an end: a bend joins, a crossing does not.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from .model import FORMER, Workflow
from .reach import targets

WIDTH = 360
BOX = (84, 104)  #: the narrowest and the widest box
GAP = 42  #: between two rows
PORT = 18  #: between two lines at the side of a box, so that their numbers stay apart
LANE = 10  #: between two lanes
TOP = 30

At = dict[str, tuple[int, int]]  #: column and row of each state
Point = tuple[float, float]
Side = tuple[str, int]  #: a state, and -1 for its left or 1 for its right
Port = tuple[str, str, bool]  #: "in", "out" or "loop"; for "out" the state it leads to; whether dashed
Lane = tuple[int, str, bool]  #: the gutter, the state it leads to, whether dashed


@dataclass(frozen=True)
class Link:
    """All transitions between two states.  ``gutter`` counts the spaces between columns; None for a straight line."""

    source: str
    target: str
    former: bool
    numbers: tuple[int, ...]
    gutter: int | None = None

    @property
    def out(self) -> Port:
        """Where it leaves: the ways back to a former state leave together."""
        return "out", "" if self.former else self.target, self.former

    @property
    def into(self) -> Port:
        """Where it arrives, with all others that lead there."""
        return "in", "", self.former


@dataclass(frozen=True)
class Arrow:
    """A line from box to box, and where the middle of its number is."""

    link: Link
    points: tuple[Point, ...]
    label: Point


@dataclass(frozen=True)
class Layout:
    """Everything in its place.  ``boxes`` are left, top, width and height of each state."""

    width: float
    height: float
    boxes: dict[str, tuple[float, float, float, float]]
    arrows: tuple[Arrow, ...]


def label_width(numbers: tuple[int, ...]) -> float:
    """How wide the numbers of an arrow are."""
    return max(15, 5.6 * len("·".join(map(str, numbers))) + 6)


def links(workflow: Workflow, at: At) -> list[Link]:
    """One link for each pair of states, with the numbers of all transitions between them."""
    numbers: dict[tuple[str, str, bool], list[int]] = defaultdict(list)
    for number, transition in enumerate(workflow.transitions, 1):
        for source in transition.sources:
            for target in targets(workflow, transition, source):
                numbers[source, target, transition.target == FORMER].append(number)
    found = [Link(*ends, numbers=tuple(n)) for ends, n in numbers.items()]
    groups: dict[tuple[str, bool, int], list[Link]] = defaultdict(list)
    for link in found:
        if not _straight(at, link):
            groups[link.target, link.former, at[link.source][0]].append(link)
    gutters = {link: _gutter(at, group) for group in groups.values() for link in group}
    return [replace(link, gutter=gutters.get(link)) for link in found]


def _straight(at: At, link: Link) -> bool:
    """Whether nothing stands between two states of one row or column."""
    (c, r), (d, s) = sorted((at[link.source], at[link.target]))
    between = any((x == c == d and r < y < s) or (y == r == s and c < x < d) for x, y in at.values())
    return (c == d or r == s) and not between


def _gutter(at: At, group: list[Link]) -> int:
    """Where the links from one column to one state run: between the two columns where that passes no other state of the
    target's column, else outside.

    :raises ValueError: boxes are in the way everywhere
    """
    taken, last = set(at.values()), max(x for x, _y in at.values()) + 1
    sources, (column, row) = [at[link.source] for link in group], at[group[0].target]
    start = sources[0][0]
    passed = {(column, y) for _x, r in sources for y in range(min(r, row) + 1, max(r, row))} & taken
    lean = 2 * start - (last - 1) or column - start or sources[0][1] - row
    outside = 0 if lean < 0 else last
    inside = [g for g in range(last + 1) if min(start, column) < g <= max(start, column) and not passed]
    for gutter in (*inside, *sorted(range(last + 1), key=lambda g: abs(g - outside))):
        crossed = {(x, y) for c, y in (*sources, (column, row)) for x in (*range(c + 1, gutter), *range(gutter, c))}
        if not crossed & taken:
            return gutter
    raise ValueError(f"No way from {group[0].source} to {group[0].target}: give the states other places.")


def _side(at: At, state: str, gutter: int) -> Side:
    return state, 1 if gutter > at[state][0] else -1


def _sides(at: At, link: Link) -> tuple[Side, Side] | None:
    """The sides a link leaves and enters by, None when it runs up or down."""
    if link.gutter is not None:
        return _side(at, link.source, link.gutter), _side(at, link.target, link.gutter)
    sign = at[link.target][0] - at[link.source][0]
    return ((link.source, sign // abs(sign)), (link.target, -sign // abs(sign))) if sign else None


def _lanes(at: At, found: Iterable[Link]) -> dict[Lane, int]:
    """The place of each lane in its gutter, counted from the boxes: short ones nearer, apart where they meet."""
    rows: dict[Lane, set[int]] = defaultdict(set)
    for link in found:
        if link.gutter is not None:
            rows[link.gutter, link.target, link.former] |= {at[link.source][1], at[link.target][1]}
    spans = {lane: (min(found), max(found)) for lane, found in rows.items()}
    places: dict[Lane, int] = {}
    for lane, (top, bottom) in sorted(spans.items(), key=lambda item: (item[1][1] - item[1][0], item[0])):
        beside = {places[o] for o in places if o[0] == lane[0] and spans[o][0] <= bottom and top <= spans[o][1]}
        places[lane] = max(beside, default=-1) + 1
    return places


def _ports(at: At, found: list[Link], lanes: dict[Lane, int]) -> dict[Side, dict[Port, float]]:
    """How far above (negative) or below the middle of its side each line leaves or enters.

    Straight lines are in the middle.  What turns up is above them, the nearest lane highest; what turns down below, the
    nearest lane lowest: so lines of one side never cross.
    """
    straight: dict[Side, list[Port]] = defaultdict(list)
    turning: dict[Side, dict[Port, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    tracks: dict[frozenset[str], list[Link]] = defaultdict(list)
    for link in found:
        sides = _sides(at, link)
        if sides is None or link.source == link.target:
            continue
        for (state, sign), port, other in ((sides[0], link.out, link.target), (sides[1], link.into, link.source)):
            if link.gutter is None:
                straight[state, sign].append(port)
            else:
                place = lanes[link.gutter, link.target, link.former]
                count = 1 + max(p for lane, p in lanes.items() if lane[0] == link.gutter)
                near = place if sign > 0 or link.gutter == 0 else count - 1 - place
                columns = abs(link.gutter - at[state][0] - (sign > 0))
                turning[state, sign][port].append((at[other][1] - at[state][1], 100 * columns + near))
        if link.gutter is None:
            tracks[frozenset((link.source, link.target))].append(link)
    offsets: dict[Side, dict[Port, float]] = defaultdict(dict)
    for pair in tracks.values():
        for place, link in enumerate(sorted(pair, key=lambda one: (one.former, at[one.source]))):
            for side, port in zip(_sides(at, link) or (), (link.out, link.into), strict=True):
                offsets[side][port] = PORT * (place - (len(pair) - 1) / 2)
    for link in found:
        if link.source == link.target:
            busy = {sign: len(straight[link.source, sign]) + len(turning[link.source, sign]) for sign in (-1, 1)}
            outer = -1 if 2 * at[link.source][0] <= max(x for x, _y in at.values()) else 1
            turning[link.source, outer if busy[outer] <= busy[-outer] else -outer]["loop", "", False] = [(-1, -1)]
    for side, ports in turning.items():
        free = {port: ends for port, ends in ports.items() if port not in offsets[side]}
        up = sorted((p for p in free if sum(e[0] for e in free[p]) <= 0), key=lambda p: free[p][0][1])
        down = sorted((p for p in free if p not in up), key=lambda p: -free[p][0][1])
        middle = sorted(offsets[side].values())
        if middle:
            offsets[side] |= {p: middle[0] - PORT * (len(up) - n) for n, p in enumerate(up)}
            offsets[side] |= {p: middle[-1] + PORT * (n + 1) for n, p in enumerate(down)}
        else:
            every = up + down
            offsets[side] |= {p: PORT * (n - (len(every) - 1) / 2) for n, p in enumerate(every)}
    return offsets


def _room(found: list[Link], side: Side, ports: Iterable[Port]) -> float:
    """How much of a gutter the numbers and arrow heads beside a box take."""
    needed = [0.0]
    for kind, target, former in ports:
        if kind == "in":
            needed.append(15)
        for link in found:
            if link.source == side[0] and (kind == "loop") == (link.source == link.target):
                if kind == "loop":
                    needed.append(label_width(link.numbers) + 16)
                elif link.out == (kind, target, former):
                    needed.append(label_width(link.numbers) + 9)
    return max(needed)


def lay_out(workflow: Workflow) -> Layout:
    """Put everything in its place.

    :raises ValueError: the places of the states leave no way for a transition
    """
    columns, rows = (sorted({state.at[n] for state in workflow.states}) for n in (0, 1))
    at = {state.id: (columns.index(state.at[0]), rows.index(state.at[1])) for state in workflow.states}
    found = links(workflow, at)
    lanes = _lanes(at, found)
    ports = _ports(at, found, lanes)
    height = max(44, 22 + 2 * max((abs(y) for side in ports.values() for y in side.values()), default=0))

    last = len(columns)
    counts = [1 + max((p for lane, p in lanes.items() if lane[0] == g), default=-1) for g in range(last + 1)]
    rooms: dict[tuple[int, int], float] = defaultdict(
        float
    )  # beside the boxes at the left (1) and right (-1) of a gutter
    for side, beside in ports.items():
        place = at[side[0]][0] + (side[1] > 0), side[1]
        rooms[place] = max(rooms[place], _room(found, side, beside))
    gutters = [max(rooms[g, 1] + LANE * counts[g] + rooms[g, -1], 6 if g in (0, last) else 16) for g in range(last + 1)]
    wide = min(BOX[1], max(BOX[0], (WIDTH - sum(gutters)) / last))
    width = max(WIDTH, sum(gutters) + wide * last)
    margin = (width - sum(gutters) - wide * last) / 2
    starts = [margin + sum(gutters[:g]) + wide * g for g in range(last + 1)]
    boxes = {s: (starts[x] + gutters[x], TOP + y * (height + GAP), wide, height) for s, (x, y) in at.items()}

    def lane_at(link: Link) -> float:
        gutter = link.gutter or 0
        place = lanes[gutter, link.target, link.former]
        if gutter == 0:
            return starts[0] + gutters[0] - rooms[0, -1] - LANE * (place + 0.5)
        return starts[gutter] + rooms[gutter, 1] + LANE * (place + 0.5)

    def end(side: Side, port: Port) -> Point:
        x, y, w, h = boxes[side[0]]
        return x + (w if side[1] > 0 else 0), y + h / 2 + ports[side][port]

    def upright(link: Link) -> Arrow:
        pair = [one for one in found if {one.source, one.target} == {link.source, link.target}]
        apart = max(32.0, *(label_width(one.numbers) + 4 for one in pair))
        (x, y, w, h), (_x, y2, _w, _h) = boxes[link.source], boxes[link.target]
        down = y2 > y
        order = sorted(pair, key=lambda one: (at[one.source][1], one.former))
        x += w / 2 + apart * (order.index(link) - (len(pair) - 1) / 2)
        begin, finish = (y + h, y2) if down else (y, y2 + h)
        return Arrow(link, ((x, begin), (x, finish)), (x, begin + (13 if down else -13)))

    def arrow(link: Link) -> Arrow:
        half = label_width(link.numbers) / 2
        if link.source == link.target:
            loop: Port = ("loop", "", False)
            side = next((link.source, sign) for sign in (-1, 1) if loop in ports[link.source, sign])
            x, y = end(side, loop)
            return Arrow(link, ((x, y - 5), (x, y + 5)), (x + side[1] * (half + 14), y))
        sides = _sides(at, link)
        if sides is None:
            return upright(link)
        (x, y), (x2, y2) = end(sides[0], link.out), end(sides[1], link.into)
        bends = () if link.gutter is None else ((lane_at(link), y), (lane_at(link), y2))
        return Arrow(link, ((x, y), *bends, (x2, y2)), (x + sides[0][1] * (half + 5.5), y))

    return Layout(width, 2 * TOP + (height + GAP) * len(rows) - GAP - 16, boxes, tuple(map(arrow, found)))
