/*
 * A refusal about one range, at one moment, says nothing of the kernel: no mechanism is switched off by what
 * the program's memory is like. The kernel is made to refuse once, or really refuses; afterwards the mechanism
 * is still in use, and works.
 */
#include "vm.h"

#include "support/locked.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kern/pages/pagestate.h"
#include "kern/process/peer.h"

enum { LENGTH = 16 * PAGE };

static void need(const char *name)
{
    if (!wm_feature_in_use(name))
        skip();
}

static void expect_in_use(const char *name)
{
    wm_fault_script(NULL);
    wm_fault_nth(0, 0);
    assert_true(wm_feature_in_use(name));
}

/* The program locks a page by itself: nobody is told. */
static void decommitting_a_page_that_the_program_locked_leaves_markers_in_use(void **state)
{
    uintptr_t p = allocate(LENGTH);

    (void)state;
    need("guard_markers");
    stamp_pages(p, 16);
    if (program_locks(p + 4 * PAGE, PAGE) != 0)
        skip();
    decommit(p + 4 * PAGE, PAGE);
    expect_in_use("guard_markers");
    decommit(p + 8 * PAGE, PAGE);
    release(p);
    check_book();
}

static void the_first_marker_of_all_may_be_refused(void **state)
{
    uintptr_t p = allocate(LENGTH);

    (void)state;
    wm_fault_script("madvise:EINVAL");
    decommit(p + 4 * PAGE, PAGE);
    wm_fault_script(NULL);
    need("guard_markers");
    wm_fault_script("madvise:EINVAL,ok,EINVAL");
    decommit(p + 5 * PAGE, PAGE);
    decommit(p + 6 * PAGE, PAGE);
    expect_in_use("guard_markers");
    release(p);
}

/* Everything is locked from now on, a page to try with as well. */
static void with_all_memory_locked_markers_stay_in_use(void **state)
{
    uintptr_t p;

    (void)state;
    if (program_locks_all_to_come() != 0 || !wm_feature_in_use("guard_markers"))
        skip();
    p = allocate(LENGTH);
    decommit(p + 4 * PAGE, PAGE);
    expect_in_use("guard_markers");
    release(p);
}

static void a_pin_that_finds_no_mapping_leaves_pinning_in_use(void **state)
{
    (void)state;
    MUST(wm_home_ready());
    for (unsigned n = 1; n <= 2; n++) { /* no page to try with; no split */
        wm_fault_nth(n, ENOMEM);
        assert_false(wm_kern_can_pin());
        wm_fault_nth(0, 0);
    }
    if (!wm_kern_can_pin())
        skip();
    expect_in_use("mlock");
}

static void ask_of_the_stack(void)
{
    struct wm_vma vma;
    int here = 0;

    assert_int_equal(wm_kern_vma((uintptr_t)&here, &vma), 0);
    assert_true(vma.range.start <= (uintptr_t)&here && (uintptr_t)&here < vma.range.end);
}

static int descriptor_of_maps(void)
{
    for (int fd = 3; fd < 100; fd++) {
        char link[40], path[64] = "";

        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        if (readlink(link, path, sizeof path - 1) > 5 && strcmp(path + strlen(path) - 5, "/maps") == 0)
            return fd;
    }
    return -1;
}

static void a_foreign_file_under_our_number_leaves_queries_in_use(void **state)
{
    int foreign = open("/dev/null", O_RDONLY | O_CLOEXEC), ours;

    (void)state;
    need("procmap_query");
    ask_of_the_stack();
    ours = descriptor_of_maps();
    assert_true(foreign >= 0 && ours >= 0 && dup2(foreign, ours) == ours);
    ask_of_the_stack();
    expect_in_use("procmap_query");
    assert_true(descriptor_of_maps() > ours);
}

/* One that was refused is no kernel without it. */
static void a_query_that_is_refused_once_leaves_queries_in_use(void **state)
{
    (void)state;
    need("procmap_query");
    wm_fault_script("ioctl:EINVAL");
    ask_of_the_stack();
    expect_in_use("procmap_query");
}

/* A kernel without it keeps none of our descriptors. */
static void where_there_are_no_queries_no_descriptor_is_kept(void **state)
{
    (void)state;
    need("procmap_query");
    wm_fault_script("ioctl:EINVAL,EINVAL,EINVAL");
    ask_of_the_stack();
    assert_false(wm_feature_in_use("procmap_query"));
    assert_int_equal(descriptor_of_maps(), -1);
}

