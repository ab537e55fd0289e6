/*
 * ops.h: the operations on an address space, one request struct each.
 *
 * Requests are validated and translated by the api layer: no Windows flags but the protection values,
 * which are also the book's names for page states. The results are written on success only. Each
 * operation takes the lock it needs; none touches memory of the caller while it holds one.
 */
#ifndef WM_VM_OPS_H
#define WM_VM_OPS_H

#include "base/private.h"
#include "base/range.h"
#include "base/status.h"

enum wm_alloc_kind {
    WM_ALLOC_RESERVE,
    WM_ALLOC_PLACEHOLDER, /* reserve a placeholder */
    WM_ALLOC_REPLACE,     /* exactly one placeholder by a private allocation */
    WM_ALLOC_COMMIT,      /* pages of an allocation that is there */
    WM_ALLOC_RESET,       /* their contents may go */
    WM_ALLOC_UNDO         /* they may not any longer; WM_CONTENTS_LOST if they have */
};

/* Where a new region may lie: [lowest, highest), at a multiple of alignment. */
struct wm_bounds {
    uintptr_t lowest;
    uintptr_t highest;
    uintptr_t alignment;
    bool given;    /* else anywhere */
    bool top_down; /* the highest place instead of the first */
};

struct wm_alloc_req {
    enum wm_alloc_kind kind;
    bool commit;        /* with RESERVE, REPLACE: commit as well */
    struct wm_range at; /* start 0: anywhere, and end is the size */
    struct wm_bounds bounds;
    uint16_t protect;
    uint8_t node;    /* preferred NUMA node + 1, 0 for none */
    uint8_t traits;  /* with RESERVE, REPLACE: WM_TRAIT_ bits of core/extent.h */
    uintptr_t large; /* with WM_TRAIT_LARGE: the size of each page, WM_LARGE or WM_HUGE */
    uintptr_t result;
};

/* PART: a release of some pages, after which the rest is one or two allocations. */
enum wm_free_kind { WM_FREE_DECOMMIT, WM_FREE_RELEASE, WM_FREE_PART, WM_FREE_SPLIT, WM_FREE_COALESCE };

struct wm_free_req {
    enum wm_free_kind kind;
    uintptr_t base;        /* as given */
    size_t bytes;          /* 0: the whole allocation */
    struct wm_range freed; /* out: the pages, or the allocation */
};

struct wm_protect_req {
    struct wm_range at;
    uint16_t protect;
    uint16_t old; /* of the first page */
};

/* What VirtualQuery tells of the pages from range.start on. */
struct wm_region {
    struct wm_range range;
    struct wm_range allocation; /* {0, 0} for free space */
    uint16_t alloc_protect;
    uint16_t protect; /* 0 while reserved */
    enum wm_region_state { WM_REGION_FREE, WM_REGION_RESERVED, WM_REGION_COMMITTED } state;
    enum wm_region_type { WM_TYPE_NONE, WM_TYPE_PRIVATE, WM_TYPE_MAPPED, WM_TYPE_IMAGE } type;
    bool ours;    /* in the book, not only in the kernel's list */
    bool partial; /* a view of which not all need be committed: its section says */
    bool placeholder;
    uint8_t traits; /* in the book: what it was made for, and what a view shows (WM_TRAIT_, core/extent.h) */
};

/* A section that another process has and lets this one map (offered.c). */
struct wm_section_offer {
    int32_t pid, fd; /* 0: there is no such offer */
    int32_t holder;  /* of its name; 0: it has none */
    uint64_t bytes, inode, device;
    uint16_t protect, attributes;
    uint8_t node;
    uint8_t kind;     /* of enum wm_backing_kind */
    uint8_t reserved; /* 0: it is not. No bool: who says it may say anything */
};

