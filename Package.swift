// swift-tools-version: 6.2
//
// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import PackageDescription

// The module map, in rows; a module imports only from rows below its own.
//
//   6  CommandAPI  QueryAPI  Consumer                      composition roots: lists of contexts
//   5  OperatorKit  OperatorConsole                        what operators do: commands, and a page
//   4  CQRSMongoDB  CQRSAMQP                               adapters
//   3  Users  Inventory  Engagement                        contexts
//      CQRSServing  CQRSUpkeep                             what is done with read models
//      GraphQLHTTP                                         the query language over HTTP
//   2  CQRS  ServiceKit  GraphQL  OTLPTracing              what a context is written with, plumbing,
//      MongoDB  AMQP                                      the clients
//   1  Essentials  Gzip  ThreadExecutor  CMongoC  CRabbitMQ   values, threads and C libraries
//
// CQRSServing answers queries from read models, CQRSUpkeep compares and rebuilds them. An author of a context imports CQRS.

/// One set of compiler settings for every target, so that no module is stricter than another.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

func library(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Shared/\(name)", resources: resources, swiftSettings: settings)
}

func service(
    _ name: String, path: String, _ dependencies: [Target.Dependency], resources: [Resource] = []
) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies, path: path, resources: resources, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, path: "Tests/\(name)", resources: resources, swiftSettings: settings)
}

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let hashTrees = Target.Dependency.product(name: "HashTreeCollections", package: "swift-collections")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let configuration = Target.Dependency.product(name: "Configuration", package: "swift-configuration")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTPTypesHTTP1 = Target.Dependency.product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras")
let nioHTTPCompression = Target.Dependency.product(name: "NIOHTTPCompression", package: "swift-nio-extras")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let tracing = Target.Dependency.product(name: "Tracing", package: "swift-distributed-tracing")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdTesting = Target.Dependency.product(name: "HummingbirdTesting", package: "hummingbird")

/// The contexts. Each has a folder of its name in Shared, command-api and query-api, and its tests in Tests. A new one is a
/// line here.
let contexts = [
    "Users",
    "Inventory",
    "Engagement",
]
/// What some of them need beside the kit.
let contextNeeds: [String: [Target.Dependency]] = [
    // A tree keeps earlier states of a table, for states that grow with their stream.
    "Inventory": [hashTrees],
    // A digest stands for a key that is too long for a name. It is hundreds of files of C, so not for all of them.
    "Engagement": [crypto],
]
let contextLibraries = contexts.map { Target.Dependency(stringLiteral: $0) }
/// What the OpenAPI documents say of each.
let contextDocuments = contexts.map { Resource.embedInCode("\($0)/\($0.lowercased()).json") }
let contextTargets = contexts.flatMap { name in
    [
        library(name, ["CQRS", "Essentials"] + contextNeeds[name, default: []]),
        tests(
            "\(name)Tests",
            [Target.Dependency(stringLiteral: name), "CQRS", "CQRSTesting", "Essentials", "MongoDB", logging],
            resources: [.copy("Samples")]),
    ]
}

/// The C bindings and what they stand on.
let bindings: [Target] = [
    .systemLibrary(
        name: "CRabbitMQ", path: "Shared/CRabbitMQ", pkgConfig: "librabbitmq",
        providers: [.apt(["librabbitmq-dev"]), .brew(["rabbitmq-c"])]),
    .systemLibrary(
        name: "CMongoC", path: "Shared/CMongoC", pkgConfig: "libmongoc-1.0",
        providers: [.apt(["libmongoc-dev"]), .brew(["mongo-c-driver@1"])]),
    library("ThreadExecutor", []),
    library("AMQP", ["ThreadExecutor", "CRabbitMQ", logging, deque, configuration]),
    library("MongoDB", ["ThreadExecutor", "CMongoC", logging, deque, configuration]),

    .target(name: "TestSupport", dependencies: [logging], path: "Tests/TestSupport", swiftSettings: settings),
    tests("ThreadExecutorTests", ["ThreadExecutor"]),
    tests("AMQPTests", ["TestSupport", "AMQP", logging, configuration]),
    tests("MongoDBTests", ["TestSupport", "MongoDB", "CMongoC", logging, configuration]),
]

