/* time.h: the system's, and what Windows declares there (corecrt.h). The system's own parts of it come here often. */
#pragma GCC system_header
#include_next <time.h>

#ifndef WINMEM_CRT_TIME_H
#define WINMEM_CRT_TIME_H

#include "../corecrt.h"

WINMEM_C_BEGIN

typedef long long __time64_t;

#ifndef WINMEM_OWN_FUNCTIONS_ONLY
#ifndef _mkgmtime
time_t _mkgmtime(struct tm *parts) WINMEM_LIBC("timegm");
#endif
#ifndef _tzset
void _tzset(void) WINMEM_LIBC("tzset");
#endif
#ifndef _time64
__time64_t _time64(__time64_t *now) WINMEM_LIBC("time");
#endif
#endif

/*
 * gmtime_s, localtime_s: a time in parts. The result comes first, other than in the C standard's functions of these names.
 *
 * Returns 0; EINVAL if a pointer is NULL, or the time has no parts; all of them are -1 then.
 * On Linux      times before 1970 have parts as well
 * Source        learn.microsoft.com, time.h
 */
WINMEM_PUBLIC errno_t gmtime_s(struct tm *parts, const time_t *time);
WINMEM_PUBLIC errno_t localtime_s(struct tm *parts, const time_t *time);

/*
 * ctime_s, asctime_s: a time as a text of 26 bytes.
 *
 * Returns 0; EINVAL if a pointer is NULL, or the buffer has less.
 * Source        learn.microsoft.com, time.h
 */
WINMEM_PUBLIC errno_t ctime_s(char *buffer, size_t size, const time_t *time);
WINMEM_PUBLIC errno_t asctime_s(char *buffer, size_t size, const struct tm *parts);

WINMEM_C_END

#endif
