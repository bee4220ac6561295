// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Testing

/// Tests of the whole system, with real processes, one after the other: each has a broker and a database of its own,
/// and the machine is small.
@Suite(.serialized)
enum SystemTests {}
