/* btree.h: the ordered map, against a plain array. */
#include "support/unit.h"

#include <pthread.h>
#include <string.h>

#include "base/atomic.h"
#include "base/btree.h"
#include "support/storage.h"

enum { POOL_BYTES = 64 << 20, KEYS = 4096, NONE = -1 };

static struct wm_pool nodes;
static struct wm_btree tree;
static int model[KEYS]; /* the value under a key, or NONE */

static int new_tree(void **state)
{
    (void)state;
    storage_is_used_up = false;
    wm_pool_init(&nodes, storage_new(POOL_BYTES), POOL_BYTES, sizeof(struct wm_bnode), storage_grow);
    tree = (struct wm_btree){.nodes = &nodes};
    for (int key = 0; key < KEYS; key++)
        model[key] = NONE;
    return nodes.items == MAP_FAILED;
}

static int unmap_tree(void **state)
{
    (void)state;
    return munmap(nodes.items, POOL_BYTES);
}

static uintptr_t addr_of(int key)
{
    return (uintptr_t)key * WM_PAGE;
}

static void put(int key, int value)
{
    assert_true(wm_btree_reserve(&tree, 1));
    wm_btree_put(&tree, addr_of(key), (uint32_t)value);
    model[key] = value;
}

static void take_out(int key)
{
    assert_int_equal(wm_btree_remove(&tree, addr_of(key)), model[key] != NONE);
    model[key] = NONE;
}

static int at_or_below(int key)
{
    while (key >= 0 && model[key] == NONE)
        key--;
    return key;
}

static int at_or_above(int key)
{
    while (key < KEYS && model[key] == NONE)
        key++;
    return key;
}

static void expect_span(const struct wm_span *span, int key)
{
    int next = at_or_above(key + 1);

    assert_int_equal(span->start, addr_of(key));
    assert_int_equal(span->value, model[key]);
    assert_true(span->end == (next < KEYS ? addr_of(next) : UINTPTR_MAX));
}

/* `next` may stop at a separator, so its end is a bound only. */
static void look_up(int key, uintptr_t inside)
{
    int at = at_or_below(key), from = inside == 0 ? at_or_above(key) : at_or_above(key + 1);
    struct wm_span span;
    uint32_t value;

    assert_int_equal(wm_btree_floor(&tree, addr_of(key) + inside, &value), at >= 0);
    if (at >= 0)
        assert_int_equal(value, model[at]);
    assert_int_equal(wm_btree_find(&tree, addr_of(key) + inside, &span), at >= 0);
    if (at >= 0)
        expect_span(&span, at);
    assert_int_equal(wm_btree_next(&tree, addr_of(key) + inside, &span), from < KEYS);
    if (from < KEYS) {
        assert_int_equal(span.start, addr_of(from));
        assert_int_equal(span.value, model[from]);
    }
}

static void expect_model(void)
{
    size_t entries = 0;

    for (int key = 0; key < KEYS; key++) {
        entries += model[key] != NONE;
        look_up(key, 0);
    }
    assert_int_equal(wm_btree_check(&tree), entries);
}

static void an_empty_tree_holds_nothing(void **state)
{
    struct wm_span span;

    (void)state;
    assert_false(wm_btree_find(&tree, addr_of(5), &span));
    assert_false(wm_btree_next(&tree, 0, &span));
    assert_false(wm_btree_remove(&tree, addr_of(5)));
    assert_int_equal(wm_btree_check(&tree), 0);
}

static void an_address_inside_a_page_finds_the_page(void **state)
{
    (void)state;
    put(7, 70);
    put(9, 90);
    look_up(7, 0xfff);
    look_up(8, 1);
    look_up(6, 0xfff);
}

static void a_key_put_again_changes_its_value(void **state)
{
    (void)state;
    put(3, 1);
    put(3, 2);
    expect_model();
}

static void the_greatest_value_and_key_fit(void **state)
{
    struct wm_span span;

    (void)state;
    assert_true(wm_btree_reserve(&tree, 2));
    wm_btree_put(&tree, WM_SPACE_END - WM_PAGE, WM_BTREE_VALUE_MAX);
    wm_btree_put(&tree, 0, 0);
    assert_true(wm_btree_find(&tree, WM_SPACE_END - 1, &span));
    assert_true(span.start == WM_SPACE_END - WM_PAGE && span.value == WM_BTREE_VALUE_MAX);
    assert_true(wm_btree_find(&tree, WM_PAGE, &span));
    assert_true(span.start == 0 && span.value == 0 && span.end == WM_SPACE_END - WM_PAGE);
}

static void ascending_keys_fill_their_nodes(void **state)
{
    (void)state;
    for (int key = 0; key < KEYS; key++)
        put(key, key);
    expect_model();
    assert_in_range(nodes.used - 1, 1, KEYS / WM_BNODE_SLOTS * 11 / 10);
}

static void all_that_was_put_can_be_removed_in_any_order(void **state)
{
    struct dice dice = {1};

    (void)state;
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < KEYS; i++)
            put(round == 1 ? KEYS - 1 - i : i, i);
        for (int i = 0, key = (int)below(&dice, KEYS); i < KEYS; i++, key = (key + 1021) % KEYS)
            take_out(round == 0 ? i : round == 1 ? KEYS - 1 - i : key);
        assert_int_equal(wm_btree_check(&tree), 0);
        assert_int_equal(nodes.free_count, nodes.used - 1); /* no node is lost */
    }
}

