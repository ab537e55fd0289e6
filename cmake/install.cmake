# What an installed winmem consists of. Everything finds its neighbours relative to itself, so the
# prefix may be moved after installation.

include(CMakePackageConfigHelpers)

install(TARGETS winmem winmem-static winmem-start
    winmem-win32 winmem-win32-static winmem-win32-library winmem-win32-library-static EXPORT winmemTargets)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/winmem
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
    FILES_MATCHING PATTERN "*.h")

# pkg-config: from the .pc file's folder up to the prefix.
set(pkgconfig_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH WINMEM_PC_PREFIX /prefix/${pkgconfig_dir} /prefix)
list(JOIN WINMEM_WIN32_FLAGS " " WINMEM_PC_WIN32_FLAGS)
foreach(name winmem winmem-win32)
    configure_file(cmake/${name}.pc.in ${name}.pc @ONLY)
    install(FILES ${PROJECT_BINARY_DIR}/${name}.pc DESTINATION ${pkgconfig_dir})
endforeach()

# CMake: find_package(winmem) gives winmem::winmem and winmem::win32, each also with -static behind its name, and
# winmem::win32-library (-static), which is winmem::win32 without the flags for the Windows side.
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/winmem)
configure_package_config_file(cmake/winmemConfig.cmake.in ${PROJECT_BINARY_DIR}/winmemConfig.cmake
    INSTALL_DESTINATION ${package_dir}
    NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
# A program for 1.2 is content with 1.3 (docs/versioning.md).
write_basic_package_version_file(${PROJECT_BINARY_DIR}/winmemConfigVersion.cmake
    COMPATIBILITY SameMajorVersion)
install(FILES ${PROJECT_BINARY_DIR}/winmemConfig.cmake ${PROJECT_BINARY_DIR}/winmemConfigVersion.cmake
    DESTINATION ${package_dir})
install(EXPORT winmemTargets NAMESPACE winmem:: DESTINATION ${package_dir})
