// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials
import Testing

@Suite("A JSON object's members")
struct JSONObjectTests {
    @Test("can be replaced in place, added and removed", arguments: [0, 5, 20])
    func subscripts(others: Int) {
        var object = JSONObject()
        for number in 0..<others { object.append("\(number)", .number(JSONNumber(number))) }
        object["a"] = 1
        object["b"] = 2
        object["a"] = "one"
        #expect(object.members.map(\.name).suffix(2) == ["a", "b"])
        #expect(object["a"] == "one")
        object["a"] = nil
        object["absent"] = nil
        #expect(object["a"] == nil)
        #expect(object.members.count == others + 1)
        // What was removed may come back, and what is there may not come twice.
        let returned = object.append("a", 3)
        let repeated = object.append("b", 4)
        #expect(returned)
        #expect(!repeated)
        #expect(object.members.map(\.name).suffix(2) == ["b", "a"])
    }
}
