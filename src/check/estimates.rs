//! Estimates hold, and the text does not contradict them.

use super::facts::Facts;
use super::lesson::Lesson;
use super::report::Said;
use super::text::line_of;
use crate::course::blocks::{At, Block as Fenced, EstimateLine};
use crate::estimate::{Evaluated, amount};
use crate::markdown::document::Target;
use crate::markdown::{Block, Style};

/// Checks the estimates of a lesson and the numbers of its prose.
pub fn check(lesson: &Lesson, facts: &Facts, said: &mut Said) {
    said.counts.estimates += lesson.estimates.len();
    structure(lesson, said);
    for estimate in &lesson.estimates {
        for issue in &estimate.issues {
            said.wrong(lesson.file(), issue.line, issue.value.clone());
        }
        for input in estimate.inputs.iter().filter(|input| input.constant.is_none()) {
            let value = amount(&input.text).ok();
            let same = facts.values.iter().find(|(_, constant)| Some(constant) == value.as_ref());
            if let Some((name, _)) = same {
                let message = format!("{} is @{name}; take it by that name", input.text);
                said.warn(lesson.file(), input.line, message);
            }
        }
    }
    prose(lesson, said);
}

/// Names, continuations and goals.
fn structure(lesson: &Lesson, said: &mut Said) {
    let mut seen: Vec<(&str, usize)> = Vec::new();
    for At { line, value: block } in lesson.estimate_blocks() {
        let name = &*block.name;
        let goals =
            |at: &&At<EstimateLine>| matches!(at.value, EstimateLine::Result { goal: true, .. });
        let goals: Vec<usize> = block.lines.iter().filter(goals).map(|at| at.line).collect();
        let before = seen.iter_mut().find(|(other, _)| *other == name);
        let count = if let Some((_, count)) = before {
            if !block.more {
                let mend = format!("write \"{name} more\", or rename one");
                said.wrong(lesson.file(), line, format!("two estimates \"{name}\"; {mend}"));
            }
            *count += goals.len();
            *count
        } else {
            if block.more {
                let message = format!("no estimate \"{name}\" above; take \"more\" out");
                said.wrong(lesson.file(), line, message);
            }
            seen.push((name, goals.len()));
            goals.len()
        };
        if let Some(line) = goals.last().filter(|_| count > 1) {
            said.wrong(lesson.file(), *line, format!("{name} has two goals; watch one"));
        }
    }
}

/// Warns of a bare number whose unit occurs in an estimate and whose value does not. A mere duration is
/// everywhere: it is looked at only in the section of an estimate.
fn prose(lesson: &Lesson, said: &mut Said) {
    let Some(first) = lesson.estimates.first() else { return };
    for (at, block) in lesson.paragraphs() {
        for found in first.numbers(&block.text) {
            if linked(lesson, at, block, found.number.start) {
                continue;
            }
            let near = lesson.estimates.iter().filter(|estimate| {
                estimate.measures(&found) && (!found.is_duration() || beside(lesson, at, estimate))
            });
            let near: Vec<&Evaluated> = near.collect();
            if !near.is_empty() && !near.iter().any(|estimate| estimate.holds(&found)) {
                let line = line_of(lesson, block, &block.text[found.number.start..]);
                let message =
                    format!("{} is in no estimate; link it, or mend it", found.literal.text());
                said.warn(lesson.file(), line, message);
            }
        }
    }
}

/// Whether a block stands in the section of an estimate.
fn beside(lesson: &Lesson, block: usize, estimate: &Evaluated) -> bool {
    let section = lesson.doc.section_of(block);
    lesson.doc.fences.iter().any(|fence| {
        matches!(&fence.block, Fenced::Estimate(it) if it.name == estimate.name)
            && lesson.doc.section_of(fence.at) == section
    })
}

/// Whether a byte of a block belongs to a link to a result, or to code.
fn linked(lesson: &Lesson, at: usize, block: &Block, byte: usize) -> bool {
    let code = block.spans.iter().any(|span| {
        span.style.has(Style::CODE)
            && (span.range.start as usize..span.range.end as usize).contains(&byte)
    });
    code || lesson.doc.links.iter().any(|link| {
        link.spot.block == at
            && matches!(link.target, Target::Result(_))
            && (link.range.start as usize..link.range.end as usize).contains(&byte)
    })
}

