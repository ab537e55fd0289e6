"""layout.py: how the library's structures lie in memory, as the library says it (src/vm/book/booklayout.h).

Known beforehand are only the first words of that description and of the ring of calls; all else is looked up by name, so
that a library with other structures is read rightly, and one that cannot be read is refused.
"""
import struct

import gdb

BOOK_MAGIC, BOOK_VERSION = 0x796c6b6f6f626d77, 1
RING_MAGIC, RING_VERSION = 0x676e697263616d77, 1
MOST_ROWS = 1024


class Unreadable(gdb.GdbError):
    """Something that the user is told, and no trace of Python."""


def read(address, length):
    try:
        return bytes(gdb.selected_inferior().read_memory(address, length))
    except gdb.MemoryError:
        raise Unreadable(f'the memory at {address:#x} is not there: it was not written to the core file, '
                         'or the process has not got so far')


def number(address, width):
    return int.from_bytes(read(address, width), 'little')


def address_of(symbol):
    if gdb.selected_inferior().pid == 0:
        raise Unreadable('there is no process and no core file')
    try:
        return int(gdb.parse_and_eval(f'(unsigned long)&{symbol}'))
    except gdb.error:
        raise Unreadable(f'there is no {symbol} here: the program does not use winmem, the library is not loaded yet, or a '
                         'static program has been stripped of its symbols')


def header(symbol, magic, version, what):
    """The words behind magic and version, which are the right ones."""
    at = address_of(symbol)
    found, number_of = struct.unpack('<QI', read(at, 12))
    if found != magic:
        raise Unreadable(f'{symbol} does not describe {what}: is the library in the core file another one than on the disk?')
    if number_of != version:
        raise Unreadable(f'the library describes {what} in version {number_of}, and these commands know {version}')
    return at


class Layout:
    """Numbers by their names: layout['extent.start']."""

    def __init__(self):
        at = header('wm_book_layout', BOOK_MAGIC, BOOK_VERSION, 'its book')
        count, self.space = struct.unpack('<IQ', read(at + 12, 12))
        if count > MOST_ROWS:
            raise Unreadable('the description of the book makes no sense')
        rows = struct.iter_unpack('<24sQ', read(at + 24, 32 * count))
        self.numbers = {name.rstrip(b'\0').decode('ascii', 'replace'): value for name, value in rows}

    def __getitem__(self, name):
        if name not in self.numbers:
            raise Unreadable(f'the library does not say where {name} is: it is another version than these commands')
        return self.numbers[name]
