//! `sdprep review`.

use std::collections::HashMap;

use serde::Serialize;

use super::context::Context;
use super::mark::record;
use super::open::{Begin, full_screen};
use super::output;
use crate::error::{Exit, Failure, Outcome};
use crate::journal::What;
use crate::markdown;
use crate::recall::{self, Deck, Schedule, Why, Words};
use crate::terminal;

/// A card of `review --json`.
#[derive(Serialize)]
struct Due<'a> {
    card: &'a str,
    lesson: Option<&'a str>,
    /// `due`, `new`, `early` or `again`.
    why: &'static str,
    question: String,
    /// Chance that it is known now; null for a new one.
    known: Option<f64>,
}

/// The cards that are due: the review on a terminal, a list in a pipe.
///
/// # Errors
/// The terminal or the output cannot be used.
pub fn run(context: Context, json: bool) -> Outcome {
    if !json && terminal::is_full_screen() {
        return full_screen(context, &Begin::Review);
    }
    let schedule = Schedule::new(&context.progress, &context.config.recall);
    let today = context.progress.today(context.clock.now());
    let deck = Deck::new(&context.course, &context.progress, &schedule.model, today);
    let chosen = schedule.ask(&deck);
    let mut lessons: HashMap<&str, Vec<Words>> = HashMap::new();
    let mut due = Vec::new();
    for (at, why) in &chosen.cards {
        let card = &deck.cards[*at];
        let question = match (card.own, card.lesson) {
            (Some(own), _) => own.question.clone(),
            (None, Some(lesson)) => {
                let words = lessons.entry(&lesson.slug).or_insert_with(|| {
                    let body = context.course.body(lesson).unwrap_or_default();
                    recall::words(&markdown::parse(&body, lesson.body_line as usize))
                });
                let id = card.key.split_once('#').map_or("", |(_, id)| id);
                words.iter().find(|w| w.id == id).map_or(String::new(), |w| w.question.clone())
            }
            (None, None) => String::new(),
        };
        due.push(Due {
            card: &card.key,
            lesson: card.lesson.map(|lesson| &*lesson.slug),
            why: match why {
                Why::Again => "again",
                Why::Due => "due",
                Why::New => "new",
                Why::Early => "early",
            },
            question,
            known: deck.items[*at]
                .memory
                .map(|memory| (schedule.model.recall(&memory, today) * 1000.0).round() / 1000.0),
        });
    }
    if json {
        return output::json(&due);
    }
    context.say_notices();
    if due.is_empty() {
        output::say("nothing is due");
        return Ok(());
    }
    let line = |due: &Due| {
        let text = crate::text::clean(&due.question).into_owned();
        format!("{:<5}  {}\n       {text}\n", due.why, due.card)
    };
    output::print(&due.iter().map(line).collect::<String>())?;
    if chosen.waiting > 0 {
        output::say(&format!("{} more wait for the days after", chosen.waiting));
    }
    Ok(())
}

/// `review --fit`: weights fitted to the reader's own answers.
///
/// # Errors
/// There are too few answers (exit 1), or the choice cannot be saved (exit 3).
pub fn fit(mut context: Context, use_it: bool, reset: bool) -> Outcome {
    let keep = |context: &mut Context, weights: Option<Vec<f32>>, said: &str| {
        record(context, vec![What::Fit { weights }])?;
        output::print(&format!("{said}\n"))
    };
    if reset {
        return keep(&mut context, None, "the default weights are in force; no due date moves");
    }
    let histories = context.progress.cards().map(|(_, history)| history);
    let fitted = recall::fit(histories, context.progress.weights())
        .map_err(|said| Failure::new(Exit::Nothing, said))?;
    let in_force =
        if context.progress.weights().is_some() { "your last fit" } else { "the default" };
    output::print(&format!(
        "fitted to {} answers; tried on the newest {}, which the fit did not see\n\
         error (predicted minus real share known, root mean square):\n  \
         {in_force:<14} {:.1} %\n  this fit       {:.1} %\n",
        fitted.answers,
        fitted.tried,
        fitted.before * 100.0,
        fitted.after * 100.0,
    ))?;
    if use_it {
        let said =
            "in force from the next grade on; no due date moves; `sdprep undo` takes it back";
        return keep(&mut context, Some(fitted.weights), said);
    }
    output::say(if fitted.after < fitted.before {
        "`sdprep review --fit --use` puts it in force; no due date moves"
    } else {
        "it is no better: what is in force stays"
    });
    Ok(())
}
