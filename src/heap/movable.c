#include "heap/movable.h"

#include "kern/patience.h"

enum {
    KIND = 8, /* the low four bits of a handle */
    KIND_MASK = 15,
    SLOT_SHIFT = 4,
    GENERATION_SHIFT = 36,
    MOST_LOCKS = 255,
    BUSY_FOR = 2000000000 /* nanoseconds; 1 GiB is copied in less */
};

#define HANDLE_MARK ((uintptr_t)1 << 44)

/* --- handles --- */

static uint64_t generation_in(uint64_t word)
{
    return (word & WM_SLOT_GENERATIONS) / WM_SLOT_GENERATION;
}

static unsigned locks_in(uint64_t word)
{
    return (word & WM_SLOT_LOCKS) / WM_SLOT_LOCK;
}

uintptr_t wm_memory_handle_of(uint32_t slot, uint64_t word)
{
    return HANDLE_MARK | generation_in(word) << GENERATION_SHIFT | (uintptr_t)slot << SLOT_SHIFT | KIND;
}

static bool is_movable(uintptr_t handle)
{
    return (handle & KIND_MASK) == KIND;
}

static struct wm_slots *movables(void)
{
    return &wm_process_heap.tables[WM_HEAP_MOVABLE];
}

static uint32_t slot_of(uintptr_t handle)
{
    return (uint32_t)(handle >> SLOT_SHIFT);
}

/* Whether the word of the handle's slot is about the handle, and not about an earlier or later one. 0: about none yet. */
static bool is_about(uint64_t word, uintptr_t handle)
{
    return word != 0 && (word & WM_SLOT_SPARE) == 0 && wm_memory_handle_of(slot_of(handle), word) == handle;
}

static wm_status find(uintptr_t handle, uint64_t **slot, uint64_t *word)
{
    *slot = wm_slots_find(movables(), slot_of(handle));
    if (*slot == NULL)
        return WM_MEMORY_HANDLE;
    *word = WM_LOAD(**slot);
    return is_about(*word, handle) ? WM_OK : WM_MEMORY_HANDLE;
}

/* The same, when nobody is changing it. */
static wm_status find_idle(uintptr_t handle, uint64_t **slot, uint64_t *word)
{
    struct wm_patience patience = wm_patience_for(BUSY_FOR);
    wm_status st = find(handle, slot, word);

    while (__builtin_expect(wm_ok(st) && (*word & WM_SLOT_BUSY), false)) {
        if (!wm_patience_nap(&patience))
            return WM_MEMORY_BUSY;
        st = find(handle, slot, word);
    }
    return st;
}

