// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSServing
import Essentials
import Notes
import ServiceKit

/// How notes are sent.
enum NoteAnswer {
    /// How the near cache keeps them.
    static let content = NearCacheContent<NoteDocument, PreparedAnswer>(
        lookup: nil,
        stream: { UUIDv7($0.id).map(Notes.stream(of:)) },
        answer: { document in
            guard let write = item(document) else { return nil }
            let prepared = PreparedAnswer(version: document.version, write)
            return (prepared, prepared.sizeBytes)
        })

    /// Writes `{"id","text","version","createdAt","updatedAt"}`; `nil` for what a deleted note left.
    static func item(_ document: NoteDocument) -> ((inout JSONWriter) -> Void)? {
        guard let text = document.text else { return nil }
        return { json in
            json.beginObject()
            json.member("id", document.id)
            json.member("text", text)
            json.member("version", document.version)
            json.member("createdAt", document.createdAt.description)
            json.member("updatedAt", document.updatedAt.description)
            json.endObject()
        }
    }
}
