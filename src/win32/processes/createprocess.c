/*
 * createprocess.c: CreateProcess.
 *
 * What the caller says in his characters becomes UTF-8 here, the command line an array of arguments, and the environment's
 * block another one; the program is started by libwinmem (vm/processes/children.h), which has the objects.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vm/errno_status.h"
#include "vm/files/file.h"
#include "vm/processes/children.h"
#include "win32/arguments32.h"
#include "win32/processes/findprogram.h"
#include "win32/posix.h"
#include "win32/text/unicode.h"
#include "win32/wide32.h"

extern char **environ;

#define DEBUGGING (DEBUG_PROCESS | DEBUG_ONLY_THIS_PROCESS)
#define KNOWN_FLAGS                                                                                          \
    (CREATE_SUSPENDED | DETACHED_PROCESS | CREATE_NEW_CONSOLE | CREATE_NEW_PROCESS_GROUP |                   \
     CREATE_UNICODE_ENVIRONMENT | CREATE_BREAKAWAY_FROM_JOB | CREATE_DEFAULT_ERROR_MODE | CREATE_NO_WINDOW | \
     NORMAL_PRIORITY_CLASS | IDLE_PRIORITY_CLASS | HIGH_PRIORITY_CLASS | REALTIME_PRIORITY_CLASS |           \
     BELOW_NORMAL_PRIORITY_CLASS | ABOVE_NORMAL_PRIORITY_CLASS | INHERIT_PARENT_AFFINITY)

/* As the caller gives it; texts in units of so many bytes. */
struct request {
    const void *application, *line, *environment, *directory;
    unsigned unit_bytes;
    const SECURITY_ATTRIBUTES *of_process, *of_thread;
    bool inherits;
    DWORD flags;
    const STARTUPINFOA *startup; /* STARTUPINFOW is the same, but for texts that nobody reads here */
    PROCESS_INFORMATION *out;
};

/* What it becomes. */
struct program {
    char *line;
    char **arguments, **environment;
    struct wm_filename file, directory;
    STARTUPINFOA startup;
    struct wm_pinned_file standard[3];
    bool process_inherited, thread_inherited;
};

/* --- texts --- */

/* Behind the last text of a block, each of which ends with a 0, comes one more 0. */
static size_t block_texts(const void *block, unsigned unit_bytes)
{
    size_t count = 0;

    for (const char *at = block; wm_wide_length(at, unit_bytes) != 0; count++)
        at += (wm_wide_length(at, unit_bytes) + 1) * unit_bytes;
    return count;
}

static void free_texts(char **texts)
{
    for (char **text = texts; texts != NULL && *text != NULL; text++)
        free(*text);
    free(texts);
}

static wm_status read_block(const void *block, unsigned unit_bytes, char ***out)
{
    size_t count = block_texts(block, unit_bytes), at = 0;
    char **texts = calloc(count + 1, sizeof *texts);

    for (const char *text = block; texts != NULL && at < count; at++) {
        texts[at] = wm_utf8_copy(text, unit_bytes);
        if (texts[at] == NULL)
            break;
        text += (wm_wide_length(text, unit_bytes) + 1) * unit_bytes;
    }
    if (texts != NULL && at < count) {
        free_texts(texts);
        texts = NULL;
    }
    *out = texts;
    return texts == NULL ? WM_NO_MEMORY_LEFT : WM_OK;
}

static wm_status read_environment(const struct request *r, struct program *p)
{
    if (r->environment == NULL)
        return WM_OK;
    return read_block(r->environment, r->flags & CREATE_UNICODE_ENVIRONMENT ? r->unit_bytes : 1,
                      &p->environment);
}

static wm_status read_name(const void *text, unsigned unit_bytes, struct wm_filename *out)
{
    if (unit_bytes == 1)
        return wm_filename_of(text, out);
    return unit_bytes == sizeof(uint16_t) ? wm_filename_of_utf16(text, out) : wm_filename_of_utf32(text, out);
}

