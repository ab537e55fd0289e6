/* libc.c: what base, core, kern and vm want of libc. Short and slow: an agent copies little. */
#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kern/sys.h"

/* In a loop: the compiler must not take it for the function that it is. */
#define BYTE_BY_BYTE() __asm__ volatile("")

void *memcpy(void *restrict to, const void *restrict from, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        BYTE_BY_BYTE();
        ((unsigned char *)to)[i] = ((const unsigned char *)from)[i];
    }
    return to;
}

void *memmove(void *to, const void *from, size_t bytes)
{
    if ((uintptr_t)to <= (uintptr_t)from)
        return memcpy(to, from, bytes);
    for (size_t i = bytes; i > 0; i--) {
        BYTE_BY_BYTE();
        ((unsigned char *)to)[i - 1] = ((const unsigned char *)from)[i - 1];
    }
    return to;
}

void *memset(void *to, int byte, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        BYTE_BY_BYTE();
        ((unsigned char *)to)[i] = (unsigned char)byte;
    }
    return to;
}

int memcmp(const void *a, const void *b, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        if (((const unsigned char *)a)[i] != ((const unsigned char *)b)[i])
            return ((const unsigned char *)a)[i] - ((const unsigned char *)b)[i];
    return 0;
}

void *memchr(const void *from, int byte, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        if (((const unsigned char *)from)[i] == (unsigned char)byte)
            return (char *)(uintptr_t)from + i;
    return NULL;
}

size_t strlen(const char *s)
{
    size_t length = 0;

    for (; s[length] != '\0'; length++)
        BYTE_BY_BYTE();
    return length;
}

int strncmp(const char *a, const char *b, size_t most)
{
    for (size_t i = 0; i < most; i++)
        if (a[i] != b[i] || a[i] == '\0')
            return (unsigned char)a[i] - (unsigned char)b[i];
    return 0;
}

int strcmp(const char *a, const char *b)
{
    return strncmp(a, b, SIZE_MAX);
}

char *strchr(const char *s, int c)
{
    for (; *s != (char)c; s++) {
        BYTE_BY_BYTE();
        if (*s == '\0')
            return NULL;
    }
    return (char *)(uintptr_t)s;
}

char *strrchr(const char *s, int c)
{
    char *last = NULL;

    for (s = strchr(s, c); s != NULL; s = *s == '\0' ? NULL : strchr(s + 1, c))
        last = (char *)(uintptr_t)s;
    return last;
}

char *strstr(const char *s, const char *wanted)
{
    size_t length = strlen(wanted);

    for (; strncmp(s, wanted, length) != 0; s++)
        if (*s == '\0')
            return NULL;
    return (char *)(uintptr_t)s;
}

size_t strcspn(const char *s, const char *stops)
{
    size_t length = 0;

    while (s[length] != '\0' && strchr(stops, s[length]) == NULL)
        length++;
    return length;
}

/* Of the environment only what is switched off: descriptors that would stay open in a program that does not know them. */
char *secure_getenv(const char *name)
{
    static char off[] = "userfaultfd,uffd_move,uffd_protect";

    return strcmp(name, "WINMEM_DISABLE") == 0 ? off : NULL;
}

int sched_yield(void)
{
    return (int)wm_sys3(SYS_sched_yield, 0, 0, 0);
}

int clock_gettime(clockid_t clock, struct timespec *out)
{
    return (int)wm_sys3(SYS_clock_gettime, clock, (long)out, 0);
}

/* A page that forks wipe tells the child (vm/book/pulse.h). */
int pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void))
{
    (void)prepare;
    (void)parent;
    (void)child;
    return 0;
}
