//! A crawler's frontier: what one talkative host does to all others, by how the addresses are queued.
//!
//! Theory: a fetch takes S and is followed by the host's pause P, a cycle of S + P. With one queue in order, c
//! connections take up the next b addresses of one host, and all but one of them stand still; the first is free for
//! another host after (b - c)(S + P), one more each cycle. Queues by host with a heap of times, as in Mercator (Heydon,
//! Najork, World Wide Web 2, 1999; Manning, Raghavan, Schütze, Introduction to Information Retrieval, section 20.2.3),
//! fetch c/S pages a second or, by Little's law, one a cycle from each of the hosts in use, whichever is less. With one
//! queue and skipping, each fetch looks at the b addresses in front, one at a time: with D for them all, the rate lies
//! between c/(S + cD) and the lesser of 1/D and c/(S + D), the asymptotic bounds of a closed system (Denning, Buzen, ACM
//! Computing Surveys 10(3), 1978).

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use super::{Answer, Cell, Chart, Dice, Knob, Knobs, Lab, Question, Report, Watch};

pub const LAB: Lab = Lab {
    name: "frontier",
    lessons: &["design-web-crawler"],
    claim: "9,000 addresses of one host at the head of one queue, a pause of 5 s: 190 connections have \
            asked each of 2,090 other hosts after 13.5 hours; with a queue for each host after 5 seconds.",
    question: Question::Number { ask, unit: "s" },
    knobs: &[
        Knob::choice("queue", "how addresses are kept", &["one", "skipping", "by-host"]),
        Knob::whole("burst", "addresses of one host in front", "", (9000, 1, 50_000)),
        Knob::whole("hosts", "others", "", (2090, 1, 10_000)),
        Knob::real("pause", "between two requests to a host", "s", (5.0, 1.0, 60.0)),
        Knob::whole("connections", "fetches at a time", "", (190, 1, 1000)),
    ],
    run,
    next: "queue skipping",
    mechanism: mechanism!("frontier.rs"),
};

fn ask(knobs: &Knobs) -> String {
    let queue = match knobs.choice("queue") {
        "one" => {
            "There is one queue in order of discovery, and a connection that must wait for a host waits."
        }
        "skipping" => {
            "There is one queue; a connection looks from its head, 1 µs an address and one connection at a time, for a \
             host that may be asked."
        }
        _ => "Each host has a queue, and a heap knows which host may be asked next.",
    };
    let shown = |name| crate::text::grouped(knobs.real(name), 0);
    format!(
        "{} connections crawl {} hosts. A fetch takes 0.5 s, then its host rests {} s. The next {} addresses are all \
         those of one more host. {queue} After how many seconds has each of the others been asked for a page?",
        shown("connections"),
        shown("hosts"),
        knobs.real("pause"),
        shown("burst")
    )
}

// --- the mechanism

/// Seconds of a fetch, on average.
const FETCH: f64 = 0.5;
/// Seconds to look at one address: whose it is, and whether that host may be asked. Assumed.
const LOOK: f64 = 1e-6;

/// Addresses to fetch; of each only its host counts. Times are in seconds.
enum Frontier {
    /// In order of discovery.
    One(VecDeque<u32>),
    /// In order of discovery; what must wait is put aside, and looked at again before the rest. One looks at a time.
    Skipping { aside: Vec<u32>, rest: VecDeque<u32>, free: f64 },
    /// How many each host has left, and when each host may be asked (in nanoseconds).
    ByHost { left: Vec<usize>, heap: BinaryHeap<Reverse<(u64, u32)>> },
}

impl Frontier {
    /// For a connection that is free at a time: a host, and when to ask it. `ready` says when each host may be asked.
    fn next(&mut self, at: f64, ready: &[f64], looks: &mut usize) -> Option<(u32, f64)> {
        match self {
            Frontier::One(queue) => {
                let host = queue.pop_front()?;
                *looks += 1;
                Some((host, at.max(ready[host as usize]))) // the connection stands still until then
            }
            Frontier::Skipping { aside, rest, free } => {
                let mut now = at.max(*free);
                loop {
                    let mut soonest = f64::INFINITY;
                    for place in 0..aside.len() + rest.len() {
                        if place == aside.len() {
                            aside.extend(rest.pop_front());
                        }
                        now += LOOK;
                        *looks += 1;
                        let may = ready[aside[place] as usize];
                        if may <= now {
                            *free = now;
                            return Some((aside.remove(place), now));
                        }
                        soonest = soonest.min(may);
                    }
                    if aside.is_empty() {
                        return None;
                    }
                    now = now.max(soonest);
                }
            }
            Frontier::ByHost { left, heap } => {
                let Reverse((_, host)) = heap.pop()?;
                *looks += 1;
                left[host as usize] -= 1;
                Some((host, at.max(ready[host as usize])))
            }
        }
    }

