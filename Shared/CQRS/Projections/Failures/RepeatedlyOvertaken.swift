// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials

/// A document was found moved on at each of many attempts to write it.
///
/// Others that work on the same stream get somewhere with each of these, so this ends by itself; unless a document says
/// one version when it is read and another when it is compared.
struct RepeatedlyOvertaken: CategorizedError, CustomStringConvertible {
    /// How often one batch computes a stream anew.
    static let limit = 20

    var category: FailureCategory { .transient }
    var description: String { "overtaken \(Self.limit) times" }
}
