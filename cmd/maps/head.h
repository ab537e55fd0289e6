/* head.h: what a view says first: which process, when, on what machine. */
#ifndef MAPS_HEAD_H
#define MAPS_HEAD_H

#include "target.h"

bool maps_head_of(const struct maps_target *target, struct maps_head *out, struct maps_why *why);

#endif
