// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials
public import HTTPTypes
public import Hummingbird

extension Response {
    /// An answer with a JSON body.
    ///
    /// - Parameter write: writes one value.
    public static func json(
        _ status: HTTPResponse.Status = .ok, headers: HTTPFields = [:], _ write: (inout JSONWriter) -> Void
    ) -> Response {
        var json = JSONWriter()
        write(&json)
        var headers = headers
        headers[.contentType] = "application/json"
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: json.bytes)))
    }
}
