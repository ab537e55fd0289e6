/*
 * peek.c: another process's book, read from outside (peek.h has what it costs).
 *
 * The owner goes on changing its book and knows nothing of us. His sequence number makes a copy trustworthy
 * in time: read before and after, and even, it says that what lies between belongs together. It makes nothing
 * trustworthy that lies: addresses, sizes and numbers in a book are the owner's word. Therefore
 *
 *   an address is followed only into memory that can be read without waiting for anybody (wm_peer_can_look); that is
 *   asked when the address is first heard of, and again when more is claimed
 *   sizes are bounded, and what is claimed beyond 64 MiB must have been used, page for page: a claim costs nothing
 *   a copy is checked in full before an answer comes from it (snapshot.c); a single record is checked alone
 *   a book that makes no sense is not read again for ten times as long as that took
 *
 * so that a process can make answers about itself wrong, and nothing else. Whatever cannot be had from the
 * book, the kernel's list of mappings answers.
 */
#include "remote/peek.h"

#include <errno.h>
#include <sched.h>

#include "core/hints.h"
#include "kern/clock.h"

/* Nanoseconds, about. */
enum { WALK = 5000, ONE_ANSWER = 4000, ONE_COPY = 5000, BYTES_PER_NS = 4, REST = 10 };

/* How long others' changes are waited for: the writer may have to wait for a processor. */
enum { PATIENCE = 10000000, COPYING = 500000 };

#define MOST_BYTES ((size_t)1 << 30)

/* A book that is said to be larger must be there, page for page, before it is read. */
#define CLAIMED_BYTES ((size_t)64 << 20)

#define HEAD_BYTES offsetof(struct wm_space, bins)

static uint32_t count_of(const struct wm_pool *pool)
{
    return pool->used < pool->ready ? pool->used : pool->ready;
}

static size_t bytes_of(const struct wm_pool *pool)
{
    return (size_t)count_of(pool) * pool->item_bytes;
}

static bool believes_pool(const struct wm_pool *pool, size_t item_bytes)
{
    return pool->item_bytes == item_bytes && (uintptr_t)pool->items % sizeof(uint64_t) == 0 &&
           bytes_of(pool) <= MOST_BYTES && wm_range_fits((uintptr_t)pool->items, bytes_of(pool));
}

static bool believes_head(const struct wm_space *head)
{
    return believes_pool(&head->extents, sizeof(struct wm_extent_cell)) &&
           believes_pool(&head->nodes, sizeof(struct wm_bnode)) &&
           bytes_of(&head->extents) + bytes_of(&head->nodes) <= MOST_BYTES;
}

static uint64_t price_of_copy(const struct wm_notes *notes)
{
    uint64_t price =
        ONE_COPY + (bytes_of(&notes->head.extents) + bytes_of(&notes->head.nodes)) / BYTES_PER_NS;

    return price > notes->price ? price : notes->price;
}

/* --- the head --- */

/* A hint that cannot be read is as good as none: the address is looked for in another way. */
static int read_hint(struct wm_notes *notes, const struct wm_space *head, uintptr_t addr, uint32_t *hint)
{
    long got = wm_peer_look(&notes->files, hint, (uintptr_t)wm_hints_slot(head, addr), sizeof *hint);

    if (got != (long)sizeof *hint)
        *hint = 0;
    return got == -ESRCH ? -ESRCH : 0;
}

/* The cheapest question: is the copy still current? */
static bool is_unchanged(struct wm_notes *notes)
{
    struct wm_anchor page;
    uint32_t sequence;
    const struct wm_piece pieces[] = {
        {&page, notes->anchor.at, sizeof page},
        {&sequence, notes->anchor.page.space + offsetof(struct wm_space, sequence), sizeof sequence},
    };

    return wm_peer_gather(&notes->files, pieces, 2) == 0 && wm_anchor_is(&notes->anchor, &page) &&
           sequence == notes->sequence;
}

