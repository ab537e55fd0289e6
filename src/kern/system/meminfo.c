/*
 * meminfo.c: how much memory the machine has.
 *
 * /proc/meminfo has it, and its "available" is the kernel's own estimate of what can be had without
 * swapping, which no sum of other figures is. Without /proc, or without a descriptor for it, sysinfo
 * answers with less (L107): what is free, and nothing of what could be given up.
 *
 * Installed memory is more than the kernel manages: that stands in sysfs, in blocks, where memory can be
 * plugged.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/sysinfo.h>

#include "kern/descriptor.h"
#include "kern/sys.h"
#include "kern/system/system.h"
#include "kern/text.h"

#define BLOCKS "/sys/devices/system/memory"

static int by_sysinfo(struct wm_meminfo *out)
{
    struct sysinfo info;
    int result = (int)wm_sys3(SYS_sysinfo, (long)&info, 0, 0);

    if (result != 0)
        return result;
    *out = (struct wm_meminfo){
        .total = (uint64_t)info.totalram * info.mem_unit,
        .available = ((uint64_t)info.freeram + info.bufferram) * info.mem_unit,
        .swap_total = (uint64_t)info.totalswap * info.mem_unit,
        .swap_free = (uint64_t)info.freeswap * info.mem_unit,
    };
    return 0;
}

int wm_kern_meminfo(struct wm_meminfo *out)
{
    const struct wm_text_field fields[] = {
        {"MemTotal", &out->total},     {"MemAvailable", &out->available},   {"SwapTotal", &out->swap_total},
        {"SwapFree", &out->swap_free}, {"CommitLimit", &out->commit_limit}, {"Committed_AS", &out->committed},
    };

    *out = (struct wm_meminfo){.available = UINT64_MAX};
    if (wm_text_file_fields("/proc/meminfo", fields, sizeof fields / sizeof fields[0]) != 0 ||
        out->total == 0 || out->available == UINT64_MAX)
        return by_sysinfo(out);
    if (out->available > out->total)
        out->available = out->total;
    return 0;
}

struct dirent64 {
    uint64_t inode;
    int64_t next;
    uint16_t bytes;
    uint8_t type;
    char name[];
};

/* "memory0", "memory17": not "block_size_bytes" and its like. */
static bool names_a_block(const char *name)
{
    return strncmp(name, "memory", 6) == 0 && name[6] >= '0' && name[6] <= '9';
}

static uint64_t count_blocks(int fd)
{
    char buffer[4096] __attribute__((aligned(8)));
    uint64_t count = 0;
    long got;

    while ((got = wm_sys3(SYS_getdents64, fd, (long)buffer, sizeof buffer)) > 0)
        for (long at = 0; at < got;) {
            const struct dirent64 *entry = (const struct dirent64 *)(buffer + at);

            count += names_a_block(entry->name);
            at += entry->bytes;
        }
    return count;
}

/* The kernel numbers memory in blocks of one size, which sysfs writes in hexadecimal. */
static uint64_t bytes_in_blocks(void)
{
    struct wm_text text;
    const char *size = wm_text_file_line(BLOCKS "/block_size_bytes", &text);
    int fd = size == NULL ? -1 : wm_fd_open(BLOCKS, O_RDONLY);
    uint64_t blocks;

    if (fd < 0)
        return 0;
    blocks = count_blocks(fd);
    wm_kern_close(fd);
    return blocks * wm_text_hex(&size);
}

uint64_t wm_kern_installed_memory(void)
{
    uint64_t blocks = bytes_in_blocks();
    struct wm_meminfo info;

    if (wm_kern_meminfo(&info) != 0)
        return blocks;
    return blocks > info.total ? blocks : info.total;
}
