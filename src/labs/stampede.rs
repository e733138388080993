//! A hot key expires: how many fills go to the database before the entry is back?
//!
//! Theory, for reads at a rate λ and a fill that takes δ: with no guard the first read that misses fills and so do all
//! within δ, 1 + λδ. With one fill at a time in each of m servers, those of them that get a read within δ: 1 +
//! (m - 1) (1 - e^(-λδ/m)). With a lease, 1. `XFetch` (Vattani, Chierichetti, Lowenstein, VLDB 8(8), 2015): each reader
//! draws U and fills early where -δβ ln U is more than the time t that is left, a chance of e^(-t/(δβ)). The first
//! fill begins at a t whose a·e^(-t/(δβ)), a = λδβ, is exponential with mean 1; while it runs e^(1/β) - 1 others
//! begin, so that there are e^(1/β) where a is large. `early_fills` has the integral for any a.

use super::{Answer, Cell, Chart, Dice, Knob, Knobs, Lab, Question, Report, Watch};

pub const LAB: Lab = Lab {
    name: "stampede",
    lessons: &["caching", "design-distributed-cache", "design-autocomplete"],
    claim: "A key is read 1,000 times a second, a fill takes 160 ms: each expiry brings 161 fills without a guard, 40 \
            with single flight in 40 servers, 1 with a lease, and 2.7 with XFetch, where nobody waits.",
    question: Question::Number { ask, unit: "fills" },
    knobs: &[
        Knob::choice("guard", "what holds readers off", GUARDS),
        Knob::real("rate", "reads of the key a second", "/s", (1000.0, 1.0, 5000.0)),
        Knob::real("fill", "how long a fill takes", "ms", (160.0, 1.0, 1000.0)),
        Knob::whole("servers", "page servers", "", (40, 1, 1000)),
        Knob::real("beta", "XFetch: how eager", "", (1.0, 0.25, 4.0)),
    ],
    run,
    next: "guard xfetch",
    mechanism: mechanism!("stampede.rs"),
};

const GUARDS: &[&str] = &["none", "single-flight", "lease", "xfetch"];

fn ask(knobs: &Knobs) -> String {
    let guard = match knobs.choice("guard") {
        "none" => "Nothing holds readers off.".to_string(),
        "single-flight" => {
            format!("Each of {} servers runs one fill at a time.", knobs.whole("servers"))
        }
        "lease" => "A lease in the cache lets one reader fill.".to_string(),
        _ => format!("Readers fill early by XFetch with beta {}.", knobs.real("beta")),
    };
    format!(
        "One key is read {} times a second, and a fill takes {} ms. {guard} How many fills does each expiry bring, \
         on average?",
        knobs.real("rate"),
        knobs.real("fill")
    )
}

// --- the mechanism

#[derive(Clone, Copy)]
enum Guard {
    None,
    /// One fill at a time in each of so many servers.
    SingleFlight(usize),
    /// One fill at a time, claimed in the cache.
    Lease,
    /// Whoever draws a head start longer than what is left fills, with this beta.
    XFetch(f64),
}

/// What one expiry brought.
#[derive(Default)]
struct Expiry {
    fills: usize,
    /// Reads that found no entry.
    missed: usize,
}

/// Plays reads of one key from well before it expires, at 0 s, until the entry is back.
fn expire(guard: Guard, rate: f64, fill: f64, dice: &mut Dice) -> Expiry {
    let mut seen = Expiry::default();
    let mut back: Option<f64> = None; // when the first fill ends
    let mut filling = match guard {
        Guard::SingleFlight(servers) => vec![false; servers],
        _ => Vec::new(),
    };
    let mut now = match guard {
        Guard::XFetch(beta) => -head_start(rate, fill, beta),
        _ => 0.0, // nobody fills while the entry is there
    };
    loop {
        now += dice.exponential(1.0 / rate);
        if back.is_some_and(|back| now >= back) {
            return seen;
        }
        let gone = now >= 0.0;
        seen.missed += usize::from(gone);
        let fills = match guard {
            Guard::None => gone,
            Guard::SingleFlight(servers) => {
                let server = dice.below(servers);
                gone && !std::mem::replace(&mut filling[server], true)
            }
            Guard::Lease => gone && back.is_none(),
            Guard::XFetch(beta) => now - fill * beta * (1.0 - dice.unit()).ln() >= 0.0,
        };
        if fills {
            seen.fills += 1;
            back = back.or(Some(now + fill));
        }
    }
}

/// Before it a reader of `XFetch` would fill in one of e^10 expiries, 1 in 22,000.
fn head_start(rate: f64, fill: f64, beta: f64) -> f64 {
    fill * beta * ((rate * fill * beta).max(1.0).ln() + 10.0)
}

// --- the lab

/// Mean fills of an expiry.
fn theory(guard: Guard, rate: f64, fill: f64) -> f64 {
    match guard {
        Guard::None => 1.0 + rate * fill,
        Guard::SingleFlight(servers) => {
            let m = servers as f64;
            1.0 + (m - 1.0) * (1.0 - (-rate * fill / m).exp())
        }
        Guard::Lease => 1.0,
        Guard::XFetch(beta) => early_fills(rate, fill, beta),
    }
}

