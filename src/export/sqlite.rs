//! An `SQLite` database file written whole, as <https://www.sqlite.org/fileformat2.html> describes it: tables with rows
//! in order of their rowids, and no indexes, which are only shortcuts.
//!
//! Anki's package is such a file. The crate `rusqlite` would bring all of `SQLite` for rows that are written once and
//! read elsewhere: 60 s of compiling C, and 2.4 MB.

/// Bytes of a page.
const PAGE: usize = 4096;
/// Bytes of the file's header, which is part of the first page.
const HEADER: usize = 100;
/// Most bytes of a row that stand in its page; what is longer goes on in overflow pages (1.6: U - 35).
const MOST: usize = PAGE - 35;
/// Fewest bytes of such a row in its page (1.6: (U - 12) * 32 / 255 - 23).
const FEWEST: usize = (PAGE - 12) * 32 / 255 - 23;

/// A value of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Also what stands in a column `integer primary key`, which is the rowid.
    Null,
    /// An integer.
    Int(i64),
    /// A text.
    Text(String),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.into())
    }
}

/// A table with its rows.
#[derive(Debug)]
pub struct Table {
    /// Name.
    pub name: &'static str,
    /// `CREATE TABLE ...`
    pub sql: &'static str,
    /// Rowid and values; rowids rise.
    pub rows: Vec<(i64, Vec<Value>)>,
}

/// The file. The statements that make the tables must fit in one page together (4 kB).
pub fn database(tables: &[Table]) -> Vec<u8> {
    let mut file = File { pages: vec![Vec::new()] }; // the first page is written last
    let mut schema = Vec::new();
    for (rowid, table) in (1..).zip(tables) {
        let leaves = file.leaves(&table.rows);
        let root = file.tree(leaves);
        let name = Value::from(table.name);
        let row = ["table".into(), name.clone(), name, Value::Int(root.into()), table.sql.into()];
        schema.push(file.cell(rowid, &row));
    }
    let pages = file.pages.len() as u32;
    file.pages[0] = [header(pages), page(HEADER, None, &schema)].concat();
    file.pages.concat()
}

/// Pages as they come; their numbers begin with 1.
struct File {
    pages: Vec<Vec<u8>>,
}

impl File {
    fn add(&mut self, page: Vec<u8>) -> u32 {
        self.pages.push(page);
        self.pages.len() as u32
    }

    /// The pages that hold the rows of a table, each with the last rowid in it; an empty one if there are no rows.
    fn leaves(&mut self, rows: &[(i64, Vec<Value>)]) -> Vec<(u32, i64)> {
        let (mut leaves, mut cells, mut room, mut last) = (Vec::new(), Vec::new(), PAGE - 8, 0);
        for (rowid, values) in rows {
            let cell = self.cell(*rowid, values);
            if cell.len() + 2 > room {
                leaves.push((self.add(page(0, None, &cells)), last));
                (cells, room) = (Vec::new(), PAGE - 8);
            }
            room -= cell.len() + 2;
            cells.push(cell);
            last = *rowid;
        }
        leaves.push((self.add(page(0, None, &cells)), last));
        leaves
    }

    /// Pages above these until there is one, the root.
    fn tree(&mut self, mut below: Vec<(u32, i64)>) -> u32 {
        // A page names at most so many others, whatever their rowids: two bytes in its list, four and a number of
        // nine in its cell.
        const FAN: usize = (PAGE - 12) / 15;
        while below.len() > 1 {
            let mut above = Vec::new();
            for children in below.chunks(FAN) {
                let Some(((right, last), others)) = children.split_last() else { continue };
                let cell = |(child, last): &(u32, i64)| {
                    [child.to_be_bytes().to_vec(), varint(*last)].concat()
                };
                let cells: Vec<Vec<u8>> = others.iter().map(cell).collect();
                above.push((self.add(page(0, Some(*right), &cells)), *last));
            }
            below = above;
        }
        below.first().map_or(0, |(root, _)| *root)
    }

    /// A row as a cell of a leaf; what does not fit in it is put into overflow pages.
    fn cell(&mut self, rowid: i64, values: &[Value]) -> Vec<u8> {
        let bytes = record(values);
        let mut cell = [varint(bytes.len() as i64), varint(rowid)].concat();
        let local = match bytes.len() {
            len if len <= MOST => len,
            len => match FEWEST + (len - FEWEST) % (PAGE - 4) {
                local if local <= MOST => local,
                _ => FEWEST,
            },
        };
        let (here, rest) = bytes.split_at(local);
        cell.extend(here);
        // Each names the next one: the last is made first.
        let mut next = 0u32;
        for chunk in rest.chunks(PAGE - 4).rev() {
            let mut page = [&next.to_be_bytes(), chunk].concat();
            page.resize(PAGE, 0);
            next = self.add(page);
        }
        if !rest.is_empty() {
            cell.extend(next.to_be_bytes());
        }
        cell
    }
}

