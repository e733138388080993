//! Diagrams: what is joined must answer.
//!
//! 1. Every arm meets an arm that answers, the tail of a head, or a label (touching; sideways also after
//!    one space).
//! 2. A head has a line or label behind it, and one before it (sideways also after one space).
//! 3. Both sides of a box end in one row.
//! 4. Every character is one column; no tab, no trailing space, no `+--+`.
//! 5. In `sequence`, lifelines begin under any column of their header and may end in the last two rows.
//!
//! A misplaced free label passes: look.

use super::lesson::Lesson;
use super::prose::words;
use super::report::Said;
use crate::course::blocks::{At, Block, Diagram, DiagramKind};
use crate::text::width;

/// Checks all diagrams of a lesson.
pub fn check(lesson: &Lesson, said: &mut Said) {
    let diagrams = lesson.blocks(|block| match block {
        Block::Diagram(diagram) => Some(diagram),
        _ => None,
    });
    for At { line, value: diagram } in diagrams {
        said.counts.diagrams += 1;
        let count = diagram.caption.as_ref().map_or(0, |caption| words(&caption.value));
        // Without a caption the parser has said so.
        if count > 0 && !(12..=30).contains(&count) {
            let line = diagram.caption.as_ref().map_or(line, |caption| caption.line);
            said.wrong(lesson.file(), line, format!("caption has {count} words; 12 to 30"));
        }
        for (place, message) in drawing(diagram) {
            said.wrong_at(lesson.file(), place, message);
        }
    }
}

/// What is wrong with a drawing: line and column, and the message.
fn drawing(diagram: &Diagram) -> Vec<((usize, usize), String)> {
    let mut found = characters(diagram);
    // Columns cannot be compared where characters have other widths than one.
    if diagram.kind != DiagramKind::Free && found.is_empty() {
        let grid = Grid::new(diagram);
        grid.arms_and_heads(&mut found);
        grid.boxes(&mut found);
    }
    found
}

/// Rule 4, and the closed list of lines and heads.
fn characters(diagram: &Diagram) -> Vec<((usize, usize), String)> {
    let mut found = Vec::new();
    for row in &diagram.rows {
        let text = &row.value;
        let mut wrong = |column: usize, message: String| found.push(((row.line, column), message));
        if text.ends_with(' ') || text.ends_with('\t') {
            wrong(
                text.trim_end().chars().count() + 1,
                "a blank at the end; take it out".to_owned(),
            );
        }
        if let Some(at) = text.find("+--").or_else(|| text.find("--+")) {
            let column = text[..at].chars().count() + 1;
            wrong(column, "\"+--+\" is no box; draw it with ┌ ─ ┐".to_owned());
        }
        for (at, c) in text.chars().enumerate() {
            let shown = match c {
                '\t' => "a tab; use blanks".to_owned(),
                '▶' | '◀' => format!("\"{c}\" is an emoji; use ► ◄"),
                '\u{fe0f}' => "an invisible character; take it out".to_owned(),
                _ if width(c.encode_utf8(&mut [0; 4])) != 1 => {
                    format!("\"{c}\" is not one column wide; use another")
                }
                '\u{2500}'..='\u{257f}' if arms(c) == 0 && diagram.kind != DiagramKind::Free => {
                    format!("\"{c}\" is not of the set ─ │ ┌ ┐ └ ┘ ├ ┤ ┬ ┴ ┼ ╌ ╎; use one of it")
                }
                _ => continue,
            };
            wrong(at + 1, shown);
        }
    }
    found
}

const UP: u8 = 1;
const DOWN: u8 = 2;
const LEFT: u8 = 4;
const RIGHT: u8 = 8;

/// Lines by their arms; the solid ones first, so that they are proposed.
const LINES: [(char, u8); 13] = [
    ('─', LEFT | RIGHT),
    ('│', UP | DOWN),
    ('┌', DOWN | RIGHT),
    ('┐', DOWN | LEFT),
    ('└', UP | RIGHT),
    ('┘', UP | LEFT),
    ('├', UP | DOWN | RIGHT),
    ('┤', UP | DOWN | LEFT),
    ('┬', DOWN | LEFT | RIGHT),
    ('┴', UP | LEFT | RIGHT),
    ('┼', UP | DOWN | LEFT | RIGHT),
    ('╌', LEFT | RIGHT),
    ('╎', UP | DOWN),
];

/// The arms of a line; 0 for all else.
fn arms(c: char) -> u8 {
    LINES.iter().find(|(line, _)| *line == c).map_or(0, |(_, arms)| *arms)
}

