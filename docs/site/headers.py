"""headers.py: what the headers' comments say, as pages.

A comment that begins in the first column and whose first words are functions ("VirtualAlloc: reserves ...", "A, B: ...")
speaks of the declarations below it, up to the next such comment. It is one Page. The comment with which a header begins
is its Header. The tables of exports (exports.def, win32.def) say which functions there have to be.

Knows the form of comments, and nothing of how pages are written.
"""

import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, List

import columns

LINE = re.compile(r'/\* (\w[\w.]*: .*?) \*/\n')
COMMENT = re.compile(r'^/\*\n((?: \*[^\n]*\n)*?) \*/\n', re.M)
SECTION = re.compile(r'^/\* -{4} (.*?) -+ \*/$', re.M)
EXPORT = re.compile(r'^WM_EXPORT(?:_WIDE)?\((?P<node>[^,]*), (?P<header>[^,]*), (?P<dll>[^,]*), '
                    r'(?P<type>(?:[^,(]|\([^)]*\))*), (?P<name>\w+),', re.M)
MACRO = re.compile(r'^#define (\w+) (\w+)$', re.M)  # another name of a function: CreateFile, K32EmptyWorkingSet
# What a declaration has for the compiler and not for its reader.
DECORATION = re.compile(r'\b(?:[A-Z]+API|WINMEM_PUBLIC|WINMEM_C_BEGIN|WINMEM_LIBC_THROW|DECLSPEC_NORETURN|WINAPI|NTAPI|__cdecl|'
                        r'__extension__|static|inline|extern)\b'
                        r'|\bWINMEM_WIDE_SYMBOL\("\w+"\)|\bWINMEM_FORMAT\([^()]*\)|__attribute__\(\(.*?\)\)(?!\))')
# How a comment about functions begins.
ABOUT = re.compile(r'_*[A-Za-z]\w+(?:, (?:and )?\w+)*(?:,? and \w+)*(?::|, and | \(| and )')
LABELS = ('Returns', 'Return', 'Errors', 'On Linux', 'Source', 'Cannot fail', 'Never returns', 'Does not return')


@dataclass
class Export:
    name: str
    header: str
    library: str


@dataclass
class Page:
    """One comment: the functions that it is about, their declarations, and what it says in parts."""
    header: str
    section: str
    names: List[str]
    declarations: List[str]
    library: str = ''
    aliases: List[str] = field(default_factory=list)  # other names of these functions
    first: str = ''  # the first paragraph
    parts: Dict[str, List[columns.Block]] = field(default_factory=dict)
    said: List[str] = field(default_factory=list)  # all words of the comment

    @property
    def name(self):
        return self.names[0]


@dataclass
class Header:
    """One header: what its first comment says, and its pages in their order."""
    name: str
    first: str
    blocks: List[columns.Block]
    pages: List[Page]


def exports(project: Path) -> List[Export]:
    found = []
    for table, library in (('src/api/exports.def', 'winmem'), ('src/win32/win32.def', 'winmem-win32')):
        rows = EXPORT.finditer((project / table).read_text())
        found += [Export(row['name'], row['header'].strip(), library) for row in rows]
    return found


# --- what a comment says ---


def lines_of(comment: str) -> List[str]:
    return [line[3:].rstrip() for line in comment.splitlines()]


def paragraphs(lines: List[str]) -> List[List[str]]:
    """Parted at blank lines, and where a label begins."""
    parted: List[List[str]] = [[]]
    for line in lines:
        if not line:
            parted.append([])
        elif re.match(r'(%s)\b' % '|'.join(LABELS), line) and parted[-1]:
            parted.append([line])
        else:
            parted[-1].append(line)
    return [paragraph for paragraph in parted if paragraph]


def first_of(comment: str) -> str:
    return ' '.join(paragraphs(lines_of(comment))[0])


def parameters_of(declarations: List[str]) -> set:
    """The last word of each parameter."""
    found = set()
    for declaration in declarations:
        inner = declaration[declaration.find('(') + 1:declaration.rfind(')')]
        found |= {m[1] for m in re.finditer(r'(\w+)(?:\[\w*\])?\s*(?:,|$)', inner)}
    return found - {'void', 'VOID'}


def begins_parameter(known: set):
    """The characters of "lpAddress, dwSize any address": words that are parameters, before one that is none."""
    def begins(line: str) -> int:
        match = re.match(r'\w+(?:, \w+)*(?= |$)', line)
        while match and not all(word in known for word in match[0].split(', ')):
            return 0
        return match.end() if match else 0
    return begins


def begins_error(line: str) -> int:
    match = re.match(r'(?:ERROR|STATUS|WAIT|STRSAFE_E|E|INTSAFE_E|CRYPT)_[A-Z0-9_]+(?:, [A-Z0-9_]+)*(?= |$)', line)
    return match.end() if match else 0


def part_of(paragraph: List[str], known: set, seen: set):
    """Which part of the page a paragraph is, and its blocks."""
    first = paragraph[0]
    if re.match(r'Returns? {2,}', first):
        paragraph = [' '.join(line.split()) for line in paragraph]
        first = paragraph[0]
    label = re.match(r'(Errors|On Linux|Source) {2,}', first)
    if label:
        kind = {'Errors': 'errors', 'On Linux': 'linux', 'Source': 'source'}[label[1]]
        item = columns.parse(paragraph, begins_error if kind == 'errors' else columns.nothing)
        blocks = item[0].blocks if isinstance(item[0], columns.Item) else item
        return kind, blocks + item[1:]
    begins = begins_parameter(known)
    paragraph = columns.joined(paragraph, begins)
    first = paragraph[0]
    if begins(first) and (columns.GAP.match(first) or len(paragraph) > 1 and columns.indent_of(paragraph[1]) > 0
                          or any(columns.GAP.match(line) for line in paragraph)) or columns.GAP.match(first):
        return 'parameters', columns.parse(paragraph, begins)
    blocks = columns.parse(paragraph)
    if 'errors' in seen or 'linux' in seen:
        return 'notes', blocks
    answers = r'\b(?:[Rr]eturns?|[Cc]annot fail|[Nn]ever fails?|[Aa]nswers?)\b'
    if first.startswith(LABELS) or 'returns' in seen or re.search(answers, first):
        return 'returns', blocks
    return 'description', blocks


