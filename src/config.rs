//! The options of `config.toml`.
