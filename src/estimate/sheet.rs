//! A worksheet: one estimate of a lesson with inputs of the reader's own; and a scratch sheet of free lines.

use super::eval::{Constant, Evaluated, evaluate};
use super::formula::{Fault, Scope, Value};
use super::quantity::in_unit;
use crate::course::blocks::{Block, Estimate};
use crate::course::{Course, facts};

/// An estimate with what was set in it.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// Blocks of one name, in order.
    blocks: Vec<Estimate>,
    constants: Vec<Constant>,
    /// Inputs that were set, by name.
    pub set: Vec<(String, String)>,
    /// As it is computed now.
    pub now: Evaluated,
}

/// The figures of the course that estimates take by `@name`.
pub fn constants_of(course: &Course) -> Vec<Constant> {
    let found = course.file("constants.toml").ok().and_then(|text| facts::constants(&text).ok());
    let found = found.unwrap_or_default().into_iter();
    found
        .map(|fact| Constant {
            value: format!("{} {}", fact.value, fact.unit).trim().to_owned(),
            name: fact.name,
            mark: fact.mark,
        })
        .collect()
}

/// The estimates of a lesson, each with its continuations, in order of the text.
pub fn sheets<'a>(blocks: impl Iterator<Item = &'a Block>, constants: &[Constant]) -> Vec<Sheet> {
    let mut groups: Vec<Vec<Estimate>> = Vec::new();
    for block in blocks {
        let Block::Estimate(estimate) = block else { continue };
        match groups.iter_mut().find(|group| group[0].name == estimate.name) {
            Some(group) => group.push(estimate.clone()),
            None => groups.push(vec![estimate.clone()]),
        }
    }
    groups.into_iter().map(|blocks| Sheet::new(blocks, constants.to_vec())).collect()
}

impl Sheet {
    fn new(blocks: Vec<Estimate>, constants: Vec<Constant>) -> Sheet {
        let mut sheet = Sheet { blocks, constants, set: Vec::new(), now: Evaluated::default() };
        sheet.compute();
        sheet
    }

    fn compute(&mut self) {
        let blocks: Vec<&Estimate> = self.blocks.iter().collect();
        self.now = evaluate(&blocks, &self.constants, &self.set);
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.now.name
    }

    /// Takes inputs that were set before; those that the estimate does not have any more are left out.
    pub fn take(&mut self, set: &[(String, String)]) {
        let known = |name: &str| self.now.inputs.iter().any(|input| input.name == *name);
        self.set = set.iter().filter(|(name, _)| known(name)).cloned().collect();
        self.compute();
        if self.now.issues.iter().any(|issue| issue.line == 0) {
            self.set.clear();
            self.compute();
        }
    }

    /// Sets an input: `70 million users`, or a number in its unit.
    ///
    /// # Errors
    /// What is wrong with it, and the mend; nothing is changed then.
    pub fn put(&mut self, name: &str, value: &str) -> Result<(), String> {
        let before = self.set.clone();
        self.set.retain(|(known, _)| known != name);
        self.set.push((name.to_owned(), value.trim().to_owned()));
        self.compute();
        let wrong = self.now.issues.iter().find(|issue| issue.line == 0);
        let Some(said) = wrong.map(|issue| issue.value.clone()) else { return Ok(()) };
        self.set = before;
        self.compute();
        Err(said)
    }

    /// One input as the course has it.
    pub fn reset(&mut self, name: &str) {
        self.set.retain(|(known, _)| known != name);
        self.compute();
    }

    /// All inputs as the course has them.
    pub fn reset_all(&mut self) {
        self.set.clear();
        self.compute();
    }

    /// Why a result has no value now; that it is not what the text states is no fault of the reader.
    pub fn fault(&self, result: &str) -> Option<&str> {
        let found = self.now.results.iter().find(|outcome| outcome.name == result)?;
        found.error.as_deref().filter(|_| found.exact.is_nan())
    }

    /// A result in its own unit and digits: as computed now.
    pub fn shown(&self, at: usize) -> String {
        self.now.results.get(at).map_or_else(String::new, |outcome| {
            if outcome.exact.is_nan() { "?".into() } else { outcome.text.clone() }
        })
    }
}

/// Lines of a scratch sheet, each with what it comes to; none for an empty line or a remark.
///
/// `name = 50 million users`, `rate = members * 2 posts/user/day`, `cost = rate * 1 KB/post => GB/day`, or a formula
/// alone. `@name` is a figure of the course. `#` begins a remark.
pub fn scratch(text: &str, constants: &[Constant]) -> Vec<Option<Result<String, String>>> {
    let mut scope = Scope::default();
    text.lines().map(|line| one(line, &mut scope, constants)).collect()
}

