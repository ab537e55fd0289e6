"""stage.py: the documents, laid out for sphinx in one folder.

The pages of docs/ keep their places beside each other, so that the links between them hold as they do on a plain git
host. The reference comes from the headers. For the manual only those documents are laid out that become manual pages.
"""

import json
import re
import sys
from pathlib import Path
from typing import List

import reference


# The section NAME of a command's page: "name - what it is". Sphinx writes one of its own into a manual page.
NAME = re.compile(r'^## NAME\n+(?P<name>[\w-]+) - (?P<about>.*?)\n+(?=## )', re.M | re.S)


def lay_out(project: Path, source: Path, builder: str) -> List[tuple]:
    """The manual pages: (document, name, what it is, other names, section)."""
    pages = reference.write(project, source / 'reference')
    pages += commands(project, source, builder)
    if builder == 'man':
        index = ['winmem', '======', '', '.. toctree::', ''] + [f'   {document}' for document in top_of(source, pages)]
        reference.put(source / 'index.rst', '\n'.join(index) + '\n')
    reference.put(source / 'pages.json', json.dumps(pages))
    return pages


def top_of(source: Path, pages: List[tuple]) -> List[str]:
    """The documents that no other document lists."""
    headers = sorted(f'reference/{path.stem}' for path in source.glob('reference/*.h.rst'))
    return headers + [page[0] for page in pages if not page[0].startswith('reference/')]


def commands(project: Path, source: Path, builder: str) -> List[tuple]:
    """docs/commands/NAME.md, which is section 1."""
    pages = []
    for path in sorted(project.glob('docs/commands/*.md')):
        text = path.read_text()
        name = NAME.search(text)
        if not name:
            sys.exit(f'{path}: no section NAME with "name - what it is"')
        pages.append((f'docs/commands/{path.stem}', name['name'], ' '.join(name['about'].split()), [], 1))
        reference.put(source / 'docs/commands' / path.name, NAME.sub('', text) if builder == 'man' else text)
    return pages
