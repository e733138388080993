//! Where data and configuration live.

use std::env;
use std::path::{Path, PathBuf};

use directories::ProjectDirs;

/// A path and what decided it, for `config` and `doctor`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// The path; none if nothing named one and there is no usable home.
    pub path: Option<PathBuf>,
    /// `--data-dir`, `SDPREP_DATA_DIR`, `default`.
    pub by: &'static str,
}

/// Data directory: option, then variable, then the platform's.
pub fn data_dir(option: Option<&Path>) -> Chosen {
    choose(option, "--data-dir", "SDPREP_DATA_DIR", |dirs| dirs.data_dir().to_path_buf())
}

/// Configuration file: option, then variable, then `config.toml` in the platform's directory.
pub fn config_file(option: Option<&Path>) -> Chosen {
    choose(option, "--config", "SDPREP_CONFIG", |dirs| dirs.config_dir().join("config.toml"))
}

fn choose(
    option: Option<&Path>,
    flag: &'static str,
    variable: &'static str,
    default: impl Fn(&ProjectDirs) -> PathBuf,
) -> Chosen {
    if let Some(path) = option {
        return Chosen { path: Some(path.to_path_buf()), by: flag };
    }
    if let Some(path) = env::var_os(variable).filter(|value| !value.is_empty()) {
        return Chosen { path: Some(path.into()), by: variable };
    }
    Chosen { path: project().map(|dirs| default(&dirs)), by: "default" }
}

/// None without a home, or with a relative one: a journal must not land in the current directory.
fn project() -> Option<ProjectDirs> {
    ProjectDirs::from("", "", "sdprep").filter(|dirs| dirs.data_dir().is_absolute())
}

/// Whether the user named the data directory (then it is an error if it cannot be used).
pub fn data_dir_is_named(option: Option<&Path>) -> bool {
    option.is_some() || env::var_os("SDPREP_DATA_DIR").is_some_and(|value| !value.is_empty())
}
