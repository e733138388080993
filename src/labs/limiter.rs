//! What a limit lets through: windows, a log, a sliding counter, a bucket; and counts that gateways hear of late.
//!
//! Theory, for a limit L in a window of a second and a client that sends r a second from b before the edge of a window
//! on. A fixed window counts anew at the edge: L passes on each side of it. A sliding counter takes the last window as
//! spread evenly and lets L + min(L, rb)(1 - b) through; a token bucket has L saved up and gains L in the second; only
//! the log never passes more than L. Of g gateways each knows its own passes at once and the others' after d: the last
//! pass sees L, with r·d·(g - 1)/g more under way, so that A = min(gL, L + rd(g - 1)/g) pass. (The sliding counter is
//! Cloudflare's, Desgats, 2017.)

use super::{Answer, Cell, Chart, Dice, Knob, Knobs, Lab, Question, Report, Watch};

pub const LAB: Lab = Lab {
    name: "limiter",
    lessons: &["design-rate-limiter", "rate-limiting-and-resilience", "design-api-gateway"],
    claim: "A limit of 100 a second, counted in fixed windows, lets 200 pass within a second to a client that begins \
            200 ms before the edge; a sliding log lets 100 pass.",
    question: Question::Number { ask, unit: "" },
    knobs: &[
        Knob::whole("limit", "requests allowed in a second", "", (100, 10, 300)),
        Knob::whole("rate", "requests that the client sends in a second", "", (3000, 100, 5000)),
        Knob::whole(
            "before",
            "the client begins before the edge of a window",
            "ms",
            (200, 1, 1000),
        ),
        Knob::whole("gateways", "the requests are spread over", "", (1, 1, 16)),
        Knob::whole("stale", "until a gateway hears of another's passes", "ms", (100, 0, 1000)),
    ],
    run,
    next: "gateways 4",
    mechanism: mechanism!("limiter.rs"),
};

fn ask(knobs: &Knobs) -> String {
    let gateways = match knobs.whole("gateways") {
        1 => String::new(),
        n => format!(
            " Its requests are spread over {n} gateways; each knows its own passes at once, those of the others {} ms \
             later.",
            knobs.whole("stale")
        ),
    };
    format!(
        "{} requests a second are allowed, counted in fixed windows of a second. A client is silent, then sends {} a \
         second from {} ms before the edge of a window on.{gateways} How many pass, at most, within one second?",
        knobs.whole("limit"),
        knobs.whole("rate"),
        knobs.whole("before")
    )
}

// --- the mechanism

/// Whether one more may pass now. Each limiter is a function of the passes that a gateway knows of, oldest first; times
/// are in seconds, the window is one second.
type Limiter = fn(known: &[f64], now: f64, limit: f64) -> bool;

/// Counts anew when the clock begins a second.
fn fixed_window(known: &[f64], now: f64, limit: f64) -> bool {
    count(known, now.floor(), now) < limit
}

/// Keeps the time of each pass.
fn sliding_log(known: &[f64], now: f64, limit: f64) -> bool {
    count(known, now - 1.0, now) < limit
}

/// Two counters: this window, and what of the last one would still count if it had been spread evenly.
fn sliding_counter(known: &[f64], now: f64, limit: f64) -> bool {
    let edge = now.floor();
    let last = count(known, edge - 1.0, edge) * (1.0 - (now - edge));
    last + count(known, edge, now) < limit
}

/// Holds `limit` tokens when full, gains as many in a second, and gives one for each pass.
fn token_bucket(known: &[f64], now: f64, limit: f64) -> bool {
    let mut tokens = limit;
    let mut last = f64::NEG_INFINITY;
    for pass in known {
        tokens = (tokens + (pass - last) * limit).min(limit) - 1.0;
        last = *pass;
    }
    (tokens + (now - last) * limit).min(limit) >= 1.0
}

/// How many are in `from..=to`.
fn count(known: &[f64], from: f64, to: f64) -> f64 {
    let before = known.partition_point(|pass| *pass < from);
    (known.partition_point(|pass| *pass <= to) - before) as f64
}

