//! One rehearsal as it is gone through: stages, clock, curveballs, what was written and ticked.
//!
//! Nothing here reads a clock: `now` is in seconds on a clock that only goes forward, so that a change of the wall clock
//! moves nothing. Each method that changes something that must outlive the program returns the steps for the journal.

mod rubric;

use std::collections::HashMap;

use super::{SHORT, Script};
use crate::course::blocks::Phase;
use crate::journal::RehearsalStep as Step;
use crate::progress::Session;

/// Seconds after which the clock of a phase is written down while it runs.
const CLOCK_EVERY: f64 = 30.0;
/// Seconds after the last key after which what was written is kept.
const TEXT_AFTER: f64 = 2.0;

/// Which rehearsal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// All phases.
    Whole,
    /// One phase, ten minutes.
    Short(String),
    /// A finished design with planted weaknesses.
    Flaws,
}

impl Form {
    /// The name in the journal.
    pub fn name(&self) -> &'static str {
        match self {
            Form::Whole => "whole",
            Form::Short(_) => "short",
            Form::Flaws => "flaws",
        }
    }
}

/// Where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The prompt and the phases, before the clock runs.
    Prompt,
    /// Writing in a phase, by its index in [`Run::phases`].
    Phase(usize),
    /// A curveball came, by its index in the script; it is answered before the phase goes on.
    Curveball(usize),
    /// The model answer of a phase beside one's own, and its rubric.
    Compare(usize),
    /// The answer to a curveball beside one's own.
    CurveballAnswer(usize),
    /// A follow-up question; then its answer.
    Question(usize, bool),
    /// The finished design; then its weaknesses.
    Flaws(bool),
    /// What came of it.
    Result,
}

/// One rehearsal.
#[derive(Debug, Clone)]
pub struct Run {
    /// Its id in the journal.
    pub id: String,
    /// Slug of its lesson.
    pub lesson: String,
    /// Which form.
    pub form: Form,
    /// What the lesson gives.
    pub script: Script,
    /// The step that begins it in the journal, until something is to be kept: one that is left before leaves nothing.
    start: Option<Step>,
    /// Where it stands.
    pub stage: Stage,
    /// Phases of this form, those without a clock last.
    pub phases: Vec<Phase>,
    /// Seconds of each, as of the last change.
    spent: Vec<f64>,
    /// The phase whose clock it is, also while a curveball is answered in it.
    current: Option<usize>,
    /// Since when the clock runs; none while it is paused.
    since: Option<f64>,
    /// Curveballs that came.
    came: Vec<usize>,
    /// What was written, by place.
    texts: HashMap<String, String>,
    /// Changed since it was kept, and when.
    unsaved: Option<(String, f64)>,
    clock_saved: f64,
    /// Ticked lines of each phase, in the order mid, senior, staff.
    ticks: Vec<Vec<bool>>,
    /// Ticked weaknesses.
    flaws: Vec<bool>,
}

impl Run {
    /// A new one; `id` is new too.
    pub fn new(id: String, lesson: &str, form: Form, script: Script) -> Run {
        let phases: Vec<Phase> = match &form {
            Form::Whole => script.rehearsal.phases.clone(),
            Form::Short(name) => script
                .phase(name)
                .map(|phase| Phase { minutes: SHORT, ..phase.clone() })
                .into_iter()
                .collect(),
            Form::Flaws => Vec::new(),
        };
        let phase = match &form {
            Form::Short(phase) => Some(phase.clone()),
            _ => None,
        };
        let start = Step::Start { lesson: lesson.into(), form: form.name().into(), phase };
        let lines = |phase: &Phase| phase.mid.len() + phase.senior.len() + phase.staff.len();
        Run {
            id,
            start: Some(start),
            lesson: lesson.into(),
            stage: if form == Form::Flaws { Stage::Flaws(false) } else { Stage::Prompt },
            form,
            spent: vec![0.0; phases.len()],
            current: None,
            since: None,
            came: Vec::new(),
            texts: HashMap::new(),
            unsaved: None,
            clock_saved: 0.0,
            ticks: phases.iter().map(|phase| vec![false; lines(phase)]).collect(),
            flaws: vec![false; script.flaws.as_ref().map_or(0, |flaws| flaws.flaws.len())],
            phases,
            script,
        }
    }

