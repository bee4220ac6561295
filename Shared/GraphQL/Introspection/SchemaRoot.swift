// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Stands for the schema itself.
struct SchemaRoot: Sendable {}