/// `XFetch` for any a = λδβ: the first fill begins with u = a e^(-t/(δβ)) of density e^-u if u < a; else nobody was
/// early, and the first reader after the expiry fills like one without a guard.
fn early_fills(rate: f64, fill: f64, beta: f64) -> f64 {
    let a = rate * fill * beta;
    let most = a.min(40.0); // e^-40 is nothing
    let steps = 4000;
    let part = |step: usize| {
        let u = (f64::from(step as u32) + 0.5) / f64::from(steps) * most;
        let left = fill * beta * (a / u).ln();
        let others = if left >= fill {
            u * ((1.0 / beta).exp() - 1.0)
        } else {
            (a - u) + rate * (fill - left) // the entry expires while the first fill runs
        };
        (1.0 + others) * (-u).exp() * most / f64::from(steps)
    };
    (0..steps as usize).map(part).sum::<f64>() + (-a).exp() * (1.0 + rate * fill)
}

/// Mean, standard error of the mean, and most.
fn spread(counts: &[usize]) -> (f64, f64, usize) {
    let n = counts.len().max(1) as f64;
    let mean = counts.iter().sum::<usize>() as f64 / n;
    let square = counts.iter().map(|count| (*count as f64 - mean).powi(2)).sum::<f64>();
    (mean, (square / n / n).sqrt(), counts.iter().max().copied().unwrap_or(0))
}

/// Expiries of each guard.
const EXPIRIES: usize = 300;

fn run(knobs: &Knobs, dice: &mut Dice, watch: &mut Watch) -> Report {
    let (rate, fill) = (knobs.real("rate"), knobs.real("fill") / 1000.0);
    let guards = [
        Guard::None,
        Guard::SingleFlight(knobs.whole("servers")),
        Guard::Lease,
        Guard::XFetch(knobs.real("beta")),
    ];
    let chosen = GUARDS.iter().position(|name| *name == knobs.choice("guard")).unwrap_or(0);
    let (mut fills, mut missed) = (vec![Vec::new(); 4], vec![Vec::new(); 4]);
    for expiry in 0..EXPIRIES {
        if !watch.going(expiry as f64 / EXPIRIES as f64) {
            break;
        }
        for (at, guard) in guards.into_iter().enumerate() {
            let seen = expire(guard, rate, fill, dice);
            fills[at].push(seen.fills);
            missed[at].push(seen.missed);
        }
    }
    let rows = (0..4).map(|at| {
        let (mean, _, most) = spread(&fills[at]);
        vec![
            Cell::text(GUARDS[at]),
            Cell::number(mean, 2, ""),
            Cell::number(theory(guards[at], rate, fill), 2, ""),
            Cell::number(most as f64, 0, ""),
            Cell::number(spread(&missed[at]).0, 1, ""),
        ]
    });
    let bars = (0..4).map(|at| {
        let mean = spread(&fills[at]).0;
        (GUARDS[at].to_string(), mean, format!("{mean:.1}"))
    });
    let (measured, error, _) = spread(&fills[chosen]);
    let expected = theory(guards[chosen], rate, fill);
    // Four standard errors, and a thousandth for expiries in which an early fill fell before the play began.
    let tolerance = 4.0 * error + expected / 1000.0;
    Report {
        answer: Answer::Number(measured),
        theory: Some(expected),
        measured,
        unit: "fills",
        holds: (measured - expected).abs() <= tolerance,
        verdict: format!(
            "{measured:.2} fills an expiry ({}), theory {expected:.2}, give or take {tolerance:.2}",
            GUARDS[chosen]
        ),
        head: vec!["guard", "fills", "theory", "most", "reads that missed"],
        rows: rows.collect(),
        chart: Some(Chart { title: "fills of an expiry".into(), bars: bars.collect() }),
        here: false,
        partial: watch.stopped(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{number, run_with};
    use super::*;

    #[test]
    fn each_guard_makes_the_fills_that_its_theory_says() {
        for seed in 1..=5 {
            for guard in GUARDS {
                let beta = if seed % 2 == 0 { "2" } else { "0.5" };
                let set = [("guard", *guard), ("rate", "400"), ("beta", beta)];
                let report = run_with(&LAB, &set, seed);
                assert!(report.holds, "{guard}: {}", report.verdict);
            }
        }
    }

    #[test]
    fn the_figures_of_the_claim_come_out() {
        let report = run_with(&LAB, &[], 1);
        for (row, fills, give) in [(0, 161.0, 3.0), (1, 39.3, 0.5), (2, 1.0, 0.0), (3, 2.72, 0.6)] {
            let seen = number(&report.rows[row][1]);
            assert!((seen - fills).abs() <= give, "{seen} for {fills}");
        }
        assert!(number(&report.rows[3][4]) < 0.01, "with XFetch nobody waits");
        assert!(number(&report.rows[2][4]) > 150.0, "with a lease one fills and all wait");
    }

    #[test]
    fn few_readers_make_early_fills_useless() {
        for seed in 1..=20 {
            let report = run_with(&LAB, &[("guard", "xfetch"), ("rate", "1")], seed);
            assert!(report.holds, "{}", report.verdict);
            assert!(number(&report.rows[3][4]) > 0.8, "most expiries find nobody who was early");
        }
    }

    #[test]
    fn with_many_readers_xfetch_makes_e_fills() {
        for (beta, fills) in [(1.0, 1f64.exp()), (2.0, 0.5f64.exp())] {
            assert!((early_fills(5000.0, 1.0, beta) - fills).abs() < 0.01);
        }
    }
}
