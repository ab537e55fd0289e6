/*
 * DuplicateHandle from and to other processes.
 */
#include "api.h"

#ifndef _WIN32

#include "remote.h"

static HANDLE const own = (HANDLE)(intptr_t)-1;

static void with_a_library_target(void (*check)(struct target *))
{
    struct target t = start(LIBRARY, obey);

    check_on(&t, check);
}

static HANDLE given(const struct target *t, HANDLE handle, DWORD access, DWORD options)
{
    HANDLE there = NULL;

    MUST(DuplicateHandle(own, handle, t->handle, &there, access, FALSE, options));
    return there;
}

static void check_to(struct target *t)
{
    HANDLE handle = (HANDLE)make_section(5);
    HANDLE there = given(t, handle, 0, DUPLICATE_SAME_ACCESS);

    EXPECT_EQ(tell(t, SHOW, there, 0), 5);
    EXPECT_OK(CloseHandle(handle)); /* it outlives this one */
    EXPECT_EQ(tell(t, SHOW, there, 0), 5);
    EXPECT_EQ(tell(t, CLOSE, there, 0), TRUE);
    EXPECT_EQ(tell(t, CLOSE, there, 0), FALSE);
}

TEST(remotehandles, a_handle_is_given_to_another_process, "D12.4a")
{
    with_a_library_target(check_to);
}

static void check_from(struct target *t)
{
    HANDLE theirs = (HANDLE)tell(t, MAKE, NULL, 9), mine = NULL, again = NULL;

    MUST(theirs != NULL);
    EXPECT_OK(DuplicateHandle(t->handle, theirs, own, &mine, 0, FALSE, DUPLICATE_SAME_ACCESS));
    EXPECT_EQ(show_section(mine), 9);
    EXPECT_OK(DuplicateHandle(t->handle, theirs, own, &again, 0, FALSE, 0));
    EXPECT_OK(CompareObjectHandles(mine, again));
    EXPECT_EQ(tell(t, CLOSE, theirs, 0), TRUE);
    EXPECT_EQ(show_section(mine), 9);
    EXPECT_OK(CloseHandle(mine));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, DuplicateHandle(t->handle, theirs, own, &mine, 0, FALSE, 0));
}

TEST(remotehandles, a_handle_is_taken_from_another_process, "D12.4a O8")
{
    with_a_library_target(check_from);
}

static void check_closing(struct target *t)
{
    HANDLE handle = (HANDLE)make_section(3), theirs = (HANDLE)tell(t, MAKE, NULL, 4), mine = NULL;
    HANDLE there = given(t, handle, 0, DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE);

    EXPECT_FAIL(ERROR_INVALID_HANDLE, CloseHandle(handle));
    EXPECT_EQ(tell(t, SHOW, there, 0), 3);
    EXPECT_OK(DuplicateHandle(t->handle, theirs, own, &mine, 0, FALSE,
                              DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE));
    EXPECT_EQ(tell(t, CLOSE, theirs, 0), FALSE);
    EXPECT_EQ(show_section(mine), 4);
}

TEST(remotehandles, the_source_is_closed_wherever_it_is, "D12.4b")
{
    with_a_library_target(check_closing);
}

static void check_rights(struct target *t)
{
    HANDLE handle = (HANDLE)make_section(6), there = given(t, handle, SECTION_QUERY, 0);

    EXPECT_EQ(tell(t, SHOW, there, 0), (uintptr_t)ERROR_ACCESS_DENIED << 8);
    there = given(t, handle, GENERIC_READ, 0);
    EXPECT_EQ(tell(t, SHOW, there, 0), 6);
}

TEST(remotehandles, a_copy_has_the_rights_that_were_asked_for, "O172 D12.4a")
{
    with_a_library_target(check_rights);
}

static void check_processes(struct target *t)
{
    HANDLE there = given(t, own, PROCESS_QUERY_LIMITED_INFORMATION, 0), back = NULL, itself = NULL;

    EXPECT_OK(DuplicateHandle(t->handle, there, own, &back, 0, FALSE, DUPLICATE_SAME_ACCESS));
    EXPECT_EQ(GetProcessId(back), GetCurrentProcessId());
    EXPECT_OK(CompareObjectHandles(back, own));
    EXPECT_OK(DuplicateHandle(t->handle, own, own, &itself, PROCESS_QUERY_LIMITED_INFORMATION, FALSE, 0));
    EXPECT_EQ(GetProcessId(itself), (DWORD)t->pid);
    EXPECT_OK(CompareObjectHandles(itself, t->handle));
}

TEST(remotehandles, a_handle_to_a_process_means_the_same_process_everywhere, "D12.4a D12.3a")
{
    with_a_library_target(check_processes);
}

TEST(remotehandles, from_one_other_process_to_a_third, "D12.4a")
{
    struct target one = start(LIBRARY, obey), two = start(LIBRARY, obey);
    HANDLE theirs, there = NULL;

    open_target(&one);
    open_target(&two);
    theirs = (HANDLE)tell(&one, MAKE, NULL, 8);
    EXPECT_OK(DuplicateHandle(one.handle, theirs, two.handle, &there, 0, FALSE, DUPLICATE_SAME_ACCESS));
    EXPECT_EQ(tell(&two, SHOW, there, 0), 8);
    kill_target(&one);
    EXPECT_EQ(tell(&two, SHOW, there, 0), 8);
    kill_target(&two);
}

TEST(remotehandles, a_process_without_the_library_has_no_handles, "L157")
{
    struct target t = start(FOREIGN, obey);
    HANDLE handle, there = NULL;

    open_target(&t);
    handle = (HANDLE)make_section(1);
    EXPECT_FAIL(ERROR_NOT_SUPPORTED, DuplicateHandle(own, handle, t.handle, &there, 0, FALSE, 0));
    EXPECT_FAIL(ERROR_NOT_SUPPORTED, DuplicateHandle(t.handle, handle, own, &there, 0, FALSE, 0));
    EXPECT_EQ(show_section(handle), 1);
    kill_target(&t);
}

TEST(remotehandles, both_processes_must_allow_it, "D12.4c")
{
    struct target t = start(LIBRARY, obey);
    HANDLE weak, handle, there = NULL;

    open_target(&t);
    handle = (HANDLE)make_section(1);
    weak = OpenProcess(PROCESS_ALL_ACCESS & ~PROCESS_DUP_HANDLE, FALSE, (DWORD)t.pid);
    EXPECT_FAIL(ERROR_ACCESS_DENIED, DuplicateHandle(own, handle, weak, &there, 0, FALSE, 0));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, DuplicateHandle(weak, handle, own, &there, 0, FALSE, 0));
    kill_target(&t);
}

#endif
