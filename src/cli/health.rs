//! `sdprep config` and `sdprep doctor`.

use std::fmt::Write;
use std::io::IsTerminal;

use super::context::Context;
use super::output;
use crate::error::{Exit, Failure, Outcome};
use crate::{terminal, text};

/// Prints all options in force, and the file that they come from.
///
/// # Errors
/// The output cannot be written.
pub fn config(context: &Context) -> Outcome {
    let file = context.config_file.path.as_ref().map_or("none: no home directory".into(), |path| {
        let state = if context.config_found { "read" } else { "not there: all defaults" };
        format!("{} ({}, {state})", path.display(), context.config_file.by)
    });
    let options = toml::to_string(&context.config)
        .map_err(|cause| Failure::new(Exit::Io, format!("configuration: {cause}")))?;
    output::print(&text::clean(&format!("# {file}\n{options}")))
}

/// Prints how the program sees its surroundings.
///
/// # Errors
/// The output cannot be written.
pub fn doctor(context: &Context) -> Outcome {
    let mut said = String::new();
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(said, "{name:<14}{}", text::clean(value)); // a String takes every byte
    };
    let (columns, rows) = terminal::size();
    let env = |name: &str| std::env::var(name).unwrap_or_else(|_| "not set".into());
    line("program", concat!("sdprep ", env!("CARGO_PKG_VERSION")));
    let yes_no = |yes: bool| if yes { "yes" } else { "no" };
    line(
        "terminal",
        &format!(
            "TERM {}, {columns} x {rows}, stdin {}, stdout {}, full screen {}",
            env("TERM"),
            yes_no(std::io::stdin().is_terminal()),
            yes_no(std::io::stdout().is_terminal()),
            yes_no(terminal::is_full_screen()),
        ),
    );
    line(
        "colour",
        &format!(
            "{} (NO_COLOR {}, COLORTERM {}), theme {}",
            yes_no(context.color),
            env("NO_COLOR"),
            env("COLORTERM"),
            context.config.theme.name
        ),
    );
    let course = &context.course;
    line(
        "course",
        &format!(
            "{} ({}): {} lessons, {} drafts, {} cannot be read",
            course.title,
            course.id,
            course.listed().count(),
            course.lessons.iter().filter(|l| l.draft).count(),
            course.problems.len()
        ),
    );
    for problem in &course.problems {
        line("", &problem.to_string());
    }
    let config =
        context.config_file.path.as_ref().map_or("none".into(), |p| p.display().to_string());
    let found = if context.config_found { "read" } else { "not there" };
    line("config", &format!("{config} ({}, {found})", context.config_file.by));
    let journal = context.store.path().map_or("none".into(), |p| p.display().to_string());
    line("journal", &format!("{journal} ({})", context.data_dir.by));
    for note in context.store.health().lines() {
        line("", &note);
    }
    output::print(&said)
}
