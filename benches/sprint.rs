//! The fourteen days of the sprint, played: `cargo bench --bench sprint`. Each day some forty minutes of lessons in the
//! track's order, then all that recall asks, then ten minutes of rehearsal once a design is read. The reader knows a card with
//! the chance that the schedule believes.
#![allow(clippy::print_stdout, clippy::too_many_lines)] // a table is what it is for

use chrono::{DateTime, Duration, FixedOffset};
use sdprep::catalog;
use sdprep::config::Config;
use sdprep::dice::Dice;
use sdprep::journal::{Event, What};
use sdprep::progress::{Progress, Settings, State};
use sdprep::recall::{Deck, SECONDS_AN_ANSWER, Schedule, Why};

/// Minutes of reading a day.
const READING: u32 = 40;

fn main() {
    let course = catalog::embedded();
    let Some(track) = course.track("sprint") else { return };
    let config = Config::default();
    let start: DateTime<FixedOffset> =
        DateTime::parse_from_rfc3339("2026-12-01T19:00:00+01:00").unwrap_or_default();
    for aim in [false, true] {
        println!(
            "\n{}\n",
            if aim { "with the day after the fourteenth as the aim" } else { "without an aim" }
        );
        println!(
            "| day | lessons | reading | new cards | reviews | answers | recall | rehearsal | in all |"
        );
        println!("|--:|---|--:|--:|--:|--:|--:|--:|--:|");
        let mut events: Vec<Event> = Vec::new();
        let mut dice = Dice::new(1);
        let add = |events: &mut Vec<Event>, t: DateTime<FixedOffset>, what: What| {
            let id = format!("x-{}", events.len());
            let o = Some(t.timestamp_millis() * 10 + events.len() as i64);
            events.push(Event { id, t, o, batch: None, what });
        };
        let by = (start + Duration::days(14)).date_naive();
        if aim {
            add(&mut events, start, What::Aim { by: Some(by), minutes: None });
        }
        let fold = |events: &[Event]| {
            Progress::fold(&course, &events.iter().collect::<Vec<_>>(), &Settings::of(&config))
        };
        let mut last = None;
        for day in 0..14 {
            let now = start + Duration::days(day);
            let (mut minutes, mut read) = (0, Vec::new());
            loop {
                let progress = fold(&events);
                let Some(next) = progress.next(&course, Some(track)) else { break };
                let more = u32::from(next.minutes);
                // The day ends nearer to forty minutes without the next one.
                if minutes > 0 && minutes + more > READING + more / 2 {
                    break;
                }
                minutes += more;
                read.push(next.number.to_string());
                add(&mut events, now, What::Mark { lesson: next.slug.to_string(), read: true });
            }
            let progress = fold(&events);
            let schedule = Schedule::new(&progress, &config.recall);
            let today = progress.today(now);
            let deck = Deck::new(&course, &progress, &schedule.model, today);
            let chosen = schedule.ask(&deck);
            let new = chosen.count(Why::New);
            let reviews = chosen.cards.len() - new;
            let mut answers = 0;
            for (at, _) in &chosen.cards {
                let memory = deck.items[*at].memory;
                let known =
                    memory.is_none_or(|memory| dice.chance(schedule.model.recall(&memory, today)));
                let card = deck.cards[*at].key.clone();
                let mut memory = memory;
                if !known {
                    add(
                        &mut events,
                        now,
                        What::Grade { card: card.clone(), grade: 1, interval: 0 },
                    );
                    memory = schedule.model.after(memory, 1, today);
                    answers += 1;
                }
                let interval =
                    schedule.model.intervals(memory.as_ref(), today, schedule.limits.retention)[2];
                add(&mut events, now, What::Grade { card, grade: 3, interval });
                answers += 1;
            }
            let designs = course
                .listed()
                .any(|l| l.rehearsal > 0 && progress.lesson(&l.slug).state == State::Read);
            let (recall, rehearsal) =
                ((answers * SECONDS_AN_ANSWER).div_ceil(60), u32::from(designs) * 10);
            println!(
                "| {} | {} | {minutes} | {new} | {reviews} | {answers} | {recall} | {rehearsal} | {} |",
                day + 1,
                read.join(", "),
                minutes + recall as u32 + rehearsal
            );
            last = Some(now);
        }
        if last.is_some() {
            let progress = fold(&events);
            let schedule = Schedule::new(&progress, &config.recall);
            let deck = Deck::new(&course, &progress, &schedule.model, by);
            let met: Vec<f64> = deck
                .items
                .iter()
                .filter_map(|item| item.memory.map(|memory| schedule.model.recall(&memory, by)))
                .collect();
            let read = course.listed().filter(|l| progress.lesson(&l.slug).state == State::Read);
            let cards: usize = read.map(|lesson| lesson.cards.len()).sum();
            println!(
                "\non the day after: {} of {cards} cards of read lessons met, {:.1} % of these known",
                met.len(),
                met.iter().sum::<f64>() / met.len().max(1) as f64 * 100.0
            );
        }
    }
}
