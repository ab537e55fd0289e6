/*
 * Handles, for each type of object that there is: the rows of vm/handles/types.def are gone through one by one, so a new
 * type is tested as the others are once it has an example here.
 */
#include "vm.h"

#include <sys/prctl.h>

#include "kern/descriptor.h"
#include "support/footprint.h"
#include "vm/files/file.h"
#include "vm/handles/handles.h"
#include "vm/operations.h"
#include "vm/processes/firstthread.h"
#include "vm/processes/process.h"
#include "vm/processes/snapshotobject.h"
#include "vm/sections/section.h"
#include "vm/system/token.h"
#include "vm/threads/startthread.h"
#include "vm/waits/waitable.h"

enum { READ = 1 << 3, WRITE = 1 << 2, EXECUTE = 1 << 1, ALL = 1, GENERIC_SHIFT = 28, MAXIMUM = 0x02000000 };

#define GENERIC(bits) ((uint32_t)(bits) << GENERIC_SHIFT)

/* --- an example of each --- */

static wm_status open_section(uint32_t rights, uintptr_t *handle)
{
    struct wm_section_req req = {.bytes = PAGE, .rights = rights, .protect = WM_READWRITE};
    wm_status st = wm_op_create_section(&req);

    *handle = req.result;
    return st;
}

/* Another one each time: one process is one object, however often it is opened. */
static wm_status open_child(uint32_t rights, uintptr_t *handle)
{
    pid_t parent = getpid(), child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        while (getppid() == parent)
            pause();
        _exit(0);
    }
    return wm_op_open_other(child, rights, handle);
}

static wm_status open_notification(uint32_t rights, uintptr_t *handle)
{
    return wm_op_create_notification(WM_MEMORY_HIGH, rights, handle);
}

static wm_status open_file(uint32_t rights, uintptr_t *handle)
{
    struct wm_file file = {.fd = wm_fd_memory("file", 0), .teller = -1};

    assert_true(file.fd >= 0);
    return wm_file_new(&file, wm_handle_rights(WM_HANDLE_FILE, rights), handle);
}

static wm_status open_waitable(unsigned type, uint32_t rights, uintptr_t *handle)
{
    struct wm_waitable_req req = {.type = type, .rights = rights, .start = {.most = 1, .state = 0}};
    wm_status st = wm_op_create_waitable(&req);

    *handle = req.result;
    return st;
}

static wm_status open_event(uint32_t rights, uintptr_t *handle)
{
    return open_waitable(WM_HANDLE_EVENT, rights, handle);
}

static wm_status open_mutex(uint32_t rights, uintptr_t *handle)
{
    return open_waitable(WM_HANDLE_MUTEX, rights, handle);
}

static wm_status open_semaphore(uint32_t rights, uintptr_t *handle)
{
    return open_waitable(WM_HANDLE_SEMAPHORE, rights, handle);
}

/* A copy with these rights of a handle that has all. */
static wm_status with_rights(uintptr_t all, uint32_t rights, uintptr_t *handle)
{
    return wm_op_duplicate(all, rights, WM_CLOSE_SOURCE, handle);
}

static wm_status open_first_thread(uint32_t rights, uintptr_t *handle)
{
    struct wm_handle_entry entry;
    uintptr_t process, thread;

    MUST(open_child(WM_PROCESS_QUERY_LIMITED, &process));
    MUST(wm_handle_check(process, WM_HANDLE_PROCESS, 0, &entry));
    MUST(wm_first_thread_handle(entry.object, &thread));
    MUST(wm_op_close(process));
    return with_rights(thread, rights, handle);
}

static wm_status open_snapshot(uint32_t rights, uintptr_t *handle)
{
    uintptr_t all;

    MUST(wm_snapshot_new("what there is", 14, &all));
    return with_rights(all, rights, handle);
}

/* The first of them makes a descriptor that they all share. */
static void make_the_first(void)
{
    uintptr_t handle;

    assert_true(wm_ok(open_event(0, &handle)) && wm_ok(wm_op_close(handle)));
}

/* A new one each time, suspended: it does nothing, and ends with the test. */
static uint32_t do_nothing(void *arg)
{
    (void)arg;
    return 0;
}

