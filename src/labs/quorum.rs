//! Copies and quorums: how often a read returns the old value, after a write's ok and during the write.
//!
//! Theory: a read of R of N copies misses k copies that have the value with a chance of C(N − k, R) / C(N, R). After
//! the ok k is W, and the chance is 0 where R + W > N (Gifford, 1979). While the write is under way k may be 1, so that
//! a reader returns the new value and a later one the old: the history is not linearizable (Herlihy, Wing, 1990).
//! The value travels on: where a copy gets it after an exponential time of mean D, each copy still lacks it t later
//! with e^(−t/D), which makes the chance C(N − k, R) / C(N, R) · e^(−Rt/D). That is t-visibility of Bailis et al.
//! (Probabilistically Bounded Staleness, 2012, section 3), without the time that acks and reads travel.
//! A reader that first writes back what it read mends it (Attiya, Bar-Noy, Dolev, 1995).

use super::{Answer, Cell, Chart, Dice, Knob, Knobs, Lab, Question, Report, Watch};

pub const LAB: Lab = Lab {
    name: "quorum",
    lessons: &[
        "core-concepts",
        "replication-and-failover",
        "nosql-partitioning",
        "choosing-a-database",
    ],
    claim: "With 3 copies, R = W = 2 and 10 ms until a copy has a write, a read 5 ms after another that returned \
            the value of a write under way returns the old one in 12.3 % of the cases; after the write's ok none \
            does.",
    question: Question::Number { ask, unit: "%" },
    knobs: &[
        Knob::whole("copies", "N, that hold the value", "", (3, 1, 9)),
        Knob::whole("write", "W, copies that a write waits for", "", (2, 1, 9)),
        Knob::whole("read", "R, copies that a read asks", "", (2, 1, 9)),
        Knob::real("wait", "until the read in question starts", "ms", (5.0, 0.0, 100.0)),
        Knob::choice("since", "what it waits from", &["first-reader", "ok"]),
    ],
    run,
    next: "since ok",
    mechanism: mechanism!("quorum.rs"),
};

fn ask(knobs: &Knobs) -> String {
    let (copies, write, read) = sizes(knobs);
    let from = match knobs.choice("since") {
        "ok" => "the write got its ok",
        _ => "another reader met the first copy that has it, and returned the new value",
    };
    format!(
        "A write goes to {copies} copies, each has it after {DELAY} ms on average, and {write} of them make the ok. \
         A read asks {read} copies at random, {} ms after {from}. How often does it return the old value?",
        knobs.real("wait")
    )
}

/// N, W and R; no more are waited for or asked than there are.
fn sizes(knobs: &Knobs) -> (usize, usize, usize) {
    let copies = knobs.whole("copies");
    (copies, knobs.whole("write").min(copies), knobs.whole("read").min(copies))
}

// --- the mechanism

/// From the start of a write until a copy has it, on average; in ms.
const DELAY: f64 = 10.0;

/// One write on its way.
#[derive(Clone)]
struct Write {
    /// When each copy has it, in ms since it was sent.
    at: Vec<f64>,
}

/// What one reader did.
struct Read {
    /// The copies that it asked.
    asked: Vec<usize>,
    /// Whether one of them had the new value, which has the higher number and is returned.
    new: bool,
}

impl Write {
    fn send(copies: usize, dice: &mut Dice) -> Write {
        Write { at: (0..copies).map(|_| dice.exponential(DELAY)).collect() }
    }

    /// When `count` copies have it. With W this is the moment of the ok.
    fn reached(&self, count: usize) -> f64 {
        let mut at = self.at.clone();
        at.sort_by(f64::total_cmp);
        at[count - 1]
    }

    /// Asks `count` copies at one moment.
    fn read(&self, time: f64, count: usize, dice: &mut Dice) -> Read {
        let mut asked: Vec<usize> = (0..self.at.len()).collect();
        dice.shuffle(&mut asked);
        asked.truncate(count);
        let new = asked.iter().any(|copy| self.at[*copy] <= time);
        Read { asked, new }
    }

