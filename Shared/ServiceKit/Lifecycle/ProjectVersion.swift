// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The version of everything in this repository, by Semantic Versioning.
public let projectVersion = "0.1.0"
