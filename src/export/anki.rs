//! A package for Anki (`.apkg`): a collection of schema 11, which every version since 2.0 reads, in a zip archive.
//!
//! A deck a lesson below the course's; one kind of note. A note is known by the key of its card, so that a second
//! import changes what was changed here and doubles nothing. The schedule goes along, for readers who ask Anki to
//! import it; what Anki can work out from the fields (checksums, what to sort by) it works out itself.

use chrono::{DateTime, Days, FixedOffset, NaiveDate};
use serde_json::{Map, Value as Json, json};

use super::ExportedCard;
use super::html::{escape, html};
use super::sqlite::{Table, Value, database};
use super::zip::zip;

/// The id of the note type. Another one would double every card that was imported before.
const NOTE_TYPE: i64 = 1_795_550_400_000;
/// Seconds since the epoch of its last change; a newer one than the reader's is taken over.
const NOTE_TYPE_CHANGED: i64 = 1_795_550_400;

/// Days of the longest interval that Anki has by default.
const LONGEST: u32 = 36_500;

const COL: &str = "CREATE TABLE col (id integer primary key, crt integer not null, mod integer not null, \
    scm integer not null, ver integer not null, dty integer not null, usn integer not null, ls integer not null, \
    conf text not null, models text not null, decks text not null, dconf text not null, tags text not null)";
// Anki has `sfld integer`, which makes a number of a question "42"; it is a text here, and Anki fills its own anew.
const NOTES: &str = "CREATE TABLE notes (id integer primary key, guid text not null, mid integer not null, \
    mod integer not null, usn integer not null, tags text not null, flds text not null, sfld text not null, \
    csum integer not null, flags integer not null, data text not null)";
const CARDS: &str = "CREATE TABLE cards (id integer primary key, nid integer not null, did integer not null, \
    ord integer not null, mod integer not null, usn integer not null, type integer not null, \
    queue integer not null, due integer not null, ivl integer not null, factor integer not null, \
    reps integer not null, lapses integer not null, left integer not null, odue integer not null, \
    odid integer not null, flags integer not null, data text not null)";
const REVLOG: &str = "CREATE TABLE revlog (id integer primary key, cid integer not null, usn integer not null, \
    ease integer not null, ivl integer not null, lastIvl integer not null, factor integer not null, \
    time integer not null, type integer not null)";
const GRAVES: &str =
    "CREATE TABLE graves (usn integer not null, oid integer not null, type integer not null)";

/// The package. `course` is the course's id, `title` names the deck above all.
pub fn apkg(
    cards: &[ExportedCard],
    course: &str,
    title: &str,
    now: DateTime<FixedOffset>,
) -> Vec<u8> {
    let ms = now.timestamp_millis();
    let begin = begin(cards, now);
    let mut decks = Decks::new(title, now);
    let (mut notes, mut rows) = (Vec::new(), Vec::new());
    for (place, card) in (1..).zip(cards) {
        let id = ms + place;
        let deck = decks.of(card);
        notes.push((id, note(card, course, now)));
        rows.push((id, row(card, (id, deck, place), begin, now)));
    }
    let crt = begin.and_hms_opt(4, 0, 0).unwrap_or_default().and_utc().timestamp()
        - i64::from(now.offset().local_minus_utc());
    let col = [crt, ms, ms, 11, 0, 0, 0].map(Value::Int);
    let texts = [conf(), models(), Json::Object(decks.made), deck_options(), json!({})];
    let texts = texts.map(|value| Value::Text(value.to_string()));
    let col = std::iter::once(Value::Null).chain(col).chain(texts).collect();
    let collection = database(&[
        Table { name: "col", sql: COL, rows: vec![(1, col)] },
        Table { name: "notes", sql: NOTES, rows: notes },
        Table { name: "cards", sql: CARDS, rows },
        Table { name: "revlog", sql: REVLOG, rows: Vec::new() },
        Table { name: "graves", sql: GRAVES, rows: Vec::new() },
    ]);
    zip(&[("collection.anki2", collection.as_slice()), ("media", b"{}".as_slice())])
}

/// The day that Anki counts from: before now and before every due date.
fn begin(cards: &[ExportedCard], now: DateTime<FixedOffset>) -> NaiveDate {
    let today = now.date_naive();
    let first = cards.iter().filter_map(|card| card.due).min().map_or(today, |due| due.min(today));
    first.checked_sub_days(Days::new(1)).unwrap_or(first)
}

/// The fields of a card's note: question, answer, lesson, key.
pub fn fields(card: &ExportedCard) -> [String; 4] {
    let number = card.number.map_or(String::new(), |number| format!("{number} "));
    let heading = if card.heading.is_empty() { "" } else { " · " };
    let lesson = escape(&format!("{number}{}{heading}{}", card.title, card.heading));
    [html(&card.question), html(&card.answer), lesson, escape(&card.key)]
}

fn note(card: &ExportedCard, course: &str, now: DateTime<FixedOffset>) -> Vec<Value> {
    let fields = fields(card);
    vec![
        Value::Null,
        Value::Text(format!("{course}/{}", card.key)),
        Value::Int(NOTE_TYPE),
        Value::Int(now.timestamp()),
        Value::Int(-1),
        Value::Text(format!(" {} ", card.tags.join(" "))),
        Value::Text(fields.join("\u{1f}")),
        Value::Text(fields[0].clone()),
        Value::Int(0),
        Value::Int(0),
        "".into(),
    ]
}

