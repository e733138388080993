//! Which entry leaves a full cache, and what a crawler does to it.
//!
//! Theory, for LRU: an entry is there if it was asked for within a time T that is the same for all, so long that just
//! as many different entries were asked for in it as there is room (Che, Tung, Wang, IEEE JSAC 20(7), 2002, section
//! III; Fricker, Robert, Roberts, 2012, say why it is so exact). With a chance of p a request, entry i is there with
//! 1 - e^(-p T). A crawler that walks through the cold half in a circle makes an entry of that half present, too, if
//! it passed within T. A cache that is not yet full at time t has T = t. `Che` has it.
//! FIFO: the oldest leaves. S3-FIFO: Yang et al., SOSP 2023, algorithm 1, with one read to pass the trial. W-TinyLFU:
//! Einziger, Friedman, Manes, ACM Trans. Storage 13(4), 2017, here with exact counts and a plain LRU as main part.

use std::collections::VecDeque;

use super::{Answer, Cell, Chart, Dice, Knob, Knobs, Lab, Question, Report, Watch};

pub const LAB: Lab = Lab {
    name: "cache",
    lessons: &["caching", "design-distributed-cache"],
    claim: "Of 100,000 articles wanted by Zipf's law a tenth fits; a crawler's read for every five of the customers \
            takes 4 points off their hits with LRU, and less than half as many with S3-FIFO.",
    question: Question::Number { ask, unit: "points" },
    knobs: &[
        Knob::whole("keys", "articles", "", (100_000, 10_000, 300_000)),
        Knob::real("room", "articles that fit into the cache", "%", (10.0, 0.1, 50.0)),
        Knob::real("zipf", "exponent; less: more alike", "", (1.0, 0.5, 1.5)),
        Knob::whole("crawler", "its reads for 100 of the customers", "", (20, 1, 200)),
        Knob::whole(
            "requests",
            "of customers; the second half counts",
            "",
            (300_000, 20_000, 1_000_000),
        ),
    ],
    run,
    next: "room 1",
    mechanism: mechanism!("cache.rs"),
};

fn ask(knobs: &Knobs) -> String {
    format!(
        "Customers want {} articles by Zipf's law with exponent {}, and {} % of them fit into an LRU cache. Now a \
         crawler reads the cold half in turn, {} reads for 100 of the customers. By how many points does the \
         customers' hit rate fall?",
        knobs.whole("keys"),
        knobs.real("zipf"),
        knobs.real("room"),
        knobs.whole("crawler")
    )
}

// --- the mechanism

/// A cache that is told what is asked for, and says whether it was there. After that it is there, or not.
trait Cache {
    fn ask(&mut self, key: usize) -> bool;
}

/// Out goes what was not used for the longest time.
struct Lru {
    room: usize,
    held: usize,
    /// Whether a hit counts as a use. If not, this is FIFO.
    renews: bool,
    now: u32,
    /// When each key was last used; 0: not here.
    used: Vec<u32>,
    /// Uses in their order. Those that are no longer the last of their key are passed over.
    uses: VecDeque<(usize, u32)>,
}

impl Lru {
    /// The key that goes next.
    fn oldest(&mut self) -> Option<usize> {
        while self.uses.front().is_some_and(|(key, at)| self.used[*key] != *at) {
            self.uses.pop_front();
        }
        self.uses.front().map(|(key, _)| *key)
    }

    fn evict(&mut self) -> Option<usize> {
        let key = self.oldest()?;
        self.used[key] = 0;
        self.held -= 1;
        Some(key)
    }
}

impl Cache for Lru {
    fn ask(&mut self, key: usize) -> bool {
        let hit = self.used[key] > 0;
        if !hit {
            if self.held >= self.room {
                self.evict();
            }
            self.held += 1;
        }
        if !hit || self.renews {
            self.now += 1;
            self.used[key] = self.now;
            self.uses.push_back((key, self.now));
        }
        hit
    }
}

