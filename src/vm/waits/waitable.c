/*
 * waitable.c: making events, mutexes and semaphores, finding them by their names, and letting go of them (waitable.h).
 *
 * Without a name the cell lies in an arena of this process. With one it is the beginning of the name's file, which is all 0
 * when it gets its name; what the object is to be in the beginning stands in the file's head. Whoever comes first writes
 * that into the cell, in one step: so nobody finds a half of one, and the maker owns his mutex before anybody else sees it.
 *
 * What another process has mapped it is told of: a cell that is offered is marked as shared first.
 */
#include "vm/waits/waitable.h"

#include <errno.h>
#include <fcntl.h>

#include "base/atomic.h"
#include "kern/descriptor.h"
#include "kern/process/peer.h"
#include "kern/sys.h"
#include "vm/errno_status.h"
#include "vm/handles/underway.h"
#include "vm/waits/owner.h"

/* By the type of the handle. */
static const struct {
    enum wm_name_kind name;
    enum wm_cell_kind cell;
} kinds[WM_HANDLE_TYPES] = {
    [WM_HANDLE_EVENT] = {WM_NAME_EVENT, WM_CELL_EVENT},
    [WM_HANDLE_MUTEX] = {WM_NAME_MUTEX, WM_CELL_MUTEX},
    [WM_HANDLE_SEMAPHORE] = {WM_NAME_SEMAPHORE, WM_CELL_SEMAPHORE},
};

/* --- letting go --- */

static void let_name_go(struct wm_waitable *waitable)
{
    int holder = __atomic_exchange_n(&waitable->holder, 0, __ATOMIC_RELAXED);
    uint32_t underway;

    if (holder == 0)
        return;
    underway = wm_underway_begin();
    wm_named_let_go(
        &(struct wm_named){.holder = holder, .data = waitable->place.fd, .id = waitable->place.id});
    wm_underway_end(underway);
}

/* The name goes with the last handle, though somebody may wait still. */
void wm_waitable_closed(unsigned type, uint32_t object)
{
    let_name_go(wm_waitable_at(type, object));
}

void wm_waitable_name_descriptors(unsigned type, uint32_t object, int fds[WM_NAME_DESCRIPTORS])
{
    const struct wm_waitable *waitable = wm_waitable_at(type, object);

    fds[0] = waitable->holder;
    fds[1] = waitable->mapped ? waitable->place.fd : -1;
}

static void unmap_cell(const struct wm_cell_place *place)
{
    wm_kern_unmap(wm_range_of(wm_down((uintptr_t)place->cell, WM_PAGE), WM_PAGE));
}

static void unmap(const struct wm_waitable *waitable)
{
    unmap_cell(&waitable->place);
    if (wm_kern_is_file(waitable->place.fd, &waitable->place.id))
        wm_kern_close(waitable->place.fd);
}

void wm_waitable_let_go(void *gone)
{
    struct wm_waitable *waitable = gone;

    let_name_go(waitable);
    if (waitable->passed != 0 && wm_kern_is_file(waitable->passed, &waitable->place.id))
        wm_kern_close(waitable->passed);
    if (waitable->mapped)
        unmap(waitable);
    else
        wm_cells_give(&waitable->place);
}

/* --- without a name --- */

/* What the caller asks for, as his own. */
static struct wm_cell_start start_of(const struct wm_waitable_req *req)
{
    struct wm_cell_start start = req->start;

    start.kind = (uint8_t)kinds[req->type].cell;
    start.shared = req->name != NULL;
    start.owner = wm_owner_process();
    if (req->type == WM_HANDLE_MUTEX && start.state != 0)
        start.state = wm_owner_thread();
    return start;
}

static void note_owner(const struct wm_waitable_req *req)
{
    if (req->type == WM_HANDLE_MUTEX && req->start.state != 0)
        wm_owner_counts(1);
}

static wm_status open_handle(struct wm_waitable_req *req, const struct wm_waitable *waitable)
{
    wm_status st =
        wm_handle_new_object(req->type, waitable, wm_handle_rights(req->type, req->rights), &req->result);
    struct wm_waitable gone = *waitable;

    if (!wm_ok(st))
        wm_waitable_let_go(&gone);
    return st;
}

