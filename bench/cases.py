"""The cases as they are printed, by group: name; what it is; what is owed: winmem / raw at most; what is counted.

Owed as issue 15 has it, or None: nobody has named a ratio. Where bookkeeping replaces a system call the ratio is
that call's price on the machine: 25 ns are 0.1 of one here and 0.01 elsewhere.
"""
import collections

Case = collections.namedtuple('Case', 'name title owed unit', defaults=('ns',))

GROUPS = {
    'Memory': [
        Case('reserve_64k', 'reserve 64 KiB + release', 0.05),
        Case('reserve_16t', 'reserve 16 TiB + release', 1.0),
        Case('alloc_64k', 'reserve + commit 64 KiB + release', 0.6),
        Case('alloc_64k_touched', '  the same, every page touched', 1.0),
        Case('commit_64k', 'commit + decommit 64 KiB inside 1 GiB', 0.6),
        Case('commit_4k', 'commit + decommit 4 KiB inside 1 GiB', 0.45),
        Case('commit_around', '  of a 64 KiB block at places all over it', 0.9),
        Case('recommit_64k', 'commit of committed 64 KiB', 0.1),
        Case('recommit_1g', 'commit of committed 1 GiB', 0.1),
        Case('protect_flip', 'VirtualProtect RW<->R, one page', 1.05),
        Case('protect_same', 'VirtualProtect to what it is', 0.11),
        Case('threads_alloc', '2 threads: reserve + commit + release', 0.6),
        Case('threads_commit', '2 threads: commit + decommit, own ground', 0.6),
    ],
    'First touch': [
        Case('touch_1g', 'first touch of 1 GiB, per page', 1.05),
        Case('touch_1g_large', '  raw with MADV_HUGEPAGE', 1.05),
        Case('touch_64m', 'first touch of 64 MiB, 2 MiB at a time', 1.05),
        Case('touch_64m_large', '  raw with MADV_HUGEPAGE', 1.05),
        Case('life', "an allocator's life, 8 threads, per 64 KiB", 1.05),
        Case('life_large', '  raw with MADV_HUGEPAGE', 1.05),
        Case('sparse_resident', 'in memory, 1 page in 64 touched, each', 1.1, 'bytes'),
    ],
    'Questions': [
        Case('query_of_10', 'VirtualQuery, 10 own regions', 0.05),
        Case('query_of_1000', 'VirtualQuery, 1,000 own regions', 0.05),
        Case('query_of_30000', 'VirtualQuery, 30,000 own regions', 0.05),
        Case('query_committed_1g', 'VirtualQuery, committed 1 GiB', 0.05),
        Case('query_reserved_64g', 'VirtualQuery, reserved 64 GiB', 0.05),
        Case('query_reserved_64k', 'VirtualQuery, reserved 64 KiB', 0.05),
        Case('query_static_buffer', '  the same, answer not to the stack', 0.06),
        Case('query_beside_alloc', 'VirtualQuery while another allocates', 0.05),
        Case('query_stack', 'VirtualQuery, stack', 1.1),
        Case('query_library', 'VirtualQuery, library', 1.1),
        Case('query_free', 'VirtualQuery, free space', 1.1),
        Case('query_hole', 'VirtualQuery, hole between reservations', 1.1),
        Case('walk_allocations', 'walk of 1,000 reservations, per region', 0.06),
        Case('walk_runs', 'walk of 1,000 runs of pages, per region', 0.15),
    ],
    'Views, watches, guards, physical pages': [
        Case('ring_buffer', 'placeholder, split, 2 views, unmap', 1.05),
        Case('view_64k', 'map + unmap view of 64 KiB', 1.15),
        Case('named_open', 'open + close by a name (raw: with fstat)', 3),
        Case('watch_first_write', 'first write to a watched page', 1.05),
        Case('watch_get_1', 'GetWriteWatch + reset of 64 MiB, 1 % dirty', 1.05),
        Case('watch_get_10', '  the same, 10 % dirty', 1.1),
        Case('watch_get_100', '  the same, all dirty', 1.05),
        Case('watch_get_clean', '  the same, clean', 1.1),
        Case('watch_clean_64g', '  a clean watch of 64 GiB, 64 MiB committed', 1.1),
        Case('guard_hit', 'PAGE_GUARD, hit, vectored handler', 1.05),
        Case('reset_1m', 'MEM_RESET of 1 MiB, touched', 1.05),
        Case('reset_undo_1m', 'MEM_RESET + MEM_RESET_UNDO of 1 MiB', 1.05),
        Case('physical_scatter', 'AWE: 4,096 scattered pages in + out, each', 1.05),
        Case('physical_run', 'AWE: 4,096 pages in a row in + out, each', 1.1),
    ],
    'Other processes': [
        Case('remote_alloc', 'VirtualAllocEx + FreeEx, process that waits', 1.0),
        Case('remote_alloc_foreign', '  the same, without the library', 1.1),
        Case('remote_query', 'VirtualQueryEx (raw: 64 bytes read)', 2),
        Case('remote_walk', 'walk of 10,000 regions there, per region', 0.5),
        Case('remote_read_64', 'ReadProcessMemory, 64 bytes', 1.1),
        Case('remote_read_4k', 'ReadProcessMemory, 4 KiB', 1.1),
        Case('remote_read_1m', 'ReadProcessMemory, 1 MiB', 1.02),
        Case('remote_write_64', 'WriteProcessMemory, 64 bytes', 1.1),
        Case('remote_write_4k', 'WriteProcessMemory, 4 KiB', 1.1),
        Case('remote_write_1m', 'WriteProcessMemory, 1 MiB', 1.02),
    ],
    'Heaps (raw: malloc)': [
        Case('heap_mix', 'HeapAlloc + HeapFree, 16 to 4,096 bytes', 1.3),
        Case('heap_small', '  the same, small ones more often', 1.3),
        Case('global_mix', 'GlobalAlloc + GlobalFree, fixed', 1.3),
        Case('local_mix', 'LocalAlloc + LocalFree, fixed', 1.3),
        Case('private_mix', 'HeapAlloc + HeapFree, heap of its own', 1.3),
        Case('heap_threads', '2 threads: HeapAlloc + HeapFree', 1.3),
        Case('heap_passed', "2 threads, each frees the other's", 1.3),
        Case('heap_64', 'HeapAlloc + HeapFree, always 64 bytes', 2.0),
        Case('movable', 'movable: alloc, lock, unlock, free', 4),
    ],
    'Locks and waiting (raw: libc)': [
        Case('section_alone', 'CRITICAL_SECTION: enter + leave', 1.3),
        Case('slim_alone', 'SRWLOCK: alone (mutex)', 1.3),
        Case('shared_alone', 'SRWLOCK: shared (rwlock)', 1.3),
        Case('exclusive_alone', 'SRWLOCK: alone (rwlock)', 1.3),
        Case('wake_nobody', 'WakeAllConditionVariable, nobody sleeps', 1.3),
        Case('once_done', 'InitOnceExecuteOnce, done', 1.3),
        Case('section_2', '2 threads: CRITICAL_SECTION', 1.3),
        Case('section_4', '4 threads: CRITICAL_SECTION', 1.3),
        Case('slim_2', '2 threads: SRWLOCK (mutex)', 1.3),
        Case('slim_4', '4 threads: SRWLOCK (mutex)', 1.3),
        Case('shared_2', '2 threads: SRWLOCK shared (rwlock)', 1.3),
        Case('shared_4', '4 threads: SRWLOCK shared (rwlock)', 1.3),
        Case('mixed_2', '2 threads: SRWLOCK, 1 of 10 writes', 1.3),
        Case('mixed_4', '4 threads: SRWLOCK, 1 of 10 writes', 1.3),
        Case('condition_pass', 'CONDITION_VARIABLE, to and fro', 1.3),
        Case('address_pass', 'WaitOnAddress, to and fro (futex)', 1.3),
        Case('event_alone', 'SetEvent + wait (mutex, condition)', 1.3),
        Case('mutex_alone', 'wait + ReleaseMutex (recursive mutex)', None),
        Case('semaphore_alone', 'ReleaseSemaphore + wait (sem_t)', None),
        Case('event_pass', 'event, to and fro (mutex, condition)', 1.3),
    ],
}


def select(names):
    """[(group, case)] of those names, or of all."""
    every = [(group, case) for group, cases in GROUPS.items() for case in cases]
    unknown = set(names) - {case.name for _, case in every}
    if unknown:
        raise SystemExit('no such case: ' + ', '.join(sorted(unknown)))
    return [(group, case) for group, case in every if not names or case.name in names]
