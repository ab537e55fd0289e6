/*
 * Huge pages under private memory (vm/ground/huge.h): who is asked for, and who never; what the library learns from memory
 * that was touched; and that nobody can tell 2 MiB in one page from 512 pages but by the time they take. Whether the kernel
 * has a huge page to give is its own affair: what counts is whether it was asked.
 */
#include "audit.h"

#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>

#include "kern/pages/pagestate.h"
#include "vm/ground/huge.h"
#include "vm/pages/guard.h"
#include "vm/sections/section.h"

enum { BLOCK = 2 * MiB, PAGES_OF_A_BLOCK = BLOCK / PAGE };

/* --- asked for? --- */

/* The flags of the mapping at addr, as /proc/self/smaps has them. */
static bool has_flag(uintptr_t addr, const char *flag)
{
    FILE *smaps = fopen("/proc/self/smaps", "re");
    uintptr_t start, end;
    bool here = false, has = false;
    char line[512];

    assert_non_null(smaps);
    while (fgets(line, sizeof line, smaps) != NULL) {
        if (sscanf(line, "%zx-%zx ", &start, &end) == 2)
            here = start <= addr && addr < end;
        if (here && strncmp(line, "VmFlags:", 8) == 0)
            has = strstr(line, flag) != NULL;
    }
    fclose(smaps);
    return has;
}

static bool is_asked_for(uintptr_t addr)
{
    return has_flag(addr, " hg ");
}

/* All of these tests are about a kernel that waits to be asked. */
static void begin(enum wm_huge choice)
{
    MUST(wm_home_ready());
    if (!wm_kern_huge_on_request() || !wm_feature_in_use("huge_advice"))
        skip();
    wm_huge_choose(choice);
    audit_open();
}

static void finish(void)
{
    check_book();
    audit_or_fail(audit_book());
}

static void touch(uintptr_t base, size_t bytes, size_t step)
{
    for (uintptr_t addr = base; addr < base + bytes; addr += step)
        stamp(addr, addr);
}

/* L637 */
static void pieces_are_asked_for(void **state)
{
    uintptr_t p, q;

    (void)state;
    begin(WM_HUGE_ALWAYS);
    p = allocate(2 * BLOCK);
    assert_true(is_asked_for(p) && is_asked_for(p + 2 * BLOCK - 1));
    q = reserve(8 * BLOCK);
    commit(q + BLOCK, 3 * BLOCK, WM_READWRITE);
    assert_true(is_asked_for(q + BLOCK) && is_asked_for(q + 4 * BLOCK - 1));
    assert_false(is_asked_for(q) || is_asked_for(q + 4 * BLOCK));
    release(p);
    release(q);
    finish();
}

/* L635: also where there are no arenas, and above what lies in one. */
static void blocks_begin_at_their_multiples(void **state)
{
    static const size_t reserved[] = {BLOCK, BLOCK + PAGE, 16 * BLOCK, GiB + PAGE, BLOCK};
    static const size_t committed[] = {BLOCK, 3 * BLOCK, 16 * BLOCK + PAGE, GiB + PAGE, BLOCK};
    uintptr_t p[4];

    (void)state;
    MUST(wm_home_ready());
    for (int i = 0; i < 5; i++) {
        p[0] = reserve(reserved[i]);
        p[1] = allocate(committed[i]);
        p[2] = reserve(GRAIN);
        p[3] = allocate(GRAIN);
        assert_int_equal((p[0] | p[1]) % BLOCK, 0);
        for (int k = i % 2; k < 4; k += 2)
            release(p[k]);
    }
    check_book();
}

/* Those who would need one each lie side by side. */
static void blocks_cost_no_mappings(void **state)
{
    size_t before;

    (void)state;
    begin(WM_HUGE_ALWAYS);
    release(allocate(BLOCK));
    before = wm_kern_count_vmas(SIZE_MAX);
    for (int i = 0; i < 100; i++)
        allocate(BLOCK + GRAIN);
    for (int i = 0; i < 100; i++)
        allocate(BLOCK);
    for (int i = 0; i < 100; i++)
        reserve(BLOCK + GRAIN);
    if (wm_feature_in_use("arenas"))
        assert_true(wm_kern_count_vmas(SIZE_MAX) < before + 20);
    finish();
}

