//! The closed list of units, and what a quantity measures.

use std::collections::BTreeMap;
use std::fmt;

/// What a quantity measures: base units (`B`, `s`, `USD`, a count) with their exponents, none zero.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dim(BTreeMap<String, i32>);

impl Dim {
    /// One base unit.
    pub fn base(name: &str) -> Dim {
        Dim(BTreeMap::from([(name.to_owned(), 1)]))
    }

    /// A plain number.
    pub fn is_none(&self) -> bool {
        self.0.is_empty()
    }

    /// Nothing but counts to the first power or below: what can be rounded to whole ones.
    pub fn is_count(&self) -> bool {
        self.0.keys().all(|name| !is_measure(name))
    }

    /// This times `other` to the power of `power`; none if an exponent is beyond all sense.
    pub fn times(&self, other: &Dim, power: i32) -> Option<Dim> {
        let mut dim = self.clone();
        for (name, exponent) in &other.0 {
            let sum = dim.0.get(name).unwrap_or(&0).checked_add(exponent.checked_mul(power)?)?;
            if sum.abs() > 99 {
                return None;
            }
            dim.0.insert(name.clone(), sum);
        }
        dim.0.retain(|_, exponent| *exponent != 0);
        Some(dim)
    }

    /// The square root; none where an exponent is odd.
    pub fn root(&self) -> Option<Dim> {
        let halves = self
            .0
            .iter()
            .map(|(name, exponent)| (exponent % 2 == 0).then(|| (name.clone(), exponent / 2)));
        halves.collect::<Option<_>>().map(Dim)
    }

    /// The same without its counts: what is left of `3,470 posts/s` in "3,470 a second".
    pub fn measures(&self) -> Dim {
        let kept = self.0.iter().filter(|(name, _)| is_measure(name));
        Dim(kept.map(|(name, exponent)| (name.clone(), *exponent)).collect())
    }
}

impl fmt::Display for Dim {
    /// `posts/s`, `USD/B/s`, `1/s`, `a plain number`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_none() {
            return f.write_str("a plain number");
        }
        let power = |exponent: i32| match exponent.abs() {
            1 => String::new(),
            n => format!("^{n}"),
        };
        let above: Vec<String> = self
            .0
            .iter()
            .filter(|(_, exponent)| **exponent > 0)
            .map(|(name, exponent)| {
                let name = if is_measure(name) { name.clone() } else { plural(name) };
                name + &power(*exponent)
            })
            .collect();
        f.write_str(if above.is_empty() { "1" } else { "" })?;
        f.write_str(&above.join(" "))?;
        // Time comes last: posts/user/s.
        let mut below: Vec<_> = self.0.iter().filter(|(_, exponent)| **exponent < 0).collect();
        below.sort_by_key(|(name, _)| *name == "s");
        for (name, exponent) in below {
            write!(f, "/{name}{}", power(*exponent))?;
        }
        Ok(())
    }
}

fn is_measure(name: &str) -> bool {
    matches!(name, "B" | "s" | "USD" | "EUR")
}

/// A unit: what it measures, and how many base units it is, as an expression for the engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// What it measures; none for `%` and `million`.
    pub dim: Dim,
    /// A number such as `1000` or `1/8`.
    pub factor: String,
}

/// The units that an estimate may use: the list, and what its `unit` lines declare.
#[derive(Debug, Clone, Default)]
pub struct Units {
    declared: Vec<String>,
}

const SCALES: [(&str, &str); 4] =
    [("thousand", "1000"), ("million", "10^6"), ("billion", "10^9"), ("trillion", "10^12")];

const DECIMAL: [(&str, &str); 9] = [
    ("", "1"),
    ("k", "10^3"),
    ("K", "10^3"),
    ("M", "10^6"),
    ("G", "10^9"),
    ("T", "10^12"),
    ("P", "10^15"),
    ("E", "10^18"),
    ("Z", "10^21"),
];

const BINARY: [(&str, &str); 6] = [
    ("Ki", "2^10"),
    ("Mi", "2^20"),
    ("Gi", "2^30"),
    ("Ti", "2^40"),
    ("Pi", "2^50"),
    ("Ei", "2^60"),
];

