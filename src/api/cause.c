/*
 * cause.c: WinmemLastCause: the sentence behind the last failure, with the numbers that status.def leaves
 * open.
 *
 * The numbers are looked up when somebody asks and not when the call fails, which would cost each failure
 * several system calls for a sentence that few read. So they are those of now: "65,530 of 65,530 mappings"
 * may have become fewer. Each of {these words} is known below; a new one in status.def needs a line in
 * value_of.
 *
 * The sentence is the thread's own and good until its next call (winmem.h). Its buffer is initial-exec
 * storage, as the last error is (edge.c), and it is all that this function writes: no memory is needed to say
 * that there is none.
 */
#include <stdio.h>
#include <string.h>
#include <winmem.h>

#include "api/causewords.h"
#include "api/edge.h"
#include "kern/system/system.h"

enum { SENTENCE_BYTES = 320, NUMBER_BYTES = WM_CAUSE_WORD_BYTES };

static __thread char sentence[SENTENCE_BYTES] __attribute__((tls_model("initial-exec")));

static const char *count_or_none(uint64_t value, char *buffer)
{
    return value == UINT64_MAX ? "none" : wm_cause_grouped(value, buffer);
}

/*
 * UINT64_MAX of a limit means that there is none. What is forbidden is asked anew, since a filter cannot be
 * read.
 */
static const char *value_of(const char *open, const char *close, const struct wm_limits *limits, char *buffer)
{
    const char *of_mappings = wm_cause_of_mappings(open, close, buffer);

    if (of_mappings != NULL)
        return of_mappings;
    if (wm_cause_is_word(open, close, "rlimit_as"))
        return wm_cause_mebibytes(limits->address_space, buffer);
    if (wm_cause_is_word(open, close, "rlimit_data"))
        return wm_cause_mebibytes(limits->data, buffer);
    if (wm_cause_is_word(open, close, "rlimit_memlock"))
        return wm_cause_mebibytes(limits->locked, buffer);
    if (wm_cause_is_word(open, close, "rlimit_nofile"))
        return count_or_none(limits->descriptors, buffer);
    if (wm_cause_is_word(open, close, "memory"))
        return wm_cause_mebibytes(limits->memory, buffer);
    if (wm_cause_is_word(open, close, "commit_limit"))
        return wm_cause_mebibytes(limits->commit_limit, buffer);
    if (wm_cause_is_word(open, close, "committed"))
        return wm_cause_mebibytes(limits->committed, buffer);
    if (wm_cause_is_word(open, close, "forbidden"))
        return wm_kern_forbidden(buffer) ? buffer : "it is allowed again";
    if (wm_cause_is_word(open, close, "proc"))
        return wm_kern_unreadable();
    if (wm_cause_is_word(open, close, "tracing"))
        return wm_kern_forbids_tracing() ? "a seccomp filter forbids ptrace, as in some containers"
                                         : "another user's, not dumpable, traced by a debugger, or "
                                           "kernel.yama.ptrace_scope";
    if (wm_cause_is_word(open, close, "overcommit"))
        return wm_cause_grouped((uint64_t)limits->overcommit, buffer);
    return "?";
}

/* Appends at most what fits; returns where the text ends now. */
static char *append(char *at, const char *text, size_t length)
{
    size_t room = (size_t)(sentence + SENTENCE_BYTES - 1 - at);

    if (length > room)
        length = room;
    memcpy(at, text, length);
    at[length] = '\0';
    return at + length;
}

static const char *fill_in(const char *pattern)
{
    struct wm_limits limits;
    char buffer[NUMBER_BYTES], *at = sentence;

    wm_kern_limits(&limits);
    while (*pattern != '\0') {
        size_t plain = strcspn(pattern, "{");
        const char *close = strchr(pattern + plain, '}');

        at = append(at, pattern, plain);
        if (close == NULL)
            break;
        const char *value = value_of(pattern + plain + 1, close, &limits, buffer);
        at = append(at, value, strlen(value));
        pattern = close + 1;
    }
    return sentence;
}

const char *WinmemLastCause(void)
{
    const char *pattern = wm_status_sentence(wm_last.cause);

    return strchr(pattern, '{') == NULL ? pattern : fill_in(pattern);
}
