//! When random codes meet, and what a random key does to a B-tree.
//!
//! Theory: n draws of M codes give M(1 - (1 - 1/M)^n) different ones, so that n minus this, about n²/2M while n is far
//! below M, hit a code that is taken: the birthday bound (Feller, An Introduction to Probability Theory 1, II.3). The
//! leaves of a B-tree are ln 2 = 69 % full on average with random keys (Yao, 1978); rising keys split only the last
//! leaf, of which `PostgreSQL` leaves 90 % behind (`nbtsplitloc.c`). m random keys write about L(1 - (1 - 1/L)^m) of L
//! leaves.

use super::{Answer, Cell, Chart, Dice, Knob, Knobs, Lab, Question, Report, Watch};

pub const LAB: Lab = Lab {
    name: "ids",
    lessons: &["id-generation", "design-url-shortener"],
    claim: "Of 100,000 random codes of four Base62 signs, 14.8 million in all, about 338 had been drawn before; random \
            keys leave the leaves of a B-tree 60 to 80 % full, rising ones 90 %.",
    question: Question::Number { ask, unit: "" },
    knobs: &[
        Knob::whole("codes", "random codes that are drawn", "", (100_000, 1000, 4_000_000)),
        Knob::whole("signs", "of a code, of 62 kinds each", "", (4, 3, 10)),
        Knob::whole("keys", "keys put into each B-tree", "", (100_000, 1000, 500_000)),
        Knob::real("rate", "keys made in a millisecond", "", (0.2, 0.001, 1000.0)),
    ],
    run,
    next: "rate 200",
    mechanism: mechanism!("ids.rs"),
};

fn ask(knobs: &Knobs) -> String {
    let signs = knobs.whole("signs");
    format!(
        "{} codes of {signs} Base62 signs are drawn at random; there are {} of them. How many of the draws give a code \
         that had been drawn before?",
        crate::text::grouped(knobs.real("codes"), 0),
        crate::text::grouped(space(signs), 0)
    )
}

// --- the mechanism

/// Keys of 16 bytes in a leaf of `PostgreSQL`, 8,192 bytes.
const ROOM: usize = 290;

/// The leaves of a B-tree, each with its keys in order.
struct Leaves(Vec<Vec<u128>>);

impl Leaves {
    /// The leaf where a key belongs: the last one that does not begin above it.
    fn leaf(&self, key: u128) -> usize {
        let after = self.0.partition_point(|leaf| leaf.first().is_some_and(|first| *first <= key));
        after.saturating_sub(1)
    }

    fn insert(&mut self, key: u128) {
        let mut at = self.leaf(key);
        if self.0[at].len() == ROOM {
            // At the right edge more will come behind, so the old leaf is left 90 % full; elsewhere both get half.
            let last = at + 1 == self.0.len();
            let keep = if last { ROOM * 9 / 10 } else { ROOM / 2 };
            let right = self.0[at].split_off(keep);
            at += usize::from(key >= right[0]);
            self.0.insert(if key >= right[0] { at } else { at + 1 }, right);
        }
        let place = self.0[at].partition_point(|old| *old < key);
        self.0[at].insert(place, key);
    }
}

/// How keys are made.
#[derive(Clone, Copy)]
enum Kind {
    /// One after another.
    Counter,
    /// UUID version 7: 48 bits of time in ms, then random bits (the six fixed bits left out).
    Version7,
    /// UUID version 4: random bits.
    Version4,
}

impl Kind {
    /// The nth key, when so many are made in a millisecond.
    fn key(self, n: usize, rate: f64, dice: &mut Dice) -> u128 {
        let random = (u128::from(dice.bits()) << 64) | u128::from(dice.bits());
        match self {
            Kind::Counter => n as u128,
            Kind::Version7 => (((n as f64 / rate) as u128) << 80) | (random >> 48),
            Kind::Version4 => random,
        }
    }
}

// --- the lab

/// How many codes of so many signs there are.
fn space(signs: usize) -> f64 {
    62f64.powi(signs as i32)
}

/// Draws that are expected to give a code that was drawn before.
fn taken(draws: f64, space: f64) -> f64 {
    // M(1 - (1 - 1/M)^n), without losing the digits when M is large.
    draws + space * (draws * (-1.0 / space).ln_1p()).exp_m1()
}

/// Draws codes; how many were drawn, and how many of those had been drawn before.
fn draw(
    wanted: usize,
    space: u64,
    dice: &mut Dice,
    going: &mut dyn FnMut(f64) -> bool,
) -> (usize, usize) {
    let mut codes = Vec::with_capacity(wanted);
    while codes.len() < wanted {
        if codes.len() % 10_000 == 0 && !going(codes.len() as f64 / wanted as f64) {
            break;
        }
        codes.push(dice.bits() % space); // 2^64 is 22 times 62^10: hardly skewed
    }
    let drawn = codes.len();
    codes.sort_unstable();
    codes.dedup();
    (drawn, drawn - codes.len())
}

/// Builds a B-tree; its row of the table, and how full its leaves are in %.
fn tree(
    (name, kind): (&str, Kind),
    (keys, rate): (usize, f64),
    dice: &mut Dice,
    going: &mut dyn FnMut(f64) -> bool,
) -> (Vec<Cell>, f64) {
    let mut leaves = Leaves(vec![Vec::new()]);
    let mut made = 0;
    while made < keys {
        if made % 2000 == 0 && !going(made as f64 / keys as f64) {
            break;
        }
        leaves.insert(kind.key(made, rate, dice));
        made += 1;
    }
    let full = made as f64 / (leaves.0.len() * ROOM) as f64 * 100.0;
    // Which leaves the next hundredth of the keys is put into, new ones among them: each goes whole into the log after
    // a checkpoint.
    let before = leaves.0.len();
    let next = (made / 100).max(1);
    let more: Vec<u128> = (made..made + next).map(|n| kind.key(n, rate, dice)).collect();
    let mut written: Vec<usize> = more.iter().map(|key| leaves.leaf(*key)).collect();
    written.sort_unstable();
    written.dedup();
    for key in more {
        leaves.insert(key);
    }
    let written = written.len() + leaves.0.len() - before;
    let row = vec![
        Cell::text(name),
        Cell::number(before as f64, 0, ""),
        Cell::number(full, 0, "%"),
        Cell::number(next as f64, 0, ""),
        Cell::number(written as f64, 0, ""),
    ];
    (row, full)
}

