//! Progress: a pure fold of the journal over the course. Never stored, never edited.