    /// A reader sends what it read to every copy again. It may reply once W of them have it.
    fn back(&mut self, time: f64, dice: &mut Dice) {
        for at in &mut self.at {
            *at = at.min(time + dice.exponential(DELAY));
        }
    }
}

/// The chance that a read returns the old value `wait` ms after `have` copies had the new one.
fn old(copies: usize, have: usize, read: usize, wait: f64) -> f64 {
    // C(N − k, R) / C(N, R), factor by factor
    let missed: f64 =
        (0..read).map(|i| copies.saturating_sub(have + i) as f64 / (copies - i) as f64).product();
    missed * (-(read as f64) * wait / DELAY).exp()
}

// --- the lab

const RUNS: usize = 10_000;

/// Reads that returned the old value, of those tried: after a first reader, after the ok, after a reader that wrote
/// back.
#[derive(Clone, Copy, Default)]
struct Row {
    tried: [usize; 3],
    old: [usize; 3],
}

impl Row {
    fn count(&mut self, column: usize, read: &Read) {
        self.tried[column] += 1;
        self.old[column] += usize::from(!read.new);
    }

    /// In %.
    fn share(&self, column: usize) -> f64 {
        self.old[column] as f64 / self.tried[column].max(1) as f64 * 100.0
    }
}

fn run(knobs: &Knobs, dice: &mut Dice, watch: &mut Watch) -> Report {
    let (copies, need, read) = sizes(knobs);
    let (wait, since) = (knobs.real("wait"), usize::from(knobs.choice("since") == "ok"));
    let mut waits = vec![0.0, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, wait];
    waits.sort_by(f64::total_cmp);
    waits.dedup();
    let mut rows = vec![Row::default(); waits.len()];
    let mut history = None;
    for run in 0..RUNS {
        if run % 100 == 0 && !watch.going(run as f64 / RUNS as f64) {
            break;
        }
        let write = Write::send(copies, dice);
        let (start, ok) = (write.reached(1), write.reached(need));
        let first = write.read(start, read, dice);
        let mut back = write.clone();
        back.back(start, dice);
        let back_ok = back.reached(need);
        for (row, more) in rows.iter_mut().zip(&waits) {
            let after_ok = write.read(ok + more, read, dice);
            row.count(1, &after_ok);
            if !first.new {
                continue; // it met no copy that has the value, so that nobody was misled
            }
            let second = write.read(start + more, read, dice);
            row.count(0, &second);
            row.count(2, &back.read(back_ok + more, read, dice));
            let (from, last) = if since == 0 { (start, second) } else { (ok, after_ok) };
            if history.is_none() && more.total_cmp(&wait).is_eq() && !last.new {
                history = Some(timeline(&write, need, (from, &first), (from + wait, &last), since));
            }
        }
    }
    let theory = old(copies, [1, need][since], read, wait) * 100.0;
    let at = waits.iter().position(|at| at.total_cmp(&wait).is_eq()).unwrap_or(0);
    let measured = rows[at].share(since);
    let tried = rows[at].tried[since].max(1) as f64;
    // Four deviations of a binomial share and one read: fewer than one run in 10,000 is outside by chance.
    let tolerance = 4.0 * (theory * (100.0 - theory) / tried).sqrt() + 100.0 / tried;
    let overlap = read + need > copies;
    let broken = rows.iter().any(|row| overlap && row.old[1] + row.old[2] > 0);
    Report {
        answer: Answer::Number(measured),
        theory: Some(theory),
        measured,
        unit: "%",
        holds: (measured - theory).abs() <= tolerance && !broken,
        verdict: format!(
            "{measured:.1} % of {tried} reads returned the old value, theory says {theory:.1} % within {tolerance:.1} \
             points; R + W is {}above N{}",
            if overlap { "" } else { "not " },
            if overlap {
                format!(", and after the ok {} were old", if broken { "some" } else { "none" })
            } else {
                String::new()
            },
        ),
        head: vec!["read after", "first reader", "theory", "ok", "theory", "written back"],
        rows: rows
            .iter()
            .zip(&waits)
            .map(|(row, wait)| cells(row, *wait, (copies, need, read)))
            .collect(),
        chart: history,
        here: false,
        partial: watch.stopped(),
    }
}