fn run(knobs: &Knobs, dice: &mut Dice, watch: &mut Watch) -> Report {
    let space = space(knobs.whole("signs"));
    let going = &mut |share: f64| watch.going(share * 0.4);
    let (drawn, seen) = draw(knobs.whole("codes"), space as u64, dice, going);
    let (keys, rate) = (knobs.whole("keys"), knobs.real("rate"));
    let kinds =
        [("counter", Kind::Counter), ("version 7", Kind::Version7), ("version 4", Kind::Version4)];
    let (mut rows, mut fills, mut bars) = (Vec::new(), Vec::new(), Vec::new());
    for (at, (name, kind)) in kinds.into_iter().enumerate() {
        let going = &mut |share: f64| watch.going(0.4 + 0.2 * (at as f64 + share));
        let (row, full) = tree((name, kind), (keys, rate), dice, going);
        rows.push(row);
        fills.push(full);
        bars.push((name.to_string(), full, format!("{full:.0} %")));
    }
    let (theory, measured) = (taken(drawn as f64, space), seen as f64);
    // Pairs of equal draws are nearly independent and rare: no more varied than Poisson. Four deviations.
    let tolerance = 4.0 * theory.sqrt() + 1.0;
    // Leaves fill and split in waves about ln 2, the higher the fewer there are: 61 to 79 % from 30,000 keys on.
    let told = keys >= 50_000 && !watch.stopped();
    let trees = !told || ((88.0..=91.0).contains(&fills[0]) && (60.0..=80.0).contains(&fills[2]));
    Report {
        answer: Answer::Number(measured),
        theory: Some(theory),
        measured,
        unit: "",
        holds: (measured - theory).abs() <= tolerance && trees,
        verdict: format!(
            "{measured:.0} draws met a taken code, {theory:.1} by theory, within {tolerance:.0}; leaves are {:.0} % full \
             with rising keys and {:.0} % with random ones",
            fills[0], fills[2]
        ),
        head: vec!["keys", "leaves", "full", "next keys", "leaves written"],
        rows,
        chart: Some(Chart { title: "how full the leaves of a B-tree are".into(), bars }),
        here: false,
        partial: watch.stopped(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::tests::{number, run_with};
    use super::*;

    #[test]
    fn draws_meet_as_often_as_the_birthday_bound_says() {
        for seed in 1..=20 {
            // 100,000² / (2·62⁴) = 338.
            let report = run_with(&LAB, &[("keys", "1000")], seed);
            assert!(report.holds, "{}", report.verdict);
            assert!((report.theory.unwrap() - 337.6).abs() < 1.0, "{:?}", report.theory);
            assert!((report.measured - 337.6).abs() < 75.0, "{}", report.measured);
        }
        assert!((taken(1e6, space(5)) - 545.6).abs() < 0.5);
        // More draws than codes: nearly all codes are drawn, and all other draws meet one.
        assert!((taken(4e6, space(3)) - (4e6 - 238_328.0)).abs() < 1.0);
    }

    #[test]
    fn leaves_stay_fuller_with_rising_keys_and_fewer_of_them_are_written() {
        for seed in 1..=3 {
            let report = run_with(&LAB, &[("codes", "1000")], seed);
            assert!(report.holds, "{}", report.verdict);
            let [counter, seven, four] = &report.rows[..] else { panic!() };
            // 100,000 keys at 261 a leaf.
            assert!((number(&counter[1]) - 384.0).abs() <= 1.0, "{counter:?}");
            assert!((number(&seven[1]) - 384.0).abs() <= 2.0, "{seven:?}");
            assert!(number(&counter[4]) <= 6.0 && number(&seven[4]) <= 6.0);
            let leaves = number(&four[1]);
            let written = leaves * (1.0 - (1.0 - 1.0 / leaves).powf(1000.0));
            // Leaves differ in width, so that a few per cent fewer are met; some split, and both halves are written.
            assert!((0.93..1.08).contains(&(number(&four[4]) / written)), "{four:?} {written}");
        }
    }

    #[test]
    fn two_hundred_version_7_keys_in_a_millisecond_are_as_bad_as_random_ones() {
        for seed in 1..=3 {
            let report = run_with(&LAB, &[("codes", "1000"), ("rate", "200")], seed);
            assert!(number(&report.rows[1][2]) < 72.0, "{:?}", report.rows[1]);
        }
    }

    #[test]
    fn all_keys_are_in_the_leaves_in_order() {
        let mut dice = Dice::new(1);
        for kind in [Kind::Counter, Kind::Version7, Kind::Version4] {
            let mut leaves = Leaves(vec![Vec::new()]);
            let mut keys: Vec<u128> = (0..5000).map(|n| kind.key(n, 200.0, &mut dice)).collect();
            for key in &keys {
                leaves.insert(*key);
            }
            keys.sort_unstable();
            assert_eq!(leaves.0.concat(), keys);
            assert!(leaves.0.iter().all(|leaf| !leaf.is_empty() && leaf.len() <= ROOM));
        }
    }
}
