/*
 * lock.pml: the lock of src/kern/lock.c, with signals and forks.
 *
 * Three threads take it and let it go (NO_THIRD: two, so that there is time for more rounds and signals). The first has a
 * signal handler that may run between any two of its steps, also while it sleeps, and takes the lock as well; and in the
 * handler it may fork, as _Fork and clone do, which tell nobody. What is followed then is the child: the others are gone,
 * whatever they held, and the first goes on where it was interrupted.
 *
 * Checked for every order of steps:
 *   one thread at a time is between take and drop
 *   a handler is told exactly when its own thread holds the lock, and never waits for that
 *   nobody sleeps for ever: no wake-up is lost, and a child does not wait for a thread that it has not
 *
 * A sleep of the parent's ends when somebody wakes it or a signal comes, never by itself: so what is proved does not rest
 * on the 100 ms after which the real one looks again. In the child it does, once: nobody is left who could wake it.
 *
 * Broken on purpose: OWNER_LATER (state and owner are two words, as they were), NO_ORPHANS (a child does not look whether
 * it is one), WOKEN_ALONE (who was woken does not say that others may sleep), RENEW_ALL (a child frees what its own thread
 * holds), ANNOUNCE_FREE (who could not take a free lock announces himself on what he has seen, as we did once: the lock
 * may be free again, and then says that somebody sleeps and is nobody's).
 */

#define FREE 0
#define WORD(thread) ((thread) << 1)
#define CONTENDED 1
#define OWNER(word) ((word) >> 1)

#define FIRST 1  /* the thread with the handler */
#define SECOND 2
#define THIRD 3

#ifndef ROUNDS
#define ROUNDS 1
#endif
#ifndef SIGNALS
#define SIGNALS 1
#endif

byte word = FREE;
byte holder;       /* whose the word is; nobody asks, but for what is claimed here */
#ifdef OWNER_LATER
byte owner;
#define IS_OF(me) (owner == me)
#else
#define IS_OF(me) (OWNER(word) == me)
#endif
#ifdef NO_ORPHANS
#define IS_ORPHANED false
#else
#define IS_ORPHANED (!alive)
#endif
#ifdef WOKEN_ALONE
#define AFTER_SLEEP 0
#else
#define AFTER_SLEEP CONTENDED
#endif
#ifdef ANNOUNCE_FREE
#define MAY_LEAVE(seen) (IS_ORPHANED)
#else
#define MAY_LEAVE(seen) (seen == FREE || IS_ORPHANED)
#endif
byte naps;         /* that ended by themselves */
bool alive = true; /* the word in the page that forks wipe */
bool child;
bool in_handler;
bool asleep[4];
byte holds;       /* threads between take and drop */
bool first_holds; /* is the first one of them? */

#define IN(me)                                                                                               \
    d_step {                                                                                                 \
        holds++;                                                                                             \
        assert(holds == 1);                                                                                  \
        if                                                                                                   \
        :: me == FIRST -> first_holds = true                                                                 \
        :: else                                                                                              \
        fi                                                                                                   \
    }

#define OUT(me)                                                                                              \
    d_step {                                                                                                 \
        holds--;                                                                                             \
        if                                                                                                   \
        :: me == FIRST -> first_holds = false                                                                \
        :: else                                                                                              \
        fi                                                                                                   \
    }

/* One instruction: compare and exchange. */
#define SWAP(expected, wanted, done)                                                                         \
    d_step {                                                                                                 \
        if                                                                                                   \
        :: word == expected -> word = wanted; holder = OWNER(word); done = true                              \
        :: else -> done = false                                                                              \
        fi                                                                                                   \
    }

/*
 * The kernel looks and sleeps at once; IN is outside, so that a step lies between having the lock and knowing it. `told`:
 * this thread holds it already.
 */
inline take(me, told, done, seen)
{
    told = false;
    SWAP(FREE, WORD(me), done);
    if
    :: done -> skip
    :: else ->
        if
        :: IS_OF(me) -> told = true
        :: else ->
            do
            :: done -> break
            :: else ->
                seen = word;
                if
                :: seen == FREE || IS_ORPHANED -> SWAP(seen, WORD(me) | AFTER_SLEEP, done)
                :: else
                fi;
                if
                :: done || MAY_LEAVE(seen) -> skip
                :: else ->
                    if
                    :: !(seen & CONTENDED) ->
                        SWAP(seen, seen | CONTENDED, done);
                        if
                        :: done -> seen = seen | CONTENDED; done = false
                        :: else
                        fi
                    :: else
                    fi;
                    if
                    :: seen & CONTENDED ->
                        atomic {
                            if
                            :: word == seen -> asleep[me] = true; assert(holder != me)
                            :: else
                            fi
                        };
                        if
                        :: !asleep[me]
                        :: asleep[me] && child -> atomic { asleep[me] = false; naps++; assert(naps == 1) }
                        fi
                    :: else
                    fi
                fi
            od
        fi
    fi;
#ifdef OWNER_LATER
    if
    :: told
    :: else -> owner = me
    fi;
#endif
    atomic { done = false; seen = 0 }
}

inline drop(seen)
{
#ifdef OWNER_LATER
    owner = 0;
#endif
    d_step { seen = word; word = FREE; holder = 0 };
    if
    :: seen & CONTENDED ->
        atomic {
            if
            :: asleep[FIRST] -> asleep[FIRST] = false
            :: asleep[SECOND] -> asleep[SECOND] = false
            :: asleep[THIRD] -> asleep[THIRD] = false
            :: else
            fi
        }
    :: else
    fi;
    seen = 0
}

/* Of book/pulse.c: refused while this thread's own call is interrupted, else the lock is renewed. */
inline ready(me, refused)
{
    atomic {
        refused = false;
        if
        :: alive -> skip
        :: else ->
            if
#ifndef RENEW_ALL
            :: IS_OF(me) -> refused = true
#endif
            :: else -> word = FREE; holder = 0; alive = true
            fi
        fi
    }
}

proctype thread(byte me)
{
    byte rounds, seen;
    bool told, done;

    {
        do
        :: rounds == ROUNDS -> break
        :: else ->
            take(me, told, done, seen);
            assert(!told);
            IN(me);
            OUT(me);
            drop(seen);
            rounds++
        od
    } unless { child }
}

/* The same, but it stands still while its handler runs. */
proctype first() provided (!in_handler)
{
    byte rounds, seen;
    bool told, done, refused;

    do
    :: rounds == ROUNDS -> break
    :: else ->
        ready(FIRST, refused);
        assert(!refused);
        take(FIRST, told, done, seen);
        assert(!told);
        IN(FIRST);
        OUT(FIRST);
        drop(seen);
        rounds++
    od
}

inline fork_here()
{
    atomic {
        if
        :: !child ->
            child = true;
            alive = false;
            holds = first_holds
        :: skip
        fi
    }
}

proctype handler()
{
    byte signals, seen;
    bool told, done, refused, mine;

    do
    :: signals == SIGNALS -> break
    :: signals < SIGNALS ->
        atomic { in_handler = true; asleep[FIRST] = false; mine = holder == FIRST };
        fork_here();
        ready(FIRST, refused);
        if
        :: refused -> assert(mine)
        :: else ->
            take(FIRST, told, done, seen);
            assert(told == mine);
            if
            :: told -> skip
            :: else ->
                IN(FIRST);
                OUT(FIRST);
                drop(seen)
            fi
        fi;
        fork_here();
        in_handler = false;
        signals++
    od
}

init
{
    atomic {
        run first();
        run thread(SECOND);
#ifndef NO_THIRD
        run thread(THIRD);
#endif
        run handler()
    }
}
