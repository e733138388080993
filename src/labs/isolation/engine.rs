//! A store with versions and locks, and what each isolation level makes of a step. No threads, no clock: a schedule is
//! an order of steps.
//!
//! Sources. Levels by locks: Berenson et al., "A Critique of ANSI SQL Isolation Levels" (SIGMOD 1995), table 2;
//! snapshot isolation: section 4.2, with the check at the write and not at the commit (*first updater wins*), as
//! `PostgreSQL` and Oracle do it. Serializable snapshot isolation: Cahill, Röhm, Fekete (SIGMOD 2008), with the rule
//! that the last of the three commits first, and the one for readers (Ports, Grittner, VLDB 2012, sections 3.3.1 and 4.1).
//!
//! READ COMMITTED reads versions and does not wait for writers, as `PostgreSQL`'s; the locking one of the paper waits.

/// A transaction by its index: 0 is T1.
pub type Tx = usize;
/// A set of rows, one bit each; row n is bit n. A predicate is the rows that match it or would match it.
pub type Rows = u8;
/// A set of transactions, one bit each.
pub type Txs = u8;

/// An isolation level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// Not even writes take locks.
    Unlocked,
    /// Writes lock their row to the end; reads see what is not committed.
    ReadUncommitted,
    /// As before, and each read sees what is committed at its moment.
    ReadCommitted,
    /// By locks: reads lock the rows that they find, to the end.
    RepeatableRead,
    /// Reads see what was committed at the first step; the first updater wins.
    Snapshot,
    /// As before, and a commit that completes a dangerous structure is refused.
    SerializableSnapshot,
    /// Strict two-phase locking: reads lock what they find and what they did not find.
    TwoPhaseLocking,
}

impl Level {
    /// All, in the order of the matrix.
    pub const ALL: [Level; 7] = [
        Level::Unlocked,
        Level::ReadUncommitted,
        Level::ReadCommitted,
        Level::RepeatableRead,
        Level::Snapshot,
        Level::SerializableSnapshot,
        Level::TwoPhaseLocking,
    ];

    /// As the knob has it: `read-committed`.
    pub fn name(self) -> &'static str {
        match self {
            Level::Unlocked => "none",
            Level::ReadUncommitted => "read-uncommitted",
            Level::ReadCommitted => "read-committed",
            Level::RepeatableRead => "locking-repeatable-read",
            Level::Snapshot => "snapshot",
            Level::SerializableSnapshot => "serializable-snapshot",
            Level::TwoPhaseLocking => "two-phase-locking",
        }
    }

    /// By its name.
    pub fn find(name: &str) -> Option<Level> {
        Level::ALL.into_iter().find(|level| level.name() == name)
    }
}

/// What a step asks of the store.
#[derive(Debug, Clone, Copy)]
pub enum Op {
    /// The value of a row; 0 if there is none.
    Read(usize),
    /// How many rows match a predicate.
    Count(Rows),
    /// Writes a row (or inserts it) with a value made of what the transaction has read so far, in order; none: the
    /// condition is not met, and nothing is written.
    Write(usize, fn(&[i64]) -> Option<i64>),
    /// Makes its writes last.
    Commit,
    /// Takes its writes back, because the program wants it.
    Rollback,
}

/// What came of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Did {
    /// A value was read.
    Read(i64),
    /// A value was written.
    Wrote(i64),
    /// The condition of a write was not met.
    Skipped,
    /// Committed.
    Committed,
    /// Taken back by the program.
    RolledBack,
    /// Cannot go on before these have ended; it is tried again then.
    Waits(Txs),
    /// Its turn came while an earlier step of it waits; it follows that one.
    Queued,
    /// Aborted by the store, and all its writes taken back.
    Aborted(Why),
    /// The transaction had ended.
    Nothing,
}

