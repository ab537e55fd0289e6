/* slots.h: who has a slot has it alone, whatever others do; spare ones are used again before there are more. */
#include "mallocs.h"

#include "support/apart.h"

#include <pthread.h>
#include <string.h>

#include "base/atomic.h"
#include "heap/slots.h"

enum { MANY = 100000, GENERATION = 7 * WM_SLOT_GENERATION };

static struct wm_slots slots;

static int empty(void **state)
{
    (void)state;
    wm_slots_end(&slots);
    return 0;
}

/* The tests count slots from 0: chunks have 64, 512, 4,096. */
static uint32_t number_of(uint32_t index)
{
    uint64_t first = ((uint64_t)64 << 3 * (index >> WM_SLOT_CHUNK_SHIFT)) - 64;

    return (uint32_t)(first / 7 + wm_slot_place(index));
}

static uint64_t *find(uint32_t number)
{
    uint64_t *slot = NULL;

    return wm_slots_find(&slots, wm_slot_index(number), &slot) ? slot : NULL;
}

static uint64_t *take(uint32_t *index)
{
    uint64_t *slot = wm_slots_take(&slots, index);

    assert_non_null(slot);
    assert_ptr_equal(slot, wm_slots_at(&slots, *index));
    assert_ptr_equal(slot, find(number_of(*index)));
    assert_true(*slot & WM_SLOT_SPARE);
    return slot;
}

static uint32_t taken(void)
{
    uint32_t index;

    take(&index);
    return index;
}

static void give(uint32_t number, uint64_t kept)
{
    wm_slots_give(&slots, find(number), wm_slot_index(number), kept);
}

static void expect_next(uint32_t expected)
{
    uint32_t index = taken();

    assert_int_equal(index, wm_slot_index(expected));
    assert_int_equal(number_of(index), expected);
}

/* --- one thread --- */

static void new_slots_follow_each_other_and_never_move(void **state)
{
    static uint64_t *at[MANY];
    uint32_t index;

    (void)state;
    assert_null(find(0));
    for (uint32_t i = 0; i < MANY; i++) {
        at[i] = take(&index);
        assert_int_equal(index, wm_slot_index(i));
        assert_int_equal(*at[i], WM_SLOT_SPARE);
        *at[i] = wm_slot_word((uintptr_t)i << 4, 0);
        assert_true(find(i + 1) == NULL || *find(i + 1) == 0);
    }
    for (uint32_t i = 0; i < MANY; i++) {
        assert_ptr_equal(wm_slots_at(&slots, wm_slot_index(i)), at[i]);
        assert_int_equal(wm_slot_block(*at[i]), (uintptr_t)i << 4);
    }
    for (uint32_t chunk = 0; chunk < WM_SLOT_CHUNKS; chunk++)
        assert_false(
            wm_slots_find(&slots, (chunk << WM_SLOT_CHUNK_SHIFT) + ((uint32_t)64 << 3 * chunk), &at[0]));
    assert_false(wm_slots_find(&slots, UINT32_MAX, &at[0]));
}

static void the_last_one_given_is_the_first_taken(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 200; i++)
        expect_next(i);
    give(3, 0);
    give(199, 0);
    give(0, 0);
    expect_next(0);
    expect_next(199);
    give(64, 0);
    expect_next(64);
    expect_next(3);
    expect_next(200);
}

static void a_slot_keeps_its_generation_and_stands_for_nothing(void **state)
{
    uint32_t index;

    (void)state;
    for (uint32_t i = 0; i < MANY; i++)
        *take(&index) = wm_slot_word(0x7ffffffffff0, WM_SLOT_META & ~WM_SLOT_SPARE);
    for (uint32_t i = 0; i < MANY; i++) { /* whatever is next in the list */
        give(i, GENERATION);
        assert_int_equal(*wm_slots_at(&slots, wm_slot_index(i)) & WM_SLOT_META, GENERATION | WM_SLOT_SPARE);
        assert_int_equal(wm_slot_block(*wm_slots_at(&slots, wm_slot_index(i))), 0);
    }
    for (uint32_t i = 0; i < MANY; i++)
        assert_int_equal(*take(&index) & WM_SLOT_META, GENERATION | WM_SLOT_SPARE);
    assert_int_equal(slots.made, MANY);
}

