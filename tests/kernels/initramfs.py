"""An initramfs with programs, the libraries they need, and busybox: what a kernel runs without a disk or a module.

Everything stands where it stands on this machine, so what the build has compiled in (paths of the library and of
other programs) is true there. It is made without root's rights and without cpio.
"""
import os
import re
import stat
import subprocess

ALIGN = 4


class Archive:
    """cpio's "newc" format, as the kernel reads it: a header of hexadecimal numbers, a name, contents."""

    def __init__(self, path):
        self.file = open(path, 'wb')
        self.there = set()

    def entry(self, name, mode, contents=b''):
        fields = [len(self.there) + 1, mode, 0, 0, 1, 0, len(contents), 0, 0, 0, 0, len(name) + 1, 0]
        header = '070701' + ''.join(f'{field:08x}' for field in fields)
        self.padded(header.encode() + name.encode() + b'\0')
        self.padded(contents)
        self.there.add(name)

    def padded(self, data):
        self.file.write(data + b'\0' * (-len(data) % ALIGN))

    def directory(self, path, mode=0o755):
        name = path.strip('/')
        if not name or name in self.there:
            return
        self.directory(os.path.dirname('/' + name))
        self.entry(name, stat.S_IFDIR | mode)

    def text(self, path, contents, mode=0o644):
        self.directory(os.path.dirname(path))
        if path.strip('/') not in self.there:
            self.entry(path.strip('/'), stat.S_IFREG | mode, contents)

    def link(self, path, target):
        self.directory(os.path.dirname(path))
        if path.strip('/') not in self.there:
            self.entry(path.strip('/'), stat.S_IFLNK | 0o777, target.encode())

    def close(self):
        self.entry('TRAILER!!!', 0)
        self.file.close()


def needed_by(path):
    """What an ELF file names: the libraries and the loader."""
    said = subprocess.run(['readelf', '-ldW', path], capture_output=True, text=True, check=False).stdout
    return re.findall(r'\(NEEDED\).*\[(.*)\]', said) + re.findall(r'interpreter: (\S+)\]', said)


def libraries_of(programs, sysroot=''):
    """The libraries and the loader that these programs name: by the system's own loader, or of another machine's files."""
    if not sysroot:
        said = subprocess.run(['ldd'] + sorted(programs), capture_output=True, text=True, check=False).stdout
        return set(re.findall(r'(?:=> |^\t)(/\S+) \(0x', said, re.M))
    found, left = set(), set(programs)
    while left:
        names = {os.path.basename(name) for name in needed_by(left.pop())}
        new = {path for path in (os.path.join(sysroot, 'lib', name) for name in names) if os.path.exists(path)} - found
        found |= new
        left |= new
    return found


def is_elf(path):
    with open(path, 'rb') as file:
        return file.read(4) == b'\x7fELF'


def stripped(path, place, strip):
    """A copy without what only a debugger reads, made anew when the program has changed."""
    copy = os.path.join(place, path.strip('/').replace('/', '_'))
    if not os.path.exists(copy) or os.stat(copy).st_mtime < os.stat(path).st_mtime:
        if subprocess.run([strip, '-g', '-o', copy, path], capture_output=True, check=False).returncode != 0:
            return path
    return copy


def add_programs(archive, programs, place, arch):
    """With the libraries; where a test looks for a program by a path with links in it, it finds it."""
    os.makedirs(place, exist_ok=True)
    strip = arch.gcc.replace('gcc', 'strip')
    for path in sorted(programs | libraries_of(programs, arch.sysroot)):
        there = path[len(arch.sysroot):] if arch.sysroot and path.startswith(arch.sysroot + '/') else path
        with open(stripped(path, place, strip) if is_elf(path) else path, 'rb') as file:
            archive.text(there, file.read(), 0o755)
