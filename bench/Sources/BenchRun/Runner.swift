// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation

/// Gives each subject its turn in each round.
///
/// In every round each subject comes once, and each round begins with another: so whatever becomes of the machine meanwhile
/// becomes of all of them.
struct Runner {
    let place: Place
    let settings: Settings
    let subjects: [Subject]
    private let start = ContinuousClock.now

    init(_ place: Place, _ settings: Settings, _ subjects: [Subject]) {
        self.place = place
        self.settings = settings
        self.subjects = subjects
    }

    /// The names under which there are results, in their order.
    var order: [String] { [Self.startUp] + subjects.map(\.name) + [Self.memory, Self.seeding] }

    private static let startUp = "start"
    private static let memory = "memory"
    private static let seeding = "import"

    /// All rounds with one number of users.
    func run(users: Int) -> Results {
        var results = Results(users: users)
        let system = SystemUnderTest(place, users: users)
        defer { system.stop() }
        let needsSystem = subjects.contains(where: \.needsSystem)
        if needsSystem {
            turn(Self.seeding, 0, system, &results) {
                try system.start()
                return [try system.registerSeed()]
            }
            system.stop()
            // Without these users nothing else is right.
            guard results.failures.isEmpty else { return results }
        }
        for round in 1...settings.rounds {
            if needsSystem { turn(Self.startUp, round, system, &results) { try system.start() } }
            let first = (round - 1) * subjects.count / settings.rounds
            for subject in subjects[first...] + subjects[..<first] {
                turn(subject.name, round, system, &results) {
                    // One that failed may have left a service stopped.
                    if subject.needsSystem { try system.start() }
                    return try subject.measure(system, settings)
                }
            }
            if needsSystem {
                results.add(memory(round, system))
                system.stop()
            }
        }
        return results
    }

    /// Nothing disturbs this: it takes no time.
    private func memory(_ round: Int, _ system: SystemUnderTest) -> Turn {
        let readings = system.processes.compactMap { process in
            ProcFile.residentMemory(of: process.pid).map { Reading(.memory(process.name), $0) }
        }
        return Turn(
            subject: Self.memory, round: round, seconds: 0, disturbance: Disturbance(othersShare: 0, stolenShare: 0),
            control: nil, readings: readings)
    }

    private func turn(
        _ name: String, _ round: Int, _ system: SystemUnderTest, _ results: inout Results,
        _ measure: () throws -> [Reading]
    ) {
        // What the one before has left to be done is not this one's.
        Thread.sleep(forTimeInterval: 0.3)
        let control = ControlWork.measure()
        let observation = Observation(system.processes)
        let begin = ContinuousClock.now
        do {
            let readings = try measure()
            let turn = Turn(
                subject: name, round: round, seconds: (ContinuousClock.now - begin) / .seconds(1),
                disturbance: observation.disturbance(system.processes), control: control, readings: readings)
            results.add(turn)
            say("round \(round), \(name): \(Int(turn.seconds.rounded())) s")
        } catch {
            results.failures.append("round \(round), \(name): \(error)")
            say("round \(round), \(name) FAILED: \(error)")
        }
    }

    private func say(_ text: String) {
        let seconds = Int((ContinuousClock.now - start) / .seconds(1))
        FileHandle.standardError.write(Data("[\(seconds) s] \(text)\n".utf8))
    }
}
