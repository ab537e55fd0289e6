/*
 * Other processes: what lies where in them, and copying to and from them. The process asked about is a fork that does
 * as it is told, a program that does not use the library, or one that has ended.
 */
#include "api.h"

#ifndef _WIN32

#include <fcntl.h>
#include <psapi.h>
#include <signal.h>
#include <sys/mman.h>

#include "../support/seccomp.h"
#include "../support/yama.h"

/* --- processes to ask about --- */

struct order {
    enum { ALLOCATE, PROTECT, RELEASE, WRITE, UNMAP, BECOME_SLEEP } what;
    BYTE *at;
    SIZE_T size;
    DWORD type, protect;
};

static struct other {
    pid_t pid;
    HANDLE handle;
    int orders, replies;
} other;

static void *obey(const struct order *o)
{
    DWORD old;

    switch (o->what) {
    case ALLOCATE: return VirtualAlloc(o->at, o->size, o->type, o->protect);
    case PROTECT: return VirtualProtect(o->at, o->size, o->protect, &old) ? o->at : NULL;
    case RELEASE: return VirtualFree(o->at, o->size, o->type) ? o->at : NULL;
    case WRITE: return memset(o->at, (int)o->protect, o->size);
    case UNMAP: return UnmapViewOfFile(o->at) ? o->at : NULL;
    case BECOME_SLEEP: execl("/bin/sleep", "sleep", "60", NULL);
    }
    return NULL;
}

static void serve(int orders, int replies)
{
    struct order order;
    void *reply;

    while (read(orders, &order, sizeof order) == (ssize_t)sizeof order) {
        reply = obey(&order);
        if (write(replies, &reply, sizeof reply) < 0)
            break;
    }
    _exit(0);
}

static void *tell(struct order order)
{
    void *reply = NULL;

    MUST(write(other.orders, &order, sizeof order) == (ssize_t)sizeof order);
    MUST(read(other.replies, &reply, sizeof reply) == (ssize_t)sizeof reply);
    return reply;
}

static void *must_tell(struct order order)
{
    void *reply = tell(order);

    MUST(reply != NULL);
    return reply;
}

static void end_other(void)
{
    kill(other.pid, SIGKILL);
    waitpid(other.pid, NULL, 0);
}

static HANDLE open_with(DWORD rights)
{
    HANDLE handle = OpenProcess(rights, FALSE, (DWORD)other.pid);

    MUST(handle != NULL);
    return handle;
}

/* A fork of this process, which has a copy of all that was allocated so far. */
static void fork_other(void)
{
    int orders[2], replies[2];

    need_to_look_into_children();
    MUST(pipe2(orders, O_CLOEXEC) == 0 && pipe2(replies, O_CLOEXEC) == 0);
    other.pid = fork();
    if (other.pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(orders[1]);
        close(replies[0]);
        serve(orders[0], replies[1]);
    }
    MUST(other.pid > 0);
    other.orders = orders[1];
    other.replies = replies[0];
    other.handle = open_with(PROCESS_ALL_ACCESS);
}

static void wait_for_program(const char *name)
{
    char path[64], comm[32] = "";
    double start = check_seconds();

    snprintf(path, sizeof path, "/proc/%d/comm", (int)other.pid);
    while (strncmp(comm, name, strlen(name)) != 0 && check_seconds() - start < 5) {
        FILE *f = fopen(path, "r");

        MUST(f != NULL && fgets(comm, sizeof comm, f) != NULL);
        fclose(f);
        check_sleep(1);
    }
    check_sleep(20); /* let it load what it needs */
}

static void spawn_other(char *const argv[])
{
    extern char **environ;

    need_to_look_into_children();
    if (posix_spawnp(&other.pid, argv[0], NULL, NULL, argv, environ) != 0)
        SKIP("no such program here");
    wait_for_program(argv[0]);
    other.handle = open_with(PROCESS_ALL_ACCESS);
}

