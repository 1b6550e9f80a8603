//! Finds which frames of an Ogg stream are played. Pages state frame counts, which may differ from those of the
//! packets.

use super::Stream;
use super::page::Page;
use crate::media::fault::Res;
use crate::media::formats::packets::{Index, Kept};
use crate::media::opened::Check;

/// Upper limit for frames per byte: a packet of two bytes holds at most 4096 frames.
const DENSEST: u64 = 4096;
/// Number of cells that are searched for the first page with a frame count.
const FIRST: usize = 64;

/// The played frames according to the first and the last page, which takes the same time for any length. `None` if the
/// pages do not state plausible counts.
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
    // the counts include frames that were cut from the beginning of the stream
    let missing = (granule - passed as i64).max(0);
    let frames = (last.granule - missing).max(0) as u64;
    // if a stream of one page states fewer frames, they are cut from its end
    let start = if granule < last.granule { (passed as i64 - granule).max(0) as u64 } else { 0 };
    let plausible = frames / DENSEST <= stream.end - stream.page.at;
    Ok(plausible.then_some(Kept { start, frames }))
}

/// The played frames according to all packets of the stream; indexes the whole stream.
pub(super) fn counted(stream: &mut Stream, index: &mut Index, check: &mut Check<'_>) -> Res<Kept> {
    let count = Count::all(stream, index, check)?;
    let total = index.frames;
    let start = count.early.min(total);
    Ok(Kept { start, frames: total - start - count.late.min(total - start) })
}

/// Difference between the frame counts of pages and of packets, at both ends of a stream.
#[derive(Debug, Default)]
struct Count {
    /// Number of frames before frame 0 of the stream.
    early: u64,
    /// Number of frames after its end.
    late: u64,
}

impl Count {
    fn all(stream: &mut Stream, index: &mut Index, check: &mut Check<'_>) -> Res<Self> {
        let mut pages: Vec<(u64, i64)> = Vec::new();
        let mut cells = 64;
        while !index.done {
            index.extend(stream, cells, &mut |frame, packet| {
                if let Some(granule) = packet.granule {
                    // only the first page and the last two are needed
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

    /// The difference, from (number of frames, granule position) of the first page and the last two.
    fn of(pages: &[(u64, i64)]) -> Self {
        let mut count = Self::default();
        let Some((first, rest)) = pages.split_first() else { return count };
        let before = match rest {
            // if a stream of one page states fewer frames, they are cut from its end
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
