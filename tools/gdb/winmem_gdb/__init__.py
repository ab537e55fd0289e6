"""winmem_gdb: the book of a process, and its last calls, for people who debug it.

Everything is read from memory, so that a core file will do, and no function of the program is called. What the library's
structures look like the library says itself (layout.py): no debug information is needed.
"""
from . import commands, printers


def register():
    commands.register()
    printers.register()
