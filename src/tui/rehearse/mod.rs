//! Rehearsal: a design chosen, worked against the clock, held against the model answer.

mod choose;
mod draw;
mod result;
mod ticks;

use crossterm::event::{KeyCode, MouseEvent, MouseEventKind};

use super::keymap::{Action, Chord, Scope};
use super::message::{Ctx, Effect, Goal};
use super::pad::Pad;
use super::scroll::Scroll;
use crate::course::Entry;
use crate::journal::{RehearsalStep, What};
use crate::markdown::{self, Document};
use crate::rehearsal::{Form, Run, Stage, designs, profile, script, weakest};
use choose::Choose;

/// The screen's own state.
pub struct Rehearse<'c> {
    choose: Choose,
    work: Option<Box<Work<'c>>>,
}

/// A rehearsal that is gone through.
struct Work<'c> {
    entry: &'c Entry,
    document: Document,
    run: Run,
    pad: Pad,
    /// The place whose text is in the pad.
    place: Option<String>,
    /// Line of the rubric, weakness or phase of the result.
    cursor: usize,
    /// Of the model answer, or of what is asked.
    scroll: Scroll,
    /// It was said that nothing is ticked: the same key again leaves it so.
    warned: bool,
}

impl<'c> Rehearse<'c> {
    /// Begins with the list of designs, a lesson of these under the cursor.
    pub fn new(lesson: Option<&str>, ctx: &Ctx<'_, 'c>) -> Self {
        Rehearse { choose: Choose::new(lesson, ctx), work: None }
    }

    /// Begins a rehearsal at once. Without a lesson the most due is taken.
    pub fn begin(lesson: Option<&str>, form: &str, ctx: &Ctx<'_, 'c>) -> (Self, Vec<Effect<'c>>) {
        let mut screen = Rehearse::new(lesson, ctx);
        let effects = match form {
            "short" => screen.act(Action::ShortRehearsal, ctx),
            "flaws" => screen.act(Action::FindFlaws, ctx),
            _ => Vec::new(),
        };
        (screen, effects)
    }

    /// Whose keys hold.
    pub fn scope(&self) -> Scope {
        match &self.work {
            None => Scope::Designs,
            Some(work) => work.scope(),
        }
    }

    /// Whether one goes on that is not at its result yet. Its ticks are taken back by the key that sets them.
    pub fn goes_on(&self) -> bool {
        self.work.as_ref().is_some_and(|work| work.goes_on())
    }

