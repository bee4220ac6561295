# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
#
# Programs of another Debian, for a script that sources this file behind common.bash: their packages are unpacked into a folder
# without being installed, and run there with chroot. Nothing is changed by sourcing alone.
# shellcheck shell=bash
# shellcheck disable=SC2154 # common.bash sets root

mirror_of_apt() {
    local found
    # shellcheck disable=SC2016 # apt fills it in
    found=$(apt-get indextargets --format '$(REPO_URI)' 'Identifier: Packages' | grep -m 1 '/debian/*$' || true)
    [[ -n $found ]] || die "apt has no mirror of Debian" "The packages are taken from there."
    printf '%s\n' "$found"
}

# unpack_debian SUITE INTO PACKAGE...: unpacks packages and what they depend on, and does not run what they run when they are
# installed. Comes from the mirror that apt has for this machine's own. INTO becomes what it should be at once, or not at all.
unpack_debian() {
    local suite=$1 into=$2 new=$2.new apt=$2.apt mirror options package link
    shift 2
    mirror=$(mirror_of_apt)
    say "Unpacking packages of Debian $suite from $mirror into $into: $*"
    rm -rf "$new" "$apt"
    mkdir -p "$new" "$apt"/{lists/partial,cache/archives/partial,etc/apt.conf.d,etc/preferences.d,etc/sources.list.d}
    printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' "$mirror" "$suite" \
        >"$apt/etc/sources.list"
    # An apt of its own, which knows of no installed package.
    : >"$apt/status"
    options=(-o Dir::Etc="$apt/etc" -o Dir::Etc::parts=/etc/apt/apt.conf.d -o Dir::State::lists="$apt/lists"
        -o Dir::State::status="$apt/status" -o Dir::Cache="$apt/cache" -o APT::Sandbox::User=root
        # Containers have apt remove packages as soon as they are fetched.
        -o DPkg::Post-Invoke= -o Binary::apt-get::APT::Keep-Downloaded-Packages=true)
    apt-get "${options[@]}" update -qq >&2
    # With an empty system below, nothing is there by itself: what the scripts of servers call comes along.
    apt-get "${options[@]}" install -y -qq --no-install-recommends --download-only "$@" \
        bash coreutils dash findutils grep hostname libc-bin mawk procps sed util-linux >/dev/null
    for package in "$apt"/cache/archives/*.deb; do dpkg-deb -x "$package" "$new"; done
    for link in bin lib lib64 sbin; do [[ -e $new/$link ]] || ln -s "usr/$link" "$new/$link"; done
    ln -sf dash "$new/usr/bin/sh"
    ln -sf mawk "$new/usr/bin/awk"
    mkdir -p "$new"/{proc,dev,tmp,etc,root}
    cp /etc/{hosts,passwd,group} "$new/etc/"
    rm -rf "$apt"
    mv "$new" "$into"
}

# once LOCK COMMAND...: one at a time for all who name that file.
once() {
    local result=0
    exec 8>"$1"
    flock -w 900 8 || die "the lock $1 is not given up"
    "${@:2}" 8>&- || result=$?
    exec 8>&-
    return "$result"
}

require_root_and_debian() {
    local program
    ((EUID == 0)) || die "root is needed, for chroot and mounts" "Run: sudo scripts/${0##*/} …"
    for program in apt-get dpkg-deb unshare chroot; do
        command -v "$program" >/dev/null || die "this system has no $program"
    done
}

# with_mounts COMMAND...: becomes the command, in a namespace of mounts that nobody else sees and that ends with the last process
# in it, whatever happens.
with_mounts() { exec unshare --mount --propagation private "$@"; }

# Mounts in a folder of unpack_debian what servers and tests read and write, under the paths that it has outside.
mount_into() {
    local folder
    for folder in /proc /dev /tmp "${TMPDIR:-/tmp}" "$root"; do
        mkdir -p "$1$folder"
        mount --bind "$folder" "$1$folder"
    done
}
