//! One seat and many buyers: check and then write, a lock with a TTL, the lock with a fencing token, a condition in the
//! write.
//!
//! Theory: buyers come by chance, λ a second (Poisson); w passes between a buyer's check and its write, and a pause of L
//! more with chance p. Whoever checks before the first write buys too. That write comes at w + Y, where Y is 0 if the
//! first buyer is not paused, else the time until the pause ends or a buyer comes who is not, so that
//! λw + p (1 − e^(−λ(1 − p)L)) / (1 − p) are too many (λw is Little's law, the buyers between check and write).
//! A lock that expires after T lets the next one in while its holder is paused: the j-th after it checks at jT and j
//! times the wait for a buyer, so that Σ p^j · P(Poisson(λ(w + L − jT)) ≥ j) are too many. A token (Kleppmann, How to do
//! distributed locking, 2016) refuses a holder who writes after a later one, but not one who writes between the check of
//! the later one and its write. A condition in the write, `WHERE buyer IS NULL`, is check and write in one.

use super::{Answer, Cell, Chart, Dice, Knob, Knobs, Lab, Question, Report, Watch};

pub const LAB: Lab = Lab {
    name: "booking",
    lessons: &["design-ticket-booking", "design-hotel-booking", "design-e-commerce", "lost-update"],
    claim: "With 1,000 buyers a second and 20 ms between check and write 100 seats are sold to 2,001 buyers too many, \
            with a lock of 1 s and a pause of 3 s in 1 of 100 buyers to 1.0, and with a condition in the write to 0.",
    question: Question::Number { ask, unit: "buyers" },
    knobs: &[
        Knob::choice("way", "how the seat is sold", &["check", "lock", "token", "condition"]),
        Knob::whole("buyers", "a second, for one seat", "", (1000, 1, 10_000)),
        Knob::real("ttl", "after which the lock expires", "ms", (1000.0, WORK, 60_000.0)),
        Knob::real("pause", "of a buyer's process before its write", "ms", (3000.0, 0.0, 20_000.0)),
        Knob::real("chance", "of a pause", "%", (1.0, 0.0, 50.0)),
    ],
    run,
    next: "way lock",
    mechanism: mechanism!("booking.rs"),
};

fn ask(knobs: &Knobs) -> String {
    let ttl = knobs.real("ttl");
    let way = match knobs.choice("way") {
        "lock" => format!(
            "A buyer takes a lock that expires after {ttl} ms, reads that the seat is free, works"
        ),
        "token" => format!(
            "A buyer takes a lock that expires after {ttl} ms and gives a token, and a write with an older token than \
             the last is refused; the buyer reads that the seat is free, works"
        ),
        "condition" => {
            "A write takes the seat only where it is still free. A buyer reads that it is, works"
                .into()
        }
        _ => "A buyer reads that the seat is free, works".to_string(),
    };
    format!(
        "{} buyers a second want a seat. {way} for {WORK} ms, and writes. {} % of them pause for {} ms before they \
         write. To how many buyers too many are 100 such seats sold?",
        knobs.whole("buyers"),
        knobs.real("chance"),
        knobs.real("pause"),
    )
}

/// Between check and write, without a pause; in ms.
const WORK: f64 = 20.0;

// --- the mechanism

/// Times in ms.
struct Sale {
    /// Between two buyers, on average.
    gap: f64,
    ttl: f64,
    pause: f64,
    /// Of a pause, 0 to 1.
    chance: f64,
}

impl Sale {
    /// From a buyer's check to its write.
    fn work(&self, dice: &mut Dice) -> f64 {
        WORK + if dice.chance(self.chance) { self.pause } else { 0.0 }
    }

    /// When each buyer writes who found the seat free; each checks as it comes, and does so until the first write.
    fn unlocked(&self, dice: &mut Dice) -> Vec<f64> {
        let (mut now, mut first, mut writes) = (0.0, f64::INFINITY, Vec::new());
        while now < first {
            let write = now + self.work(dice);
            writes.push(write);
            first = write.min(first);
            now += dice.exponential(self.gap);
        }
        writes
    }

