/* objects.h: handles, and objects that are counted. */
#include "support/unit.h"

#include "core/objects.h"
#include "support/storage.h"

enum { SHARE = 1 << 20, SHARES = 3, GENERATIONS = 1024, A_RIGHT = 4 };

/* Types that have a pool each, and one that has none. */
enum { SECTION = 1, PROCESS, BARE };

static struct wm_objects objects;
static void *storage;

struct section {
    struct wm_object object;
    int fd;
    uint64_t bytes;
};

struct process {
    struct wm_object object;
    int pid;
};

static int new_objects(void **state)
{
    (void)state;
    storage_is_used_up = false;
    storage = storage_new(SHARES * SHARE);
    if (storage == MAP_FAILED)
        return 1;
    wm_objects_init(&objects, wm_range_of((uintptr_t)storage, SHARES * SHARE), SHARE, 1, storage_grow);
    return !wm_objects_add_type(&objects, SECTION, sizeof(struct section), 1) ||
           !wm_objects_add_type(&objects, PROCESS, sizeof(struct process), 1);
}

static int unmap_objects(void **state)
{
    (void)state;
    return munmap(storage, SHARES * SHARE);
}

static uintptr_t open_handle(uint32_t object)
{
    uintptr_t handle = wm_handle_open(&objects, BARE, object, A_RIGHT);

    assert_int_not_equal(handle, 0);
    return handle;
}

static bool is_open(uintptr_t handle)
{
    return wm_handle_at(&objects, handle) != NULL;
}

static void close_handle(uintptr_t handle)
{
    struct wm_handle_entry entry;

    assert_true(wm_handle_close(&objects, handle, &entry));
}

static void a_handle_leads_to_what_it_was_opened_for(void **state)
{
    uintptr_t first = open_handle(11), second = open_handle(22);
    const struct wm_handle_entry *found = wm_handle_at(&objects, second);
    struct wm_handle_entry entry;

    (void)state;
    assert_int_not_equal(first, second);
    assert_non_null(found);
    assert_true(found->object == 22 && found->access == A_RIGHT && found->type == BARE);
    assert_true(wm_handle_close(&objects, first, &entry));
    assert_int_equal(entry.object, 11);
}

/* Windows: the two low bits belong to the program. */
static void a_handle_is_a_multiple_of_4_and_its_tag_is_ignored(void **state)
{
    uintptr_t handle = open_handle(1);

    (void)state;
    assert_int_equal(handle % 4, 0);
    assert_true(is_open(handle | 1) && is_open(handle | 3));
}

static void a_closed_handle_is_stale_even_when_its_place_is_taken_again(void **state)
{
    uintptr_t old = open_handle(1), new;
    struct wm_handle_entry entry;

    (void)state;
    close_handle(old);
    assert_false(is_open(old));
    assert_false(wm_handle_close(&objects, old, &entry));
    new = open_handle(2);
    assert_int_not_equal(new, old);
    assert_false(is_open(old));
    assert_true(is_open(new));
}

static void a_handle_comes_back_after_all_generations_only(void **state)
{
    uintptr_t first = open_handle(1), handle = first;

    (void)state;
    for (int i = 1; i < GENERATIONS; i++) {
        close_handle(handle);
        handle = open_handle(1);
        assert_int_not_equal(handle, first);
    }
    close_handle(handle);
    assert_int_equal(open_handle(1), first);
}

static void invented_handles_are_not_open(void **state)
{
    uintptr_t handle = open_handle(1);

    (void)state;
    assert_false(is_open(0));
    assert_false(is_open(3));
    assert_false(is_open((uintptr_t)-1));
    assert_false(is_open(handle + 4));
    assert_false(is_open(handle | (uintptr_t)1 << 40));
    assert_false(is_open(handle | (uintptr_t)1 << 63));
}

static void a_value_that_nobody_had_is_opened(void **state)
{
    const uintptr_t wanted = (uintptr_t)513 << 22 | 7 << 2, again = (uintptr_t)512 << 22 | 7 << 2;
    struct section record = {.fd = 5};
    uint32_t object = wm_object_add(&objects, SECTION, &record);

    (void)state;
    assert_int_equal(wm_handle_open_at(&objects, wanted, SECTION, object, A_RIGHT), wanted);
    assert_true(is_open(wanted) && wm_object_is_open(&objects, SECTION, object));
    assert_int_equal(wm_handle_at(&objects, wanted)->access, A_RIGHT);
    assert_int_equal(wm_handle_open_at(&objects, wanted, BARE, 1, 0), 0);
    assert_int_equal(wm_handle_open_at(&objects, again, BARE, 1, 0), 0);
    assert_int_equal(wm_handle_open_at(&objects, 0, BARE, 1, 0), 0);
    assert_int_equal(wm_handle_open_at(&objects, 9 << 2 | 1, BARE, 1, 0), 0);
    assert_int_equal(wm_handle_open_at(&objects, (uintptr_t)1 << 40 | 9 << 2, BARE, 1, 0), 0);
    for (uintptr_t index = 1; index < 7; index++)
        assert_int_equal(open_handle(1), index << 2);
    assert_int_equal(open_handle(1), 8 << 2);
}

