/*
 * insidemachine.c: what of the machine and its time is read from the kernel, each system call failing once. Linked statically,
 * with the library's own headers.
 */
#include "files.h"

#include "kern/faults.h"

#ifdef WM_FAULT_SCRIPT

/* What fails says why, or answers as if nobody knew. */
static void told(BOOL done)
{
    EXPECT(done || GetLastError() != CHECK_SENTINEL);
    SetLastError(CHECK_SENTINEL);
}

static void ask_processors(void)
{
    static BYTE room[0x10000];
    DWORD length = sizeof room;
    PROCESSOR_NUMBER number;

    told(GetLogicalProcessorInformation((void *)room, &length));
    length = sizeof room;
    told(GetLogicalProcessorInformationEx(RelationAll, (void *)room, &length));
    EXPECT(length > 0);
    told(GetActiveProcessorCount(0) > 0);
    EXPECT(GetActiveProcessorGroupCount() >= 1 && GetMaximumProcessorGroupCount() >= 1);
    EXPECT(GetCurrentProcessorNumber() < 64);
    GetCurrentProcessorNumberEx(&number);
    EXPECT(number.Number < 64);
    FlushProcessWriteBuffers();
}

static void ask_process(HANDLE process)
{
    FILETIME born, ended, kernel, user;
    DWORD_PTR own = 0, all = 0;
    USHORT count = 4, groups[4];

    told(GetProcessTimes(process, &born, &ended, &kernel, &user));
    told(GetProcessAffinityMask(process, &own, &all));
    told(GetProcessGroupAffinity(process, &count, groups));
    told(own == 0 || SetProcessAffinityMask(process, own));
}

/* The many files about processors are read alike whatever the error. */
static void all_of_it(HANDLE other, int error)
{
    SetLastError(CHECK_SENTINEL);
    if (error != -EPERM)
        ask_processors();
    ask_process(GetCurrentProcess());
    ask_process(other);
}

/* But for the process's list of mappings: of which nobody can say that it is still ours stays open (kern/kept.c). */
static int others_open(void)
{
    char path[40], file[100];
    int count = 0;

    for (int fd = 0; fd < 200; fd++) {
        ssize_t length;

        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        length = readlink(path, file, sizeof file);
        count += length > 5 && memcmp(file + length - 5, "/maps", 5) != 0;
    }
    return count;
}

static void each_call_fails(HANDLE other, int error)
{
    int before = others_open();

    for (unsigned n = 1, asked = n; asked >= n && n < 3000; n++) {
        wm_fault_nth(n, error);
        all_of_it(other, error);
        asked = wm_fault_count();
        wm_fault_nth(0, 0);
        if (others_open() > before)
            check_fail(__FILE__, __LINE__, "call %u failed with %d, and a descriptor is left", n, error);
        EXPECT(n < 2999);
    }
}

TEST(insidemachine, each_system_call_fails_once, "L145")
{
    pid_t child = fork();
    HANDLE other;

    if (child == 0)
        for (;;)
            pause();
    other = OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)child);
    MUST(other != NULL);
    all_of_it(other, 0);
    each_call_fails(other, -EMFILE);
    each_call_fails(other, -EPERM);
    EXPECT(CloseHandle(other));
    MUST(kill(child, SIGKILL) == 0 && waitpid(child, NULL, 0) == child);
}

#else

TEST(insidemachine, each_system_call_fails_once, "L145")
{
    SKIP("built without WINMEM_FAULT_SCRIPT");
}

#endif
