//! What Tab moves over and Enter follows: links, questions, neighbours.

use std::ops::Range;

use super::super::message::{Ctx, Effect, Goal};
use super::super::rows;
use super::{Focus, Reader};
use crate::course::{Entry, blocks};
use crate::markdown::{Kind, Spot, Target};
use crate::progress::{KeptWhat, State};

impl<'c> Reader<'c> {
    pub(super) fn at_cell(&self, column: u16, row: u16) -> Option<Focus> {
        if !self.text_area.contains((column, row).into()) {
            return None;
        }
        let index = self.top + usize::from(row - self.text_area.y);
        let shown = self.page.rows.get(index)?;
        if let Some(link) =
            rows::link_at(&self.document, shown, usize::from(column - self.text_area.x))
        {
            return Some(Focus::Link(link));
        }
        let block = shown.block as usize;
        matches!(self.document.blocks.get(block)?.kind, Kind::Question(_))
            .then_some(Focus::Question(block))
    }

    /// Rows on the screen.
    pub(super) fn visible_rows(&self) -> Range<usize> {
        let end = (self.top + usize::from(self.height)).min(self.page.rows.len());
        self.top.min(end)..end
    }

    /// Links, questions, blocks to copy and the reader's notes on the screen, in order.
    pub(super) fn visible_focuses(&self) -> Vec<Focus> {
        let mut found: Vec<Focus> = Vec::new();
        let mut add = |focus: Focus| {
            if !found.contains(&focus) {
                found.push(focus);
            }
        };
        for index in self.visible_rows() {
            let notes = self.kept.iter().enumerate().filter(|(_, here)| {
                matches!(here.kept.what, KeptWhat::Note(_)) && self.page.row_of(here.spot) == index
            });
            notes.for_each(|(note, _)| add(Focus::Note(note)));
            let row = &self.page.rows[index];
            let block = row.block as usize;
            match self.document.blocks.get(block).map(|block| &block.kind) {
                Some(Kind::Question(_)) => add(Focus::Question(block)),
                Some(Kind::Code { .. } | Kind::Transcript | Kind::Estimate { .. }) => {
                    add(Focus::Block(block));
                }
                _ => {}
            }
            rows::links_in(row).for_each(|link| add(Focus::Link(link)));
        }
        found
    }

    pub(super) fn move_focus(&mut self, forward: bool) {
        let visible = self.visible_focuses();
        let at = self.focus.and_then(|focus| visible.iter().position(|f| *f == focus));
        self.focus = match (at, forward) {
            (None, true) => visible.first(),
            (None, false) => visible.last(),
            (Some(i), true) => visible.get(i + 1).or(visible.first()),
            (Some(i), false) => i.checked_sub(1).map_or(visible.last(), |i| visible.get(i)),
        }
        .copied();
    }

    /// Follows the focus; without one, the first question on the screen.
    pub(super) fn enter(&mut self, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        let focus = self.focus.or_else(|| {
            let hidden =
                |f: &Focus| matches!(f, Focus::Question(b) if !self.options.revealed.contains(b));
            let visible = self.visible_focuses();
            let questions = visible.iter().filter(|f| matches!(f, Focus::Question(_)));
            questions.clone().find(|f| hidden(f)).or(questions.clone().next()).copied()
        });
        match focus {
            None => Vec::new(),
            Some(Focus::Question(block)) => {
                self.relayout(|options| {
                    if !options.revealed.remove(&block) {
                        options.revealed.insert(block);
                    }
                });
                Vec::new()
            }
            Some(Focus::Block(block)) => match self.estimate_at(block) {
                Some(name) => vec![Effect::Estimate(self.entry, name)],
                None => self.copy(),
            },
            Some(Focus::Note(index)) => {
                self.edit_note(index, ctx);
                Vec::new()
            }
            Some(Focus::Link(index)) => match self.document.links.get(index) {
                Some(link) => self.follow(&link.target.clone(), ctx),
                None => Vec::new(),
            },
        }
    }

