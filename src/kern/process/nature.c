/*
 * nature.c: can a thread of that process be sent elsewhere, and find back?
 *
 * Asked before anything is tried, because the answer would be the end of the process.
 */
#include <fcntl.h>
#include <string.h>

#include "kern/process/peer.h"
#include "kern/text.h"

/*
 * A shadow stack remembers where the thread came from, and `ret` to anywhere else ends the process; so does any call but
 * four under strict seccomp.
 */
static bool forbids(const char *line)
{
    static const char features[] = "x86_Thread_features:", strict[] = "Seccomp:\t1";

    return (strncmp(line, features, sizeof features - 1) == 0 && strstr(line, "shstk") != NULL) ||
           strncmp(line, strict, sizeof strict - 1) == 0;
}

int wm_peer_can_lend(const struct wm_peer *peer)
{
    int fd = wm_peer_file(peer, "status", O_RDONLY);
    struct wm_text text;
    const char *line;
    bool forbidden = false;

    if (fd < 0)
        return fd;
    wm_text_open(&text, fd);
    while (!forbidden && (line = wm_text_line(&text)) != NULL)
        forbidden = forbids(line);
    wm_kern_close(fd);
    return !forbidden;
}
