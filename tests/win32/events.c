/* events.c: events: making, opening, setting, and what waits take of them. */
#include "waits.h"

TEST(events, one_that_resets_itself_lets_one_wait_through, "L422 L423")
{
    HANDLE event = new_event(FALSE, FALSE);

    EXPECT_WAIT(WAIT_TIMEOUT, look(event));
    EXPECT_OK(SetEvent(event));
    EXPECT_OK(SetEvent(event));
    EXPECT_WAIT(WAIT_OBJECT_0, look(event));
    EXPECT_WAIT(WAIT_TIMEOUT, look(event));
    EXPECT_OK(CloseHandle(event));
}

TEST(events, a_manual_one_stays_set, "L422 L423")
{
    HANDLE event = new_event(TRUE, FALSE);

    EXPECT_OK(SetEvent(event));
    EXPECT_WAIT(WAIT_OBJECT_0, look(event));
    EXPECT_WAIT(WAIT_OBJECT_0, look(event));
    EXPECT_OK(ResetEvent(event));
    EXPECT_OK(ResetEvent(event));
    EXPECT_WAIT(WAIT_TIMEOUT, look(event));
    EXPECT_OK(CloseHandle(event));
}

TEST(events, it_begins_as_it_was_asked_for, "L422")
{
    HANDLE event = new_event(FALSE, TRUE), other = new_event(TRUE, TRUE), ex;

    EXPECT_WAIT(WAIT_OBJECT_0, look(event));
    EXPECT_WAIT(WAIT_TIMEOUT, look(event));
    EXPECT_WAIT(WAIT_OBJECT_0, look(other));
    EXPECT_WAIT(WAIT_OBJECT_0, look(other));
    EXPECT_HANDLE(ex = CreateEventExA(NULL, NULL, CREATE_EVENT_INITIAL_SET, EVENT_ALL_ACCESS));
    EXPECT_WAIT(WAIT_OBJECT_0, look(ex));
    EXPECT_WAIT(WAIT_TIMEOUT, look(ex));
    CloseHandle(ex);
    EXPECT_HANDLE(
        ex = CreateEventExA(NULL, NULL, CREATE_EVENT_INITIAL_SET | CREATE_EVENT_MANUAL_RESET, SYNCHRONIZE));
    EXPECT_WAIT(WAIT_OBJECT_0, look(ex));
    EXPECT_WAIT(WAIT_OBJECT_0, look(ex));
    CloseHandle(ex);
    CloseHandle(event);
    CloseHandle(other);
}

TEST(events, success_tells_whether_it_is_new, "L420")
{
    HANDLE event, again;

    SetLastError(CHECK_SENTINEL);
    EXPECT_HANDLE(event = CreateEventA(NULL, TRUE, TRUE, name_of("e")));
    EXPECT_EQ(GetLastError(), ERROR_SUCCESS);
    EXPECT_HANDLE(again = CreateEventA(NULL, FALSE, FALSE, name_of("e")));
    EXPECT_EQ(GetLastError(), ERROR_ALREADY_EXISTS);
    EXPECT_WAIT(WAIT_OBJECT_0, look(again));
    EXPECT_WAIT(WAIT_OBJECT_0, look(again));
    EXPECT_OK(ResetEvent(again));
    EXPECT_WAIT(WAIT_TIMEOUT, look(event));
    CloseHandle(event);
    CloseHandle(again);
    SetLastError(CHECK_SENTINEL);
    EXPECT_HANDLE(event = CreateEventA(NULL, TRUE, FALSE, ""));
    EXPECT_EQ(GetLastError(), ERROR_SUCCESS);
    CloseHandle(event);
}

TEST(events, opening_one_by_its_name, "L420 L424")
{
    HANDLE event, again;

    EXPECT_FAIL(ERROR_FILE_NOT_FOUND, OpenEventA(EVENT_ALL_ACCESS, FALSE, name_of("e")));
    EXPECT_HANDLE(event = CreateEventA(NULL, FALSE, TRUE, name_of("e")));
    EXPECT_HANDLE(again = OpenEventA(SYNCHRONIZE, FALSE, name_of("e")));
    EXPECT_FAIL(ERROR_FILE_NOT_FOUND, OpenEventA(SYNCHRONIZE, FALSE, name_of("E")));
    EXPECT_FAIL(ERROR_FILE_NOT_FOUND, OpenEventA(SYNCHRONIZE, FALSE, name_of("Global\\e")));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, OpenEventA(SYNCHRONIZE, FALSE, NULL));
    EXPECT_WAIT(WAIT_OBJECT_0, look(again));
    EXPECT_WAIT(WAIT_TIMEOUT, look(event));
    EXPECT_OK(CloseHandle(event));
    EXPECT_HANDLE(event = OpenEventA(SYNCHRONIZE, FALSE, name_of("e")));
    CloseHandle(event);
    CloseHandle(again);
    EXPECT_FAIL(ERROR_FILE_NOT_FOUND, OpenEventA(SYNCHRONIZE, FALSE, name_of("e")));
}