/* New ones come as far as their chunk goes; given ones in the order in which they were given. */
static void several_at_once(void **state)
{
    enum { SOME = 16, CHUNK = 64 };
    struct wm_spare_slot some[SOME], again[SOME];
    uint32_t index;

    (void)state;
    for (uint32_t number = 0; number < CHUNK - 4; number += number == 0 ? SOME - 4 : SOME) {
        uint32_t most = number == 0 ? SOME - 4 : SOME;

        assert_int_equal(wm_slots_take_some(&slots, some, most), most);
        for (uint32_t i = 0; i < most; i++) {
            assert_int_equal(number_of(some[i].index), number + i);
            assert_ptr_equal(some[i].slot, find(number + i));
            assert_int_equal(*some[i].slot, WM_SLOT_SPARE);
            *some[i].slot |= GENERATION;
        }
    }
    assert_int_equal(wm_slots_take_some(&slots, again, SOME), 4);
    assert_int_equal(wm_slots_take_some(&slots, again, SOME), SOME);
    assert_int_equal(number_of(again[0].index), CHUNK);
    give(0, 0);
    wm_slots_give_some(&slots, some, SOME);
    for (uint32_t i = 0; i < SOME; i++)
        assert_int_equal(*some[i].slot & WM_SLOT_META, GENERATION | WM_SLOT_SPARE);
    assert_ptr_equal(take(&index), some[0].slot);
    assert_int_equal(wm_slots_take_some(&slots, again, 5), 5);
    for (uint32_t i = 0; i < 5; i++)
        assert_true(again[i].slot == some[i + 1].slot && again[i].index == some[i + 1].index);
    assert_int_equal(wm_slots_take_some(&slots, again, SOME), SOME - 6 + 1); /* and what was there before */
    assert_int_equal(number_of(again[SOME - 6].index), 0);
    wm_slots_give_some(&slots, again, 1);
    expect_next(number_of(again[0].index));
}

static void words_keep_addresses_and_what_is_known_of_them(void **state)
{
    struct dice dice = {1};

    (void)state;
    for (int i = 0; i < 10000; i++) {
        uintptr_t block = roll(&dice) >> 17 & ~(uintptr_t)15;
        uint64_t meta = roll(&dice) & WM_SLOT_META & ~(uint64_t)WM_SLOT_SPARE;
        uint64_t word = wm_slot_word(block, meta);

        assert_int_equal(wm_slot_block(word), block);
        assert_int_equal(word & WM_SLOT_META, meta);
        assert_int_equal(wm_slot_block(word | WM_SLOT_SPARE), 0);
    }
}

/* Against a plain stack of spare indices. */
static void any_order_of_taking_and_giving(void **state)
{
    enum { ROUNDS = SANITIZED ? 100000 : 1000000, ROOM = 4096 };
    static uint32_t spare[ROOM], used[ROOM];
    size_t spares = 0, uses = 0, made = 0;
    struct dice dice = {2};

    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        if (uses < ROOM && (uses == 0 || below(&dice, 2) == 0)) {
            uint32_t expected = spares > 0 ? spare[--spares] : (uint32_t)made++;

            expect_next(expected);
            used[uses++] = expected;
        } else {
            size_t which = below(&dice, (unsigned)uses);

            give(used[which], 0);
            spare[spares++] = used[which];
            used[which] = used[--uses];
        }
    }
    assert_int_equal(slots.made, made);
}

/* --- no memory --- */

static void without_memory_there_are_the_spare_slots_only(void **state)
{
    uint32_t index = 0, made = 0;

    (void)state;
    for (unsigned chunk = 0; chunk < 5; chunk++) {
        for (int again = 0; again < 3; again++) {
            fail_malloc(1);
            assert_null(wm_slots_take(&slots, &index));
            assert_int_equal(refused, 1);
            assert_int_equal(slots.made, made);
            assert_int_equal(given, chunk);
        }
        fail_malloc(0);
        for (uint32_t room = (uint32_t)64 << 3 * chunk; room > 0; room--)
            expect_next(made++);
        assert_int_equal(asked, 1);
    }
    fail_malloc(1);
    give(77, 0);
    expect_next(77);
    assert_null(wm_slots_take(&slots, &index));
    fail_malloc(0);
    wm_slots_end(&slots);
    assert_int_equal(given, 0);
}

/* --- many threads --- */

enum { THREADS = 4, MOST = 300, AT_ONCE = 8 };

struct worker {
    pthread_t thread;
    unsigned number;
    struct dice dice;
    unsigned long rounds;
    uint32_t has[MOST];
    unsigned count;
    bool wrong;
};

static uint32_t owners[THREADS * MOST * 2];
static bool stop;

static void own(struct worker *w, struct wm_spare_slot taken)
{
    uint32_t number = number_of(taken.index), nobody = 0;
    bool mine =
        number < THREADS * MOST * 2 && __atomic_compare_exchange_n(&owners[number], &nobody, w->number, false,
                                                                   __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);

    w->wrong |= !mine || !(WM_LOAD(*taken.slot) & WM_SLOT_SPARE);
    if (!mine)
        return;
    WM_STORE(*taken.slot, wm_slot_word((uintptr_t)w->number << 4, WM_SLOT_BUSY));
    w->has[w->count++] = number;
}