    /// Whether anything of it is in the journal, or about to be.
    pub fn begun(&self) -> bool {
        self.start.is_none()
    }

    /// The steps, with the start before the first of them.
    fn kept(&mut self, mut steps: Vec<Step>) -> Vec<Step> {
        if !steps.is_empty()
            && let Some(start) = self.start.take()
        {
            steps.insert(0, start);
        }
        steps
    }

    /// One that was begun and not ended goes on: paused, in the phase that was begun last, or at the first that was not
    /// ticked. None if the lesson has no such phase any more.
    pub fn resume(session: &Session, script: Script) -> Option<Run> {
        let form = match (&*session.form, &session.phase) {
            ("short", Some(phase)) => Form::Short(phase.clone()),
            ("flaws", _) => Form::Flaws,
            _ => Form::Whole,
        };
        let mut run = Run::new(session.id.clone(), &session.lesson, form, script);
        run.start = None;
        if run.phases.is_empty() && run.form != Form::Flaws {
            return None;
        }
        run.texts = session.texts.iter().cloned().collect();
        let mut last = None;
        for (at, phase) in run.phases.iter().enumerate() {
            let name = &phase.name.value;
            if let Some((_, seconds)) = session.clocks.iter().find(|(known, _)| known == name) {
                run.spent[at] = f64::from(*seconds);
                last = Some(at);
            }
        }
        run.came = (0..run.script.rehearsal.curveballs.len())
            .filter(|at| run.curveball_due(*at))
            .collect();
        run.current = last;
        let ticked = |phase: &Phase| session.ticks.iter().any(|t| t.phase == phase.name.value);
        run.stage = if run.form == Form::Flaws {
            Stage::Flaws(false)
        } else if session.ticks.is_empty() {
            last.map_or(Stage::Prompt, Stage::Phase)
        } else {
            match run.phases.iter().position(|phase| !ticked(phase)) {
                Some(at) => Stage::Compare(at),
                None => run.after_compare(),
            }
        };
        Some(run)
    }

    /// Where the text of this stage belongs; none where nothing is written.
    pub fn place(&self) -> Option<String> {
        match self.stage {
            Stage::Phase(at) => Some(self.phases[at].name.value.clone()),
            Stage::Curveball(at) => Some(format!("curveball-{}", at + 1)),
            Stage::Question(at, false) => Some(format!("question-{}", at + 1)),
            Stage::Flaws(false) => Some("flaws".into()),
            _ => None,
        }
    }

    /// What was written at a place.
    pub fn text(&self, place: &str) -> &str {
        self.texts.get(place).map_or("", String::as_str)
    }

    /// Whether a clock belongs to this stage: it runs, or is paused.
    pub fn timed(&self) -> Option<usize> {
        match self.stage {
            Stage::Phase(at) => Some(at),
            Stage::Curveball(_) => self.current,
            _ => None,
        }
    }

    /// Whether the clock runs.
    pub fn runs(&self) -> bool {
        self.since.is_some()
    }

    /// Seconds that a phase has taken.
    pub fn seconds(&self, phase: usize, now: f64) -> f64 {
        let running = self.since.filter(|_| self.timed() == Some(phase));
        self.spent.get(phase).copied().unwrap_or(0.0)
            + running.map_or(0.0, |since| (now - since).max(0.0))
    }

    /// Seconds of all phases.
    pub fn total(&self, now: f64) -> f64 {
        (0..self.phases.len()).map(|phase| self.seconds(phase, now)).sum()
    }

