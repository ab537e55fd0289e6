/*
 * mappedfiles.h: files for the tests of their sections: on a disk and in memory, since the kernel does not treat both alike.
 * For Linux, behind api.h.
 */
#ifndef MAPPEDFILES_H
#define MAPPEDFILES_H

#include "../api/api.h"
#include "child.h"
#include "pretend.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>

static const char *const file_places[] = {"/var/tmp", "/dev/shm"};

enum { FILE_PLACES = 2 };

#define READS GENERIC_READ
#define WRITES (GENERIC_READ | GENERIC_WRITE)
#define ALL_OF_IT (GENERIC_READ | GENERIC_WRITE | GENERIC_EXECUTE)

/* What a byte of a new file is; never 0. */
static inline BYTE byte_at(SIZE_T offset)
{
    return (BYTE)(1 + (offset + offset / PAGE) % 251);
}

static inline void fill_file(int fd, SIZE_T from, SIZE_T bytes)
{
    BYTE block[4096];

    for (SIZE_T done = 0, part; done < bytes; done += part) {
        part = bytes - done < sizeof block ? bytes - done : sizeof block;
        for (SIZE_T i = 0; i < part; i++)
            block[i] = byte_at(from + done + i);
        MUST(pwrite(fd, block, part, (off_t)(from + done)) == (ssize_t)part);
    }
}

/* A file without a name, open for reading and writing. */
static inline int new_file(const char *place, SIZE_T bytes)
{
    char path[64];
    int fd;

    snprintf(path, sizeof path, "%s/winmem-test-XXXXXX", place);
    fd = mkstemp(path);
    MUST(fd >= 0);
    MUST(unlink(path) == 0 && fcntl(fd, F_SETFD, FD_CLOEXEC) == 0);
    fill_file(fd, 0, bytes);
    return fd;
}

static inline HANDLE file_handle(int fd, DWORD access)
{
    HANDLE handle = WinmemHandleFromFd(fd, access);

    MUST(handle != INVALID_HANDLE_VALUE);
    return handle;
}

static inline HANDLE file_section_of(HANDLE file, DWORD protection, ULONG64 bytes)
{
    return CreateFileMappingA(file, NULL, protection, (DWORD)(bytes >> 32), (DWORD)bytes, NULL);
}

/* Of an open file, with all rights that it has. */
static inline HANDLE file_section(int fd, DWORD protection, ULONG64 bytes)
{
    HANDLE file = file_handle(fd, ALL_OF_IT), section = file_section_of(file, protection, bytes);

    MUST(section != NULL && CloseHandle(file));
    return section;
}

/* The whole file, which then has no other handle. */
static inline BYTE *file_view(int fd, DWORD protection, DWORD access)
{
    HANDLE section = file_section(fd, protection, 0);
    BYTE *p = view(section, access);

    MUST(CloseHandle(section));
    return p;
}

static inline SIZE_T file_bytes(int fd)
{
    struct stat st;

    MUST(fstat(fd, &st) == 0);
    return (SIZE_T)st.st_size;
}

static inline BYTE byte_of_file(int fd, SIZE_T offset)
{
    BYTE byte = 0;

    MUST(pread(fd, &byte, 1, (off_t)offset) == 1);
    return byte;
}

/* A small file system, of this test alone. */
static char small_disk[] = "/tmp/winmem-test-XXXXXX";

static inline void on_a_small_disk(unsigned long flags, void (*run)(void))
{
    int end;

    pretend_alone();
    MUST(mkdtemp(small_disk) != NULL);
    MUST(mount("winmem-test", small_disk, "tmpfs", flags, "size=1m") == 0);
    end = end_of(run);
    umount(small_disk);
    rmdir(small_disk);
    EXPECT_EQ(end, 0);
}

#endif
