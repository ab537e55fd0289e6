/* block.h: a header is believed where it was written, as it was written. */
#include "heap.h"

#include <sys/mman.h>

#include "heap/block.h"
#include "kern/signals/tryread.h"

enum { PAGE = 4096, HEADER_BITS = WM_BLOCK_HEADER * 8, MOST_LEAD = 4 * 16, MOST_SLACK = 0xffff * 16 };

static uint8_t *pages; /* three, the second of which can be used */

static int set_up(void **state)
{
    (void)state;
    pages = mmap(NULL, 3 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return pages == MAP_FAILED || mprotect(pages + PAGE, PAGE, PROT_READ | PROT_WRITE) != 0 ||
           wm_kern_allow_tries() != 0;
}

static struct wm_block roll_block(struct dice *dice)
{
    return (struct wm_block){
        .at = (uintptr_t)pages + PAGE + 16 + below(dice, PAGE / 16) * 16,
        .bytes = roll(dice) % (WM_BLOCK_MOST + 1) >> below(dice, 47),
        .slack = below(dice, MOST_SLACK / 16 + 1) * (size_t)16,
        .lead = 16 + below(dice, MOST_LEAD / 16) * (size_t)16,
        .slot = (uint32_t)roll(dice),
        .table = (uint8_t)below(dice, 256),
    };
}

static bool same(const struct wm_block *a, const struct wm_block *b)
{
    return a->at == b->at && a->bytes == b->bytes && a->slack == b->slack && a->lead == b->lead &&
           a->slot == b->slot && a->table == b->table;
}

static bool reads(uintptr_t at)
{
    struct wm_block block;

    return wm_block_read(at, &block);
}

/* --- what is written --- */

static void a_header_says_what_was_written(void **state)
{
    struct dice dice = {1};
    struct wm_block out;

    (void)state;
    for (int i = 0; i < 100000; i++) {
        struct wm_block block = roll_block(&dice);

        wm_block_write(&block);
        assert_true(wm_block_read(block.at, &out));
        assert_true(same(&block, &out));
    }
}

static void slack_is_cut_to_what_can_be_said(void **state)
{
    struct dice dice = {2};
    struct wm_block block = roll_block(&dice), out;

    (void)state;
    for (block.slack = MOST_SLACK - 64; block.slack < MOST_SLACK + 100; block.slack++) {
        wm_block_write(&block);
        assert_true(wm_block_read(block.at, &out));
        assert_int_equal(out.slack, block.slack < MOST_SLACK ? block.slack / 16 * 16 : MOST_SLACK);
        assert_true(out.bytes == block.bytes && out.slot == block.slot);
    }
}

static void flip(uintptr_t at, unsigned bit)
{
    ((uint8_t *)at)[-WM_BLOCK_HEADER + (int)(bit / 8)] ^= (uint8_t)(1u << bit % 8);
}

static void every_flipped_bit_is_noticed(void **state)
{
    struct dice dice = {3};

    (void)state;
    for (int i = 0; i < 2000; i++) {
        struct wm_block block = roll_block(&dice);

        wm_block_write(&block);
        for (unsigned bit = 0; bit < HEADER_BITS; bit++) {
            flip(block.at, bit);
            assert_false(reads(block.at));
            flip(block.at, bit);
        }
        assert_true(reads(block.at));
    }
}

/* The check has 16 bits: of other changes one in 65536 gets through, and no more. */
static void most_other_changes_are_noticed(void **state)
{
    enum { ROUNDS = 1000000 };
    struct dice dice = {4};
    struct wm_block block = roll_block(&dice);
    uint64_t words[2];
    unsigned unnoticed = 0;

    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        words[0] = roll(&dice);
        words[1] = roll(&dice);
        memcpy((void *)(block.at - WM_BLOCK_HEADER), words, sizeof words);
        unnoticed += reads(block.at);
    }
    assert_in_range(unnoticed, 0, 4 * ROUNDS / 65536);
}

static void a_header_is_good_at_its_place_only(void **state)
{
    struct dice dice = {5};
    unsigned unnoticed = 0;

    (void)state;
    for (int i = 0; i < 100000; i++) {
        struct wm_block block = roll_block(&dice), other = roll_block(&dice);

        wm_block_write(&block);
        memmove((void *)(other.at - WM_BLOCK_HEADER), (void *)(block.at - WM_BLOCK_HEADER), WM_BLOCK_HEADER);
        unnoticed += other.at != block.at && reads(other.at);
    }
    assert_in_range(unnoticed, 0, 10);
}

/* --- where it can be --- */

static void addresses_that_no_block_has(void **state)
{
    struct dice dice = {6};
    struct wm_block block = roll_block(&dice);

    (void)state;
    wm_block_write(&block);
    for (uintptr_t off = 1; off < 16; off++) {
        assert_false(reads(block.at + off));
        assert_false(reads(block.at - off));
    }
    for (uintptr_t at = 0; at < 64; at++)
        assert_false(reads(at));
    memset(pages + PAGE, 0, PAGE);
    for (uintptr_t at = 16; at <= PAGE; at += 16)
        assert_false(reads((uintptr_t)pages + PAGE + at));
}

