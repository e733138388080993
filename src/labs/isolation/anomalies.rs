//! Ten anomalies: the steps, the order in which they are usually told, how the bad outcome is known from what was read
//! and what stands at the end, and what each level makes of that order.
//!
//! Sources. P0 to P3, P4, A5A, A5B: Berenson et al. (SIGMOD 1995), sections 2 to 4 and table 4; G1a, G1b, G2: Adya
//! (MIT thesis, 1999), section 3; the read-only anomaly: Fekete, O'Neil, O'Neil (SIGMOD Record 33(3), 2004).

use super::engine::{Op, Store, Tx};
use super::play::Outcome::{self, Aborts as A, Happens as H, Safe as S, Waits as W};

/// A step of a transaction.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// In words: `read qty`.
    pub says: &'static str,
    /// What it asks of the store.
    pub op: Op,
}

/// An anomaly.
pub struct Anomaly {
    /// As the knob has it: `lost-update`.
    pub name: &'static str,
    /// In the literature: `P4`.
    pub code: &'static str,
    /// Its lesson.
    pub lesson: &'static str,
    /// What the rows are, and what the transactions want.
    pub story: &'static str,
    /// The bad outcome in words.
    pub harm: &'static str,
    /// The rows at the start; none: not there yet. At most eight.
    pub start: &'static [Option<i64>],
    /// The steps of each transaction; the last is its commit or its rollback.
    pub steps: &'static [&'static [Step]],
    /// The order in which it is told.
    pub order: &'static [Tx],
    /// Whether the bad outcome stands, when all have ended.
    pub bad: fn(&Store) -> bool,
    /// What that order ends in at each level, in the order of `Level::ALL`.
    pub expected: [Outcome; 7],
}

const T1: Tx = 0;
const T2: Tx = 1;
const T3: Tx = 2;

const COMMIT: Step = Step { says: "commit", op: Op::Commit };
const ROLLBACK: Step = Step { says: "rollback", op: Op::Rollback };

const fn read(says: &'static str, row: usize) -> Step {
    Step { says, op: Op::Read(row) }
}

const fn write(says: &'static str, row: usize, value: fn(&[i64]) -> Option<i64>) -> Step {
    Step { says, op: Op::Write(row, value) }
}

/// Rows 0 and 1, the predicate of the phantoms.
const BOTH: Step = Step { says: "count bookings", op: Op::Count(0b11) };

