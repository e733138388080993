//! Fenced blocks made readable: each becomes ordinary blocks, and is kept as what it says.

use super::document::{Align, Asked, Fence, Kind, Lead, Style};
use super::parse::Builder;
use crate::course::blocks::{
    self, Ask, At, Block, Card, Diagram, Estimate, EstimateLine, Flaws, Issue, Phase, Rehearsal,
    Transcript,
};

/// Adds the blocks that show a fence. `code` is clean; `line` is that of the opening fence.
pub(super) fn show(builder: &mut Builder, info: &str, code: &str, line: usize) {
    let lines: Vec<&str> = code.lines().collect();
    let (block, issues) = blocks::parse(info, &lines, line + 1);
    let at = builder.doc.blocks.len();
    if issues.is_empty() {
        show_block(builder, &block, code);
    } else {
        broken(builder, info, code, &issues);
    }
    let lines = lines.iter().filter(|line| !line.trim().is_empty()).count();
    builder.doc.fences.push(Fence { block, line, lines, at, section: None });
    builder.doc.issues.extend(issues);
}

fn show_block(builder: &mut Builder, block: &Block, code: &str) {
    match block {
        Block::Code(block) => {
            if let Some(setup) = &block.setup {
                caption(builder, &format!("setup {setup}"), true);
            }
            let drawn = matches!(&*block.lang, "" | "text")
                && code.contains(|c| matches!(c, '\u{2500}'..='\u{259f}'));
            builder.text = untab(code);
            let kind = if drawn { Kind::Diagram } else { Kind::Code { lang: block.lang.clone() } };
            builder.push(kind, block.setup.is_none());
        }
        Block::Transcript(block) => transcript(builder, block),
        Block::Estimate(block) => estimate(builder, block),
        Block::Card(Card { id, question, answer, .. }) => {
            let of = ask(builder, Asked::Card(id.clone()), question);
            answered(builder, of, answer);
        }
        Block::Ask(Ask { question, answer, lab }) => {
            let of = ask(builder, Asked::Ask(lab.clone()), question);
            answered(builder, of, answer);
        }
        Block::Diagram(block) => diagram(builder, block),
        Block::Rehearsal(block) => rehearsal(builder, block),
        Block::Flaws(Flaws { design, flaws }) => {
            let of = ask(builder, Asked::Flaws, design);
            for flaw in flaws {
                builder.inline_source(&flaw.value, Style::default());
                builder.push_in(Kind::Answer { of }, false, [Lead::Answer, item("•")]);
            }
        }
    }
}

/// What could not be read is said above the text as it was written.
fn broken(builder: &mut Builder, info: &str, code: &str, issues: &[Issue]) {
    for (nth, issue) in issues.iter().enumerate() {
        builder.push_text(&format!("line {}: {}", issue.line, issue.value), Style::ERROR);
        builder.push(Kind::Caption, nth == 0);
    }
    builder.text = untab(code);
    let lang = info.split_whitespace().next().unwrap_or_default().to_lowercase();
    builder.push(Kind::Code { lang }, false);
}

fn caption(builder: &mut Builder, text: &str, gap: bool) {
    builder.inline_source(text, Style::default());
    builder.push(Kind::Caption, gap);
}

/// Adds a question and returns its block.
fn ask(builder: &mut Builder, asked: Asked, text: &At<String>) -> usize {
    let of = builder.doc.blocks.len();
    builder.inline_source(&text.value, Style::default());
    builder.push_in(Kind::Question(asked), true, [Lead::Question]);
    of
}

fn answered(builder: &mut Builder, of: usize, text: &At<String>) {
    builder.inline_source(&text.value, Style::default());
    builder.push_in(Kind::Answer { of }, false, [Lead::Answer]);
}

fn item(marker: &str) -> Lead {
    Lead::Item { marker: marker.to_owned(), width: 2, first: true }
}

// ---- diagrams and transcripts

