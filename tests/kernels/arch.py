"""What differs between processors: how the machine is asked for, what Debian calls it, where its console is."""
import os
import platform
from collections import namedtuple

# debian    the name in package names
# qemu      the emulator, and the Debian package that has it
# machine   its arguments for a machine of this kind
# cpu       the processor with everything that there is, emulated or not, but what only some machines are to have
# words     for the kernel: its name of the serial line; and that a timer which is late, because the machine that
#           emulates it is busy, is a timer all the same
Arch = namedtuple('Arch', 'name debian qemu package machine cpu words')

ARCHES = {arch.name: arch for arch in (
    Arch('x86_64', 'amd64', 'qemu-system-x86_64', 'qemu-system-x86', ['-machine', 'q35'], 'max,arch-capabilities=off,la57=off',
         'console=ttyS0 no_timer_check'),
)}


def of_this_machine():
    """None where nobody has written down what a machine of this kind needs."""
    return ARCHES.get(platform.machine())


def may_have_kvm(arch):
    return arch.name == platform.machine() and os.access('/dev/kvm', os.R_OK | os.W_OK)
