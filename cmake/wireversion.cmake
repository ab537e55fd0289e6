# Called by the build: writes OUT, a header with a number that stands for the text of the files which LIST names.

file(STRINGS ${LIST} files)
foreach(file IN LISTS files)
    file(SHA256 ${file} hash)
    string(APPEND text "${file} ${hash}\n")
endforeach()
string(SHA256 hash "${text}")
string(SUBSTRING ${hash} 0 8 version)
file(WRITE ${OUT} "#define WM_WIRE_VERSION 0x${version}u\n")
