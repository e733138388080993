//! `sdprep`: a system design interview course and study companion for the terminal.
//!
//! Three things exist, and everything else is a view of them: the [`course`] (immutable), the
//! [`journal`] (append-only, the only thing that is written) and [`progress`] (a pure fold of the
//! journal over the course). A module imports only from modules listed above it here.

pub mod clock;
pub mod config;
pub mod dice;
pub mod error;
pub mod paths;
pub mod text;
pub mod unix;

pub mod course;
pub mod markdown;

pub mod catalog;
pub mod estimate;
pub mod export;
pub mod journal;
pub mod labs;
pub mod progress;
pub mod recall;
pub mod rehearsal;
pub mod search;

pub mod render;
pub mod report;

pub mod check;

pub mod terminal;
pub mod tui;

pub mod cli;
