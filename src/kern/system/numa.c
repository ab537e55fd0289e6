/*
 * numa.c: memory nodes and the processors beside them.
 *
 * A node is a wish (MPOL_PREFERRED): memory comes from elsewhere when that one has none, as on Windows. A
 * new mapping has no node (pinned: system.a_new_mapping_has_no_node), so the wish goes with what is mapped
 * over, and is said again. On a machine of one node nothing is asked of the kernel at all.
 *
 * A node that is not there is refused (system.an_absent_node_is_invalid), which says nothing about other
 * nodes.
 */
#include <errno.h>
#include <sched.h>
#include <string.h>

#include "base/atomic.h"
#include "kern/probe.h"
#include "kern/sys.h"
#include "kern/system/system.h"
#include "kern/text.h"

enum { MPOL_DEFAULT = 0, MPOL_PREFERRED = 1, MPOL_LOCAL = 4, MPOL_PREFERRED_MANY = 5 };
enum { MPOL_F_ADDR = 2 };
enum { NODE_WORDS = 4, NODE_BITS = 64 * NODE_WORDS };

#define NODES "/sys/devices/system/node"

_Static_assert((int)WM_NODES < (int)NODE_BITS, "every node has a bit");

/* --- which nodes there are --- */

static uint64_t online[NODE_WORDS];
static bool online_known;

/*
 * Read once: nodes do not come and go in practice. A kernel without NUMA has no such file, and then there
 * is node 0 alone; so it is as well when the file cannot be read just now, which is not remembered.
 */
static bool read_online(uint64_t nodes[NODE_WORDS])
{
    struct wm_text text;
    const char *list = wm_text_file_line(NODES "/online", &text);

    memset(nodes, 0, NODE_WORDS * sizeof *nodes);
    if (list != NULL)
        wm_text_list(list, nodes, NODE_WORDS);
    nodes[0] |= list == NULL;
    return list != NULL;
}

static void nodes_online(uint64_t nodes[NODE_WORDS])
{
    if (!__atomic_load_n(&online_known, __ATOMIC_ACQUIRE)) {
        if (!read_online(nodes))
            return;
        for (int i = 0; i < NODE_WORDS; i++)
            WM_STORE(online[i], nodes[i]);
        __atomic_store_n(&online_known, true, __ATOMIC_RELEASE);
    }
    for (int i = 0; i < NODE_WORDS; i++)
        nodes[i] = WM_LOAD(online[i]);
}

uint32_t wm_kern_highest_node(void)
{
    uint64_t nodes[NODE_WORDS];

    nodes_online(nodes);
    for (uint32_t node = WM_NODES; node-- > 0;)
        if (nodes[node / 64] >> node % 64 & 1)
            return node;
    return 0;
}

bool wm_kern_has_node(uint32_t node)
{
    uint64_t nodes[NODE_WORDS];

    nodes_online(nodes);
    return node < WM_NODES && (nodes[node / 64] >> node % 64 & 1);
}

/* --- what a node has --- */

/* Returns the end of the text, where the next part goes. */
static char *append(char *out, const char *part)
{
    size_t length = strlen(part);

    memcpy(out, part, length + 1);
    return out + length;
}

/* A text with the number of a node in it. */
static void put_number(char *out, const char *before, uint32_t node, const char *after)
{
    char digits[12] = {0}, *p = digits + sizeof digits - 1;

    do
        *--p = (char)('0' + node % 10);
    while ((node /= 10) != 0);
    append(append(append(out, before), p), after);
}

void wm_kern_node_processors(uint32_t node, struct wm_processors *out)
{
    char path[80];
    struct wm_text text;
    const char *list;

    memset(out, 0, sizeof *out);
    if (!wm_kern_has_node(node))
        return;
    put_number(path, NODES "/node", node, "/cpulist");
    list = wm_text_file_line(path, &text);
    if (list != NULL)
        wm_text_list(list, out->group, WM_GROUPS);
    else if (node == 0) /* a kernel without NUMA has all its processors there */
        wm_kern_processors_online(out);
}