/// The direction in which a head points; 0 for all else.
fn head(c: char) -> u8 {
    match c {
        '►' => RIGHT,
        '◄' => LEFT,
        '▲' => UP,
        '▼' => DOWN,
        _ => 0,
    }
}

fn opposite(direction: u8) -> u8 {
    match direction {
        UP => DOWN,
        DOWN => UP,
        LEFT => RIGHT,
        _ => LEFT,
    }
}

fn is_label(c: char) -> bool {
    c != ' ' && arms(c) == 0 && head(c) == 0
}

fn name(direction: u8) -> &'static str {
    match direction {
        UP => "up",
        DOWN => "down",
        LEFT => "left",
        _ => "right",
    }
}

/// A drawing by row and column, from 0.
struct Grid<'a> {
    diagram: &'a Diagram,
    cells: Vec<Vec<char>>,
    /// Rows from the top in which nothing is drawn: the headers of a sequence.
    headers: usize,
}

impl<'a> Grid<'a> {
    fn new(diagram: &'a Diagram) -> Grid<'a> {
        let cells: Vec<Vec<char>> =
            diagram.rows.iter().map(|row| row.value.chars().collect()).collect();
        let drawn = |row: &Vec<char>| row.iter().any(|c| arms(*c) != 0 || head(*c) != 0);
        let headers = cells.iter().position(drawn).unwrap_or(cells.len());
        Grid { diagram, cells, headers }
    }

    /// A blank outside.
    fn at(&self, row: usize, column: usize) -> char {
        self.cells.get(row).and_then(|row| row.get(column)).copied().unwrap_or(' ')
    }

    /// The cell so many steps away; a blank outside.
    fn towards(&self, (row, column): (usize, usize), direction: u8, steps: usize) -> char {
        let to = match direction {
            UP => row.checked_sub(steps).map(|row| (row, column)),
            LEFT => column.checked_sub(steps).map(|column| (row, column)),
            DOWN => Some((row + steps, column)),
            _ => Some((row, column + steps)),
        };
        to.map_or(' ', |(row, column)| self.at(row, column))
    }

    fn place(&self, (row, column): (usize, usize)) -> (usize, usize) {
        (self.diagram.rows.get(row).map_or(0, |row| row.line), column + 1)
    }

    /// A label that touches, or sideways stands after one space.
    fn label(&self, at: (usize, usize), direction: u8) -> bool {
        let next = self.towards(at, direction, 1);
        let sideways = matches!(direction, LEFT | RIGHT);
        is_label(next) || sideways && next == ' ' && is_label(self.towards(at, direction, 2))
    }

    /// Rules 1, 2 and 5.
    fn arms_and_heads(&self, found: &mut Vec<((usize, usize), String)>) {
        for (row, cells) in self.cells.iter().enumerate() {
            for (column, c) in cells.iter().enumerate() {
                let at = (row, column);
                for direction in [UP, DOWN, LEFT, RIGHT] {
                    if arms(*c) & direction != 0 && !self.answered(at, direction) {
                        found.push((self.place(at), self.unanswered(at, direction)));
                    }
                }
                if head(*c) != 0 {
                    let message = self.head_message(at, head(*c));
                    found.extend(message.map(|message| (self.place(at), message)));
                }
            }
        }
    }

    /// Whether what an arm points at takes it.
    fn answered(&self, at: (usize, usize), direction: u8) -> bool {
        let next = self.towards(at, direction, 1);
        arms(next) & opposite(direction) != 0
            || head(next) == direction
            || self.label(at, direction)
            || self.begins_or_ends(at, direction)
    }

    /// Lifelines of a sequence begin under their header and may end in the last two rows.
    fn begins_or_ends(&self, (row, column): (usize, usize), direction: u8) -> bool {
        if self.diagram.kind != DiagramKind::Sequence
            || self.towards((row, column), direction, 1) != ' '
        {
            return false;
        }
        match direction {
            UP => row == self.headers && (0..row).any(|header| self.in_header(header, column)),
            DOWN => row + 2 >= self.cells.len(),
            _ => false,
        }
    }

    /// Whether a column is one of a header's: headers stand two blanks apart, one blank is inside.
    fn in_header(&self, row: usize, column: usize) -> bool {
        let blank = |column: usize| self.at(row, column) == ' ';
        let inside = |column: usize| {
            !blank(column) || column > 0 && !blank(column - 1) && !blank(column + 1)
        };
        inside(column)
    }

    fn unanswered(&self, at: (usize, usize), direction: u8) -> String {
        let (c, next) = (self.at(at.0, at.1), self.towards(at, direction, 1));
        let points = format!("\"{c}\" points {}", name(direction));
        if next == ' ' {
            return format!("{points} to nothing; go on, end at a label, or turn");
        }
        let joined = arms(next) | opposite(direction);
        let mend = match LINES.iter().find(|(_, arms)| *arms == joined) {
            Some((line, _)) if head(next) == 0 => format!("join them ({line})"),
            _ => "turn the head, or leave a blank".to_owned(),
        };
        format!("{points} to \"{next}\", which does not answer; {mend}")
    }

    fn head_message(&self, at: (usize, usize), direction: u8) -> Option<String> {
        let c = self.at(at.0, at.1);
        let back = opposite(direction);
        let behind = arms(self.towards(at, back, 1)) & direction != 0 || self.label(at, back);
        if !behind {
            return Some(format!(
                "\"{c}\" has nothing behind it; draw its line or write its label"
            ));
        }
        let sideways = matches!(direction, LEFT | RIGHT);
        let next = self.towards(at, direction, 1);
        let after = if next == ' ' && sideways { self.towards(at, direction, 2) } else { next };
        let before = arms(after) != 0 || is_label(after);
        (!before).then(|| {
            format!("\"{c}\" points {} to nothing; move it to its line or label", name(direction))
        })
    }

    /// Rule 3: from each corner with a lid, both sides go down to their bottom corners.
    fn boxes(&self, found: &mut Vec<((usize, usize), String)>) {
        for row in 0..self.cells.len() {
            for left in 0..self.cells[row].len() {
                if self.at(row, left) != '┌' {
                    continue;
                }
                let lid = (left + 1..).take_while(|column| arms(self.at(row, *column)) & LEFT != 0);
                let right = lid.into_iter().find(|column| self.at(row, *column) == '┐');
                let Some(right) = right else { continue };
                let (one, other) = (self.side_end(row, left), self.side_end(row, right));
                let corners = (self.at(one, left), self.at(other, right)) == ('└', '┘');
                if corners && one != other {
                    let (one, other) = (self.place((one, left)).0, self.place((other, right)).0);
                    let message = format!(
                        "the sides of this box end in lines {one} and {other}; end both in one"
                    );
                    found.push((self.place((row, left)), message));
                }
            }
        }
    }

    /// The row in which a side that goes down from here ends.
    fn side_end(&self, mut row: usize, column: usize) -> usize {
        while arms(self.at(row, column)) & DOWN != 0 && arms(self.at(row + 1, column)) & UP != 0 {
            row += 1;
        }
        row
    }
}

#[cfg(test)]
mod tests {
    use super::super::lesson::said;
    use super::check;