/// Newcomers are on trial in a small queue; who is read again there goes on to the main queue.
struct S3Fifo {
    room: usize,
    small: VecDeque<usize>,
    main: VecDeque<usize>,
    /// Names of those who failed the trial, as many as there is room in the main queue.
    ghost: VecDeque<usize>,
    place: Vec<Place>,
    /// Reads of each key since it came into its queue, at most 3.
    reads: Vec<u8>,
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Out,
    Here,
    Ghost,
}

impl S3Fifo {
    fn evict(&mut self) {
        let trial = self.small.len() * 10 >= self.room || self.main.is_empty();
        let queue = if trial { &mut self.small } else { &mut self.main };
        let Some(key) = queue.pop_front() else { return };
        if self.reads[key] > 0 {
            self.reads[key] = if trial { 0 } else { self.reads[key] - 1 };
            self.main.push_back(key); // to the main queue, or round it once more
        } else if trial {
            self.place[key] = Place::Ghost;
            self.ghost.push_back(key);
            if self.ghost.len() * 10 > self.room * 9 {
                let name = self.ghost.pop_front().filter(|old| self.place[*old] == Place::Ghost);
                if let Some(name) = name {
                    self.place[name] = Place::Out;
                }
            }
        } else {
            self.place[key] = Place::Out;
        }
    }
}

impl Cache for S3Fifo {
    fn ask(&mut self, key: usize) -> bool {
        if self.place[key] == Place::Here {
            self.reads[key] = (self.reads[key] + 1).min(3);
            return true;
        }
        while self.small.len() + self.main.len() >= self.room {
            self.evict();
        }
        let missed_soon = self.place[key] == Place::Ghost;
        (if missed_soon { &mut self.main } else { &mut self.small }).push_back(key);
        (self.place[key], self.reads[key]) = (Place::Here, 0);
        false
    }
}

// --- the lab

/// A newcomer that leaves its window takes the place of the main part's oldest only if it was asked for more often.
struct TinyLfu {
    window: Lru,
    main: Lru,
    /// How often each key was asked for lately: all are halved after ten times the room.
    asked: Vec<u32>,
    since: usize,
}

impl Cache for TinyLfu {
    fn ask(&mut self, key: usize) -> bool {
        self.asked[key] += 1;
        self.since += 1;
        if self.since >= 10 * (self.window.room + self.main.room) {
            self.asked.iter_mut().for_each(|count| *count /= 2);
            self.since = 0;
        }
        if self.main.used[key] > 0 {
            return self.main.ask(key);
        }
        let full = self.window.used[key] == 0 && self.window.held >= self.window.room;
        let leaver = if full { self.window.evict() } else { None };
        if let Some(leaver) = leaver {
            let oldest = self.main.oldest().filter(|_| self.main.held >= self.main.room);
            if oldest.is_none_or(|oldest| self.asked[leaver] > self.asked[oldest]) {
                self.main.ask(leaver);
            }
        }
        self.window.ask(key)
    }
}

impl Lru {
    fn new(keys: usize, room: usize, renews: bool) -> Lru {
        Lru { room, held: 0, renews, now: 0, used: vec![0; keys], uses: VecDeque::new() }
    }
}

const POLICIES: [&str; 4] = ["FIFO", "LRU", "S3-FIFO", "W-TinyLFU"];

/// One of each policy, in the order of `POLICIES`.
fn caches(keys: usize, room: usize) -> [Box<dyn Cache>; 4] {
    let window = (room / 100).max(1); // W-TinyLFU's authors give newcomers 1 %
    [
        Box::new(Lru::new(keys, room, false)),
        Box::new(Lru::new(keys, room, true)),
        Box::new(S3Fifo {
            room,
            small: VecDeque::new(),
            main: VecDeque::new(),
            ghost: VecDeque::new(),
            place: vec![Place::Out; keys],
            reads: vec![0; keys],
        }),
        Box::new(TinyLfu {
            window: Lru::new(keys, window, true),
            main: Lru::new(keys, room.saturating_sub(window).max(1), true),
            asked: vec![0; keys],
            since: 0,
        }),
    ]
}

