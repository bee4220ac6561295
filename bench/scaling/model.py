#!/usr/bin/env python3
# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""What a load takes, computed from what one command and one query cost here, and what several consumers of one queue lose.

    bench/scaling/model.py                          both tables of docs/scaling.md
    bench/scaling/model.py --commands 5000 --reads 50000 --read-models 2
    bench/scaling/model.py --figures FILE           with figures of another machine, JSON of the names below

Costs are processor time, in microseconds: they add up. Walls are what one process cannot pass however many cores there are.
"""
import argparse
import heapq
import json
import math
import random

FIGURES = {
    # scripts/bench --only query-services, with one query service: command-api (with relay), consumer, query-api of a user.
    "command_api_us": 92, "consumer_us": 33, "notice_us": 5,
    # Without a consumer mongod takes 55 to 66 of it: the event. The rest is the document.
    "mongod_event_us": 60, "mongod_document_us": 30,
    # Of RabbitMQ's 88 two thirds are there without a consumer: a message in, confirmed. The rest is a message out, acknowledged.
    "rabbitmq_in_us": 58, "rabbitmq_out_us": 30,
    # A GET from the near cache, and one from the database, with mongod's part.
    "hit_us": 15, "miss_us": 73, "mongod_find_us": 32,
    # Messages a second that one quorum queue gave one consumer, which is one Raft log in one Erlang process (docs/performance.md: 19,600 to
    # 35,000).
    "queue_per_second": 20_000,
    # What 50,000 registrations took on disk, compressed, by collStats: 140 bytes each and 161 for indexes.
    "event_bytes": 300,
}
# Above this part of a machine's time everything waits for everything.
BUSY = 0.6
# The cores of one database member, broker or service that one would still rent for it.
MACHINE = 16


def cores(per_second, microseconds):
    return per_second * microseconds / 1e6


def load(f, commands, reads, models, hits):
    """What a load takes, a line for each part."""
    api = cores(commands, f["command_api_us"])
    consumer = cores(commands * models, f["consumer_us"])
    broker = cores(commands, f["rabbitmq_in_us"]) + cores(commands * models, f["rabbitmq_out_us"])
    query = cores(reads * hits, f["hit_us"]) + cores(reads * (1 - hits), f["miss_us"])
    # Each query service is told of every change, whatever it is asked.
    notices = cores(commands * models, f["notice_us"])
    left = MACHINE * BUSY - notices
    services = max(2, math.ceil(query / left)) if left > 0 else math.inf
    query += services * notices
    events = cores(commands, f["mongod_event_us"])
    documents = cores(commands * models, f["mongod_document_us"]) + cores(reads * (1 - hits), f["mongod_find_us"])
    day = commands * 86_400
    return {
        "command-api, cores": api,
        "consumers, cores": consumer,
        "query-api, cores": query,
        "query services of 16 cores": services,
        "RabbitMQ, cores of the leaders": broker,
        "queues a read model": math.ceil(commands / (f["queue_per_second"] * BUSY)),
        "event store, cores of the primary": events,
        "read models, cores of the primary": documents,
        "MongoDB primaries of 16 cores": math.ceil((events + documents) / (MACHINE * BUSY)),
        "events a day, GB": day * f["event_bytes"] / 1e9,
    }


def race(consumers, partitioned, rate, hot, seed=7, seconds=20, streams=100_000):
    """Several consumers of one queue, or of a queue each by the stream's hash, in simulated time.

    A consumer takes what is there, at most 500, and writes it in 2 ms and 25 us for each event; above 1,000/s it gathers for 25 ms. An
    event of a stream that another consumer has in hand is written for nothing, and again with the consumer's next batch.

    Returns the part of events that were written for nothing, and the time from arrival to written, p99 in ms.
    """
    dice = random.Random(seed)
    queues = [[] for _ in range(consumers if partitioned else 1)]
    arrivals, now = [], 0.0
    while now < seconds:
        now += dice.expovariate(rate)
        stream = 0 if dice.random() < hot else dice.randrange(1, streams)
        arrivals.append((now, stream))
    free = [(0.0, c) for c in range(consumers)]
    heapq.heapify(free)
    in_hand = {}
    again = [[] for _ in range(consumers)]
    taken, lost, waits = 0, 0, []
    while free:
        now, consumer = heapq.heappop(free)
        for stream, holder in list(in_hand.items()):
            if holder[0] == consumer and holder[1] <= now:
                del in_hand[stream]
        while taken < len(arrivals) and arrivals[taken][0] <= now:
            event = arrivals[taken]
            queues[event[1] % len(queues)].append(event)
            taken += 1
        queue = queues[consumer % len(queues)]
        batch = again[consumer] + queue[:500]
        del queue[:500]
        again[consumer] = []
        if not batch:
            if taken == len(arrivals):
                continue
            heapq.heappush(free, (max(now, arrivals[taken][0]) + 0.0005, consumer))
            continue
        end = now + 0.002 + 25e-6 * len(batch)
        for event in batch:
            holder = in_hand.get(event[1])
            if holder and holder[0] != consumer and holder[1] > now:
                lost += 1
                again[consumer].append(event)
            else:
                in_hand[event[1]] = (consumer, end)
                waits.append(end - event[0])
        pause = 0.025 if rate / consumers >= 1000 and len(batch) < 128 else 0
        heapq.heappush(free, (end + pause, consumer))
    waits.sort()
    return lost / len(arrivals), waits[int(len(waits) * 0.99)] * 1000


def table(rows):
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for number, row in enumerate(rows):
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |")
        if number == 0:
            print("|" + "|".join("-" * (width + 2) for width in widths) + "|")
    print()


def number(value):
    if value == math.inf:
        return "impossible"
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.2g}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--commands", type=float, default=1000, help="commands a second today (default 1000)")
    parser.add_argument("--reads", type=float, default=10_000, help="queries a second today (default 10000)")
    parser.add_argument("--read-models", type=int, default=1, help="read models that follow an event (default 1)")
    parser.add_argument("--hits", type=float, default=0.9, help="part of queries that the near cache answers (default 0.9)")
    parser.add_argument("--figures", help="JSON with figures of another machine")
    options = parser.parse_args()
    if options.commands <= 0 or options.reads < 0 or options.read_models < 1 or not 0 <= options.hits <= 1:
        parser.error("there are more than no commands, no fewer than no queries, a read model, and hits from 0 to 1")
    figures = dict(FIGURES)
    if options.figures:
        with open(options.figures, encoding="utf-8") as file:
            given = json.load(file)
        unknown = sorted(set(given) - set(figures))
        if unknown:
            parser.error(f"{options.figures}: there are no figures {', '.join(unknown)}")
        figures.update(given)

    factors = [1, 10, 100, 1000]
    loads = [
        load(figures, options.commands * k, options.reads * k, options.read_models, options.hits) for k in factors
    ]
    print(f"{options.commands:,.0f} commands/s and {options.reads:,.0f} queries/s, {options.hits:.0%} of them hits, "
          f"{options.read_models} read model(s):\n")
    table([["", *(f"x {k:,}" for k in factors)]] + [[name, *(number(one[name]) for one in loads)] for name in loads[0]])

    print("Consumers of one queue, beside a queue for each by the stream's hash; 8,000 events/s:\n")
    rows = [["consumers", "events of one hot stream", "written for nothing", "p99", "for nothing, partitioned", "p99, partitioned"]]
    for consumers in (1, 2, 4):
        for hot in (0.0, 0.01, 0.2):
            shared, shared_wait = race(consumers, False, 8000, hot)
            own, own_wait = race(consumers, True, 8000, hot)
            rows.append([str(consumers), f"{hot:.0%}", f"{shared:.2%}", f"{shared_wait:.0f} ms", f"{own:.2%}", f"{own_wait:.0f} ms"])
    table(rows)


main()
