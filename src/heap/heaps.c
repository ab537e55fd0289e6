/*
 * heaps.c: which heaps there are, their handles, and what a fork does to them.
 *
 * A handle is the address of a reservation, as on Windows (O214); its first words are a mark that depends on
 * the address, and the record. So what is no heap is found out by one read, tried, and a copy of those words
 * elsewhere is no heap either.
 *
 *   the list begins with the process's heap, which never leaves it, and has all others in the order of their making
 *   a heap that goes loses its handle and its place in the list under the lock: a forked child has both or neither
 *
 * The process's heap is made by the first call that needs it. The list's lock is held over a fork, so the
 * child's list is whole; blocks need no lock, and are whole anyway. The child keeps what its own thread has
 * locked by HeapLock, and drops what other threads had locked (L96).
 */
#include <stdlib.h>

#include "heap/codeheap.h"
#include "heap/heap.h"
#include "heap/walk.h"
#include "kern/renew.h"
#include "kern/signals/tryread.h"
#include "vm/access.h"
#include "vm/book/home.h"
#include "vm/ops.h"

enum { ROOM_TO_GROW = 0x10000, MAXIMUM_UNIT = 0x2000 };

struct wm_heap wm_process_heap = {.plain = true, .stored = true};
bool wm_heap_is_quick;
static bool slow; /* it is to stay slow */

#define CLOSED ((uintptr_t)&wm_heap_gate)
uintptr_t wm_heap_gate = CLOSED;

static struct wm_heap *first = &wm_process_heap, *last = &wm_process_heap;
static size_t count = 1;
static struct wm_lock list_lock; /* the four above, and the birth of the process's heap */

/* --- handles --- */

static wm_status give_ground_back(uintptr_t ground)
{
    struct wm_free_req req = {.kind = WM_FREE_RELEASE, .base = ground};

    return wm_op_free(&req);
}

static wm_status commit_ground(uintptr_t ground, size_t bytes)
{
    struct wm_alloc_req req = {
        .kind = WM_ALLOC_COMMIT, .at = wm_range_of(ground, bytes), .protect = WM_READWRITE};
    wm_status st = wm_op_alloc(&req);

    if (!wm_ok(st))
        give_ground_back(ground);
    return st;
}

/* What it would reserve on Windows; but the blocks do not lie there. */
static size_t ground_of(const struct wm_heap_nature *nature)
{
    return nature->maximum != 0 ? wm_up(nature->maximum, MAXIMUM_UNIT)
                                : wm_up(nature->initial, WM_PAGE) + ROOM_TO_GROW;
}

static wm_status make_ground(struct wm_heap *heap)
{
    struct wm_alloc_req req = {
        .kind = WM_ALLOC_RESERVE, .at = {0, ground_of(&heap->nature)}, .protect = WM_READWRITE};
    wm_status st = wm_op_alloc(&req);

    if (wm_ok(st))
        st = commit_ground(req.result, WM_PAGE);
    if (!wm_ok(st))
        return st == WM_COMMIT_LIMIT ? WM_HEAP_COMMIT : st; /* for heaps Windows has one error */
    *(struct wm_heap_door *)req.result = (struct wm_heap_door){wm_heap_mark(req.result), heap};
    heap->reserved = req.at.end;
    heap->committed = WM_PAGE;
    WM_STORE(heap->handle, req.result);
    return WM_OK;
}

/* Before the process has its heap there is none, and nothing may be tried. */
struct wm_heap *wm_heap_of(uintptr_t handle)
{
    struct wm_heap *heap;

    if (handle == 0 || WM_LOAD(wm_process_heap.handle) == 0 || !wm_try_may(handle))
        return NULL;
    return wm_heap_at_once(handle, &heap) ? heap : NULL;
}

/* --- forks: the child has everybody's heaps, and no other thread --- */

static void for_each_code_heap(void (*what)(struct wm_code_heap *))
{
    for (struct wm_heap *heap = first; heap != NULL; heap = heap->next)
        if (heap->code != NULL)
            what(heap->code);
}

static void hold(void)
{
    for_each_code_heap(wm_code_hold);
}

static void give_back(void)
{
    for_each_code_heap(wm_code_release);
}

/* What this thread has locked it still has. */
static void renew(void)
{
    for_each_code_heap(wm_code_renew);
    for (struct wm_heap *heap = first; heap != NULL; heap = heap->next) {
        wm_lock_renew(&heap->lock);
        if (!wm_lock_mine(&heap->lock))
            heap->lock_depth = 0;
    }
    if (wm_process_heap.handle != 0 && !wm_lock_mine(&wm_process_heap.lock))
        wm_heap_open_gate();
}

const struct wm_renewal wm_renewed_heap_list = {
    .lock = &list_lock, .hold = hold, .give_back = give_back, .renew = renew};

/* --- the process's heap --- */

static wm_status be_born(void)
{
    wm_status st;

    if (wm_kern_allow_tries() != 0)
        return WM_KERNEL;
    st = make_ground(&wm_process_heap);
    if (!wm_ok(st))
        return st;
    WM_STORE(wm_heap_is_quick, !wm_try_asks && !slow);
    wm_heap_open_gate();
    return WM_OK;
}