/* And the hint for addr, at once if it is known where the hints are. */
static int read_head(struct wm_notes *notes, uintptr_t addr, uint32_t *hint)
{
    const struct wm_space *before = &notes->head;
    uint32_t *hints = before->hints, mask = before->hint_mask;
    struct wm_anchor page;
    struct wm_space head = {0};
    const struct wm_piece pieces[] = {
        {&page, notes->anchor.at, sizeof page},
        {&head, notes->anchor.page.space, HEAD_BYTES},
        {hint, (uintptr_t)wm_hints_slot(before, addr), sizeof *hint},
    };
    int result = wm_peer_gather(&notes->files, pieces, hints != NULL ? 3 : 2);

    if (result == 0 && !wm_anchor_is(&notes->anchor, &page))
        result = -EFAULT;
    if (result != 0)
        return result;
    notes->head = head;
    if (head.hints == hints && head.hint_mask == mask)
        return 0;
    if (!wm_peer_can_look(&notes->files, (uintptr_t)head.hints, ((size_t)head.hint_mask + 1) * sizeof *hint))
        return -EFAULT;
    return read_hint(notes, &head, addr, hint);
}

static void forget_book(struct wm_notes *notes)
{
    wm_anchor_forget(&notes->anchor);
    notes->head = (struct wm_space){0};
    notes->cells = notes->nodes = (struct wm_range){0, 0};
    notes->whole = false;
}

/* Finds the book anew if the process has become another one. -ENOENT: it has none. */
static int find_head(struct wm_notes *notes, uintptr_t addr, uint32_t *hint)
{
    int result = -ENOENT;

    for (int tries = 0; tries < 2; tries++) {
        if (!wm_anchor_find(&notes->files, &notes->anchor) || notes->anchor.page.space == 0)
            return -ENOENT;
        result = read_head(notes, addr, hint);
        if (result == 0 || result == -ESRCH)
            return result;
        forget_book(notes);
    }
    return -ENOENT;
}

/*
 * A change takes its owner less than a microsecond, unless he was stopped in it: then this number is not
 * waited for again.
 */
static int even_head(struct wm_notes *notes, uintptr_t addr, uint32_t *hint)
{
    uint64_t began = notes->looked;
    int result = find_head(notes, addr, hint);

    while (result == 0 && notes->head.sequence % 2 != 0 && notes->head.sequence != notes->stuck) {
        if (wm_clock_now() - began > PATIENCE)
            notes->stuck = notes->head.sequence;
        sched_yield();
        result = find_head(notes, addr, hint);
    }
    return result;
}

/* --- where the records are said to be --- */

static bool can_look(struct wm_notes *notes, const struct wm_pool *pool, struct wm_range *looked)
{
    struct wm_range r = wm_range_of((uintptr_t)pool->items, bytes_of(pool));

    if (looked->start == r.start && r.end <= looked->end)
        return true;
    if (!wm_peer_can_look(&notes->files, r.start, wm_range_bytes(r)))
        return false;
    *looked = (struct wm_range){r.start, wm_up(r.end, WM_PAGE)};
    return true;
}

/* Asked once for as long as the claims do not grow by more than a page. */
static bool can_be_read(struct wm_notes *notes)
{
    const struct wm_pool *cells = &notes->head.extents, *nodes = &notes->head.nodes;

    return believes_head(&notes->head) && can_look(notes, cells, &notes->cells) &&
           can_look(notes, nodes, &notes->nodes);
}

/* --- one record --- */

static bool answers(const struct wm_extent *e, uintptr_t addr)
{
    return wm_snapshot_believes(e) && e->kind != WM_FREE && (e->flags & WM_EXTENT_MIXED) == 0 &&
           addr - e->start < e->bytes;
}

