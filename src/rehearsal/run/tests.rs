//! A rehearsal gone through, with a clock of the test.

#![allow(clippy::unwrap_used)]
use chrono::NaiveDate;

use super::*;
use crate::course::blocks::{self, Block};
use crate::journal::{Event, What};
use crate::progress::{Progress, Settings};

const SCRIPT: &str = "prompt: Design a shop.
phase requirements 5 min
see: #a
mid: asks who buys
staff: says what is out
phase design 10 min
see: #b
mid: draws boxes
senior: follows one order
phase communication
mid: says what comes next
curveball 2 min: Ten times the orders.
A: The queue.
curveball 7 min: A Region is gone.
A: The other.
Q: Why a queue?
A: To wait.
Q: Why not?
A: It hides.";

fn script() -> Script {
    let lines: Vec<&str> = SCRIPT.lines().collect();
    let (block, issues) = blocks::parse("rehearsal 15 min", &lines, 1);
    assert!(issues.is_empty(), "{issues:?}");
    let Block::Rehearsal(rehearsal) = block else { panic!() };
    let lines = ["design: One server.", "flaw: it dies", "flaw: it fills"];
    let Block::Flaws(flaws) = blocks::parse("flaws", &lines, 1).0 else { panic!() };
    Script { rehearsal, flaws: Some(flaws) }
}

fn whole() -> Run {
    Run::new("r-1".into(), "shop", Form::Whole, script())
}

/// The session that the journal holds after some steps.
fn session(steps: &[Step]) -> Session {
    let events: Vec<Event> = steps
        .iter()
        .enumerate()
        .map(|(n, step)| Event {
            id: format!("x-{n}"),
            t: "2026-11-24T10:00:00Z".parse().unwrap(),
            o: Some(n as i64),
            batch: None,
            what: What::Rehearse { rehearsal: "r-1".into(), step: step.clone() },
        })
        .collect();
    let settings = Settings { day_starts_at: chrono::NaiveTime::MIN };
    let course = crate::catalog::embedded();
    let progress = Progress::fold(&course, &events.iter().collect::<Vec<_>>(), &settings);
    progress.rehearsals()[0].clone()
}

#[test]
fn the_clock_counts_by_phase_stands_while_paused_and_tells_an_overrun() {
    let mut run = whole();
    run.next(100.0);
    assert_eq!(run.stage, Stage::Phase(0));
    assert!((run.seconds(0, 160.0) - 60.0).abs() < 1e-9);
    let steps = run.pause(160.0);
    assert_eq!(steps, [Step::Clock { phase: "requirements".into(), seconds: 60 }]);
    assert!((run.seconds(0, 5000.0) - 60.0).abs() < 1e-9 && run.deadline(5000.0).is_none());
    run.pause(5000.0);
    assert!(!run.over(0, 5239.0) && run.over(0, 5241.0));
    run.next(5300.0);
    assert!((run.seconds(0, 9000.0) - 360.0).abs() < 1e-9, "the phase is over");
    assert!((run.seconds(1, 5310.0) - 10.0).abs() < 1e-9);
    assert!((run.seconds(1, 5290.0)).abs() < 1e-9, "a clock that goes back takes nothing");
}

#[test]
fn a_curveball_comes_at_its_minute_and_the_phase_goes_on_after_it() {
    let mut run = whole();
    run.next(0.0);
    run.write("who".into(), 10.0);
    assert!(
        run.tick(119.0).contains(&Step::Text { at: "requirements".into(), text: "who".into() })
    );
    assert_eq!(run.stage, Stage::Phase(0));
    run.tick(121.0);
    assert_eq!((run.stage, run.place().as_deref()), (Stage::Curveball(0), Some("curveball-1")));
    run.write("the queue".into(), 130.0);
    let steps = run.next(140.0);
    assert!(steps.contains(&Step::Text { at: "curveball-1".into(), text: "the queue".into() }));
    assert_eq!(run.stage, Stage::Phase(0));
    assert!((run.seconds(0, 140.0) - 140.0).abs() < 1e-9, "it was answered in the phase's time");
    run.tick(150.0);
    assert_eq!(run.stage, Stage::Phase(0), "once");
}

#[test]
fn a_whole_rehearsal_goes_through_all_its_stages_and_its_ticks_are_counted_by_level() {
    let mut run = whole();
    let mut steps = Vec::new();
    let mut stages = Vec::new();
    for n in 0..30 {
        let now = f64::from(n) * 100.0;
        steps.extend(run.tick(now));
        stages.push(run.stage);
        if let Stage::Compare(phase) = run.stage {
            run.toggle(phase, 0);
        }
        if run.stage == Stage::Result {
            break;
        }
        steps.extend(run.next(now));
    }
    let expected = [
        Stage::Prompt,
        Stage::Phase(0),
        Stage::Curveball(0),
        Stage::Phase(1),
        Stage::Compare(0),
        Stage::Compare(1),
        Stage::Compare(2),
        Stage::CurveballAnswer(0),
        Stage::Question(0, false),
        Stage::Question(0, true),
        Stage::Question(1, false),
        Stage::Question(1, true),
        Stage::Result,
    ];
    assert_eq!(stages, expected);
    let ticks: Vec<_> = steps
        .iter()
        .filter_map(|s| if let Step::Tick { got, of, .. } = s { Some((*got, *of)) } else { None })
        .collect();
    assert_eq!(ticks, [([1, 0, 0], [1, 0, 1]), ([1, 0, 0], [1, 1, 0]), ([1, 0, 0], [1, 0, 0])]);
    assert_eq!(steps.iter().filter(|step| **step == Step::End).count(), 1);
}

