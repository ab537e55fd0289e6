/* order.h: what tests/api/remoteorder.c and its targets (order_target.c) say to each other, through two pipes. */
#ifndef ORDER_H
#define ORDER_H

#include <windows.h>

enum order {
    ORDER_QUERY,
    ORDER_ALLOC, /* one granule, anywhere */
    ORDER_FREE,  /* the whole allocation */
    ORDER_UNMAP,
    ORDER_LOAD, /* the library, if this is a program that was not linked with it */
    ORDER_FORK, /* the child goes on obeying, in place of its parent */
    ORDER_EXEC  /* the same program again, which says that it is ready */
};

struct order_question {
    enum order order;
    void *at;
};

struct order_answer {
    uintptr_t value;
    DWORD error;
    MEMORY_BASIC_INFORMATION mbi;
};

#endif
