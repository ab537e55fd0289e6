/* sectionviews.h: which views a section of each protection may have, whatever its bytes are (O180). */
#ifndef SECTIONVIEWS_H
#define SECTIONVIEWS_H

#include "../api/api.h"

static const DWORD view_accesses[] = {0,
                                      FILE_MAP_READ,
                                      FILE_MAP_COPY,
                                      FILE_MAP_WRITE,
                                      FILE_MAP_READ | FILE_MAP_EXECUTE,
                                      FILE_MAP_COPY | FILE_MAP_EXECUTE,
                                      FILE_MAP_WRITE | FILE_MAP_EXECUTE};

/* 0: refused with 5. */
static const struct {
    DWORD protection;
    int allowed[7];
} section_views[] = {
    {PAGE_READONLY, {1, 1, 1, 0, 0, 0, 0}},          {PAGE_WRITECOPY, {1, 1, 1, 0, 0, 0, 0}},
    {PAGE_READWRITE, {1, 1, 1, 1, 0, 0, 0}},         {PAGE_EXECUTE_READ, {1, 1, 1, 0, 1, 1, 0}},
    {PAGE_EXECUTE_WRITECOPY, {1, 1, 1, 0, 1, 1, 0}}, {PAGE_EXECUTE_READWRITE, {1, 1, 1, 1, 1, 1, 1}},
};

static inline void expect_views(HANDLE (*make)(DWORD protection))
{
    size_t i, j;

    for (i = 0; i < 6; i++)
        for (j = 0; j < 7; j++) {
            HANDLE handle = make(section_views[i].protection);

            if (section_views[i].allowed[j])
                EXPECT_OK(MapViewOfFile(handle, view_accesses[j], 0, 0, 0));
            else
                EXPECT_FAIL(ERROR_ACCESS_DENIED, MapViewOfFile(handle, view_accesses[j], 0, 0, 0));
            MUST(CloseHandle(handle));
        }
}

#endif
