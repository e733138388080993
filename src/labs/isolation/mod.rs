//! Two or three transactions step by step at seven isolation levels: which anomaly happens where.
//!
//! Theory: the matrix of the ten anomalies, each in the order in which it is told (see `anomalies.rs` for the sources).
//! The levels are those of `engine.rs`; the orders are played by `play.rs`, and `search.rs` tries all of them.

mod anomalies;
mod engine;
mod play;
mod search;

#[cfg(test)]
mod tests;

pub use anomalies::{ALL as ANOMALIES, Anomaly, Step, find as find_anomaly};
pub use engine::{Did, Level, Op, Rows, Store, Tx, Txs, Why};
pub use play::{Event, Outcome, Play, Setting, moved, names, turns};
pub use search::{orders, search};

use super::{Answer, Cell, Chart, Dice, Knob, Knobs, Lab, Question, Report, Watch};
use crate::text::grouped;

/// The lab.
pub const LAB: Lab = Lab {
    name: "isolation",
    lessons: &[
        "isolation-levels",
        "lost-update",
        "write-skew",
        "dirty-write",
        "dirty-read",
        "non-repeatable-read",
        "phantom-read",
        "read-skew",
        "database-anomalies",
    ],
    claim: "Of ten anomalies at seven levels, 31 of the 70 cells end in the anomaly: ten without locks, three \
            at snapshot isolation, none at the two serializable levels.",
    question: Question::Choice { ask, options: &Outcome::NAMES },
    knobs: &[
        // What is written about first comes first: it is the default.
        Knob::choice(
            "anomaly",
            "whose steps are played",
            &[
                "lost-update",
                "dirty-write",
                "dirty-read",
                "intermediate-read",
                "non-repeatable-read",
                "phantom",
                "read-skew",
                "write-skew",
                "phantom-write-skew",
                "read-only-anomaly",
            ],
        ),
        Knob::choice(
            "level",
            "isolation level of T1",
            &[
                "read-committed",
                "none",
                "read-uncommitted",
                "locking-repeatable-read",
                "snapshot",
                "serializable-snapshot",
                "two-phase-locking",
            ],
        ),
        Knob::choice(
            "others",
            "isolation level of T2 and T3",
            &[
                "same",
                "none",
                "read-uncommitted",
                "read-committed",
                "locking-repeatable-read",
                "snapshot",
                "serializable-snapshot",
                "two-phase-locking",
            ],
        ),
        Knob::choice("reads", "whether reads lock as writes do", &["plain", "for-update"]),
    ],
    run,
    next: "level snapshot",
    mechanism: mechanism!("engine.rs"),
};

/// The anomaly, the levels and the kind of reads that the knobs name.
fn chosen(knobs: &Knobs) -> (&'static Anomaly, Setting) {
    let anomaly = find_anomaly(knobs.choice("anomaly")).unwrap_or(&ANOMALIES[0]);
    let level = Level::find(knobs.choice("level")).unwrap_or(Level::ReadCommitted);
    (anomaly, at_level(knobs, level))
}

/// The setting with T1 at a level.
fn at_level(knobs: &Knobs, level: Level) -> Setting {
    let others = Level::find(knobs.choice("others")).unwrap_or(level);
    Setting { level, others, for_update: knobs.choice("reads") == "for-update" }
}

fn ask(knobs: &Knobs) -> String {
    let (anomaly, Setting { level, others, for_update }) = chosen(knobs);
    let steps: Vec<String> = turns(anomaly.order)
        .into_iter()
        .map(|(t, step)| format!("T{} {}", t + 1, anomaly.steps[t][step].says))
        .collect();
    let whom = if anomaly.steps.len() > 2 { "T2 and T3" } else { "T2" };
    let levels = if others == level {
        format!("All are at {}", level.name())
    } else {
        format!("T1 is at {}, {whom} at {}", level.name(), others.name())
    };
    let reads = if for_update { ", each read FOR UPDATE" } else { "" };
    format!(
        "{} The steps: {}. {levels}{reads}. Does the anomaly happen ({})? If not: is a transaction \
         aborted, does one only wait, or is the order safe as it is?",
        anomaly.story,
        steps.join("; "),
        anomaly.harm
    )
}

