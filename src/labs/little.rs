//! A queue with random arrivals: how long a request stays, and Little's law at its door.
//!
//! Theory: L = λW for any queue in the long run (Little, 1961). With Poisson arrivals, one server and service of mean S
//! and squared coefficient of variation v, W = S + ρS(1 + v) / (2(1 - ρ)) (Pollaczek and Khinchine; Kleinrock, Queueing
//! Systems 1, 1975, chapter 5), which for exponential service is S / (1 - ρ). With c servers the wait is that of
//! Erlang's C formula times (1 + v) / 2: exact for v = 1, else the approximation of Allen and Cunneen.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::{Answer, Cell, Chart, Dice, Knob, Knobs, Lab, Question, Report, Watch};

pub const LAB: Lab = Lab {
    name: "little",
    lessons: &["littles-law", "capacity-estimation"],
    claim: "One server that is busy 90 % of the time, with random arrivals and exponential service of 20 ms, \
            keeps a request 200 ms on average: ten times the service.",
    question: Question::Number { ask, unit: "ms" },
    knobs: &[
        Knob::real("busy", "share of the time that a server is busy", "%", (90.0, 5.0, 99.0)),
        Knob::whole("servers", "servers behind one queue", "", (1, 1, 100)),
        Knob::real("service", "mean time of service", "ms", (20.0, 1.0, 1000.0)),
        Knob::choice("times", "how service times spread", &["exponential", "constant", "bursty"]),
        Knob::whole("requests", "requests that are played", "", (400_000, 10_000, 4_000_000)),
    ],
    run,
    next: "servers 10",
    mechanism: mechanism!("little.rs"),
};

fn ask(knobs: &Knobs) -> String {
    let (busy, servers, service) =
        (knobs.real("busy"), knobs.whole("servers"), knobs.real("service"));
    let rate = format!("{:.1}", busy / 100.0 * servers as f64 / service * 1000.0);
    let rate = rate.trim_end_matches(".0");
    let who = match servers {
        1 => "One connection".to_string(),
        n => format!("{n} connections behind one queue"),
    };
    format!(
        "{who}, queries of {service} ms on average ({} times), random arrivals, {rate} a second: busy {busy} % \
         of the time. How long does a query take on average, waiting included?",
        knobs.choice("times")
    )
}

// --- the mechanism

/// One queue in order of arrival before several servers. Times are in microseconds.
struct Queue {
    /// When each server is free.
    free: BinaryHeap<Reverse<u64>>,
    /// When each request that is inside will leave.
    inside: BinaryHeap<Reverse<u64>>,
    /// Until when `area` is counted.
    now: u64,
    /// Requests inside, summed over time: the columns of Little's drawing.
    area: u64,
}

impl Queue {
    fn new(servers: usize) -> Queue {
        let free = (0..servers).map(|_| Reverse(0)).collect();
        Queue { free, inside: BinaryHeap::new(), now: 0, area: 0 }
    }

    /// A request comes; returns how long it will stay.
    fn visit(&mut self, arrival: u64, service: u64) -> u64 {
        while let Some(&Reverse(leaves)) = self.inside.peek()
            && leaves <= arrival
        {
            self.pass(leaves);
            self.inside.pop();
        }
        self.pass(arrival);
        let free = self.free.pop().map_or(0, |Reverse(at)| at); // the server that is free first
        let leaves = free.max(arrival) + service;
        self.free.push(Reverse(leaves));
        self.inside.push(Reverse(leaves));
        leaves - arrival
    }

    fn pass(&mut self, until: u64) {
        self.area += self.inside.len() as u64 * (until - self.now);
        self.now = until;
    }
}

// --- the lab

/// Stretches of a run whose means are compared.
const BATCHES: usize = 20;

/// What one load is played with. Times are in milliseconds.
#[derive(Clone, Copy)]
struct Load {
    busy: f64,
    servers: usize,
    service: f64,
    /// Squared coefficient of variation of the service.
    spread: f64,
}

