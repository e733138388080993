//! The one table of keys: it handles them, and it makes the `?` page, the README's table and `[keys]` of the
//! configuration.

mod chord;
mod table;

use std::collections::BTreeMap;
use std::fmt;

use crate::config::Keys;
use crate::error::{Exit, Failure, Outcome};

pub use chord::Chord;
pub use table::{Action, Binding, Scope, TABLE};

/// What a sequence of strokes is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// Bound.
    Action(Action),
    /// The start of something bound.
    Prefix,
    /// Nothing.
    None,
}

/// The table with the reader's own keys in it.
#[derive(Debug, Clone)]
pub struct Keymap {
    bound: Vec<(Scope, Action, String, Vec<Chord>)>,
}

impl Keymap {
    /// From `[keys.SCREEN]`; `name` is the configuration file, for errors.
    ///
    /// # Errors
    /// A screen, an action or a key that does not exist, each with the nearest that does.
    pub fn new(own: &BTreeMap<String, BTreeMap<String, Keys>>, name: &str) -> Outcome<Self> {
        for (screen, actions) in own {
            let of_screen: Vec<&Binding> =
                TABLE.iter().filter(|b| b.scope.name() == screen).collect();
            if of_screen.is_empty() {
                let known = [
                    "all", "library", "reader", "outline", "select", "menu", "review", "designs",
                    "rehearse", "rubric",
                ];
                return Err(unknown(name, &format!("[keys.{screen}]"), screen, &known));
            }
            for action in actions.keys() {
                if !of_screen.iter().any(|b| b.name == action) {
                    let known: Vec<&str> = of_screen.iter().map(|b| b.name).collect();
                    return Err(unknown(
                        name,
                        &format!("[keys.{screen}] {action}"),
                        action,
                        &known,
                    ));
                }
            }
        }
        let mut bound = Vec::new();
        for binding in TABLE {
            let given = own.get(binding.scope.name()).and_then(|actions| actions.get(binding.name));
            let keys: Vec<String> = match given {
                Some(keys) => keys.list().to_vec(),
                None => binding.keys.iter().map(ToString::to_string).collect(),
            };
            for key in keys {
                let chords = Chord::sequence(&key).ok_or_else(|| {
                    let place = format!("{name}: [keys.{}] {}", binding.scope.name(), binding.name);
                    Failure::new(Exit::Usage, format!("{place}: \"{key}\" is no key"))
                        .hint("keys are written \"o\", \"G\", \"ctrl-d\", \"enter\", \"space\", \"pagedown\", \"f1\", \"g g\"")
                })?;
                bound.push((binding.scope, binding.action, key, chords));
            }
        }
        Ok(Keymap { bound })
    }

    /// What the strokes mean on a screen. The screen's own keys win over those of all screens.
    pub fn find(&self, scope: Scope, strokes: &[Chord]) -> Match {
        let mut prefix = false;
        for at in [scope, Scope::All] {
            for (_, action, _, chords) in self.bound.iter().filter(|(s, ..)| *s == at) {
                if chords == strokes {
                    return Match::Action(*action);
                }
                prefix |= chords.len() > strokes.len() && chords.starts_with(strokes);
            }
        }
        if prefix { Match::Prefix } else { Match::None }
    }

    /// Whether a stroke is bound on exactly this screen: where letters are text, no other binding counts.
    pub fn own(&self, scope: Scope, stroke: Chord) -> bool {
        self.bound.iter().any(|(s, _, _, chords)| *s == scope && chords[..] == [stroke])
    }

    /// The first key of an action on a screen, for hints at the bottom.
    pub fn key(&self, scope: Scope, action: Action) -> &str {
        [scope, Scope::All]
            .iter()
            .find_map(|at| self.bound.iter().find(|(s, a, ..)| s == at && *a == action))
            .map_or("", |(_, _, key, _)| key)
    }

    /// Those keys of an action of all screens that mean it on this one too: not those that the screen uses otherwise,
    /// and where letters are text only a few.
    pub fn shared(&self, scope: Scope, action: Action) -> String {
        let text = |key: &str| ["ctrl-c", "ctrl-z", "ctrl-l", "f1"].contains(&key);
        let of_action = self.bound.iter().filter(|(s, a, key, chords)| {
            let taken = self.bound.iter().any(|(o, _, _, own)| *o == scope && own == chords);
            *s == Scope::All && *a == action && !taken && (!scope.is_text() || text(key))
        });
        of_action.map(|(_, _, key, _)| key.replace(' ', "")).collect::<Vec<_>>().join(" ")
    }

    /// All keys of an action on exactly this scope, for the page of keys.
    pub fn keys(&self, scope: Scope, action: Action) -> String {
        let of_action = self.bound.iter().filter(|(s, a, ..)| *s == scope && *a == action);
        of_action.map(|(_, _, key, _)| key.replace(' ', "")).collect::<Vec<_>>().join(" ")
    }
}

impl fmt::Display for Keymap {
    /// The table in markdown, as the README has it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| where | keys | what | name |\n|---|---|---|---|")?;
        for binding in TABLE {
            let keys = self.keys(binding.scope, binding.action);
            let keys: Vec<String> = keys.split(' ').map(|key| format!("`{key}`")).collect();
            let (scope, help, name) = (binding.scope.name(), binding.help, binding.name);
            writeln!(f, "| {scope} | {} | {help} | `{name}` |", keys.join(" "))?;
        }
        Ok(())
    }
}

