//! Kills of one or two writers at any moment: whatever was acknowledged is in the journal.
//!
//! 50 kills by default; `SDPREP_KILLS=1000` for more. Without the rule that a line end comes before anything that
//! follows a torn line, this fails.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::print_stdout)]

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use sdprep::config::Config;
use sdprep::journal::{Event, Store, What, line};
use sdprep::progress::{Progress, Settings};

/// Not a test: the process that is killed. It acknowledges each event on stdout after it was written.
#[test]
#[ignore = "run by the test below"]
fn writer() {
    let Some(path) = std::env::var_os("SDPREP_TEST_JOURNAL").map(PathBuf::from) else { return };
    let name = std::env::var("SDPREP_TEST_NAME").unwrap();
    let mut store = Store::open(&path, false).unwrap();
    let mut out = std::io::stdout();
    for first in (0u32..).step_by(7) {
        // Lines of up to 9 kB, seven in a write: long writes are what a kill cuts.
        let counts = first..first + 7;
        let lesson =
            |count| format!("{name}-{count}-{}", "x".repeat((count as usize * 997) % 9000));
        let what = counts.clone().map(|count| What::Mark { lesson: lesson(count), read: true });
        store.record(what.collect(), chrono::Local::now().fixed_offset()).unwrap();
        let acks: String = counts.map(|count| format!("ack {name}-{count}\n")).collect();
        out.write_all(acks.as_bytes()).unwrap();
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

/// Leaves half a line, as a kill in the middle of a write does: one kill in forty here, too few to rely on.
fn tear(path: &Path) {
    let half = b"{\"id\":\"torn-1\",\"t\":\"2026-11-24T21:0";
    fs_err::OpenOptions::new().append(true).open(path).unwrap().write_all(half).unwrap();
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
        match kill % 10 {
            9 => fs_err::remove_file(&path).unwrap(), // a new one: reading megabytes is not the point
            4 => tear(&path),
            _ => {}
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

/// Not a test: how long a big journal takes (`cargo test --release --test journal -- --ignored --nocapture size`).
/// The budget is 150 ms for 200,000 events, loaded and folded; a preparation has some 5,000.
#[test]
#[ignore = "prints times, which a shared machine makes no promise of"]
fn size_of_a_journal_in_milliseconds() {
    let course = sdprep::catalog::embedded();
    let settings = Settings::of(&Config::default());
    let slugs: Vec<&str> = course.lessons.iter().map(|lesson| &*lesson.slug).collect();
    let start: chrono::DateTime<chrono::FixedOffset> = "2024-01-01T08:00:00+01:00".parse().unwrap();
    for count in [5_000usize, 200_000] {
        let text: String = (0..count)
            .map(|n| {
                let lesson = slugs[n / 40 % slugs.len()].to_string();
                let what = match n % 20 {
                    0 => What::Open { lesson, version: Some(n as u32) },
                    1..=4 => What::Grade {
                        card: format!("{lesson}#card-{}", n % 9),
                        grade: 3,
                        interval: 9,
                    },
                    5 => What::Other { kind: "weather".into() },
                    19 => What::Read { lesson, version: Some(n as u32) },
                    _ => What::At {
                        lesson,
                        heading: Some("what-fails".into()),
                        fraction: 0.25,
                        share: 0.371,
                        seconds: 10,
                    },
                };
                let t = start + chrono::TimeDelta::milliseconds(n as i64 * 300_007);
                line::write(&Event { id: format!("k7q2m9x4-{n}"), t, o: None, batch: None, what })
                    + "\n"
            })
            .collect();
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("course.jsonl");
        fs_err::write(&path, &text).unwrap();
        let mut times: Vec<(f64, f64)> = (0..9)
            .map(|_| {
                let begin = Instant::now();
                let store = Store::open(&path, false).unwrap();
                let load = begin.elapsed().as_secs_f64() * 1e3;
                let begin = Instant::now();
                let progress = Progress::fold(&course, &store.alive(), &settings);
                assert!(!progress.days().is_empty() && store.events().len() == count);
                (load, begin.elapsed().as_secs_f64() * 1e3)
            })
            .collect();
        times.sort_by(|a, b| (a.0 + a.1).total_cmp(&(b.0 + b.1)));
        let (load, fold) = times[times.len() / 2];
        println!("{count} events, {} kB: load {load:.1} ms, fold {fold:.1} ms", text.len() / 1000);
    }
}
