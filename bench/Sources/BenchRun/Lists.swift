// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import ArgumentParser

/// Numbers between commas.
struct NumberList: ExpressibleByArgument, Sendable {
    let numbers: [Int]

    init?(argument: String) {
        let numbers = argument.split(separator: ",").map { Int($0) }
        guard !numbers.isEmpty, !numbers.contains(nil) else { return nil }
        self.numbers = numbers.compactMap { $0 }
    }
}

/// Names between commas.
struct NameList: ExpressibleByArgument, Sendable {
    let names: [String]

    init?(argument: String) {
        names = argument.split(separator: ",").map(String.init)
        guard !names.isEmpty else { return nil }
    }
}