struct wm_view_req {
    uintptr_t section;             /* the handle */
    uint32_t rights;               /* that the handle must have been granted */
    struct wm_section_offer offer; /* instead of both, where somebody else asks */
    uint64_t offset;
    size_t bytes;   /* 0: to the end of the section */
    uintptr_t base; /* 0: anywhere */
    struct wm_bounds bounds;
    bool replace; /* a placeholder of exactly this range */
    bool large;   /* only if the section has large pages */
    bool reserve; /* as MEM_RESERVE: of a file's section it may be larger than that is yet */
    uint16_t protect;
    uint8_t node;
    uintptr_t result;
    size_t result_bytes;   /* whole pages */
    bool result_piecewise; /* somebody has to answer for faults in it */
};

/* Runs of written pages of a watched allocation, ascending, from range.start on, as far as they fit. */
struct wm_watch_req {
    struct wm_range range;
    bool reset; /* what is told counts as unwritten from then on */
    size_t max_pages;
    struct wm_page_run *runs;
    size_t capacity; /* in runs */
    size_t count;
    size_t pages;
    bool repaired;
    bool gathered;     /* see soft.h; false in the first of several requests that go on one after the other */
    uintptr_t stopped; /* everything below is told */
};

/* A request without anything in it. */
struct wm_bare_req {
    uint8_t unused;
};

/* Nothing: there is a book from then on. */
wm_status wm_op_hello(const struct wm_bare_req *req);

wm_status wm_op_alloc(struct wm_alloc_req *req);
/* The unit of large pages; 0 where there are none. */
size_t wm_op_large_page(void);

wm_status wm_op_free(struct wm_free_req *req);
wm_status wm_op_protect(struct wm_protect_req *req);
wm_status wm_op_query(uintptr_t addr, struct wm_region *out);

/* Bytes committed in the allocation of a region; of a view or image: bytes that are copied on write. */
wm_status wm_op_committed(const struct wm_region *region, size_t *out);

/* The path of the file that is mapped at an address. */
wm_status wm_op_mapped_name(uintptr_t addr, char *name, size_t bytes);

/* The same three in another process (vm/book/whose.h). */
struct wm_whose;

wm_status wm_op_query_of(struct wm_whose *whose, uintptr_t addr, struct wm_region *out);
wm_status wm_op_committed_of(struct wm_whose *whose, const struct wm_region *region, size_t *out);
wm_status wm_op_mapped_name_of(struct wm_whose *whose, uintptr_t addr, char *name, size_t bytes);

/* One page, in memory or not. */
struct wm_page_info {
    uintptr_t addr; /* any in the page */
    uint16_t protect;
    uint8_t sharers; /* 0: private */
    uint8_t node;
    bool valid;  /* in memory, and accessible */
    bool shared; /* could be shared */
    bool locked; /* by VirtualLock; never paged out */
    bool large;
};

enum { WM_PAGES_AT_ONCE = 128 };

/* Pages whose addresses are given, in any order. */
struct wm_pages_req {
    uint32_t count; /* more than WM_PAGES_AT_ONCE: so many */
    struct wm_page_info pages[WM_PAGES_AT_ONCE];
};

wm_status wm_op_pages(struct wm_pages_req *req);

/* The next valid pages from *from on, which moves behind them; at most WM_PAGES_AT_ONCE, 0 at the end. */
wm_status wm_op_next_resident(uintptr_t *from, struct wm_page_info *pages, size_t *count);

/* Could every byte be read (and written)? Nothing is changed. True for no bytes, wherever they are. */
enum wm_reach { WM_TO_READ, WM_TO_WRITE };
bool wm_op_reaches(uintptr_t start, size_t bytes, enum wm_reach how);

/*
 * Can a result of at most a page be stored there? Its first 4 bytes are undefined afterwards, and its last 4 if they are in
 * another page; one that is shorter than that keeps its contents.
 */
bool wm_op_takes_result(uintptr_t start, size_t bytes);

/* The same for as many bytes as one likes, which stay what they are. True for none, wherever they are. */
bool wm_op_takes_bytes(uintptr_t start, size_t bytes);

/* Copies all that can be read; *done: how much of it could be written, 0 if some cannot be read. */
wm_status wm_op_read_self(uintptr_t to, uintptr_t from, size_t bytes, size_t *done);

struct wm_unlock_req {
    struct wm_range at;
};