    /// A drawing in the lesson; its first row is line 15 of the file.
    fn drawn(kind: &str, rows: &str) -> Vec<String> {
        let caption =
            "caption: These are the twelve words that every drawing must have\n  at least, here.";
        said(&format!("```diagram{kind}\n{caption}\n{rows}\n```"), check)
    }

    fn sequence(rows: &str) -> Vec<String> {
        drawn(" sequence", rows)
    }

    fn plan(rows: &str) -> Vec<String> {
        drawn("", rows)
    }

    const NOTHING: [&str; 0] = [];

    #[test]
    fn the_example_of_the_format_passes() {
        let rows = " \
 Client         Leader       Follower
   ├─ write x=1 ─►│             │
   │◄──── ok ─────┤             │
   │              ├─ append ─ X │   lost
   │              X             │   leader dies
   ├── read x ─────────────────►│
   │◄─────────────── x=0 ───────┤   stale";
        // The format's own example jumps a gap: the leader is dead, and its column is free.
        assert_eq!(sequence(rows), NOTHING);
    }

    #[test]
    fn a_late_message_goes_down_beside_its_lifeline() {
        let rows = "\
 Writer       Store
   ├─ w1 ──┐    │
   │       ╎    │
   ├── w2 ─┼───►│
   │       ╎    │
   │       └───►│  late";
        assert_eq!(sequence(rows), NOTHING);
        assert_eq!(
            sequence(&rows.replace('┼', "╎")),
            [
                "18:11: \"─\" points right to \"╎\", which does not answer; join them (┤)",
                "18:13: \"─\" points left to \"╎\", which does not answer; join them (├)"
            ]
        );
    }

