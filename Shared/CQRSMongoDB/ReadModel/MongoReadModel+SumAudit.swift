// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
internal import MongoDB

extension MongoReadModel {
    /// How many rows are in memory at a time.
    private static var rowLimit: Int { 500_000 }
    /// The server keeps what it was for five minutes, unless set otherwise.
    private static var snapshotLimit: Duration { .seconds(300) }

    /// Adds all documents up and compares the rows, from one snapshot: so it is exact beside any number of writers.
    ///
    /// Memory is bounded: with very many rows it goes through the documents several times, each time for a share of the rows.
    ///
    /// - Throws: ``MongoError``; `historyLost` or `timedOut` where one time through the documents takes longer than five minutes.
    public func compareSums(_ found: ([SumDifference]) async throws -> Void) async throws -> Int {
        guard !Document.sums.isEmpty else { return 0 }
        var total = 0
        for table in Document.sums { total += try await rows(of: table).storedCount() }
        let shares = total / Self.rowLimit + 1
        var compared = 0
        for share in 0..<shares {
            let (count, differences) = try await collection.client.withSnapshot(timeout: Self.snapshotLimit) {
                snapshot throws(MongoError) in
                try compare(snapshot) { shares == 1 || UInt(bitPattern: $0.hashValue) % UInt(shares) == UInt(share) }
            }
            compared += count
            try await found(differences)
        }
        return compared
    }

    /// - Parameter isOfInterest: of which rows.
    private func compare(
        _ snapshot: borrowing MongoSnapshot, where isOfInterest: (SumKey) -> Bool
    ) throws(MongoError) -> (Int, [SumDifference]) {
        var expected = SumChanges()
        try snapshot.forEach(in: collection) { stored throws(MongoError) in
            for addend in try document(in: stored).addends where isOfInterest(addend.key) {
                expected.add(addend.key, addend.values)
            }
        }
        var differences: [SumDifference] = []
        var seen: Set<SumKey> = []
        for table in Document.sums {
            try snapshot.forEach(in: rows(of: table)) { stored throws(MongoError) in
                guard let row = SumDocument.decode(table, stored) else { return }
                let key = SumKey(table, row.key)
                guard isOfInterest(key) else { return }
                seen.insert(key)
                let sums = expected.rows[key] ?? table.columns.map { _ in 0 }
                if row.values != sums || row.ratios != table.quotients(of: row.values) {
                    differences.append(SumDifference(key: key, stored: row.values, expected: sums))
                }
            }
        }
        for (key, sums) in expected.rows where !seen.contains(key) && sums.contains(where: { $0 != 0 }) {
            differences.append(SumDifference(key: key, stored: sums.map { _ in 0 }, expected: sums))
        }
        return (Set(expected.rows.keys).union(seen).count, differences)
    }
}

extension MongoCollection {
    /// How many documents there are, as the server has noted it.
    fileprivate func storedCount() async throws(MongoError) -> Int {
        do throws(MongoError) {
            return try await aggregate([["$collStats": ["count": [:]]]]).toArray().first?["count"]?.intValue ?? 0
        } catch {
            // There is no such collection before the first row.
            guard error.code == .namespaceMissing else { throw error }
            return 0
        }
    }
}
