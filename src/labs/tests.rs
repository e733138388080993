//! What holds for every lab.
#![allow(clippy::unwrap_used)]

use super::{ALL, Answer, Cell, Dice, Knobs, Lab, Question, Report, Watch};

/// Runs a lab with some knobs set.
pub fn run_with(lab: &Lab, set: &[(&str, &str)], seed: u64) -> Report {
    let mut knobs = Knobs::new(lab.knobs);
    for (name, value) in set {
        knobs.set(name, value).unwrap();
    }
    (lab.run)(&knobs, &mut Dice::new(seed), &mut Watch::new(&mut |_| true))
}

/// A lab as it comes, over many seeds.
pub fn seeds(lab: &Lab, count: u64) -> Vec<Report> {
    (1..=count).map(|seed| run_with(lab, &[], seed)).collect()
}

/// The value of a cell.
pub fn number(cell: &Cell) -> f64 {
    let Cell::Number(value, _) = cell else { panic!("{cell:?}") };
    *value
}

#[test]
fn each_lab_holds_as_it_comes_and_the_same_seed_gives_the_same_report() {
    for lab in ALL {
        for seed in 1..=2 {
            let report = run_with(lab, &[], seed);
            assert!(report.holds, "{}: {}", lab.name, report.verdict);
            assert!(!report.partial);
            assert!(report.rows.iter().all(|row| row.len() == report.head.len()), "{}", lab.name);
            assert!(report.rows.len() <= 14 && report.head.len() <= 6, "{}", lab.name);
            let width: usize = (0..report.head.len())
                .map(|at| {
                    let cells = report.rows.iter().map(|row| crate::text::width(row[at].shown()));
                    cells.chain([crate::text::width(report.head[at])]).max().unwrap_or(0) + 2
                })
                .sum();
            assert!(width <= 78, "{}: the table is {width} cells wide", lab.name);
            if !report.here {
                assert_eq!(report, run_with(lab, &[], seed), "{}", lab.name);
            }
            match (lab.question, report.answer) {
                (Question::Number { .. }, Answer::Number(number)) => assert!(number.is_finite()),
                (Question::Choice { options, .. }, Answer::Choice(at)) => {
                    assert!(at < options.len() && options.len() <= 5);
                }
                _ => panic!("{}: the answer has not the form of the question", lab.name),
            }
        }
    }
}

#[test]
fn each_lab_stands_every_knob_at_its_ends_and_can_be_stopped() {
    for lab in ALL {
        assert!((2..=5).contains(&lab.knobs.len()), "{}", lab.name);
        for knob in lab.knobs {
            let (least, most) = knob.range();
            for end in [least, most] {
                let mut knobs = Knobs::new(lab.knobs);
                knobs.set(knob.name, &knob.show(end)).unwrap();
                let mut left = 30;
                let mut tell = |share: f64| {
                    assert!((0.0..=1.0).contains(&share), "{}", lab.name);
                    left -= 1;
                    left > 0
                };
                let report = (lab.run)(&knobs, &mut Dice::new(3), &mut Watch::new(&mut tell));
                let watched = left < 30;
                assert!(watched, "{} never says how far it is", lab.name);
                assert!(report.measured.is_finite(), "{} {} = {end}", lab.name, knob.name);
            }
        }
    }
}

#[test]
fn each_lab_has_a_claim_with_a_number_lessons_that_exist_and_lines_to_show() {
    let course = crate::catalog::embedded();
    for lab in ALL {
        assert!(lab.claim.chars().any(|c| c.is_ascii_digit()), "{}", lab.name);
        assert!(lab.lessons.iter().all(|slug| course.by_slug(slug).is_some()), "{}", lab.name);
        let lines = lab.mechanism.lines().count();
        assert!((10..=120).contains(&lines), "{}: {lines} lines of mechanism", lab.name);
        let (name, value) = lab.next.split_once(' ').unwrap();
        Knobs::new(lab.knobs).set(name, value).unwrap();
    }
}
