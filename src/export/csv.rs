//! Cards as CSV by RFC 4180: a header line, CRLF, quotes where they are needed, UTF-8.
//!
//! Texts stand as they are. One that begins with `=`, `+`, `-` or `@` is not changed, since a quote put before it would
//! come back as part of the card: a spreadsheet may take it for a formula.

use super::ExportedCard;

/// The header line.
const COLUMNS: [&str; 12] = [
    "key", "lesson", "number", "title", "heading", "question", "answer", "tags", "due", "interval",
    "reps", "lapses",
];

/// The whole file. Tags are parted by blanks, a date is `2026-12-15`; what there is not is empty.
pub fn csv(cards: &[ExportedCard]) -> String {
    let mut out = String::new();
    record(&mut out, &COLUMNS.map(String::from));
    for card in cards {
        let fields = [
            card.key.clone(),
            card.lesson.clone(),
            card.number.map_or(String::new(), |number| number.to_string()),
            card.title.clone(),
            card.heading.clone(),
            card.question.clone(),
            card.answer.clone(),
            card.tags.join(" "),
            card.due.map_or(String::new(), |due| due.to_string()),
            card.interval.to_string(),
            card.reps.to_string(),
            card.lapses.to_string(),
        ];
        record(&mut out, &fields);
    }
    out
}

fn record(out: &mut String, fields: &[String]) {
    for (count, field) in fields.iter().enumerate() {
        if count > 0 {
            out.push(',');
        }
        if field.contains([',', '"', '\r', '\n']) {
            out.push('"');
            out.push_str(&field.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(field);
        }
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_with_commas_quotes_and_line_ends_are_quoted_and_others_stand_as_they_are() {
        let card = ExportedCard {
            key: "caching#ttl".into(),
            lesson: "caching".into(),
            number: Some(72),
            question: "=1+1, \"or\"\nnot?".into(),
            answer: "-2".into(),
            tags: vec!["advanced".into(), "concept".into()],
            due: chrono::NaiveDate::from_ymd_opt(2026, 12, 15),
            interval: 9,
            reps: 2,
            ..ExportedCard::default()
        };
        assert_eq!(
            csv(&[card]),
            "key,lesson,number,title,heading,question,answer,tags,due,interval,reps,lapses\r\n\
             caching#ttl,caching,72,,,\"=1+1, \"\"or\"\"\nnot?\",-2,advanced concept,2026-12-15,9,2,0\r\n"
        );
    }
}