/* Its lines begin with "Node 17 ". */
int wm_kern_node_free(uint32_t node, uint64_t *bytes)
{
    char path[80], name[40];
    const struct wm_text_field field = {name, bytes};

    put_number(path, NODES "/node", node, "/meminfo");
    put_number(name, "Node ", node, " MemFree");
    *bytes = 0;
    return wm_text_file_fields(path, &field, 1);
}

uint32_t wm_kern_processor(void)
{
    uint32_t processor = 0;

    wm_sys3(SYS_getcpu, (long)&processor, 0, 0);
    return processor;
}

/* --- where memory goes --- */

static long set_policy(struct wm_range r, int policy, uint32_t node)
{
    uint64_t mask[NODE_WORDS] = {0};

    mask[node / 64] = (uint64_t)1 << node % 64;
    return wm_sys6(SYS_mbind, (long)r.start, (long)wm_range_bytes(r), policy, (long)mask, NODE_BITS + 1, 0);
}

/* A sandbox forbids the call for no memory at all, too; the program's own may be refused for want of mappings. */
int wm_trial_numa(void)
{
    int error = (int)wm_sys6(SYS_mbind, 0, 0, MPOL_DEFAULT, 0, 0, 0);

    if (error != 0 || wm_kern_highest_node() != 0)
        return error;
    return __atomic_load_n(&online_known, __ATOMIC_ACQUIRE) ? -ENODEV : -EAGAIN;
}

/* On one node there is nothing to prefer. A node without memory is invalid, which says nothing about other nodes. */
int wm_kern_prefer_node(struct wm_range r, uint32_t node)
{
    long result;

    if (wm_kern_highest_node() == 0 || node >= WM_NODES || !wm_probe_has(WM_FEATURE_NUMA))
        return 0;
    result = set_policy(r, MPOL_PREFERRED_MANY, node);
    if (result == -EINVAL)
        result = set_policy(r, MPOL_PREFERRED, node);
    if (result == -EPERM || result == -ENOSYS)
        wm_probe_retry(WM_FEATURE_NUMA, wm_trial_numa);
    return (int)result;
}

/* --- mappings that are told from their neighbours by their policy alone --- */

/*
 * Memory from the node of whoever touches it first is what there is without a policy, too; but mappings with different
 * policies are never joined (pinned: system.a_policy_keeps_a_mapping_apart).
 */
static int set_local(struct wm_range r, int policy)
{
    return (int)wm_sys6(SYS_mbind, (long)r.start, (long)wm_range_bytes(r), policy, 0, 0, 0);
}

/* The program's, if it has set one for this memory. */
static int policy_of(struct wm_range r, int *out)
{
    return (int)wm_sys6(SYS_get_mempolicy, (long)out, 0, 0, (long)r.start, MPOL_F_ADDR, 0);
}

/* Of no memory at all, and of this thread: a sandbox forbids these, too. */
int wm_trial_apart(void)
{
    int own = 0, error = set_local((struct wm_range){0, 0}, MPOL_LOCAL);

    return error != 0 ? error : (int)wm_sys6(SYS_get_mempolicy, (long)&own, 0, 0, 0, 0, 0);
}

bool wm_kern_keeps_apart(void)
{
    return wm_probe_has(WM_FEATURE_APART);
}

int wm_kern_keep_apart(struct wm_range r)
{
    int policy = MPOL_DEFAULT, error = policy_of(r, &policy);

    if (error == 0)
        error = policy == MPOL_DEFAULT ? set_local(r, MPOL_LOCAL) : -EBUSY;
    if (error == -EPERM || error == -ENOSYS)
        wm_probe_retry(WM_FEATURE_APART, wm_trial_apart);
    return error;
}

void wm_kern_join(struct wm_range r)
{
    int policy = MPOL_DEFAULT;

    if (policy_of(r, &policy) == 0 && policy == MPOL_LOCAL)
        set_local(r, MPOL_DEFAULT);
}

/* Without a list of target nodes move_pages moves nothing and tells where the pages are. */
int wm_kern_nodes_of(const uintptr_t *pages, int *nodes, size_t count)
{
    return (int)wm_sys6(SYS_move_pages, 0, (long)count, (long)pages, 0, (long)nodes, 0);
}
