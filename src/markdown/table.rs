//! Column widths of tables, and records where a table does not fit.
