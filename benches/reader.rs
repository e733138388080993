//! The reader beside its peers: `cargo bench --bench reader`. On a quiet machine; prints one markdown table.
//!
//! | what | budget |
//! |---|---|
//! | first frame above a bare process | 10 ms for a lesson, 50 ms for 1 MB |
//! | key to frame, also on 1 MB and while searching | p50 2 ms, p99 16 ms |
//! | peak memory | 14 MiB for a lesson, 40 MiB for 1 MB |
//! | idle | 0 ms CPU, 0 bytes |
//!
//! All read the same file, in a terminal of 80x24. A program that is not installed is left out;
//! `TREEMD=path` names one that is not on the PATH, `SDPREP=path` another build of ours.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods)]

use std::io::{Read, Write};
use std::num::NonZero;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

const ROUNDS: usize = 15;
const SIZE: (u16, u16) = (80, 24);
/// Nothing more comes after this: the frame is whole.
const QUIET: Duration = Duration::from_millis(12);
const DOWN: &str = "\x1b[6~";
const UP: &str = "\x1b[5~";

/// A program in a terminal; chunks of its output with the moment at which they came.
struct Pty {
    child: Box<dyn Child + Send + Sync>,
    output: Receiver<(Instant, Vec<u8>)>,
    writer: Box<dyn Write + Send>,
    master: Box<dyn MasterPty + Send>,
    screen: vt100::Parser,
    start: Instant,
}

fn size((cols, rows): (u16, u16)) -> PtySize {
    PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }
}

fn screen((cols, rows): (u16, u16)) -> vt100::Parser {
    vt100::Parser::new(NonZero::new(rows).unwrap(), NonZero::new(cols).unwrap(), 0)
}

