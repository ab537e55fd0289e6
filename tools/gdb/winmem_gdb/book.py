"""book.py: the book of the process that is looked at: extents and the states of their pages (src/core, src/base/btree.h).

A process that was stopped in the middle of a change, or a core file that is damaged, may show anything. So every index is
checked against its pool, depths and numbers are bounded, and keys must ascend: a walk ends, and says if it is not whole.
"""
from .layout import Layout, Unreadable, number, read


class Pool:
    def __init__(self, layout, at):
        self.items = number(at + layout['pool.items'], 8)
        self.bytes = number(at + layout['pool.item_bytes'], 4)
        self.ready = number(at + layout['pool.ready'], 4)

    def record(self, index):
        if not 0 < index < self.ready:
            raise Unreadable(f'the book makes no sense: record {index} of {self.ready}')
        return read(self.items + index * self.bytes, self.bytes)


class Tree:
    def __init__(self, layout, at, nodes):
        self.layout, self.nodes = layout, nodes
        self.root = number(at + layout['tree.root'], 4)
        self.height = number(at + layout['tree.height'], 4)
        self.value_bits, self.page_bits = layout['slot.value_bits'], layout['slot.page_bits']

    def slots(self, index):
        record = self.nodes.record(index)
        count_at, slot_at = self.layout['node.count'], self.layout['node.slot']
        count = int.from_bytes(record[count_at:count_at + 4], 'little')
        if count > self.layout['node.slots']:
            raise Unreadable('the book makes no sense: a node is too full')
        for i in range(count):
            slot = int.from_bytes(record[slot_at + 8 * i:slot_at + 8 * i + 8], 'little')
            yield slot >> self.value_bits << self.page_bits, slot & ((1 << self.value_bits) - 1)

    def entries(self):
        """(address, value), ascending."""
        if self.root == 0:
            return
        if not 0 < self.height <= self.layout['tree.depth']:
            raise Unreadable('the book makes no sense: its tree is too high')
        last = -1
        for key, value in self._below(self.root, self.height):
            if key <= last:
                raise Unreadable('the book makes no sense: addresses do not ascend')
            last = key
            yield key, value

    def _below(self, index, height):
        for key, value in self.slots(index):
            if height == 1:
                yield key, value
            else:
                yield from self._below(value, height - 1)


class Extent:
    """One allocation, placeholder, view or free stretch."""

    def __init__(self, layout, record):
        def field(name, width):
            at = layout[f'extent.{name}']
            return int.from_bytes(record[at:at + width], 'little')

        self.start, self.bytes = field('start', 8), field('bytes', 8)
        self.protect, self.state = field('protect', 2), field('state', 2)
        self.kind, self.flags = field('kind', 1) & 15, field('flags', 1) & 15
        self.node, self.traits = field('node', 1), field('traits', 1)
        self.end = self.start + self.bytes


class Book:
    def __init__(self):
        self.layout = layout = Layout()
        nodes = Pool(layout, layout.space + layout['space.nodes'])
        self.extents = Pool(layout, layout.space + layout['space.extents'])
        if self.extents.items == 0:
            raise Unreadable('this process has no book yet: it has not called winmem')
        self.map = Tree(layout, layout.space + layout['space.map'], nodes)
        self.runs = Tree(layout, layout.space + layout['space.runs'], nodes)
        self.changing = number(layout.space + layout['space.sequence'], 4) % 2 == 1

    def regions(self):
        """(extent, start, end, state) of all pages that are not free, ascending."""
        runs = iter(self.runs.entries())
        run, following = None, next(runs, None)
        for _, index in self.map.entries():
            extent = Extent(self.layout, self.extents.record(index))
            if extent.kind == self.layout['kind.free']:
                continue
            if not extent.flags & self.layout['flag.mixed']:
                yield extent, extent.start, extent.end, extent.state
                continue
            while following is not None and following[0] < extent.end:
                run, following = following, next(runs, None)
                end = min(extent.end, following[0]) if following is not None else extent.end
                if run[0] >= extent.start:
                    yield extent, run[0], end, run[1]
