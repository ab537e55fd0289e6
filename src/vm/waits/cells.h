/*
 * cells.h: where the cells of events, mutexes and semaphores without a name lie (cell.h): in memory descriptors that are
 * mapped shared, so that the child of a fork has the same cells, and other processes can map them.
 */
#ifndef WM_VM_CELLS_H
#define WM_VM_CELLS_H

#include "kern/files/files.h"
#include "vm/waits/cell.h"

struct wm_cell_place {
    struct wm_cell *cell;
    struct wm_file_id id; /* of the file that it lies in, which fd stands for */
    int fd;
    uint32_t offset; /* in that file, in bytes */
    uint32_t number; /* cells.c */
    uint32_t forks;
    uint32_t use; /* of the cell, as its word has it */
};

wm_status wm_cells_take(struct wm_cell_place *out);

/* Nobody here refers to it any more. It is used again, unless another process may have it. */
void wm_cells_give(const struct wm_cell_place *place);

#endif
