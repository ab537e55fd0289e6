#include "api/calltrace.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <windows.h>

#include "heap/heap.h"
#include "kern/sys.h"

int wm_trace_fd = -1;

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

static void put_argument(struct line *line, char kind, va_list *arguments)
{
    switch (kind) {
    case 'x': put_number(line, va_arg(*arguments, uintptr_t), 16); break;
    case 's': {
        const char *text = va_arg(*arguments, const char *);

        put_text(line, text == NULL ? "NULL" : text);
        break;
    }
    case 'T': put_flags(line, alloc_types, va_arg(*arguments, uint32_t)); break;
    case 'F': put_flags(line, free_types, va_arg(*arguments, uint32_t)); break;
    case 'P': put_flags(line, protections, va_arg(*arguments, uint32_t)); break;
    case 'M': put_flags(line, map_access, va_arg(*arguments, uint32_t)); break;
    default: put_number(line, va_arg(*arguments, uint32_t), 10);
    }
}

static void put_failure(struct line *line, wm_status st)
{
    put_text(line, "failed, ");
    put_number(line, wm_status_win32(st), 10);
    put_text(line, " ");
    put_text(line, wm_status_name(st));
    put_text(line, ": ");
    put_text(line, wm_status_sentence(st));
}

void wm_trace_call(const char *function, wm_status st, const char *format, ...)
{
    struct line line = {.length = 0};
    va_list arguments;

    put_text(&line, function);
    va_start(arguments, format);
    for (; *format != '\0'; format++) {
        if (*format == '=' && !wm_ok(st)) {
            put_text(&line, "= ");
            put_failure(&line, st);
            break;
        }
        if (*format == '%')
            put_argument(&line, *++format, &arguments);
        else
            put_bytes(&line, format, 1);
    }
    va_end(arguments);
    line.text[line.length++] = '\n';
    wm_sys3(SYS_write, wm_trace_fd, (long)line.text, (long)line.length);
}

__attribute__((constructor)) static void read_environment(void)
{
    const char *value = secure_getenv("WINMEM_TRACE");
    char *end;
    long fd;

    if (value == NULL || *value == '\0')
        return;
    fd = strtol(value, &end, 10);
    if (*end != '\0' || fd < 0 || fd >= 1 << 20)
        return;
    wm_trace_fd = (int)fd;
    wm_heap_slow_down();
}
