/* fileattributes.c: what is known of a file by its name, and set: GetFileAttributes, GetFileAttributesEx, SetFileAttributes. */
#include "win32/files/filename.h"
#include "win32/files/filenature.h"
#include "win32/posix.h"
#include "win32/wide32.h"

static DWORD attributes_of(const char *function, wm_status st, const struct wm_filename *name)
{
    DWORD attributes = INVALID_FILE_ATTRIBUTES;
    struct stat found;

    if (wm_ok(st))
        st = wm_filename_status(name, wm_posix_stat(name->path, &found));
    if (wm_ok(st))
        attributes = wm_file_attributes(&found);
    WM_TRACE_AS(function, st, WM_RETURNS(WM_HEX(attributes)), WM_STRING(name->path));
    wm_edge_bool(st);
    return attributes;
}

DWORD WINAPI GetFileAttributesA(LPCSTR lpFileName)
{
    struct wm_filename name;
    wm_status st = wm_filename_of(lpFileName, &name);

    return attributes_of(__func__, st, &name);
}

DWORD WINAPI GetFileAttributesW(LPCWSTR lpFileName)
{
    struct wm_filename name;
    wm_status st = wm_filename_of_utf32(lpFileName, &name);

    return attributes_of(__func__, st, &name);
}

DWORD WINAPI GetFileAttributesW_utf16(const uint16_t *lpFileName)
{
    struct wm_filename name;
    wm_status st = wm_filename_of_utf16(lpFileName, &name);

    return attributes_of(__func__, st, &name);
}

/* --- more of it --- */

static void fill(const struct stat *found, int64_t made, WIN32_FILE_ATTRIBUTE_DATA *out)
{
    *out = (WIN32_FILE_ATTRIBUTE_DATA){
        .dwFileAttributes = wm_file_attributes(found),
        .ftCreationTime = wm_file_time(made),
        .ftLastAccessTime = wm_file_time(wm_ticks(found->st_atim)),
        .ftLastWriteTime = wm_file_time(wm_ticks(found->st_mtim)),
        .nFileSizeHigh = (DWORD)((uint64_t)found->st_size >> 32),
        .nFileSizeLow = (DWORD)found->st_size,
    };
}

static int64_t time_made(const char *path)
{
    struct statx more;

    if (wm_posix_statx_named(path, &more) != 0 || !(more.stx_mask & STATX_BTIME))
        return 0;
    return wm_ticks_of(more.stx_btime.tv_sec, more.stx_btime.tv_nsec);
}

static wm_status data_of(const struct wm_filename *name, GET_FILEEX_INFO_LEVELS level, void *out)
{
    WIN32_FILE_ATTRIBUTE_DATA data;
    struct stat found;
    wm_status st = level == GetFileExInfoStandard ? WM_OK : WM_CLASS_UNKNOWN;

    if (wm_ok(st))
        st = wm_filename_status(name, wm_posix_stat(name->path, &found));
    if (!wm_ok(st))
        return st;
    fill(&found, time_made(name->path), &data);
    return wm_edge_tell(out, &data, sizeof data);
}

static BOOL data_traced(const char *function, wm_status st, const struct wm_filename *name,
                        GET_FILEEX_INFO_LEVELS level, void *out)
{
    if (wm_ok(st))
        st = data_of(name, level, out);
    WM_TRACE_AS(function, st, WM_RETURNS_TRUE, WM_STRING(name->path), WM_DECIMAL((DWORD)level), WM_HEX(out));
    return wm_edge_bool(st);
}

BOOL WINAPI GetFileAttributesExA(LPCSTR lpFileName, GET_FILEEX_INFO_LEVELS fInfoLevelId,
                                 LPVOID lpFileInformation)
{
    struct wm_filename name;
    wm_status st = wm_filename_of(lpFileName, &name);

    return data_traced(__func__, st, &name, fInfoLevelId, lpFileInformation);
}

BOOL WINAPI GetFileAttributesExW(LPCWSTR lpFileName, GET_FILEEX_INFO_LEVELS fInfoLevelId,
                                 LPVOID lpFileInformation)
{
    struct wm_filename name;
    wm_status st = wm_filename_of_utf32(lpFileName, &name);

    return data_traced(__func__, st, &name, fInfoLevelId, lpFileInformation);
}

BOOL WINAPI GetFileAttributesExW_utf16(const uint16_t *lpFileName, GET_FILEEX_INFO_LEVELS fInfoLevelId,
                                       LPVOID lpFileInformation)
{
    struct wm_filename name;
    wm_status st = wm_filename_of_utf16(lpFileName, &name);

    return data_traced(__func__, st, &name, fInfoLevelId, lpFileInformation);
}

/* --- setting it --- */

static BOOL set_traced(const char *function, wm_status st, const struct wm_filename *name, DWORD attributes)
{
    struct stat found;

    if (wm_ok(st))
        st = wm_filename_status(name, wm_posix_stat(name->path, &found));
    if (wm_ok(st))
        st = wm_file_set_attributes(name->path, &found, attributes == 0 ? FILE_ATTRIBUTE_NORMAL : attributes);
    WM_TRACE_AS(function, st, WM_RETURNS_TRUE, WM_STRING(name->path), WM_HEX(attributes));
    return wm_edge_bool(st);
}

BOOL WINAPI SetFileAttributesA(LPCSTR lpFileName, DWORD dwFileAttributes)
{
    struct wm_filename name;
    wm_status st = wm_filename_of(lpFileName, &name);

    return set_traced(__func__, st, &name, dwFileAttributes);
}

BOOL WINAPI SetFileAttributesW(LPCWSTR lpFileName, DWORD dwFileAttributes)
{
    struct wm_filename name;
    wm_status st = wm_filename_of_utf32(lpFileName, &name);

    return set_traced(__func__, st, &name, dwFileAttributes);
}

BOOL WINAPI SetFileAttributesW_utf16(const uint16_t *lpFileName, DWORD dwFileAttributes)
{
    struct wm_filename name;
    wm_status st = wm_filename_of_utf16(lpFileName, &name);

    return set_traced(__func__, st, &name, dwFileAttributes);
}
