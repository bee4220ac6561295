// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

@_spi(Benchmarks) import AMQP

extension MicroWork {
    static let tables = [
        MicroWork("header table encode") {
            let wire = TableWire()
            return { for _ in 0..<$0 { blackHole(try wire.encode(Samples.headers)) } }
        },
        MicroWork("header table decode") {
            let wire = TableWire()
            let bytes = try wire.encode(Samples.headers)
            return { for _ in 0..<$0 { blackHole(try wire.decode(bytes)) } }
        },
    ]
}
