"""stage.py: the documents, laid out for sphinx in one folder.

The pages of docs/ keep their places beside each other, so that the links between them hold as they do on a plain git
host. The reference comes from the headers. For the manual only those documents are laid out that become manual pages.
"""

import json
import re
from pathlib import Path
from typing import List

import reference


def lay_out(project: Path, source: Path, builder: str) -> List[tuple]:
    """The manual pages: (document, name, what it is, other names, section)."""
    pages = reference.write(project, source / 'reference')
    if builder == 'man':
        index = ['winmem', '======', '', '.. toctree::', ''] + [f'   {page[0]}' for page in pages if page[1].endswith('.h')]
        reference.put(source / 'index.rst', '\n'.join(index) + '\n')
    reference.put(source / 'pages.json', json.dumps(pages))
    return pages
