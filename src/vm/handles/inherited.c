/*
 * inherited.c: what exec passes on of the table of handles, and what it has passed on (inherited.h).
 *
 * What others read in the middle of a change is no half of it. A testament is never changed: each change makes a new one,
 * of the rows of the old one and its own, and puts it in the old one's place. And a row without its descriptors is not
 * believed, while a descriptor without a row would stay open in somebody's program for ever. So
 *
 *   first there is a row, then the descriptors survive; first they do not, then the row goes
 *   a row whose handle is not inherited any more is left out of the next testament, whoever makes it
 *   all of it happens under one lock, which fork() of libc's waits for; vfork and posix_spawn do not, and need not
 *
 * Where no descriptor is left (RLIMIT_NOFILE) nothing becomes inherited; what is closed loses its descriptors at once and
 * its row later.
 *
 * Each change copies all rows: that is some 20 microseconds for a hundred handles, and programs pass on a few.
 */
#include "vm/handles/inherited.h"

#include <errno.h>
#include <sys/auxv.h>

#include "kern/files/files.h"
#include "kern/files/testament.h"
#include "kern/map/mapping.h"
#include "kern/renew.h"
#include "vm/errno_status.h"
#include "vm/handles/handles.h"

bool wm_inherited_known;

/* The testament of this process. The program may close it, and use its number: so it is known by its file as well. */
static struct {
    struct wm_lock lock; /* of what follows */
    int fd;              /* 0: there is none */
    struct wm_file_id id;
} last;

const struct wm_renewal wm_renewed_inherited = {.lock = &last.lock};

#define WM_AT_TESTAMENT(st) WM_HOME_HOLDS(&last.lock, st)

/* --- rows --- */

struct row {
    uint64_t handle;
    uint32_t object; /* by rows with the same type and number one object is meant */
    uint32_t flags;
    struct wm_passed passed;
    struct wm_file_id ids[WM_PASSED_DESCRIPTORS];
};

struct head {
    char magic[16];
    uint32_t version, row_bytes;
};

static const struct head head = {"winmem testament", 1, sizeof(struct row)};

enum { AT_ONCE = 128 };

/* Rows on their way, guarded by the lock. */
static struct row buffer[AT_ONCE];

static bool is_there(void)
{
    return last.fd != 0 && wm_kern_is_file(last.fd, &last.id);
}

static uint64_t place_of(uint64_t index)
{
    return sizeof head + index * sizeof(struct row);
}

/* How many rows from this one on are in the buffer now; 0 at the end, or a negative errno. */
static int read_rows(uint64_t index)
{
    struct wm_file_facts facts;
    uint64_t count;
    int error;

    if (!is_there())
        return 0;
    error = wm_kern_file_facts(last.fd, &facts);
    if (error != 0 || facts.bytes < place_of(index + 1))
        return error;
    count = (facts.bytes - place_of(index)) / sizeof(struct row);
    count = count < AT_ONCE ? count : AT_ONCE;
    error = wm_testament_read(last.fd, place_of(index), buffer, count * sizeof(struct row));
    return error == 0 ? (int)count : error;
}

/* --- making a new testament of the old one --- */

struct draft {
    int fd; /* 0: nothing has been written; or a negative errno */
    uint64_t rows;
    const struct row *added; /* NULL: none, or it was written */
    uintptr_t without;       /* a handle that is not to be in it */
};

static void give_up(struct draft *draft, int error)
{
    if (draft->fd > 0)
        wm_kern_close(draft->fd);
    draft->fd = error;
}

static void write_rows(struct draft *draft, const struct row *rows, size_t count)
{
    int error;

    if (count == 0 || draft->fd < 0)
        return;
    if (draft->fd == 0) {
        draft->fd = wm_testament_make();
        if (draft->fd < 0)
            return;
    }
    error = wm_testament_write(draft->fd, place_of(draft->rows), rows, count * sizeof *rows);
    draft->rows += count;
    if (error != 0)
        give_up(draft, error);
}

static bool is_inherited(const struct row *row)
{
    const struct wm_handle_entry *entry = wm_handle_at(&wm_home.objects, (uintptr_t)row->handle);

    return entry != NULL && entry->flags & WM_HANDLE_INHERITED && entry->type == row->passed.told.type;
}

