// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Testing

@testable import ServiceKit

@Suite("A connection's open requests")
struct OpenRequestsTests {
    private var requests = OpenRequests()

    /// Receives a whole request in one read.
    private mutating func receive() {
        requests.notePart()
        requests.begin(expectsContinue: false)
        requests.receiveEnd()
        _ = requests.completeRead()
    }

    @Test("are in part from the head to the end, however many reads that takes")
    mutating func body() {
        requests.notePart()
        requests.begin(expectsContinue: false)
        var isPartial = requests.completeRead()
        #expect(isPartial)
        requests.notePart()
        requests.receiveBody()
        isPartial = requests.completeRead()
        #expect(isPartial)
        requests.notePart()
        requests.receiveEnd()
        isPartial = requests.completeRead()
        #expect(!isPartial)
    }

    @Test("are in part by bytes of a head, but not behind a request that is worked on")
    mutating func head() {
        var isPartial = requests.completeRead()
        #expect(isPartial)
        receive()
        isPartial = requests.completeRead()
        #expect(!isPartial)
        requests.endAnswer()
        isPartial = requests.completeRead()
        #expect(isPartial)
    }

    @Test("are not in part after a read that others have answered in whole")
    mutating func elsewhere() {
        requests.notePart()
        let isPartial = requests.completeRead()
        #expect(!isPartial)
    }

    @Test("have the client told once that a body is welcome, and not before the answers before it")
    mutating func hundred() {
        receive()
        requests.begin(expectsContinue: true)
        #expect(requests.takeContinue() == false)
        requests.endAnswer()
        #expect(requests.takeContinue() == true)
        #expect(requests.takeContinue() == false)
        #expect(requests.isReceiving)
    }

    @Test("tell nobody that a body is welcome which is coming already")
    mutating func impatient() {
        requests.begin(expectsContinue: true)
        requests.receiveBody()
        #expect(requests.takeContinue() == false)
    }

    @Test("leave it to the client to go on while there is none, or one that is not whole")
    mutating func turns() {
        #expect(requests.isClientsTurn)
        requests.begin(expectsContinue: false)
        #expect(requests.isClientsTurn)
        #expect(requests.isOnlyOneReceiving)
        requests.receiveEnd()
        #expect(!requests.isClientsTurn)
        requests.begin(expectsContinue: false)
        #expect(requests.isClientsTurn)
        #expect(!requests.isOnlyOneReceiving)
    }

    @Test("are never fewer than none, though what is no request is answered, too")
    mutating func none() {
        requests.endAnswer()
        receive()
        #expect(requests.count == 1)
    }
}
