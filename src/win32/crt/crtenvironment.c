/*
 * crtenvironment.c: the environment as the C run time of Windows has it: _putenv, _dupenv_s, getenv_s, _wgetenv.
 *
 * It is libc's. A wide value has to stay where it is, as getenv's does: each that was told is kept, once for each value that
 * a variable has had, so that who asks again is told the same text and nothing grows without end.
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <crt/stdlib.h>

#include "win32/text/unicode.h"
#include "win32/wide32.h"

errno_t _putenv_s(const char *name, const char *value)
{
    int result;

    if (name == NULL || *name == '\0' || value == NULL || strchr(name, '=') != NULL)
        return errno = EINVAL;
    result = *value == '\0' ? unsetenv(name) : setenv(name, value, 1);
    return result == 0 ? 0 : errno;
}

int _putenv(const char *text)
{
    const char *equals = text == NULL ? NULL : strchr(text, '=');
    char *name = equals == NULL ? NULL : strndup(text, (size_t)(equals - text));
    errno_t error;

    if (equals == NULL)
        errno = EINVAL;
    if (name == NULL)
        return -1;
    error = _putenv_s(name, equals + 1);
    free(name);
    return error == 0 ? 0 : -1;
}

errno_t _dupenv_s(char **value, size_t *size, const char *name)
{
    const char *found = name == NULL ? NULL : getenv(name);

    if (value != NULL)
        *value = NULL;
    if (size != NULL)
        *size = 0;
    if (value == NULL || name == NULL)
        return errno = EINVAL;
    if (found == NULL)
        return 0;
    *value = strdup(found);
    if (*value == NULL)
        return ENOMEM;
    if (size != NULL)
        *size = strlen(found) + 1;
    return 0;
}

errno_t getenv_s(size_t *size, char *buffer, rsize_t buffer_bytes, const char *name)
{
    const char *found;

    if (size == NULL || name == NULL || (buffer == NULL) != (buffer_bytes == 0))
        return errno = EINVAL;
    found = getenv(name);
    *size = found == NULL ? 0 : strlen(found) + 1;
    if (buffer == NULL)
        return 0;
    *buffer = '\0';
    if (*size > buffer_bytes)
        return errno = ERANGE;
    memcpy(buffer, found == NULL ? "" : found, found == NULL ? 1 : *size);
    return 0;
}

/* --- wide --- */

struct value {
    struct value *next;
    char *text;
    unsigned unit_bytes;
    void *wide;
};

static struct value *_Atomic values;

static struct value *kept(const char *text, unsigned unit_bytes)
{
    for (struct value *value = atomic_load(&values); value != NULL; value = value->next)
        if (value->unit_bytes == unit_bytes && strcmp(value->text, text) == 0)
            return value;
    return NULL;
}

static struct value *keep(const char *text, unsigned unit_bytes)
{
    struct value *value = malloc(sizeof *value);

    if (value == NULL)
        return NULL;
    *value = (struct value){NULL, strdup(text), unit_bytes, wm_wide_copy(text, unit_bytes)};
    if (value->text == NULL || value->wide == NULL) {
        free(value->text);
        free(value->wide);
        free(value);
        return NULL;
    }
    value->next = atomic_load(&values);
    while (!atomic_compare_exchange_weak(&values, &value->next, value))
        ;
    return value;
}

static void *value_of(char *name, unsigned unit_bytes)
{
    const char *text = name == NULL ? NULL : getenv(name);
    struct value *value = text == NULL ? NULL : kept(text, unit_bytes);

    if (text != NULL && value == NULL)
        value = keep(text, unit_bytes);
    free(name);
    return value == NULL ? NULL : value->wide;
}

WCHAR *_wgetenv(const WCHAR *name)
{
    return value_of(wm_utf8_copy(name, sizeof(WCHAR)), sizeof(WCHAR));
}

uint16_t *_wgetenv_utf16(const uint16_t *name)
{
    return value_of(wm_utf8_copy(name, sizeof(uint16_t)), sizeof(uint16_t));
}
