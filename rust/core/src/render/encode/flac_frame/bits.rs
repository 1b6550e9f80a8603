//! Bits of a FLAC frame, most significant first, and its checksums.

/// Collects bits into bytes.
#[derive(Debug, Default)]
pub(super) struct Bits {
    pub(super) bytes: Vec<u8>,
    /// Bits that do not fill a byte yet, in the low end.
    word: u64,
    held: u32,
}

impl Bits {
    /// Append the low `count` bits of `value`, at most 32.
    #[inline]
    pub(super) fn push(&mut self, value: u32, count: u32) {
        debug_assert!(count <= 32);
        let value = u64::from(value) & ((1 << count) - 1);
        self.word = self.word << count | value;
        self.held += count;
        if self.held >= 32 {
            self.held -= 32;
            self.bytes.extend_from_slice(&((self.word >> self.held) as u32).to_be_bytes());
        }
    }

    /// Append a two's complement number.
    #[inline]
    pub(super) fn push_signed(&mut self, value: i32, count: u32) {
        self.push(value as u32, count);
    }

    /// Append `zeros` zeros and a one.
    #[inline]
    pub(super) fn push_unary(&mut self, mut zeros: u32) {
        while zeros >= 32 {
            self.push(0, 32);
            zeros -= 32;
        }
        if zeros == 31 {
            self.push(0, 31);
            zeros = 0;
        }
        self.push(1, zeros + 1);
    }

    /// Fill up to a whole byte with zeros.
    pub(super) fn align(&mut self) {
        self.push(0, self.held.wrapping_neg() % 8);
        let bytes = (self.word as u32).to_be_bytes();
        self.bytes.extend_from_slice(&bytes[4 - self.held as usize / 8..]);
        self.held = 0;
    }
}

const fn table(polynomial: u16, top: u32) -> [u16; 256] {
    let mut table = [0; 256];
    let mut index = 0;
    while index < 256 {
        let mut crc = (index as u16) << (top - 7);
        let mut bit = 0;
        while bit < 8 {
            crc = if crc >> top & 1 == 1 { crc << 1 ^ polynomial } else { crc << 1 };
            bit += 1;
        }
        table[index] = if top == 7 { crc & 0xff } else { crc };
        index += 1;
    }
    table
}

const CRC8: [u16; 256] = table(0x07, 7);
const CRC16: [u16; 256] = table(0x8005, 15);

/// Checksum of a frame's header.
pub(super) fn crc8(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |crc, byte| CRC8[usize::from(crc ^ byte)] as u8)
}

/// Checksum of a frame.
pub(super) fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc: u16, byte| crc << 8 ^ CRC16[usize::from(crc >> 8) ^ usize::from(*byte)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_packed_from_the_top() {
        let mut bits = Bits::default();
        bits.push(0b101, 3);
        bits.push_unary(2);
        bits.push_signed(-1, 5);
        bits.push_unary(63);
        bits.push_unary(31);
        bits.align();
        let text = bits.bytes.iter().map(|byte| format!("{byte:08b}")).collect::<Vec<_>>().concat();
        let expected = format!("10100111111{}1{}1", "0".repeat(63), "0".repeat(31));
        assert_eq!(text.trim_end_matches('0'), expected);
        assert_eq!(text.len(), expected.len().next_multiple_of(8));
    }

    #[test]
    fn checksums_are_those_of_the_catalogue() {
        // CRC-8/SMBUS and CRC-16/UMTS of the digits 1 to 9
        assert_eq!((crc8(b"123456789"), crc16(b"123456789")), (0xf4, 0xfee8));
    }
}
