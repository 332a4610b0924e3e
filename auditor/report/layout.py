"""A layered layout of a directed graph: children on the left, ancestors to the right. Pure geometry, deterministic.

The steps are Sugiyama's: break cycles, assign layers by the longest path, order each layer by the mean place of its
neighbors, then settle heights. Layers that would be too tall are wrapped into several columns, whose edges run in
the gaps between the rows.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

WIDTH, HEIGHT = 232.0, 62.0  # of a box, in pixels
ROW, COLUMN, LAYER = 22.0, 28.0, 150.0  # gaps: between rows, columns of one layer, and layers
_MARGIN = 16.0
_TALLEST = 16  # boxes in a column before a layer is wrapped, in a small graph
_BENDS = 6000  # bends that keep long edges clear of boxes; beyond that many they run straight
_SWEEPS = 8

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Where things are, in pixels: the top left corner of each box, and the points of each edge, child first."""

    boxes: tuple[Point, ...]
    routes: tuple[tuple[Point, ...], ...]
    width: float
    height: float


@dataclass(slots=True)
class _Item:
    """A box, or the place where a long edge passes a layer."""

    layer: int
    box: bool = True
    y: float = 0.0  # its middle
    column: int = 0
    near: tuple[list[int], list[int]] = field(default_factory=lambda: ([], []))  # items in the layer before and after


def layout(count: int, edges: Sequence[tuple[int, int]]) -> Drawing:
    """Places for `count` boxes joined by (child, parent) edges; any graph will do, cycles and loops too."""
    layers = _layers(count, edges)
    items = [_Item(layer) for layer in layers]
    chains = _chains(items, edges)
    rows: list[list[int]] = [[] for _ in range(max((i.layer for i in items), default=0) + 1)]
    for number, item in enumerate(items):
        rows[item.layer].append(number)
    tallest = max(_TALLEST, round(math.sqrt(2.1 * count)))
    _order(items, rows)
    widths = [_columns(items, row, tallest) for row in rows]
    _settle(items, rows, widths)
    return _drawn(items, count, chains, widths)


