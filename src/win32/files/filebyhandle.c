/*
 * filebyhandle.c: what is known of an open file, and set of it, a class of information at a time:
 * GetFileInformationByHandleEx, SetFileInformationByHandle; and its times alone: GetFileTime, SetFileTime.
 *
 * Each class is a row: its structure, who fills or takes it, and the rights that this needs.
 */
#include <errno.h>
#include <string.h>

#include "vm/errno_status.h"
#include "vm/files/file.h"
#include "vm/files/sharing.h"
#include "win32/files/filenature.h"
#include "win32/posix.h"

enum { BLOCK = 512 }; /* of what st_blocks counts */

/* Any of the structures. */
union information {
    FILE_BASIC_INFO basic;
    FILE_STANDARD_INFO standard;
    FILE_ATTRIBUTE_TAG_INFO tag;
    FILE_ID_INFO id;
    FILE_DISPOSITION_INFO disposition;
    FILE_ALLOCATION_INFO allocation;
    FILE_END_OF_FILE_INFO end;
};

/* --- what it is --- */

static void tell_basic(const struct wm_file *file, const struct stat *st, union information *out)
{
    struct wm_file_nature nature;

    wm_file_nature_of(file->fd, st, &nature);
    out->basic.CreationTime.QuadPart = nature.made;
    out->basic.LastAccessTime.QuadPart = nature.read;
    out->basic.LastWriteTime.QuadPart = nature.written;
    out->basic.ChangeTime.QuadPart = nature.changed;
    out->basic.FileAttributes = nature.attributes;
}

static void tell_standard(const struct wm_file *file, const struct stat *st, union information *out)
{
    out->standard.AllocationSize.QuadPart = st->st_blocks * BLOCK;
    out->standard.EndOfFile.QuadPart = st->st_size;
    out->standard.NumberOfLinks = (DWORD)st->st_nlink;
    out->standard.DeletePending = wm_file_goes(file);
    out->standard.Directory = S_ISDIR(st->st_mode);
}

static void tell_tag(const struct wm_file *file, const struct stat *st, union information *out)
{
    (void)file;
    out->tag.FileAttributes = wm_file_attributes(st);
}

static void tell_id(const struct wm_file *file, const struct stat *st, union information *out)
{
    out->id.VolumeSerialNumber = st->st_dev;
    memcpy(out->id.FileId.Identifier, &file->id.inode, sizeof file->id.inode);
}

static const struct {
    FILE_INFO_BY_HANDLE_CLASS class;
    DWORD bytes;
    void (*tell)(const struct wm_file *file, const struct stat *st, union information *out);
} told[] = {
    {FileBasicInfo, sizeof(FILE_BASIC_INFO), tell_basic},
    {FileStandardInfo, sizeof(FILE_STANDARD_INFO), tell_standard},
    {FileAttributeTagInfo, sizeof(FILE_ATTRIBUTE_TAG_INFO), tell_tag},
    {FileIdInfo, sizeof(FILE_ID_INFO), tell_id},
};

static wm_status tell(HANDLE handle, size_t row, void *out)
{
    WM_PINNED_FILE pinned = {0};
    wm_status st = wm_file_pin((uintptr_t)handle, WM_FILE_READ_ATTRIBUTES, &pinned);
    union information information;
    struct stat found;

    if (wm_ok(st))
        st = wm_from_errno(WM_OP_TRANSFER, (int)wm_posix_fstat(pinned.file->fd, &found));
    if (!wm_ok(st))
        return st;
    memset(&information, 0, sizeof information);
    told[row].tell(pinned.file, &found, &information);
    return wm_edge_tell(out, &information, told[row].bytes);
}

static wm_status get(HANDLE handle, FILE_INFO_BY_HANDLE_CLASS class, void *out, DWORD bytes)
{
    for (size_t row = 0; row < sizeof told / sizeof told[0]; row++)
        if (told[row].class == class)
            return bytes < told[row].bytes ? WM_INFORMATION_SHORT : tell(handle, row, out);
    return WM_CLASS_UNKNOWN;
}

