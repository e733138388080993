//! Answers about many things from little memory: Bloom filter, `HyperLogLog`, a quantile sketch.
//!
//! Theory. Bloom filter (Bloom, 1970): n items, m bits and k hashes let through (1 - e^(-kn/m))^k of the items that
//! were never put in, least at k = m/n ln 2. `HyperLogLog` (Flajolet, Fusy, Gandouet, Meunier, 2007, theorem 1): m
//! registers count distinct items with a relative standard error of 1.04/sqrt(m), whatever the number; below 2.5 m
//! empty registers are counted instead, with sqrt(m (e^t - t - 1))/n, t = n/m (Whang, Vander-Zanden, Taylor, 1990).
//! `DDSketch` (Masson, Rim, Lee, VLDB 12(12), 2019, section 2): buckets whose borders grow by (1 + a)/(1 - a) give any
//! quantile within a share a of its value, and sketches of many servers merge by adding their buckets. A mean of the
//! servers' p99s is no p99: where one of them is slow, the p99 of all lies where their common tail has 1 %.

use super::{Answer, Cell, Chart, Dice, Knob, Knobs, Lab, Question, Report, Watch};

pub const LAB: Lab = Lab {
    name: "sketch",
    lessons: &["design-ad-click-aggregator", "design-web-crawler", "observability-and-slos"],
    claim: "In 120,000 bytes a Bloom filter of 100,000 items lets 1 % of the others through, in 4,096 HyperLogLog \
            counts them to 1.6 %; and where one of ten servers is five times slower, the mean of their p99s misses \
            the p99 of all by more than 50 %.",
    question: Question::Number { ask, unit: "%" },
    knobs: &[
        Knob::choice("sketch", "which one", SKETCHES),
        Knob::whole("items", "put in", "", (100_000, 10_000, 500_000)),
        Knob::whole("memory", "of the sketch", "bytes", (120_000, 256, 1_000_000)),
        Knob::whole("servers", "quantile: servers, one of them slow", "", (10, 2, 100)),
        Knob::real("slow", "quantile: so many times slower", "", (5.0, 1.0, 20.0)),
    ],
    run,
    next: "sketch quantile",
    mechanism: mechanism!("sketch.rs"),
};

const SKETCHES: &[&str] = &["bloom", "hyperloglog", "quantile"];

fn ask(knobs: &Knobs) -> String {
    let (items, memory) = (knobs.whole("items"), knobs.whole("memory"));
    match knobs.choice("sketch") {
        "bloom" => format!(
            "A Bloom filter of {memory} bytes holds {items} items. What share of items that were never put in does it \
             let through?"
        ),
        "hyperloglog" => format!(
            "HyperLogLog counts {items} distinct items in at most {memory} bytes, one a register. By what share is \
             it off, typically (root of the mean square)?"
        ),
        _ => format!(
            "{items} requests are spread evenly over {} servers, one of which is {} times slower. By what share of \
             the p99 of all requests does the mean of the servers' p99s miss it?",
            knobs.whole("servers"),
            knobs.real("slow")
        ),
    }
}

// --- the mechanism

/// Says of an item "was never put in", or "perhaps".
struct Bloom {
    bits: Vec<u64>,
    hashes: u64,
}

impl Bloom {
    fn new(bytes: usize, items: usize) -> Bloom {
        let words = (bytes / 8).max(1);
        let best = words as f64 * 64.0 / items.max(1) as f64 * 2f64.ln();
        Bloom { bits: vec![0; words], hashes: (best.round() as u64).clamp(1, 30) }
    }

    /// The bits of an item: two hashes make them all (Kirsch, Mitzenmacher, 2006).
    fn places(&self, item: u64) -> impl Iterator<Item = u64> + use<> {
        let (first, step, bits) = (mix(item), mix(!item) | 1, self.bits.len() as u64 * 64);
        (0..self.hashes).map(move |nth| first.wrapping_add(nth.wrapping_mul(step)) % bits)
    }

    fn put(&mut self, item: u64) {
        for place in self.places(item) {
            self.bits[place as usize / 64] |= 1 << (place % 64);
        }
    }

