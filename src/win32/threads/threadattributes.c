/*
 * threadattributes.c: InitializeProcThreadAttributeList, UpdateProcThreadAttribute, DeleteProcThreadAttributeList: what
 * CreateRemoteThreadEx is told about a new thread.
 *
 * The list stands in the program's memory, and has nothing that would have to be given back.
 */
#include "win32/threads/threadattributes.h"

static wm_status initialize(LPPROC_THREAD_ATTRIBUTE_LIST list, DWORD room, DWORD flags, PSIZE_T size)
{
    const struct _PROC_THREAD_ATTRIBUTE_LIST empty = {.room = room};
    SIZE_T needed = sizeof empty, had;
    wm_status st = flags != 0 ? WM_ATTRIBUTE_ARGUMENTS : wm_edge_readable(size, sizeof *size);

    if (!wm_ok(st))
        return st;
    memcpy(&had, size, sizeof had);
    st = wm_edge_tell(size, &needed, sizeof needed);
    if (!wm_ok(st))
        return st;
    return list == NULL || had < needed ? WM_ANSWER_TOO_LONG : wm_edge_tell(list, &empty, sizeof empty);
}

BOOL WINAPI InitializeProcThreadAttributeList(LPPROC_THREAD_ATTRIBUTE_LIST lpAttributeList,
                                              DWORD dwAttributeCount, DWORD dwFlags, PSIZE_T lpSize)
{
    wm_status st = initialize(lpAttributeList, dwAttributeCount, dwFlags, lpSize);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(lpAttributeList), WM_DECIMAL(dwAttributeCount), WM_HEX(dwFlags),
             WM_HEX(lpSize));
    return wm_edge_bool(st);
}

static wm_status update(LPPROC_THREAD_ATTRIBUTE_LIST list, DWORD_PTR attribute, const void *value,
                        SIZE_T size)
{
    wm_status st = wm_edge_fillable(list, sizeof *list);

    if (!wm_ok(st))
        return st;
    if (attribute != PROC_THREAD_ATTRIBUTE_GROUP_AFFINITY)
        return WM_ATTRIBUTE_UNKNOWN;
    if (size != sizeof(GROUP_AFFINITY))
        return WM_ATTRIBUTE_SIZE;
    if (list->affinity != NULL)
        return WM_ATTRIBUTE_TWICE;
    if (list->used == list->room)
        return WM_ATTRIBUTE_ROOM;
    st = wm_edge_readable(value, size);
    if (wm_ok(st)) {
        list->affinity = value;
        list->used++;
    }
    return st;
}

BOOL WINAPI UpdateProcThreadAttribute(LPPROC_THREAD_ATTRIBUTE_LIST lpAttributeList, DWORD dwFlags,
                                      DWORD_PTR Attribute, PVOID lpValue, SIZE_T cbSize,
                                      PVOID lpPreviousValue, PSIZE_T lpReturnSize)
{
    wm_status st = WM_ATTRIBUTE_ARGUMENTS;

    if (dwFlags == 0 && lpPreviousValue == NULL && lpReturnSize == NULL)
        st = update(lpAttributeList, Attribute, lpValue, cbSize);
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(lpAttributeList), WM_HEX(dwFlags), WM_HEX(Attribute),
             WM_HEX(lpValue), WM_HEX(cbSize), WM_HEX(lpPreviousValue), WM_HEX(lpReturnSize));
    return wm_edge_bool(st);
}

VOID WINAPI DeleteProcThreadAttributeList(LPPROC_THREAD_ATTRIBUTE_LIST lpAttributeList)
{
    WM_TRACE(WM_OK, WM_RETURNS_NOTHING, WM_HEX(lpAttributeList));
}
