// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials
internal import HTTPTypes
public import Hummingbird

extension Response {
    /// An answer with something that has versions, as JSON with the version as a strong entity tag.
    ///
    /// - Parameter write: writes one value.
    public static func versioned(_ version: Int64, _ write: (inout JSONWriter) -> Void) -> Response {
        .json(headers: [.eTag: EntityTag(version: version).text], write)
    }
}
