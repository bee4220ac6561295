// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import CQRSAMQP
internal import Essentials

/// What would become of a letter that is replayed now, as far as the serving generation tells.
enum ReplayPreview: Sendable {
    /// It would be applied, and its document be at this version.
    case applied(Int64)
    /// The document is at this version already: it would be acknowledged and change nothing.
    case repeated(at: Int64)
    /// It would be put aside again.
    case putAside(MalformedEvent)
    /// It would not be replayed.
    case refused(DeadLetterReceipt)

    func write(to json: inout JSONWriter) {
        let (outcome, detail): (String, String) =
            switch self {
            case .applied(let version): ("applied", "the document comes to version \(version)")
            case .repeated(let version): ("repeat", "the document is at version \(version): nothing changes")
            case .putAside(let error): ("put-aside", "\(error)")
            case .refused(let receipt): ("refused", receipt.words.detail ?? receipt.words.outcome)
            }
        json.beginObject()
        json.member("outcome", outcome)
        json.member("detail", detail)
        json.endObject()
    }
}
