# winmem_exports(<target> <table> [<private>]): the shared library <target> exports the functions in the rows of <table>,
# each with its version (src/api/exports.def tells what a row is), and what <private> lists under the version
# WINMEM_PRIVATE (src/api/private.def). The linker's version script is made when the library is built.

function(winmem_exports target table)
    set(private ${ARGN})
    set(script ${CMAKE_CURRENT_FUNCTION_LIST_FILE})
    set(map ${CMAKE_CURRENT_BINARY_DIR}/${target}.map)
    add_custom_command(OUTPUT ${map}
        COMMAND ${CMAKE_COMMAND} -D table=${table} -D private=${private} -D map=${map} -P ${script}
        DEPENDS ${table} ${private} ${script}
        VERBATIM)
    target_sources(${target} PRIVATE ${map})
    set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${map})
    target_link_options(${target} PRIVATE -Wl,--version-script=${map})
endfunction()

if(NOT CMAKE_SCRIPT_MODE_FILE)
    return()
endif()

# From here on, as a script: -D table=<file to read> -D private=<file to read, or empty> -D map=<file to write>.
cmake_minimum_required(VERSION 3.18)

file(STRINGS ${table} rows REGEX "^ *WM_EXPORT")
foreach(row IN LISTS rows)
    # node, header, dll, type, name
    if(NOT row MATCHES "^WM_EXPORT(_WIDE)?\\(([A-Z0-9_.]+), [a-z0-9_/]+\\.h, [a-z0-9]+, [^,()]+, ([A-Za-z0-9_]+),")
        message(FATAL_ERROR "${table}: not a row: ${row}")
    endif()
    set(wide ${CMAKE_MATCH_1})
    set(node ${CMAKE_MATCH_2})
    set(name ${CMAKE_MATCH_3})
    if(name IN_LIST names)
        message(FATAL_ERROR "${table}: two rows for ${name}")
    endif()
    list(APPEND names ${name})
    list(APPEND nodes ${node})
    string(APPEND functions_of_${node} "    ${name};\n")
    if(wide)
        string(APPEND functions_of_${node} "    ${name}_utf16;\n")
    endif()
endforeach()
if(NOT rows)
    message(FATAL_ERROR "${table}: no rows")
endif()
if(private)
    file(STRINGS ${private} rows REGEX "^ *WM_FOR_WIN32")
    foreach(row IN LISTS rows)
        if(NOT row MATCHES "^WM_FOR_WIN32\\([a-z0-9_/]+\\.h, ([a-z0-9_]+)\\)")
            message(FATAL_ERROR "${private}: not a row: ${row}")
        endif()
        list(APPEND nodes WINMEM_PRIVATE)
        string(APPEND functions_of_WINMEM_PRIVATE "    ${CMAKE_MATCH_1};\n")
    endforeach()
endif()
list(REMOVE_DUPLICATES nodes)

# Everything else is hidden by the compiler, but for what assembly files define and the linker names. Not all is local:
# functions that stand in for those of libc are exported without a version, which the dynamic linker takes for any
# (docs/design/exceptions.md).
set(local "local:\n    wm_*;\n    *_wm_tries;\n")
set(text "")
set(before "")
foreach(node IN LISTS nodes)
    string(APPEND text "${node} {\nglobal:\n${functions_of_${node}}${local}}${before};\n")
    set(local "")
    set(before " ${node}")
endforeach()
file(WRITE ${map} "${text}")
