/*
 * Sections that are committed piece by piece when a process that commits or maps is killed between any two steps: for
 * everybody else a page is committed and there, or it is not; several processes that commit at once; and what committing
 * again costs.
 */
#include "support/apart.h"
#include "support/dying.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <windows.h>
#include <winmem.h>

#include "kern/faults.h"

enum { PAGE = 0x1000, PAGES = 64, BYTES = PAGES * PAGE, FIRST = 8, COUNT = 24, STEPS_MAX = 200 };

static HANDLE handle;
static BYTE *view;
static bool has_name;

static HANDLE create(void)
{
    char name[64];

    snprintf(name, sizeof name, "winmem-test-piece-%d", getpid());
    return CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE | SEC_RESERVE, 0, BYTES,
                              has_name ? name : NULL);
}

static void begin(void)
{
    handle = create();
    assert_non_null(handle);
    view = MapViewOfFile(handle, FILE_MAP_WRITE, 0, 0, 0);
    assert_non_null(view);
}

static void end(void)
{
    assert_true(UnmapViewOfFile(view) && CloseHandle(handle));
}

static void life_of_one_who_commits(void)
{
    BYTE *again = MapViewOfFile(handle, FILE_MAP_READ, 0, 0, 0);

    VirtualAlloc(view + FIRST * PAGE, COUNT * PAGE, MEM_COMMIT, PAGE_READWRITE);
    view[FIRST * PAGE] = 1;
    UnmapViewOfFile(again);
    UnmapViewOfFile(view);
    CloseHandle(handle);
}

static DWORD state_of(size_t page)
{
    MEMORY_BASIC_INFORMATION mbi;

    assert_int_equal(VirtualQuery(view + page * PAGE, &mbi, sizeof mbi), sizeof mbi);
    return mbi.State;
}

/* All of what was committed at once, or nothing, and nothing else. */
static void look(void)
{
    bool committed = state_of(FIRST) == MEM_COMMIT;

    for (size_t i = 0; i < PAGES; i++)
        assert_int_equal(state_of(i) == MEM_COMMIT, committed && i >= FIRST && i < FIRST + COUNT);
    for (size_t i = FIRST; committed && i < FIRST + COUNT; i++)
        view[i * PAGE + 1] = 7;
    assert_true(VirtualAlloc(view, BYTES, MEM_COMMIT, PAGE_READWRITE) == view);
    for (size_t i = 0; i < PAGES; i++)
        view[i * PAGE + 2] = 9;
}

static unsigned kills;

static void killed_while_committing(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++)
        for (unsigned step = 1; step < STEPS_MAX; step++) {
            bool died;

            has_name = i / 2;
            begin();
            died = dies_at(life_of_one_who_commits, step, i % 2);
            look();
            end();
            kills += died;
            if (!died)
                break;
        }
    assert_in_range(kills, 20, 4 * STEPS_MAX);
}

/* --- several at once --- */

enum { PROCESSES = 4, LARGE_PAGES = 4096 };

/* Page after page, each of which somebody else may commit as well at this moment; all of them are found by everybody. */
static int commit_many(unsigned which)
{
    for (size_t i = 0; i < LARGE_PAGES; i++) {
        BYTE *p = view + (i * (2 * which + 1) + which * 1000) % LARGE_PAGES * PAGE;

        if (i % 3 != which % 3 && VirtualAlloc(p, PAGE, MEM_COMMIT, PAGE_READWRITE) != p)
            return 1;
        if (i % 3 != which % 3)
            p[which] = (BYTE)(which + 1);
    }
    return 0;
}

static bool commits_by_process(unsigned which, size_t page)
{
    for (size_t i = 0; i < LARGE_PAGES; i++)
        if ((i * (2 * which + 1) + which * 1000) % LARGE_PAGES == page)
            return i % 3 != which % 3;
    return false;
}

static void several_commit_at_once(void **state)
{
    pid_t pids[PROCESSES];
    int status;

    (void)state;
    handle = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE | SEC_RESERVE, 0,
                                LARGE_PAGES * PAGE, NULL);
    view = MapViewOfFile(handle, FILE_MAP_WRITE, 0, 0, 0);
    assert_non_null(view);
    for (unsigned i = 0; i < PROCESSES; i++) {
        pids[i] = fork();
        if (pids[i] == 0)
            _exit(commit_many(i));
    }
    for (unsigned i = 0; i < PROCESSES; i++)
        assert_true(waitpid(pids[i], &status, 0) == pids[i] && status == 0);
    for (size_t page = 0; page < LARGE_PAGES; page += 7)
        for (unsigned i = 0; i < PROCESSES; i++)
            if (commits_by_process(i, page)) {
                assert_int_equal(state_of(page), MEM_COMMIT);
                assert_int_equal(view[page * PAGE + i], i + 1);
            }
}

/* --- again --- */

static unsigned calls_to_commit(BYTE *p, size_t bytes)
{
    unsigned calls;

    wm_fault_nth(STEPS_MAX, EIO); /* counts them */
    assert_true(VirtualAlloc(p, bytes, MEM_COMMIT, PAGE_READWRITE) == p);
    calls = wm_fault_count();
    wm_fault_nth(0, 0);
    return calls;
}

static void committing_again_asks_the_kernel_for_nothing(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        has_name = i;
        begin();
        assert_in_range(calls_to_commit(view, COUNT * PAGE), 1, STEPS_MAX - 1);
        assert_int_equal(calls_to_commit(view, COUNT * PAGE), 0);
        assert_int_equal(calls_to_commit(view + PAGE, PAGE), 0);
        assert_in_range(calls_to_commit(view, (COUNT + 1) * PAGE), 1, STEPS_MAX - 1);
        end();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(killed_while_committing),
        cmocka_unit_test(several_commit_at_once),
        cmocka_unit_test(committing_again_asks_the_kernel_for_nothing),
    };

    return RUN_APART(tests);
}
