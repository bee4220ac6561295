// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import HTTPTypes
internal import Hummingbird
internal import NIOHTTP1

/// What ``Admission`` knows of a request.
public struct ArrivingRequest {
    private enum Fields {
        case decoded(HTTPHeaders)
        case converted(HTTPFields)
    }

    /// The request's method.
    public let method: HTTPRequest.Method
    /// The route that will serve it, such as `/users/{email}`; `unmatched` when there is none.
    public let route: String
    private let fields: Fields

    init(_ request: Request, route: String) {
        method = request.method
        self.route = route
        fields = .converted(request.headers)
    }

    init(_ head: HTTPRequestHead, method: HTTPRequest.Method, route: String) {
        self.method = method
        self.route = route
        fields = .decoded(head.headers)
    }

    /// The value of a header field; those of several lines are joined by commas (RFC 9110 §5.3). `nil` when there is none.
    public subscript(_ name: HTTPField.Name) -> String? {
        switch fields {
        case .converted(let fields):
            return fields[name]
        case .decoded(let headers):
            let values = headers[name.rawName]
            return values.isEmpty ? nil : values.joined(separator: ", ")
        }
    }
}