static MEMORY_BASIC_INFORMATION region_in(HANDLE process, const void *at)
{
    MEMORY_BASIC_INFORMATION mbi = {0};

    EXPECT_RETURNS(sizeof mbi, VirtualQueryEx(process, at, &mbi, sizeof mbi));
    return mbi;
}

static void expect_equal(const MEMORY_BASIC_INFORMATION *got, const MEMORY_BASIC_INFORMATION *want)
{
    EXPECT_EQ(got->BaseAddress, want->BaseAddress);
    EXPECT_EQ(got->AllocationBase, want->AllocationBase);
    EXPECT_EQ(got->AllocationProtect, want->AllocationProtect);
    EXPECT_EQ(got->RegionSize, want->RegionSize);
    EXPECT_EQ(got->State, want->State);
    EXPECT_EQ(got->Protect, want->Protect);
    EXPECT_EQ(got->Type, want->Type);
}

/* The process is a fork whose memory has not changed since: what is so here is so there. */
static void expect_as_here(const void *at)
{
    MEMORY_BASIC_INFORMATION there = region_in(other.handle, at), here = region_in(GetCurrentProcess(), at);

    expect_equal(&there, &here);
}

/* --- VirtualQueryEx --- */

TEST(otherprocess, a_fork_has_what_its_parent_had, "O67 O68 O205")
{
    BYTE *p = reserve(4 * GRAIN), *q = commit(GRAIN, PAGE_READWRITE);
    BYTE *placeholder = reserve_placeholder(2 * GRAIN);

    commit_part(p + GRAIN, 2 * PAGE, PAGE_READONLY);
    protect(q, PAGE, PAGE_READWRITE | PAGE_GUARD);
    fork_other();
    expect_as_here(p);
    expect_as_here(p + GRAIN);
    expect_as_here(p + GRAIN + 3 * PAGE);
    expect_as_here(q);
    expect_as_here(q + PAGE + 7);
    expect_as_here(placeholder);
    end_other();
}

TEST(otherprocess, what_it_changes_is_seen_at_once, "O205 O67 O68 O69 O70")
{
    BYTE *p;
    int i;

    fork_other();
    p = must_tell((struct order){ALLOCATE, NULL, GRAIN, MEM_RESERVE, PAGE_READWRITE});
    for (i = 0; i < 200; i++) {
        BYTE *page = p + (SIZE_T)(i % 15) * PAGE;

        must_tell((struct order){ALLOCATE, page, PAGE, MEM_COMMIT, PAGE_READWRITE});
        EXPECT_EQ(region_in(other.handle, page).State, MEM_COMMIT);
        EXPECT_EQ(region_in(other.handle, page).AllocationBase, p);
        must_tell((struct order){PROTECT, page, PAGE, 0, PAGE_READONLY});
        EXPECT_EQ(region_in(other.handle, page).Protect, PAGE_READONLY);
        must_tell((struct order){RELEASE, page, PAGE, MEM_DECOMMIT, 0});
        EXPECT_EQ(region_in(other.handle, page).State, MEM_RESERVE);
        EXPECT_EQ(region_in(other.handle, page).RegionSize, GRAIN - (SIZE_T)(i % 15) * PAGE);
    }
    must_tell((struct order){RELEASE, p, 0, MEM_RELEASE, 0});
    EXPECT_EQ(region_in(other.handle, p).State, MEM_FREE);
    EXPECT_EQ(region_in(other.handle, p).Protect, PAGE_NOACCESS);
    EXPECT_EQ(region_in(other.handle, p).AllocationBase, NULL);
    end_other();
}