    /// The same with a lock. It is free again when its holder has written or when it expires; who comes before goes
    /// away. The index of a holder is its token.
    fn locked(&self, dice: &mut Dice) -> Vec<f64> {
        let (mut now, mut first, mut writes) = (0.0, f64::INFINITY, Vec::new());
        while now < first {
            let work = self.work(dice);
            writes.push(now + work);
            first = first.min(now + work);
            now += work.min(self.ttl) + dice.exponential(self.gap);
        }
        writes
    }
}

/// What the store asks of a write.
#[derive(Clone, Copy)]
enum Rule {
    Nothing,
    /// No token older than the last that wrote.
    Token,
    /// `WHERE buyer IS NULL`
    Free,
}

/// How many of the buyers are told that the seat is theirs.
fn sold(writes: &[f64], rule: Rule) -> usize {
    let mut order: Vec<(f64, usize)> = writes.iter().copied().zip(0..).collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut seat, mut sold) = (None, 0);
    for (_, token) in order {
        let accepted = match rule {
            Rule::Nothing => true,
            Rule::Token => seat.is_none_or(|last| token > last),
            Rule::Free => seat.is_none(),
        };
        if accepted {
            (seat, sold) = (Some(token), sold + 1);
        }
    }
    sold
}

// --- the lab

const SALES: usize = 10_000;
const WAYS: [&str; 4] = ["check", "lock", "token", "condition"];

impl Sale {
    /// Buyers too many of one seat, on average; none where there is no formula.
    fn theory(&self, way: usize) -> Option<f64> {
        let (rate, p) = (1.0 / self.gap, self.chance);
        match way {
            0 => {
                let paused = p * (1.0 - (-rate * (1.0 - p) * self.pause).exp()) / (1.0 - p);
                Some(rate * WORK + paused)
            }
            1 => {
                let mut sum = 0.0;
                for j in 1..60 {
                    let left = WORK + self.pause - f64::from(j) * self.ttl;
                    if left <= 0.0 {
                        break;
                    }
                    sum += p.powi(j) * at_least(j, rate * left);
                }
                Some(sum)
            }
            2 => None,
            _ => Some(0.0),
        }
    }
}

/// The chance that a Poisson number of this mean is at least `j`.
fn at_least(j: i32, mean: f64) -> f64 {
    let (mut term, mut below) = ((-mean).exp(), 0.0);
    for i in 0..j {
        below += term;
        term *= mean / f64::from(i + 1);
    }
    1.0 - below
}

/// Buyers too many of the sales of one way.
#[derive(Clone, Copy, Default)]
struct Count {
    sum: usize,
    squares: usize,
    worst: usize,
    seats: usize,
}

impl Count {
    fn note(&mut self, sold: usize) {
        let more = sold.saturating_sub(1);
        self.sum += more;
        self.squares += more * more;
        self.worst = self.worst.max(more);
        self.seats += usize::from(more > 0);
    }

    fn mean(&self, sales: f64) -> f64 {
        self.sum as f64 / sales
    }

    /// Whether the mean is within four of its deviations of the theory. A rare count varies by about its mean, which
    /// is used where the sample has seen too few to tell; one buyer more is allowed.
    fn near(&self, theory: f64, sales: f64) -> (bool, f64) {
        let variance = self.squares as f64 / sales - self.mean(sales).powi(2);
        let tolerance = 4.0 * (variance.max(theory) / sales).sqrt() + 1.0 / sales;
        ((self.mean(sales) - theory).abs() <= tolerance, tolerance)
    }
}

