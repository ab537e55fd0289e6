/*
 * movable.c: Global and Local memory: allocating, freeing, locking, asking (movable.h).
 *
 * Fixed memory is a block of the process's heap and nothing else (D10.1d). Movable memory is a block in a
 * table of its own, so that its address is not a handle and does not free it (L101), and nothing is known of
 * it but what stands in its slot's word and its header.
 *
 * Nothing here waits for a lock. Locks of movable memory are a count in the slot's word, so locking is one
 * exchange, and whoever resizes sees it. They stop at 255, where Windows stops counting (O255).
 */
#include "heap/movable.h"

#include "kern/map/mapping.h"

/* --- blocks --- */

void wm_memory_is_held(const struct wm_block *block)
{
    if (__lsan_ignore_object == NULL)
        return;
    wm_busy_inside_begin(); /* it takes a lock, as malloc does */
    __lsan_ignore_object((const void *)wm_block_start(block));
    wm_busy_inside_end();
}

static wm_status obtain(struct wm_block *block, size_t bytes, bool zero)
{
    if (bytes >= WM_BLOCK_LARGE)
        return wm_block_obtain(&wm_process_heap, bytes, zero, block);
    return wm_block_obtain_plainly(bytes, zero, block) ? WM_OK : WM_HEAP_MEMORY;
}

/*
 * Programs resize large blocks without leave to move them, and on Windows these grow a little where they are. malloc does
 * not tell what lies behind a block, so they are made a page longer than they say.
 */
static size_t room_behind(size_t bytes)
{
    return bytes >= WM_GRANULE && bytes < WM_BLOCK_LARGE - WM_PAGE ? WM_PAGE : 0;
}

wm_status wm_memory_obtain(uint32_t slot, size_t bytes, bool zero, uintptr_t *at)
{
    struct wm_block block = {.slot = slot, .table = WM_HEAP_MOVABLE};
    wm_status st = obtain(&block, bytes + room_behind(bytes), zero);

    if (!wm_ok(st))
        return st;
    block.slack = block.bytes - bytes;
    block.bytes = bytes;
    wm_block_write(&block);
    wm_memory_is_held(&block);
    *at = block.at;
    return WM_OK;
}

wm_status wm_memory_return(uintptr_t at)
{
    struct wm_pair header = wm_try_read(at - WM_BLOCK_HEADER);

    if (!wm_header_is_sound(at, header))
        return WM_HEAP_BLOCK; /* overwritten: what malloc would make of it nobody knows */
    wm_mfree((void *)(at - wm_header_lead(header)));
    return WM_OK;
}

/* --- allocating --- */

wm_status wm_memory_fixed(size_t bytes, bool zero, uintptr_t *out)
{
    struct wm_heap *heap;
    wm_status st = wm_heap_process(&heap);

    if (!wm_ok(st))
        return st;
    wm_heap_pass(heap);
    st = wm_heap_alloc(heap, bytes + room_behind(bytes), zero, out);
    return wm_ok(st) && room_behind(bytes) != 0 ? wm_heap_resize(heap, out, bytes, false, WM_STAYS) : st;
}

/* No bytes: a handle whose contents were discarded before there were any. */
static wm_status make_movable(size_t bytes, bool zero, uint64_t meta, uintptr_t *out)
{
    uint32_t index;
    uint64_t generation, *slot = wm_movable_take(&index, &generation);
    uintptr_t at = 0;
    wm_status st = WM_OK;

    if (slot == NULL)
        return WM_HEAP_MEMORY;
    if (bytes != 0)
        st = wm_memory_obtain(index, bytes, zero, &at);
    if (!wm_ok(st)) {
        wm_movable_drop(slot, index, generation);
        return st;
    }
    WM_STORE(*slot, wm_slot_word(at, meta | generation));
    *out = wm_movable_of(index, generation);
    return WM_OK;
}

wm_status wm_memory_movable(size_t bytes, bool zero, uint32_t told, uintptr_t *out)
{
    struct wm_heap *heap;
    wm_status st = wm_heap_process(&heap);

    if (!wm_ok(st))
        return st;
    wm_heap_pass(heap);
    return make_movable(bytes, zero, told, out);
}

/* --- freeing --- */

static wm_status free_movable(uintptr_t handle)
{
    uint64_t *slot, word;
    uintptr_t at;
    wm_status st = wm_movable_claim(handle, &slot, &word);

    if (!wm_ok(st))
        return st;
    at = wm_slot_block(word);
    WM_STORE(*slot, WM_SLOT_SPARE);
    if (at != 0)
        st = wm_memory_return(at);
    wm_movable_drop(slot, wm_movable_slot(handle), word);
    return st;
}

