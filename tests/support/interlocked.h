/*
 * interlocked.h: every Interlocked function and intrinsic once: what it answers, what the variable is afterwards, and
 * that its neighbours stay. Included by a test in C and one in C++, which define WANT(truth, name).
 *
 * The names are written out as the documentation has them. On a Windows compiler only those without an order: the others are
 * macros there, for the same functions, or missing.
 */
#ifndef INTERLOCKED_H
#define INTERLOCKED_H

/* A variable between two that nobody may touch. */
#define AROUND(type, value)                                                                                  \
    struct {                                                                                                 \
        type below, at, above;                                                                               \
    } around = {(type)0x5a, (type)(value), (type)0x5a}
#define KEPT(name, type, after)                                                                              \
    WANT(around.at == (type)(after), #name);                                                                 \
    WANT(around.below == (type)0x5a && around.above == (type)0x5a, #name)

#define VALUE(name, type, before, operand, answer, after)                                                    \
    {                                                                                                        \
        AROUND(type, before);                                                                                \
        WANT((type)name(&around.at, (type)(operand)) == (type)(answer), #name);                              \
        KEPT(name, type, after);                                                                             \
    }
#define STEP(name, type, before, after)                                                                      \
    {                                                                                                        \
        AROUND(type, before);                                                                                \
        WANT((type)name(&around.at) == (type)(after), #name);                                                \
        KEPT(name, type, after);                                                                             \
    }
#define COMPARE(name, type, before, value, comparand, after)                                                 \
    {                                                                                                        \
        AROUND(type, before);                                                                                \
        WANT((type)name(&around.at, (type)(value), (type)(comparand)) == (type)(before), #name);             \
        KEPT(name, type, after);                                                                             \
    }
#define PUT(name, type)                                                                                      \
    {                                                                                                        \
        AROUND(type, 1);                                                                                     \
        name(&around.at, (type)-2);                                                                          \
        KEPT(name, type, -2);                                                                                \
    }
#define GET(name, type)                                                                                      \
    {                                                                                                        \
        AROUND(type, -3);                                                                                    \
        WANT((type)name(&around.at) == (type)-3, #name);                                                     \
        KEPT(name, type, -3);                                                                                \
    }

/* Values that fill a type: its largest, its smallest and -1 among them. */
#define LARGEST(type) ((type) ~((ULONG64)1 << (8 * sizeof(type) - 1)))
#define SMALLEST(type) ((type)((ULONG64)1 << (8 * sizeof(type) - 1)))
#define AND(name, type) VALUE(name, type, -1, SMALLEST(type), -1, SMALLEST(type))
#define OR(name, type) VALUE(name, type, 0x21, SMALLEST(type) | 0x12, 0x21, SMALLEST(type) | 0x33)
#define XOR(name, type) VALUE(name, type, 0x21, SMALLEST(type) | 0x11, 0x21, SMALLEST(type) | 0x30)
#define EXCHANGE(name, type) VALUE(name, type, SMALLEST(type), -2, SMALLEST(type), -2)
#define EXCHANGE_ADD(name, type) VALUE(name, type, LARGEST(type), 2, LARGEST(type), SMALLEST(type) | 1)
#define ADD(name, type) VALUE(name, type, LARGEST(type), 2, SMALLEST(type) | 1, SMALLEST(type) | 1)
#define SUBTRACT(name, type) VALUE(name, type, SMALLEST(type), 1, SMALLEST(type), LARGEST(type))
#define INCREMENT(name, type) STEP(name, type, LARGEST(type), SMALLEST(type)) STEP(name, type, -1, 0)
#define DECREMENT(name, type) STEP(name, type, SMALLEST(type), LARGEST(type)) STEP(name, type, 0, -1)
#define COMPARE_EXCHANGE(name, type)                                                                         \
    COMPARE(name, type, SMALLEST(type), -2, SMALLEST(type), -2)                                              \
    COMPARE(name, type, SMALLEST(type), -2, LARGEST(type), SMALLEST(type))

/* The bit is told and changed wherever it is, from the third word of five on. */
#define BIT(name, type, bit, before, after)                                                                  \
    {                                                                                                        \
        type words[5] = {0, 0, 0, 0, 0};                                                                     \
        int at = 2 * 8 * (int)sizeof(type) + (bit), word = at / (8 * (int)sizeof(type));                     \
        type mask = (type)((ULONG64)1 << at % (8 * (int)sizeof(type)));                                      \
        words[word] = (before) ? mask : 0;                                                                   \
        WANT(name(&words[2], bit) == (before), #name);                                                       \
        for (int i = 0; i < 5; i++)                                                                          \
            WANT(words[i] == (i == word && (after) ? mask : 0), #name);                                      \
    }
/* clang-format off */
#define BITS(name, type, from_0, from_1)                                                                     \
    BIT(name, type, 0, 0, from_0)                                                                            \
    BIT(name, type, 0, 1, from_1)                                                                            \
    BIT(name, type, 8 * (int)sizeof(type) - 1, 0, from_0)                                                    \
    BIT(name, type, 8 * (int)sizeof(type) - 1, 1, from_1)
#define BITS_BEYOND(name, type, from_0, from_1)                                                              \
    BIT(name, type, 8 * (int)sizeof(type) + 3, 0, from_0)                                                    \
    BIT(name, type, 16 * (int)sizeof(type) + 5, 1, from_1)                                                   \
    BIT(name, type, -1, 0, from_0)                                                                           \
    BIT(name, type, -8 * (int)sizeof(type) - 1, 1, from_1)

#ifdef WINMEM_VERSION_MAJOR
#define ORDERS(row, name, type)                                                                              \
    row(name, type) row(name##Acquire, type) row(name##Release, type) row(name##NoFence, type)
#define ORDERS_64(row, name, type)                                                                           \
    row(name##64, type) row(name##Acquire64, type) row(name##Release64, type) row(name##NoFence64, type)
#define INTRINSICS(row, name, type)                                                                          \
    row(name, type) row(name##_acq, type) row(name##_rel, type) row(name##_nf, type)
#define ELIDED(row, name, type) row(name##_HLEAcquire, type) row(name##_HLERelease, type)
#define UNHINTED(row, name, type) row(name##_np, type)
#define SETS(name, type) BITS(name, type, 1, 1) BITS_BEYOND(name, type, 1, 1)
#define RESETS(name, type) BITS(name, type, 0, 0) BITS_BEYOND(name, type, 0, 0)
#define COMPLEMENTS(name, type) BITS(name, type, 1, 0) BITS_BEYOND(name, type, 1, 0)
#define NEWER_ORDERS ORDERS
#define NEWER_INTRINSICS INTRINSICS
#else
#define NEWER_ORDERS(row, name, type)
#define NEWER_INTRINSICS(row, name, type)
#define ORDERS(row, name, type) row(name, type)
#define ORDERS_64(row, name, type) row(name##64, type)
#define INTRINSICS(row, name, type) row(name, type)
#define ELIDED(row, name, type)
#define UNHINTED(row, name, type)
#define SETS(name, type) BITS(name, type, 1, 1)
#define RESETS(name, type) BITS(name, type, 0, 0)
#define COMPLEMENTS(name, type) BITS(name, type, 1, 0)
#endif
/* clang-format on */

/* ---- 32 bits: a LONG, and in C++ also what else may be one --------------------------------------------- */

/* clang-format off */
#define INTERLOCKED_32(type)                                                                                 \
    ORDERS(AND, InterlockedAnd, type)                                                                        \
    ORDERS(OR, InterlockedOr, type)                                                                          \
    ORDERS(XOR, InterlockedXor, type)                                                                        \
    ORDERS(EXCHANGE, InterlockedExchange, type)                                                              \
    ORDERS(EXCHANGE_ADD, InterlockedExchangeAdd, type)                                                       \
    ORDERS(COMPARE_EXCHANGE, InterlockedCompareExchange, type)                                               \
    ORDERS(INCREMENT, InterlockedIncrement, type)                                                            \
    ORDERS(DECREMENT, InterlockedDecrement, type)                                                            \
    ORDERS(ADD, InterlockedAdd, type)
#define INTRINSICS_32(type)                                                                                  \
    INTRINSICS(AND, _InterlockedAnd, type)                                                                   \
    INTRINSICS(OR, _InterlockedOr, type)                                                                     \
    INTRINSICS(XOR, _InterlockedXor, type)                                                                   \
    INTRINSICS(EXCHANGE, _InterlockedExchange, type)                                                         \
    INTRINSICS(EXCHANGE_ADD, _InterlockedExchangeAdd, type)                                                  \
    INTRINSICS(COMPARE_EXCHANGE, _InterlockedCompareExchange, type)                                          \
    INTRINSICS(INCREMENT, _InterlockedIncrement, type)                                                       \
    INTRINSICS(DECREMENT, _InterlockedDecrement, type)                                                       \
    ELIDED(AND, _InterlockedAnd, type)                                                                       \
    ELIDED(OR, _InterlockedOr, type)                                                                         \
    ELIDED(XOR, _InterlockedXor, type)                                                                       \
    ELIDED(EXCHANGE, _InterlockedExchange, type)                                                             \
    ELIDED(EXCHANGE_ADD, _InterlockedExchangeAdd, type)                                                      \
    ELIDED(COMPARE_EXCHANGE, _InterlockedCompareExchange, type)                                              \
    UNHINTED(AND, _InterlockedAnd, type)                                                                     \
    UNHINTED(OR, _InterlockedOr, type)                                                                       \
    UNHINTED(XOR, _InterlockedXor, type)                                                                     \
    UNHINTED(COMPARE_EXCHANGE, _InterlockedCompareExchange, type)

/* ---- 64 bits ------------------------------------------------------------------------------------------- */

#define INTERLOCKED_64(type)                                                                                 \
    ORDERS(AND, InterlockedAnd64, type)                                                                      \
    ORDERS(OR, InterlockedOr64, type)                                                                        \
    ORDERS(XOR, InterlockedXor64, type)                                                                      \
    ORDERS_64(EXCHANGE, InterlockedExchange, type)                                                           \
    ORDERS_64(EXCHANGE_ADD, InterlockedExchangeAdd, type)                                                    \
    ORDERS_64(COMPARE_EXCHANGE, InterlockedCompareExchange, type)                                            \
    ORDERS_64(INCREMENT, InterlockedIncrement, type)                                                         \
    ORDERS_64(DECREMENT, InterlockedDecrement, type)                                                         \
    ORDERS_64(ADD, InterlockedAdd, type)
#define INTRINSICS_64(type)                                                                                  \
    INTRINSICS(AND, _InterlockedAnd64, type)                                                                 \
    INTRINSICS(OR, _InterlockedOr64, type)                                                                   \
    INTRINSICS(XOR, _InterlockedXor64, type)                                                                 \
    INTRINSICS(EXCHANGE, _InterlockedExchange64, type)                                                       \
    INTRINSICS(EXCHANGE_ADD, _InterlockedExchangeAdd64, type)                                                \
    INTRINSICS(COMPARE_EXCHANGE, _InterlockedCompareExchange64, type)                                        \
    INTRINSICS(INCREMENT, _InterlockedIncrement64, type)                                                     \
    INTRINSICS(DECREMENT, _InterlockedDecrement64, type)                                                     \
    ELIDED(AND, _InterlockedAnd64, type)                                                                     \
    ELIDED(OR, _InterlockedOr64, type)                                                                       \
    ELIDED(XOR, _InterlockedXor64, type)                                                                     \
    ELIDED(EXCHANGE, _InterlockedExchange64, type)                                                           \
    ELIDED(EXCHANGE_ADD, _InterlockedExchangeAdd64, type)                                                    \
    ELIDED(COMPARE_EXCHANGE, _InterlockedCompareExchange64, type)                                            \
    UNHINTED(AND, _InterlockedAnd64, type)                                                                   \
    UNHINTED(OR, _InterlockedOr64, type)                                                                     \
    UNHINTED(XOR, _InterlockedXor64, type)                                                                   \
    UNHINTED(COMPARE_EXCHANGE, _InterlockedCompareExchange64, type)

/* ---- 16 and 8 bits ------------------------------------------------------------------------------------- */

#define INTERLOCKED_16(type)                                                                                 \
    ORDERS(AND, InterlockedAnd16, type)                                                                      \
    ORDERS(OR, InterlockedOr16, type)                                                                        \
    ORDERS(XOR, InterlockedXor16, type)                                                                      \
    NEWER_ORDERS(EXCHANGE, InterlockedExchange16, type)                                                      \
    ORDERS(COMPARE_EXCHANGE, InterlockedCompareExchange16, type)                                             \
    ORDERS(INCREMENT, InterlockedIncrement16, type)                                                          \
    ORDERS(DECREMENT, InterlockedDecrement16, type)
#define INTRINSICS_16(type)                                                                                  \
    INTRINSICS(AND, _InterlockedAnd16, type)                                                                 \
    INTRINSICS(OR, _InterlockedOr16, type)                                                                   \
    INTRINSICS(XOR, _InterlockedXor16, type)                                                                 \
    NEWER_INTRINSICS(EXCHANGE, _InterlockedExchange16, type)                                                 \
    NEWER_INTRINSICS(EXCHANGE_ADD, _InterlockedExchangeAdd16, type)                                          \
    INTRINSICS(COMPARE_EXCHANGE, _InterlockedCompareExchange16, type)                                        \
    INTRINSICS(INCREMENT, _InterlockedIncrement16, type)                                                     \
    INTRINSICS(DECREMENT, _InterlockedDecrement16, type)                                                     \
    UNHINTED(AND, _InterlockedAnd16, type)                                                                   \
    UNHINTED(OR, _InterlockedOr16, type)                                                                     \
    UNHINTED(XOR, _InterlockedXor16, type)                                                                   \
    UNHINTED(COMPARE_EXCHANGE, _InterlockedCompareExchange16, type)

#define INTERLOCKED_8(type)                                                                                  \
    ORDERS(AND, InterlockedAnd8, type)                                                                       \
    ORDERS(OR, InterlockedOr8, type)                                                                         \
    ORDERS(XOR, InterlockedXor8, type)                                                                       \
    NEWER_ORDERS(EXCHANGE, InterlockedExchange8, type)
#define INTRINSICS_8(type)                                                                                   \
    INTRINSICS(AND, _InterlockedAnd8, type)                                                                  \
    INTRINSICS(OR, _InterlockedOr8, type)                                                                    \
    INTRINSICS(XOR, _InterlockedXor8, type)                                                                  \
    NEWER_INTRINSICS(EXCHANGE, _InterlockedExchange8, type)                                                  \
    NEWER_INTRINSICS(EXCHANGE_ADD, _InterlockedExchangeAdd8, type)                                           \
    NEWER_INTRINSICS(COMPARE_EXCHANGE, _InterlockedCompareExchange8, type)                                   \
    UNHINTED(AND, _InterlockedAnd8, type)                                                                    \
    UNHINTED(OR, _InterlockedOr8, type)                                                                      \
    UNHINTED(XOR, _InterlockedXor8, type)

/* ---- Single bits --------------------------------------------------------------------------------------- */

#define INTERLOCKED_BITS(long_type, long64_type)                                                             \
    ORDERS(SETS, InterlockedBitTestAndSet, long_type)                                                        \
    ORDERS(RESETS, InterlockedBitTestAndReset, long_type)                                                    \
    ORDERS(COMPLEMENTS, InterlockedBitTestAndComplement, long_type)                                          \
    SETS(InterlockedBitTestAndSet64, long64_type)                                                            \
    RESETS(InterlockedBitTestAndReset64, long64_type)                                                        \
    COMPLEMENTS(InterlockedBitTestAndComplement64, long64_type)                                              \
    INTRINSICS(SETS, _interlockedbittestandset, long_type)                                                   \
    INTRINSICS(RESETS, _interlockedbittestandreset, long_type)                                               \
    INTRINSICS(SETS, _interlockedbittestandset64, long64_type)                                               \
    INTRINSICS(RESETS, _interlockedbittestandreset64, long64_type)                                           \
    ELIDED(SETS, _interlockedbittestandset, long_type)                                                       \
    ELIDED(RESETS, _interlockedbittestandreset, long_type)                                                   \
    ELIDED(SETS, _interlockedbittestandset64, long64_type)                                                   \
    ELIDED(RESETS, _interlockedbittestandreset64, long64_type)
/* clang-format on */

#ifdef WINMEM_VERSION_MAJOR
/* ---- Reading and writing in an order ------------------------------------------------------------------- */

/* clang-format off */
#define READS_AND_WRITES(width, type)                                                                        \
    GET(Read##width##Acquire, type)                                                                          \
    GET(Read##width##NoFence, type)                                                                          \
    GET(Read##width##Raw, type)                                                                              \
    PUT(Write##width##Release, type)                                                                         \
    PUT(Write##width##NoFence, type)                                                                         \
    PUT(Write##width##Raw, type)
#define READS_AND_WRITES_OF(width, type)                                                                     \
    GET(ReadAcquire##width, type)                                                                            \
    GET(ReadNoFence##width, type)                                                                            \
    GET(ReadRaw##width, type)                                                                                \
    PUT(WriteRelease##width, type)                                                                           \
    PUT(WriteNoFence##width, type)                                                                           \
    PUT(WriteRaw##width, type)
/* clang-format on */

#endif

#endif
