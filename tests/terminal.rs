//! The real binary in a pseudo-terminal: what is on the screen, what a vanished terminal or a signal does, what is kept.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

mod support;

use std::io::{Read, Write};
use std::num::NonZero;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use support::Sandbox;

/// Longest wait for something that must come.
const LONG: Duration = Duration::from_secs(20);

struct Term {
    master: Option<Box<dyn MasterPty + Send>>,
    writer: Option<Box<dyn Write + Send>>,
    child: Box<dyn Child + Send + Sync>,
    screen: Arc<Mutex<vt100::Parser>>,
    raw: Arc<Mutex<Vec<u8>>>,
    reader: Option<std::thread::JoinHandle<()>>,
    closing: Arc<AtomicBool>,
}

impl Term {
    fn start(sandbox: &Sandbox, args: &[&str], size: (u16, u16)) -> Term {
        Self::start_with(sandbox, args, size, true, &[])
    }

    /// A lesson, with an editor.
    fn start_editing(sandbox: &Sandbox, editor: &std::path::Path) -> Term {
        let env = [("EDITOR", editor.to_str().unwrap())];
        Self::start_with(sandbox, &["read", "17"], (80, 24), true, &env)
    }

    /// Without a controlling terminal no signal tells that the terminal has gone.
    fn start_with(
        sandbox: &Sandbox,
        args: &[&str],
        (cols, rows): (u16, u16),
        controlling: bool,
        env: &[(&str, &str)],
    ) -> Term {
        let size = PtySize { rows, cols, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let command = sandbox.command(args);
        let mut builder = CommandBuilder::new(support::binary());
        builder.args(command.get_args());
        builder.set_controlling_tty(controlling);
        builder.env_clear();
        for (name, value) in command.get_envs() {
            builder.env(name, value.unwrap());
        }
        // Real time: what is under test is the terminal, and the clock ticks on from the moment named.
        builder.env("TERM", "xterm-256color");
        for (name, value) in env {
            builder.env(name, value);
        }
        builder.cwd(sandbox.path(""));
        let child = pair.slave.spawn_command(builder).unwrap();
        drop(pair.slave);
        let screen = Arc::new(Mutex::new(vt100::Parser::new(cells(rows), cells(cols), 0)));
        let raw = Arc::new(Mutex::new(Vec::new()));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (seen, bytes) = (Arc::clone(&screen), Arc::clone(&raw));
        let closing = Arc::new(AtomicBool::new(false));
        let closes = Arc::clone(&closing);
        let thread = std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(n) = reader.read(&mut buffer) {
                if n == 0 || closes.load(Ordering::SeqCst) {
                    break;
                }
                seen.lock().unwrap().process(&buffer[..n]);
                bytes.lock().unwrap().extend_from_slice(&buffer[..n]);
            }
        });
        let writer = pair.master.take_writer().unwrap();
        Term {
            master: Some(pair.master),
            writer: Some(writer),
            child,
            screen,
            raw,
            reader: Some(thread),
            closing,
        }
    }

    fn text(&self) -> String {
        self.screen.lock().unwrap().screen().contents()
    }

    fn row(&self, row: u16) -> String {
        let screen = self.screen.lock().unwrap();
        let (_, cols) = screen.screen().size();
        screen
            .screen()
            .rows(0, cols.get())
            .nth(row.into())
            .unwrap_or_default()
            .trim_end()
            .to_string()
    }

    /// Waits until the screen shows a text: no test sleeps and hopes.
    fn wait_for(&self, what: &str) {
        self.wait(what, |text| text.contains(what));
    }

    fn wait(&self, name: &str, done: impl Fn(&str) -> bool) {
        let end = Instant::now() + LONG;
        while !done(&self.text()) {
            assert!(Instant::now() < end, "\"{name}\" did not come; the screen:\n{}", self.text());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn send(&mut self, keys: &str) {
        let writer = self.writer.as_mut().unwrap();
        writer.write_all(keys.as_bytes()).unwrap();
        writer.flush().unwrap();
    }

    fn resize(&self, cols: u16, rows: u16) {
        self.screen.lock().unwrap().screen_mut().set_size(cells(rows), cells(cols));
        let size = PtySize { rows, cols, pixel_width: 0, pixel_height: 0 };
        self.master.as_ref().unwrap().resize(size).unwrap();
    }

    fn signal(&self, name: &str) {
        let pid = self.child.process_id().unwrap().to_string();
        assert!(
            std::process::Command::new("kill").args(["-s", name, &pid]).status().unwrap().success()
        );
    }

    /// Status of the process, which must end soon.
    fn ended(&mut self) -> u32 {
        let end = Instant::now() + LONG;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.exit_code();
            }
            assert!(Instant::now() < end, "it does not end; the screen:\n{}", self.text());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Nobody takes what the program writes any more. The reading thread is woken by a frame to end.
    fn stop_reading(&mut self) {
        self.closing.store(true, Ordering::SeqCst);
        self.send("\u{c}");
        self.reader.take().unwrap().join().unwrap();
    }

    /// The terminal goes away, as when its window is closed, after some last bytes of input. All ends of it must go.
    fn close_after(&mut self, last: &str) {
        self.stop_reading();
        self.send(last);
        self.writer = None;
        self.master = None;
    }

    fn modes_restored(&self) -> bool {
        let raw = self.raw.lock().unwrap();
        let raw = String::from_utf8_lossy(&raw);
        let last = |on: &str, off: &str| raw.rfind(off) > raw.rfind(on);
        last("\u{1b}[?1049h", "\u{1b}[?1049l")
            && last("\u{1b}[?25l", "\u{1b}[?25h")
            && last("\u{1b}[?1000h", "\u{1b}[?1000l")
    }
}

fn cells(count: u16) -> NonZero<u16> {
    NonZero::new(count).unwrap()
}

impl Drop for Term {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

/// Opens the URL shortener and scrolls; gives the first row of the text.
fn read_some(term: &mut Term) -> String {
    term.wait_for("Eleven boxes");
    term.send("\u{1b}");
    term.wait_for("An interview ahead?");
    term.send("G\r");
    term.wait_for("30,000 posters");
    term.send("40j");
    term.wait("the scroll", |text| !text.contains("30,000 posters"));
    term.row(3)
}

fn journal(sandbox: &Sandbox) -> String {
    fs_err::read_to_string(sandbox.journal()).unwrap_or_default()
}

fn wait_journal(sandbox: &Sandbox, what: &str) {
    let end = Instant::now() + LONG;
    while !journal(sandbox).contains(what) {
        assert!(Instant::now() < end, "the journal has no {what}:\n{}", journal(sandbox));
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn the_library_opens_and_leaves_the_terminal_as_it_was() {
    let sandbox = Sandbox::new();
    let mut term = Term::start(&sandbox, &[], (80, 24));
    term.wait_for("System Design Interview Prep");
    term.send("q");
    assert_eq!(term.ended(), 0);
    wait(|| term.modes_restored()); // the last bytes may still be on their way
}

#[test]
fn the_place_survives_leaving() {
    let sandbox = Sandbox::new();
    let mut term = Term::start(&sandbox, &["next"], (80, 24));
    let line = read_some(&mut term);
    term.send("q");
    assert_eq!(term.ended(), 0);
    let mut term = Term::start(&sandbox, &["read", "64"], (80, 24));
    term.wait("the same line", |_| true);
    term.wait_for("URL Shortener");
    assert_eq!(term.row(3), line);
    term.send("q");
    term.ended();
}

#[test]
fn the_place_survives_a_kill_three_seconds_after_the_last_move() {
    let sandbox = Sandbox::new();
    let mut term = Term::start(&sandbox, &["next"], (80, 24));
    let line = read_some(&mut term);
    let moved = Instant::now();
    wait_journal(&sandbox, "\"e\":\"at\",\"l\":\"design-url-shortener\"");
    assert!(moved.elapsed() < Duration::from_secs(3), "saved only after {:?}", moved.elapsed());
    term.signal("KILL");
    term.ended();
    let mut term = Term::start(&sandbox, &["read", "64"], (80, 24));
    term.wait_for("URL Shortener");
    assert_eq!(term.row(3), line);
    term.send("q");
    term.ended();
}

#[test]
fn a_closed_terminal_ends_the_program_at_once_and_keeps_the_place() {
    let sandbox = Sandbox::new();
    // The library under test sends ctrl-d when it lets go of a terminal: here it must mean nothing.
    let config = sandbox.write("c.toml", "[keys.all]\nhalf-down = \"f9\"\n");
    let mut term = Term::start(&sandbox, &["next", "--config", config.to_str().unwrap()], (80, 24));
    let line = read_some(&mut term);
    term.close_after("");
    let status = term.ended();
    assert!(status != 0, "129 or the hang-up");
    assert!(journal(&sandbox).contains("\"e\":\"at\",\"l\":\"design-url-shortener\""));
    let term = Term::start(&sandbox, &["read", "64"], (80, 24));
    term.wait_for("URL Shortener");
    assert_eq!(term.row(3), line);
}

#[test]
fn a_terminal_that_goes_without_a_signal_ends_the_program_too() {
    let sandbox = Sandbox::new();
    let mut term = Term::start_with(&sandbox, &[], (80, 24), false, &[]);
    term.wait_for("System Design Interview Prep");
    term.close_after("");
    assert_eq!(term.ended(), 129);
}

#[test]
fn a_terminal_closed_in_half_an_escape_ends_the_program() {
    let sandbox = Sandbox::new();
    let mut term = Term::start(&sandbox, &[], (80, 24));
    term.wait_for("System Design Interview Prep");
    term.close_after("\u{1b}[<0;10");
    assert!(term.ended() != 0);
}

#[test]
fn signals_save_restore_and_end_as_they_would_have() {
    for signal in ["TERM", "INT", "QUIT", "HUP"] {
        let sandbox = Sandbox::new();
        let mut term = Term::start(&sandbox, &["next"], (80, 24));
        read_some(&mut term);
        term.signal(signal);
        term.ended();
        let end = Instant::now() + LONG;
        while !term.modes_restored() {
            assert!(Instant::now() < end, "{signal} leaves the terminal in its modes");
            std::thread::sleep(Duration::from_millis(10));
        }
        assert!(
            journal(&sandbox).contains("\"e\":\"at\",\"l\":\"design-url-shortener\""),
            "{signal}"
        );
    }
}

#[test]
fn a_terminal_that_takes_no_more_bytes_cannot_hold_the_program() {
    let sandbox = Sandbox::new();
    let mut term = Term::start(&sandbox, &[], (80, 24));
    term.wait_for("System Design Interview Prep");
    term.stop_reading();
    for _ in 0..100 {
        term.send("\u{c}"); // a whole frame each
        std::thread::sleep(Duration::from_millis(3));
    }
    term.signal("TERM");
    let start = Instant::now();
    term.ended();
    assert!(start.elapsed() > Duration::from_secs(1), "it was not stuck: this shows nothing");
}

#[test]
fn stopped_and_continued_it_draws_again() {
    let sandbox = Sandbox::new();
    let mut term = Term::start(&sandbox, &[], (80, 24));
    term.wait_for("System Design Interview Prep");
    term.signal("STOP");
    term.raw.lock().unwrap().clear();
    term.signal("CONT");
    let end = Instant::now() + LONG;
    while !String::from_utf8_lossy(&term.raw.lock().unwrap()).contains("Interview") {
        assert!(Instant::now() < end, "nothing is drawn after CONT");
        std::thread::sleep(Duration::from_millis(10));
    }
    term.send("q");
    assert_eq!(term.ended(), 0);
}

#[test]
fn a_storm_of_resizes_down_to_1x1_ends_on_the_same_line() {
    let sandbox = Sandbox::new();
    let mut term = Term::start(&sandbox, &["next"], (80, 24));
    let line = read_some(&mut term);
    for step in 0..400u16 {
        let (cols, rows) = if step % 50 == 49 { (1, 1) } else { (20 + step % 100, 4 + step % 40) };
        term.resize(cols, rows);
    }
    term.resize(80, 24);
    term.send("\u{c}"); // ctrl-l: the emulator's picture of the storm is not the point
    term.wait("the line", |_| term.row(3) == line);
    term.send("q");
    assert_eq!(term.ended(), 0);
}

#[test]
fn a_paste_of_20_kb_is_no_keys() {
    let sandbox = Sandbox::new();
    let mut term = Term::start(&sandbox, &[], (80, 24));
    term.wait_for("System Design Interview Prep");
    term.send(&format!("\u{1b}[200~{}\u{1b}[201~", "q m T ".repeat(3500)));
    term.send("?");
    term.wait_for("Keys of the library");
    assert!(!journal(&sandbox).contains("mark"));
    term.send("q");
    assert_eq!(term.ended(), 0);
}

#[test]
fn idle_it_writes_no_byte() {
    let sandbox = Sandbox::new();
    let mut term = Term::start(&sandbox, &[], (80, 24));
    term.wait_for("System Design Interview Prep");
    std::thread::sleep(Duration::from_millis(300)); // the first frames are through
    let before = term.raw.lock().unwrap().len();
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(term.raw.lock().unwrap().len(), before);
    term.send("q");
    term.ended();
}

#[test]
fn two_at_once_see_each_others_acts_at_the_next_key() {
    let sandbox = Sandbox::new();
    let mut term = Term::start(&sandbox, &[], (80, 24));
    term.wait_for("0 of 6 read");
    assert_eq!(sandbox.run(&["mark", "25", "read"]).status, 0);
    term.send("j");
    term.wait_for("1 of 6 read");
    term.send("q");
    assert_eq!(term.ended(), 0);
}

#[test]
fn without_a_place_for_the_journal_it_reads_on_and_says_so() {
    let sandbox = Sandbox::new();
    sandbox.write("file", "in the way");
    let target = sandbox.path("file");
    let mut term =
        Term::start(&sandbox, &["read", "64", "--data-dir", target.to_str().unwrap()], (80, 24));
    let end = Instant::now() + LONG;
    let ended = loop {
        if let Some(status) = term.child.try_wait().unwrap() {
            break Some(status.exit_code());
        }
        if term.text().contains("posters") {
            break None;
        }
        assert!(Instant::now() < end);
        std::thread::sleep(Duration::from_millis(10));
    };
    // A named place that cannot be used is an error at once, or a line until it can.
    match ended {
        Some(status) => assert_eq!(status, 3),
        None => {
            term.wait_for("not saved");
            term.send("q");
            term.wait_for("again leaves");
            term.send("q");
            assert_eq!(term.ended(), 3);
        }
    }
}

/// A lesson open at 80 x 24.
fn reading(sandbox: &Sandbox) -> Term {
    let term = Term::start(sandbox, &["read", "17"], (80, 24));
    term.wait_for("Suppose lesson 17");
    term
}

#[test]
fn a_search_a_resize_and_a_link_on_the_real_screen() {
    let sandbox = Sandbox::new();
    let mut term = reading(&sandbox);
    term.send("/number\r");
    term.wait_for("1 of 8");
    term.send("nn");
    term.wait_for("3 of 8");
    term.resize(46, 20);
    term.wait("the hit after a resize", |text| {
        text.contains("number 3") && text.contains("3 of 8")
    });
    term.resize(80, 24);
    term.send("\x1b");
    term.wait_for("o outline");
    term.send("gg");
    term.wait_for("Suppose lesson 17");
    term.send("f");
    term.wait_for("type the letters");
    term.send("a");
    term.wait_for("estimate traffic");
    term.send("q");
    assert_eq!(term.ended(), 0);
}

#[test]
fn after_a_suspension_a_search_goes_on() {
    let sandbox = Sandbox::new();
    let mut term = reading(&sandbox);
    term.send("/number\r");
    term.wait_for("1 of 8");
    // Ctrl-Z has no shell here that would continue it: stop and continue as one would.
    term.signal("STOP");
    term.signal("CONT");
    term.send("n");
    term.wait_for("2 of 8");
    term.send("q");
    assert_eq!(term.ended(), 0);
}

#[test]
fn a_copy_goes_to_the_terminal_and_is_said() {
    let sandbox = Sandbox::new();
    let mut term = reading(&sandbox);
    term.send("]y");
    term.wait_for("characters sent to the terminal (OSC 52)");
    let raw = String::from_utf8_lossy(&term.raw.lock().unwrap()).into_owned();
    // "## Estimate" in base64 begins so.
    assert!(raw.contains("\x1b]52;c;IyMgRXN0aW1hdGU"), "{raw:?}");
    term.send("q");
    assert_eq!(term.ended(), 0);
}

#[test]
fn a_note_is_written_in_the_editor_and_ctrl_c_there_is_not_ours() {
    let sandbox = Sandbox::new();
    // An editor that waits for a line, with Ctrl-C as its own business, then writes.
    let editor =
        "#!/bin/sh\ntrap '' INT\necho EDITOR >&2\nread line\necho \"first $line\" > \"$1\"\n";
    let path = sandbox.write("editor", editor);
    let mut permissions = fs_err::metadata(&path).unwrap().permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0o755);
    fs_err::set_permissions(&path, permissions).unwrap();
    let mut term = Term::start_editing(&sandbox, &path);
    term.wait_for("Suppose lesson 17");
    term.send("]a\x05");
    term.wait_for("EDITOR");
    term.send("\x03");
    term.send("second\n");
    term.wait("the note", |text| text.contains("✎") && text.contains(" noted"));
    term.send("B");
    term.wait_for("first second");
    term.send("\x03");
    assert_eq!(term.ended(), 0);
    assert!(sandbox.ok(&["note", "17"]).contains("first second"));
}

#[test]
fn the_mouse_is_reported_or_not_as_the_key_says() {
    let sandbox = Sandbox::new();
    let mut term = reading(&sandbox);
    term.send("M");
    term.wait_for("mouse is the terminal's");
    let off = |term: &Term| {
        term.raw.lock().unwrap().windows(8).filter(|bytes| bytes == b"\x1b[?1000l").count()
    };
    assert_eq!(off(&term), 1);
    term.send("M");
    term.wait_for("mouse is this program's");
    term.send("q");
    assert_eq!(term.ended(), 0);
}

fn all_read(sandbox: &Sandbox) {
    sandbox.run(&["mark", "2", "17", "25", "40", "54", "64", "read"]);
}

#[test]
fn a_whole_review_on_the_real_screen_saves_each_grade_before_the_next_card() {
    let sandbox = Sandbox::new();
    all_read(&sandbox);
    let mut term = Term::start(&sandbox, &["review"], (80, 24));
    for card in 1..=6 {
        term.wait_for(&format!("{card} of 6"));
        term.send(" ");
        term.wait_for("4 easy");
        term.send("3");
        wait(|| journal(&sandbox).matches("\"e\":\"grade\"").count() == card);
    }
    term.wait_for("6 cards done");
    term.send("q");
    assert_eq!(term.ended(), 0);
    wait(|| term.modes_restored()); // the last bytes may still be on their way
    assert_eq!(sandbox.run(&["review"]).err, "nothing is due\n");
}

#[test]
fn a_review_closed_or_killed_in_the_middle_goes_on_with_the_rest() {
    let sandbox = Sandbox::new();
    all_read(&sandbox);
    let mut term = Term::start(&sandbox, &["review"], (80, 24));
    term.wait_for("1 of 6");
    term.send(" 1");
    term.wait_for("2 of 6");
    term.signal("KILL");
    term.ended();
    let mut term = Term::start(&sandbox, &["review"], (80, 24));
    term.wait_for("1 of 6"); // five new ones, and the one that was missed
    term.send(" 4");
    term.wait_for("2 of 6");
    term.close_after("");
    wait(|| journal(&sandbox).matches("\"e\":\"grade\"").count() == 2);
    let left = sandbox.run(&["review"]).out;
    assert_eq!(left.lines().filter(|line| line.contains('#')).count(), 5, "{left}");
}

#[test]
fn a_whole_short_rehearsal_on_the_real_screen() {
    let sandbox = Sandbox::new();
    let mut term = Term::start(&sandbox, &["rehearse", "64", "--short"], (80, 24));
    term.wait_for("10 min");
    term.send("\r");
    term.wait_for("00:00 / 10:00");
    term.send("q? create and redirect");
    term.wait_for("00:01 / 10:00"); // the clock goes on by itself
    term.send("\u{e}");
    term.wait_for("Model answer");
    term.send(" \r");
    term.wait_for("follow-up question");
    term.send("\u{e}");
    term.wait_for("Model answer");
    term.send("\r");
    term.wait_for("result");
    term.send("q");
    assert_eq!(term.ended(), 0);
    let stats = sandbox.ok(&["stats", "--json"]);
    let stats: serde_json::Value = serde_json::from_str(&stats).unwrap();
    assert_eq!(stats["rehearsals"]["count"], 1);
    assert_eq!(stats["rehearsals"]["profile"][0]["level"], "mid");
    assert!(journal(&sandbox).contains("q? create and redirect"));
}

#[test]
fn a_rehearsal_killed_while_it_is_written_goes_on_with_its_words() {
    let sandbox = Sandbox::new();
    let mut term = Term::start(&sandbox, &["rehearse", "64", "--short"], (80, 24));
    term.wait_for("10 min");
    term.send("\rwhose links?");
    wait_journal(&sandbox, "whose links?"); // two seconds after the last key
    term.signal("KILL");
    term.ended();
    let mut term = Term::start(&sandbox, &["rehearse", "64"], (80, 24));
    term.wait_for("10 min, begun");
    term.send("s");
    term.wait_for("whose links?");
    term.wait_for("paused");
    term.send("\u{1b}");
    term.wait_for("begun");
    term.send("q");
    assert_eq!(term.ended(), 0);
}

fn wait(done: impl Fn() -> bool) {
    let end = Instant::now() + LONG;
    while !done() {
        assert!(Instant::now() < end, "it did not happen");
        std::thread::sleep(Duration::from_millis(20));
    }
}