/* Each phase fills or empties a part of the keys, so that nodes of all levels split, empty and merge. */
static void change_part(struct dice *dice, bool fill)
{
    int count = 1 + (int)below(dice, below(dice, 2) ? KEYS : KEYS / 8), first = (int)below(dice, KEYS);

    for (int i = 0; i < 2 * count; i++) {
        int key = (first + (int)below(dice, (unsigned)count)) % KEYS;

        if (below(dice, 16) == 0 ? !fill : fill)
            put(key, (int)below(dice, WM_BTREE_VALUE_MAX + 1));
        else
            take_out(key);
        look_up((int)below(dice, KEYS), below(dice, 2) * 0x800);
        if (i % 64 == 0)
            wm_btree_check(&tree);
    }
}

static void random_changes_give_what_an_array_gives(void **state)
{
    struct dice dice = {2};

    (void)state;
    for (int phase = 0; phase < 60; phase++) {
        change_part(&dice, below(&dice, 2));
        if (phase % 4 == 0)
            expect_model();
    }
    expect_model();
}

/*
 * An inner node's first key may be greater than its entries after the subtree below it went and a smaller
 * entry came. When the node is merged into its left neighbour that key separates.
 */
static void a_stale_first_key_does_not_hide_entries_after_a_merge(void **state)
{
    enum { LEAF = WM_BNODE_SLOTS, INNER = LEAF * WM_BNODE_SLOTS };

    (void)state;
    for (int key = 0; key < 3 * INNER; key++) /* three full inner nodes */
        put(key, key);
    for (int key = INNER; key < INNER + LEAF; key++) /* the second one's first leaf goes */
        take_out(key);
    put(INNER + 5, 1);
    for (int key = INNER - 1; key >= 2 * LEAF; key--) /* thins the first */
        take_out(key);
    for (int key = 2 * INNER - 1; key >= INNER + 4 * LEAF; key--) /* and the second, so that they merge */
        take_out(key);
    expect_model();
}

static void reserved_puts_need_no_memory(void **state)
{
    (void)state;
    for (int round = 0; round < KEYS / 64; round++) {
        storage_is_used_up = false;
        assert_true(wm_btree_reserve(&tree, 64));
        storage_is_used_up = true;
        for (int i = 0; i < 64; i++)
            wm_btree_put(&tree, addr_of(i * 64 + round), 1); /* everywhere, so that nodes split */
    }
    assert_int_equal(wm_btree_check(&tree), KEYS);
}

static void without_memory_reserving_fails_and_changes_nothing(void **state)
{
    (void)state;
    for (int key = 0; key < 100; key++)
        put(key * 3, key);
    storage_is_used_up = true;
    assert_false(wm_btree_reserve(&tree, 1 << 16));
    expect_model();
}

/* --- readers beside a writer --- */

enum { READERS = 2 };

static bool stop;

/* What it finds may be wrong. Leaving the pool would be a crash, and not coming back a timeout. */
static void *read_until_stopped(void *seed)
{
    struct dice dice = {(uintptr_t)seed};
    uintptr_t looks = 0;
    struct wm_span span;

    for (; !WM_LOAD(stop); looks++) {
        wm_btree_find(&tree, addr_of((int)below(&dice, KEYS)), &span);
        wm_btree_next(&tree, addr_of((int)below(&dice, KEYS)), &span);
    }
    return (void *)looks;
}

static void write_for(double time)
{
    struct dice dice = {3};
    double end = seconds() + time;

    for (unsigned i = 0; i % 64 != 0 || seconds() < end; i++) {
        int key = (int)below(&dice, KEYS);

        if (i / KEYS % 2 == 0)
            put(key, (int)below(&dice, WM_BTREE_VALUE_MAX + 1));
        else
            take_out(key);
    }
}

static void a_reader_beside_a_writer_stays_in_the_pool_and_ends(void **state)
{
    pthread_t reader[READERS];
    void *looks;

    (void)state;
    stop = false;
    for (uintptr_t i = 0; i < READERS; i++)
        assert_int_equal(pthread_create(&reader[i], NULL, read_until_stopped, (void *)(i + 1)), 0);
    write_for(0.7);
    WM_STORE(stop, true);
    for (int i = 0; i < READERS; i++) {
        pthread_join(reader[i], &looks);
        assert_true((uintptr_t)looks > 100);
    }
    expect_model();
}

#define WITH_TREE(test) cmocka_unit_test_setup_teardown(test, new_tree, unmap_tree)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_TREE(an_empty_tree_holds_nothing),
        WITH_TREE(an_address_inside_a_page_finds_the_page),
        WITH_TREE(a_key_put_again_changes_its_value),
        WITH_TREE(the_greatest_value_and_key_fit),
        WITH_TREE(ascending_keys_fill_their_nodes),
        WITH_TREE(all_that_was_put_can_be_removed_in_any_order),
        WITH_TREE(random_changes_give_what_an_array_gives),
        WITH_TREE(a_stale_first_key_does_not_hide_entries_after_a_merge),
        WITH_TREE(reserved_puts_need_no_memory),
        WITH_TREE(without_memory_reserving_fails_and_changes_nothing),
        WITH_TREE(a_reader_beside_a_writer_stays_in_the_pool_and_ends),
    };

    return RUN(tests);
}
