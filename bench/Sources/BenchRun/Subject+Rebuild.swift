// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

extension Subject {
    /// The read model is made anew while the old one serves, and the old one is removed.
    static let rebuild = Subject(name: "rebuild", needsSystem: true) { system, _ in
        let limit = 180 + Double(system.users) / 1000
        let start = ContinuousClock.now
        let output = try system.consumer("rebuild", "users", within: limit)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        _ = try system.consumer("rebuild", "users", "--finish", within: limit)
        guard let rate = fillRate(output) else {
            throw Program.Failure(description: "rebuild did not say how fast it was")
        }
        return [Reading(.rebuilt, rate), Reading(.switched, seconds)]
    }

    /// Reads `filled: 12,345 events, 12,345 documents, 0.8 s, 15,431 events/s`.
    private static func fillRate(_ output: String) -> Double? {
        output.split(separator: "\n").first { $0.hasPrefix("filled: ") }
            .flatMap { $0.split(separator: " ").dropLast().last }
            .flatMap { Double($0.filter { $0 != "," }) }
    }
}
