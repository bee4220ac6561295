// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import ConstantAnswers
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// `http-constant-hummingbird PORT`: the same with Hummingbird's router, and a body that is read to its end.
@main
struct HTTPConstantHummingbird {
    static func main() async throws {
        guard let port = ServerPort.read(CommandLine.arguments) else {
            print("usage: http-constant-hummingbird PORT")
            return
        }
        var logger = Logger(label: "http-constant-hummingbird")
        logger.logLevel = .warning

        let user = Response(.user)
        let accepted = Response(.accepted)
        let router = Router()
        router.get("users/{email}") { _, _ in user }
        router.post("users") { request, _ in
            _ = try await request.body.collect(upTo: 16384)
            return accepted
        }
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(
                address: .hostname("127.0.0.1", port: port), serverName: nil, backlog: 1024),
            logger: logger)
        try await application.runService()
    }
}

extension Response {
    fileprivate init(_ answer: ConstantAnswer) {
        var headers = HTTPFields()
        for field in answer.fields {
            if let name = HTTPField.Name(field.name) { headers[name] = field.value }
        }
        self.init(
            status: .init(code: answer.status), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(string: answer.body)))
    }
}