TEST(otherprocess, a_page_copied_on_write_is_told, "O71 D7.11a")
{
    BYTE *p = anonymous_view(4 * PAGE, PAGE_READWRITE, FILE_MAP_COPY);

    fork_other();
    EXPECT_EQ(region_in(other.handle, p).Protect, PAGE_WRITECOPY);
    EXPECT_EQ(region_in(other.handle, p).RegionSize, 4 * PAGE);
    must_tell((struct order){WRITE, p + PAGE, 1, 0, 5});
    EXPECT_EQ(region_in(other.handle, p).RegionSize, PAGE);
    EXPECT_EQ(region_in(other.handle, p + PAGE).Protect, PAGE_READWRITE);
    EXPECT_EQ(region_in(other.handle, p + 2 * PAGE).Protect, PAGE_WRITECOPY);
    EXPECT_EQ(region_in(other.handle, p + 2 * PAGE).Type, MEM_MAPPED);
    EXPECT_EQ(region_in(GetCurrentProcess(), p + PAGE).Protect, PAGE_WRITECOPY);
    end_other();
}

static int in_bss[3 * 1024];
static int in_data[1024] = {7};

TEST(otherprocess, the_program_is_one_image, "O78")
{
    MEMORY_BASIC_INFORMATION code, data, bss;

    in_bss[0] = 1;
    fork_other();
    code = region_in(other.handle, (void *)(uintptr_t)fork_other);
    data = region_in(other.handle, in_data);
    bss = region_in(other.handle, in_bss + 2500);
    EXPECT_EQ(code.Type, MEM_IMAGE);
    EXPECT_EQ(code.AllocationProtect, PAGE_EXECUTE_WRITECOPY);
    EXPECT_EQ(code.Protect, PAGE_EXECUTE_READ);
    EXPECT_EQ(code.AllocationBase, region_in(GetCurrentProcess(), in_data).AllocationBase);
    EXPECT_EQ(data.AllocationBase, code.AllocationBase);
    EXPECT_EQ(bss.AllocationBase, code.AllocationBase);
    EXPECT_EQ(bss.Type, MEM_IMAGE);
    end_other();
}

struct walk {
    int regions, gaps, images, code, ended;
    SIZE_T bytes;
};

static struct walk walk(HANDLE process)
{
    struct walk walk = {0, 0, 0, 0, 0, 0};
    BYTE *at = (BYTE *)0x10000;

    while (AT(at) < TOP && walk.regions < 1000000) {
        MEMORY_BASIC_INFORMATION mbi;

        if (VirtualQueryEx(process, at, &mbi, sizeof mbi) != sizeof mbi)
            return walk;
        walk.gaps += mbi.BaseAddress != at || mbi.RegionSize == 0 || mbi.RegionSize % PAGE != 0;
        walk.images += mbi.Type == MEM_IMAGE && mbi.AllocationBase == at;
        walk.code += mbi.Type == MEM_IMAGE && mbi.Protect == PAGE_EXECUTE_READ;
        walk.bytes += mbi.RegionSize;
        walk.regions++;
        at += mbi.RegionSize;
    }
    walk.ended = AT(at) == TOP + 1;
    return walk;
}

static void expect_whole_walk(HANDLE process, int images)
{
    struct walk w = walk(process);

    EXPECT(w.ended);
    EXPECT_EQ(w.gaps, 0);
    EXPECT_EQ(w.bytes, TOP + 1 - 0x10000);
    EXPECT(w.regions > 10 && w.regions < 5000);
    EXPECT(w.images >= images && w.code >= images);
}

TEST(otherprocess, a_walk_covers_every_byte_once_and_ends, "O76 O70 O68")
{
    int i;

    for (i = 0; i < 100; i++)
        commit_part(reserve(GRAIN) + PAGE, PAGE, PAGE_READWRITE);
    fork_other();
    expect_whole_walk(other.handle, 1);
    end_other();
}

TEST(otherprocess, a_program_without_the_library, "O76 O78")
{
    char *const argv[] = {"sleep", "60", NULL};

    spawn_other(argv);
    expect_whole_walk(other.handle, 2); /* itself, and a C library */
    end_other();
}

