# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
#
# RabbitMQ and MongoDB for a script that tests. It sources this file behind common.bash; nothing is changed by that alone.
# shellcheck shell=bash

servers=$root/scripts/servers
test_dir=''

# start_test_servers DIR [METRICS]: starts both servers with empty data in DIR/servers and on ports that nobody uses. The script
# has to call stop_test_servers however it ends. DIR is locked by descriptor 9, which children that outlive the script
# must not inherit. Exports what the tests read:
#   TEST_AMQP_URL                  the broker, as administrator
#   TEST_RABBITMQ_MANAGEMENT_URL   its management API, with the same login
#   TEST_RABBITMQ_METRICS          host and port of its metrics, if METRICS is "yes"
#   TEST_MONGODB_URI               the database, a replica set of one
#   TEST_DIRECTORY                 a folder for what they start themselves
start_test_servers() {
    mkdir -p "$1"
    exec 9>"$1/lock"
    flock -n 9 || die "another scripts/${0##*/} is at work here"
    test_dir=$1/servers
    # Tests start servers of their own below this folder; those of a run that was killed are still there.
    export TEST_DIRECTORY=$1/own
    # A run that was killed may have left its servers behind.
    stop_test_servers
    rm -rf "$test_dir" "$TEST_DIRECTORY"
    mkdir -p "$TEST_DIRECTORY"

    # Ports that are free now; another clone's tests may have those of the first try, and who starts at the same time waits.
    mkdir -p "$root/.local"
    exec 8>"$root/.local/ports.lock"
    flock 8
    local offset port rabbitmq_port management_port metrics_port='' mongod_port
    for ((offset = 0; ; offset++)); do
        ((offset < 50)) || die "no free ports for the tests between 5772 and 5821, 15772 and 15821, 27117 and 27166"
        rabbitmq_port=$((5772 + offset)) management_port=$((15772 + offset)) mongod_port=$((27117 + offset))
        [[ ${2:-} != yes ]] || metrics_port=$((15892 + offset))
        # 25772 and on: rabbitmqctl's.
        for port in "$rabbitmq_port" "$management_port" "$mongod_port" $((rabbitmq_port + 20000)) \
            ${metrics_port:+"$metrics_port"}; do
            ! port_answers "$port" || continue 2
        done
        break
    done
    say "Starting RabbitMQ and MongoDB for the tests on ports $rabbitmq_port, $management_port and $mongod_port"
    "$servers" start rabbitmq "$test_dir" "$rabbitmq_port" "$management_port" "$metrics_port" 8>&- 9>&-
    "$servers" start mongod "$test_dir" "$mongod_port" 8>&- 9>&-
    exec 8>&-

    export TEST_AMQP_URL=amqp://guest:guest@127.0.0.1:$rabbitmq_port/%2F
    export TEST_RABBITMQ_MANAGEMENT_URL=http://guest:guest@127.0.0.1:$management_port
    [[ -z $metrics_port ]] || export TEST_RABBITMQ_METRICS=127.0.0.1:$metrics_port
    export TEST_MONGODB_URI="mongodb://127.0.0.1:$mongod_port/?replicaSet=rs0"
}

# Stops what start_test_servers started, and what tests left behind. Keeps the exit status of what ran before.
stop_test_servers() {
    local result=$? pid_file
    # Without the lock they are somebody else's.
    [[ -n $test_dir ]] || return "$result"
    for pid_file in "$TEST_DIRECTORY"/*/{rabbitmq,mongod}.pid; do
        [[ ! -e $pid_file ]] || "$servers" stop "$(basename "$pid_file" .pid)" "$(dirname "$pid_file")" 9>&- || true
    done
    "$servers" stop rabbitmq "$test_dir" 9>&- || true
    "$servers" stop mongod "$test_dir" 9>&- || true
    return "$result"
}
