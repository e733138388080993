//! All pages lose their line at once and come back: how wide must the random wait be, and who gets an error?
//!
//! Theory, as a fluid: N pages return evenly over a window w, μ are served a second, and a page leaves after a
//! patience T. Who comes at t finds a wait of t·(λ/μ - 1), λ = N/w. With N <= μ(w + T) nobody waits longer than T; else
//! the wait passes T once λTμ/(λ - μ) = NTμ/(N - μw) pages have come, and who comes later gets an error. A server that
//! skips whom it cannot serve in time serves μ(w + T) until the last patience ends. Chance: on its way the number of
//! N pages that came strays from the line by c·√N, seen between any two moments, with the chance of Kuiper's statistic
//! (Proc. KNAW A 63, 1960): below 0.0002 for c = 2.5.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::{Answer, Cell, Chart, Dice, Knob, Knobs, Lab, Question, Report, Watch};

pub const LAB: Lab = Lab {
    name: "fan-in",
    lessons: &["realtime-communication", "design-chat", "design-notifications"],
    claim: "60,000 pages return over 15 s to a server that takes 2,000 a second in order: 20,000 of them wait longer \
            than 10 s and get an error; over 30 s none does.",
    question: Question::Number { ask, unit: "pages" },
    knobs: &[
        Knob::real("window", "over which the pages return", "s", (15.0, 0.0, 600.0)),
        Knob::whole("pages", "that lose their line", "", (60_000, 100, 200_000)),
        Knob::whole("served", "pages a second", "/s", (2000, 10, 20_000)),
        Knob::real("patience", "after which a page gives up", "s", (10.0, 1.0, 60.0)),
        Knob::choice("again", "a page that gave up tries again", &["later", "at-once"]),
    ],
    run,
    next: "window 30",
    mechanism: mechanism!("fan_in.rs"),
};

fn ask(knobs: &Knobs) -> String {
    let pages = crate::text::grouped(knobs.real("pages"), 0);
    let served = crate::text::grouped(knobs.real("served"), 0);
    let window = match knobs.real("window") {
        0.0 => "come back in the same instant".to_string(),
        window => format!("come back at random within {window} s"),
    };
    format!(
        "{pages} pages lose their line and {window}. The server takes {served} a second in order of arrival, and a page \
         gives up after {} s. How many pages get an error at their first try?",
        knobs.real("patience")
    )
}

// --- the mechanism

/// What a server does when it cannot keep up.
#[derive(Clone, Copy, PartialEq)]
enum Door {
    /// Serves its queue in order, and does not notice who has left.
    Blind,
    /// Passes over those who have left when their turn comes.
    SkipsGone,
    /// Passes over those who will have left when their turn is over.
    SkipsHopeless,
    /// Turns away who would wait longer than a second, and says when to come back.
    Turns,
}

#[derive(Clone, Copy, PartialEq)]
enum Try {
    Served,
    GaveUp,
    TurnedAway,
}

/// A server with one queue. Times are in seconds.
struct Server {
    door: Door,
    served: f64,
    patience: f64,
    /// When all that is queued will have been served.
    free: f64,
    /// Served after the page had left.
    wasted: usize,
}

impl Server {
    /// A page knocks at a time.
    fn knock(&mut self, at: f64) -> Try {
        let start = self.free.max(at);
        let end = start + 1.0 / self.served;
        match self.door {
            Door::Turns if start - at > (self.patience / 2.0).min(1.0) => return Try::TurnedAway,
            Door::SkipsGone if start - at > self.patience => return Try::GaveUp,
            Door::SkipsHopeless if end - at > self.patience => return Try::GaveUp,
            _ => {}
        }
        self.free = end;
        if end - at <= self.patience {
            return Try::Served;
        }
        self.wasted += 1; // its page stands at the end of the queue again by now
        Try::GaveUp
    }
}

/// When a page knocks again that failed at a time, for the so many-th time.
fn again(outcome: Try, at: f64, failed: i32, storm: &Storm, dice: &mut Dice) -> f64 {
    let left = if outcome == Try::GaveUp { at + storm.patience } else { at };
    if outcome == Try::GaveUp && storm.at_once {
        return left + 0.1; // a round trip
    }
    // The window doubles with each failure; who is turned away draws in the window that the server names.
    left + dice.unit() * storm.window.max(1.0) * 2f64.powi(failed.min(6))
}

// --- the lab

struct Storm {
    pages: usize,
    served: f64,
    patience: f64,
    window: f64,
    at_once: bool,
}