static void a_process_that_may_not_be_opened_leaves_descriptors_in_use(void **state)
{
    struct wm_peer peer;

    (void)state;
    need("pidfd");
    wm_fault_nth(1, EPERM);
    if (wm_peer_open(getpid(), &peer) == 0)
        wm_peer_close(&peer);
    expect_in_use("pidfd");
}

static void a_process_that_may_not_be_read_leaves_reading_in_use(void **state)
{
    uint64_t from = 4711, to = 0;
    struct wm_peer peer;

    (void)state;
    need("process_vm");
    assert_int_equal(wm_peer_open(getpid(), &peer), 0);
    wm_fault_nth(1, EPERM);
    wm_peer_read_unseen(&peer, &to, (uintptr_t)&from, sizeof to);
    assert_int_equal(to, from); /* by the file */
    expect_in_use("process_vm");
    wm_peer_close(&peer);
}

/* Asking what is in use switches nothing off either. */
static void asking_without_a_descriptor_left_leaves_moving_in_use(void **state)
{
    (void)state;
    MUST(wm_home_ready());
    wm_fault_nth(1, EMFILE);
    wm_feature_in_use("uffd_move");
    wm_fault_nth(0, 0);
    need("uffd_move");
}

/* --- trials --- */

static const char *const names[] = {
#define FEATURE(NAME, name, how, needs) #name,
#include "kern/features.def"
#undef FEATURE
};

/* In a process where nobody has asked yet: once while the n-th call fails (0: none does), then again. */
static bool told_after_a_failure(const char *name, unsigned n, int error)
{
    int status = 0;
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0) {
        wm_fault_nth(n, error);
        wm_feature_in_use(name);
        wm_fault_nth(0, 0);
        _exit(wm_feature_in_use(name));
    }
    waitpid(pid, &status, 0);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status) != 0;
}

/* L156 */
static void what_runs_out_during_a_trial_says_nothing(void **state)
{
    static const int errors[] = {ENOMEM, EMFILE, ENFILE};
    enum { CALLS = 8 };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        bool wanted = told_after_a_failure(names[i], 0, 0);

        for (size_t k = 0; k < sizeof errors / sizeof errors[0]; k++)
            for (unsigned n = 1; n <= CALLS; n++)
                if (told_after_a_failure(names[i], n, errors[k]) != wanted)
                    fail_msg("%s: call %u fails with %d, and it is told otherwise", names[i], n, errors[k]);
    }
}

static int trials, trial_says;

static int count_trial(void)
{
    trials++;
    return trial_says;
}

static void is_tried(int says, bool sure, bool may)
{
    trial_says = says;
    assert_int_equal(wm_probe_finds(WM_FEATURE_NUMA, count_trial), sure);
    assert_int_equal(wm_probe_has(WM_FEATURE_NUMA), may);
}

static void a_feature_is_tried_until_somebody_knows(void **state)
{
    (void)state;
    is_tried(-EAGAIN, false, true);
    is_tried(-EMFILE, false, true);
    is_tried(0, true, true);
    assert_int_equal(trials, 3);
    is_tried(-ENOSYS, true, true); /* nobody asks any more */
    assert_int_equal(trials, 3);
    assert_false(wm_probe_retry(WM_FEATURE_NUMA, count_trial)); /* but a sandbox may have been entered */
    is_tried(0, false, false);
    wm_probe_told(WM_FEATURE_NUMA, 0);
    assert_false(wm_probe_has(WM_FEATURE_NUMA));
    assert_int_equal(trials, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decommitting_a_page_that_the_program_locked_leaves_markers_in_use),
        cmocka_unit_test(the_first_marker_of_all_may_be_refused),
        cmocka_unit_test(with_all_memory_locked_markers_stay_in_use),
        cmocka_unit_test(a_pin_that_finds_no_mapping_leaves_pinning_in_use),
        cmocka_unit_test(a_foreign_file_under_our_number_leaves_queries_in_use),
        cmocka_unit_test(a_query_that_is_refused_once_leaves_queries_in_use),
        cmocka_unit_test(where_there_are_no_queries_no_descriptor_is_kept),
        cmocka_unit_test(a_process_that_may_not_be_opened_leaves_descriptors_in_use),
        cmocka_unit_test(a_process_that_may_not_be_read_leaves_reading_in_use),
        cmocka_unit_test(asking_without_a_descriptor_left_leaves_moving_in_use),
        cmocka_unit_test(what_runs_out_during_a_trial_says_nothing),
        cmocka_unit_test(a_feature_is_tried_until_somebody_knows),
    };

    return RUN_APART(tests);
}