/// Each with its seconds. A year is 365 days and a month its twelfth part.
const TIMES: [(&[&str], &str); 10] = [
    (&["ns"], "1/10^9"),
    (&["us", "µs", "μs"], "1/10^6"),
    (&["ms"], "1/1000"),
    (&["s", "second", "seconds"], "1"),
    (&["min", "minute", "minutes"], "60"),
    (&["h", "hour", "hours"], "3600"),
    (&["day", "days"], "86400"),
    (&["week", "weeks"], "604800"),
    (&["month", "months"], "2628000"),
    (&["year", "years"], "31536000"),
];

/// What is counted everywhere: no line of an estimate has such a name.
const COUNTS: [&str; 12] = [
    "user",
    "post",
    "request",
    "message",
    "seat",
    "link",
    "click",
    "event",
    "connection",
    "server",
    "read",
    "write",
];

/// What is counted too. A line may still be called so (`row = 200 B/link`): then the word is the line's.
/// Others are declared by `unit rides`.
const MORE_COUNTS: [&str; 42] = [
    "account",
    "alert",
    "answer",
    "attempt",
    "buyer",
    "call",
    "client",
    "comment",
    "consumer",
    "customer",
    "device",
    "driver",
    "email",
    "error",
    "file",
    "follower",
    "image",
    "impression",
    "item",
    "job",
    "key",
    "machine",
    "node",
    "notification",
    "object",
    "order",
    "page",
    "partition",
    "payment",
    "person",
    "photo",
    "player",
    "query",
    "record",
    "row",
    "session",
    "shard",
    "task",
    "ticket",
    "token",
    "video",
    "worker",
];

impl Units {
    /// Adds the word of a `unit` line, singular or plural.
    pub fn declare(&mut self, word: &str) {
        if self.find(word).is_none() {
            self.declared.push(singular(word));
        }
    }

    /// A unit by its spelling, singular or plural; case matters (`MB`, not `mb`).
    pub fn find(&self, word: &str) -> Option<Unit> {
        let unit = |dim, factor: &str| Some(Unit { dim, factor: factor.to_owned() });
        if word == "%" {
            return unit(Dim::default(), "1/100");
        }
        if let Some((_, factor)) = SCALES.iter().find(|(name, _)| *name == word) {
            return unit(Dim::default(), factor);
        }
        if let Some((_, seconds)) = TIMES.iter().find(|(names, _)| names.contains(&word)) {
            return unit(Dim::base("s"), seconds);
        }
        if word == "USD" || word == "EUR" {
            return unit(Dim::base(word), "1");
        }
        if let Some(factor) = data(word) {
            return unit(Dim::base("B"), &factor);
        }
        let name = self.counts().find(|name| *name == word || plural(name) == word)?;
        unit(Dim::base(name), "1")
    }

    fn counts(&self) -> impl Iterator<Item = &str> {
        let listed = COUNTS.iter().chain(&MORE_COUNTS).copied();
        listed.chain(self.declared.iter().map(String::as_str))
    }

    /// Whether a word is a unit that no line may be called after.
    pub fn reserves(&self, word: &str) -> bool {
        let free = MORE_COUNTS.iter().any(|name| *name == word || plural(name) == word);
        !free && self.find(word).is_some()
    }

    /// Whether it is `thousand`, `million`, ...
    pub fn is_scale(word: &str) -> bool {
        SCALES.iter().any(|(name, _)| *name == word)
    }

    /// All spellings that a writer may have meant.
    pub fn words(&self) -> impl Iterator<Item = String> + '_ {
        let counts = self.counts().flat_map(|name| [name.to_owned(), plural(name)]);
        let times = TIMES.iter().flat_map(|(names, _)| names.iter().map(|n| (*n).to_owned()));
        let data = ["B", "KB", "MB", "GB", "TB", "PB", "KiB", "MiB", "GiB", "TiB", "bit", "Mbit"];
        let others = data.into_iter().chain(["Gbit", "USD", "EUR"]).map(str::to_owned);
        let scales = SCALES.iter().map(|(name, _)| (*name).to_owned());
        counts.chain(times).chain(others).chain(scales)
    }
}

