/* seed_file.S: the planted agent (src/planted), as it was linked. */
    .section .rodata
    .balign 16
    .globl wm_seed_file
    .globl wm_seed_file_end
    .hidden wm_seed_file
    .hidden wm_seed_file_end
wm_seed_file:
    .incbin PLANTED_FILE
wm_seed_file_end:

    .section .note.GNU-stack, "", @progbits
