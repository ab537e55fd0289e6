"""reference.py: the pages of headers.py as reStructuredText, one file a page and one a header.

What a page has: the declarations and how to link, the first paragraph, the parameters, what comes back, the errors, what
is different on Linux, a program if docs/programs has one of that name, and what to read beside it.
"""

import re
import textwrap
from pathlib import Path
from typing import Dict, List

import columns
import headers

PARTS = (('parameters', 'Parameters'), ('returns', 'Return value'), ('errors', 'Errors'), ('linux', 'On Linux'),
         ('notes', 'Notes'))
SPECIAL = re.compile(r'([\\*`|_<>])')
LIBC = ('fcntl.h', 'float.h', 'malloc.h', 'stdio.h', 'stdlib.h', 'string.h', 'time.h', 'wchar.h', 'stat.h')
GLUE = '\x00'  # a blank at which no line ends
# Read before others because a program's first line includes it.
ALL = 'windows.h'


class Writer:
    def __init__(self, project: Path, found: List[headers.Header]):
        self.project = project
        self.headers = found
        self.by_name: Dict[str, headers.Page] = {}
        for header in found:
            for page in header.pages:
                for name in page.names + page.aliases:
                    self.by_name.setdefault(name, page)
        words = sorted((name for name in self.by_name if name[0].isupper() or name[0] == '_'), key=len, reverse=True)
        self.mention = re.compile(r'(?<![\w/])(%s)(?![\w.]\w)' % '|'.join(words))
        self.in_windows_h = closure(project / 'include/winmem', ALL)

    # --- words ---

    def prose(self, text: str, own: headers.Page = None) -> str:
        """What a comment says, with functions as links and what it has in backquotes as it stands."""
        pieces = re.split(r'`([^`]+)`', text)
        return ''.join(f'``{piece}``' if at % 2 else self.linked(piece, own) for at, piece in enumerate(pieces))

    def linked(self, text: str, own: headers.Page) -> str:
        done, at = [], 0
        for match in self.mention.finditer(text):
            page = self.by_name[match[1]]
            word = '**' + SPECIAL.sub(r'\\\1', match[1]) + '**' if page is own else link(match[1], page.name)
            done += [SPECIAL.sub(r'\\\1', text[at:match.start()]), '\\ ', word, '\\ ']
            at = match.end()
        return ''.join(done + [SPECIAL.sub(r'\\\1', text[at:])])

    def blocks(self, blocks: List[columns.Block], own: headers.Page, depth: int = 0) -> List[str]:
        lines: List[str] = []
        pad = ' ' * (3 * depth)
        for block in blocks:
            if isinstance(block, columns.Text):
                lines += ['', pad + self.prose(block.words, own)]
                continue
            if not lines or not lines[-1].startswith(pad + ' '):
                lines.append('')
            lines.append(pad + self.term(block.term))
            lines += self.definition(block.blocks, own, depth + 1)
        return lines

    def definition(self, blocks: List[columns.Block], own: headers.Page, depth: int) -> List[str]:
        lines = self.blocks(blocks, own, depth)
        while lines and not lines[0]:
            lines.pop(0)
        return lines or [' ' * (3 * depth) + '\\ ']

    @staticmethod
    def term(text: str) -> str:
        return SPECIAL.sub(r'\\\1', text)

    # --- a page ---

    def page(self, page: headers.Page) -> str:
        title = ', '.join(page.names)
        lines = [':orphan:', '']  # 360 pages are too many for the list at each page's side: their header lists them
        lines += [SPECIAL.sub(r'\\\1', title), '=' * (2 * len(title))]
        lines += section('Synopsis') + ['.. code-block:: c', '']
        lines += indented(self.synopsis(page)) + ['', self.linking(page)]
        lines += section('Description') + [self.prose(page.first, page)]
        lines += self.blocks(page.parts.get('description', []), page)
        for key, heading in PARTS:
            if key in page.parts:
                lines += section(heading) + self.blocks(polished(key, page.parts[key]), page)
                if key == 'errors' and is_manual(page.header):
                    lines += ['', f'What all functions of this header have in common is told in :doc:`{page.header} '
                              f'<{page.header}>`.']
        lines += self.example(page) + self.see_also(page)
        return '\n'.join(lines) + '\n'

    def synopsis(self, page: headers.Page) -> List[str]:
        includes = [] if page.header in self.in_windows_h else [page.header]
        if not includes or page.header in ('winmem.h', 'psapi.h', 'tlhelp32.h', 'ntifs.h', 'winternl.h', 'bcrypt.h'):
            includes.insert(0, ALL)
        lines = [f'#include <{name}>' for name in includes] + ['']
        for declaration in page.declarations:
            lines += wrap(declaration)
        return lines

    @staticmethod
    def linking(page: headers.Page) -> str:
        if not page.library:
            return 'Compiled into the program.'
        return f'Compile and link with ``pkg-config --cflags --libs {page.library}``.'

    def example(self, page: headers.Page) -> List[str]:
        programs = [path for name in page.names for path in self.project.glob(f'docs/programs/{name}.c*')]
        lines = section('Example') if programs else []
        for path in programs:
            lines += ['.. code-block:: c', ''] + indented(path.read_text().splitlines())
        return lines

    def see_also(self, page: headers.Page) -> List[str]:
        beside = [other.name for header in self.headers if header.name == page.header for other in header.pages
                  if other.section == page.section and other is not page]
        links = [link(name, name) for name in beside[:16]]
        links += [link(page.header, page.header)] if is_manual(page.header) else []
        links.append(':doc:`winmem(7) </docs/winmem>`')
        source = page.parts.get('source', [])
        lines = section('See also') + [', '.join(links)]
        return lines + ['', 'On Windows: ' + self.prose(columns.words_of(source), page) + '.'] if source else lines

    # --- a header ---

    def header(self, header: headers.Header) -> str:
        lines = [header.name, '=' * len(header.name), '']
        lines += section('Synopsis') + ['.. code-block:: c', '', f'   #include <{header.name}>']
        if header.first:
            lines += section('Description') + [self.prose(header.first)] + self.blocks(header.blocks, None)
        title = None
        for page in header.pages:
            if title != (page.section or 'Functions'):
                title = page.section or 'Functions'
                lines += section(title) + ['']
            lines += [link(', '.join(page.names), page.name), '   ' + self.prose(summary(page), page)]
        return '\n'.join(lines + ['']) + '\n'


