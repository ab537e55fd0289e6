/*
 * formatmessage.c: FormatMessage: where a message comes from, and the buffer that it goes to.
 *
 * What a definition means is inserts.c's business, and how lines are broken lines.c's. Both count without a
 * buffer, so the text is written twice: once to learn its length, and once to where it goes. So a message
 * that says that memory has run out needs none, and nothing is stored that does not fit.
 *
 * The words for codes are our own (messages.def) and in English; those of Windows are not ours to copy. The
 * two forms differ in more than their characters: the A form writes all or nothing, the W form leaves what it
 * had when something went wrong (O279). Characters of the A form are bytes of UTF-8 and pass unchanged
 * (L128).
 */
#include <string.h>

#include "api/edge.h"
#include "api/inserts.h"
#include "api/utf16.h"

/* Where a message comes from, and where its text goes; unit_bytes: of the caller's characters. */
struct request {
    DWORD flags;
    const void *source;
    DWORD code;
    DWORD language;
    void *buffer;
    DWORD size;
    va_list *arguments;
    unsigned unit_bytes;
};

static const struct {
    DWORD code;
    const char *text;
} messages[] = {
#define WM_MESSAGE(code, sentence) {(DWORD)(code), sentence ".\r\n"},
#include "api/messages.def"
#undef WM_MESSAGE
};

/* An HRESULT that wraps a Win32 code has the text of that code (L125). */
static const char *text_of(DWORD code)
{
    if (HRESULT_SEVERITY(code) == SEVERITY_ERROR && HRESULT_FACILITY(code) == FACILITY_WIN32)
        code = HRESULT_CODE(code);
    for (size_t i = 0; i < ARRAYSIZE(messages); i++)
        if (messages[i].code == code)
            return messages[i].text;
    return NULL;
}

/*
 * English in every country, and "whatever there is". Other languages are 1815 and not English in disguise
 * (D12.10c).
 */
static bool is_spoken(DWORD language)
{
    DWORD primary = language & 0x3ff; /* the rest is the country */

    return primary == LANG_NEUTRAL || primary == LANG_ENGLISH;
}

static wm_status system_message(const struct request *request, struct wm_message *message)
{
    message->definition = text_of(request->code);
    message->unit_bytes = 1;
    if (message->definition == NULL)
        return WM_MESSAGE_UNKNOWN;
    return is_spoken(request->language) ? WM_OK : WM_MESSAGE_LANGUAGE;
}

/* A string goes before the other sources; the system's table is asked when a module's has no answer. */
static wm_status find_definition(const struct request *request, struct wm_message *message)
{
    if (request->flags & FORMAT_MESSAGE_FROM_STRING) {
        message->definition = request->source;
        message->unit_bytes = request->unit_bytes;
        return request->source == NULL ? WM_MESSAGE_SOURCE : WM_OK;
    }
    if (request->flags & FORMAT_MESSAGE_FROM_SYSTEM)
        return system_message(request, message);
    return request->flags & FORMAT_MESSAGE_FROM_HMODULE ? WM_MESSAGE_TABLE : WM_MESSAGE_SOURCE;
}

static void set_options(const struct request *request, struct wm_message *message, struct wm_lines *lines)
{
    DWORD width = request->flags & FORMAT_MESSAGE_MAX_WIDTH_MASK;

    message->keep_inserts = (request->flags & FORMAT_MESSAGE_IGNORE_INSERTS) != 0;
    message->join_lines = width != 0;
    if (request->flags & FORMAT_MESSAGE_ARGUMENT_ARRAY)
        message->array = (const uintptr_t *)request->arguments;
    else
        message->list = request->arguments;
    *lines = (struct wm_lines){
        .unit_bytes = request->unit_bytes,
        .width = width == FORMAT_MESSAGE_MAX_WIDTH_MASK ? 0 : width,
        .wanted = SIZE_MAX,
    };
}

/* --- the buffer --- */

static bool allocates(const struct request *request)
{
    return (request->flags & FORMAT_MESSAGE_ALLOCATE_BUFFER) != 0;
}

/*
 * Without a buffer the A form says 8 where it shall allocate one, 122 where there would be no room for a
 * character, and 87 else; the W form says 87 (O279).
 */
static wm_status no_buffer(const struct request *request)
{
    if (request->unit_bytes > 1)
        return WM_RESULT_NULL;
    if (allocates(request))
        return WM_MESSAGE_NOWHERE;
    return request->size <= 1 ? WM_MESSAGE_BUFFER : WM_RESULT_NULL;
}

/* A pointer to the buffer that is asked for is NULL until there is one. */
static wm_status check_buffer(const struct request *request)
{
    wm_status st = WM_OK;

    if (request->buffer == NULL)
        return no_buffer(request);
    if (allocates(request)) {
        st = wm_edge_writable(request->buffer, sizeof(void *));
        if (wm_ok(st))
            memset(request->buffer, 0, sizeof(void *));
    }
    return st;
}