/// Lets requests (when, at which gateway) through, and returns when each passed. A gateway hears of another's passes
/// after `stale` seconds.
fn pass(
    limiter: Limiter,
    limit: f64,
    stale: f64,
    requests: &[(f64, usize)],
    going: &mut dyn FnMut(f64) -> bool,
) -> Vec<f64> {
    let mut passed: Vec<(f64, usize)> = Vec::new();
    let mut known = Vec::new();
    for (n, &(now, gateway)) in requests.iter().enumerate() {
        if n % 200 == 0 && !going(n as f64 / requests.len() as f64) {
            break;
        }
        let heard = |(at, of): &&(f64, usize)| *of == gateway || *at <= now - stale;
        known.clear();
        known.extend(passed.iter().filter(heard).map(|(at, _)| *at));
        if limiter(&known, now, limit) {
            passed.push((now, gateway));
        }
    }
    passed.into_iter().map(|(at, _)| at).collect()
}

// --- the lab

/// What was asked, in seconds.
#[derive(Clone, Copy)]
struct Case {
    limit: f64,
    rate: f64,
    before: f64,
    gateways: f64,
    stale: f64,
}

impl Case {
    /// Passes that no gateway but their own has heard of when the last one is let through.
    fn unheard(self) -> f64 {
        self.rate * self.stale * (self.gateways - 1.0) / self.gateways
    }

    /// What one window lets through at most.
    fn window(self) -> f64 {
        (self.limit + self.unheard()).min(self.limit * self.gateways).min(self.rate)
    }

    /// The most in a second by theory: fixed window, log, counter, bucket.
    fn most(self) -> [Option<f64>; 4] {
        let (window, rate, before) = (self.window(), self.rate, self.before);
        let fixed = window.min(rate * before) + window.min(rate * (1.0 - before));
        // With several gateways the counter and the bucket swing about their limit: no formula here.
        let alone = (self.gateways * self.stale < 1e-9 || self.gateways < 1.5).then_some(());
        let counter = self.limit + self.limit.min(rate * before) * (1.0 - before);
        let bucket = 2.0 * self.limit;
        [
            Some(fixed.max(window)),
            Some(window),
            alone.map(|()| counter.min(rate)),
            alone.map(|()| bucket.min(rate)),
        ]
    }

    /// The client sends evenly, so that only chance between the gateways moves the counts: four deviations of what is
    /// unheard on both sides of an edge, and two for the ends of the second.
    fn tolerance(self) -> f64 {
        4.0 * (2.0 * self.unheard().min(self.window())).sqrt() + 2.0
    }
}

fn run(knobs: &Knobs, dice: &mut Dice, watch: &mut Watch) -> Report {
    let case = Case {
        limit: knobs.whole("limit") as f64,
        rate: knobs.whole("rate") as f64,
        before: knobs.whole("before") as f64 / 1000.0,
        gateways: knobs.whole("gateways") as f64,
        stale: knobs.whole("stale") as f64 / 1000.0,
    };
    // The edge is at 1 s; the client sends evenly, and goes on for two windows after the edge.
    let first = 1.0 - case.before + dice.unit() / case.rate;
    let requests: Vec<_> = (0..((2.0 + case.before) * case.rate) as usize)
        .map(|n| (first + n as f64 / case.rate, dice.below(knobs.whole("gateways"))))
        .collect();
    let limiters: [(&str, Limiter); 4] = [
        ("fixed window", fixed_window),
        ("sliding log", sliding_log),
        ("sliding counter", sliding_counter),
        ("token bucket", token_bucket),
    ];
    let theory = case.most();
    let (mut seen, mut rows) = (Vec::new(), Vec::new());
    for (at, (name, limiter)) in limiters.into_iter().enumerate() {
        let going = &mut |share: f64| watch.going((at as f64 + share) / 4.0);
        let passed = pass(limiter, case.limit, case.stale, &requests, going);
        seen.push(within(&passed, 1.0));
        rows.push(vec![
            Cell::text(name),
            Cell::number(within(&passed, 1.0), 0, ""),
            theory[at].map_or(Cell::text(""), |most| Cell::number(most, 0, "")),
            Cell::number(within(&passed, 0.1), 0, ""),
            Cell::number(passed.len() as f64, 0, ""),
        ]);
    }
    let tolerance = case.tolerance();
    let measured = seen[0];
    let holds = theory
        .iter()
        .zip(&seen)
        .all(|(theory, seen)| theory.is_none_or(|theory| (seen - theory).abs() <= tolerance));
    let fixed = theory[0].unwrap_or(0.0);
    Report {
        answer: Answer::Number(measured),
        theory: theory[0],
        measured,
        unit: "",
        holds,
        verdict: format!(
            "{measured:.0} pass a fixed window within a second, {fixed:.0} by theory; all limiters are within \
             {tolerance:.0} of theirs"
        ),
        head: vec!["", "in a second", "theory", "in 100 ms", "passed in all"],
        rows,
        chart: Some(Chart {
            title: format!("most that pass within a second, where {} are allowed", case.limit),
            bars: limiters
                .iter()
                .zip(&seen)
                .map(|((name, _), seen)| ((*name).to_string(), *seen, format!("{seen:.0}")))
                .collect(),
        }),
        here: false,
        partial: watch.stopped(),
    }
}

