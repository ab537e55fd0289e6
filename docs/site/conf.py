"""conf.py: what sphinx has to know. build.py calls it, with the pages that stage.py has laid out."""

import os
import re
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, here)

from pygments.lexers.special import TextLexer  # noqa: E402
from sphinx.highlighting import lexers  # noqa: E402

lexers['layers'] = TextLexer()  # what the page about layers has for the script that reads it

project = 'winmem'
copyright = 'the winmem authors'
with open(os.path.join(here, '../../CMakeLists.txt')) as lists:
    version = release = re.search(r'VERSION (\d+\.\d+\.\d+)', lists.read())[1]

extensions = ['myst_parser', 'manual']
root_doc = 'index'
today_fmt = '%Y-%m-%d'
smartquotes = False
highlight_language = 'none'
myst_enable_extensions = ['deflist']
myst_heading_anchors = 4
man_make_section_directory = True

html_theme = 'furo'
html_title = f'winmem {version}'
html_copy_source = False
html_show_sphinx = False


def in_order(app, env):
    """Pages are read several at a time and are there in any order; the search index takes that of this table."""
    env.all_docs = dict(sorted(env.all_docs.items()))


def setup(app):
    app.connect('env-updated', in_order)
