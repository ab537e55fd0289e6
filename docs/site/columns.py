"""columns.py: the text of a comment as paragraphs and items.

The comments of the headers are written for the eye: a word, a gap of two blanks or more, what it means, and lines below
that are indented belong to it. What an item means may have items of its own. Where a word fills its column the gap is one
blank; then the caller says which words begin an item.

parse(lines, begins) gives a list of blocks: Text, or Item with a term and blocks. Nothing is lost: the words of all
blocks, in order, are the words of the lines.
"""

import re
from dataclasses import dataclass, field
from typing import Callable, List, Union

GAP = re.compile(r'^(\S+(?: \S+)*?) {2,}(\S.*)$')


@dataclass
class Text:
    words: str


@dataclass
class Item:
    term: str
    blocks: List['Block'] = field(default_factory=list)


Block = Union[Text, Item]
Begins = Callable[[str], int]  # how many characters of this line are a term that fills its column; 0: none


def nothing(_line: str) -> int:
    return 0


def indent_of(line: str) -> int:
    return len(line) - len(line.lstrip(' '))


def dedent(lines: List[str], columns: int) -> List[str]:
    """Take so many blanks away, or as many as the least indented line has."""
    columns = min([columns] + [indent_of(line) for line in lines])
    return [line[columns:] for line in lines]


def fills(line: str, column: int) -> bool:
    """Whether the line's first word fills a column in which the item before it left more room."""
    return 0 < column < len(line) and line.find(' ') == column - 1 and line[column] != ' '


def split_item(line: str, begins: Begins, last: int = 0):
    """
    The term of a line, what follows it and where that begins; None: the line begins no item. last is where what the
    item before it means began.
    """
    match = GAP.match(line)
    length = begins(line) or (last - 1 if fills(line, last) else 0)
    if match and not (length and length < len(match[1])):
        return match[1], match[2], match.start(2)
    if length:
        return line[:length], line[length:].strip(), length + 1
    return None


def is_heading(line: str, below: List[str]) -> bool:
    """A term alone on its line, which what it means stands below."""
    return bool(below) and indent_of(below[0]) > 0 and not line.endswith((':', '.', ';', ',')) and len(line) < 72


def joined(lines: List[str], begins: Begins) -> List[str]:
    """Terms that do not fit on a line, as one line."""
    whole: List[str] = []
    for line in lines:
        before = whole[-1][:-1] if whole and whole[-1].endswith(',') else ''
        if before and begins(before) == len(before) and not line.startswith(' '):
            whole[-1] += ' ' + line
        else:
            whole.append(line)
    return whole


def parse(lines: List[str], begins: Begins = nothing) -> List[Block]:
    blocks: List[Block] = []
    lines = joined(lines, begins)
    last = 0
    while lines:
        if indent_of(lines[0]) > 0:
            inner = take(lines, lambda line: indent_of(line) > 0)
            blocks += parse(dedent(inner, indent_of(inner[0])), begins)
            continue
        line = lines.pop(0)
        item = split_item(line, begins, last)
        if item:
            term, text, last = item
            below = dedent(take(lines, lambda line: indent_of(line) > 0), last)
            blocks.append(Item(term, parse(([text] if text else []) + below, begins)))
        elif is_heading(line, lines):
            below = take(lines, lambda line: indent_of(line) > 0)
            blocks.append(Item(line, parse(dedent(below, 1000), begins)))
        else:
            more = take(lines, lambda line: indent_of(line) == 0 and not split_item(line, begins, last)
                        and not is_heading(line, lines[1:]))
            blocks.append(Text(' '.join([line] + more)))
    return blocks


def words_of(blocks: List[Block]) -> str:
    return ' '.join(block.words if isinstance(block, Text) else f'{block.term} {words_of(block.blocks)}'
                    for block in blocks)


def take(lines: List[str], wanted: Callable[[str], bool]) -> List[str]:
    """The first lines that are wanted, which are removed."""
    taken = []
    while lines and wanted(lines[0]):
        taken.append(lines.pop(0))
    return taken
