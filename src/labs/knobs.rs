//! Settings of a lab: typed, with a range and a default.

use crate::course::near;

/// One setting.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Knob {
    /// `servers`
    pub name: &'static str,
    /// What it is, a few words.
    pub help: &'static str,
    /// `ms`, `%`, empty.
    pub unit: &'static str,
    /// Which values it takes.
    pub kind: KnobKind,
}

/// Which values a knob takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum KnobKind {
    /// Whole numbers: default, least, most.
    Whole(u64, u64, u64),
    /// Numbers: default, least, most.
    Real(f64, f64, f64),
    /// One of these; the first is the default.
    Choice(&'static [&'static str]),
}

impl Knob {
    /// A whole number.
    pub const fn whole(
        name: &'static str,
        help: &'static str,
        unit: &'static str,
        (default, least, most): (u64, u64, u64),
    ) -> Knob {
        Knob { name, help, unit, kind: KnobKind::Whole(default, least, most) }
    }

    /// A number.
    pub const fn real(
        name: &'static str,
        help: &'static str,
        unit: &'static str,
        (default, least, most): (f64, f64, f64),
    ) -> Knob {
        Knob { name, help, unit, kind: KnobKind::Real(default, least, most) }
    }

    /// One of several; the first is the default.
    pub const fn choice(
        name: &'static str,
        help: &'static str,
        options: &'static [&'static str],
    ) -> Knob {
        Knob { name, help, unit: "", kind: KnobKind::Choice(options) }
    }

    /// Least and most; of a choice the indices.
    pub fn range(&self) -> (f64, f64) {
        match self.kind {
            KnobKind::Whole(_, least, most) => (least as f64, most as f64),
            KnobKind::Real(_, least, most) => (least, most),
            KnobKind::Choice(options) => (0.0, options.len().saturating_sub(1) as f64),
        }
    }

    /// The default; of a choice the index.
    pub fn default(&self) -> f64 {
        match self.kind {
            KnobKind::Whole(default, ..) => default as f64,
            KnobKind::Real(default, ..) => default,
            KnobKind::Choice(_) => 0.0,
        }
    }

    /// Reads a value as typed.
    ///
    /// # Errors
    /// What is wrong, with the range.
    pub fn read(&self, typed: &str) -> Result<f64, String> {
        let typed = typed.trim();
        if let KnobKind::Choice(options) = self.kind {
            let found = options.iter().position(|option| *option == typed);
            return found.map(|at| at as f64).ok_or_else(|| {
                format!("{} is one of {}, not \"{typed}\"", self.name, options.join(", "))
            });
        }
        let number = typed.strip_suffix(self.unit).unwrap_or(typed).trim().replace(['_', ','], "");
        let (least, most) = self.range();
        let whole = matches!(self.kind, KnobKind::Whole(..));
        match number.parse::<f64>() {
            Ok(value) if value >= least && value <= most && (!whole || value.fract() == 0.0) => {
                Ok(value)
            }
            _ => {
                let kind = if whole { "whole " } else { "" };
                let unit = if self.unit.is_empty() { "" } else { " " };
                Err(format!(
                    "{} is a {kind}number from {least} to {most}{unit}{}, not \"{typed}\"",
                    self.name, self.unit
                ))
            }
        }
    }

    /// A value as it is shown, without its unit.
    pub fn show(&self, value: f64) -> String {
        match self.kind {
            KnobKind::Choice(options) => {
                options.get(value as usize).copied().unwrap_or_default().to_string()
            }
            _ => format!("{value}"),
        }
    }
}

/// The settings of one run.
#[derive(Debug, Clone, PartialEq)]
pub struct Knobs {
    of: &'static [Knob],
    values: Vec<f64>,
}

impl Knobs {
    /// All as they come.
    pub fn new(of: &'static [Knob]) -> Self {
        Knobs { of, values: of.iter().map(Knob::default).collect() }
    }

    /// Each knob with its value.
    pub fn iter(&self) -> impl Iterator<Item = (&'static Knob, f64)> {
        self.of.iter().zip(self.values.iter().copied())
    }

    /// Sets one by name, as typed.
    ///
    /// # Errors
    /// There is no such knob (the nearest is named), or the value is out of its range.
    pub fn set(&mut self, name: &str, typed: &str) -> Result<(), String> {
        let Some(at) = self.of.iter().position(|knob| knob.name == name) else {
            let names: Vec<&str> = self.of.iter().map(|knob| knob.name).collect();
            return Err(match near::nearest(name, names.iter().copied()) {
                Some(near) => format!("no knob \"{name}\"; \"{near}\"?"),
                None => format!("no knob \"{name}\"; there are {}", names.join(", ")),
            });
        };
        self.values[at] = self.of[at].read(typed)?;
        Ok(())
    }

