/*
 * SetProcessValidCallTargets in a process without Control Flow Guard, and the PAGE_TARGETS_ modifiers.
 */
#include "api.h"

static BOOL set_targets(BYTE *base, SIZE_T size, ULONG count, PCFG_CALL_TARGET_INFO targets)
{
    return SetProcessValidCallTargets(GetCurrentProcess(), base, size, count, targets);
}

TEST(calltargets, it_fails_without_control_flow_guard, "D9.9a")
{
    BYTE *p = commit(GRAIN, PAGE_EXECUTE_READWRITE);
    CFG_CALL_TARGET_INFO targets[2] = {{0, CFG_CALL_TARGET_VALID}, {32, CFG_CALL_TARGET_VALID}};

    EXPECT_EQ(sizeof targets[0], 16);
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_PARAMETER, set_targets(p, GRAIN, 2, targets)));
    EXPECT_EQ(targets[0].Flags, CFG_CALL_TARGET_VALID);
    EXPECT_EQ(targets[1].Flags, CFG_CALL_TARGET_VALID);
}

TEST(calltargets, unordered_and_unaligned_offsets_fail, "D9.9b")
{
    BYTE *p = commit(GRAIN, PAGE_EXECUTE_READ);
    CFG_CALL_TARGET_INFO down[2] = {{32, CFG_CALL_TARGET_VALID}, {16, CFG_CALL_TARGET_VALID}};
    CFG_CALL_TARGET_INFO odd = {8, CFG_CALL_TARGET_VALID}, behind = {GRAIN, CFG_CALL_TARGET_VALID};

    EXPECT_FAIL(ERROR_INVALID_PARAMETER, set_targets(p, GRAIN, 2, down));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, set_targets(p, GRAIN, 1, &odd));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, set_targets(p, GRAIN, 1, &behind));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, set_targets(p, GRAIN, 0, &odd));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, set_targets(p, 0, 1, &odd));
}

TEST(calltargets, the_process_handle_is_checked, "L1")
{
    BYTE *p = commit(GRAIN, PAGE_EXECUTE_READ);
    CFG_CALL_TARGET_INFO target = {0, CFG_CALL_TARGET_VALID};

    EXPECT_FAIL(ERROR_INVALID_HANDLE, SetProcessValidCallTargets(NULL, p, GRAIN, 1, &target));
    EXPECT_FAIL(ERROR_ACCESS_DENIED,
                SetProcessValidCallTargets(self_with(PROCESS_QUERY_INFORMATION), p, GRAIN, 1, &target));
}

#ifdef WINMEM_VERSION_MAJOR

/* Same code each time; the cause tells them apart. */
static const char *cause_of(BYTE *base, SIZE_T size, ULONG_PTR offset)
{
    CFG_CALL_TARGET_INFO target = {offset, CFG_CALL_TARGET_VALID};

    EXPECT_FAIL(ERROR_INVALID_PARAMETER, set_targets(base, size, 1, &target));
    return WinmemLastCause();
}

TEST(calltargets, the_cause_tells_what_is_wrong, "L132")
{
    BYTE *p = commit(GRAIN, PAGE_EXECUTE_READ);
    CFG_CALL_TARGET_INFO down[2] = {{32, CFG_CALL_TARGET_VALID}, {16, CFG_CALL_TARGET_VALID}};

    EXPECT_FAIL(ERROR_INVALID_PARAMETER, set_targets(p, GRAIN, 2, down));
    EXPECT(strstr(WinmemLastCause(), "offsets") != NULL);
    EXPECT(strstr(cause_of(p, GRAIN, 16), "Control Flow Guard") != NULL);
    EXPECT(strstr(cause_of(p, GRAIN, 8), "offsets") != NULL);
    EXPECT(strstr(cause_of(p, GRAIN, GRAIN), "offsets") != NULL);
    EXPECT(strstr(cause_of(commit(GRAIN, PAGE_READWRITE), GRAIN, 16), "executable") != NULL);
    EXPECT(strstr(cause_of(free_space(MiB), GRAIN, 16), "executable") != NULL);
    EXPECT(strstr(cause_of(p, ~(SIZE_T)0, 16), "executable") != NULL);
    protect(p + PAGE, PAGE, PAGE_READONLY);
    EXPECT(strstr(cause_of(p, GRAIN, 16), "executable") != NULL);
}

