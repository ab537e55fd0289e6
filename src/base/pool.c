/*
 * pool.c: records of one size that never move (pool.h).
 *
 * Memory comes under the array in steps that grow with it, by the owner's function: the book's pool commits
 * pages of a reservation. Nothing is given back to the system, because a reader may still follow an index
 * that was free a moment ago. The link of a spare record stands in its own first word; so the first word of a
 * record is gone once it was given back, and the others stay.
 */
#include "base/pool.h"

#include <assert.h>

#include "base/atomic.h"
#include "base/range.h"

enum { GROW_BYTES = 64 * 1024 };

void wm_pool_init(struct wm_pool *pool, void *storage, size_t capacity, uint32_t item_bytes,
                  wm_pool_grow *grow)
{
    *pool = (struct wm_pool){
        .items = storage,
        .grow = grow,
        .item_bytes = item_bytes,
        .used = 1,
        .max = (uint32_t)(capacity / item_bytes),
    };
}

/* By half of what is there: a large pool asks rarely, a small one takes little. */
static size_t next_size(size_t old)
{
    size_t size = wm_up(old + old / 2 + GROW_BYTES, WM_PAGE);

    if (old < WM_POOL_HUGE)
        return size < WM_POOL_HUGE ? size : WM_POOL_HUGE;
    return wm_up(size, WM_POOL_HUGE);
}

static bool grow_once(struct wm_pool *pool)
{
    size_t old = wm_up((size_t)pool->ready * pool->item_bytes, WM_PAGE);
    size_t all = wm_down((size_t)pool->max * pool->item_bytes, WM_PAGE);
    size_t size = next_size(old), step;

    if (old >= all)
        return false;
    step = (size < all ? size : all) - old;
    if (pool->grow(pool->items + old, step) != 0)
        return false;
    WM_STORE(pool->ready, (uint32_t)((old + step) / pool->item_bytes));
    return true;
}

bool wm_pool_reserve(struct wm_pool *pool, uint32_t count)
{
    while (pool->free_count + (pool->ready > pool->used ? pool->ready - pool->used : 0) < count)
        if (!grow_once(pool))
            return false;
    return true;
}

uint32_t wm_pool_take(struct wm_pool *pool)
{
    uint32_t index = pool->free_head;

    if (index == 0) {
        assert(pool->used < pool->ready);
        return pool->used++;
    }
    pool->free_head = WM_LOAD(*(uint32_t *)wm_pool_at(pool, index));
    pool->free_count--;
    return index;
}

bool wm_pool_take_at(struct wm_pool *pool, uint32_t index)
{
    uint32_t first = pool->used;

    if (index < first || index >= pool->max)
        return false;
    while (pool->ready <= index)
        if (!grow_once(pool))
            return false;
    pool->used = index + 1;
    while (index-- > first)
        wm_pool_give(pool, index);
    return true;
}

void wm_pool_give(struct wm_pool *pool, uint32_t index)
{
    assert(index != 0 && index < pool->used);
    WM_STORE(*(uint32_t *)wm_pool_at(pool, index), pool->free_head);
    pool->free_head = index;
    pool->free_count++;
}
