// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import CQRSAMQP
internal import CQRSUpkeep
internal import Essentials

/// A read model as the console looks at it, whatever it is made of.
protocol InspectedReadModel: Sendable {
    /// Its permanent name.
    var name: String { get }
    /// Of which streams it is made.
    var category: String { get }

    /// The streams that somebody may mean by a text: a stream's name, its identifier or key, or what documents are looked up
    /// by.
    ///
    /// - Throws: an error with a ``FailureCategory``.
    func streams(meantBy text: String) async throws -> [StreamID]

    /// The version of a stream's document as queries get it; 0 when there is none.
    ///
    /// - Throws: an error with a ``FailureCategory``.
    func version(of stream: StreamID) async throws -> Int64

    /// What an event made of a stream's document.
    ///
    /// - Returns: `nil` when there is no such event.
    /// - Throws: an error with a ``FailureCategory``.
    func step(of stream: StreamID, to version: Int64) async throws -> DocumentStep?

    /// What would become of a letter that is replayed now.
    ///
    /// - Throws: an error with a ``FailureCategory``.
    func preview(_ letter: DeadLetterRecord) async throws -> ReplayPreview

    /// Does something about its generations.
    ///
    /// - Throws: ``RebuildRefusal``; an error with a ``FailureCategory``.
    func perform(_ action: GenerationAction, _ report: @escaping @Sendable (RebuildReport) -> Void) async throws
}

/// Looks at a read model.
func inspect<P: Projection>(_ projection: P.Type, in system: ConsoleSystem) -> any InspectedReadModel {
    InspectedProjection<P>(system: system)
}
