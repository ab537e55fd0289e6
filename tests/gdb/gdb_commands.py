"""gdb_commands.py <gdb> <target> <library> <tools/gdb>: what the commands of gdb say of a process and of its core file is
what VirtualQuery says in the process itself; with a library without symbols and debug information; and what they say where
they cannot know."""
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import unittest

gdb, target, library, tools = sys.argv[1:5]
PROTECTIONS = {'-': 0, 'NOACCESS': 1, 'READONLY': 2, 'READWRITE': 4, 'EXECUTE_READ': 0x20, 'READWRITE+GUARD': 0x104}


def debug(*commands, core=None, before=(), environment=None):
    line = [gdb, '-q', '-batch', '-nx', '-iex', 'set debuginfod enabled off', *before]
    for command in commands:
        line += ['-ex', command]
    line += [target] + ([core] if core else [])
    clean = {name: value for name, value in os.environ.items() if not name.startswith('WINMEM_')}
    result = subprocess.run(line, env={**clean, 'LD_LIBRARY_PATH': here.stripped, **(environment or {})}, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=40)
    return result.stdout


def load(path=None):
    return f'source {path or tools}/winmem.py'


def expected(said):
    return sorted(tuple(line.split()[1:]) for line in said.splitlines() if line.startswith('EXPECT '))


def told(said):
    rows = re.findall(r'^ *([0-9a-f]{6,}) +([0-9a-f]{6,}) +\S+ +(commit|reserve|placeholder) +(\S+) +(private|mapped) +'
                      r'0x([0-9a-f]+)', said, re.M)
    return sorted((start, end, 'commit' if state == 'commit' else 'reserve', f'{PROTECTIONS[protect]:x}', kind, base)
                  for start, end, state, protect, kind, base in rows)


class Here:
    """A folder with a library that was stripped, and a core file of the target, or why there is none."""

    def __init__(self):
        self.folder = tempfile.mkdtemp()
        self.stripped = os.path.join(self.folder, 'lib')
        os.mkdir(self.stripped)
        subprocess.run(['strip', '-s', '-o', os.path.join(self.stripped, 'libwinmem.so.0'), library], check=True)
        self.core = self.said = None

    def make_core(self):
        with open('/proc/sys/kernel/core_pattern', encoding='ascii') as file:
            if file.read(1) in '|/':
                return 'core files do not go to the folder of the process here'
        def limits():
            resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)
            resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))      # the kernel takes seconds for more

        result = subprocess.run([target], preexec_fn=limits, cwd=self.folder, env={**os.environ, 'LD_LIBRARY_PATH': self.stripped, 'WINMEM_TRACE': 'ring'},
                                capture_output=True, text=True, timeout=20)
        cores = [name for name in os.listdir(self.folder) if name.startswith('core')]
        if not cores:
            return 'no core file is written here'
        self.said, self.core = result.stdout, os.path.join(self.folder, cores[0])
        return None


def in_parts(commands, **how):
    """Several questions to one process: what gdb said to each, by its name."""
    line = [load()]
    for name, lines in commands.items():
        line += [f'echo @{name}@', *lines]
    parts = re.split(r'@(\w+)@', debug(*line, **how))
    return dict(zip(parts[1::2], parts[2::2]))


