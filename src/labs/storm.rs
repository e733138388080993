//! Retries keep an outage alive after its cause has gone: a metastable failure, and what ends it.
//!
//! Theory: servers that are loaded to the share ρ meet ρ·k when every request is tried k times, so that with ρ·k > 1 the
//! backlog of an outage never goes (Bronson et al., Metastable failures in distributed systems, `HotOS` 2021). As a
//! fluid: while no answer is in time, the work that has come until u is A(u) = ρ·Σ max(0, u - o), o being the time from
//! the first try of a request to each of its tries. What came at u waits D + A(u) - u after an outage of D; the first u
//! whose wait is below the client's patience T is answered in time, and the storm is over at u + T. Budgets of retries:
//! Google, Site Reliability Engineering, chapter 21.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::{Answer, Cell, Chart, Dice, Knob, Knobs, Lab, Question, Report, Watch};

pub const LAB: Lab = Lab {
    name: "storm",
    lessons: &["stale-reads-and-cascading-failures", "rate-limiting-and-resilience"],
    claim: "Servers at 30 % load whose clients try 4 times answer 0 % of the requests in time a minute after an \
            outage of 5 s, and 100 % if retries are bounded to a tenth of the requests.",
    question: Question::Choice { ask, options: &["nearly all", "some", "nearly none"] },
    knobs: &[
        Knob::real("load", "of the servers, before the outage", "%", (30.0, 5.0, 90.0)),
        Knob::whole("tries", "of a request, the first among them", "", (4, 1, 10)),
        Knob::real("outage", "how long nothing is served", "s", (5.0, 0.1, 20.0)),
        Knob::choice("cure", "what is done about it", &["none", "backoff", "budget", "drop"]),
    ],
    run,
    next: "cure budget",
    mechanism: mechanism!("storm.rs"),
};

fn ask(knobs: &Knobs) -> String {
    let load = knobs.real("load");
    let cure = match knobs.choice("cure") {
        "backoff" => " Before a retry it waits at random, up to 1, 2, 4, 8 s.",
        "budget" => " All retries together may be a tenth of the requests.",
        "drop" => " The servers drop unread what has waited longer than half a second.",
        _ => "",
    };
    format!(
        "Servers can take {CAPACITY} requests a second, and {:.0} arrive. A client waits 1 s for its answer and tries \
         {} times at most.{cure} For {} s nothing is served, then the servers are as before. How many requests are \
         answered in time a minute later?",
        load / 100.0 * CAPACITY,
        knobs.whole("tries"),
        knobs.real("outage")
    )
}

// --- the mechanism

/// Requests that the servers can take in a second.
const CAPACITY: f64 = 200.0;
/// Seconds that a client waits for an answer.
const PATIENCE: f64 = 1.0;
/// Retries allowed for each request by the budget, and how many may be saved up.
const BUDGET: (f64, f64) = (0.1, 10.0);

/// Servers with one queue in order of arrival, without a bound. Times are in seconds.
struct Servers {
    /// When all that is queued will have been served.
    free: f64,
    /// From when to when nothing is served.
    outage: (f64, f64),
    /// Whether a request is dropped unread when its client has waited for half of its patience.
    drop: bool,
}

impl Servers {
    /// A try that comes at a time and takes so long to serve; whether its answer is in time.
    fn try_once(&mut self, at: f64, service: f64) -> bool {
        let mut start = self.free.max(at);
        if (self.outage.0..self.outage.1).contains(&start) {
            start = self.outage.1;
        }
        // Dropped at the client's own limit, it would make room for one that is about to leave, again and again.
        if self.drop && start - at > PATIENCE / 2.0 {
            return false; // costs the servers nothing
        }
        self.free = start + service; // also for a client that has gone
        self.free - at <= PATIENCE
    }
}

/// Retries that clients may still send.
struct Budget(f64);

impl Budget {
    fn request(&mut self) {
        self.0 = (self.0 + BUDGET.0).min(BUDGET.1);
    }

    fn retry(&mut self) -> bool {
        let allowed = self.0 >= 1.0;
        self.0 -= f64::from(u8::from(allowed));
        allowed
    }
}

// --- the lab

/// The outage begins here, s.
const BEGINS: f64 = 10.0;
/// Requests of this long after the outage are looked at, for ten seconds.
const LATER: f64 = 55.0;
const LOOK: f64 = 10.0;

#[derive(Clone, Copy)]
struct Case {
    load: f64,
    tries: usize,
    outage: f64,
    cure: &'static str,
}

impl Case {
    fn look(self) -> (f64, f64) {
        let from = BEGINS + self.outage + LATER;
        (from, from + LOOK)
    }

    /// Most seconds that a client waits before its nth retry.
    fn backoff(self, retry: usize) -> f64 {
        if self.cure == "backoff" { 2f64.powi(retry.min(3) as i32) } else { 0.0 }
    }

