# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""mongosh.py [--nodb] FILE | --eval TEXT [--tls] [--tlsCAFile FILE] [--host HOST]: as much of mongosh as our scripts use.

MongoDB's own shell is no Debian package. This one runs the same JavaScript (QuickJS) with the same calls over MongoDB's driver for Python:
`connect(uri)`, `db`, `runCommand`, `getSiblingDB`, `hello`, `sleep`, `print`, `quit`, `process.env`, and of `fs` what reads a file. As in
mongosh a command that fails throws.
"""

import json
import os
import sys
import time

import pymongo
import pymongo.errors
import quickjs
from bson import json_util

PRELUDE = """
const process = { env: JSON.parse(__environment()) };
const print = (...values) => __print(values.map(String).join(" "));
const sleep = (milliseconds) => __sleep(milliseconds);
const quit = (status) => { throw new Error("__quit " + (status || 0)); };
const require = (name) => {
    if (name !== "fs") throw new Error("no module " + name);
    return { existsSync: (path) => __exists(path), readFileSync: (path) => __read(path) };
};
function __checked(text) {
    const reply = JSON.parse(text);
    if ("__error" in reply) throw Object.assign(new Error(reply.__error), { code: reply.code });
    return reply;
}
const __database = (client, name) => ({
    runCommand: (command) => __checked(__run(client, name, JSON.stringify(command))),
    adminCommand: (command) => __checked(__run(client, "admin", JSON.stringify(command))),
    getSiblingDB: (other) => __database(client, other),
    hello: () => __checked(__run(client, name, '{"hello":1}')),
});
const connect = (uri) => __database(__checked(__connect(uri)).client, "test");
"""


class Shell:
    def __init__(self):
        self.clients = []
        self.context = quickjs.Context()
        for name in ("environment", "print", "sleep", "exists", "read", "connect", "run"):
            self.context.add_callable(f"__{name}", getattr(self, f"_{name}"))
        self.context.eval(PRELUDE)

    def _environment(self):
        return json.dumps(dict(os.environ))

    def _print(self, text):
        print(text, flush=True)

    def _sleep(self, milliseconds):
        time.sleep(milliseconds / 1000)

    def _exists(self, path):
        return os.path.exists(path)

    def _read(self, path):
        with open(path, encoding="utf-8") as file:
            return file.read()

    def _answer(self, work):
        try:
            return json_util.dumps(work())
        except pymongo.errors.OperationFailure as error:
            return json.dumps({"__error": (error.details or {}).get("errmsg", str(error)), "code": error.code})
        except pymongo.errors.PyMongoError as error:
            return json.dumps({"__error": str(error)})

    def _connect(self, uri):
        def work():
            client = pymongo.MongoClient(uri, serverSelectionTimeoutMS=2000)
            # mongosh, too, connects at once.
            client.admin.command("ping")
            self.clients.append(client)
            return {"client": len(self.clients) - 1}

        return self._answer(work)

    def _run(self, client, database, command):
        return self._answer(lambda: self.clients[int(client)][database].command(json.loads(command)))

    def run(self, text):
        """Returns the exit status."""
        try:
            # As in mongosh, a script's own names are not those of the shell.
            self.context.eval("{" + text + "\n}")
            return 0
        except quickjs.JSException as error:
            if "__quit " in str(error):
                return int(str(error).split("__quit ")[1].split()[0])
            print(error, file=sys.stderr)
            return 1


def main(arguments):
    shell, text, file, options, host = Shell(), None, None, [], "127.0.0.1"
    while arguments:
        argument = arguments.pop(0)
        if argument == "--eval":
            text = arguments.pop(0)
        elif argument == "--host":
            host = arguments.pop(0)
        elif argument == "--tls":
            options.append("tls=true")
        elif argument == "--tlsCAFile":
            options.append("tlsCAFile=" + arguments.pop(0))
        elif not argument.startswith("-"):
            file = argument
        elif argument not in ("--quiet", "--nodb", "--norc"):
            sys.exit(f"mongosh.py: no option {argument}")
    if text is not None:
        uri = f"mongodb://{host}/?" + "&".join(["directConnection=true", *options])
        return shell.run(f"const db = connect({json.dumps(uri)});\n{text}")
    return shell.run(shell._read(file))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
