// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials

/// What may be said of an error where everybody reads it.
package enum SafeText {
    /// An error's own words if it is one of ours, which quote no data; else the name of its type. What somebody else's
    /// error says of a document it could not read may quote the document.
    package static func of(_ error: any Error) -> String {
        error is any CategorizedError ? "\(error)" : "\(type(of: error))"
    }
}
