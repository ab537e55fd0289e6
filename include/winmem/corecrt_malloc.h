/* corecrt_malloc.h: blocks of malloc, as the C run time of Windows has them. Included by <malloc.h> and <stdlib.h>. */
#ifndef WINMEM_CORECRT_MALLOC_H
#define WINMEM_CORECRT_MALLOC_H

#include "corecrt.h"

/* No block is larger. */
#define _HEAP_MAXREQ 0xFFFFFFFFFFFFFFE0

WINMEM_C_BEGIN

/*
 * _msize: how many bytes a block of malloc has.
 *
 * block         of malloc, calloc, realloc
 *
 * Returns the bytes, at least as many as were asked for; (size_t)-1 and errno EINVAL for NULL.
 * On Linux      malloc_usable_size: it may be more than was asked for, and all of it may be used
 * Source        learn.microsoft.com, malloc.h
 */
WINMEM_PUBLIC size_t _msize(void *block);

/*
 * _expand: changes the size of a block where it is.
 *
 * Returns the block; NULL, and errno ENOMEM, if it cannot have that size there; EINVAL for NULL.
 * On Linux      it never really shrinks
 * Source        learn.microsoft.com, malloc.h
 */
WINMEM_PUBLIC void *_expand(void *block, size_t size);

/*
 * _recalloc: realloc, and what it gains is 0. What the block had beyond what was asked for counts as its own.
 *
 * Returns the block; NULL, and errno ENOMEM.
 * Source        learn.microsoft.com, malloc.h
 */
WINMEM_PUBLIC void *_recalloc(void *block, size_t count, size_t size);

/*
 * _aligned_malloc: a block at a multiple of alignment, for _aligned_free.
 *
 * size          not 0
 * alignment     a power of two
 *
 * Returns the block; NULL, and errno EINVAL or ENOMEM.
 * On Linux      free and realloc take it, too
 * Source        learn.microsoft.com, malloc.h
 */
WINMEM_PUBLIC void *_aligned_malloc(size_t size, size_t alignment);

/*
 * _aligned_realloc, _aligned_recalloc: another size for such a block, or a first one for NULL; of 0 bytes: it is freed.
 *
 * Returns the block, which may have moved; NULL, with the old one as it was, and errno EINVAL or ENOMEM.
 * Source        learn.microsoft.com, malloc.h
 */
WINMEM_PUBLIC void *_aligned_realloc(void *block, size_t size, size_t alignment);
WINMEM_PUBLIC void *_aligned_recalloc(void *block, size_t count, size_t size, size_t alignment);

/*
 * _aligned_msize: how many bytes it has. alignment and offset are those that it was made with.
 *
 * Returns as _msize.
 * Source        learn.microsoft.com, malloc.h
 */
WINMEM_PUBLIC size_t _aligned_msize(void *block, size_t alignment, size_t offset);

/*
 * _aligned_free: gives such a block back. NULL: nothing.
 *
 * Source        learn.microsoft.com, malloc.h
 */
WINMEM_PUBLIC void _aligned_free(void *block);

WINMEM_C_END

#endif /* WINMEM_CORECRT_MALLOC_H */
