/* A malloc to be preloaded: counts, and says how many blocks there were and how many are left. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned long made, freed;

extern void *__libc_malloc(size_t bytes);
extern void *__libc_calloc(size_t count, size_t bytes);
extern void *__libc_realloc(void *p, size_t bytes);
extern void __libc_free(void *p);

void *malloc(size_t bytes)
{
    made++;
    return __libc_malloc(bytes);
}

void *calloc(size_t count, size_t bytes)
{
    made++;
    return __libc_calloc(count, bytes);
}

void *realloc(void *p, size_t bytes)
{
    made += p == NULL;
    return __libc_realloc(p, bytes);
}

void free(void *p)
{
    freed += p != NULL;
    __libc_free(p);
}

__attribute__((destructor)) static void tell(void)
{
    fprintf(stderr, "%lu blocks, %lu left\n", made, made - freed);
}