static wm_status allocate(const struct request *request, size_t units, void **out)
{
    size_t wanted = units > request->size ? units : request->size;

    *out = LocalAlloc(LMEM_FIXED, wanted * request->unit_bytes);
    if (*out == NULL)
        return WM_MESSAGE_MEMORY;
    memcpy(request->buffer, out, sizeof *out);
    return WM_OK;
}

static wm_status find_room(const struct request *request, size_t units, void **out)
{
    if (units == 1)
        return WM_MESSAGE_EMPTY;
    if (allocates(request))
        return allocate(request, units, out);
    *out = request->buffer;
    return units > request->size ? WM_MESSAGE_BUFFER
                                 : wm_edge_fillable(request->buffer, units * request->unit_bytes);
}

/* --- the text: written twice, without a buffer first. So a message that says that memory has run out needs none. --- */

/* All of it or, where something is wrong, not a byte. */
static wm_status write_whole(const struct request *request, struct wm_message *message,
                             struct wm_lines *lines, size_t *length)
{
    wm_status st = wm_message_write(message, lines);
    void *text;

    *length = lines->length;
    if (wm_ok(st))
        st = find_room(request, *length + 1, &text);
    if (!wm_ok(st))
        return st;
    wm_lines_begin(lines, text, *length);
    wm_message_write(message, lines);
    wm_unit_set(text, *length, request->unit_bytes, 0);
    return WM_OK;
}

/*
 * The W form leaves in a buffer of the caller's what it had when something went wrong, and of a list the arguments behind
 * the place: the first time stops where the second will.
 */
static wm_status write_as_far_as_it_goes(const struct request *request, struct wm_message *message,
                                         struct wm_lines *lines, size_t *length)
{
    wm_status st, fill;

    lines->wanted = request->size == 0 ? 0 : request->size - 1;
    st = wm_message_write(message, lines);
    *length = lines->length < lines->wanted ? lines->length : lines->wanted;
    if (request->size == 0)
        return wm_ok(st) ? WM_MESSAGE_BUFFER : st;
    fill = wm_edge_fillable(request->buffer, (*length + 1) * request->unit_bytes);
    if (!wm_ok(fill))
        return fill;
    wm_lines_begin(lines, request->buffer, *length + 1);
    wm_message_write(message, lines);
    wm_unit_set(request->buffer, *length, request->unit_bytes, 0);
    return wm_ok(st) && *length == 0 ? WM_MESSAGE_EMPTY : st;
}

static wm_status format(const struct request *request, size_t *length)
{
    struct wm_message message = {.definition = NULL};
    struct wm_lines lines;
    wm_status st = check_buffer(request);

    if (wm_ok(st))
        st = find_definition(request, &message);
    if (!wm_ok(st))
        return st;
    set_options(request, &message, &lines);
    return request->unit_bytes > 1 && !allocates(request)
               ? write_as_far_as_it_goes(request, &message, &lines, length)
               : write_whole(request, &message, &lines, length);
}

/* --- the functions --- */

static DWORD tell(const char *function, const struct request *request)
{
    size_t length = 0;
    wm_status st = format(request, &length);

    WM_TRACE_AS(function, st, WM_RETURNS(WM_DECIMAL(length)), WM_HEX(request->flags), WM_HEX(request->source),
                WM_DECIMAL(request->code), WM_HEX(request->language), WM_HEX(request->buffer),
                WM_DECIMAL(request->size), WM_HEX(request->arguments));
    return wm_edge_bool(st) ? (DWORD)length : 0;
}

DWORD WINAPI FormatMessageA(DWORD dwFlags, LPCVOID lpSource, DWORD dwMessageId, DWORD dwLanguageId,
                            LPSTR lpBuffer, DWORD nSize, va_list *Arguments)
{
    struct request request = {dwFlags,  lpSource, dwMessageId, dwLanguageId,
                              lpBuffer, nSize,    Arguments,   sizeof *lpBuffer};

    return tell(__func__, &request);
}

DWORD WINAPI FormatMessageW(DWORD dwFlags, LPCVOID lpSource, DWORD dwMessageId, DWORD dwLanguageId,
                            LPWSTR lpBuffer, DWORD nSize, va_list *Arguments)
{
    struct request request = {dwFlags,  lpSource, dwMessageId, dwLanguageId,
                              lpBuffer, nSize,    Arguments,   sizeof *lpBuffer};

    return tell(__func__, &request);
}

DWORD WINAPI FormatMessageW_utf16(DWORD dwFlags, LPCVOID lpSource, DWORD dwMessageId, DWORD dwLanguageId,
                                  uint16_t *lpBuffer, DWORD nSize, va_list *Arguments)
{
    struct request request = {dwFlags,  lpSource, dwMessageId, dwLanguageId,
                              lpBuffer, nSize,    Arguments,   sizeof *lpBuffer};

    return tell(__func__, &request);
}