/* Pages of any memory stay in memory until they are unlocked, or go. */
wm_status wm_op_lock(struct wm_range r);
wm_status wm_op_unlock(const struct wm_unlock_req *req);

wm_status wm_op_get_written(struct wm_watch_req *req);
wm_status wm_op_reset_written(struct wm_range r);

/* Committed pages of private memory: no access until they are reclaimed, and their contents may go. */
wm_status wm_op_offer(struct wm_range r);

/* With WM_CONTENTS_LOST the pages are accessible again as well. */
wm_status wm_op_reclaim(struct wm_range r);

/* The contents of pages become undefined, nothing else changes. */
wm_status wm_op_discard(struct wm_range r);

wm_status wm_op_map_view(struct wm_view_req *req);

/*
 * Of views whose section says what of them is committed (piecewise.c): is the first page of a range, and up to where is
 * that so? Elsewhere nothing is.
 */
struct wm_piece_req {
    struct wm_range at;
    uintptr_t end;
    bool committed;
};

wm_status wm_op_piece(struct wm_piece_req *req);

/* The same, and what of the range is committed, by whomever, can be touched from now on; of very many pieces the first. */
wm_status wm_op_meet(struct wm_piece_req *req);

struct wm_unmap_req {
    uintptr_t addr; /* any in the view */
    bool preserve;  /* leave a placeholder behind; only a view that replaced one can */
};

wm_status wm_op_unmap_view(const struct wm_unmap_req *req);

struct wm_guard_req {
    uintptr_t addr;
    bool guarded; /* it was, and is no more; false if there was no guard (any more) */
};

/* The page at an address loses its guard and gets its protection (vm/pages/guard.c). */
wm_status wm_op_lift_guard(struct wm_guard_req *req);

/*
 * The kernel says of a fault that the access was forbidden, or that there was no data for the page (SIGBUS). The last three
 * hold whichever of the two it was.
 */
enum wm_verdict {
    WM_FAULT_FOREIGN,  /* no memory of ours: the fault is what the kernel says */
    WM_FAULT_PLAIN,    /* memory of ours, and the fault is what the kernel says */
    WM_FAULT_RETRY,    /* if it was forbidden, it is allowed by now: the access is to be made again */
    WM_FAULT_EARLY,    /* it was too early, whatever the kernel calls it: the access is to be made again */
    WM_FAULT_GUARD,    /* a guard page, which has lost its guard by this */
    WM_FAULT_VIOLATION /* forbidden by our own rules */
};

/*
 * What an access that the kernel refused means; access is one of WM_ACCESS_. Called from the fault handler: takes the
 * lock only for a guard page or a window, and a thread that holds it itself is told WM_FAULT_VIOLATION. errno may change.
 */
enum wm_verdict wm_op_fault(uintptr_t addr, int access);

/*
 * Physical pages and their windows: vm/physical/userframes.c and vm/physical/physical.c. Pages have numbers; arrays of numbers or
 * addresses are the program's own, words that need not be aligned, and are read and written without a lock.
 */
struct wm_map_frames_req {
    uintptr_t base;        /* without addresses: of consecutive pages, all in one window */
    const void *addresses; /* NULL, or one for each page; then number 0 unmaps */
    const void *frames;    /* NULL: unmap */
    size_t count;
};

/* All pages, or none. What lay there is unmapped. */
wm_status wm_op_map_frames(const struct wm_map_frames_req *req);

/* Perhaps fewer than wanted. */
wm_status wm_op_allocate_frames(size_t wanted, void *numbers, size_t *delivered);

/* Wherever they are mapped. *freed of them, from the first on, also if it fails. */
wm_status wm_op_free_frames(const void *numbers, size_t count, size_t *freed);

/* From an address in a view on, so many bytes (0: to its end): what was written there begins its way to the disk (flush.c). */
wm_status wm_op_flush_view(uintptr_t addr, size_t bytes);

/* handles: vm/handles, vm/sections/section.c and vm/processes/process.c */

struct wm_name;