/* Without a command line the program's name is that, as it was given. */
static wm_status read_line(const struct request *r, struct program *p)
{
    if (r->line == NULL && r->application == NULL)
        return WM_START_ARGUMENTS;
    if (r->line == NULL) {
        p->line = wm_utf8_copy(r->application, r->unit_bytes);
        p->arguments = calloc(2, sizeof *p->arguments);
        if (p->arguments != NULL)
            p->arguments[0] = p->line;
    } else {
        p->line = wm_utf8_copy(r->line, r->unit_bytes);
        p->arguments = p->line == NULL ? NULL : wm_arguments_of(p->line);
    }
    return p->line == NULL || p->arguments == NULL ? WM_NO_MEMORY_LEFT : WM_OK;
}

static wm_status find_file(const struct request *r, struct program *p)
{
    return r->application != NULL ? read_name(r->application, r->unit_bytes, &p->file)
                                  : wm_find_program(p->line, &p->file);
}

/* --- what else is said --- */

static wm_status check_flags(DWORD flags)
{
    if (flags & (DEBUGGING | EXTENDED_STARTUPINFO_PRESENT | CREATE_PROTECTED_PROCESS))
        return WM_START_FLAGS;
    return flags & ~(DWORD)KNOWN_FLAGS || ((flags & CREATE_NEW_CONSOLE) && (flags & DETACHED_PROCESS))
               ? WM_START_ARGUMENTS
               : WM_OK;
}

static wm_status read_structures(const struct request *r, struct program *p)
{
    wm_status st = wm_edge_readable(r->startup, sizeof *r->startup);

    if (wm_ok(st))
        st = wm_edge_writable(r->out, sizeof *r->out);
    if (!wm_ok(st))
        return st;
    memcpy(&p->startup, r->startup, sizeof p->startup);
    st = wm_edge_inherits(r->of_process, &p->process_inherited);
    return wm_ok(st) ? wm_edge_inherits(r->of_thread, &p->thread_inherited) : st;
}

/* Of a handle that is none the child gets what reads and writes nothing. */
static wm_status pin_standard(struct program *p, struct wm_spawn *spawn)
{
    const HANDLE given[] = {p->startup.hStdInput, p->startup.hStdOutput, p->startup.hStdError};
    wm_status st = WM_OK;

    if (!(p->startup.dwFlags & STARTF_USESTDHANDLES))
        return WM_OK;
    for (int i = 0; i < 3 && wm_ok(st); i++) {
        if (given[i] == NULL || given[i] == INVALID_HANDLE_VALUE) {
            spawn->standard[i] = WM_SPAWN_NOTHING;
            continue;
        }
        st = wm_file_pin((uintptr_t)given[i], 0, &p->standard[i]);
        if (wm_ok(st))
            spawn->standard[i] = p->standard[i].file->fd;
    }
    return st;
}

/* --- starting it --- */

static wm_status prepare(const struct request *r, struct program *p)
{
    wm_status st = check_flags(r->flags);

    if (wm_ok(st))
        st = read_structures(r, p);
    if (wm_ok(st))
        st = read_line(r, p);
    if (wm_ok(st))
        st = find_file(r, p);
    if (wm_ok(st) && r->directory != NULL)
        st = read_name(r->directory, r->unit_bytes, &p->directory);
    return wm_ok(st) ? read_environment(r, p) : st;
}

