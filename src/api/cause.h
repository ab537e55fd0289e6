/* cause.h: the words in the sentences of status.def, for whoever tells one beside WinmemLastCause. */
#ifndef WM_API_CAUSE_H
#define WM_API_CAUSE_H

#include "kern/system/system.h"

enum { WM_CAUSE_WORD_BYTES = WM_FORBIDDEN_BYTES };

/* What the word from open to close stands for, if it is one about the table of mappings; else NULL. May read /proc. */
const char *wm_cause_of_mappings(const char *open, const char *close, char *buffer);

#endif
