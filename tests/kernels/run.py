#!/usr/bin/env python3
"""Runs the tests on Debian's kernels, in machines of qemu: the rows of machines.py.

    tests/kernels/run.py                    all machines; and docs/support.md is told
    tests/kernels/run.py 6.1 5.10-small     these
    tests/kernels/run.py --tests '^api\\.writewatch' --as root 6.1
    tests/kernels/run.py --brief            a part that CI has the time for
    tests/kernels/run.py --list

Exit code 0: nothing failed but what known.txt has; 77: nothing could run, with the reason.
"""
import argparse
import ctypes
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time

import arch as arches
import debian
import initramfs
import machines
import page

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
CACHE = os.path.join(ROOT, 'build', 'kernels')
SKIPPED, TEST_SECONDS, EMULATED, KVM_SECONDS = 77, 60, 6, 10
PR_SET_PDEATHSIG = 1
APPLETS = ('sh mount umount mkdir cat echo sed awk cut tail head tr timeout su poweroff dmesg ip grep ls id sleep true '
           'false env uname kill ps').split()


# --- what runs ---

def tests_of(build, pattern):
    """[(name, seconds, directory, shell command)] of those that are programs of the build."""
    said = subprocess.run(['ctest', '--show-only=json-v1', '-R', pattern, '-E', machines.NEVER], cwd=build,
                          capture_output=True, text=True, check=True).stdout
    found = []
    for test in json.loads(said)['tests']:
        command = test.get('command', [])
        if not command or not command[0].startswith(build + '/'):
            continue
        properties = {each['name']: each['value'] for each in test['properties']}
        words = [*properties.get('ENVIRONMENT', []), *command]
        shell = ' '.join(map(shlex.quote, ['env', *words] if len(words) > len(command) else words))
        found.append((test['name'], TEST_SECONDS, properties['WORKING_DIRECTORY'], shell, command[0]))
    return found


def programs_of(build, tests):
    """And what they start or load."""
    programs = {test[4] for test in tests} | {mechanisms(build)}
    for directory in ('src', 'tests/api', 'tests/api/order'):
        place = os.path.join(build, directory)
        for name in os.listdir(place) if os.path.isdir(place) else []:
            path = os.path.join(place, name)
            if os.path.isfile(path) and ('.so' in name or directory.endswith('order')) and initramfs.is_elf(path):
                programs.add(path)
    return programs


def mechanisms(build):
    return os.path.join(build, 'tests', 'kernels', 'kernels-mechanisms')


def make_initramfs(path, build, tests, slow):
    archive = initramfs.Archive(path)
    busybox = shutil.which('busybox')
    initramfs.add_programs(archive, programs_of(build, tests) | {busybox}, os.path.join(CACHE, 'stripped'))
    for applet in APPLETS:
        archive.link('/bin/' + applet, busybox)
    for script in ('init', 'suite'):
        with open(os.path.join(HERE, script), 'rb') as text:
            archive.text('/' + script, text.read(), 0o755)
    archive.text('/etc/passwd', b'root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000:user:/tmp:/bin/sh\n'
                                b'nobody:x:65534:65534:nobody:/tmp:/bin/sh\n')
    archive.text('/etc/group', b'root:x:0:\nuser:x:1000:\nnogroup:x:65534:\n')
    archive.text('/mechanisms', mechanisms(build).encode() + b'\n')
    lines = (f'{name}\t{seconds * slow}\t{directory}\t{shell}\n' for name, seconds, directory, shell, _ in tests)
    archive.text('/tests', ''.join(lines).encode())
    for test in tests:
        archive.directory(test[2])
    for directory in ('/proc', '/sys', '/dev', '/root'):
        archive.directory(directory)
    archive.close()


# --- a machine ---

def qemu_command(machine, arch, kernel, initrd, kvm, words):
    share = machine.memory // machine.nodes
    command = [arch.qemu, *arch.machine, '-accel', 'kvm' if kvm else 'tcg,tb-size=512', '-cpu', arch.cpu + machine.cpu,
               '-m', str(machine.memory), '-smp', '2', '-nographic', '-no-reboot', '-nodefaults', '-serial', 'stdio']
    for node in range(machine.nodes):
        cpus = '0-1' if machine.nodes == 1 else str(node)
        command += ['-object', f'memory-backend-ram,id=m{node},size={share}M',
                    '-numa', f'node,nodeid={node},memdev=m{node},cpus={cpus}']
    if initrd:
        command += ['-initrd', initrd]
    return command + ['-kernel', kernel, '-append', f'console={arch.console} quiet panic=-1 {words}']


def kvm_works(arch, kernel, known={}):
    """Some machines have a KVM that starts no ordinary kernel: the processor's own does so within a second or two."""
    if not arches.may_have_kvm(arch):
        return False
    if arch.name not in known:
        machine = machines.Machine('trial', '', 512, 1)
        command = qemu_command(machine, arch, kernel, None, True, 'ignore_loglevel')
        known[arch.name] = 'Linux version' in first_words(command)
        if not known[arch.name]:
            say('KVM starts no kernel here: processors are emulated')
    return known[arch.name]


def first_words(command):
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors='replace',
                              timeout=KVM_SECONDS, check=False).stdout
    except subprocess.TimeoutExpired as late:
        return (late.stdout or b'').decode(errors='replace')


