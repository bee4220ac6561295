// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Objects of one type of Swift, whichever it is.
protocol ObjectList: Sendable {
    var count: Int { get }
}