/* At the beginning of a page the header lies on the one before; at its end nothing else does. */
static void pages_that_cannot_be_read(void **state)
{
    struct wm_block block = {.at = (uintptr_t)pages + 2 * PAGE, .lead = 16}, out;

    (void)state;
    wm_block_write(&block);
    assert_true(wm_block_read(block.at, &out));
    assert_false(reads((uintptr_t)pages + PAGE));
    assert_false(reads((uintptr_t)pages + 2 * PAGE + 16));
    assert_int_equal(mprotect(pages + PAGE, PAGE, PROT_READ), 0);
    assert_true(reads(block.at));
    assert_int_equal(mprotect(pages + PAGE, PAGE, PROT_NONE), 0);
    assert_false(reads(block.at));
    munmap(pages + PAGE, PAGE);
    assert_false(reads(block.at));
}

static void addresses_that_cannot_be(void **state)
{
    const uintptr_t places[] = {0x800000000000,     0x800000000010,     0x8000000000000000,
                                0xffff800000000000, 0xffffffffff600010, 0xfffffffffffffff0,
                                0x7ffffffffff0,     0x7fffffff0000};
    struct dice dice = {7};

    (void)state;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        assert_false(reads(places[i]));
    for (int i = 0; i < 10000; i++)
        reads(roll(&dice) & ~(uintptr_t)15);
}

static void pages_behind_the_end_of_a_file(void **state)
{
    FILE *file = tmpfile();
    uint8_t *p = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fileno(file), 0);

    (void)state;
    assert_true(p != MAP_FAILED);
    assert_false(reads((uintptr_t)p + 16)); /* SIGBUS */
    assert_false(reads((uintptr_t)p + PAGE));
    fclose(file);
}

/* --- where it is put --- */

static void leads_align_blocks_and_leave_room_for_headers(void **state)
{
    const size_t sizes[] = {0, 1, 100, WM_BLOCK_LARGE - 1, WM_BLOCK_LARGE, WM_BLOCK_LARGE + 1, WM_BLOCK_MOST};

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        for (uintptr_t start = 0x10000; start < 0x10000 + PAGE; start += 16) {
            size_t lead = wm_block_lead(start, sizes[i]);
            uintptr_t alignment = sizes[i] >= WM_BLOCK_LARGE ? WM_BLOCK_LARGE_ALIGNMENT : WM_BLOCK_ALIGNMENT;

            assert_int_equal((start + lead) % alignment, 0);
            assert_in_range(lead, WM_BLOCK_HEADER, wm_block_added(sizes[i]));
        }
}

static void blocks_of_a_heap_lie_as_promised(void **state)
{
    HANDLE heap = HeapCreate(0, 0, 0);

    (void)state;
    for (size_t bytes = 0; bytes < 3 * MiB; bytes += bytes < 4096 ? 7 : 65521) {
        uintptr_t at = (uintptr_t)HeapAlloc(heap, 0, bytes);

        assert_int_not_equal(at, 0);
        assert_int_equal(at % (bytes >= MiB ? 64 : 16), 0);
        memset((void *)at, 0x5a, bytes);
        assert_int_equal(HeapSize(heap, 0, (void *)at), bytes);
    }
    assert_true(HeapValidate(heap, 0, NULL));
    assert_true(HeapDestroy(heap));
}

/*
 * Nothing that is done with such a block changes anything, and a mended one is as good as before. HeapSize does not look at
 * the check.
 */
static void a_block_with_a_broken_header_is_none(void **state)
{
    const size_t sizes[] = {0, 40, 5000, 2 * MiB};
    HANDLE heap = HeapCreate(0, 0, 0);

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct held held = {.at = HeapAlloc(heap, 0, sizes[i]), .bytes = sizes[i]};

        write_held(&held, i);
        for (unsigned bit = 0; bit < HEADER_BITS; bit++) {
            flip((uintptr_t)held.at, bit);
            assert_false(HeapValidate(heap, 0, held.at));
            assert_null(HeapReAlloc(heap, 0, held.at, 100));
            assert_false(HeapFree(heap, 0, held.at));
            if (bit % 32 == 0)
                assert_false(HeapValidate(heap, 0, NULL));
            flip((uintptr_t)held.at, bit);
        }
        assert_true(is_held(&held) && HeapValidate(heap, 0, NULL) && HeapFree(heap, 0, held.at));
    }
    assert_true(HeapDestroy(heap));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_header_says_what_was_written, set_up),
        cmocka_unit_test_setup(slack_is_cut_to_what_can_be_said, set_up),
        cmocka_unit_test_setup(every_flipped_bit_is_noticed, set_up),
        cmocka_unit_test_setup(most_other_changes_are_noticed, set_up),
        cmocka_unit_test_setup(a_header_is_good_at_its_place_only, set_up),
        cmocka_unit_test_setup(addresses_that_no_block_has, set_up),
        cmocka_unit_test_setup(pages_that_cannot_be_read, set_up),
        cmocka_unit_test_setup(addresses_that_cannot_be, set_up),
        cmocka_unit_test_setup(pages_behind_the_end_of_a_file, set_up),
        cmocka_unit_test(leads_align_blocks_and_leave_room_for_headers),
        cmocka_unit_test(blocks_of_a_heap_lie_as_promised),
        cmocka_unit_test(a_block_with_a_broken_header_is_none),
    };

    return RUN_HEAP(tests);
}