class Result:
    """What a machine said."""

    def __init__(self, machine):
        self.machine, self.facts, self.mechanisms, self.tests, self.ended = machine, {}, {}, {}, False
        self.last = None

    def take(self, line):
        """tests: by (who, name), [code, seconds, what it said]."""
        words = line.split(' ', 3)
        if line.startswith('@machine '):
            self.facts[words[1]] = line.split(' ', 2)[2]
        elif line.startswith('@mechanism ') and len(words) == 4:
            self.mechanisms[(words[1], words[2])] = words[3] == '1'
        elif line.startswith('@test '):
            code, began, ended = words[3].split()
            self.last = self.tests[(words[1], words[2])] = [int(code), float(ended) - float(began), []]
        elif line.startswith('> ') and self.last:
            self.last[2].append(line[2:])
        elif line == '@end':
            self.ended = True

    def count(self):
        codes = [test[0] for test in self.tests.values()]
        return len(codes), sum(code not in (0, SKIPPED) for code in codes), codes.count(SKIPPED)


def die_with_us():
    """However this program ends, no machine is left."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def boot(machine, command, seconds, log):
    """Starts it, listens, and switches it off after so long."""
    result = Result(machine)
    with open(log, 'w', buffering=1, encoding='utf-8') as file, \
            subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             text=True, errors='replace', preexec_fn=die_with_us) as process:
        timer = threading.Timer(seconds, process.kill)
        timer.start()
        try:
            for line in process.stdout:
                file.write(line.rstrip('\r\n') + '\n')
                result.take(line.rstrip('\r\n'))
        finally:
            timer.cancel()
            process.kill()
    return result


def run_machine(machine, options, arch):
    """Its Result. Raises debian.NotToBeHad."""
    kernel = debian.kernel(machine.kernel, arch, CACHE)
    kvm = machine.kvm and options.accel != 'tcg' and kvm_works(arch, kernel)
    slow = 1 if kvm else EMULATED
    tests = tests_of(options.build, options.tests or machines.TESTS[machine.tests])
    initrd = os.path.join(CACHE, f'{machine.name}.cpio')
    make_initramfs(initrd, options.build, tests, slow)
    words = machine.words + (f' AS={options.who}' if options.who else '')
    began = time.time()
    result = boot(machine, qemu_command(machine, arch, kernel, initrd, kvm, words), machine.seconds * slow,
                  os.path.join(CACHE, f'{machine.name}.log'))
    os.unlink(initrd)
    say(f'{machine.name}: Linux {result.facts.get("version", "did not start")}, {"KVM" if kvm else "emulated"}, '
        '%d tests, %d failed, %d skipped, %d s' % (*result.count(), time.time() - began))
    return result


# --- the whole ---

def say(text):
    print(f'kernels: {text}', flush=True)


def known_failures():
    """{(machine, test): reason}, of known.txt."""
    with open(os.path.join(HERE, 'known.txt'), encoding='utf-8') as file:
        rows = [line.split(None, 2) for line in file if line.strip() and not line.startswith('#')]
    return {(machine, test): reason.strip() for machine, test, reason in rows}


def report(result, known):
    """What did not pass, and is not known; what says no reason. True if there is nothing of that kind."""
    good = result.ended
    if not good:
        say(f'{result.machine.name}: did not come to its end, see build/kernels/{result.machine.name}.log')
    for (who, name), (code, _, said) in result.tests.items():
        if code == 0 or (result.machine.kernel, name) in known or code == SKIPPED and page.reasons_of(said):
            continue
        good = False
        what = 'skipped without a reason:' if code == SKIPPED else 'FAILED'
        say(f'{result.machine.name}: {what} {name} as {who} (exit {code})')
        print('\n'.join('    ' + line for line in said[-20:]))
    return good


def chosen(options):
    if options.brief:
        return [machines.BRIEF]
    names = [machine.name for machine in machines.MACHINES]
    unknown = [name for name in options.machines if name not in names]
    if unknown:
        sys.exit(f'no such machine: {", ".join(unknown)}; there are {", ".join(names)}')
    return [machine for machine in machines.MACHINES if not options.machines or machine.name in options.machines]


def what_is_missing(arch):
    if arch is None:
        return 'nobody has written down what a machine with this processor needs'
    for program, package in ((arch.qemu, arch.package), ('busybox', 'busybox-static'), ('apt-get', 'apt'),
                             ('dpkg', 'dpkg')):
        if shutil.which(program) is None:
            return f'no {program} (Debian: {package})'
    return None


def main():
    parser = argparse.ArgumentParser(description='Runs the tests on Debian\'s kernels.')
    parser.add_argument('machines', nargs='*')
    parser.add_argument('--build', default=os.path.join(ROOT, 'build', 'ci'))
    parser.add_argument('--brief', action='store_true')
    parser.add_argument('--list', action='store_true')
    parser.add_argument('--accel', choices=('kvm', 'tcg'), default='kvm')
    parser.add_argument('--tests', help='a pattern of names instead of the machine\'s own tests')
    parser.add_argument('--as', dest='who', help='root, user, or root,user')
    options = parser.parse_args()
    options.build = os.path.realpath(options.build)
    if options.list:
        for machine in machines.MACHINES:
            print(f'{machine.name}: {machine.words}')
        return 0
    arch = arches.of_this_machine()
    missing = what_is_missing(arch)
    if missing:
        print(f'skipped: {missing}')
        return SKIPPED
    os.makedirs(CACHE, exist_ok=True)
    return run_all(options, arch)


def run_all(options, arch):
    results, good, known = [], True, known_failures()
    for machine in chosen(options):
        try:
            result = run_machine(machine, options, arch)
        except debian.NotToBeHad as reason:
            print(f'skipped: {machine.name}: {reason}')
            continue
        results.append(result)
        good = report(result, known) and good
    if not results:
        return SKIPPED
    if not (options.machines or options.brief or options.tests or options.who):
        page.write(results, known, os.path.join(ROOT, 'docs', 'support.md'))
    return 0 if good else 1


if __name__ == '__main__':
    sys.exit(main())
