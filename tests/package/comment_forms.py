#!/usr/bin/env python3
"""comment_forms.py <project>: the forms that comments of headers have, and what docs/site/headers.py reads of each."""

import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
project = Path(sys.argv.pop(1))
sys.path.insert(0, str(project / 'docs/site'))

import columns  # noqa: E402
import headers  # noqa: E402
import reference  # noqa: E402


def shape(blocks):
    """Text as its words, an item as (term, shape of what it means)."""
    return [block.words if isinstance(block, columns.Text) else (block.term, shape(block.blocks)) for block in blocks]


def read(comment, known=()):
    return shape(columns.parse(comment.strip('\n').split('\n'), headers.begins_parameter(set(known))))


class Columns(unittest.TestCase):
    def test_a_word_a_gap_what_it_means_and_more_of_that_below(self):
        self.assertEqual(read('one    first\n       of all\ntwo    second'), [('one', ['first of all']), ('two', ['second'])])

    def test_items_in_what_an_item_means(self):
        self.assertEqual(read('flags    these:\n           A_FLAG    this\n                     and that\n         or none'),
                         [('flags', ['these:', ('A_FLAG', ['this and that']), 'or none'])])

    def test_a_word_that_fills_its_column(self):
        self.assertEqual(read('one      first\nthirteen second'), [('one', ['first']), ('thirteen', ['second'])])

    def test_parameters_that_fill_their_column(self):
        self.assertEqual(read('where, size any address', ['where', 'size']), [('where, size', ['any address'])])

    def test_terms_alone_on_a_line(self):
        self.assertEqual(read('one, two\n    any, FLAG   this'), [('one, two', [('any, FLAG', ['this'])])])

    def test_terms_that_do_not_fit_on_a_line(self):
        self.assertEqual(read('one,\ntwo    both', ['one', 'two']), [('one, two', ['both'])])

    def test_prose_has_no_items(self):
        self.assertEqual(read('A sentence that\ngoes on.'), ['A sentence that goes on.'])


class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        found = headers.read(project)
        cls.page = {name: page for header in found for page in header.pages for name in page.names + page.aliases}
        cls.text = reference.Writer(project, found).page(cls.page['VirtualAlloc'])

    def terms(self, name, part):
        return [block.term for block in self.page[name].parts[part] if isinstance(block, columns.Item)]

    def test_parts_of_a_page(self):
        self.assertEqual(self.terms('VirtualAlloc', 'parameters'), ['lpAddress', 'dwSize', 'flAllocationType', 'flProtect'])
        self.assertIn('ERROR_COMMITMENT_LIMIT', self.terms('VirtualAlloc', 'errors'))
        self.assertEqual(list(self.page['VirtualAlloc'].parts), ['parameters', 'returns', 'errors', 'linux', 'source'])

    def test_sections_in_their_order(self):
        wanted = ['Synopsis', 'Description', 'Parameters', 'Return value', 'Errors', 'On Linux', 'Example', 'See also']
        lines = self.text.splitlines()
        self.assertEqual([line for line, below in zip(lines, lines[1:]) if line and set(below) == {'-'}], wanted)

    def test_functions_that_share_a_comment_share_a_page(self):
        self.assertIs(self.page['CreateFileA'], self.page['CreateFileW'])
        self.assertIs(self.page['CreateFile'], self.page['CreateFileW'])
        self.assertIs(self.page['K32EmptyWorkingSet'], self.page['EmptyWorkingSet'])

    def test_declarations_are_for_readers(self):
        self.assertEqual(self.page['VirtualFree'].declarations,
                         ['BOOL VirtualFree(LPVOID lpAddress, SIZE_T dwSize, DWORD dwFreeType);'])

    def test_a_word_that_is_lost_is_noticed(self):
        page = self.page['VirtualFree']
        page.said.append('forgotten')
        self.assertEqual(list(headers.lost(page)), ['forgotten'])
        page.said.pop()


unittest.main()
