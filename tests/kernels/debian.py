"""Debian's kernels, by the suite that ships them: fetched with apt, unpacked, never installed.

Apt works in a directory of ours, with one source: the mirror that this machine's own sources name. So a machine with
Debian 12 gets the kernels of 11 and 13 as well, and nothing of that is seen outside of the directory. Signatures are
checked with the machine's keys.
"""
import glob
import os
import re
import subprocess

# By version, the suite whose kernel it is.
SUITES = {'5.10': 'bullseye', '6.1': 'bookworm', '6.12': 'trixie'}
KEYS = '/usr/share/keyrings/debian-archive-keyring.gpg'
SECONDS = 120


class NotToBeHad(Exception):
    """There is no such kernel here: the reason."""


def run(command, cwd=None):
    try:
        done = subprocess.run(command, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=SECONDS)
    except FileNotFoundError:
        raise NotToBeHad(f'no {command[0]}') from None
    except subprocess.TimeoutExpired:
        raise NotToBeHad(f'{command[0]} took more than {SECONDS} s') from None
    if done.returncode != 0:
        said = (done.stderr.strip() or 'no word').splitlines()[-1]
        raise NotToBeHad(f'{command[0]} {command[-1]}: {said}')
    return done.stdout


def mirror():
    """Where this machine gets Debian from; security updates and other people's packages are elsewhere."""
    lines = run(['apt-get', 'indextargets', '--format', '$(LABEL)\t$(REPO_URI)', 'Created-By: Packages']).splitlines()
    targets = [line.split('\t') for line in lines]
    for label, uri in targets:
        if label == 'Debian':
            return uri
    for _, uri in targets:      # apt has not fetched anything yet: labels are unknown
        if uri.rstrip('/').endswith('/debian'):
            return uri
    raise NotToBeHad('no source of Debian packages is configured')


def apt_options(place, arch, suite):
    """Makes apt's directory."""
    for directory in ('lists/partial', 'cache/archives/partial'):
        os.makedirs(os.path.join(place, directory), exist_ok=True)
    with open(os.path.join(place, 'sources.list'), 'w', encoding='utf-8') as sources:
        signed = f' signed-by={KEYS}' if os.path.exists(KEYS) else ''
        sources.write(f'deb [arch={arch.debian}{signed}] {mirror()} {suite} main\n')
    with open(os.path.join(place, 'status'), 'w', encoding='utf-8'):
        pass
    settings = {'Dir::Etc::SourceList': f'{place}/sources.list', 'Dir::Etc::SourceParts': '/dev/null',
                'Dir::State::Lists': f'{place}/lists', 'Dir::State::Status': f'{place}/status',
                'Dir::Cache': f'{place}/cache', 'APT::Architecture': arch.debian, 'APT::Architectures': arch.debian,
                'Acquire::Languages': 'none', 'APT::Sandbox::User': 'root', 'Acquire::Retries': '1', 'Acquire::http::Timeout': '20'}
    return [part for name, value in settings.items() for part in ('-o', f'{name}={value}')]


def package_of(options, arch):
    """What the package "the kernel" depends on: the kernel."""
    said = run(['apt-cache'] + options + ['depends', f'linux-image-{arch.debian}'])
    found = re.search(r'Depends: (linux-image-\d\S*)', said)
    if not found:
        raise NotToBeHad(f'linux-image-{arch.debian} depends on no kernel')
    return found.group(1)


def unpacked(place, pattern):
    """What fits in a directory, the last of it, or None."""
    found = sorted(glob.glob(os.path.join(place, 'root', pattern)))
    return found[-1] if found else None


def fetched(place, arch, suite, name_of, pattern):
    """The path of a file of a package; the package is fetched on first use. Raises NotToBeHad."""
    if unpacked(place, pattern):
        return unpacked(place, pattern)
    os.makedirs(place, exist_ok=True)
    options = apt_options(place, arch, suite)
    run(['apt-get'] + options + ['update'])
    run(['apt-get'] + options + ['download', name_of(options, arch)], cwd=place)
    package = glob.glob(os.path.join(place, '*.deb'))[-1]
    run(['dpkg', '-x', package, os.path.join(place, 'new')])
    os.rename(os.path.join(place, 'new'), os.path.join(place, 'root'))      # all or nothing
    os.unlink(package)
    return unpacked(place, pattern)


def kernel(version, arch, cache):
    place = os.path.join(cache, f'{arch.debian}-{version}')
    return fetched(place, arch, SUITES[version], package_of, 'boot/vmlinu[xz]-*')


def busybox(arch, cache):
    """For another processor than this machine's."""
    return fetched(os.path.join(cache, f'{arch.debian}-busybox'), arch, SUITES['6.1'], lambda *_: 'busybox-static', 'bin/busybox')
