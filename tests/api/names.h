/* names.h: sections with names that no other test has, behind api.h. */
#ifndef NAMES_H
#define NAMES_H

#define NOBODY INVALID_HANDLE_VALUE
#define NO_NODE NUMA_NO_PREFERRED_NODE

#define EXPECT_HANDLE(handle) EXPECT((handle) != NULL)

static inline unsigned long names_of(void)
{
    static unsigned long own; /* that of a test's first process, also in its children */

    if (own == 0)
        own = GetCurrentProcessId();
    return own;
}

/* Behind the prefix, if there is one. Overwritten by the next but one. */
static inline const char *name_of(const char *name)
{
    static char text[2][300];
    static int which;
    const char *rest = strncmp(name, "Global\\", 7) == 0  ? name + 7
                       : strncmp(name, "Local\\", 6) == 0 ? name + 6
                                                          : name;

    which = !which;
    snprintf(text[which], sizeof text[which], "%.*swinmem-test-%lu-%s", (int)(rest - name), name, names_of(),
             rest);
    return text[which];
}

static inline HANDLE create(const char *name, SIZE_T bytes)
{
    SetLastError(CHECK_SENTINEL);
    return CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, (DWORD)((ULONG64)bytes >> 32),
                              (DWORD)bytes, name_of(name));
}

/* Handles that were opened by the way. */
static HANDLE names_opened[64];
static unsigned names_count;

static inline HANDLE open_for(DWORD access, const char *name)
{
    HANDLE handle = OpenFileMappingA(access, FALSE, name_of(name));

    if (handle != NULL && names_count < 64)
        names_opened[names_count++] = handle;
    return handle;
}

static inline void forget_opened(void)
{
    while (names_count > 0)
        CloseHandle(names_opened[--names_count]);
}

static inline void widen(const char *from, WCHAR *to, size_t size)
{
    size_t i = 0;

    for (; from[i] != '\0' && i + 1 < size; i++)
        to[i] = (unsigned char)from[i];
    to[i] = 0;
}

#endif