TEST(events, wide_names_are_the_same, "L420")
{
    WCHAR wide[400];
    const char *name = name_of("w");
    HANDLE event = CreateEventA(NULL, TRUE, TRUE, name), other;
    size_t i = 0;

    for (; name[i] != '\0'; i++)
        wide[i] = (unsigned char)name[i];
    wide[i] = 0;
    EXPECT_HANDLE(other = OpenEventW(SYNCHRONIZE, FALSE, wide));
    EXPECT_WAIT(WAIT_OBJECT_0, look(other));
    CloseHandle(other);
    SetLastError(CHECK_SENTINEL);
    EXPECT_HANDLE(other = CreateEventW(NULL, TRUE, TRUE, wide));
    EXPECT_EQ(GetLastError(), ERROR_ALREADY_EXISTS);
    CloseHandle(other);
    EXPECT_HANDLE(other = CreateEventExW(NULL, wide, 0, SYNCHRONIZE));
    EXPECT_EQ(GetLastError(), ERROR_ALREADY_EXISTS);
    CloseHandle(other);
    CloseHandle(event);
}

TEST(events, a_name_of_another_kind, "L425")
{
    HANDLE event = CreateEventA(NULL, TRUE, TRUE, name_of("k")), mutex;
    HANDLE section;

    EXPECT_FAIL(ERROR_INVALID_HANDLE, CreateMutexA(NULL, FALSE, name_of("k")));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, CreateSemaphoreA(NULL, 0, 1, name_of("k")));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, OpenMutexA(SYNCHRONIZE, FALSE, name_of("k")));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, OpenSemaphoreA(SYNCHRONIZE, FALSE, name_of("k")));
    EXPECT_FAIL(ERROR_INVALID_HANDLE,
                CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 0x1000, name_of("k")));
    CloseHandle(event);
    EXPECT_HANDLE(mutex = CreateMutexA(NULL, FALSE, name_of("k")));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, CreateEventA(NULL, FALSE, FALSE, name_of("k")));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, OpenEventA(SYNCHRONIZE, FALSE, name_of("k")));
    CloseHandle(mutex);
    EXPECT_HANDLE(
        section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 0x1000, name_of("k")));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, CreateEventA(NULL, FALSE, FALSE, name_of("k")));
    CloseHandle(section);
}

TEST(events, names_that_there_cannot_be, "L420")
{
    char name[400];

    EXPECT_FAIL(ERROR_PATH_NOT_FOUND, CreateEventA(NULL, FALSE, FALSE, "winmem\\a"));
    memset(name, 'n', sizeof name);
    name[270] = '\0';
    EXPECT_FAIL(ERROR_FILENAME_EXCED_RANGE, CreateEventA(NULL, FALSE, FALSE, name));
}

TEST(events, rights_count, "L426")
{
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, name_of("r")), waits, sets;

    EXPECT_HANDLE(waits = OpenEventA(SYNCHRONIZE, FALSE, name_of("r")));
    EXPECT_HANDLE(sets = OpenEventA(EVENT_MODIFY_STATE, FALSE, name_of("r")));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, SetEvent(waits));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, ResetEvent(waits));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, PulseEvent(waits));
    EXPECT_OK(SetEvent(sets));
    EXPECT_NO_WAIT(ERROR_ACCESS_DENIED, look(sets));
    EXPECT_WAIT(WAIT_OBJECT_0, look(waits));
    CloseHandle(event);
    CloseHandle(waits);
    CloseHandle(sets);
}