void wm_heap_close_gate(void)
{
    __atomic_store_n(&wm_heap_gate, CLOSED, __ATOMIC_SEQ_CST);
}

/* Whoever slows it down at the same time closes it behind this, or is seen here. */
void wm_heap_open_gate(void)
{
    __atomic_store_n(&wm_heap_gate, wm_process_heap.handle, __ATOMIC_SEQ_CST);
    if (!__atomic_load_n(&wm_heap_is_quick, __ATOMIC_SEQ_CST))
        wm_heap_close_gate();
}

void wm_heap_slow_down(void)
{
    slow = true;
    __atomic_store_n(&wm_heap_is_quick, false, __ATOMIC_SEQ_CST);
    wm_heap_close_gate();
}

wm_status wm_heap_be_born(void)
{
    wm_status st = wm_home_ready(); /* before any lock: by it the child of a fork knows that it is one */

    if (!wm_ok(st))
        return st;
    if (!wm_lock_take(&list_lock))
        return WM_REENTERED;
    if (wm_process_heap.handle == 0)
        st = be_born();
    wm_lock_drop(&list_lock);
    return st;
}

/* --- the others --- */

static wm_status enter(struct wm_heap *heap)
{
    if (!wm_lock_take(&list_lock))
        return WM_REENTERED;
    heap->previous = last;
    last->next = heap;
    last = heap;
    count++;
    wm_lock_drop(&list_lock);
    return WM_OK;
}

static void unlink_heap(struct wm_heap *heap)
{
    heap->previous->next = heap->next; /* the process's is always the first */
    if (heap->next != NULL)
        heap->next->previous = heap->previous;
    else
        last = heap->previous;
    count--;
}

/* With its handle, so that a forked child finds both or neither. Where the kernel refuses, all is as it was. */
static wm_status leave(struct wm_heap *heap)
{
    wm_status st;

    if (!wm_lock_take(&list_lock))
        return WM_REENTERED;
    st = give_ground_back(heap->handle);
    if (wm_ok(st))
        unlink_heap(heap);
    wm_lock_drop(&list_lock);
    return st;
}

static struct wm_heap *make(const struct wm_heap_nature *nature)
{
    struct wm_heap *heap = wm_malloc(sizeof *heap, true);

    if (heap == NULL)
        return NULL;
    heap->nature = *nature;
    heap->plain = nature->maximum == 0 && !nature->executable;
    heap->code = nature->executable ? wm_code_create() : NULL;
    if (nature->executable && heap->code == NULL) {
        wm_mfree(heap);
        return NULL;
    }
    return heap;
}

static void unmake(struct wm_heap *heap)
{
    if (heap->code != NULL)
        wm_code_destroy(heap->code);
    wm_mfree(heap);
}

wm_status wm_heap_create(const struct wm_heap_nature *nature, struct wm_heap **out)
{
    struct wm_heap *process;
    wm_status st = wm_busy_is_inside() ? WM_REENTERED : wm_heap_process(&process);

    if (!wm_ok(st))
        return st;
    if (nature->maximum != 0 && nature->initial > nature->maximum)
        return WM_HEAP_MAXIMUM;
    if (nature->initial > WM_BLOCK_MOST || nature->maximum > WM_BLOCK_MOST)
        return WM_HEAP_ADDRESSES;
    *out = make(nature);
    if (*out == NULL)
        return WM_HEAP_MEMORY;
    st = make_ground(*out);
    if (wm_ok(st)) {
        st = enter(*out);
        if (!wm_ok(st))
            give_ground_back((*out)->handle);
    }
    if (!wm_ok(st))
        unmake(*out);
    return st;
}

/* Busy ones are left: in a forked child another thread was at work on them, and may have freed them already. */
static void free_blocks(struct wm_heap *heap, const struct wm_slots *slots)
{
    struct wm_block block;

    for (uint32_t i = 0; i < slots->made; i++) {
        uint64_t word = *wm_slots_at(slots, wm_slot_index(i));
        uintptr_t at = word & WM_SLOT_BUSY ? 0 : wm_slot_block(word);

        if (at != 0 && wm_block_read(at, &block))
            wm_block_return(heap, &block);
    }
}

wm_status wm_heap_destroy(struct wm_heap *heap)
{
    wm_status st = heap == &wm_process_heap ? WM_HEAP_PROCESS
                   : wm_busy_is_inside()    ? WM_REENTERED
                                            : wm_picture_drop(heap);

    if (wm_ok(st))
        st = leave(heap);
    if (!wm_ok(st))
        return st;
    for (unsigned i = 0; i < WM_HEAP_TABLES; i++) {
        if (heap->code == NULL)
            free_blocks(heap, &heap->tables[i]);
        wm_slots_end(&heap->tables[i]);
    }
    unmake(heap);
    return WM_OK;
}

wm_status wm_heap_list(uintptr_t *handles, size_t room, size_t *all)
{
    size_t number = 0;

    if (!wm_lock_take(&list_lock))
        return WM_REENTERED;
    for (struct wm_heap *heap = first; heap != NULL && number < room; heap = heap->next)
        handles[number++] = heap->handle;
    *all = count;
    wm_lock_drop(&list_lock);
    return WM_OK;
}