/// The kit, the contexts and the three services.
let system: [Target] = [
    library("Essentials", [deque, tracing]),
    library("Gzip", [nio, nioEmbedded, nioHTTP1, nioHTTPCompression]),
    library("GraphQL", ["Essentials"]),
    library("CQRS", ["Essentials", logging, metrics, lifecycle, tracing, deque]),
    library("CQRSServing", ["CQRS", "Essentials", logging, metrics, lifecycle, deque]),
    library("CQRSUpkeep", ["CQRS", "Essentials", logging, tracing]),
    library(
        "CQRSTesting", ["CQRS", "CQRSServing", "CQRSUpkeep", "Essentials", deque, logging, metrics, lifecycle]),
    library("CQRSAMQP", ["CQRS", "CQRSServing", "CQRSUpkeep", "Essentials", "AMQP", logging, metrics, tracing]),
    library(
        "CQRSMongoDB",
        ["CQRS", "CQRSServing", "CQRSUpkeep", "Essentials", "MongoDB", logging, metrics, lifecycle, tracing, deque]),
    library(
        "OperatorKit",
        [
            "CQRS", "CQRSUpkeep", "Essentials", "CQRSAMQP", "AMQP", "CQRSMongoDB", "MongoDB", "ServiceKit",
            "OTLPTracing", tracing, logging, configuration, arguments, asyncHTTPClient, nio, nioHTTP1, systemPackage,
        ]),
    library(
        "OperatorConsole",
        [
            "CQRS", "CQRSUpkeep", "Essentials", "CQRSAMQP", "AMQP", "CQRSMongoDB", "MongoDB",
            "ServiceKit", hummingbird, httpTypes, logging, lifecycle, configuration,
        ],
        resources: [
            "console.html", "console.css", "console.svg", "console.js", "dom.js", "flow.js", "entity.js", "letters.js",
            "projections.js",
        ].map { .embedInCode("Assets/\($0)") }),
    library(
        "ServiceKit",
        [
            "Essentials", "Gzip", hummingbird, hummingbirdCore, httpTypes, nio, nioPosix, nioEmbedded, nioHTTP1,
            nioHTTPTypes, nioHTTPTypesHTTP1, systemPackage, tracing, logging, metrics, coreMetrics, lifecycle,
            unixSignals, configuration, arguments, deque,
        ],
        // Part of the program: a service is one file.
        resources: [.embedInCode("OpenAPI/docs.html"), .embedInCode("OpenAPI/service.json")]),
    // Neither a service without GraphQL nor GraphQL without HTTP needs the other.
    library(
        "GraphQLHTTP", ["Essentials", "GraphQL", "ServiceKit", hummingbird, httpTypes, metrics],
        resources: [
            "graphql.html", "graphql.css", "graphql.svg", "graphql.js", "language.js", "completion.js", "editor.js",
            "documentation.js", "days.js", "dom.js",
        ].map { .embedInCode("Assets/\($0)") }),
    library(
        "OTLPTracing",
        [
            "Essentials", "Gzip", tracing, asyncHTTPClient, nio, nioHTTP1, nioSSL, logging, metrics, lifecycle,
            configuration, deque,
        ]),
    tests(
        "OTLPTracingTests",
        [
            "OTLPTracing", "Essentials", "TestSupport", tracing, asyncHTTPClient, hummingbird, httpTypes, nio, logging,
            lifecycle, configuration,
        ]),
    tests(
        "ServiceKitTests",
        [
            "ServiceKit", "OTLPTracing", tracing, "CQRS", "Essentials", "TestSupport", "HTTPTestSupport", hummingbird,
            hummingbirdTesting, httpTypes, nio, nioPosix, nioEmbedded, nioHTTP1, nioHTTPTypes, nioHTTPTypesHTTP1,
            logging, metrics, coreMetrics, lifecycle,
            unixSignals, configuration, arguments,
        ]),

    service(
        "CommandAPI", path: "command-api",
        contextLibraries + [
            "CQRS", "Essentials", "CQRSAMQP", "AMQP", "CQRSMongoDB", "MongoDB", "ServiceKit", "OTLPTracing", tracing,
            hummingbird, httpTypes, logging, lifecycle, configuration, arguments,
        ],
        resources: [.embedInCode("OpenAPI/openapi.json")] + contextDocuments),
    service(
        "QueryAPI", path: "query-api",
        contextLibraries + [
            "CQRS", "CQRSServing", "Essentials", "CQRSAMQP", "AMQP", "CQRSMongoDB", "MongoDB", "GraphQL", "GraphQLHTTP",
            "OperatorConsole", "ServiceKit", "OTLPTracing", tracing, hummingbird, httpTypes, logging, lifecycle,
            configuration, arguments,
        ],
        resources: [
            .embedInCode("OpenAPI/openapi.json"), .embedInCode("GraphQL/schema.graphql"),
            .embedInCode("GraphQL/graphql.json"),
        ] + contextDocuments),
    service(
        "Consumer", path: "consumer",
        contextLibraries + [
            "CQRS", "CQRSUpkeep", "Essentials", "CQRSAMQP", "AMQP", "CQRSMongoDB", "MongoDB", "OperatorKit",
            "ServiceKit", "OTLPTracing", tracing, logging, lifecycle, configuration, arguments,
        ]),

    .target(
        name: "HTTPTestSupport",
        dependencies: [
            "TestSupport", "CQRS", "Essentials", asyncHTTPClient, nio, nioPosix, nioHTTP1,
        ],
        path: "Tests/HTTPTestSupport", swiftSettings: settings),
    tests("EssentialsTests", ["Essentials", "TestSupport"]),
    tests("GraphQLTests", ["GraphQL", "Essentials"]),
    tests(
        "GraphQLHTTPTests",
        [
            "GraphQLHTTP", "GraphQL", "Essentials", "ServiceKit", "OTLPTracing", "TestSupport", "HTTPTestSupport",
            hummingbird, hummingbirdTesting, httpTypes, nio, logging, tracing,
        ]),
    // What scripts/graphql-checks holds against another implementation.
    service("GraphQLProbe", path: "Tests/GraphQLReference/Probe", ["GraphQL", "Essentials"]),
    tests(
        "CQRSTests",
        [
            "CQRS", "CQRSServing", "CQRSUpkeep", "CQRSTesting", "Essentials", "TestSupport", "OTLPTracing", tracing,
            logging, lifecycle,
        ]),
    tests(
        "CQRSAMQPTests",
        ["CQRSAMQP", "CQRS", "CQRSServing", "CQRSUpkeep", "CQRSTesting", "Essentials", "AMQP", "Users", "TestSupport"]),
    tests(
        "ContractTests",
        [
            "CQRS", "CQRSServing", "CQRSUpkeep", "CQRSTesting", "Essentials", "CQRSAMQP", "AMQP", "CQRSMongoDB",
            "MongoDB", "OTLPTracing", tracing, "TestSupport", "HTTPTestSupport", logging,
        ]),
    tests(
        "CommandAPITests",
        [
            "CommandAPI", "CQRS", "CQRSTesting", "Essentials", "ServiceKit", "Users", "Inventory", "Engagement",
            "TestSupport", "HTTPTestSupport",
            hummingbird, nio, lifecycle,
            logging,
        ]),
    tests(
        "QueryAPITests",
        [
            "QueryAPI", "CQRS", "CQRSServing", "CQRSAMQP", "CQRSMongoDB", "CQRSTesting", "Essentials", "GraphQL",
            "MongoDB", "ServiceKit", "Users", "Inventory", "Engagement", "TestSupport",
            "HTTPTestSupport", hummingbird, hummingbirdTesting, httpTypes, nio, logging,
        ]),
    tests(
        "OperatorKitTests",
        [
            "OperatorKit", "Consumer", "CQRS", "CQRSUpkeep", "CQRSTesting", "Essentials", "CQRSAMQP", "AMQP",
            "OTLPTracing", "TestSupport", "HTTPTestSupport", tracing, arguments, nio,
        ]),
    tests(
        "OperatorConsoleTests",
        [
            "OperatorConsole", "CQRS", "CQRSUpkeep", "CQRSTesting", "Essentials", "CQRSAMQP", "AMQP", "CQRSMongoDB",
            "MongoDB", "ServiceKit", "Users", "TestSupport", hummingbird, hummingbirdTesting,
            httpTypes, logging,
        ]),
    tests(
        "SystemTests",
        [
            "CommandAPI", "QueryAPI", "Consumer", "Engagement", "Inventory", "Users", "CQRS", "CQRSServing",
            "CQRSUpkeep",
            "CQRSTesting", "Essentials", "CQRSAMQP", "AMQP", "CQRSMongoDB", "MongoDB",
            "TestSupport", "HTTPTestSupport", logging,
        ]),
]