    /// Whether a phase takes longer than its minutes.
    pub fn over(&self, phase: usize, now: f64) -> bool {
        let minutes = self.phases.get(phase).map_or(0, |phase| phase.minutes);
        minutes > 0 && self.seconds(phase, now) > f64::from(minutes) * 60.0
    }

    fn curveball_due(&self, at: usize) -> bool {
        let Some(ball) = self.script.rehearsal.curveballs.get(at) else { return false };
        let minute = f64::from(ball.minute) * 60.0;
        match &self.form {
            Form::Whole => self.spent.iter().sum::<f64>() >= minute,
            // A short one gets the curveball that comes in its phase, half way through.
            Form::Short(name) => {
                let begins = f64::from(self.script.begins(name)) * 60.0;
                let minutes = self.script.phase(name).map_or(0, |phase| phase.minutes);
                let within = (begins..begins + f64::from(minutes) * 60.0).contains(&minute);
                within && self.spent.iter().sum::<f64>() >= f64::from(SHORT) * 30.0
            }
            Form::Flaws => false,
        }
    }

    /// Curveballs that came, by index.
    pub fn curveballs(&self) -> &[usize] {
        &self.came
    }

    /// Puts the running time into the phase that it belongs to.
    fn settle(&mut self, now: f64) {
        if let (Some(since), Some(at)) = (self.since, self.current) {
            self.spent[at] += (now - since).max(0.0);
            self.since = Some(now);
        }
    }

    /// The clock of the present phase, for the journal.
    fn clock_step(&mut self, now: f64) -> Vec<Step> {
        self.settle(now);
        self.clock_saved = now;
        let Some(at) = self.current else { return Vec::new() };
        let phase = self.phases[at].name.value.clone();
        vec![Step::Clock { phase, seconds: self.spent[at] as u32 }]
    }

    /// What was written and is not kept yet.
    fn text_step(&mut self) -> Vec<Step> {
        match self.unsaved.take() {
            Some((at, _)) => vec![Step::Text { text: self.text(&at).to_string(), at }],
            None => Vec::new(),
        }
    }

    /// All that must outlive the program now: before a stage is left, a pause, the end.
    pub fn save(&mut self, now: f64) -> Vec<Step> {
        let mut steps = self.text_step();
        if self.since.is_some() {
            steps.extend(self.clock_step(now));
        }
        self.kept(steps)
    }

    /// What was written in this stage is another text now.
    pub fn write(&mut self, text: String, now: f64) {
        if let Some(place) = self.place().filter(|place| self.text(place) != text) {
            self.texts.insert(place.clone(), text);
            self.unsaved = Some((place, now));
        }
    }

    /// Stops the clock, or lets it run on.
    pub fn pause(&mut self, now: f64) -> Vec<Step> {
        if self.since.is_some() {
            let steps = self.save(now);
            self.since = None;
            return steps;
        }
        if let Some(at) = self.timed() {
            self.current = Some(at);
            self.since = Some(now);
            self.clock_saved = now;
        }
        Vec::new()
    }

    /// When [`Run::tick`] has something to do: the next second of the clock, or a text to keep.
    pub fn deadline(&self, now: f64) -> Option<f64> {
        let second = self.since.map(|since| {
            let at = self.current.map_or(0.0, |at| self.seconds(at, now));
            (now + 1.0 - at.fract()).max(since)
        });
        let text = self.unsaved.as_ref().map(|(_, at)| at + TEXT_AFTER);
        match (second, text) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }

    /// What time alone brings: texts and clocks to keep, a curveball.
    pub fn tick(&mut self, now: f64) -> Vec<Step> {
        let mut steps = Vec::new();
        if self.unsaved.as_ref().is_some_and(|(_, at)| now >= at + TEXT_AFTER) {
            steps.extend(self.text_step());
        }
        if self.since.is_none() {
            return self.kept(steps);
        }
        if now >= self.clock_saved + CLOCK_EVERY {
            steps.extend(self.clock_step(now));
        }
        self.settle(now);
        let due = (0..self.script.rehearsal.curveballs.len())
            .find(|at| !self.came.contains(at) && self.curveball_due(*at));
        if let (Some(at), Stage::Phase(_)) = (due, self.stage) {
            steps.extend(self.text_step());
            self.came.push(at);
            self.stage = Stage::Curveball(at);
        }
        self.kept(steps)
    }

