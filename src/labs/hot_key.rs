//! One key that everybody wants: more shards do not help it, salts do.
//!
//! Theory: a hash puts each key on one of m shards, all alike. The shard that has the most wanted key gets this key's
//! share p and, on average, 1/m of all the rest: p + (1 - p)/m, which no number of shards brings below p. Under Zipf's
//! law with exponent s, p = 1 / (1 + 1/2^s + 1/3^s + ...). With the key written as k keys (a salt of 0 to k - 1 at its
//! end) p becomes p/k. One placement deviates from the mean by sqrt(q (1 - q) · Σw²), q = 1/m, over the shares w of
//! all other keys: the variance of a sum of independent choices.

use super::{Answer, Cell, Chart, Dice, Knob, Knobs, Lab, Question, Report, Watch};

pub const LAB: Lab = Lab {
    name: "hot-key",
    lessons: &[
        "sharding-strategy",
        "cosmosdb-partitions",
        "nosql-partitioning",
        "design-proximity-service",
    ],
    claim: "10,000 keys are wanted by Zipf's law. Of 16 shards the one with the most wanted key gets 16 % of all \
            requests; of 256 shards it still gets more than 10 %.",
    question: Question::Number { ask, unit: "%" },
    knobs: &[
        Knob::whole("shards", "shards", "", (16, 2, 1000)),
        Knob::real("zipf", "exponent: 0 all alike, 1 Zipf's law", "", (1.0, 0.0, 2.0)),
        Knob::whole("keys", "keys", "", (10_000, 100, 100_000)),
        Knob::whole("salts", "keys that a hot key is written as", "", (1, 1, 64)),
        Knob::whole("hot", "how many of the most wanted keys are salted", "", (10, 1, 100)),
    ],
    run,
    next: "salts 8",
    mechanism: mechanism!("hot_key.rs"),
};

fn ask(knobs: &Knobs) -> String {
    let salted = match knobs.whole("salts") {
        1 => String::new(),
        salts => {
            format!(" The {} most wanted are written as {salts} keys each.", knobs.whole("hot"))
        }
    };
    format!(
        "{} keys lie on {} shards by a hash, and are wanted by Zipf's law with exponent {}.{salted} What share of \
         all requests goes to the shard with the most wanted key?",
        knobs.whole("keys"),
        knobs.whole("shards"),
        knobs.real("zipf")
    )
}

// --- the mechanism

/// How keys lie on shards.
#[derive(Clone, Copy)]
struct Placement {
    shards: usize,
    /// A hot key is written as so many keys.
    salts: usize,
    /// So many of the most wanted keys are hot.
    hot: usize,
}

impl Placement {
    fn salts_of(self, key: usize) -> usize {
        if key < self.hot { self.salts } else { 1 }
    }

    /// A key with its salt goes where its hash says.
    fn shard(self, key: usize, salt: usize, hash_seed: u64) -> usize {
        let name = ((key as u64) << 8) | salt as u64;
        (mix(mix(name) ^ hash_seed) % self.shards as u64) as usize
    }

    /// What each shard gets of all requests. A writer draws one of the salts, so that each gets the same part.
    fn load(self, wanted: &[f64], hash_seed: u64) -> Vec<f64> {
        let mut load = vec![0.0; self.shards];
        for (key, share) in wanted.iter().enumerate() {
            let salts = self.salts_of(key);
            for salt in 0..salts {
                load[self.shard(key, salt, hash_seed)] += share / salts as f64;
            }
        }
        load
    }
}

/// Share of the requests for each key, the most wanted first.
fn zipf(keys: usize, exponent: f64) -> Vec<f64> {
    let weight = |rank: usize| (rank as f64).powf(-exponent);
    let total: f64 = (1..=keys).map(weight).sum();
    (1..=keys).map(|rank| weight(rank) / total).collect()
}

