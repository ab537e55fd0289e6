#!/usr/bin/env python3
"""Runs the tests on Debian's kernels, in machines of qemu: the rows of machines.py.

    tests/kernels/run.py                    all machines; and docs/support.md is told
    tests/kernels/run.py --page             docs/support.md is told of what each machine said last
    tests/kernels/run.py 6.1 5.10-small     these
    tests/kernels/run.py --tests '^api\\.writewatch' --as root 6.1
    tests/kernels/run.py --all 6.1          every test there; the page is not told
    tests/kernels/run.py --brief            a part that CI has the time for
    tests/kernels/run.py --arch aarch64 6.1 for another processor, of a build for it (cmake --preset aarch64-ci)
    tests/kernels/run.py --list

Exit code 0: nothing failed but what known.txt has; 77: nothing could run, with the reason.
"""
import argparse
import json
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
import time

sys.dont_write_bytecode = True      # beside the sources

import arch as arches
import debian
import initramfs
import machines
import page
import qemu
from qemu import SKIPPED

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
CACHE = os.path.join(ROOT, 'build', 'kernels')
TEST_SECONDS, CHECK_SECONDS, EMULATED = 60, 30, 6
# By glibc when a thread ends by itself, and by a test; no program names them.
LOADED = ('libgcc_s.so.1', 'libm.so.6')
APPLETS = ('sh chmod mount umount mkdir cat echo sed awk cut tail head tr timeout su poweroff dmesg ip grep ls id sleep true '
           'false env uname kill ps').split()


# --- what runs ---

def tests_of(build, pattern):
    """[(name, seconds, directory, shell command)] of those that are programs of the build."""
    said = subprocess.run(['ctest', '--show-only=json-v1'], cwd=build, capture_output=True, text=True, check=True).stdout
    found = []
    for test in json.loads(said)['tests']:
        command = test.get('command', [])
        if not re.search(pattern, test['name']) or re.search(machines.NEVER, test['name']):
            continue
        if not command or not command[0].startswith(build + '/'):
            continue
        properties = {each['name']: each['value'] for each in test['properties']}
        words = [*properties.get('ENVIRONMENT', []), *command]
        shell = ' '.join(map(shlex.quote, ['env', *words] if len(words) > len(command) else words))
        found.append((test['name'], TEST_SECONDS, properties['WORKING_DIRECTORY'], shell, command[0]))
    return found


def programs_of(build, tests, arch):
    """And what they start or load."""
    programs = {test[4] for test in tests} | {mechanisms(build)}
    for directory in ('src', 'tests/api', 'tests/api/order'):
        place = os.path.join(build, directory)
        for name in os.listdir(place) if os.path.isdir(place) else []:
            path = os.path.join(place, name)
            if os.path.isfile(path) and ('.so' in name or directory.endswith('order')) and initramfs.is_elf(path):
                programs.add(path)
    return programs | {library_of_gcc(name, arch) for name in LOADED}


def library_of_gcc(name, arch):
    said = subprocess.run([arch.gcc, f'-print-file-name={name}'], capture_output=True, text=True, check=True).stdout
    return os.path.normpath(said.strip())


def mechanisms(build):
    return os.path.join(build, 'tests', 'kernels', 'kernels-mechanisms')


def make_initramfs(path, build, tests, slow, arch):
    archive = initramfs.Archive(path)
    busybox = shutil.which('busybox') if not arch.sysroot else debian.busybox(arch, CACHE)
    initramfs.add_programs(archive, programs_of(build, tests, arch) | {busybox}, os.path.join(CACHE, 'stripped'), arch)
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

def log_of(machine, who, whole=True):
    """What the page is made of, unless it was of a part of the machine's tests."""
    return os.path.join(CACHE, f'{machine.name}-{who}' + ('' if whole else '-part') + '.log')