static bool ask_record(struct wm_notes *notes, uintptr_t addr, uint32_t hint, struct wm_peek *out)
{
    const struct wm_space *head = &notes->head;
    struct wm_extent_cell cell;
    uint32_t sequence = 0;
    const struct wm_piece pieces[] = {
        {&cell, (uintptr_t)wm_pool_at(&head->extents, hint), sizeof cell},
        {&sequence, notes->anchor.page.space + offsetof(struct wm_space, sequence), sizeof sequence},
    };

    if (hint == 0 || hint >= count_of(&head->extents))
        return false;
    notes->spent += ONE_ANSWER;
    if (wm_peer_gather(&notes->files, pieces, 2) != 0 || sequence != head->sequence)
        return false;
    *out = (struct wm_peek){.extent = wm_extent_load(&cell), .found = true, .above = UINTPTR_MAX};
    out->run = wm_extent_range(&out->extent);
    out->same = out->run.end;
    out->state = out->extent.state;
    return answers(&out->extent, addr);
}

/* --- all of it --- */

/*
 * To claim a large book costs a process nothing, to have used its pages does: so that is asked before it is
 * copied.
 */
static bool is_filled(struct wm_notes *notes, const struct wm_pool *pool)
{
    return wm_peer_filled(&notes->files, (uintptr_t)pool->items, bytes_of(pool)) >= bytes_of(pool) / WM_PAGE;
}

static bool is_no_claim(struct wm_notes *notes)
{
    const struct wm_pool *cells = &notes->head.extents, *nodes = &notes->head.nodes;

    return bytes_of(cells) + bytes_of(nodes) <= CLAIMED_BYTES ||
           (is_filled(notes, cells) && is_filled(notes, nodes));
}

static uintptr_t take(uintptr_t *at, size_t bytes)
{
    uintptr_t start = *at;

    *at += bytes;
    return start;
}

/* Room for both pools and both rows. */
static bool make_room(struct wm_notes *notes)
{
    struct wm_snapshot *s = &notes->snapshot;
    size_t cells = bytes_of(&notes->head.extents), nodes = bytes_of(&notes->head.nodes), bytes;
    uintptr_t at;

    *s = (struct wm_snapshot){.cell_count = count_of(&notes->head.extents),
                              .node_count = count_of(&notes->head.nodes)};
    bytes = cells + nodes + (wm_snapshot_extents(s) + wm_snapshot_runs(s)) * sizeof(uint64_t);
    if (bytes > wm_range_bytes(notes->copy)) {
        if (wm_range_bytes(notes->copy) != 0)
            wm_kern_unmap(notes->copy);
        notes->copy = (struct wm_range){0, 0};
        bytes = wm_up(2 * bytes, WM_GRANULE);
        if (wm_kern_map_sparse(bytes, &at) != 0)
            return false;
        notes->copy = wm_range_of(at, bytes);
    }
    at = notes->copy.start;
    s->nodes = (const struct wm_bnode *)take(&at, nodes);
    s->cells = (const struct wm_extent_cell *)take(&at, cells);
    s->map = (uint64_t *)take(&at, wm_snapshot_extents(s) * sizeof(uint64_t));
    s->runs = (uint64_t *)at;
    return true;
}

/* The number is read first and last. On 0 the head is newer than what was copied; negative: nothing can be read. */
static int copy_pools(struct wm_notes *notes)
{
    const struct wm_snapshot *s = &notes->snapshot;
    struct wm_space head = {0};
    uint32_t sequence;
    const struct wm_piece pieces[] = {
        {&sequence, notes->anchor.page.space + offsetof(struct wm_space, sequence), sizeof sequence},
        {(void *)s->nodes, (uintptr_t)notes->head.nodes.items, bytes_of(&notes->head.nodes)},
        {(void *)s->cells, (uintptr_t)notes->head.extents.items, bytes_of(&notes->head.extents)},
        {&head, notes->anchor.page.space, HEAD_BYTES},
    };

    if (wm_peer_gather(&notes->files, pieces, 4) != 0 || !believes_head(&head))
        return -1;
    notes->head = head;
    return head.sequence == sequence && sequence % 2 == 0 && count_of(&head.extents) <= s->cell_count &&
           count_of(&head.nodes) <= s->node_count;
}