/// Spreads the bits of a number (the finaliser of `SplitMix64`).
fn mix(n: u64) -> u64 {
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

// --- the lab

/// Each row is the mean over so many hashes.
const HASHES: usize = 60;

/// Means over the hashes that were tried, as shares.
struct Seen {
    place: Placement,
    hashes: usize,
    /// Of the shard with the most wanted key (of salted ones, its first salt).
    hot_shard: f64,
    busiest: f64,
}

impl Seen {
    /// What the theory says of `hot_shard`, and the standard error of the mean over the hashes.
    fn theory(&self, wanted: &[f64]) -> (f64, f64) {
        let q = 1.0 / self.place.shards as f64;
        let part = |key: usize| wanted[key] / self.place.salts_of(key) as f64;
        let squares: f64 = (0..wanted.len())
            .map(|key| part(key).powi(2) * self.place.salts_of(key) as f64)
            .sum::<f64>()
            - part(0).powi(2);
        let error = (q * (1.0 - q) * squares.max(0.0) / self.hashes.max(1) as f64).sqrt();
        (part(0) + (1.0 - part(0)) * q, error)
    }
}

fn run(knobs: &Knobs, dice: &mut Dice, watch: &mut Watch) -> Report {
    let (shards, salts) = (knobs.whole("shards"), knobs.whole("salts"));
    let hot = knobs.whole("hot");
    let wanted = zipf(knobs.whole("keys"), knobs.real("zipf"));
    let more_shards = [1, 4, 16].map(|times| Placement { shards: shards * times, salts, hot });
    let more_salts = [2, 4, 8].map(|times| Placement { shards, salts: salts * times, hot });
    let places = [more_shards, more_salts].concat();
    let mut seen: Vec<Seen> = Vec::new();
    let steps = places.len() * HASHES;
    'all: for place in places {
        let mut at = Seen { place, hashes: 0, hot_shard: 0.0, busiest: 0.0 };
        let first = seen.len() * HASHES;
        while at.hashes < HASHES {
            if !watch.going((first + at.hashes) as f64 / steps as f64) {
                seen.push(at);
                break 'all;
            }
            let hash_seed = dice.bits();
            let load = place.load(&wanted, hash_seed);
            at.hot_shard += load[place.shard(0, 0, hash_seed)];
            at.busiest += load.iter().copied().fold(0.0, f64::max);
            at.hashes += 1;
        }
        seen.push(at);
    }
    for at in &mut seen {
        at.hot_shard /= at.hashes.max(1) as f64;
        at.busiest /= at.hashes.max(1) as f64;
    }
    report(&seen, &wanted, watch.stopped())
}

fn report(seen: &[Seen], wanted: &[f64], partial: bool) -> Report {
    let rows = seen.iter().map(|at| {
        let Placement { shards, salts, .. } = at.place;
        vec![
            Cell::text(format!(
                "{shards} shards, {salts} salt{}",
                if salts == 1 { "" } else { "s" }
            )),
            Cell::number(100.0 / shards as f64, 2, "%"),
            Cell::number(at.hot_shard * 100.0, 1, "%"),
            Cell::number(at.theory(wanted).0 * 100.0, 1, "%"),
            Cell::number(at.busiest * 100.0, 1, "%"),
            // Where the busiest shard is full, so many times the requests of one shard are served.
            Cell::number(if at.busiest > 0.0 { 1.0 / at.busiest } else { 0.0 }, 1, "shards"),
        ]
    });
    let rows: Vec<_> = rows.collect();
    let names = seen.iter().zip(&rows);
    let bars = names.map(|(at, row)| {
        (row[0].shown().to_string(), at.hot_shard * 100.0, format!("{:.1} %", at.hot_shard * 100.0))
    });
    let measured = seen.first().map_or(0.0, |at| at.hot_shard * 100.0);
    let (theory, error) = seen.first().map_or((0.0, 0.0), |at| at.theory(wanted));
    // Four standard errors: a normal mean is outside once in 16,000 times. The sum is rounded.
    let (theory, tolerance) = (theory * 100.0, error * 400.0 + 1e-9);
    Report {
        answer: Answer::Number(measured),
        theory: Some(theory),
        measured,
        unit: "%",
        holds: (measured - theory).abs() <= tolerance,
        verdict: format!(
            "the shard with the most wanted key gets {measured:.1} % (mean of {} hashes), its share and 1/m of the \
             rest are {theory:.1} %, give or take {tolerance:.1} points",
            seen.first().map_or(0, |at| at.hashes)
        ),
        head: vec!["", "even", "hot shard", "theory", "busiest", "all serve as"],
        chart: Some(Chart {
            title: "requests to the shard with the most wanted key".into(),
            bars: bars.collect(),
        }),
        rows,
        here: false,
        partial,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{number, run_with, seeds};
    use super::*;

    #[test]
    fn the_hot_shard_has_its_key_and_an_even_part_of_the_rest() {
        for seed in 1..=20 {
            let report = run_with(&LAB, &[("keys", "1000")], seed);
            assert!(report.holds, "{}", report.verdict);
        }
        for report in seeds(&LAB, 3) {
            assert!((report.measured - 16.0).abs() < 1.5, "{}", report.verdict);
            let many = number(&report.rows[2][2]);
            assert!((10.0..=11.0).contains(&many), "256 shards leave {many}");
        }
    }

    #[test]
    fn eight_salts_do_what_sixteen_times_the_shards_cannot() {
        let plain = run_with(&LAB, &[], 1);
        let salted = run_with(&LAB, &[("salts", "8")], 1);
        assert!(salted.holds, "{}", salted.verdict);
        assert!(salted.measured < number(&plain.rows[2][2]), "{}", salted.verdict);
        assert!(number(&salted.rows[0][5]) > 1.3 * number(&plain.rows[0][5]));
    }

    #[test]
    fn keys_that_are_all_wanted_alike_are_spread_evenly() {
        let report = run_with(&LAB, &[("zipf", "0")], 1);
        assert!(report.holds && (report.measured - 6.25).abs() < 0.2, "{}", report.verdict);
    }
}