static void memory_of_other_kinds_is_not(void **state)
{
    struct wm_alloc_req watched = {
        .commit = true, .at = {0, BLOCK}, .protect = WM_READWRITE, .traits = WM_TRAIT_WATCHED};
    uintptr_t small, guarded, code, readable, pieces, handle, shown;

    (void)state;
    begin(WM_HUGE_ALWAYS);
    MUST(wm_op_alloc(&watched));
    small = allocate(BLOCK - PAGE);
    guarded = must_alloc(WM_ALLOC_RESERVE, BLOCK, WM_READWRITE | WM_PAGE_GUARD, true);
    code = must_alloc(WM_ALLOC_RESERVE, BLOCK, WM_EXECUTE_READWRITE, true);
    readable = must_alloc(WM_ALLOC_RESERVE, BLOCK, WM_READONLY, true);
    pieces = reserve(2 * BLOCK);
    for (size_t at = 0; at < 2 * BLOCK; at += GRAIN)
        commit(pieces + at, GRAIN, WM_READWRITE);
    handle = section(BLOCK);
    shown = view(handle, WM_READWRITE);
    assert_false(is_asked_for(watched.result) || is_asked_for(small) || is_asked_for(guarded));
    assert_false(is_asked_for(code) || is_asked_for(readable) || is_asked_for(pieces) || is_asked_for(shown));
    finish();
}

/* What was there before keeps what it has, and the rest of the piece is a piece of something. */
static void what_was_committed_in_part_is_not(void **state)
{
    uintptr_t p;

    (void)state;
    begin(WM_HUGE_ALWAYS);
    p = reserve(4 * BLOCK);
    commit(p + BLOCK, PAGE, WM_READWRITE);
    commit(p, 4 * BLOCK, WM_READWRITE);
    assert_false(is_asked_for(p) || is_asked_for(p + 3 * BLOCK));
    release(p);
    p = must_alloc(WM_ALLOC_RESERVE, 2 * BLOCK, WM_READONLY, true);
    commit(p, 2 * BLOCK, WM_READWRITE);
    assert_false(is_asked_for(p));
    release(p);
    finish();
}

static void a_placeholder_may_become_a_piece(void **state)
{
    uintptr_t p, q = 0;

    (void)state;
    begin(WM_HUGE_ALWAYS);
    p = placeholder(4 * BLOCK);
    MUST(alloc(WM_ALLOC_REPLACE, p, 4 * BLOCK, WM_READWRITE, true, &q));
    assert_true(is_asked_for(p + BLOCK));
    MUST(free_pages(WM_FREE_SPLIT, p, 4 * BLOCK));
    assert_false(is_asked_for(p + BLOCK));
    release(p);
    finish();
}

static void nobody_is_asked_for_by_who_says_never(void **state)
{
    uintptr_t p;

    (void)state;
    begin(WM_HUGE_NEVER);
    for (int i = 0; i < 4; i++) {
        p = allocate(BLOCK);
        touch(p, BLOCK, PAGE);
        assert_false(is_asked_for(p));
    }
    finish();
}

static void words_that_mean_nothing_change_nothing(void **state)
{
    (void)state;
    wm_huge_choose(WM_HUGE_ALWAYS);
    wm_huge_read(NULL);
    wm_huge_read("");
    wm_huge_read("alway");
    wm_huge_read("alwaysnever");
    assert_int_equal(wm_huge_chosen(), WM_HUGE_ALWAYS);
    wm_huge_read("never");
    assert_int_equal(wm_huge_chosen(), WM_HUGE_NEVER);
    wm_huge_read("large");
    assert_int_equal(wm_huge_chosen(), WM_HUGE_DENSE);
    wm_huge_read("always");
    assert_int_equal(wm_huge_chosen(), WM_HUGE_ALWAYS);
}

/* --- what is learned (L638) --- */

static void a_length_that_was_filled_is_asked_for(void **state)
{
    uintptr_t p, q, sparse;

    (void)state;
    begin(WM_HUGE_DENSE);
    p = allocate(4 * BLOCK);
    assert_false(is_asked_for(p));
    touch(p, 4 * BLOCK, PAGE);
    q = allocate(4 * BLOCK);
    sparse = allocate(16 * BLOCK); /* of another length nothing is known */
    assert_true(is_asked_for(q));
    assert_false(is_asked_for(sparse));
    finish();
}

