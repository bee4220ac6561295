// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What is used in an operation or fragment.
struct ScopeFacts {
    var variables: [VariableUse] = []
    /// Sets nearer to the end come first, as reports of cycles expect.
    var spreads: [FragmentSpread] = []
}