// Sanitizer runs want the bindings only: `BINDINGS_ONLY=1 swift test --sanitize=thread` then builds neither
// SwiftNIO nor Hummingbird.
let bindingsOnly = Context.environment["BINDINGS_ONLY"] == "1"

let package = Package(
    name: "swift-cqrs",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "AMQP", targets: ["AMQP"]),
        .library(name: "MongoDB", targets: ["MongoDB"]),
        // What bench/ compares the clients with.
        .library(name: "CRabbitMQ", targets: ["CRabbitMQ"]),
        .library(name: "CMongoC", targets: ["CMongoC"]),
    ]
        + (bindingsOnly
            ? []
            : [
                // What bench/ measures by itself.
                .library(name: "Essentials", targets: ["Essentials"]),
                .library(name: "CQRS", targets: ["CQRS"]),
                .library(name: "CQRSServing", targets: ["CQRSServing"]),
                .library(name: "CQRSUpkeep", targets: ["CQRSUpkeep"]),
                .library(name: "CQRSTesting", targets: ["CQRSTesting"]),
                .library(name: "Users", targets: ["Users"]),
                .executable(name: "command-api", targets: ["CommandAPI"]),
                .executable(name: "query-api", targets: ["QueryAPI"]),
                .executable(name: "consumer", targets: ["Consumer"]),
            ]),
    dependencies: [
        .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.3.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
    ]
        + (bindingsOnly
            ? []
            : [
                .package(url: "https://github.com/apple/swift-metrics", from: "2.9.0"),
                .package(url: "https://github.com/apple/swift-nio", from: "2.100.0"),
                .package(url: "https://github.com/apple/swift-nio-extras", from: "1.30.0"),
                .package(url: "https://github.com/apple/swift-http-types", from: "1.5.0"),
                .package(url: "https://github.com/apple/swift-system", from: "1.6.0"),
                .package(url: "https://github.com/apple/swift-argument-parser", from: "1.6.0"),
                .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.8.0"),
                .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
                .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
                .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
                .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
                .package(url: "https://github.com/swift-server/async-http-client", from: "1.30.0"),
            ]),
    targets: bindings + (bindingsOnly ? [] : system + contextTargets),
    swiftLanguageModes: [.v6]
)
