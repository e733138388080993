//! Progress summed up, and the days before the one aimed at: two pages, and a field for that day.

mod draw;

use crossterm::event::{MouseEvent, MouseEventKind};

use super::field::{Field, Typed};
use super::keymap::{Action, Chord, Scope};
use super::message::{Ctx, Effect};
use super::scroll::Scroll;
use crate::journal::What;
use crate::recall::{Deck, Schedule};
use crate::report::{Plan, Stats, aim};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Page {
    Stats,
    Plan,
}

/// The screen.
pub struct StatsScreen<'c> {
    page: Page,
    stats: Stats,
    /// None without a day to aim at, or when it is past or far off.
    plan: Option<Plan<'c>>,
    /// The day being written.
    typing: Option<Field>,
    /// What is wrong with it.
    wrong: Option<String>,
    scroll: Scroll,
}

impl<'c> StatsScreen<'c> {
    /// The first page, as of now.
    pub fn new(ctx: &Ctx<'_, 'c>) -> Self {
        let (stats, plan) = sum_up(ctx);
        StatsScreen {
            page: Page::Stats,
            stats,
            plan,
            typing: None,
            wrong: None,
            scroll: Scroll::default(),
        }
    }

    /// The journal has changed, or the screen above was left.
    pub fn recorded(&mut self, ctx: &Ctx<'_, 'c>) {
        (self.stats, self.plan) = sum_up(ctx);
    }

    /// What is typed goes into the field, while it is open.
    pub fn raw_key(&mut self, chord: Chord, ctx: &Ctx<'_, 'c>) -> Option<Vec<Effect<'c>>> {
        let field = self.typing.as_mut()?;
        let typed = field.key(chord);
        let text = field.text().trim().to_string();
        Some(match typed {
            Typed::Other => return None,
            Typed::Changed => {
                self.wrong = None;
                Vec::new()
            }
            Typed::Left => {
                (self.typing, self.wrong) = (None, None);
                Vec::new()
            }
            Typed::Done => self.aim_at(&text, ctx),
        })
    }

    /// The day that was written, in the place of the one before; nothing written ends the aim.
    fn aim_at(&mut self, text: &str, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        let old = ctx.progress.aim();
        let (what, said) = if text.is_empty() {
            (What::Aim { by: None, minutes: None }, "no day is aimed at any more")
        } else {
            match aim::read(text, ctx.progress.today(ctx.now.wall)) {
                Ok((by, minutes)) => {
                    let minutes = minutes.or(old.and_then(|aim| aim.minutes));
                    (What::Aim { by: Some(by), minutes }, "the plan is laid")
                }
                Err(wrong) => {
                    self.wrong = Some(wrong);
                    return Vec::new();
                }
            }
        };
        (self.typing, self.wrong, self.page, self.scroll.top) = (None, None, Page::Plan, 0);
        if text.is_empty() && old.is_none() {
            return Vec::new();
        }
        let undo = ctx.keymap.key(Scope::All, Action::UndoAct);
        vec![Effect::Record(vec![what]), Effect::Say(format!("{said}; {undo} takes it back"))]
    }

    /// Pasted text goes into the field, while it is open.
    pub fn paste(&mut self, pasted: &str) {
        if let Some(field) = &mut self.typing {
            field.paste(pasted);
            self.wrong = None;
        }
    }

    /// Does what a key means.
    pub fn act(&mut self, action: Action, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        match action {
            Action::FocusNext => {
                self.page = if self.page == Page::Stats { Page::Plan } else { Page::Stats };
                self.scroll.top = 0;
            }
            Action::AimAt => {
                let old = ctx.progress.aim().map(|aim| match aim.minutes {
                    Some(minutes) => format!("{} {minutes} min", aim.by),
                    None => aim.by.to_string(),
                });
                self.typing = Some(Field::new(&old.unwrap_or_default()));
            }
            Action::Back => return vec![Effect::Back],
            _ => drop(self.scroll.act(action)),
        }
        Vec::new()
    }

    /// The wheel scrolls.
    pub fn mouse(&mut self, mouse: MouseEvent, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        match mouse.kind {
            MouseEventKind::ScrollDown => self.act(Action::Down, ctx),
            MouseEventKind::ScrollUp => self.act(Action::Up, ctx),
            _ => Vec::new(),
        }
    }
}

fn sum_up<'c>(ctx: &Ctx<'_, 'c>) -> (Stats, Option<Plan<'c>>) {
    let schedule = Schedule::new(ctx.progress, &ctx.config.recall);
    let today = ctx.progress.today(ctx.now.wall);
    let deck = Deck::new(ctx.course, ctx.progress, &schedule.model, today);
    let plan = Plan::new(ctx.course, ctx.progress, &schedule, &deck, ctx.config.plan.minutes);
    (Stats::new(ctx.course, ctx.progress, &ctx.config.recall, ctx.now.wall), plan)
}
