# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
#
# What scripts/monitoring-checks and scripts/rehearsal share. They source it behind common.bash and test-servers.bash;
# nothing is changed by that alone.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the sourcing scripts use and set them

monitoring=$root/deploy/monitoring

# install_monitoring DIR: installs Prometheus (Debian 12; root or sudo) and, into DIR/venv, the packages of
# deploy/monitoring/requirements.txt. Sets $python to the interpreter that has them.
install_monitoring() {
    "$servers" install python3-venv prometheus
    mkdir -p "$1"
    python=$1/venv/bin/python
    # What is next to a script is committed: nothing else shall be there.
    export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$monitoring
    ! cmp -s "$monitoring/requirements.txt" "$1/venv/requirements.txt" || return 0
    say "Installing Python's packages into $1/venv"
    rm -rf "$1/venv"
    python3 -m venv "$1/venv"
    "$python" -m pip install --quiet --disable-pip-version-check --requirement "$monitoring/requirements.txt" >&2
    cp "$monitoring/requirements.txt" "$1/venv/"
}

# start_monitored DIR: builds the services and starts their servers, with RabbitMQ's metrics. The script has to call
# stop_test_servers however it ends. Exports what Tests/Monitoring/lab.py reads besides:
#   MONITORED_PROGRAMS    the folder of the services' programs
#   MONITORED_SERVERS     scripts/servers
#   MONITORED_DIRECTORY   the servers' folder
start_monitored() {
    local service
    for service in "${services[@]}"; do swift build --product "$service" >&2; done
    MONITORED_PROGRAMS=$(swift build --show-bin-path)
    start_test_servers "$1" yes
    export MONITORED_PROGRAMS MONITORED_SERVERS=$servers MONITORED_DIRECTORY=$test_dir
}
