"""What docs/support.md shows of a run of all machines: which mechanisms are in use on which kernel, how the tests ended,
and each reason for which one was skipped. The same results give the same text.
"""
import re

BEGIN, END = '<!-- tests/kernels/page.py writes from here -->', '<!-- to here -->'
SKIPPED, NAMED = 77, 3


def line(*cells):
    return '| ' + ' | '.join(cells) + ' |'


def table(head, rows):
    return [line(*head), '|' + '---|' * len(head), *(line(*row) for row in rows), '']


# --- which mechanisms are in use ---

def usual(results):
    """The machines that are named after their kernel alone."""
    return [result for result in results if result.machine.name == result.machine.kernel]


def in_use(result, name):
    root, user = (result.mechanisms.get((who, name)) for who in ('root', 'user'))
    if root == user:
        return {True: 'yes', False: 'no', None: '?'}[root]
    return 'as root' if root else 'as a user'


def mechanisms(results):
    kernels = usual(results)
    names = list(dict.fromkeys(name for result in kernels for _, name in result.mechanisms))
    return table(['mechanism', *('Linux ' + result.facts['version'] for result in kernels)],
                 [[name, *(in_use(result, name) for result in kernels)] for name in names])


# --- the machines ---

def choice(text):
    found = re.search(r'\[(\w+)\]', text)
    return found.group(1) if found else text


def size(text):
    return f'{int(text) >> 20} MiB' if text.isdigit() else 'none'


def setting(result):
    facts = result.facts
    return (f'{int(facts["memory"]) >> 10} MiB, nodes {facts["nodes"]}, {facts["pool2m"] or 0} pages of 2 MiB and '
            f'{facts["pool1g"] or 0} of 1 GiB, THP {choice(facts["thp"])}, Yama {facts["yama"]}, overcommit '
            f'{facts["overcommit"]}, memory.max {size(facts["group"])}, page tables of {facts["levels"]} levels')


def score(result, who):
    codes = [test[0] for (by, _), test in result.tests.items() if by == who]
    if not codes:
        return ''
    return (f'{codes.count(0)} passed, {codes.count(SKIPPED)} skipped, '
            f'{sum(code not in (0, SKIPPED) for code in codes)} failed')


def settings(results):
    return table(['machine', 'what it is', 'as root', 'as a user'],
                 [[result.machine.name, setting(result), score(result, 'root'), score(result, 'user')]
                  for result in results])


# --- what was skipped ---

def reasons_of(said):
    """What it said after "skip NAME: ", or "skipped: "."""
    said = [re.sub(r'^(skipped: *|skip [^:]*: *|skipped [^:]*: *)', '', text) for text in said
            if text.startswith('skip')]
    return list(dict.fromkeys(said))


def where(places):
    """{(machine, who)} as text."""
    by_machine = {}
    for machine, who in places:
        by_machine.setdefault(machine, set()).add(who)
    return ', '.join(machine + ('' if len(who) == 2 else f' ({min(who)})') for machine, who in by_machine.items())


def which(names):
    return ', '.join(f'`{name}`' for name in names) if len(names) <= NAMED else f'{len(names)} tests'


def skips(results):
    """By reason and by where: many tests want the same of a machine."""
    places, reasons = {}, {}
    for result in results:
        for (who, name), test in result.tests.items():
            for reason in reasons_of(test[2]) if test[0] == SKIPPED else []:
                places.setdefault((reason, name), []).append((result.machine.name, who))
    for (reason, name), found in places.items():
        reasons.setdefault((reason, where(found)), []).append(name)
    return table(['skipped because', 'where', 'tests'],
                 [[reason, place, which(names)] for (reason, place), names in reasons.items()])


def failures(results, known):
    rows = [[f'`{name}`', f'{result.machine.name} ({who})', known.get((result.machine.kernel, name), 'not explained')]
            for result in results for (who, name), test in result.tests.items() if test[0] not in (0, SKIPPED)]
    return table(['failed', 'where', 'why'], rows) if rows else []


def write(results, known, path):
    lines = [BEGIN, *mechanisms(results), *settings(results), *failures(results, known), *skips(results), END]
    with open(path, encoding='utf-8') as file:
        text = file.read()
    before, rest = text.split(BEGIN, 1)
    with open(path, 'w', encoding='utf-8') as file:
        file.write(before + '\n'.join(lines) + rest.split(END, 1)[1])
