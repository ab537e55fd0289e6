// Two processes that share memory by a name, as CreateFileMapping and OpenFileMapping have it. The first makes the
// section and starts the second, which knows nothing but the name; it leaves an answer and ends. The name goes with
// the last handle, so afterwards nobody finds it.
//
//   g++ $(pkg-config --cflags winmem) shared_memory.cpp $(pkg-config --libs winmem)

#include <windows.h>
#include <winmem.h>

#include <stdio.h>
#include <string>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

struct Board {
    char question[100], answer[100];
};

static int failed(const char *what)
{
    printf("%s: error %u (%s)\n", what, (unsigned)GetLastError(), WinmemLastCause());
    return 1;
}

static Board *look_at(HANDLE section)
{
    return static_cast<Board *>(MapViewOfFile(section, FILE_MAP_READ | FILE_MAP_WRITE, 0, 0, sizeof(Board)));
}

// The second process: it has been given a name, and nothing else.
static int answer(const char *name)
{
    HANDLE section = OpenFileMappingA(FILE_MAP_READ | FILE_MAP_WRITE, FALSE, name);
    if (!section)
        return failed("OpenFileMapping");
    Board *board = look_at(section);
    if (!board)
        return failed("MapViewOfFile");
    printf("process %d reads:  %s\n", (int)getpid(), board->question);
    snprintf(board->answer, sizeof(board->answer), "forty-two, says process %d", (int)getpid());
    return 0; // ending closes the handle, and the view with it
}

static bool run_second(const char *program, const char *name)
{
    char self[] = "shared_memory", argument[100];
    char *arguments[] = {self, argument, nullptr};
    pid_t pid;
    int status = 1;

    snprintf(argument, sizeof(argument), "%s", name);
    fflush(stdout);
    return posix_spawn(&pid, program, nullptr, nullptr, arguments, environ) == 0 &&
           waitpid(pid, &status, 0) == pid && status == 0;
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return answer(argv[1]);

    const std::string name = "Local\\winmem-example-" + std::to_string(getpid());
    HANDLE section =
        CreateFileMappingA(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE, 0, sizeof(Board), name.c_str());
    if (!section)
        return failed("CreateFileMapping");
    if (GetLastError() == ERROR_ALREADY_EXISTS)
        return printf("somebody has %s already\n", name.c_str()), 1;
    Board *board = look_at(section);
    if (!board)
        return failed("MapViewOfFile");

    snprintf(board->question, sizeof(board->question), "what do you get if you multiply six by seven?");
    printf("process %d writes: %s\n", (int)getpid(), board->question);
    if (!run_second("/proc/self/exe", name.c_str()))
        return printf("the second process failed\n"), 1;
    printf("process %d reads:  %s\n", (int)getpid(), board->answer);

    CloseHandle(section);
    if (OpenFileMappingA(FILE_MAP_READ, FALSE, name.c_str()) || GetLastError() != ERROR_FILE_NOT_FOUND)
        return printf("the name is still there\n"), 1;
    printf("The name is gone with the last handle; the view still says: %s\n", board->answer);
    UnmapViewOfFile(board);
    return 0;
}
