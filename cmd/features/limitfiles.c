/* limitfiles.c: small text files of the kernel, read through stdio, since nobody waits for a report. */
#include "features/limitfiles.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

bool limit_line(const char *path, char *out, size_t bytes)
{
    FILE *file = fopen(path, "re");
    bool read;

    if (file == NULL)
        return false;
    read = fgets(out, (int)bytes, file) != NULL;
    fclose(file);
    if (read)
        out[strcspn(out, "\n")] = '\0';
    return read;
}

bool limit_number(const char *path, uint64_t *out)
{
    char line[64];

    return limit_line(path, line, sizeof line) && sscanf(line, "%" SCNu64, out) == 1;
}

bool limit_field(const char *path, const char *word, uint64_t *out)
{
    FILE *file = fopen(path, "re");
    char line[512];
    bool found = false;

    if (file == NULL)
        return false;
    while (!found && fgets(line, sizeof line, file) != NULL)
        found = strncmp(line, word, strlen(word)) == 0 && sscanf(line + strlen(word), "%" SCNu64, out) == 1;
    fclose(file);
    return found;
}

uint64_t limit_seccomp(void)
{
    uint64_t filters = 0;

    if (prctl(PR_GET_SECCOMP) <= 0)
        return 0;
    return limit_field("/proc/self/status", "Seccomp_filters:", &filters) && filters > 0 ? filters : 1;
}
