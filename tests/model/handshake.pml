/*
 * handshake.pml: the words through which one process asks something of another (src/vm/agent/wire.h), in all orders.
 *
 * A `caller` is src/remote/exchange.c, line by line: await_idle, deliver and send, await_answer with await_begin, await_end
 * and withdraw; the turn is the lock on the target's memory (line.c), which goes with its holder. A `thread` is one that
 * was sent to src/vm/agent/entry.S with a number: it looks whose the words are, claims (lock cmpxchg), or misses and
 * returns; wm_agent_run (agent.c) looks at valid, carries out and says done; .Lrelease leaves the stack, then clears
 * running. It need not be a thread of its own: one that is sent anew while it is at work does the same with what was
 * there first left lying, which is one of the orders. Every access to a word is a step, and what pread brings is read in
 * the order of the words, not at once. Each attempt has its own number, so `thread n` is the thread that was sent with n.
 *
 * What happens to them at any step: the first caller is killed; the target is stopped and goes on; it is killed; and it
 * is the child of a fork that has not come as far as its atfork handlers (`child`), so the thread that would work holds
 * the lock itself. What the words are then is all that a fork changes, and nothing of the parent's changes by it, so a
 * fork at each step is a child that begins with the words of each step: wiped by the kernel, or, with -DNO_WIPE,
 * as they were in the parent, when struct wm_agent says whose they are and wm_renewed_agent makes them the child's.
 * Waiting ends after two looks, which may find anything; longer patience only adds looks.
 *
 * Asserted: one thread is on the agent's stack, at most; a request is carried out once, at most, and as it was written;
 * who is told that it was not (failed) is told the truth, also about later, and so is who is told that it was. Every run
 * ends: nobody waits for ever, and nobody has left the agent busy when all is over.
 *
 * With -DOLD_FREE_CHILD it is the handshake as it was: forks copied the words, and a caller, the thread at work and the
 * atfork handler each cleared `running` in a child. That has to fail, or this model sees nothing; so has each of
 * -DWITHDRAW_BLINDLY (nobody looks whether a withdrawn request has begun) and -DLEAVE_STRAYS (a thread that was stopped
 * at work is not seen through).
 */

#define PARENTS 7 /* a number of a request to the parent */
#ifndef ATTEMPTS
#define ATTEMPTS 1 /* of the second caller */
#endif
#define NUMBERS (1 + ATTEMPTS)
#ifndef LOOKS
#define LOOKS 2
#endif

#ifdef OLD_FREE_CHILD
#define MUST(what) skip /* so that it is seen on the stack, as it was in life */
#else
#define MUST(what) assert(what)
#endif

#define ANSWER_DONE 1
#define ANSWER_AGAIN 2

/* struct wm_words; `request` stands for what the request says */
byte running, done, missed, valid, request;
byte answer;
bool words_are_ours = true; /* struct wm_agent: process is 0, or our own */

/* the target */
bool stopped, dead;
bool lock_is_mine; /* held by the thread that forked */
bool unnoticed;    /* a child that has not noticed (OLD_FREE_CHILD) */
bool sent[NUMBERS + 1];
byte on_stack;

/* the callers */
byte turn, next_number = 1, callers_left = 2;
byte held[3]; /* whose thread a caller holds on to, that it goes on in a stopped process */
bool killed;
bool carried_out[NUMBERS + 1], denied[NUMBERS + 1];

#define GOES_ON(n) (!stopped || held[1] == n || held[2] == n)

/* --- entry.S and agent.c --- */

inline carry_out(n)
{
    if
    :: atomic { GOES_ON(n) && lock_is_mine -> answer = ANSWER_AGAIN }
    :: atomic { GOES_ON(n) && !lock_is_mine ->
#ifdef OLD_FREE_CHILD
            if
            :: unnoticed -> unnoticed = false; valid = 0; running = 0
            :: else
            fi;
#endif
            MUST(request == n && !carried_out[n] && !denied[n]);
            carried_out[n] = true;
            answer = ANSWER_DONE
        }
    fi
}

proctype thread(byte n)
{
    {
        if
        :: sent[n]
        :: callers_left == 0 && !sent[n] -> goto returned
        fi;
        if
        :: atomic { GOES_ON(n) && !words_are_ours -> missed = n; goto returned }
        :: GOES_ON(n) && words_are_ours
        fi;
        if
        :: atomic { GOES_ON(n) && running == 0 -> running = n; on_stack++; assert(on_stack == 1) }
        :: atomic { GOES_ON(n) && running != 0 -> missed = n; goto returned }
        fi;
        if
        :: GOES_ON(n) && valid == n ->
            carry_out(n);
            atomic { GOES_ON(n) -> done = n }
        :: atomic { GOES_ON(n) && valid != n -> missed = n }
        fi;
        atomic { GOES_ON(n) -> on_stack-- };
        atomic { GOES_ON(n) -> running = 0 };
returned:
        skip
    } unless { dead }
}

/* The thread that forked, on its way to and through the atfork handlers. */
proctype child()
{
    {
#ifdef NO_WIPE
        running = 0;
        done = 0;
        valid = 0;
        words_are_ours = true;
#endif
#ifdef OLD_FREE_CHILD
        valid = 0;
        running = 0;
        unnoticed = false;
#endif
        lock_is_mine = false
    } unless { dead }
}

/* --- exchange.c --- */

inline is_told_no(n)
{
    MUST(!carried_out[n]);
    denied[n] = true
}

