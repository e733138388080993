//! `constants.toml` and `owners.toml`.

use chrono::NaiveDate;

use super::front::{exists, no_lesson};
use super::report::Said;
use super::sources::{age, iso_date};
use crate::course::{Course, facts};
use crate::estimate::{Constant, Value, amount};

/// What the lessons' estimates may take.
#[derive(Default)]
pub struct Facts {
    pub constants: Vec<Constant>,
    /// The same, to compare with.
    pub values: Vec<(String, Value)>,
}

fn constant(fact: &facts::Constant) -> Constant {
    Constant {
        name: fact.name.clone(),
        value: format!("{} {}", fact.value, fact.unit).trim().to_owned(),
        mark: fact.mark.clone(),
    }
}

/// Checks both files; a course may have neither.
pub fn check(course: &Course, today: NaiveDate, said: &mut Said) -> Facts {
    let mut out = Facts::default();
    match course.file("constants.toml").map(|text| facts::constants(&text)) {
        Ok(Ok(found)) => {
            for fact in found {
                if let Some(value) = one(&fact, today, said) {
                    out.constants.push(constant(&fact));
                    out.values.push((fact.name, value));
                }
            }
        }
        Ok(Err(problem)) => said.wrong(&problem.file, problem.line, problem.message),
        Err(_) => {}
    }
    match course.file("owners.toml").map(|text| facts::owners(&text)) {
        Ok(Ok(owners)) => {
            for owner in owners {
                if !exists(course, &owner.lesson) {
                    let message =
                        format!("fact \"{}\": {}", owner.fact, no_lesson(course, &owner.lesson));
                    said.wrong("owners.toml", owner.line, message);
                }
            }
        }
        Ok(Err(problem)) => said.wrong(&problem.file, problem.line, problem.message),
        Err(_) => {}
    }
    out
}

/// The value of a constant that can be used; what is wrong with it is said.
fn one(fact: &facts::Constant, today: NaiveDate, said: &mut Said) -> Option<Value> {
    let name = &fact.name;
    let mut wrong = |message: String| said.wrong("constants.toml", fact.line, message);
    if !matches!(&*fact.mark, "documented" | "measured" | "assumed") {
        let marks = "documented, measured or assumed";
        wrong(format!("{name} has the mark \"{}\"; mark it {marks}", fact.mark));
    }
    if fact.source.trim().is_empty() {
        wrong(format!("{name} has no source; say where it was read or measured"));
    }
    let value = amount(&constant(fact).value);
    if let Err(message) = &value {
        wrong(format!("{name}: {message}"));
    }
    match iso_date(&fact.date) {
        None => wrong(format!("{name} has the date \"{}\"; write it like 2026-11-24", fact.date)),
        Some(date) => {
            if let Some(months) = age(date, today) {
                said.warn(
                    "constants.toml",
                    fact.line,
                    format!("{name} was seen {months} months ago; look again"),
                );
            }
        }
    }
    value.ok()
}