static void without_memory_no_handle_is_opened(void **state)
{
    (void)state;
    storage_is_used_up = true;
    assert_int_equal(wm_handle_open(&objects, SECTION, 1, 0), 0);
    assert_int_equal(wm_object_add(&objects, SECTION, &(struct section){.fd = 1}), 0);
    assert_int_equal(wm_object_add(&objects, PROCESS, &(struct process){.pid = 1}), 0);
}

/* As many as the storage holds, then none, then again one for each that is closed. */
static void handles_run_out_and_come_back(void **state)
{
    uintptr_t handle, last = 0;

    (void)state;
    while ((handle = wm_handle_open(&objects, PROCESS, 0, 0)) != 0)
        last = handle;
    assert_in_range(objects.handles.used, 1000, objects.handles.max);
    close_handle(last);
    assert_true(is_open(open_handle(1)));
    assert_int_equal(wm_handle_open(&objects, PROCESS, 0, 0), 0);
}

/* Whatever else refers to it. */
static void an_object_is_open_as_long_as_it_has_a_handle(void **state)
{
    uint32_t index = wm_object_add(&objects, SECTION, &(struct section){.fd = 42});
    uintptr_t first, second;

    (void)state;
    assert_false(wm_object_is_open(&objects, SECTION, index));
    first = wm_handle_open(&objects, SECTION, index, 0);
    second = wm_handle_open(&objects, SECTION, index, 0);
    close_handle(first);
    assert_true(wm_object_is_open(&objects, SECTION, index));
    close_handle(second);
    assert_false(wm_object_is_open(&objects, SECTION, index));
    assert_true(wm_object_is_open(&objects, BARE, 7));
}

static void an_object_goes_with_its_last_reference(void **state)
{
    uint32_t index = wm_object_add(&objects, SECTION, &(struct section){.fd = 42, .bytes = 4096});
    struct section *section = wm_object_at(&objects, SECTION, index);
    unsigned char gone[WM_OBJECT_BYTES_MAX];

    (void)state;
    assert_int_not_equal(index, 0);
    assert_true(section->object.references == 1 && section->object.type == SECTION);
    wm_object_pin(&objects, SECTION, index);
    assert_false(wm_object_drop(&objects, SECTION, index, gone));
    assert_true(section->fd == 42 && section->bytes == 4096);
    assert_true(wm_object_drop(&objects, SECTION, index, gone));
    assert_true(((struct section *)gone)->fd == 42 && ((struct section *)gone)->bytes == 4096);
    assert_int_equal(wm_object_add(&objects, SECTION, &(struct section){.fd = 1}), index);
    assert_true(section->object.references == 1 && section->fd == 1);
}

/* Whoever walks all records sees by the type which are in use. */
static void a_record_without_references_is_of_no_type(void **state)
{
    uint32_t index = wm_object_add(&objects, PROCESS, &(struct process){.pid = 42});
    struct process *process = wm_object_at(&objects, PROCESS, index);
    unsigned char gone[WM_OBJECT_BYTES_MAX];

    (void)state;
    assert_int_equal(process->object.type, PROCESS);
    assert_true(wm_object_drop(&objects, PROCESS, index, gone));
    assert_int_equal(process->object.type, 0);
}

static void what_is_no_record_is_always_there(void **state)
{
    unsigned char gone[WM_OBJECT_BYTES_MAX];

    (void)state;
    for (unsigned type = SECTION; type <= BARE; type++)
        for (uint32_t index = 0; index <= (type == BARE); index++) {
            wm_object_pin(&objects, type, index);
            for (int i = 0; i < 3; i++)
                assert_false(wm_object_drop(&objects, type, index, gone));
        }
    assert_int_equal(wm_object_add(&objects, BARE, &(struct process){.pid = 1}), 0);
}

static void no_type_gets_more_room_than_is_left(void **state)
{
    (void)state;
    assert_false(wm_objects_add_type(&objects, BARE, sizeof(struct process), 1));
    assert_null(objects.records[BARE].items);
}

#define WITH_OBJECTS(test) cmocka_unit_test_setup_teardown(test, new_objects, unmap_objects)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_OBJECTS(a_handle_leads_to_what_it_was_opened_for),
        WITH_OBJECTS(a_handle_is_a_multiple_of_4_and_its_tag_is_ignored),
        WITH_OBJECTS(a_closed_handle_is_stale_even_when_its_place_is_taken_again),
        WITH_OBJECTS(a_handle_comes_back_after_all_generations_only),
        WITH_OBJECTS(invented_handles_are_not_open),
        WITH_OBJECTS(a_value_that_nobody_had_is_opened),
        WITH_OBJECTS(without_memory_no_handle_is_opened),
        WITH_OBJECTS(handles_run_out_and_come_back),
        WITH_OBJECTS(an_object_is_open_as_long_as_it_has_a_handle),
        WITH_OBJECTS(an_object_goes_with_its_last_reference),
        WITH_OBJECTS(a_record_without_references_is_of_no_type),
        WITH_OBJECTS(what_is_no_record_is_always_there),
        WITH_OBJECTS(no_type_gets_more_room_than_is_left),
    };

    return RUN(tests);
}
