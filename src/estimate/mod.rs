//! Formulas with units: evaluation of estimate blocks.
