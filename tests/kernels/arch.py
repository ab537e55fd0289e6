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
# gcc       the compiler that builds for it here, by which its libraries are found; where they are another machine's, sysroot
#           is where they lie here and not there
Arch = namedtuple('Arch', 'name debian qemu package machine cpu words gcc sysroot', defaults=('gcc', ''))

ARCHES = {arch.name: arch for arch in (
    Arch('x86_64', 'amd64', 'qemu-system-x86_64', 'qemu-system-x86', ['-machine', 'q35'], 'max,arch-capabilities=off,la57=off',
         'console=ttyS0 no_timer_check'),
    # Without vectors of more than 128 bits: a thread that has those is not borrowed (docs/support.md).
    Arch('aarch64', 'arm64', 'qemu-system-aarch64', 'qemu-system-arm', ['-machine', 'virt'], 'cortex-a72', 'console=ttyAMA0',
         'aarch64-linux-gnu-gcc', '/usr/aarch64-linux-gnu'),
)}


def may_have_kvm(arch):
    return arch.name == platform.machine() and os.access('/dev/kvm', os.R_OK | os.W_OK)