    fn perhaps(&self, item: u64) -> bool {
        self.places(item).all(|place| self.bits[place as usize / 64] & (1 << (place % 64)) != 0)
    }
}

/// Counts distinct items: a hash with r - 1 leading zeros is seen once in 2^r items.
struct HyperLogLog(Vec<u8>);

impl HyperLogLog {
    /// As many registers of a byte as fit, a power of two.
    fn new(bytes: usize) -> HyperLogLog {
        HyperLogLog(vec![0; 1 << bytes.max(16).ilog2().min(16)])
    }

    fn put(&mut self, item: u64) {
        let (hash, bits) = (mix(item), self.0.len().ilog2());
        let register = &mut self.0[(hash >> (64 - bits)) as usize];
        let rank = ((hash << bits) | 1).leading_zeros() as u8 + 1;
        *register = rank.max(*register); // the same item again changes nothing
    }

    fn count(&self) -> f64 {
        let m = self.0.len() as f64;
        let sum: f64 = self.0.iter().map(|rank| 2f64.powi(-i32::from(*rank))).sum();
        let estimate = 0.7213 / (1.0 + 1.079 / m) * m * m / sum;
        let empty = self.0.iter().map(|rank| if *rank == 0 { 1.0 } else { 0.0 }).sum::<f64>();
        if estimate <= 2.5 * m && empty > 0.0 { m * (m / empty).ln() } else { estimate }
    }
}

/// Quantiles of values from 0.001 to 1,000,000, each within a share of its value (`DDSketch`).
#[derive(Clone)]
struct Quantiles {
    /// Each border is so many times the one before.
    growth: f64,
    /// Values in each bucket.
    counts: Vec<u64>,
}

impl Quantiles {
    /// Eight bytes a bucket, spread over nine powers of ten.
    fn new(bytes: usize) -> Quantiles {
        let buckets = (bytes / 8).max(2);
        Quantiles { growth: 1e9f64.powf(1.0 / buckets as f64), counts: vec![0; buckets] }
    }

    fn put(&mut self, value: f64) {
        let bucket = ((value / 0.001).ln() / self.growth.ln()).max(0.0) as usize;
        let last = self.counts.len() - 1;
        self.counts[bucket.min(last)] += 1;
    }

    /// The sketch of two servers' values is the sum of both.
    fn merge(&mut self, other: &Quantiles) {
        self.counts.iter_mut().zip(&other.counts).for_each(|(count, more)| *count += more);
    }

    fn at(&self, share: f64) -> f64 {
        let rank = (share * (self.counts.iter().sum::<u64>().max(1) - 1) as f64) as u64;
        let mut below = 0;
        let bucket = self.counts.iter().position(|count| {
            below += count;
            below > rank
        });
        // In the bucket from b to b·growth this is off by the same share of either border.
        0.001 * self.growth.powi(bucket.unwrap_or(0) as i32) * 2.0 * self.growth
            / (self.growth + 1.0)
    }

    /// The share by which a quantile may be off.
    fn error(&self) -> f64 {
        (self.growth - 1.0) / (self.growth + 1.0)
    }
}

// --- the lab

