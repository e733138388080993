//! A page that asks many servers is as slow as the slowest: fan-out, and hedged requests.
//!
//! Theory: of n independent answers at least one is late with 1 - (1 - p)^n (Dean and Barroso, The Tail at Scale,
//! CACM 56(2), 2013). A hedge sends a second copy after the time h and takes the first answer: both must be
//! late, so p becomes p·(q + (1 - q)·S(t - h)), where t is the limit, S(x) the chance to take longer than x, and q the
//! share of slow answers whose cause the copy meets too. Times are Pareto, S(x) = (x₀ / x)^1.5.

use super::{Answer, Cell, Chart, Dice, Knob, Knobs, Lab, Question, Report, Watch};

pub const LAB: Lab = Lab {
    name: "tail",
    lessons: &["observability-and-slos", "high-availability"],
    claim: "If one answer in 100 is slow, a page that waits for 100 servers is slow in 63 % of cases; a second copy \
            sent after the p95 makes it 2 % for 5 % more load.",
    question: Question::Number { ask, unit: "%" },
    knobs: &[
        Knob::whole("fan", "servers that a page waits for", "", (100, 1, 1000)),
        Knob::real("limit", "an answer above this percentile is late", "%", (99.0, 50.0, 99.9)),
        Knob::choice("hedge", "when a second copy is sent", &["never", "p90", "p95", "p99"]),
        Knob::real("shared", "slow answers whose copy is slow too", "%", (0.0, 0.0, 100.0)),
        Knob::whole("pages", "pages that are played", "", (2000, 100, 20_000)),
    ],
    run,
    next: "hedge p95",
    mechanism: mechanism!("tail.rs"),
};

fn ask(knobs: &Knobs) -> String {
    let (fan, limit) = (knobs.whole("fan"), knobs.real("limit"));
    let hedge = match knobs.choice("hedge") {
        "never" => String::new(),
        after => format!(
            " After the {after} of a server a second copy goes to another one, and the first answer counts; of the \
             slow answers {} % have a cause that the copy meets too.",
            knobs.real("shared")
        ),
    };
    format!(
        "A page asks {fan} servers at once and waits for all. Each alone answers within {:.0} ms in {limit} % of \
         cases.{hedge} What share of the pages takes longer than {0:.0} ms?",
        quantile(1.0 - limit / 100.0)
    )
}

// --- the mechanism

/// The fastest answer of all, ms.
const LEAST: f64 = 5.0;
/// The smaller, the heavier the tail.
const SHAPE: f64 = 1.5;

/// The time that a share of all answers exceeds, ms. Of a random share in 0 to 1 it is a random time.
fn quantile(share: f64) -> f64 {
    LEAST * share.powf(-1.0 / SHAPE)
}

/// The chance that an answer takes longer than so many ms.
fn exceeds(time: f64) -> f64 {
    if time <= LEAST { 1.0 } else { (LEAST / time).powf(SHAPE) }
}

/// When and how a second copy is sent.
#[derive(Clone, Copy)]
struct Hedge {
    /// Sent when so many ms have passed; infinite for never.
    after: f64,
    /// Chance that the copy meets the same cause and takes as long.
    shared: f64,
}

/// One server's answer: how long the page waits for it, ms, and whether a copy was sent.
fn answer(hedge: Hedge, dice: &mut Dice) -> (f64, bool) {
    let first = quantile(1.0 - dice.unit());
    if first <= hedge.after {
        return (first, false);
    }
    let copy = if dice.chance(hedge.shared) { first } else { quantile(1.0 - dice.unit()) };
    (first.min(hedge.after + copy), true)
}

// --- the lab

/// Chance that one answer is later than `limit` ms.
fn late(limit: f64, hedge: Hedge) -> f64 {
    // A copy that is sent at the limit or after it comes too late.
    let both = if hedge.after < limit {
        hedge.shared + (1.0 - hedge.shared) * exceeds(limit - hedge.after)
    } else {
        1.0
    };
    exceeds(limit) * both
}

