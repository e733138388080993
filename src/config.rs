//! The options of `config.toml`. Defaults stand here and in `config.example.toml`; a test holds them equal.

use std::collections::BTreeMap;

use chrono::NaiveTime;
use serde::{Deserialize, Serialize};

use crate::error::{Exit, Failure, Outcome};

/// When to colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Also in a pipe.
    Always,
    /// Nowhere.
    Never,
}

/// All options.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// `HH:MM`: acts before it belong to the day before.
    pub day_starts_at: String,
    /// When to colour.
    pub color: Color,
    /// The reader.
    pub reader: Reader,
    /// Recall.
    pub recall: Recall,
    /// The plan.
    pub plan: Plan,
    /// Colours.
    pub theme: Theme,
    /// Keys: screen, then action, then keys.
    pub keys: BTreeMap<String, BTreeMap<String, Keys>>,
}

/// `[reader]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Reader {
    /// Widest text column, cells.
    pub width: u16,
    /// Wheel and clicks go to the program; the terminal's own selection then needs Shift.
    pub mouse: bool,
    /// Code wraps instead of scrolling sideways.
    pub wrap_code: bool,
}

/// `[recall]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Recall {
    /// Share of answers that should still be known when due.
    pub retention: f64,
    /// New cards a day.
    pub new_per_day: u32,
    /// Reviews a day.
    pub due_per_day: u32,
}

/// `[plan]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Plan {
    /// Minutes a day for reading, recall and rehearsal together.
    pub minutes: u32,
}

/// `[theme]`: the name in use, and themes of the reader's own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Theme {
    /// `ansi`, `dark`, `light`, `contrast`, `mono`, or one defined here.
    #[serde(rename = "use")]
    pub name: String,
    /// `[theme.NAME]`: role to look.
    #[serde(flatten)]
    pub own: BTreeMap<String, BTreeMap<String, String>>,
}

/// One key or several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Keys {
    /// `"o"`
    One(String),
    /// `["o", "ctrl-o"]`
    Many(Vec<String>),
}

impl Keys {
    /// As a slice.
    pub fn list(&self) -> &[String] {
        match self {
            Keys::One(key) => std::slice::from_ref(key),
            Keys::Many(keys) => keys,
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Config {
            day_starts_at: "04:00".into(),
            color: Color::Auto,
            reader: Reader::default(),
            recall: Recall::default(),
            plan: Plan::default(),
            theme: Theme::default(),
            keys: BTreeMap::new(),
        }
    }
}

impl Default for Reader {
    fn default() -> Self {
        Reader { width: 72, mouse: true, wrap_code: false }
    }
}

impl Default for Recall {
    fn default() -> Self {
        Recall { retention: 0.9, new_per_day: 10, due_per_day: 60 }
    }
}

impl Default for Plan {
    fn default() -> Self {
        Plan { minutes: 60 }
    }
}

impl Default for Theme {
    fn default() -> Self {
        Theme { name: "ansi".into(), own: BTreeMap::new() }
    }
}

impl Config {
    /// Reads the text of a configuration file. `name` stands in errors.
    ///
    /// # Errors
    /// Bad TOML, an option that does not exist (the nearest is offered), a value out of range: each with
    /// its line.
    pub fn parse(text: &str, name: &str) -> Outcome<Self> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let config: Config = toml::from_str(text).map_err(|cause| explain(&cause, text, name))?;
        config.validate().map_err(|(key, what)| {
            let at = line_of(text, key).map_or(String::new(), |line| format!("{line}:"));
            Failure::new(Exit::Usage, format!("{name}:{at} {what}"))
        })?;
        Ok(config)
    }

    /// The key and what is wrong with its value.
    fn validate(&self) -> Result<(), (&'static str, String)> {
        if self.day_start().is_none() {
            let given = &self.day_starts_at;
            return Err((
                "day_starts_at",
                format!("day_starts_at = \"{given}\" is no time; write \"04:00\""),
            ));
        }
        if !(20..=400).contains(&self.reader.width) {
            return Err((
                "width",
                format!("reader.width = {} is not in 20 to 400", self.reader.width),
            ));
        }
        if !(0.7..=0.99).contains(&self.recall.retention) {
            let given = self.recall.retention;
            return Err(("retention", format!("recall.retention = {given} is not in 0.7 to 0.99")));
        }
        if !(5..=1440).contains(&self.plan.minutes) {
            return Err((
                "minutes",
                format!("plan.minutes = {} is not in 5 to 1440", self.plan.minutes),
            ));
        }
        Ok(())
    }

    fn day_start(&self) -> Option<NaiveTime> {
        let (hours, minutes) = self.day_starts_at.split_once(':')?;
        NaiveTime::from_hms_opt(hours.parse().ok()?, minutes.parse().ok()?, 0)
    }

    /// When a day begins.
    pub fn day_starts(&self) -> NaiveTime {
        self.day_start().unwrap_or(NaiveTime::MIN)
    }
}

fn line_of(text: &str, key: &str) -> Option<usize> {
    let found = text.lines().position(|line| {
        line.trim_start().strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='))
    });
    found.map(|line| line + 1)
}

/// Turns the parser's error into one line with place and the nearest option.
fn explain(cause: &toml::de::Error, text: &str, name: &str) -> Failure {
    let line =
        cause.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
    let message = cause.message().trim().replace('\n', " ");
    let failure = Failure::new(Exit::Usage, format!("{name}:{line}: {message}"));
    let mut quoted = message.split('`').skip(1).step_by(2);
    let nearest = quoted.next().filter(|_| message.starts_with("unknown")).and_then(|wrong| {
        quoted.map(|known| (strsim::damerau_levenshtein(wrong, known), known)).min()
    });
    match nearest {
        Some((distance, known)) if distance <= 3 => {
            failure.hint(format!("did you mean `{known}`?"))
        }
        _ => failure.hint("config.example.toml names every option"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_example_is_the_defaults() {
        let example = Config::parse(include_str!("../config.example.toml"), "example").unwrap();
        assert_eq!(Config { keys: BTreeMap::new(), ..example }, Config::default());
    }

    #[test]
    fn a_wrong_option_is_named_with_its_line_and_the_nearest() {
        let failure =
            Config::parse("color = \"never\"\n[reader]\nwidht = 70\n", "c.toml").unwrap_err();
        let said = failure.to_string();
        assert!(said.starts_with("error: c.toml:3: unknown field `widht`"), "{said}");
        assert!(said.ends_with("hint: did you mean `width`?"), "{said}");
    }

    #[test]
    fn a_value_out_of_range_is_named_with_its_line() {
        let said = Config::parse("\n\n[reader]\nwidth = 3\n", "c.toml").unwrap_err().to_string();
        assert!(said.contains("c.toml:4: reader.width = 3"), "{said}");
        assert!(Config::parse("day_starts_at = \"25:00\"", "c").is_err());
    }
}
