/* Whose image an address lies in: the dynamic linker and the kernel's list say the same. */
#include "vm.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/mman.h>

#include "kern/probe.h"
#include "kern/process/peer.h"

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

static char data[3 * PAGE] = {1}, zeros[5 * PAGE];

/* Where the way of other processes has to end where the linker does, although the list merges what lies behind. */
static void must_be_told_alike(uintptr_t addr)
{
    struct wm_range by_linker = {0}, by_list = {0};

    assert_true(wm_kern_image(addr, &by_linker));
    assert_true(wm_peer_image(NULL, addr, &by_list));
    assert_int_equal(by_list.start, by_linker.start);
    assert_int_equal(by_list.end, by_linker.end);
}

/* L641 */
static void an_image_is_one_with_and_without_the_linker(void **state)
{
    (void)state;
    if (!wm_probe_finds(WM_FEATURE_FIND_OBJECT, wm_trial_find_object))
        skip();
    must_be_told_alike((uintptr_t)an_image_is_one_with_and_without_the_linker);
    must_be_told_alike((uintptr_t)data);
    must_be_told_alike((uintptr_t)zeros + sizeof zeros - 1);
    must_be_told_alike(*(uintptr_t *)(uintptr_t)&stdout); /* in libc's data */
    must_be_told_alike(getauxval(AT_SYSINFO_EHDR));
}

/* L641 */
static void what_is_no_image_is_none(void **state)
{
    uintptr_t p = allocate(PAGE), here = (uintptr_t)&p, block = (uintptr_t)malloc(PAGE);
    struct wm_range image;

    (void)state;
    assert_false(wm_own_image(p, &image));
    assert_false(wm_own_image(here, &image));
    assert_false(wm_own_image(block, &image));
    assert_false(wm_peer_image(NULL, p, &image));
    assert_false(wm_peer_image(NULL, here, &image));
    assert_false(wm_peer_image(NULL, block, &image));
    free((void *)block);
    release(p);
}

/* L641: memory right behind an image's .bss, which the kernel shows as one with it. */
static void what_lies_behind_an_image_is_not_in_it(void **state)
{
    struct wm_range program = wm_kern_program(), image;
    char *behind = mmap((void *)program.end, PAGE, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

    (void)state;
    if (behind == MAP_FAILED || !wm_probe_finds(WM_FEATURE_FIND_OBJECT, wm_trial_find_object))
        skip();
    assert_false(wm_peer_image(NULL, program.end, &image));
    must_be_told_alike((uintptr_t)zeros);
    munmap(behind, PAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_image_is_one_with_and_without_the_linker),
        cmocka_unit_test(what_is_no_image_is_none),
        cmocka_unit_test(what_lies_behind_an_image_is_not_in_it),
    };

    return RUN_APART(tests);
}
