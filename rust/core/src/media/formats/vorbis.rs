//! The length of a Vorbis packet in frames, found without decoding it (Vorbis I, 4.2 and 4.3).

/// The header fields on which the length of a packet depends.
#[derive(Debug, Clone)]
pub(super) struct Blocks {
    pub(super) channels: usize,
    /// Sample rate in Hz.
    pub(super) rate: u32,
    /// Sizes of the short and the long block.
    sizes: [u32; 2],
    /// For each mode, whether it uses long blocks.
    long: Vec<bool>,
}

impl Blocks {
    /// Reads the identification header and the setup header; `None` if they are damaged.
    pub(super) fn parse(ident: &[u8], setup: &[u8]) -> Option<Self> {
        if ident.len() < 30 || !ident.starts_with(b"\x01vorbis") || !setup.starts_with(b"\x05vorbis") {
            return None;
        }
        let sizes = [1 << (ident[28] & 15), 1 << (ident[28] >> 4)];
        let rate = u32::from_le_bytes([ident[12], ident[13], ident[14], ident[15]]);
        let long = modes(setup)?;
        (64..=8192).contains(&sizes[0]).then_some(())?;
        (sizes[0]..=8192).contains(&sizes[1]).then_some(())?;
        Some(Self { channels: usize::from(ident[11]), rate, sizes, long })
    }

    /// The block size of a packet; `None` if it is not an audio packet.
    pub(super) fn of(&self, packet: &[u8]) -> Option<u32> {
        let first = *packet.first()?;
        if first & 1 != 0 {
            return None;
        }
        let bits = usize::BITS - (self.long.len() - 1).leading_zeros();
        let mode = usize::from(first >> 1) & ((1 << bits) - 1);
        self.long.get(mode).map(|long| self.sizes[usize::from(*long)])
    }
}

/// The block flags of all modes. The modes are at the end of the setup header, and everything before them can only be
/// skipped by decoding it. They are therefore read backwards: first the framing bit, then entries that look like modes,
/// until their number agrees with the six bits that precede them.
fn modes(setup: &[u8]) -> Option<Vec<bool>> {
    let bit = |at: usize| setup[at / 8] >> (at % 8) & 1 == 1;
    let value = |at: usize, bits: usize| (0..bits).fold(0_u32, |value, i| value | u32::from(bit(at + i)) << i);
    let mut end = (7 * 8..setup.len() * 8).rev().find(|at| bit(*at))?;
    let (mut long, mut good) = (Vec::new(), None);
    // bits of a mode: block flag 1, window type 16, transform type 16, mapping 8
    while end >= 7 * 8 + 41 + 6 && long.len() < 64 {
        end -= 41;
        if value(end + 33, 8) > 63 || value(end + 1, 16) != 0 || value(end + 17, 16) != 0 {
            break;
        }
        long.push(bit(end));
        if value(end - 6, 6) as usize + 1 == long.len() {
            good = Some(long.len());
        }
    }
    long.truncate(good?);
    long.reverse();
    Some(long)
}
