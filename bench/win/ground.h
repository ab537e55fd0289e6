/* ground.h: arenas through the Win32 API. */

static inline void wish_large(char *p, size_t bytes)
{
    (void)p;
    (void)bytes;
}

static inline char *make_arena(void)
{
    return reserve(ARENA_BYTES);
}

static inline bool drop_arena(char *p)
{
    return release(p, ARENA_BYTES);
}

static inline bool open_page(char *p)
{
    return commit(p, ARENA_PAGE);
}

static inline bool shut_page(char *p)
{
    return decommit(p, ARENA_PAGE);
}
