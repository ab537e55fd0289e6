#!/usr/bin/env python3
"""winmem against bare system calls: runs winbench and rawbench in turns and prints the ratios.

    bench/run.py BUILD-DIRECTORY [--rounds N] [--cpu LIST] [--win "COMMAND"] [case ...]

A round runs every case once in each program, one right after the other, each in a process of its own.
Each round also has a few mappings more than the last, for both, as costs depend on how they happen to lie.

winmem, raw  the minimum over all rounds, ns per operation
ratio        of these minima; "ok" if it is not above the target in the table below
median       of each round's own ratio of medians: what a usual layout on this machine gives

Numbers of different runs do not compare; ratios do, more or less.

--cpu   pin both programs, as taskset does (two processors at least: some cases have two threads)
--win   another program for the left column, such as "wine64 winbench.exe"
"""
import argparse
import os
import platform
import shlex
import statistics
import subprocess
import sys

# name, what it is, target: winmem / raw at most; None: nobody has named one
CASES = [
    ('reserve_64k', 'reserve 64 KiB + release', 0.15),
    ('reserve_16t', 'reserve 16 TiB + release', 1.5),
    ('alloc_64k', 'reserve + commit 64 KiB + release', 1.1),
    ('alloc_64k_touched', '  the same, every page touched', 1.05),
    ('commit_64k', 'commit + decommit 64 KiB inside 1 GiB', 0.75),
    ('commit_4k', 'commit + decommit 4 KiB inside 1 GiB', 0.45),
    ('commit_around', '  of a 64 KiB block at places all over it', 0.9),
    ('recommit_64k', 'commit of committed 64 KiB', 0.3),
    ('recommit_1g', 'commit of committed 1 GiB', 0.3),
    ('protect_flip', 'VirtualProtect RW<->R, one page', 1.1),
    ('protect_same', 'VirtualProtect to what it is', 0.3),
    ('query_of_10', 'VirtualQuery, 10 own regions', 0.2),
    ('query_of_1000', 'VirtualQuery, 1,000 own regions', 0.2),
    ('query_of_30000', 'VirtualQuery, 30,000 own regions', 0.2),
    ('query_committed_1g', 'VirtualQuery, committed 1 GiB', 0.2),
    ('query_reserved_64g', 'VirtualQuery, reserved 64 GiB', 0.2),
    ('query_reserved_64k', 'VirtualQuery, reserved 64 KiB', 0.2),
    ('query_static_buffer', '  the same, answer not to the stack', 0.06),
    ('query_stack', 'VirtualQuery, stack', 1.3),
    ('query_library', 'VirtualQuery, library', 1.3),
    ('query_free', 'VirtualQuery, free space', 1.3),
    ('query_hole', 'VirtualQuery, hole between reservations', 1.3),
    ('walk_allocations', 'walk of 1,000 reservations, per region', 0.3),
    ('walk_runs', 'walk of 1,000 runs of pages, per region', 0.3),
    ('threads_alloc', '2 threads: reserve + commit + release', 1.0),
    ('threads_commit', '2 threads: commit + decommit, own ground', 1.0),
    ('touch_1g', 'first touch of 1 GiB, per page', 1.05),
    ('touch_1g_large', '  raw with MADV_HUGEPAGE', 1.05),
    ('touch_64m', 'first touch of 64 MiB, 2 MiB at a time', 1.05),
    ('touch_64m_large', '  raw with MADV_HUGEPAGE', 1.05),
    ('life', "an allocator's life, 8 threads, per page", 1.05),
    ('life_large', '  raw with MADV_HUGEPAGE', 1.05),
    ('sparse_resident', 'bytes resident, 1 page in 64 touched', 1.1),
    ('query_beside_alloc', 'VirtualQuery while another allocates', 0.3),
    ('ring_buffer', 'placeholder, split, 2 views, unmap', 1.05),
    ('view_64k', 'map + unmap view of 64 KiB', 1.15),
    ('named_open', 'open + close by a name (raw: with fstat)', 3),
    ('watch_first_write', 'first write to a watched page', 1.1),
    ('watch_get_1', 'GetWriteWatch + reset of 64 MiB, 1 % dirty', 1.05),
    ('watch_get_10', '  the same, 10 % dirty', 1.1),
    ('watch_get_100', '  the same, all dirty', 1.05),
    ('watch_get_clean', '  the same, clean', 1.1),
    ('watch_clean_64g', '  a clean watch of 64 GiB, 64 MiB committed', 1.1),
    ('guard_hit', 'PAGE_GUARD, hit, vectored handler', 1.15),
    ('reset_1m', 'MEM_RESET of 1 MiB, touched', 1.1),
    ('reset_undo_1m', 'MEM_RESET + MEM_RESET_UNDO of 1 MiB', 1.2),
    ('physical_scatter', 'AWE: 4,096 scattered pages in + out, each', 1.2),
    ('physical_run', 'AWE: 4,096 pages in a row in + out, each', 1.2),
    ('remote_alloc', 'VirtualAllocEx + FreeEx, process that waits', 1.3),
    ('remote_alloc_foreign', '  the same, without the library', 1.3),
    ('remote_query', 'VirtualQueryEx (raw: 64 bytes read)', 5),
    ('remote_walk', 'walk of 10,000 regions there, per region', 1.0),
    ('remote_read_64', 'ReadProcessMemory, 64 bytes', 1.15),
    ('remote_read_4k', 'ReadProcessMemory, 4 KiB', 1.15),
    ('remote_read_1m', 'ReadProcessMemory, 1 MiB', 1.15),
    ('remote_write_64', 'WriteProcessMemory, 64 bytes', 1.15),
    ('remote_write_4k', 'WriteProcessMemory, 4 KiB', 1.15),
    ('remote_write_1m', 'WriteProcessMemory, 1 MiB', 1.15),
    ('heap_mix', 'HeapAlloc + HeapFree, 16 to 4,096 bytes', 1.5),
    ('heap_small', '  the same, small ones more often', 1.5),
    ('global_mix', 'GlobalAlloc + GlobalFree, fixed', 1.5),
    ('local_mix', 'LocalAlloc + LocalFree, fixed', 1.5),
    ('private_mix', 'HeapAlloc + HeapFree, heap of its own', 1.5),
    ('heap_threads', '2 threads: HeapAlloc + HeapFree', 1.5),
    ('heap_passed', '2 threads, each frees the other\'s', 1.5),
    ('heap_64', 'HeapAlloc + HeapFree, always 64 bytes', None),
    ('movable', 'movable: alloc, lock, unlock, free', 5),
    ('section_alone', 'CRITICAL_SECTION: enter + leave', 1.3),
    ('slim_alone', 'SRWLOCK: alone (mutex)', 1.3),
    ('shared_alone', 'SRWLOCK: shared (rwlock)', 1.3),
    ('exclusive_alone', 'SRWLOCK: alone (rwlock)', 1.3),
    ('wake_nobody', 'WakeAllConditionVariable, nobody sleeps', 1.3),
    ('once_done', 'InitOnceExecuteOnce, done', 1.3),
    ('section_2', '2 threads: CRITICAL_SECTION', 1.3),
    ('section_4', '4 threads: CRITICAL_SECTION', 1.3),
    ('slim_2', '2 threads: SRWLOCK (mutex)', 1.3),
    ('slim_4', '4 threads: SRWLOCK (mutex)', 1.3),
    ('shared_2', '2 threads: SRWLOCK shared (rwlock)', 1.3),
    ('shared_4', '4 threads: SRWLOCK shared (rwlock)', 1.3),
    ('mixed_2', '2 threads: SRWLOCK, 1 of 10 writes', 1.3),
    ('mixed_4', '4 threads: SRWLOCK, 1 of 10 writes', 1.3),
    ('condition_pass', 'CONDITION_VARIABLE, to and fro', 1.3),
    ('address_pass', 'WaitOnAddress, to and fro (futex)', 1.3),
    ('event_alone', 'SetEvent + wait (mutex, condition)', 1.3),
    ('mutex_alone', 'wait + ReleaseMutex (recursive mutex)', None),
    ('semaphore_alone', 'ReleaseSemaphore + wait (sem_t)', None),
    ('event_pass', 'event, to and fro (mutex, condition)', 1.3),
]

