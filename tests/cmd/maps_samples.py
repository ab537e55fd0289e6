"""Saved files of processes that never were, for the tests of the page and of the picture.

    maps_samples.py small|later|large|names|hostile|cut  >FILE

small: a process that has everything; later: the same a while later; large: 100,000 regions; names: names that want to be
something else, in a file that is in order; hostile: the same in one that is not; cut: a file whose end is missing.
"""
import json
import random
import sys

KIB, MIB, GIB, TIB = 1 << 10, 1 << 20, 1 << 30, 1 << 40
LOWEST, HIGHEST = 0x10000, 0x7ffffffeffff

HOSTILE = [
    '</script><script>window.broken=1</script>',
    '<!--<script>',
    '<img src=x onerror="window.broken=2">',
    '"><svg/onload=window.broken=3>',
    "';window.broken=4;//",
    ']]></text><script>window.broken=5</script><!--',
    '\u2028window.broken=6\u2029',
    'name\nwith\r\n{"end":true,"regions":1}\nlines\tand\x1b[31mred',
    'right\u202eto left',
    '\ufffd\ufffe\uffff\ud7ff&amp;&lt;&#60;',
    '${window.broken=7}`',
    'x' * 3000,
]


class Process:
    """Regions in ascending order; what lies between them is free."""

    def __init__(self, name, taken='2026-11-30T21:30:00Z'):
        self.head = {'winmem-maps': 1, 'pid': 1234, 'name': name, 'taken': taken, 'page': 4096, 'granularity': 65536,
                     'lowest': hex(LOWEST), 'highest': hex(HIGHEST), 'book': True, 'mappings': 120,
                     'most_mappings': 65530, 'system': {'committed': 9 * GIB, 'commit_limit': 15 * GIB}}
        self.regions = []
        self.at = LOWEST

    def free(self, to):
        if to > self.at:
            self.regions.append({'start': hex(self.at), 'bytes': to - self.at, 'type': 'free', 'state': 'free',
                                 'protect': ''})
        self.at = to

    def add(self, start, size, kind, state='commit', protect='rw', allocation=None, pages=None, **more):
        self.free(start)
        region = {'start': hex(start), 'bytes': size, 'type': kind, 'state': state,
                  'protect': protect if state == 'commit' else ''}
        if kind not in ('free', 'slack'):
            region['allocation'] = hex(allocation if allocation is not None else start)
            region['allocation_protect'] = protect
        if pages:
            region.update(amounts(pages))
        region.update(more)
        self.regions.append(region)
        self.at = start + size
        return self.at

    def lines(self):
        self.free(HIGHEST + 1)
        yield self.head
        yield from self.regions
        yield {'end': True, 'regions': len(self.regions)}

    def text(self):
        return ''.join(json.dumps(line, separators=(',', ':'), ensure_ascii=False) + '\n' for line in self.lines())


def amounts(runs):
    """What run lengths [(count, letter)] mean in bytes."""
    def of(letters):
        return 4096 * sum(count for count, letter in runs if letter in letters)
    text = ''.join((str(count) if count > 1 else '') + letter for count, letter in runs)
    named = {'resident': of('rslh'), 'private': of('rlh'), 'shared': of('s'), 'locked': of('l'), 'swapped': of('w'),
             'pages': text if len(text) <= 4096 else '~'}
    return {name: value for name, value in named.items() if value}


def runs(random_, pages, letters):
    """Run lengths over a number of pages."""
    result = []
    while pages > 0:
        count = min(pages, 1 + int(random_.expovariate(1 / 9)))
        result.append((count, random_.choice(letters)))
        pages -= count
    return result