static wm_status create_nameless(struct wm_waitable_req *req)
{
    struct wm_cell_start start = start_of(req);
    struct wm_waitable waitable = {0};
    wm_status st = wm_cells_take(&waitable.place);

    if (!wm_ok(st))
        return st;
    wm_cell_begin(waitable.place.cell, &start);
    waitable.place.use = wm_cell_use(wm_cell_word(waitable.place.cell));
    st = open_handle(req, &waitable);
    if (wm_ok(st))
        note_owner(req);
    return st;
}

/* --- with a name --- */

/* What the file of a name says of it. */
union about {
    struct wm_cell_start start;
    unsigned char all[WM_NAME_ABOUT];
};

static wm_status map_cell(struct wm_cell_place *place)
{
    uintptr_t at;
    int error = wm_kern_map_file_anywhere(WM_PAGE, WM_ACCESS_READ | WM_ACCESS_WRITE, place->fd,
                                          wm_down(place->offset, WM_PAGE), &at);

    if (error != 0)
        return wm_from_errno(WM_OP_NAMED, error);
    place->cell = (struct wm_cell *)(at + place->offset % WM_PAGE);
    return WM_OK;
}

static wm_status open_named(struct wm_waitable_req *req, const struct wm_named *named,
                            const union about *about)
{
    struct wm_waitable waitable = {
        .holder = named->holder, .place = {.fd = named->data, .id = named->id}, .mapped = true};
    wm_status st = map_cell(&waitable.place);

    if (!wm_ok(st)) {
        wm_named_let_go(named);
        wm_kern_close(named->data);
        return st;
    }
    wm_cell_begin_once(waitable.place.cell, &about->start);
    return open_handle(req, &waitable);
}

/* The cell is in the data. */
static unsigned how(uint32_t underway)
{
    return WM_NAME_DATA | (wm_underway_is_nested(underway) ? 0 : WM_NAME_WAITS);
}

wm_status wm_op_open_waitable(struct wm_waitable_req *req)
{
    struct wm_named named;
    union about about;
    uint32_t underway = wm_underway_begin();
    int error = wm_named_find(req->name, kinds[req->type].name, how(underway), &named, about.all);
    wm_status st = error != 0 ? wm_from_errno(WM_OP_NAMED, error) : open_named(req, &named, &about);

    wm_underway_end(underway);
    return st;
}

static int make(const struct wm_waitable_req *req, struct wm_named *named, union about *about)
{
    *about = (union about){.start = start_of(req)};
    return wm_named_make(
        req->name,
        &(struct wm_name_told){
            .kind = kinds[req->type].name, .bytes = WM_PAGE, .how = WM_NAME_DATA, .about = about->all},
        named);
}

/* Two that make one name at once: the second finds the first one's, unless that is gone again by then. */
static int find_or_make(const struct wm_waitable_req *req, unsigned how, struct wm_named *named,
                        union about *about, bool *found)
{
    enum { ROUNDS = 1000 };
    int error = -ENOENT;

    for (int i = 0; i < ROUNDS && (error == -ENOENT || error == -EEXIST); i++) {
        error = wm_named_find(req->name, kinds[req->type].name, how, named, about->all);
        *found = error == 0;
        if (error == -ENOENT)
            error = make(req, named, about);
    }
    return error == -EEXIST || error == -ENOENT ? -ETIMEDOUT : error;
}

static wm_status create_named(struct wm_waitable_req *req)
{
    struct wm_named named;
    union about about;
    bool found = false;
    uint32_t underway = wm_underway_begin();
    int error = find_or_make(req, how(underway), &named, &about, &found);
    wm_status st = error != 0 ? wm_from_errno(WM_OP_NAMED, error) : open_named(req, &named, &about);

    wm_underway_end(underway);
    if (wm_ok(st) && !found)
        note_owner(req);
    return wm_ok(st) && found ? WM_NAME_EXISTS : st;
}

wm_status wm_op_create_waitable(struct wm_waitable_req *req)
{
    return req->name == NULL ? create_nameless(req) : create_named(req);
}

/* --- changing --- */

static bool is_waitable(unsigned type)
{
    return type == WM_HANDLE_EVENT || type == WM_HANDLE_MUTEX || type == WM_HANDLE_SEMAPHORE;
}

