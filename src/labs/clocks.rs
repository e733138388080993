//! Two writes, one after the other, on two servers whose clocks differ: which of them is thrown away.
//!
//! Theory: each clock is off by up to ε either way, evenly. The newer write, `gap` later, gets the lower stamp where the
//! first server's clock is ahead of the second's by more than the gap; the difference of two even errors is
//! triangular, so that the chance is (1 − gap / 2ε)² / 2. Lamport's counters (Time, Clocks, and the Ordering of Events,
//! 1978) and hybrid clocks (Kulkarni et al., Logical Physical Clocks, 2014, figure 5) never order a write below one that
//! its writer has read; of one that it has not read a counter knows nothing, and is wrong half of the time. Version
//! vectors (Parker et al., 1983) see that neither writer knew of the other, and both writes stay. Waiting until the bound
//! has passed (Corbett et al., Spanner, 2012, section 4.1.2) gets the order right for all, at 2ε a write.

use super::{Answer, Cell, Chart, Dice, Knob, Knobs, Lab, Question, Report, Watch};

pub const LAB: Lab = Lab {
    name: "clocks",
    lessons: &["clock-skew", "distributed-anomalies"],
    claim: "With clocks that are off by up to 50 ms, last-write-wins throws away 32 % of the writes that follow another \
            by 20 ms, though their writers had read that other one; a hybrid clock throws away none of those.",
    question: Question::Number { ask, unit: "%" },
    knobs: &[
        Knob::choice(
            "stamp",
            "what orders the writes",
            &["clock", "counter", "hybrid", "wait", "vector"],
        ),
        Knob::real("skew", "most that a clock is off, either way", "ms", (50.0, 0.0, 1000.0)),
        Knob::real(
            "gap",
            "from the ok of the first write to the second",
            "ms",
            (20.0, 0.0, 2000.0),
        ),
        Knob::real("read", "second writers that had read the first write", "%", (50.0, 0.0, 100.0)),
        Knob::whole("pairs", "of writes", "", (20_000, 1000, 200_000)),
    ],
    run,
    next: "stamp hybrid",
    mechanism: mechanism!("clocks.rs"),
};

fn ask(knobs: &Knobs) -> String {
    let stamp = match knobs.choice("stamp") {
        "counter" => "a Lamport counter",
        "hybrid" => "a hybrid clock",
        "wait" => "the clock, and each write waits until that time has passed on all clocks",
        "vector" => "a version vector",
        _ => "the server's clock",
    };
    format!(
        "The stamp is {stamp}, the higher one wins. Clocks are off by up to {} ms either way. A second write comes to \
         another server {} ms after the first got its ok; {} % of the second writers have read the first write. How \
         many of the second writes are thrown away?",
        knobs.real("skew"),
        knobs.real("gap"),
        knobs.real("read"),
    )
}

// --- the mechanism

/// A stamp of any kind; unused parts are 0.
#[derive(Clone, Copy, Default)]
struct Stamp {
    /// A clock's time in ms, or the physical part of a hybrid stamp.
    time: f64,
    /// A counter, or the logical part of a hybrid stamp.
    count: u64,
    /// Writes of each of the two servers that this one knows of.
    vector: [u64; 2],
    /// Decides between equals.
    server: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Clock,
    Counter,
    Hybrid,
    Wait,
    Vector,
}

/// A server with what its next stamp is made of.
struct Server {
    name: usize,
    /// How far its clock is ahead, in ms.
    ahead: f64,
    last: Stamp,
}

