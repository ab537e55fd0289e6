#!/usr/bin/env python3
"""links.py <project>: where links between the pages lead, there is something: a file or a folder of the tree, and a heading
if one is named. So they hold on a plain git host, whose names for headings are these, as they do on the site."""

import re
import sys
from pathlib import Path

FENCE = re.compile(r'^```.*?^```$', re.M | re.S)
CODE = re.compile(r'`[^`\n]*`')
LINK = re.compile(r'\[(?:[^\]\[]|\[[^\]]*\])*\]\(([^)\s]+)\)')
HEADING = re.compile(r'^#{1,6} +(.*?) *$', re.M)


def anchor(heading: str) -> str:
    """What a git host makes of a heading: small letters, no punctuation, dashes for blanks."""
    text = re.sub(r'\[([^\]]*)\]\([^)]*\)', r'\1', heading).lower()
    return re.sub(r'[^\w\- ]', '', text).replace(' ', '-')


def anchors(page: Path) -> set:
    found: set = set()
    for heading in HEADING.findall(FENCE.sub('', page.read_text())):
        name = anchor(heading)
        again = sum(1 for other in found if re.fullmatch(re.escape(name) + r'(-\d+)?', other))
        found.add(f'{name}-{again}' if again else name)
    return found


def faults_of(page: Path):
    text = CODE.sub('', FENCE.sub('', page.read_text()))
    for target in LINK.findall(text):
        if re.match(r'[a-z]+:', target):
            continue
        path, _, heading = target.partition('#')
        there = (page.parent / path).resolve() if path else page
        if not there.exists():
            yield f'{page}: nothing is at {target}'
        elif heading and there.suffix == '.md' and heading not in anchors(there):
            yield f'{page}: no heading is called {target}'


def main() -> None:
    project = Path(sys.argv[1])
    pages = [page for page in sorted(project.rglob('*.md')) if 'build' not in page.relative_to(project).parts]
    faults = [fault for page in pages for fault in faults_of(page)]
    print('\n'.join(faults + [f'{len(pages)} pages']))
    sys.exit(1 if faults or not pages else 0)


main()