/* While somebody may make another object of it: what was read is believed only if the handle is open still. */
__attribute__((no_sanitize("thread"))) static struct wm_cell *cell_of(const struct wm_waitable *waitable,
                                                                      uint32_t *use)
{
    *use = WM_LOAD(waitable->place.use);
    return WM_LOAD(waitable->mapped) ? NULL : WM_LOAD(waitable->place.cell);
}

struct wm_cell *wm_waitable_peek(uintptr_t handle, struct wm_handle_entry *entry, uint64_t *word)
{
    struct wm_cell *cell;
    uint32_t use;

    if (wm_lock_is_orphaned() || !WM_LOAD(wm_inherited_known) ||
        !wm_handle_peek(&wm_home.objects, handle, entry) || !is_waitable(entry->type))
        return NULL;
    cell = cell_of(wm_waitable_at(entry->type, entry->object), &use);
    if (cell == NULL || !wm_handle_is_still(&wm_home.objects, handle, entry))
        return NULL;
    *word = wm_cell_word(cell);
    return wm_cell_use(*word) == use ? cell : NULL;
}

static wm_status change_pinned(const struct wm_handle_entry *entry, wm_cell_once *once,
                               struct wm_cell_step *step)
{
    struct wm_cell *cell = wm_waitable_at(entry->type, entry->object)->place.cell;
    wm_status st = wm_cell_change(cell, once, step);

    wm_cell_wake(cell, step->sleepers);
    wm_object_unpin(entry->type, entry->object);
    return st;
}

/* Under the lock that holds the handle nothing has to be pinned. */
static wm_status change_locked(uintptr_t handle, unsigned type, uint32_t rights, wm_cell_once *once,
                               struct wm_cell_step *step)
{
    const struct wm_handle_entry *found;
    struct wm_handle_entry entry;
    struct wm_cell *cell = NULL;
    bool done = false;
    wm_status st;

    WM_AT_HANDLES(st)
    {
        found = wm_handle_at(&wm_home.objects, handle);
        st = wm_handle_fits(found, type, rights);
        if (!wm_ok(st))
            return st;
        entry = *found;
        cell = wm_waitable_at(type, entry.object)->place.cell;
        done = wm_cell_change_at_once(cell, wm_cell_word(cell), once, step);
        if (!done)
            wm_object_pin(&wm_home.objects, type, entry.object);
    }
    if (!wm_ok(st))
        return st;
    if (!done)
        return change_pinned(&entry, once, step);
    wm_cell_wake(cell, step->sleepers);
    return step->st;
}

/*
 * Mostly it is done by one instruction, without a lock: for cells that stay mapped. Is the handle closed meanwhile, and the
 * cell used for something else, its word is another one: so whatever is to be noted beside the word has to be done under the
 * lock.
 */
wm_status wm_waitable_change(uintptr_t handle, unsigned type, uint32_t rights, wm_cell_once *once,
                             struct wm_cell_step *step)
{
    struct wm_handle_entry entry;
    uint64_t word;
    struct wm_cell *cell = wm_waitable_peek(handle, &entry, &word);

    if (cell == NULL || entry.type != type || (entry.access & rights) != rights ||
        (type == WM_HANDLE_MUTEX && !wm_mutex_changes_alone(cell, word)) ||
        !wm_cell_change_at_once(cell, word, once, step))
        return change_locked(handle, type, rights, once, step);
    wm_cell_wake(cell, step->sleepers);
    return step->st;
}

/* --- other processes --- */

bool wm_waitable_same(unsigned type, uint32_t first, uint32_t second)
{
    const struct wm_cell_place *a = &wm_waitable_at(type, first)->place,
                               *b = &wm_waitable_at(type, second)->place;

    return a->id.inode == b->id.inode && a->id.device == b->id.device && a->offset == b->offset;
}

wm_status wm_waitable_offer(unsigned type, uint32_t object, struct wm_object_offer *out)
{
    const struct wm_cell_place *place = &wm_waitable_at(type, object)->place;

    if (!wm_kern_is_file(place->fd, &place->id))
        return WM_DESCRIPTOR_GONE;
    __atomic_store_n(&place->cell->shared, 1, __ATOMIC_SEQ_CST);
    out->number = place->offset;
    out->section.pid = wm_sys_pid();
    out->section.fd = place->fd;
    out->section.inode = place->id.inode;
    out->section.device = place->id.device;
    return WM_OK;
}