fn diagram(builder: &mut Builder, block: &Diagram) {
    builder.text = block.rows.iter().map(|row| untab_line(&row.value) + "\n").collect();
    builder.push(Kind::Diagram, true);
    if let Some(text) = &block.caption {
        caption(builder, &text.value, false);
    }
}

fn transcript(builder: &mut Builder, block: &Transcript) {
    let levels = block.session_levels.iter().map(|(session, level)| format!("{session} {level}"));
    let parts = std::iter::once(format!("{} {}", engine_name(&block.engine), block.version))
        .chain(block.level.clone())
        .chain(levels)
        .chain(block.with.clone())
        .chain(block.observed.as_ref().map(|date| format!("observed {date}")));
    let title = parts.map(|part| part.trim().to_owned()).filter(|part| !part.is_empty());
    let title = title.collect::<Vec<_>>().join(" · ");
    builder.push_text(&title, Style::default());
    builder.push(Kind::Caption, true);
    let mut error = false;
    for line in &block.lines {
        transcript_line(builder, &untab_line(line), &mut error);
    }
    builder.push(Kind::Transcript, false);
}

/// The name as its makers write it.
fn engine_name(engine: &str) -> &str {
    match engine {
        "postgresql" => "PostgreSQL",
        "mariadb" => "MariaDB",
        "mysql" => "MySQL",
        "redis" => "Redis",
        other => other,
    }
}

/// Adds one line with its prompt, its note and its error marked. `error`: the line before belongs to
/// an error message, which goes on until the next prompt.
fn transcript_line(builder: &mut Builder, line: &str, error: &mut bool) {
    let (said, note) = match line.find("  -- ") {
        Some(at) => line.split_at(at),
        None => (line, ""),
    };
    let body = said.trim_start();
    let indent = &said[..said.len() - body.len()];
    let prompt = prompt_len(body);
    builder.push_text(indent, Style::default());
    builder.push_text(&body[..prompt], Style::ACCENT);
    let rest = &body[prompt..];
    let reply = !body[..prompt].ends_with(['>', '$']);
    if prompt > 0 || rest.is_empty() {
        *error = false;
    }
    if reply && rest.trim_start().starts_with("ERROR") {
        *error = true;
    }
    let style = if rest.starts_with("(waits") {
        *error = false;
        Style::DIM.with(Style::EMPHASIS)
    } else if *error {
        Style::ERROR
    } else {
        Style::default()
    };
    builder.push_text(rest, style);
    builder.push_text(note, Style::DIM);
    builder.text.push('\n');
}

/// Bytes of the prompt at the start of a line: `T1>`, `T2:`, `$`.
fn prompt_len(line: &str) -> usize {
    if line.starts_with("$ ") {
        return 1;
    }
    let name = line.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(line.len());
    let session = line.starts_with(['T', 'S']) && name > 1;
    if session && line[name..].starts_with(['>', ':']) { name + 1 } else { 0 }
}

// ---- estimates

fn estimate(builder: &mut Builder, block: &Estimate) {
    let more = if block.more { ", continued" } else { "" };
    builder.push_text(&format!("estimate {}{more}", block.name), Style::default());
    builder.push(Kind::Caption, true);
    let mut rows = Vec::with_capacity(block.lines.len());
    // A declared unit and what is watched are of the computation; the text beside it says both.
    for line in block.lines.iter().filter(|line| !matches!(line.value, EstimateLine::Unit(_))) {
        rows.push(estimate_row(builder, line));
    }
    builder.push(Kind::Estimate { rows }, false);
}

