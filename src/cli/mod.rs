//! The command line: what was typed becomes what it means, once.

mod about;
mod args;
mod check;
mod context;
mod estimate;
mod export;
mod health;
mod lab;
mod list;
mod mark;
mod note;
mod open;
mod output;
mod plan;
mod rehearse;
mod review;
mod search;
mod stats;
mod tracks;

use std::process::ExitCode;

use clap::Parser;

use crate::error::{Exit, Outcome};
use args::{Args, Command};
use context::Context;

/// Runs the program. The only place that turns failures into words and exit codes.
pub fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            let asked = !error.use_stderr(); // --help, --version
            let _ = error.print();
            return if asked { ExitCode::SUCCESS } else { ExitCode::from(Exit::Usage as u8) };
        }
    };
    match run(args) {
        Ok(code) => code,
        Err(failure) => {
            output::say(&failure.to_string());
            ExitCode::from(failure.exit as u8)
        }
    }
}

fn run(args: Args) -> Outcome<ExitCode> {
    let Args { global, command } = args;
    match command {
        Some(Command::Completions { shell }) => return args::completions(shell),
        Some(Command::Man) => return args::man(),
        Some(Command::Check { dir, against, fix, json }) => {
            return check::run(&global, dir.as_deref(), against.as_deref(), fix, json);
        }
        _ => {}
    }
    let context = Context::load(&global)?;
    let done = match command {
        None => open::library(context),
        Some(Command::Next { track, peek }) => open::next(context, track.as_deref(), peek),
        Some(Command::Read { lesson }) => open::read(context, &lesson.join(" ")),
        Some(Command::List(filter)) => list::run(&context, &filter),
        Some(Command::Tracks { action, json }) => tracks::run(context, action, json),
        Some(Command::About) => about::run(&context),
        Some(Command::Stats { json, line }) => stats::run(&context, json, line),
        Some(Command::Review { json, fit: false, .. }) => review::run(context, json),
        Some(Command::Review { use_it, reset, .. }) => review::fit(context, use_it, reset),
        Some(Command::Rehearse { lesson, short, flaws, json }) => {
            let form = if short {
                "short"
            } else if flaws {
                "flaws"
            } else {
                ""
            };
            rehearse::run(context, &lesson.join(" "), form, json)
        }
        Some(Command::Lab { name, set, seed, predict, json, source }) => {
            lab::run(context, &lab::Asked { name, set, seed, predict, json, source })
        }
        Some(Command::Estimate { lesson, set, json }) => {
            estimate::run(context, &lesson.join(" "), &set, json)
        }
        Some(Command::Plan { by, weeks, minutes, none, json }) => {
            plan::run(context, &plan::Asked { by, weeks, minutes, none, json })
        }
        Some(Command::Mark { lessons, before }) => mark::run(context, &lessons, before),
        Some(Command::Note { lesson, text, edit }) => note::run(context, &lesson, &text, edit),
        Some(Command::Search { words, json }) => search::run(&context, &words, json),
        Some(Command::Import { file, dry_run }) => mark::import(context, &file, dry_run),
        Some(Command::Export { file, anki, csv, force }) => {
            export::run(&context, &export::Asked { file, anki, csv, force })
        }
        Some(Command::Undo { redo }) => mark::undo(context, redo),
        Some(Command::Config) => health::config(&context),
        Some(Command::Doctor) => health::doctor(&context),
        Some(Command::Completions { .. } | Command::Man | Command::Check { .. }) => Ok(()),
    };
    done.map(|()| ExitCode::SUCCESS)
}
