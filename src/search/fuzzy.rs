//! Names by a few of their letters, best first (helix's matcher).

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// Share of the best score below which a name is left out. Assumed.
const FAR: f64 = 0.6;

/// The matcher with its buffers, for asking at each key.
pub struct Fuzzy(Matcher);

impl Default for Fuzzy {
    fn default() -> Self {
        Fuzzy(Matcher::new(Config::DEFAULT))
    }
}

impl Fuzzy {
    /// Indices of the names that hold the letters of `query` in order (words of the query apart), best first; those of
    /// the same score keep their order. An empty query gives all.
    pub fn rank<'a>(&mut self, query: &str, names: impl Iterator<Item = &'a str>) -> Vec<usize> {
        let pattern = Pattern::parse(query, CaseMatching::Smart, Normalization::Smart);
        let mut letters = Vec::new();
        let scored = names.enumerate().filter_map(|(index, name)| {
            let score = pattern.score(Utf32Str::new(name, &mut letters), &mut self.0)?;
            Some((std::cmp::Reverse(score), index))
        });
        let mut scored: Vec<_> = scored.collect();
        scored.sort_unstable();
        // Letters strewn over a long name are no answer once a name has them together.
        let best = scored.first().map_or(0, |(score, _)| score.0);
        scored.retain(|(score, _)| f64::from(score.0) >= f64::from(best) * FAR);
        scored.into_iter().map(|(_, index)| index).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_in_order_find_a_name_and_the_nearer_comes_first() {
        let names = ["Little's law", "Lost update", "Caching", "Isolation levels"];
        let mut fuzzy = Fuzzy::default();
        let mut rank = |query| fuzzy.rank(query, names.iter().copied());
        assert_eq!(rank("lst"), [1], "l, s, t in order");
        assert_eq!(rank("law")[0], 0);
        assert_eq!(rank(""), [0, 1, 2, 3]);
        assert_eq!(rank("zz"), [0_usize; 0]);
    }
}
