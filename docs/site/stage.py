"""stage.py: the documents, laid out for sphinx in one folder.

The pages of docs/ keep their places beside each other, so that the links between them hold as they do on a plain git
host. The reference comes from the headers. For the manual only those documents are laid out that become manual pages:
each command's (docs/commands, section 1) and what is about the whole (section 7).
"""

import json
import os
import re
import sys
from pathlib import Path
from typing import Dict, List

import reference

# The section NAME of a page: "name - what it is". Sphinx writes one of its own into a manual page.
NAME = re.compile(r'^## NAME\n+(?P<name>[\w-]+) - (?P<about>.*?)\n+(?=## )', re.M | re.S)
MENTION = re.compile(r'(?<![\w`/.-])([\w][\w.-]*)\((\d)\)')  # VirtualAlloc(3)
LINK = re.compile(r'!?\[([^\]]+)\]\((?!https?:)([^)\s]+)\)')
FENCE = re.compile(r'(^```.*?^```$)', re.M | re.S)

PORTING = 'winmem-porting', 'how a program that was written for Windows comes to run on Linux'


class Stage:
    def __init__(self, project: Path, source: Path, builder: str):
        self.project = project
        self.source = source
        self.builder = builder
        self.pages = []  # (document, name, what it is, other names, section)

    def lay_out(self) -> List[tuple]:
        self.pages = reference.write(self.project, self.source / 'reference')
        texts: Dict[str, str] = {}
        for path in sorted(self.project.glob('docs/commands/*.md')):
            texts[f'docs/commands/{path.stem}'] = self.named(path, 1)
        texts['docs/winmem'] = self.named(self.project / 'docs/winmem.md', 7)
        texts['docs/porting'] = self.porting()
        self.pages.append(('docs/porting', *PORTING, [], 7))
        if self.builder == 'html':
            texts = {**self.site_pages(), **texts}
        for document, text in texts.items():
            self.put(document, text)
        for pattern in ('docs/programs/*', 'examples/*.cpp', 'docs/*.svg', 'docs/*.png'):
            for path in sorted(self.project.glob(pattern)):
                self.copy(path)
        if self.builder == 'man':
            self.index(list(texts))
        reference.put(self.source / 'pages.json', json.dumps(self.pages))
        return self.pages

    def named(self, path: Path, section: int) -> str:
        """The text of a page with a section NAME, which becomes a manual page."""
        text = path.read_text()
        name = NAME.search(text)
        if not name:
            sys.exit(f'{path}: no section NAME with "name - what it is"')
        document = path.relative_to(self.project).with_suffix('')
        self.pages.append((str(document), name['name'], ' '.join(name['about'].split()), [], section))
        return NAME.sub('', text) if self.builder == 'man' else text

    def porting(self) -> str:
        text = (self.project / 'docs/porting.md').read_text()
        return text.replace('\n\n', '\n\n## Description\n\n', 1) if self.builder == 'man' else text

    def put(self, document: str, text: str) -> None:
        """With VirtualAlloc(3) as a link; in the manual, other links are their words."""
        known = {name: page[0] for page in self.pages for name in [page[1]] + page[3]}

        def mention(match):
            there = known.get(match[1])
            return f'{{doc}}`{match[0]} </{there}>`' if there else match[0]

        parts = FENCE.split(text)
        for at in range(0, len(parts), 2):
            parts[at] = LINK.sub(lambda match: self.link(document, match), parts[at])
            parts[at] = MENTION.sub(mention, parts[at])
        reference.put(self.source / f'{document}.md', ''.join(parts))

    def link(self, document: str, match) -> str:
        """A link to a file of the tree brings the file with it; to a folder it is its words, as all are in the manual."""
        there = os.path.normpath(self.project / os.path.dirname(document) / match[2].partition('#')[0])
        if self.builder == 'man' or os.path.isdir(there) and not match[2].startswith('#'):
            return match[1]
        if os.path.isfile(there) and not there.endswith('.md'):
            self.copy(Path(there))
        return match[0]

    def copy(self, path: Path) -> None:
        there = self.source / path.relative_to(self.project)
        if not there.exists() or there.read_bytes() != path.read_bytes():
            there.parent.mkdir(parents=True, exist_ok=True)
            there.write_bytes(path.read_bytes())

    def site_pages(self) -> Dict[str, str]:
        """All pages of the tree that are for its users and for who changes it."""
        paths = [path for path in self.project.glob('docs/**/*.md') if 'site' not in path.parts]
        paths += [self.project / name for name in ('CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md')]
        texts = {str(path.relative_to(self.project).with_suffix('')): path.read_text() for path in sorted(paths)}
        texts['index'] = (self.project / 'docs/site/index.md').read_text().replace('](../', '](docs/')
        texts['docs/behaviour/README'] += toctree(name for name in texts if name.startswith('docs/behaviour/'))
        commands = [name for name in texts if name.startswith('docs/commands/')]
        texts['docs/commands/index'] = '# Commands\n\n' + toctree(commands, hidden=False)
        return texts

    def index(self, documents: List[str]) -> None:
        """Of the manual: all that no other document lists."""
        headers = sorted(f'reference/{path.stem}' for path in self.source.glob('reference/*.h.rst'))
        lines = ['winmem', '======', '', '.. toctree::', ''] + [f'   {document}' for document in headers + documents]
        reference.put(self.source / 'index.rst', '\n'.join(lines) + '\n')


def toctree(documents, hidden: bool = True) -> str:
    listed = [f'/{document}' for document in sorted(documents) if not document.endswith('/README')]
    return '\n'.join(['', '```{toctree}'] + ([':hidden:'] if hidden else []) + [''] + listed + ['```', ''])


def lay_out(project: Path, source: Path, builder: str) -> List[tuple]:
    return Stage(project, source, builder).lay_out()
