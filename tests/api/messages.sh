#!/bin/sh
# messages.sh WINERROR.H MESSAGES.DEF: every code of winerror.h has one sentence in messages.def. Two names of one number
# are one code; so are an HRESULT made of a Windows error and that error.
set -eu
codes=$(sed -n 's/^#define \(ERROR_[A-Z_]*\|RPC_S_[A-Z_]*\|WAIT_TIMEOUT\|E_[A-Z]*\|TRUST_E_[A-Z]*\) .*/\1/p' "$1" |
    grep -vx 'E_ACCESSDENIED\|E_HANDLE\|E_OUTOFMEMORY\|E_INVALIDARG' | sort)
sentences=$(sed -n 's/^WM_MESSAGE(\([A-Z_]*\), ".*[^.]")$/\1/p' "$2" | sort)
[ "$(echo "$codes" | wc -l)" -gt 60 ] || { echo "FAILED: no codes found in $1"; exit 1; }
if [ "$codes" != "$sentences" ]; then
    echo "FAILED: these have no sentence, or no code, or two:"
    printf '%s\n%s\n' "$codes" "$sentences" | sort | uniq -c | awk '$1 != 2'
    exit 1
fi
if grep -n '^WM_MESSAGE.*%' "$2" | grep -v '(ERROR_BAD_EXE_FORMAT, "%1 [^%]*")$'; then
    echo "FAILED: a percent sign is an escape, and Windows has no insert there"
    exit 1
fi
if LC_ALL=C grep -n '[^ -~]' "$2"; then echo "FAILED: not ASCII"; exit 1; fi
