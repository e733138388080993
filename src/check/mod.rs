//! The rules of a course, one file a family.