fn run(knobs: &Knobs, dice: &mut Dice, watch: &mut Watch) -> Report {
    let after = match knobs.choice("hedge") {
        "p90" => quantile(0.10),
        "p95" => quantile(0.05),
        "p99" => quantile(0.01),
        _ => f64::INFINITY,
    };
    let hedge = Hedge { after, shared: knobs.real("shared") / 100.0 };
    let limit = quantile(1.0 - knobs.real("limit") / 100.0);
    let fan = knobs.whole("fan");
    // The first k servers of a page are a page of its own with the fan-out k.
    let mut fans = vec![1, 2, 5, 10, 20, 50, 100, 200, 500];
    fans.retain(|few| *few < fan);
    fans.push(fan);
    let mut times = vec![Vec::new(); fans.len()];
    let (wanted, mut pages, mut copies) = (knobs.whole("pages"), 0usize, 0usize);
    while pages < wanted {
        if pages % 20 == 0 && !watch.going(pages as f64 / wanted as f64) {
            break;
        }
        let mut slowest = 0.0f64;
        let mut next = 0;
        for asked in 1..=fan {
            let (time, hedged) = answer(hedge, dice);
            slowest = slowest.max(time);
            copies += usize::from(hedged);
            if asked == fans[next] {
                times[next].push(slowest);
                next += 1;
            }
        }
        pages += 1;
    }
    let n = pages.max(1) as f64;
    let p = late(limit, hedge);
    let theory = |fan: usize| 1.0 - (1.0 - p).powf(fan as f64);
    let late: Vec<f64> = times
        .iter()
        .map(|times| times.iter().filter(|time| **time > limit).count() as f64 / n * 100.0)
        .collect();
    let rows = fans.iter().zip(&mut times).zip(&late).map(|((fan, times), late)| {
        vec![
            Cell::number(*fan as f64, 0, ""),
            Cell::number(*late, 1, "%"),
            Cell::number(theory(*fan) * 100.0, 1, "%"),
            Cell::number(percentile(times, 50), 0, "ms"),
            Cell::number(percentile(times, 99), 0, "ms"),
        ]
    });
    let rows = rows.collect();
    let (expected, measured) = (theory(fan), late.last().copied().unwrap_or(0.0));
    // Pages are drawn independently: four binomial deviations, and one page for the rare ones.
    let tolerance = 100.0 * (4.0 * (expected * (1.0 - expected) / n).sqrt() + 1.0 / n);
    Report {
        answer: Answer::Number(measured),
        theory: Some(expected * 100.0),
        measured,
        unit: "%",
        holds: (measured - expected * 100.0).abs() <= tolerance,
        verdict: format!(
            "{measured:.1} % of the pages are late, {:.1} % by theory, within {tolerance:.1} points; copies add {:.1} % \
             to the load",
            expected * 100.0,
            copies as f64 / (n * fan as f64) * 100.0
        ),
        head: vec!["servers", "late pages", "theory", "median", "p99"],
        rows,
        chart: Some(Chart {
            title: format!("pages later than {limit:.0} ms, by servers asked"),
            bars: fans
                .iter()
                .zip(&late)
                .map(|(fan, late)| (fan.to_string(), *late, format!("{late:.1} %")))
                .collect(),
        }),
        here: false,
        partial: watch.stopped(),
    }
}

/// 0 if there are no times.
fn percentile(times: &mut [f64], percent: usize) -> f64 {
    if times.is_empty() {
        return 0.0;
    }
    let at = (times.len() * percent / 100).min(times.len() - 1);
    *times.select_nth_unstable_by(at, f64::total_cmp).1
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::tests::{run_with, seeds};
    use super::*;

    #[test]
    fn of_a_hundred_servers_one_is_late_in_two_pages_of_three() {
        for report in seeds(&LAB, 20) {
            assert!(report.holds, "{}", report.verdict);
            assert!((report.theory.unwrap() - 63.4).abs() < 0.05);
            assert!((report.measured - 63.4).abs() < 4.5, "{}", report.measured);
        }
    }

    #[test]
    fn a_second_copy_cuts_the_tail_unless_it_meets_the_same_cause() {
        for seed in 1..=20 {
            let report = run_with(&LAB, &[("hedge", "p95")], seed);
            assert!(report.holds && report.measured < 4.0, "{}", report.verdict);
            let load: f64 = report.verdict.rsplit_once(" add ").unwrap().1[..3].parse().unwrap();
            assert!((load - 5.0).abs() < 0.3, "{}", report.verdict);
            let report = run_with(&LAB, &[("hedge", "p95"), ("shared", "100")], seed);
            assert!(report.holds && report.measured > 58.0, "{}", report.verdict);
        }
    }

    #[test]
    fn a_copy_sent_at_the_limit_comes_too_late() {
        let report = run_with(&LAB, &[("hedge", "p99"), ("limit", "95")], 1);
        assert!(report.holds && report.measured > 98.0, "{}", report.verdict);
    }
}
