"""maps_browser.py <winmem-maps> [mutations]: the page of --html in a browser without a window: it opens, draws, zooms, filters, searches
and compares; nobody's name becomes markup, nothing is complained about, and 100,000 regions are no burden.

Needs chromium, chromedriver and selenium (Debian: chromium, chromium-driver, python3-selenium).
"""
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

import maps_samples as samples
from maps_mutations import mutate

try:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.support.ui import WebDriverWait
except ImportError:
    distribution = '/usr/bin/python3'       # selenium comes for the distribution's Python, which need not be this one
    if sys.executable != distribution and not os.environ.get('MAPS_BROWSER_AGAIN') and os.path.exists(distribution):
        os.environ['MAPS_BROWSER_AGAIN'] = '1'
        os.execv(distribution, [distribution, '-B', *sys.argv])
    print('skipped: selenium is missing (Debian: python3-selenium)')
    sys.exit(77)

program = os.path.abspath(sys.argv[1])
mutations = int(sys.argv[2]) if len(sys.argv) > 2 and sys.argv[2].isdigit() else 3
WIDTH, HEIGHT = 1280, 800
LARGE_SECONDS = 15              # on this machine it takes one


def start_browser(directory):
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which('chromium')
    for argument in ('--headless=new', '--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--no-first-run',
                     '--disable-background-networking', f'--user-data-dir={directory}/profile',
                     f'--window-size={WIDTH},{HEIGHT}'):
        options.add_argument(argument)
    options.set_capability('goog:loggingPrefs', {'browser': 'ALL'})
    browser = webdriver.Chrome(service=Service(shutil.which('chromedriver')), options=options)
    browser.set_page_load_timeout(40)
    browser.set_script_timeout(30 + mutations)
    browser.execute_cdp_cmd('Emulation.setDeviceMetricsOverride',
                            {'width': WIDTH, 'height': HEIGHT, 'deviceScaleFactor': 1, 'mobile': False})
    return browser


def save(directory, name):
    path = os.path.join(directory, name + '.ndjson')
    if not os.path.exists(path):
        with open(path, 'wb') as file:
            file.write(getattr(samples, name)().text().encode('utf-8'))
    return path