/// Che's approximation of LRU; times are counted in requests of customers.
struct Che {
    /// Chance of each key to be the next that is asked for.
    wanted: Vec<f64>,
    room: f64,
    /// Reads of the crawler for each request of a customer.
    crawler: f64,
}

impl Che {
    fn new(keys: usize, exponent: f64, room: usize, crawler: f64) -> Che {
        let weight = |rank: usize| (rank as f64).powf(-exponent);
        let total: f64 = (1..=keys).map(weight).sum();
        let wanted = (1..=keys).map(|rank| weight(rank) / total).collect();
        Che { wanted, room: room as f64, crawler }
    }

    /// Chance that a key was asked for within a time.
    fn asked(&self, key: usize, time: f64) -> f64 {
        let cold = self.wanted.len() / 2;
        let circle = (self.wanted.len() - cold) as f64;
        let passed = if key >= cold { (time * self.crawler / circle).min(1.0) } else { 0.0 };
        1.0 - (-self.wanted[key] * time).exp() * (1.0 - passed)
    }

    /// The time within which as many keys are asked for as there is room, or `most` if that is shorter.
    fn time(&self, most: f64) -> f64 {
        let (mut low, mut high) = (0.0, most);
        for _ in 0..24 {
            let time = f64::midpoint(low, high);
            let held: f64 = (0..self.wanted.len()).map(|key| self.asked(key, time)).sum();
            if held < self.room { low = time } else { high = time }
        }
        high
    }

    /// Hits of customers in their requests from `from` to `to`, %.
    fn hits(&self, from: usize, to: usize) -> f64 {
        let time = self.time(to as f64);
        let hits = |at: f64| -> f64 {
            let keys = self.wanted.iter().enumerate();
            keys.map(|(key, wanted)| wanted * self.asked(key, time.min(at))).sum()
        };
        let step = to.saturating_sub(from) as f64 / 8.0; // the hits of a cold cache rise all the time
        (0..8).map(|part| hits(from as f64 + (f64::from(part) + 0.5) * step)).sum::<f64>() / 8.0
            * 100.0
    }
}

/// Hits of one policy on the requests that count.
#[derive(Clone, Copy, Default)]
struct Hits {
    alone: usize,
    with_crawler: usize,
    /// Requests that hit in one of the two and missed in the other.
    differ: usize,
}

fn run(knobs: &Knobs, dice: &mut Dice, watch: &mut Watch) -> Report {
    let (keys, exponent) = (knobs.whole("keys"), knobs.real("zipf"));
    let room = ((keys as f64 * knobs.real("room") / 100.0) as usize).max(1);
    let (crawler, requests) = (knobs.whole("crawler"), knobs.whole("requests"));
    let (mut alone, mut both) = (caches(keys, room), caches(keys, room));
    let mut hits = [Hits::default(); 4];
    let (from, mut done, mut at, mut owed) = (requests / 2, 0, 0, 0);
    while done < requests {
        if done % 2000 == 0 && !watch.going(done as f64 / requests as f64) {
            break;
        }
        let key = dice.zipf(keys, exponent);
        owed += crawler;
        let reads = owed / 100;
        owed %= 100;
        for (policy, hits) in hits.iter_mut().enumerate() {
            let (without, with) = (alone[policy].ask(key), both[policy].ask(key));
            if done >= from {
                hits.alone += usize::from(without);
                hits.with_crawler += usize::from(with);
                hits.differ += usize::from(without != with);
            }
            for read in 0..reads {
                both[policy].ask(keys / 2 + (at + read) % (keys - keys / 2));
            }
        }
        at += reads;
        done += 1;
    }
    let che = [0.0, crawler as f64 / 100.0]
        .map(|crawler| Che::new(keys, exponent, room, crawler).hits(from.min(done), done));
    report(hits, che, done.saturating_sub(from), watch.stopped())
}