static void take_some(struct worker *w, uint32_t most)
{
    struct wm_spare_slot some[AT_ONCE];
    uint32_t count = 1;

    if (most == 1)
        some->slot = wm_slots_take(&slots, &some->index);
    else
        count = wm_slots_take_some(&slots, some, most);
    w->wrong |= some->slot == NULL || count < 1 || count > most;
    for (uint32_t i = 0; i < count && !w->wrong; i++)
        own(w, some[i]);
}

static struct wm_spare_slot disown(struct worker *w)
{
    unsigned which = below(&w->dice, w->count);
    uint32_t number = w->has[which];

    w->wrong |= WM_LOAD(*find(number)) != wm_slot_word((uintptr_t)w->number << 4, WM_SLOT_BUSY);
    w->wrong |= WM_LOAD(owners[number]) != w->number;
    WM_STORE(owners[number], 0);
    w->has[which] = w->has[--w->count];
    return (struct wm_spare_slot){find(number), wm_slot_index(number)};
}

static void give_some(struct worker *w, uint32_t count)
{
    struct wm_spare_slot some[AT_ONCE];

    for (uint32_t i = 0; i < count; i++) {
        some[i] = disown(w);
        WM_STORE(*some[i].slot, WM_SLOT_SPARE);
    }
    if (count == 1)
        wm_slots_give(&slots, some->slot, some->index, 0);
    else
        wm_slots_give_some(&slots, some, count);
}

/* One in half of all cases. */
static uint32_t how_many(struct worker *w, uint32_t most)
{
    uint32_t many = below(&w->dice, 2) == 0 ? 1 : 1 + below(&w->dice, AT_ONCE);

    return many < most ? many : most;
}

static void *take_and_give(void *argument)
{
    struct worker *w = argument;

    for (; !WM_LOAD(stop) && !w->wrong; w->rounds++)
        if (w->count < MOST && (w->count == 0 || below(&w->dice, 2) == 0))
            take_some(w, how_many(w, MOST - w->count));
        else
            give_some(w, how_many(w, w->count));
    while (w->count > 0 && !w->wrong)
        give_some(w, 1);
    return NULL;
}

/* All that was made can be taken again: nothing is lost. */
static void expect_all_spare(void)
{
    static bool seen[THREADS * MOST * 2];
    uint32_t made = slots.made;

    memset(seen, 0, sizeof seen);
    for (uint32_t i = 0; i < made; i++) {
        uint32_t index = number_of(taken());

        assert_false(seen[index]);
        seen[index] = true;
    }
    assert_int_equal(slots.made, made);
}

static void run_threads(unsigned count, useconds_t microseconds)
{
    static struct worker workers[THREADS];
    unsigned long rounds = 0;

    WM_STORE(stop, false);
    for (unsigned i = 0; i < count; i++) {
        workers[i] = (struct worker){.number = i + 1, .dice = {i}};
        assert_int_equal(pthread_create(&workers[i].thread, NULL, take_and_give, &workers[i]), 0);
    }
    usleep(microseconds);
    WM_STORE(stop, true);
    for (unsigned i = 0; i < count; i++) {
        pthread_join(workers[i].thread, NULL);
        rounds += workers[i].rounds;
    }
    for (unsigned i = 0; i < count; i++)
        assert_false(workers[i].wrong);
    if (microseconds >= 1000000)
        print_message("%u threads: %lu rounds, %u slots\n", count, rounds, slots.made);
    assert_true(slots.made <= count * MOST);
}

static void a_slot_has_one_owner(void **state)
{
    (void)state;
    for (unsigned count = 2; count <= THREADS; count++) {
        empty(NULL);
        run_threads(count, 1000000);
        expect_all_spare();
    }
}

/* Chunks are made by several at once. */
static void threads_begin_a_table_together(void **state)
{
    (void)state;
    for (int i = 0; i < 50; i++) {
        empty(NULL);
        run_threads(THREADS, 2000);
        expect_all_spare();
    }
    empty(NULL);
    assert_int_equal(given, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(new_slots_follow_each_other_and_never_move),
        cmocka_unit_test_setup(the_last_one_given_is_the_first_taken, empty),
        cmocka_unit_test(a_slot_keeps_its_generation_and_stands_for_nothing),
        cmocka_unit_test_setup(several_at_once, empty),
        cmocka_unit_test(words_keep_addresses_and_what_is_known_of_them),
        cmocka_unit_test(any_order_of_taking_and_giving),
        cmocka_unit_test(without_memory_there_are_the_spare_slots_only),
        cmocka_unit_test(a_slot_has_one_owner),
        cmocka_unit_test(threads_begin_a_table_together),
    };

    alarm(SANITIZED ? 120 : 60);
    return RUN_APART(tests);
}
