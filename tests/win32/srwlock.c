/* srwlock.c: SRWLOCK: alone or shared, tried, waited for, by threads that read and threads that write. */
#include "../support/starvation.h"

static SRWLOCK lock = SRWLOCK_INIT;
/* Guarded by the lock that is tested: a plain variable, so that a sanitizer sees whether it is. */
static unsigned guarded;
static int within;

/* --- one thread --- */

TEST(srwlock, alone_or_shared, "D17.2a D17.2b")
{
    EXPECT_EQ(sizeof lock, 8);
    InitializeSRWLock(&lock);
    AcquireSRWLockExclusive(&lock);
    EXPECT(!TryAcquireSRWLockExclusive(&lock));
    EXPECT(!TryAcquireSRWLockShared(&lock));
    ReleaseSRWLockExclusive(&lock);
    AcquireSRWLockShared(&lock);
    EXPECT(TryAcquireSRWLockShared(&lock));
    EXPECT(!TryAcquireSRWLockExclusive(&lock));
    ReleaseSRWLockShared(&lock);
    EXPECT(!TryAcquireSRWLockExclusive(&lock));
    ReleaseSRWLockShared(&lock);
    EXPECT(TryAcquireSRWLockExclusive(&lock));
    ReleaseSRWLockExclusive(&lock);
    EXPECT(lock.Ptr == NULL);
}

/* --- several --- */

static void write_often(int number)
{
    (void)number;
    for (int i = 0; i < 20000 / (SANITIZED ? 20 : 1); i++) {
        AcquireSRWLockExclusive(&lock);
        guarded++;
        ReleaseSRWLockExclusive(&lock);
    }
}

TEST(srwlock, one_writer_at_a_time, "D17.2a")
{
    work_with(A_FEW, write_often);
    EXPECT_EQ(guarded, A_FEW * (20000 / (SANITIZED ? 20 : 1)));
    EXPECT(lock.Ptr == NULL);
}

static unsigned twin, differences;

static void read_or_write(int number)
{
    for (int i = 0; i < 6400 / (SANITIZED ? 20 : 1); i++) {
        if ((i + number) % 8 == 0) {
            AcquireSRWLockExclusive(&lock);
            guarded++;
            twin++;
            ReleaseSRWLockExclusive(&lock);
        } else {
            AcquireSRWLockShared(&lock);
            if (guarded != twin)
                ATOMIC_ADD(differences, 1);
            ReleaseSRWLockShared(&lock);
        }
    }
}

static void read_and_write(int threads)
{
    work_with(threads, read_or_write);
    EXPECT_EQ(differences, 0);
    EXPECT_EQ(guarded, threads * (6400 / (SANITIZED ? 20 : 1) / 8));
    EXPECT(TryAcquireSRWLockExclusive(&lock));
    ReleaseSRWLockExclusive(&lock);
}

TEST(srwlock, readers_and_writers, "D17.2a D17.2b")
{
    read_and_write(A_FEW);
}

TEST(srwlock, sixty_four_readers_and_writers, "D17.2a D17.2b")
{
    read_and_write(MANY);
}

static void be_there_together(int number)
{
    double until = check_seconds() + 2;

    (void)number;
    AcquireSRWLockShared(&lock);
    ATOMIC_ADD(within, 1);
    while (ATOMIC_GET(within) < A_FEW && check_seconds() < until)
        check_sleep(1);
    EXPECT_EQ(ATOMIC_GET(within), A_FEW);
    ReleaseSRWLockShared(&lock);
}

TEST(srwlock, readers_share_it, "D17.2b")
{
    work_with(A_FEW, be_there_together);
}

static void write_once(void *arg)
{
    (void)arg;
    AcquireSRWLockExclusive(&lock);
    guarded++;
    ReleaseSRWLockExclusive(&lock);
    ATOMIC_SET(within, 1);
}

static void read_once(void *arg)
{
    AcquireSRWLockShared(&lock);
    *(unsigned *)arg = guarded;
    ReleaseSRWLockShared(&lock);
    ATOMIC_ADD(within, 1);
}

TEST(srwlock, a_writer_waits_for_readers, "D17.2a")
{
    struct check_thread thread;

    AcquireSRWLockShared(&lock);
    thread_start(&thread, write_once, NULL);
    check_sleep(30);
    EXPECT_EQ(ATOMIC_GET(within), 0);
    ReleaseSRWLockShared(&lock);
    thread_join(&thread);
    EXPECT_EQ(guarded, 1);
}

TEST(srwlock, all_readers_come_after_a_writer, "D17.2b")
{
    struct check_thread threads[A_FEW];
    unsigned saw[A_FEW];

    AcquireSRWLockExclusive(&lock);
    for (int i = 0; i < A_FEW; i++)
        thread_start(&threads[i], read_once, &saw[i]);
    check_sleep(30);
    EXPECT_EQ(ATOMIC_GET(within), 0);
    guarded = 7;
    ReleaseSRWLockExclusive(&lock);
    for (int i = 0; i < A_FEW; i++)
        thread_join(&threads[i]);
    for (int i = 0; i < A_FEW; i++)
        EXPECT_EQ(saw[i], 7);
}

#ifdef WINMEM_VERSION_MAJOR

#include "../support/child.h"

/* --- nobody waits for long --- */

