// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// As an object with name, unit and value; the limits are said once, with the summary.
extension Reading: Encodable {
    private enum Key: String, CodingKey { case metric, unit, value }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(metric.name, forKey: .metric)
        try container.encode(metric.unit.rawValue, forKey: .unit)
        try container.encode(value, forKey: .value)
    }
}
