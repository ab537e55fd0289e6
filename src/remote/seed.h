/*
 * seed.h: the agent that is planted: a shared object that wants nothing of others, relocated by us.
 *
 * It has an executable part, which is never written, and a writable one behind it.
 */
#ifndef WM_REMOTE_SEED_H
#define WM_REMOTE_SEED_H

#include "base/range.h"

struct wm_seed {
    size_t code_bytes; /* from the base on, whole pages */
    size_t data_bytes; /* behind the code */
    size_t file_bytes; /* of both; the rest is zero */
    uintptr_t estate;  /* struct wm_estate, from the base on: where the rest is */
};

/* False: the object is none of the kind that we can plant. */
bool wm_seed_describe(struct wm_seed *out);

/* Lays the image out as it is to stand at base: code_bytes + data_bytes, zeroed by the caller. */
void wm_seed_lay_out(unsigned char *image, uintptr_t base);

#endif
