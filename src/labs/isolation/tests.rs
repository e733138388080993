#![allow(clippy::unwrap_used)]

use super::super::tests::{run_with, seeds};
use super::*;

/// Every order of an anomaly's turns.
fn interleavings(anomaly: &Anomaly) -> Vec<Vec<Tx>> {
    fn go(left: &mut [usize], order: &mut Vec<Tx>, all: &mut Vec<Vec<Tx>>) {
        if left.iter().all(|n| *n == 0) {
            all.push(order.clone());
        }
        for t in 0..left.len() {
            if left[t] > 0 {
                left[t] -= 1;
                order.push(t);
                go(left, order, all);
                order.pop();
                left[t] += 1;
            }
        }
    }
    let mut left: Vec<usize> = anomaly.steps.iter().map(|steps| steps.len()).collect();
    let mut all = Vec::new();
    go(&mut left, &mut Vec::new(), &mut all);
    all
}

fn played(anomaly: &'static Anomaly, setting: Setting, order: &[Tx]) -> Play {
    let mut play = Play::new(anomaly, setting);
    play.all(order);
    play
}

fn changes(order: &[Tx]) -> usize {
    order.windows(2).filter(|pair| pair[0] != pair[1]).count()
}

fn plain(name: &str, level: Level, order: &[Tx]) -> (Vec<String>, Outcome) {
    let anomaly = find_anomaly(name).unwrap();
    let mut play = Play::new(anomaly, level.into());
    let events = play.all(order).concat();
    (events.iter().map(|event| event.says(anomaly)).collect(), play.outcome(anomaly))
}

/// Two transactions of six steps, for the search: each moves 10 to another account and checks.
static SIX: Anomaly = Anomaly {
    name: "six",
    code: "",
    lesson: "",
    story: "",
    harm: "",
    start: &[Some(50), Some(50), None],
    steps: &[&TO_FIRST, &TO_SECOND],
    order: &[0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1],
    bad: |end| {
        end.has_committed(0)
            && end.has_committed(1)
            && (end.value(0), end.value(1)) != (Some(50), Some(50))
    },
    expected: [Outcome::Safe; 7],
};

const fn step(op: Op) -> Step {
    Step { says: "", op }
}

const TO_FIRST: [Step; 6] = [
    step(Op::Read(0)),
    step(Op::Read(1)),
    step(Op::Count(0b111)),
    step(Op::Write(0, |seen| Some(seen[0] + 10))),
    step(Op::Write(1, |seen| Some(seen[1] - 10))),
    step(Op::Commit),
];

const TO_SECOND: [Step; 6] = [
    step(Op::Read(1)),
    step(Op::Read(0)),
    step(Op::Write(1, |seen| Some(seen[0] + 10))),
    step(Op::Write(0, |seen| Some(seen[1] - 10))),
    step(Op::Count(0b111)),
    step(Op::Commit),
];

#[test]
fn all_seventy_cells_of_the_matrix_end_as_the_literature_says() {
    for anomaly in &ANOMALIES {
        for (level, expected) in Level::ALL.into_iter().zip(anomaly.expected) {
            let play = played(anomaly, level.into(), anomaly.order);
            assert_eq!(play.outcome(anomaly), expected, "{} at {level:?}", anomaly.name);
        }
    }
}

#[test]
fn the_search_finds_an_order_where_the_told_one_breaks_and_none_elsewhere() {
    for anomaly in &ANOMALIES {
        for (level, expected) in Level::ALL.into_iter().zip(anomaly.expected) {
            let found = search(anomaly, level).is_some();
            assert_eq!(found, expected == Outcome::Happens, "{} at {level:?}", anomaly.name);
        }
    }
}