static bool swap(uint64_t *slot, uint64_t *word, uint64_t wanted)
{
    return __atomic_compare_exchange_n(slot, word, wanted, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
}

/* From now on others wait, until another word is stored. */
static wm_status claim(uintptr_t handle, uint64_t **slot, uint64_t *word)
{
    wm_status st;

    do {
        st = find_idle(handle, slot, word);
        if (!wm_ok(st))
            return st;
    } while (!swap(*slot, word, *word | WM_SLOT_BUSY));
    return WM_OK;
}

/* --- fixed memory --- */

/* Before the process has its heap, nothing is to be found and nothing may be tried. */
static wm_status find_fixed(uintptr_t at, struct wm_found_block *out)
{
    bool found = WM_LOAD(wm_process_heap.handle) != 0 && wm_heap_find(&wm_process_heap, at, out);

    return found ? WM_OK : WM_MEMORY_HANDLE;
}

static wm_status of_memory(wm_status st)
{
    return st == WM_HEAP_BLOCK || st == WM_HEAP_MOVABLE_BLOCK ? WM_MEMORY_HANDLE : st;
}

wm_status wm_memory_fixed(size_t bytes, bool zero, uintptr_t *out)
{
    struct wm_heap *heap;
    wm_status st = wm_heap_process(&heap);

    if (!wm_ok(st))
        return st;
    wm_heap_pass(heap);
    return wm_heap_alloc(heap, bytes, zero, out);
}

/* --- movable memory --- */

extern void __lsan_ignore_object(const void *start) __attribute__((weak));

/* A handle is no address: to a leak checker nobody has the block. Where one runs, it is told. */
static void spare_the_leak_checker(const struct wm_block *block)
{
    if (__lsan_ignore_object != NULL)
        __lsan_ignore_object((const void *)wm_block_start(block));
}

static wm_status obtain(struct wm_heap *heap, uint32_t slot, size_t bytes, bool zero, uintptr_t *at)
{
    struct wm_block block = {.slot = slot, .table = WM_HEAP_MOVABLE};
    wm_status st = wm_block_obtain(heap, bytes, zero, &block);

    if (!wm_ok(st))
        return st;
    wm_block_write(&block);
    spare_the_leak_checker(&block);
    *at = block.at;
    return WM_OK;
}

/* No bytes: a handle whose contents were discarded before there were any. */
wm_status wm_memory_movable(size_t bytes, bool zero, bool discardable, uintptr_t *out)
{
    struct wm_heap *heap;
    uint64_t *slot, meta = (discardable ? WM_SLOT_DISCARDABLE : 0) | (bytes == 0 ? WM_SLOT_DISCARDED : 0);
    uintptr_t at = 0;
    uint32_t index;
    wm_status st = wm_heap_process(&heap);

    if (!wm_ok(st))
        return st;
    wm_heap_pass(heap);
    slot = wm_slots_take(movables(), &index);
    if (slot == NULL)
        return WM_HEAP_MEMORY;
    meta |= WM_LOAD(*slot) & WM_SLOT_GENERATIONS;
    if (bytes != 0)
        st = obtain(heap, index, bytes, zero, &at);
    if (wm_ok(st)) {
        WM_STORE(*slot, wm_slot_word(at, meta));
        *out = wm_memory_handle_of(index, meta);
    } else {
        wm_slots_give(movables(), index, meta & WM_SLOT_GENERATIONS);
    }
    return st;
}

/* at: the block of a slot that the caller has claimed. */
static wm_status return_block(uintptr_t at)
{
    struct wm_block block;

    if (!wm_block_read(at, &block))
        return WM_HEAP_BLOCK; /* overwritten: what malloc would make of it nobody knows */
    wm_block_return(&wm_process_heap, &block);
    return WM_OK;
}

static wm_status free_movable(uintptr_t handle)
{
    uint64_t *slot, word;
    uintptr_t at;
    wm_status st = claim(handle, &slot, &word);

    if (!wm_ok(st))
        return st;
    at = wm_slot_block(word);
    WM_STORE(*slot, WM_SLOT_SPARE);
    if (at != 0)
        st = return_block(at);
    wm_slots_give(movables(), slot_of(handle), (word + WM_SLOT_GENERATION) & WM_SLOT_GENERATIONS);
    return st;
}

wm_status wm_memory_free(uintptr_t handle)
{
    struct wm_heap *heap;
    wm_status st = wm_heap_process(&heap);

    if (!wm_ok(st))
        return st;
    wm_heap_pass(heap);
    return is_movable(handle) ? free_movable(handle) : of_memory(wm_heap_free(heap, handle));
}

/* --- locks --- */

static wm_status lock_movable(uintptr_t handle, uintptr_t *out)
{
    uint64_t *slot, word, more;
    wm_status st;

    do {
        st = find_idle(handle, &slot, &word);
        if (!wm_ok(st))
            return st;
        if (word & WM_SLOT_DISCARDED)
            return WM_MEMORY_DISCARDED;
        more = locks_in(word) == MOST_LOCKS ? 0 : WM_SLOT_LOCK;
    } while (!swap(slot, &word, word + more));
    *out = wm_slot_block(word);
    return WM_OK;
}

wm_status wm_memory_lock(uintptr_t handle, uintptr_t *out)
{
    struct wm_found_block found;

    *out = handle;
    return is_movable(handle) ? lock_movable(handle, out) : find_fixed(handle, &found);
}

/* Nobody knows how many there were above the most that can be counted: such memory stays locked. */
static wm_status unlock_movable(uintptr_t handle, unsigned *left)
{
    uint64_t *slot, word;
    wm_status st;

    do {
        st = find_idle(handle, &slot, &word);
        if (!wm_ok(st))
            return st;
        *left = locks_in(word);
        if (*left == 0)
            return WM_MEMORY_NOT_LOCKED;
        if (*left == MOST_LOCKS)
            return WM_OK;
    } while (!swap(slot, &word, word - WM_SLOT_LOCK));
    --*left;
    return WM_OK;
}

wm_status wm_memory_unlock(uintptr_t handle, unsigned *left, bool *fixed)
{
    struct wm_found_block found;

    *left = 0;
    *fixed = !is_movable(handle);
    return *fixed ? find_fixed(handle, &found) : unlock_movable(handle, left);
}

/* --- changes --- */

static uint64_t discard(uint64_t word)
{
    return (word & WM_SLOT_META) | WM_SLOT_DISCARDED;
}

static uint64_t refill(uint64_t word, uintptr_t at)
{
    return wm_slot_word(at, word & WM_SLOT_META & ~(uint64_t)WM_SLOT_DISCARDED);
}

/* The rest work on a slot that is claimed, and set the word that it is to have. */
static wm_status empty(uint64_t *word, const struct wm_memory_change *change)
{
    wm_status st = WM_OK;

    if (!change->may_move)
        return WM_MEMORY_EMPTY;
    if (locks_in(*word) > 0)
        return WM_MEMORY_LOCKED;
    if (wm_slot_block(*word) != 0)
        st = return_block(wm_slot_block(*word));
    *word = discard(*word);
    return st;
}

static wm_status give_memory_again(uint64_t *word, uint32_t slot, const struct wm_memory_change *change)
{
    uintptr_t at;
    wm_status st = obtain(&wm_process_heap, slot, change->bytes, change->zero, &at);

    if (wm_ok(st))
        *word = refill(*word, at);
    return st;
}

static wm_status resize(uint64_t *word, const struct wm_memory_change *change)
{
    bool in_place = locks_in(*word) > 0 && !change->may_move;
    struct wm_block block;
    wm_status st;

    if (!wm_block_read(wm_slot_block(*word), &block))
        return WM_HEAP_BLOCK;
    st = wm_block_resize(&wm_process_heap, &block, change->bytes, change->zero, in_place);
    spare_the_leak_checker(&block);
    *word = refill(*word, block.at);
    return st;
}

static wm_status change_claimed(uint64_t *word, uint32_t slot, const struct wm_memory_change *change)
{
    if (change->attributes) {
        *word |= change->discardable ? WM_SLOT_DISCARDABLE : 0;
        return WM_OK;
    }
    if (change->bytes == 0)
        return empty(word, change);
    return *word & WM_SLOT_DISCARDED ? give_memory_again(word, slot, change) : resize(word, change);
}

static wm_status change_movable(uintptr_t handle, const struct wm_memory_change *change)
{
    uint64_t *slot, word;
    wm_status st = claim(handle, &slot, &word);

    if (!wm_ok(st))
        return st;
    st = change_claimed(&word, slot_of(handle), change);
    WM_STORE(*slot, word);
    return st;
}

/* The block stays where it is and gets a slot of the other table. */
static wm_status make_movable(uintptr_t *handle)
{
    struct wm_found_block found;
    wm_status st = find_fixed(*handle, &found);
    uint64_t *slot, old = found.word, meta;
    struct wm_block block;

    if (!wm_ok(st) || found.block.table == WM_HEAP_MOVABLE)
        return WM_MEMORY_HANDLE;
    block = found.block;
    block.table = WM_HEAP_MOVABLE;
    slot = wm_slots_take(movables(), &block.slot);
    if (slot == NULL)
        return WM_HEAP_MEMORY;
    meta = WM_LOAD(*slot) & WM_SLOT_GENERATIONS;
    if ((old & WM_SLOT_BUSY) || !swap(found.slot, &old, WM_SLOT_SPARE)) {
        wm_slots_give(movables(), block.slot, meta);
        return WM_MEMORY_HANDLE;
    }
    wm_block_write(&block);
    spare_the_leak_checker(&block);
    WM_STORE(*slot, wm_slot_word(block.at, meta));
    wm_slots_give(&wm_process_heap.tables[found.block.table], found.block.slot, 0);
    *handle = wm_memory_handle_of(block.slot, meta);
    return WM_OK;
}

static wm_status change_fixed(uintptr_t *handle, const struct wm_memory_change *change)
{
    struct wm_found_block found;

    if (!change->attributes)
        return of_memory(
            wm_heap_resize(&wm_process_heap, handle, change->bytes, change->zero, !change->may_move));
    return change->movable ? make_movable(handle) : find_fixed(*handle, &found);
}

wm_status wm_memory_change(uintptr_t *handle, const struct wm_memory_change *change)
{
    struct wm_heap *heap;
    wm_status st = wm_heap_process(&heap);

    if (!wm_ok(st))
        return st;
    wm_heap_pass(heap);
    return is_movable(*handle) ? change_movable(*handle, change) : change_fixed(handle, change);
}

/* --- questions --- */

/* Another thread may be changing the block: then it is looked at again, and half a header is not a broken one. */
static wm_status state_of_movable(uintptr_t handle, struct wm_memory_state *out)
{
    enum { LOOKS = 8 };
    struct wm_block block = {0};
    uint64_t *slot, word;
    unsigned looks = 0;
    bool read;

    do {
        wm_status st = find_idle(handle, &slot, &word);

        if (!wm_ok(st))
            return st;
        read = (word & WM_SLOT_DISCARDED) != 0 || wm_block_read(wm_slot_block(word), &block);
    } while (WM_LOAD(*slot) != word || (!read && ++looks < LOOKS));
    out->locks = locks_in(word);
    out->discarded = (word & WM_SLOT_DISCARDED) != 0;
    out->discardable = (word & WM_SLOT_DISCARDABLE) != 0;
    out->bytes = out->discarded ? 0 : block.bytes;
    return read ? WM_OK : WM_HEAP_BLOCK;
}

wm_status wm_memory_state(uintptr_t handle, struct wm_memory_state *out)
{
    struct wm_found_block found;
    wm_status st;

    *out = (struct wm_memory_state){0};
    if (is_movable(handle))
        return state_of_movable(handle, out);
    st = find_fixed(handle, &found);
    if (wm_ok(st))
        out->bytes = found.block.bytes;
    return st;
}

wm_status wm_memory_handle(uintptr_t at, uintptr_t *handle)
{
    struct wm_found_block found;
    wm_status st = is_movable(at) ? WM_MEMORY_HANDLE : find_fixed(at, &found);

    if (!wm_ok(st))
        return st;
    *handle = found.block.table == WM_HEAP_MOVABLE ? wm_memory_handle_of(found.block.slot, found.word) : at;
    return WM_OK;
}