TEST(events, what_is_no_event, "L424 L426")
{
    HANDLE mutex = new_mutex(FALSE), event = new_event(FALSE, FALSE);

    EXPECT_FAIL(ERROR_INVALID_HANDLE, SetEvent(mutex));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, ResetEvent(mutex));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, PulseEvent(mutex));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, SetEvent(NULL));
    CloseHandle(event);
    EXPECT_FAIL(ERROR_INVALID_HANDLE, SetEvent(event));
    EXPECT_NO_WAIT(ERROR_INVALID_HANDLE, look(event));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, CreateEventExA(NULL, NULL, 4, EVENT_ALL_ACCESS));
    CloseHandle(mutex);
}

TEST(events, a_duplicate_is_the_same_event, "L422")
{
    HANDLE event = new_event(FALSE, FALSE), other = NULL;

    EXPECT_OK(DuplicateHandle(GetCurrentProcess(), event, GetCurrentProcess(), &other, 0, FALSE,
                              DUPLICATE_SAME_ACCESS));
    EXPECT_OK(SetEvent(other));
    EXPECT_OK(CloseHandle(other));
    EXPECT_WAIT(WAIT_OBJECT_0, look(event));
    EXPECT_OK(CloseHandle(event));
}

/* --- threads --- */

struct sleeper {
    HANDLE object;
    volatile LONG through;
    DWORD result;
};

static void sleep_on(void *arg)
{
    struct sleeper *sleeper = arg;

    sleeper->result = WaitForSingleObject(sleeper->object, 10000);
    __atomic_add_fetch(&sleeper->through, 1, __ATOMIC_SEQ_CST);
}

enum { SLEEPERS = 4 };

static LONG let_through(struct sleeper *sleepers, LONG wanted)
{
    LONG through = 0;

    for (int i = 0; i < 1000 && through < wanted; i++) {
        through = 0;
        for (int k = 0; k < SLEEPERS; k++)
            through += __atomic_load_n(&sleepers[k].through, __ATOMIC_SEQ_CST);
        if (through < wanted)
            check_sleep(5);
    }
    check_sleep(30);
    through = 0;
    for (int k = 0; k < SLEEPERS; k++)
        through += __atomic_load_n(&sleepers[k].through, __ATOMIC_SEQ_CST);
    return through;
}

static void begin(struct sleeper *sleepers, struct check_thread *threads, HANDLE object)
{
    for (int i = 0; i < SLEEPERS; i++) {
        sleepers[i] = (struct sleeper){object, 0, WAIT_FAILED};
        thread_start(&threads[i], sleep_on, &sleepers[i]);
    }
    check_sleep(100);
}

static void end(struct sleeper *sleepers, struct check_thread *threads)
{
    for (int i = 0; i < SLEEPERS; i++) {
        thread_join(&threads[i]);
        EXPECT_EQ(sleepers[i].result, WAIT_OBJECT_0);
    }
}

TEST(events, each_set_lets_one_of_many_through, "L423")
{
    HANDLE event = new_event(FALSE, FALSE);
    struct sleeper sleepers[SLEEPERS];
    struct check_thread threads[SLEEPERS];

    begin(sleepers, threads, event);
    for (LONG i = 1; i <= SLEEPERS; i++) {
        EXPECT_OK(SetEvent(event));
        EXPECT_EQ(let_through(sleepers, i), i);
    }
    end(sleepers, threads);
    EXPECT_WAIT(WAIT_TIMEOUT, look(event));
    CloseHandle(event);
}

TEST(events, a_manual_one_lets_all_through, "L423")
{
    HANDLE event = new_event(TRUE, FALSE);
    struct sleeper sleepers[SLEEPERS];
    struct check_thread threads[SLEEPERS];

    begin(sleepers, threads, event);
    EXPECT_OK(SetEvent(event));
    end(sleepers, threads);
    CloseHandle(event);
}

static LONG about_to_wait;

static DWORD WINAPI waits_once(LPVOID event)
{
    InterlockedIncrement(&about_to_wait);
    return WaitForSingleObject(event, 10000);
}

/* Until it waits, soon. Linux tells in which system call a thread is: futex has number 202. */
static void let_it_wait(DWORD id)
{
#ifdef WINMEM_VERSION_MAJOR
    char path[64], call[8] = "";

    snprintf(path, sizeof path, "/proc/self/task/%u/syscall", (unsigned)id);
    for (int i = 0; i < 5000 && strncmp(call, "202 ", 4) != 0; i++) {
        FILE *file = fopen(path, "r");

        Sleep(1);
        if (file == NULL)
            continue;
        if (fgets(call, sizeof call, file) == NULL)
            call[0] = 0;
        fclose(file);
    }
#else
    (void)id;
    Sleep(200);
#endif
}

