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
