/*
 * other_process: memory in a process that knows nothing of it.
 *
 * Starts sleep(1), reserves a megabyte there, commits and fills two pages, makes one of them read-only, and
 * prints what the process looks like around it. A second handle sees the same: the other process keeps the book.
 */
#include <windows.h>

#include <cstdio>
#include <cstring>
#include <sys/wait.h>
#include <unistd.h>

static pid_t start_sleep()
{
    pid_t pid = fork();

    if (pid == 0) {
        execlp("sleep", "sleep", "60", static_cast<char *>(nullptr));
        _exit(127);
    }
    usleep(100000); // until it is what it will be
    return pid;
}

static const char *state_of(const MEMORY_BASIC_INFORMATION &m)
{
    return m.State == MEM_FREE ? "free" : m.State == MEM_RESERVE ? "reserved" : "committed";
}

static void print_regions(HANDLE process, char *from, char *to)
{
    MEMORY_BASIC_INFORMATION m;

    for (; from < to && VirtualQueryEx(process, from, &m, sizeof m) != 0; from += m.RegionSize)
        std::printf("  %p  %8zu KiB  %-9s  protection %#x\n", m.BaseAddress,
                    static_cast<size_t>(m.RegionSize) / 1024, state_of(m), static_cast<unsigned>(m.Protect));
}

static int fail(const char *what)
{
    std::printf("%s: error %u\n", what, static_cast<unsigned>(GetLastError()));
    return 1;
}

static int work_in(HANDLE process, HANDLE second)
{
    char *p = static_cast<char *>(VirtualAllocEx(process, nullptr, 1 << 20, MEM_RESERVE, PAGE_NOACCESS));
    char text[] = "written from outside", back[sizeof text] = "";
    SIZE_T count = 0;
    DWORD old;

    if (p == nullptr || VirtualAllocEx(process, p, 8192, MEM_COMMIT, PAGE_READWRITE) == nullptr)
        return fail("VirtualAllocEx");
    if (!WriteProcessMemory(process, p + 4090, text, sizeof text, &count))
        return fail("WriteProcessMemory");
    if (!VirtualProtectEx(process, p + 4096, 4096, PAGE_READONLY, &old))
        return fail("VirtualProtectEx");
    if (!ReadProcessMemory(second, p + 4090, back, sizeof back, &count))
        return fail("ReadProcessMemory");
    std::printf("read back through another handle: \"%s\", %zu bytes\n", back, static_cast<size_t>(count));
    print_regions(second, p, p + (1 << 20));
    return VirtualFreeEx(second, p, 0, MEM_RELEASE) ? 0 : fail("VirtualFreeEx");
}

int main()
{
    pid_t pid = start_sleep();
    HANDLE process = OpenProcess(PROCESS_ALL_ACCESS, FALSE, static_cast<DWORD>(pid));
    HANDLE second = OpenProcess(PROCESS_VM_OPERATION | PROCESS_VM_READ | PROCESS_QUERY_INFORMATION, FALSE,
                                static_cast<DWORD>(pid));
    int result = process == nullptr || second == nullptr ? fail("OpenProcess") : work_in(process, second);

    std::printf("sleep is %s\n", WaitForSingleObject(process, 0) == WAIT_TIMEOUT ? "still asleep" : "gone");
    CloseHandle(second);
    CloseHandle(process);
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
    return result;
}
