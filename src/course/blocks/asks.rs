//! `card` and `ask`.

use super::keyed::{Keyed, keyed, only};
use super::{Ask, At, Card, Issue, head_line, issue, no_more};

/// Reads a card; `info` are the words after `card`.
pub fn card(info: &[String], lines: &[&str], first_line: usize, issues: &mut Vec<Issue>) -> Card {
    let id = info.first().cloned().unwrap_or_default();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if id.is_empty() {
        issue(issues, head_line(first_line), "a card has no id; write ```card name");
    } else if !id.chars().all(plain) {
        let what = format!("card id \"{id}\" has other letters than a-z 0-9 -; rename it");
        issue(issues, head_line(first_line), what);
    } else {
        no_more(info, 1, first_line, issues);
    }
    let keys = keyed(&["Q", "A", "calc"], lines, first_line, issues);
    let (question, answer) = both("card", &keys, first_line, issues);
    let calc = only(&keys, "calc", "a card has one", issues);
    let calc = calc.filter(|calc| !calc.value.is_empty()).and_then(|calc| {
        let parts = calc.value.split_once("=>").map(|(f, s)| (f.trim(), s.trim()));
        match parts {
            Some((formula, stated)) if !formula.is_empty() && !stated.is_empty() => {
                Some(At { line: calc.line, value: (formula.into(), stated.into()) })
            }
            _ => {
                issue(issues, calc.line, "calc has no result; write calc: 300/s * 40 ms => 12");
                None
            }
        }
    });
    Card { id, question, answer, calc }
}

/// Reads an ask; `info` are the words after `ask`.
pub fn ask(info: &[String], lines: &[&str], first_line: usize, issues: &mut Vec<Issue>) -> Ask {
    no_more(info, 0, first_line, issues);
    let keys = keyed(&["Q", "A", "lab"], lines, first_line, issues);
    let (question, answer) = both("ask", &keys, first_line, issues);
    let lab = only(&keys, "lab", "an ask has one", issues);
    let lab = lab.map(|lab| lab.value.clone()).filter(|lab| !lab.is_empty());
    Ask { question, answer, lab }
}

/// Question and answer; a missing one is empty.
fn both(
    what: &str,
    keys: &[Keyed],
    first_line: usize,
    issues: &mut Vec<Issue>,
) -> (At<String>, At<String>) {
    let twice = format!("one {what} asks one thing, make two");
    let mut one = |key: &str| match only(keys, key, &twice, issues) {
        Some(keyed) => keyed.at(),
        None => {
            let what = format!("the {what} has no {key}; add a line {key}:");
            issue(issues, head_line(first_line), what);
            At { line: first_line, value: String::new() }
        }
    };
    (one("Q"), one("A"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::parsed;
    use super::super::{At, Block};

    #[test]
    fn the_card_of_the_format_is_read_with_its_lines() {
        let (block, issues) = parsed(
            "card second-writer",
            "Q: Two transactions update one row, the first
  commits. What does the second get?
A: Error 40001; it must start again.
calc: 300/s * 40 ms => 12",
        );
        let Block::Card(card) = block else { panic!("{block:?}") };
        assert_eq!(issues, [""; 0]);
        assert_eq!(card.id, "second-writer");
        let question =
            "Two transactions update one row, the first commits. What does the second get?";
        assert_eq!(card.question, At { line: 101, value: question.into() });
        assert_eq!(card.answer.line, 103);
        let calc = At { line: 104, value: ("300/s * 40 ms".to_string(), "12".to_string()) };
        assert_eq!(card.calc, Some(calc));
    }

    #[test]
    fn what_a_card_lacks_or_has_twice_is_said_where_it_stands() {
        for (info, text, found) in [
            ("card", "Q: q\nA: a", "100: a card has no id; write ```card name"),
            (
                "card Two_Words",
                "Q: q\nA: a",
                "100: card id \"Two_Words\" has other letters than a-z 0-9 -; rename it",
            ),
            ("card a b", "Q: q\nA: a", "100: \"b\" is not known here; take it out"),
            ("card a", "Q: q", "100: the card has no A; add a line A:"),
            ("card a", "Q:\nA: a", "101: Q: says nothing; write it or take it out"),
            ("card a", "Q: q\nA: a\nA: b", "103: a second A; one card asks one thing, make two"),
            (
                "card a",
                "Q: q\nA: a\ncalc: 3 * 4",
                "103: calc has no result; write calc: 300/s * 40 ms => 12",
            ),
            (
                "card a",
                "Q: q\nA: a\nlab: ring",
                "103: key \"lab\" is not known; there are Q, A, calc",
            ),
            ("ask later", "Q: q\nA: a", "100: \"later\" is not known here; take it out"),
            ("ask", "A: a", "100: the ask has no Q; add a line Q:"),
        ] {
            assert_eq!(parsed(info, text).1, [found], "{info} {text}");
        }
    }

    #[test]
    fn an_ask_may_hand_its_prediction_to_a_lab() {
        let (block, issues) = parsed("ask", "Q: q\nA: a\nlab: little");
        let Block::Ask(ask) = block else { panic!("{block:?}") };
        assert_eq!((ask.lab.as_deref(), issues.len()), (Some("little"), 0));
    }
}
