//! Rehearsals and flaws: one of each in a design.

use super::lesson::Lesson;
use super::prose::words;
use super::report::Said;
use crate::course::Kind;
use crate::course::blocks::{At, Block, Flaws, PHASES, Phase, Rehearsal};

/// Words of an answer.
const LONGEST: usize = 120;

/// Checks rehearsals and flaws of a lesson.
pub fn check(lesson: &Lesson, said: &mut Said) {
    let rehearsals: Vec<At<&Rehearsal>> = lesson
        .blocks(|block| match block {
            Block::Rehearsal(rehearsal) => Some(rehearsal),
            _ => None,
        })
        .collect();
    let flaws: Vec<At<&Flaws>> = lesson
        .blocks(|block| match block {
            Block::Flaws(flaws) => Some(flaws),
            _ => None,
        })
        .collect();
    said.counts.rehearsals += rehearsals.len();
    if lesson.entry.kind == Kind::Design {
        if rehearsals.is_empty() {
            said.wrong(lesson.file(), 1, "no rehearsal; a design has one");
        }
        if flaws.is_empty() {
            said.wrong(lesson.file(), 1, "no flaws block; a design has one");
        }
    }
    if let [_, second, ..] = &rehearsals[..] {
        said.wrong(lesson.file(), second.line, "two rehearsals; a lesson has one");
    }
    for At { line, value } in rehearsals {
        rehearsal(lesson, line, value, said);
    }
    for At { line, value } in flaws {
        let count = value.flaws.len();
        if !(3..=5).contains(&count) {
            said.wrong(lesson.file(), line, format!("{}; 3 to 5", many(count, "flaw")));
        }
    }
}

/// `no flaw`, `1 flaw`, `2 flaws`
fn many(count: usize, one: &str) -> String {
    match count {
        0 => format!("no {one}"),
        1 => format!("1 {one}"),
        count => format!("{count} {one}s"),
    }
}

fn rehearsal(lesson: &Lesson, line: usize, it: &Rehearsal, said: &mut Said) {
    let mut wrong = |line: usize, message: String| said.wrong(lesson.file(), line, message);
    order(it, line, &mut wrong);
    let minutes: u16 = it.phases.iter().fold(0, |sum, phase| sum.saturating_add(phase.minutes));
    if minutes != it.minutes {
        wrong(line, format!("phases make {minutes} min, {} stated; give both one sum", it.minutes));
    }
    for phase in &it.phases {
        rubric(lesson, phase, &mut wrong);
    }
    let (curveballs, questions) = (it.curveballs.len(), it.questions.len());
    if !(2..=3).contains(&curveballs) {
        wrong(line, format!("{}; 2 or 3", many(curveballs, "curveball")));
    }
    for curveball in it.curveballs.iter().filter(|curveball| curveball.minute >= it.minutes) {
        let message =
            format!("curveball at {} min, the rehearsal has {}", curveball.minute, it.minutes);
        wrong(curveball.text.line, format!("{message}; bring it forward"));
    }
    if !(3..=6).contains(&questions) {
        wrong(line, format!("{}; 3 to 6", many(questions, "question")));
    }
    let answers = it.curveballs.iter().map(|it| &it.answer);
    for answer in answers.chain(it.questions.iter().map(|it| &it.answer)) {
        let count = words(&answer.value);
        if count > LONGEST {
            wrong(answer.line, format!("answer has {count} words; at most {LONGEST}"));
        }
    }
}

/// All phases, once, in their order.
fn order(it: &Rehearsal, line: usize, wrong: &mut impl FnMut(usize, String)) {
    let places: Vec<(usize, &Phase)> = it
        .phases
        .iter()
        .filter_map(|phase| {
            // The parser says that a phase is not known.
            let place = PHASES.iter().position(|name| *name == phase.name.value)?;
            Some((place, phase))
        })
        .collect();
    for (place, name) in PHASES.iter().enumerate() {
        if !places.iter().any(|(other, _)| *other == place) {
            wrong(line, format!("no phase \"{name}\"; add it"));
        }
    }
    for pair in places.windows(2) {
        let [(one, first), (other, second)] = pair else { continue };
        if one == other {
            wrong(second.name.line, format!("two phases \"{}\"; make them one", second.name.value));
        } else if one > other {
            let (late, early) = (&second.name.value, &first.name.value);
            wrong(second.name.line, format!("phase \"{late}\" after \"{early}\"; it comes before"));
        }
    }
}

