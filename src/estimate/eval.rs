//! All lines of an estimate computed, held against what is stated, and moved one by one.

use super::engine;
use super::formula::{FUNCTIONS, Fault, Scope, Value, nearest};
use super::outcome::{Outcome, compare};
use super::quantity::{Quantity, in_unit};
use super::sensitivity;
use crate::course::blocks::{At, Estimate, EstimateLine, Issue};

/// A figure of `constants.toml` as an input takes it (`price = @s3-storage`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constant {
    /// Without the `@`.
    pub name: String,
    /// `0.023 USD/GB/month`
    pub value: String,
    /// `documented`
    pub mark: String,
}

/// An input as it is in force.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// Its name.
    pub name: String,
    /// Line of the file.
    pub line: usize,
    /// As written, or as set: `50 million users`.
    pub text: String,
    /// The number in `unit`, `million` multiplied in.
    pub value: f64,
    /// `users`; empty for a plain number.
    pub unit: String,
    /// `given`, `assumed`, `measured`, `documented`.
    pub mark: String,
    /// Lower end of the range, in `unit`.
    pub low: Option<f64>,
    /// Upper end, in `unit`.
    pub high: Option<f64>,
    /// The constant that it takes.
    pub constant: Option<String>,
}

/// An estimate, its continuations included.
#[derive(Debug, Clone, Default)]
pub struct Evaluated {
    /// Its name.
    pub name: String,
    /// In order.
    pub inputs: Vec<Input>,
    /// In order.
    pub results: Vec<Outcome>,
    /// The result that is watched: marked `# goal`, else the last.
    pub goal: Option<String>,
    /// For each input, how much the goal moves over its range: largest over smallest; none where that cannot be told.
    pub moves: Vec<Option<f64>>,
    /// The input that moves the goal most over its range, or by ±50 %.
    pub matters_most: Option<String>,
    /// What is wrong, with the line of the file; 0 for what was set.
    pub issues: Vec<Issue>,
    pub(super) scope: Scope,
    /// Ends of the inputs' ranges.
    pub(super) ends: Vec<Value>,
}

/// Computes an estimate. `blocks`: all of one name, in order. `set`: inputs to change, by name; a
/// number without a unit has the input's.
pub fn evaluate(
    blocks: &[&Estimate],
    constants: &[Constant],
    set: &[(String, String)],
) -> Evaluated {
    let mut run = Run { constants, set, out: Evaluated::default() };
    run.all(blocks);
    let mut out = run.out;
    out.goal = sensitivity::goal(blocks).map(str::to_owned);
    out.moves = sensitivity::moves(blocks, &out);
    out.matters_most = sensitivity::matters_most(&out);
    out
}

struct Run<'a> {
    constants: &'a [Constant],
    set: &'a [(String, String)],
    out: Evaluated,
}

