//! A place of its own for each test, and a command whose stdout, stderr and status are always looked at.
#![allow(dead_code, clippy::unwrap_used)] // each test file uses a part

pub mod screen;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A small course that does not change when a lesson is written.
pub const COURSE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/course");

/// A home, a data directory and a clock that stands at 2026-11-24, 10:00.
pub struct Sandbox {
    dir: tempfile::TempDir,
    now: String,
}

/// What a command did.
#[derive(Debug, PartialEq, Eq)]
pub struct Done {
    pub out: String,
    pub err: String,
    pub status: i32,
}

impl Sandbox {
    pub fn new() -> Self {
        Sandbox { dir: tempfile::tempdir().unwrap(), now: "2026-11-24T10:00:00+01:00".into() }
    }

    /// The clock of the commands from now on.
    pub fn at(&mut self, now: &str) -> &mut Self {
        self.now = now.into();
        self
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn data(&self) -> PathBuf {
        self.path("data")
    }

    pub fn journal(&self) -> PathBuf {
        self.data().join("system-design-interview-prep.jsonl")
    }

    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(&path, text).unwrap();
        path
    }

    /// The binary in a clean environment, on the small course unless another is named.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(binary());
        if !args.contains(&"--course") {
            command.args(["--course", COURSE]);
        }
        command
            .args(args)
            .env_clear()
            .env("HOME", self.path("home"))
            .env("SDPREP_DATA_DIR", self.data())
            .env("SDPREP_NOW", &self.now)
            .env("PATH", std::env::var_os("PATH").unwrap())
            .current_dir(self.dir.path())
            .stdin(Stdio::null());
        command
    }

    pub fn run(&self, args: &[&str]) -> Done {
        done(&mut self.command(args))
    }

    /// Runs what must go well without a word on stderr.
    pub fn ok(&self, args: &[&str]) -> String {
        let done = self.run(args);
        assert_eq!((done.err.as_str(), done.status), ("", 0), "{args:?} said: {}", done.out);
        done.out
    }
}

pub fn done(command: &mut Command) -> Done {
    let output = command.output().unwrap();
    Done {
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
        status: output.status.code().unwrap_or(-1),
    }
}

pub fn binary() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_sdprep"))
}
