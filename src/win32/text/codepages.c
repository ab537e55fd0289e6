/*
 * codepages.c: MultiByteToWideChar, WideCharToMultiByte; GetACP and its like.
 *
 * There is one code page, UTF-8: as CP_UTF8, and as those that follow the system (CP_ACP, CP_OEMCP, CP_THREAD_ACP), which
 * programs call with flags that only other code pages heed (L394). Nothing of the caller's is touched before his arguments
 * are checked, and no more than he says there is.
 */
#include <limits.h>

#include "win32/text/unicode.h"
#include "win32/wide32.h"

struct conversion {
    UINT code_page;
    DWORD flags;
    const void *in;
    int in_count; /* negative: up to its terminator, which is converted as well */
    void *out;
    int out_size; /* 0: how much it would be */
    unsigned unit_bytes;
    bool strict;
};

static bool follows_system(UINT code_page)
{
    return code_page == CP_ACP || code_page == CP_OEMCP || code_page == CP_THREAD_ACP;
}

static wm_status check(const struct conversion *c, DWORD strict, DWORD ignored)
{
    if (c->in == NULL || c->in_count == 0 || c->out_size < 0 || (c->out_size > 0 && c->out == NULL) ||
        (c->out_size > 0 && c->in == c->out))
        return WM_TEXT_ARGUMENTS;
    if (c->code_page != CP_UTF8 && !follows_system(c->code_page))
        return WM_CODE_PAGE;
    if (follows_system(c->code_page))
        strict |= ignored;
    return c->flags & ~strict ? WM_TEXT_FLAGS : WM_OK;
}

static size_t count_of(const struct conversion *c, unsigned unit_bytes)
{
    return c->in_count > 0 ? (size_t)c->in_count : wm_wide_length(c->in, unit_bytes) + 1;
}

/* One character further: what is none is replaced, or ends it. */
static wm_status put(const struct conversion *c, uint32_t character, unsigned unit_bytes, size_t *done)
{
    size_t room = (size_t)c->out_size > *done ? (size_t)c->out_size - *done : 0, units;
    char *out = room > 0 ? (char *)c->out + *done * unit_bytes : NULL;

    if (character == WM_NO_CHARACTER && c->strict)
        return WM_TEXT_INVALID;
    if (character == WM_NO_CHARACTER)
        character = WM_REPLACEMENT;
    units =
        unit_bytes == 1 ? wm_put_utf8(character, out, room) : wm_put_wide(character, out, room, unit_bytes);
    *done += units;
    return (c->out_size > 0 && units > room) || *done > INT_MAX ? WM_TEXT_ROOM : WM_OK;
}

static wm_status widen(struct conversion *c, size_t *done)
{
    wm_status st = check(c, MB_ERR_INVALID_CHARS, MB_PRECOMPOSED | MB_COMPOSITE | MB_USEGLYPHCHARS);
    size_t count = wm_ok(st) ? count_of(c, 1) : 0;

    c->strict = c->flags & MB_ERR_INVALID_CHARS;
    for (size_t taken = 0; wm_ok(st) && taken < count;) {
        uint32_t character;

        taken += wm_take_utf8((const char *)c->in + taken, count - taken, &character);
        st = put(c, character, c->unit_bytes, done);
    }
    return st;
}

static int widen_traced(const char *function, struct conversion *c)
{
    size_t done = 0;
    wm_status st = widen(c, &done);

    WM_TRACE_AS(function, st, WM_RETURNS(WM_DECIMAL((DWORD)done)), WM_DECIMAL(c->code_page), WM_HEX(c->flags),
                WM_HEX(c->in), WM_DECIMAL((DWORD)c->in_count), WM_HEX(c->out),
                WM_DECIMAL((DWORD)c->out_size));
    return wm_edge_bool(st) ? (int)done : 0;
}

int WINAPI MultiByteToWideChar(UINT CodePage, DWORD dwFlags, LPCSTR lpMultiByteStr, int cbMultiByte,
                               LPWSTR lpWideCharStr, int cchWideChar)
{
    struct conversion c = {CodePage,      dwFlags,     lpMultiByteStr, cbMultiByte,
                           lpWideCharStr, cchWideChar, sizeof(WCHAR),  false};

    return widen_traced(__func__, &c);
}

