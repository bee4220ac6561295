// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import CQRSUpkeep
internal import Essentials

/// What `verify` prints, for people or for programs.
struct VerifyOutput {
    let json: Bool
    let repair: Bool

    /// A difference as one line.
    func line(for difference: ReadModelDifference, isMended: Bool) -> String {
        guard json else {
            return repair ? "\(difference)  (\(isMended ? "mended" : "not mended"))" : "\(difference)"
        }
        return object { json in
            json.member("stream", difference.stream.name)
            json.member("difference", difference.word)
            json.member("storedVersion", difference.stored)
            json.member("expectedVersion", difference.expected)
            switch difference.kind {
            case .different(let fields):
                json.key("fields")
                json.beginArray()
                for field in fields { json.string(field) }
                json.endArray()
            case .stopped(let version, let reason):
                json.member("stoppedAt", version)
                json.member("reason", reason.rawValue)
            case .entry(let version):
                json.member("entryVersion", version)
            case .missing, .extra, .behind, .ahead: break
            }
            if repair { json.member("mended", isMended) }
        }
    }

    /// A row that is not what the documents add up to, as one line.
    func line(for difference: SumDifference, isMended: Bool) -> String {
        guard json else {
            return repair ? "\(difference)  (\(isMended ? "mended" : "not mended"))" : "\(difference)"
        }
        return object { json in
            json.member("sum", difference.key.table.name)
            json.member("row", difference.key.row)
            for (name, values) in [("stored", difference.stored), ("expected", difference.expected)] {
                json.key(name)
                json.beginObject()
                for (column, value) in zip(difference.key.table.columns, values) { json.member(column, value) }
                json.endObject()
            }
            if repair { json.member("mended", isMended) }
        }
    }

    /// The last line.
    func summary(_ result: AuditProgress) -> String {
        guard json else {
            let differences = result.differences == 0 ? "no differences" : "\(result.differences.grouped) differences"
            let rows = result.rows == 0 ? "" : ", \(result.rows.grouped) sums"
            return "\(result.events.grouped) events of \(result.streams.grouped) streams\(rows): \(differences)"
                + (repair ? ", \(result.repaired.grouped) mended" : "")
        }
        return object { json in
            json.key("summary")
            json.beginObject()
            json.member("events", result.events)
            json.member("streams", result.streams)
            if result.rows > 0 { json.member("sums", result.rows) }
            json.member("differences", result.differences)
            json.member("mended", result.repaired)
            json.endObject()
        }
    }

    /// How far an audit is.
    func text(of progress: AuditProgress, total: Int, _ pace: Pace) -> String {
        pace.text("verified", progress.commits, of: total) + ", \(progress.differences.grouped) differences"
    }

    private func object(_ write: (inout JSONWriter) -> Void) -> String {
        var json = JSONWriter()
        json.beginObject()
        write(&json)
        json.endObject()
        return String(decoding: json.bytes, as: UTF8.self)
    }
}