/// A page of a tree (1.6): a leaf, or with the right-most child an inner page. `before` bytes of it are used otherwise.
fn page(before: usize, right: Option<u32>, cells: &[Vec<u8>]) -> Vec<u8> {
    let mut starts = Vec::new();
    let mut start = PAGE;
    for cell in cells {
        start -= cell.len();
        starts.extend((start as u16).to_be_bytes());
    }
    let mut page = vec![if right.is_some() { 5 } else { 13 }, 0, 0];
    page.extend((cells.len() as u16).to_be_bytes());
    page.extend((start as u16).to_be_bytes());
    page.push(0);
    page.extend(right.iter().flat_map(|right| right.to_be_bytes()));
    page.extend(starts);
    page.resize(start - before, 0);
    page.extend(cells.iter().rev().flatten());
    page
}

/// A row's values (2.1): the types, then the values.
fn record(values: &[Value]) -> Vec<u8> {
    let (mut types, mut body) = (Vec::new(), Vec::new());
    for value in values {
        match value {
            Value::Null => types.push(0),
            Value::Int(number) => {
                let (kind, bytes) = match number {
                    -0x80..0x80 => (1, 1),
                    -0x8000..0x8000 => (2, 2),
                    -0x8000_0000..0x8000_0000 => (4, 4),
                    _ => (6, 8),
                };
                types.push(kind);
                body.extend(&number.to_be_bytes()[8 - bytes..]);
            }
            Value::Text(text) => {
                types.extend(varint(13 + 2 * text.len() as i64));
                body.extend(text.as_bytes());
            }
        }
    }
    // The length counts itself: one byte of it for up to 126 bytes of types, and no row here has more than 18 values.
    let mut length = varint(types.len() as i64 + 1);
    if length.len() > 1 {
        length = varint((types.len() + length.len()) as i64);
    }
    [length, types, body].concat()
}

/// 1 to 9 bytes, seven bits in each, the first ones highest (1.6).
fn varint(number: i64) -> Vec<u8> {
    let mut rest = number as u64;
    if rest >= 1 << 56 {
        let mut bytes = varint((rest >> 8) as i64);
        while bytes.len() < 8 {
            bytes.insert(0, 0x80);
        }
        bytes[7] |= 0x80;
        bytes.push(rest as u8);
        return bytes;
    }
    let mut bytes = vec![(rest & 0x7f) as u8];
    while rest > 0x7f {
        rest >>= 7;
        bytes.insert(0, (rest & 0x7f) as u8 | 0x80);
    }
    bytes
}

