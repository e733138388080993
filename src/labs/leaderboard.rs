//! A new score and the rank that it gives: a tree of counts, a sorted array, a scan.
//!
//! Theory: a Fenwick tree (Fenwick, 1994) over s scores has a node for each score n from 1 that counts the n & -n
//! scores up to n. Adding at a score visits the nodes that cover it, on average the sum of n & -n over s; counting
//! visits one node for each 1 in the binary form of n. Both are about half of b = log2 s, so that taking a score out,
//! putting one in and counting makes about 1.5 b steps. A sorted array of n moves what lies between the old place and
//! the new: with a change of up to a share c of the range to either side (turned back at its ends), n (c/2 - c²/6). A
//! scan looks at all n.

use std::time::{Duration, Instant};

use super::{Answer, Cell, Chart, Dice, Knob, Knobs, Lab, Question, Report, Watch};

pub const LAB: Lab = Lab {
    name: "leaderboard",
    lessons: &["design-leaderboard"],
    claim: "Among 100,000 players a new score and its rank cost a tree of counts about 30 steps, a sorted array 33,000 \
            moves and a scan 100,000 comparisons.",
    question: Question::Number { ask, unit: "times" },
    knobs: &[
        Knob::whole("players", "players with a score", "", (100_000, 100, 1_000_000)),
        Knob::whole("scores", "scores that there are", "", (1_000_000, 100, 4_000_000)),
        Knob::real("change", "largest change of a score, of the range", "%", (100.0, 0.1, 100.0)),
        Knob::whole("updates", "new scores", "", (200, 50, 5_000)),
    ],
    run,
    next: "change 0.1",
    mechanism: mechanism!("leaderboard.rs"),
};

fn ask(knobs: &Knobs) -> String {
    format!(
        "{} players have scores, and one gets a new score (a change of up to {} % of the range) and asks for her \
         rank. On this machine, how many times as long as the tree of counts does a scan of all players take?",
        knobs.whole("players"),
        knobs.real("change")
    )
}

// --- the mechanism

/// How many players have each score (Fenwick, 1994). Node n counts the scores of the n & -n places up to n.
struct Tree(Vec<u32>);

impl Tree {
    /// One player more (or, with `leaves`, one less) at a score. Returns the nodes that were touched.
    fn add(&mut self, score: usize, leaves: bool) -> usize {
        let (mut node, mut steps) = (score + 1, 0);
        while node < self.0.len() {
            let one = if leaves { u32::MAX } else { 1 }; // u32::MAX is -1
            self.0[node] = self.0[node].wrapping_add(one);
            node += node & node.wrapping_neg(); // the next node that covers this one
            steps += 1;
        }
        steps
    }

    /// Players at or below a score, and the nodes that were read.
    fn up_to(&self, score: usize) -> (usize, usize) {
        let (mut node, mut count, mut steps) = (score + 1, 0, 0);
        while node > 0 {
            count += self.0[node] as usize;
            node &= node - 1; // the node just below what this one covers
            steps += 1;
        }
        (count, steps)
    }
}

/// All scores, the lowest first.
struct Sorted(Vec<usize>);

impl Sorted {
    /// Takes one score out and puts another in. Returns how many others moved.
    fn replace(&mut self, old: usize, new: usize) -> usize {
        let from = self.0.partition_point(|score| *score < old);
        let to = self.0.partition_point(|score| *score < new);
        if to > from {
            self.0[from..to].rotate_left(1); // those between step down by one place
            self.0[to - 1] = new;
            to - 1 - from
        } else {
            self.0[to..=from].rotate_right(1);
            self.0[to] = new;
            from - to
        }
    }

    fn up_to(&self, score: usize) -> usize {
        self.0.partition_point(|other| *other <= score)
    }
}

/// Looks at every player.
fn scan(scores: &[usize], score: usize) -> usize {
    scores.iter().filter(|other| **other <= score).count()
}

// --- the lab

/// Steps and time of one way over all updates.
#[derive(Clone, Default)]
struct Cost {
    steps: usize,
    times: Vec<Duration>,
}

impl Cost {
    fn note(&mut self, steps: usize, time: Duration) {
        self.steps += steps;
        self.times.push(time);
    }

    fn steps(&self) -> f64 {
        self.steps as f64 / self.times.len().max(1) as f64
    }

    /// Microseconds at a share of the sorted times.
    fn micros(&mut self, share: f64) -> f64 {
        self.times.sort_unstable();
        let at = (self.times.len() as f64 * share) as usize;
        self.times.get(at).map_or(0.0, |time| time.as_secs_f64() * 1e6)
    }
}

#[allow(clippy::disallowed_methods)] // this lab's question is how long it takes here
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let out = work();
    (out, start.elapsed())
}

/// A score moved by up to `most` to either side, turned back at the ends of the range.
fn moved(score: usize, most: f64, scores: usize, dice: &mut Dice) -> usize {
    let to = (score as f64 + 0.5 + (dice.unit() * 2.0 - 1.0) * most).abs();
    let range = scores as f64;
    let to = if to > range { 2.0 * range - to } else { to };
    (to as usize).min(scores - 1)
}

/// Mean steps of two additions and one count in a tree over so many scores.
fn tree_steps(scores: usize) -> f64 {
    let (mut add, mut count) = (0, 0);
    for node in 1..=scores {
        add += node & node.wrapping_neg();
        count += node.count_ones() as usize;
    }
    (2 * add + count) as f64 / scores.max(1) as f64
}

