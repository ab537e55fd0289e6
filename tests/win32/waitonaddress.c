/* waitonaddress.c: WaitOnAddress for each size, and that a wake-up reaches whom it is for. */
#include "../support/locks.h"

#ifdef _WIN32 /* mingw has them in a library of their own */
#define WaitOnAddress COMPAT(BOOL, "WaitOnAddress", volatile void *, void *, SIZE_T, DWORD)
#define WakeByAddressSingle COMPAT(void, "WakeByAddressSingle", void *)
#define WakeByAddressAll COMPAT(void, "WakeByAddressAll", void *)
#endif

static union {
    unsigned char bytes[16];
    unsigned short words[8];
    unsigned numbers[4];
    unsigned long long big[2];
} memory;

static unsigned awake;

TEST(waitonaddress, another_value_is_no_wait, "D17.5a")
{
    static const SIZE_T sizes[] = {1, 2, 4, 8};
    unsigned long long other = ~0ull;

    for (int i = 0; i < 4; i++)
        EXPECT_OK(WaitOnAddress(&memory, &other, sizes[i], INFINITE));
}

TEST(waitonaddress, time_is_over, "D17.5b")
{
    static const SIZE_T sizes[] = {1, 2, 4, 8};
    unsigned long long zero = 0;

    for (int i = 0; i < 4; i++) {
        double start = check_seconds();

        memory.bytes[sizes[i]] = 1; /* beside it */
        EXPECT_FAIL(ERROR_TIMEOUT, WaitOnAddress(&memory, &zero, sizes[i], 20));
        EXPECT(check_seconds() - start > 0.005);
        memory.bytes[sizes[i]] = 0;
    }
    EXPECT_FAIL(ERROR_TIMEOUT, WaitOnAddress(&memory, &zero, 8, 0));
}

TEST(waitonaddress, other_sizes, "D17.5c")
{
    unsigned long long zero = 0;

    EXPECT_FAIL(ERROR_INVALID_PARAMETER, WaitOnAddress(&memory, &zero, 0, 0));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, WaitOnAddress(&memory, &zero, 3, 0));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, WaitOnAddress(&memory, &zero, 16, 0));
}

struct sleeper {
    struct check_thread thread;
    void *address;
    SIZE_T bytes;
    int woken;
};

/* Until it is woken once, whatever the memory says. */
static void sleep_there(void *arg)
{
    struct sleeper *sleeper = arg;
    unsigned long long zero = 0;

    EXPECT(WaitOnAddress(sleeper->address, &zero, sleeper->bytes, 5000));
    ATOMIC_SET(sleeper->woken, 1);
    ATOMIC_ADD(awake, 1);
}

static void start(struct sleeper *sleeper, void *address, SIZE_T bytes)
{
    sleeper->address = address;
    sleeper->bytes = bytes;
    sleeper->woken = 0;
    thread_start(&sleeper->thread, sleep_there, sleeper);
}

TEST(waitonaddress, one_or_all, "D17.5d")
{
    struct sleeper sleepers[A_FEW];

    for (int i = 0; i < A_FEW; i++)
        start(&sleepers[i], memory.numbers, 4);
    check_sleep(50);
    EXPECT_EQ(ATOMIC_GET(awake), 0);
    WakeByAddressSingle(memory.numbers);
    UNTIL(ATOMIC_GET(awake) == 1);
    check_sleep(20);
    EXPECT_EQ(ATOMIC_GET(awake), 1);
    WakeByAddressAll(memory.numbers);
    for (int i = 0; i < A_FEW; i++)
        thread_join(&sleepers[i].thread);
    EXPECT_EQ(awake, A_FEW);
}

/* Bytes of one word, and neighbours of other sizes. */
TEST(waitonaddress, who_waits_for_another_address_is_not_woken, "D17.5d")
{
    struct sleeper sleepers[4];

    for (int i = 0; i < 4; i++)
        start(&sleepers[i], memory.bytes + i, 1);
    check_sleep(50);
    for (unsigned i = 0; i < 4; i++) {
        WakeByAddressSingle(memory.bytes + 8);
        WakeByAddressSingle(memory.bytes + (i + 2) % 4);
        UNTIL(ATOMIC_GET(awake) == i + 1);
        EXPECT(ATOMIC_GET(sleepers[(i + 2) % 4].woken));
    }
    for (int i = 0; i < 4; i++)
        thread_join(&sleepers[i].thread);
}

