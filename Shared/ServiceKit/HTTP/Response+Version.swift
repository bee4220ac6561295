// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
internal import HTTPTypes
public import Hummingbird

extension Response {
    /// An answer with something that has versions, as JSON with the version as a strong entity tag; 304 without a body
    /// when `If-None-Match` says that the client has it.
    ///
    /// - Parameter write: writes one value; not called for 304.
    public static func versioned(
        _ version: Int64, for request: Request, _ write: (inout JSONWriter) -> Void
    ) -> Response {
        let tag = EntityTag(version: version)
        if let known = request.headers[.ifNoneMatch], tag.isListed(in: known) {
            return Response(status: .notModified, headers: [.eTag: tag.text])
        }
        return .json(headers: [.eTag: tag.text], write)
    }
}
