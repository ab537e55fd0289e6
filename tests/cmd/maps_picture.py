"""maps_picture.py <winmem-maps> [mutations]: what --html and --svg write, read by parsers of HTML and XML: whatever is in a
saved file, in order or not, the page is this page and its data, and the picture is well-formed, or there is no file.
"""
import base64
import hashlib
import html.parser
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

import maps_samples as samples
from maps_mutations import mutate

program = sys.argv[1]
mutations = int(sys.argv[2]) if len(sys.argv) > 2 else 25
SVG = '{http://www.w3.org/2000/svg}'
ALLOWED = {'svg', 'title', 'defs', 'pattern', 'rect', 'path', 'text', 'g'}


class Elements(html.parser.HTMLParser):
    """The elements of a page, and the text in its scripts."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.scripts, self.inside = [], [], False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, tuple(attributes)))
        self.inside = tag == 'script'
        if self.inside:
            self.scripts.append('')

    def handle_endtag(self, tag):
        self.inside = False

    def handle_data(self, data):
        if self.inside:
            self.scripts[-1] += data


class Files(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, cls.directory)

    def make(self, view, *saved):
        """The file of a view, or None; the exit status and what was said."""
        names = []
        for number, text in enumerate(saved):
            names.append(os.path.join(self.directory, f'{number}.saved'))
            with open(names[-1], 'wb') as file:
                file.write(text)
        out = os.path.join(self.directory, 'out')
        if os.path.exists(out):
            os.unlink(out)
        result = subprocess.run([program, '--' + view, out, *names], capture_output=True, timeout=60)
        made = None
        if os.path.exists(out):
            with open(out, 'rb') as file:
                made = file.read()
        self.assertIn(result.returncode, (0, 1), result)
        self.assertEqual(made is not None, result.returncode == 0, result)
        self.assertEqual(result.stderr == b'', result.returncode == 0, result)
        return made

    def page(self, *saved):
        made = self.make('html', *saved)
        return Elements(made.decode('utf-8')) if made is not None else None

    def sample(self, name):
        return getattr(samples, name)().text().encode('utf-8')

    def check_picture(self, made):
        root = ElementTree.fromstring(made)
        self.assertEqual({each.tag for each in root.iter()} - {SVG + tag for tag in ALLOWED}, set())
        self.assertFalse([each.attrib for each in root.iter() if any(name.startswith('on') for name in each.attrib)])
        return root

    def test_a_page_has_the_saved_lines(self):
        for names in (['small'], ['names'], ['small', 'later']):
            page = self.page(*(self.sample(name) for name in names))
            data = page.scripts[:-1]
            self.assertEqual(len(data), len(names))
            for name, text in zip(names, data):
                lines = [json.loads(line) for line in text.split('\n') if line.strip()]
                wanted = list(getattr(samples, name)().lines())
                self.assertEqual([line.get('file') for line in lines], [line.get('file') for line in wanted])
                self.assertEqual([line.get('start') for line in lines], [line.get('start') for line in wanted])

    def test_names_make_no_elements(self):
        tags = [self.page(self.sample(name)).tags for name in ('small', 'names')]
        self.assertEqual(*tags)

    def test_names_are_the_pictures_text(self):
        root = self.check_picture(self.make('svg', self.sample('names')))
        titles = '\n'.join(each.text for each in root.iter(SVG + 'title'))
        for name in ('</script><script>window.broken=1</script>', ']]></text><script>', '&amp;&lt;', 'right\ufffdto left',
                     'name\ufffdwith', '\ufffdwindow.broken=6\ufffd'):
            self.assertIn(name, titles)
        self.assertNotRegex(titles, '[\x00-\x08\x0b-\x1f\u2028-\u202e]')

    def test_the_picture_shows_all_types(self):
        root = self.check_picture(self.make('svg', self.sample('small')))
        text = '\n'.join(each.text or '' for each in root.iter(SVG + 'text'))
        for word in ('collector (1234)', '0x7d0000000000', '85.3 TiB free', 'placeholder: 448 KiB in 2', 'heap: 2 MiB in 1',
                     '576 KiB in memory', 'Pr 8 MiB'):
            self.assertIn(word, text)

    def test_boxes_lie_in_the_picture_and_not_on_each_other(self):
        for name in ('small', 'large'):
            root = self.check_picture(self.make('svg', self.sample(name)))
            width, height = float(root.get('width')), float(root.get('height'))
            ends = {}
            for group in root.iter(SVG + 'g'):
                body = group.find(SVG + 'rect')
                x, y, size = (float(body.get(which)) for which in ('x', 'y', 'width'))
                self.assertGreaterEqual(x + 0.6, ends.get(y, 0), name)
                self.assertLessEqual(x + size, width)
                self.assertLess(y, height)
                ends[y] = x + size
            self.assertGreater(len(ends), 8)

    def test_what_is_left_out_is_not_called_free(self):
        lines = [line for line in self.sample('small').split(b'\n') if b'"type":"private"' in line or b'maps' in line]
        text = b'\n'.join([*lines, b'{"end":true,"regions":%d}' % (len(lines) - 1), b''])
        made = self.make('svg', text)
        self.assertEqual((b' left out<' in made, b' free<' in made), (True, False))

    def test_the_policy_names_what_is_there(self):
        made = self.make('html', self.sample('small')).decode('utf-8')
        policy = re.search(r'Content-Security-Policy" content="([^"]*)"', made)[1]
        for kind, text in (('script', made[made.rindex('<script>') + 8:made.rindex('</script>')]),
                           ('style', made[made.index('<style>') + 7:made.index('</style>')])):
            digest = base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode()
            self.assertIn(f"{kind}-src 'sha256-{digest}'", policy)
        self.assertTrue(policy.startswith("default-src 'none'"))
        self.assertNotRegex(made, r'(src|href)=["\']')

    def test_files_out_of_order_make_no_page(self):
        for name in ('hostile', 'cut'):
            self.assertIsNone(self.make('html', self.sample(name)))
            self.assertIsNone(self.make('svg', self.sample(name)))

    def test_mutations(self):
        """Bytes changed, lines moved: there is a good file or none."""
        random_ = random.Random(mutations)
        tags = self.page(self.sample('names')).tags
        made = 0
        for _ in range(mutations):
            text = mutate(random_, self.sample(random_.choice(('names', 'small'))))
            page = self.page(text)
            if page is not None:
                self.assertEqual(page.tags, tags)
                made += 1
            picture = self.make('svg', text)
            if picture is not None:
                self.check_picture(picture)
        self.assertGreater(made, mutations // 20)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1], verbosity=1)