#[test]
fn the_search_says_what_trying_every_order_says_and_none_has_fewer_changes() {
    for anomaly in ANOMALIES.iter().chain([&SIX]) {
        let all = interleavings(anomaly);
        assert_eq!(all.len() as u64, orders(anomaly));
        let mixed = Setting {
            level: Level::ReadCommitted,
            others: Level::SerializableSnapshot,
            for_update: false,
        };
        let locking = Setting { for_update: true, ..Level::Snapshot.into() };
        let settings = Level::ALL.into_iter().map(Setting::from).chain([mixed, locking]);
        for setting in settings {
            let breaks = |order: &&Vec<Tx>| {
                played(anomaly, setting, order).outcome(anomaly) == Outcome::Happens
            };
            let least = all.iter().filter(breaks).map(|order| changes(order)).min();
            let found = search(anomaly, setting);
            assert_eq!(found.as_deref().map(changes), least, "{} {setting:?}", anomaly.name);
            assert!(found.iter().all(|order| breaks(&order)), "{}", anomaly.name);
        }
    }
}

#[test]
fn at_both_serializable_levels_every_order_gives_what_a_serial_one_gives() {
    // What the committed have read, and what stands.
    let result = |anomaly: &Anomaly, play: &Play| -> (Vec<Vec<i64>>, Vec<Option<i64>>) {
        let store = play.store();
        let seen = |t: Tx| if store.has_committed(t) { store.seen(t).to_vec() } else { vec![] };
        (
            (0..anomaly.steps.len()).map(seen).collect(),
            (0..anomaly.start.len()).map(|row| store.value(row)).collect(),
        )
    };
    let mut aborted = 0;
    for anomaly in ANOMALIES.iter().chain([&SIX]) {
        let all = interleavings(anomaly);
        // A serial order: no transaction is left before it is at its end.
        let serial: Vec<&Vec<Tx>> =
            all.iter().filter(|order| changes(order) + 1 == anomaly.steps.len()).collect();
        for level in [Level::SerializableSnapshot, Level::TwoPhaseLocking] {
            for order in &all {
                let play = played(anomaly, level.into(), order);
                assert!((0..anomaly.steps.len()).all(|t| play.store().has_ended(t)));
                let committed = |t: &Tx| play.store().has_committed(*t);
                aborted += usize::from(!(0..anomaly.steps.len()).all(|t| committed(&t)));
                let same = serial.iter().any(|order| {
                    let order: Vec<Tx> = order.iter().copied().filter(committed).collect();
                    let alone = played(anomaly, Level::Unlocked.into(), &order);
                    result(anomaly, &alone) == result(anomaly, &play)
                });
                assert!(same, "{} at {level:?}: {order:?}", anomaly.name);
            }
        }
    }
    assert!(aborted > 1000, "{aborted}");
}

#[test]
fn of_these_programs_only_orders_that_break_are_refused_at_commit() {
    let aborts = |anomaly: &'static Anomaly, level: Level, order: &[Tx]| {
        let play = played(anomaly, level.into(), order);
        (0..anomaly.steps.len()).filter(|t| !play.store().has_committed(*t)).count()
    };
    let mut refused = 0;
    for anomaly in &ANOMALIES {
        for order in interleavings(anomaly) {
            let at_snapshot = played(anomaly, Level::Snapshot.into(), &order).outcome(anomaly);
            let more = aborts(anomaly, Level::SerializableSnapshot, &order)
                > aborts(anomaly, Level::Snapshot, &order);
            assert_eq!(more, at_snapshot == Outcome::Happens, "{} {order:?}", anomaly.name);
            refused += usize::from(more);
        }
    }
    assert!(refused > 100, "{refused}");
}

#[test]
fn a_reader_that_began_before_the_first_commit_costs_nobody_an_abort() {
    // T3 reads before anyone writes: T3, T2, T1 is a serial order of it. Told, T3 reads after T1: there is none.
    let (said, outcome) =
        plain("read-only-anomaly", Level::SerializableSnapshot, &[2, 1, 1, 0, 0, 0, 2, 2, 1, 1]);
    assert_eq!((said[9].as_str(), outcome), ("T2: commit", Outcome::Safe));
}

