//! Which frames of an Ogg stream are heard: pages count them, and need not agree with the packets.

use super::Stream;
use super::page::Page;
use crate::media::fault::Res;
use crate::media::opened::Check;
use crate::media::packets::{Index, Kept};

/// More frames per byte are in no stream: a packet of two bytes holds 4096 at most.
const DENSEST: u64 = 4096;
/// Cells in which the first page with a count is found.
const FIRST: usize = 64;

/// By the first and the last page, so that it does not matter how long the stream is; `None` if they do not tell.
pub(super) fn told(stream: &Stream, index: &Index) -> Res<Option<Kept>> {
    let mut input = stream.input.clone();
    let last = Page::last(&mut input, stream.end)?.filter(|last| last.serial == stream.serial && last.granule > 0);
    let mut first = None;
    index.clone().extend(&mut stream.clone(), FIRST, &mut |frame, packet| {
        let granule = packet.granule.map(|granule| (frame + u64::from(packet.frames), granule));
        first = first.or(granule);
        Ok(())
    })?;
    let (Some(last), Some((passed, granule))) = (last, first) else { return Ok(None) };
    // what was cut from the beginning of a stream is still counted
    let missing = (granule - passed as i64).max(0);
    let frames = (last.granule - missing).max(0) as u64;
    // a stream of one page that tells of fewer frames ends early
    let start = if granule < last.granule { (passed as i64 - granule).max(0) as u64 } else { 0 };
    let plausible = frames / DENSEST <= stream.end - stream.page.at;
    Ok(plausible.then_some(Kept { start, frames }))
}

/// By all packets of the stream, which `index` passes.
pub(super) fn counted(stream: &mut Stream, index: &mut Index, check: &mut Check<'_>) -> Res<Kept> {
    let count = Count::all(stream, index, check)?;
    let total = index.frames;
    let start = count.early.min(total);
    Ok(Kept { start, frames: total - start - count.late.min(total - start) })
}

/// How the frames that pages count differ from those that packets hold, at both ends.
#[derive(Debug, Default)]
struct Count {
    /// Frames before the stream's zero.
    early: u64,
    /// Frames behind its end.
    late: u64,
}

impl Count {
    fn all(stream: &mut Stream, index: &mut Index, check: &mut Check<'_>) -> Res<Self> {
        let mut pages: Vec<(u64, i64)> = Vec::new();
        let mut cells = 64;
        while !index.done {
            index.extend(stream, cells, &mut |frame, packet| {
                if let Some(granule) = packet.granule {
                    // The first one and the last two are enough.
                    if pages.len() == 3 {
                        pages.remove(1);
                    }
                    pages.push((frame + u64::from(packet.frames), granule));
                }
                Ok(())
            })?;
            cells += 64;
            check()?;
        }
        Ok(Self::of(&pages))
    }

    /// From (frames passed, granule) of the first page and the last two.
    fn of(pages: &[(u64, i64)]) -> Self {
        let mut count = Self::default();
        let Some((first, rest)) = pages.split_first() else { return count };
        let before = match rest {
            // A stream of one page that tells of fewer frames ends early.
            [] => {
                count.late = (first.0 as i64 - first.1).max(0) as u64;
                return count;
            }
            [_] => *first,
            [.., before, _] => *before,
        };
        count.early = (first.0 as i64 - first.1).max(0) as u64;
        if let Some(last) = rest.last() {
            let (there, told) = ((last.0 - before.0) as i64, last.1 - before.1);
            count.late = (there - told).clamp(0, there) as u64;
        }
        count
    }
}
