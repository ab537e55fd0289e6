/* slist.c: lists that threads push to and pop from without a lock. */
#include "../support/check.h"

#ifdef WINMEM_VERSION_MAJOR
#include <sys/mman.h>
#endif

struct item {
    SLIST_ENTRY entry; /* first, and aligned to 16 bytes */
    LONG number;
};

static SLIST_HEADER head;

static struct item items[10];

TEST(slist, last_in_first_out, "L535")
{
    InitializeSListHead(&head);
    EXPECT_EQ(InterlockedPopEntrySList(&head), NULL);
    EXPECT_EQ(InterlockedFlushSList(&head), NULL);
    EXPECT_EQ(InterlockedPushEntrySList(&head, &items[0].entry), NULL);
    EXPECT_EQ(InterlockedPushEntrySList(&head, &items[1].entry), &items[0].entry);
    EXPECT_EQ(InterlockedPushEntrySList(&head, &items[2].entry), &items[1].entry);
    EXPECT_EQ(QueryDepthSList(&head), 3);
    EXPECT_EQ(InterlockedPopEntrySList(&head), &items[2].entry);
    EXPECT_EQ(QueryDepthSList(&head), 2);
    EXPECT_EQ(InterlockedFlushSList(&head), &items[1].entry);
    EXPECT_EQ(items[1].entry.Next, &items[0].entry);
    EXPECT_EQ(items[0].entry.Next, NULL);
    EXPECT_EQ(QueryDepthSList(&head), 0);
    EXPECT_EQ(InterlockedPopEntrySList(&head), NULL);
}

TEST(slist, the_depth_is_of_16_bits, "L535")
{
    enum { MANY = 70000 };
    struct item *many = NULL;
    int count = 0;

    InitializeSListHead(&head);
#ifdef WINMEM_VERSION_MAJOR
    MUST(posix_memalign((void **)&many, 16, MANY * sizeof *many) == 0);
#else
    many = _aligned_malloc(MANY * sizeof *many, 16);
#endif
    for (int i = 0; i < MANY; i++)
        InterlockedPushEntrySList(&head, &many[i].entry);
    EXPECT_EQ(QueryDepthSList(&head), MANY - 65536);
    for (; count < MANY + 5 && InterlockedPopEntrySList(&head) != NULL; count++)
        EXPECT_EQ(QueryDepthSList(&head), (MANY - 1 - count) & 0xffff);
    EXPECT_EQ(count, MANY);
#ifdef WINMEM_VERSION_MAJOR
    free(many);
#else
    _aligned_free(many);
#endif
}

#ifdef WINMEM_VERSION_MAJOR
TEST(slist, several_at_once, "L535")
{
    InitializeSListHead(&head);
    InterlockedPushEntrySList(&head, &items[0].entry);
    items[1].entry.Next = &items[2].entry;
    items[2].entry.Next = &items[3].entry;
    EXPECT_EQ(InterlockedPushListSListEx(&head, &items[1].entry, &items[3].entry, 3), &items[0].entry);
    EXPECT_EQ(QueryDepthSList(&head), 4);
    for (int i = 1; i < 4; i++)
        EXPECT_EQ(InterlockedPopEntrySList(&head), &items[i].entry);
    EXPECT_EQ(InterlockedPopEntrySList(&head), &items[0].entry);
}

/* --- threads --- */

enum { ENTRIES = 1000, ROUNDS = 40000, THREADS = 4 };

static LONG failures;

/* Each entry is in one place: in the list, or with the thread that has popped it. */
static void *take_and_give(void *unused)
{
    (void)unused;
    for (int i = 0; i < ROUNDS; i++) {
        struct item *item = (struct item *)InterlockedPopEntrySList(&head);

        if (item == NULL)
            continue;
        if (InterlockedIncrement(&item->number) != 1)
            InterlockedIncrement(&failures);
        InterlockedDecrement(&item->number);
        InterlockedPushEntrySList(&head, &item->entry);
    }
    return NULL;
}

static void on_threads(void *(*run)(void *))
{
    pthread_t threads[THREADS];

    for (int i = 0; i < THREADS; i++)
        MUST(pthread_create(&threads[i], NULL, run, NULL) == 0);
    for (int i = 0; i < THREADS; i++)
        MUST(pthread_join(threads[i], NULL) == 0);
}

TEST(slist, threads_take_and_give, "L535")
{
    static struct item many[3];

    InitializeSListHead(&head);
    for (int i = 0; i < 3; i++)
        InterlockedPushEntrySList(&head, &many[i].entry);
    on_threads(take_and_give);
    EXPECT_EQ(failures, 0);
    EXPECT_EQ(QueryDepthSList(&head), 3);
    for (int i = 0; i < 3; i++)
        EXPECT(InterlockedPopEntrySList(&head) != NULL);
    EXPECT_EQ(InterlockedPopEntrySList(&head), NULL);
}

/* Each entry is a page that is gone as soon as it was popped, while others may be looking at it. */
static void *take_and_free(void *unused)
{
    (void)unused;
    for (int i = 0; i < ROUNDS / 10; i++) {
        PSLIST_ENTRY made = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
                     taken;

        MUST(made != MAP_FAILED);
        InterlockedPushEntrySList(&head, made);
        taken = InterlockedPopEntrySList(&head);
        if (taken == NULL || munmap(taken, 4096) != 0)
            InterlockedIncrement(&failures);
    }
    return NULL;
}

TEST(slist, entries_may_be_freed_when_they_are_popped, "L535")
{
    InitializeSListHead(&head);
    on_threads(take_and_free);
    EXPECT_EQ(failures, 0);
    EXPECT_EQ(InterlockedPopEntrySList(&head), NULL);
}

TEST(slist, an_entry_that_was_freed_in_the_list_is_a_fault, "L535")
{
    PSLIST_ENTRY gone = VirtualAlloc(NULL, 1, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    pid_t child;
    int status;

    MUST(gone != NULL);
    InitializeSListHead(&head);
    InterlockedPushEntrySList(&head, gone);
    MUST(VirtualFree(gone, 0, MEM_RELEASE));
    child = fork();
    if (child == 0) {
        signal(SIGSEGV, SIG_DFL);
        InterlockedPopEntrySList(&head);
        _exit(0);
    }
    MUST(waitpid(child, &status, 0) == child);
#if !SANITIZED
    EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
#endif
}
#endif