/* By the end of the first one, if there was no second before. */
static void what_was_filled_and_released_is_remembered(void **state)
{
    uintptr_t p, q;

    (void)state;
    begin(WM_HUGE_DENSE);
    p = allocate(4 * BLOCK);
    touch(p, 4 * BLOCK, PAGE);
    release(p);
    assert_true(is_asked_for(allocate(4 * BLOCK)));
    q = reserve(8 * BLOCK);
    commit(q, 8 * BLOCK, WM_READWRITE);
    touch(q, 8 * BLOCK, PAGE);
    decommit(q, 8 * BLOCK);
    commit(q, 8 * BLOCK, WM_READWRITE);
    assert_true(is_asked_for(q + BLOCK));
    finish();
}

/* One page in 64, one in 2, or all but one in 8: filled up it would be larger by more than a tenth. */
static void sparse_memory_is_never_asked_for(void **state)
{
    static const size_t steps[] = {64, 2};
    uintptr_t p;

    (void)state;
    begin(WM_HUGE_DENSE);
    for (int i = 0; i < 40; i++) {
        p = allocate(4 * BLOCK);
        assert_false(is_asked_for(p));
        touch(p, 4 * BLOCK, steps[i % 2] * PAGE);
    }
    for (int i = 0; i < 40; i++) {
        p = allocate(BLOCK);
        assert_false(is_asked_for(p));
        for (size_t page = 0; page < PAGES_OF_A_BLOCK; page++)
            if (page % 8 != 0)
                stamp(p + page * PAGE, 1);
        if (i % 3 == 0)
            release(p);
    }
    finish();
}

/* Blocks that nobody has touched are no witness against those that were filled. */
static void what_is_filled_up_to_somewhere_is_dense(void **state)
{
    uintptr_t p;

    (void)state;
    begin(WM_HUGE_DENSE);
    p = allocate(16 * BLOCK);
    touch(p, 5 * BLOCK, PAGE);
    assert_true(is_asked_for(allocate(16 * BLOCK)));
    finish();
}

/* Trust ends after a while, and one of the like is looked at again. */
static void who_turns_sparse_is_noticed(void **state)
{
    int asked_for = 0, later = 0;
    uintptr_t p;

    (void)state;
    begin(WM_HUGE_DENSE);
    p = allocate(BLOCK);
    touch(p, BLOCK, PAGE);
    for (int i = 0; i < 200; i++) {
        p = allocate(BLOCK);
        touch(p, BLOCK, 64 * PAGE);
        asked_for += is_asked_for(p);
        later += i >= 20 && is_asked_for(p);
    }
    assert_in_range(asked_for, 1, 16);
    assert_int_equal(later, 0);
    finish();
}

/* The witness is looked at when it is filled to three quarters; the program has not changed its ways. */
static void one_that_is_being_filled_is_waited_for(void **state)
{
    uintptr_t p, witness = 0;
    int asked_for = 0;

    (void)state;
    begin(WM_HUGE_DENSE);
    p = allocate(BLOCK);
    touch(p, BLOCK, PAGE);
    for (int i = 0; i < 60; i++) {
        p = allocate(BLOCK);
        asked_for += is_asked_for(p);
        if (i == 16)
            witness = p;
        touch(p, i == 16 ? BLOCK / 4 * 3 : BLOCK, PAGE);
        if (i == 18)
            touch(witness, BLOCK, PAGE);
    }
    assert_int_equal(asked_for, 58); /* all but the 17th, and the one after 4 and 32 more */
    finish();
}

static void who_fills_half_is_noticed(void **state)
{
    int asked_for = 0;
    uintptr_t p;

    (void)state;
    begin(WM_HUGE_DENSE);
    p = allocate(BLOCK);
    touch(p, BLOCK, PAGE);
    for (int i = 0; i < 100; i++) {
        p = allocate(BLOCK);
        touch(p, BLOCK / 2, PAGE);
        asked_for += is_asked_for(p);
    }
    assert_int_equal(asked_for, 32);
    finish();
}

static void who_stays_dense_is_trusted_longer(void **state)
{
    int spared = 0;
    uintptr_t p;

    (void)state;
    begin(WM_HUGE_DENSE);
    for (int i = 0; i < 300; i++) {
        p = allocate(BLOCK);
        spared += !is_asked_for(p);
        touch(p, BLOCK, PAGE);
        release(p);
    }
    assert_in_range(spared, 2, 6); /* 1, then after 16, 32, 64, 128 */
    finish();
}

