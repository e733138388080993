//! Searching in the lesson: as one types, next and previous, and the row numbers of `:`.

use super::super::keymap::{Action, Scope};
use super::super::message::{Ctx, Effect};
use super::{Mode, Prompt, Reader};
use crate::markdown::{self, Spot};
use crate::search::{self, Hit};

/// What is searched, and where it was found. Hits are ranges of blocks, so that a resize moves none.
pub(super) struct Search {
    pub words: String,
    pub hits: Vec<Hit>,
    /// The hit that the reader stands on.
    pub current: Option<usize>,
    /// The words may stand apart, as a search over all lessons finds them.
    apart: bool,
}

impl Search {
    pub fn new(words: &str) -> Search {
        Search { words: words.into(), hits: Vec::new(), current: None, apart: false }
    }

    pub fn apart(words: &str) -> Search {
        Search { apart: true, ..Search::new(words) }
    }
}

impl<'c> Reader<'c> {
    /// Searches again: another text, or other answers shown.
    pub(super) fn search_again(&mut self) {
        let Some(search) = &mut self.search else { return };
        let revealed = (!self.options.reveal_all).then_some(&self.options.revealed);
        let before = search.current.and_then(|at| search.hits.get(at)).cloned();
        search.hits = search::in_document(&self.document, &search.words, revealed);
        if search.hits.is_empty() && search.apart {
            let words: Vec<&str> = search.words.split_whitespace().collect();
            for word in words {
                search.hits.extend(search::in_document(&self.document, word, revealed));
            }
            search.hits.sort_by_key(|hit| (hit.block, hit.range.start, hit.range.end));
            search.hits.dedup_by(|b, a| a.block == b.block && b.range.start < a.range.end);
        }
        search.current = before.and_then(|hit| search.hits.iter().position(|h| *h == hit));
    }

    /// At each letter typed: the first place from where the search began.
    pub(super) fn search_as_typed(&mut self) {
        let Mode::Prompt(Prompt::Search { from }, field) = &self.mode else { return };
        let (from, words) = (*from, field.text().to_string());
        self.search = (!words.is_empty()).then(|| Search::new(&words));
        self.search_again();
        self.go(from);
        if let Some(at) = self.first_from(self.page.row_of(from)) {
            self.stand_on(at);
        }
    }

    /// The first hit on a row or below it; around the end.
    fn first_from(&self, row: usize) -> Option<usize> {
        let search = self.search.as_ref().filter(|search| !search.hits.is_empty())?;
        let from = self.page.spot_of(row);
        let below = search.hits.partition_point(|hit| spot(hit) < from);
        Some(if below < search.hits.len() { below } else { 0 })
    }

    fn stand_on(&mut self, at: usize) {
        let Some(search) = &mut self.search else { return };
        search.current = Some(at);
        if let Some(row) = search.hits.get(at).and_then(|hit| self.page.row_showing(spot(hit))) {
            self.show_row(row);
        }
    }

    /// `n` and `N`.
    pub(super) fn search_on(
        &mut self,
        forward: bool,
        times: usize,
        ctx: &Ctx<'_, 'c>,
    ) -> Vec<Effect<'c>> {
        let say = |said: String| vec![Effect::Say(said)];
        let Some(search) = &self.search else {
            let key = ctx.keymap.key(Scope::Reader, Action::Search);
            return say(format!("nothing is searched; {key} begins"));
        };
        let count = search.hits.len();
        if count == 0 {
            return say(self.nothing_found(ctx));
        }
        let (at, around) = match search.current {
            Some(at) => {
                let around = if forward { at + times >= count } else { at < times };
                let times = times % count;
                let to = if forward { at + times } else { at + count - times };
                (to % count, around)
            }
            None if forward => (self.first_from(self.top).unwrap_or(0), false),
            None => {
                let first = self.first_from(self.top).unwrap_or(0);
                ((first + count - 1) % count, first == 0)
            }
        };
        self.stand_on(at);
        if !around {
            return Vec::new();
        }
        say(format!("around the {}: {}", if forward { "end" } else { "top" }, self.counter()))
    }

    /// `3 of 17`
    pub(super) fn counter(&self) -> String {
        let Some(search) = &self.search else { return String::new() };
        match (search.current, search.hits.len()) {
            (_, 0) => "not found".into(),
            (Some(at), count) => format!("{} of {count}", at + 1),
            (None, count) => format!("{count} found"),
        }
    }

    /// Why nothing is found: it may stand in an answer that is not shown.
    pub(super) fn nothing_found(&self, ctx: &Ctx<'_, 'c>) -> String {
        let Some(search) = &self.search else { return String::new() };
        let hidden = search::in_document(&self.document, &search.words, None).len();
        let words = &search.words;
        if hidden > 0 {
            let key = ctx.keymap.key(Scope::Reader, Action::Answers);
            format!("\"{words}\" stands only in answers not shown; {key} shows all")
        } else {
            let key = ctx.keymap.key(Scope::All, Action::SearchAll);
            format!("\"{words}\" is not in this lesson; {key} searches all")
        }
    }

    /// `50%`, `120`; false if it is neither.
    pub(super) fn go_to(&mut self, typed: &str) -> bool {
        let typed = typed.trim();
        let number = |text: &str| text.trim().parse::<u32>().ok();
        let row = match typed.strip_suffix('%') {
            Some(share) => number(share).map(|share| {
                let share = f64::from(share.min(100)) / 100.0;
                self.page.row_of(markdown::spot_at_share(&self.document, share))
            }),
            None => number(typed).map(|row| row.saturating_sub(1) as usize),
        };
        if let Some(row) = row {
            self.trail.push(self.page.spot_of(self.top));
            self.scroll_to(row);
        }
        row.is_some()
    }
}

fn spot(hit: &Hit) -> Spot {
    Spot { block: hit.block as usize, offset: hit.range.start }
}
