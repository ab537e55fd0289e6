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
    # Where kernels make a difference: pages, promises, large pages, write watch, contents that may go. As a user; and as
    # root what root may, and what Linux does, pin by pin.
    'pages': r'^(kern\.[a-z]*/as-a-user$|vm\.(watch|pagescan)$|'
             r'api\.(writewatch|hugepages|largepages|numa|queryworkingset|reset|inherited)\.)',
    'root': r'^(kern\.(watch|sections|markers|moving|pages|system|map)\.|api\.(largepages|numa)\.)',
    'promises': r'^api\.(virtualalloc|virtualprotect|newsection|memorystatus)\.',
    'pressure': r'^api\.(reset|reset_pressure|offer|memorystatus|workingset|virtualalloc|islands)\.',
    'pools': r'^api\.(largepages|numa|virtualalloc2)\.',
    'others': r'^api\.(otherprocess|processmemory|remoteaccess|remotealloc)\.',
    'addresses': r'^api\.(badinput|virtualalloc|address_requirements|sysinfo)\.',
    'group': r'^api\.(reset_pressure|memorystatus|virtualalloc)\.',
    'brief': r'^(api\.(writewatch|virtualalloc|placeholder|numa)\.[a-z0-9_]*$|kern\.(map|watch|pages)/as-a-user)',
}

# Every page size, two nodes, pages of 2 MiB for whoever asks or not: what a large machine with Debian looks like.
USUAL = 'hugepagesz=1G hugepages=2 POOL=64 THP=always YAMA=1 OVERCOMMIT=0'

MACHINES = (
    Machine('5.10', '5.10', 6144, 2, USUAL, user='pages', root='root'),
    Machine('6.1', '6.1', 6144, 2, USUAL, user='pages', root='root'),
    Machine('6.12', '6.12', 6144, 2, USUAL, user='pages', root='root'),
    Machine('5.10-small', '5.10', 768, 1, user='pressure'),
    Machine('6.1-overcommit-1', '6.1', 3072, 1, 'OVERCOMMIT=1', user='promises'),
    Machine('6.1-overcommit-2', '6.1', 3072, 1, 'OVERCOMMIT=2', user='promises'),
    Machine('6.1-yama-2', '6.1', 2048, 1, 'YAMA=2', user='others'),
    Machine('6.1-empty-pool', '6.1', 2048, 1, 'POOL=1', user='pools'),
    Machine('6.1-five-levels', '6.1', 2048, 1, user='addresses', cpu=',la57=on', kvm=False),
    Machine('6.12-group', '6.12', 4096, 1, 'GROUP=1073741824', root='group'),
)
BRIEF = Machine('6.1-brief', '6.1', 3072, 2, 'POOL=16 THP=always YAMA=1', user='brief', seconds=30)


def runs(machine):
    """[(who, pattern of tests)]"""
    return [(who, TESTS[tests]) for who, tests in (('user', machine.user), ('root', machine.root)) if tests]
