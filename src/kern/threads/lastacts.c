/*
 * lastacts.c: being called when a thread ends (ownthreads.h).
 *
 * libc calls the destructors of a thread's keys in rounds, as long as there are values, four times at most; we ask for
 * another round each time, and so are called in the last one whatever others do. glibc keeps the values of the first 32
 * keys in the thread itself; our key is made at load, so it is nearly always one of those. Of others the first value
 * costs an allocation.
 */
#include <limits.h>

#include "base/atomic.h"
#include "kern/threads/ownthreads.h"

_Static_assert((int)WM_LAST_ROUND <= PTHREAD_DESTRUCTOR_ITERATIONS, "libc goes round so often");

static wm_last_acts_fn *acts;
static pthread_key_t key;
static bool has_key;
static __thread int rounds __attribute__((tls_model("initial-exec")));

static void at_end(void *value)
{
    rounds++;
    if (rounds < WM_LAST_ROUND)
        pthread_setspecific(key, value);
    acts(value, rounds);
}

/* Constructors run one after the other; whoever comes earlier calls this himself. */
void wm_kern_tell_last_acts(wm_last_acts_fn *fn)
{
    if (WM_LOAD(has_key))
        return;
    acts = fn;
    if (pthread_key_create(&key, at_end) == 0)
        WM_STORE(has_key, true);
}

bool wm_kern_expect_last_acts(void *value)
{
    return WM_LOAD(has_key) && rounds < WM_LAST_ROUND && pthread_setspecific(key, value) == 0;
}