fn report(hits: [Hits; 4], che: [f64; 2], counted: usize, partial: bool) -> Report {
    let share = |count: usize| count as f64 * 100.0 / counted.max(1) as f64;
    let rows = hits
        .iter()
        .zip(POLICIES)
        .map(|(hits, name)| (name, [hits.alone, hits.with_crawler].map(share)));
    let rows: Vec<(&str, [f64; 2])> = rows.chain([("LRU by Che", che)]).collect();
    let lost = |(_, [alone, with]): &(&str, [f64; 2])| alone - with;
    let (measured, theory) = (lost(&rows[1]), che[0] - che[1]);
    // Four deviations of a difference of pairs, and half a point that is left for Che's approximation itself.
    let noise = share(hits[1].differ) / 100.0 / counted.max(1) as f64;
    let tolerance = 0.5 + 400.0 * noise.sqrt();
    let table = rows.iter().map(|row| {
        vec![
            Cell::text(row.0),
            Cell::number(row.1[0], 1, "%"),
            Cell::number(row.1[1], 1, "%"),
            Cell::number(lost(row), 1, "points"),
        ]
    });
    let bars = rows.iter().map(|row| (row.0.to_string(), row.1[1], format!("{:.1} %", row.1[1])));
    Report {
        answer: Answer::Number(measured),
        theory: Some(theory),
        measured,
        unit: "points",
        holds: counted == 0 || (measured - theory).abs() <= tolerance,
        verdict: format!(
            "LRU loses {measured:.1} points to the crawler, by Che {theory:.1}, give or take {tolerance:.1}; S3-FIFO \
             loses {:.1}",
            lost(&rows[2])
        ),
        head: vec!["", "customers only", "with the crawler", "lost"],
        rows: table.collect(),
        chart: Some(Chart {
            title: "customers' hits with the crawler".into(),
            bars: bars.collect(),
        }),
        here: false,
        partial,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{number, run_with};
    use super::*;

    #[test]
    fn lru_loses_what_che_says_and_who_asks_twice_loses_less() {
        for seed in 1..=10 {
            let report = run_with(&LAB, &[("keys", "20000"), ("requests", "60000")], seed);
            assert!(report.holds, "{}", report.verdict);
            for column in [1, 2] {
                let (lru, che) = (number(&report.rows[1][column]), number(&report.rows[4][column]));
                assert!((lru - che).abs() < 1.1, "{lru} {che}");
            }
            let lost: Vec<f64> = report.rows.iter().map(|row| number(&row[3])).collect();
            assert!(
                lost[1] > 3.0 && lost[2] < lost[1] / 2.0 && lost[3] < lost[1] / 2.0,
                "{lost:?}"
            );
        }
    }

    #[test]
    fn with_room_for_one_in_a_hundred_it_matters_more_who_stays() {
        let report = run_with(&LAB, &[("room", "1"), ("requests", "100000")], 1);
        assert!(report.holds, "{}", report.verdict);
        let alone: Vec<f64> = report.rows.iter().map(|row| number(&row[1])).collect();
        assert!((alone[1] - 50.6).abs() < 1.0, "LRU {}", alone[1]);
        assert!(alone[0] < alone[1] && alone[2] > alone[1] + 7.0, "{alone:?}");
    }

    #[test]
    fn no_cache_holds_more_than_it_has_room_for_or_forgets_what_was_just_asked() {
        let mut dice = Dice::new(1);
        for room in [1, 2, 10, 100] {
            let mut all = caches(200, room);
            let mut lru = Lru::new(200, room, true);
            for _ in 0..5000 {
                let key = dice.zipf(200, 0.8);
                for cache in &mut all {
                    cache.ask(key);
                    assert!(cache.ask(key), "what was just asked for is there");
                }
                lru.ask(key);
                assert!(
                    lru.held <= room && lru.held == lru.used.iter().filter(|at| **at > 0).count()
                );
            }
        }
    }
}
