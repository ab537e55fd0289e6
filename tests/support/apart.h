/*
 * apart.h: tests in a process of their own each, which begins with a library that nobody has used.
 */
#ifndef APART_H
#define APART_H

#include "support/unborn.h"
#include "support/unit.h"

#include <sys/wait.h>
#include <unistd.h>

enum { SKIPPED = 77 };

static inline bool passes_apart(const struct CMUnitTest *test)
{
    const struct CMUnitTest one[] = {*test};
    int status = 0, failed;
    pid_t child;

    fflush(NULL);
    child = fork();
    if (child == 0) {
        alarm(120);
        failed = cmocka_run_group_tests_name(test->name, one, NULL, NULL);
        fflush(NULL);
        _exit(failed != 0);
    }
    waitpid(child, &status, 0);
    if (WIFSIGNALED(status))
        print_error("[  KILLED  ] %s: signal %d\n", test->name, WTERMSIG(status));
    return child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static inline int run_apart(const struct CMUnitTest *tests, size_t count)
{
    size_t failed = 0;

    for (size_t i = 0; i < count; i++)
        if (!passes_apart(&tests[i])) {
            print_error("[  FAILED  ] %s\n", tests[i].name);
            failed++;
        }
    return failed != 0;
}

#define RUN_APART(tests) run_apart(tests, sizeof(tests) / sizeof((tests)[0]))

#endif
