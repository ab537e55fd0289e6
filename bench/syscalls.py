#!/usr/bin/env python3
"""Which system calls each operation makes: runs bench/syscalls under strace.

    bench/syscalls.py BUILD-DIRECTORY

Counts are per operation, the first of its kind left out (it may open a descriptor or grow the book).
"""
import collections
import os
import re
import subprocess
import sys
import tempfile

MARK = re.compile(r'^write\(-1, "([^"]*)"')
CALL = re.compile(r'^(\w+)\(')


def trace(program):
    with tempfile.NamedTemporaryFile('r', suffix='.strace') as out:
        subprocess.run(['strace', '-o', out.name, '-s', '80', program], check=True)
        return out.read().splitlines()


def count(lines):
    """{operation: [times, Counter of calls]}, in the order of the program."""
    table, name = {}, '-'
    for line in lines:
        mark = MARK.match(line)
        if mark:
            name = mark.group(1)
            if name != '-':
                table.setdefault(name, [0, collections.Counter()])[0] += 1
        elif name != '-' and CALL.match(line):
            table[name][1][CALL.match(line).group(1)] += 1
    return table


def told(times, calls):
    if not calls:
        return 'none'
    return ', '.join(f'{number / times:.3g} {name}' for name, number in sorted(calls.items()))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    program = os.path.join(sys.argv[1], 'bench', 'syscalls')
    for name, (times, calls) in count(trace(program)).items():
        print(f'{name:38} {told(times, calls)}')


main()
