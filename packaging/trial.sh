#!/bin/sh
# trial.sh: run in a bare Debian beside the packages and README.md: what somebody does first who has just heard of them. Each
# command is printed before it runs, its output only begun; the first that does not do what it should ends the trial.
set -eu
cd /root
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 MANWIDTH=90
began=$(date +%s)

fail() { echo "FAILED: $*"; exit 1; }

# shows <lines> <what must be in it> <command line>
shows()
{
    echo
    echo "\$ $3"
    sh -c "$3" >output 2>&1 || { cat output; fail "$3"; }
    sed -n "1,$1p" output | cut -c 1-140
    [ -z "$2" ] || grep -q -- "$2" output || { cat output; fail "'$2' is not in the output of: $3"; }
}

quietly() { "$@" >log 2>&1 || { tail -20 log; fail "$*"; }; }

apt() { quietly apt-get -y --no-install-recommends "$@"; }

echo '$ apt install ./*.deb'
apt update
apt install ./*.deb
echo "    $(($(date +%s) - began)) s"
echo '$ apt install g++ pkg-config man-db'
apt install g++ pkg-config man-db
echo "    $(($(date +%s) - began)) s"

awk '/^```cpp$/ { inside = 1; next } /^```$/ { if (inside) exit } inside' README.md >example.cpp
shows 20 VirtualAlloc 'cat example.cpp'
shows 5 '' 'c++ example.cpp $(pkg-config --cflags --libs winmem) -o example'
shows 5 '4096 byte committed' ./example
shows 2 'static: 4096' 'sh ten-lines'
shows 12 SYNOPSIS 'man VirtualAlloc2'
shows 12 commit 'man 7 winmem'
shows 6 NAME 'man winmem-maps'
shows 25 private 'winmem-maps $$'
shows 5 '' 'winmem-maps --html page.html $$ && ls -l page.html'
shows 12 Linux winmem-features
echo
echo "trial: $(($(date +%s) - began)) s"
