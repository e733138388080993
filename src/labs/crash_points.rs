//! An order and its two lamps in two services: every point at which a process can die, and what is then wrong.
//!
//! Theory: what is done and the note that it is done are two writes unless one store takes both at once, and a crash
//! fits between them. Where the note comes first, the deed is lost; where the deed comes first, it is done again. So the
//! wrong points can be counted by reading the steps: one for each such gap. The outbox and the idempotent consumer make
//! one write of both (Helland, Life beyond Distributed Transactions, 2007, section 5); two-phase commit notes before it
//! does, and does so that again is harmless (Gray, Notes on Data Base Operating Systems, 1978, section 5.8.3), at the
//! price of locks in doubt while the coordinator is away; a saga goes on from its last note (Garcia-Molina, Salem, Sagas,
//! 1987, section 5) and shows what is half done.

use super::{Answer, Cell, Chart, Dice, Knob, Knobs, Lab, Question, Report, Watch};

pub const LAB: Lab = Lab {
    name: "crash-points",
    lessons: &[
        "message-queues",
        "distributed-transactions",
        "design-payments",
        "design-financial-ledger",
    ],
    claim: "Of the points at which one crash can hit an order and its lamps, 2 go wrong with a dual write, 2 with an \
            outbox alone, and 0 with an outbox and an idempotent consumer, two-phase commit, or a saga with keys.",
    question: Question::Number { ask, unit: "" },
    knobs: &[
        Knob::choice("design", "which the question is about", NAMES),
        Knob::whole("crashes", "one after the other in a run, at most", "", (1, 1, 4)),
        Knob::choice("ack", "when the stock service acknowledges a message", &["after", "before"]),
    ],
    run,
    next: "ack before",
    mechanism: mechanism!("crash_points.rs"),
};

const NAMES: &[&str] =
    &["outbox", "outbox-keys", "commit-send", "send-commit", "2pc", "saga", "saga-keys"];

fn ask(knobs: &Knobs) -> String {
    let design = match knobs.choice("design") {
        "outbox-keys" => {
            "an outbox with a relay, and the stock service notes the event's id with the lamps"
        }
        "commit-send" => "the order service commits, then sends the event",
        "send-commit" => "the order service sends the event, then commits",
        "2pc" => "two-phase commit over both databases",
        "saga" => "a saga that notes each step once it is done and goes on from its last note",
        "saga-keys" => "a saga that goes on from its last note, with a key for each step",
        _ => "an outbox with a relay, and a stock service that takes each event for a new one",
    };
    let ack = if ["2pc", "saga", "saga-keys"].contains(&knobs.choice("design")) {
        String::new()
    } else {
        format!(" The stock service acknowledges {} it packs.", knobs.choice("ack"))
    };
    let kill = match knobs.whole("crashes") {
        1 => "Each process is killed once, after each of its steps, and starts again.".into(),
        most => format!("Processes are killed at up to {most} points in a run, and start again."),
    };
    format!(
        "One order, two lamps: {design}.{ack} {kill} In how many of these runs is something lost, or done too often?"
    )
}

// --- the mechanism

/// What is durable: it stays when a process dies.
#[derive(Clone, Copy, Default)]
struct World {
    /// The client's request; it sends it once.
    request: bool,
    /// How often the order is in the one database, and its lamps are packed in the other.
    orders: usize,
    lamps: usize,
    /// The row of the outbox is not marked as sent.
    owed: bool,
    /// Messages at the broker that are not acknowledged.
    queue: usize,
    /// Two-phase commit: each database is prepared, and holds its locks.
    locked: [bool; 2],
    /// The log of a coordinator or a saga: how far it is.
    log: usize,
}

