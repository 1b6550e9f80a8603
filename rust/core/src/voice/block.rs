//! A stretch of stereo sound, one slice per channel.

/// Two mutable channels of equal length, which a voice renders into.
///
/// ```
/// use realtime_backend_core::voice::Block;
///
/// let (mut left, mut right) = ([1.0; 8], [1.0; 8]);
/// let mut block = Block::new(&mut left, &mut right);
/// block.part(0, 4).clear();
/// assert_eq!(block.len(), 8);
/// assert_eq!(left, [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0]);
/// ```
#[derive(Debug)]
pub struct Block<'a> {
    /// Left channel.
    pub left: &'a mut [f32],
    /// Right channel.
    pub right: &'a mut [f32],
}

impl<'a> Block<'a> {
    /// A block over both channels, which must have the same length.
    #[inline]
    pub fn new(left: &'a mut [f32], right: &'a mut [f32]) -> Self {
        debug_assert_eq!(left.len(), right.len());
        Self { left, right }
    }

    /// The number of frames.
    #[inline]
    pub const fn len(&self) -> usize {
        self.left.len()
    }

    /// Whether the block has no frames.
    #[inline]
    pub const fn is_empty(&self) -> bool {
        self.left.is_empty()
    }

    /// The frames `from..to` of this block.
    #[inline]
    pub fn part(&mut self, from: usize, to: usize) -> Block<'_> {
        Block { left: &mut self.left[from..to], right: &mut self.right[from..to] }
    }

    /// A shorter-lived view of the whole block.
    #[inline]
    pub fn reborrow(&mut self) -> Block<'_> {
        Block { left: self.left, right: self.right }
    }

    /// Fill both channels with zeros.
    #[inline]
    pub fn clear(&mut self) {
        self.left.fill(0.0);
        self.right.fill(0.0);
    }
}
