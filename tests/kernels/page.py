"""What docs/support.md shows of a run of all machines: which mechanisms are in use on which kernel, how the tests ended,
and each reason for which one was skipped. The same results give the same text.
"""
import re

import machines as rows

BEGIN, END = '<!-- tests/kernels/page.py writes from here -->', '<!-- to here -->'
SKIPPED, NAMED = 77, 3


def line(*cells):
    return '| ' + ' | '.join(cells) + ' |'


def table(head, rows):
    return [line(*head), '|' + '---|' * len(head), *(line(*row) for row in rows), '']


# --- which mechanisms are in use ---

def by_machine(results):
    """[(machine, {who: result})]"""
    found = {}
    for result in results:
        found.setdefault(result.machine, {})[result.who] = result
    return list(found.items())


def in_use(runs, name):
    """As root and as a user, where that makes a difference."""
    answers = {who: 'yes' if run.mechanisms.get(name) else 'no' for who, run in runs.items() if run.mechanisms}
    if not answers:
        return ''
    if len(set(answers.values())) == 1:
        return min(answers.values())
    return ', '.join(f'{who}: {answer}' for who, answer in answers.items())


def version(runs):
    return max(run.facts.get('version', '') for run in runs.values())


def mechanisms(machines):
    """Of those that are named after their kernel alone."""
    kernels = [runs for machine, runs in machines if machine.name == machine.kernel]
    names = list(dict.fromkeys(name for runs in kernels for run in runs.values() for name in run.mechanisms))
    return table(['mechanism', *('Linux ' + version(runs) for runs in kernels)],
                 [[name, *(in_use(runs, name) for runs in kernels)] for name in names])


# --- the machines ---

def choice(text):
    found = re.search(r'\[(\w+)\]', text)
    return found.group(1) if found else text


def size(text):
    return f'{int(text) >> 20} MiB' if text.isdigit() else 'none'


def setting(runs):
    facts = max(runs.values(), key=lambda run: len(run.facts)).facts
    if not facts:
        return ''
    told = [f'{int(facts["memory"]) >> 10} MiB', f'nodes {facts.get("nodes")}',
            f'{facts.get("pool2m") or 0} pages of 2 MiB and {facts.get("pool1g") or 0} of 1 GiB',
            f'THP {choice(facts.get("thp", ""))}', f'Yama {facts.get("yama")}', f'overcommit {facts.get("overcommit")}',
            f'memory.max {size(facts.get("group", ""))}', f'page tables of {facts.get("levels")} levels']
    return ', '.join(told)


def score(runs, who):
    if who not in runs:
        return ''
    if not runs[who].facts:
        return 'not run'
    count, failed, skipped = runs[who].count()
    cut = '' if runs[who].ended else ', not to its end'
    return f'{count - failed - skipped} passed, {skipped} skipped, {failed} failed{cut}'


def settings(machines):
    return table(['machine', 'what it is', 'as root', 'as a user'],
                 [[machine.name, setting(runs), score(runs, 'root'), score(runs, 'user')] for machine, runs in machines])


# --- what was skipped, and what failed ---

def reasons_of(said):
    """What it said after "skip NAME: ", or "skipped: "."""
    texts = [re.sub(r'^(skipped: *|skip [^:]*: *|skipped [^:]*: *)', '', text) for text in said
             if text.startswith('skip')]
    return list(dict.fromkeys(texts))


def where(places):
    """[(machine, who)] as text."""
    who_by_machine = {}
    for machine, who in places:
        who_by_machine.setdefault(machine, set()).add(who)
    return ', '.join(machine.name + ('' if len(who) == len(rows.runs(machine)) else f' ({min(who)})')
                     for machine, who in who_by_machine.items())


def which(names):
    return ', '.join(f'`{name}`' for name in names) if len(names) <= NAMED else f'{len(names)} tests'


def skips(results):
    """By reason and by where: many tests want the same of a machine."""
    places, rows = {}, {}
    for result in results:
        for name, test in result.tests.items():
            for reason in reasons_of(test[2]) if test[0] == SKIPPED else []:
                places.setdefault((reason, name), []).append((result.machine, result.who))
    for (reason, name), found in places.items():
        rows.setdefault((reason, where(found)), []).append(name)
    return table(['skipped because', 'where', 'tests'],
                 [[reason, place, which(names)] for (reason, place), names in sorted(rows.items())])


def reason_of(known, result, name):
    """Of a failure: the kernel's, or that of a processor that is not a real one. None: it is not known."""
    emulated = 'emulated' if result.facts.get('emulated') == '1' else None
    reasons = [known.get((what, name)) for what in (emulated, result.machine.name, result.machine.kernel)]
    return next((reason for reason in reasons if reason), None)


def failures(results, known):
    rows = {}
    for result in results:
        for name, test in result.tests.items():
            if test[0] not in (0, SKIPPED):
                why = reason_of(known, result, name) or 'not explained'
                rows.setdefault((name, why), []).append((result.machine, result.who))
    return table(['failed', 'where', 'why'], [[f'`{name}`', where(found), why]
                                              for (name, why), found in rows.items()]) if rows else []


def write(results, known, path):
    machines = by_machine(results)
    lines = [BEGIN, '', *mechanisms(machines), *settings(machines), *failures(results, known), *skips(results), END]
    with open(path, encoding='utf-8') as file:
        text = file.read()
    before, rest = text.split(BEGIN, 1)
    with open(path, 'w', encoding='utf-8') as file:
        file.write(before + '\n'.join(lines) + rest.split(END, 1)[1])
