/*
 * calltrace.c: the line that WINMEM_TRACE wants of each call.
 *
 * It may be written in any function, at any moment, in a signal handler as well. So it is put together on the
 * stack and written by one raw system call: nothing is allocated, no lock is taken, errno and the last error
 * stay (L133), and lines of several threads do not mix. A line that is too long is cut. A descriptor that is
 * wrong or closed does no harm, because nobody looks what became of the line.
 *
 * WINMEM_TRACE=ring keeps the lines in memory instead (tracering.h).
 *
 * The environment is read once, by a constructor; a set-user-id program listens to it no more than to
 * WINMEM_DISABLE (L135). Functions that answer in a few instructions have no room for a trace:
 * wm_heap_slow_down makes them take the long way, where there is one.
 */
#include "api/calltrace.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <windows.h>

#include "api/causewords.h"
#include "api/tracering.h"
#include "heap/heap.h"
#include "kern/sys.h"

enum { TO_THE_RING = 1 << 20 }; /* no descriptor is so high */

int wm_trace_fd = -1;
extern int wm_trace_fd_here __attribute__((alias("wm_trace_fd")));

/* A line is put together on the stack and written at once: lines of threads do not mix. */
struct line {
    char text[1024];
    size_t length;
};

struct flag {
    uint32_t value;
    const char *name;
};

#define FLAG(name)                                                                                           \
    {                                                                                                        \
        name, #name                                                                                          \
    }

static const struct flag alloc_types[] = {FLAG(MEM_COMMIT),
                                          FLAG(MEM_RESERVE),
                                          FLAG(MEM_REPLACE_PLACEHOLDER),
                                          FLAG(MEM_RESERVE_PLACEHOLDER),
                                          FLAG(MEM_RESET),
                                          FLAG(MEM_TOP_DOWN),
                                          FLAG(MEM_WRITE_WATCH),
                                          FLAG(MEM_PHYSICAL),
                                          FLAG(MEM_RESET_UNDO),
                                          FLAG(MEM_LARGE_PAGES),
                                          {0, NULL}};
static const struct flag free_types[] = {FLAG(MEM_DECOMMIT),
                                         FLAG(MEM_RELEASE),
                                         FLAG(MEM_COALESCE_PLACEHOLDERS),
                                         FLAG(MEM_PRESERVE_PLACEHOLDER),
                                         {0, NULL}};
static const struct flag protections[] = {
    FLAG(PAGE_NOACCESS), FLAG(PAGE_READONLY),     FLAG(PAGE_READWRITE),         FLAG(PAGE_WRITECOPY),
    FLAG(PAGE_EXECUTE),  FLAG(PAGE_EXECUTE_READ), FLAG(PAGE_EXECUTE_READWRITE), FLAG(PAGE_EXECUTE_WRITECOPY),
    FLAG(PAGE_GUARD),    FLAG(PAGE_NOCACHE),      FLAG(PAGE_WRITECOMBINE),      {0, NULL}};
static const struct flag map_access[] = {
    FLAG(FILE_MAP_COPY), FLAG(FILE_MAP_WRITE), FLAG(FILE_MAP_READ), FLAG(FILE_MAP_EXECUTE), {0, NULL}};

static void put_bytes(struct line *line, const char *text, size_t length)
{
    size_t room = sizeof line->text - 1 - line->length;

    if (length > room)
        length = room;
    memcpy(line->text + line->length, text, length);
    line->length += length;
}

static void put_text(struct line *line, const char *text)
{
    put_bytes(line, text, strlen(text));
}

static void put_number(struct line *line, uint64_t value, unsigned base)
{
    char digits[32], *p = digits + sizeof digits;

    do
        *--p = "0123456789abcdef"[value % base];
    while ((value /= base) != 0);
    if (base == 16) {
        *--p = 'x';
        *--p = '0';
    }
    put_bytes(line, p, (size_t)(digits + sizeof digits - p));
}

/* The names of the bits that are set, and what is left as a number. */
static void put_flags(struct line *line, const struct flag *flags, uint32_t value)
{
    const char *bar = "";

    for (; flags->name != NULL; flags++)
        if (value & flags->value) {
            put_text(line, bar);
            put_text(line, flags->name);
            value &= ~flags->value;
            bar = "|";
        }
    if (value != 0 || *bar == '\0') {
        put_text(line, bar);
        put_number(line, value, value == 0 ? 10 : 16);
    }
}

