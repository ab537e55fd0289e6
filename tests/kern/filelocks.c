/* filelocks.c: locks on bytes of files (src/kern/files/bytelock.c). */
#include <fcntl.h>

#include "pin.h"

static int a_file(void)
{
    int fd = (int)CALL(memfd_create, "pin", 0);

    MUST(fd >= 0);
    return fd;
}

static struct flock bytes(short type)
{
    return (struct flock){.l_type = type, .l_whence = SEEK_SET, .l_start = 5, .l_len = 1};
}

static struct flock asked(int fd, int command)
{
    struct flock request = bytes(F_WRLCK);

    MUST(fcntl(fd, command, &request) == 0);
    return request;
}

/* Seen on 5.10 to 6.18: whoever asks in the name of the process is told what the same description holds, as nobody's: -1. */
PIN(a_descriptions_own_lock_is_told_to_its_process, "bytelock.c")
{
    int fd = a_file();
    struct flock lock = bytes(F_WRLCK);

    EXPECT(asked(fd, F_GETLK).l_type == F_UNLCK);
    MUST(fcntl(fd, F_OFD_SETLK, &lock) == 0);
    EXPECT(asked(fd, F_GETLK).l_type == F_WRLCK && asked(fd, F_GETLK).l_pid == -1);
    EXPECT(asked(fd, F_OFD_GETLK).l_type == F_UNLCK);
}

/* Seen on 5.10 to 6.18: and not what the process holds itself. */
PIN(a_processs_own_lock_is_not, "bytelock.c")
{
    int fd = a_file();
    struct flock lock = bytes(F_WRLCK);

    MUST(fcntl(fd, F_SETLK, &lock) == 0);
    EXPECT(asked(fd, F_GETLK).l_type == F_UNLCK);
}