/* --- nobody can tell (L639) --- */

static void expect_zeros(uintptr_t base, size_t bytes)
{
    for (uintptr_t addr = base; addr < base + bytes; addr += PAGE)
        assert_int_equal(stamped(addr), 0);
}

static void expect_stamps(uintptr_t base, size_t bytes)
{
    for (uintptr_t addr = base; addr < base + bytes; addr += PAGE)
        assert_int_equal(stamped(addr), addr);
}

/* Two blocks, asked for and filled. */
static uintptr_t filled(void)
{
    uintptr_t p;

    begin(WM_HUGE_ALWAYS);
    p = allocate(2 * BLOCK);
    assert_true(is_asked_for(p));
    touch(p, 2 * BLOCK, PAGE);
    return p;
}

static void a_part_that_is_decommitted_comes_back_empty(void **state)
{
    static const size_t lengths[] = {PAGE, GRAIN, MiB};
    uintptr_t p = filled(), at;

    (void)state;
    for (int i = 0; i < 3; i++) {
        at = p + GRAIN * (size_t)(2 + 8 * i);
        decommit(at, lengths[i]);
        assert_true(faults(at));
        commit(at, lengths[i], WM_READWRITE);
        expect_zeros(at, lengths[i]);
        touch(at, lengths[i], PAGE);
        expect_stamps(p, 2 * BLOCK);
    }
    release(p);
    finish();
}

static void a_part_that_is_decommitted_gives_its_memory_back(void **state)
{
    uintptr_t p = filled();

    (void)state;
    decommit(p + MiB, BLOCK);
    assert_int_equal(wm_kern_count_present(wm_range_of(p + MiB, BLOCK)), 0);
    assert_int_equal(wm_kern_count_present(wm_range_of(p, MiB)), MiB / PAGE);
    expect_stamps(p, MiB);
    expect_stamps(p + 3 * MiB, MiB);
    release(p);
    finish();
}

static void a_part_can_be_protected(void **state)
{
    uintptr_t p = filled();
    bool guarded;

    (void)state;
    must_protect(p + 5 * PAGE, PAGE, WM_READONLY);
    must_protect(p + BLOCK - PAGE, 2 * PAGE, WM_NOACCESS);
    must_protect(p + 9 * PAGE, PAGE, WM_READWRITE | WM_PAGE_GUARD);
    assert_false(wm_kern_writable((void *)(p + 5 * PAGE), 4));
    assert_true(faults(p + BLOCK) && faults(p + 9 * PAGE));
    MUST(lift_guard(p + 9 * PAGE, &guarded));
    assert_true(guarded);
    must_protect(p, 2 * BLOCK, WM_READWRITE);
    expect_stamps(p, 2 * BLOCK);
    release(p);
    finish();
}

static void a_part_can_be_locked(void **state)
{
    uintptr_t p = filled();

    (void)state;
    MUST(wm_op_lock(wm_range_of(p + 3 * PAGE, 4 * PAGE)));
    assert_true(wm_kern_are_locked(wm_range_of(p + 3 * PAGE, 4 * PAGE)));
    MUST(unlock_pages(wm_range_of(p + 3 * PAGE, 4 * PAGE)));
    assert_false(wm_kern_has_locked(wm_range_of(p, 2 * BLOCK)));
    expect_stamps(p, 2 * BLOCK);
    release(p);
    finish();
}

static wm_status reset_or_undo(enum wm_alloc_kind kind, uintptr_t base, size_t bytes)
{
    uintptr_t result = 0;

    return alloc(kind, base, bytes, WM_READWRITE, false, &result);
}

/* What was asked for has small pages from then on, whether it has huge ones now or not: a store would fill gaps. */
static void contents_that_may_go_are_in_small_pages(void **state)
{
    uintptr_t p = filled(), q;

    (void)state;
    MUST(reset_or_undo(WM_ALLOC_RESET, p + 16 * PAGE, MiB));
    assert_false(is_asked_for(p + 16 * PAGE));
    MUST(reset_or_undo(WM_ALLOC_UNDO, p + 16 * PAGE, MiB));
    expect_stamps(p, 2 * BLOCK);
    q = allocate(2 * BLOCK);
    assert_true(is_asked_for(q));
    MUST(wm_op_offer(wm_range_of(q, BLOCK)));
    assert_false(is_asked_for(q));
    MUST(wm_op_reclaim(wm_range_of(q, BLOCK)));
    release(p);
    release(q);
    finish();
}