type Step = (&'static str, fn(&mut World));

/// A process starts where what is durable tells it to, if there is something to do, and takes its steps to the last.
/// When it dies it forgets which was next, and starts again.
struct Process {
    name: &'static str,
    start: fn(&World) -> Option<usize>,
    steps: &'static [Step],
}

const REQUEST: Step = ("request", |w| w.request = false);
const COMMIT: Step = ("commit", |w| w.orders += 1);
const SEND: Step = ("send", |w| w.queue += 1);
const REPLY: Step = ("reply", |_| ());
const TAKE: Step = ("take", |_| ());
const PACK: Step = ("pack", |w| w.lamps += 1);
const ACK: Step = ("ack", |w| w.queue -= 1);
// With a key, in one transaction with the deed: what is there is not done again.
const COMMIT_ONCE: Step = ("commit", |w| w.orders = 1);
const PACK_ONCE: Step = ("pack", |w| w.lamps = 1);

const fn orders(steps: &'static [Step]) -> Process {
    Process { name: "orders", start: |w| w.request.then_some(0), steps }
}

const fn stock(steps: &'static [Step]) -> Process {
    Process { name: "stock", start: |w| (w.queue > 0).then_some(0), steps }
}

// Order and row in one transaction.
const COMMIT_OWING: Step = ("commit", |w| (w.orders, w.owed) = (w.orders + 1, true));

const RELAY: Process = Process {
    name: "relay",
    start: |w| w.owed.then_some(0),
    steps: &[("read", |_| ()), SEND, ("mark", |w| w.owed = false)],
};

const COORDINATOR: Process = Process {
    name: "coordinator",
    start: |w| match w.log {
        _ if w.request => Some(0),
        1 => Some(4), // the decision is in the log: commit what is not yet
        _ if w.locked[0] => Some(6), // there is none: abort
        _ => None,
    },
    steps: &[
        REQUEST,
        ("prepare orders", |w| w.locked[0] = true),
        ("prepare stock", |w| w.locked[1] = true),
        ("decide", |w| w.log = 1),
        ("commit orders", |w| (w.orders, w.locked[0]) = (1, false)),
        ("commit stock", |w| (w.lamps, w.locked[1]) = (1, false)),
        ("end", |w| (w.locked, w.log) = ([false; 2], 2)),
    ],
};

const fn saga(steps: &'static [Step]) -> Process {
    let start = |w: &World| match w.log {
        _ if w.request => Some(0),
        1 => Some(1),
        2 => Some(3),
        _ => None,
    };
    Process { name: "saga", start, steps }
}

const BEGIN: Step = ("begin", |w| (w.request, w.log) = (false, 1));
const NOTE_COMMIT: Step = ("note commit", |w| w.log = 2);
const NOTE_PACK: Step = ("note pack", |w| w.log = 3);

// --- the lab

/// The processes of a design, and at how many points one crash goes wrong, counted by hand: one for each deed and its
/// note that are two steps, unless a key makes the second deed harmless.
fn design(name: &str, ack_first: bool) -> (Vec<Process>, usize) {
    let plain = stock(if ack_first { &[TAKE, ACK, PACK] } else { &[TAKE, PACK, ACK] });
    let keys = stock(if ack_first { &[TAKE, ACK, PACK_ONCE] } else { &[TAKE, PACK_ONCE, ACK] });
    let outbox = orders(&[REQUEST, COMMIT_OWING, REPLY]);
    match name {
        "commit-send" => (vec![orders(&[REQUEST, COMMIT, SEND, REPLY]), plain], 2),
        "send-commit" => (vec![orders(&[REQUEST, SEND, COMMIT, REPLY]), plain], 2),
        // No key brings back a message that was acknowledged before the lamps were packed.
        "outbox-keys" => (vec![outbox, RELAY, keys], usize::from(ack_first)),
        "2pc" => (vec![COORDINATOR], 0),
        "saga" => (vec![saga(&[BEGIN, COMMIT, NOTE_COMMIT, PACK, NOTE_PACK])], 2),
        "saga-keys" => (vec![saga(&[BEGIN, COMMIT_ONCE, NOTE_COMMIT, PACK_ONCE, NOTE_PACK])], 0),
        _ => (vec![outbox, RELAY, plain], 2),
    }
}

/// How a run ended.
struct End {
    world: World,
    /// Process and step, in the order in which they were taken.
    steps: Vec<(usize, usize)>,
    /// At a crash one database had its part, and the other had not.
    half: bool,
    /// At a crash locks were held.
    locked: bool,
}

impl End {
    fn lost(&self) -> bool {
        self.world.lamps == 0 && self.world.orders > 0
    }

    fn too_many(&self) -> bool {
        self.world.lamps > self.world.orders || self.world.orders > 1
    }
}

/// Lets the processes take turns until none has anything to do; who takes a step whose number is in `crashes` dies.
fn play(processes: &[Process], crashes: &[usize]) -> End {
    let world = World { request: true, ..World::default() };
    let mut end = End { world, steps: Vec::new(), half: false, locked: false };
    let mut next: Vec<Option<usize>> = vec![None; processes.len()];
    loop {
        let before = end.steps.len();
        for (me, process) in processes.iter().enumerate() {
            let Some(step) = next[me].or_else(|| (process.start)(&end.world)) else { continue };
            (process.steps[step].1)(&mut end.world);
            let dies = crashes.contains(&end.steps.len());
            end.steps.push((me, step));
            next[me] = Some(step + 1).filter(|next| *next < process.steps.len() && !dies);
            end.half |= dies && end.world.orders != end.world.lamps;
            end.locked |= dies && end.world.locked != [false; 2];
        }
        if end.steps.len() == before {
            return end;
        }
    }
}

/// What came out of all runs of a design.
#[derive(Clone, Copy, Default)]
struct Count {
    runs: usize,
    lost: usize,
    too_many: usize,
    half: usize,
    locked: usize,
    wrong: usize,
}

impl Count {
    fn note(&mut self, end: &End) {
        self.runs += 1;
        self.lost += usize::from(end.lost());
        self.too_many += usize::from(end.too_many());
        self.half += usize::from(end.half);
        self.locked += usize::from(end.locked);
        self.wrong += usize::from(end.lost() || end.too_many());
    }
}

/// Plays all runs with these crashes and up to `left` more behind them.
fn explore(processes: &[Process], crashes: &mut Vec<usize>, left: usize, count: &mut Count) {
    let end = play(processes, crashes);
    count.note(&end);
    let from = crashes.last().map_or(0, |last| last + 1);
    for at in from..if left == 0 { from } else { end.steps.len() } {
        crashes.push(at);
        explore(processes, crashes, left - 1, count);
        crashes.pop();
    }
}

/// All runs of a design with one crash or up to `most`.
fn count(processes: &[Process], most: usize, going: &mut dyn FnMut(f64) -> bool) -> Count {
    let mut count = Count::default();
    let points = play(processes, &[]).steps.len();
    for at in 0..points {
        if !going(at as f64 / points as f64) {
            break;
        }
        explore(processes, &mut vec![at], most - 1, &mut count);
    }
    count
}

fn run(knobs: &Knobs, _: &mut Dice, watch: &mut Watch) -> Report {
    let (chosen, most) = (knobs.choice("design"), knobs.whole("crashes"));
    let ack_first = knobs.choice("ack") == "before";
    let mut holds = true;
    let mut rows = Vec::new();
    let mut of_chosen = (Count::default(), 0);
    for (at, name) in NAMES.iter().enumerate() {
        let (processes, gaps) = design(name, ack_first);
        let mut going = |part: f64| watch.going((at as f64 + part) / NAMES.len() as f64);
        let count = count(&processes, most, &mut going);
        holds &= if most == 1 { count.wrong == gaps } else { (count.wrong > 0) == (gaps > 0) };
        if *name == chosen {
            of_chosen = (count, gaps);
        }
        let number = |count: usize| Cell::number(count as f64, 0, "");
        rows.push(vec![
            Cell::text(*name),
            number(count.runs),
            number(count.lost),
            number(count.too_many),
            number(count.half),
            number(count.locked),
        ]);
    }
    let (count, gaps) = of_chosen;
    // With several crashes in a run the gaps say only whether any of them goes wrong.
    let theory = (most == 1 || gaps == 0).then_some(gaps as f64);
    let said = theory.map_or("some".to_string(), |theory| format!("exactly {theory}"));
    Report {
        answer: Answer::Number(count.wrong as f64),
        theory,
        measured: count.wrong as f64,
        unit: "",
        holds,
        verdict: format!(
            "{} of {} runs of {chosen} ended wrong, its gaps between deed and note say {said}; the count of every \
             design {}",
            count.wrong,
            count.runs,
            if holds { "is as its gaps say" } else { "is not as its gaps say" },
        ),
        head: vec!["design", "runs", "lost", "too many", "half done", "locked"],
        rows,
        chart: Some(points(&design(chosen, ack_first).0)),
        here: false,
        partial: watch.stopped(),
    }
}

/// Each point of one crash, and how often the lamps are packed in the end.
fn points(processes: &[Process]) -> Chart {
    let calm = play(processes, &[]);
    let bars = calm.steps.iter().enumerate().map(|(at, (process, step))| {
        let world = play(processes, &[at]).world;
        let process = &processes[*process];
        let name = format!("{}: {}", process.name, process.steps[*step].0);
        (name, world.lamps as f64, format!("{}, ordered {}", world.lamps, world.orders))
    });
    Chart { title: "killed after this step: packed so often".into(), bars: bars.take(16).collect() }
}

#[cfg(test)]
mod tests {
    use super::super::tests::run_with;
    use super::*;

    fn row(report: &Report, name: &str) -> Vec<String> {
        let row = report.rows.iter().find(|row| row[0].shown() == name);
        row.map(|row| row[1..].iter().map(|cell| cell.shown().to_string()).collect())
            .unwrap_or_default()
    }

    #[test]
    fn each_design_goes_wrong_at_as_many_points_as_it_has_gaps_between_deed_and_note() {
        for ack in ["after", "before"] {
            for name in NAMES {
                let report = run_with(&LAB, &[("design", name), ("ack", ack)], 1);
                assert!(report.holds, "{}", report.verdict);
            }
        }
    }

    #[test]
    fn a_dual_write_loses_or_makes_up_and_an_outbox_doubles() {
        let report = run_with(&LAB, &[], 1);
        assert_eq!(row(&report, "commit-send")[..3], ["7", "1", "1"]);
        assert_eq!(row(&report, "send-commit")[..3], ["7", "0", "2"]);
        assert_eq!(row(&report, "outbox")[..3], ["9", "0", "2"]);
        assert_eq!(row(&report, "outbox-keys")[..3], ["9", "0", "0"]);
        assert_eq!(row(&report, "saga")[..3], ["5", "0", "2"]);
    }

    #[test]
    fn an_ack_before_the_work_loses_what_an_ack_after_it_doubles() {
        let report = run_with(&LAB, &[("ack", "before")], 1);
        assert_eq!(row(&report, "outbox")[1..3], ["1", "1"]);
        assert_eq!(row(&report, "outbox-keys")[1..3], ["1", "0"]);
    }

    #[test]
    fn four_crashes_in_a_run_break_no_design_that_one_does_not_break() {
        let report = run_with(&LAB, &[("crashes", "4")], 1);
        assert!(report.holds, "{}", report.verdict);
        for name in ["outbox-keys", "2pc", "saga-keys"] {
            assert_eq!(row(&report, name)[1..3], ["0", "0"], "{name}");
        }
    }

    #[test]
    fn only_two_phase_commit_holds_locks_from_the_first_prepare_to_the_last_commit() {
        let report = run_with(&LAB, &[], 1);
        for name in NAMES {
            assert_eq!(row(&report, name)[4], if *name == "2pc" { "4" } else { "0" }, "{name}");
        }
    }

    #[test]
    fn a_coordinator_that_dies_before_its_decision_aborts_and_after_it_commits() {
        for at in 0..7 {
            let world = play(&[COORDINATOR], &[at]).world;
            // The request itself is gone with a coordinator that has only taken it.
            let both = usize::from(at >= 3);
            assert_eq!((world.orders, world.lamps, world.locked), (both, both, [false; 2]));
        }
    }
}
