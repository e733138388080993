//! One event as one line: writing it, and reading what others or an editor made of it.

use std::fmt::Write;

use chrono::{DateTime, NaiveDate};
use serde_json::{Map, Value};

use super::event::{round, six_digits};
use super::{Event, Place, RehearsalStep, What, fast};

/// Why a line is no event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// The start of one: its writer was killed or the power failed, so it was never acknowledged.
    Cut,
    /// Anything else.
    Unreadable,
}

/// The line of an event, without a line end. Reading it gives the same event.
pub fn write(event: &Event) -> String {
    let mut line = Line(String::with_capacity(160));
    line.text("id", &event.id);
    line.value("t", format_args!("\"{}\"", event.t.format("%Y-%m-%dT%H:%M:%S%.3f%:z")));
    if let Some(order) = event.o {
        line.value("o", order);
    }
    if let Some(batch) = &event.batch {
        line.text("b", batch);
    }
    line.text("e", event.what.kind());
    match &event.what {
        What::Open { lesson, version } | What::Read { lesson, version } => {
            line.text("l", lesson);
            if let Some(version) = version {
                line.value("v", format_args!("\"{version:08x}\""));
            }
        }
        What::At { lesson, heading, fraction, share, seconds } => {
            line.text("l", lesson);
            if let Some(heading) = heading {
                line.text("h", heading);
            }
            line.value("f", fraction);
            line.value("p", share);
            line.value("s", seconds);
        }
        What::Mark { lesson, read } => {
            line.text("l", lesson);
            line.value("read", read);
        }
        What::Track { track: Some(track) } => line.text("track", track),
        What::Track { track: None } => line.value("track", "null"),
        What::Grade { card, grade, interval } => {
            line.text("c", card);
            line.value("g", grade);
            line.value("iv", interval);
        }
        What::Bookmark { lesson, place } => {
            line.text("l", lesson);
            line.place(place);
        }
        What::Highlight { lesson, place, chars } => {
            line.text("l", lesson);
            line.place(place);
            line.value("n", chars);
        }
        What::Note { lesson, place, text, over } => {
            line.text("l", lesson);
            if let Some(place) = place {
                line.place(place);
            }
            line.text("text", text);
            line.value("over", Value::from(over.clone()));
        }
        What::Card { card, place, question, answer } => {
            line.text("c", card);
            if let Some(place) = place {
                line.place(place);
            }
            line.text("ask", question);
            line.text("answer", answer);
        }
        What::Suspend { card, on } => {
            line.text("c", card);
            line.value("on", on);
        }
        What::Bury { card } => line.text("c", card),
        What::Aim { by, minutes } => {
            line.value("by", Value::from(by.map(|day| day.to_string())));
            line.value("minutes", Value::from(*minutes));
        }
        // As short as an f32 is told from its neighbours, which JSON takes; `json!` would write them as f64.
        What::Fit { weights: Some(weights) } => line.value("w", format_args!("{weights:?}")),
        What::Fit { weights: None } => line.value("w", "null"),
        What::Rehearse { rehearsal, step } => {
            line.text("r", rehearsal);
            line.step(step);
        }
        What::Lab { lab, knobs, seed, predicted, measured, holds } => {
            line.text("lab", lab);
            line.value("knobs", pairs(knobs));
            line.value("seed", seed);
            line.value("predicted", serde_json::json!(predicted));
            line.value("measured", serde_json::json!(measured));
            line.value("holds", holds);
        }
        What::Estimate { lesson, name, set } => {
            line.text("l", lesson);
            line.text("name", name);
            line.value("set", pairs(set));
        }
        What::Undo { of } => line.text("of", of),
        What::Other { .. } => {}
    }
    line.0.push('}');
    line.0
}

struct Line(String);

impl Line {
    fn value(&mut self, name: &str, value: impl std::fmt::Display) {
        let start = if self.0.is_empty() { '{' } else { ',' };
        let _ = write!(self.0, "{start}\"{name}\":{value}"); // a String takes all
    }

    fn text(&mut self, name: &str, text: &str) {
        self.value(name, Value::from(text)); // escapes as JSON does
    }

