#include "heap/inside.h"

__thread bool wm_inside __attribute__((tls_model("initial-exec")));
