/*
 * starvation.h: does each of a few threads that all want one lock get it, again and again, and soon?
 *
 *   static void hog(int number)
 *   {
 *       while (!ATOMIC_GET(stop)) {
 *           double start = check_seconds();
 *
 *           (take the lock)
 *           note_turn(number, start);
 *           (give it back)
 *       }
 *   }
 */
#ifndef STARVATION_H
#define STARVATION_H

#include "locks.h"

static int stop, turns[A_FEW];
static double longest[A_FEW];

/* With the lock, which is kept for a while. */
static inline void note_turn(int number, double start)
{
    double end = check_seconds();

    if (end - start > longest[number])
        longest[number] = end - start;
    turns[number]++;
    while (check_seconds() < end + 0.0001)
        ;
}

static inline void stop_after_a_while(void *arg)
{
    (void)arg;
    check_sleep(400);
    ATOMIC_SET(stop, 1);
}

static inline BOOL all_have_their_turns(void (*hog)(int number))
{
    struct check_thread clock;
    BOOL fair = TRUE;

    ATOMIC_SET(stop, 0);
    memset(turns, 0, sizeof turns);
    memset(longest, 0, sizeof longest);
    thread_start(&clock, stop_after_a_while, NULL);
    work_with(A_FEW, hog);
    thread_join(&clock);
    for (int i = 0; i < A_FEW; i++)
        fair = fair && turns[i] > 10 && longest[i] < 0.2 * (SANITIZED ? 5 : 1);
    return fair;
}

/* On a busy machine a thread may get no processor for so long: whoever starves does so each time. */
static inline void expect_nobody_starves(void (*hog)(int number))
{
    EXPECT(all_have_their_turns(hog) || all_have_their_turns(hog) || all_have_their_turns(hog));
}

#endif