static wm_status open_thread(uint32_t rights, uintptr_t *handle)
{
    struct wm_thread_req req = {.start = do_nothing, .suspended = true};
    wm_status st = wm_op_create_thread(&req);

    assert_int_equal(st, WM_OK);
    st = wm_op_duplicate(req.handle, rights, WM_CLOSE_SOURCE, handle);
    return st;
}

/* What the documentation says of a type (O172 for sections). */
struct example {
    wm_status (*open)(uint32_t rights, uintptr_t *handle);
    uint32_t read, write, execute, all;
    int descriptors; /* that an object holds */
    bool waits;
};

#define EXAMPLE(name) [WM_HANDLE_##name]

static const struct example examples[WM_HANDLE_TYPES] = {
    EXAMPLE(SECTION) = {open_section, 0x20005, 0x20002, 0x20008, 0xf001f, 1, false},
    EXAMPLE(PROCESS) = {open_child, 0x21410, 0x20bea, 0x121001, 0x1fffff, 1, true},
    EXAMPLE(NOTIFICATION) = {open_notification, 0x20001, 0x20002, 0x120000, 0x1f0003, 0, true},
    EXAMPLE(EVENT) = {open_event, 0x20001, 0x20002, 0x120000, 0x1f0003, 0, true},
    EXAMPLE(MUTEX) = {open_mutex, 0x20001, 0x20000, 0x120000, 0x1f0001, 0, true},
    EXAMPLE(SEMAPHORE) = {open_semaphore, 0x20001, 0x20002, 0x120000, 0x1f0003, 0, true},
    EXAMPLE(TOKEN) = {wm_token_open, 0x20008, 0x200e0, 0x20000, 0xf01ff, 0, false},
    EXAMPLE(THREAD) = {open_thread, 0x20848, 0x20437, 0x121800, 0x1fffff, 0, true},
    EXAMPLE(FIRST_THREAD) = {open_first_thread, 0x20848, 0x20437, 0x121800, 0x1fffff, 1, true},
    EXAMPLE(SNAPSHOT) = {open_snapshot, 0xf0000, 0xf0000, 0xf0000, 0xf0000, 0, false},
    EXAMPLE(FILE) = {open_file, 0x120089, 0x120116, 0x1200a0, 0x1f01ff, 1, true},
};

static const char *const names[WM_HANDLE_TYPES] = {
#define OBJECT_TYPE(NAME, name) [WM_HANDLE_##NAME] = #name,
#include "vm/handles/types.def"
#undef OBJECT_TYPE
};

#define EACH_TYPE(type) for (unsigned type = 1; type < WM_HANDLE_TYPES; type++)

static uintptr_t must_open(unsigned type, uint32_t rights)
{
    uintptr_t handle = 0;

    if (examples[type].open == NULL)
        fail_msg("there is no example of a %s", names[type]);
    EXPECT_STATUS(WM_OK, examples[type].open(rights, &handle));
    assert_int_not_equal(handle, 0);
    return handle;
}

static uintptr_t must_duplicate(uintptr_t handle)
{
    uintptr_t copy = 0;

    MUST(wm_op_duplicate(handle, 0, WM_SAME_RIGHTS, &copy));
    assert_int_not_equal(copy, handle);
    return copy;
}

static struct wm_handle_entry entry_of(uintptr_t handle)
{
    struct wm_handle_entry entry;

    MUST(wm_handle_check(handle, WM_HANDLE_NONE, 0, &entry));
    return entry;
}

/* --- rights --- */

static void generic_rights_mean_what_the_documentation_says(void **state)
{
    (void)state;
    EACH_TYPE(type)
    {
        const struct example *e = &examples[type];

        assert_int_equal(wm_handle_rights(type, GENERIC(READ)), e->read);
        assert_int_equal(wm_handle_rights(type, GENERIC(WRITE)), e->write);
        assert_int_equal(wm_handle_rights(type, GENERIC(EXECUTE)), e->execute);
        assert_int_equal(wm_handle_rights(type, GENERIC(ALL)), e->all);
        assert_int_equal(wm_handle_rights(type, MAXIMUM), e->all);
        assert_int_equal(wm_handle_rights(type, 0), 0);
    }
}

static void generic_rights_come_on_top_of_others(void **state)
{
    (void)state;
    EACH_TYPE(type)
    {
        assert_int_equal(wm_handle_rights(type, GENERIC(READ) | 0x40000), examples[type].read | 0x40000);
        for (uint32_t bits = 0; bits < 16; bits++) {
            uint32_t got = wm_handle_rights(type, GENERIC(bits));

            assert_int_equal(got & ~examples[type].all, 0);
            assert_int_equal(wm_handle_rights(type, got), got);
        }
    }
}

