//! Kills of one or two writers at any moment: whatever was acknowledged is in the journal.
//!
//! 50 kills by default; `SDPREP_KILLS=1000` for more. Without the rule that a line end comes before anything that
//! follows a torn line, this fails.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use sdprep::journal::{Store, What};

/// Not a test: the process that is killed. It acknowledges each event on stdout after it was written.
#[test]
#[ignore = "run by the test below"]
fn writer() {
    let Some(path) = std::env::var_os("SDPREP_TEST_JOURNAL").map(PathBuf::from) else { return };
    let name = std::env::var("SDPREP_TEST_NAME").unwrap();
    let mut store = Store::open(&path, false).unwrap();
    let mut out = std::io::stdout();
    for count in 0u32.. {
        // Lines of up to 9 kB: long ones are what a kill cuts.
        let lesson = format!("{name}-{count}-{}", "x".repeat((count as usize * 997) % 9000));
        let now = chrono::Local::now().fixed_offset();
        store.record(vec![What::Mark { lesson, read: true }], now).unwrap();
        writeln!(out, "ack {name}-{count}").unwrap();
    }
}

fn spawn(path: &Path, name: &str) -> (Child, JoinHandle<Vec<String>>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "writer", "--ignored", "--nocapture"])
        .env("SDPREP_TEST_JOURNAL", path)
        .env("SDPREP_TEST_NAME", name)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    let acks = std::thread::spawn(move || {
        let lines = out.lines().map_while(Result::ok);
        lines.filter_map(|line| line.strip_prefix("ack ").map(Into::into)).collect()
    });
    (child, acks)
}

/// The `name-count` of each event that can be read.
fn kept(path: &Path) -> HashSet<String> {
    let store = Store::open(path, false).unwrap();
    let name = |lesson: &str| lesson.splitn(3, '-').take(2).collect::<Vec<_>>().join("-");
    let marks = store.events().iter().filter_map(|event| match &event.what {
        What::Mark { lesson, .. } => Some(name(lesson)),
        _ => None,
    });
    marks.collect()
}

#[test]
fn no_acknowledged_event_is_lost_by_a_kill() {
    let kills: u64 = std::env::var("SDPREP_KILLS").map_or(50, |kills| kills.parse().unwrap());
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("course.jsonl");
    let (mut acknowledged, mut lost) = (0, Vec::new());
    for kill in 0..kills {
        let writers: Vec<_> =
            (0..=kill % 2).map(|writer| spawn(&path, &format!("k{kill}w{writer}"))).collect();
        // The first acknowledgements, then a kill at some moment of the next 30 ms.
        let end = Instant::now() + Duration::from_secs(10);
        let before = fs_err::metadata(&path).map_or(0, |meta| meta.len());
        while fs_err::metadata(&path).map_or(0, |meta| meta.len()) == before && Instant::now() < end
        {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_micros(kill * 7919 % 30_000));
        let mut acks = Vec::new();
        for (mut child, lines) in writers {
            child.kill().unwrap();
            child.wait().unwrap();
            acks.extend(lines.join().unwrap());
        }
        acknowledged += acks.len();
        let kept = kept(&path);
        lost.extend(acks.into_iter().filter(|ack| !kept.contains(ack)));
        if kill % 10 == 9 {
            fs_err::remove_file(&path).unwrap(); // a new one: reading megabytes is not the point
        }
    }
    assert!(acknowledged > 100, "only {acknowledged} events were written: this shows nothing");
    assert!(
        lost.is_empty(),
        "{} of {acknowledged} lost: {:?}",
        lost.len(),
        &lost[..lost.len().min(5)]
    );
}
