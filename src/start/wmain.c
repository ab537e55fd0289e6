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
 * The chain therefore ends in the program's wmain, whichever it is. Behind the last shape, the symbol
 * "wmain" of a C program, come WinMain and wWinMain (winmain.c, wwinmain.c), and the last link is defined
 * by nobody: a program without any gets its error from the linker.
 * The x86-64 calling convention lets a function ignore arguments, so all shapes are called alike.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "start/start.h"

int winmem_start_first(int argc, void *argv, void *envp) __asm__(WINMEM_START_FIRST);

/* Defined by <windows.h> where WCHAR has 16 bits. Hidden: only this program's own objects count. */
extern const int winmem_wide_is_utf16 __attribute__((weak, visibility("hidden")));

/* The link behind the char16_t shapes; the linker took it only if the program has none of them. */
int winmem_start_no_char16(int argc, void *argv, void *envp) __attribute__((weak, visibility("hidden")));

char **winmem_start_argv;

/* Where a program's allocated strings stay reachable, for leak checkers. */
static void *volatile kept[2];

/* The NULL-terminated list as wide strings, in one block: first the pointers, then the text. */
static void **widen(char **list, int utf16)
{
    size_t count = 0, units = 0;
    struct winmem_start_text out = {0};
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
        winmem_start_widen(&out, list[i]);
    }
    return wide;
}

int winmem_start_is_utf16(void)
{
    return &winmem_wide_is_utf16 || !winmem_start_no_char16;
}

int main(int argc, char **argv, char **envp)
{
    int utf16 = winmem_start_is_utf16();
    void **wide_argv = widen(argv, utf16);
    void **wide_envp = widen(envp, utf16);

    winmem_start_argv = argv;
    kept[0] = wide_argv;
    kept[1] = wide_envp;
    if (!wide_argv || !wide_envp)
        winmem_start_fail();
    return winmem_start_first(argc, wide_argv, wide_envp);
}
