//! Time and memory of each lab as it comes, and of the search over all orders: `cargo bench --bench labs`.
//!
//! Budgets: each default run under 2 s and 200 MiB; all interleavings of two transactions of six steps at all seven levels
//! in under 1 s. Memory is the peak of a process of its own for each lab.
#![allow(clippy::print_stdout, clippy::disallowed_methods)] // tables and clocks are what it is for

use std::process::Command;
use std::time::Instant;

use sdprep::labs::isolation::{ANOMALIES, Level, orders, search};
use sdprep::labs::{ALL, Job, Knobs, Watch, find};

fn main() {
    let args: Vec<String> = std::env::args().collect();
    // `--one NAME`: this process runs one lab and tells its own peak.
    if let Some(at) = args.iter().position(|arg| arg == "--one") {
        if let Some(lab) = args.get(at + 1).and_then(|name| find(name)) {
            let job = Job { lab, knobs: Knobs::new(lab.knobs), seed: 1 };
            let start = Instant::now();
            let report = job.run(&mut Watch::new(&mut |_| true));
            let ms = start.elapsed().as_secs_f64() * 1000.0;
            println!("{ms:.0} {} {}", peak_kib(), report.holds);
        }
        return;
    }
    println!("{:<14} {:>8} {:>9}  holds", "lab", "ms", "peak MiB");
    for lab in ALL {
        let exe = std::env::current_exe().unwrap_or_default();
        let output = Command::new(exe).args(["--one", lab.name]).output();
        let text = output.map(|out| String::from_utf8_lossy(&out.stdout).into_owned());
        let text = text.unwrap_or_default();
        let mut parts = text.split_whitespace();
        let (ms, kib) = (parts.next().unwrap_or("?"), parts.next().unwrap_or("0"));
        let mib = kib.parse::<f64>().unwrap_or(0.0) / 1024.0;
        println!("{:<14} {ms:>8} {mib:>9.1}  {}", lab.name, parts.next().unwrap_or("?"));
    }
    let start = Instant::now();
    let mut tried = 0;
    let mut broken = 0;
    for anomaly in &ANOMALIES {
        for level in Level::ALL {
            broken += usize::from(search(anomaly, level).is_some());
            tried += orders(anomaly);
        }
    }
    println!(
        "\nall {tried} orders of ten anomalies at seven levels: {:.0} ms, {broken} cells break",
        start.elapsed().as_secs_f64() * 1000.0
    );
    println!(
        "two transactions of six steps: cargo test --release --lib isolation -- --ignored --nocapture"
    );
}

/// Peak of this process, KiB; 0 where the system does not tell.
fn peak_kib() -> u64 {
    let status = fs_err::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().nth(1));
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}
