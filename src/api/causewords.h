/*
 * causewords.h: words in the sentences of status.def, for whoever tells one: WinmemLastCause (cause.c) and the trace
 * (calltrace.c), which stands below it. Buffers are of WM_CAUSE_WORD_BYTES.
 */
#ifndef WM_API_CAUSEWORDS_H
#define WM_API_CAUSEWORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "kern/system/system.h"

enum { WM_CAUSE_WORD_BYTES = WM_FORBIDDEN_BYTES };

const char *wm_cause_grouped(uint64_t value, char *buffer);   /* 65530 as 65,530 */
const char *wm_cause_mebibytes(uint64_t bytes, char *buffer); /* UINT64_MAX: "none" */

bool wm_cause_is_word(const char *open, const char *close, const char *word);

/* What the word from open to close stands for, if it is one about the table of mappings; else NULL. May read /proc. */
const char *wm_cause_of_mappings(const char *open, const char *close, char *buffer);

#endif
