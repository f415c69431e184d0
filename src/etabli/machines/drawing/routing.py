"""Orthogonal routing of wires and pipes on the module grid.

A conductor goes from pin to pin along grid lines, with few turns and crossings, never through a symbol, never on top of
another conductor (two that leave one pin may share their first modules). The search is A* over (point, direction).
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from etabli.machines.drawing.geometry import OUTWARD, Box

GridPoint = tuple[int, int]
_DIRECTIONS = ((0, -1), (1, 0), (0, 1), (-1, 0))

TURN = 3.0
CROSSING = 4.0
BESIDE_CONDUCTOR = 1.2
BESIDE_SYMBOL = 0.8
SHARED = 0.4
SHARED_REACH = 4
"""Modules from a pin within which the conductors of that pin may run together."""


@dataclass(frozen=True, slots=True)
class End:
    """Where a conductor starts or ends: a grid point, and the side it leaves by ("" for any)."""

    x: int
    y: int
    side: str = ""

    @property
    def point(self) -> GridPoint:
        """Grid point."""
        return self.x, self.y


class Unroutable(ValueError):
    """No way between two ends."""


@dataclass
class Board:
    """What already lies on the sheet: blocked points, conductors, and who lies where."""

    width: int
    height: int
    blocked: set[GridPoint] = field(default_factory=set)
    beside: set[GridPoint] = field(default_factory=set)
    edges: dict[tuple[GridPoint, GridPoint], set[str]] = field(default_factory=dict)
    horizontal: dict[GridPoint, set[str]] = field(default_factory=dict)
    vertical: dict[GridPoint, set[str]] = field(default_factory=dict)
    corners: dict[GridPoint, set[str]] = field(default_factory=dict)
    pins: dict[GridPoint, set[str]] = field(default_factory=dict)

    def block(self, box: Box) -> None:
        """Nothing may pass through or along this box."""
        for x in range(round(box.left), round(box.right) + 1):
            for y in range(round(box.top), round(box.bottom) + 1):
                self.blocked.add((x, y))
        grown = box.grown(1)
        for x in range(round(grown.left), round(grown.right) + 1):
            self.beside.update(((x, round(grown.top)), (x, round(grown.bottom))))
        for y in range(round(grown.top), round(grown.bottom) + 1):
            self.beside.update(((round(grown.left), y), (round(grown.right), y)))

    def add_pin(self, end: End) -> None:
        """Conductors of other pins keep off this one and off the first module in front of it."""
        self.pins.setdefault(end.point, set())
        self.blocked.add(end.point)

    def lay(self, name: str, points: Sequence[GridPoint]) -> None:
        """Record a routed conductor."""
        for start, stop in itertools.pairwise(points):
            for a, b in _units(start, stop):
                self.edges.setdefault(_edge(a, b), set()).add(name)
                along = self.horizontal if a[1] == b[1] else self.vertical
                along.setdefault(a, set()).add(name)
                along.setdefault(b, set()).add(name)
        for corner in points:
            self.corners.setdefault(corner, set()).add(name)


def _edge(a: GridPoint, b: GridPoint) -> tuple[GridPoint, GridPoint]:
    return (a, b) if a <= b else (b, a)


def _units(start: GridPoint, stop: GridPoint) -> Iterable[tuple[GridPoint, GridPoint]]:
    dx = (stop[0] > start[0]) - (stop[0] < start[0])
    dy = (stop[1] > start[1]) - (stop[1] < start[1])
    if dx and dy:
        raise ValueError(f"a conductor only runs along the grid: {start} to {stop}")
    at = start
    while at != stop:
        following = (at[0] + dx, at[1] + dy)
        yield at, following
        at = following


def simplified(points: Sequence[GridPoint]) -> tuple[GridPoint, ...]:
    """The same path with only its ends and its corners."""
    kept: list[GridPoint] = []
    for point in points:
        if kept and point == kept[-1]:
            continue
        if len(kept) >= 2:
            (ax, ay), (bx, by) = kept[-2], kept[-1]
            if (ax == bx == point[0]) or (ay == by == point[1]):
                kept[-1] = point
                continue
        kept.append(point)
    return tuple(kept)


@dataclass
class _Search:
    """One search; ``mates`` are the conductors that share a pin with this one."""

    board: Board
    start: End
    goal: End
    mates: set[str]
    region: Box

    def passable(self, point: GridPoint) -> bool:
        """Whether the conductor may stand on this point."""
        if point in (self.start.point, self.goal.point):
            return True
        if point in self.board.blocked:
            return self._own_stub(point)
        region = self.region
        return region.left <= point[0] <= region.right and region.top <= point[1] <= region.bottom

    def _own_stub(self, point: GridPoint) -> bool:
        """A pin inside its box is reached along its own direction."""
        for end in (self.start, self.goal):
            if end.side and point not in self.board.pins:
                dx, dy = OUTWARD[end.side]
                ahead = (point[0] - end.x) * dx + (point[1] - end.y) * dy
                across = (point[0] - end.x) * dy + (point[1] - end.y) * dx
                if across == 0 and 0 < ahead <= 2:
                    return True
        return False

    def near_pin(self, point: GridPoint) -> bool:
        """Whether conductors of one pin may still run together here."""
        sided = (e for e in (self.start, self.goal) if e.side)  # a terminal has a way out on each side: no sharing
        return any(abs(point[0] - e.x) + abs(point[1] - e.y) <= SHARED_REACH for e in sided)

    def cost(self, a: GridPoint, b: GridPoint, turned: bool) -> float | None:
        """Cost of one module, or ``None`` where it may not go."""
        board = self.board
        flat = a[1] == b[1]
        total = 1.0
        on_edge = board.edges.get(_edge(a, b))
        if on_edge:
            if not on_edge <= self.mates or not self.near_pin(b):
                return None
            total += SHARED
        foreign_corner = board.corners.get(b)
        ends = (self.start.point, self.goal.point)
        if foreign_corner and b not in ends and not foreign_corner <= self.mates:
            return None
        across = (board.vertical if flat else board.horizontal).get(b)
        if across and b not in ends and not across <= self.mates:
            total += CROSSING
        if b in board.beside and b not in ends:
            total += BESIDE_SYMBOL
        dx, dy = (0, 1) if flat else (1, 0)
        along = board.horizontal if flat else board.vertical
        if (b[0] + dx, b[1] + dy) in along or (b[0] - dx, b[1] - dy) in along:
            total += BESIDE_CONDUCTOR
        if turned:
            total += TURN
            standing = (board.horizontal.get(a, set()) | board.vertical.get(a, set())) - self.mates
            if standing and a not in ends:
                return None  # a corner on another conductor would read as a joint
        return total


def _allowed_start(end: End) -> list[int]:
    if not end.side:
        return [0, 1, 2, 3]
    return [_DIRECTIONS.index(OUTWARD[end.side])]


def _search(search: _Search) -> list[GridPoint] | None:
    start, goal = search.start, search.goal
    arrivals = {_DIRECTIONS.index((-OUTWARD[goal.side][0], -OUTWARD[goal.side][1]))} if goal.side else {0, 1, 2, 3}
    frontier: list[tuple[float, float, GridPoint, int]] = []
    best: dict[tuple[GridPoint, int], float] = {}
    came: dict[tuple[GridPoint, int], tuple[GridPoint, int]] = {}
    for direction in _allowed_start(start):
        best[(start.point, direction)] = 0.0
        heapq.heappush(frontier, (0.0, 0.0, start.point, direction))
    while frontier:
        _, spent, point, direction = heapq.heappop(frontier)
        if spent > best.get((point, direction), float("inf")):
            continue
        if point == goal.point and direction in arrivals and spent > 0:
            return _trace(came, (point, direction))
        for turn, (dx, dy) in enumerate(_DIRECTIONS):
            if (turn - direction) % 4 == 2 or (turn != direction and point == start.point):
                continue
            following = (point[0] + dx, point[1] + dy)
            if not search.passable(following):
                continue
            step = search.cost(point, following, turn != direction)
            if step is None:
                continue
            total = spent + step
            if total >= best.get((following, turn), float("inf")) - 1e-9:
                continue
            best[(following, turn)] = total
            came[(following, turn)] = (point, direction)
            left = abs(goal.x - following[0]) + abs(goal.y - following[1])
            bend = TURN if goal.x != following[0] and goal.y != following[1] else 0.0
            heapq.heappush(frontier, (total + left + bend, total, following, turn))
    return None


def _trace(came: dict[tuple[GridPoint, int], tuple[GridPoint, int]], at: tuple[GridPoint, int]) -> list[GridPoint]:
    path = [at[0]]
    while at in came:
        at = came[at]
        path.append(at[0])
    return path[::-1]


def route(board: Board, start: End, goal: End, mates: set[str], via: Sequence[GridPoint] = ()) -> tuple[GridPoint, ...]:
    """Corners of the best way from ``start`` to ``goal`` through the points ``via``, in order.

    ``mates`` are the names of conductors already laid that end on the same pin. Raises :class:`Unroutable`.
    """
    stops = [start, *(End(x, y) for x, y in via), goal]
    path: list[GridPoint] = []
    for a, b in itertools.pairwise(stops):
        found = None
        for reach in (10, max(board.width, board.height)):
            region = Box(
                max(0, min(a.x, b.x) - reach),
                max(0, min(a.y, b.y) - reach),
                min(board.width, max(a.x, b.x) + reach),
                min(board.height, max(a.y, b.y) + reach),
            )
            found = _search(_Search(board, a, b, mates, region))
            if found:
                break
        if not found:
            raise Unroutable(f"no free way from {a.point} to {b.point}")
        path.extend(found)
    return simplified(path)
