/*
 * crtmalloc.c: blocks of malloc as the C run time of Windows has them: _msize, _expand, the _aligned_ family.
 *
 * All are blocks of malloc and nothing else, whoever's malloc the program has: there is no header before them, so what was
 * asked for is not known, only what the block has; and free takes aligned ones, too.
 */
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include <corecrt_malloc.h>

#include "win32/win32.h"

static void *fail(int error)
{
    errno = error;
    return NULL;
}

size_t _msize(void *block)
{
    if (block != NULL)
        return malloc_usable_size(block);
    errno = EINVAL;
    return (size_t)-1;
}

void *_expand(void *block, size_t size)
{
    if (block == NULL)
        return fail(EINVAL);
    return size <= malloc_usable_size(block) ? block : fail(ENOMEM);
}

/* What a block gains is cleared. */
static void *clear_behind(void *block, size_t from, size_t size)
{
    if (block != NULL && size > from)
        memset((char *)block + from, 0, size - from);
    return block;
}

void *_recalloc(void *block, size_t count, size_t size)
{
    size_t bytes, had = block == NULL ? 0 : malloc_usable_size(block);

    if (__builtin_mul_overflow(count, size, &bytes))
        return fail(ENOMEM);
    if (bytes == 0 && block != NULL) {
        free(block);
        return NULL;
    }
    return clear_behind(realloc(block, bytes == 0 ? 1 : bytes), had, bytes);
}

/* --- aligned ones --- */

void *_aligned_malloc(size_t size, size_t alignment)
{
    void *block;
    int error;

    if (alignment == 0 || (alignment & (alignment - 1)) != 0 || size == 0)
        return fail(EINVAL);
    error = posix_memalign(&block, alignment < sizeof(void *) ? sizeof(void *) : alignment, size);
    return error == 0 ? block : fail(error);
}

/* It may stay where it is, unless much of it would lie idle. */
static bool stays(void *block, size_t size, size_t alignment)
{
    size_t bytes = malloc_usable_size(block);

    return size <= bytes && size >= bytes / 2 && ((uintptr_t)block & (alignment - 1)) == 0;
}

void *_aligned_realloc(void *block, size_t size, size_t alignment)
{
    size_t bytes;
    void *other;

    if (block == NULL)
        return _aligned_malloc(size, alignment);
    if (size == 0) {
        free(block);
        return NULL;
    }
    if (alignment == 0 || (alignment & (alignment - 1)) != 0)
        return fail(EINVAL);
    if (stays(block, size, alignment))
        return block;
    other = _aligned_malloc(size, alignment);
    if (other == NULL)
        return NULL;
    bytes = malloc_usable_size(block);
    memcpy(other, block, bytes < size ? bytes : size);
    free(block);
    return other;
}

void *_aligned_recalloc(void *block, size_t count, size_t size, size_t alignment)
{
    size_t bytes, had = block == NULL ? 0 : malloc_usable_size(block);

    if (__builtin_mul_overflow(count, size, &bytes))
        return fail(ENOMEM);
    return clear_behind(_aligned_realloc(block, bytes, alignment), had, bytes);
}

size_t _aligned_msize(void *block, size_t alignment, size_t offset)
{
    (void)alignment, (void)offset;
    return _msize(block);
}

void _aligned_free(void *block)
{
    free(block);
}