static void whoever_may_query_a_process_may_query_a_little(void **state)
{
    (void)state;
    assert_int_equal(wm_handle_rights(WM_HANDLE_PROCESS, 0x400), 0x1400);
    assert_int_equal(wm_handle_rights(WM_HANDLE_PROCESS, 0x1000), 0x1000);
}

static void a_handle_has_the_rights_it_was_opened_with(void **state)
{
    struct wm_handle_entry entry;

    (void)state;
    EACH_TYPE(type)
    {
        uintptr_t handle = must_open(type, 0x100001);

        EXPECT_STATUS(WM_OK, wm_handle_check(handle, type, 0x100001, &entry));
        EXPECT_STATUS(WM_HANDLE_ACCESS, wm_handle_check(handle, type, 0x100003, &entry));
        EXPECT_STATUS(WM_HANDLE_ACCESS, wm_handle_pin(handle, type, 2, &entry));
        assert_int_equal(entry_of(handle).access, 0x100001);
        MUST(wm_op_close(handle));
    }
}

/* --- which handle it is --- */

static void a_handle_is_of_one_type(void **state)
{
    struct wm_handle_entry entry;

    (void)state;
    EACH_TYPE(type)
    {
        uintptr_t handle = must_open(type, 0);

        EACH_TYPE(other)
        {
            wm_status want = other == type ? WM_OK : WM_HANDLE;

            EXPECT_STATUS(want, wm_handle_check(handle, other, 0, &entry));
            EXPECT_STATUS(want, wm_handle_pin(handle, other, 0, &entry));
            if (wm_ok(want))
                wm_object_unpin(type, entry.object);
        }
        MUST(wm_op_close(handle));
    }
}

static void expect_closed(uintptr_t handle)
{
    struct wm_handle_entry entry;
    uintptr_t copy;
    enum wm_signal signal;

    EXPECT_STATUS(WM_HANDLE, wm_op_close(handle));
    EXPECT_STATUS(WM_HANDLE, wm_op_duplicate(handle, 0, WM_SAME_RIGHTS, &copy));
    EXPECT_STATUS(WM_HANDLE, wm_op_duplicate(handle, 0, WM_SAME_RIGHTS | WM_CLOSE_SOURCE, &copy));
    EXPECT_STATUS(WM_HANDLE, wm_op_wait(handle, 0, &signal));
    EACH_TYPE(type)
    {
        EXPECT_STATUS(WM_HANDLE, wm_handle_check(handle, type, 0, &entry));
        EXPECT_STATUS(WM_HANDLE, wm_handle_pin(handle, type, 0, &entry));
    }
}

/* Its place is the next one's, and so is its object's. */
static void a_closed_handle_stays_closed(void **state)
{
    (void)state;
    EACH_TYPE(type)
    {
        uintptr_t old = must_open(type, 0), new;

        MUST(wm_op_close(old));
        expect_closed(old);
        new = must_open(type, 0);
        assert_int_not_equal(new, old);
        expect_closed(old);
        MUST(wm_op_close(new));
    }
}

/* --- how long an object lives --- */

static void an_object_goes_with_its_last_handle(void **state)
{
    (void)state;
    make_the_first();
    EACH_TYPE(type)
    {
        int before = descriptors(), held = examples[type].descriptors;
        uintptr_t first = must_open(type, 0), second = must_duplicate(first);

        assert_int_equal(descriptors(), before + held);
        MUST(wm_op_close(first));
        assert_int_equal(descriptors(), before + held);
        MUST(wm_op_close(second));
        assert_int_equal(descriptors(), before);
    }
}

static void an_object_stays_while_a_call_is_at_work(void **state)
{
    struct wm_handle_entry entry;

    (void)state;
    make_the_first();
    EACH_TYPE(type)
    {
        int before = descriptors();
        uintptr_t handle = must_open(type, 0);

        MUST(wm_handle_pin(handle, type, 0, &entry));
        MUST(wm_op_close(handle));
        assert_int_equal(descriptors(), before + examples[type].descriptors);
        if (wm_object_is_counted(&wm_home.objects, type, entry.object)) {
            struct wm_object *object = wm_object_at(&wm_home.objects, type, entry.object);

            assert_true(object->references == 1 && object->type == type);
        }
        wm_object_unpin(type, entry.object);
        assert_int_equal(descriptors(), before);
    }
}

