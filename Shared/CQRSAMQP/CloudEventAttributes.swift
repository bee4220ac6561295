// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import AMQP
internal import CQRS

/// The CloudEvents attributes among a message's headers, under either prefix.
struct CloudEventAttributes {
    let headers: AMQPTable?

    subscript(attribute: CloudEventAttribute) -> AMQPValue? {
        headers?[attribute.header] ?? headers?[attribute.alternative]
    }

    func text(_ attribute: CloudEventAttribute) throws(MalformedEvent) -> String {
        try read(attribute) { $0 }
    }

    func read<T>(_ attribute: CloudEventAttribute, _ parse: (String) -> T?) throws(MalformedEvent) -> T {
        guard let text = self[attribute]?.string, let value = parse(text) else {
            throw MalformedEvent(.invalidEnvelope, attribute.name)
        }
        return value
    }
}