/* So many of them write; the others read, one on top of the other. */
static int writers;

static void hog(int number)
{
    while (!ATOMIC_GET(stop)) {
        double start = check_seconds();

        if (number < writers) {
            AcquireSRWLockExclusive(&lock);
            note_turn(number, start);
            ReleaseSRWLockExclusive(&lock);
        } else {
            AcquireSRWLockShared(&lock);
            note_turn(number, start);
            ReleaseSRWLockShared(&lock);
        }
    }
}

static void nobody_starves(int writing)
{
    writers = writing;
    expect_nobody_starves(hog);
}

TEST(srwlock, readers_do_not_keep_a_writer_out, "L453")
{
    nobody_starves(1);
}

TEST(srwlock, writers_do_not_keep_a_reader_out, "L453")
{
    nobody_starves(3);
}

TEST(srwlock, writers_do_not_keep_each_other_out, "L453")
{
    nobody_starves(4);
}

/* Not only when it looks for itself, after 100 ms. */
static double time_until_woken(BOOL writes_first, void (*next)(void *))
{
    struct check_thread thread;
    unsigned saw;
    double start;

    if (writes_first)
        AcquireSRWLockExclusive(&lock);
    else
        AcquireSRWLockShared(&lock);
    thread_start(&thread, next, &saw);
    UNTIL(((uintptr_t)ATOMIC_GET(lock.Ptr) & 0xc0000000u) != 0);
    check_sleep(2);
    start = check_seconds();
    if (writes_first)
        ReleaseSRWLockExclusive(&lock);
    else
        ReleaseSRWLockShared(&lock);
    thread_join(&thread);
    return check_seconds() - start;
}

static double time_until_all_are_woken(void)
{
    double waited = 0;

    for (int i = 0; i < 10; i++) {
        waited += time_until_woken(TRUE, write_once);
        waited += time_until_woken(TRUE, read_once);
        waited += time_until_woken(FALSE, write_once);
    }
    return waited;
}

TEST(srwlock, who_waits_is_woken_at_once, "L459")
{
    EXPECT(time_until_all_are_woken() < 0.9 || time_until_all_are_woken() < 0.9 ||
           time_until_all_are_woken() < 0.9);
}

/* --- forks, signals --- */

static void use_it_anew(void)
{
    unsigned saw;

    EXPECT(TryAcquireSRWLockExclusive(&lock));
    ReleaseSRWLockExclusive(&lock);
    read_once(&saw);
    write_once(NULL);
    work_with(A_FEW, write_often);
}

static void release_and_use(void)
{
    EXPECT(!TryAcquireSRWLockShared(&lock));
    ReleaseSRWLockExclusive(&lock);
    use_it_anew();
}

TEST(srwlock, a_child_has_what_its_thread_had, "L454")
{
    struct check_thread threads[A_FEW];
    unsigned saw[A_FEW];

    AcquireSRWLockExclusive(&lock);
    EXPECT_EQ(end_of(release_and_use), 0);
    for (int i = 0; i < A_FEW; i++)
        thread_start(&threads[i], i % 2 ? read_once : write_once, &saw[i]);
    UNTIL(((uintptr_t)ATOMIC_GET(lock.Ptr) & 0xc0000000u) == 0xc0000000u);
    EXPECT_EQ(end_of(release_and_use), 0);
    ReleaseSRWLockExclusive(&lock);
    for (int i = 0; i < A_FEW; i++)
        thread_join(&threads[i]);
}

static int signals;

static void try_in_handler(int number)
{
    (void)number;
    ATOMIC_ADD(signals, 1);
    if (TryAcquireSRWLockShared(&lock))
        ReleaseSRWLockShared(&lock);
}

static void wait_for_both(void *arg)
{
    unsigned saw;

    write_once(arg);
    read_once(&saw);
}

TEST(srwlock, signals_do_not_end_a_wait, "L455")
{
    struct check_thread thread;

    signal(SIGUSR1, try_in_handler);
    AcquireSRWLockExclusive(&lock);
    thread_start(&thread, wait_for_both, NULL);
    for (int i = 0; i < 20; i++) {
        check_sleep(1);
        pthread_kill(thread.handle, SIGUSR1);
    }
    UNTIL(ATOMIC_GET(signals) > 0);
    EXPECT_EQ(ATOMIC_GET(within), 0);
    ReleaseSRWLockExclusive(&lock);
    thread_join(&thread);
    EXPECT_EQ(guarded, 1);
}

/* --- memory that goes --- */

static SRWLOCK *lent;
static int users;

static void use_lent(int number)
{
    SRWLOCK *mine = ATOMIC_GET(lent);
    int left;

    if (number % 2) {
        AcquireSRWLockShared(mine);
        ReleaseSRWLockShared(mine);
    }
    AcquireSRWLockExclusive(mine);
    left = --users;
    ReleaseSRWLockExclusive(mine);
    if (left == 0)
        VirtualFree(mine, 0, MEM_RELEASE);
}

TEST(srwlock, whoever_has_it_last_may_free_it, "L456")
{
    for (int i = 0; i < 300; i++) {
        lent = VirtualAlloc(NULL, 4096, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);
        MUST(lent != NULL);
        users = A_FEW;
        work_with(A_FEW, use_lent);
    }
}

#endif
