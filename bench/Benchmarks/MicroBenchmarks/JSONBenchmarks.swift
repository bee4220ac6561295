// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Benchmark
import CQRS
import Users

/// A command's body, and a query's answer.
func benchmarkJSON() {
    Benchmark("JSON read a command") { benchmark in
        for _ in benchmark.scaledIterations { blackHole(try JSON.parseObject(Samples.command)) }
    }
    Benchmark("JSON write a user") { benchmark in
        let user = Samples.document
        for _ in benchmark.scaledIterations {
            var json = JSONWriter()
            json.beginObject()
            json.member("id", user.id)
            json.member("name", user.name ?? "")
            json.member("email", user.email ?? "")
            json.member("version", user.version)
            json.member("createdAt", user.createdAt.description)
            json.member("updatedAt", user.updatedAt.description)
            json.endObject()
            blackHole(json.bytes)
        }
    }
}
