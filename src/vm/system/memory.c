/*
 * memory.c: how much memory and how many addresses this process can have.
 *
 * Linux has no such figures; it has limits of several kinds, each of which may be the one that is met
 * first. What is told is the least of them: of the machine, of all control groups above the process (L105),
 * of its own resource limits (L106). Swap and memory are counted together as what can be promised, as
 * Windows counts its page file (O236).
 *
 * Reserved addresses of ours count as used (D4a), though the kernel counts all of an arena: what the arenas
 * have free is taken off again.
 */
#include "kern/system/system.h"
#include "vm/book/home.h"
#include "vm/book/land.h"

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t less(uint64_t a, uint64_t b)
{
    return a > b ? a - b : 0;
}

static uint64_t sum(uint64_t a, uint64_t b)
{
    return a + b < a ? UINT64_MAX : a + b;
}

/* A control group that is tighter than the machine is the machine for whoever lives in it. */
static void tell_physical(const struct wm_meminfo *machine, const struct wm_cgroup_memory *group,
                          struct wm_memory *out)
{
    out->total = least(machine->total, group->limit);
    out->available = least(out->total, least(machine->available, group->left));
}

/*
 * Only vm.overcommit_memory 2 keeps count of what is promised to all. Otherwise the kernel promises more than
 * there is, and what can be promised usefully is what can be kept: memory and swap. CommitLimit in /proc/meminfo
 * would be a number that nobody enforces, often below what is in use already.
 */
static void tell_promises(const struct wm_meminfo *machine, const struct wm_cgroup_memory *group,
                          struct wm_memory *out)
{
    uint64_t group_swap = least(group->swap_limit, machine->swap_total);
    uint64_t group_swap_left = least(group->swap_left, machine->swap_free);

    if (machine->commit_limit != 0 && wm_kern_overcommit() == WM_OVERCOMMIT_NEVER) {
        out->promises_total = machine->commit_limit;
        out->promises_left = less(machine->commit_limit, machine->committed);
    } else {
        out->promises_total = sum(machine->total, machine->swap_total);
        out->promises_left = sum(machine->available, machine->swap_free);
    }
    out->promises_total = least(out->promises_total, sum(group->limit, group_swap));
    out->promises_left = least(out->promises_left, sum(group->left, group_swap_left));
}

/* RLIMIT_DATA counts what this process was promised. */
static void bound_promises(const struct wm_usage *usage, struct wm_memory *out)
{
    uint64_t limit = wm_kern_data_limit();

    out->promises_total = least(out->promises_total, limit);
    if (limit != UINT64_MAX)
        out->promises_left = least(out->promises_left, less(limit, usage->promised));
    out->promises_left = least(out->promises_left, out->promises_total);
}

/* Of the book: what is in use, and what is free though it is mapped. */
struct tally {
    uint64_t used;
    uint64_t kept;
};

static struct tally tally_book(void)
{
    struct tally tally = {0, 0};
    struct wm_peek ours;

    for (uintptr_t addr = WM_SPACE_START; wm_land_next(&addr, &ours);) {
        const struct wm_extent *e = &ours.extent;
        bool mapped = e->ground == WM_GROUND_HELD || wm_ground_is_kept(e->ground);

        if (e->kind != WM_FREE)
            tally.used += e->bytes;
        if (mapped)
            tally.kept += (e->kind == WM_FREE ? e->bytes : 0) + wm_extent_slack(e);
        addr = wm_extent_ground(e).end;
    }
    return tally;
}

/* Without /proc, what others have mapped is unknown. */
static void tell_addresses(const struct wm_usage *usage, struct wm_memory *out)
{
    struct tally tally = tally_book();
    uint64_t used = usage->mapped == 0 ? tally.used : less(usage->mapped, tally.kept);
    uint64_t limit = wm_kern_address_limit();

    out->addresses_total = WM_SPACE_END - WM_SPACE_START;
    out->addresses_left = less(out->addresses_total, used);
    if (limit != UINT64_MAX)
        out->addresses_left = least(out->addresses_left, less(limit, used));
}

static wm_status read_both(struct wm_meminfo *machine, struct wm_cgroup_memory *group)
{
    if (wm_kern_meminfo(machine) != 0)
        return WM_KERNEL;
    wm_kern_cgroup_memory(group);
    return WM_OK;
}

wm_status wm_op_memory_physical(struct wm_memory *out)
{
    struct wm_cgroup_memory group;
    struct wm_meminfo machine;
    wm_status st = read_both(&machine, &group);

    if (wm_ok(st))
        tell_physical(&machine, &group, out);
    return st;
}

/* The figures are read one after the other: each is right, together they are a moment apart. */
wm_status wm_op_memory(struct wm_memory *out)
{
    struct wm_cgroup_memory group;
    struct wm_meminfo machine;
    struct wm_usage usage;
    wm_status st = wm_home_ready();

    if (wm_ok(st))
        st = read_both(&machine, &group);
    if (!wm_ok(st))
        return st;
    wm_kern_usage(&usage);
    tell_physical(&machine, &group, out);
    tell_promises(&machine, &group, out);
    bound_promises(&usage, out);
    tell_addresses(&usage, out);
    return WM_OK;
}

uint64_t wm_op_kept_memory(void)
{
    uint64_t kept = 0;
    wm_status st;

    WM_AT_HOME(st)
        kept = wm_home.warm_bytes + wm_home.dense.bytes;
    return kept;
}