/// T1 reads what T2 writes, T2 reads what T3 writes; T1, T2, T3 is always a serial order of it.
static CHAIN: Anomaly = Anomaly {
    name: "chain",
    code: "",
    lesson: "",
    story: "",
    harm: "",
    start: &[Some(0), Some(0), Some(0)],
    steps: &[
        &[step(Op::Read(1)), step(Op::Write(0, |_| Some(1))), step(Op::Commit)],
        &[step(Op::Read(2)), step(Op::Write(1, |_| Some(1))), step(Op::Commit)],
        &[step(Op::Write(2, |_| Some(1))), step(Op::Commit)],
    ],
    order: &[0, 1, 2, 0, 1, 2, 0, 1],
    bad: |_| false,
    expected: [Outcome::Safe; 7],
};

#[test]
fn a_chain_of_reads_is_refused_if_its_end_commits_first_needed_or_not() {
    let outcome = |commits: [Tx; 3]| {
        let order = [&[0, 1, 2, 0, 1][..], &commits].concat();
        played(&CHAIN, Level::SerializableSnapshot.into(), &order).outcome(&CHAIN)
    };
    assert_eq!(outcome([0, 1, 2]), Outcome::Safe);
    assert_eq!(outcome([1, 2, 0]), Outcome::Safe);
    assert_eq!(outcome([0, 2, 1]), Outcome::Safe);
    assert_eq!(outcome([2, 0, 1]), Outcome::Aborts); // the false alarm of the rule
}

#[test]
fn no_serial_order_is_bad_and_none_waits_or_aborts_at_any_level() {
    for anomaly in &ANOMALIES {
        let serial = |order: &Vec<Tx>| changes(order) + 1 == anomaly.steps.len();
        for order in interleavings(anomaly).into_iter().filter(serial) {
            for level in Level::ALL {
                let outcome = played(anomaly, level.into(), &order).outcome(anomaly);
                assert_eq!(outcome, Outcome::Safe, "{} at {level:?}: {order:?}", anomaly.name);
            }
        }
    }
}

#[test]
fn every_step_says_what_became_of_it() {
    let (said, outcome) = plain("lost-update", Level::ReadCommitted, &[0, 1, 0, 1, 0, 1]);
    let expected = [
        "T1: read qty -> 10",
        "T2: read qty -> 10",
        "T1: qty = read - 3 -> 7",
        "T2: qty = read - 2 waits for T1",
        "T1: commit",
        "T2: qty = read - 2 -> 8",
        "T2: commit",
    ];
    assert_eq!((said.as_slice(), outcome), (&expected.map(String::from)[..], Outcome::Happens));
    let (said, _) = plain("lost-update", Level::TwoPhaseLocking, &[0, 1, 0, 1, 1, 0]);
    let expected = [
        "T1: read qty -> 10",
        "T2: read qty -> 10",
        "T1: qty = read - 3 waits for T2",
        "T2: qty = read - 2: aborted, deadlock",
        "T1: qty = read - 3 -> 7",
        "T2: commit: nothing, it has ended",
        "T1: commit",
    ];
    assert_eq!(said, expected);
    let (said, _) = plain("write-skew", Level::SerializableSnapshot, &[0, 0, 1, 1, 0, 1, 0, 1]);
    assert_eq!(said[7], "T2: commit: aborted, the reads fit no serial order");
    let (said, _) = plain("dirty-write", Level::Snapshot, &[0, 1, 1, 1, 0, 0]);
    assert_eq!(said[2], "T2: invoice = 2 follows when the wait is over");
    assert_eq!(said[6], "T2: listing = 2: aborted, the row has changed since");
}

#[test]
fn without_the_wait_the_update_is_lost_all_the_same() {
    // The question of the lesson: T1's commit moves up before T2's write.
    let told = find_anomaly("lost-update").unwrap().order;
    assert_eq!(turns(told)[4], (0, 2));
    let order = moved(told, 4, 3);
    let (said, outcome) = plain("lost-update", Level::ReadCommitted, &order);
    assert!(said.iter().all(|said| !said.contains("waits")));
    assert_eq!(outcome, Outcome::Happens);
    assert_eq!(moved(told, 4, 9), told);
}

