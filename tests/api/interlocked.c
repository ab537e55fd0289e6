/* interlocked.c: the Interlocked functions and intrinsics, and single instructions, which programs have from the headers. */
#include "api.h"

#include <intrin.h>

#define WANT(truth, name)                                                                                    \
    do {                                                                                                     \
        if (!(truth))                                                                                        \
            check_fail(__FILE__, __LINE__, "%s: not true: %s", name, #truth);                                \
    } while (0)
#include "../support/interlocked.h"

TEST(interlocked, functions_of_32_bits, "L520"){INTERLOCKED_32(LONG)
#ifdef WINMEM_VERSION_MAJOR
                                                    SUBTRACT(InterlockedExchangeSubtract, ULONG)
#endif
}

TEST(interlocked, intrinsics_of_32_bits, "L520"){INTRINSICS_32(LONG)}

TEST(interlocked, functions_of_64_bits, "L520"){INTERLOCKED_64(LONG64)}

TEST(interlocked, intrinsics_of_64_bits, "L520"){INTRINSICS_64(LONG64)}

#ifdef WINMEM_VERSION_MAJOR /* mingw-w64 has not all of these */
TEST(interlocked, functions_and_intrinsics_of_16_bits, "L520"){INTERLOCKED_16(SHORT) INTRINSICS_16(SHORT)}

TEST(interlocked, functions_and_intrinsics_of_8_bits, "L520"){INTERLOCKED_8(CHAR) INTRINSICS_8(CHAR)}
#endif

TEST(interlocked, single_bits, "L520 L521"){INTERLOCKED_BITS(LONG, LONG64)}

/* In a program for Linux these are types of their own, on Windows the first is LONG64. */
TEST(interlocked, every_integer_of_64_bits, "L522"){
    INTERLOCKED_64(int64_t) INTRINSICS_64(int64_t)
#ifdef WINMEM_VERSION_MAJOR
        INTERLOCKED_64(uint64_t) READS_AND_WRITES_OF(64, int64_t) READS_AND_WRITES(ULong64, uint64_t)
            COMPLEMENTS(InterlockedBitTestAndComplement64, int64_t) SETS(_interlockedbittestandset, int64_t)
#endif
}

TEST(interlocked, pointers, "L520")
{
    int a, b;
    PVOID at = &a;

    EXPECT_EQ(InterlockedExchangePointer(&at, &b), &a);
    EXPECT_EQ(InterlockedCompareExchangePointer(&at, NULL, &a), &b);
    EXPECT_EQ(InterlockedCompareExchangePointer(&at, &a, &b), &b);
    EXPECT_EQ(_InterlockedExchangePointer(&at, &b), &a);
    EXPECT_EQ(_InterlockedCompareExchangePointer(&at, NULL, &b), &b);
    EXPECT_EQ(at, NULL);
#ifdef WINMEM_VERSION_MAJOR
    EXPECT_EQ(InterlockedExchangePointerAcquire(&at, &b), NULL);
    EXPECT_EQ(InterlockedExchangePointerNoFence(&at, &a), &b);
    EXPECT_EQ(InterlockedCompareExchangePointerAcquire(&at, &b, &a), &a);
    EXPECT_EQ(InterlockedCompareExchangePointerRelease(&at, &a, &b), &b);
    EXPECT_EQ(InterlockedCompareExchangePointerNoFence(&at, &b, &a), &a);
    EXPECT_EQ(at, &b);
#endif
}

#ifdef WINMEM_VERSION_MAJOR
/* Both halves are compared, and both exchanged; otherwise the comparand becomes what is there. */
TEST(interlocked, pairs_of_128_bits, "L520")
{
    __attribute__((aligned(16))) LONG64 pair[2] = {1, -2};
    LONG64 comparand[2] = {1, 2};

    EXPECT_EQ(InterlockedCompareExchange128(pair, 4, 3, comparand), 0);
    EXPECT_EQ(comparand[1], -2);
    comparand[0] = 0;
    EXPECT_EQ(InterlockedCompareExchange128(pair, 4, 3, comparand), 0);
    EXPECT_EQ(comparand[0], 1);
    EXPECT_EQ(InterlockedCompareExchange128(pair, 4, 3, comparand), 1);
    EXPECT_EQ(pair[0], 3);
    EXPECT_EQ(pair[1], 4);
    EXPECT_EQ(comparand[0], 1);
    EXPECT_EQ(comparand[1], -2);
}

TEST(interlocked, reading_and_writing_in_an_order, "L520")
{
    READS_AND_WRITES_OF(8, CHAR)
    READS_AND_WRITES_OF(16, SHORT)
    READS_AND_WRITES_OF(, LONG)
    READS_AND_WRITES_OF(64, LONG64)
    READS_AND_WRITES(UChar, UCHAR)
    READS_AND_WRITES(UShort, USHORT)
    READS_AND_WRITES(ULong, ULONG)
    READS_AND_WRITES(ULong64, ULONG64)
    READS_AND_WRITES(Boolean, BOOLEAN)
    READS_AND_WRITES(Pointer, PVOID)
    READS_AND_WRITES(LongPtr, LONG_PTR)
    READS_AND_WRITES(ULongPtr, ULONG_PTR)
    READS_AND_WRITES(SizeT, SIZE_T)
}
#endif

/* --- what two threads see --- */

enum { ROUNDS = 100000 };

static struct {
    LONG count, lock, guarded;
    LONG64 wide;
    __attribute__((aligned(16))) LONG64 pair[2];
    volatile LONG data, ready;
} shared;

static void take(void)
{
    while (InterlockedCompareExchange(&shared.lock, 1, 0) != 0)
        YieldProcessor();
}

static void add_to_pair(void)
{
#ifdef WINMEM_VERSION_MAJOR
    LONG64 seen[2] = {shared.pair[0], shared.pair[1]};

    while (!InterlockedCompareExchange128(shared.pair, seen[1] + 1, seen[0] + 1, seen))
        ;
#else
    shared.pair[0] = shared.pair[1] = 2 * ROUNDS;
#endif
}

static void count(void)
{
    for (int i = 0; i < ROUNDS; i++) {
        InterlockedIncrement(&shared.count);
        InterlockedExchangeAdd64(&shared.wide, 3);
        add_to_pair();
        take();
        shared.guarded++;
        InterlockedExchange(&shared.lock, 0);
    }
}

#ifdef _WIN32
static unsigned __stdcall start(void *run)
{
    (*(void (**)(void))run)();
    return 0;
}
#else
static void *start(void *run)
{
    (*(void (**)(void))run)();
    return NULL;
}
#endif

static void on_two_threads(void (*here)(void), void (*there)(void))
{
#ifdef _WIN32
    HANDLE thread = (HANDLE)_beginthreadex(NULL, 0, start, &there, 0, NULL);

    MUST(thread != NULL);
    here();
    MUST(WaitForSingleObject(thread, INFINITE) == WAIT_OBJECT_0);
    CloseHandle(thread);
#else
    pthread_t thread;

    MUST(pthread_create(&thread, NULL, start, &there) == 0);
    here();
    MUST(pthread_join(thread, NULL) == 0);
#endif
}

TEST(interlocked, two_threads_lose_nothing, "L520")
{
    on_two_threads(count, count);
    EXPECT_EQ(shared.count, 2 * ROUNDS);
    EXPECT_EQ(shared.guarded, 2 * ROUNDS);
    EXPECT_EQ(shared.wide, 6 * ROUNDS);
    EXPECT_EQ(shared.pair[0], 2 * ROUNDS);
    EXPECT_EQ(shared.pair[1], 2 * ROUNDS);
}

#ifdef WINMEM_VERSION_MAJOR
/* What was written before a release is there after the acquire that sees it. */
static void publish(void)
{
    for (LONG i = 1; i <= ROUNDS; i++) {
        WriteNoFence(&shared.data, i);
        WriteRelease(&shared.ready, i);
    }
}

static void look(void)
{
    LONG ready, wrong = 0;

    do {
        ready = ReadAcquire(&shared.ready);
        wrong += ReadNoFence(&shared.data) < ready;
    } while (ready < ROUNDS);
    EXPECT_EQ(wrong, 0);
}

TEST(interlocked, release_and_acquire, "L520")
{
    on_two_threads(look, publish);
}

/*
 * Each writes its own and looks at the other's: with a full barrier between the two, one at least sees the other. They meet
 * before each round, so that neither is ahead.
 */
static struct {
    __attribute__((aligned(64))) LONG arrived;
    struct {
        __attribute__((aligned(64))) LONG own, seen;
    } of[2];
} barrier;

static void wait_for_both(LONG number)
{
    InterlockedIncrement(&barrier.arrived);
    for (int i = 1; ReadAcquire(&barrier.arrived) < number; i++)
        if (i % 10000 == 0)
            sched_yield();
}

static void meet(int me)
{
    for (LONG i = 1; i <= 20000; i++) {
        wait_for_both(4 * i - 2);
        for (volatile LONG late = i * (3 + 4 * me) % 97; late > 0; late--)
            ; /* whoever waited hears of it later than who came last: by chance they begin at once */
        WriteNoFence(&barrier.of[me].own, i);
        MemoryBarrier();
        barrier.of[me].seen = ReadNoFence(&barrier.of[1 - me].own) == i;
        wait_for_both(4 * i);
        if (!barrier.of[0].seen && !barrier.of[1].seen)
            check_fail(__FILE__, __LINE__, "in round %d neither saw the other", (int)i);
    }
}

static void meet_here(void)
{
    meet(0);
}

static void meet_there(void)
{
    meet(1);
}

TEST(interlocked, a_memory_barrier_orders_a_store_before_a_load, "L520")
{
    on_two_threads(meet_here, meet_there);
}
#endif

/* --- single instructions --- */

TEST(interlocked, lowest_and_highest_bit, "L523")
{
    DWORD index = 77;

    EXPECT_EQ(_BitScanForward(&index, 0x80010), 1);
    EXPECT_EQ(index, 4);
    EXPECT_EQ(_BitScanReverse(&index, 0x80010), 1);
    EXPECT_EQ(index, 19);
    EXPECT_EQ(_BitScanReverse(&index, 0x80000000), 1);
    EXPECT_EQ(index, 31);
    EXPECT_EQ(_BitScanForward64(&index, 0x8000000000000000), 1);
    EXPECT_EQ(index, 63);
    EXPECT_EQ(_BitScanReverse64(&index, 1), 1);
    EXPECT_EQ(index, 0);
    EXPECT_EQ(_BitScanForward(&index, 0) | _BitScanReverse(&index, 0), 0);
    EXPECT_EQ(_BitScanForward64(&index, 0) | _BitScanReverse64(&index, 0), 0);
}

TEST(interlocked, the_index_of_a_bit_may_be_an_unsigned_long, "L523")
{
    unsigned long index = ~0ul;

    EXPECT_EQ(_BitScanForward(&index, 8), 1);
    EXPECT_EQ(index, 3);
    EXPECT_EQ(_BitScanReverse64(&index, 1ull << 40), 1);
    EXPECT_EQ(index, 40);
    EXPECT_EQ(BitScanForward(&index, 2), 1);
    EXPECT_EQ(index, 1);
}

TEST(interlocked, bits_without_a_lock, "L521"){
    BITS(_bittestandset, LONG, 1, 1) BITS(_bittestandreset, LONG, 0, 0)
        BITS(_bittestandcomplement, LONG, 1, 0) BITS(_bittest, LONG, 0, 1)
            BITS(_bittestandset64, LONG64, 1, 1) BITS(_bittestandreset64, LONG64, 0, 0)
                BITS(_bittestandcomplement64, LONG64, 1, 0) BITS(_bittest64, LONG64, 0, 1)
#ifdef WINMEM_VERSION_MAJOR
                    BITS_BEYOND(_bittestandset, LONG, 1, 1) BITS_BEYOND(_bittestandcomplement64, LONG64, 1, 0)
                        BITS_BEYOND(_bittest64, LONG64, 0, 1)
#endif
}

TEST(interlocked, counting_turning_and_rotating, "L523")
{
    EXPECT_EQ(__popcnt16(0xf00f), 8);
    EXPECT_EQ(__popcnt(0xffffffff), 32);
    EXPECT_EQ(__popcnt64(0xf0000000000000f1), 9);
    EXPECT_EQ(_byteswap_ushort(0x1234), 0x3412);
    EXPECT_EQ(_byteswap_ulong(0x12345678), 0x78563412);
    EXPECT_EQ(_byteswap_uint64(0x0123456789abcdef), 0xefcdab8967452301);
    EXPECT_EQ(_rotl8(0x81, 1), 3);
    EXPECT_EQ(_rotr8(0x81, 8), 0x81);
    EXPECT_EQ(_rotl16(0x8001, 4), 0x18);
    EXPECT_EQ(_rotr16(1, 1), 0x8000);
    EXPECT_EQ(_rotl(0x80000001, 4), 0x18);
    EXPECT_EQ(_rotr(0x18, 4), 0x80000001);
    EXPECT_EQ(_rotl(5, 32), 5);
    EXPECT_EQ(_rotl64(0x8000000000000001, 4), 0x18);
    EXPECT_EQ(_rotr64(1, 64), 1);
#ifdef WINMEM_VERSION_MAJOR
    EXPECT_EQ(__lzcnt16(0), 16);
    EXPECT_EQ(__lzcnt16(0x0100), 7);
    EXPECT_EQ(__lzcnt(0), 32);
    EXPECT_EQ(__lzcnt(1), 31);
    EXPECT_EQ(__lzcnt64(0), 64);
    EXPECT_EQ(__lzcnt64(0x8000000000000000), 0);
#endif
}

#ifdef WINMEM_VERSION_MAJOR
TEST(interlocked, products_of_128_bits, "L523")
{
    unsigned long long high;
    long long signed_high;

    EXPECT_EQ(_umul128(0x8000000000000001, 6, &high), 6);
    EXPECT_EQ(high, 3);
    EXPECT_EQ(_mul128(-1, 0x7fffffffffffffff, &signed_high), (LONG64)0x8000000000000001);
    EXPECT_EQ(signed_high, -1);
    EXPECT_EQ(__umulh(0x8000000000000000, 6), 3);
    EXPECT_EQ(__mulh(-2, 0x7fffffffffffffff), -1);
    EXPECT_EQ(__shiftleft128(0x8000000000000000, 1, 1), 3);
    EXPECT_EQ(__shiftright128(2, 1, 1), 0x8000000000000001);
    EXPECT_EQ(__emulu(0xffffffff, 2), 0x1fffffffe);
    EXPECT_EQ(__emul(-2, 0x7fffffff), -0xfffffffell);
}

TEST(interlocked, quotients_of_128_bits, "L523")
{
    ULONG64 rest;
    LONG64 signed_rest;

    EXPECT_EQ(_udiv128(1, 5, 16, &rest), 0x1000000000000000);
    EXPECT_EQ(rest, 5);
    EXPECT_EQ(_div128(-1, -7, 2, &signed_rest), -3);
    EXPECT_EQ(signed_rest, -1);
}
#endif

TEST(interlocked, what_the_processor_is, "L523")
{
    int info[4], again[4], extended[4];
    unsigned aux;
    char name[13] = {0};
    ULONG64 time = __rdtsc();

    __cpuid(info, 0);
    memcpy(name, &info[1], 4);
    memcpy(name + 4, &info[3], 4);
    memcpy(name + 8, &info[2], 4);
    EXPECT(info[0] >= 1 && strlen(name) == 12);
    __cpuidex(again, 0, 0);
    EXPECT(memcmp(info, again, sizeof info) == 0);
    __cpuid(extended, (int)0x80000000);
    EXPECT((unsigned)extended[0] >= 0x80000001);
    EXPECT(__rdtsc() > time);
    EXPECT(__rdtscp(&aux) > time);
#ifdef WINMEM_VERSION_MAJOR
    unsigned a, b, c, d;

    __cpuid(0, a, b, c, d);
    EXPECT((int)a == info[0] && (int)b == info[1] && (int)c == info[2] && (int)d == info[3]);
    EXPECT(__get_cpuid(1, &a, &b, &c, &d) && d >> 26 & 1); /* cpuid.h's own; every such processor has SSE2 */
    EXPECT(ReadTimeStampCounter() > time);
#endif
}

TEST(interlocked, bytes_stored_and_moved, "L523")
{
    unsigned char bytes[8] = {0}, copy[8] = {0};
    unsigned short shorts[4] = {0};
    unsigned long longs[4] = {0};
    unsigned long long quads[4] = {0};

    __stosb(bytes + 1, 7, 6);
    EXPECT(bytes[0] == 0 && bytes[1] == 7 && bytes[6] == 7 && bytes[7] == 0);
    __movsb(copy, bytes, 3);
    EXPECT(copy[0] == 0 && copy[2] == 7 && copy[3] == 0);
    __stosw(shorts, 0x1234, 3);
    EXPECT(shorts[2] == 0x1234 && shorts[3] == 0);
    __stosd((void *)longs, 0x12345678, 3);
    EXPECT(((DWORD *)longs)[2] == 0x12345678 && ((DWORD *)longs)[3] == 0);
    __stosq(quads, 0x123456789abcdef0, 3);
    EXPECT(quads[2] == 0x123456789abcdef0 && quads[3] == 0);
}

TEST(interlocked, memory_that_nobody_is_to_find, "L542")
{
    char secret[16] = "secret";

    EXPECT_EQ(SecureZeroMemory(secret, sizeof secret), secret);
    for (size_t i = 0; i < sizeof secret; i++)
        EXPECT_EQ(secret[i], 0);
}

#ifdef WINMEM_VERSION_MAJOR
__attribute__((noinline)) static void *caller_of(void **slot)
{
    *slot = _AddressOfReturnAddress();
    EXPECT_EQ(**(void ***)slot, _ReturnAddress());
    return _ReturnAddress();
}

__attribute__((noinline)) static int believes(int number)
{
    __assume(number > 0);
    __noop("not %d", number);
    return number;
}

TEST(interlocked, words_to_the_compiler, "L523")
{
    void *slot, *address = caller_of(&slot);
    char *bytes = (char *)_alloca(100);

    memset(bytes, 1, 100);
    EXPECT(address != NULL && slot != NULL);
    EXPECT_EQ(believes(5), 5);
    _ReadWriteBarrier();
    MemoryBarrier();
    YieldProcessor();
    _mm_pause();
}
#endif
