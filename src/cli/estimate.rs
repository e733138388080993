//! `sdprep estimate`.

use serde_json::{Value, json};

use super::context::Context;
use super::open::{Begin, full_screen};
use super::output;
use crate::error::{Exit, Failure, Outcome};
use crate::estimate::{Sheet, constants_of, sheets};
use crate::{markdown, terminal};

/// The estimates of a lesson with some inputs set, or without a lesson the scratch sheet: on a terminal the screen, unless
/// something is set or data are asked for.
///
/// # Errors
/// No such lesson, none with an estimate, an input that cannot be set; the terminal or the output cannot be used.
pub fn run(context: Context, query: &str, set: &[String], as_data: bool) -> Outcome {
    let plain = as_data || !set.is_empty() || !terminal::is_full_screen();
    let constants = constants_of(&context.course);
    if query.is_empty() {
        if !plain {
            return full_screen(context, &Begin::Estimate(None));
        }
        if as_data {
            let one = |c: &crate::estimate::Constant| json!({ "name": c.name, "value": c.value, "mark": c.mark });
            return output::json(&constants.iter().map(one).collect::<Vec<_>>());
        }
        let line =
            |c: &crate::estimate::Constant| format!("@{:<24} {:<28} {}\n", c.name, c.value, c.mark);
        return output::print(&constants.iter().map(line).collect::<String>());
    }
    let entry = context.find(query)?;
    let slug = entry.slug.to_string();
    let body = context
        .course
        .body(entry)
        .map_err(|cause| Failure::new(Exit::Io, format!("lesson {}: {cause}", entry.number)))?;
    let document = markdown::parse(&body, entry.body_line as usize);
    let mut all = sheets(document.fences.iter().map(|fence| &fence.block), &constants);
    if all.is_empty() {
        let what = format!("{} {} has no estimate", entry.number, entry.short_title());
        return Err(Failure::new(Exit::Nothing, what));
    }
    for one in set {
        put(&mut all, one)?;
    }
    if !plain {
        return full_screen(context, &Begin::Estimate(Some(&slug)));
    }
    if as_data {
        return output::json(&all.iter().map(data).collect::<Vec<_>>());
    }
    output::print(&all.iter().map(text).collect::<Vec<_>>().join("\n"))
}

/// `members=100 million users`, or `feed.members=...` where two estimates have the name.
fn put(all: &mut [Sheet], set: &str) -> Outcome<()> {
    let wrong = |said: String| Failure::new(Exit::Usage, format!("--set {set}: {said}"));
    let (name, value) =
        set.split_once('=').ok_or_else(|| wrong("write --set NAME=VALUE".into()))?;
    let (of, name) = match name.trim().split_once('.') {
        Some((of, name)) => (Some(of), name),
        None => (None, name.trim()),
    };
    let has = |sheet: &Sheet| sheet.now.inputs.iter().any(|input| input.name == name);
    let found = all.iter().position(|sheet| of.is_none_or(|of| sheet.name() == of) && has(sheet));
    let at = found.or_else(|| all.iter().position(|sheet| of.is_none_or(|of| sheet.name() == of)));
    let Some(at) = at else {
        let names: Vec<&str> = all.iter().map(Sheet::name).collect();
        return Err(wrong(format!("there are the estimates {}", names.join(", "))));
    };
    all[at].put(name, value).map_err(wrong)
}

fn data(sheet: &Sheet) -> Value {
    let inputs: Vec<Value> = sheet
        .now
        .inputs
        .iter()
        .zip(&sheet.now.moves)
        .map(|(input, moves)| {
            json!({
                "name": input.name, "value": input.value, "unit": input.unit, "mark": input.mark,
                "low": input.low, "high": input.high, "moves_goal": moves.filter(|m| m.is_finite()),
            })
        })
        .collect();
    let results: Vec<Value> = sheet
        .now
        .results
        .iter()
        .map(|result| {
            json!({
                "name": result.name, "unit": result.unit, "stated": result.stated,
                "value": if result.exact.is_finite() { json!(result.exact) } else { Value::Null },
                "goal": sheet.now.goal.as_deref() == Some(&*result.name),
            })
        })
        .collect();
    json!({
        "name": sheet.name(), "inputs": inputs, "results": results,
        "matters_most": sheet.now.matters_most,
    })
}

fn text(sheet: &Sheet) -> String {
    let mut out = format!("{}\n", sheet.name());
    for input in &sheet.now.inputs {
        let own = sheet.set.iter().any(|(name, _)| *name == input.name);
        let mark = if own { "set" } else { &input.mark };
        out.push_str(&format!("  {:<12} {:<28} {mark}\n", input.name, input.text));
    }
    for (at, result) in sheet.now.results.iter().enumerate() {
        let stated = if result.holds || result.exact.is_nan() {
            sheet.fault(&result.name).map_or(String::new(), |fault| format!("   {fault}"))
        } else {
            format!("   the text: {}", result.stated)
        };
        out.push_str(&format!("  {:<12} {}{stated}\n", result.name, sheet.shown(at)));
    }
    if let Some(input) = &sheet.now.matters_most {
        out.push_str(&format!("  {input} matters most\n"));
    }
    out
}