static HANDLE waiter_of(HANDLE event)
{
    LONG before = about_to_wait;
    DWORD id = 0;
    HANDLE thread = CreateThread(NULL, 0, waits_once, event, 0, &id);

    MUST(thread != NULL);
    while (InterlockedCompareExchange(&about_to_wait, 0, 0) == before)
        Sleep(1);
    let_it_wait(id);
    return thread;
}

static void expect_released(HANDLE thread)
{
    DWORD code = WAIT_FAILED;

    EXPECT_WAIT(WAIT_OBJECT_0, WaitForSingleObject(thread, 10000));
    EXPECT_OK(GetExitCodeThread(thread, &code));
    EXPECT_EQ(code, WAIT_OBJECT_0);
    CloseHandle(thread);
}

TEST(events, who_waits_already_is_released_before_all_others, "L447")
{
    HANDLE event = new_event(FALSE, FALSE), first, second;

    first = waiter_of(event);
    EXPECT_OK(SetEvent(event));
    EXPECT_WAIT(WAIT_TIMEOUT, look(event)); /* it is over for the one who waited */
    expect_released(first);
    first = waiter_of(event);
    second = waiter_of(event);
    EXPECT_OK(SetEvent(event));
    EXPECT_OK(SetEvent(event));
    EXPECT_WAIT(WAIT_TIMEOUT, WaitForSingleObject(event, 20));
    expect_released(first);
    expect_released(second);
    EXPECT_OK(SetEvent(event));
    EXPECT_WAIT(WAIT_OBJECT_0, look(event));
    EXPECT_OK(CloseHandle(event));
}

static void set_and_reset(BOOL manual)
{
    HANDLE event = new_event(manual, FALSE), thread;

    for (int i = 0; i < 5; i++) {
        thread = waiter_of(event);
        EXPECT_OK(SetEvent(event));
        EXPECT_OK(ResetEvent(event));
        expect_released(thread);
        EXPECT_WAIT(WAIT_TIMEOUT, look(event));
    }
    EXPECT_OK(CloseHandle(event));
}

TEST(events, resetting_takes_nothing_from_those_who_waited, "L447")
{
    set_and_reset(FALSE);
    set_and_reset(TRUE);
}

enum { TURNS = 20000 };

static HANDLE to_and_fro;

/* Each sets the event for the other and waits for it, on one event: nobody may take his own signal. */
static DWORD WINAPI takes_turns(LPVOID unused)
{
    DWORD result = WAIT_OBJECT_0;

    (void)unused;
    for (int i = 0; i < TURNS && result == WAIT_OBJECT_0; i++) {
        result = WaitForSingleObject(to_and_fro, 100);
        if (result == WAIT_OBJECT_0)
            SetEvent(to_and_fro);
    }
    return result;
}

/* Whoever leaves because his time is over leaves what was meant for him to others. */
static DWORD WINAPI waits_shortly(LPVOID taken)
{
    for (int i = 0; i < TURNS / 10; i++)
        if (WaitForSingleObject(to_and_fro, i % 2) == WAIT_OBJECT_0)
            InterlockedIncrement(taken);
    return 0;
}

TEST(events, nothing_that_was_set_is_lost, "L447")
{
    LONG taken = 0, set = 0;
    HANDLE threads[3];

    to_and_fro = new_event(FALSE, FALSE);
    for (int i = 0; i < 3; i++)
        MUST((threads[i] = CreateThread(NULL, 0, waits_shortly, &taken, 0, NULL)) != NULL);
    for (int i = 0; i < TURNS; i++) {
        LONG before = InterlockedCompareExchange(&taken, 0, 0);

        SetEvent(to_and_fro);
        set++;
        for (int spins = 0; spins < 200 && InterlockedCompareExchange(&taken, 0, 0) == before; spins++)
            SwitchToThread();
        if (WaitForMultipleObjects(3, threads, TRUE, 0) != WAIT_TIMEOUT)
            break;
    }
    EXPECT_WAIT(WAIT_OBJECT_0, WaitForMultipleObjects(3, threads, TRUE, 10000));
    EXPECT(taken <= set);
    SetEvent(to_and_fro);
    EXPECT_WAIT(WAIT_OBJECT_0, look(to_and_fro)); /* nobody is left who would wait */
    EXPECT_WAIT(WAIT_TIMEOUT, look(to_and_fro));
    MUST((threads[0] = CreateThread(NULL, 0, takes_turns, NULL, 0, NULL)) != NULL);
    MUST((threads[1] = CreateThread(NULL, 0, takes_turns, NULL, 0, NULL)) != NULL);
    SetEvent(to_and_fro);
    EXPECT_WAIT(WAIT_OBJECT_0, WaitForMultipleObjects(2, threads, TRUE, 60000));
    EXPECT_OK(CloseHandle(to_and_fro));
}

