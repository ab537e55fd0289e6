"""Wine's column: the cases built for Windows from the same source with mingw-w64, run under Wine.

Ready(build) gives the command to run, or says why there is none. Wine's server stays up in between, since it takes
longer to start than most cases to measure.
"""
import contextlib
import glob
import os
import shutil
import subprocess

COMPILER = 'x86_64-w64-mingw32-gcc'
HERE = os.path.dirname(os.path.abspath(__file__))
OTHERS = {'scale.c', 'scaleheap.c', 'syscalls.c', 'instructions.c', 'steps.c'}  # programs that know Linux


def find(*names):
    """The first of these programs that is there; Debian keeps some out of PATH."""
    found = (shutil.which(name) or shutil.which(name, path='/usr/lib/wine') for name in names)
    return next((path for path in found if path), None)


def compile_into(program):
    sources = [path for path in glob.glob(os.path.join(HERE, '*.c')) if os.path.basename(path) not in OTHERS]
    subprocess.run([COMPILER, '-O2', '-std=gnu11', '-D_WIN32_WINNT=0x0A00', '-I' + HERE,
                    '-I' + os.path.join(HERE, 'win'), *sorted(sources), '-o', program, '-static', '-lpthread',
                    '-lsynchronization'], check=True)


@contextlib.contextmanager
def ready(build):
    """(command, environment), or (None, why not)."""
    wine, server = find('wine64', 'wine'), find('wineserver', 'wineserver64')
    if not wine or not server:
        yield None, 'no wine64'
        return
    if not shutil.which(COMPILER):
        yield None, f'no {COMPILER}'
        return
    program = os.path.join(build, 'winbench.exe')
    try:
        compile_into(program)
    except subprocess.CalledProcessError:
        yield None, f'the cases do not build with {COMPILER}'
        return
    environment = dict(os.environ, WINEPREFIX=os.path.abspath(os.path.join(build, 'wine')), WINEDEBUG='-all',
                       DISPLAY='', WINEDLLOVERRIDES='mscoree=;mshtml=;winemenubuilder.exe=')

    def quietly(*call):
        # No pipes: the server would keep them open.
        subprocess.run(call, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=180,
                       check=False)

    try:
        quietly(wine, 'wineboot', '-i')
        quietly(server, '-p')
        yield [wine, program], environment
    finally:
        quietly(server, '-k')
