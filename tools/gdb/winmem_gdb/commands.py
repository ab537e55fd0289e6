"""commands.py: winmem regions, winmem address, winmem last-calls."""
import struct

import gdb

from . import words
from .book import Book
from .layout import RING_MAGIC, RING_VERSION, Unreadable, header, read

HEADING = f'{"START":>14} {"END":>14} {"SIZE":>8}  {"STATE":11} {"PROTECT":24} {"TYPE":8} ALLOCATION'


class Region:
    """Some pages of an allocation, in the words of VirtualQuery."""

    def __init__(self, book, extent, start, end, state):
        layout = book.layout
        self.extent, self.start, self.end = extent, start, end
        self.protect = state & (layout['page.protect'] | layout['page.guard'])
        placeholder = extent.kind == layout['kind.placeholder']
        self.type = 'mapped' if extent.kind == layout['kind.view'] else 'private'
        committed = state & layout['page.protect'] and not placeholder
        self.state = 'placeholder' if placeholder else 'commit' if committed else 'reserve'
        if self.state != 'commit':
            self.protect = 0
        self.notes = [name for name in ('guard', 'locked', 'offered') if state & layout[f'page.{name}']]
        self.notes += [name for name in ('watched', 'large', 'physical') if extent.traits & layout[f'trait.{name}']
                       and (self.type == 'private' or name == 'large')]
        if self.type == 'mapped':
            self.notes += ['file'] if extent.traits & layout['trait.file'] else []
            if extent.traits & (layout['trait.piecewise'] | layout['trait.overhanging']):
                self.notes.append('its section says what is committed')

    def line(self):
        notes = ', '.join([f'{self.extent.start:#x}'] + self.notes)
        return (f'{self.start:14x} {self.end:14x} {words.size(self.end - self.start):>8}  {self.state:11} '
                f'{words.protection(self.protect):24} {self.type:8} {notes}')


    def goes_on(self, other):
        """The book tells pages apart that look the same to VirtualQuery."""
        return (self.extent is other.extent and self.end == other.start and
                (self.state, self.protect, self.notes) == (other.state, other.protect, other.notes))


def regions_of(book):
    last = None
    for found in book.regions():
        region = Region(book, *found)
        if last is not None and last.goes_on(region):
            last.end = region.end
            continue
        if last is not None:
            yield last
        last = region
    if last is not None:
        yield last


def warn_of_changes(book):
    if book.changing:
        print('The process was stopped while it changed its book: what follows may not be whole.')


class Prefix(gdb.Command):
    """Memory that winmem manages: its regions, what lies at an address, the last calls."""

    def __init__(self):
        super().__init__('winmem', gdb.COMMAND_DATA, prefix=True)


class Regions(gdb.Command):
    """winmem regions [ADDRESS]: allocations, placeholders and views of winmem, each run of pages that are alike; with an
address those of its allocation only.

STATE and PROTECT are those of VirtualQuery; behind the base of the allocation stands what is special about it."""

    def __init__(self):
        super().__init__('winmem regions', gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        book = Book()
        at = int(gdb.parse_and_eval(argument)) if argument else None
        count = reserved = committed = 0
        warn_of_changes(book)
        print(HEADING)
        for region in regions_of(book):
            if at is not None and not region.extent.start <= at < region.extent.end:
                continue
            print(region.line())
            count += 1
            if region.state == 'commit':
                committed += region.end - region.start
            else:
                reserved += region.end - region.start
        print(f'{count} regions: {committed // 1024} KiB committed, {reserved // 1024} KiB reserved')


class Address(gdb.Command):
    """winmem address ADDRESS: the region and the allocation that an address, or any expression, lies in."""

    def __init__(self):
        super().__init__('winmem address', gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        if not argument:
            raise gdb.GdbError('which address?')
        at = int(gdb.parse_and_eval(argument).cast(gdb.lookup_type('unsigned long')))
        book = Book()
        warn_of_changes(book)
        for region in regions_of(book):
            if region.start <= at < region.end:
                self.tell(at, region)
                return
        print(f'{at:#x} is in no allocation of winmem: free, or somebody else\'s (info proc mappings, info files).')

    @staticmethod
    def tell(at, region):
        extent = region.extent
        print(f'{at:#x} is {region.state}, {region.type}, {words.protection(region.protect)}')
        print(f'  region      {region.start:#x} - {region.end:#x}, {words.size(region.end - region.start)}, '
              f'{at - region.start:#x} into it')
        print(f'  allocation  {extent.start:#x} - {extent.end:#x}, {words.size(extent.bytes)}, '
              f'{at - extent.start:#x} into it, allocated {words.protection(extent.protect)}')
        if region.notes:
            print(f'  it is       {", ".join(region.notes)}')
        if extent.node:
            print(f'  node        {extent.node - 1}')


class LastCalls(gdb.Command):
    """winmem last-calls [COUNT]: the last calls of winmem, the latest at the end (20, at most 256).

They are kept only if the program was started with WINMEM_TRACE=ring in its environment."""

    def __init__(self):
        super().__init__('winmem last-calls', gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        wanted = int(gdb.parse_and_eval(argument)) if argument else 20
        at = header('wm_trace_ring', RING_MAGIC, RING_VERSION, 'its last calls')
        places, line_bytes, _, given, lines = struct.unpack('<IIIQQ', read(at + 12, 28))
        if given == 0:
            raise Unreadable('nothing was kept: start the program with WINMEM_TRACE=ring in its environment')
        if not 0 < places <= 65536 or not 16 < line_bytes <= 4096:
            raise Unreadable('the ring of calls makes no sense')
        for number in range(max(1, given - min(wanted, places) + 1), given + 1):
            self.tell(number, read(lines + number % places * line_bytes, line_bytes))

    @staticmethod
    def tell(number, line):
        is_number, thread, length = struct.unpack('<QII', line[:16])
        text = line[16:16 + length].decode('utf-8', 'replace')
        text = ''.join(c if c.isprintable() else '?' for c in text)
        print(f'{number:6} [{thread}] {text}' if is_number == number else f'{number:6} (was being written)')


def register():
    for command in Prefix, Regions, Address, LastCalls:
        command()
