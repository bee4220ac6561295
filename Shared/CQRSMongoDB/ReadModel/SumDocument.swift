// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import MongoDB

/// A row of sums as a document: `_id` its key, and a field for each column and quotient.
enum SumDocument {
    static let key = "_id"

    /// The row, with what is stored of its quotients.
    static func decode(_ table: SumTable, _ document: BSONDocument) -> SumRow? {
        guard let key = document[key]?.stringValue else { return nil }
        return SumRow(
            key: key, values: table.columns.map { document[$0]?.intValue.map(Int64.init) ?? 0 },
            ratios: table.ratios.map { double(document[$0.name]) })
    }

    private static func double(_ value: BSONValue?) -> Double? {
        if case .double(let double) = value { double } else { nil }
    }

    /// The write that adds to a row, or makes it.
    static func add(_ values: [Int64], to key: SumKey) throws(MongoError) -> MongoWrite {
        let filter: BSONDocument = [Self.key: .string(key.row)]
        guard !key.table.ratios.isEmpty else {
            var columns = BSONWriter()
            columns.appendDocument("$inc") { document in
                for (name, value) in zip(key.table.columns, values) { document.append(name, value) }
            }
            return .updateOne(filter: filter, update: try columns.finish(), upsert: true)
        }
        // The quotients are of what the columns are afterwards.
        var sums = BSONWriter()
        sums.appendDocument("$set") { document in
            for (name, value) in zip(key.table.columns, values) {
                document.append(
                    name, ["$add": [["$ifNull": [.string("$\(name)"), 0]], .int64(value)]] as BSONDocument)
            }
        }
        var ratios = BSONWriter()
        ratios.appendDocument("$set") { document in
            for ratio in key.table.ratios { document.append(ratio.name, quotient(ratio)) }
        }
        return .updateOneByPipeline(
            filter: filter, stages: BSONArray([.document(try sums.finish()), .document(try ratios.finish())]),
            upsert: true)
    }

    private static func quotient(_ ratio: SumRatio) -> BSONDocument {
        let (numerator, denominator) = (
            BSONValue.string("$\(ratio.numerator)"), BSONValue.string("$\(ratio.denominator)")
        )
        return ["$cond": [["$gt": [denominator, 0]], ["$divide": [numerator, denominator]], .null]]
    }

    /// The index of a rank: with the key behind it, so that rows that are equal in all else have an order, too.
    static func index(_ rank: [String]) throws(MongoError) -> MongoIndex {
        var keys = BSONWriter()
        for name in rank { keys.append(name, Int32(-1)) }
        keys.append(key, Int32(1))
        return MongoIndex(try keys.finish())
    }
}
