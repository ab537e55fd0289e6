/* threadrecords.c: the records of threads: whose they are, when their thread is gone, and that there are never many more. */
#include "vm.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>

#include "vm/threads/records.h"

static uint32_t tid(void)
{
    return (uint32_t)syscall(SYS_gettid);
}

static void *run(void *(*what)(void *), void *arg)
{
    void *result = NULL;
    pthread_t thread;

    assert_int_equal(pthread_create(&thread, NULL, what, arg), 0);
    assert_int_equal(pthread_join(thread, &result), 0);
    return result;
}

static unsigned records(void)
{
    unsigned count = 0;

    for (struct wm_thread *t = NULL; (t = wm_thread_next(t)) != NULL;)
        count++;
    return count;
}

static void *look(void *arg)
{
    struct wm_thread *self = wm_thread_self();

    (void)arg;
    assert_non_null(self);
    assert_int_equal(self->id, tid());
    assert_int_equal(wm_thread_id(), tid());
    assert_ptr_equal((void *)self->teb.self, self);
    assert_int_equal(self->teb.thread_id, tid());
    assert_int_equal(self->teb.process_id, getpid());
    assert_ptr_equal(wm_thread_self(), self);
    assert_false(wm_thread_is_gone(self));
    return self;
}

static void each_thread_has_one_record(void **state)
{
    struct wm_thread *mine = look(NULL);

    (void)state;
    assert_ptr_not_equal(mine, run(look, NULL));
}

static void there_are_never_many_more_than_threads(void **state)
{
    unsigned before;

    (void)state;
    look(NULL);
    for (int i = 0; i < 50; i++)
        run(look, NULL);
    before = records();
    for (int i = 0; i < 1000; i++)
        run(look, NULL);
    assert_int_equal(records(), before);
    assert_true(before < 20);
}

/* --- opened by others --- */

struct meeting {
    pthread_barrier_t here, looked;
    uint32_t id;
};

static void *be_opened(void *arg)
{
    struct meeting *meeting = arg;

    meeting->id = tid();
    pthread_barrier_wait(&meeting->here);
    pthread_barrier_wait(&meeting->looked);
    return look(NULL);
}

static void who_is_opened_before_he_was_here_takes_that_record(void **state)
{
    struct meeting meeting;
    struct wm_thread *found;
    pthread_t thread;
    void *own;
    bool full;

    (void)state;
    pthread_barrier_init(&meeting.here, NULL, 2);
    pthread_barrier_init(&meeting.looked, NULL, 2);
    assert_int_equal(pthread_create(&thread, NULL, be_opened, &meeting), 0);
    pthread_barrier_wait(&meeting.here);
    found = wm_thread_find(meeting.id, &full);
    assert_non_null(found);
    assert_false(full);
    assert_ptr_equal(wm_thread_find(meeting.id, &full), found);
    assert_false(wm_thread_is_gone(found));
    pthread_barrier_wait(&meeting.looked);
    assert_int_equal(pthread_join(thread, &own), 0);
    assert_ptr_equal(own, found);
    assert_true(wm_thread_is_gone(found));
    assert_null(wm_thread_find(meeting.id, &full));
    assert_false(full);
    assert_int_equal(found->id, meeting.id);
    wm_thread_let_go(found);
    assert_int_equal(found->id, meeting.id);
    wm_thread_let_go(found);
    assert_int_equal(found->id, 0);
}

/* --- its end --- */

static void *leave_by_the_kernel(void *arg)
{
    struct meeting *meeting = arg;

    look(NULL);
    meeting->id = tid();
    pthread_barrier_wait(&meeting->here);
    syscall(SYS_exit, 0);
    return NULL;
}

static void whoever_waits_for_a_mark_is_woken_however_the_thread_ends(void **state)
{
    struct meeting meeting;
    struct wm_thread *found;
    const uint32_t *word;
    uint32_t value;
    pthread_t thread;
    bool full;

    (void)state;
    if (SANITIZED)
        skip(); /* it does not know of a bare exit */
    for (int i = 0; i < 100; i++) {
        pthread_barrier_init(&meeting.here, NULL, 2);
        assert_int_equal(pthread_create(&thread, NULL, leave_by_the_kernel, &meeting), 0);
        pthread_barrier_wait(&meeting.here);
        found = wm_thread_find(meeting.id, &full);
        while (found != NULL && (word = wm_end_mark_awaited(&found->mark, &value)) != NULL)
            syscall(SYS_futex, word, FUTEX_WAIT, value, NULL);
        if (found != NULL) {
            assert_true(wm_thread_is_gone(found));
            wm_thread_let_go(found);
        }
        pthread_join(thread, NULL);
    }
}

static void what_is_expected_and_does_not_come_goes(void **state)
{
    unsigned before;

    (void)state;
    wm_thread_forget(wm_thread_expect());
    before = records();
    for (int i = 0; i < 100; i++)
        wm_thread_forget(wm_thread_expect());
    assert_int_equal(records(), before);
}

/* --- forks --- */

static void *stay(void *arg)
{
    struct meeting *meeting = arg;

    look(NULL);
    meeting->id = tid();
    pthread_barrier_wait(&meeting->here);
    pthread_barrier_wait(&meeting->looked);
    return NULL;
}

static int in_child(struct wm_thread *mine, struct wm_thread *other)
{
    if (wm_thread_id() != tid() || look(NULL) != mine)
        return 1;
    if (!wm_thread_is_gone(other) || wm_thread_is_gone(mine))
        return 2;
    return !THREAD_SANITIZED && run(look, NULL) == mine ? 3 : 0;
}

static void expect_child(pid_t child)
{
    int status;

    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void in_a_child_the_others_are_gone(void **state)
{
    struct wm_thread *mine = look(NULL), *other;
    struct meeting meeting;
    pthread_t thread;
    pid_t child;
    bool full;

    (void)state;
    pthread_barrier_init(&meeting.here, NULL, 2);
    pthread_barrier_init(&meeting.looked, NULL, 2);
    assert_int_equal(pthread_create(&thread, NULL, stay, &meeting), 0);
    pthread_barrier_wait(&meeting.here);
    other = wm_thread_find(meeting.id, &full);
    assert_non_null(other);
    child = fork();
    if (child == 0)
        _exit(in_child(mine, other));
    expect_child(child);
    child = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (child == 0)
        _exit(wm_thread_id() == tid() && wm_thread_self()->id == tid() && wm_thread_is_gone(other) ? 0 : 1);
    expect_child(child);
    assert_false(wm_thread_is_gone(other));
    pthread_barrier_wait(&meeting.looked);
    pthread_join(thread, NULL);
    wm_thread_let_go(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_thread_has_one_record),
        cmocka_unit_test(there_are_never_many_more_than_threads),
        cmocka_unit_test(who_is_opened_before_he_was_here_takes_that_record),
        cmocka_unit_test(whoever_waits_for_a_mark_is_woken_however_the_thread_ends),
        cmocka_unit_test(what_is_expected_and_does_not_come_goes),
        cmocka_unit_test(in_a_child_the_others_are_gone),
    };

    return RUN_APART(tests);
}
