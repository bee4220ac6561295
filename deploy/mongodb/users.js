// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT
//
// mongosh --nodb users.js: the users of MongoDB and what each may do.
//
// Makes a replica set of what is none yet, its first user, and all roles and users below; what is there is brought to what is said here,
// passwords included, so it may run at any time and as often as one likes. Nothing is removed.
//
// Run it on the server's own machine: a MongoDB without users lets somebody from there make the first one. Environment:
//
//   SECRETS           a folder with NAME.mongodb-uri for each user, the URI with which it logs in: mongodb://NAME:PASSWORD@HOST,.../?...
//                     Default /run/secrets. administrator.mongodb-uri has to be there; a user without a file is left out
//   WRITE_DATABASE    default cqrs_write
//   READ_DATABASE     default cqrs_read
//   WAIT_SECONDS      how long to wait for the server; default 60

const folder = process.env.SECRETS || "/run/secrets";
const write = process.env.WRITE_DATABASE || "cqrs_write";
const read = process.env.READ_DATABASE || "cqrs_read";
const patience = 1000 * Number(process.env.WAIT_SECONDS || 60);

// ---------------------------------------------------------------- who may do what

// A privilege: actions on one collection, or on all of a database but the system's.
const may = (actions, database, collection = "") => ({ resource: { db: database, collection }, actions });

const roles = {
    // Appends events. Nothing that was recorded can be changed into something else by whoever steals this login alone: `update` takes
    // claims off events, `remove` is for answers kept for an Idempotency-Key; both are refused to everybody else.
    "command-api": [
        may(["find", "insert", "update", "remove", "createIndex", "listIndexes"], write, "events"),
        // How far each relay is, and states of long streams.
        may(["find", "insert", "update", "remove"], write, "writers"),
        may(["find", "insert", "update", "remove"], write, "snapshots"),
    ],
    // Makes read models out of events. Generations of a read model are collections, made and removed by `consumer rebuild`.
    "consumer": [
        may(["find"], write),
        may(
            [
                "find", "insert", "update", "remove", "changeStream", "createCollection", "dropCollection", "createIndex", "dropIndex",
                "listIndexes", "listCollections",
            ], read),
    ],
    // Answers queries: documents, their changes, and from the events the past. Nothing can be written.
    "query-api": [
        may(["find"], write, "events"),
        may(["find", "changeStream", "listIndexes"], read),
    ],
    // A person who looks: at everything of ours, and with clusterMonitor at how the server does. Commands of `consumer` that change
    // something go by the consumer's login.
    "operator": [
        may(["find", "listCollections", "listIndexes", "collStats", "dbStats", "indexStats"], write),
        may(["find", "listCollections", "listIndexes", "collStats", "dbStats", "indexStats"], read),
    ],
};

// What users have beside the role of their own name; a user that is not above has this alone.
const builtIn = {
    "administrator": ["root"],
    "operator": ["clusterMonitor"],
    // mongodump --oplog reads everything. Restoring is for the administrator.
    "backup": ["backup"],
    // Prometheus' exporter: figures of the server, no data.
    "monitor": ["clusterMonitor"],
};

// ---------------------------------------------------------------- carrying it out

const fs = require("fs");

// {name, password, hosts, options} of a user's file, or null if there is none.
function secret(user) {
    const path = `${folder}/${user}.mongodb-uri`;
    if (!fs.existsSync(path)) return null;
    const found = /^mongodb:\/\/([\w.~-]+):([\w.~-]+)@([^/]+)\/\?(\S*)\s*$/.exec(fs.readFileSync(path, "utf8"));
    // Letters that mean themselves in a URI: nothing to decode. The message has nothing of the file in it.
    if (!found) throw new Error(`${path} is not mongodb://NAME:PASSWORD@HOST/?… with letters, digits and . _ ~ - in name and password`);
    return { name: found[1], password: found[2], hosts: found[3].split(","), options: found[4] };
}

const administrator = secret("administrator");
if (administrator === null) throw new Error(`there is no ${folder}/administrator.mongodb-uri`);

// The server on this machine, however the others call it.
function here(login) {
    const port = /:\d+$/.exec(administrator.hosts[0]);
    const options = administrator.options.split("&").filter((option) => option !== "" && !option.startsWith("replicaSet="));
    return `mongodb://${login}localhost${port ? port[0] : ""}/?${["directConnection=true", ...options].join("&")}`;
}

// Runs `step` until it returns something but undefined. What it throws is the reason if the time is over.
function waitFor(what, step) {
    const deadline = Date.now() + patience;
    let problem = "";
    for (;;) {
        try {
            const result = step();
            if (result !== undefined) return result;
        } catch (error) {
            problem = `: ${error.message}`;
        }
        if (Date.now() > deadline) throw new Error(`${what} within ${patience / 1000} s${problem}`);
        sleep(200);
    }
}

const anyone = waitFor("no server answered", () => connect(here("")).getSiblingDB("admin"));

waitFor("the server did not become primary", () => {
    const hello = anyone.runCommand({ hello: 1 });
    if (hello.isWritablePrimary) return true;
    if (hello.setName === undefined) {
        const members = administrator.hosts.map((host, index) => ({ _id: index, host: host.includes(":") ? host : `${host}:27017` }));
        anyone.runCommand({ replSetInitiate: { _id: "rs0", members } });
        print("a replica set of " + members.map((member) => member.host).join(", "));
    }
    return undefined;
});

const isRefused = (error) => error.code === 18 || /Authentication failed/i.test(error.message);

function logIn() {
    const database = connect(here(`${administrator.name}:${administrator.password}@`)).getSiblingDB("admin");
    // Some connect only now.
    database.runCommand({ connectionStatus: 1 });
    return database;
}

let admin;
try {
    admin = logIn();
} catch (error) {
    if (!isRefused(error)) throw error;
    try {
        anyone.runCommand({ createUser: administrator.name, pwd: administrator.password, roles: builtIn["administrator"] });
    } catch (refusal) {
        throw new Error(
            "the administrator's password is not that of administrator.mongodb-uri, and there are users already, so no first one can be made: "
                + refusal.message);
    }
    print("the first user: " + administrator.name);
    admin = logIn();
}

for (const [role, privileges] of Object.entries(roles)) {
    const isThere = admin.runCommand({ rolesInfo: role }).roles.length > 0;
    admin.runCommand({ [isThere ? "updateRole" : "createRole"]: role, privileges, roles: [] });
}

for (const user of new Set([...Object.keys(builtIn), ...Object.keys(roles)])) {
    const login = secret(user);
    if (login === null) continue;
    const granted = [...(builtIn[user] || []), ...(user in roles ? [user] : [])];
    const isThere = admin.runCommand({ usersInfo: login.name }).users.length > 0;
    admin.runCommand({
        [isThere ? "updateUser" : "createUser"]: login.name, pwd: login.password, roles: granted,
        // The driver would otherwise offer the weaker one, too.
        mechanisms: ["SCRAM-SHA-256"],
    });
    print(`${login.name}: ${granted.join(", ")}`);
}