/* Leaves those in the buffer that still hold; how many there are. */
static size_t keep(const struct draft *draft, size_t count)
{
    size_t kept = 0;
    wm_status st;

    WM_AT_OBJECTS(st)
        for (size_t i = 0; i < count; i++)
            if (buffer[i].handle != draft->without && is_inherited(&buffer[i]))
                buffer[kept++] = buffer[i];
    return kept;
}

/* The order of rows is that of the entries in the table, since these can only be opened in that (pool.h). */
static uint32_t order_of(const struct row *row)
{
    return wm_handle_index((uintptr_t)row->handle);
}

static void write_in_order(struct draft *draft, size_t count)
{
    size_t before = 0;

    while (draft->added != NULL && before < count && order_of(&buffer[before]) < order_of(draft->added))
        before++;
    if (draft->added == NULL || before == count) {
        write_rows(draft, buffer, count);
        return;
    }
    write_rows(draft, buffer, before);
    write_rows(draft, draft->added, 1);
    draft->added = NULL;
    write_rows(draft, buffer + before, count - before);
}

static void write_draft(struct draft *draft)
{
    uint64_t index = 0;
    int count;

    for (; (count = read_rows(index)) > 0; index += (uint64_t)count)
        write_in_order(draft, keep(draft, (size_t)count));
    if (draft->added != NULL)
        write_rows(draft, draft->added, 1);
    if (count == 0 && draft->fd > 0)
        count = wm_testament_write(draft->fd, 0, &head, sizeof head);
    if (count < 0)
        give_up(draft, count);
}

static void forget(void)
{
    if (is_there())
        wm_kern_close(last.fd);
    last.fd = 0;
}

/* A new testament with this row, or without this handle. What it failed with is an errno. */
static int rewrite(const struct row *added, uintptr_t without)
{
    struct draft draft = {.added = added, .without = without};
    struct wm_file_id id = {0, 0};
    int fd;

    write_draft(&draft);
    if (draft.fd == 0)
        forget();
    if (draft.fd <= 0)
        return draft.fd;
    fd = wm_kern_file_id(draft.fd, &id);
    if (fd == 0)
        fd = wm_testament_take_place(draft.fd, is_there() ? last.fd : -1);
    else
        wm_kern_close(draft.fd);
    if (fd < 0)
        return fd;
    last.fd = fd;
    last.id = id;
    return 0;
}

/* --- one handle --- */

static wm_status describe(uintptr_t handle, const struct wm_handle_entry *entry, struct row *out)
{
    wm_status st;

    *out = (struct row){.handle = handle, .object = entry->object, .flags = entry->flags};
    out->passed.told = (struct wm_object_offer){.type = entry->type, .access = entry->access};
    st = wm_handle_type_of(entry->type)->pass_on(entry->object, &out->passed);
    for (int i = 0; wm_ok(st) && i < WM_PASSED_DESCRIPTORS; i++)
        if (out->passed.fds[i] != 0)
            st = wm_from_errno(WM_OP_TRANSFER, wm_kern_file_id(out->passed.fds[i], &out->ids[i]));
    return st;
}

static int let_survive(const struct wm_passed *passed, bool survive)
{
    int error = 0, result;

    for (int i = 0; i < WM_PASSED_DESCRIPTORS; i++) {
        result = passed->fds[i] == 0 ? 0 : wm_kern_let_survive(passed->fds[i], survive);
        error = error == 0 ? result : error;
    }
    return error;
}

/* Is a handle of this object passed on, beside this one? The rows know: 1, 0, or a negative errno. */
static int has_another(uintptr_t handle, const struct wm_handle_entry *entry)
{
    const struct draft draft = {.without = handle};
    uint64_t index = 0;
    int count;

    for (; (count = read_rows(index)) > 0; index += (uint64_t)count)
        for (size_t i = 0, kept = keep(&draft, (size_t)count); i < kept; i++)
            if (buffer[i].passed.told.type == entry->type && buffer[i].object == entry->object)
                return 1;
    return count;
}