    /// Work that has come until `u` seconds after the outage began, in seconds of the servers' time.
    fn work(self, u: f64) -> f64 {
        let (mut tries, mut offset) = (0.0, 0.0);
        for retry in 0..self.tries {
            tries += f64::max(0.0, u - offset);
            offset += PATIENCE + self.backoff(retry) / 2.0;
        }
        if self.cure == "budget" {
            let most = (1.0 + BUDGET.0) * u + BUDGET.1 / (self.load * CAPACITY);
            tries = tries.min(most);
        }
        self.load * tries
    }

    /// Seconds from the start of the outage until answers are in time again, by the fluid; none: never. `sure` adds so
    /// many deviations of the backlog to the wait: work that comes at random varies by √(2·work / capacity).
    fn back(self, sure: f64) -> Option<f64> {
        if self.cure == "drop" {
            return Some(self.outage);
        }
        let end = self.outage + LATER + LOOK;
        let steps = (0..=(end * 100.0) as usize).map(|step| step as f64 / 100.0);
        steps.into_iter().find_map(|u| {
            let work = self.work(u);
            let wait = self.outage + work - u + sure * (2.0 * work / CAPACITY).sqrt();
            (wait <= PATIENCE).then_some(u + PATIENCE)
        })
    }

    /// The share of requests answered in time in the look, at least and at most, by theory.
    fn served(self) -> (f64, f64) {
        let share = |sure: f64, slack: f64| match self.back(sure) {
            None => 0.0,
            Some(back) => {
                let from = BEGINS + back + slack;
                ((self.look().1 - from) / LOOK).clamp(0.0, 1.0)
            }
        };
        // A request that comes before the storm ends may be answered by its last try.
        let span: f64 = (0..self.tries).map(|retry| PATIENCE + self.backoff(retry)).sum();
        (share(4.0, span), share(-4.0, -span))
    }
}

#[derive(Clone, Copy, Default)]
struct Count {
    requests: usize,
    tries: usize,
    served: usize,
}

impl Count {
    fn share(self) -> f64 {
        self.served as f64 / self.requests.max(1) as f64 * 100.0
    }
}

/// Plays a case; what became of the requests that came in each second.
fn play(case: Case, dice: &mut Dice, going: &mut dyn FnMut(f64) -> bool) -> Vec<Count> {
    let mut servers =
        Servers { free: 0.0, outage: (BEGINS, BEGINS + case.outage), drop: case.cure == "drop" };
    let mut budget = Budget(BUDGET.1);
    // Requests go on coming after the look, so that the last tries of those in it meet the same load.
    let look = case.look().1;
    let end = look + 30.0;
    let mut seconds = vec![Count::default(); look as usize + 1];
    let mut tries = BinaryHeap::from([Reverse((0u64, 0usize, 0usize))]); // at µs, which one, second of the first
    let mut told = 0;
    while let Some(Reverse((micros, retry, mut second))) = tries.pop() {
        let at = micros as f64 / 1e6;
        if at as usize >= told {
            told += 1;
            if !going((at / end).min(1.0)) {
                break;
            }
        }
        if retry == 0 {
            second = at as usize;
            budget.request();
            let next = at + dice.exponential(1.0 / (case.load * CAPACITY));
            if next < end {
                tries.push(Reverse(((next * 1e6) as u64 + 1, 0, 0)));
            }
        }
        let served = servers.try_once(at, dice.exponential(1.0 / CAPACITY));
        if let Some(count) = seconds.get_mut(second) {
            count.requests += usize::from(retry == 0);
            count.tries += 1;
            count.served += usize::from(served);
        }
        let again = !served && retry + 1 < case.tries;
        if again && (case.cure != "budget" || budget.retry()) {
            let wait = PATIENCE + dice.unit() * case.backoff(retry);
            tries.push(Reverse((micros + (wait * 1e6) as u64, retry + 1, second)));
        }
    }
    seconds
}

/// The counts of the seconds in a stretch together.
fn sum(seconds: &[Count], from: f64, to: f64) -> Count {
    let to = (to as usize).min(seconds.len());
    let from = (from as usize).min(to);
    seconds[from..to].iter().fold(Count::default(), |sum, second| Count {
        requests: sum.requests + second.requests,
        tries: sum.tries + second.tries,
        served: sum.served + second.served,
    })
}

/// Seconds from the end of the outage after which nine requests in ten of every second are answered in time.
fn back(seconds: &[Count], case: Case) -> Option<usize> {
    let from = (BEGINS + case.outage) as usize;
    let bad = seconds.iter().rposition(|second| second.requests > 0 && second.share() < 90.0);
    let back = bad.map_or(0, |bad| (bad + 1).saturating_sub(from));
    (back < (LATER + LOOK) as usize).then_some(back)
}

