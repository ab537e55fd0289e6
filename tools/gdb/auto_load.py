"""What gdb finds beside the name of the library (auto-load): it only leads to share/winmem/gdb, wherever share is."""
import os
import runpy

share = os.path.abspath(__file__).split('/gdb/auto-load/')[0]
runpy.run_path(os.path.join(share, 'winmem', 'gdb', 'winmem.py'))
