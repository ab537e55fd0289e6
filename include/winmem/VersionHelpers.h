/* VersionHelpers.h: versionhelpers.h as some programs spell it. */
#include "versionhelpers.h"