static bool is_directory(const struct wm_filename *name)
{
    struct stat st;

    return wm_posix_stat(name->path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* The kernel does not tell whether it was the program or the directory. */
static wm_status status_of(const struct program *p, const struct wm_spawn *spawn, int error)
{
    if (spawn->directory != NULL && !is_directory(&p->directory))
        return WM_DIRECTORY_NONE;
    if (error == -ENOEXEC || error == -ELIBBAD)
        return WM_PROGRAM_FORMAT;
    if (error == -E2BIG)
        return WM_NAME_LONG;
    return wm_filename_status(&p->file, error);
}

static wm_status let_inherit(const struct program *p, const struct wm_started *started)
{
    wm_status process = wm_op_let_inherit(started->process, p->process_inherited),
              thread = wm_op_let_inherit(started->thread, p->thread_inherited);

    return wm_ok(process) ? thread : process;
}

static wm_status start(const struct request *r, struct program *p)
{
    struct wm_spawn spawn = {
        .path = p->file.path,
        .arguments = p->arguments,
        .environment = p->environment != NULL ? p->environment : environ,
        .directory = r->directory != NULL ? p->directory.path : NULL,
        .standard = {WM_SPAWN_AS_IT_IS, WM_SPAWN_AS_IT_IS, WM_SPAWN_AS_IT_IS},
        .group = (r->flags & CREATE_NEW_PROCESS_GROUP) != 0,
        .suspended = (r->flags & CREATE_SUSPENDED) != 0,
    };
    struct wm_started started = {0};
    wm_status st = pin_standard(p, &spawn);
    int error = 0;

    if (wm_ok(st))
        st = wm_op_start_process(&spawn, r->inherits, &started, &error);
    if (error != 0)
        return status_of(p, &spawn, error);
    if (!wm_ok(st))
        return st;
    *r->out = (PROCESS_INFORMATION){(HANDLE)started.process, (HANDLE)started.thread, (DWORD)started.pid,
                                    (DWORD)started.pid};
    return let_inherit(p, &started);
}

static void free_program(struct program *p)
{
    for (int i = 0; i < 3; i++)
        wm_file_unpin(&p->standard[i]);
    free_texts(p->environment);
    free(p->arguments);
    free(p->line);
}

static BOOL create_traced(const char *function, const struct request *r)
{
    struct program program = {0};
    wm_status st = prepare(r, &program);

    if (wm_ok(st))
        st = start(r, &program);
    WM_TRACE_AS(function, st, WM_RETURNS_TRUE, WM_STRING(program.file.path), WM_STRING(program.line),
                WM_BOOL(r->inherits), WM_HEX(r->flags), WM_HEX(r->environment),
                WM_STRING(program.directory.path), WM_HEX(r->startup), WM_HEX(r->out));
    free_program(&program);
    return wm_edge_bool(st);
}

#define REQUEST(unit)                                                                                        \
    &(const struct request)                                                                                  \
    {                                                                                                        \
        lpApplicationName, lpCommandLine, lpEnvironment, lpCurrentDirectory, unit, lpProcessAttributes,      \
            lpThreadAttributes, bInheritHandles != FALSE, dwCreationFlags,                                   \
            (const STARTUPINFOA *)(const void *)lpStartupInfo, lpProcessInformation                          \
    }

BOOL WINAPI CreateProcessA(LPCSTR lpApplicationName, LPSTR lpCommandLine,
                           LPSECURITY_ATTRIBUTES lpProcessAttributes,
                           LPSECURITY_ATTRIBUTES lpThreadAttributes, BOOL bInheritHandles,
                           DWORD dwCreationFlags, LPVOID lpEnvironment, LPCSTR lpCurrentDirectory,
                           LPSTARTUPINFOA lpStartupInfo, LPPROCESS_INFORMATION lpProcessInformation)
{
    return create_traced(__func__, REQUEST(sizeof(char)));
}

BOOL WINAPI CreateProcessW(LPCWSTR lpApplicationName, LPWSTR lpCommandLine,
                           LPSECURITY_ATTRIBUTES lpProcessAttributes,
                           LPSECURITY_ATTRIBUTES lpThreadAttributes, BOOL bInheritHandles,
                           DWORD dwCreationFlags, LPVOID lpEnvironment, LPCWSTR lpCurrentDirectory,
                           LPSTARTUPINFOW lpStartupInfo, LPPROCESS_INFORMATION lpProcessInformation)
{
    return create_traced(__func__, REQUEST(sizeof(WCHAR)));
}

BOOL WINAPI CreateProcessW_utf16(const uint16_t *lpApplicationName, uint16_t *lpCommandLine,
                                 LPSECURITY_ATTRIBUTES lpProcessAttributes,
                                 LPSECURITY_ATTRIBUTES lpThreadAttributes, BOOL bInheritHandles,
                                 DWORD dwCreationFlags, LPVOID lpEnvironment,
                                 const uint16_t *lpCurrentDirectory, LPSTARTUPINFOW lpStartupInfo,
                                 LPPROCESS_INFORMATION lpProcessInformation)
{
    return create_traced(__func__, REQUEST(sizeof(uint16_t)));
}
