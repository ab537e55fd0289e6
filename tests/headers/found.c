/*
 * found.c: GetProcAddress finds each exported function in the DLL that its row of exports.def names, and it is the one
 * that the program is linked with. What belongs to no DLL, our own functions and no others, it does not find.
 */
#include <windows.h>
#include <apiquery2.h>
#include <bcrypt.h>
#include <crt/float.h>
#include <crt/stdio.h>
#include <crt/stdlib.h>
#include <crt/string.h>
#include <crt/time.h>
#include <direct.h>
#include <io.h>
#include <ntifs.h>
#include <ntsecapi.h>
#include <process.h>
#include <psapi.h>
#include <shlwapi.h>
#include <tlhelp32.h>
#include <winmem.h>

#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct row {
    const char *dll, *name;
    FARPROC linked;
};

#define WM_EXPORT(node, header, dll, type, name, parameters) {#dll, #name, (FARPROC)(void (*)(void))name},
#define WM_EXPORT_WIDE WM_EXPORT

static const struct row rows[] = {
#include WM_EXPORTS
};

int main(void)
{
    size_t wrong = 0, count = sizeof rows / sizeof rows[0];

    for (size_t i = 0; i < count; i++) {
        BOOL own = strcmp(rows[i].dll, "none") == 0;
        FARPROC found = GetProcAddress(GetModuleHandleA(own ? "kernel32" : rows[i].dll), rows[i].name);

        if (own == (strncmp(rows[i].name, "Winmem", 6) == 0) && found == (own ? NULL : rows[i].linked))
            continue;
        printf("%s of %s: GetProcAddress finds %#jx, linked is %#jx\n", rows[i].name, rows[i].dll,
               (uintmax_t)found, (uintmax_t)rows[i].linked);
        wrong++;
    }
    printf("%zu functions, %zu wrong\n", count, wrong);
    return count == 0 || wrong != 0;
}