    #[test]
    fn an_arm_meets_an_arm_a_head_or_a_label() {
        let rows = " A      B\n ├─────►│\n │      │\n │◄─────┤\n │      │";
        assert_eq!(sequence(rows), NOTHING);
        let cut = rows.replacen(" │      │", "        │", 1);
        assert_eq!(
            sequence(&cut),
            [
                "16:2: \"├\" points down to nothing; go on, end at a label, or turn",
                "18:2: \"│\" points up to nothing; go on, end at a label, or turn"
            ]
        );
        assert_eq!(sequence(&cut.replacen("        │", " X      │", 1)), NOTHING);
        assert_eq!(
            sequence(&rows.replace('├', "│")),
            ["16:3: \"─\" points left to \"│\", which does not answer; join them (├)"]
        );
        assert_eq!(
            plan("A ─►─ B"),
            [
                "15:5: \"─\" points left to \"►\", which does not answer; turn the head, or leave a blank"
            ]
        );
    }

    #[test]
    fn lifelines_begin_under_their_header_and_end_in_the_last_two_rows() {
        let rows = " Load balancer   B\n      │          │\n      ├─────────►│\n      │\n";
        assert_eq!(sequence(rows), NOTHING);
        assert_eq!(
            sequence(&rows.replace(" Load balancer   B", " Load   balancer B")),
            ["16:7: \"│\" points up to nothing; go on, end at a label, or turn"]
        );
        let early = " A      B\n │      │\n ├─────►│\n │\n │\n │";
        assert_eq!(
            sequence(early),
            ["17:9: \"│\" points down to nothing; go on, end at a label, or turn"]
        );
        assert_eq!(
            plan(" A\n │"),
            ["16:2: \"│\" points down to nothing; go on, end at a label, or turn"]
        );
    }

    #[test]
    fn a_head_has_something_behind_and_before_it() {
        assert_eq!(plan("Ann ► Bob"), NOTHING);
        assert_eq!(
            plan("  ► Bob"),
            ["15:3: \"►\" has nothing behind it; draw its line or write its label"]
        );
        assert_eq!(plan(" Ann\n  │\n  ▼\n Bob"), NOTHING);
        assert_eq!(
            plan(" Ann\n  │\n  ▼\n\n Bob"),
            ["17:3: \"▼\" points down to nothing; move it to its line or label"]
        );
    }

    #[test]
    fn both_sides_of_a_box_end_in_one_row() {
        let good = "┌─────┐   ┌───┐\n│ web ├──►│ x │\n└──┬──┘   └───┘\n   ▼\n  log";
        assert_eq!(plan(good), NOTHING);
        let crooked = "┌─────┐\n│ web │\n└─ a  │\n    b ┘";
        let said = plan(crooked);
        assert!(
            said.contains(
                &"15:1: the sides of this box end in lines 17 and 18; end both in one".to_owned()
            ),
            "{said:?}"
        );
    }

    #[test]
    fn every_character_is_one_column() {
        for (row, found) in [
            ("a\tb", "15:2: a tab; use blanks"),
            ("a ", "15:2: a blank at the end; take it out"),
            ("x +--+", "15:3: \"+--+\" is no box; draw it with ┌ ─ ┐"),
            ("a ▶ b", "15:3: \"▶\" is an emoji; use ► ◄"),
            ("a 日 b", "15:3: \"日\" is not one column wide; use another"),
        ] {
            assert_eq!(plan(row), [found]);
            assert_eq!(drawn(" free", row), [found]);
        }
        let round = "15:1: \"╭\" is not of the set ─ │ ┌ ┐ └ ┘ ├ ┤ ┬ ┴ ┼ ╌ ╎; use one of it";
        assert!(plan("╭──").contains(&round.to_owned()));
        assert_eq!(drawn(" free", "╭── ─┤ ▂▃█"), NOTHING);
    }

    #[test]
    fn a_caption_has_12_to_30_words() {
        let short = "```diagram\ncaption: Too short.\nAnn ──► Bob\n```";
        assert_eq!(said(short, check), ["13: caption has 2 words; 12 to 30"]);
    }

    #[test]
    fn a_label_may_stand_one_space_away_sideways_but_not_two() {
        assert_eq!(plan("Ann ──► Bob"), NOTHING);
        assert_eq!(
            plan("Ann  ──► Bob"),
            ["15:6: \"─\" points left to nothing; go on, end at a label, or turn"]
        );
        assert_eq!(
            plan("Ann ──►  Bob"),
            ["15:7: \"►\" points right to nothing; move it to its line or label"]
        );
    }
}