impl Load {
    /// Mean time in the system by theory, ms; see the head of the file.
    fn stay(self) -> f64 {
        let offered = self.busy * self.servers as f64;
        // Erlang's B by its recursion, then C: the chance to wait.
        let lost = (1..=self.servers)
            .fold(1.0, |lost, server| offered * lost / (server as f64 + offered * lost));
        let waits = lost / (1.0 - self.busy * (1.0 - lost));
        let wait = waits * self.service / (self.servers as f64 * (1.0 - self.busy));
        self.service + wait * f64::midpoint(1.0, self.spread)
    }

    /// Four deviations of the mean, ms. The relative variance of a mean wait over n requests is about
    /// (1 + ρ)(1 + v) / (n(1 - ρ)²), since waits in a row are alike (Whitt, Planning queueing simulations, 1989); where
    /// the batches of the run itself differ by more, as with bursts, they tell.
    fn tolerance(self, played: &Played) -> f64 {
        let n = played.count.max(1) as f64;
        let wait = self.stay() - self.service;
        let relative = ((1.0 + self.busy) * (1.0 + self.spread) / n).sqrt() / (1.0 - self.busy);
        let deviation = wait * relative + self.service * (self.spread / n).sqrt();
        // For several servers the formula itself is an approximation.
        let approximate = self.servers > 1 && (self.spread - 1.0).abs() > 0.1;
        let formula = if approximate { 0.2 * wait + 0.002 * self.service } else { 0.0 };
        4.0 * deviation.max(played.deviation) + formula + 0.001
    }

    fn draw(self, dice: &mut Dice) -> f64 {
        if self.spread < 0.5 {
            self.service
        } else if self.spread < 2.0 {
            dice.exponential(self.service)
        } else {
            // A log-normal time of mean m has the median m·exp(-σ²/2), and v = exp(σ²) - 1.
            let square = (1.0 + self.spread).ln();
            dice.lognormal(self.service * (-square / 2.0).exp(), square.sqrt())
        }
    }
}

/// What came out for one load: times in ms.
struct Played {
    stay: f64,
    /// Standard deviation of `stay`, from twenty batches in a row.
    deviation: f64,
    p99: f64,
    /// Requests inside, averaged over time.
    inside: f64,
    /// Arrivals in a millisecond.
    rate: f64,
    count: usize,
}

fn play(load: Load, count: usize, dice: &mut Dice, going: &mut dyn FnMut(f64) -> bool) -> Played {
    let gap = load.service / (load.busy * load.servers as f64);
    let mut queue = Queue::new(load.servers);
    let mut stays = Vec::with_capacity(count);
    let mut at = 0.0;
    for n in 0..count {
        if n % 10_000 == 0 && !going(n as f64 / count as f64) {
            break;
        }
        at += dice.exponential(gap);
        let stay = queue.visit((at * 1000.0) as u64, (load.draw(dice) * 1000.0).round() as u64);
        stays.push(stay as f64 / 1000.0);
    }
    let span = at.max(1e-9);
    let (count, sum) = (stays.len(), stays.iter().sum::<f64>());
    let stay = sum / count.max(1) as f64;
    let batches = stays.chunks_exact((count / BATCHES).max(1));
    let square: f64 =
        batches.map(|batch| (batch.iter().sum::<f64>() / batch.len() as f64 - stay).powi(2)).sum();
    let deviation = square.sqrt() / BATCHES as f64;
    let p99 = if count == 0 {
        0.0
    } else {
        *stays.select_nth_unstable_by(count * 99 / 100, f64::total_cmp).1
    };
    Played {
        stay,
        deviation,
        p99,
        inside: queue.area as f64 / 1000.0 / span,
        rate: count as f64 / span,
        count,
    }
}

