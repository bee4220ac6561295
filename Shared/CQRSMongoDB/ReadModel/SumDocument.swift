// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import MongoDB

/// A row of sums as a document: `_id` its key, and a field for each column and quotient.
enum SumDocument {
    static let key = "_id"
    /// How often the row has been mended. No column begins like that.
    private static let mends = "_mends"

    /// The row, with what is stored of its quotients.
    ///
    /// - Throws: `invalidBSON` where something else than numbers was written into it, by whom we do not know. A column that is
    ///   not there is 0: it may be newer than the row.
    static func decode(_ table: SumTable, _ document: BSONDocument) throws(MongoError) -> SumRow {
        guard let key = document[key]?.stringValue else {
            throw MongoError(.invalidBSON, "a row of the sums \(table.name) has a key that is no text")
        }
        var values: [Int64] = []
        for column in table.columns {
            guard let value = document[column] else {
                values.append(0)
                continue
            }
            guard let number = value.intValue else {
                throw MongoError(
                    .invalidBSON, "a row of the sums \(table.name) has a column \(column) that is no integer")
            }
            values.append(Int64(number))
        }
        return SumRow(key: key, values: values, ratios: table.ratios.map { double(document[$0.name]) })
    }

    /// How often the row has been mended.
    static func mends(_ document: BSONDocument) -> Int64 { document[mends]?.intValue.map(Int64.init) ?? 0 }

    private static func double(_ value: BSONValue?) -> Double? {
        if case .double(let double) = value { double } else { nil }
    }

    /// The write that adds to a row, or makes it.
    ///
    /// A pipeline computes the quotients. It costs the server twice of what adding alone does, which is all that is to be done where no
    /// quotient changes.
    static func add(_ values: [Int64], to key: SumKey) throws(MongoError) -> MongoWrite {
        let filter: BSONDocument = [Self.key: .string(key.row)]
        guard !key.table.quotients(changeBy: values) else {
            return try .updateOneByPipeline(filter: filter, stages: BSONArray(adding(values, key.table)), upsert: true)
        }
        var columns = BSONWriter()
        columns.appendDocument("$inc") { document in
            for (name, value) in zip(key.table.columns, values) { document.append(name, value) }
        }
        return .updateOne(filter: filter, update: try columns.finish(), upsert: true)
    }

    /// The writes that mend a row, unless somebody has mended it since it was looked at: then they do nothing.
    static func mend(_ difference: SumDifference) throws(MongoError) -> [MongoWrite] {
        let (table, row) = (difference.key.table, BSONValue.string(difference.key.row))
        var stages = try adding(difference.lacking, table)
        stages.append(.document(["$set": [Self.mends: .int64(difference.mends + 1)]]))
        return [
            // A row that is missing is made first: with the condition below, an upsert would fail where it has come meanwhile.
            .updateOne(
                filter: [key: row], update: ["$setOnInsert": .document([table.columns[0]: .int64(0)])], upsert: true),
            .updateOneByPipeline(
                filter: [key: row, Self.mends: difference.mends == 0 ? .null : .int64(difference.mends)],
                stages: BSONArray(stages)),
        ]
    }

    private static func adding(_ values: [Int64], _ table: SumTable) throws(MongoError) -> [BSONValue] {
        // The quotients are of what the columns are afterwards.
        var sums = BSONWriter()
        sums.appendDocument("$set") { document in
            for (name, value) in zip(table.columns, values) {
                document.append(
                    name, ["$add": [["$ifNull": [.string("$\(name)"), 0]], .int64(value)]] as BSONDocument)
            }
        }
        var ratios = BSONWriter()
        ratios.appendDocument("$set") { document in
            for ratio in table.ratios { document.append(ratio.name, quotient(ratio)) }
        }
        return table.ratios.isEmpty
            ? [.document(try sums.finish())]
            : [.document(try sums.finish()), .document(try ratios.finish())]
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
