#!/bin/sh
# links.sh <project>: links between the pages lead somewhere (links.py).
command -v python3 >/dev/null || { echo 'skip: no python3'; exit 77; }
exec python3 "$(dirname "$0")/links.py" "$1"
