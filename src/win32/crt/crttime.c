/* crttime.c: times in parts and as texts, as the C run time of Windows has them: the result comes first. */
#include <errno.h>
#include <string.h>
#include <time.h>

#include <crt/time.h>

#include "win32/win32.h"

enum { TEXT_BYTES = 26 };

static errno_t refuse(struct tm *parts, int error)
{
    if (parts != NULL) {
        memset(parts, 0, sizeof *parts);
        parts->tm_sec = parts->tm_min = parts->tm_hour = parts->tm_mday = parts->tm_mon = -1;
        parts->tm_year = parts->tm_wday = parts->tm_yday = parts->tm_isdst = -1;
    }
    return errno = error;
}

errno_t gmtime_s(struct tm *parts, const time_t *time)
{
    if (parts == NULL || time == NULL || gmtime_r(time, parts) == NULL)
        return refuse(parts, EINVAL);
    return 0;
}

errno_t localtime_s(struct tm *parts, const time_t *time)
{
    if (parts == NULL || time == NULL)
        return refuse(parts, EINVAL);
    tzset(); /* which localtime does, and localtime_r need not */
    return localtime_r(time, parts) == NULL ? refuse(parts, EINVAL) : 0;
}

/* A year of more than four digits would not fit. */
errno_t asctime_s(char *buffer, size_t size, const struct tm *parts)
{
    char text[64];

    if (buffer == NULL || size < TEXT_BYTES || parts == NULL)
        return errno = EINVAL;
    buffer[0] = '\0';
    if (asctime_r(parts, text) == NULL || strlen(text) >= TEXT_BYTES)
        return errno = EINVAL;
    memcpy(buffer, text, strlen(text) + 1);
    return 0;
}

errno_t ctime_s(char *buffer, size_t size, const time_t *time)
{
    struct tm parts;

    if (time == NULL || buffer == NULL || size < TEXT_BYTES)
        return errno = EINVAL;
    localtime_s(&parts, time);
    return asctime_s(buffer, size, &parts);
}
