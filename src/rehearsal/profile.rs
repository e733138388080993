//! The profile over the phases, over all designs and over time.

use chrono::NaiveDate;

use crate::course::blocks::PHASES;
use crate::progress::{Session, Ticks};

/// Rehearsals of a phase that its share is taken from: the last so many.
const LAST: usize = 5;

/// One phase in the profile.
#[derive(Debug, Clone, PartialEq)]
pub struct PhaseProfile {
    /// `requirements`, ..., `communication`
    pub phase: &'static str,
    /// Mean share of rubric lines met in the last five rehearsals of the phase; none before the first.
    pub share: Option<f64>,
    /// The level most often reached in these, the higher of two: 0 none, 1 mid, 2 senior, 3 staff.
    pub level: usize,
    /// Each rehearsal of the phase, oldest first: day and share.
    pub over_time: Vec<(NaiveDate, f64)>,
    /// Slug of the lesson in which the phase last went worst of these five.
    pub worst: Option<String>,
}

/// The profile: all phases in their order, of rehearsals that were gone through to the end.
pub fn profile(sessions: &[Session]) -> Vec<PhaseProfile> {
    PHASES
        .into_iter()
        .map(|phase| {
            let all: Vec<(&Session, &Ticks, f64)> = sessions
                .iter()
                .filter(|session| session.ended)
                .filter_map(|session| {
                    let ticks = session.ticks.iter().find(|ticks| ticks.phase == phase)?;
                    Some((session, ticks, ticks.share()?))
                })
                .collect();
            let last = &all[all.len().saturating_sub(LAST)..];
            let mut levels = [0usize; 4];
            for (_, ticks, _) in last {
                levels[ticks.level()] += 1;
            }
            let level = (0..4).max_by_key(|level| levels[*level]).unwrap_or(0);
            let worst = last.iter().rev().min_by(|a, b| a.2.total_cmp(&b.2));
            PhaseProfile {
                phase,
                share: (!last.is_empty()).then(|| {
                    last.iter().map(|(_, _, share)| share).sum::<f64>() / last.len() as f64
                }),
                level: if last.is_empty() { 0 } else { level },
                over_time: all.iter().map(|(session, _, share)| (session.date, *share)).collect(),
                worst: worst.map(|(session, ..)| session.lesson.clone()),
            }
        })
        .collect()
}

/// The phase to rehearse next, of those with a clock that `has` tells to exist: one that never was, else the weakest.
pub fn weakest(profile: &[PhaseProfile], has: impl Fn(&str) -> bool) -> Option<&'static str> {
    let timed = profile.iter().filter(|phase| phase.phase != "communication" && has(phase.phase));
    let share = |phase: &PhaseProfile| phase.share.unwrap_or(-1.0);
    timed.min_by(|a, b| share(a).total_cmp(&share(b))).map(|phase| phase.phase)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn session(day: u32, lesson: &str, phase: &str, got: u32) -> Session {
        Session {
            lesson: lesson.into(),
            date: NaiveDate::from_ymd_opt(2026, 11, day).unwrap(),
            ticks: vec![Ticks { phase: phase.into(), got: [got, 0, 0], of: [4, 0, 0] }],
            ended: true,
            ..Session::default()
        }
    }

    #[test]
    fn a_share_is_that_of_the_last_five_and_the_worst_of_them_is_named() {
        let mut sessions: Vec<Session> = (1..=5).map(|n| session(n, "old", "design", 0)).collect();
        sessions.extend((6..=9).map(|n| session(n, "good", "design", 4)));
        sessions.push(session(10, "bad", "design", 2));
        let profile = profile(&sessions);
        let design = &profile[3];
        assert_eq!((design.phase, design.over_time.len()), ("design", 10));
        assert!((design.share.unwrap() - 0.9).abs() < 1e-9, "{design:?}");
        assert_eq!(design.worst.as_deref(), Some("bad"));
        assert_eq!(profile[0].share, None);
    }

    #[test]
    fn a_rehearsal_that_has_no_end_leaves_no_profile() {
        let mut open = session(1, "x", "design", 2);
        open.ended = false;
        assert!(profile(&[open]).iter().all(|phase| phase.share.is_none()));
    }

    #[test]
    fn what_was_never_rehearsed_comes_first_then_the_weakest() {
        let five = ["requirements", "estimate", "api-data", "design", "deep-dive"];
        let mut sessions: Vec<Session> = five
            .iter()
            .enumerate()
            .map(|(n, phase)| session(1, "x", phase, 4 - n as u32))
            .collect();
        let weakest = |sessions: &[Session]| super::weakest(&profile(sessions), |_| true).unwrap();
        assert_eq!(weakest(&sessions), "failure");
        sessions.push(session(1, "x", "failure", 3));
        assert_eq!(weakest(&sessions), "deep-dive");
        assert_eq!(weakest(&[]), "requirements");
        assert_eq!(super::weakest(&profile(&[]), |_| false), None);
    }
}