    fn step(&mut self, step: &RehearsalStep) {
        match step {
            RehearsalStep::Start { lesson, form, phase } => {
                self.text("step", "start");
                self.text("l", lesson);
                self.text("form", form);
                if let Some(phase) = phase {
                    self.text("phase", phase);
                }
            }
            RehearsalStep::Clock { phase, seconds } => {
                self.text("step", "clock");
                self.text("phase", phase);
                self.value("s", seconds);
            }
            RehearsalStep::Text { at, text } => {
                self.text("step", "text");
                self.text("at", at);
                self.text("text", text);
            }
            RehearsalStep::Tick { phase, got, of } => {
                self.text("step", "tick");
                self.text("phase", phase);
                self.value("got", serde_json::json!(got));
                self.value("of", serde_json::json!(of));
            }
            RehearsalStep::Flaws { got, of } => {
                self.text("step", "flaws");
                self.value("got", got);
                self.value("of", of);
            }
            RehearsalStep::End => self.text("step", "end"),
        }
    }

    fn place(&mut self, place: &Place) {
        if let Some(heading) = &place.heading {
            self.text("h", heading);
        }
        self.value("f", place.fraction);
        self.value("p", place.share);
        self.text("q", &place.quote);
    }
}

/// Reads a line that has been trimmed ([`super::lines`]).
pub fn read(line: &[u8]) -> Result<Event, Broken> {
    match fast::read(line) {
        Some(event) => Ok(event),
        None => read_any(line),
    }
}

/// Reads any JSON object with an id, a time and a kind. Unknown fields are skipped.
pub(super) fn read_any(line: &[u8]) -> Result<Event, Broken> {
    match serde_json::from_slice::<Map<String, Value>>(line) {
        Ok(fields) => event(&fields).ok_or(Broken::Unreadable),
        Err(error) if error.is_eof() => Err(Broken::Cut),
        Err(_) => Err(Broken::Unreadable),
    }
}

