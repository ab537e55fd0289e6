/* system.c: nodes, limits, settings (src/kern/system, policy). */
#include <linux/mempolicy.h>

#include "looking.h"

#ifndef MPOL_PREFERRED_MANY
#define MPOL_PREFERRED_MANY 5
#endif

/* --- nodes --- */

enum { NODE_BITS = 1024, ABSENT = 1000 };

static uint64_t nodes[NODE_BITS / 64];

static void only_node(unsigned node)
{
    memset(nodes, 0, sizeof nodes);
    nodes[node / 64] = (uint64_t)1 << node % 64;
}

static long prefer(const void *p, int policy)
{
    return CALL(mbind, p, PAGE, policy, nodes, NODE_BITS + 1, 0);
}

static char *page_of_node_0(void)
{
    char *p = map_pages(1, NONE);
    long answer;

    only_node(0);
    answer = prefer(p, MPOL_PREFERRED);
    SKIP_IF(answer == -ENOSYS || answer == -EPERM, "mbind is missing or forbidden");
    EXPECT_ANSWER(0, answer);
    return p;
}

/* Seen on 6.18: a node that is not there is -EINVAL, which says nothing about other nodes. */
PIN(an_absent_node_is_invalid, "numa.c")
{
    char *p = page_of_node_0();

    only_node(ABSENT);
    EXPECT_ANSWER(-EINVAL, prefer(p, MPOL_PREFERRED));
    EXPECT_ANSWER(-EINVAL, prefer(p, MPOL_BIND));
}

/* Since 5.15: of several preferred ones those that are not there are left out. */
PIN(of_many_nodes_absent_ones_are_left_out, "numa.c")
{
    char *p = page_of_node_0();
    long answer;

    answer = prefer(p, MPOL_PREFERRED_MANY);
    SKIP_IF(answer == -EINVAL, "there is no MPOL_PREFERRED_MANY (Linux 5.15)");
    EXPECT_ANSWER(0, answer);
    only_node(ABSENT);
    nodes[0] |= 1;
    EXPECT_ANSWER(0, prefer(p, MPOL_PREFERRED_MANY));
}

/* Seen on 6.18: what is reserved can be given a node, and a new mapping loses it, so that it is given anew. */
PIN(a_new_mapping_has_no_node, "numa.c alloc.c")
{
    char *p = page_of_node_0();
    int policy = -1;

    EXPECT_ANSWER(0, CALL(get_mempolicy, &policy, NULL, 0, p, MPOL_F_ADDR));
    EXPECT(policy == MPOL_PREFERRED);
    MUST(mmap(p, PAGE, NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == p);
    EXPECT_ANSWER(0, CALL(get_mempolicy, &policy, NULL, 0, p, MPOL_F_ADDR));
    EXPECT(policy != MPOL_PREFERRED);
}

/*
 * Seen on 5.10, 6.1 and 6.12 with two nodes: the page comes from the node that its memory prefers, whoever touches it, and
 * move_pages tells it.
 */
PIN(pages_come_from_the_node_that_is_preferred, "numa.c resident.c")
{
    char *p = page_of_node_0();
    void *pages[1] = {p};
    int told = -1;

    SKIP_IF(access("/sys/devices/system/node/node1", F_OK) != 0, "there is no node 1");
    only_node(1);
    MUST(prefer(p, MPOL_PREFERRED) == 0 && mprotect(p, PAGE, BOTH) == 0);
    p[0] = 1;
    EXPECT_ANSWER(0, CALL(move_pages, 0, 1, pages, NULL, &told, 0));
    EXPECT(told == 1);
}

/* Seen on 6.18: memory from the node of whoever touches it is what there is without a policy, but it is told apart. */
PIN(a_policy_keeps_a_mapping_apart, "numa.c apart.c")
{
    char *p = map_pages(3, BOTH), *q = p + PAGE;
    long answer = CALL(mbind, q, PAGE, MPOL_LOCAL, NULL, 0, 0);
    struct mapping m = {0};

    SKIP_IF(answer == -ENOSYS || answer == -EPERM, "mbind is missing or forbidden");
    EXPECT_ANSWER(0, answer);
    EXPECT_ANSWER(0, CALL(mprotect, q, PAGE, READ));
    EXPECT_ANSWER(0, CALL(mprotect, q, PAGE, BOTH));
    EXPECT(mapping_of(q, &m) && m.start == (uintptr_t)q && m.end == (uintptr_t)(q + PAGE));
    EXPECT_ANSWER(0, CALL(mbind, q, PAGE, MPOL_DEFAULT, NULL, 0, 0));
    EXPECT(mapping_of(q, &m) && m.start <= (uintptr_t)p && m.end >= (uintptr_t)(p + 3 * PAGE));
}

/* --- settings and limits --- */

/* Seen on 6.18: the choices in a row, and the one that holds in brackets. */
PIN(the_choice_that_holds_is_in_brackets, "hugepages.c")
{
    FILE *file = fopen("/sys/kernel/mm/transparent_hugepage/enabled", "re");
    char text[100];

    SKIP_IF(file == NULL, "there are no transparent huge pages");
    MUST(fgets(text, sizeof text, file) != NULL);
    EXPECT(strstr(text, "[always]") == text || strstr(text, "always ") == text);
    EXPECT(strstr(text, "[always]") || strstr(text, "[madvise]") || strstr(text, "[never]"));
}

static size_t pages_mapped(void)
{
    FILE *file = fopen("/proc/self/statm", "re");
    size_t pages = 0;

    MUST(file != NULL && fscanf(file, "%zu", &pages) == 1);
    fclose(file);
    return pages;
}

/* Seen on 6.18: the first number of /proc/self/statm counts what is only reserved, as RLIMIT_AS does. */
PIN(statm_counts_reservations, "limits.c")
{
    size_t before = pages_mapped();

    map_pages(10000, NONE);
    EXPECT(pages_mapped() - before >= 10000 && pages_mapped() - before < 10100);
}

/* As POSIX has it: whoever closed his standard descriptors gets their numbers next, unless told otherwise. */
PIN(descriptors_take_the_lowest_number, "descriptor.h descriptor.c")
{
    close(0);
    EXPECT_ANSWER(0, CALL(memfd_create, "pin", MFD_CLOEXEC));
    EXPECT(CALL(fcntl, 0, F_DUPFD_CLOEXEC, 3) >= 3);
}