    /// A host was asked and may be asked again from a time on.
    fn back(&mut self, host: u32, ready: f64) {
        if let Frontier::ByHost { left, heap } = self
            && left[host as usize] > 0
        {
            heap.push(Reverse(((ready * 1e9) as u64, host)));
        }
    }
}

// --- the lab

/// For how many seconds pages are counted.
const MINUTE: f64 = 60.0;

/// The host whose addresses stand in front; the others are 1 to `hosts`.
const LOUD: u32 = 0;

struct Crawl {
    burst: usize,
    hosts: usize,
    pause: f64,
    connections: usize,
}

impl Crawl {
    fn new(knobs: &Knobs) -> Crawl {
        Crawl {
            burst: knobs.whole("burst"),
            hosts: knobs.whole("hosts"),
            pause: knobs.real("pause"),
            connections: knobs.whole("connections"),
        }
    }

    /// How many addresses each of the others has: more than can be fetched in the minute.
    fn each(&self) -> usize {
        (MINUTE / self.pause) as usize + 2
    }

    /// The burst, then the others in rounds, each round in an order of its own.
    fn discovered(&self, dice: &mut Dice) -> VecDeque<u32> {
        let mut addresses = vec![LOUD; self.burst];
        let mut round: Vec<u32> = (1..=self.hosts as u32).collect();
        for _ in 0..self.each() {
            dice.shuffle(&mut round);
            addresses.extend(&round);
        }
        addresses.into()
    }

    fn frontier(&self, queue: &str, dice: &mut Dice) -> Frontier {
        match queue {
            "one" => Frontier::One(self.discovered(dice)),
            "skipping" => {
                Frontier::Skipping { aside: Vec::new(), rest: self.discovered(dice), free: 0.0 }
            }
            _ => {
                let mut left = vec![self.each(); self.hosts + 1];
                left[LOUD as usize] = self.burst;
                let heap = (0..=self.hosts as u32).map(|host| Reverse((0, host))).collect();
                Frontier::ByHost { left, heap }
            }
        }
    }

    /// Least and most seconds until each of the others has been asked once, without the chance of the fetches.
    fn theory(&self, queue: &str) -> (f64, f64) {
        let (b, c, n) = (self.burst as f64, self.connections as f64, self.hosts as f64);
        let cycle = FETCH + self.pause;
        let by_host = (n + 1.0 - c).max(0.0) * FETCH / c;
        match queue {
            "one" => {
                // So many are free when the first is, and one more after each cycle, until all are.
                let first = if b < c { 0.0 } else { (b - c) * cycle + FETCH };
                let free = (c - b).max(0.0) + 0.5;
                let work = (n - free).max(0.0) * FETCH;
                let full = (c - free).max(0.0) * cycle;
                let done = free * full + full * full / (2.0 * cycle);
                let rest = if work < done {
                    cycle * ((free * free + 2.0 * work / cycle).sqrt() - free)
                } else {
                    full + (work - done) / c
                };
                (first + (rest - cycle).max(0.0), first + rest + cycle)
            }
            "skipping" => {
                let scan = b * LOOK; // the burst shrinks by one a cycle only
                let shrunk = (b - n * scan / cycle - 1.0).max(0.0) * LOOK;
                let each = scan + LOOK + FETCH / c; // always less than a cycle
                // Of a pick each, and the loud host takes one more each cycle.
                ((n * shrunk).max(by_host), (n + 1.0) * each / (1.0 - each / cycle))
            }
            _ => (by_host, by_host),
        }
    }