/* Dropped, and then one byte written: what came back with it is no proof. */
static void a_loss_is_told(void **state)
{
    uintptr_t p = filled();

    (void)state;
    MUST(reset_or_undo(WM_ALLOC_RESET, p, 2 * BLOCK));
    assert_int_equal(madvise((void *)p, 2 * BLOCK, MADV_DONTNEED), 0); /* as if the kernel had */
    stamp(p, 1);
    madvise((void *)p, 2 * BLOCK, 25 /* MADV_COLLAPSE */);
    EXPECT_STATUS(WM_CONTENTS_LOST, reset_or_undo(WM_ALLOC_UNDO, p, 2 * BLOCK));
    release(p);
    finish();
}

/* A part becomes a placeholder, or goes: what is left is what it was. */
static void a_part_can_be_released(void **state)
{
    uintptr_t p = filled();

    (void)state;
    MUST(free_pages(WM_FREE_PART, p + MiB, BLOCK));
    expect_stamps(p, MiB);
    expect_stamps(p + 3 * MiB, MiB);
    MUST(reset_or_undo(WM_ALLOC_RESET, p, MiB)); /* and still known to have been asked for */
    assert_false(is_asked_for(p));
    release(p);
    release(p + 3 * MiB);
    finish();
}

static void a_child_has_its_own(void **state)
{
    uintptr_t p = filled();
    int status = 0;
    pid_t child = fork();

    (void)state;
    if (child == 0) {
        stamp(p, 5);
        decommit(p + BLOCK, GRAIN);
        commit(p + BLOCK, GRAIN, WM_READWRITE);
        _exit(stamped(p + BLOCK) == 0 && stamped(p + PAGE) == p + PAGE && is_asked_for(allocate(BLOCK)) ? 0
                                                                                                        : 1);
    }
    waitpid(child, &status, 0);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    expect_stamps(p, 2 * BLOCK);
    release(p);
    finish();
}

/* What is there is there, and what was decommitted is not, whatever the size of its pages. */
static void pages_in_memory_are_told(void **state)
{
    uintptr_t p = filled();
    struct wm_pages_req req = {.count = 3,
                               .pages = {{.addr = p}, {.addr = p + BLOCK + 7 * PAGE}, {.addr = p + MiB}}};

    (void)state;
    decommit(p + MiB, PAGE);
    MUST(wm_op_pages(&req));
    assert_true(req.pages[0].valid && req.pages[1].valid && !req.pages[2].valid);
    release(p);
    finish();
}

/* --- random requests --- */

enum { BLOCKS = 4, PAGES = BLOCKS * PAGES_OF_A_BLOCK, ROUNDS = 1500 };

static struct {
    bool committed, stamped;
} model[PAGES];

static void expect_model(uintptr_t base, struct dice *dice)
{
    for (int i = 0; i < 64; i++) {
        size_t page = below(dice, PAGES);
        uintptr_t addr = base + page * PAGE;

        if (model[page].committed)
            assert_int_equal(stamped(addr), model[page].stamped ? addr : 0);
        else
            assert_false(wm_kern_readable((void *)addr, 1));
    }
}

/* Whole blocks as often as a few pages. */
static void some_pages(struct dice *dice, size_t *first, size_t *count)
{
    size_t unit = below(dice, 2) == 0 ? PAGES_OF_A_BLOCK : 1;

    *first = below(dice, (unsigned)(PAGES / unit)) * unit;
    *count = (1 + below(dice, 4)) * unit;
    if (*count > PAGES - *first)
        *count = PAGES - *first;
}

