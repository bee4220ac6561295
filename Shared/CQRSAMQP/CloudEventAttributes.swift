// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import AMQP
internal import CQRS

/// The CloudEvents attributes among a message's headers, under either prefix.
struct CloudEventAttributes {
    let headers: AMQPTable?

    subscript(name: String) -> AMQPValue? {
        for prefix in CloudEventHeaders.prefixes {
            if let value = headers?[prefix + name] { return value }
        }
        return nil
    }

    func text(_ name: String) throws(MalformedEvent) -> String {
        try read(name) { $0 }
    }

    func read<T>(_ name: String, _ parse: (String) -> T?) throws(MalformedEvent) -> T {
        guard let text = self[name]?.string, let value = parse(text) else {
            throw MalformedEvent(.invalidEnvelope, name)
        }
        return value
    }
}
