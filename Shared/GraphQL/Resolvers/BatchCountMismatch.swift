// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A batch that did not return one output for each request.
struct BatchCountMismatch: Error {}
