//! `sdprep lab`.

use std::io::IsTerminal;

use serde_json::{Value, json};

use super::context::Context;
use super::mark::record;
use super::open::{Begin, full_screen};
use super::output;
use crate::error::{Exit, Failure, Outcome};
use crate::journal::What;
use crate::labs::{self, ALL, Answer, Cell, Job, KnobKind, Knobs, Lab, Question, Report, Watch};
use crate::render;
use crate::terminal;

/// What was typed.
pub struct Asked {
    pub name: Option<String>,
    pub set: Vec<String>,
    pub seed: Option<u64>,
    pub predict: Option<f64>,
    pub json: bool,
    pub source: bool,
}

/// Lists the labs, or runs one: on a terminal the screen, unless a knob, a seed or a prediction is named.
///
/// # Errors
/// No such lab or knob, a value out of its range; the terminal or the output cannot be used.
pub fn run(context: Context, asked: &Asked) -> Outcome {
    let Some(name) = &asked.name else {
        if !asked.json && terminal::is_full_screen() {
            return full_screen(context, &Begin::Lab(None));
        }
        return list(&context, asked.json);
    };
    let Some(lab) = labs::find(name) else {
        let names = ALL.iter().map(|lab| lab.name);
        let near = crate::course::near::nearest(name, names);
        let failure = Failure::new(Exit::Nothing, format!("no lab \"{name}\""));
        return Err(match near {
            Some(near) => failure.hint(format!("did you mean {near}?")),
            None => failure.hint("`sdprep lab` lists them"),
        });
    };
    if asked.source {
        return source(&context, lab);
    }
    let plain =
        asked.json || !asked.set.is_empty() || asked.seed.is_some() || asked.predict.is_some();
    if !plain && terminal::is_full_screen() {
        return full_screen(context, &Begin::Lab(Some(lab.name)));
    }
    let mut knobs = Knobs::new(lab.knobs);
    for set in &asked.set {
        let (name, value) = set.split_once('=').ok_or_else(|| {
            Failure::new(Exit::Usage, format!("--set {set}: write --set NAME=VALUE"))
        })?;
        knobs
            .set(name.trim(), value)
            .map_err(|said| Failure::new(Exit::Usage, format!("lab {}: {said}", lab.name)))?;
    }
    let seed = asked.seed.unwrap_or(1);
    let job = Job { lab, knobs, seed };
    let report = job.run(&mut Watch::new(&mut |_| true));
    if asked.json {
        return output::json(&data(&job, &report));
    }
    output::print(&text(&job, &report, asked.predict, usize::from(context.width)))?;
    // In a pipe nothing is recorded: a script's runs are not the reader's.
    if std::io::stdout().is_terminal() {
        let mut context = context;
        let measured = answer(&report);
        let what = What::Lab {
            lab: lab.name.into(),
            knobs: job.knobs.changed(),
            seed,
            predicted: asked.predict,
            measured,
            holds: report.holds,
        };
        return record(&mut context, vec![what]);
    }
    Ok(())
}

fn answer(report: &Report) -> f64 {
    match report.answer {
        Answer::Number(number) => number,
        Answer::Choice(at) => at as f64,
    }
}

fn list(context: &Context, as_data: bool) -> Outcome {
    let done = |lab: &Lab| context.progress.labs().iter().filter(|run| run.lab == lab.name).count();
    if as_data {
        let one = |lab: &&Lab| {
            let knobs: Vec<Value> = lab.knobs.iter().map(knob).collect();
            json!({
                "name": lab.name, "claim": lab.claim, "lessons": lab.lessons, "knobs": knobs,
                "done": done(lab),
            })
        };
        return output::json(&ALL.iter().map(one).collect::<Vec<_>>());
    }
    let mut text = String::new();
    for lab in ALL {
        let lessons = lab.lessons.iter().filter_map(|slug| context.course.by_slug(slug));
        let lessons: Vec<String> = lessons.map(|lesson| lesson.number.to_string()).collect();
        let mark = if done(lab) > 0 { "✓" } else { " " };
        text.push_str(&format!("{mark} {:<14} for {}\n", lab.name, lessons.join(", ")));
        let width = usize::from(context.width).saturating_sub(4);
        for line in crate::tui::widgets::wrap(lab.claim, width as u16, usize::MAX) {
            text.push_str(&format!("    {line}\n"));
        }
    }
    output::print(&text)
}

