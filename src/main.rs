//! The `sdprep` binary.
use std::process::ExitCode;

fn main() -> ExitCode {
    sdprep::cli::main()
}
