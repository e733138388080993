//! Plays an anomaly's steps in an order, one turn after another.
//!
//! An order names a transaction for each turn, as often as it has steps: its next step is meant. So every order of the
//! same names is an order of the same programs, however it was moved about.

use super::anomalies::{Anomaly, Step};
use super::engine::{Did, Level, Store, Tx, Txs, Why};

/// How the transactions run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// Level of T1.
    pub level: Level,
    /// Level of all others.
    pub others: Level,
    /// Reads lock as writes do: SELECT … FOR UPDATE.
    pub for_update: bool,
}

impl From<Level> for Setting {
    /// All at one level, with plain reads.
    fn from(level: Level) -> Setting {
        Setting { level, others: level, for_update: false }
    }
}

/// What a schedule ends in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The bad outcome stands.
    Happens,
    /// It does not; a step had to wait.
    Waits,
    /// It does not; a transaction was aborted by the store.
    Aborts,
    /// It does not, and nobody waited.
    Safe,
}

impl Outcome {
    /// In the order of the options that the reader has.
    pub const NAMES: [&str; 4] = ["happens", "waits", "aborts", "safe"];

    /// `happens`
    pub fn name(self) -> &'static str {
        Outcome::NAMES[self as usize]
    }
}

/// What happened to one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// The transaction.
    pub tx: Tx,
    /// The step by its index in the transaction.
    pub step: usize,
    /// What came of it.
    pub did: Did,
}

impl Event {
    /// `T1: read qty -> 10`
    pub fn says(&self, anomaly: &Anomaly) -> String {
        let steps = anomaly.steps.get(self.tx).copied().unwrap_or_default();
        let step = steps.get(self.step).map_or("", |step| step.says);
        let after = match self.did {
            Did::Read(value) | Did::Wrote(value) => format!(" -> {value}"),
            Did::Skipped => ": not met, writes nothing".into(),
            Did::Committed | Did::RolledBack => String::new(),
            Did::Waits(whom) => format!(" waits for {}", names(whom)),
            Did::Queued => " follows when the wait is over".into(),
            Did::Aborted(Why::Deadlock) => ": aborted, deadlock".into(),
            Did::Aborted(Why::Changed) => ": aborted, the row has changed since".into(),
            Did::Aborted(Why::Dangerous) => ": aborted, the reads fit no serial order".into(),
            Did::Nothing => ": nothing, it has ended".into(),
        };
        format!("T{}: {step}{after}", self.tx + 1)
    }
}

/// `T1 and T3`
pub fn names(txs: Txs) -> String {
    let names: Vec<String> =
        (0..8).filter(|t| txs >> t & 1 == 1).map(|t| format!("T{}", t + 1)).collect();
    names.join(" and ")
}

/// Where a play stands: all that its future depends on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct State {
    store: Store,
    /// Turns that each transaction was given, and steps that it has done.
    given: Vec<usize>,
    done: Vec<usize>,
    /// Who waits, the longest first.
    line: Vec<Tx>,
}

/// A play of an anomaly.
#[derive(Debug, Clone)]
pub struct Play {
    steps: &'static [&'static [Step]],
    pub(super) state: State,
    waited: bool,
    aborted: bool,
}

impl Play {
    /// Before the first turn.
    pub fn new(anomaly: &'static Anomaly, setting: Setting) -> Play {
        let steps = anomaly.steps;
        let level = |t: Tx| if t == 0 { setting.level } else { setting.others };
        let levels: Vec<Level> = (0..steps.len()).map(level).collect();
        Play {
            steps,
            state: State {
                store: Store::new(anomaly.start, &levels, setting.for_update),
                given: vec![0; steps.len()],
                done: vec![0; steps.len()],
                line: Vec::new(),
            },
            waited: false,
            aborted: false,
        }
    }

    /// Gives a transaction its next turn. Says what happened: one event, and more if others could go on by it; none if
    /// it has had all its turns.
    pub fn turn(&mut self, t: Tx) -> Vec<Event> {
        let mut events = Vec::new();
        if self.left(t) == 0 {
            return events;
        }
        let step = self.state.given[t];
        self.state.given[t] += 1;
        if self.state.store.has_ended(t) {
            events.push(Event { tx: t, step, did: Did::Nothing });
        } else if self.state.line.contains(&t) {
            events.push(Event { tx: t, step, did: Did::Queued });
        } else {
            let mut ended = self.ended();
            self.go(t, &mut events);
            // Whoever has ended has let go of locks: those that wait try again.
            while self.ended() > ended {
                ended = self.ended();
                for waiting in self.state.line.clone() {
                    self.go(waiting, &mut events);
                }
            }
        }
        self.waited |= events.iter().any(|event| matches!(event.did, Did::Waits(_)));
        self.aborted |= events.iter().any(|event| matches!(event.did, Did::Aborted(_)));
        events
    }

    /// Plays the steps of one transaction for which it has had a turn.
    fn go(&mut self, t: Tx, events: &mut Vec<Event>) {
        let State { store, given, done, line } = &mut self.state;
        while done[t] < given[t] && !store.has_ended(t) {
            let step = done[t];
            let did = store.step(t, self.steps[t][step].op);
            if matches!(did, Did::Waits(_)) {
                if !line.contains(&t) {
                    line.push(t);
                    events.push(Event { tx: t, step, did });
                }
                return;
            }
            line.retain(|waiting| *waiting != t);
            done[t] += 1;
            events.push(Event { tx: t, step, did });
        }
    }

    /// Plays a whole order: events turn by turn.
    pub fn all(&mut self, order: &[Tx]) -> Vec<Vec<Event>> {
        order.iter().map(|t| self.turn(*t)).collect()
    }

    /// What the store holds.
    pub fn store(&self) -> &Store {
        &self.state.store
    }

    /// Turns that a transaction has left.
    pub fn left(&self, t: Tx) -> usize {
        self.steps.get(t).map_or(0, |steps| steps.len() - self.state.given[t])
    }

    /// Whether every transaction has had all its turns.
    pub fn over(&self) -> bool {
        (0..self.steps.len()).all(|t| self.left(t) == 0)
    }

    /// What it ends in, as far as it has been played.
    pub fn outcome(&self, anomaly: &Anomaly) -> Outcome {
        if (anomaly.bad)(&self.state.store) {
            Outcome::Happens
        } else if self.aborted {
            Outcome::Aborts
        } else if self.waited {
            Outcome::Waits
        } else {
            Outcome::Safe
        }
    }

    fn ended(&self) -> usize {
        (0..self.steps.len()).filter(|t| self.state.store.has_ended(*t)).count()
    }
}

/// The step that each turn of an order means: transaction and index of its step. For a list on a screen.
pub fn turns(order: &[Tx]) -> Vec<(Tx, usize)> {
    let before = |at: usize| order[..at].iter().filter(|t| **t == order[at]).count();
    (0..order.len()).map(|at| (order[at], before(at))).collect()
}

/// The order with the turn at `from` moved to `to`; itself if there are no such places. A turn that is moved over one
/// of its own transaction changes nothing: a program's steps keep their order.
pub fn moved(order: &[Tx], from: usize, to: usize) -> Vec<Tx> {
    let mut order = order.to_vec();
    if from < order.len() && to < order.len() {
        let turn = order.remove(from);
        order.insert(to, turn);
    }
    order
}