def read_comment(page: Page, comment: str) -> None:
    parted = paragraphs(lines_of(comment))
    known = parameters_of(page.declarations)
    first = ' '.join(parted[0])
    page.first = first
    page.said = ' '.join(lines_of(comment)).split()
    for paragraph in parted[1:]:
        kind, blocks = part_of(paragraph, known, set(page.parts))
        page.parts.setdefault(kind, []).extend(blocks)


# --- what a header declares ---

def without_preprocessor(text: str) -> str:
    text = re.sub(r'/\*.*?\*/', '', text, flags=re.S)
    return re.sub(r'^#(?:[^\n]*\\\n)*[^\n]*\n', '', text, flags=re.M)


def declarations(text: str) -> Dict[str, str]:
    """The functions that a piece of a header declares or defines, in their order."""
    found = {}
    for statement in re.split(r';|\{[^{}]*\}', without_preprocessor(text)):
        if re.match(r'\s*(typedef|struct|enum|union|return)\b', statement):
            continue
        clean = ' '.join(DECORATION.sub(' ', statement).split()).replace('* ', '*').replace('WINMEM_WCHAR', 'wchar_t')
        match = re.match(r'^[\w\s*]*?\b(\w+)\(.*\)$', clean)
        if match and re.match(r'\w+[\s*]', clean):
            found[match[1]] = clean + ';'
    return found


def aliases_of(names: List[str], macros) -> List[str]:
    """CreateFile for CreateFileA; K32EmptyWorkingSet for EmptyWorkingSet, which is a macro for it."""
    found = [macro for macro, name in macros if name in names]
    found += [name for macro, name in macros if macro in names and name == 'K32' + macro]
    return [name for name in dict.fromkeys(found) if name not in names]


def read_header(path: Path, exported: Dict[str, Export]) -> Header:
    text = path.read_text()
    comments = list(COMMENT.finditer(text))
    sections = [(m.start(), m[1]) for m in SECTION.finditer(text)]
    macros = MACRO.findall(text)
    opening = comments[0] if comments and comments[0].start() == 0 else None
    line = LINE.match(text)
    header = Header(path.name, line[1] if line else '', [], [])
    if opening:
        parted = paragraphs(lines_of(opening[1]))
        header.first = ' '.join(parted[0])
        header.blocks = [block for paragraph in parted[1:] for block in columns.parse(paragraph)]
    about = [m for m in comments if m is not opening and ABOUT.match(first_of(m[1]))]
    for comment, following in zip(about, about[1:] + [None]):
        below = declarations(text[comment.end():following.start() if following else len(text)])
        named = set(re.findall(r'\w+', first_of(comment[1])))
        names = [name for name in below if name in exported or name in named]
        if not names:
            continue
        section = [title for at, title in sections if at < comment.start()]
        page = Page(path.name, section[-1] if section else '', names, [below[name] for name in names])
        page.library = exported[names[0]].library if names[0] in exported else ''
        page.aliases = aliases_of(names, macros)
        read_comment(page, comment[1])
        header.pages.append(page)
    return header


def read(project: Path) -> List[Header]:
    """All headers that say more than what they are."""
    exported = {export.name: export for export in exports(project)}
    folder = project / 'include/winmem'
    found = [read_header(path, exported) for path in sorted(folder.glob('*.h')) + sorted(folder.glob('crt/*.h'))]
    return [header for header in found if header.pages or header.blocks]


def lost(page: Page) -> Counter:
    """The words of a comment that no part of its page has, and those that two have."""
    blocks = [block for part in page.parts.values() for block in part]
    shown = Counter((page.first + ' ' + columns.words_of(blocks)).split())
    said = Counter(word for word in page.said if word not in ('Errors', 'On', 'Linux', 'Source'))
    for word in ('Errors', 'On', 'Linux', 'Source'):
        del shown[word]
    return (said - shown) + (shown - said)


def missing(project: Path, found: List[Header]) -> List[str]:
    """What is exported and has no page, or stands below a comment that does not name it."""
    pages = {name: page for header in found for page in header.pages for name in page.names + page.aliases}
    faults = []
    for export in exports(project):
        page = pages.get(export.name)
        if page is None:
            faults.append(f'{export.header}: no comment is about {export.name}')
        elif not re.search(r'\b%s\b' % export.name, page.first) and export.name not in page.aliases:
            faults.append(f'{export.header}: the comment above {export.name} begins with {page.first[:60]}...')
    for page in {id(page): page for page in pages.values()}.values():
        if lost(page):
            faults.append(f'{page.header}: of the comment about {page.name} the page loses {" ".join(lost(page))}')
    return faults


def main() -> None:
    """headers.py <project>: is there a page for every function that is exported?"""
    project = Path(sys.argv[1])
    found = read(project)
    faults = missing(project, found)
    pages = sum(len(header.pages) for header in found)
    print('\n'.join(faults + [f'{len(exports(project))} functions, {pages} pages']))
    sys.exit(1 if faults else 0)


if __name__ == '__main__':
    main()
