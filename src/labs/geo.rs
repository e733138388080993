//! Geohash: places near by share a prefix, but not across the edge of a cell.
//!
//! Theory: a geohash of s signs has 5s bits that halve longitude and latitude in turn (Niemeyer, 2008; Morton, 1966).
//! Of a point that stands anywhere in a cell of width w, one at the distance d along it is in the same cell with the
//! chance 1 - d/w, and in that cell or its neighbours with 2 - d/w, at most 1. Both sides together and averaged over a
//! disc of radius r this is the share of the places within r that are found; for r below both sides, the own cell has
//! 1 - 4r(1/w + 1/h)/3π + r²/2πwh of them, and nine cells all.

use super::{Answer, Cell, Chart, Dice, Knob, Knobs, Lab, Question, Report, Watch};

pub const LAB: Lab = Lab {
    name: "geo",
    lessons: &["design-proximity-service", "design-ride-sharing"],
    claim: "A search within 400 m that reads only the user's own geohash cell of six signs (753 m by 611 m) finds 55 % \
            of the places; with the eight cells around it finds 100 %, and reads eight places for each hit.",
    question: Question::Number { ask, unit: "%" },
    knobs: &[
        Knob::whole("radius", "of the search", "m", (400, 50, 5000)),
        Knob::whole("signs", "of the geohash", "", (6, 4, 8)),
        Knob::real("latitude", "of the place, north", "°", (52.0, 0.0, 80.0)),
        Knob::whole("density", "places in a square kilometre", "", (100, 10, 200)),
        Knob::whole("searches", "that are played", "", (400, 50, 1000)),
    ],
    run,
    next: "radius 1000",
    mechanism: mechanism!("geo.rs"),
};

fn ask(knobs: &Knobs) -> String {
    let grid = Grid::new(knobs.whole("signs"));
    let (width, height) = grid.cell(knobs.real("latitude"));
    format!(
        "A search for all places within {} m reads only the user's own geohash cell of {} signs, here {width:.0} m by \
         {height:.0} m. The user may stand anywhere in it. What share of the places within {0} m does it find?",
        knobs.whole("radius"),
        knobs.whole("signs")
    )
}

// --- the mechanism

/// Bits of the code in the index: twelve signs.
const BITS: u32 = 60;

/// The cells of all geohashes of one length.
#[derive(Clone, Copy)]
struct Grid {
    /// Bits of the code; longitude has the first, and half of them or one more.
    bits: u32,
}

impl Grid {
    fn new(signs: usize) -> Grid {
        Grid { bits: signs as u32 * 5 }
    }

    /// How many cells there are along a parallel and along a meridian.
    fn across(self) -> (u64, u64) {
        (1 << self.bits.div_ceil(2), 1 << (self.bits / 2))
    }

    /// Column and row of the cell at a longitude and latitude.
    fn at(self, (longitude, latitude): (f64, f64)) -> (u64, u64) {
        let (columns, rows) = self.across();
        let column = (longitude + 180.0) / 360.0 * columns as f64;
        let row = (latitude + 90.0) / 180.0 * rows as f64;
        (column as u64, (row as u64).min(rows - 1))
    }

    /// The code of a cell: bits of column and row in turn, the largest first.
    fn code(self, (column, row): (u64, u64)) -> u64 {
        let (mut column, mut row) = (column, row);
        let mut code = 0;
        for place in 0..self.bits {
            // From the smallest bit up; the bit of longitude comes first from above.
            let of_column = (self.bits - 1 - place).is_multiple_of(2);
            let from = if of_column { &mut column } else { &mut row };
            code |= (*from & 1) << place;
            *from >>= 1;
        }
        code
    }

    /// The cell and, if asked for, the eight around it; longitude goes round, latitude ends at the poles.
    fn cells(self, (column, row): (u64, u64), around: bool) -> Vec<(u64, u64)> {
        let (columns, rows) = self.across();
        let reach = u64::from(around);
        let lines = row.saturating_sub(reach)..=(row + reach).min(rows - 1);
        lines
            .flat_map(|row| {
                (0..=2 * reach).map(move |to| ((column + columns + to - reach) % columns, row))
            })
            .collect()
    }
}

/// Places by the code of their twelve signs: an ordered index.
struct Index(Vec<(u64, (f64, f64))>);

impl Index {
    /// All places in a cell: those whose code begins with its code.
    fn read(&self, grid: Grid, cell: (u64, u64)) -> &[(u64, (f64, f64))] {
        let (code, rest) = (grid.code(cell), BITS - grid.bits);
        let from = self.0.partition_point(|(place, _)| *place < code << rest);
        let to = self.0.partition_point(|(place, _)| *place < (code + 1) << rest);
        &self.0[from..to]
    }
}

// --- the lab

/// Metres in a degree of latitude.
const DEGREE: f64 = 111_320.0;
/// Where the searches are made: this longitude, and so many metres around it.
const LONGITUDE: f64 = 13.4;
const TOWN: f64 = 6000.0;

