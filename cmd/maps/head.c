/* head.c: the head of what is told about a process (head.h). */
#include "head.h"

#include <windows.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "mappings.h"

static void read_name(const struct maps_target *target, struct maps_head *out)
{
    int fd = maps_target_file(target, "comm");
    ssize_t got = fd < 0 ? -1 : read(fd, out->name, sizeof out->name - 1);

    if (fd >= 0)
        close(fd);
    out->name[got > 0 ? got - 1 : 0] = 0; /* a newline ends it */
}

static uint64_t number_in(const char *path)
{
    FILE *file = fopen(path, "re");
    unsigned long long number = 0;

    if (file == NULL)
        return 0;
    if (fscanf(file, "%llu", &number) != 1)
        number = 0;
    fclose(file);
    return number;
}

static void read_system(struct maps_head *out)
{
    FILE *file = fopen("/proc/meminfo", "re");
    unsigned long long kilobytes;
    char line[128];

    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "CommitLimit: %llu", &kilobytes) == 1)
            out->commit_limit = kilobytes << 10;
        else if (sscanf(line, "Committed_AS: %llu", &kilobytes) == 1)
            out->committed = kilobytes << 10;
    }
    if (file != NULL)
        fclose(file);
}

static void read_clock(struct maps_head *out)
{
    time_t now = time(NULL);
    struct tm broken;

    if (gmtime_r(&now, &broken) != NULL)
        strftime(out->taken, sizeof out->taken, "%Y-%m-%dT%H:%M:%SZ", &broken);
}

bool maps_head_of(const struct maps_target *target, struct maps_head *out, struct maps_why *why)
{
    SYSTEM_INFO info;

    GetSystemInfo(&info);
    *out = (struct maps_head){
        .pid = target->pid,
        .page = info.dwPageSize,
        .granularity = info.dwAllocationGranularity,
        .lowest = (uintptr_t)info.lpMinimumApplicationAddress,
        .highest = (uintptr_t)info.lpMaximumApplicationAddress,
        .most_mappings = number_in("/proc/sys/vm/max_map_count"),
    };
    read_name(target, out);
    read_clock(out);
    read_system(out);
    return maps_mappings_count(target, &out->mappings, &out->book, why);
}
