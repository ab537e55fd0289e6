/*
 * pool.h: records of one size, found by index, in one array that never moves.
 *
 * The array's addresses are reserved once; memory comes under it as it is needed. A record that was
 * given back is handed out again but never changes its type, so a reader that follows a stale index
 * still finds a record (and its sequence check tells it to start over). Index 0 is no record.
 *
 *   used <= ready <= max; free_count records below used are in the free list
 *
 * Guarded by the lock of whoever owns the pool; readers may call wm_pool_at on any index.
 */
#ifndef WM_BASE_POOL_H
#define WM_BASE_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A pool grows to exactly this size before it grows beyond, and then by multiples of it: so its owner can have huge pages put
 * under the rest, and a pool that stays small does not pay for any.
 */
#define WM_POOL_HUGE ((size_t)4 << 20)

/* Makes [start, start+bytes) readable and writable. 0 or a negative errno. */
typedef int wm_pool_grow(void *start, size_t bytes);

struct wm_pool {
    unsigned char *items;
    wm_pool_grow *grow;
    uint32_t item_bytes;
    uint32_t used;      /* indexes handed out at least once, 0 included */
    uint32_t ready;     /* indexes with memory under them */
    uint32_t max;       /* indexes with addresses */
    uint32_t free_head; /* linked through the first word of the record */
    uint32_t free_count;
};

/* storage: page aligned, capacity bytes long; its memory need not be there yet. */
void wm_pool_init(struct wm_pool *pool, void *storage, size_t capacity, uint32_t item_bytes,
                  wm_pool_grow *grow);

/* After true, the next count calls of wm_pool_take succeed. */
bool wm_pool_reserve(struct wm_pool *pool, uint32_t count);
uint32_t wm_pool_take(struct wm_pool *pool);
void wm_pool_give(struct wm_pool *pool, uint32_t index);

/*
 * Takes just this index, which was never handed out; those before it that were not either can be taken from now on, the
 * first of them first. False: it was handed out before, there is no memory, or there cannot be so many.
 */
bool wm_pool_take_at(struct wm_pool *pool, uint32_t index);

static inline void *wm_pool_at(const struct wm_pool *pool, uint32_t index)
{
    return pool->items + (size_t)index * pool->item_bytes;
}

/* For readers without a lock: is there memory under this index? */
static inline bool wm_pool_has(const struct wm_pool *pool, uint32_t index)
{
    return index < __atomic_load_n(&pool->ready, __ATOMIC_ACQUIRE);
}

#endif
