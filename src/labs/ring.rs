//! What moves when a server joins: modulo, a ring with virtual nodes, jump hash.
//!
//! Theory: with n servers and one more, a hash that moves only what it must moves 1/(n + 1) of the keys (Karger et
//! al., 1997); `hash mod n` keeps a key only where both remainders agree, so that n/(n + 1) move. On a ring with v
//! points a server, a server's share of the keys has a relative deviation of about 1/sqrt(v).

use super::{Answer, Cell, Chart, Dice, Knob, Knobs, Lab, Question, Report, Watch};

pub const LAB: Lab = Lab {
    name: "ring",
    lessons: &[
        "sharding-strategy",
        "sharding-approaches",
        "nosql-partitioning",
        "cosmosdb-partitions",
    ],
    claim: "On a ring with 100 points a server, an eleventh server takes 1/11 of the keys, give or take two \
            points of a hundred, and the load of a server deviates by 6 to 14 % of the mean.",
    question: Question::Number { ask, unit: "%" },
    knobs: &[
        Knob::whole("servers", "servers before one more joins", "", (10, 1, 500)),
        Knob::whole("points", "points of a server on the ring", "", (100, 1, 1000)),
        Knob::whole("keys", "keys placed", "", (100_000, 1000, 1_000_000)),
    ],
    run,
    next: "points 1",
    mechanism: mechanism!("ring.rs"),
};

fn ask(knobs: &Knobs) -> String {
    format!(
        "{} servers hold the keys, and one more joins. On a ring with {} points a server, what share of the \
         keys moves?",
        knobs.whole("servers"),
        knobs.whole("points")
    )
}

// --- the mechanism

/// Each server stands on the ring at many points; a key belongs to the next point clockwise.
struct Ring(Vec<(u64, usize)>);

impl Ring {
    fn new(servers: usize, points: usize) -> Ring {
        let place = |server: usize, point: usize| mix(((server as u64) << 32) | point as u64);
        let mut ring: Vec<_> = (0..servers)
            .flat_map(|server| (0..points).map(move |point| (place(server, point), server)))
            .collect();
        ring.sort_unstable();
        Ring(ring)
    }

    fn server(&self, key: u64) -> usize {
        let next = self.0.partition_point(|(place, _)| *place < mix(key));
        self.0[next % self.0.len()].1 // past the last point the ring begins again
    }
}

/// Jump hash (Lamping, Veach, 2014): no table; a key jumps to the newest server with the chance that it must.
fn jump(mut key: u64, servers: usize) -> usize {
    let (mut at, mut next) = (0, 0);
    while next < servers as u64 {
        at = next;
        key = key.wrapping_mul(2_862_933_555_777_941_757).wrapping_add(1);
        next = ((at + 1) as f64 * (2f64.powi(31) / ((key >> 33) + 1) as f64)) as u64;
    }
    at as usize
}

/// Spreads the bits of a number (the finaliser of `SplitMix64`).
fn mix(n: u64) -> u64 {
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

// --- the lab

fn run(knobs: &Knobs, dice: &mut Dice, watch: &mut Watch) -> Report {
    let (servers, points) = (knobs.whole("servers"), knobs.whole("points"));
    let (small, large) = (Ring::new(servers, points), Ring::new(servers + 1, points));
    let mut moved = [0usize; 3];
    let mut load = [vec![0usize; servers], vec![0; servers], vec![0; servers]];
    let (wanted, mut keys) = (knobs.whole("keys"), 0);
    while keys < wanted {
        if keys % 1000 == 0 && !watch.going(keys as f64 / wanted as f64) {
            break;
        }
        let key = dice.bits();
        let places = [
            ((mix(key) % servers as u64) as usize, (mix(key) % (servers as u64 + 1)) as usize),
            (small.server(key), large.server(key)),
            (jump(key, servers), jump(key, servers + 1)),
        ];
        for (way, (before, after)) in places.into_iter().enumerate() {
            moved[way] += usize::from(before != after);
            load[way][before] += 1;
        }
        keys += 1;
    }
    let n = keys.max(1) as f64;
    let share = moved.map(|moved| moved as f64 / n * 100.0);
    let least = 100.0 / (servers as f64 + 1.0);
    // The newcomer's share of the ring deviates by 1/sqrt(points) of itself, the sample by less; three deviations.
    let tolerance = (3.0 * least / (points as f64).sqrt()).max(0.5);
    let holds = (share[1] - least).abs() <= tolerance;
    let theory = [100.0 - least, least, least];
    let names = ["modulo", "ring", "jump"];
    let rows = (0..3).map(|way| {
        vec![
            Cell::text(names[way]),
            Cell::number(share[way], 1, "%"),
            Cell::number(theory[way], 1, "%"),
            Cell::number(busiest(&load[way]), 2, "× the mean"),
            Cell::number(deviation(&load[way]) * 100.0, 1, "%"),
        ]
    });
    Report {
        answer: Answer::Number(share[1]),
        theory: Some(least),
        measured: share[1],
        unit: "%",
        holds,
        verdict: format!(
            "{:.1} % moved on the ring; 1/{} is {least:.1} %, within {tolerance:.1} points",
            share[1],
            servers + 1
        ),
        head: vec!["", "keys moved", "theory", "busiest", "deviation"],
        rows: rows.collect(),
        chart: Some(Chart {
            title: "keys moved".into(),
            bars: (0..3)
                .map(|way| (names[way].to_string(), share[way], format!("{:.1} %", share[way])))
                .collect(),
        }),
        here: false,
        partial: watch.stopped(),
    }
}

fn busiest(load: &[usize]) -> f64 {
    let total: usize = load.iter().sum();
    let most = load.iter().max().copied().unwrap_or(0);
    most as f64 * load.len() as f64 / total.max(1) as f64
}

/// Standard deviation over the mean.
fn deviation(load: &[usize]) -> f64 {
    let mean = load.iter().sum::<usize>() as f64 / load.len().max(1) as f64;
    let square = load.iter().map(|n| (*n as f64 - mean).powi(2)).sum::<f64>();
    (square / load.len().max(1) as f64).sqrt() / mean.max(1e-9)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::tests::{run_with, seeds};
    use super::*;

    #[test]
    fn a_newcomer_takes_its_share_and_modulo_moves_nearly_all() {
        for report in seeds(&LAB, 20) {
            assert!(report.holds, "{}", report.verdict);
            let Cell::Number(modulo, _) = report.rows[0][1] else { panic!() };
            assert!((modulo - 90.9).abs() < 0.5, "{modulo}");
            let Cell::Number(deviation, _) = report.rows[1][4] else { panic!() };
            assert!((6.0..=14.0).contains(&deviation), "{deviation}");
        }
    }

    #[test]
    fn one_point_a_server_spreads_badly() {
        let report = run_with(&LAB, &[("points", "1")], 1);
        let Cell::Number(busiest, _) = report.rows[1][3] else { panic!() };
        assert!(busiest > 1.8, "{busiest}");
    }

    #[test]
    fn what_moves_goes_to_the_newcomer_only() {
        let (small, large) = (Ring::new(10, 100), Ring::new(11, 100));
        for key in 0..10_000 {
            let (before, after) = (small.server(key), large.server(key));
            assert!(before == after || after == 10);
            let (before, after) = (jump(key, 10), jump(key, 11));
            assert!(before == after || after == 10);
        }
    }
}
