/* ground.h: arenas by bare system calls. Without the advice nobody gets large pages where the system has "madvise". */

static inline void wish_large(char *p, size_t bytes)
{
    madvise(p, bytes, MADV_HUGEPAGE);
}

static inline char *make_arena(void)
{
    return allocate(ARENA_BYTES);
}

static inline bool drop_arena(char *p)
{
    return release(p, ARENA_BYTES);
}

static inline bool open_page(char *p)
{
    return p != NULL;
}

static inline bool shut_page(char *p)
{
    return madvise(p, ARENA_PAGE, MADV_DONTNEED) == 0;
}