def make_page(directory, *names):
    path = os.path.join(directory, '-'.join(names) + '.html')
    if not os.path.exists(path):
        subprocess.run([program, '--html', path, *(save(directory, name) for name in names)], check=True, timeout=60)
    return path


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, cls.directory, ignore_errors=True)
        cls.browser = start_browser(cls.directory)
        cls.addClassCleanup(cls.browser.quit)

    def open(self, *names):
        self.browser.get('file://' + make_page(self.directory, *names))
        self.drawn(0)

    def tearDown(self):
        self.assertEqual(self.complaints(), [])

    def complaints(self):
        return [entry['message'] for entry in self.browser.get_log('browser')]

    def find(self, what):
        return self.browser.find_element(By.ID, what)

    def run_script(self, script, *arguments):
        return self.browser.execute_script('return ' + script, *arguments)

    def draws(self):
        return int(self.browser.find_element(By.TAG_NAME, 'body').get_attribute('data-drawn') or 0)

    def drawn(self, before):
        WebDriverWait(self.browser, 40, 0.02).until(lambda _: self.draws() > before)

    def after(self, act, *arguments):
        """What the picture says of itself when something was done and drawn."""
        before = self.draws()
        act(*arguments)
        self.drawn(before)
        return self.find('picture').get_attribute('aria-label')

    def lines(self):
        script = '[...document.querySelectorAll(".line:not([hidden])")].map((line) => line.textContent)'
        return self.run_script(script)

    def count(self):
        return int(self.find('list-count').text.split()[0].replace(',', ''))

    def search(self, text):
        self.after(self.browser.execute_script, '''
            const box = document.getElementById("search");
            box.value = arguments[0];
            box.dispatchEvent(new Event("input"));''', text)
        return self.count()

    def colours(self):
        """How many colours the picture has."""
        return self.run_script('''(() => {
            const base = document.getElementById("base");
            const { data } = base.getContext("2d").getImageData(0, 0, base.width, base.height);
            return new Set(new Uint32Array(data.buffer)).size; })()''')

    def key(self, key):
        return self.after(self.find('picture').send_keys, key)

    def wheel(self, x, y, down):
        place = self.find('picture').rect
        self.browser.execute_cdp_cmd('Input.dispatchMouseEvent', {
            'type': 'mouseWheel', 'x': place['x'] + x, 'y': place['y'] + y, 'deltaX': 0, 'deltaY': down})

    # --- what everybody sees ---

    def test_opens_and_draws(self):
        self.open('small')
        self.assertEqual(self.browser.title, 'collector (1234) \u2013 winmem-maps')
        self.assertIn('The whole address space: 0x10000 to 0x7fffffff0000, 210 regions', self.find('picture').get_attribute('aria-label'))
        self.assertGreater(self.colours(), 50)
        tiles = self.find('tiles').text
        for word in ('committed', 'in memory', 'largest free block', 'of 65,530 allowed', 'limit 15 GiB'):
            self.assertIn(word, tiles)
        self.assertFalse(self.find('problem').is_displayed())

    def test_table_has_the_sums(self):
        self.open('small')
        rows = dict(row.text.split('\n')[1:] for row in self.find('types').find_elements(By.TAG_NAME, 'tr'))
        self.assertEqual(rows['heap'], '2 MiB 2 MiB 576 KiB 576 KiB 1 2 MiB')
        self.assertEqual(rows['placeholder'], '448 KiB 2 256 KiB')
        self.assertEqual(rows['mapped'], '104 KiB 104 KiB 104 KiB 104 KiB 2 64 KiB')

    # --- zoom ---

    def test_wheel_zooms_to_the_pointer_and_back(self):
        self.open('small')
        whole = self.find('picture').get_attribute('aria-label')
        part = self.after(self.wheel, 400, 40, -240)
        self.assertIn('A part of the address space', part)
        self.assertIn('address space', self.find('crumbs').text)
        self.assertEqual(self.after(self.find('back').click), whole)

    def test_buttons_and_keys_zoom(self):
        self.open('small')
        whole = self.find('picture').get_attribute('aria-label')
        self.assertNotEqual(self.after(self.find('in').click), whole)
        self.assertEqual(self.after(self.find('whole').click), whole)
        zoomed = self.key('+')
        self.assertNotEqual(zoomed, whole)
        self.assertNotEqual(self.key(Keys.ARROW_DOWN), zoomed)
        self.key('0')
        self.assertEqual(self.find('picture').get_attribute('aria-label'), whole)

    def test_dragging_zooms_to_a_range(self):
        self.open('small')
        drag = ActionChains(self.browser, duration=20).move_to_element_with_offset(self.find('base'), -250, -140)
        drag.click_and_hold().move_by_offset(150, 40).move_by_offset(150, 40).release()
        self.assertIn('A part of the address space', self.after(drag.perform))

    def test_an_allocation_is_shown_page_by_page(self):
        self.open('small')
        self.find('search').send_keys('0x7fa000001000', Keys.ENTER)
        WebDriverWait(self.browser, 10).until(lambda _: 'Pages' in self.find('picture').get_attribute('aria-label'))
        self.assertIn('0x7fa000000000 to 0x7fa000010000, 2 regions', self.find('picture').get_attribute('aria-label'))
        self.assertIn('a cell is a page', self.find('legend').text)
        facts = self.find('details').text
        for word in ('0x7fa000001000', '60 KiB, 15 pages', 'read, write', '48 KiB', 'allocation\n0x7fa000000000'):
            self.assertIn(word, facts)
        crumbs = self.find('crumbs').find_elements(By.TAG_NAME, 'button')
        self.assertIn('The whole', self.after(crumbs[0].click))

    def test_cells_stand_for_many_pages_where_there_are_many(self):
        self.open('small')
        self.search('0x7d0010000000')
        self.after(self.find('search').send_keys, Keys.ENTER)
        self.assertIn('a cell is 65,536 pages, 256 MiB', self.find('legend').text)

    # --- filter and search ---

    def test_types_are_filters(self):
        self.open('small')
        every = self.count()
        heap = self.browser.find_element(By.CSS_SELECTOR, 'button[data-type=heap]')
        self.after(heap.click)
        self.assertEqual((self.count(), heap.get_attribute('aria-pressed')), (1, 'true'))
        self.after(heap.click)
        self.assertEqual((self.count(), heap.get_attribute('aria-pressed')), (every, 'false'))

    def test_search(self):
        self.open('small')
        for text, count in (('0x7fa000000fff', 1), ('7fa000001000', 1), ('libstdc', 5), ('rx libm', 1), ('placeholder', 2),
                            ('section', 1), ('nothing of this name', 0)):
            self.assertEqual(self.search(text), count, text)

    def test_keys_go_through_the_list(self):
        self.open('small')
        frame = self.find('list-frame')
        self.after(frame.send_keys, Keys.ARROW_DOWN)
        self.after(frame.send_keys, Keys.ARROW_DOWN)
        chosen = self.browser.find_elements(By.CSS_SELECTOR, '.line[aria-selected=true]')
        self.assertEqual([line.get_attribute('aria-rowindex') for line in chosen], ['3'])
        self.assertIn('from\n0x100027000', self.find('details').text)

    def test_columns_sort(self):
        self.open('small')
        self.find('list-head').find_elements(By.TAG_NAME, 'button')[1].click()
        self.assertIn('1 TiB', self.lines()[0])

    def test_allocations_are_listed_with_their_holes(self):
        self.open('small')
        self.find('allocations').click()
        self.assertEqual(self.find('list-count').text, '18 allocations')
        heads = self.find('list-head').find_elements(By.TAG_NAME, 'button')
        heads[4].click()            # by runs: the one that is fragmented most comes first
        line = self.browser.find_element(By.CSS_SELECTOR, '.line')
        self.assertEqual(line.text.split('\n')[:2], ['0x7d0000000000', '24 MiB'])
        self.assertRegex(line.text, r'\n53 %\n36\n896 KiB$')
        strip = self.run_script('''(() => {
            const canvas = document.querySelector(".line canvas");
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            return new Set(new Uint32Array(data.buffer)).size; })()''')
        self.assertGreater(strip, 3)
        self.after(line.click)
        self.assertIn('largest hole\n896 KiB', self.find('details').text)
        self.find('regions').click()
        self.assertIn('194 regions', self.find('list-count').text)

    # --- comparison ---

    def compared(self):
        return self.run_script('[...document.querySelectorAll(".line:not([hidden])")].map((line) => line.dataset.change)')

    def changes(self, name):
        self.search(name)
        found = set(self.compared())
        self.assertEqual(found, {name})
        return ' '.join(self.lines())

    def check_comparison(self):
        self.assertIn('21:30:00 UTC compared with 2026-11-30 21:45:00 UTC', self.find('taken').text)
        self.assertIn('0x7fa000a00000', self.changes('came'))
        self.assertIn('0x7fa000100000', self.changes('went'))
        self.assertIn('0x555555a0b0001 MiBHeheapcommitrw', self.changes('grew'))     # and nothing of it is in memory
        self.assertRegex(self.lines()[0], 'heapcommitrw$')
        self.assertIn('rwx', self.changes('protection'))
        self.search('')
        self.assertIn('+1 MiB', self.find('types').text)

    def test_a_page_of_two(self):
        self.open('small', 'later')
        self.check_comparison()
        self.after(self.find('single').click)
        self.assertFalse(self.find('single').is_displayed())

    def test_a_second_file_is_opened(self):
        self.open('later')
        self.after(self.find('open').send_keys, save(self.directory, 'small'))
        self.check_comparison()

    def test_a_file_that_is_none(self):
        self.open('small')
        self.find('open').send_keys(program)
        WebDriverWait(self.browser, 10).until(lambda _: self.find('problem').is_displayed())
        self.assertIn('is not a file that winmem-maps --save wrote', self.find('problem').text)

    # --- bad names ---

    def check_names(self):
        said = []
        for _ in range(4):          # in the details, and beside the pointer
            self.key(Keys.ARROW_RIGHT)
            said.append(self.find('details').text)
        self.assertIn('<img src=x onerror="window.broken=2">', '\n'.join(said))
        ActionChains(self.browser, duration=0).move_to_element_with_offset(self.find('base'), -150, -30).perform()
        self.assertIn('window.broken', self.find('tooltip').text)
        self.assertIsNone(self.run_script('window.broken'))
        self.assertEqual(self.run_script('document.querySelectorAll("img, svg, main script, #tooltip script").length'), 0)
        self.assertIn('</title><script>', self.browser.title)
        text = '\n'.join(self.lines())
        for name in ('</script><script>window.broken=1</script>', '<!--<script>', '"><svg/onload=window.broken=3>',
                     '\ufffdwindow.broken=6\ufffd', '&amp;&lt;&#60;', 'right\ufffdto left', '${window.broken=7}`'):
            self.assertIn(name, text)

    def test_names_are_text(self):
        self.open('names')
        self.check_names()

    def test_names_in_a_file_that_nobody_wrote(self):
        self.open('small')
        self.after(self.find('open').send_keys, save(self.directory, 'hostile'))
        self.assertIn('4 lines make no sense', self.find('problem').text)
        self.search('broken')
        self.assertIsNone(self.run_script('window.broken'))
        self.assertIn('</script><script>window.broken=1</script>', '\n'.join(self.lines()))

    def test_whatever_file_is_opened_nothing_breaks(self):
        """Mutations of saved files, each opened, compared, zoomed into, and seen page by page."""
        random_ = random.Random(mutations)
        texts = [mutate(random_, getattr(samples, random_.choice(('small', 'later', 'hostile')))().text().encode())
                 .decode('utf-8', 'replace') for _ in range(mutations)]
        self.open('small')
        shown = self.browser.execute_async_script('''
            const [texts, done] = arguments;
            const frame = () => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
            const press = (key) => document.getElementById("picture").dispatchEvent(
                new KeyboardEvent("keydown", { key, bubbles: true }));
            (async () => {
                let shown = 0;
                for (const text of texts) {
                    const files = new DataTransfer();
                    files.items.add(new File([text], "saved"));
                    const input = document.getElementById("open");
                    input.files = files.files;
                    input.dispatchEvent(new Event("change"));
                    await frame();
                    for (const key of ["+", "ArrowRight", "ArrowRight", "Enter", "+", "PageDown", "-", "-", "Escape", "0"]) {
                        press(key);
                        await frame();
                    }
                    const single = document.getElementById("single");
                    if (!single.hidden) {
                        shown++;
                        single.click();
                        await frame();
                    }
                }
                done(shown);
            })();''', texts)
        self.assertGreater(shown, mutations // 4)
        self.assertIsNone(self.run_script('window.broken'))

    def test_the_policy_forbids_all_else(self):
        self.open('small')
        self.browser.execute_script('''
            const script = document.createElement("script");
            script.textContent = "window.broken = 8";
            document.body.append(script);
            const image = document.createElement("img");
            image.src = "data:image/gif;base64,R0lGODlhAQABAAAAACw=";
            document.body.append(image);
            document.body.insertAdjacentHTML("beforeend", '<p style="position:fixed" onclick="window.broken = 9" id="pressed">');
            document.getElementById("pressed").click();''')
        self.assertIsNone(self.run_script('window.broken'))
        self.assertEqual(self.run_script('getComputedStyle(document.getElementById("pressed")).position'), 'static')
        refused = self.complaints()
        self.assertGreaterEqual(len(refused), 3)
        self.assertTrue(all('Content Security Policy' in each for each in refused), refused)

    # --- size ---

    def test_a_hundred_thousand_regions(self):
        make_page(self.directory, 'large')
        began = time.monotonic()
        self.open('large')
        self.assertGreater(self.count(), 75000)
        self.after(self.wheel, 500, 40, -240)
        self.search('placeholder')
        self.browser.execute_script('document.getElementById("list-frame").scrollTop = 1e6')
        self.assertLess(time.monotonic() - began, LARGE_SECONDS)
        self.assertLess(self.run_script('document.querySelectorAll("*").length'), 1200)

    # --- for everybody ---

    def test_light_dark_and_paper(self):
        self.open('small')
        light = self.run_script('getComputedStyle(document.body).backgroundColor')
        self.after(self.find('theme').click)
        self.assertNotEqual(self.run_script('getComputedStyle(document.body).backgroundColor'), light)
        self.assertGreater(len(self.browser.print_page()), 20000)
        self.assertNotEqual(self.run_script('getComputedStyle(document.body).backgroundColor'), light)

    def test_everything_has_a_name(self):
        self.open('small')
        nameless = self.run_script('''[...document.querySelectorAll("button, input, [tabindex='0']")].filter((each) =>
            !each.getAttribute("aria-label") && !each.textContent.trim()).map((each) => each.outerHTML)''')
        self.assertEqual(nameless, [])
        self.assertEqual(self.run_script('''(() => {
            const ids = [...document.querySelectorAll("[id]")].map((each) => each.id);
            return ids.length - new Set(ids).size; })()'''), 0)


if __name__ == '__main__':
    for command in ('chromium', 'chromedriver'):
        if not shutil.which(command):
            print(f'skipped: {command} is missing (Debian: chromium, chromium-driver)')
            sys.exit(77)
    unittest.main(argv=sys.argv[:1] + [each for each in sys.argv[2:] if not each.isdigit()], verbosity=1)