#[test]
fn killed_in_the_middle_it_goes_on_where_it_stood() {
    let (mut run, mut steps) = (whole(), Vec::new());
    steps.extend(run.next(0.0));
    run.write("who buys".into(), 20.0);
    steps.extend(run.tick(25.0));
    steps.extend(run.next(60.0));
    steps.extend(run.tick(91.0)); // killed soon after
    let run = Run::resume(&session(&steps), script()).unwrap();
    assert_eq!((run.stage, run.runs()), (Stage::Phase(1), false));
    assert_eq!(run.text("requirements"), "who buys");
    assert!((run.seconds(0, 0.0) - 60.0).abs() < 1.0 && (run.seconds(1, 0.0) - 31.0).abs() < 1.0);
}

#[test]
fn what_was_ticked_is_not_asked_again_after_a_kill() {
    let (mut run, mut steps) = (whole(), Vec::new());
    for now in [0.0, 10.0, 20.0, 30.0] {
        steps.extend(run.next(now));
    }
    assert_eq!(run.stage, Stage::Compare(1));
    let run = Run::resume(&session(&steps), script()).unwrap();
    assert_eq!(run.stage, Stage::Compare(1));
}

#[test]
fn the_short_form_has_one_phase_of_ten_minutes_the_curveball_of_that_phase_and_one_question() {
    let form = Form::Short("design".into());
    let mut run = Run::new("r-2".into(), "shop", form, script());
    assert_eq!((run.phases.len(), run.phases[0].minutes), (1, 10));
    run.next(0.0);
    run.tick(299.0);
    assert_eq!(run.stage, Stage::Phase(0));
    run.tick(301.0);
    assert_eq!(run.stage, Stage::Curveball(1), "the one of minute 7");
    for now in [310.0, 320.0] {
        run.next(now);
    }
    assert_eq!(run.stage, Stage::Compare(0));
    run.next(330.0);
    assert_eq!(run.stage, Stage::CurveballAnswer(1));
    run.next(340.0);
    assert!(matches!(run.stage, Stage::Question(_, false)));
    run.next(350.0);
    run.next(360.0);
    assert_eq!(run.stage, Stage::Result);
}

#[test]
fn flaws_are_written_down_before_they_are_shown_and_counted() {
    let mut run = Run::new("r-3".into(), "shop", Form::Flaws, script());
    assert_eq!(run.place().as_deref(), Some("flaws"));
    run.write("it dies".into(), 0.0);
    run.next(0.0);
    run.toggle_flaw(1);
    let steps = run.next(1.0);
    assert_eq!(steps, [Step::Flaws { got: 1, of: 2 }, Step::End]);
    let session = session(&[Step::Flaws { got: 1, of: 2 }]);
    assert!((session.share().unwrap() - 0.5).abs() < 1e-9);
    assert_eq!(session.date, NaiveDate::from_ymd_opt(2026, 11, 24).unwrap());
}

#[test]
fn left_before_the_clock_it_leaves_nothing_and_its_first_step_is_its_start() {
    let mut run = whole();
    assert!(run.tick(10.0).is_empty() && run.save(20.0).is_empty() && !run.begun());
    let steps = run.next(30.0);
    assert!(matches!(&steps[0], Step::Start { form, .. } if form == "whole"), "{steps:?}");
    assert!(run.begun() && !run.next(40.0).iter().any(|s| matches!(s, Step::Start { .. })));
    let mut run = Run::new("r-3".into(), "shop", Form::Flaws, script());
    assert!(run.save(0.0).is_empty());
    run.write("one server".into(), 1.0);
    let steps = run.tick(5.0);
    assert!(matches!(&steps[..], [Step::Start { .. }, Step::Text { .. }]), "{steps:?}");
}

#[test]
fn ended_in_a_rubric_without_a_tick_the_phase_is_not_zero_but_not_ticked() {
    let mut run = whole();
    for now in [0.0, 1.0, 2.0] {
        run.next(now);
    }
    assert_eq!((run.stage, run.nothing_ticked()), (Stage::Compare(0), true));
    assert_eq!(run.clone().finish(3.0), [Step::End]);
    run.toggle(0, 0);
    assert!(matches!(run.finish(3.0)[..], [Step::Tick { .. }, Step::End]));
}
