# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""cluster_faults.py: takes the machines of scripts/cluster away under load, one after the other, and checks the promises.

Clients repeat what got no answer or 503, with the same Idempotency-Key, as honest ones do. For each fault it prints the longest
time that commands, deliveries (until visible) and reads stood still, and how long single ones took. In the end every accepted
event is in the store once, streams have no gaps, read models are at their ends, and queues are empty.

FAULTS names some of kill, stop, cut and restart; MACHINES some of 1, 2 and 3.
"""

import base64
import http.client
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import threading
import time
import urllib.parse
import uuid

import pymongo

cluster, folder, programs = os.environ["CLUSTER"], pathlib.Path(os.environ["CLUSTER_DIR"]), os.environ["PROGRAMS"]
faults = os.environ.get("FAULTS", "kill stop cut restart").split()
machines = [int(number) for number in os.environ.get("MACHINES", "1 2 3").split()]
# An honest client gives up after so many seconds.
PATIENCE = 60
begun = time.monotonic()
flaws = []


def say(text):
    print(f"{time.monotonic() - begun:6.1f} s  {text}", flush=True)


def control(action, *arguments):
    command = [cluster, action, folder, *map(str, arguments)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=180).stdout


def until(condition, seconds, what):
    deadline = time.monotonic() + seconds
    while True:
        try:
            if condition():
                return
        except (OSError, http.client.HTTPException, subprocess.SubprocessError, pymongo.errors.PyMongoError):
            pass
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {seconds} s")
        time.sleep(0.2)


addresses = control("addresses").split()
MONGODB = "mongodb://" + ",".join(f"{address}:27017" for address in addresses) + "/?replicaSet=rs0"
database = pymongo.MongoClient(MONGODB, serverSelectionTimeoutMS=5000)


# ---------------------------------------------------------------- the services


class Service:
    port = 18600

    def __init__(self, program, number, **environment):
        Service.port += 1
        self.program, self.name, self.port = program, f"{program}-{number}", Service.port
        hosts = ",".join(f"{address}:5672" for address in addresses)
        self.environment = {
            "PATH": os.environ["PATH"], "HTTP_PORT": str(self.port), "MONGODB_URI": MONGODB,
            "AMQP_URL": f"amqp://{program}:{program}@{hosts}/%2F", "RELAY_SETTLE_MS": "15000", **environment,
        }
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self):
        with open(folder / f"{self.name}.log", "ab") as log:
            self.process = subprocess.Popen(
                [f"{programs}/{self.program}", "run"], env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        until(lambda: request("GET", f"{self.url}/ready")[0] == 200, 60, f"{self.name} is ready")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)


def request(method, url, body=None, headers={}, timeout=8):
    """The status, JSON and fields of an answer; OSError or HTTPException when there is none."""
    place = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=timeout)
    try:
        content = None if body is None else json.dumps(body)
        path = place.path + (f"?{place.query}" if place.query else "")
        connection.request(method, path, content, {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        text = answer.read()
        return answer.status, json.loads(text) if text else None, answer.headers
    finally:
        connection.close()


queries = Service("query-api", 1)
commands = [Service("command-api", number, QUERY_API_URL=queries.url) for number in (1, 2)]
consumers = [Service("consumer", number) for number in (1, 2)]


# ---------------------------------------------------------------- the load


class Clock:
    """When something was done, and how long it took."""

    def __init__(self):
        self.lock, self.done = threading.Lock(), []

    def note(self, start):
        with self.lock:
            self.done.append((start, time.monotonic()))

    def since(self, start):
        """The longest pause, and the durations of all that ended since then."""
        with self.lock:
            ends = [(begin, end) for begin, end in self.done if end >= start]
        moments = [start] + [end for _, end in ends] + [time.monotonic()]
        pause = max(later - earlier for earlier, later in zip(moments, moments[1:]))
        return pause, sorted(end - begin for begin, end in ends)


clocks = {"commands": Clock(), "deliveries": Clock(), "reads": Clock()}
accepted, versions = [], {}
ended = threading.Event()


def persist(number, method, path, body):
    """Sends a command until it is answered, to one service or the other."""
    key, start = str(uuid.uuid4()), time.monotonic()
    while time.monotonic() - start < PATIENCE:
        try:
            service = commands[number % len(commands)]
            status, answer, fields = request(method, service.url + path, body, {"Idempotency-Key": f'"{key}"'})
            if status == 202:
                accepted.append(answer["eventId"])
                clocks["commands"].note(start)
                return fields["Location"]
            if status not in (429, 503):
                raise AssertionError(f"{method} {path}: {status} {answer}")
        except (OSError, http.client.HTTPException):
            pass
        number += 1
        ended.wait(random.uniform(0.05, 0.2))
    raise AssertionError(f"{method} {path}: no answer within {PATIENCE} s")


def keep(body):
    """Runs a body again and again until the end; what is wrong ends the run."""

    def run():
        try:
            while not ended.is_set():
                body()
        except Exception as error:
            flaws.append(f"{body.__name__}: {error!r}")

    return threading.Thread(target=run, daemon=True)


known = [f"known-{number}@example.org" for number in range(20)]


def register_and_change():
    number = random.randrange(1 << 30)
    persist(number, "POST", "/users", {"name": "Ada Lovelace", "email": f"{uuid.uuid4()}@example.org"})
    persist(number, "PATCH", f"/users/{random.choice(known)}", {"name": f"Ada the {number}th"})
    ended.wait(0.02)


def register_and_see():
    start = time.monotonic()
    place = persist(0, "POST", "/users", {"name": "Grace Hopper", "email": f"{uuid.uuid4()}@example.org"})
    while True:
        try:
            if request("GET", place)[0] == 200:
                break
        except (OSError, http.client.HTTPException):
            pass
        if time.monotonic() - start > PATIENCE:
            raise AssertionError(f"{place} is not visible after {PATIENCE} s")
        ended.wait(0.02)
    clocks["deliveries"].note(start)
    ended.wait(0.05)


def read():
    start, email = time.monotonic(), random.choice(known)
    try:
        status, user, _ = request("GET", f"{queries.url}/users/{email}")
        if status == 200:
            # One query service, asked by one reader: it never goes back.
            if user["version"] < versions.get(email, 0):
                raise AssertionError(f"{email} fell from version {versions[email]} to {user['version']}")
            versions[email] = user["version"]
            clocks["reads"].note(start)
        elif status != 503:
            raise AssertionError(f"GET {email}: {status} {user}")
    except (OSError, http.client.HTTPException):
        pass
    ended.wait(0.02)


# ---------------------------------------------------------------- faults


def is_whole():
    """Whether all three are members again, of both clusters."""
    status = json.loads(control("rabbitmqctl", machines[0], "-q", "cluster_status", "--formatter", "json"))
    states = database.admin.command("replSetGetStatus")["members"]
    return (
        len(status["running_nodes"]) == 3 and not status["partitions"]
        and sorted(member["state"] for member in states) == [1, 2, 2]
    )


def report(fault, start):
    columns = []
    for name, clock in clocks.items():
        pause, durations = clock.since(start)
        middle = durations[len(durations) // 2] if durations else float("nan")
        longest = durations[-1] if durations else float("nan")
        columns.append(f"{name} {pause:5.2f} s (p50 {1000 * middle:4.0f} ms, max {longest:5.2f} s)")
    say(f"{fault:<24} stood still: {', '.join(columns)}")


def everything_goes_on():
    """Waits until each kind of work is done again, a few times."""
    now = time.monotonic()
    for name, clock in clocks.items():
        until(lambda: len(clock.since(now)[1]) >= 5 or flaws, 90, f"{name} go on")


def lose(fault, machine):
    start = time.monotonic()
    control(fault, machine)
    everything_goes_on()
    if fault == "cut":
        # Until everybody has noticed.
        until(lambda: time.monotonic() - start > 25, 30, "the time is over")
    everything_goes_on()
    report(f"{fault} {machine}", start)
    start = time.monotonic()
    control("mend" if fault == "cut" else "start", machine)
    until(is_whole, 120, f"machine {machine} is back")
    everything_goes_on()
    report(f"{machine} comes back", start)


def restart_all():
    start = time.monotonic()
    for machine in machines:
        control("stop", machine)
        control("start", machine)
        until(is_whole, 120, f"machine {machine} is back")
    everything_goes_on()
    report("restart of all machines", start)
    start = time.monotonic()
    for service in [*commands, *consumers, queries]:
        service.stop()
        service.start()
    everything_goes_on()
    report("restart of all services", start)


# ---------------------------------------------------------------- the promises


def shortcomings():
    events = list(database.cqrs_write.events.find({"stream": {"$exists": True}}, {"eventId": 1, "stream": 1, "version": 1}))
    count = {}
    for event in events:
        count[event["eventId"]] = count.get(event["eventId"], 0) + 1
    found = [f"accepted event {id} is stored {count.get(id, 0)} times" for id in set(accepted) if count.get(id) != 1]
    streams = {}
    for event in events:
        streams.setdefault(event["stream"], []).append(event["version"])
    documents = {each["_id"]: each["version"] for each in database.cqrs_read.users.find({}, {"version": 1})}
    for stream, numbers in streams.items():
        if sorted(numbers) != list(range(1, len(numbers) + 1)):
            found.append(f"{stream} has gaps")
        if documents.get(stream) != len(numbers):
            found.append(f"{stream} is at {len(numbers)}, its document at {documents.get(stream)}")
    found += [f"{stream} has a document only" for stream in documents if stream not in streams]
    return found


def depths():
    # Listing by rabbitmqctl needs nodes that can connect to it.
    login = {"Authorization": "Basic " + base64.b64encode(b"guest:guest").decode()}
    status, queues, _ = request("GET", f"http://{addresses[0]}:15672/api/queues", headers=login)
    assert status == 200, status
    return {queue["name"]: queue["messages"] for queue in queues if queue.get("messages")}


def check_promises():
    try:
        until(lambda: not shortcomings() and not depths(), 90, "the promises")
    except TimeoutError:
        flaws.extend(shortcomings()[:10])
        flaws.extend(f"{queue} holds {count}" for queue, count in depths().items())
    say(f"{len(accepted):,} commands accepted, {len(set(accepted)):,} events of these, {len(shortcomings())} shortcomings")


everything = [queries, *commands, *consumers]
try:
    for service in everything:
        service.start()
    for email in known:
        persist(0, "POST", "/users", {"name": "Ada Lovelace", "email": email})
    work = [keep(register_and_change) for _ in range(4)] + [keep(register_and_see), keep(read)]
    for thread in work:
        thread.start()
    everything_goes_on()
    start = time.monotonic()
    until(lambda: time.monotonic() - start > 5, 10, "the time is over")
    report("nothing", start)
    for fault in faults:
        if fault == "restart":
            restart_all()
            continue
        for machine in machines:
            lose(fault, machine)
    ended.set()
    for thread in work:
        thread.join(PATIENCE + 10)
    check_promises()
except TimeoutError as error:
    flaws.append(str(error))
finally:
    ended.set()
    for service in everything:
        if hasattr(service, "process") and service.process.poll() is None:
            try:
                service.stop()
            except subprocess.TimeoutExpired:
                service.process.kill()
                flaws.append(f"{service.name} did not end")

print(f"{len(flaws)} flaws")
for flaw in flaws:
    print(flaw)
sys.exit(1 if flaws else 0)