/// A card: a review with its day and interval, or a new one at its place.
fn row(
    card: &ExportedCard,
    (note, deck, place): (i64, i64, i64),
    begin: NaiveDate,
    now: DateTime<FixedOffset>,
) -> Vec<Value> {
    let (kind, due, interval, factor) = match card.due {
        Some(due) => {
            (2, (due - begin).num_days(), i64::from(card.interval.clamp(1, LONGEST)), 2500)
        }
        None => (0, place, 0, 0),
    };
    let queue = if card.suspended { -1 } else { kind };
    let (reps, lapses) = (card.reps as i64, card.lapses as i64);
    let changed = now.timestamp();
    let numbers =
        [note, deck, 0, changed, -1, kind, queue, due, interval, factor, reps, lapses, 0, 0, 0, 0];
    let numbers = numbers.into_iter().map(Value::Int);
    std::iter::once(Value::Null).chain(numbers).chain(["".into()]).collect()
}

/// The decks, by id and by name.
struct Decks {
    title: String,
    now: DateTime<FixedOffset>,
    names: Vec<String>,
    made: Map<String, Json>,
}

impl Decks {
    fn new(title: &str, now: DateTime<FixedOffset>) -> Self {
        let mut decks = Decks { title: plain(title), now, names: Vec::new(), made: Map::new() };
        decks.add(1, "Default"); // every collection has it
        decks.named(decks.title.clone());
        decks
    }

    /// The deck of a card's lesson; cards without a lesson have one together.
    fn of(&mut self, card: &ExportedCard) -> i64 {
        let lesson = match card.number {
            Some(number) => format!("{number:02} {}", plain(&card.title)),
            None => "Own cards".into(),
        };
        self.named(format!("{}::{lesson}", self.title))
    }

    fn named(&mut self, name: String) -> i64 {
        let first = self.now.timestamp_millis();
        let known = self.names.iter().position(|known| *known == name);
        let id = |at: usize| first + at as i64;
        known.map_or_else(
            || {
                let new = id(self.names.len());
                self.add(new, &name);
                self.names.push(name);
                new
            },
            id,
        )
    }

    fn add(&mut self, id: i64, name: &str) {
        let deck = json!({
            "id": id, "name": name, "mod": self.now.timestamp(), "usn": -1, "desc": "", "dyn": 0, "conf": 1,
            "collapsed": false, "extendNew": 10, "extendRev": 50, "lrnToday": [0, 0], "newToday": [0, 0],
            "revToday": [0, 0], "timeToday": [0, 0],
        });
        self.made.insert(id.to_string(), deck);
    }
}

/// Without what parts a deck from the one above it.
fn plain(title: &str) -> String {
    title.replace("::", ": ")
}

/// The note type.
fn models() -> Json {
    let field = |(ord, name): (usize, &str)| json!({"name": name, "ord": ord, "font": "Arial", "size": 20, "rtl": false, "sticky": false, "media": []});
    let fields: Vec<Json> =
        ["Question", "Answer", "Lesson", "Key"].into_iter().enumerate().map(field).collect();
    let template = json!({
        "name": "Card 1", "ord": 0, "did": null, "bqfmt": "", "bafmt": "",
        "qfmt": "{{Question}}",
        "afmt": "{{FrontSide}}\n<hr id=answer>\n{{Answer}}\n<div class=lesson>{{Lesson}}</div>",
    });
    let css = ".card { font-family: sans-serif; font-size: 20px; text-align: left; max-width: 36em; margin: 1em auto; }\n\
        pre, code { font-family: monospace; }\n.lesson { margin-top: 2em; font-size: 14px; opacity: 0.6; }\n";
    let model = json!({
        "id": NOTE_TYPE, "name": "sdprep", "type": 0, "mod": NOTE_TYPE_CHANGED, "usn": -1, "sortf": 0, "did": 1,
        "flds": fields, "tmpls": [template], "css": css, "req": [[0, "any", [0]]], "tags": [], "vers": [],
        "latexPre": "\\documentclass[12pt]{article}\n\\begin{document}\n", "latexPost": "\\end{document}",
    });
    json!({ NOTE_TYPE.to_string(): model })
}

/// Options of a collection, as Anki makes a new one.
fn conf() -> Json {
    json!({
        "schedVer": 2, "rollover": 4, "activeDecks": [1], "curDeck": 1, "curModel": NOTE_TYPE, "nextPos": 1,
        "sortType": "noteFld", "sortBackwards": false, "addToCur": true, "collapseTime": 1200, "dueCounts": true,
        "estTimes": true, "newSpread": 0, "timeLim": 0,
    })
}

/// Options of decks, as Anki has them by default; an import leaves the reader's own.
fn deck_options() -> Json {
    json!({"1": {
        "id": 1, "name": "Default", "mod": 0, "usn": 0, "maxTaken": 60, "autoplay": true, "timer": 0, "replayq": true,
        "new": {"bury": true, "delays": [1, 10], "initialFactor": 2500, "ints": [1, 4, 7], "order": 1, "perDay": 20,
            "separate": true},
        "rev": {"bury": true, "ease4": 1.3, "fuzz": 0.05, "ivlFct": 1, "maxIvl": 36500, "minSpace": 1, "perDay": 100},
        "lapse": {"delays": [10], "leechAction": 0, "leechFails": 8, "minInt": 1, "mult": 0},
    }})
}