def library(process, at, name, size):
    random_ = random.Random(name)
    start = at
    for protect, part in (('r', .15), ('rx', .6), ('r', .2), ('r', .02), ('rw', .03)):
        length = max(4096, int(size * part) // 4096 * 4096)
        at = process.add(at, length, 'image', protect=protect, allocation=start,
                         pages=runs(random_, length // 4096, 'ss.' if protect != 'rw' else 'r'), file=name)
    return at


def arena(process, at, size, seed, watched=False):
    """A reservation in which pieces are committed."""
    random_ = random.Random(seed)
    start = at
    while at < start + size:
        left = start + size - at
        length = min(left, 4096 * (1 + int(random_.expovariate(1 / 40))))
        if random_.random() < .55:
            more = {'is': ['watched']} if watched else {}
            at = process.add(at, length, 'private', allocation=start, pages=runs(random_, length // 4096, 'rrrr.lwh'[:random_.randint(4, 8)]), **more)
        else:
            at = process.add(at, length, 'private', 'reserve', allocation=start)
    return at


def small(later=False):
    process = Process('collector', '2026-11-30T21:45:00Z' if later else '2026-11-30T21:30:00Z')
    random_ = random.Random(7)
    arena(process, 0x100000000, 2 * MIB, 'low')
    process.add(0x100300000, 256 * KIB, 'placeholder', 'reserve')
    process.add(0x100340000, 64 * KIB, 'mapped', pages=[(16, 's')], **{'is': ['section']})
    process.add(0x100350000, 192 * KIB, 'placeholder', 'reserve')
    library(process, 0x555555554000, '/usr/bin/collector', 900 * KIB)
    pages = 768 if later else 512
    process.add(0x55555580b000, 4096 * pages, 'heap', pages=runs(random_, 300, 'r.') + [(pages - 300, '.')])
    at = arena(process, 0x7d0000000000, 24 * MIB, 'arena2' if later else 'arena', watched=True)
    process.add(at, 1 * TIB, 'private', 'reserve', allocation=at)
    start = 0x7fa000000000
    process.add(start, 4096, 'private', allocation=start, protect='rwg')
    process.add(start + 4096, 60 * KIB, 'private', allocation=start, pages=[(3, '.'), (12, 'r')])
    if not later:
        process.add(start + 0x100000, 8 * MIB, 'private', pages=[(2048, 'h')], **{'is': ['large']})
    else:
        process.add(start + 0xa00000, 5 * MIB, 'private', pages=[(500, 'r'), (780, '.')])
    process.add(start + 0x2000000, 40 * KIB, 'mapped', protect='r', pages=[(10, 's')], file='/var/lib/collector/index.db')
    process.add(start + 0x200a000, 24 * KIB, 'slack', 'free')
    at = 0x7fffb7a00000
    for name, size in (('/usr/lib/x86_64-linux-gnu/libstdc++.so.6.0.30', 2200 * KIB),
                       ('/usr/lib/x86_64-linux-gnu/libm.so.6', 900 * KIB),
                       ('/usr/lib/x86_64-linux-gnu/libc.so.6', 1900 * KIB),
                       ('/usr/lib/x86_64-linux-gnu/libwinmem.so.0.1.0', 700 * KIB),
                       ('/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2', 220 * KIB)):
        at = library(process, at, name, size) + 3 * 4096
    start = 0x7fffc0000000
    process.add(start, 4096, 'stack', allocation=start, protect='rwg')
    process.add(start + 4096, 8 * MIB - 4096, 'stack', 'reserve', allocation=start)
    process.add(start + 8 * MIB, 128 * KIB, 'stack', allocation=start, protect='rwx' if later else 'rw', pages=[(22, '.'), (10, 'r')])
    process.add(0x7ffffffce000, 132 * KIB, 'stack', pages=[(20, '.'), (13, 'r')])
    return process


def later():
    return small(later=True)


def large(count=100_000):
    """Written line by line: a dictionary for each would take longer than the page does."""
    process = Process('many')
    random_ = random.Random(1)
    lines = [f'{{"start":"{LOWEST:#x}","bytes":{0x700000000000 - LOWEST},"type":"free","state":"free","protect":""}}']
    at = allocation = 0x700000000000
    kind = 'private'
    while len(lines) < count:
        if len(lines) % 500 < 2:
            kind = random_.choice(('private', 'private', 'private', 'mapped', 'heap', 'image', 'stack', 'placeholder'))
        size = 4096 * (1 + int(random_.expovariate(1 / 12)))
        state, more = 'commit', f'rw","resident":{size},"private":{size},"pages":"{size // 4096}r'
        if kind == 'placeholder' or random_.random() < .3:
            state, more = 'reserve', ''
        lines.append(f'{{"start":"{at:#x}","bytes":{size},"type":"{kind}","state":"{state}","allocation":"{allocation:#x}",'
                     f'"allocation_protect":"rw","file":"/usr/lib/lib{allocation >> 12 & 4095}.so","protect":"{more}"}}')
        at += size
        if random_.random() < .25:
            gap = 900 * GIB if len(lines) % 15000 < 8 else 4096 * (1 + int(random_.expovariate(1 / 8)))
            lines.append(f'{{"start":"{at:#x}","bytes":{gap},"type":"free","state":"free","protect":""}}')
            at = allocation = at + gap
    lines.append(f'{{"start":"{at:#x}","bytes":{HIGHEST + 1 - at},"type":"free","state":"free","protect":""}}')
    whole = [json.dumps(process.head), *lines, json.dumps({'end': True, 'regions': len(lines)}), '']
    process.text = lambda: '\n'.join(whole)
    return process


def names():
    process = Process('</title><script>window.broken=9</script>')
    at = 0x7f0000000000
    for name in HOSTILE:
        at = process.add(at, 64 * KIB, 'mapped', pages=[(16, 's')], file=name, **{'is': ['section']})
    return process


def hostile():
    process = names()
    at = process.at
    for name in HOSTILE:
        at = process.add(at, 64 * KIB, name[:60], protect=name[:20], file=name, **{'is': [name, 7]})
    process.regions.append({'start': 'nowhere', 'bytes': -4, 'type': 'private'})
    process.regions.append({'start': hex(at), 'bytes': 2 ** 80, 'type': 'private', 'state': 'commit'})
    process.regions.append([1, 2])
    process.regions.append({'start': hex(LOWEST), 'bytes': 4096, 'type': '__proto__', 'state': 'constructor'})
    return process


def cut():
    process = small()
    whole = process.text()
    process.text = lambda: whole[:len(whole) * 2 // 3]
    return process


if __name__ == '__main__':
    sys.stdout.buffer.write(globals()[sys.argv[1]]().text().encode('utf-8', 'surrogatepass'))
