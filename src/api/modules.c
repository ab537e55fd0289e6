/*
 * modules.c: which images there are, what they are called, and what they export.
 *
 * A module handle is where an image begins (modules.h), so it needs no table: which image an address lies in is found
 * without the linker's lock (wm_own_image). Everything else asks dlopen and its kin, which take
 * the linker's own lock and may allocate; a signal handler that comes from in there is told (WM_REENTERED)
 * and not let in.
 *
 * Our own functions are found in tables and not by dlsym: they have the names that Windows has and no others,
 * work where this library is linked into the program, and know which functions a program with a WCHAR of 16
 * bits means. libwinmem-win32 adds its table when it is loaded (exporttable.h). The program itself and this library are never unloaded, so their uses are not counted.
 */
#include "api/modules.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <ntifs.h>
#include <psapi.h>
#include <stdatomic.h>
#include <string.h>
#include <strings.h>
#include <sys/auxv.h>

#include "api/exporttable.h"
#include "api/utf16.h"
#include "heap/inside.h"
#include "kern/process/peer.h"

static const struct wm_export rows[] = {
#include "api/exports.def"
};

/* This library's table, and before it those of others that have been loaded. */
static struct wm_exports own_exports = {rows, sizeof rows / sizeof rows[0], NULL};
static struct wm_exports *_Atomic tables = &own_exports;

void wm_exports_add(struct wm_exports *exports)
{
    exports->next = atomic_load(&tables);
    while (!atomic_compare_exchange_weak(&tables, &exports->next, exports))
        ;
}

static const char *const system_libraries[] = {"kernel32", "kernelbase", "ntdll",  "psapi",    "bcrypt",
                                               "advapi32", "user32",     "msvcrt", "ucrtbase", "shlwapi"};

static const char api_sets[] = "api-ms-win-core-";

static uintptr_t image_of(uintptr_t addr)
{
    struct wm_range image;

    return wm_own_image(addr, &image) ? image.start : 0;
}

static uintptr_t own_image(void)
{
    return image_of((uintptr_t)rows);
}

static uintptr_t program_image(void)
{
    return image_of((uintptr_t)getauxval(AT_PHDR));
}

/* "C:\\Windows\\System32\\KERNEL32.DLL" as well as "kernel32". */
static bool is_system_library(const char *path)
{
    const char *slash = strrchr(path, '\\'), *name = slash != NULL ? slash + 1 : path;
    size_t length = strlen(name);

    if (length > 4 && strcasecmp(name + length - 4, ".dll") == 0)
        length -= 4;
    for (size_t i = 0; i < sizeof system_libraries / sizeof system_libraries[0]; i++)
        if (strlen(system_libraries[i]) == length && strncasecmp(name, system_libraries[i], length) == 0)
            return true;
    return strncasecmp(name, api_sets, sizeof api_sets - 1) == 0;
}

static uintptr_t image_of_handle(void *handle)
{
    struct link_map *map = NULL;

    return dlinfo(handle, RTLD_DI_LINKMAP, &map) == 0 && map != NULL ? image_of((uintptr_t)map->l_ld) : 0;
}

static int dlopen_flags(enum wm_module_use use)
{
    return RTLD_LAZY | (use == WM_MODULE_LOAD ? 0 : RTLD_NOLOAD) | (use == WM_MODULE_PIN ? RTLD_NODELETE : 0);
}

/*
 * Each function of the dynamic linker frees the thread's last error: a handler that goes in once more frees it, too. So
 * we are inside from the first call to the last. Only where an image may really be loaded or unloaded are we not: its
 * constructors and destructors run, which may call anything.
 *
 * dlopen counts a use; a mere look gives it back.
 */
static wm_status open_image(const char *name, enum wm_module_use use, uintptr_t *module)
{
    int saved = errno;
    void *handle;

    if (wm_busy_is_inside())
        return WM_REENTERED;
    if (use != WM_MODULE_LOAD)
        wm_busy_inside_begin();
    handle = dlopen(name, dlopen_flags(use));
    wm_busy_inside_begin();
    *module = handle != NULL ? image_of_handle(handle) : 0;
    if (handle != NULL && (use == WM_MODULE_LOOK || use == WM_MODULE_PIN))
        dlclose(handle);
    wm_busy_inside_end();
    errno = saved;
    return *module != 0 ? WM_OK : WM_MODULE_UNKNOWN;
}

wm_status wm_module_named(const char *name, enum wm_module_use use, uintptr_t *module)
{
    if (name != NULL && !is_system_library(name))
        return open_image(name, use, module);
    *module = name == NULL ? program_image() : own_image();
    return *module != 0 ? WM_OK : WM_MODULE_UNKNOWN;
}

/* The dynamic linker's name for the image that holds addr, NULL if there is none: good as long as the image stays loaded. */
static const char *linker_name(uintptr_t addr)
{
    Dl_info found;

    return dladdr((void *)addr, &found) != 0 ? found.dli_fname : NULL;
}

static bool stays_loaded(uintptr_t module)
{
    return module == own_image() || module == program_image();
}