static void put_shown(struct line *line, enum wm_shown_as as, union wm_shown_value value)
{
    switch (as) {
    case WM_AS_NOTHING: break;
    case WM_AS_HEX: put_number(line, value.number, 16); break;
    case WM_AS_DECIMAL: put_number(line, value.number, 10); break;
    case WM_AS_TEXT: put_text(line, value.text == NULL ? "NULL" : value.text); break;
    case WM_AS_ALLOC_FLAGS: put_flags(line, alloc_types, (uint32_t)value.number); break;
    case WM_AS_FREE_FLAGS: put_flags(line, free_types, (uint32_t)value.number); break;
    case WM_AS_PROTECTION: put_flags(line, protections, (uint32_t)value.number); break;
    case WM_AS_MAP_FLAGS: put_flags(line, map_access, (uint32_t)value.number); break;
    }
}

static void put_arguments(struct line *line, size_t count, va_list *arguments)
{
    put_text(line, "(");
    for (size_t i = 0; i < count; i++) {
        struct wm_shown shown = va_arg(*arguments, struct wm_shown);

        put_text(line, i == 0 ? "" : ", ");
        put_shown(line, shown.as, shown.value);
    }
    put_text(line, ")");
}

static void put_returned(struct line *line, struct wm_returned returned)
{
    static const char *const before[] = {
        [WM_AFTER_EQUALS] = " = ",
        [WM_AFTER_TRUE] = " = TRUE, ",
        [WM_AFTER_LOCKED_STILL] = ", locked still: ",
        [WM_AFTER_NOTHING] = "",
    };

    put_text(line, before[returned.after]);
    put_shown(line, returned.as, returned.value);
}

/*
 * Words in braces stay as they are, because nothing is asked of the system here; but how full the table of mappings was can be
 * told at that moment only.
 */
static void put_sentence(struct line *line, const char *sentence)
{
    char buffer[WM_CAUSE_WORD_BYTES];
    const char *open, *close, *word;

    while ((open = strchr(sentence, '{')) != NULL && (close = strchr(open, '}')) != NULL) {
        put_bytes(line, sentence, (size_t)(open - sentence));
        word = wm_cause_of_mappings(open + 1, close, buffer);
        if (word != NULL)
            put_text(line, word);
        else
            put_bytes(line, open, (size_t)(close + 1 - open));
        sentence = close + 1;
    }
    put_text(line, sentence);
}

/*
 * What the caller will find in GetLastError, and which rule it was: the name for searching, the sentence for
 * reading.
 */
static void put_failure(struct line *line, wm_status st)
{
    put_text(line, " = failed, ");
    put_number(line, wm_status_win32(st), 10);
    put_text(line, " ");
    put_text(line, wm_status_name(st));
    put_text(line, ": ");
    put_sentence(line, wm_status_sentence(st));
}

static void deliver(struct line *line)
{
    if (wm_trace_fd == TO_THE_RING) {
        wm_ring_put(line->text, line->length);
        return;
    }
    line->text[line->length++] = '\n';
    wm_sys3(SYS_write, wm_trace_fd, (long)line->text, (long)line->length);
}

void wm_trace_call(const char *function, wm_status st, struct wm_returned returned, size_t arguments, ...)
{
    struct line line = {.length = 0};
    va_list list;

    put_text(&line, function);
    va_start(list, arguments);
    put_arguments(&line, arguments, &list);
    va_end(list);
    if (wm_ok(st))
        put_returned(&line, returned);
    else
        put_failure(&line, st);
    deliver(&line);
}

/* What a WINMEM_TRACE means, -1: nothing. */
static int meant_by(const char *value)
{
    char *end;
    long fd;

    if (value == NULL || *value == '\0')
        return -1;
    if (strcmp(value, "ring") == 0)
        return TO_THE_RING;
    fd = strtol(value, &end, 10);
    return *end == '\0' && fd >= 0 && fd < TO_THE_RING ? (int)fd : -1;
}

/*
 * Anything but a number or "ring" is no descriptor, and then nothing is traced: a program must not fail for its
 * environment.
 */
__attribute__((constructor)) static void read_environment(void)
{
    int fd = meant_by(secure_getenv("WINMEM_TRACE"));

    if (fd < 0)
        return;
    wm_trace_fd = fd;
    wm_heap_slow_down();
}
