// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSAMQP
import CQRSMongoDB
import Essentials
import MongoDB
import Testing

@testable import AMQP

@Suite("A cancellation")
struct CancellationTests {
    @Test(
        "is a category of its own, whoever reports it: nothing follows from it for what was asked",
        arguments: [
            CancellationError(), MongoError(.cancelled), MongoError(.cancelled, outcomeUnknown: true),
            AMQPError(.cancelled, ""),
        ] as [any Error])
    func category(error: any Error) {
        #expect(FailureCategory(of: error) == .cancelled)
    }
}
