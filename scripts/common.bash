# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
#
# What the scripts of this folder share; they source it. It changes nothing by itself.
# shellcheck shell=bash
# shellcheck disable=SC2034 # the sourcing scripts use it
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)

# The scripts print what they do to standard error, so that standard output stays for results.
say() { printf '%s\n' "$*" >&2; }
die() {
    printf '%s: %s\n' "${0##*/}" "$1" >&2
    shift
    (($# == 0)) || printf '  %s\n' "$@" >&2
    exit 1
}

# Prints the comment that follows a script's licence line: its help text.
help_of() { sed -n '/^# SPDX/,/^[^#]/ { /^# SPDX/d; /^#$/ { s/.*//p; d }; s/^# //p }' "$1" | sed 1d; }

is_number() { [[ $1 =~ ^[0-9]+$ ]]; }
is_port() { is_number "$1" && ((10#$1 >= 1 && 10#$1 <= 65535)); }

# Whether a process runs. A zombie does not: whether it is reaped is up to its parent. But it does as long as it has
# threads: those of a killed one may outlive the first by a moment, and with them its ports are still taken.
is_alive() {
    local stat threads
    { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
    stat=${stat##*) }
    threads=("/proc/$1/task"/*)
    [[ ${stat%% *} != [ZX] ]] || ((${#threads[@]} > 1))
}

# Whether the process $1 runs and was started with the argument $2. A pid file outlives a reboot, the process
# does not, and its number may be another's by then.
is_process() {
    local argument arguments=()
    is_number "$1" && is_alive "$1" || return 1
    # No pipe into grep -q: that ends early, and what writes into the pipe then fails with SIGPIPE, now and then.
    { mapfile -d '' -t arguments <"/proc/$1/cmdline"; } 2>/dev/null || return 1
    for argument in "${arguments[@]}"; do [[ $argument != "$2" ]] || return 0; done
    return 1
}

# wait_until SECONDS COMMAND...: runs the command every 50 ms until it succeeds or the time is over.
wait_until() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < deadline)) || return 1
        sleep 0.05
    done
}
is_gone() { ! is_alive "$1"; }

port_answers() { (exec 3<>"/dev/tcp/${2:-127.0.0.1}/$1") 2>/dev/null; }

# Names the process that listens on a port.
port_owner() {
    local line
    line=$(ss -Hltnp "sport = :$1" 2>/dev/null | head -n 1)
    if [[ $line =~ \(\(\"([^\"]+)\",pid=([0-9]+) ]]; then
        printf 'process %s (%s)' "${BASH_REMATCH[2]}" "${BASH_REMATCH[1]}"
    else
        printf "a process that this user may not look at"
    fi
}

# require_free_port PORT PURPOSE [ADVICE]: says who has the port when it is taken.
require_free_port() {
    ! port_answers "$1" ||
        die "port $1, meant for $2, is taken by $(port_owner "$1")" "Stop that and run this again." "${@:3}"
}

# The services of `scripts/up`, in the order in which they start, and their ports.
services=(command-api query-api consumer)
declare -A service_port=([command-api]=8000 [query-api]=9000 [consumer]=9100)

# Where `scripts/up` keeps pids, logs and data.
state=$root/.local
servers_dir=$state/servers

# SwiftPM's link to the folder of release builds; a service's path under it is how its process is recognised.
release=$root/.build/release

# Sets $pid to that of the running service, or fails.
service_running() {
    [[ -r $state/run/$1.pid ]] || return 1
    read -r pid <"$state/run/$1.pid" || return 1
    is_process "$pid" "$release/$1"
}
