/* check_moment.h: somebody who is loaded before a test program may choose when, and on which thread, a test runs. */
#ifndef CHECK_MOMENT_H
#define CHECK_MOMENT_H

enum { CHECK_MOMENT_SKIPPED = 77 };

/* failures: how many the test has told of until now */
void check_moment(void (*run)(void), int (*failures)(void)) __attribute__((weak, visibility("default")));

#endif
