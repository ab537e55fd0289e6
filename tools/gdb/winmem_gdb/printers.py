"""printers.py: structures of the Windows interface, as print shows them."""
import gdb
import gdb.printing

from . import words


class BasicInformation:
    """MEMORY_BASIC_INFORMATION, and those with fixed widths."""

    def __init__(self, value):
        self.value = value

    def to_string(self):
        start, count = int(self.value['BaseAddress']), int(self.value['RegionSize'])
        state = words.named(words.STATES, int(self.value['State']))
        text = f'{start:#x} - {start + count:#x} ({words.size(count)}) {state}'
        if state == 'MEM_FREE':
            return text
        if state == 'MEM_COMMIT':
            text += f' {words.protection(int(self.value["Protect"]))}'
        return (f'{text} {words.named(words.TYPES, int(self.value["Type"]))}, of {int(self.value["AllocationBase"]):#x} '
                f'allocated {words.protection(int(self.value["AllocationProtect"]))}')


class RegionInformation:
    """WIN32_MEMORY_REGION_INFORMATION."""

    FLAGS = 'Private', 'MappedDataFile', 'MappedImage', 'MappedPageFile', 'MappedPhysical', 'DirectMapped'

    def __init__(self, value):
        self.value = value

    def to_string(self):
        start, count = int(self.value['AllocationBase']), int(self.value['RegionSize'])
        bits = int(self.value['Flags'])
        kinds = [name for i, name in enumerate(self.FLAGS) if bits >> i & 1]
        return (f'{start:#x} - {start + count:#x} ({words.size(count)}) {"+".join(kinds) or "-"}, committed '
                f'{words.size(int(self.value["CommitSize"]))}, allocated '
                f'{words.protection(int(self.value["AllocationProtect"]))}')


class RangeEntry:
    """WIN32_MEMORY_RANGE_ENTRY."""

    def __init__(self, value):
        self.value = value

    def to_string(self):
        start, count = int(self.value['VirtualAddress']), int(self.value['NumberOfBytes'])
        return f'{start:#x} - {start + count:#x} ({words.size(count)})'


def register():
    printers = gdb.printing.RegexpCollectionPrettyPrinter('winmem')
    printers.add_printer('basic information', r'^_?MEMORY_BASIC_INFORMATION(32|64)?$', BasicInformation)
    printers.add_printer('region information', r'^_?WIN32_MEMORY_REGION_INFORMATION$', RegionInformation)
    printers.add_printer('range entry', r'^_?WIN32_MEMORY_RANGE_ENTRY$', RangeEntry)
    gdb.printing.register_pretty_printer(None, printers, replace=True)
