/* The commit map of a section against an array of flags: what was set is found, wherever questions begin and end. */
#include "vm.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include "vm/sections/commits.h"

enum { ROUNDS = 400 };

static struct wm_commits make(uint64_t pages)
{
    struct wm_commits commits = {0};
    struct wm_file_id id;
    int fd = wm_kern_memfd(pages * WM_PAGE + wm_commits_bytes(pages * WM_PAGE), &id);

    assert_true(fd >= 0);
    assert_int_equal(wm_commits_open(&commits, fd, pages * WM_PAGE), 0);
    wm_kern_close(fd);
    assert_int_equal(commits.pages, pages);
    return commits;
}

static uint64_t random_below(uint64_t *seed, uint64_t limit)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (*seed >> 33) % limit;
}

static void expect_like(const struct wm_commits *commits, const bool *flags, uint64_t page, uint64_t first,
                        uint64_t end)
{
    uint64_t last = page, start = page;

    while (last < end && flags[last] == flags[page])
        last++;
    while (start > first && flags[start - 1] == flags[page])
        start--;
    assert_int_equal(wm_commits_has(commits, page), flags[page]);
    assert_int_equal(wm_commits_end(commits, page, end), last);
    if (flags[page])
        assert_int_equal(wm_commits_start(commits, page, first), start);
}

static void agrees_with_flags(uint64_t pages, uint64_t longest)
{
    struct wm_commits commits = make(pages);
    bool *flags = calloc(pages, sizeof *flags);
    uint64_t seed = pages;

    for (int i = 0; i < ROUNDS; i++) {
        uint64_t first = random_below(&seed, pages), end = first + 1 + random_below(&seed, longest), page;

        end = end < pages ? end : pages;
        if (i % 2 == 0) {
            wm_commits_set(&commits, first, end);
            memset(flags + first, true, end - first);
        }
        page = first + random_below(&seed, end - first);
        expect_like(&commits, flags, page, first, pages);
        expect_like(&commits, flags, page, 0, end);
    }
    free(flags);
    wm_commits_close(&commits);
    assert_null(commits.words);
}

static void a_map_knows_what_was_set(void **state)
{
    (void)state;
    agrees_with_flags(1, 1);
    agrees_with_flags(63, 3);
    agrees_with_flags(64, 70);
    agrees_with_flags(65, 5);
    agrees_with_flags(1000, 20);
    agrees_with_flags(WM_COMMITS_CHUNK, 300);
    agrees_with_flags(WM_COMMITS_CHUNK + 1, WM_COMMITS_CHUNK);
    agrees_with_flags(5 * WM_COMMITS_CHUNK + 17, WM_COMMITS_CHUNK / 3);
    agrees_with_flags(70 * WM_COMMITS_CHUNK, WM_COMMITS_CHUNK + 100);
}

/* Bytes of it that are in memory. */
static size_t resident(const struct wm_commits *commits)
{
    size_t pages = wm_commits_bytes(commits->pages * WM_PAGE) / WM_PAGE, count = 0;
    unsigned char *in = malloc(pages);

    assert_int_equal(mincore(commits->words, pages * WM_PAGE, in), 0);
    for (size_t i = 0; i < pages; i++)
        count += in[i] & 1;
    free(in);
    return count;
}

static void a_map_of_little_takes_little(void **state)
{
    uint64_t pages = (uint64_t)1 << 28, middle = pages / 2 + 12345; /* a terabyte */
    struct wm_commits commits = make(pages);

    (void)state;
    wm_commits_set(&commits, middle, middle + 3);
    assert_int_equal(wm_commits_end(&commits, 0, pages), middle);
    assert_int_equal(wm_commits_end(&commits, middle, pages), middle + 3);
    assert_int_equal(wm_commits_end(&commits, middle + 3, pages), pages);
    assert_in_range(resident(&commits), 2, 4);
    wm_commits_close(&commits);
}

static void a_file_that_is_too_short_has_no_map(void **state)
{
    struct wm_commits commits = {0};
    struct wm_file_id id;
    int fd = wm_kern_memfd(PAGE, &id);

    (void)state;
    assert_int_equal(wm_commits_open(&commits, fd, PAGE), -EINVAL);
    assert_null(commits.words);
    wm_kern_close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_map_knows_what_was_set),
        cmocka_unit_test(a_map_of_little_takes_little),
        cmocka_unit_test(a_file_that_is_too_short_has_no_map),
    };

    return RUN_APART(tests);
}
