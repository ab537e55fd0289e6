/* console.c: terminals as consoles: a pair of which the test holds the other end. */
#include "files.h"

#include <sys/ioctl.h>
#include <termios.h>

#ifdef WINMEM_VERSION_MAJOR

static int other_end; /* what is written to the terminal comes out here */
static HANDLE terminal;

static void open_terminal(void)
{
    int unlocked = 0, number, fd;
    char name[40];

    other_end = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (other_end < 0 || ioctl(other_end, TIOCSPTLCK, &unlocked) != 0 ||
        ioctl(other_end, TIOCGPTN, &number) != 0)
        SKIP("there are no terminals here");
    snprintf(name, sizeof name, "/dev/pts/%d", number);
    fd = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        SKIP("there are no terminals here");
    terminal = WinmemHandleFromFd(fd, GENERIC_READ | GENERIC_WRITE);
    close(fd);
    MUST(terminal != INVALID_HANDLE_VALUE);
}

static BOOL came_out(const char *text)
{
    char found[100];
    ssize_t length = read(other_end, found, sizeof found);

    return length == (ssize_t)strlen(text) && memcmp(found, text, strlen(text)) == 0;
}

TEST(console, is_written_to, "D13.16a")
{
    static const WCHAR wrong[] = {'a', 0xd800};
    DWORD written = 99;

    open_terminal();
    EXPECT_OK(WriteConsoleA(terminal, "gr\xc3\xbc\xc3\x9f", 6, &written, NULL));
    EXPECT(written == 6 && came_out("gr\xc3\xbc\xc3\x9f"));
    EXPECT_OK(WriteConsoleW(terminal, L"\u20ac\U0001f600", 2, &written, NULL));
    EXPECT(written == 2 && came_out("\xe2\x82\xac\xf0\x9f\x98\x80"));
    EXPECT_OK(WriteConsoleW(terminal, wrong, 2, NULL, NULL));
    EXPECT(came_out("a\xef\xbf\xbd"));
    EXPECT_FAIL(ERROR_NOACCESS, WriteConsoleA(terminal, (char *)16, 6, &written, NULL));
    EXPECT_FAIL(ERROR_NOACCESS, WriteConsoleA(terminal, "a", 1, (DWORD *)16, NULL));
}

TEST(console, is_a_terminal_and_nothing_else, "D13.16a")
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    HANDLE null = must_open("/dev/null", RW, OPEN_EXISTING), wrong[] = {null, NULL, GetCurrentProcess()};
    DWORD mode;

    for (size_t i = 0; i < 3; i++) {
        EXPECT_FAIL(ERROR_INVALID_HANDLE, WriteConsoleA(wrong[i], "a", 1, &mode, NULL));
        EXPECT_FAIL(ERROR_INVALID_HANDLE, GetConsoleMode(wrong[i], &mode));
        EXPECT_FAIL(ERROR_INVALID_HANDLE, SetConsoleMode(wrong[i], 0));
        EXPECT_FAIL(ERROR_INVALID_HANDLE, GetConsoleScreenBufferInfo(wrong[i], &info));
        EXPECT_FAIL(ERROR_INVALID_HANDLE, SetConsoleTextAttribute(wrong[i], 7));
    }
}

TEST(console, modes_of_output, "D13.16b")
{
    DWORD mode = 0;

    open_terminal();
    EXPECT_OK(GetConsoleMode(terminal, &mode));
    EXPECT_EQ(mode, ENABLE_PROCESSED_OUTPUT | ENABLE_WRAP_AT_EOL_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING);
    EXPECT_OK(SetConsoleMode(terminal, mode | DISABLE_NEWLINE_AUTO_RETURN));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, SetConsoleMode(terminal, 0x1000));
    EXPECT_FAIL(ERROR_NOACCESS, GetConsoleMode(terminal, NULL));
}

TEST(console, modes_of_input, "D13.16b")
{
    struct termios settings;
    DWORD mode = 0;

    open_terminal();
    EXPECT_OK(SetStdHandle(STD_INPUT_HANDLE, terminal));
    EXPECT_OK(GetConsoleMode(terminal, &mode));
    EXPECT_EQ(mode, ENABLE_PROCESSED_INPUT | ENABLE_LINE_INPUT | ENABLE_ECHO_INPUT);
    EXPECT_OK(SetConsoleMode(terminal, ENABLE_PROCESSED_INPUT | ENABLE_EXTENDED_FLAGS));
    EXPECT(tcgetattr(other_end, &settings) == 0 && settings.c_lflag & ISIG &&
           !(settings.c_lflag & (ICANON | ECHO)));
    EXPECT_OK(GetConsoleMode(terminal, &mode));
    EXPECT_EQ(mode, ENABLE_PROCESSED_INPUT);
    EXPECT_OK(SetConsoleMode(terminal, ENABLE_PROCESSED_INPUT | ENABLE_LINE_INPUT | ENABLE_ECHO_INPUT));
    EXPECT(tcgetattr(other_end, &settings) == 0 && settings.c_lflag & ICANON && settings.c_lflag & ECHO);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, SetConsoleMode(terminal, 0x1000));
}

TEST(console, size_and_colours, "D13.16c L398")
{
    struct winsize size = {.ws_row = 30, .ws_col = 100};
    CONSOLE_SCREEN_BUFFER_INFO info;

    open_terminal();
    EXPECT_OK(GetConsoleScreenBufferInfo(terminal, &info));
    EXPECT(info.dwSize.X == 80 && info.dwSize.Y == 25 && info.wAttributes == 7);
    MUST(ioctl(other_end, TIOCSWINSZ, &size) == 0);
    EXPECT_OK(SetConsoleTextAttribute(terminal, FOREGROUND_RED | FOREGROUND_INTENSITY | BACKGROUND_BLUE));
    EXPECT(came_out("\033[0;91;44m"));
    EXPECT_OK(GetConsoleScreenBufferInfo(terminal, &info));
    EXPECT(info.dwSize.X == 100 && info.dwSize.Y == 30 && info.wAttributes == 0x1c);
    EXPECT(info.srWindow.Right == 99 && info.srWindow.Bottom == 29 && info.srWindow.Left == 0);
    EXPECT_OK(SetConsoleTextAttribute(terminal, FOREGROUND_GREEN));
    EXPECT(came_out("\033[0;32;49m"));
    EXPECT_OK(SetConsoleTextAttribute(terminal, 7));
    EXPECT(came_out("\033[0m"));
    EXPECT_FAIL(ERROR_NOACCESS, GetConsoleScreenBufferInfo(terminal, NULL));
}

TEST(console, code_pages, "L394")
{
    EXPECT(GetConsoleCP() == CP_UTF8 && GetConsoleOutputCP() == CP_UTF8);
    EXPECT_OK(SetConsoleCP(CP_UTF8));
    EXPECT_OK(SetConsoleOutputCP(CP_UTF8));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, SetConsoleCP(437));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, SetConsoleOutputCP(1252));
}

TEST(console, that_may_not_be_written_to, "D13.16a")
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    HANDLE reads;
    int fd;

    open_terminal();
    fd = WinmemFdFromHandle(terminal);
    reads = WinmemHandleFromFd(fd, GENERIC_READ);
    close(fd);
    EXPECT_FAIL(ERROR_ACCESS_DENIED, WriteConsoleA(reads, "a", 1, NULL, NULL));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, GetConsoleScreenBufferInfo(reads, &info));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, SetConsoleTextAttribute(reads, 7));
}

#endif