def run_machine(machine, who, pattern, options, arch):
    """Its Result. Raises debian.NotToBeHad."""
    kernel = debian.kernel(machine.kernel, arch, CACHE)
    kvm = machine.kvm and options.accel != 'tcg' and qemu.kvm_works(arch, kernel)
    slow = 1 if kvm else EMULATED
    tests = tests_of(options.build, options.tests or pattern)
    log = log_of(machine, who, whole=not (options.tests or arch.sysroot))
    initrd = log.replace('.log', '.cpio')
    make_initramfs(initrd, options.build, tests, slow, arch)
    began = time.time()
    words = f'{machine.words} AS={who} EMULATED={int(not kvm)} CHECK_SECONDS={CHECK_SECONDS * slow}'
    qemu.boot(qemu.command_for(machine, arch, kernel, initrd, kvm, words), machine.seconds * slow, log)
    os.unlink(initrd)
    result = qemu.heard(machine, who, log)
    say(f'{machine.name} as {who}: Linux {result.facts.get("version", "did not start")}, '
        f'{"KVM" if kvm else "emulated"}, '
        '%d tests, %d failed, %d skipped, %d s' % (*result.count(), time.time() - began))
    return result


# --- the whole ---

def say(text):
    print(f'kernels: {text}', flush=True)


def known_failures():
    """{(kernel, test): reason}, of known.txt."""
    with open(os.path.join(HERE, 'known.txt'), encoding='utf-8') as file:
        rows = [line.split(None, 2) for line in file if line.strip() and not line.startswith('#')]
    return {(kernel, test): reason.strip() for kernel, test, reason in rows}


def report(result, known):
    """What did not pass, and is not known; what says no reason. True if there is nothing of that kind."""
    good = result.ended
    if not good:
        say(f'{result.machine.name} as {result.who}: did not come to its end; build/kernels has all that it said')
    for name, (code, _, said) in result.tests.items():
        if code == 0 or page.reason_of(known, result, name) or code == SKIPPED and page.reasons_of(said):
            continue
        good = False
        what = 'skipped without a reason:' if code == SKIPPED else 'FAILED'
        say(f'{result.machine.name}: {what} {name} as {result.who} (exit {code})')
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
    parser.add_argument('--build')
    parser.add_argument('--arch', choices=sorted(arches.ARCHES), default=platform.machine(),
                        help='of another processor: the page is not told')
    parser.add_argument('--brief', action='store_true')
    parser.add_argument('--page', action='store_true')
    parser.add_argument('--list', action='store_true')
    parser.add_argument('--accel', choices=('kvm', 'tcg'), default='kvm')
    parser.add_argument('--tests', help='a pattern of names instead of the machine\'s own tests')
    parser.add_argument('--all', action='store_const', dest='tests', const=machines.TESTS['all'],
                        help='every test of the interface and of the kernel, which takes long')
    parser.add_argument('--as', dest='who', choices=('root', 'user'), help='where a machine has both')
    options = parser.parse_args()
    foreign = options.arch != platform.machine()
    options.build = os.path.realpath(options.build or os.path.join(ROOT, 'build', f'{options.arch}-ci' if foreign else 'ci'))
    if options.list:
        for machine in machines.MACHINES:
            print(f'{machine.name}: {machine.words}')
        return 0
    if options.page:
        write_page()
        return 0
    arch = arches.ARCHES.get(options.arch)
    if arch and not foreign:
        arch = arch._replace(gcc='gcc', sysroot='')
    missing = what_is_missing(arch)
    if missing:
        print(f'skipped: {missing}')
        return SKIPPED
    os.makedirs(CACHE, exist_ok=True)
    return run_all(options, arch)


def run_all(options, arch):
    good, ran, known = True, False, known_failures()
    for machine in chosen(options):
        for who, pattern in machines.runs(machine):
            if options.who not in (None, who):
                continue
            try:
                result = run_machine(machine, who, pattern, options, arch)
            except debian.NotToBeHad as reason:
                print(f'skipped: {machine.name}: {reason}')
                continue
            if options.brief and not result.ended and result.count()[1] == 0:
                print(f'skipped: {machine.name}: {result.count()[0]} tests passed, then the time was over')
                continue
            ran = True
            good = report(result, known) and good
    if not (options.brief or options.tests or options.machines or arch.sysroot):
        write_page()
    return SKIPPED if not ran else 0 if good else 1


def write_page():
    """Of what each machine said last; those that have not run have said nothing."""
    runs = [(machine, who) for machine in machines.MACHINES for who, _ in machines.runs(machine)]
    page.write([qemu.heard(machine, who, log_of(machine, who)) for machine, who in runs], known_failures(),
               os.path.join(ROOT, 'docs', 'support.md'))


if __name__ == '__main__':
    sys.exit(main())