def link(text: str, document: str) -> str:
    return ':doc:`' + SPECIAL.sub(r'\\\1', text) + f' <{document}>`'


def section(title: str) -> List[str]:
    return ['', title, '-' * len(title), '']


def indented(lines: List[str]) -> List[str]:
    return ['   ' + line if line else '' for line in lines]


def sentence(text: str) -> str:
    """What stands behind a label, as a sentence of its own."""
    capital = text[0].upper() + text[1:] if re.match(r'[a-z]+[ ,:]', text) else text
    return capital if capital.endswith(('.', ':', '?')) else capital + '.'


def as_errors(blocks: List[columns.Block]) -> List[columns.Block]:
    """A line that only names errors is an item that says nothing more."""
    return [columns.Item(block.words) if isinstance(block, columns.Text) and
            re.fullmatch(r'(?:[A-Z]+_[A-Z0-9_]+(?:, )?)+', block.words) else block for block in blocks]


def polished(key: str, blocks: List[columns.Block]) -> List[columns.Block]:
    if key == 'errors':
        return as_errors(blocks)
    if key == 'linux':
        return [columns.Text(sentence(block.words)) if isinstance(block, columns.Text) else block for block in blocks]
    return blocks


def summary(page: headers.Page) -> str:
    """What stands behind the names in the first paragraph, up to the end of the sentence."""
    text = page.first
    match = re.match(r'[^:(]*?(?::| \()', text)
    text = text[match.end():].strip() if match else text
    text = re.split(r'(?<=[a-z\d)])[.;:](?: |$)|(?<=\?) |\. ', text)[0]
    return text.rstrip('.')


def wrap(declaration: str) -> List[str]:
    if len(declaration) <= 76:
        return [declaration]
    begin = declaration.index('(') + 1
    parameters = [part.replace(' ', GLUE) for part in declaration[begin:].split(', ')]
    filled = textwrap.wrap(', '.join(parameters), 76 - min(begin, 40), break_long_words=False)
    pad = ' ' * min(begin, 40)
    return [line.replace(GLUE, ' ') for line in [declaration[:begin] + filled[0]] + [pad + line for line in filled[1:]]]


def closure(folder: Path, name: str) -> set:
    """The headers that one includes, itself among them."""
    found, todo = set(), [name]
    while todo:
        header = todo.pop()
        path = folder / header
        if header in found or not path.exists():
            continue
        found.add(header)
        todo += re.findall(r'^#include "(\S+)"', path.read_text(), re.M)
    return found


def write(project: Path, folder: Path) -> List[tuple]:
    """The files; what sphinx has to know of them: (document, name, what it is, other names, section)."""
    found = headers.read(project)
    writer = Writer(project, found)
    pages = []
    put(folder / 'index.rst', contents(found))
    for header in found:
        put(folder / f'{header.name}.rst', writer.header(header))
        if is_manual(header.name):
            pages.append((f'reference/{header.name}', header.name, first_sentence(header), [], 3))
        for page in header.pages:
            put(folder / f'{page.name}.rst', writer.page(page))
            pages.append((f'reference/{page.name}', page.name, summary(page), page.names[1:] + page.aliases, 3))
    return pages


def is_manual(header: str) -> bool:
    """Whether a header is a manual page: those that have a name of the C library are not."""
    return header not in LIBC


def contents(found: List[headers.Header]) -> str:
    lines = [':orphan:', '', 'Functions', '=========', '', 'By header, as the manual pages have them (``man VirtualAlloc``).', '']
    for header in found:
        lines += [link(header.name, header.name), '   ' + (SPECIAL.sub(r'\\\1', first_sentence(header)) or '\\ ')]
    return '\n'.join(lines + ['', '.. toctree::', '   :hidden:', ''] + [f'   {header.name}' for header in found]) + '\n'


def first_sentence(header: headers.Header) -> str:
    text = header.first.split(': ', 1)[-1]
    return re.split(r'[.;:] ', text)[0].rstrip('.')


def put(path: Path, text: str) -> None:
    """Write it if it is not as it is already, so that sphinx reads again only what has changed."""
    if not path.exists() or path.read_text() != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
