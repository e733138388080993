//! What every command needs: course, options, journal, progress, clock.

use std::io::IsTerminal;
use std::path::PathBuf;

use super::args::Global;
use super::output;
use crate::catalog;
use crate::clock::Clock;
use crate::config::{Color, Config};
use crate::course::{Course, Entry, Str};
use crate::error::{Exit, Failure, Outcome};
use crate::journal::Store;
use crate::markdown::Document;
use crate::paths::{self, Chosen};
use crate::progress::{Progress, Settings};
use crate::render::theme::{NAMES, Table, Theme};
use crate::tui::Keymap;
use crate::{catalog::Found, terminal};

/// All of it.
pub struct Context {
    pub course: Course,
    /// Large lessons that loading the course has parsed.
    pub large: Vec<(Str, Document)>,
    pub config: Config,
    pub config_file: Chosen,
    pub config_found: bool,
    pub data_dir: Chosen,
    pub keymap: Keymap,
    pub store: Store,
    pub progress: Progress,
    pub clock: Clock,
    /// Columns for printed text.
    pub width: u16,
    /// Whether printed text is coloured.
    pub color: bool,
}

impl Context {
    /// Loads what the options name.
    ///
    /// # Errors
    /// A course, a configuration or a named data directory that cannot be used.
    pub fn load(global: &Global) -> Outcome<Self> {
        let named = paths::data_dir_is_named(global.data_dir.as_deref());
        let clock = Clock::new(std::env::var("SDPREP_NOW").ok().as_deref(), named)?;
        let (course, large) = keeping(global)?;
        let config_file = paths::config_file(global.config.as_deref());
        let (config, config_found) = read_config(&config_file)?;
        let config_name =
            config_file.path.as_ref().map_or("config.toml".into(), |p| p.display().to_string());
        let keymap = Keymap::new(&config.keys, &config_name)?;
        let data_dir = paths::data_dir(global.data_dir.as_deref());
        let store = open_store(&data_dir, named, &course.id)?;
        let progress = Progress::fold(&course, &store.alive(), &Settings::of(&config));
        let color = use_color(global.color.unwrap_or(config.color));
        let width = global.width.unwrap_or_else(|| {
            if std::io::stdout().is_terminal() { terminal::size().0.min(100) } else { 80 }
        });
        Ok(Context {
            course,
            large,
            config,
            config_file,
            config_found,
            data_dir,
            keymap,
            store,
            progress,
            clock,
            width,
            color,
        })
    }

    /// Reads progress again from the journal in memory.
    pub fn refold(&mut self) {
        self.progress =
            Progress::fold(&self.course, &self.store.alive(), &Settings::of(&self.config));
    }

    /// The theme that the configuration names, without colours where none are wanted.
    ///
    /// # Errors
    /// There is no such theme, or it names a colour or role that does not exist.
    pub fn theme(&self) -> Outcome<Theme> {
        let theme = self.theme_named(&self.config.theme.name)?;
        Ok(if self.color { theme } else { theme.without_colour() })
    }

    /// A theme by name: the reader's own first, then those of the program.
    ///
    /// # Errors
    /// As [`Context::theme`].
    pub fn theme_named(&self, name: &str) -> Outcome<Theme> {
        let file = self
            .config_file
            .path
            .as_ref()
            .map_or("config.toml".into(), |p| p.display().to_string());
        let wrong =
            |what: String| Failure::new(Exit::Usage, format!("{file}: [theme.{name}]: {what}"));
        if let Some(table) = self.config.theme.own.get(name) {
            return Theme::from_table(&Table(table.clone())).map_err(wrong);
        }
        Theme::by_name(name).ok_or_else(|| {
            let own = self.config.theme.own.keys().map(String::as_str);
            let known: Vec<&str> = NAMES.into_iter().chain(own).collect();
            Failure::new(
                Exit::Usage,
                format!("{file}: [theme] use = \"{name}\": there is no such theme"),
            )
            .hint(format!("there are {}", known.join(", ")))
        })
    }

    /// Finds a lesson or offers the nearest names.
    ///
    /// # Errors
    /// No lesson fits, or several do.
    pub fn find(&self, query: &str) -> Outcome<&Entry> {
        match catalog::find(&self.course, query) {
            Found::One(entry) => Ok(entry),
            Found::Near(near) => {
                let failure = Failure::new(Exit::Nothing, format!("no lesson \"{query}\""));
                if near.is_empty() {
                    return Err(failure.hint("`sdprep list` shows all lessons"));
                }
                let names: Vec<String> =
                    near.iter().map(|e| format!("{} {}", e.number, e.slug)).collect();
                Err(failure.hint(format!("did you mean {}?", names.join(", or "))))
            }
        }
    }

    /// Says once on stderr what the reader should know of the journal.
    pub fn say_notices(&self) {
        for notice in self.store.notices() {
            output::say(&notice);
        }
        if !self.course.problems.is_empty() {
            let (first, count) = (&self.course.problems[0], self.course.problems.len());
            output::say(&format!(
                "warning: {count} lessons of this course cannot be read; the first: {first}"
            ));
        }
    }
}

/// The course that the options name.
///
/// # Errors
/// The folder is no course.
pub fn course(global: &Global) -> Outcome<Course> {
    keeping(global).map(|(course, _)| course)
}

fn keeping(global: &Global) -> Outcome<(Course, Vec<(Str, Document)>)> {
    match &global.course {
        None => Ok((catalog::embedded(), Vec::new())),
        Some(folder) => catalog::open_keeping(folder).map_err(|problem| {
            Failure::new(Exit::Usage, format!("course: {}: {problem}", folder.display()))
                .hint("`sdprep check DIR` holds a course against the rules")
        }),
    }
}

fn read_config(file: &Chosen) -> Outcome<(Config, bool)> {
    let Some(path) = &file.path else { return Ok((Config::default(), false)) };
    match fs_err::read_to_string(path) {
        Ok(text) => Ok((Config::parse(&text, &path.display().to_string())?, true)),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound && file.by == "default" => {
            Ok((Config::default(), false))
        }
        Err(cause) => Err(Failure::new(Exit::Usage, format!("configuration: {cause}"))),
    }
}

/// A default directory that cannot be used leaves the program reading; a named one is an error.
fn open_store(dir: &Chosen, named: bool, course_id: &str) -> Outcome<Store> {
    let Some(dir) = &dir.path else {
        return Ok(Store::nowhere("there is no home directory; name one with --data-dir".into()));
    };
    let file: PathBuf = dir.join(format!("{course_id}.jsonl"));
    match Store::open(&file, !named) {
        Ok(store) => Ok(store),
        Err(cause) if named => Err(Failure::new(Exit::Io, cause.to_string())),
        Err(cause) => Ok(Store::nowhere(cause.to_string())),
    }
}

fn use_color(color: Color) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
            !refused && std::io::stdout().is_terminal()
        }
    }
}