wm_status wm_module_at(uintptr_t addr, enum wm_module_use use, uintptr_t *module)
{
    const char *name;

    *module = image_of(addr);
    if (*module == 0)
        return WM_MODULE_UNKNOWN;
    if (use == WM_MODULE_LOOK || stays_loaded(*module))
        return WM_OK;
    name = linker_name(addr);
    return name != NULL ? open_image(name, use, module) : WM_MODULE_UNKNOWN;
}

/* The caller is inside (wm_busy_inside_begin). dlopen counts one use more, which he gives back. */
static void *handle_of(uintptr_t module)
{
    const char *name = image_of(module) == module ? linker_name(module) : NULL;

    if (name == NULL)
        return NULL;
    return dlopen(module == program_image() ? NULL : name, RTLD_LAZY | RTLD_NOLOAD);
}

/*
 * One use of the module less. dlopen has to be asked for a handle first, which counts one more: both are
 * given back, and only the second time the image may go, when we are not inside any more and its destructors
 * may call us.
 */
wm_status wm_module_release(uintptr_t module)
{
    int saved = errno;
    void *handle;

    if (module != 0 && stays_loaded(module))
        return WM_OK;
    if (wm_busy_is_inside())
        return WM_REENTERED;
    wm_busy_inside_begin();
    handle = handle_of(module);
    if (handle != NULL)
        dlclose(handle); /* what handle_of counted */
    wm_busy_inside_end();
    if (handle != NULL)
        dlclose(handle);
    errno = saved;
    return handle != NULL ? WM_OK : WM_MODULE_UNKNOWN;
}

static uintptr_t symbol_in(const struct wm_exports *exports, const char *name, bool utf16)
{
    for (size_t i = 0; i < exports->count; i++)
        if (strcmp(exports->rows[i].name, name) == 0)
            return (uintptr_t)(utf16 ? exports->rows[i].utf16 : exports->rows[i].symbol);
    return 0;
}

/* A system library has the functions of all our libraries, whichever of them it is by its handle. */
static uintptr_t own_symbol(const char *name, bool utf16)
{
    uintptr_t symbol = 0;

    for (const struct wm_exports *exports = atomic_load(&tables); symbol == 0 && exports != NULL;
         exports = exports->next)
        symbol = symbol_in(exports, name, utf16);
    return symbol;
}

static bool is_ours(uintptr_t module)
{
    for (const struct wm_exports *exports = atomic_load(&tables); exports != NULL; exports = exports->next)
        if (module == image_of((uintptr_t)exports->rows))
            return true;
    return false;
}

static wm_status symbol_of_image(uintptr_t module, const char *name, uintptr_t *symbol)
{
    int saved = errno;
    void *handle;

    if (wm_busy_is_inside())
        return WM_REENTERED;
    wm_busy_inside_begin();
    handle = handle_of(module);
    if (handle != NULL) {
        *symbol = (uintptr_t)dlsym(handle, name);
        dlclose(handle);
    }
    wm_busy_inside_end();
    errno = saved;
    return handle == NULL ? WM_MODULE_UNKNOWN : *symbol != 0 ? WM_OK : WM_PROC_UNKNOWN;
}

wm_status wm_module_symbol(uintptr_t module, const char *name, bool utf16, uintptr_t *symbol)
{
    bool own;

    if ((uintptr_t)name <= UINT16_MAX)
        return WM_ORDINAL_UNKNOWN;
    if (module == 0)
        module = program_image();
    own = is_ours(module);
    *symbol = own ? own_symbol(name, utf16) : 0;
    if (*symbol != 0)
        return WM_OK;
    /* Where this library is linked into the program both are one image, so the program's own functions are looked for. */
    return own && module != program_image() ? WM_PROC_UNKNOWN : symbol_of_image(module, name, symbol);
}

/* --- strings --- */

static size_t put_utf8(uint32_t c, char *out)
{
    size_t length = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const uint8_t lead[] = {0, 0, 0xc0, 0xe0, 0xf0};

    for (size_t i = length - 1; i > 0; i--, c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3f));
    out[0] = (char)(lead[length] | c);
    return length;
}

static bool append_utf8(uint32_t c, char **out, const char *end)
{
    char buffer[4];
    size_t length = put_utf8(c > 0x10ffff || (c >= 0xd800 && c < 0xe000) ? 0xfffd : c, buffer);

    if ((size_t)(end - *out) <= length)
        return false;
    memcpy(*out, buffer, length);
    *out += length;
    **out = '\0';
    return true;
}

bool wm_utf8_of_utf32(const uint32_t *wide, char *out, size_t bytes)
{
    const char *end = out + bytes;

    *out = '\0';
    for (; *wide != 0; wide++)
        if (!append_utf8(*wide, &out, end))
            return false;
    return true;
}

bool wm_utf8_of_utf16(const uint16_t *wide, char *out, size_t bytes)
{
    const char *end = out + bytes;

    *out = '\0';
    for (; *wide != 0; wide++) {
        uint32_t c = *wide;

        if ((c & 0xfc00) == 0xd800 && (wide[1] & 0xfc00) == 0xdc00)
            c = 0x10000 + ((c & 0x3ff) << 10) + (*++wide & 0x3ff);
        if (!append_utf8(c, &out, end))
            return false;
    }
    return true;
}