    /// Letters are text while something is written; only the keys of that screen act.
    pub fn raw_key(&mut self, chord: Chord, ctx: &Ctx<'_, 'c>) -> Option<Vec<Effect<'c>>> {
        let work = self.work.as_mut()?;
        if work.run.stage == Stage::Prompt && chord.is(KeyCode::Enter) {
            return Some(work.go_on(ctx));
        }
        let shell =
            ["c", "z", "l"].iter().any(|key| chord.is_ctrl(key.chars().next().unwrap_or(' ')));
        let writes = work.writes();
        if !writes || shell || chord.is(KeyCode::F(1)) || ctx.keymap.own(Scope::Rehearse, chord) {
            return None;
        }
        if work.pad.key(chord) {
            work.run.write(work.pad.text(), ctx.now.mono);
        }
        Some(Vec::new())
    }

    /// Pasted text goes into what is being written.
    pub fn paste(&mut self, pasted: &str, ctx: &Ctx<'_, 'c>) {
        if let Some(work) = self.work.as_mut().filter(|work| work.writes()) {
            work.pad.paste(pasted);
            work.run.write(work.pad.text(), ctx.now.mono);
        }
    }

    /// Does what a key means.
    pub fn act(&mut self, action: Action, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        if let Some(work) = &mut self.work {
            if action == Action::Back {
                let effects = self.leave(ctx);
                let kept = self.work.take().is_some_and(|work| work.goes_on());
                self.choose.returned(ctx);
                let said = kept.then(|| Effect::Say("kept; it can be gone on with".into()));
                return effects.into_iter().chain(said).collect();
            }
            return work.act(action, ctx);
        }
        match action {
            Action::Open | Action::NewRehearsal | Action::ShortRehearsal | Action::FindFlaws => {
                self.start(action, ctx)
            }
            _ => self.choose.act(action, ctx),
        }
    }

    /// Goes on with a rehearsal of this form that was begun, else begins one; `NewRehearsal` begins the whole anew.
    fn start(&mut self, action: Action, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        let Some(entry) = self.choose.selected().and_then(|slug| ctx.course.by_slug(slug)) else {
            return vec![Effect::Say("no design is written that could be rehearsed".into())];
        };
        let body = match ctx.course.body(entry) {
            Ok(body) => body,
            Err(cause) => {
                return vec![Effect::Say(format!("cannot open {}: {cause}", entry.title))];
            }
        };
        let document = markdown::parse(&body, entry.body_line as usize);
        let Some(script) = script(&document) else {
            return vec![Effect::Say("this lesson has no rehearsal any more".into())];
        };
        let form = match action {
            Action::ShortRehearsal => {
                let profile = profile(ctx.progress.rehearsals());
                let has = |phase: &str| script.timed().any(|of| of.name.value == phase);
                match weakest(&profile, has) {
                    Some(phase) => Form::Short(phase.to_string()),
                    None => return vec![Effect::Say("this rehearsal has no phases".into())],
                }
            }
            Action::FindFlaws if script.flaws.is_none() => {
                return vec![Effect::Say("this lesson has no design with flaws".into())];
            }
            Action::FindFlaws => Form::Flaws,
            _ if script.timed().next().is_none() => {
                return vec![Effect::Say("this rehearsal has no phases".into())];
            }
            _ => Form::Whole,
        };
        let all = designs(ctx.course, ctx.progress);
        let begun = all
            .iter()
            .filter(|design| design.entry.slug == entry.slug && action != Action::NewRehearsal)
            .flat_map(|design| &design.open)
            .find(|session| session.form == form.name());
        let resumed = begun.and_then(|session| Run::resume(session, script.clone()));
        let run = resumed.unwrap_or_else(|| {
            let id = format!("r-{:x}", ctx.now.wall.timestamp_millis());
            Run::new(id, &entry.slug, form, script)
        });
        let mut work = Work {
            entry,
            document,
            run,
            pad: Pad::new(""),
            place: None,
            cursor: 0,
            scroll: Scroll::default(),
            warned: false,
        };
        work.fill_pad();
        self.work = Some(Box::new(work));
        Vec::new()
    }

    /// Before the screen is covered or left, a suspension, a signal: all goes into the journal.
    pub fn leave(&mut self, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        let Some(work) = &mut self.work else { return Vec::new() };
        let steps = work.run.save(ctx.now.mono);
        record(&work.run, steps)
    }

    /// Time alone.
    pub fn tick(&mut self, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        let Some(work) = &mut self.work else { return Vec::new() };
        let stage = work.run.stage;
        let steps = work.run.tick(ctx.now.mono);
        if work.run.stage != stage {
            work.scroll.top = 0;
        }
        work.fill_pad();
        record(&work.run, steps)
    }

    /// When [`Rehearse::tick`] has something to do.
    pub fn deadline(&self, now: f64) -> Option<f64> {
        self.work.as_ref().and_then(|work| work.run.deadline(now))
    }

    /// The text comes back from `$EDITOR`; none if that failed.
    pub fn edited(&mut self, text: Option<&str>, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        let (Some(work), Some(text)) = (&mut self.work, text) else { return Vec::new() };
        work.pad = Pad::new(text.trim_end());
        work.run.write(work.pad.text(), ctx.now.mono);
        let steps = work.run.save(ctx.now.mono);
        record(&work.run, steps)
    }

    /// Another screen was on top.
    pub fn returned(&mut self, ctx: &Ctx<'_, 'c>) {
        self.choose.returned(ctx);
    }

    /// The wheel scrolls or moves.
    pub fn mouse(&mut self, mouse: MouseEvent, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        let reads = self.work.is_some();
        match (mouse.kind, reads) {
            (MouseEventKind::ScrollDown, true) => self.act(Action::HalfDown, ctx),
            (MouseEventKind::ScrollUp, true) => self.act(Action::HalfUp, ctx),
            (MouseEventKind::ScrollDown, false) => self.act(Action::Down, ctx),
            (MouseEventKind::ScrollUp, false) => self.act(Action::Up, ctx),
            _ => Vec::new(),
        }
    }
}

