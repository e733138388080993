//! `sdprep check`.

use std::path::Path;
use std::process::ExitCode;

use super::args::Global;
use super::{context, output};
use crate::clock::Clock;
use crate::error::{Exit, Failure, Outcome};
use crate::{catalog, check, paths};

/// Holds a course against the rules: DIR, else `./lessons`, else the one inside.
///
/// # Errors
/// The folder is no course; findings are no error but exit code 1.
pub fn run(
    global: &Global,
    dir: Option<&Path>,
    against: Option<&Path>,
    fix: bool,
    json: bool,
) -> Outcome<ExitCode> {
    let here = Path::new("lessons");
    let folder = dir
        .or(global.course.as_deref())
        .or_else(|| here.join("course.toml").is_file().then_some(here));
    let open = |folder: &Path| {
        catalog::open(folder).map_err(|problem| {
            Failure::new(Exit::Nothing, format!("{}/{problem}", folder.display()))
        })
    };
    let course = match folder {
        None => context::course(global)?,
        Some(folder) => open(folder)?,
    };
    let older = against.map(open).transpose()?;
    let named = paths::data_dir_is_named(global.data_dir.as_deref());
    let today = Clock::new(std::env::var("SDPREP_NOW").ok().as_deref(), named)?.now().date_naive();
    if fix {
        let Some(folder) = folder else {
            return Err(Failure::new(
                Exit::Usage,
                "check --fix: the course inside the binary cannot be changed",
            )
            .hint("name the folder of a course"));
        };
        let mended =
            check::fix(folder).map_err(|cause| Failure::new(Exit::Io, cause.to_string()))?;
        output::say(&format!("{mended} results rewritten"));
        return run(global, Some(folder), against, false, json);
    }
    let report = check::check(&course, older.as_ref(), today);
    if json {
        output::json(&report.data())?;
    } else {
        output::print(&report.to_string())?;
    }
    Ok(if report.findings.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(Exit::Nothing as u8)
    })
}
