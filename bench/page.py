#!/usr/bin/env python3
"""What docs/design/performance.md shows of a run of all cases: its table, and docs/performance.svg, by gnuplot.

    bench/page.py build/bench/results.json

The same results give the same files. Of a run of some cases nothing is made.
"""
import json
import os
import re
import subprocess
import sys

import cases

DOCS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'docs')
PAGE = os.path.join(DOCS, 'design', 'performance.md')
PICTURE = os.path.join(DOCS, 'performance.svg')
BEGIN, END = '<!-- bench/page.py writes from here -->', '<!-- to here -->'


def by_group(result):
    """[(group, rows)], in the order of the cases."""
    groups = {}
    for row in result['cases']:
        groups.setdefault(row['group'], []).append(row)
    return groups.items()


# --- the table ---

def number(value):
    return f'{value:,.0f}' if value >= 100 else f'{value:.1f}'


def ratio(value):
    return f'{value:,.0f}' if value >= 100 else f'{value:.2f}'


def title_of(row):
    """Titles that begin with a space go on with the one before."""
    return ('… ' if row['title'].startswith(' ') else '') + row['title'].strip()


def line(*cells):
    return '| ' + ' | '.join(cells) + ' |'


def table_row(row):
    """A ratio that is more than what is owed stands out."""
    title = title_of(row)
    owed = '' if row['owed'] is None else f'{row["owed"]:.2f}'
    if 'ratio' not in row:
        return line(title, 'cannot run here', '', '', '', owed, '')
    least = ratio(row['ratio']['minimum'])
    if row['verdict'] == 'miss':
        least = f'**{least}**'
    return line(title, number(row['winmem']['minimum']), number(row['raw']['minimum']), least,
                ratio(row['ratio']['median']), owed, ratio(row['ratio']['wine']) if 'wine' in row['ratio'] else '')


def table(result):
    yield f'{result["machine"]}, {result["kernel"]}, {result["compiler"]}; commit'
    yield f'{result["commit"]}, {result["date"]}, rounds: {result["rounds"]}, load before the first: {result["load"]}.'
    yield ''
    yield line('case', 'winmem', 'raw', 'minimum', 'median', 'owed', 'Wine')
    yield '|---|---|---|---|---|---|---|'
    for group, rows in by_group(result):
        yield line(f'*{group}*', '', '', '', '', '', '')
        yield from map(table_row, rows)


def write_table(result):
    with open(PAGE, encoding='utf-8') as f:
        before, rest = f.read().split(BEGIN)
    after = rest.split(END)[1]
    with open(PAGE, 'w', encoding='utf-8') as f:
        f.write('\n'.join([before + BEGIN, '', *table(result), '', END + after]))


# --- the picture: a line a case, its ratios as points ---

LOOK = '''
set terminal svg noenhanced size 900,{height} font "sans-serif,11" background "white"
set logscale xx2
set format x "%g"
set format x2 "%g"
set x2tics
set xrange [0.01:100000]
set x2range [0.01:100000]
set yrange [{lines}:-1]
set ytics scale 0 nomirror ({labels})
set grid xtics ytics lt 1 lc rgb "#e0e0e0"
set key outside above horizontal
set arrow from 1,graph 0 to 1,graph 1 nohead lw 1.5 lc rgb "#606060"
set xlabel "ratio to the same work by bare system calls, malloc or libc: left is faster"
plot $owed using 1:2 with points pt 2 ps 0.6 lc rgb "#909090" title "owed", \\
     $wine using 1:2 with points pt 8 ps 0.7 lc rgb "#c06000" title "Wine", \\
     $winmem using 1:2 with points pt 7 ps 0.6 lc rgb "#0060a0" title "winmem"
'''
LINE_HEIGHT, MARGINS = 15, 130


def quoted(text):
    """A label, which gnuplot takes for a format of numbers."""
    return '"' + text.replace('\\', '\\\\').replace('"', '\\"').replace('%', '%%') + '"'


def gnuplot_script(result):
    labels, points, at = [], {'winmem': [], 'owed': [], 'wine': []}, 0
    for group, rows in by_group(result):
        labels.append((group.upper(), at))
        at += 1
        for row in rows:
            labels.append((title_of(row), at))
            ratios = row.get('ratio', {})
            for name, value in (('winmem', ratios.get('minimum')), ('wine', ratios.get('wine')),
                                ('owed', row['owed'])):
                if value is not None:
                    points[name].append(f'{value:.3g} {at}')
            at += 1
    for name, lines in points.items():
        yield '\n'.join([f'${name} << END', *(lines or ['NaN NaN']), 'END'])
    yield LOOK.format(height=at * LINE_HEIGHT + MARGINS, lines=at,
                      labels=', '.join(f'{quoted(text)} {position}' for text, position in labels))


def draw(result):
    drawn = subprocess.run(['gnuplot'], input='\n'.join(gnuplot_script(result)), text=True, check=True,
                           capture_output=True).stdout
    # gnuplot tells its version, leaves empty groups, and says what goes without saying.
    for nothing in (r'<desc>.*?</desc>\n', r"\t<path stroke='black' *d='M[0-9.,]* *'/>", r'<g [^>]*>\s*</g>\n',
                    ' stroke-width="1.00" stroke-linecap="butt" stroke-linejoin="miter"'):
        drawn = re.sub(nothing, '', drawn)
    with open(PICTURE, 'w', encoding='utf-8') as f:
        f.write(drawn)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding='utf-8') as f:
        result = json.load(f)
    if len(result['cases']) < len(cases.select([])):
        print('not all cases: docs/design/performance.md stays as it is')
        return
    write_table(result)
    draw(result)


main()
