/* birth.h: a process begins to have a book (wm_home_ready of vm/book/home.h), or a child to have its own. */
#ifndef WM_VM_BIRTH_H
#define WM_VM_BIRTH_H

/* In the child of fork(), once what was held for it has been given back. */
void wm_birth_of_child(void);

#endif