fn cells(row: &Row, wait: f64, (copies, need, read): (usize, usize, usize)) -> Vec<Cell> {
    let percent = |share| Cell::number(share, 1, "%");
    vec![
        Cell::text(format!("{wait} ms")),
        percent(row.share(0)),
        percent(old(copies, 1, read, wait) * 100.0),
        percent(row.share(1)),
        percent(old(copies, need, read, wait) * 100.0),
        percent(row.share(2)),
    ]
}

/// One history in which the later read returned the old value, as it happened.
fn timeline(
    write: &Write,
    need: usize,
    first: (f64, &Read),
    last: (f64, &Read),
    since: usize,
) -> Chart {
    let asked = |read: &Read| {
        let names: Vec<String> = read.asked.iter().map(|copy| (copy + 1).to_string()).collect();
        format!(", asks {}", names.join(", "))
    };
    let mut events: Vec<(String, f64, String)> = write
        .at
        .iter()
        .enumerate()
        .map(|(copy, at)| (format!("copy {} has it", copy + 1), *at, String::new()))
        .collect();
    events.push(("ok".into(), write.reached(need), String::new()));
    if since == 0 {
        events.push(("reader 1: new".into(), first.0, asked(first.1)));
    }
    events.push(("then a read: old".into(), last.0, asked(last.1)));
    events.sort_by(|a, b| a.1.total_cmp(&b.1)); // stable: a copy has it before the reader who meets it there
    Chart {
        title: "the first such history, in ms".into(),
        bars: events
            .into_iter()
            .map(|(name, at, more)| (name, at, format!("{at:.1}{more}")))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{run_with, seeds};
    use super::*;

    #[test]
    fn a_later_reader_returns_the_old_value_as_often_as_the_formula_says() {
        for report in seeds(&LAB, 20) {
            assert!(report.holds, "{}", report.verdict);
            assert!((report.measured - 12.3).abs() < 1.6, "{}", report.verdict);
            assert!(report.chart.is_some(), "no history was found");
        }
    }

    #[test]
    fn after_the_ok_only_a_quorum_that_does_not_overlap_reads_old_values() {
        let overlap = run_with(&LAB, &[("since", "ok")], 1);
        assert!(overlap.holds && overlap.measured == 0.0, "{}", overlap.verdict);
        for seed in 1..=10 {
            let one = [("since", "ok"), ("read", "1"), ("write", "1"), ("wait", "10")];
            let report = run_with(&LAB, &one, seed);
            assert!(report.holds, "{}", report.verdict);
            assert!((report.measured - 24.5).abs() < 2.0, "{}", report.verdict); // 2/3 of e^-1
        }
    }

    #[test]
    fn a_reader_that_writes_back_leaves_no_old_value_to_read() {
        for (copies, write, read) in [("3", "2", "2"), ("5", "3", "3"), ("5", "2", "4")] {
            let set = [("copies", copies), ("write", write), ("read", read)];
            for row in run_with(&LAB, &set, 1).rows {
                assert_eq!(row[5].shown(), "0.0 %");
            }
        }
    }

    #[test]
    fn the_chance_to_miss_is_the_one_that_can_be_counted_by_hand() {
        // Of three pairs of three copies one avoids the copy that has the value; of five, two of five for R = 3.
        assert!((old(3, 1, 2, 0.0) - 1.0 / 3.0).abs() < 1e-12);
        assert!((old(5, 1, 3, 0.0) - 0.4).abs() < 1e-12);
        assert!(old(3, 2, 2, 0.0).abs() < 1e-12);
    }
}