/* --- no wake-up is lost: two threads pass a number to and fro --- */

enum { PASSES = 10000 / (SANITIZED ? 10 : 1) };

static unsigned pass_bytes;

static unsigned long long get(void)
{
    switch (pass_bytes) {
    case 1: return ATOMIC_GET(memory.bytes[0]);
    case 2: return ATOMIC_GET(memory.words[0]);
    case 4: return ATOMIC_GET(memory.numbers[0]);
    default: return ATOMIC_GET(memory.big[0]);
    }
}

/* Of 8 bytes only the upper half changes. */
static void put(unsigned long long value)
{
    switch (pass_bytes) {
    case 1: ATOMIC_SET(memory.bytes[0], (unsigned char)value); break;
    case 2: ATOMIC_SET(memory.words[0], (unsigned short)value); break;
    case 4: ATOMIC_SET(memory.numbers[0], (unsigned)value); break;
    default: ATOMIC_SET(memory.big[0], value);
    }
}

static void pass(int number)
{
    unsigned long long mine = number ? (pass_bytes == 8 ? 1ull << 32 : 1) : 0;
    unsigned long long other = number ? 0 : (pass_bytes == 8 ? 1ull << 32 : 1);

    for (int i = 0; i < PASSES; i++) {
        while (get() != mine)
            EXPECT(WaitOnAddress(&memory, &other, pass_bytes, INFINITE));
        put(other);
        WakeByAddressSingle(&memory);
    }
}

static void pass_of(unsigned bytes)
{
    pass_bytes = bytes;
    work_with(2, pass);
}

TEST(waitonaddress, no_wake_up_is_lost, "D17.5a")
{
    pass_of(1);
    pass_of(2);
    pass_of(4);
}

TEST(waitonaddress, nor_one_of_eight_bytes, "D17.5a")
{
    pass_of(8);
}

#ifdef WINMEM_VERSION_MAJOR

static int signals;

/* Also from a handler somebody can be woken. */
static void count_signal(int number)
{
    (void)number;
    ATOMIC_ADD(signals, 1);
    WakeByAddressAll(memory.numbers + 1);
}

TEST(waitonaddress, signals_do_not_end_a_wait, "L455")
{
    struct sleeper sleepers[2];

    signal(SIGUSR1, count_signal);
    start(&sleepers[0], memory.numbers, 4);
    start(&sleepers[1], memory.numbers + 1, 4);
    check_sleep(30);
    for (int i = 0; i < 10; i++) {
        pthread_kill(sleepers[0].thread.handle, SIGUSR1);
        check_sleep(1);
    }
    UNTIL(ATOMIC_GET(signals) > 0 && ATOMIC_GET(awake) == 1);
    WakeByAddressSingle(memory.numbers);
    thread_join(&sleepers[0].thread);
    thread_join(&sleepers[1].thread);
}

TEST(waitonaddress, memory_need_not_be_there_any_more, "L456")
{
    char *page = VirtualAlloc(NULL, 4096, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);

    MUST(page != NULL && VirtualFree(page, 0, MEM_RELEASE));
    WakeByAddressSingle(page);
    WakeByAddressAll(page);
}

TEST(waitonaddress, what_is_not_aligned, "L457")
{
    unsigned long long zero = 0;
    struct sleeper sleeper;

    EXPECT_FAIL(ERROR_TIMEOUT, WaitOnAddress(memory.bytes + 3, &zero, 4, 5));
    EXPECT_FAIL(ERROR_TIMEOUT, WaitOnAddress(memory.bytes + 3, &zero, 8, 5));
    start(&sleeper, memory.bytes + 3, 8);
    check_sleep(20);
    WakeByAddressSingle(memory.bytes + 3);
    thread_join(&sleeper.thread);
    memory.bytes[10] = 1;
    EXPECT_OK(WaitOnAddress(memory.bytes + 3, &zero, 8, INFINITE));
}

#endif
