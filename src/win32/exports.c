/* exports.c: the functions of this library, as GetProcAddress is to find them: told when the library is loaded. */
#include <apiquery2.h>
#include <bcrypt.h>
#include <crt/float.h>
#include <crt/stdio.h>
#include <crt/stdlib.h>
#include <crt/string.h>
#include <crt/time.h>
#include <direct.h>
#include <io.h>
#include <ntsecapi.h>
#include <process.h>
#include <psapi.h>
#include <shlwapi.h>
#include <tlhelp32.h>

#include "api/exporttable.h"
#include "win32/wide32.h"
#include "win32/win32.h"

static const struct wm_export rows[] = {
#include "win32/win32.def"
};

struct wm_exports wm_win32_exports = {rows, sizeof rows / sizeof rows[0], NULL};

__attribute__((constructor)) static void tell(void)
{
    wm_exports_add(&wm_win32_exports);
}
