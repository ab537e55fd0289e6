/*
 * arrive.S: our handler, as the kernel calls it.
 *
 *   edi    the signal
 *   rsi    siginfo, rdx ucontext: in the kernel's frame (frame.h), which begins at rsp with where to return to
 *
 * The kernel calls it on the alternate stack, since it cannot know whether the thread's own is usable. If it is, the
 * frame moves there, to where the kernel would have put it, and the thread with it. From then on this is a
 * handler like any without SA_ONSTACK: sigreturn takes its frame from wherever it is, debuggers and unwinders find what
 * they know, and the alternate stack is free for the next fault. So exceptions nest as deep as the stack of the thread.
 *
 * Until then there may be not one byte of stack: an alternate stack need not be larger than the kernel's frame. All
 * general registers are saved in the frame, and the flags. If the copy meets a page that cannot be written, the
 * thread goes on where a table says (tryread.h), as if the copy had not been tried.
 *
 * Whoever else calls this (a handler that was put over ours) must find his registers again: they are used only
 * where the frame is the kernel's.
 */
#include <asm/unistd.h>

#include "kern/signals/frame.h"

#define ALIGNMENT_CHECK 0x40000
#define RED_ZONE 128
#define SIGTRAP 5

/*
 * Moves the frame at rsp below `limit`; what is aligned stays so. It must begin in the r9 bytes from r8 on. Clobbers rax,
 * rbx, rcx, r11 and r15; r12 is how far it moved, r14 where it is. If it cannot be moved: to `failed`, with the stack, edi,
 * rsi and rdx as they were.
 */
    .macro MOVE_FRAME limit, failed
    mov $WM_FRAME_BYTES, %r15d
    mov WM_FRAME_CONTEXT + WM_CONTEXT_FLOATING(%rsp), %r11
    test %r11, %r11
    jz .Lsized\@
    mov $WM_FLOATING_BASIC, %r15d
    cmpl $WM_FLOATING_MAGIC, WM_FLOATING_MAGIC_AT(%r11)
    jne .Lbasic\@
    mov WM_FLOATING_BYTES_AT(%r11), %r15d
.Lbasic\@:
    add %r11, %r15
    sub %rsp, %r15                  /* from the frame to the end of the registers */
.Lsized\@:
    cmp $WM_FLOATING_MOST, %r15
    jae \failed
    mov \limit, %r12
    sub %r15, %r12
    sub %rsp, %r12
    and $-64, %r12
    lea (%rsp, %r12), %r14
    mov %r14, %rax
    sub %r8, %rax
    cmp %r9, %rax
    jae \failed
    mov %edi, %ebx
    mov %r14, %rdi
    mov %rsp, %rsi
    mov %r15, %rcx
.Lcopy\@:
    rep movsb
    jmp .Lcopied\@
.Lnot_copied\@:
    mov %ebx, %edi
    lea WM_FRAME_INFO(%rsp), %rsi
    jmp \failed
    .pushsection wm_tries, "a", @progbits
    .balign 4
.Ltry\@:
    .long .Lcopy\@ - .
    .long .Lnot_copied\@ - .
    .popsection
    .reloc ., R_X86_64_NONE, .Ltry\@
.Lcopied\@:
    mov %ebx, %edi
    mov %r14, %rsp
    lea WM_FRAME_INFO(%rsp), %rsi
    lea WM_FRAME_CONTEXT(%rsp), %rdx
    test %r11, %r11
    jz .Lmoved\@
    add %r12, WM_CONTEXT_FLOATING(%rdx)
.Lmoved\@:
    .endm

/* The kernel leaves that flag as it was, and C would fault. */
    .macro CHECK_NO_ALIGNMENT
    testl $ALIGNMENT_CHECK, WM_CONTEXT_EFLAGS(%rdx)
    jz .Lunchecked\@
    pushfq
    .cfi_adjust_cfa_offset 8
    andl $~ALIGNMENT_CHECK, (%rsp)
    popfq
    .cfi_adjust_cfa_offset -8
.Lunchecked\@:
    .endm

/* jb behind it: the address is on the stack that begins at r8 and has r9 bytes, as the kernel sees it; jae: it is not. */
    .macro IS_ON_STACK address
    mov \address, %rax
    sub %r8, %rax
    dec %rax
    cmp %r9, %rax
    .endm

    .text
/*
 * Where our handler returns to. Unwinders and debuggers know a signal frame by exactly these bytes, or by the
 * description that libc's own has; the nop keeps the byte before from being another function's. gdb looks at the bytes
 * only where the name has "sigaction" in it, as it is in a libc without symbols.
 */
    .p2align 4
    nop
    .globl wm_kern_sigaction_return
    .hidden wm_kern_sigaction_return
    .type wm_kern_sigaction_return, @function
