/*
 * output.c: files written beside their place, and put there when they are whole (output.h).
 *
 * What is written goes to a name that nobody else has, is brought to the disk, and takes the place in one step. A pipe or a
 * device has no step to take: it is written to.
 */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool say(const struct maps_output *out, int error, struct maps_why *why)
{
    return maps_say(why, "%s cannot be written: %s", out->path, strerror(error));
}

static bool is_special(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && !S_ISREG(status.st_mode);
}

static int open_temporary(struct maps_output *out)
{
    mode_t mask = umask(0);
    int fd;

    umask(mask);
    if (asprintf(&out->temporary, "%s.XXXXXX", out->path) < 0) {
        out->temporary = NULL;
        errno = ENOMEM;
        return -1;
    }
    fd = mkostemp(out->temporary, O_CLOEXEC);
    if (fd >= 0)
        fchmod(fd, 0666 & ~mask);
    return fd;
}

bool maps_output_open(struct maps_output *out, const char *path, struct maps_why *why)
{
    int fd;

    *out = (struct maps_output){.path = path};
    fd = is_special(path) ? open(path, O_WRONLY | O_CLOEXEC) : open_temporary(out);
    if (fd >= 0)
        out->file = fdopen(fd, "w");
    if (out->file != NULL)
        return true;
    say(out, errno, why);
    if (fd >= 0 && out->temporary != NULL)
        unlink(out->temporary);
    if (fd >= 0)
        close(fd);
    free(out->temporary);
    return false;
}

/* Pipes and terminals have nothing to bring to a disk. */
static int bring_to_disk(struct maps_output *out)
{
    int error = 0;

    if (fflush(out->file) != 0 || ferror(out->file))
        error = errno != 0 ? errno : EIO;
    else if (out->temporary != NULL && fsync(fileno(out->file)) != 0)
        error = errno;
    if (fclose(out->file) != 0 && error == 0)
        error = errno;
    return error;
}

bool maps_output_close(struct maps_output *out, bool all, struct maps_why *why)
{
    int error = bring_to_disk(out);

    if (error == 0 && all && out->temporary != NULL && rename(out->temporary, out->path) != 0)
        error = errno;
    if (out->temporary != NULL && (error != 0 || !all))
        unlink(out->temporary);
    free(out->temporary);
    return all && (error == 0 || say(out, error, why));
}