fn rubric(lesson: &Lesson, phase: &Phase, wrong: &mut impl FnMut(usize, String)) {
    let name = &phase.name.value;
    for (level, items) in [("mid", &phase.mid), ("senior", &phase.senior), ("staff", &phase.staff)]
    {
        if items.iter().all(|item| item.value.is_empty()) {
            wrong(phase.name.line, format!("phase \"{name}\" has no {level} item; add one"));
        }
    }
    match &phase.see {
        Some(see) if !lesson.doc.headings.iter().any(|heading| heading.id == see.value) => {
            wrong(
                see.line,
                format!("no heading \"#{}\"; name a section of this lesson", see.value),
            );
        }
        None if name != "communication" => {
            let mend = "name the section that is its model answer";
            wrong(phase.name.line, format!("phase \"{name}\" has no see:; {mend}"));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::lesson::{said, said_of};
    use super::{PHASES, check};

    /// A design with a sound rehearsal and flaws.
    fn sound() -> String {
        let mut text = "## All\n\n```rehearsal 30 min\nprompt: Sell a seat.\n".to_owned();
        for name in PHASES {
            let head = match name {
                "communication" => "phase communication".to_owned(),
                name => format!("phase {name} 5 min\nsee: #all"),
            };
            text += &format!("{head}\nmid: a\nsenior: b\nstaff: c\n");
        }
        text + "curveball 10 min: One.\nA: Yes.\ncurveball 20 min: Two.\nA: No.\n\
            Q: A?\nA: a.\nQ: B?\nA: b.\nQ: C?\nA: c.\n```\n\
            ```flaws\ndesign: A lock.\nflaw: a\nflaw: b\nflaw: c\n```\n"
    }

    fn broken(from: &str, to: &str) -> Vec<String> {
        assert!(sound().contains(from), "{from}");
        said_of("design", &sound().replacen(from, to, 1), check)
    }

    #[test]
    fn a_design_has_a_rehearsal_and_flaws_and_another_lesson_need_not() {
        assert_eq!(broken("", ""), [""; 0]);
        assert_eq!(
            said_of("design", "Text.", check),
            ["1: no rehearsal; a design has one", "1: no flaws block; a design has one"]
        );
        assert_eq!(said("Text.", check), [""; 0]);
        let twice = sound() + &sound().replace("## All\n\n", "");
        assert_eq!(said_of("design", &twice, check), ["67: two rehearsals; a lesson has one"]);
    }

    #[test]
    fn phases_are_all_there_in_their_order() {
        let design = "phase design 5 min\nsee: #all\nmid: a\nsenior: b\nstaff: c\n";
        assert_eq!(
            broken(design, ""),
            [
                "14: no phase \"design\"; add it",
                "14: phases make 25 min, 30 stated; give both one sum"
            ]
        );
        assert_eq!(
            broken("phase estimate 5", "phase failure 5"),
            [
                "14: no phase \"estimate\"; add it",
                "26: phase \"api-data\" after \"failure\"; it comes before"
            ]
        );
        assert_eq!(
            broken("phase estimate 5", "phase requirements 5"),
            ["14: no phase \"estimate\"; add it", "21: two phases \"requirements\"; make them one"]
        );
    }

    #[test]
    fn answers_have_120_words_and_curveballs_come_within_the_time() {
        assert_eq!(
            broken("A: Yes.", &format!("A: {}", "word ".repeat(130))),
            ["51: answer has 130 words; at most 120"]
        );
        assert_eq!(
            broken("curveball 20", "curveball 30"),
            ["52: curveball at 30 min, the rehearsal has 30; bring it forward"]
        );
        assert_eq!(
            broken("curveball 10 min: One.\nA: Yes.\ncurveball 20 min: Two.\nA: No.\n", ""),
            ["14: no curveball; 2 or 3"]
        );
    }
}