impl Storm {
    fn new(knobs: &Knobs) -> Storm {
        Storm {
            pages: knobs.whole("pages"),
            served: knobs.real("served"),
            patience: knobs.real("patience"),
            window: knobs.real("window"),
            at_once: knobs.choice("again") == "at-once",
        }
    }

    /// Pages that get an error at their first try to a blind server, if they waited so many seconds.
    fn errors(&self, patience: f64) -> f64 {
        let pages = self.pages as f64;
        let patience = patience.max(0.0);
        if pages <= self.served * (self.window + patience) {
            return 0.0;
        }
        pages - pages * patience * self.served / (pages - self.served * self.window)
    }

    /// Least and most errors that chance allows.
    fn bounds(&self) -> (f64, f64) {
        // The wait strays by what the arrivals stray, and one page more or less stands before the door.
        let stray = 2.5 * self.window / (self.pages as f64).sqrt() + 2.0 / self.served;
        let most = if stray < self.patience {
            self.errors(self.patience - stray)
        } else {
            self.pages as f64 // chance alone can make a page wait for so long
        };
        (self.errors(self.patience + stray), most)
    }
}

/// How a storm went.
#[derive(Default)]
struct Seen {
    /// First tries that were made, and that were served.
    first: (usize, usize),
    gave_up: usize,
    turned_away: usize,
    wasted: usize,
    /// When each page that is back was served.
    back: Vec<f64>,
    /// The last try.
    last: f64,
}

/// Tries of a page, on average, after which a storm is left alone.
const TRIES: usize = 12;

fn play(storm: &Storm, door: Door, dice: &mut Dice, mut going: impl FnMut(f64) -> bool) -> Seen {
    let nano = |seconds: f64| (seconds * 1e9) as u64;
    let mut server =
        Server { door, served: storm.served, patience: storm.patience, free: 0.0, wasted: 0 };
    let first = (0..storm.pages).map(|_| Reverse((nano(dice.unit() * storm.window), 0)));
    let mut tries: BinaryHeap<Reverse<(u64, i32)>> = first.collect();
    let mut seen = Seen::default();
    for count in 0..storm.pages * TRIES {
        if count % 2000 == 0 && !going(count as f64 / (storm.pages * TRIES) as f64) {
            break;
        }
        let Some(Reverse((at, failed))) = tries.pop() else { break };
        let at = at as f64 / 1e9;
        let outcome = server.knock(at);
        seen.last = at;
        seen.first.0 += usize::from(failed == 0);
        match outcome {
            Try::Served => {
                seen.first.1 += usize::from(failed == 0);
                seen.back.push(server.free);
                continue;
            }
            Try::GaveUp => seen.gave_up += 1,
            Try::TurnedAway => seen.turned_away += 1,
        }
        tries.push(Reverse((nano(again(outcome, at, failed + 1, storm, dice)), failed + 1)));
    }
    seen.wasted = server.wasted;
    seen
}

const DOORS: [(Door, &str); 4] = [
    (Door::Blind, "in order"),
    (Door::SkipsGone, "skips who has left"),
    (Door::SkipsHopeless, "skips who will have left"),
    (Door::Turns, "turns away at the door"),
];

fn run(knobs: &Knobs, dice: &mut Dice, watch: &mut Watch) -> Report {
    let storm = Storm::new(knobs);
    let mut rows = Vec::new();
    let mut blind = Seen::default();
    for (at, (door, name)) in DOORS.into_iter().enumerate() {
        let seen = play(&storm, door, dice, |share| watch.going((at as f64 + share) / 4.0));
        rows.push(row(name, &storm, &seen));
        if door == Door::Blind {
            blind = seen;
        }
    }
    let measured = (blind.first.0 - blind.first.1) as f64;
    let (least, most) = storm.bounds();
    let shown = |value: f64| crate::text::grouped(value, 0);
    Report {
        answer: Answer::Number(measured),
        theory: Some(storm.errors(storm.patience)),
        measured,
        unit: "pages",
        holds: (least..=most).contains(&measured),
        verdict: format!(
            "{} pages got an error at their first try; the fluid has {}, and chance allows {} to {}",
            shown(measured),
            shown(storm.errors(storm.patience)),
            shown(least.floor()),
            shown(most.ceil())
        ),
        head: vec!["server", "first try", "gave up", "turned away", "wasted", "99 % back"],
        rows,
        chart: Some(chart(&storm, &blind)),
        here: false,
        partial: watch.stopped(),
    }
}

