//! Holds a course against the rules: `cargo run --example check -- lessons`.
#![allow(clippy::print_stdout, clippy::print_stderr)]

fn main() -> std::process::ExitCode {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "lessons".to_owned());
    match sdprep::catalog::open(std::path::Path::new(&folder)) {
        Ok(course) => {
            let report = sdprep::check::check(&course, chrono::Local::now().date_naive());
            print!("{report}");
            std::process::ExitCode::from(u8::from(!report.findings.is_empty()))
        }
        Err(problem) => {
            eprintln!("{problem}");
            std::process::ExitCode::from(2)
        }
    }
}