fn run(knobs: &Knobs, dice: &mut Dice, watch: &mut Watch) -> Report {
    let spread = match knobs.choice("times") {
        "constant" => 0.0,
        "bursty" => 4.0,
        _ => 1.0,
    };
    let asked = Load {
        busy: knobs.real("busy") / 100.0,
        servers: knobs.whole("servers"),
        service: knobs.real("service"),
        spread,
    };
    let count = knobs.whole("requests");
    // The load that is asked for has most of the requests; the others, for comparison, a tenth of them each.
    let main = play(asked, count, dice, &mut |share| watch.going(share * 0.7));
    let mut played = vec![(asked, main)];
    for (at, busy) in [0.5, 0.8, 0.95].into_iter().enumerate() {
        if (busy - asked.busy).abs() > 1e-9 && !watch.stopped() {
            let load = Load { busy, ..asked };
            let going = &mut |share: f64| watch.going(0.7 + 0.1 * (at as f64 + share));
            played.push((load, play(load, count / 10, dice, going)));
        }
    }
    let (theory, measured) = (asked.stay(), played[0].1.stay);
    let tolerance = asked.tolerance(&played[0].1);
    played.sort_by(|a, b| a.0.busy.total_cmp(&b.0.busy));
    Report {
        answer: Answer::Number(measured),
        theory: Some(theory),
        measured,
        unit: "ms",
        holds: (measured - theory).abs() <= tolerance,
        verdict: format!(
            "{measured:.1} ms measured, {theory:.1} ms by theory; within {tolerance:.1} ms, four deviations of so many \
             requests"
        ),
        head: vec!["busy", "stay", "theory", "p99", "inside", "rate × stay"],
        rows: played
            .iter()
            .map(|(load, played)| {
                vec![
                    Cell::number(load.busy * 100.0, 0, "%"),
                    Cell::number(played.stay, 1, "ms"),
                    Cell::number(load.stay(), 1, "ms"),
                    Cell::number(played.p99, 0, "ms"),
                    Cell::number(played.inside, 2, ""),
                    Cell::number(played.rate * played.stay, 2, ""),
                ]
            })
            .collect(),
        chart: Some(Chart {
            title: "mean stay by share of time busy".into(),
            bars: played
                .iter()
                .map(|(load, played)| {
                    let name = format!("{:.0} %", load.busy * 100.0);
                    (name, played.stay, format!("{:.1} ms", played.stay))
                })
                .collect(),
        }),
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
    fn the_stay_is_that_of_the_formula_and_the_law_holds_at_every_load() {
        for seed in 1..=20 {
            let report = run_with(&LAB, &[("requests", "100000")], seed);
            assert!(report.holds, "{}", report.verdict);
            for row in &report.rows {
                let (inside, product) = (number(&row[4]), number(&row[5]));
                // They part only by who is still inside at the end.
                assert!((inside / product - 1.0).abs() < 0.03, "{inside} against {product}");
            }
        }
    }

    #[test]
    fn ten_servers_behind_one_queue_hardly_wait() {
        for seed in 1..=5 {
            let set = [("servers", "10"), ("requests", "100000")];
            let report = run_with(&LAB, &set, seed);
            assert!(report.holds, "{}", report.verdict);
            assert!((report.theory.unwrap() - 33.4).abs() < 0.1, "{:?}", report.theory);
            assert!((31.0..=36.0).contains(&report.measured), "{}", report.measured);
        }
    }

    #[test]
    fn constant_times_halve_the_wait_and_bursts_stretch_it() {
        for (times, theory) in [("constant", 110.0), ("bursty", 470.0)] {
            for seed in 1..=5 {
                let report = run_with(&LAB, &[("times", times), ("requests", "100000")], seed);
                assert!(report.holds, "{times}: {}", report.verdict);
                assert!((report.theory.unwrap() - theory).abs() < 1e-6, "{:?}", report.theory);
            }
        }
    }
}