impl Server {
    /// Stamps a write at the true time `now`; `read` is what the writer has seen. Also how long its ok has to wait.
    fn write(&mut self, kind: Kind, now: f64, read: Option<Stamp>, skew: f64) -> (Stamp, f64) {
        let clock = now + self.ahead;
        let seen = read.unwrap_or_default();
        let mut stamp = Stamp { server: self.name, ..Stamp::default() };
        let mut wait = 0.0;
        match kind {
            Kind::Clock => stamp.time = clock,
            Kind::Counter => stamp.count = self.last.count.max(seen.count) + 1,
            Kind::Hybrid => {
                // The clock, unless something seen is ahead of it: then that, and a count behind it.
                stamp.time = clock.max(self.last.time).max(seen.time);
                for other in [self.last, seen] {
                    if other.time.total_cmp(&stamp.time).is_eq() {
                        stamp.count = stamp.count.max(other.count + 1);
                    }
                }
            }
            Kind::Wait => {
                stamp.time = clock + skew; // no clock shows more now
                wait = 2.0 * skew; // and then each shows more than the stamp
            }
            Kind::Vector => {
                stamp.vector = [0, 1].map(|i| self.last.vector[i].max(seen.vector[i]));
                stamp.vector[self.name] += 1;
            }
        }
        self.last = stamp;
        (stamp, wait)
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Kept {
    First,
    Second,
    Both,
}

/// What a copy keeps that gets both writes, in any order.
fn merge(kind: Kind, first: &Stamp, second: &Stamp) -> Kept {
    if kind == Kind::Vector {
        let covers = |a: &Stamp, b: &Stamp| (0..2).all(|i| a.vector[i] >= b.vector[i]);
        return match (covers(first, second), covers(second, first)) {
            (_, true) => Kept::Second,
            (true, _) => Kept::First,
            _ => Kept::Both, // neither writer knew of the other: the application has to merge
        };
    }
    let order = first.time.total_cmp(&second.time).then(first.count.cmp(&second.count));
    if order.then(first.server.cmp(&second.server)).is_lt() { Kept::Second } else { Kept::First }
}

// --- the lab

const KINDS: [(&str, Kind); 5] = [
    ("clock", Kind::Clock),
    ("counter", Kind::Counter),
    ("hybrid", Kind::Hybrid),
    ("wait", Kind::Wait),
    ("vector", Kind::Vector),
];

/// The share of second writes that are thrown away, by theory: of those who had read the first, and of the others.
fn theory(kind: Kind, skew: f64, gap: f64) -> [f64; 2] {
    // Without any skew and gap the stamps are equal, and the server's name decides.
    let late = if skew > 0.0 {
        (1.0 - gap / (2.0 * skew)).max(0.0).powi(2) / 2.0
    } else if gap > 0.0 {
        0.0
    } else {
        0.5
    };
    match kind {
        Kind::Clock => [late, late],
        Kind::Counter => [0.0, 0.5],
        Kind::Hybrid => [0.0, late],
        Kind::Wait if skew + gap == 0.0 => [0.5, 0.5],
        Kind::Wait | Kind::Vector => [0.0, 0.0],
    }
}

/// Pairs, second writes thrown away, and pairs of which both stay; of readers, of others, and of writes at one time.
#[derive(Clone, Copy, Default)]
struct Count {
    pairs: [usize; 3],
    lost: [usize; 3],
    both: [usize; 3],
}

impl Count {
    fn note(&mut self, column: usize, kept: Kept) {
        self.pairs[column] += 1;
        self.lost[column] += usize::from(kept == Kept::First);
        self.both[column] += usize::from(kept == Kept::Both);
    }

    fn share(of: usize, pairs: usize) -> f64 {
        of as f64 / pairs.max(1) as f64 * 100.0
    }
}

/// Two servers that know nothing of each other; which of them gets the first write is not in their names.
fn servers(skew: f64, dice: &mut Dice) -> [Server; 2] {
    let first = dice.below(2);
    [first, 1 - first].map(|name| {
        // Each had some writes before, the last of them long ago.
        let before = dice.below(100) as u64;
        let last = Stamp { count: before, ..Stamp::default() };
        Server { name, ahead: skew * (2.0 * dice.unit() - 1.0), last }
    })
}

fn run(knobs: &Knobs, dice: &mut Dice, watch: &mut Watch) -> Report {
    let (skew, gap, share) = (knobs.real("skew"), knobs.real("gap"), knobs.real("read"));
    let (wanted, mut pairs) = (knobs.whole("pairs"), 0);
    let mut counts = [Count::default(); 5];
    while pairs < wanted {
        if pairs % 500 == 0 && !watch.going(pairs as f64 / wanted as f64) {
            break;
        }
        let reads = dice.chance(share / 100.0);
        for (count, (_, kind)) in counts.iter_mut().zip(KINDS) {
            let start = 10_000.0;
            let [mut a, mut b] = servers(skew, dice);
            let (first, wait) = a.write(kind, start, None, skew);
            let read = reads.then_some(first);
            let (second, _) = b.write(kind, start + wait + gap, read, skew);
            count.note(usize::from(!reads), merge(kind, &first, &second));
            let [mut a, mut b] = servers(skew, dice);
            let (first, _) = a.write(kind, start, None, skew);
            let (second, _) = b.write(kind, start, None, skew);
            count.note(2, merge(kind, &first, &second));
        }
        pairs += 1;
    }
    let chosen = KINDS.iter().position(|(name, _)| *name == knobs.choice("stamp")).unwrap_or(0);
    let of = |kind: Kind| {
        let [read, other] = theory(kind, skew, gap);
        read * share + other * (100.0 - share)
    };
    let lost = |count: &Count| Count::share(count.lost[0] + count.lost[1], pairs);
    let (expected, measured) = (of(KINDS[chosen].1), lost(&counts[chosen]));
    // Four deviations of a binomial share and one pair.
    let near = |theory: f64, measured: f64| {
        let n = pairs.max(1) as f64;
        (theory - measured).abs() <= 4.0 * (theory * (100.0 - theory) / n).sqrt() + 100.0 / n
    };
    let rows = KINDS.iter().zip(&counts).map(|((name, kind), count)| {
        let percent = |of: usize, column: usize| match count.pairs[column] {
            0 => Cell::text("none"),
            pairs => Cell::number(Count::share(of, pairs), 1, "%"),
        };
        vec![
            Cell::text(*name),
            percent(count.lost[0], 0),
            percent(count.lost[1], 1),
            Cell::number(of(*kind), 1, "%"),
            percent(count.pairs[2] - count.both[2], 2),
            Cell::text(if *kind == Kind::Wait {
                format!("{} ms", 2.0 * skew)
            } else {
                "0 ms".into()
            }),
        ]
    });
    Report {
        answer: Answer::Number(measured),
        theory: Some(expected),
        measured,
        unit: "%",
        holds: KINDS.iter().zip(&counts).all(|((_, kind), count)| near(of(*kind), lost(count))),
        verdict: format!(
            "{measured:.1} % of {pairs} second writes were thrown away by {}, theory says {expected:.1} %; each row is \
             held to four deviations of its share",
            KINDS[chosen].0
        ),
        head: vec![
            "stamp",
            "lost, read",
            "lost, unread",
            "theory, all",
            "one lost at once",
            "ok waits",
        ],
        rows: rows.collect(),
        chart: Some(Chart {
            title: "second writes thrown away".into(),
            bars: KINDS
                .iter()
                .zip(&counts)
                .map(|((name, _), count)| {
                    ((*name).to_string(), lost(count), format!("{:.1} %", lost(count)))
                })
                .collect(),
        }),
        here: false,
        partial: watch.stopped(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{run_with, seeds};
    use super::*;

    fn cell(report: &Report, row: usize, column: usize) -> f64 {
        let Cell::Number(value, _) = report.rows[row][column] else { panic!() };
        value
    }

    #[test]
    fn last_write_wins_throws_away_what_the_triangle_says_and_a_hybrid_clock_nothing_that_was_read()
    {
        for report in seeds(&LAB, 20) {
            assert!(report.holds, "{}", report.verdict);
            assert!((report.measured - 32.0).abs() < 1.5, "{}", report.verdict);
            for row in [1, 2, 3, 4] {
                assert!(cell(&report, row, 1) == 0.0, "{}", report.rows[row][0].shown());
            }
        }
    }

    #[test]
    fn what_was_not_read_is_ordered_only_by_a_clock_that_waits_and_kept_only_by_a_vector() {
        for (stamp, least, most) in [
            ("counter", 48.0, 52.0),
            ("hybrid", 30.5, 33.5),
            ("wait", 0.0, 0.0),
            ("vector", 0.0, 0.0),
        ] {
            let report = run_with(&LAB, &[("stamp", stamp), ("read", "0")], 1);
            assert!((least..=most).contains(&report.measured), "{}", report.verdict);
        }
        let report = run_with(&LAB, &[], 1);
        assert!(cell(&report, 0, 4) > 99.9 && cell(&report, 4, 4) == 0.0);
    }

    #[test]
    fn theory_holds_from_no_skew_to_more_than_the_gap() {
        for (skew, gap) in [("0", "0"), ("0", "5"), ("10", "20"), ("11", "20"), ("1000", "0")] {
            for read in ["0", "100"] {
                let report = run_with(&LAB, &[("skew", skew), ("gap", gap), ("read", read)], 1);
                assert!(report.holds, "{skew} {gap}: {}", report.verdict);
            }
        }
    }

    #[test]
    fn a_hybrid_stamp_is_above_all_that_its_server_wrote_or_read() {
        let mut server = Server { name: 0, ahead: -30.0, last: Stamp::default() };
        let read = Stamp { time: 120.0, count: 4, server: 1, ..Stamp::default() };
        let (first, _) = server.write(Kind::Hybrid, 100.0, Some(read), 50.0);
        assert_eq!((first.time, first.count), (120.0, 5));
        let (second, _) = server.write(Kind::Hybrid, 110.0, None, 50.0);
        assert_eq!((second.time, second.count), (120.0, 6));
        let (third, _) = server.write(Kind::Hybrid, 200.0, None, 50.0);
        assert_eq!((third.time, third.count), (170.0, 0));
    }
}
