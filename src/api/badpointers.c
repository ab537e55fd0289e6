/*
 * badpointers.c: IsBadReadPtr and its kin.
 *
 * They answer and cannot fail, and leave the last error alone. Nothing is touched to find out: no fault is
 * raised and no handler asked, not even a byte is rewritten for IsBadWritePtr (L5), so that asking about
 * memory which another thread stores to loses nothing. A guard page is bad once, and is none afterwards, as
 * on Windows, where it is touched.
 *
 * An answer is as old as its question. What another thread unmaps right after it was good is bad all the
 * same; Microsoft calls these functions obsolete for that reason.
 */
#include <string.h>

#include "api/edge.h"
#include "api/utf16.h"
#include "vm/ops.h"

static BOOL bad(const char *function, const void *start, size_t bytes, enum wm_reach how)
{
    BOOL answer = !wm_op_reaches((uintptr_t)start, bytes, how);

    WM_TRACE_AS(function, WM_OK, WM_RETURNS(WM_BOOL(answer)), WM_HEX(start), WM_HEX(bytes));
    return answer;
}

BOOL WINAPI IsBadReadPtr(const VOID *lp, UINT_PTR ucb)
{
    return bad(__func__, lp, ucb, WM_TO_READ);
}

BOOL WINAPI IsBadHugeReadPtr(const VOID *lp, UINT_PTR ucb)
{
    return bad(__func__, lp, ucb, WM_TO_READ);
}

BOOL WINAPI IsBadWritePtr(LPVOID lp, UINT_PTR ucb)
{
    return bad(__func__, lp, ucb, WM_TO_WRITE);
}

BOOL WINAPI IsBadHugeWritePtr(LPVOID lp, UINT_PTR ucb)
{
    return bad(__func__, lp, ucb, WM_TO_WRITE);
}

/* Whether code can be read is what Windows looks at, not whether it can be run (O109). */
BOOL WINAPI IsBadCodePtr(FARPROC lpfn)
{
    return bad(__func__, (const void *)(uintptr_t)lpfn, 1, WM_TO_READ);
}

static bool is_zero(const char *character, size_t width)
{
    static const char zero[sizeof(uint32_t)];

    return memcmp(character, zero, width) == 0;
}

/*
 * Page by page, because the string may end before memory does. A page that another thread takes away
 * between question and look is the caller's fault, as it is on Windows.
 */
static bool bad_string(const void *text, size_t max, size_t width)
{
    const char *at = text;
    uintptr_t known = (uintptr_t)at, end;

    for (; max > 0; max--, at += width) {
        end = (uintptr_t)at + width;
        if (end < width)
            return true;
        if (end > known) {
            known = wm_up(end, WM_PAGE);
            if (!wm_op_reaches((uintptr_t)at, known - (uintptr_t)at, WM_TO_READ))
                return true;
        }
        if (is_zero(at, width))
            return false;
    }
    return false;
}

static BOOL bad_text(const char *function, const void *text, size_t max, size_t width)
{
    BOOL answer = bad_string(text, max, width);

    WM_TRACE_AS(function, WM_OK, WM_RETURNS(WM_BOOL(answer)), WM_HEX(text), WM_HEX(max));
    return answer;
}

BOOL WINAPI IsBadStringPtrA(LPCSTR lpsz, UINT_PTR ucchMax)
{
    return bad_text(__func__, lpsz, ucchMax, sizeof *lpsz);
}

BOOL WINAPI IsBadStringPtrW(LPCWSTR lpsz, UINT_PTR ucchMax)
{
    return bad_text(__func__, lpsz, ucchMax, sizeof *lpsz);
}

BOOL WINAPI IsBadStringPtrW_utf16(const uint16_t *lpsz, UINT_PTR ucchMax)
{
    return bad_text(__func__, lpsz, ucchMax, sizeof *lpsz);
}