static wm_status pass(uintptr_t handle, const struct wm_handle_entry *entry)
{
    struct row row;
    wm_status st = describe(handle, entry, &row);

    if (wm_ok(st))
        st = wm_from_errno(WM_OP_SECTION, rewrite(&row, handle));
    return wm_ok(st) ? wm_from_errno(WM_OP_TRANSFER, let_survive(&row.passed, true)) : st;
}

static wm_status stop_passing(uintptr_t handle, const struct wm_handle_entry *entry)
{
    struct row row;
    int another = has_another(handle, entry);

    if (another <= 0 && wm_ok(describe(handle, entry, &row)))
        let_survive(&row.passed, false);
    return wm_from_errno(WM_OP_SECTION, another < 0 ? another : rewrite(NULL, handle));
}

/* What exec does with the handle becomes what its flags say. */
static wm_status follow(uintptr_t handle, const struct wm_handle_entry *entry)
{
    if (wm_handle_type_of(entry->type)->pass_on == NULL)
        return WM_OK;
    return entry->flags & WM_HANDLE_INHERITED ? pass(handle, entry) : stop_passing(handle, entry);
}

/* What the handle was, and is now, with its object pinned. */
static wm_status set_flags(uintptr_t handle, uint8_t mask, uint8_t flags, struct wm_handle_entry *was,
                           struct wm_handle_entry *is)
{
    struct wm_handle_entry *entry;
    wm_status st;

    WM_AT_OBJECTS(st) {
        entry = wm_handle_at(&wm_home.objects, handle);
        if (entry == NULL)
            return WM_HANDLE;
        *was = *entry;
        WM_STORE(entry->flags, (uint8_t)((entry->flags & ~mask) | (flags & mask)));
        *is = *entry;
        wm_object_pin(&wm_home.objects, entry->type, entry->object);
    }
    return st;
}

static void take_back(uintptr_t handle, const struct wm_handle_entry *was)
{
    struct wm_handle_entry *entry;
    wm_status st;

    WM_AT_OBJECTS(st) {
        entry = wm_handle_at(&wm_home.objects, handle);
        if (entry != NULL)
            WM_STORE(entry->flags, was->flags);
    }
    if (wm_ok(st))
        follow(handle, was);
}

static wm_status change(uintptr_t handle, uint8_t mask, uint8_t flags)
{
    struct wm_handle_entry was, is;
    wm_status st = set_flags(handle, mask, flags, &was, &is);

    if (!wm_ok(st))
        return st;
    if (was.flags != is.flags)
        st = follow(handle, &is);
    if (!wm_ok(st))
        take_back(handle, &was);
    wm_object_unpin(is.type, is.object);
    return st;
}

wm_status wm_inherited_change(uintptr_t handle, uint8_t mask, uint8_t flags)
{
    wm_status st = wm_inherited_ready();

    if (!wm_ok(st))
        return st;
    WM_AT_TESTAMENT(st)
    st = change(handle, mask, flags);
    return st;
}

static void end(uintptr_t handle)
{
    struct wm_handle_entry was, is;

    if (!wm_ok(set_flags(handle, WM_HANDLE_INHERITED, 0, &was, &is)))
        return;
    follow(handle, &is);
    wm_object_unpin(is.type, is.object);
}

void wm_inherited_end(uintptr_t handle)
{
    wm_status st;

    WM_AT_TESTAMENT(st)
    end(handle);
}

/* --- for those who start a program --- */

wm_status wm_inherited_hold(void (*run)(void *arg), void *arg)
{
    wm_status st = wm_inherited_ready();

    if (!wm_ok(st))
        return st;
    WM_AT_TESTAMENT(st)
    run(arg);
    return st;
}

/* The parent holds the lock, and its other threads use the buffer. */
void wm_inherited_refuse(void)
{
    struct row row;

    if (!is_there())
        return;
    for (uint64_t i = 0; wm_testament_read(last.fd, place_of(i), &row, sizeof row) == 0; i++)
        let_survive(&row.passed, false);
    wm_kern_let_survive(last.fd, false);
}

/* --- what this program has from the one before --- */

