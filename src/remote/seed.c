/*
 * seed.c: the planted agent's file, laid out in memory as the dynamic linker would (seed.h).
 *
 * The file is our own (src/planted) and as we have it linked: so it is read without doubts, and what follows
 * is what its link options promise. All relocations are relative ones, because it has no imports (-z defs,
 * -Bsymbolic) and hides all its names but one; the part that is written comes last, in whole pages
 * (max-page-size); nothing has to be protected after it was relocated (-z norelro). A file in which the one
 * name is not found is not planted.
 */
#include "remote/seed.h"

#include <elf.h>
#include <stddef.h>
#include <string.h>

extern const unsigned char wm_seed_file[], wm_seed_file_end[];

static const Elf64_Ehdr *header(void)
{
    return (const Elf64_Ehdr *)wm_seed_file;
}

static const Elf64_Phdr *segments(void)
{
    return (const Elf64_Phdr *)(wm_seed_file + header()->e_phoff);
}

/* Of the segments that are loaded: where the first that is written begins, the last has its last byte, and ends. */
static void measure(uintptr_t *written, uintptr_t *filled, uintptr_t *end)
{
    *written = *filled = *end = 0;
    for (int i = 0; i < header()->e_phnum; i++) {
        const Elf64_Phdr *s = segments() + i;

        if (s->p_type != PT_LOAD)
            continue;
        *filled = s->p_vaddr + s->p_filesz;
        *end = wm_up(s->p_vaddr + s->p_memsz, WM_PAGE);
        if ((s->p_flags & PF_W) && *written == 0)
            *written = wm_down(s->p_vaddr, WM_PAGE);
    }
}

/* By its tag; the linker has put none of them at 0. */
static uint64_t dynamic(int64_t tag)
{
    for (int i = 0; i < header()->e_phnum; i++) {
        const Elf64_Phdr *s = segments() + i;

        if (s->p_type != PT_DYNAMIC)
            continue;
        for (const Elf64_Dyn *d = (const Elf64_Dyn *)(wm_seed_file + s->p_offset); d->d_tag != DT_NULL; d++)
            if (d->d_tag == tag)
                return d->d_un.d_val;
    }
    return 0;
}

/* Where the file has what is loaded at an address. */
static const unsigned char *loaded_from(uintptr_t addr)
{
    for (int i = 0; i < header()->e_phnum; i++) {
        const Elf64_Phdr *s = segments() + i;

        if (s->p_type == PT_LOAD && addr - s->p_vaddr < s->p_filesz)
            return wm_seed_file + s->p_offset + (addr - s->p_vaddr);
    }
    return NULL;
}

/* The first symbol is none; the only one that is exported is what the agent leaves. */
static uintptr_t exported(void)
{
    const Elf64_Sym *symbols = (const Elf64_Sym *)loaded_from(dynamic(DT_SYMTAB));
    const char *names = (const char *)loaded_from(dynamic(DT_STRTAB));

    for (int i = 1; symbols != NULL && names != NULL && (const char *)(symbols + i) < names; i++)
        if (strcmp(names + symbols[i].st_name, "wm_planted_estate") == 0)
            return symbols[i].st_value;
    return 0;
}

bool wm_seed_describe(struct wm_seed *out)
{
    uintptr_t written, filled, end;

    measure(&written, &filled, &end);
    *out = (struct wm_seed){written, end - written, filled, exported()};
    return written != 0 && out->estate != 0;
}

static void relocate(unsigned char *image, uintptr_t base)
{
    const Elf64_Rela *r = (const Elf64_Rela *)loaded_from(dynamic(DT_RELA));
    size_t count = dynamic(DT_RELASZ) / sizeof *r;

    for (size_t i = 0; r != NULL && i < count; i++) {
        uint64_t value = base + (uint64_t)r[i].r_addend;

        memcpy(image + r[i].r_offset, &value, sizeof value);
    }
}

void wm_seed_lay_out(unsigned char *image, uintptr_t base)
{
    for (int i = 0; i < header()->e_phnum; i++) {
        const Elf64_Phdr *s = segments() + i;

        if (s->p_type == PT_LOAD)
            memcpy(image + s->p_vaddr, wm_seed_file + s->p_offset, s->p_filesz);
    }
    relocate(image, base);
}