/// Spreads the bits of a number (the finaliser of `SplitMix64`).
fn mix(n: u64) -> u64 {
    let n = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

/// One line of the table: a sketch of some memory. Errors are shares.
struct Seen {
    name: String,
    bytes: usize,
    error: f64,
    theory: f64,
    /// By how much the two may differ.
    give: f64,
    /// The theory is the most that the error may be.
    bound: bool,
}

impl Seen {
    fn holds(&self) -> bool {
        let over = self.error - self.theory;
        over <= self.give && (self.bound || -over <= self.give)
    }
}

/// The memory that was asked for, and less by fours.
fn sizes(memory: usize) -> impl Iterator<Item = usize> {
    [1, 4, 16, 64].into_iter().map(move |part| memory / part).filter(|bytes| *bytes >= 64)
}

fn run(knobs: &Knobs, dice: &mut Dice, watch: &mut Watch) -> Report {
    let (items, memory) = (knobs.whole("items"), knobs.whole("memory"));
    let (servers, slow) = (knobs.whole("servers"), knobs.real("slow"));
    let what;
    let seen = match knobs.choice("sketch") {
        "bloom" => {
            what = "let through";
            bloom(items, memory, dice, watch)
        }
        "hyperloglog" => {
            what = "off by";
            distinct(items, memory, dice, watch)
        }
        _ => {
            what = "off by";
            quantile(items, memory, (servers, slow), dice, watch)
        }
    };
    report(&seen, what, watch.stopped())
}

fn bloom(items: usize, memory: usize, dice: &mut Dice, watch: &mut Watch) -> Vec<Seen> {
    const ASKED: usize = 100_000;
    let mut seen = Vec::new();
    for (at, bytes) in sizes(memory).enumerate() {
        let mut filter = Bloom::new(bytes, items);
        let (mut put, mut asked, mut through) = (0, 0, 0);
        while put < items
            && (put % 5000 != 0 || watch.going((at as f64 + put as f64 / items as f64) / 8.0))
        {
            filter.put(dice.bits());
            put += 1;
        }
        // An item that is drawn now was put in by a chance of 1 in 10^14.
        while asked < ASKED
            && put > 0
            && (asked % 5000 != 0 || watch.going((4.0 + at as f64) / 8.0))
        {
            through += usize::from(filter.perhaps(dice.bits()));
            asked += 1;
        }
        let (k, bits) = (filter.hashes as f64, filter.bits.len() as f64 * 64.0);
        let theory = (1.0 - (-k * put as f64 / bits).exp()).powf(k);
        seen.push(Seen {
            name: format!("Bloom, {:.2} bits an item", bits / items as f64),
            bytes,
            error: through as f64 / asked.max(1) as f64,
            theory,
            // Four binomial deviations, and what the number of bits that are set deviates by.
            give: 4.0 * (theory * (1.0 - theory) / asked.max(1) as f64).sqrt()
                + theory * 4.0 * k / bits.sqrt(),
            bound: false,
        });
    }
    seen
}

/// Counts that are made at each size.
const COUNTS: usize = 40;

fn distinct(items: usize, memory: usize, dice: &mut Dice, watch: &mut Watch) -> Vec<Seen> {
    let mut seen: Vec<Seen> = Vec::new();
    for (at, bytes) in sizes(memory).enumerate() {
        let (mut square, mut counts, mut registers) = (0.0, 0, HyperLogLog::new(bytes).0.len());
        while counts < COUNTS && watch.going((at as f64 + counts as f64 / COUNTS as f64) / 4.0) {
            let mut sketch = HyperLogLog::new(bytes);
            (0..items).for_each(|_| sketch.put(dice.bits()));
            square += (sketch.count() / items as f64 - 1.0).powi(2);
            counts += 1;
            registers = sketch.0.len();
        }
        let (m, n) = (registers as f64, items as f64);
        let t = n / m;
        let few = t < 2.5; // so that empty registers are counted
        let theory = if few { (m * (t.exp() - t - 1.0)).sqrt() / n } else { 1.04 / m.sqrt() };
        // The root of a mean of squares over c counts deviates by 1/sqrt(2c) of itself. From 2 m to 5 m the estimate
        // is known to lean to one side (Heule, Nunkesser, Hall, 2013, figure 3): there theory is off by up to half.
        let leans = if (2.0..5.0).contains(&t) { 0.5 } else { 0.0 };
        seen.push(Seen {
            name: format!("HyperLogLog, {registers} registers"),
            bytes: registers,
            error: (square / f64::from(counts.max(1) as u32)).sqrt(),
            theory,
            give: theory * (4.0 / (2.0 * f64::from(counts.max(1) as u32)).sqrt() + leans),
            bound: false,
        });
    }
    seen
}

/// Deviation of the logarithm of a server's latencies; their median is 10 ms.
const SIGMA: f64 = 0.5;

fn quantile(
    items: usize,
    memory: usize,
    (servers, slow): (usize, f64),
    dice: &mut Dice,
    watch: &mut Watch,
) -> Vec<Seen> {
    let median = |server: usize| if server == 0 { 10.0 * slow } else { 10.0 };
    let mut values = vec![Vec::new(); servers];
    let mut all = Vec::new();
    while all.len() < items
        && (all.len() % 5000 != 0 || watch.going(all.len() as f64 / items as f64))
    {
        let server = all.len() % servers;
        let value = dice.lognormal(median(server), SIGMA);
        values[server].push(value);
        all.push(value);
    }
    all.sort_unstable_by(f64::total_cmp);
    let exact =
        |share: f64| all.get((share * all.len().saturating_sub(1) as f64) as usize).copied();
    let p99 = exact(0.99).unwrap_or(1.0);
    let mut means = Vec::new();
    let mut seen: Vec<Seen> = Vec::new();
    for bytes in sizes(memory) {
        let mut merged = Quantiles::new(bytes);
        let mut mean = 0.0;
        for values in &values {
            let mut own = Quantiles::new(bytes);
            for value in values {
                own.put(*value);
            }
            mean += own.at(0.99) / servers as f64;
            merged.merge(&own);
        }
        means.push(mean);
        let worst = [0.5, 0.9, 0.99, 0.999]
            .map(|share| exact(share).map_or(0.0, |exact| (merged.at(share) / exact - 1.0).abs()));
        seen.push(Seen {
            name: "merged sketches, worst of four".into(),
            bytes,
            error: worst.into_iter().fold(0.0, f64::max),
            theory: merged.error(),
            give: 1e-9, // it is a bound; sums are rounded
            bound: true,
        });
    }
    let true_mean = (z99() * SIGMA).exp() * 10.0 * (servers as f64 - 1.0 + slow) / servers as f64;
    let true_p99 = mixture_p99(servers, slow);
    // A quantile of n values deviates by sqrt(0.99 · 0.01 / n) over the density there, and its rank is rounded to one
    // of n. Relative, the density is what the tail loses from ln x to ln x + 1: for one server the normal density at
    // z99, 0.0267, over SIGMA.
    let (n, count) = (all.len().max(1) as f64, servers as f64);
    let slope =
        (tail(true_p99 * 0.995, servers, slow) - tail(true_p99 * 1.005, servers, slow)) / 0.01;
    let of_all = (0.0099 / n).sqrt() / slope.max(1e-9);
    let of_one = (0.0099 * count / n).sqrt() * SIGMA / 0.0267;
    let weights = (count - 1.0 + slow * slow).sqrt() / (count - 1.0 + slow); // of the servers in the mean
    let noise = of_all.hypot(of_one * weights);
    let rank = count / n * SIGMA / 0.0267;
    let mean = means.first().copied().unwrap_or(0.0);
    let sketch = seen.first().map_or(0.0, |seen| seen.theory);
    seen.insert(
        0,
        Seen {
            name: "mean of the servers' p99s".into(),
            bytes: memory,
            error: (mean / p99 - 1.0).abs(),
            theory: (true_mean / true_p99 - 1.0).abs(),
            give: (4.0 * noise + rank + sketch) * (true_mean / true_p99).max(1.0),
            bound: false,
        },
    );
    seen
}

/// The normal quantile of 99 %.
fn z99() -> f64 {
    2.326_347_9
}

/// Share of all requests that take longer than `x` ms, where one of the servers is slow.
fn tail(x: f64, servers: usize, slow: f64) -> f64 {
    let of_one = |median: f64| 1.0 - normal((x / median).ln() / SIGMA);
    (of_one(10.0) * (servers as f64 - 1.0) + of_one(10.0 * slow)) / servers as f64
}

/// The p99 of all requests: where their common tail is 1 %, by halving.
fn mixture_p99(servers: usize, slow: f64) -> f64 {
    let (mut low, mut high) = (1.0, 1e5);
    for _ in 0..60 {
        let x = f64::midpoint(low, high);
        if tail(x, servers, slow) > 0.01 { low = x } else { high = x }
    }
    high
}

/// The normal distribution's share below z (Abramowitz, Stegun, 26.2.17; error below 1e-7).
fn normal(z: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * z.abs());
    let sum = [1.330_274_429, -1.821_255_978, 1.781_477_937, -0.356_563_782, 0.319_381_530]
        .into_iter()
        .fold(0.0, |sum, part| (sum + part) * t);
    let tail = (-z * z / 2.0).exp() / std::f64::consts::TAU.sqrt() * sum;
    if z < 0.0 { tail } else { 1.0 - tail }
}

