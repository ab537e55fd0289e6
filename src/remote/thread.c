/*
 * thread.c: which thread of another process runs an errand, and how long one waits for it (thread.h).
 *
 * Any thread will do that can be stopped, has room on its stack and, for an agent of the library, a thread
 * pointer. The first one mostly does, so it is tried first; when it was met at a bad moment others get their
 * turn, each attempt beginning with another one, because the bad moment may last as long as that thread
 * lives.
 *
 * How long honest work takes nobody knows: it may lock gigabytes, or wait for a processor. So it is not time
 * that is measured but life: a thread that runs, waits for a device, is stopped or has slept and woken may go
 * on; one that has slept for a whole second is not working for us.
 */
#include "remote/thread.h"

#include <errno.h>

#include "kern/process/procstat.h"
#include "kern/process/traced.h"
#include "kern/clock.h"
#include "kern/text.h"
#include "remote/line.h"

enum { THREADS = 64 };

/*
 * A process that was stopped makes no step for us but those of the errand. One that was stopped where it cannot be served, in the
 * middle of the library's own work or of a fork, is let go on a little by further attempts.
 */
enum { EXACT_TURNS = 8 };

/* How often a thread is looked at, and how long it may lie there. */
#define LOOK_NANOSECONDS 50000000u
#define QUIET_NANOSECONDS 1000000000u

static bool suits(const struct wm_errand *errand)
{
    return !errand->wants_libc || wm_traced_has_libc(&errand->loan);
}

static int send(const struct wm_process *process, struct wm_errand *errand, int32_t tid)
{
    int error = wm_borrow_take(process->peer.pid, tid, &errand->loan);

    if (error != 0)
        return error;
    if (!suits(errand) || !errand->deliver(&errand->loan, errand->context)) {
        wm_borrow_give_back(&errand->loan);
        return -EAGAIN;
    }
    errand->loan.exact = errand->turn < EXACT_TURNS;
    return wm_borrow_send(&errand->loan, errand->code, errand->first, errand->second);
}

static int send_other(const struct wm_process *process, struct wm_errand *errand)
{
    int32_t tids[THREADS];
    int count = wm_peer_threads(&process->peer, tids, THREADS), error = -ESRCH;

    for (int i = 0; i < count && error != 0; i++)
        error = send(process, errand, tids[((uint32_t)i + errand->turn) % (uint32_t)count]);
    return error;
}

/*
 * The first thread mostly serves. It may have ended before the others, have no room on its stack, or be the one that
 * holds the lock each time it is met.
 */
static int send_any(const struct wm_process *process, struct wm_errand *errand)
{
    int error;

    if (errand->turn != 0)
        return send_other(process, errand);
    error = send(process, errand, process->peer.pid);
    return error == 0 || error == -ESRCH || send_other(process, errand) != 0 ? error : 0;
}

wm_status wm_thread_send(struct wm_process *process, struct wm_errand *errand)
{
    int error = send_any(process, errand);

    if (error == 0)
        return WM_OK;
    if (error == -ESRCH || !wm_peer_alive(&process->peer))
        return WM_PROCESS_ENDED;
    if (error == -EAGAIN)
        return WM_REENTERED;
    if (error == -ENOTSUP)
        return WM_TARGET_KIND;
    return error == -EPERM || error == -EACCES ? WM_TARGET_DENIED : WM_TARGET_BUSY;
}

bool wm_thread_is_stuck(const struct wm_process *process)
{
    struct wm_procstat stat;

    return wm_procstat_read(process->peer.pid, &stat) == 0 && stat.state == 'T';
}

/* How often it has left a processor. Where two readings differ, it has run in between. */
static uint64_t switches_of(int32_t tid)
{
    uint64_t own = 0, others = 0;
    const struct wm_text_field fields[] = {{"voluntary_ctxt_switches", &own},
                                           {"nonvoluntary_ctxt_switches", &others}};
    struct wm_proc_path path = wm_proc_path(tid, "status");

    wm_text_file_fields(path.text, fields, 2);
    return own + others;
}

static bool shows_life(struct wm_vigil *vigil, int32_t tid)
{
    uint64_t before = vigil->switches;
    struct wm_procstat stat;

    vigil->switches = switches_of(tid);
    return vigil->switches != before || wm_procstat_read(tid, &stat) != 0 || stat.state != 'S';
}

bool wm_vigil_nap(struct wm_vigil *vigil, const struct wm_loan *loan)
{
    uint64_t now;

    if (!wm_patience_nap(&vigil->patience))
        return false;
    if (!wm_patience_wavers(&vigil->patience))
        return true;
    now = wm_clock_now();
    if (now - vigil->looked < LOOK_NANOSECONDS)
        return true;
    if (vigil->looked == 0 || shows_life(vigil, loan->tid))
        vigil->lived = now;
    vigil->looked = now;
    return now - vigil->lived < QUIET_NANOSECONDS;
}