TEST(otherprocess, a_program_with_threads_and_without_the_library, "O76 O78")
{
    char *const argv[] = {"python3", "-c",
                          "import threading,time\n"
                          "for i in range(8): threading.Thread(target=time.sleep, args=(60,)).start()",
                          NULL};

    spawn_other(argv);
    check_sleep(200);
    expect_whole_walk(other.handle, 2);
    end_other();
}

TEST(otherprocess, exec_makes_another_address_space, "L81")
{
    struct order order = {.what = BECOME_SLEEP};
    BYTE *p = commit(GRAIN, PAGE_READWRITE);
    BYTE *buffer = commit(PAGE, PAGE_READWRITE);
    SIZE_T count;

    p[0] = 42;
    fork_other();
    expect_as_here(p);
    EXPECT_OK(ReadProcessMemory(other.handle, p, buffer, 1, &count));
    EXPECT_EQ(buffer[0], 42);
    MUST(write(other.orders, &order, sizeof order) == (ssize_t)sizeof order);
    wait_for_program("sleep");
    EXPECT(region_in(other.handle, p).Type != MEM_PRIVATE || region_in(other.handle, p).AllocationBase != p);
    EXPECT_FAIL(ERROR_PARTIAL_COPY, ReadProcessMemory(other.handle, p, buffer, 1, &count));
    expect_whole_walk(other.handle, 2);
    end_other();
}

TEST(otherprocess, a_process_that_has_ended, "L81")
{
    MEMORY_BASIC_INFORMATION mbi;
    BYTE *p = commit(GRAIN, PAGE_READWRITE), buffer[8] = {0};
    SIZE_T count = 7;
    char name[64];
    int waited;

    fork_other();
    expect_as_here(p);
    kill(other.pid, SIGKILL);
    for (waited = 0; waited < 2; waited++) {
        MUST(WaitForSingleObject(other.handle, 5000) == WAIT_OBJECT_0);
        EXPECT_FAIL(ERROR_ACCESS_DENIED, VirtualQueryEx(other.handle, p, &mbi, sizeof mbi));
        count = 7;
        EXPECT_FAIL(ERROR_PARTIAL_COPY, ReadProcessMemory(other.handle, p, buffer, 8, &count));
        EXPECT_EQ(count, 0);
        count = 7;
        EXPECT_FAIL(ERROR_ACCESS_DENIED, WriteProcessMemory(other.handle, p, buffer, 8, &count));
        EXPECT_EQ(count, 0);
        EXPECT_FAIL(ERROR_ACCESS_DENIED, GetMappedFileNameA(other.handle, p, name, sizeof name));
        waitpid(other.pid, NULL, 0);
    }
}

TEST(otherprocess, asking_needs_a_query_right, "O79 O89")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);
    WIN32_MEMORY_REGION_INFORMATION info;
    MEMORY_BASIC_INFORMATION mbi;
    HANDLE weak;
    char name[8];

    fork_other();
    weak = open_with(PROCESS_VM_OPERATION | PROCESS_VM_READ);
    EXPECT_FAIL(ERROR_ACCESS_DENIED, VirtualQueryEx(weak, p, &mbi, sizeof mbi));
    EXPECT_FAIL(ERROR_ACCESS_DENIED,
                QueryVirtualMemoryInformation(weak, p, MemoryRegionInfo, &info, sizeof info, NULL));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, GetMappedFileNameA(weak, p, name, sizeof name));
    EXPECT_RETURNS(sizeof mbi, VirtualQueryEx(open_with(PROCESS_QUERY_INFORMATION), p, &mbi, sizeof mbi));
    EXPECT_RETURNS(sizeof mbi,
                   VirtualQueryEx(open_with(PROCESS_QUERY_LIMITED_INFORMATION), p, &mbi, sizeof mbi));
    end_other();
}