fn run(knobs: &Knobs, dice: &mut Dice, watch: &mut Watch) -> Report {
    let (players, scores) = (knobs.whole("players"), knobs.whole("scores"));
    let change = knobs.real("change") / 100.0;
    let mut board: Vec<usize> = (0..players).map(|_| dice.below(scores)).collect();
    let mut sorted = Sorted(board.clone());
    sorted.0.sort_unstable();
    let mut tree = Tree(vec![0; scores + 1]);
    for score in &board {
        tree.add(*score, false);
    }
    let mut costs = vec![Cost::default(); 3];
    let mut agree = true;
    let updates = knobs.whole("updates");
    for update in 0..updates {
        if !watch.going(update as f64 / updates as f64) {
            break;
        }
        let player = dice.below(players);
        let old = board[player];
        let new = moved(old, change * scores as f64, scores, dice);
        let ((by_tree, steps), time) = timed(|| {
            let steps = tree.add(old, true) + tree.add(new, false);
            let (count, more) = tree.up_to(new);
            (count, steps + more)
        });
        costs[0].note(steps, time);
        let ((by_array, steps), time) = timed(|| {
            let steps = sorted.replace(old, new);
            (sorted.up_to(new), steps)
        });
        costs[1].note(steps, time);
        let (by_scan, time) = timed(|| {
            board[player] = new;
            scan(&board, new)
        });
        costs[2].note(players, time);
        agree = agree && by_tree == by_scan && by_array == by_scan;
    }
    report(&mut costs, agree, (players, scores, change), watch.stopped())
}

fn report(
    costs: &mut [Cost],
    agree: bool,
    (players, scores, change): (usize, usize, f64),
    partial: bool,
) -> Report {
    let n = players as f64;
    let theory = [tree_steps(scores), n * (change / 2.0 - change * change / 6.0), n];
    let steps: Vec<f64> = costs.iter().map(Cost::steps).collect();
    // Each bit is 0 or 1 by chance and so deviates by 1/2; the three walks may go the same way, which triples the
    // deviation of one, sqrt(b)/2. Four standard errors of the mean, over the players if these are fewer.
    let independent = costs[0].times.len().clamp(1, players) as f64;
    let tolerance = 4.0 * 1.5 * ((scores as f64).log2() / independent).sqrt();
    let names = ["tree of counts", "sorted array", "scan"];
    let micros: Vec<[f64; 3]> =
        costs.iter_mut().map(|cost| [0.5, 0.1, 0.9].map(|share| cost.micros(share))).collect();
    let ratio = micros[2][0] / micros[0][0].max(1e-3); // a clock may show no time at all
    let rows = (0..3).map(|way| {
        vec![
            Cell::text(names[way]),
            Cell::number(steps[way], 1, ""),
            Cell::number(theory[way], 1, ""),
            Cell::number(micros[way][0], 2, "µs"),
            Cell::number(micros[way][1], 2, "µs"),
            Cell::number(micros[way][2], 2, "µs"),
        ]
    });
    let bars = (0..3)
        .map(|way| (names[way].to_string(), micros[way][0], format!("{:.2} µs", micros[way][0])));
    Report {
        answer: Answer::Number(ratio),
        theory: Some(theory[0]),
        measured: steps[0],
        unit: "steps",
        holds: agree && (steps[0] - theory[0]).abs() <= tolerance,
        verdict: if agree {
            format!(
                "the tree takes {:.1} steps, theory {:.1}, give or take {tolerance:.1}; \
                 the scan takes {:.0} times the steps and here {ratio:.0} times as long",
                steps[0],
                theory[0],
                steps[2] / steps[0].max(1.0)
            )
        } else {
            "the three ways do not give the same ranks".into()
        },
        head: vec!["", "steps", "theory", "median", "p10", "p90"],
        rows: rows.collect(),
        chart: Some(Chart { title: "time of one update".into(), bars: bars.collect() }),
        here: true,
        partial,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{number, run_with, seeds};
    use super::*;

    #[test]
    fn steps_are_as_the_theory_says_and_all_ranks_agree() {
        for seed in 1..=20 {
            let report = run_with(&LAB, &[("players", "5000"), ("updates", "1000")], seed);
            assert!(report.holds, "{}", report.verdict);
            let (moves, theory) = (number(&report.rows[1][1]), number(&report.rows[1][2]));
            // |i - j| of two random places has a deviation of n sqrt(1/18), here 37 a thousand updates.
            assert!((moves - theory).abs() < 4.0 * 37.3, "{moves} {theory}");
        }
        assert!(seeds(&LAB, 3).iter().all(|report| report.holds));
    }

    #[test]
    fn small_changes_are_what_a_sorted_array_is_good_at() {
        let report = run_with(&LAB, &[("change", "0.1"), ("updates", "1000")], 1);
        assert!(report.holds, "{}", report.verdict);
        let (moves, theory) = (number(&report.rows[1][1]), number(&report.rows[1][2]));
        assert!((theory - 50.0).abs() < 0.1 && (moves - theory).abs() < 5.0, "{moves} {theory}");
    }

    #[test]
    fn many_equal_scores_change_no_rank() {
        assert!(run_with(&LAB, &[("scores", "100"), ("players", "3000")], 1).holds);
    }
}