int WINAPI MultiByteToWideChar_utf16(UINT CodePage, DWORD dwFlags, LPCSTR lpMultiByteStr, int cbMultiByte,
                                     uint16_t *lpWideCharStr, int cchWideChar)
{
    struct conversion c = {CodePage,      dwFlags,     lpMultiByteStr,   cbMultiByte,
                           lpWideCharStr, cchWideChar, sizeof(uint16_t), false};

    return widen_traced(__func__, &c);
}

/* --- the other way --- */

#define NOT_OF_UTF8 (WC_COMPOSITECHECK | WC_DISCARDNS | WC_SEPCHARS | WC_DEFAULTCHAR | WC_NO_BEST_FIT_CHARS)

/* A default character is for code pages that lack some: UTF-8 does not, and CP_UTF8 refuses to be told one. */
static wm_status narrow(struct conversion *c, LPCCH default_char, LPBOOL used, size_t *done)
{
    wm_status st = check(c, WC_ERR_INVALID_CHARS, NOT_OF_UTF8);
    BOOL replaced = FALSE;
    size_t count;

    if (wm_ok(st) && c->code_page == CP_UTF8 && (default_char != NULL || used != NULL))
        return WM_TEXT_DEFAULT;
    count = wm_ok(st) ? count_of(c, c->unit_bytes) : 0;
    c->strict = c->flags & WC_ERR_INVALID_CHARS;
    for (size_t taken = 0; wm_ok(st) && taken < count;) {
        uint32_t character;

        taken += wm_take_wide((const char *)c->in + taken * c->unit_bytes, count - taken, c->unit_bytes,
                              &character);
        replaced |= character == WM_NO_CHARACTER;
        st = put(c, character, 1, done);
    }
    if (wm_ok(st) && used != NULL)
        *used = replaced;
    return st;
}

static int narrow_traced(const char *function, struct conversion *c, LPCCH default_char, LPBOOL used)
{
    size_t done = 0;
    wm_status st = narrow(c, default_char, used, &done);

    WM_TRACE_AS(function, st, WM_RETURNS(WM_DECIMAL((DWORD)done)), WM_DECIMAL(c->code_page), WM_HEX(c->flags),
                WM_HEX(c->in), WM_DECIMAL((DWORD)c->in_count), WM_HEX(c->out), WM_DECIMAL((DWORD)c->out_size),
                WM_HEX(default_char), WM_HEX(used));
    return wm_edge_bool(st) ? (int)done : 0;
}

int WINAPI WideCharToMultiByte(UINT CodePage, DWORD dwFlags, LPCWSTR lpWideCharStr, int cchWideChar,
                               LPSTR lpMultiByteStr, int cbMultiByte, LPCCH lpDefaultChar,
                               LPBOOL lpUsedDefaultChar)
{
    struct conversion c = {CodePage,       dwFlags,     lpWideCharStr, cchWideChar,
                           lpMultiByteStr, cbMultiByte, sizeof(WCHAR), false};

    return narrow_traced(__func__, &c, lpDefaultChar, lpUsedDefaultChar);
}

int WINAPI WideCharToMultiByte_utf16(UINT CodePage, DWORD dwFlags, const uint16_t *lpWideCharStr,
                                     int cchWideChar, LPSTR lpMultiByteStr, int cbMultiByte,
                                     LPCCH lpDefaultChar, LPBOOL lpUsedDefaultChar)
{
    struct conversion c = {CodePage,       dwFlags,     lpWideCharStr,    cchWideChar,
                           lpMultiByteStr, cbMultiByte, sizeof(uint16_t), false};

    return narrow_traced(__func__, &c, lpDefaultChar, lpUsedDefaultChar);
}

/* --- which there are --- */

UINT WINAPI GetACP(VOID)
{
    WM_TRACE(WM_OK, WM_RETURNS(WM_DECIMAL((DWORD)CP_UTF8)), WM_NO_ARGUMENTS);
    return CP_UTF8;
}

UINT WINAPI GetOEMCP(VOID)
{
    WM_TRACE(WM_OK, WM_RETURNS(WM_DECIMAL((DWORD)CP_UTF8)), WM_NO_ARGUMENTS);
    return CP_UTF8;
}

BOOL WINAPI IsValidCodePage(UINT CodePage)
{
    BOOL valid = CodePage == CP_UTF8;

    WM_TRACE(WM_OK, WM_RETURNS(WM_BOOL(valid)), WM_DECIMAL(CodePage));
    return valid;
}
