// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

extension AMQPConfiguration {
    /// Checks what the types leave open.
    ///
    /// - Throws: ``AMQPError/Code/invalidArgument`` whose debug description names the property.
    func validate() throws(AMQPError) {
        let texts = [("virtualHost", virtualHost), ("user", user), ("password", password)]
        for (name, text) in texts + addresses.map({ ("host", $0.host) }) {
            try Self.require(!text.utf8.contains(0) && text.utf8.count <= 255, name)
        }
        try Self.require(!addresses.isEmpty, "addresses")
        for address in addresses { try Self.require(!address.host.isEmpty, "host") }
        try Self.require((connectionName?.utf8.count ?? 0) <= 255, "connectionName")
        try Self.require(heartbeat == .zero || (.seconds(1) ... .seconds(3600)).contains(heartbeat), "heartbeat")
        let timeouts = Duration.milliseconds(1) ... .seconds(3600)
        try Self.require(timeouts.contains(connectTimeout), "connectTimeout")
        try Self.require(timeouts.contains(rpcTimeout), "rpcTimeout")
        try Self.require(timeouts.contains(publishTimeout), "publishTimeout")
        try Self.require((1...65_536).contains(windowMessages), "windowMessages")
        try Self.require((1...(1 << 30)).contains(windowBytes), "windowBytes")
        try Self.require(timeouts.contains(reconnectMinimum), "reconnectMinimum")
        try Self.require(
            timeouts.contains(reconnectMaximum) && reconnectMinimum <= reconnectMaximum, "reconnectMaximum")
    }

    private static func require(_ condition: Bool, _ name: String) throws(AMQPError) {
        guard condition else { throw AMQPError(.invalidArgument, "\(name) is out of range") }
    }
}