    /// Five deviations of what chance adds: the fetches of the burst one after the other, those of the others side by
    /// side. (The fetches are exponentially distributed, so that each deviates by its mean.)
    fn chance(&self, queue: &str) -> f64 {
        let one_by_one = if queue == "one" { (self.burst as f64).sqrt() } else { 0.0 };
        // Where few are free, few fetch side by side.
        let few = if queue == "one" { 1.0 } else { self.connections as f64 };
        5.0 * FETCH * (one_by_one + (self.hosts as f64).sqrt() / few)
    }

    /// Whether theory and chance allow this.
    fn allows(&self, queue: &str, measured: f64) -> bool {
        let ((least, most), chance) = (self.theory(queue), self.chance(queue));
        (least - chance..=most + chance).contains(&measured)
    }
}

/// What a crawl came to.
#[derive(Default)]
struct Seen {
    /// Others that were asked, and when the last of them was, in seconds.
    reached: usize,
    all: f64,
    pages: usize,
    /// Of these in the first minute.
    minute: usize,
    looks: usize,
}

fn crawl(crawl: &Crawl, queue: &str, dice: &mut Dice, mut going: impl FnMut(f64) -> bool) -> Seen {
    let mut frontier = crawl.frontier(queue, dice);
    let mut ready = vec![0.0; crawl.hosts + 1];
    let mut asked = vec![false; crawl.hosts + 1];
    let mut free: BinaryHeap<Reverse<u64>> = (0..crawl.connections).map(|_| Reverse(0)).collect();
    let mut seen = Seen::default();
    let mut told = 0;
    while let Some(Reverse(at)) = free.pop() {
        let at = at as f64 / 1e9;
        if at > MINUTE && seen.reached == crawl.hosts {
            break;
        }
        let next = frontier.next(at, &ready, &mut seen.looks);
        // A scan is long, a page may be short: both count, so that each kind of queue can be stopped.
        let work = seen.looks / 100_000 + seen.pages / 500;
        if work >= told {
            told = work + 1;
            if !going(seen.reached as f64 / crawl.hosts as f64) {
                break;
            }
        }
        let Some((host, start)) = next else { continue };
        let end = start + dice.exponential(FETCH);
        ready[host as usize] = end + crawl.pause;
        frontier.back(host, end + crawl.pause);
        seen.pages += 1;
        seen.minute += usize::from(start < MINUTE);
        if host != LOUD && !std::mem::replace(&mut asked[host as usize], true) {
            seen.reached += 1;
            seen.all = seen.all.max(start);
        }
        free.push(Reverse((end * 1e9) as u64));
    }
    seen
}

const QUEUES: [(&str, &str); 3] =
    [("one", "one queue"), ("skipping", "one, skipping"), ("by-host", "a queue a host")];

fn run(knobs: &Knobs, dice: &mut Dice, watch: &mut Watch) -> Report {
    let setup = Crawl::new(knobs);
    let queue = knobs.choice("queue");
    let mut rows = Vec::new();
    let mut bars = Vec::new();
    let mut measured = 0.0;
    for (at, (kind, name)) in QUEUES.into_iter().enumerate() {
        let seen = crawl(&setup, kind, dice, |part| watch.going((at as f64 + part) / 3.0));
        if kind == queue {
            measured = seen.all;
        }
        let rate = seen.minute as f64 / MINUTE;
        bars.push((name.to_string(), rate, format!("{rate:.1}")));
        rows.push(vec![
            Cell::text(name),
            Cell::number(seen.all, 1, "s"),
            Cell::number(setup.theory(kind).0, 1, "s"),
            Cell::number(rate, 1, "/s"),
            Cell::number(seen.looks as f64 / seen.pages.max(1) as f64, 0, ""),
        ]);
    }
    report(&setup, queue, measured, rows, bars, watch.stopped())
}