fn run(knobs: &Knobs, _: &mut Dice, watch: &mut Watch) -> Report {
    let (anomaly, setting) = chosen(knobs);
    // The claim: every anomaly at every level, all transactions alike, reads plain.
    let (mut cells, mut agree, mut theory) = (0, 0, 0);
    let mut happen = [0usize; 7];
    'all: for anomaly in &ANOMALIES {
        for (column, level) in Level::ALL.into_iter().enumerate() {
            if !watch.going(f64::from(cells) / 77.0) {
                break 'all;
            }
            let (outcome, _) = told(anomaly, level.into());
            cells += 1;
            agree += i32::from(outcome == anomaly.expected[column]);
            theory += i32::from(anomaly.expected[column] == Outcome::Happens);
            happen[column] += usize::from(outcome == Outcome::Happens);
        }
    }
    // The table: the chosen anomaly at each level of T1.
    let mut rows = Vec::new();
    for (done, level) in Level::ALL.into_iter().enumerate() {
        if !watch.going((70 + done) as f64 / 77.0) {
            break;
        }
        let setting = at_level(knobs, level);
        let (outcome, why) = told(anomaly, setting);
        let none = || format!("none of {}", grouped(orders(anomaly) as f64, 0));
        let breaks = search(anomaly, setting).map_or_else(none, short);
        rows.push(vec![
            Cell::text(level.name()),
            Cell::text(outcome.name()),
            Cell::text(why),
            Cell::text(breaks),
        ]);
    }
    let (answer, _) = told(anomaly, setting);
    let measured: usize = happen.iter().sum();
    Report {
        answer: Answer::Choice(answer as usize),
        theory: Some(f64::from(theory)),
        measured: measured as f64,
        unit: "cells",
        holds: agree == cells,
        verdict: format!(
            "{measured} of {cells} cells end in the anomaly, {theory} by the literature; {agree} of {cells} \
             cells agree, and all must"
        ),
        head: vec!["T1 at", "ends in", "first stop", "an order that breaks it"],
        rows,
        chart: Some(Chart {
            title: "anomalies of ten that happen".into(),
            bars: Level::ALL
                .into_iter()
                .zip(happen)
                .map(|(level, n)| (level.name().to_string(), n as f64, n.to_string()))
                .collect(),
        }),
        here: false,
        partial: watch.stopped(),
    }
}

/// Plays the order in which an anomaly is told: what it ends in, and what first stopped a step.
fn told(anomaly: &'static Anomaly, setting: Setting) -> (Outcome, String) {
    let mut play = Play::new(anomaly, setting);
    let events: Vec<Event> = play.all(anomaly.order).concat();
    let outcome = play.outcome(anomaly);
    // An abort says more than the wait before it.
    let aborted = events.iter().find_map(|event| match event.did {
        Did::Aborted(Why::Deadlock) => Some(format!("T{} deadlock", event.tx + 1)),
        Did::Aborted(Why::Changed) => Some(format!("T{} row changed", event.tx + 1)),
        Did::Aborted(Why::Dangerous) => Some(format!("T{} at commit", event.tx + 1)),
        _ => None,
    });
    let waited = events.iter().find_map(|event| match event.did {
        Did::Waits(whom) => Some(format!("T{} for {}", event.tx + 1, names(whom))),
        _ => None,
    });
    (outcome, aborted.or(waited).unwrap_or_default())
}

/// `1 1 2 2 1`
fn short(order: Vec<Tx>) -> String {
    let names: Vec<String> = order.into_iter().map(|t| (t + 1).to_string()).collect();
    names.join(" ")
}