TEST(calltargets, a_bad_array_is_no_access, "O7")
{
    BYTE *p = commit(GRAIN, PAGE_EXECUTE_READ);

    EXPECT_FAIL(ERROR_NOACCESS, set_targets(p, GRAIN, 1, NULL));
    EXPECT_FAIL(ERROR_NOACCESS, set_targets(p, GRAIN, 1, (PCFG_CALL_TARGET_INFO)reserve(GRAIN)));
    EXPECT_FAIL(ERROR_NOACCESS, set_targets(p, GRAIN, 1, (PCFG_CALL_TARGET_INFO)p));
    EXPECT_FAIL(ERROR_NOACCESS, set_targets(p, GRAIN, ~(ULONG)0, (PCFG_CALL_TARGET_INFO)p));
}

TEST(calltargets, views_are_checked_for_their_section, "D9.9a L1")
{
    HANDLE handle = section(GRAIN, PAGE_EXECUTE_READWRITE);
    BYTE *p = view(handle, FILE_MAP_READ | FILE_MAP_EXECUTE);
    CFG_CALL_TARGET_INFO target = {0, CFG_CALL_TARGET_VALID};

    EXPECT_FAIL(ERROR_INVALID_PARAMETER, SetProcessValidCallTargetsForMappedView(
                                             GetCurrentProcess(), p, GRAIN, 1, &target, handle, 0));
    EXPECT_FAIL(ERROR_INVALID_HANDLE,
                SetProcessValidCallTargetsForMappedView(GetCurrentProcess(), p, GRAIN, 1, &target, NULL, 0));
    EXPECT_FAIL(ERROR_INVALID_HANDLE,
                SetProcessValidCallTargetsForMappedView(GetCurrentProcess(), p, GRAIN, 1, &target,
                                                        self_with(PROCESS_ALL_ACCESS), 0));
}

#endif

/* ---- PAGE_TARGETS_INVALID and PAGE_TARGETS_NO_UPDATE, which are one bit ------------------------ */

static const DWORD executable_protections[] = {PAGE_EXECUTE, PAGE_EXECUTE_READ, PAGE_EXECUTE_READWRITE};

TEST(calltargets, page_targets_invalid_goes_with_executable_memory, "D3.1a")
{
    size_t i;

    for (i = 0; i < 3; i++) {
        BYTE *p = VirtualAlloc(NULL, GRAIN, MEM_RESERVE | MEM_COMMIT,
                               executable_protections[i] | PAGE_TARGETS_INVALID);

        MUST(p != NULL);
        EXPECT_REGION(p, .size = GRAIN, .protect = executable_protections[i],
                      .alloc_protect = executable_protections[i]);
    }
}

TEST(calltargets, page_targets_invalid_goes_with_nothing_else, "D3.1a")
{
    static const DWORD others[] = {PAGE_NOACCESS, PAGE_READONLY, PAGE_READWRITE};
    size_t i;

    for (i = 0; i < 3; i++)
        EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                    VirtualAlloc(NULL, GRAIN, MEM_RESERVE | MEM_COMMIT, others[i] | PAGE_TARGETS_INVALID));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc(NULL, GRAIN, MEM_COMMIT, PAGE_TARGETS_INVALID));
}

TEST(calltargets, page_targets_no_update_goes_with_executable_memory, "D3.1b")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);
    DWORD old = 0;
    size_t i;

    for (i = 0; i < 3; i++) {
        EXPECT_OK(VirtualProtect(p, PAGE, executable_protections[i] | PAGE_TARGETS_NO_UPDATE, &old));
        EXPECT_EQ(old, i == 0 ? PAGE_READWRITE : executable_protections[i - 1]);
        EXPECT_REGION(p, .size = PAGE, .protect = executable_protections[i], .alloc_protect = PAGE_READWRITE);
    }
    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                                 VirtualProtect(p, PAGE, PAGE_READWRITE | PAGE_TARGETS_NO_UPDATE, &old)));
}