struct wm_section_req {
    uintptr_t file; /* a handle; 0: there is none, so it is memory */
    uint64_t bytes;
    uint32_t rights;            /* of the handle */
    uint16_t protect;           /* of the section */
    uint16_t attributes;        /* PAGE_NOCACHE or PAGE_WRITECOMBINE, as views report them */
    uint8_t node;               /* that its pages come from: number + 1, 0 for none */
    bool large;                 /* in large pages */
    bool reserved;              /* committed piece by piece; of memory only */
    const struct wm_name *name; /* NULL: none */
    uintptr_t result;           /* a handle */
};

/* WM_NAME_EXISTS is a success: there is a section of this name, and the handle is to that one, as it is. */
wm_status wm_op_create_section(struct wm_section_req *req);
/* The process is about to end: the names that it still holds go, which otherwise the next one who looks would remove. */
WM_FOR_WIN32 void wm_op_end_names(void);
wm_status wm_op_open_section(const struct wm_name *name, uint32_t rights, uintptr_t *handle);

/* What a section is; the handle must allow to ask. */
struct wm_section_info {
    uint64_t bytes;
    uint16_t attributes; /* as in its request */
    bool file;
    bool large;
    bool reserved;
};

wm_status wm_op_query_section(uintptr_t handle, struct wm_section_info *out);

/* Makes a section so large, if it is smaller and its kind and the handle allow it. *bytes: in and out. */
wm_status wm_op_extend_section(uintptr_t handle, uint64_t *bytes);

wm_status wm_op_open_process(uint32_t rights, uintptr_t *handle); /* the calling one */
wm_status wm_op_open_other(int32_t pid, uint32_t rights,
                           uintptr_t *handle); /* with rights that the kernel would grant */
WM_FOR_WIN32 wm_status wm_op_close(uintptr_t handle);

enum { WM_SAME_RIGHTS = 1, WM_CLOSE_SOURCE = 2 };

/* rights may be generic. What is always open, as the handle of the calling process, is neither closed nor counted. */
WM_FOR_WIN32 wm_status wm_op_duplicate(uintptr_t source, uint32_t rights, unsigned options,
                                       uintptr_t *handle);

/* A file that another process has open, or had when it called exec. */
struct wm_file_offer {
    int32_t pid, fd, teller; /* as in struct wm_file; numbers of that process */
    int32_t opener;
    uint32_t traits;
    uint8_t uses, shares;
    int32_t mode; /* it was opened with these flags, as the kernel has them */
    int64_t position;
    uint64_t inode, device;
};

/*
 * handed.c: handles from process to process. What the one that has the object says of it, so that the other can have it
 * too; type 0: nothing yet.
 */
struct wm_object_offer {
    uint32_t type, access; /* of the handle that is to be */
    struct wm_section_offer section;
    struct wm_file_offer file;
    int32_t pid;     /* of a process: which one */
    uint32_t number; /* of what is no record: its number */
    uint64_t born;   /* of a process: told apart by it from others of its number */
};

/* Tells of a handle of the process that is asked; rights and options as for wm_op_duplicate, but nothing is closed. */
struct wm_give_req {
    uintptr_t handle;
    uint32_t rights, options;
    struct wm_object_offer offer;
};

/* Opens one in the process that is asked: of what is offered, or of the asker's own handle, by rights and options. */
struct wm_take_req {
    uintptr_t handle;
    uint32_t rights, options;
    bool inherit; /* what is opened is inherited by programs that exec starts there */
    struct wm_object_offer offer;
    uintptr_t result;
};

struct wm_close_req {
    uintptr_t handle;
};

wm_status wm_op_give_handle(struct wm_give_req *req);
wm_status wm_op_take_handle(struct wm_take_req *req);
wm_status wm_op_close_handle(const struct wm_close_req *req);

/*
 * WM_HANDLE_ bits (core/objects.h); mask: which of them change. What is always open has none: WM_HANDLE. What is to be
 * inherited is told to the programs that exec starts (vm/handles/inherited.c), which can fail: then nothing changes.
 */
wm_status wm_op_handle_flags(uintptr_t handle, uint8_t *flags);
wm_status wm_op_set_handle_flags(uintptr_t handle, uint8_t mask, uint8_t flags);

