/*
 * block.c: reading a header that may be none, and where a block begins in malloc's memory (block.h).
 *
 * The address comes from the program and may point anywhere: it is read by a try (kern/signals/tryread.h),
 * and what cannot be read has all bits set, which is no sound header. Malloc gives 16 bytes of alignment;
 * blocks of 1 MiB and more get 64 (O220), by a longer lead.
 */
#include "heap/block.h"

bool wm_block_read(uintptr_t at, struct wm_block *out)
{
    struct wm_pair header;

    if (at % WM_BLOCK_ALIGNMENT != 0)
        return false;
    header = wm_try_read(at - WM_BLOCK_HEADER);
    *out = wm_header_block(at, header);
    return wm_header_is_sound(at, header);
}

size_t wm_block_lead(uintptr_t start, size_t bytes)
{
    uintptr_t alignment = bytes >= WM_BLOCK_LARGE ? WM_BLOCK_LARGE_ALIGNMENT : WM_BLOCK_ALIGNMENT;

    return ((start + WM_BLOCK_HEADER + alignment - 1) & ~(alignment - 1)) - start;
}

size_t wm_block_added(size_t bytes)
{
    return bytes >= WM_BLOCK_LARGE ? WM_BLOCK_LARGE_ALIGNMENT : WM_BLOCK_HEADER;
}