impl Pty {
    fn start(command: &[String], data: &Path) -> Pty {
        let pair = native_pty_system().openpty(size(SIZE)).unwrap();
        let mut reader = pair.master.try_clone_reader().unwrap();
        let writer = pair.master.take_writer().unwrap();
        let (sender, output) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 8192];
            while let Ok(n @ 1..) = reader.read(&mut buffer) {
                if sender.send((Instant::now(), buffer[..n].to_vec())).is_err() {
                    break;
                }
            }
        });
        let mut builder = CommandBuilder::new(&command[0]);
        builder.args(&command[1..]);
        builder.env("TERM", "xterm-256color");
        builder.env("SDPREP_DATA_DIR", data);
        builder.env("HOME", data);
        builder.env("LESSHISTFILE", "-");
        let start = Instant::now();
        let child = pair.slave.spawn_command(builder).unwrap();
        Pty { child, output, writer, master: pair.master, screen: screen(SIZE), start }
    }

    /// Ms from the start until ten rows show something.
    fn first_frame(&mut self) -> Option<f64> {
        while let Ok((at, bytes)) = self.output.recv_timeout(Duration::from_secs(20)) {
            self.screen.process(&bytes);
            let rows = self.screen.screen().rows(0, SIZE.0);
            if rows.filter(|row| !row.trim().is_empty()).count() >= 10 {
                return Some(ms(at - self.start));
            }
        }
        None
    }

    fn send(&mut self, keys: &str) -> Instant {
        let at = Instant::now();
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
        at
    }

    /// Takes what comes until nothing does; the moment of the last of it, and how many bytes.
    fn settle(&mut self, first: Duration) -> Option<(Instant, usize)> {
        let (mut last, mut bytes, mut wait) = (None, 0, first);
        while let Ok((at, chunk)) = self.output.recv_timeout(wait) {
            self.screen.process(&chunk);
            (last, wait) = (Some(at), QUIET);
            bytes += chunk.len();
        }
        last.map(|at| (at, bytes))
    }

    /// Ms from each key to the end of what it changed; a key that changes nothing counts for nothing.
    fn keys<'a>(&mut self, keys: impl Iterator<Item = &'a str>) -> Vec<f64> {
        let mut times = Vec::new();
        for key in keys {
            let sent = self.send(key);
            match self.settle(Duration::from_millis(400)) {
                Some((at, _)) => times.push(ms(at - sent)),
                None if times.is_empty() => break, // the program does not know it
                None => {}
            }
        }
        times
    }

    fn proc(&self, file: &str) -> String {
        let id = self.child.process_id().unwrap_or(0);
        std::fs::read_to_string(format!("/proc/{id}/{file}")).unwrap_or_default()
    }

    fn peak(&self) -> f64 {
        let status = self.proc("status");
        let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
        let kib = line.split_whitespace().nth(1).and_then(|kib| kib.parse::<f64>().ok());
        kib.unwrap_or(f64::NAN) / 1024.0
    }

    /// CPU ticks of 10 ms, of all threads.
    fn ticks(&self) -> u64 {
        let stat = self.proc("stat");
        let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
        fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum()
    }

    /// CPU ms and bytes of five seconds in which nobody does anything.
    fn idle(&mut self) -> (u64, usize) {
        std::thread::sleep(Duration::from_secs(3));
        self.settle(QUIET);
        let before = self.ticks();
        std::thread::sleep(Duration::from_secs(5));
        let bytes = self.settle(QUIET).map_or(0, |(_, bytes)| bytes);
        ((self.ticks() - before) * 10, bytes)
    }

    /// 400 sizes in 2 s; ms after the last one until the screen is what it was at that size before. From
    /// the top: elsewhere each width may begin the screen with a part of the row that was there.
    fn storm(&mut self) -> Option<f64> {
        self.send("gg");
        self.settle(Duration::from_millis(500));
        // Blanks at the end of a row are drawn or not, as it comes.
        let shown = |screen: &vt100::Parser| -> Vec<String> {
            screen.screen().rows(0, SIZE.0).map(|row| row.trim_end().to_owned()).collect()
        };
        let before = shown(&self.screen);
        for nth in 0..400_u16 {
            let to = if nth == 399 { SIZE } else { (50 + nth * 7 % 60, 15 + nth % 20) };
            self.master.resize(size(to)).unwrap();
            if nth < 399 {
                std::thread::sleep(Duration::from_millis(5));
            }
        }
        let last = Instant::now();
        self.screen = screen(SIZE);
        let mut right = None;
        while let Ok((at, bytes)) = self.output.recv_timeout(Duration::from_secs(1)) {
            self.screen.process(&bytes);
            if shown(&self.screen) != before {
                right = None;
            } else if right.is_none() {
                right = Some(ms(at.saturating_duration_since(last)));
            }
        }
        right
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn quantile(times: &[f64], share: f64) -> f64 {
    let mut times = times.to_vec();
    times.sort_by(f64::total_cmp);
    times.get(((times.len() as f64 - 1.0) * share).round() as usize).copied().unwrap_or(f64::NAN)
}

fn both(times: &[f64]) -> String {
    if times.is_empty() {
        return "-".to_owned();
    }
    format!("{:.2} / {:.2}", quantile(times, 0.5), quantile(times, 0.99))
}

/// A course of one lesson of so many bytes, made of the text of ours.
fn course(dir: &Path, bytes: usize) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<_> = std::fs::read_dir(root.join("lessons"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.retain(|path| path.extension().is_some_and(|ext| ext == "md"));
    files.sort();
    let bodies: String = files
        .iter()
        .filter_map(|path| {
            std::fs::read_to_string(path).unwrap().splitn(3, "+++\n").nth(2).map(str::to_owned)
        })
        .collect();
    let mut text = "+++\nnumber = 1\nslug = \"bench\"\ntitle = \"Bench\"\nlevel = \"Advanced\"\nkind = \"concept\"\n\
        minutes = 9\nneeds = []\ntags = []\ngist = \"Long.\"\n+++\n"
        .to_owned();
    for line in bodies.split_inclusive('\n').cycle() {
        if text.len() + line.len() > bytes {
            break;
        }
        text.push_str(line);
    }
    std::fs::create_dir_all(dir).unwrap();
    let path = dir.join("01-bench.md");
    std::fs::write(&path, text).unwrap();
    let course = "id = \"bench\"\ntitle = \"Bench\"\nabout = \"x\"\naudience = \"x\"\nlearn = [\"x\"]\n\
        prerequisites = [\"x\"]\nroadmap = \"x\"\n\n[[tracks]]\nid = \"t\"\ntitle = \"T\"\nabout = \"x\"\n\
        stages = [{ title = \"x\", lessons = [\"bench\"] }]\n";
    std::fs::write(dir.join("course.toml"), course).unwrap();
    path.to_str().unwrap().to_owned()
}

fn installed(program: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join(program).exists()))
        || Path::new(program).is_file()
}

