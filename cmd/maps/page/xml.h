/* xml.h: other people's names in a document of XML. */
#ifndef MAPS_XML_H
#define MAPS_XML_H

#include <stddef.h>
#include <stdio.h>

/*
 * At most `most` characters, and an ellipsis if there are more. What XML does not allow, what is no UTF-8, and what would
 * move the text around it are shown as U+FFFD.
 */
void maps_xml_text(const char *text, size_t most, FILE *out);

#endif
