/* privilegename.h: the names of privileges, and the numbers by which a token knows them. */
#ifndef WM_WIN32_PRIVILEGENAME_H
#define WM_WIN32_PRIVILEGENAME_H

#include <stdint.h>

/* 0: there is none of this name. */
uint32_t wm_privilege_of(const char *name);

/* NULL: there is none of this number. */
const char *wm_privilege_name(uint32_t number);

#endif
