"""maps_command.py <winmem-maps> <maps_target> <project>: what winmem-maps shows of a process whose memory is known, in every
form; of saved files, whole and broken; what has changed between two of them; and what it says where it cannot look."""
import csv
import fcntl
import io
import json
import os
import pty
import re
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unittest

program, target, project = sys.argv[1:4]
PAGE, KIB, MIB, TIB = 4096, 1 << 10, 1 << 20, 1 << 40

try:
    import jsonschema
except ImportError:
    jsonschema = None


def run(*arguments, env=None, **how):
    return subprocess.run([program, *map(str, arguments)], capture_output=True, timeout=30,
                          env={'PATH': os.environ['PATH'], **(env or {})}, **how)


class Target:
    """The program with known memory: pieces by name, each (address, bytes)."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen([target, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.pieces = {}
        self.read_until(b'ready')

    def read_until(self, word):
        for line in self.process.stdout:
            if line.strip() == word:
                return
            name, address, size = line.split()
            self.pieces[name.decode()] = int(address, 16), int(size)
        raise RuntimeError('the target has ended: ' + str(self.process.wait()))

    def tell(self, word, answer):
        self.process.stdin.write(word + b'\n')
        self.process.stdin.flush()
        self.read_until(answer)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(timeout=10)
        self.process.stdout.close()

    @property
    def pid(self):
        return self.process.pid


def lines(data):
    return [json.loads(line) for line in data.splitlines()]


def regions_of(pid_or_file, *arguments):
    result = run('--json', *arguments, pid_or_file)
    assert result.returncode == 0, result.stderr
    return lines(result.stdout)[1:-1]


def at(regions, address):
    for region in regions:
        start = int(region['start'], 16)
        if start <= address < start + region['bytes']:
            return region
    return None


class Known(unittest.TestCase):
    """Everything that one look at the target tells."""

    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory()
        cls.file = os.path.join(os.fsencode(cls.directory.name), b'a "b" <script>\n\x1b[31m\xff\\,=1')
        with open(cls.file, 'wb') as file:
            file.write(b'x')
        cls.target = Target(cls.file)
        cls.saved = os.path.join(cls.directory.name, 'saved')
        saving = run('--save', cls.saved, cls.target.pid)
        assert saving.returncode == 0 and saving.stderr == b'', saving.stderr
        with open(cls.saved, 'rb') as file:
            cls.head, *cls.regions, cls.end = lines(file.read())

    @classmethod
    def tearDownClass(cls):
        cls.target.__exit__()
        cls.directory.cleanup()

    def piece(self, name, offset=0):
        return at(self.regions, self.target.pieces[name][0] + offset)

    def expect(self, region, **members):
        self.assertEqual({name: region.get(name, 0) for name in members}, members, region)

    def test_no_gaps_and_an_end(self):
        expected = int(self.head['lowest'], 16)
        for region in self.regions:
            self.assertEqual(int(region['start'], 16), expected)
            expected += region['bytes']
        self.assertEqual(expected, int(self.head['highest'], 16) + 1)
        self.assertEqual(self.end, {'end': True, 'regions': len(self.regions)})

    def test_head(self):
        self.assertEqual((self.head['pid'], self.head['name'], self.head['book']),
                         (self.target.pid, 'cmd-maps_target', True))
        with open('/proc/sys/vm/max_map_count', encoding='ascii') as file:
            self.assertEqual(self.head['most_mappings'], int(file.read()))
        with open(f'/proc/{self.target.pid}/maps', 'rb') as file:
            self.assertEqual(self.head['mappings'], len(file.readlines()))
        self.assertGreater(self.head['system']['commit_limit'], 0)

    def test_schema(self):
        if jsonschema is None:
            self.skipTest('python3-jsonschema is missing')
        with open(os.path.join(project, 'cmd/maps/winmem-maps.schema.json'), encoding='utf-8') as file:
            validator = jsonschema.Draft7Validator(json.load(file))
        for line in [self.head, *self.regions, self.end]:
            validator.validate(line)

    def test_amounts_add_up(self):
        for region in self.regions:
            amount = {name: region.get(name, 0) for name in
                      ('resident', 'private', 'shared', 'locked', 'lazy', 'swapped')}
            self.assertEqual(amount['resident'], amount['private'] + amount['shared'])
            self.assertLessEqual(amount['resident'] + amount['lazy'] + amount['swapped'], region['bytes'])
            runs = re.findall(r'(\d*)([.rslwh])', region.get('pages', ''))
            if runs:
                self.assertEqual(sum(int(count or 1) for count, _ in runs) * PAGE, region['bytes'])
                there = sum(int(count or 1) for count, letter in runs if letter in 'rslh') * PAGE
                self.assertEqual(there, amount['resident'] + amount['lazy'])

    def test_reserved(self):
        self.expect(self.piece('reserved'), bytes=MIB, type='private', state='reserve', protect='',
                    allocation_protect='rw', resident=0)
        self.expect(self.piece('huge'), bytes=TIB, state='reserve', allocation_protect='-')

    def test_committed_in_a_reservation(self):
        base = hex(self.target.pieces['partial'][0])
        self.expect(self.piece('partial'), bytes=128 * KIB, state='reserve', allocation=base)
        self.expect(self.piece('committed'), bytes=8 * PAGE, state='commit', protect='rw', allocation=base,
                    resident=2 * PAGE, private=2 * PAGE, pages='.2r5.')

    def test_what_it_was_made_for(self):
        self.expect(self.piece('placeholder'), type='placeholder', state='reserve', bytes=256 * KIB)
        self.assertEqual(self.piece('watched')['is'], ['watched'])
        self.assertIn('awe', self.piece('window')['is'])
        self.assertNotIn('is', self.piece('reserved'))
        self.assertEqual({region['type'] for region in self.regions if region['start'] != self.piece('placeholder')['start']}
                         & {'placeholder', 'other'}, set())

    def test_guard(self):
        self.expect(self.piece('committed', 8 * PAGE), bytes=PAGE, protect='rwg', type='private', state='commit')

    def test_protections(self):
        self.expect(self.piece('small'), protect='r', bytes=PAGE)
        self.expect(self.piece('forbidden'), protect='-', state='commit')
        self.expect(self.piece('code'), protect='rwx')

    def test_slack(self):
        slack = self.piece('small', PAGE)
        self.expect(slack, type='slack', state='free', bytes=15 * PAGE)

    def test_section(self):
        self.expect(self.piece('section'), type='mapped', bytes=256 * KIB, shared=3 * PAGE, pages='3s61.')
        self.assertIn('section', self.piece('section')['is'])

    def test_locked(self):
        if 'not-locked' in self.target.pieces:
            self.skipTest('memory cannot be locked here')
        self.expect(self.piece('locked'), locked=4 * PAGE, resident=4 * PAGE, pages='4l12.')

    def test_image(self):
        with open(f'/proc/{self.target.pid}/maps', 'rb') as file:
            first = int(file.readline().split(b'-')[0], 16)
        region = at(self.regions, first)
        self.expect(region, type='image', file=os.path.realpath(target))

    def test_stack_and_heap(self):
        types = {region['type'] for region in self.regions}
        self.assertTrue({'stack', 'heap'} <= types, types)

    def test_stack_of_a_thread(self):
        self.expect(self.piece('thread'), type='stack', protect='rw', state='commit')

    def test_arena_of_malloc(self):
        region = self.piece('arena')
        if int(region['start'], 16) % (64 * MIB) != 0:
            self.skipTest('this malloc has no arenas of its own for threads')
        self.expect(region, type='heap', protect='rw')
        self.expect(at(self.regions, int(region['start'], 16) + region['bytes']), type='heap', state='reserve')

    def test_file_in_json(self):
        region = self.piece('file')
        name = os.fsdecode(os.path.dirname(self.file)) + '/a "b" <script>\n\x1b[31m\ufffd\\,=1'
        self.expect(region, type='mapped', file=name)
        self.assertEqual(region['is'], ['file'])

    def test_file_in_text(self):
        for form in (), ('--csv',):
            text = run(*form, '--wide', self.target.pid, env={'LC_ALL': 'C.UTF-8'}).stdout
            self.assertFalse(re.search(rb'[\x00-\x09\x0b-\x1f\x7f]', text))
            text.decode()
            self.assertIn(rb'<script>\x0a\x1b[31m\xff\\,=1', text)

    def test_csv(self):
        header, *rows = csv.reader(io.StringIO(run('--csv', self.saved).stdout.decode()))
        self.assertEqual(len(rows), len(self.regions))
        for row, region in zip(rows, self.regions):
            told = dict(zip(header, row))
            self.assertEqual(len(row), len(header))
            for name, value in region.items():
                if name not in ('is', 'file'):
                    self.assertEqual(told[name], str(value))

    def test_saved_is_json_again(self):
        with open(self.saved, 'rb') as file:
            self.assertEqual(run('--json', self.saved).stdout, file.read())

    def test_report_from_saved(self):
        text = run(self.saved).stdout.decode()
        self.assertRegex(text, r'^cmd-maps_target, process \d+, .*, uses winmem\n')
        self.assertRegex(text, r'\nguard +4K +4K ')
        self.assertRegex(text, r'\ntotal +1T ')
        self.assertRegex(text, r'\nlargest free block: ')
        self.assertRegex(text, r'\nmappings: \d+ of \d+\n')
        for region in self.regions:
            self.assertIn('\n' + region['start'], text)

    def test_table_sums(self):
        committed = sum(region['bytes'] for region in self.regions
                        if region['type'] == 'mapped' and region['state'] == 'commit')
        row = re.search(r'^mapped .*', run(self.saved).stdout.decode(), re.M).group().split()
        self.assertEqual(row[2], f'{committed // KIB}K' if committed < MIB else row[2])

    def test_narrow(self):
        for width in 1, 20, 40, 80, 200:
            for line in run(self.saved, env={'COLUMNS': str(width), 'LC_ALL': 'C.UTF-8'}).stdout.decode().splitlines():
                self.assertLessEqual(len(line), width)

    def test_sort(self):
        text = run('--sort=size', '--type=private', self.saved).stdout.decode()
        starts = re.findall(r'^(0x[0-9a-f]+)', text, re.M)
        sizes = [at(self.regions, int(start, 16))['bytes'] for start in starts]
        self.assertEqual(sizes, sorted(sizes, reverse=True))
        self.assertGreater(len(sizes), 5)

    def test_type(self):
        self.assertEqual({region['type'] for region in regions_of(self.saved, '--type=mapped,stack')},
                         {'mapped', 'stack'})
        guards = regions_of(self.saved, '--type=guard')
        self.assertEqual([region['protect'] for region in guards], ['rwg'])

    def test_address(self):
        address, size = self.target.pieces['partial']
        self.assertEqual(regions_of(self.saved, f'--address={address + 5:x}'), [self.piece('partial')])
        some = regions_of(self.saved, f'--address={address:#x}-{address + size:#x}')
        self.assertEqual(sum(region['bytes'] for region in some), size)


class Changing(unittest.TestCase):
    def test_diff(self):
        with Target() as known, tempfile.TemporaryDirectory() as directory:
            before = os.path.join(directory, 'before')
            run('--save', before, known.pid)
            known.tell(b'change', b'changed')
            result = run('--diff', before, known.pid)
            self.assertEqual((result.returncode, result.stderr), (0, b''))
            told = {int(line.split()[1], 16): line for line in result.stdout.decode().splitlines()
                    if ' 0x' in line}
            reserved, partial, code, new = (known.pieces[name][0] for name in ('reserved', 'partial', 'code', 'new'))
            self.assertRegex(told[reserved], r'^(went|replaced) ' if new != reserved else '^')
            self.assertRegex(told[partial + 192 * KIB], r'^committed .* 64K private +reserve +rw')
            self.assertRegex(told[code], r'^protected .* 64K private +rwx +rx')
            self.assertIn(new, told)
            grown = known.pieces.get('grown', (0, 0))[0]
            self.assertRegex(told.get(grown, 'grew 256K heap free rw'), r'^grew .*256K heap +free +rw')
            after = os.path.join(directory, 'after')
            run('--save', after, known.pid)
            back = run('--diff', after, before).stdout.decode()
            if grown:
                self.assertIn(grown, told)
                self.assertRegex(back, rf"(?m)^shrank +{grown:#x} +256K heap +rw +free")
            self.assertRegex(back, rf'(?m)^decommitted +{partial + 192 * KIB:#x} +64K private +rw +reserve')

    def test_nothing_has_changed(self):
        with Target() as known, tempfile.TemporaryDirectory() as directory:
            saved = os.path.join(directory, 'saved')
            run('--save', saved, known.pid)
            text = run('--diff', saved, saved).stdout.decode()
            self.assertFalse(re.search(r'^\w+ +0x', text, re.M), text)
            self.assertRegex(text, r'\ntotal +- ')

    def test_many_regions_in_little_memory(self):
        with Target('many', '100000') as known:
            for form, most in (('--json', 32 * KIB), ('--wide', 40 * KIB)):
                looking = subprocess.Popen([program, form, str(known.pid)], stdout=subprocess.PIPE)
                count = sum(1 for line in looking.stdout if b'0x' in line)
                looking.stdout.close()
                _, status, usage = os.wait4(looking.pid, 0)
                looking.returncode = os.waitstatus_to_exitcode(status)
                self.assertEqual(looking.returncode, 0)
                self.assertGreater(count, 100000)
                self.assertLess(usage.ru_maxrss, most)

    def test_ends_or_begins_anew_meanwhile(self):
        """An answer or a sentence, whenever it happens."""
        for word, wait in ((b'exit', 0), (b'exec', 0), (b'exit', 0.002), (b'exec', 0.002)):
            with Target() as known:
                known.process.stdin.write(word + b'\n')
                known.process.stdin.flush()
                time.sleep(wait)
                result = run('--json', known.pid)
                self.assertIn(result.returncode, (0, 1))
                if result.returncode == 1:
                    self.assertRegex(result.stderr, rb'^winmem-maps: .*process \d+ ')
                else:
                    self.assertIn('end', lines(result.stdout)[-1])


class Terminal:
    """The program on a terminal of a given size; what it draws, as it is sent."""

    def __init__(self, *arguments, rows=40, columns=120, term='xterm'):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
        self.process = subprocess.Popen([program, *map(str, arguments)], stdin=slave, stdout=slave,
                                        stderr=subprocess.PIPE,
                                        env={'TERM': term, 'LC_ALL': 'C.UTF-8', 'PATH': os.environ['PATH']})
        os.close(slave)

    def read(self, pattern, seconds=20):
        """Reads until the pattern has come."""
        data = b''
        end = time.monotonic() + seconds
        while not re.search(pattern, data):
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.master], [], [], left)[0]:
                raise AssertionError(f'{pattern} did not come: {data!r}')
            try:
                data += os.read(self.master, 65536)
            except OSError:
                raise AssertionError(f'{pattern} did not come: {data!r}') from None
        return data

    def press(self, keys):
        os.write(self.master, keys)

    def end(self):
        """The exit code, and what was said; what is drawn meanwhile has to be read, or it waits for us."""
        while self.process.poll() is None:
            if select.select([self.master], [], [], 0.05)[0]:
                try:
                    os.read(self.master, 65536)
                except OSError:
                    pass
        said = self.process.stderr.read()
        self.process.stderr.close()
        os.close(self.master)
        return self.process.returncode, said


class Watching(unittest.TestCase):
    def test_changes_are_highlighted(self):
        with Target() as known:
            screen = Terminal('--watch=0.1', known.pid)
            screen.read(rb'cmd-maps_target.*(?s:.)*private(?s:.)*nothing has changed yet')
            known.tell(b'change', b'changed')
            drawn = screen.read(rb'committed +0x[0-9a-f]+')
            self.assertRegex(drawn, rb'\x1b\[([0-9;]*;)?7m')
            screen.press(b' ')
            screen.read(rb'held')
            screen.press(b'q')
            self.assertEqual(screen.end(), (0, b''))

    def test_the_process_ends(self):
        with Target() as known:
            screen = Terminal('--watch=0.1', known.pid)
            screen.read(rb'private')
        code, said = screen.end()
        self.assertEqual(code, 1)
        self.assertRegex(said, rb'^winmem-maps: .*process')

    def test_narrow_and_low(self):
        with Target() as known:
            for rows, columns in ((24, 20), (3, 20), (1, 1), (2, 300)):
                screen = Terminal('--watch=0.1', known.pid, rows=rows, columns=columns)
                screen.read(rb'.')
                time.sleep(0.15)
                screen.press(b'\x1b[B\x1b[A q')
                self.assertEqual(screen.end(), (0, b''), (rows, columns))

    def test_top(self):
        screen = Terminal('--top', rows=500)
        screen.read(rb'processes(?s:.)*committed(?s:.)*winmem-maps')
        screen.press(b'rmnq')
        self.assertEqual(screen.end(), (0, b''))

    def test_top_in_a_file(self):
        with Target() as known:
            text = run('--top').stdout.decode()
            row = re.search(rf'^ *{known.pid} .*', text, re.M).group()
            self.assertRegex(row, r' 1T .* yes +cmd-maps_target$')

    def test_no_terminal(self):
        result = run('--watch', os.getpid())
        self.assertEqual((result.returncode, result.stdout), (1, b''))
        self.assertIn(b'needs a terminal', result.stderr)
        code, said = Terminal('--watch', os.getpid(), term='no-such').end()
        self.assertEqual(code, 1)
        self.assertIn(b'TERM is no-such', said)

    def test_time_and_process(self):
        for arguments in (['--watch=0', 1], ['--watch=x', 1], ['--top=-1'], ['--top', 1, 2], ['--watch=1']):
            self.assertIn(run(*arguments).returncode, (1, 2), arguments)


class Refused(unittest.TestCase):
    def refuse(self, code, pattern, *arguments, **how):
        result = run(*arguments, **how)
        self.assertEqual(result.returncode, code, result)
        self.assertRegex(result.stderr.decode(), pattern)
        return result

    def test_no_process(self):
        self.refuse(1, r'^winmem-maps: there is no process 2147483647\n$', 2147483647)
        self.refuse(1, r'there is no process 99999999999999999999', '99999999999999999999')
        self.refuse(1, r'there is no process 0', 0)

    def test_thread_of_the_kernel(self):
        try:
            with open('/proc/2/comm', encoding='utf-8') as file:
                name = file.read()
        except FileNotFoundError:
            name = ''
        if name != 'kthreadd\n':
            self.skipTest('no threads of the kernel are to be seen here')
        self.refuse(1, 'thread of the kernel', 2)

    def test_dead(self):
        dead = subprocess.Popen(['true'])
        os.waitid(os.P_PID, dead.pid, os.WEXITED | os.WNOWAIT)
        self.refuse(1, f'process {dead.pid} has ended', dead.pid)
        dead.wait()

    def test_arguments(self):
        for arguments in ([], ['--foo'], ['--sort=foo', 1], ['--type=foo', 1], ['--type=', 1], ['--address=x', 1],
                          ['--address=2-1', 1], ['--json', '--csv', 1], [1, 2], ['--diff', 1], ['--diff', 1, 2, 3],
                          ['--save']):
            self.refuse(2, 'winmem-maps', *arguments)

    def test_help_and_version(self):
        text = run('--help').stdout.decode()
        for option in '--json', '--csv', '--save', '--diff', '--sort', '--type', '--address', '--wide', '--watch', '--top':
            self.assertIn(option, text)
        self.assertRegex(run('--version').stdout, rb'^winmem-maps \d')

    def test_every_option_is_described_and_completed(self):
        options = set(re.findall(r'--[a-z]+', run('--help').stdout.decode())) - {'--usage'}
        self.assertGreater(len(options), 12)
        for path in ('cmd/completion/winmem-maps.bash', 'cmd/completion/_winmem-maps', 'docs/commands/winmem-maps.md'):
            with open(os.path.join(project, path), encoding='utf-8') as file:
                self.assertEqual(options - set(re.findall(r'--[a-z]+', file.read().replace('{-\\?,--help}', ' --help '))),
                                 set(), path)

    def test_completion_in_bash(self):
        for line, expected in (('--so', ['--sort=']), ('--sort = res', ['resident']), ('--type = private,g', ['private,guard'])):
            words = ' '.join(f"'{word}'" for word in ['winmem-maps', *line.split()])
            script = (f"source {project}/cmd/completion/winmem-maps.bash; compopt() {{ :; }}; COMP_WORDS=({words}); "
                      'COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _winmem_maps; printf "%s\\n" "${COMPREPLY[@]}"')
            told = subprocess.run(['bash', '-c', script], capture_output=True, text=True, timeout=20)
            self.assertEqual(told.stdout.split(), expected, told.stderr)

    def test_full_disk(self):
        self.refuse(1, 'No space left', '--save', '/dev/full', os.getpid())
        with open('/dev/full', 'wb') as full:
            for form in '--json', '--csv', '--wide':
                result = subprocess.run([program, form, str(os.getpid())], stdout=full, stderr=subprocess.PIPE,
                                        timeout=30)
                self.assertEqual(result.returncode, 1)
                self.assertIn(b'No space left', result.stderr)

    def test_file_too_large_leaves_what_was_there(self):
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, 'saved')
            with open(path, 'w', encoding='ascii') as file:
                file.write('before')
            result = subprocess.run(['sh', '-c', 'trap "" XFSZ; ulimit -f 1; exec "$@"', 'sh', program, '--save', path,
                                     str(os.getpid())], capture_output=True, timeout=30)
            self.assertEqual(result.returncode, 1)
            self.assertIn(b'cannot be written: File too large', result.stderr)
            self.assertEqual(os.listdir(directory), ['saved'])
            with open(path, encoding='ascii') as file:
                self.assertEqual(file.read(), 'before')


class Broken(unittest.TestCase):
    head = ('{"winmem-maps":1,"pid":1,"name":"x","taken":"2026-01-01T00:00:00Z","page":4096,"granularity":65536,'
            '"lowest":"0x10000","highest":"0x7ffffffeffff","book":false}')
    region = '{"start":"0x10000","bytes":65536,"type":"free","state":"free","protect":""}'
    memory = ('{"start":"0x20000","bytes":8192,"type":"private","state":"commit","protect":"rw",'
              '"allocation":"0x20000","allocation_protect":"rw"%s}')

    def read(self, *text, form='--json'):
        return run(form, '/dev/stdin', input='\n'.join(text).encode())

    def refuse(self, pattern, *text):
        for form in '--json', '--wide':
            result = self.read(*text, form=form)
            self.assertEqual(result.returncode, 1, result)
            self.assertRegex(result.stderr.decode(), '^winmem-maps: .*' + pattern)

    def accept(self, *text):
        result = self.read(*text, f'{{"end":true,"regions":{len(text) - 1}}}', '')
        self.assertEqual((result.returncode, result.stderr), (0, b''))
        return lines(result.stdout)

    def test_good(self):
        self.accept(self.head, self.region, self.memory % '')
        told = self.accept(self.head, self.memory.replace('private', 'gpu') % ',"later":[1],"is":["later","large"]')
        self.assertEqual((told[1]['type'], told[1]['is']), ('other', ['large']))

    def test_cut(self):
        whole = '\n'.join((self.head, self.region, '{"end":true,"regions":1}', ''))
        for length in range(len(whole) - 1):
            result = run('--json', '/dev/stdin', input=whole[:length].encode())
            self.assertEqual(result.returncode, 1, whole[:length])
            self.assertTrue(result.stderr.startswith(b'winmem-maps: /dev/stdin, line '), result.stderr)

    def test_lines(self):
        self.refuse('no JSON', 'hello', '')
        self.refuse('no file of winmem-maps', '{"a":1}', '')
        self.refuse('later version', self.head.replace('maps":1', 'maps":2'), '')
        self.refuse('no object', '[1]', '')
        self.refuse('such pages', self.head.replace('4096', '4095'), '')
        self.refuse('longer', self.head, '{"a":"' + 'x' * 100000 + '"}', '')
        self.refuse('no JSON', self.head, '[' * 60000, '')
        self.refuse('another number', self.head, '{"end":true,"regions":1}', '')
        self.refuse('follows', self.head, '{"end":true,"regions":0}', self.region, '')

    def test_regions(self):
        for pattern, region in (
                ('no address', self.region.replace('0x10000', '65536')),
                ('no address', self.region.replace('0x10000', '0xfffffffffffffff0')),
                ('whole pages', self.region.replace('65536', '65537')),
                ('whole pages', self.region.replace('65536', '0')),
                ('no number', self.region.replace('65536', '-4096')),
                ('no number', self.region.replace('65536', '1e3')),
                ('behind all memory', self.region.replace('65536', str(1 << 47))),
                ('no state', self.region.replace('"state":"free"', '"state":"gas"')),
                ('do not fit', self.region.replace('"state":"free"', '"state":"commit"')),
                ('letters', self.region.replace('"protect":""', '"protect":"q"')),
                ('do not fit', self.memory % ',"resident":4096'),
                ('do not fit', self.memory % ',"lazy":8192,"swapped":4096'),
                ('no number', self.memory % ',"lazy":12288'),
                ('is in memory', self.memory.replace('commit', 'reserve') % ',"swapped":4096'),
                ('pages', self.memory % ',"pages":"3r"'),
                ('pages', self.memory % ',"pages":"rr."'),
                ('pages', self.memory % ',"pages":"99999999999999999999r"'),
                ('pages', self.memory % ',"pages":"2q"'),
                ('pages', self.memory % ',"pages":"2"')):
            self.refuse(pattern, self.head, region, '')
        self.refuse('begins before', self.head, self.region, self.region, '')

    def test_nasty_names(self):
        for name in 'a\\u0000b', '\\u001b[31m', '\\u202e', '<script>':
            result = self.read(self.head, self.memory % f',"file":"{name}"', '{"end":true,"regions":1}', '', form='--wide')
            self.assertFalse(re.search(rb'[\x00-\x09\x0b-\x1f\x7f]', result.stdout))
            self.assertNotIn('\u202e'.encode(), result.stdout)

    def test_directory_and_nothing(self):
        self.assertIn(b'Is a directory', run('/').stderr)
        self.assertIn(b'No such file', run('/nowhere/at/all').stderr)
        self.refuse('cut off', '')


unittest.main(argv=[sys.argv[0]])