#[cfg(test)]
mod tests {
    use super::super::lesson::said;
    use super::{Facts, check};

    /// The estimate stands on line 16.
    const SOUND: &str = "\
## Load

Text.

```estimate feed
users_in = 50 million users     # given
posting  = 2 posts/user/day     # given
work     = 20 ms/post           # given

rate = users_in * posting => 1,160 posts/s
busy = rate * work        => 23
```

At peak [1,160 posts/s](=feed.rate) arrive, each for 20 ms.

## Later

Text.
";

    fn broken(from: &str, to: &str) -> Vec<String> {
        assert!(SOUND.contains(from), "{from}");
        said(&SOUND.replacen(from, to, 1), |lesson, said| check(lesson, &Facts::default(), said))
    }

    #[test]
    fn what_the_engine_says_has_the_line_of_the_file() {
        assert_eq!(broken("", ""), [""; 0]);
        assert_eq!(broken("=> 23", "=> 32"), ["22: busy is 23, shown 32; correct it or use --fix"]);
        assert_eq!(
            broken("users_in * posting", "users_in + posting"),
            ["21: users + posts/user/s do not add; give both one unit"]
        );
    }

    #[test]
    fn what_uses_a_line_that_cannot_be_read_is_no_finding_of_its_own() {
        // The parser's finding is of the lesson as a whole.
        assert_eq!(
            broken("posting  = 2 posts/user/day     # given", "posting  = 2 posts/user/day"),
            [""; 0]
        );
        assert_eq!(broken("=> 1,160 posts/s", "=>"), [""; 0]);
    }

    #[test]
    fn an_estimate_is_continued_by_more_and_has_one_goal() {
        let more =
            "```estimate feed more\nwarm = rate * 60 s => 69,400 posts # goal\n```\n\n## Later";
        assert_eq!(broken("## Later", more), [""; 0]);
        assert_eq!(
            broken("## Later", &more.replace(" more", "")),
            ["27: two estimates \"feed\"; write \"feed more\", or rename one"]
        );
        assert_eq!(
            broken("feed\nusers", "feed more\nusers"),
            ["16: no estimate \"feed\" above; take \"more\" out"]
        );
        let goals = "=> 1,160 posts/s # goal\nbusy = rate * work => 23 # goal";
        assert_eq!(
            broken("=> 1,160 posts/s\nbusy = rate * work        => 23", goals),
            ["22: feed has two goals; watch one"]
        );
    }

    #[test]
    fn a_bare_number_of_a_unit_of_the_estimate_is_looked_at() {
        let warned = |text: &str| broken("Later\n\nText.", &format!("Later\n\nText.\n{text}"));
        assert_eq!(
            warned("Of 1,300 posts/s nothing is lost."),
            ["warning: 30: 1,300 posts/s is in no estimate; link it, or mend it"]
        );
        for fine in [
            "Of 1,160 posts a second nothing is lost, nor of 50 million users.",
            "It takes 40 ms and 300 B, `1,300 posts/s` too.",
            "Users number 17.",
        ] {
            assert_eq!(warned(fine), [""; 0], "{fine}");
        }
    }

    #[test]
    fn a_duration_is_looked_at_beside_its_estimate_only() {
        let timed = SOUND
            .replace("20 ms/post ", "20 ms      ")
            .replace("busy = rate * work        => 23", "busy = work => 20 ms");
        let said = |from: &str, to: &str| {
            said(&timed.replacen(from, to, 1), |lesson, said| {
                check(lesson, &Facts::default(), said);
            })
        };
        assert_eq!(
            said("for 20 ms", "for 30 ms"),
            ["warning: 25: 30 ms is in no estimate; link it, or mend it"]
        );
        assert_eq!(said("Later\n\nText", "Later\n\nIn 30 ms"), [""; 0]);
    }
}