impl Run<'_> {
    fn all(&mut self, blocks: &[&Estimate]) {
        for block in blocks {
            self.out.name.clone_from(&block.name);
            for line in &block.lines {
                if let EstimateLine::Unit(word) = &line.value {
                    self.out.scope.units.declare(word);
                }
            }
        }
        for block in blocks {
            let mut formulas = false;
            for at in &block.lines {
                let before = self.out.issues.len();
                match &at.value {
                    EstimateLine::Unit(_) => {}
                    EstimateLine::Input { name, .. } if formulas => {
                        self.say(
                            at.line,
                            format!("\"{name}\" is below a formula; inputs come first"),
                        );
                        self.input(at);
                    }
                    EstimateLine::Input { .. } => self.input(at),
                    EstimateLine::Result { .. } => {
                        formulas = true;
                        self.result(at);
                    }
                }
                // One line, one finding.
                self.out.issues.truncate(before + 1);
            }
        }
        for (name, _) in self.set {
            if !self.out.inputs.iter().any(|input| input.name == *name) {
                let names = self.out.inputs.iter().map(|input| input.name.clone());
                let near = nearest(name, names.clone());
                let mend = match near {
                    Some(near) => format!("\"{near}\"?"),
                    None => format!("it has {}", names.collect::<Vec<_>>().join(", ")),
                };
                self.say(0, format!("\"{name}\" is no input of {}; {mend}", self.out.name));
            }
        }
    }

    fn say(&mut self, line: usize, value: String) {
        self.out.issues.push(At { line, value });
    }

    /// Says what is wrong with a name.
    fn name(&mut self, line: usize, name: &str) {
        let taken = self.out.scope.names.contains_key(name);
        let letters = name.chars().all(|c| c.is_alphanumeric() || c == '_');
        let kind = if self.out.scope.units.reserves(name) {
            "a unit"
        } else if FUNCTIONS.contains(&name) {
            "a function"
        } else {
            "a word of the engine"
        };
        if !letters || !name.starts_with(char::is_alphabetic) {
            self.say(line, format!("\"{name}\" is no name; use letters, digits and _"));
        } else if taken {
            self.say(line, format!("two lines \"{name}\"; rename one"));
        } else if kind != "a word of the engine" || engine::knows(name) {
            self.say(line, format!("\"{name}\" is {kind}; take another name"));
        }
    }

    fn input(&mut self, at: &At<EstimateLine>) {
        let EstimateLine::Input { name, value, mark, low, high, .. } = &at.value else { return };
        self.name(at.line, name);
        let read = self.constant(value, mark).and_then(|(text, mark)| {
            let quantity = Quantity::read(&self.out.scope, &text)?;
            let (quantity, text) = self.chosen(name, quantity, text);
            Ok((quantity, text, mark))
        });
        let known = read.as_ref().ok().map(|(quantity, ..)| quantity.value.clone());
        self.out.scope.names.insert(name.clone(), known);
        let (quantity, text, mark) = match read {
            Ok(read) => read,
            Err(Fault::Said(message)) => return self.say(at.line, message),
            Err(Fault::Follows) => return,
        };
        let range = low.as_deref().zip(high.as_deref());
        let range = range.map(|(low, high)| self.range(&quantity, low, high)).transpose();
        let set = self.set.iter().any(|(set, _)| set == name);
        match &range {
            Err(message) => self.say(at.line, format!("{name}: {message}")),
            Ok(Some((low, high))) if !set && !(*low..=*high).contains(&quantity.shown) => {
                self.say(
                    at.line,
                    format!("{name} is outside its range; mend the value or the range"),
                );
            }
            Ok(_) if !matches!(&*mark, "given" | "assumed" | "measured" | "documented") => {
                let marks = "mark it given, assumed, measured or documented";
                self.say(at.line, format!("{name} has no mark; {marks}"));
            }
            Ok(None) if mark == "assumed" => {
                self.say(
                    at.line,
                    format!("{name} is assumed without a range; add \"low .. high\""),
                );
            }
            Ok(_) => {}
        }
        let (low, high) = range.ok().flatten().unzip();
        self.out.inputs.push(Input {
            name: name.clone(),
            line: at.line,
            text,
            value: quantity.shown,
            unit: quantity.unit,
            mark,
            low,
            high,
            constant: value.trim().strip_prefix('@').map(str::to_owned),
        });
    }

    /// Value and mark, from constants.toml where the value is `@name`.
    fn constant(&self, value: &str, mark: &str) -> Result<(String, String), Fault> {
        let Some(wanted) = value.trim().strip_prefix('@') else {
            return Ok((value.trim().to_owned(), mark.to_owned()));
        };
        if let Some(constant) = self.constants.iter().find(|constant| constant.name == wanted) {
            let mark = if mark.is_empty() { &constant.mark } else { mark };
            return Ok((constant.value.clone(), mark.to_owned()));
        }
        let names = self.constants.iter().map(|constant| constant.name.clone());
        let near = nearest(wanted, names).map(|near| format!("\"@{near}\"?"));
        let mend = near.unwrap_or_else(|| "add it".to_owned());
        Err(format!("\"@{wanted}\" is not in constants.toml; {mend}").into())
    }

    /// What the reader set it to, or what is written.
    fn chosen(&mut self, name: &str, written: Quantity, text: String) -> (Quantity, String) {
        let Some((_, set)) = self.set.iter().rev().find(|(set, _)| set == name) else {
            return (written, text);
        };
        match written.replaced(&self.out.scope, set) {
            Ok(quantity) => (quantity, set.clone()),
            Err(message) => {
                self.say(0, format!("{name}: {message}"));
                (written, text)
            }
        }
    }

    /// Both ends in the input's unit.
    fn range(&mut self, of: &Quantity, low: &str, high: &str) -> Result<(f64, f64), String> {
        let mut end = |text: &str| {
            let end =
                of.replaced(&self.out.scope, text).map_err(|said| format!("range: {said}"))?;
            let number = in_unit(&self.out.scope, &end.value, &of.unit);
            self.out.ends.push(end.value);
            number
                .map(|number| number.to_f64())
                .map_err(|_| "its range has no value; mend it".to_owned())
        };
        Ok((end(low)?, end(high)?))
    }

    fn result(&mut self, at: &At<EstimateLine>) {
        let EstimateLine::Result { name, formula, stated, .. } = &at.value else { return };
        self.name(at.line, name);
        let value = self.out.scope.value(formula);
        self.out.scope.names.insert(name.clone(), value.as_ref().ok().cloned());
        let mut outcome = Outcome::new(name, at.line, stated);
        let compared = value.and_then(|value| compare(&self.out.scope, name, &value, &mut outcome));
        match compared {
            Ok(()) => {}
            Err(Fault::Follows) => outcome.error = Some("uses a line that failed".to_owned()),
            Err(Fault::Said(message)) => {
                outcome.error = Some(message.clone());
                self.say(at.line, message);
            }
        }
        self.out.results.push(outcome);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(super) mod tests {
    use super::*;

    /// Enough of a parser for these tests: that of lessons is `course::blocks::parse`.
    pub(in crate::estimate) fn block(text: &str) -> Estimate {
        let mut estimate = Estimate { name: "feed".to_owned(), more: false, lines: Vec::new() };
        for (at, line) in text.lines().enumerate() {
            let line = line.trim();
            let (said, mark) = line.split_once('#').unwrap_or((line, ""));
            let (said, mark) = (said.trim(), mark.trim());
            let value = if let Some(word) = said.strip_prefix("unit ") {
                EstimateLine::Unit(word.to_owned())
            } else if let Some((left, stated)) = said.split_once("=>") {
                let (name, formula) = left.split_once('=').unwrap();
                EstimateLine::Result {
                    name: name.trim().to_owned(),
                    formula: formula.trim().to_owned(),
                    stated: stated.trim().to_owned(),
                    goal: mark == "goal",
                }
            } else if let Some((name, value)) = said.split_once('=') {
                let (mark, range) = mark.split_once(',').unwrap_or((mark, ""));
                let (low, high) = range.split_once("..").unzip();
                let own = |end: &str| end.trim().to_owned();
                EstimateLine::Input {
                    name: own(name),
                    value: own(value),
                    mark: mark.to_owned(),
                    low: low.map(own),
                    high: high.map(own),
                    note: None,
                }
            } else {
                continue;
            };
            estimate.lines.push(At { line: at + 1, value });
        }
        estimate
    }

    /// The example of the format.
    pub(in crate::estimate) const FEED: &str = "\
        members = 50 million users  # assumed, 10 million users .. 200 million users
        posting = 2 posts/user/day  # assumed, 1 posts/user/day .. 5 posts/user/day
        size    = 1 KB/post         # measured
        price   = 0.023 USD/GB/month # documented

        rate    = members * posting       => 1,160 posts/s
        burst   = rate * 3                => 3,470 posts/s
        stored  = rate * size * 365 days  => 36.5 TB
        cost    = stored * price          => 840 USD/month  # goal";

    fn run(text: &str) -> Evaluated {
        evaluate(&[&block(text)], &[], &[])
    }

    fn issues(text: &str) -> Vec<String> {
        run(text).issues.iter().map(|at| format!("{}: {}", at.line, at.value)).collect()
    }

    #[test]
    fn the_example_of_the_format_holds_and_members_matter_most() {
        let feed = run(FEED);
        assert_eq!(feed.issues, []);
        let texts: Vec<&str> = feed.results.iter().map(|result| result.text.as_str()).collect();
        assert_eq!(texts, ["1,160 posts/s", "3,470 posts/s", "36.5 TB", "840 USD/month"]);
        assert!(feed.results.iter().all(|result| result.holds));
        assert_eq!(feed.goal.as_deref(), Some("cost"));
        assert_eq!(feed.matters_most.as_deref(), Some("members"));
        assert!((feed.results[3].exact - 839.5).abs() < 1e-9);
    }

    #[test]
    fn a_wrong_result_is_one_finding_and_what_uses_it_is_computed_on() {
        let wrong = FEED.replace("36.5 TB", "365 TB");
        assert_eq!(issues(&wrong), ["8: stored is 36.5 TB, shown 365 TB; correct it or use --fix"]);
    }

    #[test]
    fn a_unit_that_is_not_the_formulas_is_said() {
        assert_eq!(
            issues(&FEED.replace("3,470 posts/s", "3 GB")),
            ["7: burst is posts/s, shown in GB; mend one"]
        );
        assert_eq!(
            issues(&FEED.replace("3,470 posts/s", "3,470")),
            ["7: burst is posts/s, shown without a unit; mend one"]
        );
    }

    #[test]
    fn one_failed_line_is_one_finding() {
        let failed = FEED.replace("members * posting", "members + posting");
        assert_eq!(issues(&failed), ["6: users + posts/user/s do not add; give both one unit"]);
        let feed = run(&failed);
        assert_eq!(feed.results[2].error.as_deref(), Some("uses a line that failed"));
        assert_eq!(feed.matters_most, None);
    }

    #[test]
    fn names_are_no_units_functions_or_words_of_the_engine() {
        for (name, kind) in [
            ("month", "a unit"),
            ("users", "a unit"),
            ("writes", "a unit"),
            ("ceil", "a function"),
            ("mean", "a word of the engine"),
        ] {
            assert_eq!(
                issues(&format!("{name} = 3 # given")),
                [format!("1: \"{name}\" is {kind}; take another name")]
            );
        }
        assert_eq!(issues("a-b = 3 # given"), ["1: \"a-b\" is no name; use letters, digits and _"]);
        assert_eq!(
            issues("hot = 3 # given\nhot = 4 # given"),
            ["2: two lines \"hot\"; rename one"]
        );
    }

    #[test]
    fn a_line_may_be_called_after_a_rarer_count_and_both_are_understood() {
        let text = "row = 200 B/row # given\nall = row * 3 rows => 600 B";
        assert_eq!(issues(text), [""; 0]);
    }

    #[test]
    fn an_input_has_a_mark_and_a_range_if_assumed() {
        assert_eq!(
            issues("slow = 3 ms # assumed"),
            ["1: slow is assumed without a range; add \"low .. high\""]
        );
        assert_eq!(
            issues("slow = 3 ms"),
            ["1: slow has no mark; mark it given, assumed, measured or documented"]
        );
        assert_eq!(
            issues("slow = 3 ms # assumed, 5 ms .. 9 ms"),
            ["1: slow is outside its range; mend the value or the range"]
        );
        assert_eq!(
            issues("slow = 3 ms # assumed, 5 B .. 9 ms"),
            ["1: slow: range: is s, not B; give it its unit"]
        );
        assert_eq!(
            issues("all = slow => 3 ms\nslow = 3 ms # given"),
            [
                "1: \"slow\" is not known; use a line above, or declare \"unit slow\"",
                "2: \"slow\" is below a formula; inputs come first"
            ]
        );
    }

    #[test]
    fn units_of_the_estimate_are_declared_for_all_its_blocks() {
        let first =
            block("unit rides\npeak = 7 rides/s # given\nsum = peak * 1 hour => 25,000 rides");
        let more = block("each = 2 messages/ride # given\nall = sum * each => 50,000 messages");
        let both = evaluate(&[&first, &more], &[], &[]);
        assert_eq!(both.issues, []);
        assert_eq!(both.goal.as_deref(), Some("all"));
    }

    #[test]
    fn an_input_takes_a_constant_with_its_mark() {
        let constant = Constant {
            name: "s3-storage".to_owned(),
            value: "0.023 USD/GB/month".to_owned(),
            mark: "documented".to_owned(),
        };
        let text = "price = @s3-storage\ncost = price * 1 TB => 23 USD/month";
        let run = evaluate(&[&block(text)], std::slice::from_ref(&constant), &[]);
        assert_eq!(run.issues, []);
        assert_eq!(run.inputs[0].mark, "documented");
        assert_eq!(run.inputs[0].constant.as_deref(), Some("s3-storage"));
        let run = evaluate(&[&block("price = @s3-storge")], &[constant], &[]);
        assert_eq!(
            run.issues[0].value,
            "\"@s3-storge\" is not in constants.toml; \"@s3-storage\"?"
        );
    }

    #[test]
    fn what_is_set_changes_every_result_that_follows() {
        let set = [("members".to_owned(), "100 million users".to_owned())];
        let feed = evaluate(&[&block(FEED)], &[], &set);
        let texts: Vec<&str> = feed.results.iter().map(|result| result.text.as_str()).collect();
        assert_eq!(texts, ["2,310 posts/s", "6,940 posts/s", "73.0 TB", "1,700 USD/month"]);
        let set = [("size".to_owned(), "2".to_owned())];
        assert_eq!(evaluate(&[&block(FEED)], &[], &set).results[2].text, "73.0 TB");
    }

    #[test]
    fn what_cannot_be_set_is_said_and_leaves_the_estimate_as_it_is() {
        let set = [("membrs", "3"), ("size", "3 s"), ("price", "much")];
        let set = set.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let feed = evaluate(&[&block(FEED)], &[], &set);
        let said: Vec<&str> = feed.issues.iter().map(|issue| issue.value.as_str()).collect();
        assert_eq!(
            said,
            [
                "size: is B/post, not s; give it its unit",
                "price: \"much\" is no value; begin with a number",
                "\"membrs\" is no input of feed; \"members\"?"
            ]
        );
        assert!(feed.results.iter().all(|result| result.holds));
    }

    #[test]
    fn an_open_result_is_filled_in_with_three_digits() {
        let feed = run(&FEED.replace("36.5 TB", "? TB"));
        assert_eq!(feed.results[2].text, "36.5 TB");
        assert_eq!(feed.issues[0].value, "stored is open; use --fix (36.5 TB)");
    }

    #[test]
    fn an_input_without_a_range_moves_by_half() {
        let text = "aa = 5 # assumed, 4 .. 6\nbb = 7 # given\nsum = aa * bb => 35";
        assert_eq!(run(text).matters_most.as_deref(), Some("bb"));
        assert_eq!(run("aa = 5 # given\nsum = 2 * 3 => 6").matters_most, None);
    }
}