/// The file's header (1.3).
fn header(pages: u32) -> Vec<u8> {
    let mut header = b"SQLite format 3\0".to_vec();
    header.extend((PAGE as u16).to_be_bytes());
    header.extend([1, 1, 0, 64, 32, 32]); // rollback journal, nothing reserved, fractions that are fixed
    // Change counter, pages, free ones (2), schema's cookie and format, cache, auto-vacuum, UTF-8, user's version,
    // incremental vacuum, application.
    for number in [1, pages, 0, 0, 1, 4, 0, 0, 1, 0, 0, 0] {
        header.extend(u32::to_be_bytes(number));
    }
    header.resize(92, 0);
    header.extend(1u32.to_be_bytes()); // the change for which the next number holds
    header.extend(3_040_000u32.to_be_bytes()); // the version that it looks as if written by
    header
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows of a tree, read as the format says, with a reader that shares nothing with the writer.
    fn rows(file: &[u8], root: usize) -> Vec<(i64, Vec<Value>)> {
        let page = &file[(root - 1) * PAGE..root * PAGE];
        let at = if root == 1 { HEADER } else { 0 };
        let short = |at: usize| usize::from(page[at]) << 8 | usize::from(page[at + 1]);
        let long = |page: &[u8], at: usize| {
            page[at..at + 4].iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte))
        };
        let inner = page[at] == 5;
        let list = at + if inner { 12 } else { 8 };
        let mut found = Vec::new();
        for cell in (0..short(at + 3)).map(|count| short(list + 2 * count)) {
            if inner {
                let below = rows(file, long(page, cell));
                let key = number(page, cell + 4).0;
                assert_eq!(below.last().map(|row| row.0), Some(key), "what a search goes by");
                found.extend(below);
                continue;
            }
            let (len, start) = number(page, cell);
            let (rowid, start) = number(page, start);
            let len = len as usize;
            let local = if len <= 4061 {
                len
            } else {
                Some(489 + (len - 489) % 4092).filter(|local| *local <= 4061).unwrap_or(489)
            };
            let mut bytes = page[start..start + local].to_vec();
            let mut next = if local < len { long(page, start + local) } else { 0 };
            while next != 0 {
                let page = &file[(next - 1) * PAGE..next * PAGE];
                bytes.extend(&page[4..4 + (len - bytes.len()).min(4092)]);
                next = long(page, 0);
            }
            assert_eq!(bytes.len(), len);
            found.push((rowid, values(&bytes)));
        }
        if inner {
            found.extend(rows(file, long(page, at + 8)));
        }
        found
    }

    fn number(bytes: &[u8], start: usize) -> (i64, usize) {
        let mut sum = 0i64;
        for (at, byte) in (start..).zip(&bytes[start..]).take(8) {
            sum = sum << 7 | i64::from(byte & 0x7f);
            if *byte < 0x80 {
                return (sum, at + 1);
            }
        }
        (sum << 8 | i64::from(bytes[start + 8]), start + 9)
    }

    fn values(bytes: &[u8]) -> Vec<Value> {
        let (end, mut at) = number(bytes, 0);
        let mut body = end as usize;
        let mut found = Vec::new();
        while at < end as usize {
            let (kind, next) = number(bytes, at);
            at = next;
            let len = match kind {
                0 => 0,
                1 | 2 | 4 => kind as usize,
                6 => 8,
                text => (text as usize - 13) / 2,
            };
            let value = &bytes[body..body + len];
            found.push(match kind {
                0 => Value::Null,
                1..=6 => {
                    let start = if value[0] < 0x80 { 0 } else { -1 };
                    Value::Int(value.iter().fold(start, |sum, byte| sum << 8 | i64::from(*byte)))
                }
                _ => Value::Text(String::from_utf8_lossy(value).into_owned()),
            });
            body += len;
        }
        assert_eq!(body, bytes.len());
        found
    }

    const SQL: &str = "CREATE TABLE t (id integer primary key, n integer, s text)";

    fn round(rows_in: Vec<(i64, Vec<Value>)>) -> Vec<(i64, Vec<Value>)> {
        let one = Table { name: "one", sql: SQL, rows: vec![(7, vec![Value::Null])] };
        let file = database(&[one, Table { name: "t", sql: SQL, rows: rows_in }]);
        assert_eq!(file.len() % PAGE, 0);
        let schema = rows(&file, 1);
        assert_eq!(schema.len(), 2);
        let Value::Int(root) = schema[1].1[3] else { panic!("no root: {schema:?}") };
        assert_eq!(&schema[1].1[..3], ["table".into(), "t".into(), "t".into()]);
        rows(&file, root as usize)
    }

    #[test]
    fn texts_of_every_length_around_a_page_are_read_back() {
        let lengths = (0..300).chain(3900..4300).chain(8000..8700).chain([100_000]);
        let row = |len: usize| {
            (len as i64 + 1, vec![Value::Null, Value::Int(5), Value::Text("x".repeat(len))])
        };
        let wanted: Vec<_> = lengths.map(row).collect();
        assert_eq!(round(wanted.clone()), wanted);
    }

    #[test]
    fn a_tree_of_three_levels_keeps_every_row_in_its_order() {
        let row = |n: i64| {
            (n * 0x1_0000_0000, vec![Value::Null, Value::Int(n), "x".repeat(900).as_str().into()])
        };
        let wanted: Vec<_> = (1..3000).map(row).collect();
        assert_eq!(round(wanted.clone()), wanted);
    }

    #[test]
    fn integers_of_every_size_are_read_back() {
        let mut numbers: Vec<i64> =
            (0..63).flat_map(|bit| [1 << bit, -1 << bit, (1 << bit) - 1]).collect();
        numbers.extend([i64::MAX, i64::MIN]);
        let row = |(at, number): (i64, &i64)| (at, vec![Value::Null, Value::Int(*number)]);
        let wanted: Vec<_> = (1..).zip(&numbers).map(row).collect();
        assert_eq!(round(wanted.clone()), wanted);
        for rowid in numbers {
            let wanted = vec![(rowid, vec![Value::Null])];
            assert_eq!(round(wanted.clone()), wanted, "{rowid:x}");
        }
    }

    #[test]
    fn an_empty_table_has_no_rows() {
        assert_eq!(round(Vec::new()), []);
    }
}
