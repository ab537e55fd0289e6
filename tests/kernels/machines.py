"""The machines of ./dev kernels, a row each: a kernel of Debian, what it runs on, how it is set, and which tests."""
from collections import namedtuple

# kernel    a version of debian.py
# memory    MiB, shared out evenly among the nodes; each node has as many of the processors
# cpu       what is added to the processor's name; kvm: False where only an emulated one has it for sure
# words     of the kernel's command line; those with capital letters are settings that init knows
# who       runs the tests, each in a machine that has just been started
# tests     a key of TESTS
# seconds   after which the machine is switched off, with KVM
Machine = namedtuple('Machine', 'name kernel memory nodes cpu kvm words who tests seconds',
                     defaults=('', True, '', ('root', 'user'), 'api', 600))

# What ctest would run, by names. Which mechanisms there are is the kernel's part here: so no test runs again with some
# of them switched off, and none again for the way it is linked.
TESTS = {
    'all': r'^(api\.|kern\.|vm\.(watch|memory|handles|reset|pagescan|huge|large)$)',
    'api': r'^api\.',
    'brief': r'^(api\.(writewatch|virtualalloc|placeholder|numa)\.[a-z0-9_]*$|kern\.(map|watch|pages|markers)/as-a-user)',
    'pressure': r'^api\.(reset|reset_pressure|offer|memorystatus|workingset|virtualalloc|islands)\.',
    'pools': r'^api\.(largepages|numa|virtualalloc2)\.',
    'remote': r'^api\.(remote[a-z]*|otherprocess|processmemory|process|named[a-z]*|readable)\.',
    'addresses': r'^api\.(virtualalloc2?|address_requirements|virtualquery|sysinfo|mapview|placeholder|islands|linux_only)\.',
}
NEVER = r'/(static|without-.*|traced|dense)$'

# Every page size, two nodes, pages of 2 MiB for whoever asks or not: what a large machine with Debian looks like.
USUAL = 'hugepagesz=1G hugepages=2 POOL=64 THP=always YAMA=1 OVERCOMMIT=0'

MACHINES = (
    Machine('5.10', '5.10', 6144, 2, words=USUAL, tests='all'),
    Machine('6.1', '6.1', 6144, 2, words=USUAL, tests='all'),
    Machine('6.12', '6.12', 6144, 2, words=USUAL, tests='all'),
    Machine('6.1-overcommit-1', '6.1', 3072, 1, words='OVERCOMMIT=1', who=('user',)),
    Machine('6.1-overcommit-2', '6.1', 3072, 1, words='OVERCOMMIT=2', who=('user',)),
    Machine('6.1-yama-2', '6.1', 2048, 1, words='YAMA=2', tests='remote'),
    Machine('6.12-group', '6.12', 4096, 1, words='GROUP=1073741824', who=('root',), tests='api'),
    Machine('5.10-small', '5.10', 768, 1, tests='pressure'),
    Machine('6.1-empty-pool', '6.1', 2048, 1, words='POOL=1', who=('user',), tests='pools'),
    Machine('6.1-five-levels', '6.1', 2048, 1, cpu=',la57=on', kvm=False, words='', who=('user',), tests='addresses'),
)
BRIEF = Machine('6.1-brief', '6.1', 3072, 2, words='POOL=16 THP=always YAMA=1', who=('user',), tests='brief', seconds=70)
