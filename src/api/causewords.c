/*
 * causewords.c: words in the sentences of status.def, and numbers as they are told there (causewords.h).
 */
#include "api/causewords.h"

#include <string.h>

#include "kern/map/mapping.h"
#include "kern/text.h"
#include "vm/pages/dense.h"

enum { NUMBER_BYTES = WM_CAUSE_WORD_BYTES };

/* 65530 as 65,530. */
const char *wm_cause_grouped(uint64_t value, char *buffer)
{
    char *p = buffer + NUMBER_BYTES;
    int digits = 0;

    *--p = '\0';
    do {
        if (digits > 0 && digits % 3 == 0)
            *--p = ',';
        *--p = (char)('0' + value % 10);
        digits++;
    } while ((value /= 10) != 0);
    return p;
}

const char *wm_cause_mebibytes(uint64_t bytes, char *buffer)
{
    char number[NUMBER_BYTES];

    if (bytes == UINT64_MAX)
        return "none";
    wm_text_put(wm_text_put(buffer, wm_cause_grouped(bytes >> 20, number)), " MiB");
    return buffer;
}

bool wm_cause_is_word(const char *open, const char *close, const char *word)
{
    return strlen(word) == (size_t)(close - open) && strncmp(open, word, (size_t)(close - open)) == 0;
}

/* Those that concern the table of mappings: the trace tells them at once (calltrace.c). NULL: it is another word. */
const char *wm_cause_of_mappings(const char *open, const char *close, char *buffer)
{
    if (wm_cause_is_word(open, close, "maps"))
        return wm_cause_grouped(wm_kern_count_vmas(SIZE_MAX), buffer);
    if (wm_cause_is_word(open, close, "max_maps"))
        return wm_cause_grouped(wm_kern_max_maps(), buffer);
    if (wm_cause_is_word(open, close, "marked"))
        return wm_cause_mebibytes(wm_dense_bytes(), buffer);
    return NULL;
}