impl Grid {
    /// Width and height of a cell at a latitude, m.
    fn cell(self, latitude: f64) -> (f64, f64) {
        let (columns, rows) = self.across();
        let width = 360.0 / columns as f64 * DEGREE * latitude.to_radians().cos();
        (width, 180.0 / rows as f64 * DEGREE)
    }
}

/// The share of the places within `radius` that are found, by theory: see the head of the file.
fn recall((width, height): (f64, f64), radius: f64, around: bool) -> f64 {
    const STEPS: usize = 400;
    let reach = 1.0 + f64::from(u8::from(around));
    let stays = |distance: f64, side: f64| (reach - distance / side).clamp(0.0, 1.0);
    let (mut found, mut all) = (0.0, 0.0);
    for i in 0..STEPS {
        for j in 0..STEPS {
            let (x, y) = ((i as f64 + 0.5) / STEPS as f64, (j as f64 + 0.5) / STEPS as f64);
            if x.hypot(y) <= 1.0 {
                all += 1.0;
                found += stays(x * radius, width) * stays(y * radius, height);
            }
        }
    }
    found / all
}

/// What the searches of one kind saw.
#[derive(Default)]
struct Seen {
    hits: usize,
    read: usize,
    found: usize,
    /// Of each search: places found, and places within the radius.
    each: Vec<(f64, f64)>,
}

impl Seen {
    fn recall(&self) -> f64 {
        self.found as f64 / self.hits.max(1) as f64
    }

    /// Standard deviation of the recall, from search to search (that of a ratio; Cochran, Sampling Techniques, chapter 6).
    fn deviation(&self) -> f64 {
        let recall = self.recall();
        let square: f64 =
            self.each.iter().map(|(found, hits)| (found - recall * hits).powi(2)).sum();
        square.sqrt() / self.hits.max(1) as f64
    }
}

/// Searches in a town of whole cells, each from a point anywhere in it: the own cell, and nine cells.
fn play(
    grid: Grid,
    knobs: &Knobs,
    dice: &mut Dice,
    going: &mut dyn FnMut(f64) -> bool,
) -> [Seen; 2] {
    let (radius, latitude) = (knobs.real("radius"), knobs.real("latitude"));
    let (width, height) = grid.cell(latitude);
    // The corner of the cell at the town's middle; degrees of a metre east and north of it.
    let (columns, rows) = grid.across();
    let (column, row) = grid.at((LONGITUDE, latitude));
    let corner =
        (column as f64 / columns as f64 * 360.0 - 180.0, row as f64 / rows as f64 * 180.0 - 90.0);
    let scale = (DEGREE * latitude.to_radians().cos(), DEGREE);
    let place = |x: f64, y: f64| (corner.0 + x / scale.0, corner.1 + y / scale.1);
    let side = ((TOWN / width).ceil() * width, (TOWN / height).ceil() * height);
    // Places also stand around the town, as far as a search reaches.
    let full = (side.0 + 2.0 * radius, side.1 + 2.0 * radius);
    let count = knobs.real("density") * full.0 * full.1 / 1e6;
    let fine = Grid { bits: BITS };
    let mut index = Index(Vec::with_capacity(count as usize));
    for n in 0..count as usize {
        if n % 10_000 == 0 && !going(0.0) {
            break;
        }
        let at = place(dice.unit() * full.0 - radius, dice.unit() * full.1 - radius);
        index.0.push((fine.code(fine.at(at)), at));
    }
    index.0.sort_unstable_by_key(|(code, _)| *code);
    let mut seen = [Seen::default(), Seen::default()];
    let wanted = knobs.whole("searches");
    for n in 0..wanted {
        if n % 10 == 0 && !going(n as f64 / wanted as f64) {
            break;
        }
        let user = place(dice.unit() * side.0, dice.unit() * side.1);
        let near = |place: (f64, f64)| {
            ((place.0 - user.0) * scale.0).hypot((place.1 - user.1) * scale.1) <= radius
        };
        let hits = index.0.iter().filter(|(_, place)| near(*place)).count();
        for (around, seen) in [false, true].into_iter().zip(&mut seen) {
            let cells = grid.cells(grid.at(user), around);
            let read = cells.into_iter().flat_map(|cell| index.read(grid, cell));
            let (mut found, mut all) = (0, 0);
            for (_, place) in read {
                all += 1;
                found += usize::from(near(*place));
            }
            seen.hits += hits;
            seen.read += all;
            seen.found += found;
            seen.each.push((found as f64, hits as f64));
        }
    }
    seen
}

