// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Benchmark
import CQRS
import Users

/// The rules by themselves, with and without the checks of what a client sent.
func benchmarkDecider() {
    Benchmark("decide and evolve a registration") { benchmark in
        let command = UserDecider.Command.create(
            CreateUser(
                id: Samples.id, name: try UserName("Ada Lovelace"), email: try EmailAddress("ada@computing.org")))
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations {
            guard let event = try UserDecider.decide(command, UserDecider.initialState) else { return }
            blackHole(UserDecider.evolve(UserDecider.initialState, event))
        }
    }
    Benchmark("check name and address") { benchmark in
        for _ in benchmark.scaledIterations {
            blackHole(try UserName("Ada Lovelace"))
            blackHole(try EmailAddress("ada@computing.org"))
        }
    }
}