fn estimate_row(builder: &mut Builder, line: &At<EstimateLine>) -> Vec<std::ops::Range<u32>> {
    let (name, value, result, mark, note) = match &line.value {
        EstimateLine::Input { name, value, mark, low, high, note } => {
            let range = low.as_ref().zip(high.as_ref());
            let range = range.map_or(String::new(), |(low, high)| {
                format!(" {} .. {high}", without_unit(low, high))
            });
            (name, format!("= {value}"), String::new(), format!("{mark}{range}"), note.as_deref())
        }
        EstimateLine::Result { name, formula, stated, .. } => {
            (name, format!("= {formula}"), format!("=> {stated}"), String::new(), None)
        }
        EstimateLine::Unit(name) => (name, String::new(), String::new(), String::new(), None),
    };
    let mut row = Vec::with_capacity(4);
    let cells = [
        (name.as_str(), Style::default()),
        (&value, Style::default()),
        (&result, Style::STRONG),
        (mark.trim(), Style::DIM),
    ];
    for (nth, (text, style)) in cells.into_iter().enumerate() {
        builder.start_cell();
        builder.push_text(text, style);
        if let Some(note) = note.filter(|_| nth == 3) {
            builder.push_text(" ", style);
            builder.push_note(
                note.trim_start_matches("[^").trim_end_matches(']'),
                line.line,
                style,
            );
        }
        row.push(builder.cut_cell());
    }
    row
}

/// The lower end of a range, its unit left out where the upper end says it too.
fn without_unit<'a>(low: &'a str, high: &str) -> &'a str {
    match (low.split_once(' '), high.split_once(' ')) {
        (Some((number, unit)), Some((_, same))) if unit == same => number,
        _ => low,
    }
}

// ---- rehearsals

fn rehearsal(builder: &mut Builder, block: &Rehearsal) {
    let of = ask(builder, Asked::Rehearsal(block.minutes), &block.prompt);
    let timed = || block.phases.iter().filter(|phase| phase.minutes > 0);
    let cells = std::iter::once(("phase".to_owned(), "minutes".to_owned()))
        .chain(timed().map(|phase| (phase.name.value.clone(), phase.minutes.to_string())));
    let mut rows = Vec::new();
    for (name, minutes) in cells {
        let mut row = Vec::with_capacity(2);
        for cell in [name, minutes] {
            builder.start_cell();
            builder.push_text(&cell, Style::default());
            row.push(builder.cut_cell());
        }
        rows.push(row);
    }
    builder.push(Kind::Table { align: vec![Align::Left, Align::Right], rows }, true);
    for phase in &block.phases {
        rubric(builder, of, phase);
    }
    for curveball in &block.curveballs {
        let at = format!("Curveball at {} min: ", curveball.minute);
        builder.push_text(&at, Style::STRONG);
        builder.inline_source(&curveball.text.value, Style::STRONG);
        builder.push_in(Kind::Answer { of }, true, [Lead::Answer]);
        answered(builder, of, &curveball.answer);
    }
    for follow in &block.questions {
        builder.inline_source(&follow.question.value, Style::STRONG);
        builder.push_in(Kind::Answer { of }, true, [Lead::Answer]);
        answered(builder, of, &follow.answer);
    }
}

fn rubric(builder: &mut Builder, of: usize, phase: &Phase) {
    builder.push_text(&phase.name.value, Style::STRONG);
    builder.push_in(Kind::Answer { of }, true, [Lead::Answer]);
    for (level, lines) in [("mid", &phase.mid), ("senior", &phase.senior), ("staff", &phase.staff)]
    {
        for line in lines {
            builder.push_text(level, Style::DIM);
            builder.push_text("  ", Style::default());
            builder.inline_source(&line.value, Style::default());
            builder.push_in(Kind::Answer { of }, false, [Lead::Answer, item("•")]);
        }
    }
}

/// Tabs as blanks up to the next stop of 4; every line ends in `\n`.
pub(super) fn untab(code: &str) -> String {
    code.lines().map(|line| untab_line(line) + "\n").collect()
}

fn untab_line(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 1);
    for (nth, part) in line.split('\t').enumerate() {
        if nth > 0 {
            let column = crate::text::width(&out);
            out.extend(std::iter::repeat_n(' ', 4 - column % 4));
        }
        out.push_str(part);
    }
    out
}
