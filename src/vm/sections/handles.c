/* handles.c: what all handles have in common. */
#include "vm/book/home.h"
#include "vm/ops.h"
#include "vm/processes/process.h"
#include "vm/sections/section.h"

enum { RIGHTS_STANDARD_READ = 0x20000, RIGHTS_REQUIRED = 0xf0000, MAXIMUM_ALLOWED = 0x02000000 };

#define GENERIC_READ_BIT 0x80000000u
#define GENERIC_WRITE_BIT 0x40000000u
#define GENERIC_EXECUTE_BIT 0x20000000u
#define GENERIC_ALL_BIT 0x10000000u
#define GENERIC_BITS 0xf0000000u

/* What generic rights mean for each type of object. */
static const struct {
    uint32_t read, write, execute, all;
} generic[] = {
    [WM_HANDLE_SECTION] = {RIGHTS_STANDARD_READ | 0x5, RIGHTS_STANDARD_READ | 0x2, RIGHTS_STANDARD_READ | 0x8,
                           RIGHTS_REQUIRED | 0x1f},
    [WM_HANDLE_PROCESS] = {RIGHTS_STANDARD_READ | 0x410, RIGHTS_STANDARD_READ | 0xbea,
                           RIGHTS_STANDARD_READ | 0x101001, 0x1fffff},
    [WM_HANDLE_NOTIFICATION] = {RIGHTS_STANDARD_READ | 0x1, RIGHTS_STANDARD_READ | 0x2,
                                RIGHTS_STANDARD_READ | 0x100000, 0x1f0003},
};

/* A process handle that may query may also query a little. */
uint32_t wm_handle_rights(enum wm_handle_type type, uint32_t rights)
{
    uint32_t result = rights & ~(GENERIC_BITS | MAXIMUM_ALLOWED);

    result |= rights & GENERIC_READ_BIT ? generic[type].read : 0;
    result |= rights & GENERIC_WRITE_BIT ? generic[type].write : 0;
    result |= rights & GENERIC_EXECUTE_BIT ? generic[type].execute : 0;
    result |= rights & (GENERIC_ALL_BIT | MAXIMUM_ALLOWED) ? generic[type].all : 0;
    if (type == WM_HANDLE_PROCESS && (result & 0x400))
        result |= 0x1000;
    return result;
}

wm_status wm_op_open_process(uint32_t rights, uintptr_t *handle)
{
    wm_status st = wm_home_enter_objects();
    uintptr_t opened;

    if (!wm_ok(st))
        return st;
    opened =
        wm_handle_open(&wm_home.objects, WM_HANDLE_PROCESS, 0, wm_handle_rights(WM_HANDLE_PROCESS, rights));
    wm_home_leave_objects();
    if (opened == 0)
        return WM_BOOK_MEMORY;
    *handle = opened;
    return WM_OK;
}

wm_status wm_handle_check(uintptr_t handle, enum wm_handle_type type, uint32_t rights,
                          struct wm_handle_entry *entry)
{
    wm_status st = wm_home_enter_objects();

    if (!wm_ok(st))
        return st;
    if (!wm_handle_find(&wm_home.objects, handle, entry) || entry->type != type)
        st = WM_HANDLE;
    else if ((entry->access & rights) != rights)
        st = WM_HANDLE_ACCESS;
    wm_home_leave_objects();
    return st;
}

wm_status wm_op_is_self(uintptr_t handle, uint32_t rights)
{
    struct wm_handle_entry entry;
    wm_status st = wm_handle_check(handle, WM_HANDLE_PROCESS, rights, &entry);

    return wm_ok(st) && entry.object != 0 ? WM_NO_OTHER_PROCESS : st;
}

wm_status wm_op_is_section(uintptr_t handle, uint32_t rights)
{
    struct wm_handle_entry entry;

    return wm_handle_check(handle, WM_HANDLE_SECTION, rights, &entry);
}

wm_status wm_op_close(uintptr_t handle)
{
    struct wm_handle_entry entry;
    wm_status st = wm_home_enter_objects();

    if (!wm_ok(st))
        return st;
    if (!wm_handle_close(&wm_home.objects, handle, &entry))
        st = WM_HANDLE;
    wm_home_leave_objects();
    if (wm_ok(st) && entry.type == WM_HANDLE_SECTION)
        wm_section_unpin(entry.object);
    if (wm_ok(st) && entry.type == WM_HANDLE_PROCESS)
        wm_process_unpin(entry.object);
    return st;
}

static wm_status duplicate_entry(const struct wm_handle_entry *entry, uint32_t rights, uintptr_t *handle)
{
    uintptr_t opened = wm_handle_open(&wm_home.objects, entry->type, entry->object, rights);

    if (opened == 0)
        return WM_BOOK_MEMORY;
    *handle = opened;
    if (entry->type == WM_HANDLE_SECTION)
        wm_section_at(&wm_home.objects, entry->object)->references++;
    if (entry->type == WM_HANDLE_PROCESS && entry->object != 0)
        wm_process_pin(&wm_home.objects, entry->object);
    return WM_OK;
}

/* A handle that knows a process a little does not become one with rights that OpenProcess would not give. */
static wm_status check_wider(uintptr_t source, uint32_t rights, unsigned options)
{
    struct wm_handle_entry entry;
    struct wm_target target;
    wm_status st;

    if ((options & WM_SAME_RIGHTS) || !wm_ok(wm_handle_check(source, WM_HANDLE_PROCESS, 0, &entry)))
        return WM_OK;
    st = wm_target_of(source, 0, &target);
    if (!wm_ok(st))
        return st;
    st = wm_target_admits(&target, wm_handle_rights(WM_HANDLE_PROCESS, rights) & ~entry.access);
    wm_target_drop(&target);
    return st;
}

static wm_status duplicate(uintptr_t source, uint32_t rights, unsigned options, uintptr_t *handle)
{
    struct wm_handle_entry entry;
    wm_status st = wm_home_enter_objects();

    if (!wm_ok(st))
        return st;
    if (!wm_handle_find(&wm_home.objects, source, &entry))
        st = WM_HANDLE;
    else if (options & WM_SAME_RIGHTS)
        st = duplicate_entry(&entry, entry.access, handle);
    else
        st = duplicate_entry(&entry, wm_handle_rights(entry.type, rights), handle);
    wm_home_leave_objects();
    return st;
}

wm_status wm_op_duplicate(uintptr_t source, uint32_t rights, unsigned options, uintptr_t *handle)
{
    wm_status st = check_wider(source, rights, options);

    if (wm_ok(st))
        st = duplicate(source, rights, options, handle);
    if (options & WM_CLOSE_SOURCE)
        wm_op_close(source);
    return st;
}