impl<'c> Work<'c> {
    fn scope(&self) -> Scope {
        let writes = self.writes() || self.run.stage == Stage::Prompt;
        if writes { Scope::Rehearse } else { Scope::Rubric }
    }

    fn goes_on(&self) -> bool {
        self.run.begun() && self.run.stage != Stage::Result
    }

    fn writes(&self) -> bool {
        self.run.place().is_some()
    }

    /// The text of the stage comes into the pad.
    fn fill_pad(&mut self) {
        let place = self.run.place();
        if place != self.place {
            self.pad = Pad::new(place.as_deref().map_or("", |place| self.run.text(place)));
            self.place = place;
        }
    }

    fn go_on(&mut self, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        if self.run.nothing_ticked() && !self.warned {
            self.warned = true;
            let key = ctx.keymap.key(Scope::Rubric, Action::GoOn);
            return vec![Effect::Say(format!("nothing ticked: {key} again to leave it so"))];
        }
        self.warned = false;
        let steps = self.run.next(ctx.now.mono);
        (self.cursor, self.scroll.top) = (0, 0);
        self.fill_pad();
        record(&self.run, steps)
    }

    fn act(&mut self, action: Action, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        self.warned &= action == Action::GoOn;
        match action {
            Action::GoOn if self.run.stage == Stage::Result => {
                let phase = self.run.phases.get(self.cursor);
                if let Some(see) = phase.and_then(|phase| phase.see.as_ref()) {
                    return vec![Effect::Open(self.entry, Goal::Heading(see.value.clone()))];
                }
            }
            Action::GoOn => return self.go_on(ctx),
            Action::Pause => {
                let steps = self.run.pause(ctx.now.mono);
                return record(&self.run, steps);
            }
            Action::Finish if !matches!(self.run.stage, Stage::Prompt | Stage::Result) => {
                let steps = self.run.finish(ctx.now.mono);
                (self.cursor, self.scroll.top) = (0, 0);
                self.fill_pad();
                return record(&self.run, steps);
            }
            Action::Editor if self.writes() => return vec![Effect::Edit(self.pad.text())],
            Action::Down => self.cursor += 1,
            Action::Up => self.cursor = self.cursor.saturating_sub(1),
            Action::Top => (self.cursor, self.scroll.top) = (0, 0),
            Action::Tick => match self.run.stage {
                Stage::Compare(phase) => self.run.toggle(phase, self.cursor),
                Stage::Flaws(true) => self.run.toggle_flaw(self.cursor),
                _ => {}
            },
            Action::Bottom => (self.cursor, self.scroll.top) = (usize::MAX, usize::MAX),
            _ => drop(self.scroll.act(action)),
        }
        self.cursor = self.cursor.min(self.lines().saturating_sub(1));
        Vec::new()
    }

    /// Lines that the cursor goes over.
    fn lines(&self) -> usize {
        match self.run.stage {
            Stage::Compare(phase) => self.run.rubric(phase).len(),
            Stage::Flaws(true) => self.run.flaws().len(),
            Stage::Result => self.run.phases.len(),
            _ => 0,
        }
    }
}

/// Steps as the journal takes them.
fn record<'c>(run: &Run, steps: Vec<RehearsalStep>) -> Vec<Effect<'c>> {
    // What undo may take back does not take the words and the clock with it, which are written down at the same time.
    let act = |step: &RehearsalStep| {
        use RehearsalStep::{Clock, Start, Text};
        !matches!(step, Clock { .. } | Start { .. } | Text { .. })
    };
    let (acts, kept): (Vec<_>, Vec<_>) = steps.into_iter().partition(act);
    [kept, acts]
        .into_iter()
        .filter(|steps| !steps.is_empty())
        .map(|steps| {
            let of = |step| What::Rehearse { rehearsal: run.id.clone(), step };
            Effect::Record(steps.into_iter().map(of).collect())
        })
        .collect()
}