static void one_request(uintptr_t base, struct dice *dice)
{
    size_t first, count;
    uintptr_t at;
    unsigned what = below(dice, 6);

    some_pages(dice, &first, &count);
    at = base + first * PAGE;
    if (what < 2)
        commit(at, count * PAGE, WM_READWRITE);
    else if (what == 2)
        decommit(at, count * PAGE);
    for (size_t page = first; page < first + count; page++) {
        model[page].committed = what < 2 || (what != 2 && model[page].committed);
        model[page].stamped = model[page].committed && model[page].stamped;
        if (what == 3 && model[page].committed) {
            stamp(base + page * PAGE, base + page * PAGE);
            model[page].stamped = true;
        }
        if (what == 4 && model[page].committed && model[page].stamped) {
            MUST(reset_or_undo(WM_ALLOC_RESET, base + page * PAGE, PAGE));
            EXPECT_STATUS(WM_OK, reset_or_undo(WM_ALLOC_UNDO, base + page * PAGE, PAGE));
            break;
        }
    }
}

static void random_requests_are_as_in_small_pages(void **state)
{
    struct dice dice = {7};
    uintptr_t base;

    (void)state;
    begin(WM_HUGE_ALWAYS);
    base = wm_up(reserve((BLOCKS + 1) * BLOCK), BLOCK);
    for (int i = 0; i < ROUNDS; i++) {
        one_request(base, &dice);
        expect_model(base, &dice);
        if (i % 64 == 0)
            finish();
    }
    finish();
}

/* --- kernels that do not --- */

/* L640: the wish is refused for whatever reason: the memory is there. */
static void a_refusal_is_no_error(void **state)
{
    static const int errors[] = {ENOMEM, EINVAL, EPERM};
    uintptr_t p;

    (void)state;
    begin(WM_HUGE_ALWAYS);
    p = reserve(2 * BLOCK);
    for (int i = 0; i < 3; i++) {
        wm_fault_nth(2, errors[i]); /* after the mprotect */
        commit(p, 2 * BLOCK, WM_READWRITE);
        assert_true(wm_fault_count() >= 2);
        wm_fault_nth(0, 0);
        assert_false(is_asked_for(p));
        touch(p, 2 * BLOCK, PAGE);
        decommit(p, 2 * BLOCK);
    }
    assert_true(wm_feature_in_use("huge_advice")); /* one range says nothing about the kernel */
    commit(p, 2 * BLOCK, WM_READWRITE);
    assert_true(is_asked_for(p));
    finish();
}

static void without_the_advice_nobody_is_asked_for(void **state)
{
    uintptr_t p;

    (void)state;
    begin(WM_HUGE_ALWAYS);
    wm_probe_lacks(WM_FEATURE_HUGE_ADVICE);
    p = allocate(BLOCK);
    assert_false(is_asked_for(p));
    finish();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_asked_for),
        cmocka_unit_test(blocks_begin_at_their_multiples),
        cmocka_unit_test(blocks_cost_no_mappings),
        cmocka_unit_test(memory_of_other_kinds_is_not),
        cmocka_unit_test(what_was_committed_in_part_is_not),
        cmocka_unit_test(a_placeholder_may_become_a_piece),
        cmocka_unit_test(nobody_is_asked_for_by_who_says_never),
        cmocka_unit_test(words_that_mean_nothing_change_nothing),
        cmocka_unit_test(a_length_that_was_filled_is_asked_for),
        cmocka_unit_test(what_was_filled_and_released_is_remembered),
        cmocka_unit_test(sparse_memory_is_never_asked_for),
        cmocka_unit_test(what_is_filled_up_to_somewhere_is_dense),
        cmocka_unit_test(who_turns_sparse_is_noticed),
        cmocka_unit_test(one_that_is_being_filled_is_waited_for),
        cmocka_unit_test(who_fills_half_is_noticed),
        cmocka_unit_test(who_stays_dense_is_trusted_longer),
        cmocka_unit_test(a_part_that_is_decommitted_comes_back_empty),
        cmocka_unit_test(a_part_that_is_decommitted_gives_its_memory_back),
        cmocka_unit_test(a_part_can_be_protected),
        cmocka_unit_test(a_part_can_be_locked),
        cmocka_unit_test(contents_that_may_go_are_in_small_pages),
        cmocka_unit_test(a_loss_is_told),
        cmocka_unit_test(a_part_can_be_released),
        cmocka_unit_test(a_child_has_its_own),
        cmocka_unit_test(pages_in_memory_are_told),
        cmocka_unit_test(random_requests_are_as_in_small_pages),
        cmocka_unit_test(a_refusal_is_no_error),
        cmocka_unit_test(without_the_advice_nobody_is_asked_for),
    };

    return RUN_APART(tests);
}