TEST(events, a_pulse_is_for_those_who_wait, "L427")
{
    HANDLE manual = new_event(TRUE, TRUE), one = new_event(FALSE, FALSE);
    struct sleeper sleepers[SLEEPERS];
    struct check_thread threads[SLEEPERS];

    EXPECT_OK(PulseEvent(manual));
    EXPECT_WAIT(WAIT_TIMEOUT, look(manual));
    EXPECT_OK(PulseEvent(one));
    EXPECT_WAIT(WAIT_TIMEOUT, look(one));
    begin(sleepers, threads, manual);
    EXPECT_OK(PulseEvent(manual));
    end(sleepers, threads);
    EXPECT_WAIT(WAIT_TIMEOUT, look(manual));
    begin(sleepers, threads, one);
    for (LONG i = 1; i <= SLEEPERS; i++) {
        EXPECT_OK(PulseEvent(one));
        EXPECT_WAIT(WAIT_TIMEOUT, look(one));
        EXPECT_EQ(let_through(sleepers, i), i);
    }
    end(sleepers, threads);
    CloseHandle(manual);
    CloseHandle(one);
}

TEST(events, closed_while_somebody_waits, "L428")
{
    HANDLE event = new_event(TRUE, FALSE), other = NULL;
    struct sleeper sleepers[SLEEPERS];
    struct check_thread threads[SLEEPERS];

    MUST(DuplicateHandle(GetCurrentProcess(), event, GetCurrentProcess(), &other, 0, FALSE,
                         DUPLICATE_SAME_ACCESS));
    begin(sleepers, threads, event);
    EXPECT_OK(CloseHandle(event));
    EXPECT_EQ(let_through(sleepers, 0), 0);
    EXPECT_OK(SetEvent(other));
    end(sleepers, threads);
    CloseHandle(other);
}

TEST(events, a_wait_lasts_as_long_as_it_may, "L429")
{
    HANDLE event = new_event(FALSE, FALSE);
    double before = check_seconds(), passed;

    EXPECT_WAIT(WAIT_TIMEOUT, WaitForSingleObject(event, 60));
    passed = check_seconds() - before;
    EXPECT(passed > 0.045 && passed < 5);
    EXPECT_WAIT(WAIT_TIMEOUT, WaitForSingleObjectEx(event, 10, TRUE));
    CloseHandle(event);
}

#ifdef WINMEM_VERSION_MAJOR

/* A handle means its own event, also while that is closed and another one is made in its place. */
static HANDLE published;
static LONG enough;

static void set_what_is_published(void *arg)
{
    (void)arg;
    while (!__atomic_load_n(&enough, __ATOMIC_SEQ_CST))
        SetEvent(__atomic_load_n(&published, __ATOMIC_SEQ_CST));
}

TEST(events, a_closed_handle_sets_no_other_event, "L428")
{
    struct check_thread threads[2];

#ifdef CHECK_THREAD_SANITIZER
    SKIP("what is read and then found to be another event's is a race to the sanitizer");
#endif
    published = new_event(TRUE, FALSE);
    for (int i = 0; i < 2; i++)
        thread_start(&threads[i], set_what_is_published, NULL);
    for (int i = 0; i < 20000; i++) {
        HANDLE other;

        CloseHandle(published);
        other = new_event(TRUE, FALSE);
        EXPECT_EQ(look(other), WAIT_TIMEOUT);
        CloseHandle(other);
        __atomic_store_n(&published, new_event(TRUE, FALSE), __ATOMIC_SEQ_CST);
    }
    __atomic_store_n(&enough, 1, __ATOMIC_SEQ_CST);
    for (int i = 0; i < 2; i++)
        thread_join(&threads[i]);
    CloseHandle(published);
}

#endif
