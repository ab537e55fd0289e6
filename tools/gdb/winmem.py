"""winmem.py: commands of gdb for programs that use winmem. gdb finds it by itself where the library is installed with the
system's prefix; elsewhere: source /prefix/share/winmem/gdb/winmem.py"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import winmem_gdb  # noqa: E402

winmem_gdb.register()
