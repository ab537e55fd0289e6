// Counts the words of a file that grows, without reading it: one view writes at its end, another one, of a section of its
// own, is counted. Only what is new is mapped: a view begins at a multiple of 64 KiB.
//
//   g++ $(pkg-config --cflags winmem) mapped_file.cpp $(pkg-config --libs winmem)

#include <windows.h>
#include <winmem.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool failed(const char *step)
{
    printf("%s: error %u (%s)\n", step, (unsigned)GetLastError(), WinmemLastCause());
    return false;
}

static const SIZE_T unit = 0x10000; // what an offset is a multiple of

// A part of the file, from a byte on, mapped as long as this lives. Its section is as large as `bytes`, 0 meaning the file.
class View
{
  public:
    View(HANDLE file, SIZE_T from, SIZE_T bytes, bool write) : base(nullptr), skip(from % unit)
    {
        HANDLE section = CreateFileMappingW(file, nullptr, write ? PAGE_READWRITE : PAGE_READONLY, 0,
                                            (DWORD)bytes, nullptr);

        if (!section)
            return;
        base = static_cast<char *>(
            MapViewOfFile(section, write ? FILE_MAP_WRITE : FILE_MAP_READ, 0, (DWORD)(from - skip), 0));
        CloseHandle(section); // the view keeps the section
    }
    ~View()
    {
        if (base)
            UnmapViewOfFile(base);
    }
    View(const View &) = delete;
    View &operator=(const View &) = delete;

    char *at() const
    {
        return base ? base + skip : nullptr;
    }
    bool flush() const
    {
        return FlushViewOfFile(base, 0) != 0;
    }

  private:
    char *base;
    SIZE_T skip;
};

// Writing behind the end of a file makes it larger: the section is made with the size that is wanted.
static bool append(HANDLE file, SIZE_T &bytes, const char *text)
{
    SIZE_T length = strlen(text);
    View end(file, bytes, bytes + length, true);

    if (!end.at())
        return failed("a section that makes the file larger");
    memcpy(end.at(), text, length);
    bytes += length;
    return end.flush() || failed("FlushViewOfFile");
}

// Words that end in what is new; the one that the end cuts off is counted when more comes.
static bool count(HANDLE file, SIZE_T bytes, SIZE_T &counted, unsigned &words)
{
    View part(file, counted, 0, false);

    if (!part.at())
        return failed("a view of the file");
    for (SIZE_T i = 0; i < bytes - counted; i++)
        words += part.at()[i] == ' ' || part.at()[i] == '\n';
    counted = bytes;
    return true;
}

static bool run(HANDLE file)
{
    SIZE_T bytes = 0, counted = 0;
    unsigned words = 0;

    for (int line = 0; line < 4000; line++) {
        if (!append(file, bytes, line % 2 ? "and here are some more\n" : "one two three\n"))
            return false;
        if (line % 1000 == 999 && !count(file, bytes, counted, words))
            return false;
    }
    printf("%u words in %u bytes\n", words, (unsigned)bytes);
    return words == 2000 * (3 + 5);
}

int main()
{
    char path[] = "/tmp/winmem-words-XXXXXX";
    int fd = mkstemp(path);
    HANDLE file = WinmemHandleFromFd(fd, GENERIC_READ | GENERIC_WRITE);
    bool done = file != INVALID_HANDLE_VALUE ? run(file) : failed("WinmemHandleFromFd");

    CloseHandle(file);
    close(fd);
    unlink(path);
    printf(done ? "The file was counted while it grew.\n" : "That went wrong.\n");
    return done ? 0 : 1;
}
