//! What can be typed.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args as ClapArgs, CommandFactory, Parser, Subcommand};

use super::output;
use crate::config::Color;
use crate::course::{Kind, Level};
use crate::error::Outcome;

/// A system design interview course and study companion for the terminal.
#[derive(Debug, Parser)]
#[command(
    name = "sdprep",
    version,
    about,
    max_term_width = 100,
    args_conflicts_with_subcommands = false
)]
#[command(
    after_help = "Without a command: the library. In a pipe: text.\nExit codes: 0 done, 1 nothing found or \
    check has findings, 2 wrong use or configuration, 3 could not read or save."
)]
pub struct Args {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Options of every command.
#[derive(Debug, Clone, ClapArgs)]
pub struct Global {
    /// Another course: a folder of the same form, with its own progress
    #[arg(long, global = true, value_name = "DIR", help_heading = "Everywhere")]
    pub course: Option<PathBuf>,
    /// Where progress is kept (or `SDPREP_DATA_DIR`)
    #[arg(long, global = true, value_name = "DIR", help_heading = "Everywhere")]
    pub data_dir: Option<PathBuf>,
    /// Configuration file (or `SDPREP_CONFIG`)
    #[arg(long, global = true, value_name = "FILE", help_heading = "Everywhere")]
    pub config: Option<PathBuf>,
    /// When to colour
    #[arg(long, global = true, value_enum, value_name = "WHEN", help_heading = "Everywhere")]
    pub color: Option<Color>,
    /// Columns of printed text
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(10..=1000), help_heading = "Everywhere")]
    pub width: Option<u16>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Open the next unread lesson where you left off
    Next {
        /// Of this track, for once
        #[arg(long, value_name = "TRACK")]
        track: Option<String>,
        /// Only name it
        #[arg(long)]
        peek: bool,
    },
    /// Open a lesson by number, slug or words of its title
    Read {
        /// Number, slug, or words
        #[arg(required = true)]
        lesson: Vec<String>,
    },
    /// List lessons with number, level, minutes and state
    List(Filter),
    /// Show the tracks with progress, or choose one
    Tracks {
        #[command(subcommand)]
        action: Option<TracksAction>,
        /// As data
        #[arg(long)]
        json: bool,
    },
    /// What the course is, who it is for, what one learns, in which order
    About,
    /// Sum up progress
    Stats {
        /// As data
        #[arg(long, conflicts_with = "line")]
        json: bool,
        /// One short line, for a shell prompt or a status bar
        #[arg(long)]
        line: bool,
    },
    /// Recall the cards that are due; in a pipe, list them
    Review {
        /// As data
        #[arg(long, conflicts_with = "fit")]
        json: bool,
        /// Fit the schedule to your own answers, and show before and after
        #[arg(long)]
        fit: bool,
        /// With --fit: use what was fitted from now on
        #[arg(long = "use", requires = "fit", conflicts_with = "reset")]
        use_it: bool,
        /// With --fit: back to the default weights
        #[arg(long, requires = "fit")]
        reset: bool,
    },
    /// Rehearse a design against the clock; in a pipe, print its prompt and phases
    Rehearse {
        /// Number, slug, or words; without it the one most due
        lesson: Vec<String>,
        /// Ten minutes: your weakest phase
        #[arg(long, conflicts_with = "flaws")]
        short: bool,
        /// Find the flaws of a finished design
        #[arg(long)]
        flaws: bool,
        /// The designs with their last results, and the profile, as data
        #[arg(long)]
        json: bool,
    },
    /// Run the mechanism of a design, prediction first; without a name, list the labs
    Lab {
        /// Its name
        name: Option<String>,
        /// A knob, as `--set servers=20`; several at once
        #[arg(long, value_name = "KNOB=VALUE", requires = "name")]
        set: Vec<String>,
        /// For chance: the same seed gives the same run
        #[arg(long, value_name = "N", requires = "name")]
        seed: Option<u64>,
        /// Your prediction, a number
        #[arg(
            long,
            value_name = "N",
            requires = "name",
            conflicts_with = "json",
            allow_negative_numbers = true
        )]
        predict: Option<f64>,
        /// As data
        #[arg(long, conflicts_with = "source")]
        json: bool,
        /// The lines that it runs
        #[arg(long, requires = "name")]
        source: bool,
    },
    /// The estimates of a lesson with inputs to change; without a lesson a sheet of your own
    Estimate {
        /// Number, slug, or words
        lesson: Vec<String>,
        /// An input, as `--set "members=70 million users"`; several at once
        #[arg(long, value_name = "NAME=VALUE", requires = "lesson")]
        set: Vec<String>,
        /// As data; without a lesson, the figures of the course
        #[arg(long)]
        json: bool,
    },
    /// Aim at a day: what recall will have reached by then
    Plan {
        /// The day of the interview, as 2026-12-15
        #[arg(long, value_name = "DATE", conflicts_with_all = ["weeks", "none"])]
        by: Option<chrono::NaiveDate>,
        /// The day so many weeks from today
        #[arg(long, value_name = "N", conflicts_with = "none", value_parser = clap::value_parser!(u16).range(1..=104))]
        weeks: Option<u16>,
        /// Minutes a day for reading, recall and rehearsal together
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(5..=1440))]
        minutes: Option<u32>,
        /// Aim at no day any more
        #[arg(long, conflicts_with = "minutes")]
        none: bool,
        /// As data
        #[arg(long)]
        json: bool,
    },
    /// Mark lessons by hand: `mark 17 40 read`
    Mark {
        /// Lessons by number or slug, and last `read` or `unread`
        #[arg(required_unless_present = "before", value_name = "LESSON")]
        lessons: Vec<String>,
        /// All lessons before this one, in the order of the track in use
        #[arg(long, value_name = "LESSON")]
        before: Option<String>,
    },
    /// Search all lessons and notes
    Search {
        /// All of them must stand in one section; a capital letter makes case count
        #[arg(required = true)]
        words: Vec<String>,
        /// As data
        #[arg(long)]
        json: bool,
    },
    /// Show what was kept of a lesson, or add a note to it
    Note {
        /// Number, slug, or one word of the title
        lesson: String,
        /// The note
        text: Vec<String>,
        /// Write it in $EDITOR
        #[arg(long, conflicts_with = "text")]
        edit: bool,
    },
    /// Take back the last act; again goes further back
    Undo {
        /// Do again what was taken back
        #[arg(long)]
        redo: bool,
    },
    /// Write all progress into a file for `import`, or the cards for other programs
    ///
    /// Without an option: the journal, line for line, with what was taken back and what a later version wrote. `sdprep
    /// import FILE` on another machine brings all of it.
    Export {
        /// The file; `-` is standard output (not with --anki)
        file: PathBuf,
        /// The cards as a package for Anki (.apkg); importing it again updates them
        #[arg(long, conflicts_with = "csv")]
        anki: bool,
        /// The cards as CSV, texts as they are: a spreadsheet may take one that begins with = for a formula
        #[arg(long)]
        csv: bool,
        /// Replace a file that is there
        #[arg(long)]
        force: bool,
    },
    /// Merge a journal of ours (`-` is standard input); again changes nothing
    Import {
        /// The file
        file: PathBuf,
        /// Only say what it would bring
        #[arg(long)]
        dry_run: bool,
    },
    /// Hold a course against the rules (DIR, else ./lessons, else the one inside)
    Check {
        /// Folder of a course
        dir: Option<PathBuf>,
        /// An older copy of the course: which cards say something else under the same id
        #[arg(long, value_name = "DIR")]
        against: Option<PathBuf>,
        /// Rewrite results of estimates that do not follow
        #[arg(long)]
        fix: bool,
        /// As data
        #[arg(long)]
        json: bool,
    },
    /// What is in force, and from where
    Config,
    /// The terminal and the files as the program sees them
    Doctor,
    /// Completions for a shell, on stdout
    Completions {
        /// Which
        shell: clap_complete::Shell,
    },
    /// The manual page, on stdout
    Man,
}

