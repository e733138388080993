//! Replicas multiply nines only while they fail independently: k of n, a chain of services, a shared cause.
//!
//! Theory: n independent parts of which k must be up are down with the tail of a binomial; services in a chain are all
//! needed, so their availabilities multiply. Of each part's outages a share β has a cause that takes all n at once (the
//! beta factor of Fleming, 1975; IEC 61508-6, annex D): the service is down at least β times as often as one part.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::{Answer, Cell, Dice, Knob, Knobs, Lab, Question, Report, Watch};

pub const LAB: Lab = Lab {
    name: "availability",
    lessons: &["high-availability", "multi-region"],
    claim: "Three replicas that are up 99 % of the time each are all down half a minute a year if they fail \
            independently, and 526 minutes if one outage in ten takes all three.",
    question: Question::Number { ask, unit: "min/year" },
    knobs: &[
        Knob::real("up", "share of the time that one replica is up", "%", (99.0, 80.0, 99.99)),
        Knob::whole("replicas", "replicas of a service", "", (3, 1, 10)),
        Knob::whole("needed", "replicas that must be up", "", (1, 1, 10)),
        Knob::real("shared", "outages of a replica that take all of them", "%", (10.0, 0.0, 100.0)),
        Knob::whole("chain", "services in a row, all of them needed", "", (1, 1, 20)),
    ],
    run,
    next: "shared 0",
    mechanism: mechanism!("availability.rs"),
};

fn ask(knobs: &Knobs) -> String {
    let system = System::new(knobs);
    let chain = match system.chain {
        1 => "is the service down".to_string(),
        n => format!("is a chain of {n} such services down, all of them needed"),
    };
    format!(
        "A service has {} replicas, each up {} % of the time, and needs {} of them. Of a replica's outages {} % have a \
         cause that takes all its replicas at once. How many minutes a year {chain}?",
        system.replicas,
        knobs.real("up"),
        system.needed,
        knobs.real("shared")
    )
}

// --- the mechanism

/// A chain of services of replicas. An outage lasts an hour on average.
#[derive(Clone, Copy)]
struct System {
    replicas: usize,
    needed: usize,
    chain: usize,
    /// Share of the time that a replica is down by a cause of its own.
    own: f64,
    /// Share of the time that all replicas of a service are down by one cause.
    shared: f64,
}

/// What was seen, in hours.
#[derive(Default)]
struct Seen {
    hours: f64,
    down: f64,
    outages: usize,
}

impl System {
    /// Plays so many hours, from one breakdown or repair to the next.
    fn play(self, hours: f64, dice: &mut Dice, going: &mut dyn FnMut(f64) -> bool) -> Seen {
        let size = self.replicas + 1; // the last of a service stands for the shared cause
        let mut down = vec![false; self.chain * size];
        let mut broken = vec![false; self.chain];
        let mut events = BinaryHeap::new();
        for part in 0..down.len() {
            if let Some(wait) = self.lasts(part, false, dice) {
                events.push(Reverse((wait, part)));
            }
        }
        let (mut seen, mut count) = (Seen::default(), 0);
        while let Some(Reverse((at, part))) = events.pop() {
            let now = at as f64 / HOUR;
            if now > hours || (count % 2000 == 0 && !going(seen.hours / hours)) {
                break;
            }
            count += 1;
            let was_down = broken.contains(&true);
            seen.down += if was_down { now - seen.hours } else { 0.0 };
            seen.hours = now;
            down[part] = !down[part];
            let service = part / size;
            let parts = &down[service * size..(service + 1) * size];
            let up = parts[..self.replicas].iter().filter(|down| !**down).count();
            broken[service] = parts[self.replicas] || up < self.needed;
            seen.outages += usize::from(!was_down && broken[service]);
            if let Some(wait) = self.lasts(part, down[part], dice) {
                events.push(Reverse((at + wait, part)));
            }
        }
        seen
    }

    /// How long a part stays as it is, in microhours; none: for ever.
    fn lasts(self, part: usize, down: bool, dice: &mut Dice) -> Option<u64> {
        let cause = part % (self.replicas + 1) == self.replicas;
        let share = if cause { self.shared } else { self.own };
        let mean = if down { 1.0 } else { (1.0 - share) / share };
        (share > 1e-9).then(|| (dice.exponential(mean) * HOUR) as u64 + 1)
    }
}

/// An hour in microhours, the ticks of the calendar.
const HOUR: f64 = 1e6;

// --- the lab

/// Minutes in a year.
const YEAR: f64 = 525_600.0;
/// Breakdowns and repairs that a run plays.
const EVENTS: f64 = 400_000.0;

impl System {
    fn new(knobs: &Knobs) -> System {
        let down = 1.0 - knobs.real("up") / 100.0;
        let shared = down * knobs.real("shared") / 100.0;
        let replicas = knobs.whole("replicas");
        System {
            replicas,
            needed: knobs.whole("needed").min(replicas),
            chain: knobs.whole("chain"),
            // Up is up for both causes: (1 - own)(1 - shared) = 1 - down.
            own: 1.0 - (1.0 - down) / (1.0 - shared),
            shared,
        }
    }

