"""features_command.py <winmem-features> <world> <project>: what winmem-features says, as text and as JSON; what it says of
features that are switched off, and that a filter forbids; its exit status; and that its completions and its page know it."""
import json
import os
import re
import subprocess
import sys
import unittest

program, world, project = sys.argv[1:4]


def run(*arguments, before=(), **environment):
    clean = {name: value for name, value in os.environ.items() if name != 'WINMEM_DISABLE'}
    return subprocess.run([*before, program, *arguments], env={**clean, **environment}, capture_output=True, text=True,
                          timeout=20)


def read(path):
    with open(os.path.join(project, path), encoding='utf-8') as file:
        return file.read()


def rows_of_the_library():
    return re.findall(r'^FEATURE\([A-Z_]+, *([a-z_]+),', read('src/kern/features.def'), re.M)


def features(*arguments, **how):
    result = run('--json', *arguments, **how)
    return {row['name']: row for row in json.loads(result.stdout)['features']}


class Report(unittest.TestCase):
    def test_text_has_a_row_for_each_feature(self):
        said = re.findall(r'^([a-z_]+) +(?:NOT )?in use$', run().stdout, re.M)
        self.assertEqual(said, rows_of_the_library())

    def test_json_has_the_same_rows(self):
        self.assertEqual(list(features()), rows_of_the_library())

    def test_each_row_has_words(self):
        for name, row in features(WINMEM_DISABLE='all').items():
            for member in 'for', 'instead', 'costs', 'needs', 'why_not':
                self.assertGreater(len(row[member]), 3, f'{name}: {member}')

    def test_text_says_what_json_says(self):
        used = sum(row['in_use'] for row in features().values())
        self.assertIn(f'{used} of {len(rows_of_the_library())} features are in use.', run().stdout)

    def test_limits_are_told(self):
        limits = {row['name']: row for row in json.loads(run('--json').stdout)['limits']}
        with open('/proc/sys/vm/max_map_count', encoding='ascii') as file:
            self.assertEqual(limits['vm.max_map_count']['most'], int(file.read()))
        self.assertGreater(limits['vm.max_map_count']['used'], 10)
        for row in limits.values():
            self.assertTrue(row['means'] and row['raise'])

    def test_a_limit_that_was_set_is_told(self):
        limited = run('--json', before=['sh', '-c', 'ulimit -l 64; exec "$@"', 'sh'])
        limits = {row['name']: row for row in json.loads(limited.stdout)['limits']}
        self.assertEqual(limits['RLIMIT_MEMLOCK']['most'], 65536)

    def test_the_limit_of_a_control_group_is_told(self):
        for top, file in ('/sys/fs/cgroup/memory', 'memory.limit_in_bytes'), ('/sys/fs/cgroup', 'memory.max'):
            group = os.path.join(top, f'winmem-features-{os.getpid()}')
            try:
                os.mkdir(group)
                self.addCleanup(os.rmdir, group)
                with open(os.path.join(group, file), 'w', encoding='ascii') as limit:
                    limit.write(str(64 << 20))
                break
            except OSError:
                continue
        else:
            self.skipTest('no memory cgroup can be made here')
        limited = run('--json', before=['sh', '-c', f'echo $$ >{group}/cgroup.procs && exec "$@"', 'sh'])
        limits = {row['name']: row for row in json.loads(limited.stdout)['limits']}
        self.assertEqual(limits['memory of the control group']['most'], 64 << 20)

    def test_lines_fit(self):
        self.assertLessEqual(max(map(len, run('--long').stdout.splitlines())), 100)


class Reasons(unittest.TestCase):
    def test_what_is_switched_off_says_so(self):
        for name in rows_of_the_library():
            row = features(name, WINMEM_DISABLE=name)[name]
            self.assertEqual((row['in_use'], row['why_not']), (False, 'switched off by WINMEM_DISABLE'))

    def test_what_is_used_instead_is_said(self):
        said = ' '.join(run('userfaultfd', WINMEM_DISABLE='userfaultfd').stdout.split())
        self.assertIn('instead the bits of soft_dirty', said)

    def test_a_filter_is_named(self):
        result = run('--json', before=[world, 'engine'])
        if result.returncode == 77:
            self.skipTest('no filters here')
        rows = {row['name']: row for row in json.loads(result.stdout)['features']}
        self.assertEqual(rows['userfaultfd']['why_not'], 'the seccomp filter of this process forbids userfaultfd (EPERM)')
        self.assertIn('mbind', rows['apart']['why_not'])
        self.assertTrue(rows['arenas']['in_use'])

    def test_a_kernel_that_may_lack_it_is_not_called_a_filter(self):
        result = run('--json', before=[world, 'small-kernel'])
        if result.returncode == 77:
            self.skipTest('no filters here')
        rows = {row['name']: row for row in json.loads(result.stdout)['features']}
        self.assertIn('or the seccomp filter hides it', rows['userfaultfd']['why_not'])


class Use(unittest.TestCase):
    def test_a_feature_that_is_named_decides_the_status(self):
        self.assertEqual(run('arenas').returncode, 0)
        self.assertEqual(run('arenas', WINMEM_DISABLE='arenas').returncode, 1)
        self.assertEqual(run('--json', 'arenas', WINMEM_DISABLE='arenas').returncode, 1)
        self.assertEqual(run(WINMEM_DISABLE='arenas').returncode, 0)

    def test_wrong_use(self):
        for wrong in '--bogus', 'nonsense', '':
            result = run(wrong)
            self.assertEqual((result.returncode, result.stdout), (2, ''))
            self.assertIn('--help', result.stderr)

    def test_a_full_disk(self):
        for form in [], ['--json']:
            with open('/dev/full', 'w', encoding='ascii') as full:
                result = subprocess.run([program, *form], stdout=full, stderr=subprocess.PIPE, text=True, timeout=20)
            self.assertEqual(result.returncode, 3)
            self.assertIn('could not be written', result.stderr)

    def test_help_completions_and_page_have_the_same_options(self):
        options = set(re.findall(r'--[a-z]+', run('--help').stdout)) - {'--usage'}
        for path in 'cmd/completion/winmem-features.bash', 'cmd/completion/_winmem-features', 'docs/commands/winmem-features.md':
            for option in options:
                self.assertIn(option, read(path), f'{path}: {option}')


class Completion(unittest.TestCase):
    def complete(self, word):
        script = os.path.join(project, 'cmd/completion/winmem-features.bash')
        line = f'source "{script}"; COMP_WORDS=(winmem-features "{word}") COMP_CWORD=1; _winmem_features; echo "${{COMPREPLY[*]}}"'
        path = os.path.dirname(program) + ':' + os.environ['PATH']
        return subprocess.run(['bash', '-c', line], env={**os.environ, 'PATH': path}, capture_output=True, text=True,
                              timeout=20).stdout.split()

    def test_options_and_features(self):
        self.assertEqual(self.complete('--js'), ['--json'])
        self.assertEqual(self.complete('huge_'), ['huge_pages', 'huge_move', 'huge_advice'])


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