wm_status wm_memory_free(uintptr_t handle)
{
    struct wm_heap *heap;
    wm_status st = wm_busy_is_inside() ? WM_REENTERED : wm_heap_process(&heap);

    if (!wm_ok(st))
        return st;
    wm_heap_pass(heap);
    return wm_movable_is_handle(handle) ? free_movable(handle)
                                        : wm_memory_of_heap(wm_heap_free(heap, handle));
}

/* --- locks --- */

static wm_status lock_movable(uintptr_t handle, uintptr_t *out)
{
    uint64_t *slot, word, more;
    wm_status st;

    do {
        st = wm_movable_find(handle, &slot, &word);
        if (!wm_ok(st))
            return st;
        if (wm_slot_block(word) == 0)
            return WM_MEMORY_DISCARDED;
        more = wm_locks_in(word) < WM_LOCKS_MOST ? WM_SLOT_LOCK : 0;
    } while (!wm_swap(slot, &word, word + more));
    *out = wm_slot_block(word);
    return WM_OK;
}

wm_status wm_memory_lock(uintptr_t handle, uintptr_t *out)
{
    struct wm_seen_block seen;

    *out = handle;
    if (wm_movable_is_handle(handle))
        return lock_movable(handle, out);
    return wm_memory_see_fixed(handle, &seen) ? WM_OK : WM_MEMORY_HANDLE;
}

/* Locks above the most that can be counted were granted and forgotten: unlocking counts back from there all the same. */
wm_status wm_memory_unlock(uintptr_t handle, unsigned *left)
{
    uint64_t *slot, word;
    wm_status st;

    do {
        st = wm_movable_is_handle(handle) ? wm_movable_find(handle, &slot, &word) : WM_MEMORY_HANDLE;
        if (!wm_ok(st))
            return st;
        *left = wm_locks_in(word);
        if (*left == 0)
            return WM_MEMORY_NOT_LOCKED;
    } while (!wm_swap(slot, &word, word - WM_SLOT_LOCK));
    --*left;
    return WM_OK;
}

/* --- questions --- */

/* The block's size, unless it went while it was looked at. */
static bool see_size(const uint64_t *slot, uint64_t word, size_t *bytes)
{
    *bytes = 0;
    if (wm_slot_block(word) == 0)
        return true;
    *bytes = wm_header_bytes(wm_try_read(wm_slot_block(word) - WM_BLOCK_HEADER));
    return WM_LOAD(*slot) == word;
}

static wm_status size_of_movable(uintptr_t handle, uint64_t *word, size_t *bytes)
{
    uint64_t *slot;
    wm_status st;

    do
        st = wm_movable_find(handle, &slot, word);
    while (wm_ok(st) && !see_size(slot, *word, bytes));
    return st;
}

wm_status wm_memory_size(uintptr_t handle, size_t *bytes)
{
    struct wm_seen_block seen;
    uint64_t word;

    if (wm_movable_is_handle(handle))
        return size_of_movable(handle, &word, bytes);
    if (!wm_memory_see_fixed(handle, &seen))
        return WM_MEMORY_HANDLE;
    *bytes = wm_header_bytes(seen.header);
    return WM_OK;
}

wm_status wm_memory_state(uintptr_t handle, struct wm_memory_state *out)
{
    uint64_t word = 0;
    wm_status st;

    *out = (struct wm_memory_state){0};
    if (!wm_movable_is_handle(handle))
        return wm_memory_size(handle, &out->bytes);
    st = size_of_movable(handle, &word, &out->bytes);
    out->locks = wm_locks_in(word);
    out->discarded = wm_slot_block(word) == 0;
    out->told = (uint32_t)word & (WM_SLOT_DISCARDABLE | WM_SLOT_SHARED);
    return st;
}

/* Asked of the kernel, because what can be read may look like anything. */
bool wm_memory_is_wild(uintptr_t handle)
{
    const void *header = (const void *)(handle - WM_BLOCK_HEADER);

    return handle != 0 && (handle & WM_HANDLE_KIND) == 0 && !wm_kern_readable(header, 2 * WM_BLOCK_HEADER);
}

wm_status wm_memory_handle(uintptr_t at, uintptr_t *handle)
{
    struct wm_seen_block seen;

    if (!wm_memory_see_fixed(at, &seen))
        return WM_MEMORY_HANDLE;
    *handle = wm_header_table(seen.header) == WM_HEAP_MOVABLE
                  ? wm_movable_of((uint32_t)seen.header.high, seen.word)
                  : at;
    return WM_OK;
}