fn run(knobs: &Knobs, dice: &mut Dice, watch: &mut Watch) -> Report {
    let (radius, latitude) = (knobs.real("radius"), knobs.real("latitude"));
    let signs = knobs.whole("signs");
    // The asked one first, so that a stopped run has it; a town of cells of three signs would be a country.
    let grids = [signs, (signs - 1).max(4), signs + 1];
    let mut rows = Vec::new();
    let mut bars = Vec::new();
    let mut main = [Seen::default(), Seen::default()];
    for (at, of) in grids.into_iter().enumerate() {
        if at > 0 && (of == signs || watch.stopped()) {
            continue;
        }
        let grid = Grid::new(of);
        let cell = grid.cell(latitude);
        let going = &mut |share: f64| watch.going((at as f64 + share) / 3.0);
        let seen = play(grid, knobs, dice, going);
        for (around, seen) in [false, true].into_iter().zip(&seen) {
            let name = if around { "nine cells" } else { "own cell" };
            rows.push(vec![
                Cell::text(format!("{of} signs, {name}")),
                Cell::text(format!("{:.0} × {:.0} m", cell.0, cell.1)),
                Cell::number(seen.recall() * 100.0, 1, "%"),
                Cell::number(recall(cell, radius, around) * 100.0, 1, "%"),
                Cell::number(seen.read as f64 / seen.found.max(1) as f64, 1, ""),
            ]);
            let share = seen.recall() * 100.0;
            bars.push((format!("{of} signs, {name}"), share, format!("{share:.0} %")));
        }
        if at == 0 {
            main = seen;
        }
    }
    let cell = Grid::new(signs).cell(latitude);
    let theory = [recall(cell, radius, false), recall(cell, radius, true)];
    let tolerance = |seen: &Seen| 4.0 * seen.deviation() + 0.005; // half a point for the globe's bend in the town
    let holds = theory
        .iter()
        .zip(&main)
        .all(|(theory, seen)| seen.hits == 0 || (seen.recall() - theory).abs() <= tolerance(seen));
    let measured = main[0].recall() * 100.0;
    Report {
        answer: Answer::Number(measured),
        theory: Some(theory[0] * 100.0),
        measured,
        unit: "%",
        holds,
        verdict: format!(
            "the own cell finds {measured:.1} %, {:.1} % by theory, within {:.1} points; nine cells find {:.1} %",
            theory[0] * 100.0,
            tolerance(&main[0]) * 100.0,
            main[1].recall() * 100.0
        ),
        head: vec!["reads", "cell", "found", "theory", "read per hit"],
        rows,
        chart: Some(Chart { title: format!("share of the places within {radius} m"), bars }),
        here: false,
        partial: watch.stopped(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::tests::run_with;
    use super::*;

    #[test]
    fn a_code_is_that_of_the_published_example() {
        // Niemeyer's example: 57.64911 north, 10.40744 east is u4pruydqqvj.
        let grid = Grid::new(11);
        let code = grid.code(grid.at((10.40744, 57.64911)));
        let signs = b"0123456789bcdefghjkmnpqrstuvwxyz";
        let text: Vec<u8> =
            (0..11).rev().map(|sign| signs[(code >> (sign * 5)) as usize % 32]).collect();
        assert_eq!(String::from_utf8(text).unwrap(), "u4pruydqqvj");
    }

    #[test]
    fn the_own_cell_finds_as_much_as_the_disc_overlaps_it_and_nine_cells_find_all() {
        let set = [("density", "50"), ("searches", "100")];
        for seed in 1..=20 {
            let report = run_with(&LAB, &set, seed);
            assert!(report.holds, "{}", report.verdict);
            assert!((report.theory.unwrap() - 55.2).abs() < 0.2, "{:?}", report.theory);
            let Cell::Number(nine, _) = report.rows[1][2] else { panic!() };
            assert!((nine - 100.0).abs() < 1e-9, "{nine}");
        }
    }

    #[test]
    fn nine_cells_miss_places_where_the_radius_is_longer_than_a_cell() {
        let set = [("radius", "1000"), ("density", "20"), ("searches", "100")];
        for seed in 1..=5 {
            let report = run_with(&LAB, &set, seed);
            assert!(report.holds, "{}", report.verdict);
            let Cell::Number(nine, _) = report.rows[1][2] else { panic!() };
            assert!((80.0..98.0).contains(&nine), "{nine}");
        }
    }

    #[test]
    fn the_average_over_the_disc_is_the_closed_form_for_small_radii() {
        let (width, height, radius) = (753.0, 611.0, 400.0);
        let pi = std::f64::consts::PI;
        let closed = 1.0 - 4.0 * radius * (1.0 / width + 1.0 / height) / (3.0 * pi)
            + radius * radius / (2.0 * pi * width * height);
        assert!((recall((width, height), radius, false) - closed).abs() < 1e-3);
        assert!((recall((width, height), radius, true) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn cells_around_stop_at_a_pole_and_go_round_the_globe() {
        let grid = Grid::new(4);
        let (columns, rows) = grid.across();
        assert_eq!(grid.cells((0, rows - 1), true).len(), 6);
        assert!(grid.cells((0, 5), true).contains(&(columns - 1, 4)));
    }
}