TEST(otherprocess, wrong_arguments, "O75 O76")
{
    MEMORY_BASIC_INFORMATION mbi;

    fork_other();
    EXPECT_FAIL(ERROR_BAD_LENGTH, VirtualQueryEx(other.handle, NULL, &mbi, sizeof mbi - 1));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualQueryEx(other.handle, above_the_maximum(), &mbi, sizeof mbi));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                VirtualQueryEx(other.handle, (PVOID) ~(uintptr_t)0, &mbi, sizeof mbi));
    EXPECT_FAIL(ERROR_NOACCESS, VirtualQueryEx(other.handle, NULL, (PVOID)0x1234, sizeof mbi));
    EXPECT_EQ(region_in(other.handle, NULL).State, MEM_FREE);
    end_other();
}

/* --- QueryVirtualMemoryInformation, GetMappedFileName --- */

TEST(otherprocess, region_information, "O80 O81 O82")
{
    BYTE *p = reserve(GRAIN), *q = anonymous_view(2 * PAGE, PAGE_READWRITE, FILE_MAP_COPY);
    WIN32_MEMORY_REGION_INFORMATION info;
    SIZE_T length;

    commit_part(p + PAGE, 3 * PAGE, PAGE_READWRITE);
    fork_other();
    EXPECT_OK(QueryVirtualMemoryInformation(other.handle, p + 5 * PAGE, MemoryRegionInfo, &info, sizeof info,
                                            &length));
    EXPECT_EQ(length, sizeof info);
    EXPECT_EQ(info.AllocationBase, p);
    EXPECT_EQ(info.RegionSize, GRAIN);
    EXPECT_EQ(info.CommitSize, 3 * PAGE);
    EXPECT_EQ(info.Flags, 0);
    EXPECT_OK(QueryVirtualMemoryInformation(other.handle, q, MemoryRegionInfo, &info, sizeof info, NULL));
    EXPECT_EQ(info.CommitSize, 2 * PAGE);
    EXPECT_OK(
        QueryVirtualMemoryInformation(other.handle, in_data, MemoryRegionInfo, &info, sizeof info, NULL));
    EXPECT_EQ(info.MappedImage, 1);
    must_tell((struct order){RELEASE, p, 0, MEM_RELEASE, 0});
    EXPECT_FAIL(ERROR_UNEXP_NET_ERR,
                QueryVirtualMemoryInformation(other.handle, p, MemoryRegionInfo, &info, sizeof info, NULL));
    end_other();
}

TEST(otherprocess, names_of_files, "O87 O88 O91")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE), *q = anonymous_view(PAGE, PAGE_READWRITE, FILE_MAP_READ);
    char here[300], there[300];
    DWORD length;

    fork_other();
    length = GetMappedFileNameA(GetCurrentProcess(), in_data, here, sizeof here);
    MUST(length > 0);
    EXPECT_RETURNS(length, GetMappedFileNameA(other.handle, in_data, there, sizeof there));
    EXPECT(strcmp(here, there) == 0);
    EXPECT_RETURNS(length, GetMappedFileNameA(other.handle, in_bss + 2500, there, sizeof there));
    EXPECT_FAIL(ERROR_UNEXP_NET_ERR, GetMappedFileNameA(other.handle, p, there, sizeof there));
    EXPECT_FAIL(ERROR_FILE_INVALID, GetMappedFileNameA(other.handle, q, there, sizeof there));
    end_other();
}

/* --- ReadProcessMemory --- */

TEST(otherprocess, reading, "D9.1a O206")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE), *q = commit(GRAIN, PAGE_READWRITE);
    SIZE_T count = 7;

    memset(p, 5, GRAIN);
    fork_other();
    memset(p, 6, GRAIN);
    EXPECT_OK(ReadProcessMemory(other.handle, p + 3, q, 2 * PAGE, &count));
    EXPECT_EQ(count, 2 * PAGE);
    EXPECT(q[0] == 5 && q[2 * PAGE - 1] == 5 && q[2 * PAGE] == 0);
    EXPECT_OK(ReadProcessMemory(other.handle, p, q, 8, NULL));
    EXPECT_OK(ReadProcessMemory(other.handle, (PVOID)0x1234, NULL, 0, &count));
    EXPECT_EQ(count, 0);
    end_other();
}

