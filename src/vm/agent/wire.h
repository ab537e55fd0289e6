/*
 * wire.h: what two processes that share memory by system calls alone have agreed on.
 *
 * A process that uses the library maps one page of a memfd of this name, to be read only, and closes it. The page
 * stays as long as the process image: no descriptor, there in children as well, gone after exec. It says where
 * everything else is. In a process that does not use the library a caller leaves the same page, with an
 * agent behind it (remote/plant.c).
 *
 * Whoever reads another process's page believes none of it before it has been checked.
 */
#ifndef WM_VM_WIRE_H
#define WM_VM_WIRE_H

#include "vm/book/home.h"
#include "vm/operations.h"
#include "wireversion.h" /* made by the build */

#define WM_ANCHOR_FILE "winmem"
#define WM_ANCHOR_NAME "/memfd:winmem (deleted)" /* what /proc/PID/maps calls it */
#define WM_ANCHOR_MAGIC 0x3172686e6d6e6977u      /* "winmnhr1" */

struct wm_request {
    uint16_t call;    /* of enum wm_call */
    uint16_t stopped; /* 1: but for the thread that runs it, the process stands still */
    uint32_t status;
    union wm_request_body body;
};

/*
 * The one request that a process works on. Whoever asks holds a lock on the process's /proc/PID/mem, so there is
 * one at a time; numbers are never used twice, and never 0.
 *
 *   a thread that was sent with a number runs the request only if that number is `valid` then
 *   whoever has set `running` is on the agent's stack, and nobody else sets or clears it
 *   the request is not changed while `running` is set
 *
 * So a caller who gives up sets valid to 0 and looks at running, then at done: if neither is his number, the request
 * will never be run. tests/model/handshake.pml is the proof.
 *
 * The kernel wipes these words in the child of a fork, before its first instruction: nobody is at work there, and
 * nothing was asked. So nobody has to clear them, which could not be done while a thread may already be on its way.
 */
struct wm_words {
    uint64_t running; /* read first, then done: a number that has gone from here is found there */
    uint64_t done;
    uint64_t missed; /* a thread came with this number and could not begin: it never will */
    uint64_t valid;  /* is written together with the request, and read together with the answer */
    struct wm_request request;
};

struct wm_agent {
    uint64_t top;       /* of the stack to run on */
    uint64_t registers; /* where the processor's other registers are kept meanwhile */
    uint64_t extended;  /* 1: it has XSAVE, and there are more than FXSAVE keeps */
    uint64_t process; /* 0: forks wipe the words. Else whose they are: in the child of a fork nobody begins */
    uint8_t apart[WM_PAGE - 4 * sizeof(uint64_t)];
    struct wm_words words; /* alone in their pages */
    uint8_t behind[WM_PAGE - sizeof(struct wm_words) % WM_PAGE];
};

enum { WM_AGENT_STACK = 0x40000 }; /* bytes, below top */

/*
 * Two sides that differ in what can be reached from the page do not talk: WM_WIRE_VERSION is made of the text of all headers and
 * tables of base, core, kern and vm (cmake/wireversion.cmake). So nobody has to think of it, and a comment may change it,
 * too. Where the meaning of something changes and none of these files does, this word is changed: third.
 */

struct wm_anchor {
    uint64_t magic;
    uint32_t version;
    uint32_t planted; /* by a caller: the process itself does not use the library */
    uint64_t cookie;  /* of this process image */
    uint64_t space;   /* addresses, in its own memory: struct wm_space */
    uint64_t agent;   /* struct wm_agent */
    uint64_t entry;   /* code: entry.S */
};

#endif