    /// Whether the answers come after this phase.
    pub fn is_last(&self, phase: usize) -> bool {
        phase + 1 >= self.script.timed().count().min(self.phases.len())
    }

    /// To the next stage.
    pub fn next(&mut self, now: f64) -> Vec<Step> {
        let mut steps = self.save(now);
        match self.stage {
            Stage::Prompt => steps.extend(self.begin(0, now)),
            Stage::Phase(at) if !self.is_last(at) => steps.extend(self.begin(at + 1, now)),
            Stage::Phase(_) => {
                self.since = None;
                self.current = None;
                self.stage = Stage::Compare(0);
            }
            Stage::Curveball(_) => {
                self.stage = self.current.map_or(Stage::Compare(0), Stage::Phase);
            }
            Stage::Compare(at) => {
                steps.push(self.tick_step(at));
                self.stage = if at + 1 < self.phases.len() {
                    Stage::Compare(at + 1)
                } else {
                    self.after_compare()
                };
            }
            Stage::CurveballAnswer(at) => {
                let place = self.came.iter().position(|came| *came == at).unwrap_or(0);
                self.stage = match self.came.get(place + 1) {
                    Some(next) => Stage::CurveballAnswer(*next),
                    None => self.first_question(),
                };
            }
            Stage::Question(at, false) => self.stage = Stage::Question(at, true),
            Stage::Question(at, true) => {
                let more =
                    self.form == Form::Whole && at + 1 < self.script.rehearsal.questions.len();
                self.stage = if more { Stage::Question(at + 1, false) } else { Stage::Result };
            }
            Stage::Flaws(false) => self.stage = Stage::Flaws(true),
            Stage::Flaws(true) => {
                steps.push(self.flaws_step());
                self.stage = Stage::Result;
            }
            Stage::Result => {}
        }
        if self.stage == Stage::Result && !steps.contains(&Step::End) {
            steps.push(Step::End);
        }
        self.kept(steps)
    }

    /// The steps that end it early, with what was ticked so far. A rubric without a tick was not gone through: it is no
    /// 0 %.
    pub fn finish(&mut self, now: f64) -> Vec<Step> {
        let mut steps = self.save(now);
        if !self.begun() {
            self.stage = Stage::Result;
            return steps;
        }
        match self.stage {
            _ if self.nothing_ticked() => {}
            Stage::Compare(at) => steps.push(self.tick_step(at)),
            Stage::Flaws(true) => steps.push(self.flaws_step()),
            _ => {}
        }
        self.since = None;
        self.stage = Stage::Result;
        steps.push(Step::End);
        self.kept(steps)
    }

    /// The clock of a phase starts; that it was begun is kept at once.
    fn begin(&mut self, phase: usize, now: f64) -> Vec<Step> {
        self.stage = Stage::Phase(phase);
        self.current = Some(phase);
        self.since = Some(now);
        self.clock_step(now)
    }

    fn after_compare(&self) -> Stage {
        self.came.first().map_or_else(|| self.first_question(), |at| Stage::CurveballAnswer(*at))
    }

    /// A short rehearsal asks one question: another one for each phase.
    fn first_question(&self) -> Stage {
        let questions = self.script.rehearsal.questions.len();
        match (&self.form, questions) {
            (_, 0) => Stage::Result,
            (Form::Short(name), _) => {
                let at = crate::course::blocks::PHASES.iter().position(|phase| phase == name);
                Stage::Question(at.unwrap_or(0) % questions, false)
            }
            _ => Stage::Question(0, false),
        }
    }
}

#[cfg(test)]
mod tests;
