// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import ConstantAnswers
import NIOCore
import NIOHTTP1

/// Answers every request by its method alone.
final class ConstantHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let user = Prepared(.user)
    private let accepted = Prepared(.accepted)
    private var isCommand = false

    private struct Prepared {
        let head: HTTPResponseHead
        let body: ByteBuffer

        init(_ answer: ConstantAnswer) {
            var headers = HTTPHeaders(answer.fields.map { ($0.name, $0.value) })
            headers.add(name: "Content-Length", value: "\(answer.body.utf8.count)")
            head = HTTPResponseHead(
                version: .http1_1, status: HTTPResponseStatus(statusCode: answer.status), headers: headers)
            body = ByteBuffer(string: answer.body)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): isCommand = head.method == .POST
        case .body: break
        case .end:
            let answer = isCommand ? accepted : user
            context.write(wrapOutboundOut(.head(answer.head)), promise: nil)
            context.write(wrapOutboundOut(.body(.byteBuffer(answer.body))), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}