fn row(name: &str, storm: &Storm, seen: &Seen) -> Vec<Cell> {
    let busy = (seen.back.len() + seen.wasted).max(1) as f64;
    vec![
        Cell::text(name),
        Cell::number(seen.first.1 as f64, 0, ""),
        Cell::number(seen.gave_up as f64, 0, ""),
        Cell::number(seen.turned_away as f64, 0, ""),
        Cell::number(seen.wasted as f64 / busy * 100.0, 0, "%"),
        // The last few draw from a wide window, and their end is all chance.
        match seen.back.get((storm.pages * 99).div_ceil(100) - 1) {
            Some(end) => Cell::number(*end, 0, "s"),
            None => Cell::text(format!("not in {:.0} s", seen.last)),
        },
    ]
}

/// Pages that came back to the blind server, by time.
fn chart(storm: &Storm, seen: &Seen) -> Chart {
    const BARS: usize = 12;
    let most = (storm.pages as f64 / storm.served).max(storm.window) * 2.0;
    let slot = most / BARS as f64;
    let mut back = [0usize; BARS];
    for at in &seen.back {
        if let Some(bar) = back.get_mut((at / slot) as usize) {
            *bar += 1;
        }
    }
    let bars = back.iter().enumerate().map(|(at, pages)| {
        let pages = *pages as f64;
        let from = at as f64 * slot;
        let digits = usize::from(slot.fract() > 0.0);
        (format!("{from:.digits$} s"), pages, crate::text::grouped(pages, 0))
    });
    Chart { title: "pages back, served in order, from".into(), bars: bars.collect() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::tests::{number, run_with, seeds};
    use super::*;

    #[test]
    fn half_of_the_window_that_is_needed_costs_a_third_of_the_pages_an_error() {
        for report in seeds(&LAB, 20) {
            assert!(report.holds, "{}", report.verdict);
            assert!((report.measured - 20_000.0).abs() < 620.0, "{}", report.verdict);
            // Who skips in time serves until the last patience ends, at 25 s.
            assert!((number(&report.rows[2][1]) - 50_000.0).abs() < 620.0, "{:?}", report.rows[2]);
            // Who skips only those who have left takes up the next that is about to leave.
            assert!(number(&report.rows[1][1]) < 43_000.0, "{:?}", report.rows[1]);
            for row in 0..4 {
                assert!(number(&report.rows[row][5]) < 120.0, "{:?}", report.rows[row]);
            }
        }
    }

    #[test]
    fn chance_stays_within_its_bounds_near_the_edge_too() {
        for window in ["0", "5", "19", "19.9", "20", "21", "25", "29", "30", "60"] {
            for (pages, served) in [("60000", "2000"), ("600", "20")] {
                for seed in 1..=3 {
                    let set = [("window", window), ("pages", pages), ("served", served)];
                    let report = run_with(&LAB, &set, seed);
                    assert!(report.holds, "window {window}, {pages}: {}", report.verdict);
                }
            }
        }
    }

    #[test]
    fn errors_agree_at_the_ends_of_the_knobs() {
        for (knob, value) in [
            ("patience", "1"),
            ("patience", "60"),
            ("pages", "100"),
            ("pages", "200000"),
            ("served", "500"),
            ("served", "20000"),
            ("window", "600"),
        ] {
            let knobs = &mut Knobs::new(LAB.knobs);
            knobs.set(knob, value).unwrap();
            let storm = Storm::new(knobs);
            let seen = play(&storm, Door::Blind, &mut Dice::new(4), |_| true);
            let errors = (seen.first.0 - seen.first.1) as f64;
            let (least, most) = storm.bounds();
            assert!(
                (least..=most).contains(&errors),
                "{knob} {value}: {errors}, {least} to {most}"
            );
        }
    }

    #[test]
    fn the_window_of_all_over_served_keeps_the_wait_short() {
        for seed in 1..=5 {
            let report = run_with(&LAB, &[("window", "30"), ("patience", "1")], seed);
            assert!(report.measured == 0.0, "{}", report.verdict);
            assert!(number(&report.rows[3][3]) == 0.0);
        }
    }

    #[test]
    fn a_blind_server_is_busy_and_serves_nobody_when_all_come_again_at_once() {
        let report = run_with(&LAB, &[("window", "0"), ("again", "at-once")], 1);
        assert!(matches!(report.rows[0][5], Cell::Text(_)), "{:?}", report.rows[0]);
        assert!(number(&report.rows[0][4]) > 80.0, "{:?}", report.rows[0]);
        // Nobody who came after the first 20,000 is back.
        let back: f64 = report.chart.as_ref().unwrap().bars.iter().map(|bar| bar.1).sum();
        assert!((back - 20_000.0).abs() < 2.0, "{back}");
        assert!(number(&report.rows[2][5]) < 31.0, "{:?}", report.rows[2]);
        assert!(number(&report.rows[3][4]) == 0.0, "{:?}", report.rows[3]);
    }
}
