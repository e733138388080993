//! Cards and questions in the text.

use std::collections::HashSet;

use super::lesson::Lesson;
use super::prose::{numbers, sentences, spelled, words};
use super::report::Said;
use crate::course::Kind;
use crate::course::blocks::{At, Block, Card};
use crate::estimate::calc;

/// Checks the cards and asks of a lesson.
pub fn check(lesson: &Lesson, said: &mut Said) {
    let cards: Vec<At<&Card>> = lesson
        .blocks(|block| match block {
            Block::Card(card) => Some(card),
            _ => None,
        })
        .collect();
    said.counts.cards += cards.len();
    let taught = Taught::of(lesson);
    for (nth, At { line, value: card }) in cards.iter().enumerate() {
        let twin = cards[..nth].iter().find(|other| other.value.id == card.id);
        if let Some(twin) = twin.filter(|_| !card.id.is_empty()) {
            let lines = format!("({}, {line})", twin.line);
            said.wrong(
                lesson.file(),
                *line,
                format!("two cards \"{}\" {lines}; rename the newer", card.id),
            );
        }
        one(lesson, card, &taught, said);
    }
    count(lesson, cards.len(), said);
    place(lesson, said);
    asks(lesson, said);
}

fn one(lesson: &Lesson, card: &Card, taught: &Taught, said: &mut Said) {
    let (question, answer) = (&card.question, &card.answer);
    let mut wrong = |line: usize, message: String| said.wrong(lesson.file(), line, message);
    match words(&question.value) {
        count if count > 45 => {
            wrong(question.line, format!("question has {count} words; at most 45"))
        }
        _ => {}
    }
    match sentences(&question.value) {
        count if count > 3 => {
            wrong(question.line, format!("question has {count} sentences; at most 3"))
        }
        _ => {}
    }
    match words(&answer.value) {
        count if count > 30 => {
            wrong(answer.line, format!("answer has {count} words; at most 30, split the card"));
        }
        _ => {}
    }
    match sentences(&answer.value) {
        0 | 1 => {}
        2 => wrong(answer.line, "two sentences; one fact a card".to_owned()),
        count => wrong(answer.line, format!("{count} sentences; one fact a card")),
    }
    let mut given = numbers(&question.value, true);
    if let Some(At { line, value: (formula, stated) }) = &card.calc {
        given.extend(numbers(stated, true));
        if let Err(message) = calc(formula, stated) {
            return wrong(*line, message);
        }
    }
    for number in numbers(&answer.value, false) {
        if !given.contains(&number) && !taught.has(&number) {
            wrong(answer.line, format!("\"{number}\" is in no line of the lesson; teach it first"));
        }
    }
}

/// The numbers that stand outside the cards.
struct Taught {
    numbers: HashSet<String>,
    words: HashSet<String>,
}

impl Taught {
    fn of(lesson: &Lesson) -> Taught {
        let mut taught = Taught { numbers: HashSet::new(), words: HashSet::new() };
        let mut in_card = false;
        for (_, text, fenced) in lesson.lines() {
            if text.trim_start().starts_with("```card") {
                in_card = true;
            }
            in_card &= fenced;
            if !in_card {
                taught.numbers.extend(numbers(text, true));
                let words =
                    text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
                taught.words.extend(words.map(str::to_lowercase));
            }
        }
        taught
    }

    fn has(&self, number: &str) -> bool {
        self.numbers.contains(number)
            || spelled(number).is_some_and(|word| self.words.contains(word))
    }
}

fn count(lesson: &Lesson, cards: usize, said: &mut Said) {
    if lesson.entry.kind == Kind::Reference {
        if !(20..=30).contains(&cards) {
            said.wrong(lesson.file(), 1, format!("{cards} cards; the glossary has 20 to 30"));
        }
        return;
    }
    if cards < 3 {
        said.wrong(lesson.file(), 1, format!("{cards} cards; at least 3"));
        return;
    }
    let each = f64::from(lesson.entry.minutes) / cards as f64;
    if !(2.0..=4.0).contains(&each) && cards > 3 {
        let message = format!("{cards} cards, one every {each:.1} min; one every 2 to 4");
        said.warn(lesson.file(), lesson.front_line("minutes"), message);
    }
}

/// A card stands at the end of its section: after it come cards, asks or a heading.
fn place(lesson: &Lesson, said: &mut Said) {
    for fence in &lesson.doc.fences {
        let Block::Card(card) = &fence.block else { continue };
        let section = lesson.doc.section_of(fence.at);
        let mut after =
            lesson.doc.blocks.iter().enumerate().take(lesson.doc.sources).skip(fence.at);
        let text = after.find(|(at, block)| {
            use crate::markdown::document::Kind;
            lesson.doc.section_of(*at) == section
                && matches!(block.kind, Kind::Paragraph | Kind::Table { .. })
                && !lesson.doc.fences.iter().any(|other| other.at == *at)
                && block.lead.iter().all(|lead| {
                    !matches!(lead, crate::markdown::Lead::Answer | crate::markdown::Lead::Question)
                })
        });
        if let Some((_, block)) = text {
            let message = format!("text goes on at line {} below card \"{}\"", block.line, card.id);
            said.warn(
                lesson.file(),
                fence.line,
                format!("{message}; put it at the end of its section"),
            );
        }
    }
}

fn asks(lesson: &Lesson, said: &mut Said) {
    let (mut before, mut interview) = (0, 0);
    for fence in &lesson.doc.fences {
        let Block::Ask(ask) = &fence.block else { continue };
        said.counts.asks += 1;
        let in_interview =
            lesson.sections(fence.at).any(|title| title.to_lowercase().contains("interview"));
        *(if in_interview { &mut interview } else { &mut before }) += 1;
        let count = sentences(&ask.answer.value);
        if count > 4 {
            let message = format!("answer has {count} sentences; two to four");
            said.wrong(lesson.file(), ask.answer.line, message);
        } else if count == 1 {
            said.wrong(lesson.file(), ask.answer.line, "answer has one sentence; two to four");
        }
        if let Some(lab) =
            ask.lab.as_ref().filter(|lab| !lesson.entry.labs.iter().any(|it| it == *lab))
        {
            let message = format!("lab \"{lab}\" is not in the front matter's labs; add it");
            said.wrong(lesson.file(), fence.line, message);
        }
    }
    if lesson.entry.kind == Kind::Reference {
        return;
    }
    if before == 0 {
        said.warn(lesson.file(), 1, "no ask before the mechanism is explained; ask before telling");
    }
    // A design asks in its rehearsal.
    if lesson.entry.kind != Kind::Design && !(2..=3).contains(&interview) {
        said.warn(lesson.file(), 1, format!("{interview} asks in the interview; two or three"));
    }
}
