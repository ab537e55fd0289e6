/*
 * wmain.c: main for a program that has wmain instead.
 *
 * This file is a member of libwinmem-start.a, which a program links always. The C start-up code
 * asks for main; the linker takes this member only when nobody else answered, so a program with an
 * ordinary main never contains a byte of it.
 *
 * wmain comes in many shapes, and C++ gives each its own symbol. main calls the first of them. Each
 * shape also has an archive member of its own (forward.c.in) that defines the symbol by calling the
 * next shape; the linker takes that member only when the program does not have the shape itself.
 * The chain therefore ends in the program's wmain, whichever it is, and the last link, the symbol
 * "wmain" of a C program, is defined by nobody: a program without any gets its error from the linker.
 * The x86-64 calling convention lets a function ignore arguments, so all shapes are called alike.
 *
 * The strings: arguments are read as UTF-8. A byte that is no valid UTF-8 becomes the lone surrogate
 * U+DC00 + byte (U+DC80 to U+DCFF), so nothing is lost and no argument is refused.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int winmem_start_first(int argc, void *argv, void *envp) __asm__(WINMEM_START_FIRST);

/* Defined by <windows.h> where WCHAR has 16 bits. Hidden: only this program's own objects count. */
extern const int winmem_wide_is_utf16 __attribute__((weak, visibility("hidden")));

/* The link behind the char16_t shapes; the linker took it only if the program has none of them. */
int winmem_start_no_char16(int argc, void *argv, void *envp) __attribute__((weak, visibility("hidden")));

/* Code units are 16 or 32 bits wide; one of the two is NULL. */
struct output {
    uint16_t *utf16;
    uint32_t *utf32;
};

/* Where a program's allocated strings stay reachable, for leak checkers. */
static void *volatile kept[2];

/* How many bytes follow this first byte; -1 if none begins a sequence like this. */
static int bytes_after(unsigned char first)
{
    if (first < 0x80)
        return 0;
    if (first < 0xc0)
        return -1;
    return first < 0xe0 ? 1 : first < 0xf0 ? 2 : first < 0xf8 ? 3 : -1;
}

/* One code point from well-formed UTF-8 (no surrogates, nothing overlong), else one escaped byte. */
static const unsigned char *decode(const unsigned char *s, uint32_t *code)
{
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000}; /* by bytes that follow */
    int more = bytes_after(*s);
    uint32_t value = more <= 0 ? *s : *s & (0x3fu >> more);

    for (int i = 1; i <= more; i++) {
        if ((s[i] & 0xc0) != 0x80)
            more = -1;
        else
            value = value << 6 | (s[i] & 0x3f);
    }
    if (more < 0 || value < least[more] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) {
        *code = 0xdc00u + *s;
        return s + 1;
    }
    *code = value;
    return s + more + 1;
}

static void put(struct output *out, uint32_t code)
{
    if (out->utf32) {
        *out->utf32++ = code;
    } else if (code < 0x10000) {
        *out->utf16++ = (uint16_t)code;
    } else {
        *out->utf16++ = (uint16_t)(0xd7c0 + (code >> 10));
        *out->utf16++ = (uint16_t)(0xdc00 | (code & 0x3ff));
    }
}

static void put_string(struct output *out, const char *string)
{
    const unsigned char *s = (const unsigned char *)string;
    uint32_t code;

    while (*s) {
        s = decode(s, &code);
        put(out, code);
    }
    put(out, 0);
}

/* The NULL-terminated list as wide strings, in one block: first the pointers, then the text. */
static void **widen(char **list, int utf16)
{
    size_t count = 0, units = 0;
    struct output out = {0};
    void **wide;

    for (; list[count]; count++)
        units += strlen(list[count]) + 1; /* no code point needs more units than bytes */
    wide = calloc(1, (count + 1) * sizeof(*wide) + units * sizeof(uint32_t));
    if (!wide)
        return NULL;
    if (utf16)
        out.utf16 = (uint16_t *)(wide + count + 1);
    else
        out.utf32 = (uint32_t *)(wide + count + 1);
    for (size_t i = 0; i < count; i++) {
        wide[i] = utf16 ? (void *)out.utf16 : (void *)out.utf32;
        put_string(&out, list[i]);
    }
    return wide;
}

int main(int argc, char **argv, char **envp)
{
    int utf16 = &winmem_wide_is_utf16 || !winmem_start_no_char16;
    void **wide_argv = widen(argv, utf16);
    void **wide_envp = widen(envp, utf16);

    kept[0] = wide_argv;
    kept[1] = wide_envp;
    if (!wide_argv || !wide_envp) {
        fputs("winmem: no memory for the arguments of wmain\n", stderr);
        return 1;
    }
    return winmem_start_first(argc, wide_argv, wide_envp);
}
