//! The budgets, measured: `cargo bench`. Run it on a quiet machine; every figure is a median.
//!
//! | what | budget |
//! |---|---|
//! | first frame of `sdprep next` | at most 10 ms above a bare process |
//! | `sdprep stats --line` | at most 3 ms above a bare process |
//! | idle | 0 CPU, 0 bytes |
//! | peak memory on a 25 KB lesson | at most 14 MiB |
//! | size of the binary | under 10 MiB |
//!
//! `less` on the same text stands beside the first frame, in the same run.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods)]

use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

const ROUNDS: usize = 25;

struct Pty {
    child: Box<dyn Child + Send + Sync>,
    output: Receiver<Vec<u8>>,
    writer: Box<dyn Write + Send>,
    _master: Box<dyn MasterPty + Send>,
    start: Instant,
}

fn start(program: &str, args: &[&str], data: &str) -> Pty {
    let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
    let pair = native_pty_system().openpty(size).unwrap();
    let mut reader = pair.master.try_clone_reader().unwrap();
    let writer = pair.master.take_writer().unwrap();
    let (sender, output) = channel();
    std::thread::spawn(move || {
        let mut buffer = [0; 8192];
        while let Ok(n @ 1..) = reader.read(&mut buffer) {
            if sender.send(buffer[..n].to_vec()).is_err() {
                break;
            }
        }
    });
    let mut builder = CommandBuilder::new(program);
    builder.args(args);
    builder.env("TERM", "xterm-256color");
    builder.env("SDPREP_DATA_DIR", data);
    builder.env("LESSHISTFILE", "-");
    let start = Instant::now();
    let child = pair.slave.spawn_command(builder).unwrap();
    Pty { child, output, writer, _master: pair.master, start }
}

impl Pty {
    /// Milliseconds from the start until the output holds a text.
    fn until(&self, what: &str) -> f64 {
        let mut seen = Vec::new();
        let end = Instant::now() + Duration::from_secs(10);
        while Instant::now() < end {
            if let Ok(bytes) = self.output.recv_timeout(Duration::from_secs(1)) {
                seen.extend(bytes);
                if String::from_utf8_lossy(&seen).contains(what) {
                    return self.start.elapsed().as_secs_f64() * 1000.0;
                }
            }
        }
        panic!("\"{what}\" did not come: {}", String::from_utf8_lossy(&seen));
    }

    fn send(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    fn proc(&self, file: &str) -> Option<String> {
        std::fs::read_to_string(format!("/proc/{}/{file}", self.child.process_id()?)).ok()
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// Median ms from spawn to exit, output thrown away.
fn run(program: &str, args: &[&str], data: &str) -> f64 {
    let one = || {
        let start = Instant::now();
        let mut command = Command::new(program);
        command.args(args).env("SDPREP_DATA_DIR", data).stdin(Stdio::null()).stdout(Stdio::null());
        assert!(command.status().unwrap().success());
        start.elapsed().as_secs_f64() * 1000.0
    };
    median((0..ROUNDS * 4).map(|_| one()).collect())
}

fn main() {
    let sdprep = env!("CARGO_BIN_EXE_sdprep");
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().to_str().unwrap();
    let text = dir.path().join("lesson.txt");
    let read =
        Command::new(sdprep).args(["read", "64"]).env("SDPREP_DATA_DIR", data).output().unwrap();
    std::fs::write(&text, &read.stdout).unwrap();
    let text = text.to_str().unwrap();
    // The longest lesson that `next` can open, for frame and memory.
    assert!(
        Command::new(sdprep)
            .args(["mark", "--before", "64"])
            .env("SDPREP_DATA_DIR", data)
            .status()
            .unwrap()
            .success()
    );

    let bare = run("true", &[], data);
    let bare_pty =
        median((0..ROUNDS).map(|_| start("echo", &["ready"], data).until("ready")).collect());
    let next = median((0..ROUNDS).map(|_| start(sdprep, &["next"], data).until("keys")).collect());
    let line = run(sdprep, &["stats", "--line"], data);
    println!("bare process                {bare:8.2} ms; in a terminal {bare_pty:.2} ms");
    println!(
        "stats --line                {line:8.2} ms, {:+.2} above bare (budget 3)",
        line - bare
    );
    println!(
        "first frame of next         {next:8.2} ms, {:+.2} above bare (budget 10)",
        next - bare_pty
    );
    if Command::new("less").arg("--version").stdout(Stdio::null()).status().is_ok() {
        let less =
            median((0..ROUNDS).map(|_| start("less", &[text], data).until("posters")).collect());
        println!(
            "first frame of less         {less:8.2} ms; sdprep is {:.2} times that",
            next / less
        );
    }

    let mut pty = start(sdprep, &["next"], data);
    pty.until("keys");
    for keys in ["G", "gg", "    ", "?", "\u{1b}"] {
        pty.send(keys);
        std::thread::sleep(Duration::from_millis(100));
    }
    if let Some(status) = pty.proc("status") {
        let peak =
            status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("VmHWM: not told");
        println!(
            "peak memory, whole lesson   {}, budget 14336 kB",
            peak.trim_start_matches("VmHWM:").trim()
        );
    }
    while pty.output.recv_timeout(Duration::from_secs(4)).is_ok() {}
    let ticks = |pty: &Pty| -> Option<u64> {
        let stat = pty.proc("stat")?;
        let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
        Some(fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?)
    };
    let before = ticks(&pty);
    let bytes = pty.output.recv_timeout(Duration::from_secs(5)).map_or(0, |bytes| bytes.len());
    println!(
        "idle for 5 s                {} ticks of CPU, {bytes} bytes",
        match (before, ticks(&pty)) {
            (Some(before), Some(after)) => (after - before).to_string(),
            _ => "unknown".into(),
        }
    );
    let size = std::fs::metadata(sdprep).unwrap().len();
    println!("binary                      {:8.2} MiB, budget 10", size as f64 / 1_048_576.0);
}
