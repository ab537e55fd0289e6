/*
 * bits.c: runs of bits (bits.h), a word at a time.
 *
 * The array may be a large mapping of which only a part was ever touched, as the marks of an allocation's
 * pages are: so clearing looks before it writes, and setting touches what it sets and nothing else.
 */
#include "base/bits.h"

enum { WORD_BITS = 64 };

/* The ones of word `index` that lie in [first, end). */
static uint64_t mask_in(size_t index, size_t first, size_t end)
{
    size_t start = index * WORD_BITS;
    uint64_t mask = ~(uint64_t)0;

    if (first > start)
        mask &= ~(uint64_t)0 << (first - start);
    if (end < start + WORD_BITS)
        mask &= ~(uint64_t)0 >> (start + WORD_BITS - end);
    return mask;
}

void wm_bits_set(uint64_t *words, size_t first, size_t end)
{
    if (first < end)
        for (size_t i = first / WORD_BITS; i <= (end - 1) / WORD_BITS; i++)
            words[i] |= mask_in(i, first, end);
}

/* A word that is zero already is left alone: to write it would bring a page into memory that nobody needs. */
void wm_bits_clear(uint64_t *words, size_t first, size_t end)
{
    if (first < end)
        for (size_t i = first / WORD_BITS; i <= (end - 1) / WORD_BITS; i++)
            if (words[i] != 0)
                words[i] &= ~mask_in(i, first, end);
}

/* The first bit in [first, end) that equals one (flip 0) or zero (flip ~0), or end. */
static size_t find(const uint64_t *words, size_t first, size_t end, uint64_t flip)
{
    uint64_t word;

    for (size_t i = first / WORD_BITS; first < end && i <= (end - 1) / WORD_BITS; i++) {
        word = (words[i] ^ flip) & mask_in(i, first, end);
        if (word != 0)
            return i * WORD_BITS + (size_t)__builtin_ctzll(word);
    }
    return end;
}

bool wm_bits_run(const uint64_t *words, size_t *first, size_t *end)
{
    *first = find(words, *first, *end, 0);
    if (*first == *end)
        return false;
    *end = find(words, *first, *end, ~(uint64_t)0);
    return true;
}
