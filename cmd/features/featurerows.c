/*
 * featurerows.c: the rows, put together from the library's table and the words beside it, and the reason of a lack.
 *
 * The order of reasons is that in which the library meets them: what is switched off is not tried; who may not call cannot
 * say more; and only then does it matter how old the kernel is. A filter's answer is told from the kernel's own where the
 * kernel never gives that one to the harmless form of the call (callable.c): EPERM. With ENOSYS nobody can tell, and the
 * sentence says so.
 */
#include "features/featurerows.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include <winmem.h>

#include "features/limitfiles.h"

#define WORDS(name, good_for, instead, costs, call, otherwise)                                               \
    static const struct feature_text text_##name = {good_for, instead, costs, CALL_##call, otherwise};
#include "features/featuretexts.def"
#undef WORDS

/* A row of one table that is not in the other does not compile. */
const struct feature feature_rows[] = {
#define FEATURE(NAME, name, how, needs) {#name, needs, &text_##name},
#include "kern/features.def"
#undef FEATURE
};
const size_t feature_count = sizeof feature_rows / sizeof feature_rows[0];

const struct feature *feature_named(const char *name)
{
    for (size_t i = 0; i < feature_count; i++)
        if (strcmp(feature_rows[i].name, name) == 0)
            return &feature_rows[i];
    return NULL;
}

bool feature_in_use(const struct feature *feature)
{
    return WinmemFeature(feature->name);
}

/* As the library reads the list: names with commas between them, or "all". */
static bool switched_off(const char *name)
{
    const char *list = secure_getenv("WINMEM_DISABLE");

    while (list != NULL && *list != '\0') {
        size_t length = strcspn(list, ",");

        if ((strlen(name) == length && strncmp(list, name, length) == 0) ||
            (length == 3 && strncmp(list, "all", length) == 0))
            return true;
        list += length + (list[length] == ',');
    }
    return false;
}

/* Is this kernel older than the first "Linux 6.7" of what is needed? */
static bool too_old(const char *needs, const char *release)
{
    const char *wanted = strstr(needs, "Linux ");
    int major, minor, has_major, has_minor;

    if (wanted == NULL || sscanf(wanted, "Linux %d.%d", &major, &minor) != 2 ||
        sscanf(release, "%d.%d", &has_major, &has_minor) != 2)
        return false;
    return has_major < major || (has_major == major && has_minor < minor);
}

static void say_refused(const char *call, int error, const char *release, char *out, size_t bytes)
{
    bool filtered = limit_seccomp() > 0;
    const char *name = error == EPERM ? "EPERM" : error == ENOSYS ? "ENOSYS" : strerror(error);

    if (error == ENOSYS && filtered)
        snprintf(out, bytes,
                 "%s is answered with ENOSYS: Linux %s has not got it, or the seccomp filter hides it", call,
                 release);
    else if (error == ENOSYS || error == ENOENT)
        snprintf(out, bytes, "there is no %s in this Linux %s, or in this container", call, release);
    else if (filtered && *call != '/')
        snprintf(out, bytes, "the seccomp filter of this process forbids %s (%s)", call, name);
    else
        snprintf(out, bytes, "this process may not use %s (%s)", call, name);
}

void feature_reason(const struct feature *feature, char *out, size_t bytes)
{
    struct utsname system = {.release = "?"};
    int error;

    uname(&system);
    if (switched_off(feature->name)) {
        snprintf(out, bytes, "switched off by WINMEM_DISABLE");
        return;
    }
    error = callable_error(feature->text->call);
    if (error != 0)
        say_refused(callable_name(feature->text->call), error, system.release, out, bytes);
    else if (too_old(feature->needs, system.release))
        snprintf(out, bytes, "Linux %s is too old", system.release);
    else
        snprintf(out, bytes, "%s", feature->text->otherwise);
}
