// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials
import Foundation
import TestSupport
import Testing

@testable import Consumer
@testable import OperatorKit

@Suite("The broker's definitions file")
struct DefinitionsTests {
    @Test("is what follows from the read models: `consumer topology definitions` prints it")
    func file() throws {
        let file = packageRoot.appending(path: "deploy/rabbitmq/definitions.json")
        let text = try String(decoding: Data(contentsOf: file), as: UTF8.self)
        #expect(text.split(separator: "\n").map(String.init) == TopologyCommand<Consumer>.Definitions.lines)
    }
}