TEST(otherprocess, what_can_be_read_is_read, "O209 O210")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE), *q = commit(GRAIN, PAGE_READWRITE);
    SIZE_T count = 7;

    memset(p, 5, GRAIN);
    protect(p + 2 * PAGE, PAGE, PAGE_NOACCESS);
    fork_other();
    EXPECT_FAIL(ERROR_PARTIAL_COPY, ReadProcessMemory(other.handle, p + 10, q, GRAIN - 10, &count));
    EXPECT_EQ(count, 2 * PAGE - 10);
    EXPECT(q[0] == 5 && q[2 * PAGE - 11] == 5 && q[2 * PAGE - 10] == 0);
    EXPECT_FAIL(ERROR_PARTIAL_COPY, ReadProcessMemory(other.handle, p + 2 * PAGE, q, 1, &count));
    EXPECT_EQ(count, 0);
    EXPECT_FAIL(ERROR_PARTIAL_COPY, ReadProcessMemory(other.handle, (PVOID)0x1234, q, 1, &count));
    EXPECT_EQ(count, 0);
    EXPECT_FAIL(ERROR_PARTIAL_COPY,
                ReadProcessMemory(other.handle, (PVOID)(~(uintptr_t)0 - 100), q, PAGE, &count));
    EXPECT_FAIL(ERROR_PARTIAL_COPY,
                ReadProcessMemory(other.handle, (PVOID)((uintptr_t)1 << 60), q, PAGE, &count));
    EXPECT_EQ(count, 0);
    end_other();
}

TEST(otherprocess, a_buffer_that_ends_gets_what_fits, "O208 O210")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE), *q = commit(GRAIN, PAGE_READWRITE);
    SIZE_T count = 7;

    memset(p, 3, GRAIN);
    protect(q + 2 * PAGE, PAGE, PAGE_NOACCESS);
    fork_other();
    EXPECT_FAIL(ERROR_PARTIAL_COPY, ReadProcessMemory(other.handle, p, q, 4 * PAGE, &count));
    EXPECT_EQ(count, 2 * PAGE);
    EXPECT(q[0] == 3 && q[2 * PAGE - 1] == 3);
    EXPECT_FAIL_EITHER(ERROR_PARTIAL_COPY, ERROR_NOACCESS,
                       ReadProcessMemory(other.handle, p, (PVOID)0x1234, 8, &count));
    EXPECT_EQ(count, 0);
    EXPECT_FAIL_EITHER(ERROR_PARTIAL_COPY, ERROR_NOACCESS,
                       ReadProcessMemory(other.handle, p, (PVOID)(~(uintptr_t)0 - 8), ~(SIZE_T)0, &count));
    EXPECT_FAIL(ERROR_NOACCESS, ReadProcessMemory(other.handle, p, q, 8, (PVOID)0x1234));
    end_other();
}

TEST(otherprocess, reading_and_writing_need_their_rights, "O204")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE), buffer[16] = {0};
    SIZE_T count = 7;

    fork_other();
    EXPECT_FAIL(ERROR_ACCESS_DENIED,
                ReadProcessMemory(open_with(PROCESS_VM_OPERATION), p, buffer, sizeof buffer, &count));
    EXPECT_EQ(count, 0);
    EXPECT_OK(ReadProcessMemory(open_with(PROCESS_VM_READ), p, buffer, sizeof buffer, &count));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, WriteProcessMemory(open_with(PROCESS_VM_WRITE), p, buffer, 1, NULL));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, WriteProcessMemory(open_with(PROCESS_VM_OPERATION), p, buffer, 1, NULL));
    EXPECT_OK(WriteProcessMemory(open_with(PROCESS_VM_WRITE | PROCESS_VM_OPERATION), p, buffer, 1, NULL));
    end_other();
}