fn run(knobs: &Knobs, dice: &mut Dice, watch: &mut Watch) -> Report {
    let asked = Case {
        load: knobs.real("load") / 100.0,
        tries: knobs.whole("tries"),
        outage: knobs.real("outage"),
        cure: knobs.choice("cure"),
    };
    let mut rows = Vec::new();
    let (mut measured, mut bars) = (0.0, Vec::new());
    for (at, cure) in ["none", "backoff", "budget", "drop"].into_iter().enumerate() {
        let case = Case { cure, ..asked };
        let going = &mut |share: f64| watch.going((at as f64 + share) / 4.0);
        let mut seconds = play(case, dice, going);
        seconds.pop(); // not a whole one
        let look = sum(&seconds, case.look().0, case.look().1);
        let theory = case.served();
        rows.push(vec![
            Cell::text(cure),
            Cell::number(look.tries as f64 / LOOK / CAPACITY * 100.0, 0, "%"),
            Cell::number(look.share(), 0, "%"),
            Cell::text(match theory {
                (least, most) if most - least < 1e-9 => format!("{:.0} %", least * 100.0),
                _ => "on the border".into(),
            }),
            match back(&seconds, case) {
                Some(after) => Cell::number(after as f64, 0, "s"),
                None => Cell::text("not in time"),
            },
        ]);
        if cure == asked.cure {
            measured = look.share();
            let width = seconds.len().div_ceil(16).max(5);
            bars = (0..seconds.len())
                .step_by(width)
                .map(|from| {
                    let share = sum(&seconds, from as f64, (from + width) as f64).share();
                    (format!("{from} s"), share, format!("{share:.0} %"))
                })
                .collect();
        }
    }
    let (least, most) = asked.served();
    let border = most - least > 1e-9;
    // Away from the border all or none is answered; two points for single long waits.
    let holds = measured >= least * 100.0 - 2.0 && measured <= most * 100.0 + 2.0;
    Report {
        answer: Answer::Choice(match measured {
            90.0.. => 0,
            10.0.. => 1,
            _ => 2,
        }),
        theory: (!border).then_some(least * 100.0),
        measured,
        unit: "%",
        holds,
        verdict: if border {
            format!(
                "{measured:.0} % in time; so near the border either can happen, says the theory"
            )
        } else {
            format!(
                "{measured:.0} % in time, {:.0} % by theory, within two points: {:.0} % load × {} tries, {}",
                least * 100.0,
                asked.load * 100.0,
                asked.tries,
                if asked.cure == "none" { "no cure" } else { asked.cure }
            )
        },
        head: vec!["cure", "load later", "in time", "theory", "back after"],
        rows,
        chart: Some(Chart {
            title: format!("in time, by second of arrival; the outage begins at {BEGINS:.0} s"),
            bars,
        }),
        here: false,
        partial: watch.stopped(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::tests::{run_with, seeds};
    use super::*;

    #[test]
    fn at_30_percent_load_four_tries_keep_the_outage_alive() {
        for report in seeds(&LAB, 20) {
            assert!(report.holds && report.measured < 1.0, "{}", report.verdict);
            assert_eq!((report.answer, report.theory), (Answer::Choice(2), Some(0.0)));
            // Requests that never end in time are all tried four times: 120 % of what can be served.
            let Cell::Number(load, _) = report.rows[0][1] else { panic!() };
            assert!((load - 120.0).abs() < 15.0, "{load}");
        }
    }

    #[test]
    fn a_budget_or_dropping_what_has_waited_too_long_brings_all_back_and_backoff_does_not() {
        for seed in 1..=20 {
            for (cure, theory) in [("budget", 100.0), ("drop", 100.0), ("backoff", 0.0)] {
                let report = run_with(&LAB, &[("cure", cure)], seed);
                assert!(report.holds, "{cure}: {}", report.verdict);
                assert_eq!(report.theory, Some(theory), "{cure}");
                assert!((report.measured - theory).abs() < 2.0, "{cure}: {}", report.verdict);
            }
        }
    }

    #[test]
    fn two_tries_or_a_short_outage_are_forgotten() {
        for seed in 1..=20 {
            for set in [("tries", "2"), ("outage", "1.2")] {
                let report = run_with(&LAB, &[set], seed);
                assert_eq!((report.answer, report.theory), (Answer::Choice(0), Some(100.0)));
                assert!(report.holds, "{set:?}: {}", report.verdict);
            }
        }
    }

    #[test]
    fn everywhere_the_run_ends_as_the_fluid_says() {
        let mut told = 0;
        for load in ["20", "40", "60", "90"] {
            for tries in ["1", "3", "10"] {
                for cure in ["none", "backoff", "budget", "drop"] {
                    let report =
                        run_with(&LAB, &[("load", load), ("tries", tries), ("cure", cure)], 5);
                    assert!(report.holds, "{load} {tries} {cure}: {}", report.verdict);
                    told += usize::from(report.theory.is_some());
                }
            }
        }
        assert!(told > 38, "the theory says all or none in {told} of 48");
    }
}
