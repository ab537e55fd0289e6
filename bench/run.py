#!/usr/bin/env python3
"""winmem against bare system calls: runs winbench and rawbench in turns and prints the ratios.

    bench/run.py BUILD-DIRECTORY [--rounds N] [--cpu LIST] [--wine N] [case ...]

A round runs every case once in each program, one right after the other, each in a process of its own.
Each round also has a few mappings more than the last, for both, as costs depend on how they happen to lie.

winmem, raw  the minimum over all rounds, ns per operation
ratio        of these minima; "ok" if it is not above what is owed (cases.py)
median       of each round's own ratio of medians: what a usual layout on this machine gives
Wine         ratio of its minimum to raw's

Numbers of different runs do not compare; ratios do, more or less. All of it also goes to
BUILD-DIRECTORY/results.json, with what they were measured on.

--cpu   pin both programs, as taskset does (two processors at least: some cases have two threads)
--wine  so many rounds of the same source under Wine as well, where it and mingw-w64 are installed
"""
import argparse
import datetime
import json
import os
import platform
import shlex
import statistics
import subprocess
import sys

import cases
import wine

SHIFTS = 16  # how many layouts
SECONDS = 300  # no case takes so long
WINE_SECONDS = 20  # some cases take minutes there


class Failed(Exception):
    """A program that ended badly, not at all, or without an answer."""


def measure(command, shift, case, timeout=SECONDS, env=None):
    """(minimum, median), or None if the case cannot run."""
    try:
        words = subprocess.run(command + [f'+{shift}', case], check=True, capture_output=True, text=True,
                               timeout=timeout, env=env).stdout.split()
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise Failed(str(error)) from error
    if len(words) != 3 or words[0] != case:
        raise Failed(f'{command[-1]} does not know {case}')
    return None if words[1] == '-' else (float(words[1]), float(words[2]))


def collect(commands, names, rounds):
    """{case: [[win, raw], ...]}, and what failed, which costs that round of that case and no more."""
    results, failures = {name: [] for name in names}, []
    for number in range(rounds):
        for name in names:
            pair = [None, None]
            for side in ((0, 1) if number % 2 == 0 else (1, 0)):
                try:
                    pair[side] = measure(commands[side], number % SHIFTS, name)
                except Failed as error:
                    failures.append(f'{name}: {error}')
            results[name].append(pair)
    return results, failures


def collect_wine(build, names, rounds):
    """{case: [wine, ...]}, of those that run there."""
    results = {name: [] for name in names}
    with wine.ready(build) as (command, environment):
        if command is None:
            print(f'no column for Wine: {environment}')
            return {}
        for _ in range(rounds):
            for name in names:
                try:
                    results[name].append(measure(command, 0, name, env=environment, timeout=WINE_SECONDS))
                except Failed:
                    results[name].append(None)
    return results


def least(pairs):
    return {'minimum': min(low for low, _ in pairs), 'median': statistics.median(middle for _, middle in pairs)}


def verdict(ratio, owed):
    if owed is None:
        return ''
    return 'ok' if ratio <= owed else 'miss'


def summary(group, case, pairs, under_wine):
    """What results.json has of a case."""
    row = {'case': case.name, 'title': case.title, 'group': group, 'unit': case.unit, 'owed': case.owed}
    pairs = [pair for pair in pairs if all(pair)]
    under_wine = [one for one in under_wine if one]
    if pairs:
        row['winmem'], row['raw'] = (least([pair[side] for pair in pairs]) for side in (0, 1))
        ratio = row['winmem']['minimum'] / row['raw']['minimum']
        row['ratio'] = {'minimum': ratio, 'median': statistics.median(pair[0][1] / pair[1][1] for pair in pairs)}
        row['verdict'] = verdict(round(ratio, 2), case.owed)
    if under_wine:
        row['wine'] = least(under_wine)
    if pairs and under_wine:
        row['ratio']['wine'] = row['wine']['minimum'] / row['raw']['minimum']
    return row


# --- printing ---

def print_row(row):
    if 'ratio' not in row:
        print(f'{row["title"]:44} cannot run here')
        return
    ratio = row['ratio']
    owed = '-' if row['owed'] is None else f'{row["owed"]:.2f}'
    under_wine = f'{ratio["wine"]:.2f}' if 'wine' in ratio else '-'
    print(f'{row["title"]:44}{row["winmem"]["minimum"]:10.1f}{row["raw"]["minimum"]:10.1f}{ratio["minimum"]:8.2f}'
          f'{ratio["median"]:8.2f}{owed:>7}{under_wine:>9}  {row["verdict"]}')


def print_table(result):
    for failure in result['failures']:
        print('failed   ', failure)
    for key in ('machine', 'kernel', 'compiler', 'commit', 'load', 'command', 'rounds'):
        print(f'{key:9} {result[key]}')
    print(f'\n{"case":44}{"winmem":>10}{"raw":>10}{"ratio":>8}{"median":>8}{"owed":>7}{"Wine":>9}')
    for row in result['cases']:
        print_row(row)


# --- where it was measured ---

def said(*command, otherwise=''):
    """The first line that a command prints."""
    try:
        lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        lines = []
    return lines[0] if lines else otherwise


def compiler(build):
    with open(os.path.join(build, 'CMakeCache.txt'), encoding='utf-8') as f:
        entries = dict(line.rstrip('\n').split('=', 1) for line in f if '=' in line)
    path = next((entries[key] for key in entries if key.startswith('CMAKE_C_COMPILER:')), 'cc')
    return said(path, '--version', otherwise=path) + ', ' + entries.get('CMAKE_BUILD_TYPE:STRING', '')


def processor():
    try:
        with open('/proc/cpuinfo', encoding='ascii', errors='replace') as f:
            names = [line.split(':', 1)[1].strip() for line in f if line.startswith('model name')]
        return f'{len(names)} x {names[0]}'
    except (OSError, IndexError):
        return platform.machine()


def circumstances(arguments):
    here = os.path.dirname(os.path.abspath(__file__))
    return {
        'machine': processor(),
        'kernel': f'{platform.system()} {platform.release()}',
        'compiler': compiler(arguments.build),
        'commit': said('git', '-C', here, 'describe', '--always', '--dirty', otherwise='unknown'),
        'date': datetime.date.today().isoformat(),
        'load': round(os.getloadavg()[0], 2),
        'command': shlex.join(sys.argv),
        'rounds': arguments.rounds,
    }


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('build', help='where winmem was built with -DWINMEM_BENCH=ON')
    parser.add_argument('--rounds', type=int, default=15)
    parser.add_argument('--cpu', help='as for taskset -c')
    parser.add_argument('--wine', type=int, default=0, metavar='N')
    parser.add_argument('cases', nargs='*', metavar='case')
    return parser.parse_intermixed_args()


def main():
    arguments = read_arguments()
    pinned = ['taskset', '-c', arguments.cpu] if arguments.cpu else []
    commands = [pinned + [os.path.join(arguments.build, 'bench', name)] for name in ('winbench', 'rawbench')]
    rows = cases.select(arguments.cases)
    names = [case.name for _, case in rows]

    result = circumstances(arguments)
    measured, result['failures'] = collect(commands, names, arguments.rounds)
    under_wine = collect_wine(arguments.build, names, arguments.wine) if arguments.wine else {}
    result['cases'] = [summary(group, case, measured[case.name], under_wine.get(case.name, []))
                       for group, case in rows]
    print_table(result)
    with open(os.path.join(arguments.build, 'results.json'), 'w', encoding='utf-8') as f:
        json.dump(result, f, indent=1)


main()