/* --- WriteProcessMemory --- */

TEST(otherprocess, writing, "D9.1a O206")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE), *q = commit(GRAIN, PAGE_READWRITE),
         *r = commit(GRAIN, PAGE_READWRITE);
    SIZE_T count = 7;

    memset(q, 9, GRAIN);
    fork_other();
    EXPECT_OK(WriteProcessMemory(other.handle, p + 100, q, 3 * PAGE, &count));
    EXPECT_EQ(count, 3 * PAGE);
    EXPECT_OK(ReadProcessMemory(other.handle, p, r, GRAIN, NULL));
    EXPECT(r[99] == 0 && r[100] == 9 && r[3 * PAGE + 99] == 9 && r[3 * PAGE + 100] == 0);
    EXPECT(p[100] == 0);
    EXPECT_OK(WriteProcessMemory(other.handle, (PVOID)0x1234, NULL, 0, &count));
    EXPECT_EQ(count, 0);
    end_other();
}

TEST(otherprocess, pages_that_refuse, "O211")
{
    BYTE *p = commit(GRAIN, PAGE_READONLY), *q = commit(GRAIN, PAGE_READWRITE), *hole = reserve(GRAIN);
    SIZE_T count = 7;

    protect(p + PAGE, PAGE, PAGE_NOACCESS);
    fork_other();
    EXPECT_FAIL(ERROR_NOACCESS, WriteProcessMemory(other.handle, p, q, 16, &count));
    EXPECT_EQ(count, 7);
    EXPECT_FAIL(ERROR_NOACCESS, WriteProcessMemory(other.handle, p + PAGE, q, 16, &count));
    EXPECT_FAIL(ERROR_NOACCESS, WriteProcessMemory(other.handle, hole, q, 16, &count));
    EXPECT_FAIL(ERROR_NOACCESS, WriteProcessMemory(other.handle, (PVOID)0x1234, q, 16, &count));
    EXPECT_FAIL(ERROR_NOACCESS, WriteProcessMemory(other.handle, (PVOID)((uintptr_t)1 << 60), q, 16, &count));
    EXPECT_FAIL(ERROR_NOACCESS,
                WriteProcessMemory(other.handle, (PVOID)(~(uintptr_t)0 - 8), q, PAGE, &count));
    EXPECT_EQ(count, 7);
    EXPECT_EQ(region_in(other.handle, p).Protect, PAGE_READONLY);
    end_other();
}

TEST(otherprocess, code_is_written_and_stays_code, "O212")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE), *q = commit(GRAIN, PAGE_READWRITE),
         *r = commit(GRAIN, PAGE_READWRITE);
    SIZE_T count = 7;

    protect(p, GRAIN, PAGE_EXECUTE_READ);
    memset(q, 9, GRAIN);
    fork_other();
    EXPECT_OK(WriteProcessMemory(other.handle, p + 5, q, 2 * PAGE, &count));
    EXPECT_EQ(count, 2 * PAGE);
    EXPECT_OK(ReadProcessMemory(other.handle, p, r, GRAIN, NULL));
    EXPECT(r[4] == 0 && r[5] == 9 && r[2 * PAGE + 4] == 9 && r[2 * PAGE + 5] == 0);
    EXPECT_EQ(region_in(other.handle, p).Protect, PAGE_EXECUTE_READ);
    EXPECT_EQ(region_in(other.handle, p).RegionSize, GRAIN);
    end_other();
}