#[test]
fn the_level_of_the_second_writer_decides() {
    let anomaly = find_anomaly("lost-update").unwrap();
    let order = [0, 1, 1, 1, 0, 0];
    let outcome = |level, others| {
        played(anomaly, Setting { level, others, for_update: false }, &order).outcome(anomaly)
    };
    let (weak, strong) = (Level::ReadCommitted, Level::SerializableSnapshot);
    assert_eq!(outcome(weak, strong), Outcome::Happens);
    assert_eq!(outcome(strong, weak), Outcome::Aborts);
}

#[test]
fn reads_for_update_save_what_has_rows_to_lock_and_not_the_phantom() {
    let answer = |anomaly, level| {
        let set = [("anomaly", anomaly), ("level", level), ("reads", "for-update")];
        run_with(&LAB, &set, 1).answer
    };
    let choice = |outcome: Outcome| Answer::Choice(outcome as usize);
    assert_eq!(answer("lost-update", "read-committed"), choice(Outcome::Waits));
    assert_eq!(answer("write-skew", "read-committed"), choice(Outcome::Waits));
    assert_eq!(answer("write-skew", "snapshot"), choice(Outcome::Aborts));
    assert_eq!(answer("phantom-write-skew", "snapshot"), choice(Outcome::Happens));
    assert_eq!(answer("phantom-write-skew", "two-phase-locking"), choice(Outcome::Waits));
}

#[test]
fn the_report_holds_whatever_the_knobs_and_its_columns_add_up() {
    for report in seeds(&LAB, 2) {
        assert!(report.holds && (report.measured - 31.0).abs() < 1e-9, "{}", report.verdict);
        let bars: Vec<f64> = report.chart.unwrap().bars.iter().map(|bar| bar.1).collect();
        assert_eq!(bars, [10.0, 9.0, 7.0, 2.0, 3.0, 0.0, 0.0]);
    }
    for anomaly in &ANOMALIES {
        let report = &run_with(&LAB, &[("anomaly", anomaly.name), ("level", "snapshot")], 1);
        assert_eq!(report.answer, Answer::Choice(anomaly.expected[4] as usize));
        let cells = |at: usize| report.rows.iter().map(move |row| row[at].shown().len());
        let widest = |at: usize| cells(at).chain([report.head[at].len()]).max().unwrap() + 2;
        let wide: usize = (0..4).map(widest).sum();
        assert!(wide <= 78 && report.rows.len() == 7, "{}: {wide}", anomaly.name);
    }
}

#[test]
fn an_anomaly_is_well_formed_and_the_knobs_name_all_of_them() {
    let course = crate::catalog::embedded();
    for anomaly in &ANOMALIES {
        assert!(course.by_slug(anomaly.lesson).is_some(), "{}", anomaly.name);
        for (t, steps) in anomaly.steps.iter().enumerate() {
            let turns = anomaly.order.iter().filter(|of| **of == t).count();
            assert_eq!(turns, steps.len(), "{}", anomaly.name);
            assert!(matches!(steps[steps.len() - 1].op, Op::Commit | Op::Rollback));
        }
        Knobs::new(LAB.knobs).set("anomaly", anomaly.name).unwrap();
    }
    for level in Level::ALL {
        for knob in ["level", "others"] {
            Knobs::new(LAB.knobs).set(knob, level.name()).unwrap();
        }
    }
}

#[test]
fn turns_that_no_program_has_are_ignored() {
    let mut play = Play::new(&ANOMALIES[0], Level::Snapshot.into());
    assert!(play.turn(9).is_empty());
    play.all(&[0, 0, 0]);
    assert!(play.turn(0).is_empty() && !play.over());
    assert!(turns(&[]).is_empty() && moved(&[], 0, 0).is_empty());
}

/// How long the search takes: `cargo test --lib isolation -- --ignored --nocapture`.
#[test]
#[ignore = "measures time"]
#[allow(clippy::disallowed_methods, clippy::print_stderr)]
fn two_transactions_of_six_steps_are_searched_at_all_levels_in_a_second() {
    let start = std::time::Instant::now();
    let found = Level::ALL.into_iter().filter_map(|level| search(&SIX, level)).count();
    let took = start.elapsed();
    eprintln!("{} orders at 7 levels, {found} with a break: {took:?}", orders(&SIX));
    assert!(took.as_millis() < 1000);
}