/// All, in the order of the matrix.
pub static ALL: [Anomaly; 10] = [
    Anomaly {
        name: "dirty-write",
        code: "P0",
        lesson: "dirty-write",
        story: "A car is sold to buyer 1 (T1) and to buyer 2 (T2), each time in the listing and in the invoice.",
        harm: "the listing names one buyer, the invoice the other",
        start: &[Some(0), Some(0)],
        steps: &[
            &[write("listing = 1", 0, |_| Some(1)), write("invoice = 1", 1, |_| Some(1)), COMMIT],
            &[write("listing = 2", 0, |_| Some(2)), write("invoice = 2", 1, |_| Some(2)), COMMIT],
        ],
        order: &[T1, T2, T2, T2, T1, T1],
        bad: |end| end.has_committed(T1) && end.has_committed(T2) && end.value(0) != end.value(1),
        expected: [H, W, W, W, A, A, W],
    },
    Anomaly {
        name: "dirty-read",
        code: "P1, G1a",
        lesson: "dirty-read",
        story: "The balance is 100. T1 writes 50 and takes it back; T2 reads the balance.",
        harm: "T2 has acted on a balance that never was",
        start: &[Some(100)],
        steps: &[
            &[write("balance = 50", 0, |_| Some(50)), ROLLBACK],
            &[read("read balance", 0), COMMIT],
        ],
        order: &[T1, T2, T1, T2],
        bad: |end| end.has_committed(T2) && end.seen(T2) == [50],
        expected: [H, H, S, W, S, S, W],
    },
    Anomaly {
        name: "intermediate-read",
        code: "G1b",
        lesson: "dirty-read",
        story: "The total is 0. T1 writes 50 and then 100, its last word; T2 reads the total.",
        harm: "T2 has read the 50 of a transaction that left 100",
        start: &[Some(0)],
        steps: &[
            &[write("total = 50", 0, |_| Some(50)), write("total = 100", 0, |_| Some(100)), COMMIT],
            &[read("read total", 0), COMMIT],
        ],
        order: &[T1, T2, T1, T1, T2],
        bad: |end| end.has_committed(T2) && end.seen(T2) == [50],
        expected: [H, H, S, W, S, S, W],
    },
    Anomaly {
        name: "non-repeatable-read",
        code: "P2",
        lesson: "non-repeatable-read",
        story: "The price is 10. T1 reads it twice; T2 makes it 12.",
        harm: "T1 has read two prices",
        start: &[Some(10)],
        steps: &[
            &[read("read price", 0), read("read price", 0), COMMIT],
            &[write("price = 12", 0, |_| Some(12)), COMMIT],
        ],
        order: &[T1, T2, T2, T1, T1],
        bad: differs,
        expected: [H, H, H, W, S, S, W],
    },
    Anomaly {
        name: "phantom",
        code: "P3",
        lesson: "phantom-read",
        story: "A room has one booking. T1 counts its bookings twice; T2 adds one.",
        harm: "T1 has counted two numbers of bookings",
        start: &[Some(1), None],
        steps: &[&[BOTH, BOTH, COMMIT], &[write("insert booking", 1, |_| Some(1)), COMMIT]],
        order: &[T1, T2, T2, T1, T1],
        bad: differs,
        expected: [H, H, H, H, S, S, W],
    },
    Anomaly {
        name: "lost-update",
        code: "P4",
        lesson: "lost-update",
        story: "There are 10 lamps. T1 takes three and T2 takes two; each writes what it makes of its read.",
        harm: "both have committed and 5 is not what is left",
        start: &[Some(10)],
        steps: &[
            &[read("read qty", 0), write("qty = read - 3", 0, |seen| Some(seen[0] - 3)), COMMIT],
            &[read("read qty", 0), write("qty = read - 2", 0, |seen| Some(seen[0] - 2)), COMMIT],
        ],
        order: &[T1, T2, T1, T2, T1, T2],
        bad: |end| end.has_committed(T1) && end.has_committed(T2) && end.value(0) != Some(5),
        expected: [H, H, H, A, A, A, A],
    },
    Anomaly {
        name: "read-skew",
        code: "A5A",
        lesson: "read-skew",
        story: "Two accounts hold 50 each. T1 reads both; T2 moves 10 from the first to the second.",
        harm: "T1 has read a sum that is not 100",
        start: &[Some(50), Some(50)],
        steps: &[
            &[read("read first", 0), read("read second", 1), COMMIT],
            &[write("first = 40", 0, |_| Some(40)), write("second = 60", 1, |_| Some(60)), COMMIT],
        ],
        order: &[T1, T2, T2, T2, T1, T1],
        bad: |end| end.has_committed(T1) && end.seen(T1).iter().sum::<i64>() != 100,
        expected: [H, H, H, W, S, S, W],
    },
    Anomaly {
        name: "write-skew",
        code: "A5B",
        lesson: "write-skew",
        story: "Two doctors are on call (1), one must stay. T1 takes the first off if both are on, T2 the second.",
        harm: "nobody is on call",
        start: &[Some(1), Some(1)],
        steps: &[
            &[
                read("read first", 0),
                read("read second", 1),
                write("if both: first = 0", 0, off),
                COMMIT,
            ],
            &[
                read("read first", 0),
                read("read second", 1),
                write("if both: second = 0", 1, off),
                COMMIT,
            ],
        ],
        order: &[T1, T1, T2, T2, T1, T2, T1, T2],
        bad: |end| {
            end.has_committed(T1)
                && end.has_committed(T2)
                && (end.value(0), end.value(1)) == (Some(0), Some(0))
        },
        expected: [H, H, H, A, H, A, A],
    },
    Anomaly {
        name: "phantom-write-skew",
        code: "G2",
        lesson: "phantom-read",
        story: "A room is free. T1 and T2 each count its bookings and insert one if there is none.",
        harm: "the room is booked twice",
        start: &[None, None],
        steps: &[
            &[BOTH, write("if 0: insert booking", 0, if_free), COMMIT],
            &[BOTH, write("if 0: insert booking", 1, if_free), COMMIT],
        ],
        order: &[T1, T2, T1, T2, T1, T2],
        bad: |end| {
            end.has_committed(T1)
                && end.has_committed(T2)
                && end.value(0).is_some()
                && end.value(1).is_some()
        },
        expected: [H, H, H, H, H, A, A],
    },
    Anomaly {
        name: "read-only-anomaly",
        code: "Fekete 2004",
        lesson: "write-skew",
        story: "Checking and savings hold 0. T1 puts 20 into savings; T2 takes 10 from checking, and 1 more if both \
                hold under 10; T3 reads both.",
        harm: "T3 has seen the 20 before the withdrawal, and yet the 1 was charged",
        start: &[Some(0), Some(0)],
        steps: &[
            &[
                read("read savings", 1),
                write("savings = read + 20", 1, |seen| Some(seen[0] + 20)),
                COMMIT,
            ],
            &[
                read("read checking", 0),
                read("read savings", 1),
                write("checking = read - 10 or 11", 0, |seen| {
                    Some(seen[0] - 10 - i64::from(seen[0] + seen[1] < 10))
                }),
                COMMIT,
            ],
            &[read("read checking", 0), read("read savings", 1), COMMIT],
        ],
        order: &[T2, T2, T1, T1, T1, T3, T3, T3, T2, T2],
        bad: |end| {
            (T1..=T3).all(|t| end.has_committed(t))
                && end.seen(T3) == [0, 20]
                && end.value(0) == Some(-11)
        },
        expected: [H, H, H, W, H, A, W],
    },
];

/// An anomaly by its name.
pub fn find(name: &str) -> Option<&'static Anomaly> {
    ALL.iter().find(|anomaly| anomaly.name == name)
}

/// T1 has read the same thing twice, and not the same.
fn differs(end: &Store) -> bool {
    end.has_committed(T1) && matches!(end.seen(T1), [first, second] if first != second)
}

fn off(seen: &[i64]) -> Option<i64> {
    (seen == [1, 1]).then_some(0)
}

fn if_free(seen: &[i64]) -> Option<i64> {
    (seen == [0]).then_some(1)
}