static bool is_as_told(const struct row *row)
{
    enum { FIRST = 3 };

    for (int i = 0; i < WM_PASSED_DESCRIPTORS; i++) {
        int fd = row->passed.fds[i];

        if (fd != 0 && (fd < FIRST || wm_kern_survives(fd) != 1 || !wm_kern_is_file(fd, &row->ids[i])))
            return false;
    }
    return true;
}

/* The object of an earlier row, pinned once more. */
static bool find_earlier(const struct row *rows, size_t at, uint32_t *object)
{
    const struct wm_handle_entry *entry;
    const struct row *row = &rows[at];
    wm_status st;

    for (size_t i = 0; i < at; i++) {
        if (rows[i].object != row->object || rows[i].passed.told.type != row->passed.told.type)
            continue;
        WM_AT_OBJECTS(st) {
            entry = wm_handle_at(&wm_home.objects, (uintptr_t)rows[i].handle);
            if (entry != NULL && entry->type == row->passed.told.type) {
                *object = entry->object;
                wm_object_pin(&wm_home.objects, entry->type, entry->object);
                return true;
            }
        }
    }
    return false;
}

static wm_status open_as_it_was(const struct row *row, uint32_t object)
{
    uint32_t type = row->passed.told.type;
    uintptr_t handle = 0;
    wm_status st;

    WM_AT_OBJECTS(st) {
        handle = wm_handle_open_at(&wm_home.objects, (uintptr_t)row->handle, type, object,
                                   row->passed.told.access);
        if (handle != 0)
            wm_handle_at(&wm_home.objects, handle)->flags =
                (uint8_t)(WM_HANDLE_INHERITED | (row->flags & WM_HANDLE_PROTECTED));
    }
    return wm_ok(st) && handle == 0 ? WM_BOOK_MEMORY : st;
}

static void close_all(const struct wm_passed *passed)
{
    for (int i = 0; i < WM_PASSED_DESCRIPTORS; i++)
        if (passed->fds[i] != 0)
            wm_kern_close(passed->fds[i]);
}

static void receive(const struct row *rows, size_t at)
{
    const struct wm_passed *passed = &rows[at].passed;
    uint32_t type = passed->told.type, object;

    if (type == WM_HANDLE_NONE || type >= WM_HANDLE_TYPES || wm_handle_type_of(type)->receive == NULL ||
        !is_as_told(&rows[at]))
        return;
    if (!find_earlier(rows, at, &object) && !wm_ok(wm_handle_type_of(type)->receive(passed, &object))) {
        close_all(passed);
        return;
    }
    if (!wm_ok(open_as_it_was(&rows[at], object)))
        wm_object_unpin(type, object);
}

/* Nobody can make it shorter: it is sealed. */
static void receive_all(int fd)
{
    struct wm_file_facts facts;
    struct wm_range range;

    if (wm_kern_file_facts(fd, &facts) != 0 || facts.bytes <= sizeof head)
        return;
    range.end = wm_up((uintptr_t)facts.bytes, WM_PAGE);
    if (wm_kern_map_sealed(range.end, fd, &range.start) != 0)
        return;
    range.end += range.start;
    for (size_t i = 0; i < (facts.bytes - sizeof head) / sizeof(struct row); i++)
        receive((const struct row *)(range.start + sizeof head), i);
    wm_kern_unmap(range);
}

/* A program with more rights than whoever has begun it takes nothing from him. */
static void take_over(void)
{
    int fd = getauxval(AT_SECURE) != 0 ? -EPERM : wm_testament_find(&head, sizeof head);

    if (fd > 0 && wm_kern_file_id(fd, &last.id) == 0) {
        last.fd = fd;
        receive_all(fd);
    }
    WM_STORE(wm_inherited_known, true);
}

/* Whoever takes over what there is opens handles meanwhile. */
wm_status wm_inherited_ready(void)
{
    wm_status st = WM_OK;

    if (WM_LOAD(wm_inherited_known) || wm_lock_mine(&last.lock))
        return WM_OK;
    WM_AT_TESTAMENT(st)
    {
        if (!wm_inherited_known)
            take_over();
    }
    return st;
}
