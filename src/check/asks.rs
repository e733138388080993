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
    let (count, sentenced) = (words(&question.value), sentences(&question.value));
    if count > 45 {
        wrong(question.line, format!("question has {count} words; at most 45"));
    }
    if sentenced > 3 {
        wrong(question.line, format!("question has {sentenced} sentences; at most 3"));
    }
    let count = words(&answer.value);
    if count > 30 {
        wrong(answer.line, format!("answer has {count} words; at most 30, split the card"));
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

#[cfg(test)]
mod tests {
    use super::super::lesson::{said, said_of};
    use super::check;

    /// Cards, an ask before and two in the interview: nothing to be said.
    const SOUND: &str = "\
Twelve wait.

```ask
Q: Why?
A: One holds it. The others wait.
```
## Rings
Text with 40,001 and three.
```card one
Q: How many wait?
A: 40001, or 3, since twelve is 12.
```
```card two
Q: And then?
A: Nothing.
```
```card three
Q: And then?
A: Nothing.
```
## In the interview
```ask
Q: Why?
A: One holds it. The others wait.
```
```ask
Q: Why?
A: One holds it. The others wait.
```
";

    fn broken(from: &str, to: &str) -> Vec<String> {
        assert!(SOUND.contains(from), "{from}");
        said(&SOUND.replacen(from, to, 1), check)
    }

    #[test]
    fn numbers_of_an_answer_stand_in_the_lesson_or_in_its_question() {
        assert_eq!(broken("", ""), [""; 0]);
        assert_eq!(
            broken("A: 40001", "A: 40002"),
            ["22: \"40002\" is in no line of the lesson; teach it first"]
        );
        assert_eq!(broken("How many wait?\nA: 40001", "Do 40,002 wait?\nA: 40002"), [""; 0]);
        assert_eq!(
            broken("A: Nothing.", "A: 77 nodes."),
            ["26: \"77\" is in no line of the lesson; teach it first"]
        );
    }

    #[test]
    fn questions_and_answers_are_short() {
        let word = "word ".repeat(46);
        assert_eq!(
            broken("Q: And then?", &format!("Q: {word}?")),
            ["25: question has 46 words; at most 45"]
        );
        assert_eq!(
            broken("Q: And then?", "Q: One. Two. Three. Four?"),
            ["25: question has 4 sentences; at most 3"]
        );
        assert_eq!(
            broken("A: Nothing.", &format!("A: {}.", "word ".repeat(41))),
            ["26: answer has 41 words; at most 30, split the card"]
        );
        assert_eq!(
            broken("A: Nothing.", "A: Nothing. Or one."),
            ["26: two sentences; one fact a card"]
        );
        assert_eq!(
            broken("A: One holds it. The others wait.", "A: One. Two. Three. Four. Five."),
            ["16: answer has 5 sentences; two to four"]
        );
    }

    #[test]
    fn a_lesson_has_three_cards_and_a_glossary_20_to_30() {
        assert_eq!(
            broken("```card three\nQ: And then?\nA: Nothing.\n```\n", ""),
            ["1: 2 cards; at least 3"]
        );
        assert_eq!(said_of("reference", SOUND, check), ["1: 3 cards; the glossary has 20 to 30"]);
    }

    #[test]
    fn cards_come_every_two_to_four_minutes() {
        let more = "```card more\nQ: And then?\nA: Nothing.\n```\n";
        let many = more.replace("more", "four") + &more.replace("more", "five");
        let with = SOUND.replacen("## In", &format!("{many}## In"), 1);
        assert_eq!(
            said(&with, check),
            ["warning: 7: 5 cards, one every 1.8 min; one every 2 to 4"]
        );
    }

    #[test]
    fn a_card_stands_at_the_end_of_its_section() {
        assert_eq!(
            broken("## In the", "More text.\n\n## In the"),
            [
                "warning: 20: text goes on at line 32 below card \"one\"; put it at the end of its section",
                "warning: 24: text goes on at line 32 below card \"two\"; put it at the end of its section",
                "warning: 28: text goes on at line 32 below card \"three\"; put it at the end of its section"
            ]
        );
    }

    #[test]
    fn asks_come_before_the_mechanism_and_in_the_interview() {
        assert_eq!(
            broken("## In the interview", "## At last"),
            ["warning: 1: 0 asks in the interview; two or three"]
        );
        let first = "```ask\nQ: Why?\nA: One holds it. The others wait.\n```\n## Rings";
        assert_eq!(
            broken(first, "## Rings"),
            ["warning: 1: no ask before the mechanism is explained; ask before telling"]
        );
    }
}