fn report(seen: &[Seen], what: &'static str, partial: bool) -> Report {
    let percent = |share: f64| Cell::number(share * 100.0, 2, "%");
    let rows = seen.iter().map(|seen| {
        let theory = percent(seen.theory);
        vec![
            Cell::text(&seen.name),
            Cell::number(seen.bytes as f64, 0, "B"),
            percent(seen.error),
            if seen.bound { Cell::text(format!("≤ {}", theory.shown())) } else { theory },
        ]
    });
    let bars = seen.iter().map(|seen| {
        let name = format!("{}, {} B", seen.name, seen.bytes);
        (name, seen.error * 100.0, percent(seen.error).shown().to_string())
    });
    let first = seen.first();
    let [measured, theory, give] = first.map_or([0.0; 3], |first| {
        [first.error, first.theory, first.give].map(|share| share * 100.0)
    });
    let wrong = seen.iter().find(|seen| !seen.holds());
    Report {
        answer: Answer::Number(measured),
        theory: Some(theory),
        measured,
        unit: "%",
        holds: wrong.is_none(),
        verdict: match wrong {
            None => format!(
                "{}: {what} {measured:.2} %, theory {theory:.2} %, give or take {give:.2} points; the other rows \
                 agree, too",
                first.map_or("", |first| &first.name)
            ),
            Some(wrong) => format!(
                "{} in {} bytes: {what} {:.2} %, theory {:.2} %, more apart than {:.2} points",
                wrong.name,
                wrong.bytes,
                wrong.error * 100.0,
                wrong.theory * 100.0,
                wrong.give * 100.0
            ),
        },
        head: vec!["", "memory", what, "theory"],
        rows: rows.collect(),
        chart: Some(Chart { title: what.into(), bars: bars.collect() }),
        here: false,
        partial,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::run_with;
    use super::*;

    #[test]
    fn each_sketch_errs_as_its_theory_says() {
        for sketch in SKETCHES {
            for seed in 1..=20 {
                let set = [("sketch", *sketch), ("items", "10000"), ("memory", "12000")];
                let report = run_with(&LAB, &set, seed);
                assert!(report.holds, "{sketch}: {}", report.verdict);
            }
        }
    }

    #[test]
    fn the_figures_of_the_claim_come_out() {
        let bloom = run_with(&LAB, &[], 1);
        assert!((bloom.measured - 1.0).abs() < 0.15, "{}", bloom.verdict);
        let distinct = run_with(&LAB, &[("sketch", "hyperloglog"), ("memory", "4096")], 1);
        assert!(distinct.holds && (1.1..2.1).contains(&distinct.measured), "{}", distinct.verdict);
        let mean = run_with(&LAB, &[("sketch", "quantile")], 1);
        assert!(mean.holds && mean.measured > 50.0, "{}", mean.verdict);
    }

    #[test]
    fn where_all_servers_are_alike_a_mean_of_p99s_does_no_harm() {
        let report = run_with(&LAB, &[("sketch", "quantile"), ("slow", "1")], 1);
        assert!(report.holds && report.measured < 3.0, "{}", report.verdict);
    }

    #[test]
    fn a_bloom_filter_never_denies_what_was_put_in() {
        let (mut filter, mut dice) = (Bloom::new(1000, 1000), Dice::new(1));
        let items: Vec<u64> = (0..1000).map(|_| dice.bits()).collect();
        for item in &items {
            filter.put(*item);
        }
        assert!(items.iter().all(|item| filter.perhaps(*item)));
    }

    #[test]
    fn what_is_counted_twice_counts_once() {
        let (mut once, mut twice) = (HyperLogLog::new(4096), HyperLogLog::new(4096));
        for item in 0..10_000 {
            once.put(item);
            twice.put(item);
            twice.put(item);
        }
        assert_eq!(once.0, twice.0);
    }

    #[test]
    fn the_normal_distribution_is_the_one_of_the_tables() {
        assert!((normal(z99()) - 0.99).abs() < 1e-6 && (normal(-1.0) - 0.158_655).abs() < 1e-5);
    }
}
