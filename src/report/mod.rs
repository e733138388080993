//! What several cores say together: stats.
