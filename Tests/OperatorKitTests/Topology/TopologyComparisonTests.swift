// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import CQRS
import CQRSAMQP
import Essentials
import Testing
import Users

@testable import OperatorKit

@Suite("The comparison of a broker with the description")
struct TopologyComparisonTests {
    private static let topology = EventTopology.whole([UserProjection.self])

    /// A broker's answers, to be changed by a test.
    private struct Answers {
        var exchanges = [
            #"{"name":"domain_events","type":"topic","durable":true,"auto_delete":false,"internal":false,"#
                + #""arguments":{},"policy":"domain_events"}"#,
            #"{"name":"domain_events.unrouted","type":"fanout","durable":true,"auto_delete":false,"internal":false,"#
                + #""arguments":[]}"#,
            #"{"name":"read_model_changes","type":"direct","durable":true,"auto_delete":false,"internal":false,"#
                + #""arguments":{}}"#,
            #"{"name":"","type":"direct","durable":true,"auto_delete":false,"internal":false,"arguments":{}}"#,
        ]
        var queues = TopologyComparisonTests.topology.amqp.queues.map { queue in
            #"{"name":"\#(queue.name)","durable":true,"auto_delete":false,"exclusive":false,"policy":"\#(queue.name)","#
                + #""arguments":{"x-queue-type":"quorum"}}"#
        }
        var bindings = [
            #"{"source":"domain_events","destination":"users.projection","destination_type":"queue","#
                + #""routing_key":"user.*","arguments":{}}"#,
            #"{"source":"domain_events.unrouted","destination":"domain_events.unrouted","destination_type":"queue","#
                + #""routing_key":"","arguments":{}}"#,
        ]
        var policies = TopologyComparisonTests.topology.policies.map { policy in
            var definition = JSONWriter()
            definition.beginObject()
            for (name, value) in policy.definition {
                definition.key(name)
                definition.value(value)
            }
            definition.endObject()
            let pattern = policy.pattern.replacing("\\", with: #"\\"#)
            return #"{"name":"\#(policy.name)","apply-to":"\#(policy.target.rawValue)","priority":0,"#
                + #""pattern":"\#(pattern)","definition":\#(String(decoding: definition.bytes, as: UTF8.self))}"#
        }

        func findings() throws -> [TopologyFinding] {
            func objects(_ texts: [String]) throws -> [JSONObject] {
                try texts.map { try #require(try JSON.parseObject(Array($0.utf8))) }
            }
            let observed = try ObservedTopology(
                exchanges: try objects(exchanges), queues: try objects(queues), bindings: try objects(bindings),
                policies: try objects(policies))
            return TopologyComparison(described: TopologyComparisonTests.topology, observed: observed).findings
        }

        /// The lines for everything that is not fine.
        func differences() throws -> [String] {
            try findings().filter { $0.verdict != .fine }.flatMap(\.lines)
        }
    }

    @Test("finds nothing where everything is as described")
    func equal() throws {
        #expect(try Answers().differences().isEmpty)
        #expect(try Answers().findings().count == 18)
    }

    @Test("names what is missing, with the command that makes it")
    func missing() throws {
        var answers = Answers()
        answers.exchanges.remove(at: 1)
        answers.queues.removeAll { $0.contains("retry.10s") }
        answers.bindings.removeFirst()
        answers.policies.removeAll { $0.contains(#""users.projection.dead","apply"#) }
        #expect(
            try answers.differences() == [
                "missing    exchange domain_events.unrouted", "           remedy: consumer topology declare",
                "missing    queue users.projection.retry.10s", "           remedy: consumer topology declare",
                "missing    binding domain_events → users.projection, key \"user.*\"",
                "           remedy: consumer topology declare",
                "missing    policy users.projection.dead",
                "           remedy: consumer topology declare --management URL",
            ])
    }

    @Test(
        "names each property that differs",
        arguments: [
            (#""type":"topic""#, #""type":"direct""#, "its type is direct, not topic"),
            (#""durable":true"#, #""durable":false"#, "durable is false, not true"),
            (#""auto_delete":false"#, #""auto_delete":true"#, "auto-delete is true, not false"),
            (#""internal":false"#, #""internal":true"#, "internal is true, not false"),
            (
                #""arguments":{}"#, #""arguments":{"alternate-exchange":"x"}"#,
                #"alternate-exchange is "x", not not set"#
            ),
        ])
    func exchange(old: String, new: String, difference: String) throws {
        var answers = Answers()
        answers.exchanges[0] = answers.exchanges[0].replacing(old, with: new)
        let lines = try answers.differences()
        #expect(lines.first == "different  exchange domain_events: \(difference)")
        #expect(lines.last?.contains("delete the exchange, then consumer topology declare") == true)
        #expect(lines.count == 2)
    }

    @Test(
        "names each property of a queue that differs",
        arguments: [
            (#""durable":true"#, #""durable":false"#, "durable is false, not true"),
            (#""exclusive":false"#, #""exclusive":true"#, "exclusive is true, not false"),
            (#""auto_delete":false"#, #""auto_delete":true"#, "auto-delete is true, not false"),
            (
                #"{"x-queue-type":"quorum"}"#, #"{"x-queue-type":"classic","x-message-ttl":5}"#,
                #"x-message-ttl is 5, not not set; x-queue-type is "classic", not "quorum""#
            ),
        ])
    func queue(old: String, new: String, difference: String) throws {
        var answers = Answers()
        answers.queues[1] = answers.queues[1].replacing(old, with: new)
        #expect(try answers.differences().first == "different  queue users.projection: \(difference)")
    }

    @Test("names each setting of a policy that differs")
    func policy() throws {
        var answers = Answers()
        answers.policies[2] = answers.policies[2].replacing("20", with: "7").replacing(
            #""priority":0"#, with: #""priority":1"#
        )
        .replacing("^users", with: "^(users|orders)").replacing(
            #""apply-to":"queues""#, with: #""apply-to":"exchanges""#)
        let lines = try answers.differences()
        #expect(lines.count == 2)
        for part in [
            "different  policy users.projection: ", "its pattern is ^(users|orders)", "its priority is 1, not 0",
            "it applies to is exchanges, not queues", "delivery-limit is 7, not 20",
        ] {
            #expect(lines[0].contains(part), "\(part)")
        }
    }

    @Test("says when another policy takes the place of the right one")
    func notInForce() throws {
        var answers = Answers()
        answers.queues[2] = answers.queues[2].replacing(#""policy":"users.projection.dead""#, with: #""policy":"all""#)
        answers.exchanges[0] = answers.exchanges[0].replacing(#""policy":"domain_events""#, with: #""policy":null"#)
        #expect(
            try answers.differences() == [
                "different  policy domain_events: it is not in force: none is",
                "           remedy: wait some seconds and check again",
                "different  policy users.projection.dead: it is not in force: the policy all is",
                "           remedy: give the policy all a pattern that leaves users.projection.dead out",
            ])
    }

    @Test("does not mind what the broker holds besides")
    func besides() throws {
        var answers = Answers()
        answers.queues.append(answers.queues[0].replacing("domain_events.unrouted", with: "other"))
        answers.bindings.append(answers.bindings[0].replacing("user.*", with: "#"))
        answers.policies.append(
            #"{"name":"s","apply-to":"streams","priority":0,"pattern":".*","definition":{"max-age":"1h"}}"#)
        #expect(try answers.differences().isEmpty)
    }

    @Test("refuses answers that are not RabbitMQ's")
    func malformed() {
        var answers = Answers()
        answers.queues[0] = #"{"name":1}"#
        #expect(throws: OperatorError.self) { try answers.findings() }
    }
}
