#!/usr/bin/env python3
"""Takes the picture of winmem-maps that the documentation shows: of a process made for it, scene.c, in a browser.

    docs/pictures/maps.py build/ci [FOLDER]

Writes winmem-maps.png beside this script; into FOLDER also what else there is to see: dark, page by page, compared. Needs a
built tree with winmem-maps, a compiler, and chromium, chromedriver and selenium (Debian: chromium, chromium-driver,
python3-selenium).
"""
import os
import subprocess
import sys
import tempfile
import time

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

HERE = os.path.dirname(os.path.abspath(__file__))
PROJECT = os.path.dirname(os.path.dirname(HERE))
SIZE = (1280, 800)
HEAP = '0x100000000000'         # as scene.c has it


def compile_scene(build, into):
    program = os.path.join(into, 'collector')
    library = os.path.join(build, 'src')
    subprocess.run(['cc', '-std=gnu11', '-O1', f'-I{PROJECT}/include/winmem', f'{HERE}/scene.c', '-o', program,
                    f'-L{library}', '-lwinmem', f'-Wl,-rpath,{os.path.abspath(library)}'], check=True)
    return program


def make_pages(build, into):
    """A page of the scene, and one of what changed in it."""
    maps = os.path.join(build, 'cmd/maps/winmem-maps')
    one, two, saved = (os.path.join(into, name) for name in ('one.html', 'two.html', 'saved'))
    with subprocess.Popen([compile_scene(build, into)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as scene:
        scene.stdout.readline()
        subprocess.run([maps, '--html', one, str(scene.pid)], check=True)
        subprocess.run([maps, '--save', saved, str(scene.pid)], check=True)
        scene.stdin.write('later\n')
        scene.stdin.flush()
        scene.stdout.readline()
        subprocess.run([maps, '--html', two, saved, str(scene.pid)], check=True)
        scene.stdin.close()
    return one, two


def browser_without_window():
    options = webdriver.ChromeOptions()
    options.binary_location = '/usr/bin/chromium'
    for argument in ('--headless=new', '--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--hide-scrollbars'):
        options.add_argument(argument)
    browser = webdriver.Chrome(service=Service('/usr/bin/chromedriver'), options=options)
    browser.execute_cdp_cmd('Emulation.setDeviceMetricsOverride', {
        'width': SIZE[0], 'height': SIZE[1], 'deviceScaleFactor': 1, 'mobile': False})
    return browser


def settle():
    time.sleep(0.4)


def search(browser, text):
    box = browser.find_element(By.ID, 'search')
    box.send_keys(text, '\ue007')
    settle()
    box.send_keys('\ue00c')     # Escape: everything is shown again
    browser.execute_script('scrollTo(0, 0); document.activeElement.blur()')
    settle()


def take(browser, page, path, *, dark=False, of=None):
    browser.get('file://' + page)
    settle()
    if dark:
        browser.find_element(By.ID, 'theme').click()
    if of:
        search(browser, of)
    settle()
    browser.save_screenshot(path)


def main(build, folder=None):
    with tempfile.TemporaryDirectory() as into:
        one, two = make_pages(build, into)
        browser = browser_without_window()
        try:
            take(browser, one, os.path.join(HERE, 'winmem-maps.png'))
            if folder:
                take(browser, one, os.path.join(folder, 'dark.png'), dark=True)
                take(browser, one, os.path.join(folder, 'pages.png'), of=HEAP)
                take(browser, two, os.path.join(folder, 'compared.png'))
                take(browser, two, os.path.join(folder, 'compared-pages.png'), of=HEAP)
        finally:
            browser.quit()


if __name__ == '__main__':
    main(*sys.argv[1:])
