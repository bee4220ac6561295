// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
internal import MongoDB

extension MongoReadModel {
    /// How many rows are in memory at a time, as a rule; twice as many at most, and those that no document adds to.
    private static var rowLimit: Int { 500_000 }
    /// The server ends it before, when it has not kept any more what the snapshot was.
    private static var snapshotLimit: Duration { .seconds(86_400) }

    /// Adds all documents up and compares the rows, from one snapshot: so it is exact beside any number of writers.
    ///
    /// Memory is bounded: with very many rows it goes through the documents several times, each time for a share of the rows. Each
    /// time has a snapshot of its own, which the server keeps for `minSnapshotHistoryWindowInSeconds`, 300 unless set otherwise.
    ///
    /// - Throws: ``MongoError``; `historyLost` where one time through the documents takes longer than that. It is for the operator to
    ///   raise it then, or to compare while less is written.
    public func compareSums(_ found: ([SumDifference]) async throws -> Void) async throws -> Int {
        guard !Document.sums.isEmpty else { return 0 }
        var total = 0
        for table in Document.sums { total += try await rows(of: table).storedCount() }
        var shares = total / Self.rowLimit + 1
        var share = 0
        var compared = 0
        while share < shares {
            let result = try await collection.client.withSnapshot(timeout: Self.snapshotLimit) {
                [share, shares] snapshot throws(MongoError) in
                try compare(snapshot, limit: 2 * Self.rowLimit) {
                    shares == 1 || $0.share(of: shares) == share
                }
            }
            guard let (count, differences) = result else {
                // Rows are missing, so that they were too many. Each share is now two; those before this one are done.
                shares *= 2
                share *= 2
                continue
            }
            compared += count
            share += 1
            try await found(differences)
        }
        return compared
    }

    /// - Parameters:
    ///   - limit: how many rows there may be.
    ///   - isOfInterest: of which rows.
    /// - Returns: `nil` if there are more.
    private func compare(
        _ snapshot: borrowing MongoSnapshot, limit: Int, where isOfInterest: (SumKey) -> Bool
    ) throws(MongoError) -> (Int, [SumDifference])? {
        var expected = SumChanges()
        let isWhole = try snapshot.forEach(in: collection) { stored throws(MongoError) in
            for addend in try document(in: stored).addends where isOfInterest(addend.key) {
                expected.add(addend.key, addend.values)
            }
            return expected.rows.count <= limit
        }
        guard isWhole else { return nil }
        var differences: [SumDifference] = []
        var seen: Set<SumKey> = []
        for table in Document.sums {
            try snapshot.forEach(in: rows(of: table)) { stored throws(MongoError) in
                let row = try SumDocument.decode(table, stored)
                let key = SumKey(table, row.key)
                guard isOfInterest(key) else { return true }
                seen.insert(key)
                let sums = expected.rows[key] ?? table.columns.map { _ in 0 }
                if row.values != sums || row.ratios != table.quotients(of: row.values) {
                    differences.append(
                        SumDifference(
                            key: key, stored: row.values, expected: sums, mends: SumDocument.mends(stored)))
                }
                return true
            }
        }
        for (key, sums) in expected.rows where !seen.contains(key) && sums.contains(where: { $0 != 0 }) {
            differences.append(SumDifference(key: key, stored: sums.map { _ in 0 }, expected: sums))
        }
        return (Set(expected.rows.keys).union(seen).count, differences)
    }
}

extension SumKey {
    /// The number of the share that the row is in, when rows are dealt out by ranges of their hashes.
    fileprivate func share(of shares: Int) -> Int {
        Int(UInt(bitPattern: hashValue).multipliedFullWidth(by: UInt(shares)).high)
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