fn one(line: &str, scope: &mut Scope, constants: &[Constant]) -> Option<Result<String, String>> {
    let line = line.split('#').next().unwrap_or_default().trim();
    if line.is_empty() {
        return None;
    }
    if let Some(word) = line.strip_prefix("unit ") {
        scope.units.declare(word.trim());
        return None;
    }
    let (line, unit) = match line.split_once("=>") {
        Some((formula, unit)) => (formula.trim(), Some(unit.trim().trim_start_matches('?').trim())),
        None => (line, None),
    };
    let (name, formula) = match line.split_once('=') {
        Some((name, formula)) => (Some(name.trim()), formula.trim()),
        None => (None, line),
    };
    let result = value(formula, scope, constants).and_then(|value| {
        if let Some(name) = name {
            let letters = name.chars().all(|c| c.is_alphanumeric() || c == '_');
            if name.is_empty() || !letters || !name.starts_with(char::is_alphabetic) {
                return Err(format!("\"{name}\" is no name; use letters, digits and _"));
            }
            if scope.units.reserves(name) {
                return Err(format!("\"{name}\" is a unit; take another name"));
            }
            scope.names.insert(name.to_owned(), Some(value.clone()));
        }
        shown(scope, &value, unit)
    });
    if let (Some(name), Err(_)) = (name, &result) {
        scope.names.entry(name.to_owned()).or_insert(None);
    }
    Some(result)
}

fn value(formula: &str, scope: &Scope, constants: &[Constant]) -> Result<Value, String> {
    let mut text = String::new();
    for (at, part) in formula.split('@').enumerate() {
        if at == 0 {
            text.push_str(part);
            continue;
        }
        let end = part.find(|c: char| !c.is_alphanumeric() && c != '-').unwrap_or(part.len());
        let name = &part[..end];
        let known = constants.iter().find(|constant| constant.name == name);
        let constant = known.ok_or_else(|| {
            let names = constants.iter().map(|constant| constant.name.clone());
            match super::nearest(name, names) {
                Some(near) => format!("\"@{name}\" is no figure of the course; \"@{near}\"?"),
                None => format!("\"@{name}\" is no figure of the course"),
            }
        })?;
        text.push_str(&format!("({}){}", constant.value, &part[end..]));
    }
    scope.value(&text).map_err(|fault| match fault {
        Fault::Said(said) => said,
        Fault::Follows => "uses a line that has no value".into(),
    })
}

/// Sizes, with how many bytes each is.
const BYTES: [(&str, f64); 6] =
    [("B", 1.0), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12), ("PB", 1e15)];
/// Times, with how many seconds each is.
const TIMES: [(&str, f64); 6] =
    [("µs", 1e-6), ("ms", 1e-3), ("s", 1.0), ("min", 60.0), ("h", 3600.0), ("days", 86_400.0)];

/// A value in the unit asked for, or in one that reads well.
fn shown(scope: &Scope, value: &Value, unit: Option<&str>) -> Result<String, String> {
    let said = |fault: Fault| match fault {
        Fault::Said(said) => said,
        Fault::Follows => "has no value".into(),
    };
    if let Some(unit) = unit.filter(|unit| !unit.is_empty()) {
        let measures = scope.literal(&format!("1 {unit}")).map_err(said)?.dim;
        if measures != value.dim {
            return Err(format!("is {}, not {unit}", value.dim));
        }
        let number = in_unit(scope, value, unit).map_err(said)?;
        return Ok(format!("{} {unit}", three(number.to_f64())));
    }
    let number = value.number.to_f64();
    if value.dim.is_none() {
        return Ok(three(number));
    }
    let base = value.dim.to_string();
    let best = |units: &[(&str, f64)]| {
        let fits = units.iter().rev().find(|(_, size)| number.abs() >= *size).or(units.first());
        fits.map(|(name, size)| format!("{} {name}", three(number / size)))
    };
    let rest = base.strip_prefix('B').filter(|rest| rest.is_empty() || rest.starts_with('/'));
    let text = match (base.as_str(), rest) {
        ("s", _) => best(&TIMES),
        (_, Some(rest)) => {
            let named: Vec<(String, f64)> =
                BYTES.iter().map(|(name, size)| (format!("{name}{rest}"), *size)).collect();
            let named: Vec<(&str, f64)> =
                named.iter().map(|(name, size)| (name.as_str(), *size)).collect();
            best(&named)
        }
        _ => None,
    };
    let glued = if base.starts_with("1/") { &base[1..] } else { &base };
    let blank = if glued.starts_with('/') { "" } else { " " };
    Ok(text.unwrap_or_else(|| format!("{}{blank}{glued}", three(number))))
}

