# cpack: what is installed, in one tarball that unpacks anywhere. With SOURCE_DATE_EPOCH in the environment it is the same
# bytes each time, of a Release build.

set(CPACK_GENERATOR TGZ)
set(CPACK_PACKAGE_NAME winmem)
set(CPACK_PACKAGE_VENDOR "The winmem authors")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGE_FILE_NAME winmem-${PROJECT_VERSION}-linux-${processor})
set(CPACK_PACKAGE_CHECKSUM SHA256)
set(CPACK_STRIP_FILES ON)
include(CPack)