/// Why the store aborted a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// To wait would have closed a circle.
    Deadlock,
    /// The row was changed by a commit after the transaction's snapshot.
    Changed,
    /// It would complete a dangerous structure of reads and writes.
    Dangerous,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Status {
    Active,
    /// With the number of the commit: 1 for the first.
    Committed(u8),
    Aborted,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Version {
    value: i64,
    /// None: there from the start.
    writer: Option<Tx>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Transaction {
    level: Level,
    status: Status,
    /// Number of commits when its first step came.
    snapshot: Option<u8>,
    seen: Vec<i64>,
    reads: Rows,
    writes: Rows,
    shared: Rows,
    exclusive: Rows,
    waits: Txs,
}

/// The rows with their versions, the transactions with their locks.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Store {
    rows: Vec<Vec<Version>>,
    txs: Vec<Transaction>,
    commits: u8,
    /// Reads lock as writes do: SELECT … FOR UPDATE.
    for_update: bool,
}

// --- the mechanism

impl Store {
    /// Plays a step of `t`. If it must wait, nothing was read or written, and the step is to be tried again.
    pub(super) fn step(&mut self, t: Tx, op: Op) -> Did {
        let now = self.commits;
        self.txs[t].snapshot.get_or_insert(now); // not BEGIN but the first step takes the snapshot
        match op {
            Op::Read(row) => self.read(t, 1 << row, false),
            Op::Count(rows) => self.read(t, rows, true),
            Op::Write(row, value) => self.write(t, row, value),
            Op::Commit if self.dangerous(t) => self.abort(t, Why::Dangerous),
            Op::Commit => {
                self.commits += 1;
                self.end(t, Status::Committed(self.commits));
                Did::Committed
            }
            Op::Rollback => {
                self.end(t, Status::Aborted);
                Did::RolledBack
            }
        }
    }

    fn read(&mut self, t: Tx, rows: Rows, count: bool) -> Did {
        let level = self.txs[t].level;
        // A row lock can be put only on a row that is there; a predicate lock also on those that may come.
        let reach = if level == Level::TwoPhaseLocking { rows } else { rows & self.present() };
        let (shared, exclusive) = match level {
            Level::Unlocked => (0, 0),
            _ if self.for_update => (0, reach),
            Level::RepeatableRead | Level::TwoPhaseLocking => (reach, 0),
            _ => (0, 0), // versions instead of locks
        };
        if let Some(refused) = self.lock(t, shared, exclusive) {
            return refused;
        }
        let of = (0..self.rows.len()).filter(|row| rows >> row & 1 == 1);
        let found: Vec<i64> = of.filter_map(|row| self.visible(t, row)).collect();
        let one = found.first().copied().unwrap_or(0);
        let value = if count { found.len() as i64 } else { one };
        self.txs[t].reads |= rows;
        self.txs[t].seen.push(value);
        Did::Read(value)
    }

    /// The version of a row that `t` sees.
    fn visible(&self, t: Tx, row: usize) -> Option<i64> {
        let Transaction { level, snapshot, .. } = self.txs[t];
        let sees = |version: &&Version| match level {
            _ if version.writer == Some(t) => true,
            Level::ReadCommitted => self.committed(version).is_some(),
            Level::Snapshot | Level::SerializableSnapshot => {
                self.committed(version).is_some_and(|at| Some(at) <= snapshot)
            }
            // The latest: at the first two levels whatever it is, at the others a lock keeps out what is not committed.
            _ => true,
        };
        self.rows[row].iter().rev().find(sees).map(|version| version.value)
    }

    fn write(&mut self, t: Tx, row: usize, value: fn(&[i64]) -> Option<i64>) -> Did {
        let Some(value) = value(&self.txs[t].seen) else { return Did::Skipped };
        let exclusive = if self.txs[t].level == Level::Unlocked { 0 } else { 1 << row };
        if let Some(refused) = self.lock(t, 0, exclusive) {
            return refused;
        }
        self.rows[row].push(Version { value, writer: Some(t) });
        self.txs[t].writes |= 1 << row;
        Did::Wrote(value)
    }

    /// Takes locks that are kept to the end, or says why not.
    fn lock(&mut self, t: Tx, shared: Rows, exclusive: Rows) -> Option<Did> {
        let by_snapshot =
            matches!(self.txs[t].level, Level::Snapshot | Level::SerializableSnapshot);
        if by_snapshot && self.changed(t, exclusive) {
            return Some(self.abort(t, Why::Changed)); // the first updater has won
        }
        let holders = self.set(|u| {
            let of = &self.txs[u];
            u != t && (of.exclusive & (shared | exclusive) | of.shared & exclusive) != 0
        });
        if self.wait_for(holders) >> t & 1 == 1 {
            return Some(self.abort(t, Why::Deadlock));
        }
        let tx = &mut self.txs[t];
        tx.waits = holders;
        if holders != 0 {
            return Some(Did::Waits(holders));
        }
        tx.shared |= shared;
        tx.exclusive |= exclusive;
        None
    }

    /// Whether `t` completes a → b → c: each read what the next one, at the same time, replaced, and c committed first
    /// (a and c may be one). If a wrote nothing, c must have committed before a began. Every circle under snapshot
    /// isolation has such a piece; not every piece is in a circle, so that some are refused without need.
    fn dangerous(&self, t: Tx) -> bool {
        let in_play = |u: Tx| {
            let done = matches!(self.txs[u].status, Status::Committed(_));
            self.txs[u].level == Level::SerializableSnapshot && (done || u == t)
        };
        let all: Vec<Tx> = (0..self.txs.len()).filter(|u| in_play(*u)).collect();
        let piece = |a: Tx, b: Tx, c: Tx| {
            let first = self.last(c) <= self.last(a) && self.last(c) < self.last(b);
            let early = self.txs[a].writes != 0 || self.last(c) <= self.began(a);
            self.overlooks(a, b) && self.overlooks(b, c) && first && early
        };
        all.contains(&t)
            && all.iter().any(|a| all.iter().any(|b| all.iter().any(|c| piece(*a, *b, *c))))
    }

    /// Whether `a` read a row or a predicate that `b` changed, each running when the other began.
    fn overlooks(&self, a: Tx, b: Tx) -> bool {
        let together = self.last(a) > self.began(b) && self.last(b) > self.began(a);
        a != b && together && self.txs[a].reads & self.txs[b].writes != 0
    }
}

// --- the lab

impl Store {
    /// A store with the rows that exist at the start, and transactions at their levels. At most eight of each.
    pub(super) fn new(start: &[Option<i64>], levels: &[Level], for_update: bool) -> Store {
        let row = |value: &Option<i64>| {
            value.iter().map(|value| Version { value: *value, writer: None }).collect()
        };
        let tx = |level: &Level| Transaction {
            level: *level,
            status: Status::Active,
            snapshot: None,
            seen: Vec::new(),
            reads: 0,
            writes: 0,
            shared: 0,
            exclusive: 0,
            waits: 0,
        };
        Store {
            rows: start.iter().map(row).collect(),
            txs: levels.iter().map(tx).collect(),
            commits: 0,
            for_update,
        }
    }

    /// The last version of a row; at the end the value that stands. None: there is no such row.
    pub fn value(&self, row: usize) -> Option<i64> {
        self.rows.get(row)?.last().map(|version| version.value)
    }

    /// What a transaction has read, in order.
    pub fn seen(&self, t: Tx) -> &[i64] {
        self.txs.get(t).map_or(&[], |tx| &tx.seen)
    }

    /// Whether a transaction has committed.
    pub fn has_committed(&self, t: Tx) -> bool {
        self.txs.get(t).is_some_and(|tx| matches!(tx.status, Status::Committed(_)))
    }

    /// Whether a transaction has committed or was aborted.
    pub fn has_ended(&self, t: Tx) -> bool {
        self.txs.get(t).is_none_or(|tx| tx.status != Status::Active)
    }

    /// For whom a transaction waits.
    pub fn waits(&self, t: Tx) -> Txs {
        self.txs.get(t).map_or(0, |tx| tx.waits)
    }

    /// Rows that have a version, committed or not.
    fn present(&self) -> Rows {
        (0..self.rows.len())
            .filter(|row| !self.rows[*row].is_empty())
            .fold(0, |all, n| all | 1 << n)
    }

    /// Number of the commit that made a version last.
    fn committed(&self, version: &Version) -> Option<u8> {
        match version.writer.map(|writer| self.txs[writer].status) {
            None => Some(0),
            Some(Status::Committed(at)) => Some(at),
            Some(_) => None,
        }
    }

    /// Whether one of these rows was changed by a commit that the snapshot of `t` does not have.
    fn changed(&self, t: Tx, rows: Rows) -> bool {
        let newer = |version: &Version| self.committed(version) > self.txs[t].snapshot;
        (0..self.rows.len())
            .filter(|row| rows >> row & 1 == 1)
            .any(|row| self.rows[row].iter().any(newer))
    }

    /// Number of the last commit that its snapshot has, or the greatest if it has none.
    fn began(&self, t: Tx) -> u8 {
        self.txs[t].snapshot.unwrap_or(u8::MAX)
    }

    /// Number of its commit, or the greatest if it has not committed.
    fn last(&self, t: Tx) -> u8 {
        match self.txs[t].status {
            Status::Committed(at) => at,
            Status::Active | Status::Aborted => u8::MAX,
        }
    }

    fn set(&self, wanted: impl Fn(Tx) -> bool) -> Txs {
        (0..self.txs.len()).filter(|u| wanted(*u)).fold(0, |all, u| all | 1 << u)
    }

    /// These, and those for whom they wait, and so on.
    fn wait_for(&self, these: Txs) -> Txs {
        (0..self.txs.len()).fold(these, |all, _| {
            let more = self.txs.iter().enumerate().filter(|(u, _)| all >> u & 1 == 1);
            more.fold(all, |all, (_, tx)| all | tx.waits)
        })
    }

    fn abort(&mut self, t: Tx, why: Why) -> Did {
        self.end(t, Status::Aborted);
        Did::Aborted(why)
    }

    /// Lets go of the locks; an aborted transaction's versions go.
    fn end(&mut self, t: Tx, status: Status) {
        let tx = &mut self.txs[t];
        (tx.status, tx.shared, tx.exclusive, tx.waits) = (status, 0, 0, 0);
        if status == Status::Aborted {
            for versions in &mut self.rows {
                versions.retain(|version| version.writer != Some(t));
            }
        }
    }
}