/// The most passes in a stretch of so many seconds.
fn within(passed: &[f64], stretch: f64) -> f64 {
    let mut first = 0;
    let mut most = 0;
    for (last, at) in passed.iter().enumerate() {
        while passed[first] <= at - stretch {
            first += 1;
        }
        most = most.max(last + 1 - first);
    }
    most as f64
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::tests::{run_with, seeds};
    use super::*;

    fn passed(report: &Report) -> Vec<f64> {
        let number = |cell: &Cell| match cell {
            Cell::Number(number, _) => *number,
            Cell::Text(_) => panic!(),
        };
        report.rows.iter().map(|row| number(&row[1])).collect()
    }

    #[test]
    fn a_fixed_window_passes_twice_the_limit_at_its_edge_and_a_log_never() {
        for report in seeds(&LAB, 20) {
            assert!(report.holds, "{}", report.verdict);
            let passed = passed(&report);
            assert!((198.0..=200.0).contains(&passed[0]), "{passed:?}");
            assert!((99.0..=100.0).contains(&passed[1]), "{passed:?}");
            // 100 + 100·(1 - 0.2), and 100 saved with 100 gained.
            assert!((177.0..=181.0).contains(&passed[2]), "{passed:?}");
            assert!((197.0..=201.0).contains(&passed[3]), "{passed:?}");
        }
    }

    #[test]
    fn a_client_that_begins_at_the_edge_gets_only_the_limit() {
        for seed in 1..=20 {
            let report = run_with(&LAB, &[("before", "1000")], seed);
            assert!(report.holds, "{}", report.verdict);
            assert!(passed(&report)[0] < 103.0, "{}", report.verdict);
        }
    }

    #[test]
    fn gateways_that_hear_late_let_through_what_is_under_way() {
        for seed in 1..=4 {
            // 100 + 3,000·0.1·3/4 = 325 for the log; twice that at the edge of a window.
            let report = run_with(&LAB, &[("gateways", "4")], seed);
            assert!(report.holds, "{}", report.verdict);
            assert!((passed(&report)[1] - 325.0).abs() < 40.0, "{:?}", passed(&report));
            assert!(passed(&report)[0] > 450.0, "{:?}", passed(&report));
            // Nobody hears in time: each gateway lets its own 100 through.
            let report = run_with(&LAB, &[("gateways", "4"), ("stale", "1000")], seed);
            assert!(report.holds && passed(&report)[1] >= 399.0, "{:?}", passed(&report));
            let report = run_with(&LAB, &[("gateways", "4"), ("stale", "0")], seed);
            assert!(report.holds && passed(&report)[1] <= 100.0, "{:?}", passed(&report));
        }
    }

    #[test]
    fn everywhere_the_passes_are_those_of_the_formula() {
        for rate in ["300", "1000"] {
            for before in ["1", "500", "900"] {
                for gateways in ["2", "8"] {
                    for stale in ["10", "200"] {
                        let set = [
                            ("rate", rate),
                            ("before", before),
                            ("gateways", gateways),
                            ("stale", stale),
                        ];
                        let report = run_with(&LAB, &set, 4);
                        assert!(report.holds, "{set:?}: {} {:?}", report.verdict, passed(&report));
                    }
                }
            }
        }
    }
}
