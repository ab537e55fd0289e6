/* sse.c: the compiler's own headers for SSE, included by a program that takes its Windows side. Included by sse.cpp. */
#include <emmintrin.h>
#include <windows.h>

int lowest_sum(const int *a, const int *b);

int lowest_sum(const int *a, const int *b)
{
    __m128i sum = _mm_add_epi32(_mm_loadu_si128((const __m128i *)(const void *)a),
                                _mm_loadu_si128((const __m128i *)(const void *)b));

    _mm_pause();
    YieldProcessor();
    return _mm_cvtsi128_si32(sum);
}