/* A handle that was made just now is to be inherited, or not. On failure it is closed. */
WM_FOR_WIN32 wm_status wm_op_let_inherit(uintptr_t handle, bool inherit);

/* Do both stand for one object? WM_HANDLE_OTHER: for two. */
wm_status wm_op_same_object(uintptr_t first, uintptr_t second);

/* Is it a handle of this process with at least these rights? Of another one: WM_NO_OTHER_PROCESS. */
wm_status wm_op_is_self(uintptr_t handle, uint32_t rights);

/* ending.c: how a process ended, if it has: by a signal, or by itself with a code */
struct wm_target;
struct wm_ending {
    bool ended;
    int signal;    /* 0: none */
    uint32_t code; /* 0 to 255; of one that this process has terminated any */
};

wm_status wm_op_ending(const struct wm_target *target, struct wm_ending *out);

/* waits/wait.c: waiting until what handles stand for is signalled. */
enum { WM_WAITS_MOST = 64 };

/* What a look at an object finds. */
enum wm_signal { WM_NOT_SIGNALLED, WM_SIGNALLED, WM_SIGNALLED_ABANDONED };

struct wm_wait_req {
    const uintptr_t *handles; /* which the caller has to himself meanwhile */
    uint32_t count;           /* 1 to WM_WAITS_MOST */
    bool all;                 /* until all are, at once; else until one is, the first of those that are */
    uint64_t nanoseconds;     /* at most so long; UINT64_MAX: for ever */
    uint32_t index;           /* result: which one; with all 0 */
};

/* WM_SIGNALLED_ABANDONED also with all, if one of them was. */
WM_FOR_WIN32 wm_status wm_op_wait_for(struct wm_wait_req *req, enum wm_signal *out);
/* Can it be waited for, by a handle with these rights? */
WM_FOR_WIN32 wm_status wm_op_may_wait(uintptr_t handle);
wm_status wm_op_wait(uintptr_t handle, uint64_t nanoseconds, enum wm_signal *out);

/* Is it a handle of a section with at least these rights? */
wm_status wm_op_is_section(uintptr_t handle, uint32_t rights);

/* memory.c: what there is to be had, in bytes, for this process: the tightest limit counts */
struct wm_memory {
    uint64_t total;
    uint64_t available;
    uint64_t promises_total; /* memory that can be committed, RAM and swap together */
    uint64_t promises_left;
    uint64_t addresses_total;
    uint64_t addresses_left;
};

wm_status wm_op_memory(struct wm_memory *out);
wm_status wm_op_memory_physical(struct wm_memory *out); /* total and available alone */

/* Memory that counts as promised to this process, and of which its allocations use nothing (vm/ground/warm.h). */
uint64_t wm_op_kept_memory(void);

/* workingset.c: limits in bytes; a hard one is not to be crossed even when memory is short, or plenty */
struct wm_workingset {
    size_t minimum;
    size_t maximum;
    bool hard_minimum;
    bool hard_maximum;
};

enum { WM_CHANGES_HARD_MINIMUM = 1, WM_CHANGES_HARD_MAXIMUM = 2 };

struct wm_workingset_req {
    struct wm_workingset wanted; /* both limits SIZE_MAX: nothing is set, and the working set emptied */
    uint32_t changes;            /* a hard_ member that they do not name stays what it was */
};

wm_status wm_op_working_set(struct wm_workingset *out);
wm_status wm_op_set_working_set(const struct wm_workingset_req *req);

/* Takes the committed pages of our allocations and views out of memory, as far as the kernel will. */
wm_status wm_op_empty_working_set(const struct wm_bare_req *req);

/* notification.c: handles that tell whether memory is short, or plenty */
enum wm_notification { WM_MEMORY_LOW, WM_MEMORY_HIGH };

wm_status wm_op_create_notification(enum wm_notification kind, uint32_t rights, uintptr_t *handle);
wm_status wm_op_query_notification(uintptr_t handle, uint32_t rights, bool *signalled);

/* The rule itself: of bytes in total, so many are available. */
bool wm_notification_holds(enum wm_notification kind, uint64_t total, uint64_t available);

#endif