/* stray.c. A thread that does not come to its end in a second is an excuse for giving up. */
inline see_through(id)
{
#ifdef LEAVE_STRAYS
    skip
#else
    if
    :: atomic { stopped && running != 0 -> held[id] = running };
        if
        :: atomic { running != held[id] -> held[id] = 0 }
        :: atomic { held[id] = 0; excuse = true }
        fi
    :: atomic { !(stopped && running != 0) -> skip }
    fi
#endif
}

inline await_idle(id)
{
    atomic { looks = 0; excuse = !stopped };
    do
    :: seen_running = running;
        if
        :: atomic { seen_running == 0 && (valid == done || valid == 0) -> looks = 0; seen_running = 0; break }
        :: atomic { !(seen_running == 0 && (valid == done || valid == 0)) -> valid = 0 }
        fi;
#ifdef OLD_FREE_CHILD
        if
        :: unnoticed -> running = 0
        :: else
        fi;
#endif
        see_through(id);
        atomic {
            looks++;
            if
            :: looks == LOOKS -> MUST(excuse); goto finished /* WM_TARGET_BUSY: nothing was asked */
            :: looks < LOOKS
            fi
        }
    od
}

inline deliver_and_send(id, n)
{
    atomic { n = next_number; next_number++; valid = n; request = n };
    if
    :: atomic { stopped -> held[id] = n; sent[n] = true }
    :: atomic { !stopped -> sent[n] = true }
    :: atomic { is_told_no(n); goto finished } /* no thread was fit */
    fi
}

/* Leaves seen_running as n or seen_done as n if it has begun. */
inline withdraw(n)
{
    valid = 0;
    seen_running = running;
    seen_done = done
#ifdef WITHDRAW_BLINDLY
    ; atomic { seen_running = 0; seen_done = 0 }
#endif
}

#define HAS_BEGUN (seen_running == n || seen_done == n)
#define HAS_ANSWERED (seen_done == n && (held[id] == 0 || seen_running != n))

inline take(n)
{
    if
    :: answer == ANSWER_DONE -> MUST(carried_out[n]); goto finished
    :: answer == ANSWER_AGAIN -> is_told_no(n); goto again
    fi
}

inline await_begin(id, n)
{
    if
    :: looks <= LOOKS && (missed == n || (stopped && held[id] == 0)) ->
        withdraw(n);
        atomic {
            if
            :: !HAS_BEGUN -> is_told_no(n); goto again
            :: HAS_BEGUN
            fi
        }
    :: looks >= LOOKS ->
        withdraw(n);
        atomic {
            if
            :: !HAS_BEGUN -> is_told_no(n); goto finished /* WM_TARGET_BUSY */
            :: HAS_BEGUN
            fi
        }
    :: looks < LOOKS
    fi
}

inline await_end(id, n)
{
    if
    :: held[id] == 0 -> see_through(id)
    :: held[id] != 0
    fi;
    atomic {
        if
        :: looks >= LOOKS && seen_done == n -> take(n)
        :: looks >= LOOKS && seen_done != n -> goto finished /* WM_TARGET_UNDECIDED */
        :: looks < LOOKS
        fi
    }
}

inline await_answer(id, n)
{
    do
    :: seen_running = running;
        atomic { seen_done = done; looks++ };
        if
        :: atomic { HAS_ANSWERED -> take(n) }
        :: HAS_BEGUN && !HAS_ANSWERED -> await_end(id, n)
        :: !HAS_BEGUN -> await_begin(id, n)
        fi
    od
}

proctype caller(byte id; byte attempts)
{
    byte n, looks, seen_running, seen_done;
    bool excuse;

    {
        atomic { turn == 0 -> turn = id };
        do
        :: await_idle(id);
            deliver_and_send(id, n);
            await_answer(id, n);
again:
            atomic {
                looks = 0; seen_running = 0; seen_done = 0; held[id] = 0;
                attempts--;
                if
                :: attempts == 0 -> break
                :: attempts != 0
                fi
            }
        od;
finished:
        skip
    } unless { dead || (id == 1 && killed) };
    atomic {
        n = 0; looks = 0; seen_running = 0; seen_done = 0; attempts = 0; excuse = false;
        held[id] = 0;
        if
        :: turn == id -> turn = 0
        :: turn != id
        fi;
        callers_left--
    }
}

/* --- what happens to them --- */

proctype killer()
{
    if
    :: killed = true
    :: callers_left == 0
    fi
}

/* SIGSTOP, and SIGCONT when all have had to do without. */
proctype stopper()
{
    if
    :: stopped = true; callers_left == 0 -> stopped = false
    :: callers_left == 0
    fi
}

proctype end_of_the_target()
{
    if
    :: dead = true
    :: callers_left == 0
    fi
}

init
{
    atomic {
        if
        :: lock_is_mine = true; run child() /* fork() */
#ifndef NO_WIPE
        :: true /* _Fork, or no child at all */
#endif
        fi;
#if defined NO_WIPE || defined OLD_FREE_CHILD
        if :: running = PARENTS :: true fi;
        if :: done = PARENTS :: true fi;
        if :: valid = PARENTS :: true fi;
#endif
#ifdef NO_WIPE
        words_are_ours = false;
#endif
#ifdef OLD_FREE_CHILD
        unnoticed = true;
#endif
        run caller(1, 1);
        run caller(2, ATTEMPTS);
        run thread(1);
        run thread(2);
#if ATTEMPTS > 1
        run thread(3);
#endif
        run killer();
#ifndef NEVER_STOPPED
        run stopper();
#endif
#ifndef NEVER_DEAD
        run end_of_the_target()
#endif
    };
    _nr_pr == 1;
    MUST(dead || (on_stack == 0 && running == 0))
}
