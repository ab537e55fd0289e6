/* objects.h: handles, sections and processes. */
#include "support/unit.h"

#include "core/objects.h"
#include "support/storage.h"

enum { POOL_BYTES = 1 << 20, GENERATIONS = 1024, A_RIGHT = 4 };

static struct wm_objects objects;

struct process {
    uint32_t references;
    int pid;
};

static int new_objects(void **state)
{
    (void)state;
    storage_is_used_up = false;
    wm_pool_init(&objects.handles, storage_new(POOL_BYTES), POOL_BYTES, sizeof(struct wm_handle_entry),
                 storage_grow);
    wm_pool_init(&objects.sections, storage_new(POOL_BYTES), POOL_BYTES, sizeof(struct wm_section),
                 storage_grow);
    wm_pool_init(&objects.processes, storage_new(POOL_BYTES), POOL_BYTES, sizeof(struct process),
                 storage_grow);
    return objects.handles.items == MAP_FAILED || objects.sections.items == MAP_FAILED ||
           objects.processes.items == MAP_FAILED;
}

static int unmap_objects(void **state)
{
    (void)state;
    return munmap(objects.handles.items, POOL_BYTES) | munmap(objects.sections.items, POOL_BYTES) |
           munmap(objects.processes.items, POOL_BYTES);
}

static uintptr_t open_handle(uint32_t object)
{
    uintptr_t handle = wm_handle_open(&objects, WM_HANDLE_SECTION, object, A_RIGHT);

    assert_int_not_equal(handle, 0);
    return handle;
}

static bool is_open(uintptr_t handle)
{
    struct wm_handle_entry entry;

    return wm_handle_find(&objects, handle, &entry);
}

static void close_handle(uintptr_t handle)
{
    struct wm_handle_entry entry;

    assert_true(wm_handle_close(&objects, handle, &entry));
}

static void a_handle_leads_to_what_it_was_opened_for(void **state)
{
    uintptr_t first = open_handle(11), second = open_handle(22);
    struct wm_handle_entry entry;

    (void)state;
    assert_int_not_equal(first, second);
    assert_true(wm_handle_find(&objects, second, &entry));
    assert_true(entry.object == 22 && entry.access == A_RIGHT && entry.type == WM_HANDLE_SECTION);
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

static void without_memory_no_handle_is_opened(void **state)
{
    (void)state;
    storage_is_used_up = true;
    assert_int_equal(wm_handle_open(&objects, WM_HANDLE_SECTION, 1, 0), 0);
    assert_int_equal(wm_section_add(&objects, &(struct wm_section){.fd = 1}), 0);
    assert_int_equal(wm_process_add(&objects, &(struct process){.pid = 1}), 0);
}

/* As many as the storage holds, then none, then again one for each that is closed. */
static void handles_run_out_and_come_back(void **state)
{
    uintptr_t handle, last = 0;

    (void)state;
    while ((handle = wm_handle_open(&objects, WM_HANDLE_PROCESS, 0, 0)) != 0)
        last = handle;
    assert_in_range(objects.handles.used, 1000, objects.handles.max);
    close_handle(last);
    assert_true(is_open(open_handle(1)));
    assert_int_equal(wm_handle_open(&objects, WM_HANDLE_PROCESS, 0, 0), 0);
}

static void a_section_goes_with_its_last_reference(void **state)
{
    uint32_t index = wm_section_add(&objects, &(struct wm_section){.fd = 42, .bytes = 4096});
    int fd = -1;

    (void)state;
    assert_int_equal(wm_section_at(&objects, index)->references, 1);
    wm_section_at(&objects, index)->references++;
    assert_false(wm_section_drop(&objects, index, &fd));
    assert_int_equal(wm_section_at(&objects, index)->bytes, 4096);
    assert_true(wm_section_drop(&objects, index, &fd));
    assert_int_equal(fd, 42);
    assert_int_equal(wm_section_add(&objects, &(struct wm_section){.fd = 1}), index);
}

/* And what is left of the record says nothing wrong: whoever walks them looks at the rest. */
static void a_process_goes_with_its_last_reference(void **state)
{
    uint32_t index = wm_process_add(&objects, &(struct process){.pid = 42});
    struct process *process = wm_process_at(&objects, index);

    (void)state;
    assert_int_not_equal(index, 0);
    assert_true(process->references == 1 && process->pid == 42);
    wm_process_pin(&objects, index);
    assert_false(wm_process_drop(&objects, index));
    process->pid = 0;
    assert_true(wm_process_drop(&objects, index));
    assert_int_equal(process->pid, 0);
    assert_int_equal(wm_process_add(&objects, &(struct process){.pid = 43}), index);
    assert_true(process->references == 1 && process->pid == 43);
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
        WITH_OBJECTS(without_memory_no_handle_is_opened),
        WITH_OBJECTS(handles_run_out_and_come_back),
        WITH_OBJECTS(a_section_goes_with_its_last_reference),
        WITH_OBJECTS(a_process_goes_with_its_last_reference),
    };

    return RUN(tests);
}