fn commands(file: &str, dir: &Path) -> Vec<(&'static str, Vec<String>)> {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let treemd = std::env::var("TREEMD").unwrap_or_else(|_| "treemd".to_owned());
    let dir = dir.to_str().unwrap();
    let sdprep =
        std::env::var("SDPREP").unwrap_or_else(|_| env!("CARGO_BIN_EXE_sdprep").to_owned());
    let mut all = vec![("sdprep", words(&[&sdprep, "--course", dir, "read", "1"]))];
    if installed("less") {
        all.push(("less", words(&["less", file])));
    }
    if installed("lowdown") && installed("less") {
        // `less` is the process that is looked at; lowdown has gone when it is idle.
        let pipe = format!("exec less -fR <(exec lowdown -tterm '{file}')");
        all.push(("lowdown, less", words(&["bash", "-c", &pipe])));
    }
    if installed(&treemd) {
        all.push(("treemd", words(&[&treemd, file])));
    }
    if installed("glow") {
        all.push(("glow", words(&["glow", "-p", file])));
    }
    if installed("frogmouth") {
        all.push(("frogmouth", words(&["frogmouth", file])));
    }
    all
}

fn measure(name: &str, command: &[String], data: &Path, kb: usize, bare: f64) {
    let mut frames = Vec::new();
    for _ in 0..ROUNDS {
        match Pty::start(command, data).first_frame() {
            Some(time) => frames.push(time),
            None => break,
        }
    }
    let mut pty = Pty::start(command, data);
    if frames.is_empty() || pty.first_frame().is_none() {
        println!("| {name} {kb} KB | no frame |");
        return;
    }
    pty.settle(Duration::from_millis(300));
    let pages = pty.keys((0..240).map(|nth| if nth / 20 % 2 == 0 { DOWN } else { UP }));
    let lines = pty.keys((0..240).map(|nth| if nth / 60 % 2 == 0 { "j" } else { "k" }));
    let typed = ["/", "l", "a", "t", "e", "n", "c", "y", "\r"];
    let mut search = pty.keys(typed.into_iter());
    search.extend(pty.keys((0..200).map(|_| "n")));
    pty.send("\x1b");
    pty.settle(Duration::from_millis(300));
    let peak = pty.peak();
    let (cpu, bytes) = pty.idle();
    let storm = (name == "sdprep").then(|| {
        let mut pty = Pty::start(command, data);
        pty.first_frame();
        pty.settle(Duration::from_millis(300));
        pty.storm()
    });
    let storm = storm.flatten();
    let storm = storm.map_or("-".to_owned(), |time| format!("{time:.0}"));
    println!(
        "| {name} {kb} KB | {:+.1} | {} | {} | {} | {peak:.1} | {cpu} ms, {bytes} B | {storm} |",
        quantile(&frames, 0.5) - bare,
        both(&pages),
        both(&lines),
        both(&search),
    );
}

fn main() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data"); // a home too: a program starts there
    std::fs::create_dir_all(&data).unwrap();
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!("load at the start: {}", load.trim());
    let bare = |_| {
        let mut pty = Pty::start(&["true".to_owned()], &data);
        let _ = pty.child.wait();
        ms(pty.start.elapsed())
    };
    let bare = quantile(&(0..ROUNDS * 2).map(bare).collect::<Vec<_>>(), 0.5);
    println!("bare process in the terminal: {bare:.2} ms\n");
    println!(
        "| | first frame above bare, ms | page key p50 / p99, ms | line key | search, typed and `n` | peak, MiB | idle 5 s | right after 400 resizes, ms |"
    );
    println!("|---|--:|--:|--:|--:|--:|--:|--:|");
    for (kb, budget) in [
        (60, "+10 | 2 / 16 | 2 / 16 | 2 / 16 | 14 | 0 ms, 0 B"),
        (1000, "+50 | 2 / 16 | 2 / 16 | 2 / 16 | 40 | 0 ms, 0 B"),
    ] {
        println!("| **budget of {kb} KB** | {budget} | |");
        let folder = dir.path().join(kb.to_string());
        let file = course(&folder, kb * 1000);
        for (name, command) in commands(&file, &folder) {
            measure(name, &command, &data, kb, bare);
        }
    }
    println!(
        "\nload at the end: {}",
        std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim()
    );
}
