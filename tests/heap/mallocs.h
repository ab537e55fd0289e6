/*
 * mallocs.h: a malloc that has nothing when a test says so, and how much of it has not come back. It is that of all
 * static objects of a program which is linked with --wrap: the library's and the test's, not libc's.
 */
#ifndef MALLOCS_H
#define MALLOCS_H

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

static unsigned fail_at; /* the n-th call from now, or 0 */
static unsigned asked, refused;
static long given;

void *__real_malloc(size_t bytes);
void *__real_calloc(size_t count, size_t bytes);
void *__real_realloc(void *start, size_t bytes);
void __real_free(void *start);

static inline void fail_malloc(unsigned n)
{
    fail_at = n;
    asked = refused = 0;
}

static inline bool refuse(void)
{
    unsigned number = __atomic_add_fetch(&asked, 1, __ATOMIC_RELAXED);

    if (fail_at == 0 || number != fail_at)
        return false;
    refused++;
    errno = ENOMEM;
    return true;
}

static inline void *count_given(void *start)
{
    if (start != NULL)
        __atomic_add_fetch(&given, 1, __ATOMIC_RELAXED);
    return start;
}

void *__wrap_malloc(size_t bytes)
{
    return refuse() ? NULL : count_given(__real_malloc(bytes));
}

void *__wrap_calloc(size_t count, size_t bytes)
{
    return refuse() ? NULL : count_given(__real_calloc(count, bytes));
}

void *__wrap_realloc(void *start, size_t bytes)
{
    void *moved = refuse() ? NULL : __real_realloc(start, bytes);

    return start == NULL ? count_given(moved) : moved;
}

void __wrap_free(void *start)
{
    if (start != NULL)
        __atomic_sub_fetch(&given, 1, __ATOMIC_RELAXED);
    __real_free(start);
}

#endif