    /// Moves one by a step (`up` or down) within its range: a choice to the next, a whole number by about a tenth of it, a
    /// number by a tenth.
    pub fn step(&mut self, at: usize, up: bool) {
        let (Some(knob), Some(value)) = (self.of.get(at), self.values.get_mut(at)) else { return };
        let (least, most) = knob.range();
        let sign = if up { 1.0 } else { -1.0 };
        let by = match knob.kind {
            KnobKind::Choice(_) => 1.0,
            KnobKind::Whole(..) => (*value / 10.0).abs().floor().max(1.0),
            KnobKind::Real(..) => (value.abs() / 10.0).max((most - least) / 1000.0),
        };
        let moved = (*value + sign * by).clamp(least, most);
        // Tenths of tenths would end in a tail of digits.
        *value = match knob.kind {
            KnobKind::Real(..) => format!("{moved:.3e}").parse().unwrap_or(moved),
            _ => moved,
        };
        *value = value.clamp(least, most);
    }

    /// Those that were not left as they come, by name, as they are shown.
    pub fn changed(&self) -> Vec<(String, String)> {
        let changed =
            self.iter().filter(|(knob, value)| knob.default().to_bits() != value.to_bits());
        changed.map(|(knob, value)| (knob.name.to_string(), knob.show(value))).collect()
    }

    /// A number by name. A lab asks only for its own knobs; a test runs each.
    pub fn real(&self, name: &str) -> f64 {
        let found = self.of.iter().position(|knob| knob.name == name);
        debug_assert!(found.is_some(), "no knob {name}");
        found.map_or(0.0, |at| self.values[at])
    }

    /// A whole number by name.
    pub fn whole(&self, name: &str) -> usize {
        self.real(name) as usize
    }

    /// A choice by name.
    pub fn choice(&self, name: &str) -> &'static str {
        let found = self.iter().find(|(knob, _)| knob.name == name);
        match found {
            Some((Knob { kind: KnobKind::Choice(options), .. }, value)) => {
                options.get(value as usize).copied().unwrap_or_default()
            }
            _ => "",
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const KNOBS: &[Knob] = &[
        Knob::whole("servers", "on the ring", "", (10, 1, 1000)),
        Knob::real("load", "of a server", "%", (90.0, 1.0, 99.9)),
        Knob::choice("hash", "how keys are placed", &["ring", "modulo"]),
    ];

    #[test]
    fn values_are_read_as_people_type_them() {
        let mut knobs = Knobs::new(KNOBS);
        knobs.set("servers", "1_000").unwrap();
        knobs.set("load", "45.5 %").unwrap();
        knobs.set("hash", "modulo").unwrap();
        assert_eq!((knobs.whole("servers"), knobs.choice("hash")), (1000, "modulo"));
        assert!((knobs.real("load") - 45.5).abs() < 1e-9);
    }

    #[test]
    fn a_step_stays_within_the_range_and_tells_what_was_changed() {
        let mut knobs = Knobs::new(KNOBS);
        assert!(knobs.changed().is_empty());
        for _ in 0..100 {
            knobs.step(0, true);
            knobs.step(1, true);
            knobs.step(2, true);
        }
        assert_eq!((knobs.whole("servers"), knobs.choice("hash")), (1000, "modulo"));
        assert!((knobs.real("load") - 99.9).abs() < 1e-9);
        for _ in 0..200 {
            knobs.step(0, false);
        }
        assert_eq!(knobs.changed()[0], ("servers".to_string(), "1".to_string()));
        knobs.step(9, true);
    }

    #[test]
    fn a_wrong_value_is_answered_with_the_range_and_changes_nothing() {
        let mut knobs = Knobs::new(KNOBS);
        let before = knobs.clone();
        for (name, typed, said) in [
            ("servers", "0", "servers is a whole number from 1 to 1000, not \"0\""),
            ("servers", "1.5", "servers is a whole number from 1 to 1000, not \"1.5\""),
            ("load", "NaN", "load is a number from 1 to 99.9 %, not \"NaN\""),
            ("hash", "jmup", "hash is one of ring, modulo, not \"jmup\""),
            ("server", "3", "no knob \"server\"; \"servers\"?"),
        ] {
            assert_eq!(knobs.set(name, typed), Err(said.to_string()));
        }
        assert_eq!(knobs, before);
    }
}
