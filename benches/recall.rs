//! Recall played with simulated readers: `cargo bench --bench recall`. Prints the tables of `benches/recall.md`.
//!
//! A reader's true memory follows FSRS-6 too, but each card of theirs lasts longer or shorter than the schedule believes (a
//! log-normal factor on the time that passes, median `pace`), so that the schedule is never exactly right. They answer all
//! that a day asks: a card that is missed is graded 1 and then, again that day, 3.

#![allow(clippy::print_stdout, clippy::too_many_lines)] // tables are what it is for

use chrono::{NaiveDate, TimeDelta};
use sdprep::dice::Dice;
use sdprep::progress::{Answered, CardHistory};
use sdprep::recall::{Done, Item, Limits, Memory, Model, Why, choose, fit};

/// One card of a reader.
struct Card {
    /// Day from which it may be met.
    from: i64,
    /// Days that pass for its true memory in one day.
    pace: f64,
    item: Item,
    history: CardHistory,
}

struct Reader {
    cards: Vec<Card>,
    /// Of the schedule: what it believes.
    model: Model,
    /// Of the true memory.
    truth: Model,
    dice: Dice,
}

/// What a day was like.
#[derive(Default, Clone, Copy)]
struct Day {
    reviews: usize,
    known: usize,
    new: usize,
    waiting: usize,
}

fn date(day: i64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 1).unwrap_or_default() + TimeDelta::days(day)
}

impl Reader {
    /// `cards` cards, `a_day` of them on each day; the true memory fades `pace` times as fast as the schedule believes.
    fn new(cards: usize, a_day: usize, pace: f64, seed: u64) -> Reader {
        let mut dice = Dice::new(seed);
        let card = |at: usize| Card {
            from: (at / a_day) as i64,
            pace: dice.lognormal(pace, 0.5),
            item: Item { memory: None, due: None, from: None },
            history: CardHistory::default(),
        };
        let cards = (0..cards).map(card).collect();
        Reader { cards, model: Model::default(), truth: Model::default(), dice }
    }

    /// The chance that a card is truly known on a day.
    fn knows(&self, card: &Card, memory: &Memory, day: i64) -> f64 {
        let elapsed = (date(day) - memory.last).num_days() as f64 * card.pace;
        self.truth.recall(memory, memory.last + TimeDelta::days(elapsed.round() as i64))
    }

    /// Does what a day asks.
    fn day(&mut self, day: i64, limits: &Limits, aim: Option<i64>) -> Day {
        for card in &mut self.cards {
            card.item.from = (card.from <= day).then_some(NaiveDate::MIN);
        }
        let items: Vec<Item> = self.cards.iter().map(|card| card.item).collect();
        let chosen = choose(&items, Done::default(), limits, aim.map(date), &self.model, date(day));
        let mut did = Day { waiting: chosen.waiting, ..Day::default() };
        for (at, why) in chosen.cards {
            let known = match self.cards[at].item.memory {
                None => true,
                Some(memory) => {
                    let chance = self.knows(&self.cards[at], &memory, day);
                    self.dice.chance(chance)
                }
            };
            did.new += usize::from(why == Why::New);
            did.reviews += usize::from(why != Why::New);
            did.known += usize::from(why != Why::New && known);
            let card = &mut self.cards[at];
            let mut grade = |grade: u8, interval: u32| {
                card.item.memory = self.model.after(card.item.memory, grade, date(day));
                card.history.answers.push(Answered { date: date(day), grade, interval });
            };
            if !known {
                grade(1, 0);
            }
            let memory = self.cards[at].item.memory;
            let interval = self.model.intervals(memory.as_ref(), date(day), limits.retention)[2];
            let card = &mut self.cards[at];
            card.item.memory = self.model.after(memory, 3, date(day));
            card.history.answers.push(Answered { date: date(day), grade: 3, interval });
            card.item.due = Some(date(day + i64::from(interval)));
        }
        did
    }

    /// Share of all cards met that are truly known on a day.
    fn known(&self, day: i64) -> f64 {
        let met: Vec<f64> = self
            .cards
            .iter()
            .filter_map(|card| card.item.memory.map(|memory| self.knows(card, &memory, day)))
            .collect();
        met.iter().sum::<f64>() / met.len().max(1) as f64
    }
}

fn share(days: &[Day]) -> f64 {
    let reviews: usize = days.iter().map(|day| day.reviews).sum();
    days.iter().map(|day| day.known).sum::<usize>() as f64 / reviews.max(1) as f64 * 100.0
}

/// Mean, and the load that nine of ten days do not pass, and the most.
fn load(days: &[Day]) -> (f64, usize, usize) {
    let mut loads: Vec<usize> = days.iter().map(|day| day.reviews + day.new).collect();
    loads.sort_unstable();
    let mean = loads.iter().sum::<usize>() as f64 / loads.len() as f64;
    (mean, loads[loads.len() * 9 / 10], *loads.last().unwrap_or(&0))
}

