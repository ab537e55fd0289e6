"""manual.py: how sphinx writes manual pages here.

The line NAME has all names of a page, as mandb wants them; other pages are named as NAME(3); listings are such as mandoc
and groff both know; tables, which man pages have none of, are lists.
"""

import json
import re
from pathlib import Path

from docutils import nodes
from sphinx.writers.manpage import ManualPageTranslator


class Translator(ManualPageTranslator):
    names = {}     # of a page: all that stand in its line NAME
    sections = {}  # of a name: which section of the manual it is in

    def __init__(self, document, builder):
        super().__init__(document, builder)
        self._docinfo['copyright'] = ''  # no section of its own

    def header(self):
        names = self.names.get(self._docinfo['title'], [self._docinfo['title']])
        about = dict(self._docinfo, names=self.deunicode(', '.join(names)),
                     subtitle=self.deunicode(self._docinfo['subtitle']))
        return ('.TH "%(title_upper)s" "%(manual_section)s" "%(date)s" "%(version)s" "%(manual_group)s"\n'
                '.nh\n.ad l\n'  # no function's name is parted
                '.SH NAME\n%(names)s \\- %(subtitle)s\n') % about

    def astext(self):
        """Without the empty lines below headings, which mandoc counts as mistakes."""
        return re.sub(r'^(\.S[HS] .*\n)(?:\.(?:sp|PP)\n)+', r'\1', super().astext(), flags=re.M)

    def visit_literal_block(self, _node):
        self.ensure_eol()
        self.body.append('.PP\n.in +4n\n.EX\n')
        self._in_literal = True

    def depart_literal_block(self, _node):
        self.ensure_eol()
        self.body.append('.EE\n.in\n')
        self._in_literal = False

    def visit_table(self, node):
        as_list(node).walkabout(self)
        raise nodes.SkipNode

    def visit_reference(self, node):
        name = re.sub(r'\(\d\)$', '', node.astext())
        if name in self.sections:
            self.body.append('\\fB%s\\fP(%s)' % (self.deunicode(name), self.sections[name]))
            raise nodes.SkipNode
        super().visit_reference(node)


def as_list(table):
    """A table as a list: the first column is the word; of several others each says what it is."""
    rows = [[entry.children for entry in row] for row in table.findall(nodes.row)]
    headings = [''.join(node.astext() for node in cell) for cell in rows[0]]
    items = nodes.definition_list()
    for first, *others in rows[1:]:
        term = nodes.term('', '', *[word.deepcopy() for paragraph in first for word in paragraph])
        cells = nodes.definition()
        for heading, cell in zip(headings[1:], others):
            for paragraph in cell:
                cells += paragraph.deepcopy()
                if len(others) > 1:
                    cells[-1].insert(0, nodes.emphasis('', heading))
                    cells[-1].insert(1, nodes.Text(': '))
        items += nodes.definition_list_item('', term, cells)
    return items


def read_pages(app, config):
    """What was staged (stage.py): which documents are manual pages."""
    pages = json.loads((Path(app.srcdir) / 'pages.json').read_text())
    config.man_pages = [(document, name, about, [], section) for document, name, about, _names, section in pages]
    for _document, name, _about, names, section in pages:
        Translator.names[name] = [name] + names
        Translator.sections.update({each: section for each in [name] + names})


def setup(app):
    app.connect('config-inited', read_pages)
    app.set_translator('man', Translator)
    return {'parallel_read_safe': True, 'parallel_write_safe': True}
