/* What a fault means: guard pages, pages that may be touched by now, and pages that may not. */
#include "vm.h"

#include <errno.h>
#include <sys/mman.h>

enum { LENGTH = 16 * PAGE, READ = WM_ACCESS_READ, WRITE = WM_ACCESS_WRITE, EXECUTE = WM_ACCESS_EXECUTE };

static void must_protect_as(uintptr_t p, uint16_t protection)
{
    uint16_t old = 0;

    MUST(protect(p, PAGE, protection, &old));
}

static void a_guard_is_met_once_and_then_tried_again(void **state)
{
    uintptr_t p = allocate(LENGTH);

    (void)state;
    must_protect_as(p + PAGE, WM_READWRITE | WM_PAGE_GUARD);
    assert_int_equal(wm_op_fault(p + PAGE + 7, WRITE), WM_FAULT_GUARD);
    assert_int_equal(wm_op_fault(p + PAGE + 7, WRITE), WM_FAULT_RETRY);
    assert_int_equal(wm_op_fault(p + PAGE + 7, READ), WM_FAULT_RETRY);
    assert_int_equal(wm_op_fault(p + PAGE + 7, EXECUTE), WM_FAULT_PLAIN);
    release(p);
    check_book();
}

static void what_the_protection_forbids_is_no_retry(void **state)
{
    uintptr_t p = allocate(LENGTH), code = allocate(LENGTH);

    (void)state;
    must_protect_as(p, WM_READONLY);
    must_protect_as(p + PAGE, WM_NOACCESS);
    must_protect_as(code, WM_EXECUTE_READ);
    assert_int_equal(wm_op_fault(p, WRITE), WM_FAULT_PLAIN);
    assert_int_equal(wm_op_fault(p, READ), WM_FAULT_RETRY);
    assert_int_equal(wm_op_fault(p + PAGE, READ), WM_FAULT_PLAIN);
    assert_int_equal(wm_op_fault(code, EXECUTE), WM_FAULT_RETRY);
    decommit(p, LENGTH);
    assert_int_equal(wm_op_fault(p, READ), WM_FAULT_PLAIN);
    release(p);
    release(code);
    assert_int_equal(wm_op_fault(p, READ), WM_FAULT_FOREIGN);
}

/* Or the access would be tried for ever. */
static void what_a_program_forbids_behind_our_back_is_no_retry(void **state)
{
    uintptr_t p = allocate(LENGTH);

    (void)state;
    assert_int_equal(mprotect((void *)p, PAGE, PROT_NONE), 0);
    assert_int_equal(wm_op_fault(p, READ), WM_FAULT_PLAIN);
    assert_int_equal(wm_op_fault(p, WRITE), WM_FAULT_PLAIN);
    assert_int_equal(mprotect((void *)p, PAGE, PROT_READ | PROT_WRITE), 0);
    assert_int_equal(wm_op_fault(p, WRITE), WM_FAULT_RETRY);
    release(p);
}

#ifdef WM_FAULT_SCRIPT

/* The table of mappings is full: the guard cannot go, so the touch is a forbidden one. */
static void a_guard_that_cannot_be_taken_away_is_a_violation(void **state)
{
    uintptr_t p = allocate(LENGTH);

    (void)state;
    must_protect_as(p + PAGE, WM_READWRITE | WM_PAGE_GUARD);
    wm_fault_script("mprotect:ENOMEM,ENOMEM"); /* not by a spare mapping either */
    assert_int_equal(wm_op_fault(p + PAGE, READ), WM_FAULT_VIOLATION);
    wm_fault_script(NULL);
    assert_int_equal(wm_op_fault(p + PAGE, READ), WM_FAULT_GUARD);
    release(p);
    check_book();
}

/* The change fails half-way, the first page cannot be given back its access, nor a spare mapping be spent. */
static void what_could_not_be_put_back_is_put_back_when_it_is_met(void **state)
{
    uintptr_t p = allocate(LENGTH);
    uint16_t old = 0;

    (void)state;
    must_protect_as(p + PAGE, WM_READONLY);
    stamp(p, 4711);
    wm_fault_script("mprotect:ok,ENOMEM,ENOMEM,ENOMEM");
    assert_false(wm_ok(protect(p, 2 * PAGE, WM_EXECUTE_READ, &old)));
    wm_fault_script(NULL);
    assert_int_equal(region_at(p).protect, WM_READWRITE);
    assert_false(wm_kern_readable((void *)p, 1)); /* closed, not open */
    assert_int_equal(wm_op_fault(p, READ), WM_FAULT_RETRY);
    assert_int_equal(stamped(p), 4711);
    stamp(p, 4712);
    release(p);
    check_book();
}

#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_guard_is_met_once_and_then_tried_again),
        cmocka_unit_test(what_the_protection_forbids_is_no_retry),
        cmocka_unit_test(what_a_program_forbids_behind_our_back_is_no_retry),
#ifdef WM_FAULT_SCRIPT
        cmocka_unit_test(a_guard_that_cannot_be_taken_away_is_a_violation),
        cmocka_unit_test(what_could_not_be_put_back_is_put_back_when_it_is_met),
#endif
    };

    return RUN_APART(tests);
}
