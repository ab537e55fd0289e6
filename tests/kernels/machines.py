"""The machines of ./dev kernels, a row each: a kernel of Debian, what it runs on, how it is set, and which tests."""
from collections import namedtuple

# kernel    a version of debian.py
# memory    MiB, shared out evenly among the nodes; each node has as many of the processors
# words     of the kernel's command line; those with capital letters are settings that init knows
# user      a key of TESTS: what runs as a user; root: and what as root, each in a machine that has just been started
# cpu       what is added to the processor's name; kvm: False where only an emulated one has it for sure
# seconds   after which the machine is switched off, with KVM
Machine = namedtuple('Machine', 'name kernel memory nodes words user root cpu kvm seconds',
                     defaults=('', None, None, '', True, 600))

# What ctest would run, by names. Which mechanisms there are is the kernel's part here: so no test runs again with some
# of them switched off, and none again for the way it is linked.
NEVER = r'/(static|without-.*|traced|dense)$'
TESTS = {
    'all': r'^(api\.|kern\.|vm\.(watch|memory|handles|reset|pagescan|huge|large)$)',
    # Without what is about malloc's memory, words and messages, and without what a borrowed thread was doing, which takes
    # longest by far: kernels make the least difference there.
    'most': r'^(kern\.|vm\.(watch|memory|handles|reset|pagescan|huge|large)$|api\.(?!heap|globalmemory|localmemory|'
            r'memorymatrix|formatmessage|interlocked|lasterror|messages|remoteblocked|remotebusy|remotesignals|'
            r'remotethreads|remotetimed))',
    # What root may and others may not, and what Linux does.
    'rights': r'^(kern\.|vm\.|api\.(largepages|numa|hugepages|writewatch|reset|reset_pressure|offer|virtuallock|workingset|'
              r'userphysical|memorystatus|policy|foreign|processhandles|otherprocess|processmemory|namedelsewhere|'
              r'remotealloc|remotefork|remotehandles|queryworkingset)\.)',
    # What promises and limits of memory decide.
    'memory': r'^api\.(virtualalloc|virtualfree|virtualprotect|islands|newsection|reserved|mapview|memorystatus|offer|reset|'
              r'reset_pressure|workingset|largepages)\.',
    'pressure': r'^api\.(reset|reset_pressure|offer|memorystatus|workingset|virtualalloc|islands)\.',
    'pools': r'^api\.(largepages|numa|virtualalloc2)\.',
    'others': r'^api\.(remote[a-z]*|otherprocess|processmemory|process|named[a-z]*|readable)\.',
    'addresses': r'^api\.(badinput|virtualalloc2?|address_requirements|virtualquery|sysinfo|mapview|placeholder|islands)\.',
    'brief': r'^(api\.(writewatch|virtualalloc|placeholder|numa)\.[a-z0-9_]*$|kern\.(map|watch|pages)/as-a-user)',
}

# Every page size, two nodes, pages of 2 MiB for whoever asks or not: what a large machine with Debian looks like.
USUAL = 'hugepagesz=1G hugepages=2 POOL=64 THP=always YAMA=1 OVERCOMMIT=0'

MACHINES = (
    Machine('5.10', '5.10', 6144, 2, USUAL, user='most', root='rights'),
    Machine('6.1', '6.1', 6144, 2, USUAL, user='most', root='rights'),
    Machine('6.12', '6.12', 6144, 2, USUAL, user='most', root='rights'),
    Machine('5.10-small', '5.10', 768, 1, user='pressure', root='pressure'),
    Machine('6.1-overcommit-1', '6.1', 3072, 1, 'OVERCOMMIT=1', user='memory'),
    Machine('6.1-overcommit-2', '6.1', 3072, 1, 'OVERCOMMIT=2', user='memory'),
    Machine('6.1-yama-2', '6.1', 2048, 1, 'YAMA=2', user='others', root='others'),
    Machine('6.1-empty-pool', '6.1', 2048, 1, 'POOL=1', user='pools'),
    Machine('6.1-five-levels', '6.1', 2048, 1, user='addresses', cpu=',la57=on', kvm=False),
    Machine('6.12-group', '6.12', 4096, 1, 'GROUP=1073741824', root='memory'),
)
BRIEF = Machine('6.1-brief', '6.1', 3072, 2, 'POOL=16 THP=always YAMA=1', user='brief', seconds=70)


def runs(machine):
    """[(who, pattern of tests)]"""
    return [(who, TESTS[tests]) for who, tests in (('user', machine.user), ('root', machine.root)) if tests]
