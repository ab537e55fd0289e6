#include <windows.h>
#include <stdio.h>

int main(void)
{
    char text[200];

    if (!FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL,
                        ERROR_COMMITMENT_LIMIT, 0, text, sizeof text, NULL))
        return 1;
    fprintf(stderr, "%s", text);
    puts("in English");
    return 0;
}
/* prints: in English */
