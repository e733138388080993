//! What the journal says of rehearsals. Two at once do not mix: each step names its rehearsal.

use chrono::NaiveDate;

use super::Names;
use crate::journal::RehearsalStep;

/// Rubric lines met in a phase, of those there are: mid, senior, staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticks {
    /// `requirements`, ..., `communication`
    pub phase: String,
    /// Met.
    pub got: [u32; 3],
    /// There are.
    pub of: [u32; 3],
}

impl Ticks {
    /// Share of the lines met; none where there are none.
    pub fn share(&self) -> Option<f64> {
        let of: u32 = self.of.iter().sum();
        (of > 0).then(|| f64::from(self.got.iter().sum::<u32>().min(of)) / f64::from(of))
    }

    /// The level that was reached: all lines of it and of those below were met. 0 none, 1 mid, 2 senior, 3 staff.
    pub fn level(&self) -> usize {
        self.got.iter().zip(&self.of).take_while(|(got, of)| **of > 0 && got >= of).count()
    }
}

/// One rehearsal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Session {
    /// Its id in the journal.
    pub id: String,
    /// Slug of its lesson; empty if its start is not in the journal.
    pub lesson: String,
    /// `whole`, `short` or `flaws`.
    pub form: String,
    /// Of a short one.
    pub phase: Option<String>,
    /// Day of its last step.
    pub date: NaiveDate,
    /// Seconds of each phase that was begun, in that order.
    pub clocks: Vec<(String, u32)>,
    /// What was written, by place.
    pub texts: Vec<(String, String)>,
    /// In the order of ticking.
    pub ticks: Vec<Ticks>,
    /// Planted weaknesses named, of those there are.
    pub flaws: Option<(u32, u32)>,
    /// Whether it was gone through to its end.
    pub ended: bool,
}

impl Session {
    /// Folds one step.
    pub(super) fn take<'a>(
        sessions: &mut Vec<Session>,
        id: &str,
        step: &'a RehearsalStep,
        date: NaiveDate,
        names: &Names<'a>,
    ) {
        let at = sessions.iter().rposition(|session| session.id == id).unwrap_or_else(|| {
            sessions.push(Session { id: id.into(), ..Session::default() });
            sessions.len() - 1
        });
        let session = &mut sessions[at];
        session.date = date;
        match step {
            RehearsalStep::Start { lesson, form, phase } => {
                session.lesson = names.lesson(lesson).into();
                session.form.clone_from(form);
                session.phase.clone_from(phase);
            }
            RehearsalStep::Clock { phase, seconds } => put(&mut session.clocks, phase, *seconds),
            RehearsalStep::Text { at, text } => put(&mut session.texts, at, text.clone()),
            RehearsalStep::Tick { phase, got, of } => {
                session.ticks.retain(|ticks| ticks.phase != *phase);
                session.ticks.push(Ticks { phase: phase.clone(), got: *got, of: *of });
            }
            RehearsalStep::Flaws { got, of } => session.flaws = Some((*got, *of)),
            RehearsalStep::End => {
                session.ended = true;
                // One that was gone on with later ended later: the last of them is the one that ended last.
                sessions[at..].rotate_left(1);
            }
        }
    }

    /// Share of all rubric lines met, or of the weaknesses named; none before anything was ticked.
    pub fn share(&self) -> Option<f64> {
        if let Some((got, of)) = self.flaws.filter(|(_, of)| *of > 0) {
            return Some(f64::from(got.min(of)) / f64::from(of));
        }
        let shares: Vec<f64> = self.ticks.iter().filter_map(Ticks::share).collect();
        (!shares.is_empty()).then(|| shares.iter().sum::<f64>() / shares.len() as f64)
    }

    /// Whether more of it is known than that its prompt was looked at.
    pub fn begun(&self) -> bool {
        let worked = !self.clocks.is_empty() || !self.texts.is_empty();
        worked || !self.ticks.is_empty() || self.flaws.is_some() || self.ended
    }

    /// What was written at a place.
    pub fn text(&self, at: &str) -> &str {
        self.texts.iter().find(|(place, _)| place == at).map_or("", |(_, text)| text)
    }
}

fn put<T>(list: &mut Vec<(String, T)>, name: &str, value: T) {
    match list.iter_mut().find(|(known, _)| known == name) {
        Some((_, old)) => *old = value,
        None => list.push((name.to_string(), value)),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn fold(steps: &[(&str, RehearsalStep)]) -> Vec<Session> {
        let (mut sessions, names) = (Vec::new(), Names(HashMap::new()));
        for (id, step) in steps {
            Session::take(&mut sessions, id, step, NaiveDate::default(), &names);
        }
        sessions
    }

    fn start(lesson: &str) -> RehearsalStep {
        RehearsalStep::Start { lesson: lesson.into(), form: "whole".into(), phase: None }
    }

    fn clock(seconds: u32) -> RehearsalStep {
        RehearsalStep::Clock { phase: "design".into(), seconds }
    }

    #[test]
    fn two_rehearsals_at_once_do_not_mix() {
        let text = |text: &str| RehearsalStep::Text { at: "design".into(), text: text.into() };
        let sessions = fold(&[
            ("a", start("x")),
            ("b", start("y")),
            ("a", clock(30)),
            ("b", text("theirs")),
            ("a", text("ours, first")),
            ("b", clock(5)),
            ("a", text("ours")),
            ("a", clock(60)),
            ("b", RehearsalStep::End),
        ]);
        let [a, b] = &sessions[..] else { panic!("{sessions:?}") };
        assert_eq!((&*a.lesson, a.text("design"), a.ended), ("x", "ours", false));
        assert_eq!((&*b.lesson, b.text("design"), b.ended), ("y", "theirs", true));
        assert_eq!((a.clocks[0].1, b.clocks[0].1), (60, 5));
    }

    #[test]
    fn ticks_give_a_share_and_the_level_that_was_reached_without_a_gap() {
        let ticks = |got, of| Ticks { phase: "design".into(), got, of };
        assert_eq!(ticks([2, 0, 1], [2, 2, 2]).level(), 1);
        assert_eq!(ticks([2, 2, 2], [2, 2, 2]).level(), 3);
        assert_eq!(ticks([1, 2, 2], [2, 2, 2]).level(), 0);
        assert_eq!(ticks([1, 0, 0], [1, 0, 0]).level(), 1, "there is nothing above it");
        assert!((ticks([1, 1, 0], [2, 1, 1]).share().unwrap_or(0.0) - 0.5).abs() < 1e-9);
        assert_eq!(ticks([0, 0, 0], [0, 0, 0]).share(), None);
    }

    #[test]
    fn a_step_without_its_start_is_kept_and_belongs_to_no_lesson() {
        assert_eq!(fold(&[("a", clock(3))])[0].lesson, "");
    }
}