fn run(knobs: &Knobs, dice: &mut Dice, watch: &mut Watch) -> Report {
    let sale = Sale {
        gap: 1000.0 / knobs.real("buyers"),
        ttl: knobs.real("ttl"),
        pause: knobs.real("pause"),
        chance: knobs.real("chance") / 100.0,
    };
    let mut counts = [Count::default(); 4];
    let mut sales = 0;
    while sales < SALES {
        if sales % 100 == 0 && !watch.going(sales as f64 / SALES as f64) {
            break;
        }
        let (unlocked, locked) = (sale.unlocked(dice), sale.locked(dice));
        counts[0].note(sold(&unlocked, Rule::Nothing));
        counts[1].note(sold(&locked, Rule::Nothing));
        counts[2].note(sold(&locked, Rule::Token));
        counts[3].note(sold(&unlocked, Rule::Free));
        sales += 1;
    }
    let n = sales.max(1) as f64;
    let chosen = WAYS.iter().position(|way| *way == knobs.choice("way")).unwrap_or(0);
    let theories = [0, 1, 2, 3].map(|way| sale.theory(way));
    let near = theories
        .iter()
        .zip(&counts)
        .all(|(theory, count)| theory.is_none_or(|theory| count.near(theory, n).0));
    // Of the token the theory says that it refuses some of what the lock lets through.
    let holds = near && counts[2].sum <= counts[1].sum;
    let measured = counts[chosen].mean(n) * 100.0;
    let verdict = match theories[chosen] {
        Some(theory) => format!(
            "{measured:.2} buyers too many for 100 seats, theory says {:.2} within {:.2}",
            theory * 100.0,
            counts[chosen].near(theory, n).1 * 100.0
        ),
        None => format!(
            "{measured:.2} buyers too many for 100 seats, at most the {:.2} of the lock alone, with a tolerance of 0",
            counts[1].mean(n) * 100.0
        ),
    };
    let rows = WAYS.iter().zip(counts).zip(theories).map(|((way, count), theory)| {
        vec![
            Cell::text(*way),
            Cell::number(count.mean(n) * 100.0, 2, ""),
            theory.map_or(Cell::text("at most the lock's"), |theory| {
                Cell::number(theory * 100.0, 2, "")
            }),
            Cell::number(count.seats as f64 / n * 100.0, 2, "%"),
            Cell::number(count.worst as f64, 0, ""),
        ]
    });
    Report {
        answer: Answer::Number(measured),
        theory: theories[chosen].map(|theory| theory * 100.0),
        measured,
        unit: "buyers",
        holds,
        verdict,
        head: vec!["way", "too many for 100", "theory", "seats oversold", "worst seat"],
        rows: rows.collect(),
        chart: Some(Chart {
            title: "seats that were sold more than once".into(),
            bars: WAYS
                .iter()
                .zip(counts)
                .map(|(way, count)| {
                    let share = count.seats as f64 / n * 100.0;
                    ((*way).to_string(), share, format!("{share:.2} %"))
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

    fn too_many(report: &Report, way: usize) -> f64 {
        let Cell::Number(value, _) = report.rows[way][1] else { panic!() };
        value
    }

    #[test]
    fn a_check_oversells_by_the_buyers_between_check_and_write_and_a_lock_by_the_pauses() {
        for report in seeds(&LAB, 20) {
            assert!(report.holds, "{}", report.verdict);
            assert!((report.measured - 2001.0).abs() < 20.0, "{}", report.verdict);
            assert!((too_many(&report, 1) - 1.0).abs() < 0.45, "{}", too_many(&report, 1));
            assert!(too_many(&report, 2) < 0.05 && too_many(&report, 3) == 0.0);
        }
    }

    #[test]
    fn a_lock_that_outlives_the_pause_sells_each_seat_once() {
        let report = run_with(&LAB, &[("way", "lock"), ("ttl", "3020")], 1);
        assert!(report.holds && report.measured == 0.0, "{}", report.verdict);
    }

    #[test]
    fn a_token_does_not_help_where_the_paused_holder_writes_between_the_next_ones_check_and_write()
    {
        let set = [("way", "token"), ("pause", "1000"), ("chance", "10")];
        let report = run_with(&LAB, &set, 1);
        assert!(report.holds && report.measured > 5.0, "{}", report.verdict);
        // Where it wakes later, all but the rare second pause is refused.
        let later = run_with(&LAB, &[("way", "token"), ("pause", "1500"), ("chance", "10")], 1);
        assert!(later.holds && later.measured < 2.0, "{}", later.verdict);
    }

    #[test]
    fn the_formulas_hold_from_few_buyers_to_many_and_with_half_of_them_paused() {
        for buyers in ["1", "20", "10000"] {
            for (ttl, chance) in [("20", "50"), ("1000", "50"), ("500", "5"), ("60000", "1")] {
                let set = [("buyers", buyers), ("ttl", ttl), ("chance", chance)];
                let report = run_with(&LAB, &set, 1);
                assert!(report.holds, "{set:?}: {:?}", report.rows);
            }
        }
    }
}
