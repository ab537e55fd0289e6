/*
 * mappedfile.h: backings that are files of the program.
 *
 * A section of a file has a descriptor of its own, opened again for just what the section may do; so whatever becomes of
 * the handle, or of its position, touches nothing. Where the file cannot be opened once more (its mode has changed, there
 * is no /proc) the descriptor is a duplicate, which serves as well, but says nothing to others (vm/files/sharing.h): what it
 * locked would stay locked as long as the program's own.
 *
 *   the size is exact to the byte, at most the file's, and stays, whatever becomes of the file
 *   a section through which the file may be written, and no other, makes it larger, when the section is made or extended
 *   nothing here makes a file smaller, but for taking back what did not fit on the disk
 */
#ifndef WM_VM_MAPPEDFILE_H
#define WM_VM_MAPPEDFILE_H

#include "vm/sections/backing.h"

/*
 * Of a handle that has the rights for a section of this protection. bytes 0: as large as the file.
 * WM_FILE_NO_SECTION: a directory, a pipe, a device.
 */
wm_status wm_mappedfile_make(uintptr_t handle, uint16_t protect, uint64_t bytes, struct wm_backing *out);

/* Would that work, as far as can be told before the file is touched? */
wm_status wm_mappedfile_check(uintptr_t handle, uint16_t protect, uint64_t bytes);

/* Makes it so large, and the file, if that is smaller and may be written. One that is as large already stays so. */
wm_status wm_mappedfile_extend(struct wm_backing *backing, uint16_t protect, uint64_t bytes);

/* Can a view of a section with this protection write to the file? */
bool wm_mappedfile_writes(uint16_t protect);

/* Others are told that there is a section of the file: by a description that is the section's alone. */
void wm_mappedfile_tell(const struct wm_backing *backing, uint16_t protect);

#endif