    fn follow(&mut self, target: &Target, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        let here = self.page.spot_of(self.top);
        let to = match target {
            Target::Lesson { slug, heading } if slug.is_empty() || *slug == self.entry.slug => {
                let heading = heading.as_deref().unwrap_or_default();
                self.document.headings.iter().find(|h| h.id == heading).map(|h| h.block)
            }
            Target::Lesson { slug, heading } => {
                return vec![match ctx.course.by_slug(slug) {
                    Some(entry) if entry.draft => {
                        Effect::Say(format!("{} is not written yet: {}", entry.title, entry.gist))
                    }
                    Some(entry) => {
                        Effect::Open(entry, heading.clone().map_or(Goal::Stopped, Goal::Heading))
                    }
                    None => Effect::Say(format!("no lesson \"{slug}\" in this course")),
                }];
            }
            Target::Note { block, .. } => *block,
            Target::Result(name) => self.estimate(name),
            Target::Lab(name) => {
                return vec![match crate::labs::find(name) {
                    Some(lab) => Effect::Lab(lab.name.to_string()),
                    None => Effect::Say(format!("the lab {name} is not in this version yet")),
                }];
            }
            Target::Url(_) => return self.copy(),
        };
        match to {
            None => vec![Effect::Say("that place is not in this lesson".into())],
            Some(block) => {
                self.trail.push(here);
                self.go(Spot { block, offset: 0 });
                Vec::new()
            }
        }
    }

    /// The estimate that a block shows.
    fn estimate_at(&self, block: usize) -> Option<String> {
        let fence = self.document.fences.iter().rfind(|fence| fence.at <= block)?;
        match &fence.block {
            blocks::Block::Estimate(estimate)
                if matches!(self.document.blocks.get(block)?.kind, Kind::Estimate { .. }) =>
            {
                Some(estimate.name.clone())
            }
            _ => None,
        }
    }

    /// The first estimate on the screen, else the last one above it.
    pub fn estimate_on_screen(&self) -> Option<String> {
        let end = self.page.rows.get(self.visible_rows().end.saturating_sub(1))?.block as usize;
        let start = self.page.rows.get(self.top)?.block as usize;
        let estimates = self.document.fences.iter().filter_map(|fence| match &fence.block {
            blocks::Block::Estimate(estimate) => Some((fence.at, &estimate.name)),
            _ => None,
        });
        let before: Vec<(usize, &String)> = estimates.filter(|(at, _)| *at <= end).collect();
        let on = before.iter().find(|(at, _)| *at >= start).or(before.last());
        on.map(|(_, name)| (*name).clone())
    }

    /// The block that shows the estimate of `feed.stored`.
    fn estimate(&self, name: &str) -> Option<usize> {
        let estimate = name.split('.').next()?;
        let fences = self.document.fences.iter();
        let found =
            fences.filter(|f| matches!(&f.block, blocks::Block::Estimate(e) if e.name == estimate));
        found.map(|fence| fence.at).next()
    }

    pub(super) fn neighbour(&self, next: bool, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        let track = ctx.progress.track().and_then(|id| ctx.course.track(id));
        let mut order = ctx.course.order(track);
        if !order.iter().any(|entry| entry.slug == self.entry.slug) {
            order = ctx.course.order(None);
        }
        let at = order.iter().position(|entry| entry.slug == self.entry.slug);
        let to = match (at, next) {
            (Some(at), true) => order.get(at + 1),
            (Some(at), false) => at.checked_sub(1).and_then(|at| order.get(at)),
            (None, _) => None,
        };
        vec![match to {
            Some(entry) => Effect::Replace(entry),
            None if next => Effect::Say("this is the last lesson".into()),
            None => Effect::Say("this is the first lesson".into()),
        }]
    }

    /// Lessons that this one builds on and that are written and unread.
    pub(super) fn unread_needs(&self, ctx: &Ctx<'_, 'c>) -> Vec<&'c Entry> {
        let needs = self.entry.needs.iter().filter_map(|slug| ctx.course.by_slug(slug));
        needs
            .filter(|need| !need.draft && ctx.progress.lesson(&need.slug).state != State::Read)
            .collect()
    }

    pub(super) fn needs(&self, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        match self.unread_needs(ctx).first() {
            Some(entry) => vec![Effect::Open(entry, Goal::Stopped)],
            None => vec![Effect::Say("all that this lesson builds on is read".into())],
        }
    }
}