BOOL WINAPI GetFileInformationByHandleEx(HANDLE hFile, FILE_INFO_BY_HANDLE_CLASS FileInformationClass,
                                         LPVOID lpFileInformation, DWORD dwBufferSize)
{
    wm_status st = get(hFile, FileInformationClass, lpFileInformation, dwBufferSize);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hFile), WM_DECIMAL((DWORD)FileInformationClass),
             WM_HEX(lpFileInformation), WM_HEX(dwBufferSize));
    return wm_edge_bool(st);
}

/* --- what it shall be --- */

static wm_status set_basic(const struct wm_pinned_file *pinned, const union information *in)
{
    struct wm_file_nature nature = {
        .made = in->basic.CreationTime.QuadPart,
        .read = in->basic.LastAccessTime.QuadPart,
        .written = in->basic.LastWriteTime.QuadPart,
        .changed = in->basic.ChangeTime.QuadPart,
        .attributes = in->basic.FileAttributes,
    };

    return wm_file_set_nature(pinned->file->fd, &nature);
}

/* Who wants the file to go must be able to: what keeps DeleteFile from it keeps this. */
static wm_status set_disposition(const struct wm_pinned_file *pinned, const union information *in)
{
    struct stat st;
    wm_status result = wm_from_errno(WM_OP_TRANSFER, (int)wm_posix_fstat(pinned->file->fd, &st));

    if (wm_ok(result) && in->disposition.DeleteFile) {
        if (S_ISDIR(st.st_mode))
            result = WM_DELETE_DIRECTORY;
        else if (wm_file_attributes(&st) & FILE_ATTRIBUTE_READONLY)
            result = WM_DELETE_READ_ONLY;
        else if (pinned->file->teller >= 0 && wm_sharing_has_section(pinned->file->teller))
            result = WM_DELETE_MAPPED;
    }
    if (wm_ok(result))
        wm_file_set_goes(pinned, in->disposition.DeleteFile);
    return result;
}

static wm_status set_end(const struct wm_file *file, int64_t bytes)
{
    struct stat st;
    wm_status result = wm_from_errno(WM_OP_TRANSFER, (int)wm_posix_fstat(file->fd, &st));

    if (!wm_ok(result))
        return result;
    if (bytes < 0)
        return WM_INFORMATION_VALUE;
    if (!S_ISREG(st.st_mode))
        return WM_FILE_WRONG_KIND;
    if (bytes < st.st_size && file->teller >= 0 && wm_sharing_has_section(file->teller))
        return WM_FILE_MAPPED;
    return wm_from_errno(WM_OP_TRANSFER, (int)wm_posix_ftruncate(file->fd, bytes));
}

static wm_status set_end_of_file(const struct wm_pinned_file *pinned, const union information *in)
{
    return set_end(pinned->file, in->end.EndOfFile.QuadPart);
}

/* Room on the disk; less of it than the file has bytes cuts it off. Where the file system keeps none, none is kept. */
static wm_status set_allocation(const struct wm_pinned_file *pinned, const union information *in)
{
    int64_t bytes = in->allocation.AllocationSize.QuadPart;
    struct stat st;
    wm_status result = wm_from_errno(WM_OP_TRANSFER, (int)wm_posix_fstat(pinned->file->fd, &st));
    long kept;

    if (!wm_ok(result))
        return result;
    if (bytes < st.st_size || !S_ISREG(st.st_mode))
        return set_end(pinned->file, bytes);
    if (bytes == 0)
        return WM_OK;
    do
        kept = wm_posix_fallocate(pinned->file->fd, 1 /* keeps its size */, 0, bytes);
    while (kept == -EINTR);
    return kept == -EOPNOTSUPP ? WM_OK : wm_from_errno(WM_OP_TRANSFER, (int)kept);
}

static const struct {
    FILE_INFO_BY_HANDLE_CLASS class;
    DWORD bytes;
    uint32_t rights;
    wm_status (*set)(const struct wm_pinned_file *pinned, const union information *in);
} settable[] = {
    {FileBasicInfo, sizeof(FILE_BASIC_INFO), WM_FILE_WRITE_ATTRIBUTES, set_basic},
    {FileDispositionInfo, sizeof(FILE_DISPOSITION_INFO), WM_FILE_DELETE, set_disposition},
    {FileAllocationInfo, sizeof(FILE_ALLOCATION_INFO), WM_FILE_WRITE, set_allocation},
    {FileEndOfFileInfo, sizeof(FILE_END_OF_FILE_INFO), WM_FILE_WRITE, set_end_of_file},
};

