/*
 * mappinguse.c: WinmemMappingUse, beside what the kernel lists; and what a trace says at the full table of mappings.
 */
#include "api.h"

#ifdef WINMEM_VERSION_MAJOR

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TRACE = 9, ISLANDS = 32, MOST_TO_FILL = 200000 };

/* Lines of the list, but for those in the kernel's half. No mapping comes or goes meanwhile. */
static SIZE_T listed(void)
{
    static char text[1 << 22];
    int fd = open("/proc/self/maps", O_RDONLY);
    SIZE_T length = 0, lines = 0;
    ssize_t got;

    MUST(fd >= 0);
    while ((got = read(fd, text + length, sizeof text - 1 - length)) > 0)
        length += (SIZE_T)got;
    close(fd);
    for (char *p = text; p < text + length; p = strchr(p, '\n') + 1)
        lines += strncmp(p, "ffffffff", 8) != 0;
    return lines;
}

static WINMEM_MAPPING_USE used(void)
{
    WINMEM_MAPPING_USE use;

    MUST(WinmemMappingUse(&use));
    return use;
}

static SIZE_T limit(void)
{
    char text[32] = {0};
    int fd = open("/proc/sys/vm/max_map_count", O_RDONLY);

    MUST(fd >= 0 && read(fd, text, sizeof text - 1) > 0);
    close(fd);
    return strtoull(text, NULL, 10);
}

TEST(mappinguse, all_that_the_kernel_lists_is_counted, "L607")
{
    SIZE_T before = (listed(), used().Mappings);
    char *p = mmap(NULL, 3 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    MUST(p != MAP_FAILED && mprotect(p + PAGE, PAGE, PROT_READ | PROT_EXEC) == 0);
    EXPECT_EQ(used().Mappings, listed());
    EXPECT(used().Mappings >= before + 2);
    EXPECT_EQ(used().MostMappings, limit());
    munmap(p, 3 * PAGE);
    EXPECT_EQ(used().Mappings, listed());
}

/* Each second page committed; what is between them is under markers where stretches are turned at once (WINMEM_DENSE). */
TEST(mappinguse, what_is_under_markers_is_told, "L607")
{
    BOOL turned = getenv("WINMEM_DENSE") != NULL && WinmemFeature("guard_markers");
    SIZE_T before = used().MarkedBytes;
    BYTE *p = reserve(2 * ISLANDS * PAGE);

    for (int i = 0; i < ISLANDS; i++)
        commit_part(p + 2 * i * PAGE, PAGE, PAGE_READWRITE);
    EXPECT_EQ(used().MarkedBytes - before, turned ? ISLANDS * PAGE : 0);
    commit_part(p, 2 * ISLANDS * PAGE, PAGE_READWRITE);
    EXPECT_EQ(used().MarkedBytes, before);
    release(p);
}

TEST(mappinguse, a_structure_that_cannot_be_written_is_998, "L608")
{
    EXPECT_FAIL(ERROR_NOACCESS, WinmemMappingUse(NULL));
    EXPECT_FAIL(ERROR_NOACCESS, WinmemMappingUse((WINMEM_MAPPING_USE *)16));
}

TEST(mappinguse, without_a_descriptor_it_is_told, "L608")
{
    WINMEM_MAPPING_USE use = {1, 2, 3};
    struct rlimit limit, none;

    MUST(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    none = (struct rlimit){0, limit.rlim_max};
    MUST(VirtualQuery(&use, &(MEMORY_BASIC_INFORMATION){0}, sizeof(MEMORY_BASIC_INFORMATION)) != 0);
    MUST(setrlimit(RLIMIT_NOFILE, &none) == 0);
    EXPECT_FAIL(ERROR_NO_SYSTEM_RESOURCES, WinmemMappingUse(&use));
    MUST(setrlimit(RLIMIT_NOFILE, &limit) == 0); /* a leak checker wants some in the end */
    EXPECT(use.Mappings == 1 && use.MostMappings == 2 && use.MarkedBytes == 3);
}

/* --- the trace --- */

/* Each page of it is a mapping. */
static void fill_the_table(void)
{
    SIZE_T pages = limit() + 16;
    char *p = mmap(NULL, pages * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    MUST(p != MAP_FAILED);
    for (SIZE_T i = 0; i < pages && mprotect(p + i * PAGE, PAGE, i % 2 ? PROT_READ : PROT_EXEC) == 0; i++)
        ;
}

static void need_a_table_to_fill(void)
{
    if (SANITIZED)
        SKIP("sanitizers need mappings themselves");
    if (limit() > MOST_TO_FILL)
        SKIP("the table of mappings is too large to be filled");
}

TEST(mappinguse, a_program_that_meets_the_full_table, "L145")
{
    BYTE *p = commit(16 * PAGE, PAGE_READWRITE);
    DWORD old;

    need_a_table_to_fill();
    fill_the_table();
    EXPECT_FAIL(ERROR_NOT_ENOUGH_MEMORY, VirtualProtect(p + 4 * PAGE, PAGE, PAGE_EXECUTE_READ, &old));
    EXPECT(used().Mappings + 1 >= limit());
}

static int run_traced(const char *test, char *text, SIZE_T size)
{
    int ends[2], status = -1;
    SIZE_T length = 0;
    ssize_t got;
    pid_t pid;

    MUST(pipe(ends) == 0);
    fflush(NULL);
    pid = fork();
    if (pid == 0) {
        dup2(ends[1], TRACE);
        setenv("WINMEM_TRACE", "9", 1);
        execl("/proc/self/exe", "again", test, NULL);
        _exit(99);
    }
    close(ends[1]);
    while (length + 1 < size && (got = read(ends[0], text + length, size - 1 - length)) > 0)
        length += (SIZE_T)got;
    close(ends[0]);
    waitpid(pid, &status, 0);
    return status;
}

TEST(mappinguse, a_trace_tells_how_full_the_table_was, "L609")
{
    static char text[1 << 20];
    const char *line, *end;

    need_a_table_to_fill();
    EXPECT_EQ(run_traced("mappinguse.a_program_that_meets_the_full_table", text, sizeof text), 0);
    line = strstr(text, " = failed, 8 MAP_COUNT: ");
    MUST(line != NULL && (end = strchr(line, '\n')) != NULL);
    EXPECT(memchr(line, '{', (size_t)(end - line)) == NULL);
    EXPECT(strstr(line, " mappings in use, 0 MiB reserved under guard markers") != NULL);
}

#endif
