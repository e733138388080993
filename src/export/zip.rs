//! A zip archive of a few files, stored as they are (APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16).

/// The archive. Names are ASCII; files are far under 4 GiB, since all of it is in memory.
pub fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut out, mut central) = (Vec::new(), Vec::new());
    for (name, bytes) in files {
        let at = out.len() as u32;
        // Both headers have this in common: version 1.0, no flags, stored, 1980-01-01 00:00, sum, sizes, name.
        let mut common = Vec::new();
        for short in [10, 0, 0, 0, 0x21] {
            common.extend(u16::to_le_bytes(short));
        }
        for long in [crc32(bytes), bytes.len() as u32, bytes.len() as u32, name.len() as u32] {
            common.extend(long.to_le_bytes()); // the last one is two fields: length of the name, nothing extra
        }
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(name.as_bytes());
        out.extend(*bytes);

        central.extend(b"PK\x01\x02\x0a\0");
        central.extend(&common);
        central.extend([0; 10]); // no comment, first disk, no attributes
        central.extend(at.to_le_bytes());
        central.extend(name.as_bytes());
    }
    let (start, count) = (out.len() as u32, files.len() as u16);
    out.extend(&central);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
    out.extend((central.len() as u32).to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0; 2]);
    out
}

/// CRC-32 as zip and Ethernet have it, bit by bit: a package is some hundred kB, which is some milliseconds.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |mut sum: u32, byte: &u8| {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg());
        }
        sum
    };
    !bytes.iter().fold(!0, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_that_of_the_catalogue_of_crcs() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(b""), 0);
    }

    #[test]
    fn the_directory_names_every_file_and_where_it_begins() {
        let archive = zip(&[("a", b"first"), ("bc", b"second")]);
        let end = archive.len() - 22;
        assert_eq!(&archive[end..end + 4], b"PK\x05\x06");
        let number = |at: usize, len: usize| {
            archive[at..at + len].iter().rev().fold(0, |sum, byte| sum * 256 + usize::from(*byte))
        };
        let mut at = number(end + 16, 4);
        assert_eq!(at + number(end + 12, 4), end, "the directory ends where its end begins");
        let mut found = Vec::new();
        for _ in 0..number(end + 10, 2) {
            assert_eq!(&archive[at..at + 4], b"PK\x01\x02");
            let (size, name, local) = (number(at + 24, 4), number(at + 28, 2), number(at + 42, 4));
            assert_eq!(&archive[local..local + 4], b"PK\x03\x04");
            assert_eq!(number(local + 14, 4), number(at + 16, 4), "the sums are the same");
            let bytes = local + 30 + name;
            found.push((&archive[at + 46..at + 46 + name], &archive[bytes..bytes + size]));
            at += 46 + name;
        }
        assert_eq!(found, [(&b"a"[..], &b"first"[..]), (b"bc", b"second")]);
    }
}