/// Which lessons.
#[derive(Debug, Clone, ClapArgs)]
pub struct Filter {
    /// Only this level
    #[arg(long, value_parser = level, value_name = "LEVEL")]
    pub level: Option<Level>,
    /// Only this track, in its order
    #[arg(long, value_name = "TRACK")]
    pub track: Option<String>,
    /// Only this kind
    #[arg(long, value_parser = kind, value_name = "KIND")]
    pub kind: Option<Kind>,
    /// Only unread ones
    #[arg(long)]
    pub unread: bool,
    /// As data
    #[arg(long)]
    pub json: bool,
}

/// `tracks use sprint`
#[derive(Debug, Subcommand)]
pub enum TracksAction {
    /// `next` follows this track from now on; `series` is the lessons in their numbers
    Use {
        /// Id of a track, or `series`
        track: String,
    },
}

fn level(text: &str) -> Result<Level, String> {
    let found = Level::ALL.into_iter().find(|level| level.name().eq_ignore_ascii_case(text));
    found.ok_or_else(|| "there are foundation, intermediate, advanced".into())
}

fn kind(text: &str) -> Result<Kind, String> {
    let found = Kind::ALL.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(text));
    found.ok_or_else(|| "there are method, concept, anomaly, design, reference".into())
}

/// Completions on stdout.
pub fn completions(shell: clap_complete::Shell) -> Outcome<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "sdprep", &mut script);
    output::print(&String::from_utf8_lossy(&script))?;
    Ok(ExitCode::SUCCESS)
}

/// The manual page of the program and a section for each command, on stdout.
pub fn man() -> Outcome<ExitCode> {
    let mut page = Vec::new();
    let mut command = Args::command();
    command.build();
    let _ = clap_mangen::Man::new(command.clone()).render(&mut page); // a Vec takes every byte
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        let _ = clap_mangen::Man::new(sub.clone()).render(&mut page);
    }
    output::print(&String::from_utf8_lossy(&page))?;
    Ok(ExitCode::SUCCESS)
}
