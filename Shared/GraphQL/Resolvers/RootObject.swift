// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What the root types' fields are resolved of: nothing that one could know.
public struct RootObject: GraphQLObject {}
