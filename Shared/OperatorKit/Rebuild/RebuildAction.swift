// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import ArgumentParser

/// What to do other than to rebuild.
enum RebuildAction: String, EnumerableFlag {
    case status, rollback, finish, cancel

    static func help(for value: RebuildAction) -> ArgumentHelp? {
        switch value {
        case .status: "Print which generations there are, and change nothing."
        case .rollback: "Switch to the other complete generation."
        case .finish: "Remove the generation that does not serve."
        case .cancel: "Remove the generation that is being made."
        }
    }
}
