//! Plays the transcripts of the lessons on the real engines and holds what they show against what comes.
//!
//! Ignored by default: `.ci/engines run cargo test --test transcripts -- --ignored --nocapture`. With
//! `SDPREP_WRITE=1` what came is written into the lessons, to be read in the diff. `SDPREP_LESSONS` names another
//! folder than `lessons` and the runner's own, `tests/transcripts/course`. Linux only: a daemon is found in /proc.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::doc_markdown)]

mod compare;
mod play;
mod replies;
mod scene;
mod server;
mod session;
mod standby;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use compare::compare;
use scene::Scene;
use sdprep::course::blocks::{Block, Code, Transcript};
use sdprep::course::front;
use sdprep::markdown;
use server::Server;

/// One engine of the transcripts.
struct Known {
    /// None for a tool.
    server: Option<Server>,
    /// None for a tool that is not here.
    version: Option<String>,
    settings: BTreeMap<String, String>,
}

#[derive(Default)]
struct Replay {
    engines: BTreeMap<String, Known>,
    played: usize,
    not_run: usize,
    wrong: Vec<String>,
}

#[test]
#[ignore = "needs the engines: .ci/engines run cargo test --test transcripts -- --ignored"]
fn transcripts_are_what_the_engines_answer() {
    assert_eq!(known("no-such-tool").version, None);
    let mut run = Replay::default();
    let folders = match std::env::var("SDPREP_LESSONS") {
        Ok(folder) => vec![folder],
        Err(_) => vec!["lessons".into(), "tests/transcripts/course".into()],
    };
    for folder in folders {
        let files = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path());
        let mut files: Vec<PathBuf> =
            files.filter(|path| path.extension().is_some_and(|ext| ext == "md")).collect();
        files.sort();
        for path in &files {
            run.lesson(path);
        }
    }
    println!(
        "{} transcripts played, {} not run, {} differ",
        run.played,
        run.not_run,
        run.wrong.len()
    );
    assert!(run.wrong.is_empty(), "{}", run.wrong.join("\n"));
    assert!(run.played > 0, "no transcript was played");
}

impl Replay {
    fn lesson(&mut self, path: &Path) {
        let text = fs_err::read_to_string(path).unwrap();
        let split = front::split(&text).unwrap();
        let document = markdown::parse(split.body, split.body_line);
        let mut lines: Vec<String> = text.lines().map(Into::into).collect();
        let mut setups: BTreeMap<&str, &Code> = BTreeMap::new();
        let mut differ = Vec::new();
        for fence in &document.fences {
            match &fence.block {
                Block::Code(code) => {
                    setups.extend(code.setup.as_deref().map(|name| (name, code)));
                }
                Block::Transcript(transcript) if transcript.replay => {
                    let place = format!("{}:{}", path.display(), fence.line);
                    let setup = transcript.setup.as_deref().map(|name| setups[name]);
                    let Some(got) = self.play(&place, transcript, setup) else { continue };
                    for differs in compare(transcript, &got) {
                        self.wrong.push(differs.message(path, transcript));
                        differ.push(differs);
                    }
                }
                _ => {}
            }
        }
        if std::env::var_os("SDPREP_WRITE").is_some() && !differ.is_empty() {
            for differs in differ.iter().rev() {
                differs.write(&mut lines);
            }
            fs_err::write(path, lines.join("\n") + "\n").unwrap();
        }
    }

    /// What came, if the engine is here in the version that is shown.
    fn play(
        &mut self,
        place: &str,
        transcript: &Transcript,
        setup: Option<&Code>,
    ) -> Option<Vec<compare::Said>> {
        let name = transcript.engine.as_str();
        let known = self.engines.entry(name.into()).or_insert_with(|| known(name));
        let shown = major(name, &transcript.version);
        let here = known.version.as_ref().map(|version| major(name, version));
        if here.as_ref() != Some(&shown) {
            let here = here.unwrap_or_else(|| format!("no {name}"));
            println!("{place}: not run: {name} {shown} shown, {here} here");
            self.not_run += 1;
            return None;
        }
        let played = catch_unwind(AssertUnwindSafe(|| {
            play::play(known.server.as_ref(), &known.settings, transcript, setup)
        }));
        self.played += 1;
        match played {
            Ok(got) => Some(got),
            Err(panic) => {
                let text = panic.downcast_ref::<String>().cloned();
                let text = text.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string));
                self.wrong.push(format!("{place}: cannot be played: {}", text.unwrap_or_default()));
                None
            }
        }
    }
}

fn known(engine: &str) -> Known {
    match Server::of(engine) {
        Some(server) => {
            let (version, settings) = (Some(server.version()), server.settings());
            Known { server: Some(server), version, settings }
        }
        None => {
            let version = Scene::new().version(engine);
            Known { server: None, version, settings: BTreeMap::new() }
        }
    }
}

/// `15` of 15.18; `10.11` of 10.11.19: MariaDB's series have two parts.
fn major(engine: &str, version: &str) -> String {
    let parts: Vec<&str> = version.split(['.', '-']).collect();
    let count = if engine == "mariadb" { 2 } else { 1 };
    parts[..count.min(parts.len())].join(".")
}

#[test]
fn the_series_of_mariadb_have_two_parts() {
    assert_eq!(major("postgresql", "15.18"), "15");
    assert_eq!(major("mariadb", "10.11.19-MariaDB"), "10.11");
    assert_eq!(major("dig", "9.18.49"), "9");
}