    /// Share of the time that the chain is down by theory.
    fn down(self) -> f64 {
        let mut ways = 1.0; // n over i
        let mut up = 0.0;
        for i in 0..=self.replicas {
            if i >= self.needed {
                let rest = (self.replicas - i) as f64;
                up += ways * (1.0 - self.own).powf(i as f64) * self.own.powf(rest);
            }
            ways = ways * (self.replicas - i) as f64 / (i + 1) as f64;
        }
        (1.0 - ((1.0 - self.shared) * up).powf(self.chain as f64)).max(0.0)
    }

    /// Hours that take about so many events.
    fn hours(self, events: f64) -> f64 {
        let an_hour = 2.0 * self.chain as f64 * (self.own * self.replicas as f64 + self.shared);
        events / an_hour.max(1e-9)
    }
}

fn run(knobs: &Knobs, dice: &mut Dice, watch: &mut Watch) -> Report {
    let asked = System::new(knobs);
    let lonely = System { own: 1.0 - knobs.real("up") / 100.0, shared: 0.0, ..asked };
    let one = System { replicas: 1, needed: 1, chain: 1, ..asked };
    let parts = [("as asked", asked, 0.6), ("independent", lonely, 0.3), ("one replica", one, 0.1)];
    let mut done = 0.0;
    let mut rows = Vec::new();
    let mut main = Seen::default();
    for (name, system, part) in parts {
        let hours = system.hours(EVENTS * part);
        let seen = system.play(hours, dice, &mut |share| watch.going(done + part * share.min(1.0)));
        done += part;
        rows.push(vec![
            Cell::text(name),
            Cell::number(system.down() * YEAR, 1, "min"),
            Cell::number(share_down(&seen) * YEAR, 1, "min"),
            Cell::number(100.0 - system.down() * 100.0, 5, "%"),
            Cell::number(seen.outages as f64, 0, ""),
            Cell::number(seen.hours / 8760.0, 0, ""),
        ]);
        if rows.len() == 1 {
            main = seen;
        }
    }
    let (theory, measured) = (asked.down(), share_down(&main));
    // A part forgets its state within an hour, so the variance of the time down is at most 2·U(1 - U) h·hours (a
    // reversible chain forgets no slower than its slowest part). Four deviations, and one hour for what is rare.
    let hours = main.hours.max(1.0);
    let tolerance = (4.0 * (2.0 * theory * (1.0 - theory) * hours).sqrt() + 1.0) / hours;
    Report {
        answer: Answer::Number(measured * YEAR),
        theory: Some(theory * YEAR),
        measured: measured * YEAR,
        unit: "min/year",
        holds: (measured - theory).abs() <= tolerance,
        verdict: format!(
            "{:.1} minutes a year measured, {:.1} by theory, within {:.1}; independent replicas would have {:.1}",
            measured * YEAR,
            theory * YEAR,
            tolerance * YEAR,
            lonely.down() * YEAR
        ),
        head: vec!["", "a year, theory", "measured", "up", "outages", "years"],
        rows,
        chart: None,
        here: false,
        partial: watch.stopped(),
    }
}

fn share_down(seen: &Seen) -> f64 {
    if seen.hours > 0.0 { seen.down / seen.hours } else { 0.0 }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::tests::{run_with, seeds};
    use super::*;

    #[test]
    fn one_outage_in_ten_that_takes_all_costs_a_thousand_times_the_independent_ones() {
        for report in seeds(&LAB, 20) {
            assert!(report.holds, "{}", report.verdict);
            assert!((report.theory.unwrap() - 526.0).abs() < 1.0, "{:?}", report.theory);
            assert!((report.measured - 526.0).abs() < 60.0, "{}", report.measured);
            let Cell::Number(lonely, _) = report.rows[1][1] else { panic!() };
            assert!((lonely - 0.5256).abs() < 1e-4, "{lonely}");
        }
    }

    #[test]
    fn a_majority_and_a_chain_come_out_as_the_binomial_says() {
        // Two of three at 90 %: 3·0.1²·0.9 + 0.1³ = 2.8 %. Five in a row: 1 - 0.972⁵.
        let two_of_three = [("up", "90"), ("needed", "2"), ("shared", "0")];
        for seed in 1..=20 {
            let report = run_with(&LAB, &two_of_three, seed);
            assert!(report.holds, "{}", report.verdict);
            assert!((report.theory.unwrap() / YEAR - 0.028).abs() < 1e-9);
            assert!((report.measured / YEAR - 0.028).abs() < 0.002, "{}", report.measured);
        }
        let five_in_a_row = [&two_of_three[..], &[("chain", "5")]].concat();
        for seed in 1..=5 {
            let report = run_with(&LAB, &five_in_a_row, seed);
            assert!(report.holds, "{}", report.verdict);
            let five = 1.0 - 0.972f64.powi(5);
            assert!((report.measured / YEAR - five).abs() < 0.01, "{}", report.measured);
        }
    }

    #[test]
    fn where_all_outages_are_shared_a_replica_more_is_worth_nothing() {
        let report = run_with(&LAB, &[("shared", "100"), ("replicas", "10")], 1);
        assert!(report.holds, "{}", report.verdict);
        assert!((report.theory.unwrap() - 5256.0).abs() < 1e-6);
    }
}