static wm_status take(HANDLE handle, size_t row, const void *in)
{
    WM_PINNED_FILE pinned = {0};
    union information information;
    wm_status st = wm_edge_readable(in, settable[row].bytes);

    if (!wm_ok(st))
        return st;
    memcpy(&information, in, settable[row].bytes);
    st = wm_file_pin((uintptr_t)handle, settable[row].rights, &pinned);
    return wm_ok(st) ? settable[row].set(&pinned, &information) : st;
}

static wm_status set(HANDLE handle, FILE_INFO_BY_HANDLE_CLASS class, const void *in, DWORD bytes)
{
    for (size_t row = 0; row < sizeof settable / sizeof settable[0]; row++)
        if (settable[row].class == class)
            return bytes < settable[row].bytes ? WM_INFORMATION_SHORT : take(handle, row, in);
    return WM_CLASS_UNKNOWN;
}

BOOL WINAPI SetFileInformationByHandle(HANDLE hFile, FILE_INFO_BY_HANDLE_CLASS FileInformationClass,
                                       LPVOID lpFileInformation, DWORD dwBufferSize)
{
    wm_status st = set(hFile, FileInformationClass, lpFileInformation, dwBufferSize);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hFile), WM_DECIMAL((DWORD)FileInformationClass),
             WM_HEX(lpFileInformation), WM_HEX(dwBufferSize));
    return wm_edge_bool(st);
}

/* --- times alone --- */

static wm_status tell_time(FILETIME *out, int64_t ticks)
{
    FILETIME time = wm_file_time(ticks);

    return out == NULL ? WM_OK : wm_edge_tell(out, &time, sizeof time);
}

BOOL WINAPI GetFileTime(HANDLE hFile, LPFILETIME lpCreationTime, LPFILETIME lpLastAccessTime,
                        LPFILETIME lpLastWriteTime)
{
    FILE_BASIC_INFO basic = {.FileAttributes = 0};
    wm_status st = get(hFile, FileBasicInfo, &basic, sizeof basic);

    if (wm_ok(st))
        st = tell_time(lpCreationTime, basic.CreationTime.QuadPart);
    if (wm_ok(st))
        st = tell_time(lpLastAccessTime, basic.LastAccessTime.QuadPart);
    if (wm_ok(st))
        st = tell_time(lpLastWriteTime, basic.LastWriteTime.QuadPart);
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hFile), WM_HEX(lpCreationTime), WM_HEX(lpLastAccessTime),
             WM_HEX(lpLastWriteTime));
    return wm_edge_bool(st);
}

static wm_status read_time(const FILETIME *time, LARGE_INTEGER *ticks)
{
    wm_status st = time == NULL ? WM_OK : wm_edge_readable(time, sizeof *time);

    if (wm_ok(st) && time != NULL)
        ticks->QuadPart = (int64_t)((uint64_t)time->dwHighDateTime << 32 | time->dwLowDateTime);
    return st;
}

BOOL WINAPI SetFileTime(HANDLE hFile, const FILETIME *lpCreationTime, const FILETIME *lpLastAccessTime,
                        const FILETIME *lpLastWriteTime)
{
    FILE_BASIC_INFO basic = {.FileAttributes = 0};
    wm_status st = read_time(lpCreationTime, &basic.CreationTime);

    if (wm_ok(st))
        st = read_time(lpLastAccessTime, &basic.LastAccessTime);
    if (wm_ok(st))
        st = read_time(lpLastWriteTime, &basic.LastWriteTime);
    if (wm_ok(st))
        st = set(hFile, FileBasicInfo, &basic, sizeof basic);
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hFile), WM_HEX(lpCreationTime), WM_HEX(lpLastAccessTime),
             WM_HEX(lpLastWriteTime));
    return wm_edge_bool(st);
}
