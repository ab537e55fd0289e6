#!/usr/bin/env python3
"""build.py: the manual pages, or the site.

    docs/site/build.py man  FOLDER      FOLDER/man/man1, man3 and man7
    docs/site/build.py html FOLDER      FOLDER/html/index.html

Everything lands in FOLDER. What sphinx warns of is a failure. Sphinx, with myst-parser and furo for the site, are
Debian's sphinx-doc packages: python3-sphinx, python3-myst-parser, furo.
"""

import os
import subprocess
import sys
from pathlib import Path

sys.dont_write_bytecode = True
import stage  # noqa: E402

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent.parent


def sphinx(builder: str, source: Path, folder: Path) -> None:
    environment = dict(os.environ, PYTHONDONTWRITEBYTECODE='1', PYTHONHASHSEED='0',
                       LC_ALL='C.UTF-8')  # the same pages give the same bytes
    command = ['sphinx-build', '-q', '-W', '--keep-going', '-j', 'auto', '-b', builder, '-c', str(HERE),
               '-d', str(folder / 'doctrees' / builder), str(source), str(folder / builder)]
    result = subprocess.run(command, env=environment)
    if result.returncode:
        sys.exit(result.returncode)


def other_names(pages, folder: Path) -> None:
    """man VirtualAlloc2FromApp: a page of one line for each further name, which tells where to read on."""
    for _document, name, _about, names, section in pages:
        for other in names:
            path = folder / f'man{section}' / f'{other}.{section}'
            path.write_text(f'.so man{section}/{name}.{section}\n')


def main() -> None:
    if len(sys.argv) != 3 or sys.argv[1] not in ('man', 'html'):
        sys.exit(__doc__)
    builder, folder = sys.argv[1], Path(sys.argv[2]).resolve()
    source = folder / f'source-{builder}'
    pages = stage.lay_out(PROJECT, source, builder)
    sphinx(builder, source, folder)
    if builder == 'man':
        other_names(pages, folder / 'man')


main()