class Live(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.said = in_parts({'run': ['run'], 'regions': ['winmem regions'], 'frame': ['frame function stop'],
                             'address': ['winmem address entry.VirtualAddress + 20485', 'winmem address 4096'],
                             'one': ['winmem regions entry.VirtualAddress'],
                             'structures': ['print mbi', 'print *of', 'print whole', 'print entry'],
                             'calls': ['winmem last-calls 1000']}, environment={'WINMEM_TRACE': 'ring'})

    def test_regions_are_those_of_virtualquery(self):
        said = self.said['regions']
        self.assertGreater(len(expected(self.said['run'])), 10)
        self.assertEqual(told(said), expected(self.said['run']), said)
        self.assertRegex(said, r'placeholder .*')
        self.assertRegex(said, r'READWRITE\+GUARD .*, guard\n')
        self.assertRegex(said, r'private +0x[0-9a-f]+, watched\n')

    def test_an_address(self):
        said = self.said['address']
        self.assertRegex(said, r'is commit, private, READWRITE\+GUARD\n')
        self.assertRegex(said, r'4K, 0x5 into it\n  allocation .* 1M, 0x5005 into it, allocated NOACCESS\n')
        self.assertIn('0x1000 is in no allocation of winmem', said)
        self.assertIn('7 regions: 16 KiB committed, 1008 KiB reserved', self.said['one'])

    def test_structures(self):
        said = self.said['structures']
        self.assertEqual(len(re.findall(r'= 0x\w+ - 0x\w+ \(4K\) MEM_COMMIT READWRITE MEM_PRIVATE, of 0x\w+ '
                                        r'allocated NOACCESS', said)), 2, said)
        self.assertRegex(said, r'= 0x\w+ - 0x\w+ \(1M\) -, committed 16K, allocated NOACCESS')
        self.assertRegex(said, r'= 0x\w+ - 0x\w+ \(4K\)\n')

    def test_last_calls(self):
        lines = re.findall(r'^ *(\d+) \[\d+\] (.*)$', self.said['calls'], re.M)
        self.assertEqual(len(lines), 256, self.said['calls'])
        self.assertTrue(lines[-1][1].startswith('QueryVirtualMemoryInformation('), lines[-1])
        self.assertRegex(lines[0][1], r'^VirtualFree\(0x\w+, 0x1267, MEM_RELEASE\) = failed, 87 ')
        self.assertEqual([int(number) for number, _ in lines], list(range(int(lines[0][0]), int(lines[0][0]) + 256)))


class Refusals(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        version, name = '((int *)&wm_book_layout)[2]', '((char *)&wm_book_layout)[25]'
        height = 'layout.space + layout["space.map"] + layout["tree.height"]'
        cls.said = in_parts({'nothing': ['winmem regions'], 'run': ['run'], 'calls': ['winmem last-calls'],
                             'version': [f'set var {version} = 99', 'winmem regions', f'set var {version} = 1'],
                             'field': [f'set var {name} = 0x58', 'winmem regions', f'set var {name} = 0x70'],
                             'whole': ['winmem regions'],
                             'nonsense': ['python from winmem_gdb.layout import Layout; layout = Layout()',
                                          f'python gdb.selected_inferior().write_memory({height}, b"\\x63")',
                                          'winmem regions']})

    def test_without_a_process(self):
        self.assertIn('there is no process and no core file', self.said['nothing'])

    def test_what_was_not_kept(self):
        self.assertIn('start the program with WINMEM_TRACE=ring', self.said['calls'])

    def test_another_version(self):
        self.assertIn('describes its book in version 99, and these commands know 1', self.said['version'])
        self.assertNotIn('regions:', self.said['version'])

    def test_a_field_that_is_missing(self):
        self.assertIn('does not say where space.sequence is', self.said['field'])
        self.assertIn('regions:', self.said['whole'])

    def test_a_book_that_makes_no_sense(self):
        self.assertIn('the book makes no sense', self.said['nonsense'])


class Probes(unittest.TestCase):
    """What tracers are told is what the program did: gdb stops at the probes, as bpftrace does."""

    def test_arguments(self):
        stops = []
        for probe in 'reserve', 'commit', 'release':
            stops += [f'tbreak -probe-stap winmem:{probe}', 'continue' if stops else 'run',
                      'output $_probe_arg1', 'echo |', 'output/x $_probe_arg2', 'echo |', 'output $_probe_arg3', 'echo @\\n']
        said = debug('set breakpoint pending on', *stops)
        if 'No probe matching' in said and 'Temporary breakpoint 1,' not in said:
            self.skipTest('the library was built without probes')
        self.assertEqual(re.findall(r'(\d+\|0x\w+\|\d+)@', said), ['1048576|0x1|0', '4096|0x4|0', '0|0x0|487'], said)


class Core(unittest.TestCase):
    def test_a_core_file_says_the_same(self):
        reason = here.make_core()
        if reason:
            self.skipTest(reason)
        said = debug(load(), 'winmem regions', 'winmem last-calls 2', core=here.core)
        self.assertEqual(told(said), expected(here.said), said)
        self.assertIn('QueryVirtualMemoryInformation(', said)
        self.assertLess(os.stat(here.core).st_blocks * 512, 64 << 20)


class AutoLoad(unittest.TestCase):
    def test_gdb_finds_it_by_the_name_of_the_library(self):
        share = os.path.join(here.folder, 'share')
        beside = os.path.join(share, 'gdb/auto-load') + os.path.realpath(here.stripped)
        os.makedirs(beside)
        os.makedirs(os.path.join(share, 'winmem'))
        shutil.copy(os.path.join(tools, 'auto_load.py'), os.path.join(beside, 'libwinmem.so.0-gdb.py'))
        shutil.copytree(tools, os.path.join(share, 'winmem/gdb'))
        said = debug('run', 'winmem regions', before=['-iex', f'set auto-load scripts-directory {share}/gdb/auto-load', '-iex',
                                                      'set auto-load safe-path /'])
        self.assertEqual(told(said), expected(said), said)


if __name__ == '__main__':
    here = Here()
    try:
        unittest.main(argv=sys.argv[:1])
    finally:
        shutil.rmtree(here.folder)
