/*
 * namedsection.c: sections that other processes find by a name (kern/names/names.h).
 *
 * Each that was opened is a section of its own here, with a descriptor that holds the name and one for the bytes. The name
 * goes with the last handle of the last process (O161), so the holder is closed with the last handle of this section,
 * while views may still need the other one. That is opened when the first view is made: until then nobody needs it.
 *
 * The bytes of memory lie in the file of the name. Those of a file, and large pages, lie elsewhere: the name's file says
 * where (elsewhere.h).
 */
#include "vm/sections/namedsection.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>

#include "kern/sys.h"
#include "vm/errno_status.h"
#include "vm/ops.h"
#include "vm/sections/elsewhere.h"
#include "vm/sections/mappedfile.h"
#include "vm/handles/underway.h"

/* What a section's file says of it besides its size. */
union about {
    struct {
        uint16_t protect, attributes;
        uint8_t node, kind; /* of enum wm_backing_kind */
        bool reserved;      /* a commit map lies behind the bytes */
        struct wm_elsewhere where;
        uint64_t bytes; /* of what is elsewhere or reserved */
    };
    unsigned char all[WM_NAME_ABOUT];
};

static struct wm_section section_of(const struct wm_named *named, const union about *about)
{
    return (struct wm_section){
        .backing = {.fd = named->data,
                    .kind = about->kind,
                    .reserved = about->reserved,
                    .bytes = about->reserved ? about->bytes : named->bytes,
                    .id = named->id},
        .protect = about->protect,
        .attributes = about->attributes,
        .node = about->node,
        .holder = named->holder,
        .name = named->id,
    };
}

/* --- finding --- */

static bool opens_to_write(const union about *about)
{
    return about->kind != WM_BACKING_FILE || wm_mappedfile_writes(about->protect);
}

/* Who comes after the one who was told of may be gone, finds us instead. */
static void tell_where(const struct wm_named *named, const struct wm_elsewhere *where)
{
    enum { FROM = offsetof(union about, where.pid) };

    if (where->pid == wm_sys_pid())
        wm_named_tell(named, FROM, &where->pid, sizeof where->pid + sizeof where->fd);
}

/* If nobody else holds the name any more, there is no such section: whoever had it died in this moment. */
static int without_bytes(struct wm_section *section, int error)
{
    return wm_namedsection_let_go(section) && error == -EACCES ? -ENOENT : error;
}

static int reach(const struct wm_named *named, union about *about, struct wm_section *section)
{
    struct wm_elsewhere where = about->where;
    int fd = wm_elsewhere_open(named, &where, opens_to_write(about) ? O_RDWR : O_RDONLY);

    section->backing.fd = fd;
    section->backing.bytes = about->bytes;
    section->backing.id = where.id;
    if (fd < 0)
        return without_bytes(section, fd);
    if (where.pid != about->where.pid || where.fd != about->where.fd)
        tell_where(named, &where);
    if (wm_backing_is_file(&section->backing))
        wm_mappedfile_tell(&section->backing, section->protect);
    return 0;
}

/* The commit map lies there. */
static int reach_map(struct wm_section *section)
{
    section->backing.fd = wm_named_data(section->holder, &section->name);
    return section->backing.fd < 0 ? without_bytes(section, section->backing.fd) : 0;
}

int wm_namedsection_find(const struct wm_name *name, bool waits, struct wm_section *out)
{
    uint32_t alone = wm_underway_alone();
    struct wm_named named;
    union about about;
    int error = wm_named_find(name, WM_NAME_SECTION, waits ? WM_NAME_WAITS : 0, &named, about.all);

    if (error != 0)
        return error;
    *out = section_of(&named, &about);
    out->alone = alone;
    if (about.kind == WM_BACKING_NAMED)
        return about.reserved ? reach_map(out) : 0;
    return reach(&named, &about, out);
}

/* --- making --- */

static union about about_of(const struct wm_section *section)
{
    union about about;

    about = (union about){.all = {0}};
    about.protect = section->protect;
    about.attributes = section->attributes;
    about.node = section->node;
    about.kind = section->backing.kind;
    about.reserved = section->backing.reserved;
    if (about.kind != WM_BACKING_NAMED)
        about.where = (struct wm_elsewhere){section->backing.id, wm_sys_pid(), section->backing.fd};
    if (about.kind != WM_BACKING_NAMED || about.reserved)
        about.bytes = section->backing.bytes;
    return about;
}

/* Room for what is reserved is taken when it is committed, for the commit map at once. */
static void set_bytes(const struct wm_backing *backing, struct wm_name_told *told)
{
    told->bytes = backing->bytes;
    if (!backing->reserved)
        return;
    told->bytes += wm_commits_bytes(backing->bytes);
    told->later = backing->bytes;
}

int wm_namedsection_make(const struct wm_name *name, struct wm_section *section)
{
    struct wm_backing *backing = &section->backing;
    union about about = about_of(section);
    struct wm_name_told told = {
        .kind = WM_NAME_SECTION, .how = backing->reserved ? WM_NAME_DATA : 0, .about = about.all};
    uint32_t alone = wm_underway_alone();
    char place[WM_NAME_PLACE_BYTES] = "";
    struct wm_named named;
    int error;

    if (backing->kind == WM_BACKING_NAMED)
        set_bytes(backing, &told);
    if (wm_backing_is_file(backing) && wm_kern_open_path(backing->fd, place, sizeof place) == 0)
        told.place = place;
    error = wm_named_make(name, &told, &named);
    if (error != 0)
        return error;
    section->holder = named.holder;
    section->alone = alone;
    section->name = named.id;
    if (backing->kind == WM_BACKING_NAMED)
        backing->fd = named.data, backing->id = named.id;
    return 0;
}

/* --- the size of a file's section, which can become larger --- */

static bool has_told(const struct wm_section *section, struct wm_named *named)
{
    *named = (struct wm_named){.holder = WM_LOAD(section->holder), .data = -1, .id = section->name};
    return wm_backing_is_file(&section->backing) && named->holder != 0 &&
           wm_kern_is_marked_file(named->holder, &named->id);
}

/* Two that tell at once: the smaller size may stay there, and is right for those who come. */
void wm_namedsection_tell_size(struct wm_section *section)
{
    uint64_t bytes = wm_backing_bytes(&section->backing);
    struct wm_named named;

    if (has_told(section, &named))
        wm_named_tell(&named, offsetof(union about, bytes), &bytes, sizeof bytes);
}

void wm_namedsection_learn_size(struct wm_section *section)
{
    struct wm_named named;
    union about about;

    if (has_told(section, &named) && wm_named_about(&named, about.all) == 0 &&
        about.bytes <= WM_SECTION_BYTES_MAX)
        wm_backing_note_bytes(&section->backing, about.bytes);
}

/* --- letting go --- */

static bool let_go(struct wm_section *section)
{
    int holder = __atomic_exchange_n(&section->holder, 0, __ATOMIC_RELAXED);
    int data = section->backing.kind == WM_BACKING_NAMED ? section->backing.fd : -1;

    return holder != 0 &&
           wm_named_let_go(&(struct wm_named){.holder = holder,
                                              .data = data,
                                              .own = !wm_underway_is_shared(WM_LOAD(section->alone)),
                                              .id = section->name});
}

bool wm_namedsection_let_go(struct wm_section *section)
{
    uint32_t underway;
    bool gone;

    if (WM_LOAD(section->holder) == 0)
        return false;
    underway = wm_underway_begin();
    gone = let_go(section);
    wm_underway_end(underway);
    return gone;
}