fn knob(knob: &labs::Knob) -> Value {
    match knob.kind {
        KnobKind::Choice(options) => json!({
            "name": knob.name, "default": options.first(), "min": Value::Null, "max": Value::Null,
            "unit": knob.unit, "options": options,
        }),
        _ => {
            let (least, most) = knob.range();
            json!({
                "name": knob.name, "default": knob.default(), "min": least, "max": most,
                "unit": knob.unit,
            })
        }
    }
}

fn data(job: &Job, report: &Report) -> Value {
    let knobs: serde_json::Map<String, Value> = job
        .knobs
        .iter()
        .map(|(knob, value)| {
            let value = match knob.kind {
                KnobKind::Choice(_) => json!(knob.show(value)),
                _ => json!(value),
            };
            (knob.name.to_string(), value)
        })
        .collect();
    let cell = |cell: &Cell| match cell {
        Cell::Text(text) => json!(text),
        Cell::Number(number, _) => json!(number),
    };
    let rows: Vec<Vec<Value>> =
        report.rows.iter().map(|row| row.iter().map(cell).collect()).collect();
    json!({
        "lab": job.lab.name, "claim": job.lab.claim, "seed": job.seed, "knobs": knobs,
        "theory": report.theory, "measured": report.measured, "unit": report.unit,
        "holds": report.holds, "verdict": report.verdict, "measured_here": report.here,
        "head": report.head, "rows": rows,
    })
}

fn text(job: &Job, report: &Report, predicted: Option<f64>, width: usize) -> String {
    let wrap = |words: &str| crate::tui::widgets::wrap(words, width.min(78) as u16, usize::MAX);
    let mut out = wrap(&job.lab.question.ask(&job.knobs)).join("\n") + "\n\n";
    if let Some(guess) = predicted {
        let is = match job.lab.question {
            Question::Number { .. } => labs::factor(guess, answer(report))
                .map_or("off".into(), |factor| format!("{factor:.2} times off")),
            Question::Choice { .. } => format!("it is {}", answer(report) + 1.0),
        };
        out.push_str(&format!("your answer {guess}: {is}\n\n"));
    }
    if let Some(chart) = &report.chart {
        out.push_str(&format!("{}\n", chart.title));
        for (label, bar, said) in labs::bars(report, width.min(78)) {
            out.push_str(&format!("{label}  {bar}  {said}\n"));
        }
        out.push('\n');
    }
    for line in labs::table(report) {
        out.push_str(&line);
        out.push('\n');
    }
    let word = if report.holds { "holds" } else { "does not hold" };
    out.push_str(&format!("\n{}\n", wrap(&format!("{word}: {}", report.verdict)).join("\n")));
    out.push_str(&format!("{}\n", wrap(&format!("claim: {}", job.lab.claim)).join("\n")));
    let (knob, value) = job.lab.next.split_once(' ').unwrap_or((job.lab.next, ""));
    out.push_str(&format!("next: sdprep lab {} --set {knob}={value}\n", job.lab.name));
    out
}

fn source(context: &Context, lab: &Lab) -> Outcome {
    let block = format!("```rust\n{}\n```\n", lab.mechanism);
    let document = crate::markdown::parse(&block, 1);
    let theme = context.theme()?;
    let theme = context.color.then_some(&theme);
    let print = render::Print { width: context.width.max(110), theme, highlight: true };
    output::print(&render::print(&document, &print))
}
