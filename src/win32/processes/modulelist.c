/*
 * modulelist.c: the modules of a process (modulelist.h).
 *
 * They are what VirtualQueryEx calls images, and GetMappedFileName has a name for: a walk over the address space. The
 * program is the one that the kernel started, which /proc tells.
 */
#include "win32/processes/modulelist.h"

#include <psapi.h>
#include <string.h>

#include "win32/posix.h"

static const char gone[] = " (deleted)";

/* True: it has a file. */
static bool name_of(HANDLE process, struct wm_module_facts *module)
{
    size_t length =
        GetMappedFileNameA(process, (LPVOID)module->base, module->path, (DWORD)sizeof module->path);

    if (length >= sizeof gone && strcmp(module->path + length - (sizeof gone - 1), gone) == 0)
        module->path[length - (sizeof gone - 1)] = '\0';
    return length != 0;
}

/* The next image from *at on, which moves behind it. *refused: the process cannot be asked. */
static bool next_image(HANDLE process, uintptr_t *at, struct wm_module_facts *out, bool *refused)
{
    MEMORY_BASIC_INFORMATION mbi;

    *out = (struct wm_module_facts){.base = 0};
    while (VirtualQueryEx(process, (LPCVOID)*at, &mbi, sizeof mbi) == sizeof mbi) {
        uintptr_t base = (uintptr_t)mbi.AllocationBase;

        if (out->base != 0 && (mbi.Type != MEM_IMAGE || base != out->base))
            return true;
        *at = (uintptr_t)mbi.BaseAddress + mbi.RegionSize;
        if (mbi.Type != MEM_IMAGE)
            continue;
        out->base = base;
        out->bytes = *at - base;
    }
    *refused = GetLastError() != ERROR_INVALID_PARAMETER; /* which is the end of the address space */
    return out->base != 0;
}

static void put_first(struct wm_growing *modules, size_t at)
{
    struct wm_module_facts *all = (void *)modules->data, program;

    if (modules->full || at == 0)
        return;
    program = all[at];
    memmove(all + 1, all, at * sizeof *all);
    all[0] = program;
}

static void path_of_program(HANDLE process, char path[PATH_MAX])
{
    char link[40];
    long length;

    snprintf(link, sizeof link, "/proc/%u/exe", GetProcessId(process));
    length = wm_posix_readlink(link, path, PATH_MAX - 1);
    path[length > 0 ? length : 0] = '\0';
    if (length >= (long)sizeof gone && strcmp(path + length - (long)(sizeof gone - 1), gone) == 0)
        path[length - (long)(sizeof gone - 1)] = '\0';
}

BOOL wm_modules_of(HANDLE process, struct wm_growing *out)
{
    DWORD error = GetLastError();
    struct wm_module_facts module;
    char program[PATH_MAX];
    uintptr_t at = 0;
    size_t count = 0, first = 0;
    bool refused = false;

    path_of_program(process, program);
    while (next_image(process, &at, &module, &refused)) {
        if (!name_of(process, &module))
            continue;
        if (first == 0 && strcmp(module.path, program) == 0)
            first = count;
        wm_growing_add(out, &module, sizeof module);
        count++;
    }
    if (refused && count == 0)
        return FALSE;
    put_first(out, first);
    SetLastError(error);
    return wm_edge_bool(out->full ? WM_NO_MEMORY_LEFT : WM_OK);
}

static BOOL find(const struct wm_growing *modules, HMODULE module, struct wm_module_facts *out)
{
    const struct wm_module_facts *all = (const void *)modules->data;

    for (size_t i = 0; i < modules->bytes / sizeof *all; i++)
        if (module == NULL || all[i].base == (uintptr_t)module) {
            *out = all[i];
            return TRUE;
        }
    return wm_edge_bool(WM_MODULE_NONE);
}

BOOL wm_module_of(HANDLE process, HMODULE module, struct wm_module_facts *out)
{
    struct wm_growing modules = {0};
    BOOL found = wm_modules_of(process, &modules) && find(&modules, module, out);

    wm_growing_free(&modules);
    return found;
}

const char *wm_module_name(const struct wm_module_facts *module)
{
    const char *last = strrchr(module->path, '/');

    return last == NULL ? module->path : last + 1;
}