fn unknown(file: &str, place: &str, given: &str, known: &[&str]) -> Failure {
    let failure = Failure::new(Exit::Usage, format!("{file}: {place} does not exist"));
    let nearest = known.iter().min_by_key(|name| strsim::damerau_levenshtein(given, name));
    match nearest {
        Some(name) if strsim::damerau_levenshtein(given, name) <= 3 => {
            failure.hint(format!("did you mean `{name}`?"))
        }
        _ => failure.hint(format!("there are {}", known.join(", "))),
    }
}

/// Strokes and a count that are not an action yet.
#[derive(Debug, Clone, Default)]
pub struct Pending {
    strokes: Vec<Chord>,
    count: Option<u32>,
}

impl Pending {
    /// Takes a stroke; gives the action that it completes, with its count.
    pub fn press(
        &mut self,
        keymap: &Keymap,
        scope: Scope,
        chord: Chord,
    ) -> Option<(Action, Option<u32>)> {
        if self.strokes.is_empty()
            && let Some(digit) = chord.digit()
            && (digit > 0 || self.count.is_some())
        {
            let count = self.count.unwrap_or(0).saturating_mul(10).saturating_add(digit);
            self.count = Some(count.min(99_999));
            return None;
        }
        self.strokes.push(chord);
        match keymap.find(scope, &self.strokes) {
            Match::Action(action) => {
                self.strokes.clear();
                Some((action, self.count.take()))
            }
            Match::Prefix => None,
            Match::None => {
                *self = Pending::default();
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn keymap() -> Keymap {
        Keymap::new(&BTreeMap::new(), "config.toml").unwrap()
    }

    fn press(text: &str) -> Vec<(Action, Option<u32>)> {
        let (keymap, mut pending) = (keymap(), Pending::default());
        Chord::sequence(text)
            .unwrap()
            .into_iter()
            .filter_map(|chord| pending.press(&keymap, Scope::Reader, chord))
            .collect()
    }

    #[test]
    fn counts_and_sequences_are_as_in_vim() {
        assert_eq!(press("1 2 j"), [(Action::Down, Some(12))]);
        assert_eq!(press("g g"), [(Action::Top, None)]);
        assert_eq!(press("g x j"), [(Action::Down, None)], "a broken sequence is forgotten");
        assert_eq!(press("3 z j"), [(Action::Down, None)], "and so is its count");
    }

    #[test]
    fn a_screen_may_use_a_key_otherwise() {
        let keymap = keymap();
        let space = [Chord::parse("space").unwrap()];
        assert_eq!(keymap.find(Scope::Reader, &space), Match::Action(Action::PageDown));
        assert_eq!(keymap.find(Scope::Library, &space), Match::Action(Action::Fold));
    }

    #[test]
    fn no_key_of_a_screen_means_two_things() {
        for scope in
            [Scope::All, Scope::Library, Scope::Reader, Scope::Outline, Scope::Select, Scope::Menu]
        {
            let mut seen: Vec<&str> = Vec::new();
            for key in TABLE.iter().filter(|b| b.scope == scope).flat_map(|b| b.keys) {
                assert!(!seen.contains(key), "{} has {key} twice", scope.name());
                seen.push(key);
            }
        }
    }

    #[test]
    fn the_page_of_keys_names_no_key_twice() {
        let keymap = keymap();
        for scope in TABLE.iter().map(|b| b.scope).filter(|scope| *scope != Scope::All) {
            let own = |action| TABLE.iter().any(|b| b.scope == scope && b.action == action);
            let mut keys: Vec<String> = Vec::new();
            for b in TABLE.iter().filter(|b| b.scope == scope) {
                keys.push(keymap.keys(scope, b.action));
            }
            for b in TABLE.iter().filter(|b| b.scope == Scope::All && !own(b.action)) {
                keys.push(keymap.shared(scope, b.action));
            }
            let mut seen: Vec<&str> = Vec::new();
            for key in keys.iter().flat_map(|keys| keys.split_whitespace()) {
                assert!(!seen.contains(&key), "{} has {key} twice", scope.name());
                seen.push(key);
            }
        }
        assert_eq!(keymap.shared(Scope::Rehearse, Action::Quit), "ctrl-c", "q is text");
    }

    #[test]
    fn own_keys_replace_the_default_and_wrong_ones_are_named() {
        let own = |text: &str| crate::config::Config::parse(text, "c").unwrap().keys;
        let keymap = Keymap::new(&own("[keys.reader]\nmark = \"x\""), "c").unwrap();
        assert_eq!(keymap.keys(Scope::Reader, Action::Mark), "x");
        for (text, part) in [
            ("[keys.raeder]\nmark = \"x\"", "did you mean `reader`?"),
            ("[keys.reader]\nmrak = \"x\"", "did you mean `mark`?"),
            ("[keys.reader]\nmark = \"ctrl-\"", "\"ctrl-\" is no key"),
        ] {
            let said = Keymap::new(&own(text), "c").unwrap_err().to_string();
            assert!(said.contains(part), "{said}");
        }
    }
}