wm_kern_sigaction_return:
    movq $__NR_rt_sigreturn, %rax
    syscall
    .size wm_kern_sigaction_return, . - wm_kern_sigaction_return

    .globl wm_kern_arrive
    .hidden wm_kern_arrive
    .type wm_kern_arrive, @function
    .p2align 4
wm_kern_arrive:
    .cfi_startproc
    endbr64
    xor %ecx, %ecx                  /* WM_CALLED_BY_OTHERS */
    lea wm_kern_sigaction_return(%rip), %rax
    cmp %rax, (%rsp)
    jne .Lcall
    mov $WM_CALLED_IN_PLACE, %ecx
    lea WM_FRAME_CONTEXT(%rsp), %rax
    cmp %rax, %rdx
    jne .Lcall
    lea WM_FRAME_INFO(%rsp), %rax
    cmp %rax, %rsi
    jne .Lcall

    mov WM_CONTEXT_STACK(%rdx), %r8
    mov WM_CONTEXT_STACK_BYTES(%rdx), %r9
    IS_ON_STACK %rsp
    jae .Lin_place                  /* the thread has none */
    IS_ON_STACK WM_CONTEXT_RSP(%rdx)
    jb .Ltight                      /* it was on it already */

.Ldecide:
    mov wm_own_stack_from@gottpoff(%rip), %rax
    mov wm_own_stack_bytes@gottpoff(%rip), %rcx
    mov %fs:(%rax), %r8
    mov %fs:(%rcx), %r9
    test %r9, %r9
    jz .Llearn
    mov WM_CONTEXT_RSP(%rdx), %rax
    sub %r8, %rax
    cmp %r9, %rax
    jae .Lnot_there
    mov WM_CONTEXT_RSP(%rdx), %rax
    sub $RED_ZONE, %rax
    MOVE_FRAME %rax, .Lnot_there
    mov $WM_CALLED_MOVED, %ecx
    jmp .Lin_place

.Llearn:                            /* the alternate stack is empty but for the frame */
    mov %rsp, %rax
    sub WM_CONTEXT_STACK(%rdx), %rax
    cmp $WM_ARRIVE_LEARN, %rax
    jb .Lnot_there
    CHECK_NO_ALIGNMENT
    mov %edi, %ebx
    mov WM_CONTEXT_RSP(%rdx), %rdi
    sub $8, %rsp
    .cfi_adjust_cfa_offset 8
    call wm_own_stack_learn
    add $8, %rsp
    .cfi_adjust_cfa_offset -8
    mov %ebx, %edi
    lea WM_FRAME_INFO(%rsp), %rsi
    lea WM_FRAME_CONTEXT(%rsp), %rdx
    test %eax, %eax
    jnz .Ldecide

.Lnot_there:
    mov WM_CONTEXT_STACK(%rdx), %r8
.Ltight:
    mov $WM_CALLED_IN_PLACE, %ecx
    mov %rsp, %rax
    sub %r8, %rax
    cmp $WM_ARRIVE_LEAST, %rax
    jb .Lend

.Lin_place:
    CHECK_NO_ALIGNMENT
.Lcall:
    sub $8, %rsp
    .cfi_adjust_cfa_offset 8
    call wm_signal_handle
    add $8, %rsp
    .cfi_adjust_cfa_offset -8
    test %rax, %rax
    jnz .Lback
    ret

/* We have moved, and the program's own handler wants to be called on the alternate stack. */
.Lback:
    mov %rax, %rbp
    mov %edx, %edi
    mov WM_FRAME_CONTEXT + WM_CONTEXT_STACK(%rsp), %r8
    mov WM_FRAME_CONTEXT + WM_CONTEXT_STACK_BYTES(%rsp), %r9
    lea (%r8, %r9), %rax
    MOVE_FRAME %rax, .Lbelow
.Lbelow:
    lea WM_FRAME_INFO(%rsp), %rsi
    lea WM_FRAME_CONTEXT(%rsp), %rdx
    jmp *%rbp

/* Too little is left for anything: the default action, and the fault once more. */
.Lend:
    mov %edi, %ebx
    lea .Lby_default(%rip), %rsi
    xor %edx, %edx
    mov $8, %r10d
    mov $__NR_rt_sigaction, %eax
    syscall
    cmp $SIGTRAP, %ebx              /* what is over does not happen again */
    jne .Lended
    mov $__NR_getpid, %eax
    syscall
    mov %eax, %r12d
    mov $__NR_gettid, %eax
    syscall
    mov %r12d, %edi
    mov %eax, %esi
    mov %ebx, %edx
    mov $__NR_tgkill, %eax
    syscall
.Lended:
    ret
    .cfi_endproc
    .size wm_kern_arrive, . - wm_kern_arrive

    .section .rodata
    .balign 8
.Lby_default:
    .zero 32

    .section .note.GNU-stack, "", @progbits
