/*
 * apiset.c: IsApiSetImplemented.
 *
 * An API set is a name for some functions, which a program can load as if it were a library, and a version: "l1-1-3" has what
 * "l1-1-2" has. Here they all are one image (D12.9a), so a set is there if some of its functions are. Versions are not told
 * apart but by their form: what a set lacks of a newer one GetProcAddress tells.
 */
#include <apiquery2.h>
#include <stdio.h>
#include <strings.h>

#include "win32/win32.h"

static const char prefix[] = "api-ms-win-core-";

static const char *const families[] = {
    "apiquery",       "console",
    "debug",          "errorhandling",
    "fibers",         "file",
    "handle",         "heap",
    "interlocked",    "libraryloader",
    "memory",         "processenvironment",
    "processthreads", "processtopology",
    "profile",        "psapi",
    "realtime",       "string",
    "synch",          "sysinfo",
    "systemtopology", "threadpool-legacy",
    "timezone",
};

/* "-l1-1-3", to the end of the name. */
static bool is_version(const char *text)
{
    unsigned level, major, minor;
    int length = 0;

    return strncasecmp(text, "-l", 2) == 0 &&
           sscanf(text + 2, "%1u-%1u-%2u%n", &level, &major, &minor, &length) == 3 &&
           text[2 + length] == '\0';
}

static bool is_here(const char *contract)
{
    if (strncasecmp(contract, prefix, sizeof prefix - 1) != 0)
        return false;
    contract += sizeof prefix - 1;
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        size_t length = strlen(families[i]);

        if (strncasecmp(contract, families[i], length) == 0 && is_version(contract + length))
            return true;
    }
    return false;
}

BOOL WINAPI IsApiSetImplemented(PCSTR Contract)
{
    bool here = Contract != NULL && is_here(Contract);

    WM_TRACE(WM_OK, WM_RETURNS(WM_BOOL(here)), WM_STRING(Contract));
    return here;
}