/* What another process, or the program before this one, says: it must be that file, and have room for a cell there. */
static bool is_sane(const struct wm_cell_place *place)
{
    struct wm_file_facts facts = {.bytes = 0};

    return wm_kern_is_file(place->fd, &place->id) && wm_kern_file_facts(place->fd, &facts) == 0 &&
           place->offset % sizeof(struct wm_cell) == 0 && place->offset < facts.bytes;
}

static wm_status open_theirs(const struct wm_object_offer *offer, struct wm_cell_place *place)
{
    *place = (struct wm_cell_place){.id = {offer->section.inode, offer->section.device},
                                    .fd = wm_kern_open_theirs(offer->section.pid, offer->section.fd, O_RDWR),
                                    .offset = offer->number};
    if (place->fd < 0)
        return WM_SECTION_UNREACHABLE;
    if (is_sane(place))
        return WM_OK;
    wm_kern_close(place->fd);
    return WM_SECTION_UNREACHABLE;
}

/* Whoever gets a handle holds the name as well, if there is one. */
static wm_status hold_name(struct wm_waitable *waitable)
{
    struct wm_file_id id;
    int holder = wm_named_hold(waitable->place.fd, &id);

    if (holder >= 0)
        waitable->holder = holder;
    return holder >= 0 || holder == -ENOENT ? WM_OK : wm_from_errno(WM_OP_NAMED, holder);
}

/* What was opened is the object's, or is closed. */
static wm_status take_over(struct wm_waitable *waitable, unsigned type, uint32_t *object)
{
    wm_status st = map_cell(&waitable->place);

    if (!wm_ok(st)) {
        wm_kern_close(waitable->place.fd);
        return st;
    }
    st = hold_name(waitable);
    if (wm_ok(st))
        st = wm_object_new(type, waitable, object);
    if (!wm_ok(st))
        wm_waitable_let_go(waitable);
    return st;
}

wm_status wm_waitable_adopt(unsigned type, const struct wm_object_offer *offer, uint32_t *object)
{
    struct wm_waitable waitable = {.mapped = true};
    uint32_t underway = wm_underway_begin();
    wm_status st = open_theirs(offer, &waitable.place);

    if (wm_ok(st))
        st = take_over(&waitable, type, object);
    wm_underway_end(underway);
    return st;
}

/* --- exec --- */

/* The descriptor of an arena is that of many objects, of which others may not be passed on. */
static wm_status own_descriptor(struct wm_waitable *waitable, int *fd)
{
    int made;

    if (waitable->mapped || waitable->passed != 0) {
        *fd = waitable->mapped ? waitable->place.fd : waitable->passed;
        return WM_OK;
    }
    made = wm_fd_duplicate(waitable->place.fd);
    if (made < 0)
        return wm_from_errno(WM_OP_SECTION, made);
    *fd = waitable->passed = made;
    return WM_OK;
}

/* Called by one thread at a time (vm/handles/inherited.c). */
wm_status wm_waitable_pass_on(unsigned type, uint32_t object, struct wm_passed *out)
{
    struct wm_waitable *waitable = wm_waitable_at(type, object);
    wm_status st = wm_waitable_offer(type, object, &out->told);

    if (wm_ok(st))
        st = own_descriptor(waitable, &out->fds[0]);
    if (wm_ok(st) && !wm_kern_is_file(out->fds[0], &waitable->place.id))
        st = WM_DESCRIPTOR_GONE;
    out->fds[1] = waitable->holder;
    return st;
}

wm_status wm_waitable_receive(unsigned type, const struct wm_passed *passed, uint32_t *object)
{
    struct wm_waitable waitable = {
        .holder = passed->fds[1],
        .mapped = true,
        .place = {.id = {passed->told.section.inode, passed->told.section.device},
                  .fd = passed->fds[0],
                  .offset = passed->told.number},
    };
    wm_status st = is_sane(&waitable.place) ? map_cell(&waitable.place) : WM_SECTION_UNREACHABLE;

    if (!wm_ok(st))
        return st;
    st = wm_object_new(type, &waitable, object);
    if (!wm_ok(st))
        unmap_cell(&waitable.place);
    return st;
}