#[allow(clippy::too_many_lines)] // one arm a kind
fn event(fields: &Map<String, Value>) -> Option<Event> {
    let text = |name| fields.get(name)?.as_str().map(str::to_owned);
    let optional = |name| match fields.get(name) {
        None | Some(Value::Null) => Some(None),
        Some(value) => value.as_str().map(|text| Some(text.to_owned())),
    };
    let number = |name| match fields.get(name) {
        None => Some(0),
        Some(value) => value.as_u64().and_then(|n| u32::try_from(n).ok()),
    };
    let share = |name| match fields.get(name) {
        None => Some(0.0),
        Some(value) => value.as_f64().map(round),
    };
    let version = || {
        let text = fields.get("v")?.as_str()?;
        u32::from_str_radix(text, 16).ok()
    };
    let place = || {
        Some(Place {
            heading: optional("h")?,
            fraction: share("f")?,
            share: share("p")?,
            quote: optional("q")?.unwrap_or_default(),
        })
    };

    let kind = text("e")?;
    let what = match kind.as_str() {
        "open" => What::Open { lesson: text("l")?, version: version() },
        "read" => What::Read { lesson: text("l")?, version: version() },
        "at" => What::At {
            lesson: text("l")?,
            heading: optional("h")?,
            fraction: share("f")?,
            share: share("p")?,
            seconds: number("s")?,
        },
        "mark" => What::Mark { lesson: text("l")?, read: fields.get("read")?.as_bool()? },
        "track" => What::Track { track: optional("track")? },
        "grade" => What::Grade {
            card: text("c")?,
            grade: u8::try_from(number("g")?).ok().filter(|grade| (1..=4).contains(grade))?,
            interval: number("iv")?,
        },
        "bookmark" => What::Bookmark { lesson: text("l")?, place: place()? },
        "highlight" => What::Highlight { lesson: text("l")?, place: place()?, chars: number("n")? },
        "note" => What::Note {
            lesson: text("l")?,
            // A note on the whole lesson has no place.
            place: if fields.contains_key("p") { Some(place()?) } else { None },
            text: text("text")?,
            over: match fields.get("over") {
                None | Some(Value::Null) => Vec::new(),
                Some(over) => list(over, |id| id.as_str().map(str::to_owned))?,
            },
        },
        "card" => What::Card {
            card: text("c")?,
            place: if fields.contains_key("p") { Some(place()?) } else { None },
            question: text("ask")?,
            answer: text("answer")?,
        },
        "suspend" => What::Suspend { card: text("c")?, on: fields.get("on")?.as_bool()? },
        "bury" => What::Bury { card: text("c")? },
        "aim" => What::Aim {
            by: match optional("by")? {
                None => None,
                Some(day) => Some(day.parse::<NaiveDate>().ok()?),
            },
            minutes: match fields.get("minutes") {
                None | Some(Value::Null) => None,
                Some(_) => Some(number("minutes")?),
            },
        },
        "fit" => What::Fit {
            weights: match fields.get("w") {
                None | Some(Value::Null) => None,
                Some(weights) => Some(list(weights, |w| w.as_f64().map(|w| w as f32))?),
            },
        },
        // A step of a later version is a kind that is not known.
        "rehearse" if !STEPS.contains(&fields.get("step")?.as_str()?) => What::Other { kind },
        "rehearse" => What::Rehearse { rehearsal: text("r")?, step: step(fields)? },
        "lab" => What::Lab {
            lab: text("lab")?,
            knobs: read_pairs(fields.get("knobs"))?,
            seed: fields.get("seed")?.as_u64()?,
            predicted: match fields.get("predicted") {
                None | Some(Value::Null) => None,
                Some(value) => Some(six_digits(value.as_f64()?)),
            },
            measured: six_digits(fields.get("measured")?.as_f64()?),
            holds: fields.get("holds")?.as_bool()?,
        },
        "estimate" => What::Estimate {
            lesson: text("l")?,
            name: text("name")?,
            set: read_pairs(fields.get("set"))?,
        },
        "undo" => What::Undo { of: text("of")? },
        _ => What::Other { kind },
    };
    Some(Event {
        id: text("id").filter(|id| !id.is_empty())?,
        t: DateTime::parse_from_rfc3339(&text("t")?).ok()?,
        o: match fields.get("o") {
            None | Some(Value::Null) => None,
            Some(order) => Some(order.as_i64()?),
        },
        batch: optional("b")?,
        what,
    })
}

/// Names with values as an object.
fn pairs(pairs: &[(String, String)]) -> Value {
    pairs.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect()
}

fn read_pairs(value: Option<&Value>) -> Option<Vec<(String, String)>> {
    let pairs = match value {
        None | Some(Value::Null) => return Some(Vec::new()),
        Some(value) => value.as_object()?.iter(),
    };
    pairs.map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect()
}

/// An array of values that are all of one kind.
fn list<T>(value: &Value, each: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    value.as_array()?.iter().map(each).collect()
}

/// The steps of a rehearsal that are known.
const STEPS: [&str; 6] = ["start", "clock", "text", "tick", "flaws", "end"];

/// The step of a rehearsal.
fn step(fields: &Map<String, Value>) -> Option<RehearsalStep> {
    let text = |name| fields.get(name)?.as_str().map(str::to_owned);
    let small = |value: &Value| value.as_u64().and_then(|n| u32::try_from(n).ok());
    let number = |name| fields.get(name).and_then(small);
    let three = |name| -> Option<[u32; 3]> { list(fields.get(name)?, small)?.try_into().ok() };
    Some(match fields.get("step")?.as_str()? {
        "start" => RehearsalStep::Start {
            lesson: text("l")?,
            form: text("form")?,
            phase: match fields.get("phase") {
                None | Some(Value::Null) => None,
                Some(_) => Some(text("phase")?),
            },
        },
        "clock" => RehearsalStep::Clock { phase: text("phase")?, seconds: number("s")? },
        "text" => RehearsalStep::Text { at: text("at")?, text: text("text")? },
        "tick" => {
            RehearsalStep::Tick { phase: text("phase")?, got: three("got")?, of: three("of")? }
        }
        "flaws" => RehearsalStep::Flaws { got: number("got")?, of: number("of")? },
        "end" => RehearsalStep::End,
        _ => return None,
    })
}
