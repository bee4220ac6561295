// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Testing

@testable import OperatorKit

@Suite("What is printed")
struct TerminalTests {
    @Test("shows control characters and direction overrides as escapes, and other scripts as they are")
    func printable() {
        #expect(Printable.text("Ada Löve 李") == "Ada Löve 李")
        #expect(Printable.text("\u{1B}[31mred\u{7}\r\n") == "\\u{1B}[31mred\\u{7}\\u{D}\\u{A}")
        #expect(Printable.text("a\u{202E}b\u{2028}c\u{9B}d") == "a\\u{202E}b\\u{2028}c\\u{9B}d")
        #expect(Printable.text("abcdef", limit: 3) == "abc…")
        #expect(Printable.text("abc", limit: 3) == "abc")
    }

    @Test("is aligned in columns, as wide as their widest cell")
    func table() {
        var table = TextTable(["A", "LONG", "C"])
        #expect(table.isEmpty)
        table.append(["first", "x", "1"])
        table.append(["2nd", "y", ""])
        #expect(table.lines == ["A      LONG  C", "first  x     1", "2nd    y"])
    }

    @Test("as JSON has a line for each member, and is still JSON")
    func json() throws {
        let text = #"{"a":[1,{"b":null}],"c":{},"d":[],"e":"x\u202e\u0007😀\ue0001"}"#
        let value = try JSON.parse(Array(text.utf8))
        let lines = PrettyJSON.lines(value)
        #expect(
            lines == [
                "{", #"  "a": ["#, "    1,", "    {", #"      "b": null"#, "    }", "  ],", #"  "c": {},"#,
                #"  "d": [],"#, #"  "e": "x\u202E\u0007😀\uE0001""#, "}",
            ])
        #expect(try JSON.parse(Array(lines.joined(separator: "\n").utf8)) == value)
    }

    @Test("as hexadecimal digits has sixteen bytes a line")
    func hex() {
        #expect(Hex.digits([0, 15, 255]) == "000fff")
        let lines = Hex.lines(Array(0..<18))
        #expect(lines == ["000000  00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f", "000010  10 11"])
    }
}

@Suite("Progress")
struct ProgressTests {
    private let start = ContinuousClock.now

    @Test("says how many commits of all are done, and how fast")
    func commits() {
        #expect(Pace().text("verified", 4000, of: 12_000).hasPrefix("verified 4,000 of 12,000 commits, "))
    }

    @Test("is not told of short work")
    func short() {
        let recorder = Recorder()
        var progress = Progress("reading", of: 10, on: recorder.console, now: start)
        progress.update(5, now: start + .milliseconds(999))
        progress.pause()
        #expect(recorder.errors.isEmpty)
    }

    @Test("is told in lines where nothing can be written over, every few seconds")
    func lines() {
        let recorder = Recorder()
        var progress = Progress("reading", of: 1000, on: recorder.console, now: start)
        for second in 1...12 { progress.update(second * 50, now: start + .seconds(second)) }
        #expect(
            recorder.errors == """
                reading: 50 of 1000, 50 a second
                reading: 300 of 1000, 50 a second
                reading: 550 of 1000, 50 a second

                """)
    }

    @Test("is told in one line on a terminal, which is cleared at the end")
    func terminal() {
        let recorder = Recorder(overwritesLines: true)
        var progress = Progress("reading", of: 1000, on: recorder.console, now: start)
        progress.update(50, now: start + .seconds(1))
        progress.update(60, now: start + .milliseconds(1100))
        progress.update(100, now: start + .seconds(2))
        progress.pause()
        progress.pause()
        #expect(
            recorder.errors
                == "\rreading: 50 of 1000, 50 a second\u{1B}[K\rreading: 100 of 1000, 50 a second\u{1B}[K\r\u{1B}[K")
    }
}
