// swift-tools-version: 6.2
//
// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import PackageDescription

// A package of its own, so that nobody who builds the services builds what only measures them.
//
//   3  BenchRun                                                    runs the others in turn, and says what came of it
//   2  Load  MicroInstructions  HTTPConstantNIO  HTTPConstantHummingbird  RawConfirms  RawMongo    one program each
//   1  BenchKit  ConstantAnswers  MicroWork  CWait                 what they share

/// The settings of the package that is measured.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// A program under the name that it is called by.
func product(_ name: String, _ target: String) -> Product { .executable(name: name, targets: [target]) }

/// A library of the package that is measured.
func measured(_ name: String) -> Target.Dependency { .product(name: name, package: "swift-cqrs") }

let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let histogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")
let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let benchmark = Target.Dependency.product(name: "Benchmark", package: "benchmark")

let package = Package(
    name: "bench",
    platforms: [.macOS(.v15)],
    products: [
        product("bench-run", "BenchRun"),
        product("load", "Load"),
        product("http-constant-nio", "HTTPConstantNIO"),
        product("http-constant-hummingbird", "HTTPConstantHummingbird"),
        product("raw-confirms", "RawConfirms"),
        product("raw-mongo", "RawMongo"),
        product("micro-instructions", "MicroInstructions"),
    ],
    dependencies: [
        .package(name: "swift-cqrs", path: ".."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.3.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.100.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        // Its interposers are left out: they count allocations by replacing malloc, and want another package each.
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
    ],
    targets: [
        .systemLibrary(name: "CWait"),
        library("BenchKit", ["CWait", deque]),
        library("ConstantAnswers"),
        program("Load", ["BenchKit", arguments, histogram]),
        program("HTTPConstantNIO", ["ConstantAnswers", nio, nioPosix, nioHTTP1]),
        program("HTTPConstantHummingbird", ["ConstantAnswers", hummingbird, httpTypes, nio, logging]),
        program("RawConfirms", ["BenchKit", measured("CRabbitMQ"), arguments]),
        program("RawMongo", ["BenchKit", measured("CMongoC"), arguments]),
        program("BenchRun", ["BenchKit", arguments]),
        library(
            "MicroWork",
            [logging] + ["AMQP", "CQRS", "CQRSServing", "CQRSTesting", "Essentials", "MongoDB", "Users"].map(measured)),
        program("MicroInstructions", ["MicroWork", arguments]),
        .executableTarget(
            name: "MicroBenchmarks", dependencies: [benchmark, "MicroWork"],
            path: "Benchmarks/MicroBenchmarks", swiftSettings: settings,
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
    ],
    swiftLanguageModes: [.v6]
)
