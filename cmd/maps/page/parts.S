/* parts.S: the two parts of the page, as assemble.cmake has made them, for page.c. */

    .section .rodata

    .global maps_page_front, maps_page_front_end, maps_page_back, maps_page_back_end
    .hidden maps_page_front, maps_page_front_end, maps_page_back, maps_page_back_end
maps_page_front:
    .incbin "page-front.html"
maps_page_front_end:
maps_page_back:
    .incbin "page-back.html"
maps_page_back_end:

    .section .note.GNU-stack, "", %progbits
