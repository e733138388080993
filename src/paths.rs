//! Where data and configuration live.