const LIMITS: Limits = Limits { retention: 0.9, new_per_day: 10, due_per_day: 60 };

fn main() {
    let seeds = 1..=20u64;
    println!("180 cards, 12 from each day's lessons on, 90 days, 20 readers a row\n");
    println!(
        "| memory fades | wanted | known when asked | answers a day: mean | 9 of 10 days | most | first 14 days |"
    );
    println!("|---|--:|--:|--:|--:|--:|--:|");
    for (name, pace) in [("as believed", 1.0), ("twice as fast", 2.0), ("half as fast", 0.5)] {
        for retention in [0.8, 0.9, 0.95] {
            let limits = Limits { retention, ..LIMITS };
            let mut all = Vec::new();
            let mut first = Vec::new();
            for seed in seeds.clone() {
                let mut reader = Reader::new(180, 12, pace, seed);
                let days: Vec<Day> = (0..90).map(|day| reader.day(day, &limits, None)).collect();
                first.extend_from_slice(&days[..14]);
                all.extend(days);
            }
            let (mean, nine, most) = load(&all);
            println!(
                "| {name} | {:.0} % | {:.1} % | {mean:.1} | {nine} | {most} | {:.1} |",
                retention * 100.0,
                share(&all),
                load(&first).0
            );
        }
    }

    println!("\nA break of 30 days after day 30 (limit 60 a day; 180 cards)\n");
    println!(
        "| | due on return | asked that day | days until nothing waits | known on return | known 30 days later |"
    );
    println!("|---|--:|--:|--:|--:|--:|");
    for limit in [20, 60] {
        let limits = Limits { due_per_day: limit, ..LIMITS };
        let (mut due, mut asked, mut days, mut known, mut after) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for seed in seeds.clone() {
            let mut reader = Reader::new(180, 12, 1.0, seed);
            for day in 0..30 {
                reader.day(day, &limits, None);
            }
            known += reader.known(60);
            let back: Vec<Day> = (60..90).map(|day| reader.day(day, &limits, None)).collect();
            due += (back[0].reviews + back[0].waiting) as f64;
            asked += back[0].reviews as f64;
            days += back.iter().take_while(|day| day.waiting > 0).count() as f64;
            after += reader.known(90);
        }
        let n = 20.0;
        println!(
            "| limit {limit} | {:.0} | {:.0} | {:.1} | {:.1} % | {:.1} % |",
            due / n,
            asked / n,
            days / n,
            known / n * 100.0,
            after / n * 100.0
        );
    }

    println!(
        "\nA day to aim at (180 cards read in 15 days, 10 new a day unless the aim asks for more)\n"
    );
    println!(
        "| aim in | | cards met by then | truly known of all 180 | answers until then | most a day |"
    );
    println!("|--:|---|--:|--:|--:|--:|");
    for end in [16, 21, 30] {
        for (name, aim) in [("no aim", None), ("aim", Some(end))] {
            let (mut met, mut known, mut answers, mut most) = (0.0, 0.0, 0.0, 0usize);
            for seed in seeds.clone() {
                let mut reader = Reader::new(180, 12, 1.0, seed);
                let days: Vec<Day> = (0..end).map(|day| reader.day(day, &LIMITS, aim)).collect();
                let cards = reader.cards.iter().filter(|card| card.item.memory.is_some()).count();
                met += cards as f64;
                known += reader.known(end) * cards as f64 / 180.0;
                answers += days.iter().map(|day| day.reviews + day.new).sum::<usize>() as f64;
                most = most.max(load(&days).2);
            }
            let n = 20.0;
            println!(
                "| {end} days | {name} | {:.0} | {:.1} % | {:.0} | {most} |",
                met / n,
                known / n * 100.0,
                answers / n
            );
        }
    }

    println!("\nFit to a reader's own answers (120 days, 400 cards; error on the newest fifth)\n");
    println!("| memory fades | answers | error before | after |");
    println!("|---|--:|--:|--:|");
    for (name, pace) in [("as believed", 1.0), ("twice as fast", 2.0), ("half as fast", 0.5)] {
        let mut reader = Reader::new(400, 12, pace, 1);
        for day in 0..120 {
            reader.day(day, &LIMITS, None);
        }
        match fit(reader.cards.iter().map(|card| &card.history), None) {
            Ok(fitted) => println!(
                "| {name} | {} | {:.1} % | {:.1} % |",
                fitted.answers,
                fitted.before * 100.0,
                fitted.after * 100.0
            ),
            Err(said) => println!("| {name} | {said} | | |"),
        }
    }
}