/// A number to three digits, with commas or a power of ten where it is long.
fn three(number: f64) -> String {
    let size = number.abs();
    if size >= 1e15 || (size > 0.0 && size < 1e-4) {
        return format!("{number:.2e}");
    }
    let digits = if size >= 100.0 || size == 0.0 {
        0
    } else {
        (2 - size.log10().floor() as i32).max(0) as usize
    };
    // Three digits of a large number, the rest is noise.
    let rounded = if size >= 1000.0 {
        let scale = 10f64.powi(size.log10().floor() as i32 - 2);
        (number / scale).round() * scale
    } else {
        number
    };
    crate::text::grouped(rounded, digits)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::course::blocks;

    const FEED: &str =
        "members = 50 million users  # assumed, 10 million users .. 200 million users
posting = 2 posts/user/day  # assumed, 1 posts/user/day .. 5 posts/user/day
size    = 1 KB/post         # given

rate    = members * posting       => 1,160 posts/s
stored  = rate * size * 365 days  => 36.5 TB  # goal";

    fn sheet() -> Sheet {
        let lines: Vec<&str> = FEED.lines().collect();
        let (block, issues) = blocks::parse("estimate feed", &lines, 1);
        assert!(issues.is_empty(), "{issues:?}");
        sheets([&block].into_iter(), &[]).remove(0)
    }

    #[test]
    fn an_input_that_is_set_moves_what_follows_and_a_reset_brings_it_back() {
        let mut sheet = sheet();
        assert_eq!(sheet.shown(1), "36.5 TB");
        sheet.put("members", "100 million users").unwrap();
        assert_eq!((sheet.shown(0), sheet.shown(1)), ("2,310 posts/s".into(), "73.0 TB".into()));
        sheet.put("posting", "4").unwrap();
        assert_eq!(sheet.shown(1), "146 TB");
        sheet.reset("members");
        assert_eq!(sheet.shown(1), "73.0 TB");
        sheet.reset_all();
        assert_eq!(sheet.shown(1), "36.5 TB");
    }

    #[test]
    fn a_wrong_value_says_what_is_wrong_and_changes_nothing() {
        let mut sheet = sheet();
        let said = sheet.put("size", "3 s").unwrap_err();
        assert!(said.starts_with("size: "), "{said}");
        let said = sheet.put("sizes", "3 KB/post").unwrap_err();
        assert!(said.contains("\"size\"?"), "{said}");
        assert_eq!(sheet.shown(1), "36.5 TB");
    }

    #[test]
    fn each_input_tells_how_much_it_moves_the_goal() {
        let sheet = sheet();
        let moves: Vec<f64> = sheet.now.moves.iter().map(|ratio| ratio.unwrap()).collect();
        assert!((moves[0] - 20.0).abs() < 1e-6, "10 to 200 million: {moves:?}");
        assert!((moves[1] - 5.0).abs() < 1e-6 && (moves[2] - 3.0).abs() < 1e-6, "{moves:?}");
        assert_eq!(sheet.now.matters_most.as_deref(), Some("members"));
    }

    #[test]
    fn what_was_set_in_an_older_estimate_is_taken_as_far_as_it_goes() {
        let mut sheet = sheet();
        let set = |name: &str, value: &str| (name.to_string(), value.to_string());
        sheet.take(&[set("members", "100 million users"), set("gone", "1 B")]);
        assert_eq!(sheet.shown(1), "73.0 TB");
        sheet.take(&[set("members", "3 s")]);
        assert_eq!(sheet.shown(1), "36.5 TB", "a unit that does not fit any more");
    }

    #[test]
    fn free_lines_are_computed_with_the_units_that_read_well() {
        let constants = [Constant {
            name: "s3-storage".into(),
            value: "0.023 USD/GB/month".into(),
            mark: "documented".into(),
        }];
        let text = "members = 50 million users\nrate = members * 2 requests/user/day # a remark\n\n\
                    traffic = rate * 1 KB/request\nyearly = traffic * 365 days\ncost = yearly * @s3-storage => USD/month\n\
                    1 / (40 ms)\nyearly + rate\nrequest = 3\ncost * 2 => s\nx = @s3-store";
        let lines = scratch(text, &constants);
        let shown: Vec<String> = lines
            .into_iter()
            .map(|line| match line {
                None => String::new(),
                Some(Ok(shown)) => shown,
                Some(Err(said)) => format!("! {said}"),
            })
            .collect();
        assert_eq!(shown[0], "50,000,000 users");
        assert_eq!(shown[1], "1,160 requests/s");
        assert_eq!(shown[2], "");
        assert_eq!(shown[3], "1.16 MB/s");
        assert_eq!(shown[4], "36.5 TB");
        assert_eq!(shown[5], "840 USD/month");
        assert_eq!(shown[6], "25.0/s");
        assert!(shown[7].starts_with("! ") && shown[7].contains("do not add"), "{}", shown[7]);
        assert!(shown[8].contains("is a unit"), "{}", shown[8]);
        assert!(shown[9].contains("not s"), "{}", shown[9]);
        assert!(shown[10].contains("\"@s3-storage\"?"), "{}", shown[10]);
    }
}