/// Bytes of `KB`, `GiB`, `Mbit`, `bytes`.
fn data(word: &str) -> Option<String> {
    let (prefix, eighth) = if matches!(word, "byte" | "bytes") {
        ("", "")
    } else if let Some(prefix) = word.strip_suffix('B') {
        (prefix, "")
    } else {
        (word.strip_suffix("bits").or_else(|| word.strip_suffix("bit"))?, "/8")
    };
    let mut prefixes = DECIMAL.iter().chain(&BINARY);
    prefixes.find(|(name, _)| *name == prefix).map(|(_, factor)| format!("{factor}{eighth}"))
}

fn plural(word: &str) -> String {
    if word == "person" {
        return "people".to_owned();
    }
    let stem = &word[..word.len().saturating_sub(1)];
    match word.as_bytes() {
        [.., b'a' | b'e' | b'i' | b'o' | b'u', b'y'] => format!("{word}s"),
        [.., b'y'] => format!("{stem}ies"),
        [.., b's' | b'x'] | [.., b'c' | b's', b'h'] => format!("{word}es"),
        _ => format!("{word}s"),
    }
}

/// The word of which `plural` is `word`; the word itself where there is none.
fn singular(word: &str) -> String {
    let ends = [("ies", "y"), ("es", ""), ("s", "")];
    let stems = ends
        .iter()
        .filter_map(|(end, instead)| word.strip_suffix(end).map(|stem| format!("{stem}{instead}")));
    stems.into_iter().find(|stem| stem.len() > 1 && plural(stem) == word).unwrap_or(word.to_owned())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn factor(word: &str) -> Option<String> {
        Units::default().find(word).map(|unit| unit.factor)
    }

    #[test]
    fn data_has_decimal_and_binary_prefixes_and_bits_are_eighths() {
        assert_eq!(factor("KB").as_deref(), Some("10^3"));
        assert_eq!(factor("kB").as_deref(), Some("10^3"));
        assert_eq!(factor("KiB").as_deref(), Some("2^10"));
        assert_eq!(factor("Gbit").as_deref(), Some("10^9/8"));
        assert_eq!(factor("mb"), None);
    }

    #[test]
    fn a_year_has_365_days_and_twelve_equal_months() {
        assert_eq!(factor("year").unwrap().parse::<u64>().unwrap(), 365 * 86_400);
        assert_eq!(12 * factor("month").unwrap().parse::<u64>().unwrap(), 365 * 86_400);
    }

    #[test]
    fn the_units_of_the_engine_are_not_known() {
        for word in ["km", "chain", "kg", "mol", "c", "lightyear", "GBP", "dozen", "foo"] {
            assert_eq!(factor(word), None, "{word}");
        }
    }

    #[test]
    fn a_declared_unit_is_known_in_singular_and_plural() {
        let mut units = Units::default();
        for (declared, one, many) in
            [("trips", "trip", "trips"), ("copy", "copy", "copies"), ("boxes", "box", "boxes")]
        {
            units.declare(declared);
            assert_eq!(units.find(one).unwrap().dim, Dim::base(one));
            assert_eq!(units.find(many).unwrap().dim, Dim::base(one));
        }
    }

    #[test]
    fn common_counts_and_measures_are_reserved_and_the_others_are_not() {
        let units = Units::default();
        for word in ["users", "user", "writes", "month", "B", "million"] {
            assert!(units.reserves(word), "{word}");
        }
        for word in ["row", "rows", "members", "rate"] {
            assert!(!units.reserves(word), "{word}");
        }
    }

    #[test]
    fn counts_are_one_unit_in_singular_and_plural() {
        let units = Units::default();
        assert_eq!(units.find("queries").unwrap().dim, Dim::base("query"));
        assert_eq!(units.find("people").unwrap().dim, Dim::base("person"));
    }

    #[test]
    fn dimensions_are_written_as_an_author_writes_them() {
        let [post, s, usd] = ["post", "s", "USD"].map(Dim::base);
        assert_eq!(post.times(&s, -1).unwrap().to_string(), "posts/s");
        assert_eq!(
            usd.times(&Dim::base("B"), -1).unwrap().times(&s, -1).unwrap().to_string(),
            "USD/B/s"
        );
        assert_eq!(Dim::default().times(&s, -2).unwrap().to_string(), "1/s^2");
        assert_eq!(Dim::default().to_string(), "a plain number");
    }
}