/* --- duplicates --- */

static void a_duplicate_is_another_handle_to_the_same(void **state)
{
    (void)state;
    EACH_TYPE(type)
    {
        uintptr_t handle = must_open(type, 0x100001), copy = must_duplicate(handle), less = 0;

        assert_int_equal(entry_of(copy).object, entry_of(handle).object);
        assert_int_equal(entry_of(copy).type, type);
        assert_int_equal(entry_of(copy).access, 0x100001);
        MUST(wm_op_duplicate(handle, 1, WM_CLOSE_SOURCE, &less));
        assert_int_equal(entry_of(less).access, 1);
        expect_closed(handle);
        MUST(wm_op_close(less));
        MUST(wm_op_close(copy));
    }
}

static void a_duplicate_may_be_asked_for_generic_rights(void **state)
{
    (void)state;
    EACH_TYPE(type)
    {
        uintptr_t handle = must_open(type, examples[type].all), copy = 0;

        MUST(wm_op_duplicate(handle, GENERIC(WRITE), 0, &copy));
        assert_int_equal(entry_of(copy).access, examples[type].write);
        MUST(wm_op_close(copy));
        MUST(wm_op_close(handle));
    }
}

/* --- waiting --- */

static void what_can_be_waited_for_needs_synchronize(void **state)
{
    enum wm_signal signal;

    (void)state;
    EACH_TYPE(type)
    {
        uintptr_t handle = must_open(type, 0x100000), weak = must_open(type, 0);
        wm_status refused = examples[type].waits ? WM_HANDLE_ACCESS : WM_HANDLE;

        EXPECT_STATUS(examples[type].waits ? WM_OK : WM_HANDLE, wm_op_wait(handle, 0, &signal));
        EXPECT_STATUS(refused, wm_op_wait(weak, 0, &signal));
        MUST(wm_op_close(handle));
        MUST(wm_op_close(weak));
    }
}

/* --- what is always open --- */

static void a_pseudo_handle_is_not_closed_and_has_all_rights(void **state)
{
    (void)state;
    EACH_TYPE(type)
    {
        uintptr_t pseudo = wm_handle_type_of(type)->pseudo, real = 0;

        if (pseudo == 0)
            continue;
        MUST(wm_op_close(pseudo));
        MUST(wm_op_duplicate(pseudo, 0, WM_SAME_RIGHTS | WM_CLOSE_SOURCE, &real));
        assert_int_equal(entry_of(real).object == 0, wm_handle_type_of(type)->own == NULL);
        assert_int_equal(entry_of(real).type, type);
        assert_int_equal(entry_of(real).access, examples[type].all);
        MUST(wm_op_close(real));
        expect_closed(real);
        MUST(wm_op_close(pseudo));
    }
}

static void no_other_value_is_a_pseudo_handle(void **state)
{
    struct wm_handle_entry entry;

    (void)state;
    for (uintptr_t value = (uintptr_t)-16; value != 0; value++)
        assert_int_equal(wm_handle_is_pseudo(value, &entry), value >= UINTPTR_MAX - 1);
    assert_false(wm_handle_is_pseudo(0, &entry));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(generic_rights_mean_what_the_documentation_says),
        cmocka_unit_test(generic_rights_come_on_top_of_others),
        cmocka_unit_test(whoever_may_query_a_process_may_query_a_little),
        cmocka_unit_test(a_handle_has_the_rights_it_was_opened_with),
        cmocka_unit_test(a_handle_is_of_one_type),
        cmocka_unit_test(a_closed_handle_stays_closed),
        cmocka_unit_test(an_object_goes_with_its_last_handle),
        cmocka_unit_test(an_object_stays_while_a_call_is_at_work),
        cmocka_unit_test(a_duplicate_is_another_handle_to_the_same),
        cmocka_unit_test(a_duplicate_may_be_asked_for_generic_rights),
        cmocka_unit_test(what_can_be_waited_for_needs_synchronize),
        cmocka_unit_test(a_pseudo_handle_is_not_closed_and_has_all_rights),
        cmocka_unit_test(no_other_value_is_a_pseudo_handle),
    };

    return RUN_APART(tests);
}
