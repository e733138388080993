//! Labs: a question, the reader's prediction, the run, prediction beside measurement.

mod draw;
mod list;
mod play;

use crossterm::event::{KeyCode, MouseEvent, MouseEventKind};

use super::field::{Field, Typed};
use super::keymap::{Action, Chord, Scope};
use super::message::{Ctx, Effect, Goal};
use super::scroll::Scroll;
use crate::journal::What;
use crate::labs::{self, Answer, Job, Knobs, Lab, Question, Report};
use list::List;
use play::Play;

pub(super) use draw::written;

/// Said where none of a lab's lessons can be read.
const UNWRITTEN: &str = "its lessons are being written";

/// The screen's own state.
pub struct Labs<'c> {
    list: List,
    bench: Option<Box<Bench>>,
    /// Opened for one lab: back leads out of it at once.
    single: bool,
    course: std::marker::PhantomData<&'c ()>,
}

/// Where a lab stands.
enum Phase {
    /// A prediction is awaited.
    Asked,
    /// It runs: share that is done.
    Runs(f64),
    /// It ran.
    Done(Box<Report>),
}

/// One lab with its knobs.
struct Bench {
    lab: &'static Lab,
    knobs: Knobs,
    seed: u64,
    phase: Phase,
    /// The number predicted, as it is typed.
    guess: Field,
    /// The option under the cursor.
    choice: usize,
    /// What was predicted before the run that is shown; none was skipped.
    predicted: Option<f64>,
    /// The knob under the cursor.
    knob: usize,
    /// A value being typed.
    typing: Option<Field>,
    /// The mechanism is shown in place of the result.
    source: bool,
    play: Option<Play>,
    scroll: Scroll,
    /// The result has come since the last drawing.
    fresh: bool,
}

impl<'c> Labs<'c> {
    /// The list, or one lab.
    pub fn new(lab: Option<&str>, ctx: &Ctx<'_, 'c>) -> Self {
        let bench = lab.and_then(labs::find).map(|lab| Box::new(Bench::new(lab)));
        let single = bench.is_some();
        Labs { list: List::new(ctx), bench, single, course: std::marker::PhantomData }
    }

    /// Whose keys hold.
    pub fn scope(&self) -> Scope {
        match &self.bench {
            None => Scope::Labs,
            Some(bench) if bench.play.is_some() => Scope::Play,
            Some(_) => Scope::Lab,
        }
    }

    /// Digits are the prediction; what is typed goes into an open field.
    pub fn raw_key(&mut self, chord: Chord, ctx: &Ctx<'_, 'c>) -> Option<Vec<Effect<'c>>> {
        let bench = self.bench.as_mut().filter(|bench| bench.play.is_none())?;
        if let Some(field) = &mut bench.typing {
            match field.key(chord) {
                Typed::Changed => {}
                Typed::Left => bench.typing = None,
                Typed::Done => {
                    let typed = field.text().to_string();
                    bench.typing = None;
                    return Some(bench.set(&typed));
                }
                Typed::Other => return None,
            }
            return Some(Vec::new());
        }
        if !matches!(bench.phase, Phase::Asked) {
            return None;
        }
        match bench.lab.question {
            Question::Number { .. } => {
                let typed =
                    chord.typed().is_some_and(|c| c.is_ascii_digit() || matches!(c, '.' | ','));
                let back = chord.is(KeyCode::Backspace) && !bench.guess.text().is_empty();
                if !typed && !back {
                    return None;
                }
                bench.guess.key(chord);
            }
            Question::Choice { options, .. } => {
                let digit = chord.digit().map(|digit| digit as usize)?;
                if !(1..=options.len()).contains(&digit) {
                    return Some(Vec::new());
                }
                bench.choice = digit - 1;
                return Some(bench.run(true, ctx));
            }
        }
        Some(Vec::new())
    }

    /// Pasted text goes into an open field.
    pub fn paste(&mut self, pasted: &str) {
        if let Some(field) = self.bench.as_mut().and_then(|bench| bench.typing.as_mut()) {
            field.paste(pasted);
        }
    }

    /// Does what a key means.
    pub fn act(&mut self, action: Action, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        let Some(bench) = &mut self.bench else {
            if action == Action::Open {
                self.bench = self.list.selected().map(|lab| Box::new(Bench::new(lab)));
                return Vec::new();
            }
            return self.list.act(action);
        };
        if let Some(play) = &mut bench.play {
            if action == Action::Back {
                bench.play = None;
                return Vec::new();
            }
            return play.act(action);
        }
        match action {
            Action::Back if matches!(bench.phase, Phase::Runs(_)) => return vec![Effect::StopLab],
            Action::Back if bench.source => bench.source = false,
            Action::Back if self.single => return vec![Effect::Back],
            Action::Back => self.bench = None,
            Action::OpenLesson => {
                return match written(bench.lab, ctx).next() {
                    Some(lesson) => vec![Effect::Open(lesson, Goal::Stopped)],
                    None => vec![Effect::Say(UNWRITTEN.into())],
                };
            }
            _ => return bench.act(action, ctx),
        }
        Vec::new()
    }

    /// How far the run is.
    pub fn progress(&mut self, share: f64) {
        if let Some(bench) = &mut self.bench
            && let Phase::Runs(done) = &mut bench.phase
        {
            *done = share.clamp(0.0, 1.0);
        }
    }

    /// The run has ended; without a report it failed.
    pub fn done(&mut self, report: Option<&Report>) -> Vec<Effect<'c>> {
        let Some(bench) = &mut self.bench else { return Vec::new() };
        let Some(report) = report else {
            bench.phase = Phase::Asked;
            return vec![Effect::Say("the run failed: please report it".into())];
        };
        let measured = match report.answer {
            Answer::Number(number) => number,
            Answer::Choice(at) => at as f64,
        };
        let effects = if report.partial {
            vec![Effect::Say("stopped: what it had so far; not kept".into())]
        } else {
            vec![Effect::Record(vec![What::Lab {
                lab: bench.lab.name.into(),
                knobs: bench.knobs.changed(),
                seed: bench.seed,
                predicted: bench.predicted,
                measured,
                holds: report.holds,
            }])]
        };
        bench.phase = Phase::Done(Box::new(report.clone()));
        (bench.scroll.top, bench.fresh) = (0, true);
        effects
    }

    /// The wheel scrolls or moves.
    pub fn mouse(&mut self, mouse: MouseEvent, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        match mouse.kind {
            MouseEventKind::ScrollDown => self.act(Action::PageDown, ctx),
            MouseEventKind::ScrollUp => self.act(Action::PageUp, ctx),
            _ => Vec::new(),
        }
    }
}

