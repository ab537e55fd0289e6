"""A machine of qemu: how it is started and listened to, and what it said."""
import ctypes
import os
import signal
import subprocess
import threading

import arch as arches
import machines

SKIPPED, KVM_SECONDS = 77, 10
PR_SET_PDEATHSIG = 1


def command_for(machine, arch, kernel, initrd, kvm, words):
    share = machine.memory // machine.nodes
    command = [arch.qemu, *arch.machine, '-accel', 'kvm' if kvm else 'tcg,tb-size=512', '-cpu', arch.cpu + machine.cpu,
               '-m', str(machine.memory), '-smp', '2', '-nographic', '-no-reboot', '-nodefaults', '-serial', 'stdio']
    for node in range(machine.nodes):
        cpus = '0-1' if machine.nodes == 1 else str(node)
        command += ['-object', f'memory-backend-ram,id=m{node},size={share}M',
                    '-numa', f'node,nodeid={node},memdev=m{node},cpus={cpus}']
    if initrd:
        command += ['-initrd', initrd]
    return command + ['-kernel', kernel, '-append', f'{arch.words} quiet panic=-1 {words}']


def kvm_works(arch, kernel, known={}):
    """Some machines have a KVM that starts no ordinary kernel: the processor's own does so within a second or two."""
    if not arches.may_have_kvm(arch):
        return False
    if arch.name not in known:
        trial = machines.Machine('trial', '', 512, 1)
        known[arch.name] = 'Linux version' in first_words(command_for(trial, arch, kernel, None, True,
                                                                      'ignore_loglevel'))
        if not known[arch.name]:
            print('kernels: KVM starts no kernel here: processors are emulated', flush=True)
    return known[arch.name]


def first_words(command):
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors='replace',
                              timeout=KVM_SECONDS, check=False, preexec_fn=die_with_us).stdout
    except subprocess.TimeoutExpired as late:
        return (late.stdout or b'').decode(errors='replace')


class Result:
    """What a machine said: facts about it; by name, which mechanisms are in use, and [code, seconds, lines] of a test."""

    def __init__(self, machine, who):
        self.machine, self.who, self.facts, self.mechanisms, self.tests = machine, who, {}, {}, {}
        self.ended, self.last = False, None

    def take(self, line):
        words = line.split(' ', 3)
        if line.startswith('@machine ') and len(words) > 2:
            self.facts[words[1]] = ' '.join(words[2:])
        elif line.startswith('@mechanism ') and len(words) == 4:
            self.mechanisms[words[2]] = words[3] == '1'
        elif line.startswith('@test ') and len(words) == 4:
            code, began, ended = words[3].split()
            self.last = self.tests[words[2]] = [int(code), float(ended) - float(began), []]
        elif line.startswith('> ') and self.last:
            self.last[2].append(line[2:])
        elif line == '@end':
            self.ended = True

    def count(self):
        """All, failed, skipped."""
        codes = [test[0] for test in self.tests.values()]
        return len(codes), sum(code not in (0, SKIPPED) for code in codes), codes.count(SKIPPED)


def heard(machine, who, log):
    """The Result of what was written down, if it was."""
    result = Result(machine, who)
    if not os.path.exists(log):
        return result
    with open(log, encoding='utf-8') as file:
        for line in file:
            result.take(line.rstrip('\n'))
    return result


def die_with_us():
    """However this program ends, no machine is left."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def boot(command, seconds, log):
    """Starts it, writes down what it says, and switches it off after so long."""
    with open(log, 'w', buffering=1, encoding='utf-8') as file, \
            subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             text=True, errors='replace', preexec_fn=die_with_us) as process:
        timer = threading.Timer(seconds, process.kill)
        timer.start()
        try:
            for line in process.stdout:
                file.write(line.rstrip('\r\n') + '\n')
        finally:
            timer.cancel()
            process.kill()