def _layers(count: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """The layer of each node: the longest way to it from something that nothing descends from."""
    up: list[list[int]] = [[] for _ in range(count)]
    has_child = [False] * count
    for child, parent in edges:
        if child != parent:
            up[child].append(parent)
            has_child[parent] = True
    state, done = [0] * count, []
    back: set[tuple[int, int]] = set()
    for start in sorted(range(count), key=lambda n: has_child[n]):
        todo = [(start, 0)]
        while todo:  # no recursion: a lineage may be deeper than Python's stack
            node, step = todo.pop()
            if step == 0:
                if state[node]:
                    continue
                state[node] = 1
            while step < len(up[node]) and state[up[node][step]]:
                if state[up[node][step]] == 1:
                    back.add((node, up[node][step]))
                step += 1
            if step < len(up[node]):
                todo += [(node, step + 1), (up[node][step], 0)]
            else:
                state[node] = 2
                done.append(node)
    layers = [0] * count
    for node in reversed(done):
        for parent in up[node]:
            if (node, parent) not in back:
                layers[parent] = max(layers[parent], layers[node] + 1)
    return layers


def _chains(items: list[_Item], edges: Sequence[tuple[int, int]]) -> list[list[int]]:
    """The items along each edge. Long edges get an item in every layer that they pass, unless there are too many."""
    bends = sum(max(abs(items[a].layer - items[b].layer) - 1, 0) for a, b in edges)
    chains = []
    for child, parent in edges:
        low, high = sorted((child, parent), key=lambda n: items[n].layer)
        between = []
        if bends <= _BENDS:
            for layer in range(items[low].layer + 1, items[high].layer):
                between.append(len(items))
                items.append(_Item(layer, box=False))
        chain = [low, *between, high]
        for left, right in itertools.pairwise(chain):
            if items[left].layer < items[right].layer:
                items[left].near[1].append(right)
                items[right].near[0].append(left)
        chains.append(chain if low == child else chain[::-1])
    return chains


def _order(items: list[_Item], rows: list[list[int]]) -> None:
    """Sort each layer by the mean place of its neighbors, to and fro; few crossings are left."""
    place = {number: index / max(len(row), 1) for row in rows for index, number in enumerate(row)}
    for sweep in range(_SWEEPS):
        side = sweep % 2
        for row in reversed(rows) if side else rows:
            row.sort(key=lambda n: _mean([place[m] for m in items[n].near[side]], place[n]))
            place.update((number, index / len(row)) for index, number in enumerate(row))


def _columns(items: list[_Item], row: list[int], tallest: int) -> int:
    """Into how many columns a layer is wrapped; sets each box's column and a first height."""
    boxes = [n for n in row if items[n].box]
    columns = max(math.ceil(len(boxes) / tallest), 1)
    if columns > 1:
        height = math.ceil(len(boxes) / columns)
        for index, number in enumerate(boxes):
            items[number].column = index % columns
            items[number].y = (index // columns - (height - 1) / 2) * (HEIGHT + ROW)
    else:
        wanted = [0.0] * len(row)
        _spread(items, row, wanted)
    return columns


def _settle(items: list[_Item], rows: list[list[int]], widths: list[int]) -> None:
    """Move boxes toward their neighbors' height, as far as the order within the layer allows."""
    for sweep in range(_SWEEPS):
        for row, columns in (
            zip(rows, widths, strict=True) if sweep % 2 else reversed(list(zip(rows, widths, strict=True)))
        ):
            wanted = [_mean([items[m].y for side in items[n].near for m in side], items[n].y) for n in row]
            if columns == 1:
                _spread(items, row, wanted)
            else:
                for number, y in zip(row, wanted, strict=True):
                    if not items[number].box:
                        items[number].y = _channel(items, row, y)


def _channel(items: list[_Item], row: list[int], y: float) -> float:
    """The gap between rows that is nearest to `y`, in a wrapped layer."""
    first = next(items[n].y for n in row if items[n].box)
    pitch = HEIGHT + ROW
    return first + (round((y - first) / pitch - 0.5) + 0.5) * pitch


def _spread(items: list[_Item], row: list[int], wanted: list[float]) -> None:
    """Heights nearest to the wanted ones that keep order and distance (isotonic regression, pooling neighbors)."""
    offsets, offset = [], 0.0
    for index, number in enumerate(row):
        if index:
            offset += ROW + HEIGHT * (items[number].box + items[row[index - 1]].box) / 2
        offsets.append(offset)
    blocks: list[list[float]] = []  # sum, members
    for want, moved in zip(wanted, offsets, strict=True):
        blocks.append([want - moved, 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] >= blocks[-1][0] / blocks[-1][1]:
            total, members = blocks.pop()
            blocks[-1][0] += total
            blocks[-1][1] += members
    means = [total / members for total, members in blocks for _ in range(int(members))]
    for number, mean, moved in zip(row, means, offsets, strict=True):
        items[number].y = mean + moved


def _drawn(items: list[_Item], count: int, chains: list[list[int]], widths: list[int]) -> Drawing:
    lefts, x = [], _MARGIN
    for columns in widths:
        lefts.append(x)
        x += columns * (WIDTH + COLUMN) - COLUMN + LAYER
    rights = [left + columns * (WIDTH + COLUMN) - COLUMN for left, columns in zip(lefts, widths, strict=True)]
    top = min((i.y for i in items), default=0) - HEIGHT / 2 - ROW - _MARGIN
    bottom = max((i.y for i in items), default=0) + HEIGHT / 2 + ROW + _MARGIN
    for item in items:
        item.y -= top
    boxes = tuple((lefts[i.layer] + i.column * (WIDTH + COLUMN), i.y - HEIGHT / 2) for i in items[:count])
    routes = tuple(_route(items, boxes, chain, lefts, rights) for chain in chains)
    return Drawing(boxes, routes, x - LAYER + _MARGIN, bottom - top)


def _route(
    items: list[_Item], boxes: Sequence[Point], chain: list[int], lefts: list[float], rights: list[float]
) -> tuple[Point, ...]:
    """The points of an edge: out of one box, past the layers between, into the other."""
    forward = items[chain[0]].layer <= items[chain[-1]].layer
    low, *between, high = chain if forward else chain[::-1]
    points = [(boxes[low][0] + WIDTH, items[low].y)]
    if boxes[low][0] + WIDTH < rights[items[low].layer]:  # other columns stand before the layer's end: go around them
        gap = items[low].y - (HEIGHT + ROW) / 2
        points += [(boxes[low][0] + WIDTH + COLUMN / 2, gap), (rights[items[low].layer], gap)]
    for number in between:
        layer, y = items[number].layer, items[number].y
        points += [(lefts[layer], y), (rights[layer], y)]
    if boxes[high][0] > lefts[items[high].layer]:
        gap = items[high].y - (HEIGHT + ROW) / 2
        points += [(lefts[items[high].layer], gap), (boxes[high][0] - COLUMN / 2, gap)]
    points.append((boxes[high][0], items[high].y))
    return tuple(points if forward else points[::-1])


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
