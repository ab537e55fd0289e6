# Sourced: Debian in a directory, and what it takes to live there. As root.

minutes_to_make=20

# make_root <directory> <release>: by debootstrap from the mirror that this machine's apt uses; whole or not at all. What it
# said is in <directory>.log.
make_root()
{
    [ ! -d "$1" ] || return 0
    mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | head -1)
    [ -n "$mirror" ] || die "apt has no mirror"
    rm -rf "$1.new"
    timeout "${minutes_to_make}m" unshare --mount --propagation private \
        debootstrap --variant=minbase "$2" "$1.new" "$mirror" >"$1.log" 2>&1 ||
        { tail -3 "$1.log"; return 1; }
    mv "$1.new" "$1"
}

# furnish <directory>: what a system expects to be mounted. In a namespace of one's own, so that all of it goes with the
# last process there.
furnish()
{
    mount -t proc proc "$1/proc"
    mount --rbind /sys "$1/sys"
    mount -t tmpfs tmpfs "$1/dev"
    mkdir "$1/dev/shm" "$1/dev/pts"
    mount -t tmpfs tmpfs "$1/dev/shm"
    mount -t devpts -o newinstance,ptmxmode=0666 devpts "$1/dev/pts"
    for node in null zero full random urandom tty; do
        touch "$1/dev/$node"
        mount --bind "/dev/$node" "$1/dev/$node"
    done
    ln -s pts/ptmx "$1/dev/ptmx"
    ln -s /proc/self/fd "$1/dev/fd"
}