/* Being lied to must not cost much: at most a tenth of the time. */
static void distrust(struct wm_notes *notes, uint64_t began)
{
    uint64_t now = wm_clock_now();

    notes->distrusted = now + REST * (now - began);
}

/*
 * A book that changes faster than it can be copied is believed in pieces, if they fit together, for one question: what
 * is being changed may then be told either way.
 */
static bool copy_all(struct wm_notes *notes)
{
    uint64_t began = wm_clock_now();
    int copied;

    notes->whole = false;
    do {
        copied = -1;
        if (!is_no_claim(notes))
            break;
        if (!make_room(notes))
            return false;
        copied = copy_pools(notes);
    } while (copied == 0 && notes->head.sequence != notes->stuck && wm_clock_now() - began < COPYING);
    if (copied < 0 || !wm_snapshot_check(&notes->snapshot, &notes->head)) {
        if (copied != 0)
            distrust(notes, began);
        return false;
    }
    notes->sequence = notes->head.sequence;
    notes->spent = 0;
    notes->whole = copied > 0;
    notes->price = notes->whole ? 0 : wm_clock_now() - began;
    return true;
}

/* --- asking --- */

static void peek(struct wm_whose *whose, uintptr_t addr, struct wm_peek *out)
{
    struct wm_asking *asking = (struct wm_asking *)whose; /* its first member */

    if (asking->how == WM_ASK_COPY)
        wm_snapshot_peek(&asking->notes->snapshot, addr, out);
    else if (asking->how == WM_ASK_RECORD && addr - asking->record.extent.start < asking->record.extent.bytes)
        *out = asking->record;
    else
        *out = (struct wm_peek){.above = UINTPTR_MAX};
}

/*
 * The number is one higher while a change is being made. Where that does not end, because the thread that
 * makes it is stopped, the copy from before it is what there is to tell: it was true, and the half that was
 * changed is not yet.
 */
static bool copy_is_current(const struct wm_notes *notes)
{
    return notes->whole && (notes->head.sequence | 1) == (notes->sequence | 1);
}

static void choose(struct wm_asking *asking, uintptr_t addr, uint32_t hint, bool all)
{
    struct wm_notes *notes = asking->notes;

    asking->how = WM_ASK_KERNEL;
    if (copy_is_current(notes)) {
        asking->how = WM_ASK_COPY;
        return;
    }
    if (notes->looked < notes->distrusted || !can_be_read(notes))
        return;
    if (!all && notes->head.sequence % 2 == 0 && notes->spent < price_of_copy(notes) &&
        ask_record(notes, addr, hint, &asking->record))
        asking->how = WM_ASK_RECORD;
    else if (copy_all(notes))
        asking->how = WM_ASK_COPY;
}

static bool goes_on(const struct wm_notes *notes, uintptr_t addr, uint64_t now)
{
    return addr != 0 && addr == notes->walked && !notes->stale && now - notes->looked < WALK &&
           (notes->whole ? copy_is_current(notes) : notes->anchor.at == 0);
}

wm_status wm_peek_begin(struct wm_process *process, uintptr_t addr, bool all, struct wm_asking *out)
{
    struct wm_notes *notes = wm_notes_of(process);
    uint64_t now = wm_clock_now();
    uint32_t hint = 0;
    int result;

    if (notes == NULL)
        return WM_BOOK_MEMORY;
    *out = (struct wm_asking){.whose = {peek, &notes->files}, .notes = notes};
    if (goes_on(notes, addr, now)) {
        out->how = notes->whole ? WM_ASK_COPY : WM_ASK_KERNEL;
        return WM_OK;
    }
    notes->looked = now;
    notes->stale = false;
    if (notes->whole && copy_is_current(notes) && is_unchanged(notes)) {
        out->how = WM_ASK_COPY;
        return WM_OK;
    }
    result = even_head(notes, addr, &hint);
    if (result == 0)
        choose(out, addr, hint, all);
    return result == -ESRCH ? WM_PROCESS_ENDED : WM_OK;
}