TEST(otherprocess, writable_pages_before_others, "O213")
{
    BYTE *p = commit(GRAIN, PAGE_EXECUTE_READWRITE), *q = commit(GRAIN, PAGE_READWRITE);
    BYTE byte = 7;
    SIZE_T count = 7;

    protect(p + 2 * PAGE, PAGE, PAGE_EXECUTE_READ);
    protect(p + 3 * PAGE, PAGE, PAGE_READONLY);
    memset(q, 9, GRAIN);
    fork_other();
    EXPECT_FAIL(ERROR_PARTIAL_COPY, WriteProcessMemory(other.handle, p, q, 4 * PAGE, &count));
    EXPECT_EQ(count, 2 * PAGE);
    EXPECT_OK(ReadProcessMemory(other.handle, p + 2 * PAGE - 1, &byte, 1, NULL));
    EXPECT_EQ(byte, 9);
    EXPECT_OK(ReadProcessMemory(other.handle, p + 2 * PAGE, &byte, 1, NULL));
    EXPECT_EQ(byte, 0);
    end_other();
}

TEST(otherprocess, a_source_that_cannot_be_read, "O207")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE), *q = commit(GRAIN, PAGE_READWRITE);
    SIZE_T count = 7;

    protect(q + 2 * PAGE, PAGE, PAGE_NOACCESS);
    fork_other();
    EXPECT_FAIL_EITHER(ERROR_PARTIAL_COPY, ERROR_NOACCESS,
                       WriteProcessMemory(other.handle, p, q, 4 * PAGE, &count));
    EXPECT_EQ(count, 0);
    EXPECT_FAIL_EITHER(ERROR_PARTIAL_COPY, ERROR_NOACCESS,
                       WriteProcessMemory(other.handle, p, (PVOID)0x1234, 8, &count));
    EXPECT_EQ(count, 0);
    end_other();
}

TEST(otherprocess, a_container_that_forbids_process_vm, "L80")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE), *q = commit(GRAIN, PAGE_READWRITE);
    SIZE_T count = 7;

    memset(p, 5, GRAIN);
    protect(p + 2 * PAGE, PAGE, PAGE_NOACCESS);
    protect(p + 3 * PAGE, PAGE, PAGE_READONLY);
    fork_other();
    if (!forbid(SYS_process_vm_readv) || !forbid(SYS_process_vm_writev))
        SKIP("no seccomp");
    expect_as_here(p);
    expect_as_here(p + 2 * PAGE);
    EXPECT_FAIL(ERROR_PARTIAL_COPY, ReadProcessMemory(other.handle, p + 10, q, GRAIN - 10, &count));
    EXPECT_EQ(count, 2 * PAGE - 10);
    EXPECT(q[0] == 5 && q[2 * PAGE - 11] == 5 && q[2 * PAGE - 10] == 0);
    EXPECT_OK(WriteProcessMemory(other.handle, p, q, PAGE, &count));
    EXPECT_FAIL(ERROR_NOACCESS, WriteProcessMemory(other.handle, p + 3 * PAGE, q, PAGE, &count));
    end_other();
}

static void closes_everything(int from)
{
    int fd;

    for (fd = from; fd < 64; fd++)
        if (fd != other.orders && fd != other.replies)
            close(fd);
}

/* The numbers that the library kept go to other files, and to files on other processes. */
TEST(otherprocess, descriptors_closed_behind_our_back, "L82")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE), *q = anonymous_view(PAGE, PAGE_READWRITE, FILE_MAP_COPY);
    struct other first;
    int i;

    fork_other();
    expect_as_here(p);
    expect_as_here(in_data);
    first = other;
    must_tell((struct order){WRITE, q, 1, 0, 1});
    for (i = 0; i < 3; i++) {
        closes_everything(3);
        region_in(other.handle, in_data);
        EXPECT_EQ(region_in(first.handle, q).Protect, PAGE_READWRITE);
        EXPECT_EQ(region_in(GetCurrentProcess(), q).Protect, PAGE_WRITECOPY);
        expect_as_here(in_data);
        expect_as_here(p);
    }
    end_other();
}

#endif