fn report(
    setup: &Crawl,
    queue: &str,
    measured: f64,
    rows: Vec<Vec<Cell>>,
    bars: Vec<(String, f64, String)>,
    partial: bool,
) -> Report {
    let (least, most) = setup.theory(queue);
    let chance = setup.chance(queue);
    let shown = |value: f64| crate::text::grouped(value, 1);
    Report {
        answer: Answer::Number(measured),
        theory: Some(least),
        measured,
        unit: "s",
        holds: setup.allows(queue, measured),
        verdict: format!(
            "each of the others was asked after {} s; the theory has {} to {}, and chance adds {} either way",
            shown(measured),
            shown(least),
            shown(most),
            shown(chance)
        ),
        head: vec!["frontier", "all asked", "at least", "pages, 1st minute", "looks a page"],
        rows,
        chart: Some(Chart { title: "pages a second in the first minute".into(), bars }),
        here: false,
        partial,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::tests::{number, run_with, seeds};
    use super::*;

    /// A crawl alone, and whether it agrees with the theory.
    fn alone(setup: &Crawl, queue: &str, seed: u64) -> (Seen, bool) {
        let came = crawl(setup, queue, &mut Dice::new(seed), |_| true);
        let holds = setup.allows(queue, came.all);
        (came, holds)
    }

    #[test]
    fn one_host_in_front_holds_all_others_for_half_a_day() {
        let setup = Crawl::new(&Knobs::new(LAB.knobs));
        for seed in 1..=40 {
            let (one, holds) = alone(&setup, "one", seed);
            assert!(holds && (one.all / 3600.0 - 13.5).abs() < 0.1, "{}", one.all);
            assert!(one.minute < 20, "{}", one.minute);
            let (by_host, holds) = alone(&setup, "by-host", seed);
            assert!(holds && (by_host.all - 5.0).abs() < 0.7, "{}", by_host.all);
        }
        for report in seeds(&LAB, 2) {
            assert!(report.holds, "{}", report.verdict);
        }
    }

    #[test]
    fn each_queue_holds_for_many_settings() {
        for queue in ["one", "skipping", "by-host"] {
            for (knob, values) in [
                ("burst", ["1", "100", "20000"]),
                ("hosts", ["1", "150", "6000"]),
                ("pause", ["1", "20", "60"]),
                ("connections", ["1", "40", "1000"]),
            ] {
                for value in values {
                    let mut knobs = Knobs::new(LAB.knobs);
                    knobs.set("burst", "2000").unwrap();
                    knobs.set(knob, value).unwrap();
                    for seed in 1..=2 {
                        let (seen, holds) = alone(&Crawl::new(&knobs), queue, seed);
                        assert!(holds, "{queue}, {knob} {value}: {}", seen.all);
                    }
                }
            }
        }
    }

    #[test]
    fn skipping_looks_at_the_burst_for_each_page_and_is_bound_by_that() {
        let report = run_with(&LAB, &[("queue", "skipping")], 1);
        assert!(report.holds, "{}", report.verdict);
        assert!(
            number(&report.rows[1][4]) > 8000.0 && number(&report.rows[2][4]) < 1.1,
            "{:?}",
            report.rows
        );
        // 9,000 looks are 9 ms.
        assert!((number(&report.rows[1][3]) - 111.0).abs() < 5.0, "{:?}", report.rows[1]);
    }

    #[test]
    fn hosts_in_use_and_not_connections_bound_the_pages() {
        // Three hosts a connection, and a cycle of 5.5 s: 104 pages a second, not 380.
        let few = run_with(&LAB, &[("hosts", "570")], 1);
        assert!((number(&few.rows[2][3]) - 104.0).abs() < 8.0, "{:?}", few.rows[2]);
        let enough = run_with(&LAB, &[("hosts", "4000")], 1);
        assert!((number(&enough.rows[2][3]) - 380.0).abs() < 10.0, "{:?}", enough.rows[2]);
    }

    #[test]
    fn no_host_is_asked_before_its_pause_is_over() {
        let setup = Crawl { burst: 50, hosts: 20, pause: 3.0, connections: 9 };
        for (queue, _) in QUEUES {
            let mut dice = Dice::new(5);
            let mut frontier = setup.frontier(queue, &mut dice);
            let mut ready = vec![0.0; 21];
            let mut at = 0.0;
            let mut fetched = 0;
            while let Some((host, start)) = frontier.next(at, &ready, &mut 0) {
                assert!(start >= ready[host as usize], "{queue}");
                ready[host as usize] = start + 3.5;
                frontier.back(host, start + 3.5);
                at += dice.unit() * 0.1;
                fetched += 1;
            }
            assert_eq!(fetched, 50 + 20 * setup.each(), "{queue}");
        }
    }
}