# What the first release must reach, where that is less than the target.
OWED = {'reserve_64k': 0.3} | {case: 0.4 for case, _, target in CASES if case.startswith('query_') and target == 0.2}


SHIFTS = 16  # how many layouts


def measure(command, shift, case):
    """(minimum, median) in ns, or None if the case cannot run."""
    lines = subprocess.run(command + [f'+{shift}', case], check=True, capture_output=True, text=True).stdout.split()
    if len(lines) != 3 or lines[0] != case:
        sys.exit(f'{command[0]} does not know {case}')
    return None if lines[1] == '-' else (float(lines[1]), float(lines[2]))


def collect(commands, cases, rounds):
    """{case: [(win, raw), ...]}"""
    results = {case: [] for case in cases}
    for number in range(rounds):
        for case in cases:
            pair = [None, None]
            for side in ((0, 1) if number % 2 == 0 else (1, 0)):
                pair[side] = measure(commands[side], number % SHIFTS, case)
            results[case].append(pair)
    return results


def verdict(case, ratio, target):
    if target is None:
        return ''
    if ratio <= target:
        return 'ok'
    return 'miss' if ratio > OWED.get(case, target) else f'miss (owed: {OWED[case]})'


def print_row(case, title, target, results):
    pairs = [pair for pair in results[case] if all(pair)]
    if not pairs:
        print(f'{title:42} cannot run here')
        return None
    win, raw = (min(pair[side][0] for pair in pairs) for side in (0, 1))
    median = statistics.median(pair[0][1] / pair[1][1] for pair in pairs)
    wanted = '-' if target is None else f'{target:.2f}'
    print(f'{title:42}{win:10.1f}{raw:10.1f}{win / raw:8.2f}{median:8.2f}{wanted:>8}  '
          f'{verdict(case, win / raw, target)}')
    return win