impl Bench {
    fn new(lab: &'static Lab) -> Bench {
        Bench {
            lab,
            knobs: Knobs::new(lab.knobs),
            seed: 1,
            phase: Phase::Asked,
            guess: Field::default(),
            choice: 0,
            predicted: None,
            knob: 0,
            typing: None,
            source: false,
            play: None,
            scroll: Scroll::default(),
            fresh: false,
        }
    }

    fn act<'c>(&mut self, action: Action, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        if matches!(self.phase, Phase::Runs(_)) {
            return Vec::new();
        }
        let choosing = matches!(self.lab.question, Question::Choice { .. });
        let asked = matches!(self.phase, Phase::Asked);
        match action {
            Action::Open => return self.run(true, ctx),
            Action::Skip => return self.run(false, ctx),
            Action::Down | Action::Up if asked && choosing => {
                if let Question::Choice { options, .. } = self.lab.question {
                    let step = if action == Action::Down { 1 } else { options.len() - 1 };
                    self.choice = (self.choice + step) % options.len();
                }
            }
            Action::FocusNext => self.knob = (self.knob + 1) % self.lab.knobs.len(),
            Action::FocusPrevious => {
                self.knob = (self.knob + self.lab.knobs.len() - 1) % self.lab.knobs.len();
            }
            Action::Left | Action::Right => {
                self.knobs.step(self.knob, action == Action::Right);
                self.ask_again();
            }
            Action::Edit => {
                let value = self.knobs.iter().nth(self.knob);
                self.typing = value.map(|(knob, value)| Field::new(&knob.show(value)));
            }
            Action::Seed => {
                self.seed += 1;
                self.ask_again();
            }
            Action::Reset => {
                (self.knobs, self.seed) = (Knobs::new(self.lab.knobs), 1);
                self.ask_again();
            }
            Action::Source => (self.source, self.scroll.top) = (!self.source, 0),
            Action::Play if self.lab.name == "isolation" => {
                self.play = Some(Play::new(&self.knobs));
            }
            Action::Play => {
                return vec![Effect::Say("only the lab isolation is played by hand".into())];
            }
            _ => drop(self.scroll.act(action)),
        }
        Vec::new()
    }

    /// Another setting is another question.
    fn ask_again(&mut self) {
        self.phase = Phase::Asked;
        self.guess.clear();
        (self.source, self.scroll.top) = (false, 0);
    }

    fn set<'c>(&mut self, typed: &str) -> Vec<Effect<'c>> {
        let Some(name) = self.lab.knobs.get(self.knob).map(|knob| knob.name) else {
            return Vec::new();
        };
        match self.knobs.set(name, typed) {
            Ok(()) => {
                self.ask_again();
                Vec::new()
            }
            Err(said) => vec![Effect::Say(said)],
        }
    }

    fn run<'c>(&mut self, predict: bool, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        match self.phase {
            Phase::Runs(_) => return Vec::new(),
            Phase::Done(_) => {
                // The same knobs and seed would give the same: another seed, another prediction.
                self.seed += 1;
                self.ask_again();
                return Vec::new();
            }
            Phase::Asked => {}
        }
        self.predicted = match self.lab.question {
            _ if !predict => None,
            Question::Choice { .. } => Some(self.choice as f64),
            Question::Number { .. } => match self.guess.text().replace(',', "").parse::<f64>() {
                Ok(number) if number.is_finite() => Some(number),
                _ => {
                    let skip = ctx.keymap.key(Scope::Lab, Action::Skip);
                    let said = format!("type your prediction, a number; {skip} goes without one");
                    return vec![Effect::Say(said)];
                }
            },
        };
        self.source = false;
        self.phase = Phase::Runs(0.0);
        vec![Effect::Run(Job { lab: self.lab, knobs: self.knobs.clone(), seed: self.seed })]
    }
}