def processor():
    try:
        with open('/proc/cpuinfo', encoding='ascii', errors='replace') as f:
            names = [line.split(':', 1)[1].strip() for line in f if line.startswith('model name')]
        return f'{len(names)} x {names[0]}'
    except (OSError, IndexError):
        return platform.machine()


def print_header(arguments):
    print(f'machine   {processor()}')
    print(f'kernel    {platform.system()} {platform.release()} {platform.version()}')
    print(f'load      {os.getloadavg()[0]:.2f} before the first round')
    print(f'command   {shlex.join(sys.argv)}')
    print(f'rounds    {arguments.rounds}\n')
    print(f'{"case":42}{"winmem":>10}{"raw":>10}{"ratio":>8}{"median":>8}{"target":>8}')


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('build', help='where winmem was built with -DWINMEM_BENCH=ON')
    parser.add_argument('--rounds', type=int, default=15)
    parser.add_argument('--cpu', help='as for taskset -c')
    parser.add_argument('--win', help='command to measure instead of winbench')
    parser.add_argument('cases', nargs='*', metavar='case')
    return parser.parse_intermixed_args()


def main():
    arguments = read_arguments()
    pinned = ['taskset', '-c', arguments.cpu] if arguments.cpu else []
    win = shlex.split(arguments.win) if arguments.win else [os.path.join(arguments.build, 'bench', 'winbench')]
    commands = (pinned + win, pinned + [os.path.join(arguments.build, 'bench', 'rawbench')])
    rows = [row for row in CASES if not arguments.cases or row[0] in arguments.cases]

    print_header(arguments)
    results = collect(commands, [case for case, *_ in rows], arguments.rounds)
    minima = {case: print_row(case, title, target, results) for case, title, target in rows}
    large, small = minima.get('query_reserved_64g'), minima.get('query_reserved_64k')
    if large and small:
        print(f'\nVirtualQuery of 64 GiB takes {large / small:.2f} of what it takes of 64 KiB (wanted: 1)')


main()
